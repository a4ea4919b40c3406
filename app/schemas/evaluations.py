"""What-if questions on the wire: what may be asked, read strictly."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.queries.evaluations.operands import MOST_ROWS, UnfitError, cell_reader
from app.queries.evaluations.schemes import Tried, applies_to
from app.rules.catalogue import ENTRIES, TERMS
from app.rules.judging import Clause
from app.rules.nodes import Operand
from app.rules.schemes import UnknownConditionError, condition
from app.rules.tracing import MEASURE, PERCENT
from app.rules.vocabulary import ActionStatus, Convention, Status, Unit
from app.schemas.documented import Documented
from app.schemas.wire import example

if TYPE_CHECKING:
    from fractions import Fraction

    from app.rules.nodes import Kind

_MOST_CLAUSES = 50
_LONGEST = 200
_DECIMAL = {
    "anyOf": [
        {"type": "string", "format": "decimal", "pattern": r"^-?\d+(\.\d+)?$"},
        {"type": "number"},
        {"type": "null"},
    ],
    "examples": ["-0.5"],
}


def _known_rule(name: str) -> str:
    if name in ENTRIES:
        return name
    names = {entry.rule.name: entry.id for entry in ENTRIES.values()} | {each: each for each in ENTRIES}
    near = dict.fromkeys(names[each] for each in get_close_matches(name[:_LONGEST], names, 3))
    hint = f"near: {', '.join(near)}" if near else "GET /v1/rules lists them"
    raise PydanticCustomError("unknown_rule", f"is no rule; {hint}")


def _known_condition(words: str) -> str:
    try:
        condition(words)
    except UnknownConditionError:
        near = get_close_matches(words, [term.example for term in TERMS], 3)
        hint = f"near: {', '.join(near)}" if near else "GET /v1/rules/conditions lists them"
        message = f"says what no condition does; {hint}"
        raise PydanticCustomError("unknown_condition", message) from None
    return words


def _known_status(code: str) -> str:
    if code not in _CODES:
        message = f"must be one of: {', '.join(_CODES)}"
        raise PydanticCustomError("unknown_value", message)
    return code


def _printable(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("malformed", "must hold printable characters only")
    return text


def _decimal_of(kind: Kind) -> BeforeValidator:
    """An exact decimal, as text or as a JSON number, that fits a kind of number."""
    read = cell_reader(Operand("", kind))

    def number(cell: Any) -> Any:  # noqa: ANN401 - any JSON value
        try:
            return None if cell is None else read(cell)
        except UnfitError as error:
            raise PydanticCustomError(error.code, str(error)) from None

    return BeforeValidator(number)


_CODES = tuple(dict.fromkeys([*map(str, Status), *map(str, ActionStatus)]))
_Text = Annotated[str, Field(min_length=1, max_length=_LONGEST), AfterValidator(_printable)]
JudgedStatus = TypeAliasType(
    "JudgedStatus",
    Annotated[
        _Text,
        AfterValidator(_known_status),
        WithJsonSchema(
            {
                "type": "string",
                "enum": list(_CODES),
                "description": "The status of a measure or of an action.",
            }
        ),
    ],
)
_Points = Annotated[Any, _decimal_of(PERCENT), WithJsonSchema({**_DECIMAL, "title": "Points"})]
_Percent = Annotated[Any, _decimal_of(PERCENT), WithJsonSchema({**_DECIMAL, "examples": ["0.5"]})]
_Measure = Annotated[Any, _decimal_of(MEASURE), WithJsonSchema({**_DECIMAL, "examples": ["2"]})]


_CALLS: dict[str, Any] = {
    "numerator": "159488",
    "denominator": "285806",
    "calculation": "share",
    "period_target": {"value": "75", "unit": "percent"},
    "polarity": "higher_is_better",
    "decimals": 1,
}
_OF_RULE: dict[str, Any] = {
    "rule": "indicators.direction_variance",
    "rows": [{"outturn": "55.8", "previous": 48.3}, {"outturn": "7974400/142903", "previous": "48.3"}],
}
_OF_ACTIONS: dict[str, Any] = {
    "scheme": {
        "clauses": [
            {"condition": "progress at least 100", "code": "completed", "label": "Completed"},
            {"condition": "overdue", "code": "overdue", "label": "Overdue"},
            {"condition": "otherwise", "code": "in_progress", "label": "In progress"},
        ]
    },
    "rows": [{"progress": "50", "due_date": "2019-03-31", "as_of": "2019-09-10"}],
    "explain": True,
}


class Asking(Documented):
    """A model that is only ever read in; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class ClauseIn(Asking):
    """A clause to be tried: what must hold, and what follows."""

    model_config = example(
        condition="within 5% of target", code="near", label="Amber", colour="amber", points="-0.5"
    )

    condition: Annotated[_Text, AfterValidator(_known_condition)]
    """What must hold, in the words of /v1/rules/conditions; several are joined by " and "."""
    code: JudgedStatus
    """The status that follows."""
    label: _Text
    """What to call it."""
    colour: _Text | None = None
    """The colour that stands for it."""
    points: _Points = None
    """What it counts in a rating."""


