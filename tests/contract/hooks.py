"""What Schemathesis is told beside the contract: which names there are, and what a refusal may be for."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import schemathesis
from schemathesis.core.parameters import ParameterLocation

from tests.contract import real

if TYPE_CHECKING:
    from schemathesis import Case, CheckContext, HookContext, Response

Json = dict[str, Any]

CONTRACT: Json = json.loads(Path("openapi/outturn.json").read_bytes())
REFUSED = 422
AS_DRAWN = 8
"""One in so many ids of a path stays as it was drawn: what is not there must be answered, too."""
EARLIER = 4
"""One in so many questions is of an earlier moment, which takes much longer to answer."""
OF_FORM = {
    "invalid",
    "malformed",
    "not_a_date",
    "not_a_decimal",
    "not_a_list",
    "not_a_text",
    "not_a_truth",
    "not_a_whole_number",
    "not_an_instant",
    "not_an_object",
    "too_precise",
    "too_wide",
    "unknown",
    "wrong_length",
}
"""What is wrong with a body that is not of its schema; a schema can say that, so it must."""
_VIEWS = {"view", "as_of"}
_ONE = {"organisation": real.ORGANISATION, "period": real.PERIOD}
"""What parameters name of which there can be one only."""


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], _kwargs: Json) -> None:
    """Let a request that is to be answered name what there is; one that is to be refused stays so."""
    if case.meta is None:
        return
    if not case.meta.is_negative_at(ParameterLocation.PATH):
        _settle_path(case)
    if not case.meta.is_negative_at(ParameterLocation.QUERY):
        _settle_query(case)
    if not case.meta.is_negative_at(ParameterLocation.HEADER):
        _settle_version(case)
    if case.meta.generation.mode.is_positive:
        _settle_body(case)


@schemathesis.check
def refused_for_what_it_means(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """A body of its schema is refused for what it means only: a name that is none, or a contradiction."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != REFUSED:
        return
    form = [fault for fault in response.json()["errors"] if fault["code"] in OF_FORM]
    form = [fault for fault in form if "bytes in UTF-8" not in fault["message"]]  # a schema has no bytes
    assert not form, f"its schema lets through what it may not be: {form[:3]}"


@schemathesis.check
def drafts_are_for_their_own(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """What is one's in draft is nobody else's: of two editors one is answered as the public is."""
    path, query = case.operation.path, case.query or {}
    if not real.PEERS or case.method != "GET" or "{" not in path or query.get("view") != "draft":
        return
    if response.status_code == httpx.codes.OK:
        drafted, public = real.seen(case.formatted_path, query)
        assert public in drafted, "neither of two councils is answered as the public is"


def _settle_path(case: Case[Any]) -> None:
    """Name a row that there is, in most cases."""
    drawn = case.path_parameters
    if not drawn or real.chosen(range(AS_DRAWN), drawn) == 0:
        return
    found = real.rows(case.operation.path.partition("/{")[0])
    row = real.chosen(found, drawn) if found else {}
    drawn |= {name: row[name] for name in drawn if row.get(name) is not None}
    if "measure_set" in drawn and (rated := real.ratings(row.get("href", ""))):
        drawn["measure_set"] = real.chosen(rated, drawn)
    if "delivery" in drawn and (sent := real.rows(f"/v1/webhooks/{drawn['id']}/deliveries")):
        drawn["delivery"] = real.chosen(sent, drawn)["id"]


def _settle_query(case: Case[Any]) -> None:
    """Ask for words that there are, at a moment when there were any."""
    query: Json = case.query
    path = case.operation.path
    if query.get("view") == "draft":
        for name in ("as_of", "to"):
            query.pop(name, None)
    if "as_of" in query and real.chosen(range(EARLIER), query) == 0:
        query["as_of"] = real.STARTED
    else:
        query.pop("as_of", None)
    view: Json = {name: value for name, value in query.items() if name in _VIEWS}
    if path == "/v1/imports" and query.get("mode") != "replace_period":
        query.pop("period", None)
    elif path == "/v1/imports":
        query.setdefault("period", real.PERIOD)
    for name in list(query):
        settled = _settled(path, case.method, name, query[name], view)
        if settled is None:
            del query[name]
        else:
            query[name] = settled
    if "cursor" in query:
        del query["cursor"]
        if found := real.cursor(case.formatted_path, query):
            query["cursor"] = found


def _settled(path: str, method: str, name: str, value: Any, view: Json) -> Any:  # noqa: ANN401 - any JSON
    """A value that a parameter may have; none to leave it out."""
    schema = _parameters(path, method.lower()).get(name)
    if schema is None:
        return value
    if name in {"from", "since"}:
        return None  # it must not come after the other end
    if name == "until":
        return real.STARTED
    if name == "to":
        return real.STARTED if "changes" in path else real.chosen(real.names()["period"], value)
    if name in {"scheme", "against"} and schema.get("type") != "array":
        return str(real.chosen(real.schemes(actions=path.startswith("/v1/actions")), value))
    if name == "group_by":
        return real.chosen(["organisation", "period,organisation", "service"], value)
    if schema.get("type") != "array" and name in _ONE:
        return _ONE[name]
    if schema.get("type") != "array" or not _is_any_text(schema["items"]):
        return value
    found = real.names()["period"] if name == "period" else real.words(path, name, view)
    drawn = value if isinstance(value, list) else [value]
    return [real.chosen(found, each) for each in drawn] if found and drawn else None


def _is_any_text(items: Json) -> bool:
    return items.get("type") == "string" and "enum" not in items


def _settle_version(case: Case[Any]) -> None:
    """Name the version that stands, where a request would change one."""
    if case.method in {"PUT", "PATCH", "DELETE"} and "If-Match" in (case.headers or {}):
        found = real.version(case.formatted_path)
        if found is not None and real.chosen(range(AS_DRAWN), case.headers["If-Match"]):
            case.headers["If-Match"] = found


def _settle_body(case: Case[Any]) -> None:
    """Let a body name facts that there are; every other one is its schema's example but for a field."""
    if case.media_type == "text/csv":
        case.body = _template(case.query)
        return
    if not isinstance(case.body, dict):
        return
    example = _example(case.operation.path, case.method.lower())
    whole = example if case.method in {"POST", "PUT"} else {}
    if whole and case.body and real.chosen(range(2), case.body):
        shown = real.chosen(sorted(case.body), case.body)
        case.body = {**whole, shown: case.body[shown]}
        return
    for name, found in real.names().items():
        if isinstance(case.body.get(name), str) and found:
            case.body[name] = real.chosen(found, case.body[name])
    if "organisation" in case.body:
        case.body["organisation"] = real.ORGANISATION


def _template(query: Json) -> str:
    """A file with the columns of a kind of row, and no row."""
    kind = query.get("kind") or "observations"
    answer = real.client().get(f"/v1/imports/templates/{kind}.csv")
    return answer.text


@cache
def _parameters(path: str, method: str) -> dict[str, Json]:
    """The schema of each parameter in the query of an operation."""
    described = CONTRACT["paths"][path].get(method, {}).get("parameters", ())
    return {each["name"]: each["schema"] for each in described if each["in"] == "query"}


@cache
def _example(path: str, method: str) -> Json:
    """The example of what an operation takes."""
    body = CONTRACT["paths"][path].get(method, {}).get("requestBody", {})
    reference = body.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    schema = CONTRACT["components"]["schemas"].get(reference.rpartition("/")[2], {})
    example: Json = schema.get("examples", [{}])[0]
    return example
