"""What changes status under another scheme: the same as reading both lists and comparing them."""

import csv
import io
from collections import Counter
from typing import Any

import pytest
from httpx import AsyncClient

from tests.queries.lists import page_of, rows_of
from tests.routers.problem_documents import check_problem

Json = dict[str, Any]
PAIRS = [
    ("thurrock-pass-fail", None),
    ("thurrock-pass-fail", "barnet-corporate-plan"),
    ("barnet-corporate-plan", "bath-rag"),
    ("barnet-hr", "thurrock-pass-fail"),
    ("bath-rag", "bath-rag"),
]


async def flips_of(client: AsyncClient, scheme: str) -> str:
    """The address of a scheme's flips."""
    [row] = await rows_of(client, "/v1/schemes", [("scheme", scheme)])
    return f"/v1/schemes/{row['id']}/flips"


def beside(against: str | None) -> list[tuple[str, str]]:
    """What statuses change from, as a query says it."""
    return [] if against is None else [("against", against)]


@pytest.mark.parametrize(("scheme", "against"), PAIRS)
async def test_flips_are_where_two_lists_differ(
    client: AsyncClient, scheme: str, against: str | None
) -> None:
    path = await flips_of(client, scheme)
    before = await rows_of(client, "/v1/observations", [] if against is None else [("scheme", against)])
    after = await rows_of(client, "/v1/observations", [("scheme", scheme)])
    expected = {
        b["id"]: (b["scheme"], b["status"], b["status_label"], a["scheme"], a["status"], a["status_label"])
        for b, a in zip(before, after, strict=True)
        if b["status"] != a["status"]
    }

    page = await page_of(client, path, [("limit", "1000"), *beside(against)])

    found = {
        row["id"]: tuple(
            row[name]
            for name in (
                *("from_scheme", "from_status", "from_label"),
                *("to_scheme", "to_status", "to_label"),
            )
        )
        for row in page["items"]
    }
    assert found == expected
    counts = {(c["from_status"], c["to_status"]): c["count"] for c in page["counts"]}
    assert counts == Counter((row[1], row[4]) for row in expected.values())
    assert [c["count"] for c in page["counts"]] == sorted(counts.values(), reverse=True)
    assert next(iter(page)) == "counts"


async def test_counts_are_of_all_that_filters_leave_and_stand_on_the_first_page(client: AsyncClient) -> None:
    path = await flips_of(client, "thurrock-pass-fail")
    asked = [("organisation", "barnet"), ("organisation", "broxtowe")]
    whole = await page_of(client, path, [*asked, ("limit", "1000")])

    first = await page_of(client, path, [*asked, ("limit", "2")])
    second = await page_of(client, path, [*asked, ("limit", "2"), ("cursor", first["next_cursor"])])

    assert first["counts"] == whole["counts"]
    assert second["counts"] is None
    assert first["items"] + second["items"] == whole["items"][:4]
    missed = await page_of(client, path, [*asked, ("to_status", "missed"), ("from_status", "near")])
    [count] = missed["counts"]
    assert count == {"from_status": "near", "to_status": "missed", "count": len(missed["items"])}


async def test_the_csv_has_the_same_rows(client: AsyncClient) -> None:
    path = await flips_of(client, "thurrock-pass-fail")
    rows = await rows_of(client, path, [("against", "barnet-corporate-plan")])

    answer = await client.get(f"{path}.csv", params={"against": "barnet-corporate-plan"})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    read = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["id"] for row in read] == [str(row["id"]) for row in rows]
    for line, row in zip(read, rows, strict=True):
        assert line == {name: "" if value is None else str(value) for name, value in row.items()}


async def test_nothing_that_is_stored_changes(client: AsyncClient) -> None:
    before = await client.get("/v1/observations", params={"limit": "1000"})
    path = await flips_of(client, "thurrock-pass-fail")

    await page_of(client, path)

    after = await client.get("/v1/observations", params={"limit": "1000"})
    assert after.content == before.content
    assert after.headers["outturn-changes"] == before.headers["outturn-changes"]


@pytest.mark.parametrize("ending", ["", ".csv"])
async def test_what_cannot_be_compared_is_refused(client: AsyncClient, ending: str) -> None:
    path = await flips_of(client, "thurrock-pass-fail") + ending
    actions = await flips_of(client, "broxtowe-actions") + ending

    check_problem(await client.get("/v1/schemes/999999/flips" + ending), 404, "not-found")
    check_problem(await client.get(actions), 404, "not-found")
    for where, asked in (
        (path, {"against": "nobody"}),
        (path, {"against": "broxtowe-actions"}),
        (path, {"organisation": "nowhere"}),
    ):
        check_problem(await client.get(where, params=asked), 400, "invalid-parameter")
