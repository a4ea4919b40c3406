"""What releases tell of small counts, and their observations as lines of CSV, to be read as whole files."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LINES = "released_observation_line"
CELLS = "published_cell"
POLICIES = "disclosure_policy"


def upgrade() -> None:
    """Make the tables, empty.

    What earlier releases told is in no ledger: their counts are withheld until `outturn migrate` has worked
    out the newest ones. The copies beside the lines are of other rules now, and made anew with them.
    """
    op.create_table(
        LINES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"ix_{LINES}_organisation", LINES, ["organisation", "id"])
    op.create_table(
        CELLS,
        sa.Column("release_id", sa.Integer(), sa.ForeignKey("release.id"), nullable=False),
        sa.Column("subject_id", sa.Integer(), sa.ForeignKey("subject.id"), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("release_id", "subject_id", "field"),
    )
    op.create_table(
        POLICIES,
        sa.Column("id", sa.Integer(), sa.ForeignKey("subject.id"), nullable=False),
        sa.Column("made_in", sa.Integer(), sa.ForeignKey("revision.id"), nullable=False),
        sa.Column("replaced_in", sa.Integer(), sa.ForeignKey("revision.id"), nullable=True),
        sa.Column("organisation_id", sa.String(), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("rounding", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "made_in"),
    )
    standing = sa.text("replaced_in IS NULL")
    op.create_index(
        f"ix_{POLICIES}_standing",
        POLICIES,
        ["id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index(
        f"ix_{POLICIES}_organisation_id_replaced_in", POLICIES, ["organisation_id", "replaced_in"]
    )


def downgrade() -> None:
    """Remove them."""
    for name in (POLICIES, CELLS, LINES):
        op.drop_table(name)
