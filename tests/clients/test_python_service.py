"""The generated Python client and a server: everything is read, facts are written, refusals are raised."""

import importlib
import os
import re
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import CLIENT_PYTHON, PATIENCE, ROOT, Connected, Operations, Service, model

WHY = "A recount"
GUIDE = ROOT / "docs" / "guides" / "clients.md"
README = ROOT / "clients" / "python" / "README.md"
DEMO_ADDRESS = "http://127.0.0.1:8123"
"""Where the guide says that the demo is."""


def test_files_are_read_as_text_or_as_bytes(operations: Operations, public: Connected) -> None:
    findings = operations["export_findings"].sync(client=public)
    table = operations["get_import_template_csv"].sync("observations", client=public)
    book = operations["get_import_template_xlsx"].sync("observations", client=public)

    assert findings.startswith("id,")
    assert table.startswith("indicator,")
    assert book.payload.read(2) == b"PK"


def test_every_page_is_every_item_once(operations: Operations, public: Connected) -> None:
    every = importlib.import_module("outturn_client").every
    ask = operations["list_observations"].sync

    paged = list(every(ask, client=public, organisation=["barnet"], limit=7))

    whole = ask(client=public, organisation=["barnet"], limit=1000, include_total=True)
    assert paged == whole.items
    assert len(paged) == whole.total > 14


async def test_every_page_is_read_by_an_async_client(operations: Operations, service: Service) -> None:
    package = importlib.import_module("outturn_client")
    ask = operations["list_risks"].asyncio

    async with package.connect(service.address) as client:
        paged = [risk async for risk in package.every_async(ask, client=client, limit=5)]
        whole = await ask(client=client, limit=1000)

    assert paged == whole.items
    assert len(paged) > 10


def test_an_answer_that_has_not_changed_is_not_sent_again(operations: Operations, service: Service) -> None:
    package = importlib.import_module("outturn_client")
    told: list[int] = []
    with package.connect(service.address) as client:
        sending = client.get_httpx_client()._transport  # noqa: SLF001 - to listen between it and the server
        inner = sending._inner.handle_request  # noqa: SLF001 - as above
        sending._inner.handle_request = lambda request: listened(inner(request), told)  # noqa: SLF001 - as above
        first, second = [operations["get_observation"].sync(122, client=client) for _ in range(2)]

    assert first == second
    assert told == [200, 304]


def listened(response: Any, told: list[int]) -> Any:  # noqa: ANN401 - httpx's own
    """Note what the server said."""
    told.append(response.status_code)
    return response


def note(text: str) -> Any:  # noqa: ANN401 - as above
    """A note on an indicator of Barnet."""
    about = {"organisation": "barnet", "kind": "indicator", "subject": "3002", "period": "2011-12-q2"}
    return model("NoteIn", **about, note_kind="commentary", position=9, text=text)


def test_a_fact_is_created_once_changed_released_and_retired(
    operations: Operations, officer: Connected, public: Connected
) -> None:
    why = {"client": officer, "reason": WHY}
    create = operations["create_note"].sync_detailed
    created = [create(**why, body=note("Leave reviewed"), idempotency_key="note") for _ in range(2)]
    made = created[0].parsed

    patch = model("NotePatch", text="Leave and cover")
    patched = operations["patch_note"].sync(made.id, **why, if_match=made.etag, body=patch)
    replaced = operations["replace_note"].sync(made.id, **why, if_match=patched.etag, body=note("Cover"))
    draft = operations["get_note"].sync(made.id, client=officer, view="draft")
    body = model("ReleaseIn", organisation="barnet", note="Commentary added")
    release = operations["create_release"].sync(client=officer, body=body)
    published = operations["get_note"].sync(made.id, client=public)
    retired = operations["retire_note"].sync(made.id, **why, if_match=replaced.etag)

    assert [each.status_code for each in created] == [201, 201]
    assert created[1].parsed == made
    assert draft.text == published.text == "Cover"
    assert release.organisation == "barnet"
    assert (patched.act, replaced.act, retired.act) == ("patch", "replace", "retire")


