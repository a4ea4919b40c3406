"""Ratings on the wire: a measure set's points, and the measures that make them."""

from typing import Annotated

from pydantic import Field

from app.rules.vocabulary import State, Status, Unscored
from app.schemas.scorecards.links import SchemeLink
from app.schemas.wire import DecimalText, Wire, example


class SubtotalOut(Wire):
    """Measures that count the same in a rating."""

    model_config = example(label="Red", points="-1.00", count=4, sum="-4.00")

    label: str
    """The council's word for their status."""
    points: DecimalText
    """What each of them counts."""
    count: int
    """How many they are."""
    sum: DecimalText
    """What they count together."""


class RatedRow(Wire):
    """A measure as its rating sees it."""

    observation_id: int
    """The observation's lasting id."""
    href: str
    """Where it is."""
    explain: str
    """Where its status is explained."""
    indicator_key: str
    """The indicator's name within the organisation."""
    title: str
    """The indicator's title."""
    status: Status
    """Where the outturn stands against its target."""
    label: str | None
    """The council's word for the status."""
    colour: str | None
    """The council's colour for the status."""


class ScoredOut(RatedRow):
    """A measure that counts in a rating."""

    model_config = example(
        observation_id=138,
        href="/v1/observations/138",
        explain="/v1/observations/138/explain",
        indicator_key="hr-absence-returns",
        title="% managers submitting a monthly absence return",
        status="missed",
        label="Red",
        colour="red",
        points="-1.00",
    )

    points: DecimalText
    """What it counts."""


class UnscoredOut(RatedRow):
    """A measure that counts nothing in its rating, and why."""

    model_config = example(
        observation_id=140,
        href="/v1/observations/140",
        explain="/v1/observations/140/explain",
        indicator_key="hr-mid-year-reviews",
        title="% mid year performance reviews undertaken for eligible staff only (to be reported in Q3)",
        status="no_data",
        label="No data",
        colour=None,
        reason="no_outturn",
        state="not_yet_due",
        because="its figure is not due yet",
    )

    reason: Unscored
    """Why it counts nothing."""
    state: State
    """Whether it has a figure, and if not, why."""
    because: str
    """The reason in words."""


class RatingOut(Wire):
    """The rating of one measure set: the sum of its points, and the rows that make it."""

    measure_set: Annotated[str, Field(examples=["hr"])]
    """The measure set."""
    name: Annotated[str, Field(examples=["HR"])]
    """The measure set as a person says it."""
    href: Annotated[
        str,
        Field(examples=["/v1/scorecards/barnet/chief-executives-service/2011-12-q2/ratings/hr/explain"]),
    ]
    """Where the rating is explained."""
    scheme: SchemeLink | None
    """The scheme that gives the points; null where none was in force."""
    rating: Annotated[DecimalText | None, Field(examples=["-4.50"])]
    """The sum of points; null where no measure counts, which is not a rating of zero."""
    formula: Annotated[str | None, Field(examples=["Red × (-1) + Amber × (-0.5)"])]
    """How the points add up, in words."""
    filled: Annotated[str | None, Field(examples=["4 × (-1) + 1 × (-0.5) = -4.5"])]
    """The same with the numbers of measures filled in."""
    sentence: Annotated[
        str, Field(examples=["HR is rated -4.5: four reds at -1 each and one amber at -0.5."])
    ]
    """The same for a reader who knows no formulas, with what is left out."""
    subtotals: list[SubtotalOut]
    """The measures by what they count, the fewest points first."""
    scored: list[ScoredOut]
    """The measures that count, in the order of the subtotals and then of the report."""
    unscored: list[UnscoredOut]
    """The measures that do not, in the order of the report."""
