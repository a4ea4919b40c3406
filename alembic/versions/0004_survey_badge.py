"""What a survey says of its target, in the copies of releases; and their rows by code, to compare peers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX, COPY = "ix_released_observation_indicator_code", "released_observation"


def upgrade() -> None:
    """Copies made before are of other rules, and are made anew."""
    op.add_column(COPY, sa.Column("significance_badge", sa.String(), nullable=True))
    op.create_index(INDEX, COPY, ["indicator_code", "period", "id"])


def downgrade() -> None:
    """Put the table back as it was."""
    op.drop_index(INDEX, COPY)
    op.drop_column(COPY, "significance_badge")
