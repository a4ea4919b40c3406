"""Status schemes as they are written: a scheme, its clauses and its words for directions, one by one."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.rules.vocabulary import ActionStatus, Convention, Direction, EscalationLevel, Status
from app.schemas.wire import example
from app.schemas.writes.fields import (
    Day,
    Key,
    Measure,
    Name,
    Percent,
    Share,
    Stated,
    Text,
    Whole,
)

_CODES = list(dict.fromkeys(map(str, (*Status, *ActionStatus, *EscalationLevel))))


def _known(code: Any) -> str:  # noqa: ANN401 - any JSON value
    if not isinstance(code, str) or code not in _CODES:
        raise PydanticCustomError("unknown_value", f"must be one of: {', '.join(_CODES)}")
    return code


Outcome = TypeAliasType(
    "Outcome",
    Annotated[
        str,
        BeforeValidator(_known),
        Field(
            description="What follows: the status of a measure or an action, or how far a council steps in.",
            json_schema_extra={"enum": list(_CODES)},
        ),
    ],
)
Colour = TypeAliasType(
    "Colour",
    Annotated[Literal["green", "amber", "red", "grey", "blue"], Field(description="A council's colour.")],
)


class StatusSchemeIn(Stated):
    """One version of how a council turns outturn and target into a status, as it is written."""

    model_config = example(
        organisation="barnet",
        id="barnet-corporate-plan",
        name="Barnet Corporate Plan",
        measure_set="corporate_plan",
        effective_from="2011-04-01",
        variance_convention="unsigned_relative",
        note="The 15% amber tolerance is inferred: "
        "it is the one that gives the printed 2011/12 rating of -3.",
    )

    id: Key
    """Its name within the organisation, with its number if it is a later version: `plan@2` follows `plan`."""
    name: Text
    """Its title."""
    measure_set: Name
    """The measures it is for."""
    effective_from: Day
    """The first day of the period ends it applies to."""
    effective_to: Day | None = None
    """The last such day; none while it applies."""
    variance_convention: Convention
    """How the council prints the variance from a target."""
    dead_band_percent: Share | None = None
    """A change of at most this percentage of the baseline counts as unchanged."""
    dead_band_units: Measure | None = None
    """A change of at most this much, in the unit, counts as unchanged."""
    note: Text | None = None
    """Where the scheme comes from, and what in it is inferred."""


class SchemeClauseIn(Stated):
    """One clause of a scheme, as it is written: what must hold, and what follows."""

    model_config = example(
        organisation="barnet",
        scheme="barnet-corporate-plan",
        position=5,
        condition="within 15% of target",
        code="near",
        label="Amber",
        colour="amber",
        points="-0.5",
    )

    scheme: Name
    """The id of the scheme, with its version: `plan@2`."""
    position: Whole
    """Its place in the order in which clauses are tried, from 1."""
    condition: Text
    """What must hold, in the words of /v1/rules/conditions; several are joined by " and "."""
    code: Outcome
    """What follows, in the same word for every council."""
    label: Text
    """The council's word for it."""
    colour: Colour | None = None
    """The council's colour for it."""
    points: Percent | None = None
    """What it counts in the council's rating; none where it does not count."""


class DirectionLabelIn(Stated):
    """A council's word or arrow for a direction, as it is written."""

    model_config = example(organisation="barnet", scheme="barnet-corporate-plan", code="improved", label="▲")

    scheme: Name
    """The id of the scheme, with its version."""
    code: Direction
    """The direction."""
    label: Text
    """The word or arrow. Of a direction the first is shown; those that are added later occur in print."""
