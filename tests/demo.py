"""The demo on databases of either kind: loaded once, and copied for all who ask for it."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from app.cli import DEMO
from app.db.connections import is_sqlite, writing_engine
from app.db.migrations import migrate
from app.imports.disclosure import DisclosurePolicyRow
from app.imports.reports import read_report
from app.rules.vocabulary import Counts
from app.services.loading import load_report
from app.services.releases import publish_release
from tests.databases import PostgresServer, fresh_sqlite

_TEMPLATE = "demo"
POLICIES = {
    "thurrock-performance-and-central-services-2016-10": (
        DisclosurePolicyRow(line=2, counts=Counts.workforce_profiles, threshold=10, rounding=5),
        DisclosurePolicyRow(line=3, counts=Counts.equalities, threshold=20, rounding=10),
    )
}
"""What no council of the demo states, so that every list has rows; it counts no people there."""


def load_demo(url: str) -> None:
    """Fill an empty database with the five reports of the demo, and policies, loaded and published."""
    target = make_url(url)
    if is_sqlite(target):
        _path(target).write_bytes(_on_sqlite())
    else:
        server = PostgresServer(Path(str(target.query["host"])))
        server.replace(str(target.database), _on_postgresql(server))


@cache
def _on_sqlite() -> bytes:
    """A file that holds the demo."""
    with fresh_sqlite() as url:
        _load(url)
        return _path(make_url(url)).read_bytes()


@cache
def _on_postgresql(server: PostgresServer) -> str:
    """The name of a database that holds the demo, to be copied and not to be connected to."""
    server.create(_TEMPLATE)
    _load(server.url(_TEMPLATE))
    return _TEMPLATE


def _load(url: str) -> None:
    migrate(url)
    engine = writing_engine(url)
    for folder in sorted(path for path in DEMO.iterdir() if path.is_dir()):
        report = replace(read_report(folder), disclosure_policies=POLICIES.get(folder.name, ()))
        with Session(engine) as session, session.begin():
            loaded = load_report(session, report, folder.name)
            assert report.release is not None
            assert loaded.revision_id is not None
            publish_release(session, loaded.organisation_id, loaded.revision_id, note=report.release.note)
    engine.dispose()


def _path(url: URL) -> Path:
    return Path(str(url.database))
