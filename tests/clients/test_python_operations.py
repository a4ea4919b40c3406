"""Every operation of the contract through the generated Python client: each answers, and each refuses."""

import inspect
import typing
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.schemas.writes import RESOURCES
from app.services.deliveries import Announcement, announce
from app.services.webhooks import Event
from tests.clients.conftest import Connected, Operations, Service, connected, model
from tests.clients.test_python_requests import DOCUMENT, OPERATIONS, SCHEMAS, value_of
from tests.routers.test_writes import example, new
from tests.routers.writers import WHY, key_for

READ_ONLY = {url: name for name, (method, url) in OPERATIONS.items() if method == "get"}
PLACE = {"organisation": "barnet", "service": "chief-executives-service", "period": "2011-12-q2"}
ASKED = {
    **PLACE,
    "measure_set": "corporate_plan",
    "dataset": "workforce-establishment",
    "kind": "observations",
}
"""What stands for each part of an address, but ids."""
UNREAD = {"get_import", "watch_import", "get_proposal", "get_webhook", "list_webhook_deliveries"}
"""What there is nothing of in the demo: it is made, and then read."""
COUNCIL = "broxtowe"
"""Whose releases are made and withdrawn."""
NOBODY = "nobody-s"
"""What no council, service, release or credential is called."""


class Asking:
    """Asks operations on behalf of somebody, and notes which."""

    def __init__(self, operations: Operations, client: Connected, asked: set[str]) -> None:
        self._operations, self._client = operations, client
        self.asked = asked

    def __call__(self, name: str, *args: object, **told: object) -> Any:  # noqa: ANN401 - what it answers with
        """Ask, and be answered."""
        answer = self._operations[name].sync_detailed(*args, client=self._client, **told)
        assert 200 <= answer.status_code < 300, name
        self.asked.add(name)
        return answer.parsed


def first_of(operations: Operations, url: str, client: Connected) -> int | str | None:
    """The id of the first item of a list, if it has any."""
    module = operations[READ_ONLY[url]]
    found = module.sync(client=client, **needed(module))
    chosen: int | str | None = found.items[0].id if found.items else None
    return chosen


def needed(module: ModuleType) -> dict[str, object]:
    """What an operation must be told, its id and its client apart."""
    told: dict[str, object] = {}
    for name, each in inspect.signature(module.sync).parameters.items():
        if each.default is each.empty and name not in {"id", "client"}:
            told[name] = [ASKED[name]] if each.annotation == list[str] else ASKED[name]
    return told | ({"limit": 2} if "limit" in inspect.signature(module.sync).parameters else {})


def test_everything_there_is_to_read_is_read(operations: Operations, officer: Connected) -> None:
    unread = set()
    collections = {url.partition("/{id}")[0] for url in READ_ONLY if "/{id}" in url}
    ids = {url: first_of(operations, url, officer) for url in collections}
    for url, name in READ_ONLY.items():
        module, told = operations[name], {}
        if "/{id}" in url:
            told["id"] = ids[url.partition("/{id}")[0]]
            if told["id"] is None:
                unread.add(name)
                continue
        answer = module.sync_detailed(client=officer, **needed(module), **told)
        assert (answer.status_code, answer.parsed is None) == (200, False), name
    assert unread <= UNREAD


def test_everything_there_is_to_write_is_written(
    operations: Operations, officer: Connected, service: Service
) -> None:
    asked: set[str] = set()
    ask = Asking(operations, officer, asked)

    _live_and_end(ask)
    _work_out_and_add(ask)
    _hand_in(ask)
    with connected(service.address, key_for(service.url, "administrator")) as second:
        _release(ask, Asking(operations, second, asked))
    _be_told(ask, service.url)

    assert asked >= OPERATIONS.keys() - set(READ_ONLY.values()) | UNREAD


def _live_and_end(ask: Asking) -> None:
    """Create a fact of every kind, state it again, patch and retire it."""
    spare = example("schemes", id="spare", measure_set="spare")
    ask("create_scheme", body=model("StatusSchemeIn", **spare), reason=WHY)
    for path, resource in RESOURCES.items():
        name, body = resource.singular, model(resource.model.__name__, **new(path))
        said = {resource.shown: example(path)[resource.shown]}

        made = ask(f"create_{name}", body=body, reason=WHY)
        replaced = ask(f"replace_{name}", made.id, body=body, if_match=made.etag, reason=WHY)
        patch = model(resource.patch.__name__, **said)
        patched = ask(f"patch_{name}", made.id, body=patch, if_match=replaced.etag, reason=WHY)
        retired = ask(f"retire_{name}", made.id, if_match=patched.etag, reason=WHY)

        acts = [each.act for each in (made, replaced, patched, retired)]
        assert acts == ["create", "replace", "patch", "retire"]
        assert {each.id for each in (replaced, patched, retired)} == {made.id}


