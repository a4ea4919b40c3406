"""The types that query parameters are made of."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import TypeAliasType

from app.queries.columns import Field as Column
from app.queries.listings import MOST_ROWS, Listing
from app.rules.periods import MalformedPeriodError, parse_period
from app.rules.vocabulary import Baseline
from app.schemas.documented import Documented

DEFAULT_LIMIT = 100
MOMENT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$"
)
"""How a moment is written, or a day for its end: `app.routers.views` reads it."""


class View(StrEnum):
    """What is read: what is public, or drafts beside it.

    Drafts are the working state of what the credential reads drafts of, beside what is public of all else.
    """

    released = "released"
    draft = "draft"


class Asked(Documented):
    """What any question may ask; a parameter that a question does not have is refused."""

    # FastAPI gives a parameter an alias, of which pydantic warns where FastAPI does not build it at once.
    model_config = ConfigDict(extra="forbid", defer_build=False)

    view: View = View.released
    """What is read: what is public, or drafts beside it."""
    as_of: Annotated[
        str | None,
        Field(
            min_length=10,
            max_length=40,
            json_schema_extra={"pattern": MOMENT},
            examples=["2012-03-31", "2012-03-31T09:00:00Z"],
        ),
    ] = None
    """Read what was public at this moment, or at the end of this day in London."""


class Paging(Asked):
    """How much of a list, and from where."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = DEFAULT_LIMIT
    """How many items at most."""
    cursor: Annotated[
        str | None,
        Field(min_length=1, max_length=8000, json_schema_extra={"pattern": "^[A-Za-z0-9_=-]+$"}),
    ] = None
    """Where to go on: `next_cursor` of the page before, with the same filters and order."""
    include_total: bool = False
    """Whether to count all rows that the filters leave."""


class UnderScheme(Asked):
    """By whose rule rows are judged."""

    judges_actions: ClassVar[bool] = False
    """Whether its rows are actions, which other schemes judge than measures."""

    scheme: Annotated[str | None, Field(min_length=1, max_length=200, examples=["thurrock-pass-fail"])] = None
    """Judge every row by this scheme instead of its council's own: by id, or by name as in `barnet-hr`,
    `barnet-hr@2` for its second version, `barnet/barnet-hr` where several councils have one of that name.
    Without a version it is the newest."""


class UnderPremises(UnderScheme):
    """By whose rule rows are judged, and with what they are compared."""

    baseline: Baseline | None = None
    """Compare every row with the outturn of this period instead of the baseline of its measure; a previous
    figure that a report states counts only where it is of that period."""


def _amount(value: object) -> object:
    """A plain decimal number; no exponent, no blanks, no other digits than 0 to 9."""
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", value):
        code, message = "not_a_decimal", "must be a decimal number such as 12.5"
        raise PydanticCustomError(code, message)
    return Decimal(value)


def _period(value: str) -> str:
    try:
        return parse_period(value).id
    except MalformedPeriodError as error:
        code, message = "malformed_period", "{reason}"
        raise PydanticCustomError(code, message, {"reason": str(error)}) from error


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema(
        {
            "type": "string",
            "format": "decimal",
            "pattern": r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$",
            "examples": ["12.5"],
        }
    ),
]
"""A decimal to compare a column with."""
Words = Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=100)]
"""Values to keep, one or more; a value that occurs nowhere is refused."""
PeriodName = Annotated[str, Field(max_length=60, examples=["2011-12-q2"]), AfterValidator(_period)]
"""One period, by id or by label."""
Periods = Annotated[list[PeriodName], Field(max_length=100)]
"""Periods to keep, by id or by label."""


class OfServices(Asked):
    """Whose rows."""

    organisation: Words = []
    """Only rows of this organisation, such as `barnet`; repeat for more than one."""
    service: Words = []
    """Only rows of the service with this slug; repeat for more than one."""


class OfPeriods(OfServices):
    """Whose rows, and for when."""

    period: Periods = []
    """Only rows of this reporting period, by id or label; repeat for more than one."""


@cache
def _sort(name: str, allowed: tuple[str, ...]) -> TypeAliasType:
    """What a list may be sorted by, under the one name that the contract has for it."""
    described = Field(
        description="A column to sort by, - in front for the greatest first; missing values stand last.",
        json_schema_extra={"enum": list(allowed)},
        examples=["id"],
    )
    return TypeAliasType(name, Annotated[str, described])


class Order:
    """A column of a list to sort by, `-` in front for the greatest first; missing values stand last."""

    def __init__(self, listing: Listing) -> None:
        """Any column of the list may be asked for."""
        self.names = tuple(column.name for column in listing.fields)
        self.allowed = (*self.names, *(f"-{name}" for name in self.names))
        self._name = "".join(map(str.capitalize, re.findall(r"\w+", listing.name))) + "Sort"

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the name; the contract has the names once for all who may ask for them."""
        named = handler.generate_schema(_sort(self._name, self.allowed))
        return core_schema.no_info_after_validator_function(self.check, named)

    def check(self, value: str) -> str:
        """The value, if it names a column."""
        if value not in self.allowed:
            code = "unknown_sort"
            message = "must be one of {names}, with a - in front to turn it round"
            raise PydanticCustomError(code, message, {"names": ", ".join(self.names)})
        return value


def bound(column: Column, end: str, amount: Decimal) -> int:
    """A range's end in a column's whole units: rounded inwards, so that no row outside slips in."""
    units = amount.scaleb(column.places)
    rounding = "ROUND_CEILING" if end == "min" else "ROUND_FLOOR"
    return max(-(2**63), min(2**63 - 1, int(units.to_integral_value(rounding=rounding))))
