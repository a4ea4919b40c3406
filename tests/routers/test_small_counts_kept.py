"""Who sees small counts as they are, and which releases are refused because they would give them away."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from httpx import AsyncClient

from tests.imports.examples import Cells, write_report
from tests.queries.lists import Json, rows_of
from tests.queries.reports import load
from tests.routers.serving import serving
from tests.routers.world_reports import publish_world
from tests.routers.worlds import COUNCIL, NOW, a_council, figures_of
from tests.routers.writers import Officer, key_for, refused

OTHER, STRICT, SMALLER = "othershire", "strictshire", "smallershire"
PROFILES = "/v1/workforce-profiles"
COUNTING = (PROFILES, "/v1/workforce-metrics", "/v1/workforce-establishment", "/v1/equalities")
Headcounts = dict[tuple[str, ...], Decimal | None]


class Councils(NamedTuple):
    """Councils that have released counts, and somebody who speaks to the service."""

    client: AsyncClient
    url: str

    def officer(self, *grants: str) -> Officer:
        """Somebody with a new key."""
        return Officer(self.client, key_for(self.url, *grants))


@pytest.fixture(scope="module")
async def councils(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Councils]:
    """A council with counts of every kind, and three small ones."""
    folder: Path = tmp_path_factory.mktemp("reports")
    publish_world(sqlite_url, a_council(), folder)
    for number, name in enumerate((OTHER, STRICT, SMALLER), 2):
        itself = {"id": name, "name": name, "area_code": f"E0900000{number}"}
        women, men = (
            {"category": each, "count": count, "base": "53"}
            for each, count in (("Female", "13"), ("Male", "40"))
        )
        like: Cells = {"service": "front-office", "period": NOW, "dimension": "gender"}
        nothing: dict[str, Cells] = {"disclosure_policies": {"counts": "equalities"}}
        report = write_report(
            folder / name,
            {"workforce_profiles": [like | men]},
            organisation=itself,
            workforce_profiles=women,
            **nothing,
        )
        load(sqlite_url, report)
    async with serving(sqlite_url) as client:
        yield Councils(client, sqlite_url)


async def headcounts(officer: Officer, **asked: str) -> Headcounts:
    """What somebody is told of how many people there are."""
    answer = await officer.ask("GET", PROFILES, {"organisation": COUNCIL, "limit": "1000", **asked})
    assert answer.status_code == 200, answer.text
    names = ("service", "period", "dimension", "category")
    return {
        tuple(row[name] for name in names): None if row["headcount"] is None else Decimal(row["headcount"])
        for row in answer.json()["items"]
    }


@pytest.fixture(scope="module")
def facts() -> Headcounts:
    """How many people there are."""
    figures = figures_of(a_council(), again=True)
    return {name[1:]: figure for name, figure in figures.items() if name[0] == "profile" and len(name) == 5}


@pytest.mark.parametrize("grant", ["reader", f"reader:{COUNCIL}", f"publisher:{COUNCIL}", "administrator"])
async def test_whoever_reads_a_councils_drafts_sees_the_facts_there(
    councils: Councils, facts: Headcounts, grant: str
) -> None:
    officer = councils.officer(grant)

    assert await headcounts(officer, view="draft") == facts
    assert await headcounts(officer) != facts


async def test_who_reads_another_councils_drafts_is_told_what_anybody_is(councils: Councils) -> None:
    stranger = councils.officer(f"administrator:{OTHER}")

    for path in COUNTING:
        asked = {"organisation": COUNCIL, "limit": "1000"}
        answer = await stranger.read(path, **asked)
        assert answer.json()["items"] == await rows_of(councils.client, path, [("organisation", COUNCIL)])
    assert (await stranger.read("/v1/changes", organisation=COUNCIL)).json()["items"] == []
    assert (await councils.client.get(PROFILES, params={"view": "draft"})).status_code == 401


async def test_who_edits_a_service_sees_its_facts_and_no_others(
    councils: Councils, facts: Headcounts
) -> None:
    editor = councils.officer(f"editor:{COUNCIL}/repairs")
    theirs = {name: figure for name, figure in facts.items() if name[0] == "repairs"}

    assert await headcounts(editor, view="draft") == theirs
    for path in COUNTING[1:]:
        rows = (await editor.read(path, organisation=COUNCIL)).json()["items"]
        assert {row["service"] for row in rows} <= {"repairs"}
        assert all(row["state"] == "reported" for row in rows)


async def test_what_changed_in_counts_is_told_to_whoever_drafts_them(councils: Councils) -> None:
    editor = councils.officer(f"editor:{OTHER}/front-office")
    await restate(editor, await one_of(editor, OTHER, category="Female"), "11")

    [change] = (await editor.read("/v1/changes", organisation=OTHER)).json()["items"]
    assert (change["field"], change["old"], change["new"]) == ("count", "13.00", "11.00")
    asked = {"organisation": OTHER}
    assert (await councils.officer(f"reader:{COUNCIL}").read("/v1/changes", **asked)).json()["items"] == []


async def one_of(officer: Officer, organisation: str, **wanted: str) -> Json:
    """One profile count as it is drafted."""
    answer = await officer.read(PROFILES, organisation=organisation, period=NOW, limit="1000")
    rows: list[Json] = answer.json()["items"]
    [row] = [row for row in rows if wanted.items() <= row.items()]
    return row


async def restate(officer: Officer, row: Json, count: str, base: str | None = None) -> None:
    """State another count of the same people, in draft."""
    path = f"{PROFILES}/{row['id']}"
    tag = (await officer.read(path)).headers["etag"]
    body = {"count": count} | ({} if base is None else {"base": base})
    answer = await officer.change("PATCH", path, tag, body)
    assert answer.status_code == 200, answer.text


async def test_a_release_that_a_stricter_policy_makes_unsafe_is_refused(councils: Councils) -> None:
    editor, publisher = councils.officer(f"editor:{STRICT}"), councils.officer(f"publisher:{STRICT}")
    policy = {"organisation": STRICT, "counts": "workforce-profiles", "threshold": 20, "rounding": 5}

    assert (await editor.create("/v1/disclosure-policies", policy)).status_code == 201

    await assert_refused(councils, publisher, STRICT, {"headcount of gender/Female/front-office/2011-12-q2"})


async def test_a_release_that_would_give_a_count_away_is_refused_until_it_does_not(
    councils: Councils,
) -> None:
    """Thirteen were told as 15; one of them has left, and twelve are too few to be told."""
    editor, publisher = councils.officer(f"editor:{SMALLER}"), councils.officer(f"publisher:{SMALLER}")
    women = await one_of(editor, SMALLER, category="Female")
    men = await one_of(editor, SMALLER, category="Male")
    await restate(editor, women, "12", base="52")
    await restate(editor, men, "40", base="52")

    await assert_refused(councils, publisher, SMALLER, {"headcount of gender/Female/front-office/2011-12-q2"})

    await restate(editor, women, "13", base="53")
    await restate(editor, men, "40", base="53")
    assert (await publisher.release(SMALLER)).status_code == 201


async def assert_refused(councils: Councils, publisher: Officer, organisation: str, cells: set[str]) -> None:
    """A release is refused with the cells that it would give away, and nothing of it is public."""
    asked = [("organisation", organisation)]
    before = [await rows_of(councils.client, path, asked) for path in (PROFILES, "/v1/releases")]

    faults = refused(await publisher.release(organisation), 409, "unsafe-release")

    assert {fault["code"] for fault in faults} == {"can_be_worked_back"}
    assert {fault["message"] for fault in faults} >= {f"{cell} in workforce-profiles" for cell in cells}
    assert [await rows_of(councils.client, path, asked) for path in (PROFILES, "/v1/releases")] == before
