"""What a finding is, and how the facts that it rests on are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from app.queries.columns import decimal_text
from app.rules.evaluation import half_up

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLACES = 6
_DECIMALS = frozenset(
    {"outturn", "outturn_unrounded", "target", "previous", "progress", "numerator", "denominator"}
)
"""What lists write as decimals of so many places, and a finding without the noughts at the end."""
_ADDRESSES = {
    "observation": "/v1/observations",
    "budget_line": "/v1/budget-variances",
    "risk_assessment": "/v1/risks",
    "establishment": "/v1/workforce-establishment",
    "profile_count": "/v1/workforce-profiles",
    "action": "/v1/actions",
    "service": "/v1/services",
}
"""Where the rows of a kind of fact stand, if they have an address each."""


class Check(StrEnum):
    """What a finding was found by."""

    published_figure = "published_figure"
    totals = "totals"
    heat_map = "heat_map"
    profile_base = "profile_base"
    status_dates = "status_dates"
    colour_without_data = "colour_without_data"
    miss_without_commentary = "miss_without_commentary"
    direction_baseline = "direction_baseline"
    mixed_basis = "mixed_basis"


class About(NamedTuple):
    """What a finding is about: a fact, or several that have one key together and no id."""

    kind: str
    id: int | None
    key: str

    @property
    def href(self) -> str | None:
        """The address of the row, if it has one."""
        where = _ADDRESSES.get(self.kind)
        return None if where is None or self.id is None else f"{where}/{self.id}"


class Given(NamedTuple):
    """An operand that a finding rests on."""

    name: str
    value: str


class Hidden(NamedTuple):
    """Values of a printed input that explain a figure: alone, or with those of the inputs beside it.

    Any value between the ends does, if it explains `alone`; otherwise the ends are all that the input
    can hide, and `example` is one value that does together with the examples beside it.
    """

    input: str
    shown: str
    low: str
    low_included: bool
    high: str
    high_included: bool
    alone: bool
    exact: bool
    example: str | None

    @property
    def interval(self) -> str:
        """The interval as mathematicians write it: a round bracket leaves the end out."""
        opening, closing = "[" if self.low_included else "(", "]" if self.high_included else ")"
        return f"{opening}{self.low}, {self.high}{closing}"


class Finding(NamedTuple):
    """A printed figure that does not come back, or facts that contradict one another, and why.

    `fact` and `made_in` name the fact that states it and the revision that made that fact.
    """

    fact: str
    made_in: int
    organisation: str
    service: str | None
    period: str | None
    subject: About
    field: str
    place: str
    published: str | None
    derived: str | None
    kind: str
    reason: str
    check: Check
    inputs: tuple[Given, ...] = ()
    explained_by: tuple[Hidden, ...] = ()


def given(facts: Iterable[tuple[str, Any]]) -> tuple[Given, ...]:
    """Facts as operands of a finding; what is missing is left out."""
    return tuple(
        Given(name, fact_text(Fraction(value) if name in _DECIMALS else value))
        for name, value in facts
        if value is not None
    )


def fact_text(value: Any) -> str:  # noqa: ANN401 - any raw fact
    """A fact as text: a number exactly, or to six places where it has no end."""
    if isinstance(value, date):
        return value.isoformat()
    return number_text(Fraction(value)) if isinstance(value, Fraction | Decimal | int) else str(value)


def number_text(value: Fraction, most: int = _PLACES) -> str:
    """A number with as many places as it has, up to some, half up."""
    places = next((n for n in range(most) if (value * 10**n).denominator == 1), most)
    return decimal_text(int(half_up(value, places) * 10**places), places)
