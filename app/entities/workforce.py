"""Posts and the people in them."""

from decimal import Decimal

from sqlmodel import Field

from app.entities.columns import QuantityColumn
from app.entities.revisions import Fact


class Establishment(Fact, table=True):
    """Posts that exist and posts that are filled, in full-time equivalents."""

    read_by = (("service_id", "period_id"),)

    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    permanent: Decimal | None = Field(default=None, sa_type=QuantityColumn)
    fixed_term: Decimal | None = Field(default=None, sa_type=QuantityColumn)
    vacant: Decimal | None = Field(default=None, sa_type=QuantityColumn)
    occupied_permanent: Decimal | None = Field(default=None, sa_type=QuantityColumn)
    occupied_fixed_term: Decimal | None = Field(default=None, sa_type=QuantityColumn)
    occupied_agency: Decimal | None = Field(default=None, sa_type=QuantityColumn)
    consultants: Decimal | None = Field(default=None, sa_type=QuantityColumn)
    casual: Decimal | None = Field(default=None, sa_type=QuantityColumn)


class ProfileCount(Fact, table=True):
    """How many of a service's people fall in one category, over the base that the report states."""

    __tablename__ = "profile_count"
    read_by = (("service_id", "period_id"),)

    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    dimension: str
    category: str
    position: int
    headcount: Decimal = Field(sa_type=QuantityColumn)
    base: Decimal = Field(sa_type=QuantityColumn)
