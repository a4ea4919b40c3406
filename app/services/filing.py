"""Files of releases: which there are, what they are called, and those made before anybody asks."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import xxhash
from sqlalchemy.engine import make_url

from app.db.connections import is_sqlite, reading_engine
from app.feeds.datasets import DATASETS, NAMED
from app.feeds.descriptions import Stored, file_of_organisation
from app.queries.datasets import changes_until, state_of_dataset
from app.queries.editions import Editions
from app.queries.named_releases import NamedRelease, releases_since
from app.queries.views import View
from app.services.chores import Chore, alongside
from app.services.files import Files
from app.services.forms import FORMS, digest_of_writers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from sqlalchemy import Connection

    from app.db.snapshots import Snapshots
    from app.feeds.datasets import Dataset
    from app.feeds.tables import Table
    from app.queries.catalogue import Council
    from app.queries.editions import Reading
    from app.services.files import Kept
    from app.services.forms import Form
    from app.settings import Settings

PAUSE = 5.0
"""Seconds between two looks at whether a release has come into force."""


def files_of(chosen: Settings) -> Files:
    """The folder that a deployment keeps files in, not made yet."""
    return Files(chosen.files_folder or _own_folder(chosen.database_url), chosen.files_megabytes * 2**20)


def _own_folder(url: str) -> Path:
    """Beside an SQLite database, or else in the folder for temporary files, for this user alone."""
    target = make_url(url)
    if is_sqlite(target):
        return Path(f"{target.database}-files")
    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"outturn-files-{os.getuid()}-{name}"


def name_of(mark: str, dataset: Dataset, form: Form) -> str:
    """What a file is called by the mark of what it is made of, a release or a state.

    None is called so of another release, database or program.
    """
    made_of = f"{mark} {digest_of_writers()}"
    return f"{xxhash.xxh3_128_hexdigest(made_of.encode())}-{dataset.name}.{form.name}"


def stored_files(files: Files, councils: Iterable[Council]) -> dict[str, Stored]:
    """What is known of the files that are there of councils' datasets, by address without the base."""
    names = {
        name_of(holding.changed.mark, NAMED[dataset], form): (council.id, dataset, form.name)
        for council in councils
        for dataset, holding in council.holdings.items()
        for form in FORMS
    }
    return {
        file_of_organisation(*names[name]): Stored(kept.size, kept.sha256)
        for name, kept in files.look(names).items()
    }


class Filer:
    """Makes files of releases: for whoever asks, each once, and of new releases before anybody does."""

    def __init__(self, url: str, primary: Snapshots, files: Files, table_of: Callable[[str], Table]) -> None:
        """Read a database, and keep files; `table_of` says what the columns of a dataset are."""
        self.files = files
        self._url, self._primary, self._table_of = url, primary, table_of
        self._since = datetime.now(UTC)
        self._making: dict[str, asyncio.Task[Kept]] = {}
        self._chore = Chore(self._file, PAUSE, "Files of releases could not be made")
        self._ended = False

    async def once(self, name: str, make: Callable[[], Awaitable[Kept]]) -> Kept:
        """A file, made once for all who ask for it meanwhile; who leaves does not stop it."""
        task = self._making.get(name)
        if task is None:
            task = self._making[name] = asyncio.create_task(_made(make))
            task.add_done_callback(lambda _: self._making.pop(name, None))
        return await asyncio.shield(task)

    @asynccontextmanager
    async def filing(self) -> AsyncIterator[None]:
        """Make the files of new releases until the block ends."""
        async with alongside(self._chore.run()):
            try:
                yield
            finally:
                self._ended = True

    async def _file(self) -> None:
        await self._primary.ask(_look)  # so that nobody who asks for all of a dataset waits for it
        for release in await self._primary.ask(self._new):
            await asyncio.to_thread(self.file_release, release)
            self._since = release.published_at

    def _new(self, connection: Connection) -> list[NamedRelease]:
        return releases_since(Editions(copies=False).reading(connection), self._since)

    def file_release(self, release: NamedRelease) -> None:
        """Make the files of a release that are not there, but for those that are dear.

        What it left as it was has its files from the release before.
        """
        engine = reading_engine(self._url, 1)
        try:
            with engine.connect() as connection:
                reading = Editions(copies=False).reading(connection, View(release.published_at))
                for form in FORMS:
                    for table in map(self._table_of, (dataset.name for dataset in DATASETS)):
                        if self._ended:
                            return
                        if form.is_offered(table) and not form.dear:
                            self._file_one(reading, release, table, form)
        finally:
            engine.dispose()

    def _file_one(self, reading: Reading, release: NamedRelease, table: Table, form: Form) -> None:
        changed = changes_until(reading, release)[table.dataset.name].release
        name = name_of(changed.mark, table.dataset, form)
        if self.files.find(name) is None:
            parts = form.parts(reading, table, release.organisation)
            self.files.keep(name, parts, packed=form.packed)


def _look(connection: Connection) -> None:
    """Find out what the releases in force changed, which is remembered."""
    state_of_dataset(Editions(copies=False).reading(connection), DATASETS[0].name)


async def _made(make: Callable[[], Awaitable[Kept]]) -> Kept:
    return await make()