def _work_out_and_add(ask: Asking) -> None:
    rows = ask("evaluate_rows", body=model("EvaluationIn", **SCHEMAS["EvaluationIn"]["examples"][1]))
    added = SCHEMAS["OrganisationIn"]["examples"][0]
    made = ask("create_organisation", body=model("OrganisationIn", **added), reason=WHY)

    assert rows.items
    assert made.id == added["id"]


def _hand_in(ask: Asking) -> None:
    """Hand a file in that is only tried, and watch it."""
    told = {"organisation": "barnet", "kind": "actions", "dry_run": True, "prefer": "respond-async"}
    text = "key,title,service,progress\nX1,Title,chief-executives-service,50\n"
    job = ask("create_import", body=text, reason=WHY, **told)
    events = ask("watch_import", job.id)
    ended = ask("get_import", job.id)

    assert events.count("event: taken") == 1
    assert (ended.state, ended.result.added) == ("taken", 1)


def _release(ask: Asking, second: Asking) -> None:
    """Withdraw a release that is to come; propose two, withdraw one, and have another approved."""
    ask("create_batch", body=_note("Reviewed"), reason=WHY)
    said = {"organisation": COUNCIL, "note": WHY}
    release = ask("create_release", body=model("ReleaseIn", **said, publish_at="2999-01-01T09:00:00Z"))
    ask("withdraw_release", release.id, reason=WHY)
    body = model("ReleaseIn", **said)
    first, other = (ask("create_proposal", body=body) for _ in range(2))
    ask("withdraw_proposed", first.id, reason=WHY)
    approved = second("approve_proposal", other.id)
    told = ask("get_proposal", other.id)

    assert told.release == approved.id


def _note(text: str) -> Any:  # noqa: ANN401 - a model of the package
    """A batch that adds a note on a service of the council."""
    said = {"organisation": COUNCIL, "kind": "service", "subject": "resources", "period": "2019-20-q1"}
    body = {**said, "note_kind": "commentary", "position": 9, "text": text}
    return model("BatchIn", operations=[{"act": "create", "resource": "notes", "body": body}])


def _be_told(ask: Asking, url: str) -> None:
    """Have an address told of something, and told once more."""
    events = ["release.published"]
    body = model("WebhookIn", organisation=COUNCIL, url="https://portal.example.org/", events=events)
    webhook = ask("create_webhook", body=body, reason=WHY)
    engine = writing_engine(url)
    with Session(engine) as session, session.begin():
        told = Announcement(COUNCIL, Event.release_published, "tests", datetime.now(UTC), {"subject": "1"})
        assert announce(session, told) == 1
    engine.dispose()
    [delivery] = ask("list_webhook_deliveries", webhook.id).items
    again = ask("replay_webhook_delivery", webhook.id, delivery.id, reason=WHY)
    ask("delete_webhook", webhook.id, reason=WHY)

    assert again.id == delivery.id
    assert ask("get_webhook", webhook.id).ended_at is not None


def _refusable(module: ModuleType) -> dict[str, Any]:
    """What an operation is told that names nothing, wherever it names something at all."""
    hints = typing.get_type_hints(module.sync_detailed)
    told: dict[str, Any] = {}
    for part, each in inspect.signature(module.sync_detailed).parameters.items():
        if part == "client" or each.default is not each.empty:
            continue
        told[part] = value_of(hints[part])
        if part == "id":
            told[part] = 999_999 if hints[part] is int else "f" * 32
        elif part in ASKED:
            told[part] = [NOBODY] if hints[part] == list[str] else NOBODY
        elif hasattr(told[part], "organisation"):
            told[part].organisation = NOBODY
    return told


def refusal_of(module: ModuleType, client: Connected, told: dict[str, Any], error: type[Exception]) -> Any:  # noqa: ANN401 - the package's own
    """What somebody is refused with, if they are."""
    try:
        module.sync_detailed(client=client, **told)
    except error as raised:
        return raised
    return None


def test_every_operation_refuses_with_a_problem_that_is_described(
    operations: Operations, service: Service, officer: Connected, problem_error: type[Exception]
) -> None:
    stranger = connected(service.address, "outturn_unknown")
    elsewhere = connected(service.address).with_headers({"Accept": "application/x-nothing"})
    met = set()
    with stranger, elsewhere:
        for name, module in operations.items():
            method, url = OPERATIONS[name]
            told = _refusable(module)
            callers = (officer, stranger, elsewhere) if told else (stranger, elsewhere)
            asked = (refusal_of(module, who, told, problem_error) for who in callers)
            refusal = next(filter(None, asked))

            assert str(refusal.status) in DOCUMENT["paths"][url][method]["responses"], (name, str(refusal))
            assert (refusal.problem.status, refusal.problem.type_) == (
                refusal.status,
                f"/problems/{refusal.code}",
            )
            met.add(refusal.status)

    assert met >= {401, 404, 406, 422}
