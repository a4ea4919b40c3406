"""Measures, what was asked of them, and what was achieved."""

from datetime import date
from decimal import Decimal

from sqlmodel import Field

from app.entities.columns import MeasureColumn, PercentColumn, QuantityColumn
from app.entities.revisions import Fact


class Indicator(Fact, table=True):
    """The definition of a measure. A code is text, even where it looks like a number.

    `counted` says in words what its numerator counts.
    """

    read_by = (("service_id",),)

    key: str
    code: str | None = None
    title: str
    service_id: int = Field(foreign_key="subject.id")
    section: str | None = None
    measure_set: str
    unit: str
    decimals: int
    polarity: str
    nature: str
    calculation: str
    baseline: str | None = None
    variance_convention: str | None = None
    workforce: bool
    sample: bool
    data_only: bool
    counted: str | None = None
    note: str | None = None
    position: int


class Target(Fact, table=True):
    """What a measure should reach in a period; the period says whether it is annual or profiled."""

    read_by = (("indicator_id", "service_id", "period_id"),)

    indicator_id: int = Field(foreign_key="subject.id")
    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    kind: str
    value: Decimal | None = Field(default=None, sa_type=MeasureColumn)
    range_percent: Decimal | None = Field(default=None, sa_type=PercentColumn)
    amber_limit: Decimal | None = Field(default=None, sa_type=MeasureColumn)
    amber_strict: bool
    amber_percent: Decimal | None = Field(default=None, sa_type=PercentColumn)
    note: str | None = None


class Observation(Fact, table=True):
    """One measure, service and period: a value, or a numerator and a denominator, or why there is none."""

    read_by = (
        ("indicator_id", "service_id", "period_id"),
        ("period_id",),
    )

    indicator_id: int = Field(foreign_key="subject.id")
    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    covers_id: str | None = Field(default=None, foreign_key="period.id")
    value: Decimal | None = Field(default=None, sa_type=MeasureColumn)
    numerator: Decimal | None = Field(default=None, sa_type=QuantityColumn)
    denominator: Decimal | None = Field(default=None, sa_type=QuantityColumn)
    state: str
    basis: str
    as_of: date | None = None
    provisional: bool
    estimated: bool
    revised: bool
    footnote: str | None = None
    previous_value: Decimal | None = Field(default=None, sa_type=MeasureColumn)
    previous_period_id: str | None = Field(default=None, foreign_key="period.id")


class Comparator(Fact, table=True):
    """Somebody else's figure beside a measure, with its own period, source and scope."""

    read_by = (("indicator_id", "service_id", "period_id"),)

    indicator_id: int = Field(foreign_key="subject.id")
    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    kind: str
    name: str
    value: Decimal | None = Field(default=None, sa_type=MeasureColumn)
    unit: str
    comparator_period: str | None = None
    source: str | None = None
    scope: str | None = None


class EqualityGroup(Fact, table=True):
    """One group's answer in a survey measure that is broken down by who answered."""

    __tablename__ = "equality_group"
    read_by = (("indicator_id", "service_id", "period_id"),)

    indicator_id: int = Field(foreign_key="subject.id")
    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    name: str
    position: int
    value: Decimal = Field(sa_type=MeasureColumn)
    responses: int
    previous_value: Decimal | None = Field(default=None, sa_type=MeasureColumn)
    previous_significant: bool | None = None
