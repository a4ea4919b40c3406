"""Files through HTTP: taken in four ways, tried, refused whole, handed in and looked up, with templates."""

import csv
from collections.abc import AsyncIterator
from io import BytesIO, StringIO

import orjson
import pytest
from httpx import AsyncClient, Response
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.services.drafting import table
from tests.routers.serving import serving
from tests.routers.writers import Json, Officer, key_for, refused

SERVICE, OTHER = "chief-executives-service", "commissioning-group"
PERIOD = "2011-12-q2"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASKED: Json = {"organisation": "barnet", "kind": "observations"}
COUNTS = ("added", "changed", "unchanged", "retired")


def rows(*figures: tuple[str, str, str], service: str = SERVICE) -> str:
    """A file of observations: indicator, period and value each."""
    head = "value,state,period,service,indicator\n"
    return head + "".join(f"{value},reported,{period},{service},{key}\n" for key, period, value in figures)


def counted(answer: Response) -> tuple[int, ...]:
    """How many facts a file added, changed, left and retired."""
    assert answer.status_code == 200, answer.text
    return tuple(answer.json()[name] for name in COUNTS)


def ended(count: int, url: str) -> int:
    """How many revisions there are, beyond so many."""
    engine = writing_engine(url)
    with Session(engine) as session:
        revisions = session.scalar(select(func.count()).select_from(table("revision"))) or 0
    engine.dispose()
    return revisions - count


@pytest.fixture(scope="module")
def editor(client: AsyncClient, database_url: str) -> Officer:
    """Whoever edits Barnet."""
    return Officer(client, key_for(database_url, "editor:barnet"))


@pytest.fixture(scope="module")
def limited(client: AsyncClient, database_url: str) -> Officer:
    """Whoever edits one of its services."""
    return Officer(client, key_for(database_url, f"editor:barnet/{OTHER}"))


@pytest.fixture
async def busy(editor: Officer, database_url: str) -> AsyncIterator[Officer]:
    """The same where files that are handed in are worked on."""
    async with serving(database_url, chores=True, read_model=False) as client:
        yield Officer(client, editor.shown)


async def figures(editor: Officer, period: str) -> dict[str, str]:
    """The values in draft of a period, by indicator."""
    asked = {"organisation": "barnet", "period": period, "limit": "1000"}
    answer = await editor.read("/v1/observations", **asked)
    return {row["indicator_key"]: row["outturn"] for row in answer.json()["items"]}


async def test_a_file_is_taken_in_each_of_four_ways(editor: Officer) -> None:
    later = "2012-13-q1"
    two = rows(("3003", later, "1"), ("3005", later, "2"))
    changed = rows(("3003", later, "3"), ("3005", later, "2"))
    more = rows(("3003", later, "3"), ("3006", later, "5"))

    assert counted(await editor.hand_in(two, **ASKED, mode="create")) == (2, 0, 0, 0)
    standing = refused(await editor.hand_in(two, **ASKED, mode="create"), 422, "refused-import")
    assert [fault["row"] for fault in standing] == [2, 3]
    assert counted(await editor.hand_in(changed, **ASKED, mode="update")) == (0, 1, 1, 0)
    [lacking] = refused(await editor.hand_in(more, **ASKED, mode="update"), 422, "refused-import")
    assert lacking["row"] == 3
    assert counted(await editor.hand_in(more, **ASKED, mode="upsert")) == (1, 0, 1, 0)
    only = rows(("3006", later, "6"))
    assert counted(await editor.hand_in(only, **ASKED, mode="replace_period", period=later)) == (0, 1, 0, 2)
    assert (await figures(editor, later)).keys() == {"3006"}


async def test_what_is_tried_is_answered_as_what_is_done_and_does_nothing(
    editor: Officer, database_url: str
) -> None:
    period = "2012-13-q3"
    content = rows(("3003", period, " 1.50 "), ("3005", period, "2"))
    before = ended(0, database_url)

    tried = await editor.hand_in(content, **ASKED, dry_run="true")
    untouched = (ended(before, database_url), await figures(editor, period))
    done = await editor.hand_in(content, **ASKED)

    assert untouched == (0, {})
    assert counted(done) == (2, 0, 0, 0)
    assert (tried.status_code, tried.content) == (done.status_code, done.content)
    wrong = content.replace("2012-13-q3", "someday")
    answers = [await editor.hand_in(wrong, **ASKED, dry_run=dry) for dry in ("true", "false")]
    assert answers[0].content == answers[1].content
    refused(answers[0], 422, "refused-import")


async def test_a_file_with_anything_wrong_changes_nothing_and_tells_all_of_it(
    editor: Officer, database_url: str
) -> None:
    period = "2012-13-q4"
    content = rows(
        ("3003", period, "1"), ("none", period, "2"), ("3005", period, "Green"), ("3006", "31/4", "3")
    )
    before = ended(0, database_url)

    faults = refused(await editor.hand_in(content, **ASKED), 422, "refused-import")

    assert ended(before, database_url) == 0
    assert await figures(editor, period) == {}
    places = {(fault["row"], fault["column"]) for fault in faults}
    assert {(4, "value"), (5, "period")} <= places
    assert all(fault["message"] and fault["value_class"] for fault in faults)


async def test_a_file_that_is_sent_twice_with_its_key_is_taken_once(
    editor: Officer, database_url: str
) -> None:
    content = rows(("3003", "2013-14-q1", "1"))
    key = {"Idempotency-Key": "file"}

    first = await editor.hand_in(content, headers=key, **ASKED)
    before = ended(0, database_url)
    again = await editor.hand_in(content, headers=key, **ASKED)
    other = await editor.hand_in(content + "\n", headers=key, **ASKED)

    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert ended(before, database_url) == 0
    refused(other, 422, "invalid-body")


