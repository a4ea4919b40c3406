"""The database's own shape: brought up to date, taken back, or asked about; nothing is lost on the way."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from app.db.connections import is_sqlite, writing_engine
from app.db.holdings import holdings, losses
from app.settings import migrations_folder

ONE_AT_A_TIME = 20_260_401
"""PostgreSQL's lock that those who migrate take in turn."""


class LossError(Exception):
    """What a migration would lose; nothing was changed."""

    def __init__(self, lost: list[str]) -> None:
        super().__init__(f"this would lose {', '.join(lost)}")
        self.lost = lost


def migrate(url: str, to: str = "head", *, discard: bool = False) -> None:
    """Bring a database to a migration, forward or back, in one transaction; `base` is nothing at all.

    An SQLite file and its folder are made where there is none. Raises LossError where the database would
    hold less than before, unless that may be discarded.
    """
    make_folder(url)
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            migrate_on(connection, to, discard=discard)
    finally:
        engine.dispose()


def make_folder(url: str) -> None:
    """Make the folder that an SQLite file is to be in."""
    target = make_url(url)
    if is_sqlite(target) and target.database:
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)


def migrate_on(connection: Connection, to: str = "head", *, discard: bool = False) -> None:
    """The same in a transaction that is open. Raises LossError."""
    config = _config()
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    take_turn(connection)
    was, wanted = version_of(connection), scripts.get_current_head() if to == "head" else to
    if (was or "base") == wanted:
        return
    forward = wanted in known_versions() and (was is None or was < wanted)
    step = command.upgrade if forward else command.downgrade
    held = {} if discard else holdings(connection)
    step(config, to)
    lost = losses(held, holdings(connection), _moved(scripts, was, wanted)) if held else []
    if lost:
        raise LossError(lost)


def take_turn(connection: Connection) -> None:
    """Wait until no other process migrates, on PostgreSQL; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))


def version_of(connection: Connection) -> str | None:
    """The newest migration that a database has had."""
    return MigrationContext.configure(connection).get_current_revision()


def known_versions() -> list[str]:
    """Every migration that this program has, the oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def _moved(scripts: ScriptDirectory, was: str | None, wanted: str | None) -> set[str]:
    """The tables and `table.column`s that migrations say to hold elsewhere, as `MOVED`."""
    lower, upper = sorted("" if end == "base" else end or "" for end in (was, wanted))
    steps = scripts.iterate_revisions(upper, lower or "base")
    return {name for step in steps for name in getattr(step.module, "MOVED", ())}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    return config
