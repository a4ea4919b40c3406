"""Copies of what was released, to be read fast, and the count of changes that caches go by."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OBSERVATION = """
    id:number organisation:text service:text period:text period_label:text period_start:day
    period_end:day covers:text? indicator_id:number indicator_key:text indicator_code:text?
    title:text section:text? measure_set:text unit:text decimals:number polarity:text
    nature:text calculation:text workforce:flag sample:flag data_only:flag value:units?
    numerator:units? denominator:units? state:text basis:text as_of:day? provisional:flag
    estimated:flag revised:flag footnote:text? outturn:units? outturn_unrounded:units?
    target_kind:text? target:units? target_difference:units? target_variance:units?
    target_variance_as_reported:units? scheme:text? status:text status_label:text?
    status_colour:text? status_points:units? status_year_end:text? direction_of_travel:text
    direction_label:text? direction_variance:units? direction_basis:text
    baseline_period:text? previous:units? interval_low:units? interval_high:units?
    significant_against_target:flag? significant_against_previous:flag?
    answer:text
"""
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.String(),
    "number": sa.Integer(),
    "units": sa.BigInteger(),
    "flag": sa.Boolean(),
    "day": sa.Date(),
}
INDEXES = {
    "target_variance": ["target_variance", "id"],
    "status": ["status", "target_variance", "id"],
    "period": ["period", "status", "target_variance", "id"],
    "organisation": ["organisation", "id"],
    "organisation_period": ["organisation", "period", "status"],
    "indicator_key": ["indicator_key", "period_start", "id"],
}
COUNTED = ("organisation", "period", "revision", "release", "released_copy")
COUNT = "UPDATE change_count SET value = value + 1"


def upgrade() -> None:
    """Make the tables, and have the database count changes."""
    op.create_table(
        "change_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO change_count (id, value) VALUES (1, 0)")
    op.create_table(
        "released_copy",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
    )
    op.create_table("released_observation", *made(OBSERVATION), sa.PrimaryKeyConstraint("id"))
    for name, columns in INDEXES.items():
        op.create_index(f"ix_released_observation_{name}", "released_observation", columns)
    if op.get_context().dialect.name == "postgresql":
        # A row is about two kilobytes; it is read whole more often than it is passed over.
        op.execute("ALTER TABLE released_observation SET (toast_tuple_target = 8160)")
    count_changes()


def downgrade() -> None:
    """Remove the copies and the count."""
    if op.get_context().dialect.name == "postgresql":
        for name in COUNTED:
            op.execute(f"DROP TRIGGER count_change ON {name}")
        op.execute("DROP FUNCTION count_change()")
    else:
        for name in COUNTED:
            for change in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER count_{name}_{change}")
    for name in ("released_observation", "released_copy", "change_count"):
        op.drop_table(name)


def made(columns: str) -> list[sa.Column[Any]]:
    """Columns as they are written above."""
    return [column(*word.split(":")) for word in columns.split()]


def column(name: str, kind: str) -> sa.Column[Any]:
    """A column of a kind; with a question mark it may be empty."""
    return sa.Column(name, TYPES[kind.rstrip("?")], nullable=kind.endswith("?"))


def count_changes() -> None:
    """Count in the transaction that makes a change; on PostgreSQL at its end, to hold nobody up."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {COUNT}; RETURN NULL; END $$"
        )
        for name in COUNTED:
            op.execute(
                f"CREATE CONSTRAINT TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON {name} "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_change()"
            )
        return
    for name in COUNTED:
        for change in ("insert", "update", "delete"):
            op.execute(
                f"CREATE TRIGGER count_{name}_{change} AFTER {change.upper()} ON {name} BEGIN {COUNT}; END"
            )
