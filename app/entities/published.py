"""What a report says beside its raw figures: notes, and the derived figures as printed."""

from sqlmodel import Field

from app.entities.revisions import Fact


class Note(Fact, table=True):
    """A few words about a service or a measure in a period."""

    read_by = (("subject_id", "period_id"),)

    subject_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    kind: str
    position: int
    text: str


class PublishedFigure(Fact, table=True):
    """What a document printed for a derived field, kept beside the derived one and never used for it.

    With the role `input` it is the printed text of a raw figure, kept for its precision.
    """

    __tablename__ = "published_figure"
    read_by = (("subject_id", "field"),)

    subject_id: int = Field(foreign_key="subject.id")
    period_id: str | None = Field(default=None, foreign_key="period.id")
    field: str
    printed: str
    place: str
    role: str
    position: int
    finding_kind: str | None = None
    reason: str | None = None
