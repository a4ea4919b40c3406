"""Two writers at once: the revisions of an organisation are made one after another."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.imports.reports import Report, read_report
from app.services.loading import load_report
from tests.imports.examples import write_report
from tests.services.facts import KINDS, count, versions

WRITERS = 4


def test_the_same_change_by_several_writers_is_made_once(engine: Engine, tmp_path: Path) -> None:
    first = read_report(write_report(tmp_path / "first"))
    second = read_report(write_report(tmp_path / "second", targets={"value": "80"}))
    load(engine, first)
    together = Barrier(WRITERS)

    def load_together(_: int) -> int:
        together.wait()
        return load(engine, second)

    with ThreadPoolExecutor(WRITERS) as writers:
        changed = list(writers.map(load_together, range(WRITERS)))

    assert sorted(changed) == [0, 0, 0, 1]
    with Session(engine) as session:
        assert versions(session) == len(KINDS) + 1
        assert count(session, "revision") == 2


def load(engine: Engine, report: Report) -> int:
    """Load a report and commit; how many facts it changed."""
    with Session(engine) as session, session.begin():
        return load_report(session, report, "test").changed
