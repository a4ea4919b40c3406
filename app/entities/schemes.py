"""A council's status scheme as data; its clauses build the rule."""

from datetime import date
from decimal import Decimal

from sqlmodel import Field

from app.entities.columns import MeasureColumn, PercentColumn
from app.entities.revisions import Fact


class Scheme(Fact, table=True):
    """One version of how a council turns outturn and target into a status, between two dates.

    A change within its dead band, in percent of the baseline or in the unit, counts as none.
    """

    read_by = (("organisation_id", "measure_set"),)

    slug: str
    version: int = 1
    name: str
    measure_set: str
    effective_from: date
    effective_to: date | None = None
    variance_convention: str
    dead_band_percent: Decimal | None = Field(default=None, sa_type=PercentColumn)
    dead_band_units: Decimal | None = Field(default=None, sa_type=MeasureColumn)
    note: str | None = None


class SchemeClause(Fact, table=True):
    """One clause, tried in order of position: a condition in words and what follows from it."""

    __tablename__ = "scheme_clause"
    read_by = (("scheme_id", "position"),)

    scheme_id: int = Field(foreign_key="subject.id")
    position: int
    condition: str
    code: str
    label: str
    colour: str | None = None
    points: Decimal | None = Field(default=None, sa_type=PercentColumn)


class DirectionLabel(Fact, table=True):
    """A council's word or arrow for a direction; the first position is shown, others occur in print."""

    __tablename__ = "direction_label"
    read_by = (("scheme_id", "code", "position"),)

    scheme_id: int = Field(foreign_key="subject.id")
    code: str
    position: int
    label: str
