"""Notes and printed figures on the wire, as reports have them."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.imports.actions import NoteKind
from app.imports.published import Role
from app.queries.stated import NOTES, PUBLISHED_FIGURES
from app.rules.vocabulary import FindingKind
from app.schemas.queries import OfPeriods, Order, Paging, Words
from app.schemas.wire import Disclosed, Page, Wire, example

NoteSubject = TypeAliasType(
    "NoteSubject", Annotated[Literal["service", "indicator"], Field(description="What a note is about.")]
)


class SubjectFilters(OfPeriods):
    """About what."""

    subject_kind: Words = []
    """Only rows about facts of this kind, such as `indicator`; repeat for more than one."""
    subject: Words = []
    """Only rows about the fact with this key; repeat for more than one."""


class NoteQuery(SubjectFilters, Paging):
    """What the list of notes may be asked."""

    kind: list[NoteKind] = []
    """Only notes of this kind; repeat for more than one."""
    sort: Annotated[str, Order(NOTES)] = "id"
    """The column to sort by."""


class SubjectNote(Wire):
    """A few words about a service or a measure in a period."""

    model_config = example(
        id=187,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        subject_kind="service",
        subject_id=1,
        subject="chief-executives-service",
        kind="achievement",
        position=2,
        text="Performance framework reviewed and quarterly reporting improved",
    )

    id: int
    """The note's lasting id."""
    organisation: str
    """The organisation whose report has it."""
    service: str
    """The slug of the service, or of the service that the measure is of."""
    period: str
    """The period."""
    subject_kind: NoteSubject
    """What it is about."""
    subject_id: int
    """The lasting id of the service or the indicator."""
    subject: str
    """The service's slug or the indicator's key."""
    kind: NoteKind
    """What sort of note it is."""
    position: int
    """Its place among the notes of its kind on the subject, from 1."""
    text: str
    """The words."""


class NotePage(Page):
    """A page of notes."""

    items: list[SubjectNote]
    """The notes."""


class PublishedFigureQuery(SubjectFilters, Paging):
    """What the list of printed figures may be asked."""

    field: Words = []
    """Only figures of this field; repeat for more than one."""
    role: list[Role] = []
    """Only figures that follow from others, or only the printed text of raw ones."""
    finding_kind: list[FindingKind] = []
    """Only figures that the report's data give this kind of finding; repeat for more than one."""
    sort: Annotated[str, Order(PUBLISHED_FIGURES)] = "id"
    """The column to sort by."""


class PublishedFigureOut(Wire):
    """What a document printed in one place; nothing is derived from it."""

    model_config = example(
        id=224,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        subject_kind="service",
        subject_id=1,
        subject="chief-executives-service",
        field="scorecard:capital_variation",
        printed="(43)",
        place="summary table",
        role="derived",
        position=2,
        finding_kind=None,
        reason=None,
        state="reported",
    )

    id: int
    """The figure's lasting id."""
    organisation: str
    """The organisation whose report prints it."""
    service: str
    """The slug of the service that the fact is of."""
    period: str | None
    """The period of the report."""
    subject_kind: str
    """The kind of fact that it is about, such as `observation`; a total is about its service."""
    subject_id: int
    """The lasting id of that fact."""
    subject: str
    """What names that fact in the report's data."""
    field: str
    """The field that it prints."""
    printed: str | None
    """What is printed; the public does not read what is said of counts of people."""
    place: str
    """Where in the document."""
    role: Role
    """Whether it follows from other figures, or is the printed text of a raw one."""
    position: int
    """Its place in the report's data, from 1."""
    finding_kind: FindingKind | None
    """The kind of finding that the report's data give it, if any."""
    reason: str | None
    """Why it is a finding, in a few words."""
    state: Disclosed
    """Whether something of the row is withheld."""


class PublishedFigurePage(Page):
    """A page of printed figures."""

    items: list[PublishedFigureOut]
    """The figures."""
