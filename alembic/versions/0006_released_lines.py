"""Observations of releases in force as lines of CSV, to be read as whole files."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LINES = "released_observation_line"


def upgrade() -> None:
    """Make the table, empty; the copies beside it are of other rules now, and made anew with it."""
    op.create_table(
        LINES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"ix_{LINES}_organisation", LINES, ["organisation", "id"])


def downgrade() -> None:
    """Remove it."""
    op.drop_table(LINES)
