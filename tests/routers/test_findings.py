"""Findings over HTTP: the list, its counts and its rows as CSV say the same, each with its reason."""

import csv
import io
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from httpx import AsyncClient

from app.rules.printed import agrees, read_printed
from tests.queries.findings import FINDINGS, REMARKS
from tests.queries.lists import SCHEMAS, Params, rows_of
from tests.routers.problem_documents import check_problem

FINDINGS_PATH, SUMMARY, CSV = "/v1/findings", "/v1/findings/summary", "/v1/findings.csv"
GROUPS = ("organisation", "service", "period", "kind", "check", "field")
COUNTING = {"observation", "profile"}
"""What may count people, and is found something of in the demo."""
NARROWED: list[Params] = [
    [],
    [("organisation", "barnet")],
    [("period", "2011/12 Q2"), ("kind", "input_rounding")],
    [("check", "status_dates"), ("check", "heat_map")],
    [("field", "direction_variance"), ("service", "chief-executives-service")],
    [("organisation", "thurrock"), ("kind", "ambiguous_rule")],
]

narrowed = pytest.mark.parametrize("where", NARROWED, ids=str)


async def as_csv(client: AsyncClient, where: Params = ()) -> list[dict[str, str]]:
    answer = await client.get(CSV, params=[*where])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


async def test_every_finding_of_the_five_reports_is_listed_once(client: AsyncClient) -> None:
    found = await rows_of(client, FINDINGS_PATH)
    expected = [row for report in (FINDINGS, REMARKS) for rows in report.values() for row in rows]

    whole = [f for f in found if f["state"] == "reported"]
    listed = Counter(
        (f["check"], f["subject"]["key"], f["field"], f["published"] or "", f["derived"] or "", f["kind"])
        for f in whole
    )
    assert listed <= Counter(map(tuple, expected))
    assert Counter((f["check"], f["subject"]["key"], f["field"], f["kind"]) for f in found) == Counter(
        (check, subject, field, kind) for check, subject, field, _, _, kind in map(tuple, expected)
    )
    hidden = [f for f in found if f["state"] == "suppressed"]
    assert {f["subject"]["kind"] for f in hidden} == COUNTING
    assert all(f["published"] is f["derived"] is None and not f["inputs"] for f in hidden)
    assert len(whole) > len(hidden)


async def test_no_figure_that_agrees_is_found(client: AsyncClient) -> None:
    found = await rows_of(client, FINDINGS_PATH)
    numbers = 0
    for finding in found:
        printed = read_printed(finding["published"] or "")
        if finding["check"] in {"published_figure", "totals"} and printed and finding["derived"]:
            numbers += 1
            assert not agrees(Fraction(finding["derived"]), printed), finding
    assert numbers


async def test_a_subject_with_an_address_is_there(client: AsyncClient) -> None:
    found = await rows_of(client, FINDINGS_PATH)
    addressed = {f["subject"]["href"]: f for f in found if f["subject"]["href"]}

    for href, finding in addressed.items():
        row = (await client.get(href)).json()
        assert row["id"] == finding["subject"]["id"]
        assert row["organisation"] == finding["organisation"]
        assert row["service"] == finding["service"]
    kinds = {f["subject"]["kind"] for f in found if not f["subject"]["href"]}
    assert kinds == {"heat_map_cell", "profile"}


async def test_rounding_is_explained_with_ends_that_explain_it(client: AsyncClient) -> None:
    """3003 went from 6.4 to 3.5: a hidden 6.37 gives the printed 45.1%."""
    found = await rows_of(client, FINDINGS_PATH)
    [finding] = [
        f for f in found if f["subject"]["key"].startswith("3003/") and f["field"] == "direction_variance"
    ]

    assert finding["kind"] == "input_rounding"
    assert {"name": "previous", "value": "6.4"} in finding["inputs"]
    [previous] = [each for each in finding["explained_by"] if each["input"] == "previous"]
    assert previous == SCHEMAS["HiddenValues"]["examples"][0]
    for end in ("low", "high", "example"):
        assert previous["low_included"]
        assert previous["high_included"]
        before = Decimal(previous[end])
        assert round(100 * (before - Decimal("3.5")) / before, 1) == Decimal("45.1")