async def test_what_is_no_file_of_rows_is_refused(editor: Officer) -> None:
    typed = await editor.hand_in(rows(), headers={"Content-Type": "application/pdf"}, **ASKED)
    large = await editor.hand_in(b"x" * (10 * 2**20 + 1), **ASKED)
    broken = await editor.hand_in(b"PK\x03\x04", headers={"Content-Type": XLSX}, **ASKED)
    no_kind = await editor.hand_in(rows(), organisation="barnet", kind="nothing")
    no_period = await editor.hand_in(rows(), **ASKED, mode="replace_period")

    refused(typed, 415, "unsupported-media-type")
    refused(large, 413, "content-too-large")
    refused(broken, 422, "refused-import")
    assert refused(no_kind, 400, "invalid-parameter")[0]["parameter"] == "kind"
    assert refused(no_period, 400, "invalid-parameter")[0]["parameter"] == "period"


async def test_who_may_not_edit_hands_nothing_in(client: AsyncClient, database_url: str) -> None:
    content = rows(("3003", "2013-14-q2", "1"))
    nobody = await client.post("/v1/imports", params={**ASKED, "reason": "x"}, content=content)

    refused(nobody, 401, "unauthenticated")
    for grant in ("reader:barnet", "publisher:barnet", "editor:broxtowe"):
        officer = Officer(client, key_for(database_url, grant))
        refused(await officer.hand_in(content, **ASKED), 403, "forbidden")


async def test_who_edits_one_service_hands_in_what_is_its_own(limited: Officer, editor: Officer) -> None:
    period = "2013-14-q2"
    others = await figures(editor, PERIOD)
    own = "notes", f"kind,subject,period,note_kind,position,text\nindicator,5001,{period},commentary,9,Up\n"
    asked: Json = {"organisation": "barnet"}

    refused(await limited.hand_in(rows(("3003", period, "1")), **ASKED), 403, "forbidden")
    refused(await limited.hand_in(own[1].replace("5001", "3002"), **asked, kind=own[0]), 403, "forbidden")
    taken = await limited.hand_in(own[1], **asked, kind=own[0])
    replaced = await limited.hand_in(
        "indicator,service,period,value,state\n", **ASKED, mode="replace_period", period=PERIOD
    )

    assert counted(taken) == (1, 0, 0, 0)
    assert counted(replaced) == (0, 0, 0, 0)
    assert await figures(editor, PERIOD) == others


async def test_a_file_that_is_handed_in_is_taken_and_told_of_to_its_end(
    busy: Officer, limited: Officer
) -> None:
    period = "2014-15-q1"
    headers = {"Prefer": "respond-async", "Idempotency-Key": "handed-in"}
    content = rows(("3003", period, "1"), ("3005", period, "2"))

    handed_in = await busy.hand_in(content, headers=headers, **ASKED)
    again = await busy.hand_in(content, headers=headers, **ASKED)
    href = handed_in.headers["location"]
    events = await busy.ask("GET", f"{href}/events")
    told = (await busy.ask("GET", href)).json()

    assert (handed_in.status_code, again.content) == (202, handed_in.content)
    assert handed_in.json()["state"] == "waiting"
    seen = [_event(part) for part in events.text.strip().split("\n\n")]
    assert [name for name, _ in seen] == [said["state"] for _, said in seen]
    assert seen[-1] == ("taken", told)
    assert tuple(told["result"][name] for name in COUNTS) == (2, 0, 0, 0)
    assert (await figures(busy, period)).keys() == {"3003", "3005"}
    for path in (href, f"{href}/events"):
        refused(await limited.ask("GET", path), 404, "not-found")
    refused(await limited.ask("GET", "/v1/imports", {"organisation": "barnet"}), 403, "forbidden")
    listed = (await busy.ask("GET", "/v1/imports", {"organisation": "barnet"})).json()["items"]
    assert listed[0]["id"] == told["id"]


async def test_a_file_that_is_handed_in_and_wrong_is_refused_in_the_end(busy: Officer) -> None:
    content = rows(("3003", "2014-15-q2", "Green"))
    at_once = await busy.hand_in(content, **ASKED)

    handed_in = await busy.hand_in(content, headers={"Prefer": "respond-async"}, **ASKED)
    await busy.ask("GET", f"{handed_in.headers['location']}/events")

    told: Json = (await busy.ask("GET", handed_in.headers["location"])).json()
    assert (told["state"], told["result"]) == ("refused", None)
    assert told["refusal"]["errors"] == at_once.json()["errors"]


async def test_templates_have_the_columns_of_their_kind_and_the_names_there_are(editor: Officer) -> None:
    path = "/v1/imports/templates/observations"
    empty = await editor.client.get(f"{path}.csv")
    book = await editor.client.get(f"{path}.xlsx", params={"organisation": "barnet"})
    unknown = await editor.client.get("/v1/imports/templates/nothing.csv")

    [columns] = csv.reader(StringIO(empty.text))
    workbook = load_workbook(BytesIO(book.content))
    assert [cell.value for cell in workbook.worksheets[0][1]] == columns
    words = {cell.value for sheet in workbook.worksheets[1:] for row in sheet for cell in row}
    assert {SERVICE, "3002"} <= words
    assert unknown.status_code == 404


def _event(part: str) -> tuple[str, Json]:
    name, data = part.split("\n")
    said: Json = orjson.loads(data.removeprefix("data: "))
    return name.removeprefix("event: "), said
