"""Imports onto an SQLite file whose disk fails at each write in turn; run in a process of its own.

Its arguments are the steps between two such writes, and the compiled library that fails them.
"""

import asyncio
import ctypes
import errno
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from app.db.connections import reading_engine
from app.db.migrations import migrate
from app.services.audit import Chain, verify
from tests.imports.examples import write_report
from tests.queries.reports import load
from tests.routers.serving import serving
from tests.routers.writers import Officer, key_for

ROWS = 60
ASKED = {"organisation": "anyshire", "kind": "actions"}
FILE = "key,title,service,as_of,progress\n" + "".join(
    f"new-{n},New,front-office,2026-07-01,50\n" for n in range(ROWS)
)
FAULTS = {
    "full from then on": (errno.ENOSPC, True),
    "full once": (errno.ENOSPC, False),
    "broken from then on": (errno.EIO, True),
    "broken once": (errno.EIO, False),
}
TAKEN, PUT_OFF = 200, 503


class Disk:
    """A disk that fails when it is told to."""

    def __init__(self, library: str) -> None:
        self._shim = ctypes.CDLL(library)

    def fail(self, place: int, code: int, *, lasting: bool) -> None:
        """Fail the write at a place from now on, counted from 1."""
        self._shim.outturn_fail(ctypes.c_long(place), code, lasting)

    def mend(self) -> int:
        """Fail no more, and say how many writes have failed."""
        struck = int(self._shim.outturn_struck())
        self._shim.outturn_fail(ctypes.c_long(0), 0, False)  # noqa: FBT003 - it is C
        return struck


def prepare(folder: Path) -> str:
    """A council's database, and the key of somebody who edits there."""
    url = f"sqlite:///{folder}/outturn.db"
    migrate(url)
    load(url, write_report(folder / "report"))
    return key_for(url, "editor:anyshire")


async def endure(disk: Disk, folder: Path, shown: str, fault: str, place: int) -> int:
    """What an import is answered whose write at a place fails; 0 where it has no such write.

    Whatever it is, nothing is half there, the file can be opened, and the next attempt does it.
    """
    code, lasting = FAULTS[fault]
    url = f"sqlite:///{folder}/outturn.db"
    async with serving(url, read_model=False) as client:
        officer = Officer(client, shown)
        before = await officer.read("/v1/organisations")
        assert before.status_code == TAKEN, before.text
        headers = {"Idempotency-Key": "once"}

        disk.fail(place, code, lasting=lasting)
        first = await officer.hand_in(FILE, headers=headers, **ASKED)
        struck = disk.mend()
        check(folder, opened_anew=True)
        assert first.status_code in {TAKEN, PUT_OFF}, first.text
        assert rows(folder) == (ROWS if first.status_code == TAKEN else 0)
        if first.status_code == PUT_OFF:
            assert "retry-after" in first.headers
            assert first.json()["detail"] == "The database cannot answer now."

        again = await officer.hand_in(FILE, headers=headers, **ASKED)
        assert again.status_code == TAKEN, again.text
        assert again.json()["added"] == rows(folder) == ROWS
    check(folder)
    return first.status_code if struck else 0


def rows(folder: Path) -> int:
    """How many rows of the file stand."""
    with closing(sqlite3.connect(folder / "outturn.db")) as connection:
        query = "SELECT count(*) FROM action WHERE title = 'New' AND replaced_in IS NULL"
        return int(connection.execute(query).fetchone()[0])


def check(folder: Path, *, opened_anew: bool = False) -> None:
    """The file is sound and its audit holds; so it is as a machine would find it that stopped now."""
    if opened_anew:
        found = folder / "found"
        found.mkdir()
        for name in ("outturn.db", "outturn.db-wal"):
            if (folder / name).exists():
                shutil.copy(folder / name, found)
        assert rows(found) in {0, ROWS}
        check(found)
        return
    engine = reading_engine(f"sqlite:///{folder}/outturn.db")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert all(isinstance(chain, Chain) for chain in verify(connection))
    engine.dispose()


def main(step: int, library: str) -> None:
    """Say, for each sort of fault, how many writes failed and what the import was answered."""
    disk = Disk(library)
    with TemporaryDirectory() as name:
        template = Path(name) / "template"
        template.mkdir()
        shown = prepare(template)
        for fault in FAULTS:
            answers, place = Counter[int](), 1
            while status := _tried(disk, template, shown, fault, place):
                answers[status] += 1
                place += step
            sys.stdout.write(f"{fault}: {dict(sorted(answers.items()))}\n")


def _tried(disk: Disk, template: Path, shown: str, fault: str, place: int) -> int:
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(template / "outturn.db", folder)
        return asyncio.run(endure(disk, folder, shown, fault, place))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
