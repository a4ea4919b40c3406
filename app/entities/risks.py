"""What could go wrong, how likely and how bad, and what is done about it."""

from datetime import date
from decimal import Decimal

from sqlmodel import Field

from app.entities.columns import PercentColumn
from app.entities.revisions import Fact


class RiskMatrixLevel(Fact, table=True):
    """A named level of impact or probability, or a named band of ratings, of a council's matrix."""

    __tablename__ = "risk_matrix_level"

    matrix: str
    kind: str
    low: int
    high: int
    code: str
    label: str


class Risk(Fact, table=True):
    """A risk of a service's register."""

    read_by = (("service_id",),)

    code: str
    title: str
    category: str | None = None
    service_id: int = Field(foreign_key="subject.id")
    matrix: str
    position: int


class RiskAssessment(Fact, table=True):
    """Where a risk stands in a period, and where it should come to."""

    __tablename__ = "risk_assessment"
    read_by = (("risk_id", "period_id"),)

    risk_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    impact: int
    probability: int
    treatment: str
    target_date: date | None = None
    priority: str | None = None
    board_timing: str | None = None
    target_impact: int | None = None
    target_probability: int | None = None


class RiskControl(Fact, table=True):
    """Something that is done to make a risk smaller."""

    __tablename__ = "risk_control"
    read_by = (("risk_id", "position"),)

    risk_id: int = Field(foreign_key="subject.id")
    position: int
    description: str
    status: str | None = None
    percent_complete: Decimal | None = Field(default=None, sa_type=PercentColumn)


class HeatMapCell(Fact, table=True):
    """How many risks a report prints at one impact and probability: a published figure."""

    __tablename__ = "heat_map_cell"
    read_by = (("service_id", "period_id"),)

    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    matrix: str
    impact: int
    probability: int
    count: int