class SchemeIn(Asking):
    """The scheme to try: the id of one in force, or clauses of your own."""

    model_config = example(
        clauses=[
            {"condition": "no outturn", "code": "no_data", "label": "Not known"},
            {"condition": "no target", "code": "no_target", "label": "Not known"},
            {"condition": "met", "code": "met", "label": "Green"},
            {"condition": "within 5% of target", "code": "near", "label": "Amber"},
            {"condition": "otherwise", "code": "missed", "label": "Red"},
        ],
    )

    id: Annotated[StrictInt, Field(ge=1, lt=2**63, examples=[3])] | None = None
    """A scheme of /v1/schemes; then all else is settled by it."""
    clauses: Annotated[list[ClauseIn], Field(min_length=1, max_length=_MOST_CLAUSES)] | None = None
    """Clauses, in the order in which they are tried; all for measures, or all for actions."""
    variance_convention: Convention = Convention.none
    """How the variance from target is printed."""
    dead_band_percent: _Percent = None
    """A change within this percentage of the baseline is none."""
    dead_band_units: _Measure = None
    """A change within this, in the unit of the measure, is none."""

    @model_validator(mode="after")
    def check(self) -> SchemeIn:
        """Refuse a scheme that is two, or none, or for two sorts of rows."""
        if (self.id is None) == (self.clauses is None):
            raise PydanticCustomError("ambiguous", "must have either an id or clauses")
        if self.id is not None and self.model_fields_set != {"id"}:
            raise PydanticCustomError("ambiguous", "must have nothing beside the id of a scheme in force")
        if self.clauses is not None and applies_to([c.condition for c in self.clauses]) is None:
            raise PydanticCustomError("mixed_clauses", "must have clauses of measures, or of actions")
        return self

    def tried(self) -> Tried:
        """The scheme that its clauses make."""
        clauses = self.clauses or []
        points: list[Fraction | None] = [clause.points for clause in clauses]
        return Tried(
            applies_to([clause.condition for clause in clauses]) or "measures",
            tuple(
                Clause(c.condition, c.code, c.label, c.colour, p)
                for c, p in zip(clauses, points, strict=True)
            ),
            self.variance_convention,
            self.dead_band_percent,
            self.dead_band_units,
        )


class Question(Asking):
    """What is asked of the rows."""

    rule: Annotated[str, AfterValidator(_known_rule)] | None = None
    """The id of a rule of /v1/rules."""
    scheme: SchemeIn | None = None
    """The scheme to try in place of a rule."""
    explain: StrictBool = False
    """Whether to tell how each answer came about."""

    @model_validator(mode="after")
    def check(self) -> Question:
        """Refuse a question about two things, or about none."""
        if (self.rule is None) == (self.scheme is None):
            raise PydanticCustomError("ambiguous", "must have either a rule or a scheme")
        return self


class MeasuredOperand(Asking):
    """A figure with its unit; figures that are held against each other must be in one."""

    model_config = example(value="75", unit="percent")

    value: Annotated[str | float, WithJsonSchema({**_DECIMAL, "examples": ["75"]})]
    """The figure."""
    unit: Unit
    """What it is in."""


OperandIn = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "number"},
                {"type": "boolean"},
                {"$ref": "#/components/schemas/MeasuredOperand"},
                {"type": "null"},
            ]
        }
    ),
]


FactsIn = TypeAliasType(
    "FactsIn",
    Annotated[
        dict[str, OperandIn],
        Field(description="Operands of one row, by name.", examples=[{"outturn": "55.8"}]),
    ],
)


class EvaluationIn(Question):
    """A rule or a scheme, and up to a thousand rows of operands to answer on.

    Numbers are exact decimals, as text or as JSON numbers; unrounded ones may be fractions such as
    7974400/142903; dates are ISO 8601; null, or nothing, is a missing operand. A row may say its `unit`,
    and so may a figure: what is held against each other must be in one.

    For a rule, `GET /v1/rules` lists the operands. A scheme of measures reads the raw facts of an
    observation. `polarity` is required, and `calculation` where there is a numerator. Where a row does not
    say, `state` is `reported`, `basis` is `previous_period`, `decimals` is 4, a target's kind is `value`, a
    flag is false, and `convention` and dead bands are the scheme's. Names that begin with `year_` are of
    the annual target, with `earlier_` of the baseline, with `year_earlier_` of the same period a year
    before. A scheme of actions reads `progress`, `start_date`, `due_date`, `as_of` and `cancelled`.

    Refused are a row whose target is zero where a clause that is reached asks for a percentage of it, and
    one whose polarity makes such a clause senseless; more than 1,000 rows (422) and 1 MiB (413).
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"scheme": {"id": 3}, "rows": [_CALLS]}, _OF_RULE, _OF_ACTIONS]}
    )

    rows: Annotated[list[FactsIn], Field(min_length=1, max_length=MOST_ROWS)]
    """Rows of operands, by name."""
