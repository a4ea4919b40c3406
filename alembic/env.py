"""Runs migrations on one connection, as a whole or not at all, one process at a time.

The connection is the caller's, in the attributes of the configuration, or one to the database of
the settings where `alembic` is run by hand.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel import SQLModel

from app import entities  # noqa: F401 - its import makes the tables known
from app.db.connections import writing_engine
from app.db.migrations import take_turn
from app.entities.columns import Exact
from app.settings import settings


def as_it_is_stored(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - any type of column
    """An exact column as the two databases' own types, so that a migration stands alone."""
    if kind == "type" and isinstance(item, Exact):
        digits = len(str(item.kind.bound)) - 1
        return f'sa.Numeric({digits}, {item.kind.places}).with_variant(sa.BigInteger(), "sqlite")'
    if kind == "type" and type(item).__name__ == "AutoString":
        return "sa.String()"
    return False


def run(connection: Connection) -> None:
    """Run the migrations that were asked for."""
    take_turn(connection)
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=as_it_is_stored,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if given := context.config.attributes.get("connection"):
    run(given)
else:
    engine = writing_engine(settings().database_url)
    with engine.begin() as opened:
        run(opened)
    engine.dispose()
