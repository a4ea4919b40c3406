"""The naive version's entities that are small: who and what is measured, and how it is rated."""

from datetime import date
from decimal import Decimal
from functools import cached_property

from pydantic import ConfigDict
from sqlalchemy.orm import registry
from sqlmodel import Field, Relationship, SQLModel


class Entity(SQLModel, registry=registry()):
    """Apart from Outturn's own entities, so that one process may know both."""

    model_config = ConfigDict(ignored_types=(cached_property,))  # type: ignore[assignment]  # SQLModel has a configuration type of its own


class Service(Entity, table=True):
    """A unit that reports."""

    id: int = Field(primary_key=True)
    slug: str


class Period(Entity, table=True):
    """A stretch of the calendar."""

    id: str = Field(primary_key=True)
    label: str
    start: date
    end: date
    months: int
    months_elapsed: int


class SchemeClause(Entity, table=True):
    """A council's word for a status."""

    __tablename__ = "scheme_clause"

    id: int = Field(primary_key=True)
    scheme_id: int = Field(foreign_key="scheme.id", index=True)
    position: int
    condition: str
    code: str
    label: str
    colour: str | None
    points: Decimal | None = Field(max_digits=7, decimal_places=2)


class DirectionLabel(Entity, table=True):
    """A council's word for a direction."""

    __tablename__ = "direction_label"

    id: int = Field(primary_key=True)
    scheme_id: int = Field(foreign_key="scheme.id", index=True)
    code: str
    label: str


class Scheme(Entity, table=True):
    """How a council rates."""

    id: int = Field(primary_key=True)
    slug: str
    variance_convention: str
    exceeded_percent: int | None
    near_percent: int | None
    amber_limits: bool
    knows_data_only: bool
    clauses: list[SchemeClause] = Relationship(sa_relationship_kwargs={"order_by": "SchemeClause.position"})
    labels: list[DirectionLabel] = Relationship()


class Indicator(Entity, table=True):
    """The definition of a measure."""

    id: int = Field(primary_key=True)
    key: str
    code: str | None
    title: str
    section: str | None
    measure_set: str
    unit: str
    decimals: int
    polarity: str
    nature: str
    calculation: str
    baseline: str
    variance_convention: str | None
    workforce: bool
    sample: bool
    data_only: bool
    scheme_id: int | None = Field(foreign_key="scheme.id")
    scheme: Scheme | None = Relationship()


class Target(Entity, table=True):
    """What a measure should reach."""

    id: int = Field(primary_key=True)
    kind: str
    value: Decimal | None = Field(max_digits=14, decimal_places=4)
    range_percent: Decimal | None = Field(max_digits=7, decimal_places=2)
    amber_limit: Decimal | None = Field(max_digits=14, decimal_places=4)
    amber_strict: bool
    amber_percent: Decimal | None = Field(max_digits=7, decimal_places=2)
