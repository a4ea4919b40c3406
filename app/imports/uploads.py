"""Files that officers send: CSV and XLSX into typed rows, with every problem on the way."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary

from app.errors import ContentTooLarge, Fault, OutturnError, RefusedImport, Unavailable, UnsupportedMediaType
from app.imports.kinds import Kind
from app.imports.problems import Notice, Problem, Remarks
from app.imports.reports import KINDS, Report
from app.imports.rows import Row
from app.imports.sandbox.limits import ROWS
from app.imports.sandbox.sheets import Sheet, loaded
from app.imports.tables import typed_rows

Format = Literal["csv", "xlsx"]
Progress = Callable[[int, int], None]

LONGEST = 10 * 1024 * 1024
"""Bytes of a file."""
SECONDS = 4.5
"""How long parsing may take by the clock while somebody waits, so that an answer is there within five.

The process's own limit of time is a little shorter: only where the machine is busy does the clock end it.
"""
UNHURRIED = 60
"""The same where nobody waits for an answer."""
AT_ONCE = 4
"""How many files one service parses at a time, each with memory of its own."""
PATIENT = 5
"""Seconds that a file waits for its turn."""
KEPT = 1_000
"""Problems, and notices, that an answer repeats; the others are counted."""
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_VAGUE = {"", "application/octet-stream", "application/vnd.ms-excel", "application/x-zip-compressed"}
"""Media types under which browsers send either, so that the file's name decides."""
PASSED_OVER = {"read-me", "lists"}
"""Sheets of the templates that hold no rows."""
_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
COMMAND = (
    sys.executable,
    "-I",
    "-c",
    "import sys; sys.path.append(sys.argv[1]); from sandbox.reading import main; main()",
    str(Path(__file__).parent),
)
"""Parses standard input in a process that imports nothing of the service; the format comes last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a file says, as a report without those files that it does not hold.

    The totals count all problems and notices, also those beyond the first that the report keeps.
    """

    report: Report
    sheets: Mapping[str, str]
    """By the file of a kind, as observations.csv: the sheet its rows stand on, empty for CSV."""
    absent: Mapping[str, frozenset[str]]
    """By the file of a kind: the columns that it does without."""
    rows: int
    problem_total: int
    notice_total: int


def format_of(media_type: str | None, file_name: str | None = None) -> Format:
    """Whether a file is sent as CSV or as XLSX; raises UnsupportedMediaType for anything else."""
    plain = (media_type or "").partition(";")[0].strip().lower()
    if plain in _VAGUE and file_name:
        plain = {".csv": CSV, ".xlsx": XLSX}.get(Path(file_name).suffix.lower(), plain)
    if plain == CSV:
        return "csv"
    if plain == XLSX:
        return "xlsx"
    raise UnsupportedMediaType(f"A file of rows is sent as {CSV} or {XLSX}.")


def read_upload(
    content: bytes,
    media_type: str | None,
    file_name: str | None = None,
    kind: str | None = None,
    progress: Progress | None = None,
) -> Upload:
    """The typed rows of a file and all there is to say about them.

    Raises ContentTooLarge for a file beyond a limit, RefusedImport for one that is not what it says
    it is or is broken, UnsupportedMediaType for one that is neither CSV nor XLSX.
    """
    return typed_upload(parsed(content, format_of(media_type, file_name)), kind, progress)


def parsed(content: bytes, form: Format) -> list[Sheet]:
    """The sheets of a file, parsed in a process of its own while this one waits."""
    _check_length(content)
    try:
        done = subprocess.run(  # noqa: S603 - the command is this interpreter and this package
            (*COMMAND, form),
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=UNHURRIED,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise _busy() from None
    return _sheets(done.stdout, done.returncode)


async def parse_upload(content: bytes, form: Format) -> list[Sheet]:
    """The same while the event loop serves others; the process ends with a caller that is gone.

    Raises Unavailable where others come first for too long.
    """
    _check_length(content)
    turn = _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    try:
        async with asyncio.timeout(PATIENT):
            await turn.acquire()
    except TimeoutError:
        raise _busy() from None
    try:
        return await _parsed_meanwhile(content, form)
    finally:
        turn.release()


async def _parsed_meanwhile(content: bytes, form: Format) -> list[Sheet]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        form,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )
    try:
        async with asyncio.timeout(SECONDS):
            answer, _ = await process.communicate(content)
    except TimeoutError:
        raise _busy() from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return _sheets(answer, process.returncode)


