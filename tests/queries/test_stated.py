"""What councils state is listed as it stands in their reports, with the service that it is of."""

import csv

import pytest
from httpx import AsyncClient

from app.cli import DEMO
from tests.demo import POLICIES
from tests.queries.lists import Json, rows_of
from tests.queries.reports import BARNET_2011, BARNET_2013, BATH, BROXTOWE, REPORTS, THURROCK
from tests.routers.problem_documents import check_problem

FILES = {
    "targets": "targets",
    "risk-controls": "risk_controls",
    "heat-map-cells": "heat_map",
    "interventions": "interventions",
    "notes": "notes",
    "published-figures": "published",
}
"""The lists whose rows are each a row of one report, and no other report's."""
TARGETS = [
    (BARNET_2011, {"indicator_key": "3002", "kind": "value", "value": "75.0000", "amber_limit": None}),
    (BARNET_2013, {"indicator_key": "5001", "kind": "value", "value": "90.0000"}),
    (THURROCK, {"indicator_key": "info-governance-incidents", "kind": "reduction", "value": None}),
]


def printed(report: str, file: str) -> list[dict[str, str]]:
    """The rows of a report's file, none where it has no such file."""
    path = DEMO / report / f"{file}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


async def by_id(client: AsyncClient, path: str) -> dict[int, Json]:
    return {row["id"]: row for row in await rows_of(client, path)}


@pytest.mark.parametrize("name", FILES)
async def test_every_row_of_every_report_is_listed_once(client: AsyncClient, name: str) -> None:
    rows = await rows_of(client, f"/v1/{name}")

    assert len(rows) == sum(len(printed(report, FILES[name])) for report in REPORTS)


@pytest.mark.parametrize(("report", "cells"), TARGETS, ids=[report for report, _ in TARGETS])
async def test_a_target_is_as_the_report_has_it(client: AsyncClient, report: str, cells: Json) -> None:
    council, _, _ = report.partition("-")

    found = await rows_of(
        client, "/v1/targets", [("organisation", council), ("indicator_key", cells["indicator_key"])]
    )

    assert [row for row in found if cells.items() <= row.items()]


async def test_a_control_is_of_the_service_of_its_risk(client: AsyncClient) -> None:
    services = {row["code"]: row["service"] for row in await rows_of(client, "/v1/risks")}

    controls = await rows_of(client, "/v1/risk-controls")

    assert {row["service"] for row in controls} == {"chief-executives-service", "commissioning-group"}
    assert all(row["service"] == services[row["risk_code"]] for row in controls)


async def test_a_note_on_a_measure_is_of_the_service_of_the_measure(client: AsyncClient) -> None:
    indicators = await by_id(client, "/v1/indicators")
    services = await by_id(client, "/v1/services")

    for row in await rows_of(client, "/v1/notes"):
        about = (services if row["subject_kind"] == "service" else indicators)[row["subject_id"]]
        name = "service" if row["subject_kind"] == "service" else "indicator_key"
        assert (row["organisation"], row["service"]) == (about["organisation"], about["service"])
        assert row["subject"] == about[name]


ADDRESSES = {
    "observation": "/v1/observations",
    "budget_line": "/v1/budget-variances",
    "risk_assessment": "/v1/risks",
    "establishment": "/v1/workforce-establishment",
    "profile_count": "/v1/workforce-profiles",
    "equality_group": "/v1/equalities",
    "action": "/v1/actions",
    "service": "/v1/services",
}


async def test_a_printed_figure_is_of_the_service_of_what_it_is_about(client: AsyncClient) -> None:
    figures = await rows_of(client, "/v1/published-figures")
    assert {row["subject_kind"] for row in figures} <= ADDRESSES.keys()

    for kind in {row["subject_kind"] for row in figures}:
        about = await by_id(client, ADDRESSES[kind])
        for row in figures:
            if row["subject_kind"] == kind:
                assert row["service"] == about[row["subject_id"]]["service"]
                assert row["organisation"] == about[row["subject_id"]]["organisation"]


