"""The same facts under another council's scheme, or against another baseline; nothing stored changes."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from app.queries.editions import Premises
from app.queries.observations import OBSERVATIONS
from app.queries.schemes import scheme_named
from tests.imports.examples import Cells, write_report
from tests.queries.lists import rows_of as rows_of_list
from tests.queries.reading import reading, rows_of
from tests.queries.reports import load
from tests.routers.problem_documents import check_problem

Json = dict[str, Any]
BARNET = {"organisation": "barnet"}
CHANGED = {
    "scheme",
    "status",
    "status_label",
    "status_colour",
    "status_points",
    "status_year_end",
    "direction_label",
    "target_variance_as_reported",
}
"""What a scheme decides; with a dead band, the direction too."""
COMPARED = {
    "previous",
    "baseline_period",
    "direction_of_travel",
    "direction_label",
    "direction_variance",
    "direction_basis",
    "significant_against_previous",
    "status",
    "status_label",
    "status_colour",
    "status_points",
    "status_year_end",
}
"""What a baseline decides: a status too, where a target or a clause goes by the figure before."""


async def rows(client: AsyncClient, **asked: str) -> list[Json]:
    """Barnet's observations, asked for in some way."""
    return await rows_of_list(client, "/v1/observations", list((BARNET | asked).items()))


async def test_a_scheme_changes_what_it_decides_and_nothing_else(client: AsyncClient) -> None:
    own, other = await rows(client), await rows(client, scheme="thurrock-pass-fail")

    assert [row["id"] for row in own] == [row["id"] for row in other]
    changed = {name for a, b in zip(own, other, strict=True) for name in a if a[name] != b[name]}
    assert {"status", "status_label", "scheme"} <= changed <= CHANGED
    assert {row["scheme"] for row in other} == {"thurrock-pass-fail"}
    assert {row["status_label"] for row in other} <= {"ACHIEVED", "FAILED", "n/a", None}
    assert await rows(client) == own


async def test_pass_or_fail_knows_no_near_miss(client: AsyncClient) -> None:
    own, other = await rows(client), await rows(client, scheme="thurrock-pass-fail")

    moved = Counter(
        (a["status"], b["status"]) for a, b in zip(own, other, strict=True) if a["status"] != b["status"]
    )
    assert moved[("near", "missed")] == sum(row["status"] == "near" for row in own) > 0


@pytest.mark.parametrize("path", ["/v1/observations", "/v1/workforce-metrics"])
async def test_one_row_is_judged_as_in_its_list(client: AsyncClient, path: str) -> None:
    asked = {"scheme": "thurrock-pass-fail", "baseline": "last_year"}
    listed = await rows_of_list(client, path, list((BARNET | asked).items()))

    for row in listed[:5]:
        one = await client.get(f"{path}/{row['id']}", params=asked)
        assert one.json() == row


async def test_counts_and_filters_go_by_the_scheme_that_is_supposed(client: AsyncClient) -> None:
    asked = {"organisation": "barnet", "scheme": "thurrock-pass-fail"}
    listed = await rows(client, scheme="thurrock-pass-fail")

    summary = (await client.get("/v1/observations/summary", params=asked)).json()
    missed = await rows(client, scheme="thurrock-pass-fail", status="missed")

    assert {row["status"]: row["count"] for row in summary["items"]} == Counter(r["status"] for r in listed)
    assert missed == [row for row in listed if row["status"] == "missed"]


async def test_a_scheme_judges_its_own_council_as_ever(client: AsyncClient) -> None:
    asked = [("organisation", "thurrock")]
    own = await rows_of_list(client, "/v1/observations", asked)
    same = await rows_of_list(client, "/v1/observations", [*asked, ("scheme", "thurrock-pass-fail")])

    judged = [row["id"] for row in own if row["scheme"] == "thurrock-pass-fail"]
    assert judged
    assert [row for row in same if row["id"] in judged] == [row for row in own if row["id"] in judged]


@pytest.mark.parametrize("name", ["thurrock-pass-fail", "thurrock/thurrock-pass-fail", "ID"])
async def test_a_scheme_is_named_in_any_way(client: AsyncClient, name: str) -> None:
    [scheme] = await rows_of_list(client, "/v1/schemes", [("scheme", "thurrock-pass-fail")])

    found = await rows(client, scheme=name.replace("ID", str(scheme["id"])))

    assert {row["scheme"] for row in found} == {"thurrock-pass-fail"}


