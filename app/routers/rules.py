"""The rules, the conditions of schemes, and what follows from either on figures of one's own."""

from functools import cache
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor

from app.errors import Fault, NotFound
from app.queries.evaluations.asked import Evaluated, evaluate_rule, evaluate_scheme, rows_of
from app.queries.evaluations.schemes import Tried, gaps, scheme_in_force
from app.routers.bodies import body_of, read_json, refused
from app.routers.deps import Read
from app.rules.catalogue import ENTRIES, TERMS
from app.rules.schemes import UnknownConditionError
from app.schemas.answers import Evaluation
from app.schemas.evaluations import EvaluationIn, Question
from app.schemas.faults import faults_of
from app.schemas.rules import ConditionList, RuleList, RuleOut, condition_row, rule_row

_UNSTORED = {"Cache-Control": "no-store"}
_JSON = "application/json"


class RuleIdConvertor(StringConvertor):
    """A domain and a name, so that no rule is taken for another address below /v1/rules."""

    regex = r"[a-z_]+\.[a-z_]+"


register_url_convertor("rule", RuleIdConvertor())
router = APIRouter(prefix="/v1", tags=["rules"])
RuleId = Annotated[
    str,
    Path(alias="id", description="The rule's domain and name.", examples=["indicators.direction_variance"]),
]


@router.get("/rules", response_model=RuleList)
async def list_rules() -> Response:
    """Every rule, with its formula, operands, source and worked cases."""
    return Response(_rules(), media_type=_JSON)


@router.get("/rules/conditions", response_model=ConditionList)
async def list_conditions() -> Response:
    """Every form of condition that a clause of a scheme may have."""
    return Response(_conditions(), media_type=_JSON)


@router.get("/rules/{id:rule}", response_model=RuleOut)
async def get_rule(rule_id: RuleId) -> Response:
    """One rule, with its formula, operands, source and worked cases."""
    if rule_id not in ENTRIES:
        raise NotFound(f"No rule has the id {rule_id}.")
    return Response(_rule(rule_id), media_type=_JSON)


@router.post(
    "/rules/evaluate",
    response_model=Evaluation,
    operation_id="evaluate_rows",  # what answers in one form of several is named after it
    openapi_extra=body_of(EvaluationIn),
)
async def evaluate_rows(request: Request, read: Read) -> Response:
    """What follows from a rule or a scheme on up to a thousand rows of figures; nothing is stored."""
    body = await read_json(request)
    question = _asked(body)
    scheme = None if question.scheme is None else question.scheme.tried()
    if question.scheme is not None and question.scheme.id is not None:
        scheme = await _in_force(read, question.scheme.id)
    elif scheme is not None and (faults := await run_in_threadpool(list, gaps(scheme))):
        raise refused(faults)
    answer = await run_in_threadpool(_answered, question, scheme, body["rows"])
    return Response(answer, media_type=_JSON, headers=_UNSTORED)


def _asked(body: Any) -> Question:  # noqa: ANN401 - any JSON value
    """What a body asks. Raises InvalidBody with every fault of it, and of the rows if they can be read."""
    if not isinstance(body, dict):
        raise refused([Fault("not_an_object", "must be an object", pointer="")])
    rows, faults = rows_of(body)
    try:
        question = Question.model_validate({name: part for name, part in body.items() if name != "rows"})
    except ValidationError as error:
        faults = [*faults_of(error), *faults]
        rule = body.get("rule")
        if isinstance(rule, str) and rule in ENTRIES:
            faults += evaluate_rule(ENTRIES[rule], rows, explains=False).faults
        raise refused(faults) from None
    if faults:
        raise refused(faults)
    return question


async def _in_force(read: Read, scheme_id: int) -> Tried:
    """A scheme of a council. Raises InvalidBody where there is none, or where it judges no rows."""
    try:
        scheme = await read(scheme_in_force, scheme_id)
    except UnknownConditionError:
        message = "is a scheme that judges neither measures nor actions"
    else:
        if scheme is not None:
            return scheme
        message = "is the id of no scheme in force"
    raise refused([Fault("unknown_value", message, pointer="/scheme/id")])


def _answered(question: Question, scheme: Tried | None, rows: list[Any]) -> bytes:
    evaluated = _evaluated(question, scheme, rows)
    if evaluated.faults:
        raise refused(evaluated.faults)
    return orjson.dumps(evaluated.answer)


def _evaluated(question: Question, scheme: Tried | None, rows: list[Any]) -> Evaluated:
    if scheme is not None:
        return evaluate_scheme(scheme, rows, explains=question.explain)
    return evaluate_rule(ENTRIES[question.rule or ""], rows, explains=question.explain)


@cache
def _rules() -> bytes:
    return orjson.dumps({"items": [rule_row(entry) for entry in ENTRIES.values()]})


@cache
def _conditions() -> bytes:
    return orjson.dumps({"items": [condition_row(term) for term in TERMS]})


@cache
def _rule(rule_id: str) -> bytes:
    return orjson.dumps(rule_row(ENTRIES[rule_id]))
