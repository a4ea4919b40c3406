"""What-if answers on the wire: row by row, in the order of the rows."""

from typing import Annotated, Literal

from pydantic import Field

from app.rules.vocabulary import Baseline, Direction, SurveyBadge
from app.schemas.explanations import TriedTest
from app.schemas.wire import DecimalText, Wire, example

_TESTED = {"test": "outturn ≥ target", "filled": "55.802886… ≥ 75", "held": False}


_ACCOUNT = {
    "formula": "100 × |outturn − previous| ÷ previous",
    "filled": "100 × |55.8 − 48.3| ÷ 48.3",
    "tried": [],
    "rounding": "rounded half up to 1 place",
    "lacking": [],
}


class Account(Wire):
    """How a rule came to its answer."""

    model_config = example(**_ACCOUNT)

    formula: str
    """The part of the rule that gave the answer, in words."""
    filled: str
    """The same with the figures filled in."""
    tried: list[TriedTest]
    """The tests that led to that part."""
    rounding: str | None
    """How the answer was rounded."""
    lacking: list[str]
    """Why there is no answer, where there is none."""


class StepAccount(Account):
    """How one derived field came about."""

    model_config = example(
        field="direction_variance", rule="indicators.direction_variance", version="5f2b7a10", **_ACCOUNT
    )

    field: str
    """The derived field."""
    rule: str
    """The rule that gave it."""
    version: str
    """The rule's version."""


class ClauseTrial(TriedTest):
    """A clause that was tried."""

    model_config = example(position=4, condition="met", **_TESTED)

    position: int
    """Its place in the scheme, from 1."""
    condition: str
    """What it says."""


class ClauseReach(Wire):
    """What would bring a row under another clause: the nearest outturn, or progress, that does."""

    model_config = example(
        position=4,
        status="met",
        label="Green",
        better=True,
        value="75",
        exact="75",
        included=True,
        distance="19.197113566265",
    )

    position: int
    """The clause's place in the scheme, from 1."""
    status: str
    """The status that follows from it."""
    label: str
    """What it is called."""
    better: bool | None
    """Whether that is better; null where the two cannot be compared."""
    value: DecimalText
    """The value that reaches it, to twelve places."""
    exact: str
    """The value exactly, as a fraction."""
    included: bool
    """Whether the value itself does; otherwise any beyond it."""
    distance: DecimalText
    """How far off it is."""


class SchemeAccount(Wire):
    """How a row came to its status."""

    steps: list[StepAccount]
    """The derived fields, in the order in which they follow; none for actions."""
    trials: list[ClauseTrial]
    """The clauses that were tried; those after the one that holds are not."""
    reaches: list[ClauseReach]
    """What would bring the row under other clauses."""


class RuleAnswer(Wire):
    """A rule's answer on one row."""

    model_config = example(answer="15.5", exact="2500/161", explanation=None)

    answer: str | bool | None
    """The answer as lists show it: a decimal number, a word, or a truth; null where it is missing."""
    exact: str | None
    """A number before it is rounded, as a fraction; null for words and truths."""
    explanation: Account | None
    """How it came about, where that was asked for."""


class MeasureAnswer(Wire):
    """All that follows for one measure, by the names and in the form of the list of observations."""

    model_config = example(
        outturn="55.8",
        outturn_unrounded="55.802887",
        target="75.0000",
        target_difference="-19.1971",
        target_variance="-25.6",
        target_variance_as_reported="25.6",
        position=6,
        status="missed",
        status_label="Red",
        status_colour="red",
        status_points="-1.00",
        status_year_end=None,
        direction_of_travel="not_comparable",
        direction_label=None,
        direction_variance=None,
        direction_basis="none",
        previous=None,
        interval_low=None,
        interval_high=None,
        significant_against_target=None,
        significant_against_previous=None,
        significance_badge=None,
        explanation=None,
    )

    outturn: DecimalText | None
    """The value achieved, half up to the row's decimals."""
    outturn_unrounded: DecimalText | None
    """The value achieved to six places."""
    target: DecimalText | None
    """The target that applies, in the unit."""
    target_difference: DecimalText | None
    """Outturn less target, in the unit, to four places."""
    target_variance: DecimalText | None
    """Percent of the target by which the outturn is better (positive) or worse, to one place."""
    target_variance_as_reported: DecimalText | None
    """The variance by the scheme's convention, percent to one place."""
    position: int | None
    """The place in the scheme of the clause that holds, from 1; null where none does."""
    status: str
    """The status that follows; not_rated where no clause holds."""
    status_label: str | None
    """What the clause calls it."""
    status_colour: str | None
    """The clause's colour."""
    status_points: DecimalText | None
    """What it counts."""
    status_year_end: str | None
    """The status against the annual target; null without one."""
    direction_of_travel: Direction
    """Better or worse than the baseline, or higher or lower where neither is good."""
    direction_label: str | None
    """The word of a scheme in force for the direction."""
    direction_variance: DecimalText | None
    """100 x |outturn - previous| / previous, to one place."""
    direction_basis: Baseline
    """What the direction rests on."""
    previous: DecimalText | None
    """The baseline, in the unit."""
    interval_low: DecimalText | None
    """The lower end of a survey's 95% Wilson interval, percent."""
    interval_high: DecimalText | None
    """The upper end of a survey's 95% Wilson interval, percent."""
    significant_against_target: bool | None
    """Whether a survey differs from target by more than chance."""
    significant_against_previous: bool | None
    """Whether a survey differs from its baseline by more than chance."""
    significance_badge: SurveyBadge | None
    """What a survey says of its target, in one word."""
    explanation: SchemeAccount | None
    """How it all came about, where that was asked for."""


class ActionAnswer(Wire):
    """Where one action stands."""

    model_config = example(
        position=3,
        status="overdue",
        status_label="Overdue",
        status_colour="red",
        explanation=None,
    )

    position: int | None
    """The place in the scheme of the clause that holds, from 1; null where none does."""
    status: str
    """The status that follows; not_rated where no clause holds."""
    status_label: str | None
    """What the clause calls it."""
    status_colour: str | None
    """The clause's colour."""
    explanation: SchemeAccount | None
    """How it came about, where that was asked for."""


class RuleEvaluation(Wire):
    """A rule on the rows."""

    kind: Literal["rule"]
    """What was asked: a rule."""
    rule: Annotated[str, Field(examples=["indicators.direction_variance"])]
    """The rule's id."""
    version: Annotated[str, Field(examples=["5f2b7a10"])]
    """The rule's version."""
    items: list[RuleAnswer]
    """Its answers."""


class _OfScheme(Wire):
    scheme: Annotated[int | None, Field(examples=[3])]
    """The id of the scheme in force that was tried; null for clauses of one's own."""
    name: Annotated[str | None, Field(examples=["Barnet Corporate Plan"])]
    """Its title."""


class MeasureEvaluation(_OfScheme):
    """A scheme on rows of measures."""

    kind: Literal["measures"]
    """What was asked: a scheme of measures."""
    items: list[MeasureAnswer]
    """What follows."""


class ActionEvaluation(_OfScheme):
    """A scheme on rows of actions."""

    kind: Literal["actions"]
    """What was asked: a scheme of actions."""
    items: list[ActionAnswer]
    """Where each stands."""


Evaluation = Annotated[
    RuleEvaluation | MeasureEvaluation | ActionEvaluation, Field(discriminator="kind", title="Evaluation")
]