async def test_what_is_printed_is_kept_to_the_letter(client: AsyncClient) -> None:
    for report, council in ((BATH, "bath-and-north-east-somerset"), (BROXTOWE, "broxtowe")):
        rows = await rows_of(client, "/v1/published-figures", [("organisation", council)])

        told = [row for row in rows if row["state"] == "reported"]
        as_printed = {number: row["printed"] for number, row in enumerate(printed(report, "published"), 1)}
        assert {row["position"]: row["printed"] for row in told}.items() <= as_printed.items()
        assert len(rows) == len(as_printed)
        counted = [row for row in rows if row["state"] == "suppressed"]
        assert {row["subject_kind"] for row in counted} == ({"profile_count"} if report is BATH else set())
        assert {row["printed"] for row in counted} <= {None}


async def test_the_clauses_of_a_scheme_are_those_that_the_scheme_shows(client: AsyncClient) -> None:
    shown = ("position", "condition", "code", "label", "colour", "points")
    clauses = await rows_of(client, "/v1/scheme-clauses")
    words = await rows_of(client, "/v1/direction-labels")

    for scheme in await rows_of(client, "/v1/schemes"):
        mine = [row for row in clauses if row["scheme_id"] == scheme["id"]]
        assert [{name: row[name] for name in shown} for row in mine] == scheme["clauses"]
        assert {(row["scheme"], row["version"]) for row in mine} == {(scheme["scheme"], scheme["version"])}
        theirs = [(row["code"], row["label"]) for row in words if row["scheme_id"] == scheme["id"]]
        assert sorted(theirs) == sorted((each["direction"], each["label"]) for each in scheme["directions"])


async def test_a_heat_map_prints_what_its_counted_cells_say_is_printed(client: AsyncClient) -> None:
    place = ("organisation", "service", "period", "impact", "probability")
    counted = {
        tuple(row[name] for name in place): row["published"]
        for row in await rows_of(client, "/v1/risks/heat-map")
    }

    cells = await rows_of(client, "/v1/heat-map-cells")

    assert len(cells) == sum(count is not None for count in counted.values())
    assert all(row["count"] == counted[tuple(row[name] for name in place)] for row in cells)


async def test_a_matrix_has_the_bands_that_risks_stand_in(client: AsyncClient) -> None:
    bands = {row["label"]: row for row in await rows_of(client, "/v1/risk-matrices", [("kind", "band")])}

    for risk in await rows_of(client, "/v1/risks"):
        assert bands[risk["band"]]["low"] <= risk["rating"] <= bands[risk["band"]]["high"]


async def test_an_unknown_matrix_is_told_from_an_empty_answer(client: AsyncClient) -> None:
    answer = await client.get("/v1/risk-matrices", params={"matrix": "barnet-5x6"})

    problem = check_problem(answer, 400, "invalid-parameter")
    assert "barnet-5x5" in problem["detail"]


async def test_a_policy_of_small_counts_is_listed_as_its_council_states_it(client: AsyncClient) -> None:
    stated = {(row.counts, row.threshold, row.rounding) for row in POLICIES[THURROCK]}

    rows = await rows_of(client, "/v1/disclosure-policies", [("organisation", "thurrock")])
    [of_groups] = await rows_of(client, "/v1/disclosure-policies", [("counts", "equalities")])
    answer = await client.get("/v1/disclosure-policies.csv", params={"sort": "-threshold"})

    assert {(row["counts"], row["threshold"], row["rounding"]) for row in rows} == stated
    assert (of_groups["threshold"], of_groups["rounding"]) == (20, 10)
    header, *lines = csv.reader(answer.text.splitlines())
    assert header == list(of_groups)
    assert lines == [[str(row[name]) for name in header] for row in rows[::-1]]