def test_an_address_is_told_until_it_is_not(operations: Operations, officer: Connected) -> None:
    address = "https://portal.example.org/told"
    body = model("WebhookIn", organisation="barnet", url=address, events=["release.published"])

    made = operations["create_webhook"].sync(client=officer, reason=WHY, body=body)
    found = operations["get_webhook"].sync(made.id, client=officer)
    listed = operations["list_webhook_deliveries"].sync(made.id, client=officer)
    operations["delete_webhook"].sync_detailed(made.id, client=officer, reason=WHY)

    assert (found.url, listed.items) == (address, [])
    assert operations["get_webhook"].sync(made.id, client=officer).ended_at is not None


def test_files_are_taken_in(operations: Operations, officer: Connected) -> None:
    template = operations["get_import_template_csv"].sync("observations", client=officer)
    row = {
        "indicator": "3002",
        "service": "chief-executives-service",
        "period": "2011/12 Q3",
        "state": "reported",
    }
    row |= {"numerator": "150000", "denominator": "200000"}
    columns = template.splitlines()[0].split(",")
    text = f"{','.join(columns)}\n{','.join(row.get(column, '') for column in columns)}\n"
    book = operations["get_import_template_xlsx"].sync("observations", client=officer).payload.read()
    told = {
        "client": officer,
        "organisation": "barnet",
        "kind": "observations",
        "reason": WHY,
        "dry_run": True,
    }
    file = importlib.import_module("outturn_client.types").File

    taken = operations["create_import"].sync(**told, body=text)
    workbook = operations["create_import"].sync(**told, body=file(payload=BytesIO(book)))

    assert (taken.rows, taken.added) == (1, 1)
    assert workbook.rows == 0


def test_what_is_not_there_is_a_problem(
    operations: Operations, public: Connected, problem_error: type[Exception]
) -> None:
    with pytest.raises(problem_error) as raised:
        operations["get_observation"].sync(999999, client=public)

    refusal: Any = raised.value
    assert (refusal.status, refusal.code, refusal.errors) == (404, "not-found", [])
    assert "404 not-found: " in str(refusal)


def test_a_credential_that_does_not_count_is_a_problem(
    operations: Operations, service: Service, problem_error: type[Exception]
) -> None:
    unknown = importlib.import_module("outturn_client").connect(service.address, "outturn_unknown")

    with unknown as client, pytest.raises(problem_error) as raised:
        operations["list_observations"].sync(client=client)

    refusal: Any = raised.value
    assert (refusal.status, refusal.code) == (401, "unauthenticated")
    assert refusal.headers["WWW-Authenticate"].startswith("Bearer")


def test_what_means_nothing_is_a_problem_that_says_where(
    operations: Operations, officer: Connected, problem_error: type[Exception]
) -> None:
    body = note("Whose?")
    body.subject = "no such"

    with pytest.raises(problem_error) as raised:
        operations["create_note"].sync(client=officer, reason=WHY, body=body)

    refusal: Any = raised.value
    assert (refusal.status, refusal.code) == (422, "invalid-body")
    assert [fault.pointer for fault in refusal.errors] == ["/subject"]


def test_a_tag_of_yesterday_is_a_problem(
    operations: Operations, officer: Connected, problem_error: type[Exception]
) -> None:
    target = operations["list_targets"].sync(client=officer, limit=1).items[0].id

    with pytest.raises(problem_error) as raised:
        operations["retire_target"].sync(target, client=officer, reason=WHY, if_match='"999"')

    refusal: Any = raised.value
    assert (refusal.status, refusal.code) == (412, "precondition-failed")
    assert refusal.errors[0].code


def test_a_client_that_is_printed_keeps_its_key(operations: Operations, service: Service) -> None:
    with importlib.import_module("outturn_client").connect(service.address, service.key) as client:
        operations["get_liveness"].sync(client=client)

        assert service.key not in repr(client)


def test_the_scripts_of_the_guide_print_what_it_says(built: Path, service: Service) -> None:
    scripts = re.findall(
        r"^```python\n(.*?)^```\n\n```\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE
    )

    for script, wanted in scripts:
        done = subprocess.run(  # noqa: S603 - the scripts of our own guide
            [CLIENT_PYTHON, "-W", "error", "-c", script.replace(DEMO_ADDRESS, service.address)],
            env={**os.environ, "PYTHONPATH": str(built)},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == wanted

    assert len(scripts) == 2
    assert scripts[0][0] in README.read_text()
    assert len(scripts[0][0].replace("\n\n", "\n").splitlines()) <= 10
