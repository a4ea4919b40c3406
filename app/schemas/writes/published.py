"""What a report says beside its raw figures, as it is written: notes, and derived figures in print."""

from app.imports.actions import NoteKind
from app.imports.published import PublishedKind, Role
from app.rules.vocabulary import FindingKind
from app.schemas.stated.documents import NoteSubject
from app.schemas.wire import example
from app.schemas.writes.fields import Name, Pair, Period, Stated, Text, Whole


class NoteIn(Stated):
    """A few words about a service or a measure in a period, as they are written."""

    model_config = example(
        organisation="barnet",
        kind="indicator",
        subject="3002",
        period="2011-12-q2",
        note_kind="commentary",
        position=2,
        text="Leave and peak cover reviewed; housing benefit backlog cleared, so calls should improve",
    )

    kind: NoteSubject
    """What it is about."""
    subject: Name
    """The slug of that service, or the key of that indicator."""
    period: Period
    """The period, by id or by label."""
    note_kind: NoteKind
    """What it says of it."""
    position: Whole
    """Its place among the notes of its kind."""
    text: Text
    """The words."""


class PublishedFigureIn(Stated):
    """What a document prints for a field, kept beside the derived figure and never used for it."""

    model_config = example(
        organisation="barnet",
        kind="observation",
        subject="3002",
        service="chief-executives-service",
        period="2011-12-q2",
        field="target_variance_as_reported",
        printed="19%",
        place="commentary",
        role="derived",
        finding_kind="inconsistent",
        reason="The table prints 25.6% of target; the commentary gives the gap of 19.2 points "
        "and calls it a percentage.",
    )

    kind: PublishedKind
    """What it is about."""
    subject: Pair
    """The key of that fact: of an indicator, a budget line, a risk or an action; the slug of a service;
    revenue or capital for a total; dimension/category of a profile, indicator/group of a breakdown."""
    service: Name
    """The slug of the service it is printed for."""
    period: Period
    """The period, by id or by label."""
    field: Name
    """Which field of the fact is printed."""
    printed: Text
    """The figure, as it is printed."""
    place: Name
    """Where the document prints it."""
    role: Role = Role.derived
    """Whether the figure follows from others, or is the printed text of a raw one."""
    finding_kind: FindingKind | None = None
    """Why it differs from what follows, where that is known."""
    reason: Text | None = None
    """That in words; given with `finding_kind`, or not at all."""
