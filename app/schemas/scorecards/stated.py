"""What a report says in words, and how far a council steps in, on the wire."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.rules.vocabulary import EscalationLevel
from app.schemas.explanations import ClauseTried
from app.schemas.scorecards.links import SchemeLink
from app.schemas.wire import DecimalText, Wire, example

NoteAbout = TypeAliasType(
    "NoteAbout", Annotated[Literal["service", "measure"], Field(description="What a note is about.")]
)


class NoteOut(Wire):
    """A few words of the report."""

    model_config = example(
        kind="issue",
        text="New performance approach needed that also covers outside providers",
        about="service",
        title="Chief Executive's Service",
        href="/v1/services/1",
    )

    kind: str
    """What sort of note it is, such as achievement, issue or commentary."""
    text: str
    """The words."""
    about: NoteAbout
    """Whether it is about the service or one of its measures."""
    title: str
    """The name of the service, or the title of the measure."""
    href: str
    """Where that is."""


class InterventionOut(Wire):
    """How far the council says that it steps in over a measure."""

    model_config = example(
        level=2,
        reason="Action plan to improve complaint handling in Quarter 3",
        title="Complaints responded to on time",
        href="/v1/observations/300",
    )

    level: int
    """The level that the report states."""
    reason: str | None
    """Why, and what follows."""
    title: str
    """The title of the measure."""
    href: str
    """Where the measure's observation is, or else its indicator."""


class EscalationFact(Wire):
    """A number that levels of escalation may depend on."""

    model_config = example(name="missed_percent", value="33.333333")

    name: str
    """Its name: missed, missed_percent, revenue_variation_percent, or rating_of_ and a measure set."""
    value: DecimalText | None
    """The number, to six places; null where the scorecard does not have it."""


class EscalationOut(Wire):
    """How far the council steps in over the service, by its own rule."""

    level: EscalationLevel | None
    """The level; null where no clause holds."""
    label: Annotated[str | None, Field(examples=["Board review"])]
    """The council's word for it."""
    colour: Annotated[str | None, Field(examples=["red"])]
    """The council's colour for it."""
    scheme: SchemeLink
    """The scheme that says so."""
    facts: list[EscalationFact]
    """The numbers of the scorecard that its clauses may ask for."""
    clauses: list[ClauseTried]
    """Its clauses, in the order in which they are tried."""
