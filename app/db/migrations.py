"""The database's own shape: brought up to date, taken back, or asked about."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

from app.db.connections import is_sqlite, writing_engine
from app.settings import migrations_folder


def migrate(url: str) -> None:
    """Bring a database up to date, in one transaction; one that is so already stays as it is.

    An SQLite file and its folder are made where there is none.
    """
    target = make_url(url)
    if is_sqlite(target) and target.database:
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    _run(url, lambda config: command.upgrade(config, "head"))


def downgrade(url: str, to: str) -> None:
    """Take a database back to an earlier migration, or to `base`: nothing at all."""
    _run(url, lambda config: command.downgrade(config, to))


def _run(url: str, step: Callable[[Config], None]) -> None:
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            step(config)
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    return config