def typed_upload(
    sheets: Sequence[Sheet], kind: str | None = None, progress: Progress | None = None
) -> Upload:
    """The typed rows of parsed sheets: of one kind, or of the kinds that the sheets are named after.

    `progress` is told now and then how many rows are typed, and of how many. Raises ContentTooLarge
    where all sheets together have too many rows.
    """
    reading = _Reading(kind, progress)
    filled = [sheet for sheet in sheets if _name(sheet) not in PASSED_OVER]
    for sheet in filled:
        reading.take(sheet, kind if kind and len(filled) == 1 else _name(sheet))
    if not filled:
        reading.refuse("", "has no sheet of rows")
    return reading.upload()


class _Reading:
    """The sheets of one file, typed one after the other."""

    def __init__(self, kind: str | None, progress: Progress | None) -> None:
        self.kind = kind
        self.progress = progress
        self.found: dict[str, Sheet] = {}
        self.remarks: list[Remarks] = []

    def take(self, sheet: Sheet, name: str) -> None:
        """Take a sheet for rows of the kind of this name, or say why not."""
        if name not in KINDS:
            self.refuse(sheet.name, "is not named after a kind of row, as Observations")
        elif self.kind not in {None, name}:
            self.refuse(sheet.name, f"is no sheet of {self.kind}")
        elif name in self.found:
            self.refuse(sheet.name, f"is a second sheet of {name}")
        else:
            self.found[name] = sheet

    def refuse(self, sheet: str, reason: str) -> None:
        """Say what is wrong with a sheet, or with the whole file."""
        remarks = Remarks("", sheet)
        remarks.refuse(1, "", sheet, reason)
        self.remarks.append(remarks)

    def upload(self) -> Upload:
        """Type what was taken."""
        total = sum(_length(sheet) for sheet in self.found.values())
        if total > ROWS:
            raise ContentTooLarge(f"The file has {total} rows; {ROWS} is the limit.")
        rows: dict[str, Any] = {"organisation": None, "release": None}
        done = 0
        for name, sheet in self.found.items():
            rows[KINDS[name].field] = self._typed(sheet, KINDS[name], done, total)
            done += _length(sheet)
        return Upload(
            report=Report(name="", **rows, problems=tuple(self._problems()), notices=tuple(self._notices())),
            sheets={KINDS[name].file: sheet.name for name, sheet in self.found.items()},
            absent={remarks.file: frozenset(remarks.absent) for remarks in self.remarks if remarks.absent},
            rows=total,
            problem_total=sum(remarks.problem_total for remarks in self.remarks),
            notice_total=sum(remarks.notice_total for remarks in self.remarks),
        )

    def _typed(self, sheet: Sheet, kind: Kind, done: int, total: int) -> tuple[Row, ...] | Row | None:
        remarks = Remarks(kind.file, sheet.name, kept=KEPT, partial=True)
        self.remarks.append(remarks)
        told = self.progress or (lambda *_: None)
        rows = typed_rows(kind.model, sheet, remarks, progress=lambda count: told(done + count, total))
        told(done + _length(sheet), total)
        return kind.found(rows, remarks)

    def _problems(self) -> Iterator[Problem]:
        for remarks in self.remarks:
            yield from remarks.problems

    def _notices(self) -> Iterator[Notice]:
        for remarks in self.remarks:
            yield from remarks.notices


def _name(sheet: Sheet) -> str:
    return "-".join(sheet.name.lower().replace("_", " ").replace("-", " ").split())


def _length(sheet: Sheet) -> int:
    return max(sheet.height - 1, 0)


def _check_length(content: bytes) -> None:
    if len(content) > LONGEST:
        raise ContentTooLarge(f"A file has at most {LONGEST} bytes; this one has {len(content)}.")


def _busy() -> OutturnError:
    return Unavailable("Too much goes on at this moment to parse a file.", retry_after=5)


def _sheets(answer: bytes, code: int | None) -> list[Sheet]:
    """What the process answered; one that was stopped had more to do than a file may ask."""
    if code is None or code < 0:
        raise ContentTooLarge("The file takes more memory or time to parse than a file may.")
    if code > 0:
        raise _refused("is broken", None)
    if answer.startswith(b'{"sheets"'):
        return loaded(answer)
    said = json.loads(answer)
    if said["status"] == ContentTooLarge.status:
        raise ContentTooLarge(f"The file {said['detail']}.")
    raise _refused(said["detail"], said["row"])


def _refused(reason: str, row: int | None) -> OutturnError:
    return RefusedImport(f"The file {reason}.", [Fault("unreadable", f"The file {reason}.", row=row)])
