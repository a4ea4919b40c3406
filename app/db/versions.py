"""Which version a database's shape is of; asked often, so without what makes it."""

from functools import cache

from sqlalchemy import Connection, inspect, text

from app.settings import migrations_folder


def is_current(connection: Connection) -> bool:
    """Whether a database has had every migration, and no other."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return list(connection.scalars(text("SELECT version_num FROM alembic_version"))) == [newest()]


@cache
def newest() -> str:
    """The newest migration; their files are named in their order."""
    return max(file.stem.partition("_")[0] for file in (migrations_folder() / "versions").glob("*.py"))