@pytest.mark.parametrize(
    ("path", "name", "reason"),
    [
        ("/v1/observations", "thurrock-pass", "near: thurrock-pass-fail"),
        ("/v1/observations", "barnet/thurrock-pass-fail", "is not known"),
        ("/v1/observations", "thurrock-pass-fail@2", "is not known"),
        ("/v1/observations", "999999", "is not known"),
        ("/v1/observations", "broxtowe-actions", "judges actions"),
        ("/v1/actions", "barnet-hr", "judges measures"),
        ("/v1/observations/summary", "nobody", "is not known"),
    ],
)
async def test_a_scheme_that_cannot_judge_is_refused(
    client: AsyncClient, path: str, name: str, reason: str
) -> None:
    answer = await client.get(path, params={"scheme": name})

    problem = check_problem(answer, 400, "invalid-parameter")
    [error] = problem["errors"]
    assert error["parameter"] == "scheme"
    assert reason in error["message"]


async def test_actions_are_judged_by_another_scheme_of_actions(client: AsyncClient) -> None:
    asked = [("scheme", "broxtowe-actions")]

    assert await rows_of_list(client, "/v1/actions", asked) == await rows_of_list(
        client, "/v1/actions", asked[:1]
    )


async def test_every_row_says_on_what_it_was_compared(client: AsyncClient) -> None:
    own = {row["id"]: row for row in await rows(client)}

    for baseline in ("previous_period", "last_year", "none"):
        for row in await rows(client, baseline=baseline):
            assert row["direction_basis"] in {baseline, "none"}
            assert (row["previous"] is None) == (row["direction_basis"] == "none")
            assert {name for name in row if row[name] != own[row["id"]][name]} <= COMPARED


SCHEMES = (
    {"id": "plan", "effective_from": "2011-04-01", "effective_to": "2011-06-30"},
    {"id": "plan@2", "effective_from": "2011-07-01"},
)
CLAUSES = {"plan": "within 30% of target", "plan@2": "within 10% of target"}


def versioned(folder: Path, council: str) -> Path:
    """A council whose scheme becomes stricter from the second quarter on."""
    clauses = [
        {"scheme": key, "position": str(place), "condition": words, "code": code, "label": f"{key} {code}"}
        for key, near in CLAUSES.items()
        for place, (words, code) in enumerate(
            (
                ("no outturn", "no_data"),
                ("no target", "no_target"),
                ("met", "met"),
                (near, "near"),
                ("otherwise", "missed"),
            ),
            1,
        )
    ]
    quarters = [{"indicator": "3002", "service": "front-office", "period": f"2011-12-q{n}"} for n in (1, 2)]
    first, second = quarters
    same: Cells = {"numerator": "60", "denominator": "100", "state": "reported"}
    return write_report(
        folder,
        {
            "schemes": [{"name": "Plan", "measure_set": "plan", "variance_convention": "none"} | SCHEMES[1]],
            "scheme_clauses": clauses[1:],
            "targets": [second | {"kind": "value", "value": "75"}],
            "observations": [second | same],
        },
        organisation={"id": council, "name": council, "area_code": "E09000001"},
        schemes={"id": "plan", "variance_convention": "none"} | SCHEMES[0],
        scheme_clauses={"colour": "", "points": ""} | clauses[0],
        direction_labels={"scheme": "plan"},
        targets=first,
        observations=first | same,
    )


def test_a_new_version_does_not_recolour_what_was_judged_before(database_url: str, tmp_path: Path) -> None:
    """The same figure in both quarters: each is judged by the version of its own day."""
    migrate(database_url)
    load(database_url, versioned(tmp_path, "versioned"))

    with reading(database_url) as here:
        labels = {r["period"]: r["status_label"] for r in rows_of(here, OBSERVATIONS)}
        by_name = {
            name: {
                row["period"]: row["status_label"]
                for row in rows_of(
                    here.supposing(Premises(scheme_named(here, name, actions=False))), OBSERVATIONS
                )
            }
            for name in ("plan@1", "plan", "plan@2")
        }

    assert labels == {"2011-12-q1": "plan near", "2011-12-q2": "plan@2 missed"}
    assert by_name["plan@1"] == dict.fromkeys(labels, "plan near")
    assert by_name["plan"] == by_name["plan@2"] == dict.fromkeys(labels, "plan@2 missed")
