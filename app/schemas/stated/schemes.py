"""The clauses of schemes and their words for directions on the wire, each a row of its own."""

from typing import Annotated

from app.queries.stated import DIRECTION_LABELS, SCHEME_CLAUSES
from app.rules.vocabulary import Direction
from app.schemas.queries import Order, Paging, Words
from app.schemas.wire import DecimalText, Page, Wire, example


class OfSchemes(Paging):
    """Of which schemes."""

    organisation: Words = []
    """Only schemes of this organisation; repeat for more than one."""
    scheme: Words = []
    """Only the scheme with this name; repeat for more than one."""


class OfScheme(Wire):
    """Which scheme a row is of, and its place there."""

    id: int
    """The row's lasting id."""
    organisation: str
    """The organisation whose scheme it is."""
    scheme_id: int
    """The scheme's lasting id."""
    scheme: str
    """The scheme's name within the organisation."""
    version: int
    """Which of the versions of that name it is, from 1."""


class SchemeClauseQuery(OfSchemes):
    """What the list of clauses may be asked."""

    code: Words = []
    """Only clauses that give this status; repeat for more than one."""
    sort: Annotated[str, Order(SCHEME_CLAUSES)] = "id"
    """The column to sort by."""


class SchemeClauseOut(OfScheme):
    """A clause of a scheme: a condition in words, and what follows from it."""

    model_config = example(
        id=5,
        organisation="barnet",
        scheme_id=2,
        scheme="barnet-corporate-plan",
        version=1,
        position=1,
        condition="no outturn: not_supplied",
        code="no_data",
        label="Data not supplied",
        colour=None,
        points="-1.00",
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


class SchemeClausePage(Page):
    """A page of clauses."""

    items: list[SchemeClauseOut]
    """The clauses."""


class DirectionLabelQuery(OfSchemes):
    """What the list of words for directions may be asked."""

    code: list[Direction] = []
    """Only words for this direction; repeat for more than one."""
    sort: Annotated[str, Order(DIRECTION_LABELS)] = "id"
    """The column to sort by."""


class DirectionLabelOut(OfScheme):
    """A council's word or arrow for a direction."""

    model_config = example(
        id=21,
        organisation="barnet",
        scheme_id=2,
        scheme="barnet-corporate-plan",
        version=1,
        position=2,
        code="improved",
        label="Positive DOT",
    )

    position: int
    """Its place among the words for the direction; the first is the one shown, others occur in print."""
    code: Direction
    """The direction."""
    label: str
    """The word or arrow."""


class DirectionLabelPage(Page):
    """A page of words for directions."""

    items: list[DirectionLabelOut]
    """The words."""
