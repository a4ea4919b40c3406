"""Files that would harm: each is refused within its limits, and others are served meanwhile."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.errors import OutturnError
from app.imports.sandbox.limits import MEMORY
from app.imports.uploads import COMMAND, Format, Upload, parse_upload, typed_upload
from tests.imports.hostile import CORPUS

HUNGRY = {
    "last cell there is",
    "bomb of shared strings",
    "a million rows of empty cells",
    "one long line",
    "one long cell",
    "ten million cells",
}
"""Files that come near the limit; the others are refused before they are opened."""
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


async def refused(content: bytes, form: Format) -> int | Upload:
    """The status that refuses a file: on the way in, or for its problems."""
    try:
        upload = typed_upload(await parse_upload(content, form), "observations")
    except OutturnError as error:
        return error.status
    return 422 if upload.problem_total else upload


async def ticks(until: asyncio.Event) -> int:
    count = 0
    while not until.is_set():
        count += 1
        await asyncio.sleep(0.001)
    return count


async def test_every_hostile_file_is_refused_while_others_are_served() -> None:
    answers, done = {}, asyncio.Event()
    ticking = asyncio.create_task(ticks(done))

    for name, form, _, make in CORPUS:
        answers[name, form] = await refused(make(), form)  # type: ignore[arg-type]  # the table is of plain texts
    done.set()

    assert answers == {(name, form): status for name, form, status, _ in CORPUS}
    assert await ticking > len(CORPUS)


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


async def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.imports.uploads.SECONDS", 0)

    with pytest.raises(OutturnError) as error:
        await parse_upload(b"a,b\n", "csv")

    assert error.value.status == 413
