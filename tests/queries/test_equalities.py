"""Group breakdowns: how far a group is from everyone, whether chance explains it, and what was printed."""

from pathlib import Path

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from app.queries.equalities import EQUALITIES
from app.rules.comparisons import group_differs
from tests.queries.lists import Json, rows_of
from tests.queries.reading import reading
from tests.queries.reading import rows_of as listed
from tests.queries.reports import BARNET_2013, Cells, change, copied, load

PATH = "/v1/equalities"
GET_ON_WELL, NOT_ENOUGH = "eq-get-on-well", "eq-not-enough"
LLTI = "By LLTI- limiting illness/ disability"
Groups = dict[tuple[str, str], Json]


def by_group(rows: list[Json]) -> Groups:
    return {(row["indicator_key"], row["group"]): row for row in rows}


async def groups(client: AsyncClient) -> Groups:
    return by_group(await rows_of(client, PATH))


@pytest.mark.parametrize(
    ("key", "group", "variation", "change"),
    [
        (GET_ON_WELL, "Overall", "0.0", "1.0000"),
        (GET_ON_WELL, "35 to 44", "6.0", "2.0000"),
        (GET_ON_WELL, "55 to 64", "-6.0", "-5.0000"),
        (GET_ON_WELL, LLTI, "-11.0", "-4.0000"),
        (NOT_ENOUGH, "Overall", "0.0", "4.0000"),
        (NOT_ENOUGH, LLTI, "9.0", "14.0000"),
    ],
)
async def test_variation_and_change_are_as_printed(
    client: AsyncClient, key: str, group: str, variation: str, change: str
) -> None:
    row = (await groups(client))[key, group]

    assert (row["variation"], row["direction_difference"]) == (variation, change)


async def test_the_groups_that_the_report_singles_out_are_those_that_differ(client: AsyncClient) -> None:
    found = await groups(client)

    assert {at: row["significant"] for at, row in found.items()} == {at: at[1] != "Overall" for at in found}


async def test_the_survey_before_agrees_with_its_stars_if_as_many_answered(client: AsyncClient) -> None:
    """A star in the report says that last year's answer did not differ; it prints no number of answers."""
    found = await groups(client)
    for (key, group), row in found.items():
        everyone = found[key, "Overall"]["previous"]
        answer = {"value": row["previous"], "responses": row["responses"], "overall": everyone}

        differed = group_differs.of(**{n: _exact(v) for n, v in answer.items()}, unit="percent")

        starred = row["previous_significant"] is False
        assert differed == (group != "Overall" and not starred), (key, group)


def _exact(value: str | int) -> int:
    whole, _, rest = str(value).partition(".")
    assert not rest.strip("0")
    return int(whole)


async def test_groups_are_kept_by_name_and_by_significance(client: AsyncClient) -> None:
    ill = await rows_of(client, PATH, [("group", LLTI)])
    alike = await rows_of(client, PATH, [("significant", "false")])

    assert [row["indicator_key"] for row in ill] == [GET_ON_WELL, NOT_ENOUGH]
    assert {row["group"] for row in alike} == {"Overall"}


def altered(url: str, folder: Path, where: Cells, file: str = "equalities.csv", **cells: str) -> Groups:
    """The groups of a report in which some cells are others."""
    migrate(url)
    report = copied(BARNET_2013, folder)
    change(report, file, where, **cells)
    load(url, report)
    with reading(url) as here:
        return by_group(listed(here, EQUALITIES))


def test_marks_have_a_variation_and_no_significance(database_url: str, tmp_path: Path) -> None:
    found = altered(database_url, tmp_path, {"key": GET_ON_WELL}, "indicators.csv", unit="points")

    row = found[GET_ON_WELL, "35 to 44"]
    assert (row["variation"], row["significant"]) == ("6.0", None)


@pytest.mark.parametrize(("group", "position"), [("Overall", "9"), ("35 to 44", "1")])
def test_without_one_answer_of_everyone_nothing_is_held_against_it(
    database_url: str, tmp_path: Path, group: str, position: str
) -> None:
    where = {"indicator": GET_ON_WELL, "group": group}

    found = altered(database_url, tmp_path, where, position=position)

    for name in ("Overall", "35 to 44", "55 to 64", LLTI):
        row = found[GET_ON_WELL, name]
        assert (row["overall"], row["variation"], row["significant"]) == (None, None, None)
    assert found[NOT_ENOUGH, LLTI]["overall"] == "51.0000"


def test_a_group_without_an_earlier_answer_has_no_change(database_url: str, tmp_path: Path) -> None:
    found = altered(database_url, tmp_path, {"group": "35 to 44"}, previous_value="")

    row = found[GET_ON_WELL, "35 to 44"]
    assert (row["previous"], row["direction_difference"], row["variation"]) == (None, None, "6.0")
