"""Environments of their own for judges whose dependencies do not go with ours."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_LONGEST = 600
"""Seconds that a judge may take."""


def python_of(name: str) -> Path:
    """The interpreter of an environment, which is put in place where it is not or where its pins changed.

    It holds what `NAME.txt` lists, each distribution at its pinned version and none that the list lacks.
    """
    folder, pins = Path(sys.prefix) / f"feeds-check-{name}", _HERE / f"{name}.txt"
    python, stamp = folder / "bin" / "python", folder / "pins.txt"
    if not stamp.exists() or stamp.read_text() != pins.read_text():
        venv.create(folder, clear=True, with_pip=True)
        quietly = ["--quiet", "--disable-pip-version-check"]
        install = ["install", *quietly, "--no-deps", "--requirement", str(pins)]
        subprocess.run([python, "-m", "pip", *install], check=True)  # noqa: S603 - of our own list
        stamp.write_text(pins.read_text())
    return python


def judged(environment: str, judge: str, *asked: str) -> Any:  # noqa: ANN401 - any JSON value
    """What a judge says, as JSON. Raises RuntimeError where it says nothing: that is no verdict."""
    script = _HERE / "judges" / f"{judge}.py"
    done = subprocess.run(  # noqa: S603 - our own script
        [python_of(environment), script, *asked],
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST,
    )
    if done.returncode:
        raise RuntimeError(f"{judge} of {asked[0]} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)
