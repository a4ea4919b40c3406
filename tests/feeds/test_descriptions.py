"""What is said of each dataset: whose, of when and where, and in which files; of all or of none."""

from datetime import date

import pytest

from app.feeds.datasets import DATASETS, NAMED
from app.feeds.descriptions import Description, IncompleteError, Stored, descriptions
from app.queries.catalogue import Council
from tests.feeds.catalogues import (
    FIRST,
    SECOND,
    SITE,
    make_council,
    make_holding,
    make_named,
    make_release,
)

BATH = make_council("bath", area_code="E06000022", holdings={"risks": make_holding(issued=SECOND)})


def described(*councils: Council) -> dict[str, Description]:
    return {each.id: each for each in descriptions(SITE, councils)}


def test_datasets_of_all_come_first_and_then_each_councils_own() -> None:
    assert [*described(make_council(), BATH)] == [
        "risks",
        "risk-heat-map",
        "barnet/risks",
        "barnet/risk-heat-map",
        "bath/risks",
    ]


def test_every_dataset_there_is_can_be_described() -> None:
    holdings = {name: make_holding() for name in NAMED}

    found = described(make_council(holdings=holdings))

    assert len(found) == 2 * len(DATASETS)
    assert len({each.page for each in found.values()}) == len(found)


@pytest.mark.parametrize(
    ("name", "folder", "forms"),
    [
        ("risks", "/v1/datasets/risks", ["csv", "jsonl", "parquet", "xlsx"]),
        ("risk-heat-map", "/v1/datasets/risk-heat-map", ["csv", "jsonl", "parquet", "xlsx", "json"]),
        (
            "barnet/risks",
            "/v1/organisations/barnet/datasets/risks",
            ["csv", "jsonl", "parquet", "xlsx"],
        ),
    ],
)
def test_a_dataset_has_a_file_in_each_form(name: str, folder: str, forms: list[str]) -> None:
    files = described(make_council())[name].files

    assert [file.href for file in files] == [f"https://outturn.example{folder}.{form}" for form in forms]
    assert {(file.size, file.sha256) for file in files} == {(None, None)}


def test_size_and_checksum_are_those_of_the_file_that_is_stored() -> None:
    path = "/v1/organisations/barnet/datasets/risks.csv"

    found = descriptions(SITE, [make_council()], {path: Stored(1234, "ab" * 32)})

    known = [(file.href, file.size, file.sha256) for each in found for file in each.files if file.size]
    assert known == [(f"https://outturn.example{path}", 1234, "ab" * 32)]


def test_a_dataset_of_all_covers_what_the_councils_do() -> None:
    later = make_holding(issued=SECOND)
    later = later._replace(covers=later.covers._replace(end=date(2012, 3, 31)))
    bath = make_council("bath", area_code="E06000022", holdings={"risks": later}, releases=[make_release()])

    whole = described(make_council(), bath)["risks"]

    assert (whole.start, whole.end) == (date(2011, 7, 1), date(2012, 3, 31))
    assert (whole.issued, whole.modified) == (FIRST, SECOND)
    assert [place.href.rpartition("/")[2] for place in whole.places] == ["E09000003", "E06000022"]
    assert (whole.publisher.name, whole.frequency.interval) == ("Outturn", "irregular")


def test_a_dataset_of_all_changes_with_the_council_whose_last_row_of_it_went() -> None:
    gone = make_council("bath", area_code="E06000022", holdings={"risks": make_holding(stands=False)})
    stays = make_council(holdings={"risks": make_holding(changed=make_named(FIRST))})

    found = described(stays, gone)

    assert found["risks"].modified == SECOND
    assert found["barnet/risks"].modified == FIRST
    assert "bath/risks" not in found
    assert [place.name for place in found["risks"].places] == ["London Borough of Barnet"]


@pytest.mark.parametrize(
    ("named", "kinds", "often"),
    [
        ("quarter", {"financial_year"}, "QUARTERLY"),
        (None, {"financial_year", "quarter"}, "QUARTERLY"),
        (None, {"four_months"}, "ANNUAL_3"),
        (None, {"half_year"}, "ANNUAL_2"),
        ("financial_year", {"month"}, "ANNUAL"),
        (None, {"month", "rolling_year"}, "MONTHLY"),
        ("custom", {"month"}, "IRREG"),
        (None, set[str](), "IRREG"),
    ],
)
def test_how_often_is_by_the_period_reported_or_the_shortest(
    named: str | None, kinds: set[str], often: str
) -> None:
    holding = make_holding()
    holding = holding._replace(covers=holding.covers._replace(kinds=frozenset(kinds)))
    council = make_council(releases=(make_release(period_kind=named),), holdings={"risks": holding})

    assert described(council)["barnet/risks"].frequency.name == often


@pytest.mark.parametrize("changed", [{"area_code": ""}, {"area_code": "Barnet"}, {"name": " \x00 "}])
def test_one_council_that_cannot_be_described_leaves_nothing(changed: dict[str, str]) -> None:
    with pytest.raises(IncompleteError, match=r"^bath has no "):
        descriptions(SITE, [make_council(), BATH._replace(**changed)])  # type: ignore[arg-type]  # texts all


def test_a_name_stands_on_one_line() -> None:
    [*_, last] = descriptions(SITE, [make_council(name="Barnet\r\n  \x01Council")])

    assert last.title == "Risk heat map: Barnet Council"
