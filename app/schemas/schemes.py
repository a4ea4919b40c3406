"""Status schemes on the wire."""

from typing import Annotated

from app.queries.schemes import SCHEMES
from app.rules.vocabulary import Convention, Direction
from app.schemas.queries import Order, Paging, Words
from app.schemas.wire import DateText, DecimalText, Page, Wire, example


class SchemeQuery(Paging):
    """What the list of schemes may be asked."""

    organisation: Words = []
    """Only schemes of this organisation; repeat for more than one."""
    measure_set: Words = []
    """Only schemes for this measure set; repeat for more than one."""
    scheme: Words = []
    """Only the scheme with this name; repeat for more than one."""
    sort: Annotated[str, Order(SCHEMES)] = "id"
    """The column to sort by."""


class ClauseOut(Wire):
    """One clause of a scheme: what must hold, and what follows."""

    model_config = example(
        position=5,
        condition="within 15% of target",
        code="near",
        label="Amber",
        colour="amber",
        points="-0.50",
    )

    position: int
    """Its place in the order in which clauses are tried, from 1."""
    condition: str
    """What must hold, in the words of the vocabulary."""
    code: str
    """The status that follows, the same word for every council."""
    label: str
    """The council's word for it."""
    colour: str | None
    """The council's colour for it."""
    points: DecimalText | None
    """What it counts in the council's rating; null where it does not count."""


class DirectionWord(Wire):
    """A council's word or arrow for a direction."""

    model_config = example(direction="improved", label="▲")

    direction: Direction
    """The direction."""
    label: str
    """The word or arrow; of each direction the first is the one shown."""


_CLAUSES = [
    dict(zip(ClauseOut.model_fields, clause, strict=True))
    for clause in (
        (1, "no outturn: not_supplied", "no_data", "Data not supplied", None, "-1.00"),
        (2, "no outturn", "no_data", "No data", None, None),
        (3, "no target", "no_target", "No target", None, None),
        (4, "met", "met", "Green", "green", "1.00"),
        (5, "within 15% of target", "near", "Amber", "amber", "-0.50"),
        (6, "otherwise", "missed", "Red", "red", "-1.00"),
    )
]
_DIRECTIONS = [
    {"direction": "improved", "label": "▲"},
    {"direction": "improved", "label": "Positive DOT"},
    {"direction": "unchanged", "label": "►"},
    {"direction": "worsened", "label": "▼"},
    {"direction": "worsened", "label": "Negative DOT"},
]


class SchemeOut(Wire):
    """How a council turns outturn and target into a status, for one measure set, between two dates."""

    model_config = example(
        id=3,
        organisation="barnet",
        scheme="barnet-corporate-plan",
        version=1,
        name="Barnet Corporate Plan",
        measure_set="corporate_plan",
        effective_from="2011-04-01",
        effective_to=None,
        variance_convention="unsigned_relative",
        dead_band_percent=None,
        dead_band_units=None,
        note="The 15% amber tolerance is inferred: "
        "it is the one that gives the printed 2011/12 rating of -3.",
        clauses=_CLAUSES,
        directions=_DIRECTIONS,
    )

    id: int
    """The scheme's lasting id."""
    organisation: str
    """The organisation whose scheme it is."""
    scheme: str
    """Its name within the organisation."""
    version: int
    """Which of the versions of that name it is, from 1."""
    name: str
    """Its title."""
    measure_set: str
    """The measures it is for."""
    effective_from: DateText
    """The first day of the period ends it applies to."""
    effective_to: DateText | None
    """The last such day; null while it applies."""
    variance_convention: Convention
    """How the council prints the variance from a target."""
    dead_band_percent: DecimalText | None
    """A change of at most this percentage of the baseline counts as unchanged; null without such a band."""
    dead_band_units: DecimalText | None
    """A change of at most this much, in the unit, counts as unchanged; null without such a band."""
    note: str | None
    """Where the scheme comes from, and what in it is inferred."""
    clauses: list[ClauseOut]
    """Its clauses, in the order in which they are tried."""
    directions: list[DirectionWord]
    """Its words for directions of travel."""


class SchemePage(Page):
    """A page of schemes."""

    items: list[SchemeOut]
    """The schemes."""
