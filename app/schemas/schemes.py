"""Status schemes on the wire."""

from typing import Annotated

from pydantic import Field

from app.queries.flips import FLIPS
from app.queries.schemes import SCHEMES
from app.rules.vocabulary import (
    Baseline,
    Convention,
    Direction,
    LintKind,
    Polarity,
    State,
    Status,
    Unit,
)
from app.schemas.indicators import OfMeasures
from app.schemas.queries import Amount, Order, Paging, Words
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


class FlipFilters(OfMeasures):
    """Which observations: those whose status differs, and that these filters keep."""

    against: Annotated[
        str | None, Field(min_length=1, max_length=200, examples=["barnet-corporate-plan"])
    ] = None
    """The scheme that statuses change from, by id or name; each council's own, if none is given."""
    baseline: Baseline | None = None
    """Compare every row with the outturn of this period instead of the baseline of its measure."""
    from_status: list[Status] = []
    """Only rows that had this status; repeat for more than one."""
    to_status: list[Status] = []
    """Only rows that would have this status; repeat for more than one."""
    target_variance_min: Amount | None = None
    """Only rows whose variance from target is at least this percentage; positive is better."""
    target_variance_max: Amount | None = None
    """Only rows whose variance from target is at most this percentage; positive is better."""


class FlipQuery(FlipFilters, Paging):
    """What the flips between two schemes may be asked."""

    sort: Annotated[str, Order(FLIPS)] = "id"
    """The column to sort by."""


class FlipCount(Wire):
    """How many observations change from one status to another."""

    model_config = example(from_status="near", to_status="missed", count=4)

    from_status: Status
    """The status before."""
    to_status: Status
    """The status that it would be."""
    count: int
    """How many observations change so."""


class FlipOut(Wire):
    """An observation whose status another scheme changes."""

    model_config = example(
        id=124,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        indicator_id=76,
        indicator_key="3004",
        indicator_code="3004",
        title="% satisfaction with quality of web, email, face-to-face and telephone interactions",
        section="Performance",
        measure_set="corporate_plan",
        unit="percent",
        decimals=1,
        polarity="higher_is_better",
        state="reported",
        outturn="77.4",
        target="85.0000",
        target_variance="-8.9",
        from_scheme="barnet-corporate-plan",
        from_status="near",
        from_label="Amber",
        from_colour="amber",
        to_scheme="thurrock-pass-fail",
        to_status="missed",
        to_label="FAILED",
        to_colour="red",
    )

    id: int
    """The observation's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service that reports it."""
    period: str
    """The reporting period."""
    indicator_id: int
    """The indicator's lasting id."""
    indicator_key: str
    """The indicator's name within the organisation."""
    indicator_code: str | None
    """The indicator's code as printed."""
    title: str
    """The indicator's title."""
    section: str | None
    """The section of the report it stands in."""
    measure_set: str
    """The set of measures it belongs to."""
    unit: Unit
    """What its value counts."""
    decimals: int
    """How many decimals its outturn is shown with."""
    polarity: Polarity
    """Which way it is good."""
    state: State
    """Why it has a value, or none."""
    outturn: DecimalText | None
    """The value achieved, to the decimals of the measure."""
    target: DecimalText | None
    """The target that applies."""
    target_variance: DecimalText | None
    """Percent of the target by which the outturn is better (positive) or worse."""
    from_scheme: str | None
    """The scheme that judged it; null where none does."""
    from_status: Status
    """Its status under that scheme."""
    from_label: str | None
    """The scheme's word for it."""
    from_colour: str | None
    """The scheme's colour for it."""
    to_scheme: str
    """The scheme that is tried."""
    to_status: Status
    """Its status under the scheme that is tried."""
    to_label: str | None
    """That scheme's word for it."""
    to_colour: str | None
    """That scheme's colour for it."""


class FlipPage(Page):
    """A page of the observations whose status changes; the first says how many change in what way."""

    counts: list[FlipCount] | None
    """How many change from what to what, most first, whatever the page; null on later pages."""
    items: list[FlipOut]
    """The observations."""


class LintFact(Wire):
    """A fact of an example."""

    model_config = example(name="outturn", value="-0.01")

    name: str
    """The operand."""
    value: str | None
    """Its value: a word, an exact decimal, a date or yes or no; null where it is missing."""


class LintOut(Wire):
    """What is wrong with a scheme, with facts that show it."""

    model_config = example(
        kind="zero_target",
        refused=False,
        position=5,
        condition="within 15% of target",
        message="a percentage of a target of zero is no tolerance",
        example=[
            {"name": "polarity", "value": "higher_is_better"},
            {"name": "target", "value": "0"},
            {"name": "outturn", "value": "-0.01"},
        ],
    )

    kind: LintKind
    """What kind of fault it is."""
    refused: bool
    """Whether a scheme with it is not taken."""
    position: int | None
    """The clause it lies in; null where it is of all of them."""
    condition: str | None
    """What that clause says."""
    message: str
    """What is wrong."""
    example: list[LintFact]
    """Facts that show it."""


class LintList(Wire):
    """Everything that is wrong with a scheme."""

    model_config = example(items=[])

    items: list[LintOut]
    """The faults; none where the scheme is sound."""


class SchemePage(Page):
    """A page of schemes."""

    items: list[SchemeOut]
    """The schemes."""