@narrowed
async def test_counts_are_those_of_the_rows(client: AsyncClient, where: Params) -> None:
    rows = await rows_of(client, FINDINGS_PATH, where)

    for groups in [*combinations(GROUPS, 1), ("kind", "check"), GROUPS[::-1]]:
        answer = await client.get(SUMMARY, params=[*where, ("group_by", ",".join(groups))])

        counts = Counter(tuple(row[name] for name in groups) for row in rows)
        body = answer.json()
        assert body["total"] == len(rows)
        assert [item["count"] for item in body["items"]] == [
            counts[tuple(item[name] for name in groups)] for item in body["items"]
        ]
        assert {tuple(item[name] for name in groups) for item in body["items"]} == set(counts)
        assert all(item[name] is None for item in body["items"] for name in set(GROUPS) - set(groups))


async def test_findings_are_counted_by_kind_unless_asked(client: AsyncClient) -> None:
    unasked = await client.get(SUMMARY)
    asked = await client.get(SUMMARY, params={"group_by": "kind"})

    assert unasked.json() == asked.json()
    kinds = [item["kind"] for item in unasked.json()["items"]]
    assert kinds == sorted(kinds)


async def test_the_example_of_a_count_is_a_count(client: AsyncClient) -> None:
    [example] = SCHEMAS["FindingCount"]["examples"]

    answer = await client.get(SUMMARY, params={"group_by": "organisation,kind,check"})

    assert example in answer.json()["items"]


@pytest.mark.parametrize("groups", ["", "kind,kind", "reason", "kind,", "kind, check"])
async def test_a_column_that_cannot_be_counted_by_is_refused(client: AsyncClient, groups: str) -> None:
    answer = await client.get(SUMMARY, params={"group_by": groups})

    problem = check_problem(answer, 400, "invalid-parameter")
    assert [fault["parameter"] for fault in problem["errors"]] == ["group_by"]


@narrowed
async def test_csv_has_the_rows_of_the_list(client: AsyncClient, where: Params) -> None:
    rows = await rows_of(client, FINDINGS_PATH, [*where, ("sort", "-kind")])

    lines = await as_csv(client, [*where, ("sort", "-kind")])

    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    for line, row in zip(lines, rows, strict=True):
        for name in ("organisation", "service", "period", "field", "place", "check", "kind", "reason"):
            assert line[name].removeprefix("'") == (row[name] or "")
        assert line["release"] == str(row["release"])
        assert line["subject"].removeprefix("'") == row["subject"]["key"]
        assert line["published"].removeprefix("'") == (row["published"] or "")
        assert line["derived"] == (row["derived"] or "")
        assert len(list(filter(None, line["inputs"].split("; ")))) == len(row["inputs"])
        assert len(list(filter(None, line["explained_by"].split("; ")))) == len(row["explained_by"])


async def test_csv_is_rfc_4180_and_runs_no_formula(client: AsyncClient) -> None:
    answer = await client.get(CSV)

    assert answer.text.startswith("id,organisation,release,service,period,subject_kind,subject_id,subject,")
    assert answer.text.endswith("\r\n")
    cells = [cell for line in await as_csv(client) for cell in line.values()]
    assert "'-93.8%" in cells
    assert "-93.74" in cells
    assert "previous in [6.369427, 6.381039]; value in (3.5104, 3.5168]" in cells


@pytest.mark.parametrize("path", [FINDINGS_PATH, SUMMARY, CSV])
@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("kind", "wrong", "unknown_value"),
        ("check", "nothing", "unknown_value"),
        ("field", "colour", "unknown_value"),
        ("organisation", "atlantis", "unknown_value"),
        ("service", "nobody", "unknown_value"),
        ("period", "someday", "malformed_period"),
    ],
)
async def test_a_word_that_occurs_nowhere_is_refused(
    client: AsyncClient, path: str, name: str, value: str, code: str
) -> None:
    answer = await client.get(path, params={name: value})

    problem = check_problem(answer, 400, "invalid-parameter")
    assert [(fault["parameter"], fault["code"]) for fault in problem["errors"]] == [(name, code)]


async def test_a_cursor_of_another_order_is_refused(client: AsyncClient) -> None:
    first = (await client.get(FINDINGS_PATH, params={"limit": "1", "sort": "kind"})).json()

    answer = await client.get(FINDINGS_PATH, params={"cursor": first["next_cursor"]})

    check_problem(answer, 400, "invalid-cursor")
