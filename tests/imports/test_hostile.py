"""Files that would harm: each is refused within its limits, and others are served meanwhile."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.errors import ContentTooLarge, OutturnError, RefusedImport, Unavailable
from app.imports import uploads
from app.imports.sandbox.limits import MEMORY, RefusedError
from app.imports.sandbox.reading import csv_sheets
from app.imports.sandbox.sheets import Sheet
from app.imports.sandbox.workbooks import workbook_sheets
from app.imports.uploads import COMMAND, parse_upload, parsed, typed_upload
from tests.imports.hostile import CORPUS

HUNGRY = {
    "last cell there is",
    "bomb of shared strings",
    "one long line",
    "ten million cells",
}
"""Files that come near the limit of memory."""
LIVE = HUNGRY | {
    "flat bomb",
    "claimed dimensions",
    "external entity",
    "billion laughs",
    "deep XML",
    "formula that starts a program",
    "cut short",
    "UTF-16",
    "too many bytes",
}
"""Files that are sent through a process of its own, as the service does; the others are read in this one."""
READ = [case for case in CORPUS if case[0] not in LIVE]
MEASURED = """
import json, os, subprocess, sys
peaks = []
for line in sys.stdin:
    path, *command = json.loads(line)
    nowhere = subprocess.DEVNULL
    with open(path, "rb") as content:
        child = subprocess.Popen(command, stdin=content, stdout=nowhere, stderr=nowhere)
        peaks.append(os.wait4(child.pid, 0)[2].ru_maxrss * 1024)
print(json.dumps(peaks))
"""
"""Runs commands one by one and tells the peak memory of each; small itself, so that it hides none."""


def refusal(name: str, sheets: list[Sheet]) -> tuple[str, int]:
    """The status that refuses a parsed file, for its problems."""
    return name, 422 if typed_upload(sheets, "observations").problem_total else 200


@pytest.mark.parametrize(
    ("name", "form", "status", "make"), [pytest.param(*case, id=case[0]) for case in READ]
)
def test_a_hostile_file_is_refused(name: str, form: str, status: int, make: Callable[[], bytes]) -> None:
    read = workbook_sheets if form == "xlsx" else csv_sheets

    try:
        answer = refusal(name, read(make()))
    except RefusedError as refused:
        answer = name, refused.status

    assert answer == (name, status)


async def ticks(until: asyncio.Event) -> int:
    count = 0
    while not until.is_set():
        count += 1
        await asyncio.sleep(0.001)
    return count


async def test_hostile_files_are_refused_while_others_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "app.imports.uploads.SECONDS", 60
    )  # a busy machine is slow, which is no fault of theirs
    answers, done = [], asyncio.Event()
    ticking = asyncio.create_task(ticks(done))

    for name, form, _, make in CORPUS:
        if name in LIVE:
            try:
                answers.append(refusal(name, await parse_upload(make(), form)))
            except OutturnError as refused:
                answers.append((name, refused.status))
    done.set()

    assert answers == [(name, status) for name, _, status, _ in CORPUS if name in LIVE]
    assert len(answers) == len(LIVE)
    assert await ticking > len(LIVE)


def test_no_hostile_file_takes_more_memory_than_the_limit(tmp_path: Path) -> None:
    commands = []
    for number, (form, make) in enumerate((form, make) for name, form, _, make in CORPUS if name in HUNGRY):
        path = tmp_path / str(number)
        path.write_bytes(make())
        commands.append(json.dumps([str(path), *COMMAND, form]))

    runner = (sys.executable, "-c", MEASURED)
    told = "\n".join(commands)
    done = subprocess.run(runner, input=told, capture_output=True, text=True, check=True)  # noqa: S603 - our own

    peaks = json.loads(done.stdout)
    assert len(peaks) == len(HUNGRY)
    assert max(peaks) <= MEMORY


@pytest.mark.parametrize(
    "wish", ["import socket; socket.socket()", "open('/dev/null')", "import os; os.pipe()"]
)
def test_what_parses_opens_nothing(wish: str) -> None:
    confined = (
        "import sys, socket; sys.path.append(sys.argv[1]); from sandbox.limits import confine; confine()"
    )
    command = (*COMMAND[:3], f"{confined}; {wish}", COMMAND[-1])

    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own

    assert done.returncode == 1
    assert "Too many open files" in done.stderr


async def test_a_caller_who_leaves_takes_the_process_along(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []
    has_started, start = asyncio.Event(), asyncio.create_subprocess_exec

    async def starting(*command: str, **said: Any) -> asyncio.subprocess.Process:  # noqa: ANN401 - passed on
        started.append(await start(*command, **said))
        has_started.set()
        return started[0]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", starting)
    parsing = asyncio.create_task(parse_upload(b"a,b\n" * 50_000, "csv"))
    await has_started.wait()

    parsing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await parsing
    assert started[0].returncode is not None


async def test_files_wait_for_their_turn_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 1)
    monkeypatch.setattr(uploads, "_TURNS", {})
    parsed = await asyncio.gather(*(parse_upload(b"a,b\n", "csv") for _ in range(3)))
    assert [len(sheets) for sheets in parsed] == [1, 1, 1]

    monkeypatch.setattr(uploads, "AT_ONCE", 0)
    monkeypatch.setattr(uploads, "_TURNS", {})
    monkeypatch.setattr(uploads, "PATIENT", 0)

    with pytest.raises(OutturnError) as error:
        await parse_upload(b"a,b\n", "csv")
    assert (error.value.status, error.value.headers) == (503, {"Retry-After": "5"})


async def test_a_busy_machine_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SECONDS", 0)
    monkeypatch.setattr(uploads, "UNHURRIED", 0.001)

    with pytest.raises(Unavailable):
        await parse_upload(b"a,b\n", "csv")
    with pytest.raises(Unavailable):
        parsed(b"a,b\n", "csv")


def test_a_file_that_takes_too_much_time_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    confined = "import sys; sys.path.append(sys.argv[1]); from sandbox import limits; limits.CPU_SECONDS = 0"
    monkeypatch.setattr(
        uploads, "COMMAND", (*COMMAND[:3], f"{confined}; limits.confine()\nwhile True: pass", COMMAND[-1])
    )

    with pytest.raises(ContentTooLarge):
        parsed(b"a,b\n", "csv")


def test_a_file_that_breaks_what_parses_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "COMMAND", (*COMMAND[:3], "raise SystemExit(1)", COMMAND[-1]))

    with pytest.raises(RefusedImport) as error:
        parsed(b"a,b\n", "csv")

    assert error.value.detail == "The file is broken."
