"""What the rules gave when a release was made: copies that are read fast and are never an input.

Anything here can be thrown away: `outturn rebuild` works it out anew.
"""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel


class ChangeCount(SQLModel, table=True):
    """How many times anything was changed that an answer may depend on, in its only row.

    The database itself counts, with triggers, in the transaction that makes the change: of the tables
    that every change of facts goes with, `revision` and `release`, and of those that have no versions.
    """

    __tablename__ = "change_count"

    id: int = Field(primary_key=True)
    value: int = Field(sa_type=BigInteger)


class ReleasedCopy(SQLModel, table=True):
    """Which release an organisation's copied rows are of, and which rules made them."""

    __tablename__ = "released_copy"

    organisation_id: str = Field(primary_key=True, foreign_key="organisation.id")
    release_id: int = Field(foreign_key="release.id")
    rules: str
    """A digest of the rules and of the statements they are compiled into."""


def _units() -> Any:  # noqa: ANN401 - as `Field` gives it
    """Whole units of a decimal's last place, or nothing."""
    return Field(default=None, sa_type=BigInteger)


class ReleasedObservation(SQLModel, table=True):
    """An observation of a release in force with every derived column, and as the service writes it out."""

    __tablename__ = "released_observation"
    __table_args__ = (
        Index("ix_released_observation_target_variance", "target_variance", "id"),
        Index("ix_released_observation_status", "status", "target_variance", "id"),
        Index("ix_released_observation_period", "period", "status", "target_variance", "id"),
        Index("ix_released_observation_organisation", "organisation", "id"),
        Index("ix_released_observation_organisation_period", "organisation", "period", "status"),
        Index("ix_released_observation_indicator_key", "indicator_key", "period_start", "id"),
        Index("ix_released_observation_indicator_code", "indicator_code", "period", "id"),
    )

    id: int = Field(primary_key=True)
    organisation: str
    service: str
    period: str
    period_label: str
    period_start: date
    period_end: date
    covers: str | None = None
    indicator_id: int
    indicator_key: str
    indicator_code: str | None = None
    title: str
    section: str | None = None
    measure_set: str
    unit: str
    decimals: int
    polarity: str
    nature: str
    calculation: str
    workforce: bool
    sample: bool
    data_only: bool
    value: int | None = _units()
    numerator: int | None = _units()
    denominator: int | None = _units()
    state: str
    basis: str
    as_of: date | None = None
    provisional: bool
    estimated: bool
    revised: bool
    footnote: str | None = None
    outturn: int | None = _units()
    outturn_unrounded: int | None = _units()
    target_kind: str | None = None
    target: int | None = _units()
    target_difference: int | None = _units()
    target_variance: int | None = _units()
    target_variance_as_reported: int | None = _units()
    scheme: str | None = None
    status: str
    status_label: str | None = None
    status_colour: str | None = None
    status_points: int | None = _units()
    status_year_end: str | None = None
    direction_of_travel: str
    direction_label: str | None = None
    direction_variance: int | None = _units()
    direction_basis: str
    baseline_period: str | None = None
    previous: int | None = _units()
    interval_low: int | None = _units()
    interval_high: int | None = _units()
    significant_against_target: bool | None = None
    significant_against_previous: bool | None = None
    significance_badge: str | None = None
    answer: str
    """The row as JSON."""


class ReleasedObservationLine(SQLModel, table=True):
    """The same as a line of CSV, in a table of its own: whole files are read without the rest."""

    __tablename__ = "released_observation_line"
    __table_args__ = (Index("ix_released_observation_line_organisation", "organisation", "id"),)

    id: int = Field(primary_key=True)
    organisation: str
    line: str
