"""Risk registers as they are written: matrices, risks, what is done about them, printed heat maps."""

from app.imports.risks import ControlStatus
from app.rules.vocabulary import Treatment
from app.schemas.stated.risks import MatrixPart
from app.schemas.wire import example
from app.schemas.writes.fields import (
    Day,
    Key,
    Level,
    Name,
    Period,
    Progress,
    Rated,
    Stated,
    Text,
    Whole,
)


class RiskMatrixIn(Stated):
    """A level of impact or probability of a council's matrix, or a band of ratings, as it is written."""

    model_config = example(
        organisation="barnet",
        matrix="barnet-5x5",
        kind="band",
        low=8,
        high=12,
        code="medium-high",
        label="Medium High",
    )

    matrix: Key
    """The name of the matrix within the organisation."""
    kind: MatrixPart
    """What it names."""
    low: Rated
    """The level; of a band, the lowest rating in it."""
    high: Rated
    """The level again; of a band, the highest rating in it."""
    code: Name | None = None
    """Its lasting name within the matrix; where there is none it follows from the label."""
    label: Name
    """The council's word for it."""


class RiskIn(Stated):
    """A risk and where it stands in a period, as it is written.

    What it says of the risk itself (title, category, service, matrix) holds for its every period.
    """

    model_config = example(
        organisation="barnet",
        code="ST0039",
        title="Data quality: weak data misleads policy decisions",
        category="Reputational",
        service="chief-executives-service",
        period="2011-12-q2",
        matrix="barnet-5x5",
        impact=4,
        probability=3,
        treatment="treat",
        target_date="2012-03-31",
        priority="normal",
        target_impact=3,
        target_probability=2,
    )

    code: Key
    """The risk's code."""
    title: Text
    """What could go wrong, in a few words."""
    category: Text | None = None
    """What sort of risk it is."""
    service: Name
    """The slug of the service whose register it stands in."""
    period: Period
    """The period it is assessed in, by id or by label."""
    matrix: Name
    """The matrix that names its levels and its band."""
    impact: Level
    """How bad it would be, 1 to 5."""
    probability: Level
    """How likely it is, 1 to 5."""
    treatment: Treatment
    """What is done about it."""
    target_date: Day | None = None
    """When it should have come to its target."""
    priority: Text | None = None
    """How urgent that is."""
    board_timing: Text | None = None
    """How often the board looks at it."""
    target_impact: Level | None = None
    """The impact it should come to."""
    target_probability: Level | None = None
    """The probability it should come to."""


class RiskControlIn(Stated):
    """Something done to make a risk smaller, as it is written; a new one stands last."""

    model_config = example(
        organisation="barnet",
        risk="ST0039",
        description="Follow up data actions owned by services",
        status="approved",
        percent_complete="30",
    )

    risk: Name
    """The risk's code."""
    description: Text
    """What is done."""
    status: ControlStatus | None = None
    """How far it is agreed or done."""
    percent_complete: Progress | None = None
    """How far it is done, in percent."""


class HeatMapCellIn(Stated):
    """How many risks one cell of a printed heat map counts, as it is written."""

    model_config = example(
        organisation="barnet",
        service="commissioning-group",
        period="2013-14-q2",
        matrix="barnet-5x5",
        impact=5,
        probability=4,
        count=1,
    )

    service: Name
    """The slug of the service whose heat map it is."""
    period: Period
    """The period, by id or by label."""
    matrix: Name
    """The matrix it is drawn on."""
    impact: Level
    """The impact, 1 to 5."""
    probability: Level
    """The probability, 1 to 5."""
    count: Whole
    """How many risks are printed there."""
