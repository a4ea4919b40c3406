"""Processes that end when this one does, however that is."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_STOP_SECONDS = 20

# Signals the program when this process's end of the pipe closes.
_UNTIL_PIPE_CLOSES = """
signal=$1; shift
exec 3<&0
"$@" < /dev/null & program=$!
{ cat <&3 > /dev/null; kill -$signal $program; } 2> /dev/null &
wait $program
"""


@contextmanager
def child(
    command: Sequence[str | Path],
    log: Path,
    ending: str,
    **options: Any,  # noqa: ANN401 - as Popen has them
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends, and signal it then; the process is that of its guard.

    What it says goes to the end of a file. One that does not end when it is told to is killed.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the bench's own programs
            ["/bin/sh", "-c", _UNTIL_PIPE_CLOSES, "sh", ending, *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **options,
        )
    try:
        yield process
    finally:
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=_STOP_SECONDS)
        with suppress(ProcessLookupError):  # nobody of its session is left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
