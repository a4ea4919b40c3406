"""Reports of the demo, copied so that a cell can be changed or a row added, and loaded."""

import csv
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from app.cli import DEMO
from app.db.connections import writing_engine
from app.imports.reports import read_report
from app.services.loading import Loaded, load_report
from app.services.releases import publish_release

Cells = dict[str, str]
BARNET_2011 = "barnet-chief-executives-service-2011-12-q2"
BARNET_2013 = "barnet-commissioning-group-2013-14-q2"
BATH = "bath-and-north-east-somerset-customers-2004-09"
BROXTOWE = "broxtowe-support-services-2019-20-q1"
THURROCK = "thurrock-performance-and-central-services-2016-10"
REPORTS = (BARNET_2011, BARNET_2013, BATH, BROXTOWE, THURROCK)


def copied(name: str, folder: Path) -> Path:
    """A report of the demo, copied into a folder under its own name."""
    return shutil.copytree(DEMO / name, folder / name)


def change(report: Path, file: str, where: Cells, **cells: str) -> None:
    """Change cells of the one row that has those of `where`."""
    rows = _read(report / file)
    [row] = [row for row in rows if where.items() <= row.items()]
    row.update(cells)
    _write(report / file, rows)


def add(report: Path, file: str, like: Cells, **cells: str) -> None:
    """Add a row that differs in some cells from the one row that has those of `like`."""
    rows = _read(report / file)
    [row] = [row for row in rows if like.items() <= row.items()]
    assert cells.keys() <= row.keys()
    _write(report / file, [*rows, row | cells])


def rewrite(report: Path, file: str, rewritten: Callable[[Cells], Cells]) -> None:
    """Change every row of a file."""
    _write(report / file, [rewritten(row) for row in _read(report / file)])


def load(url: str, report: Path, *, publish: bool = True) -> Loaded:
    """Load a report into a migrated database and, if it is to be seen, publish it."""
    engine = writing_engine(url)
    try:
        with Session(engine) as session, session.begin():
            loaded = load_report(session, read_report(report), report.name)
            if publish and loaded.revision_id is not None:
                publish_release(session, loaded.organisation_id, loaded.revision_id, note=report.name)
        return loaded
    finally:
        engine.dispose()


def _read(path: Path) -> list[Cells]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Iterable[Cells]) -> None:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, listed[0].keys())
        writer.writeheader()
        writer.writerows(listed)
