"""Versions and dead bands of status schemes; what the numerator of an indicator counts."""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _exact(digits: int, places: int) -> sa.Numeric[Decimal]:
    return sa.Numeric(digits, places).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """A scheme that was there is its first version."""
    op.add_column("scheme", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("scheme", sa.Column("dead_band_percent", _exact(7, 2), nullable=True))
    op.add_column("scheme", sa.Column("dead_band_units", _exact(14, 4), nullable=True))
    op.add_column("indicator", sa.Column("counted", sa.String(), nullable=True))


def downgrade() -> None:
    """Put the tables back as they were."""
    op.drop_column("indicator", "counted")
    for name in ("dead_band_units", "dead_band_percent", "version"):
        op.drop_column("scheme", name)
