"""The guides: every command is run, and prints what the guide says that it prints."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.demo import load_demo
from tests.test_workers import serving

GUIDES = sorted((Path(__file__).parents[1] / "docs" / "guides").glob("*.md"))
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_MARK = "===== the end of a block ====="


def blocks_of(text: str) -> list[tuple[str, str]]:
    """Each block of commands, with what it prints."""
    found = [(word, said) for word, said in _BLOCK.findall(text)]
    steps = []
    for place, (word, said) in enumerate(found):
        if word == "sh":
            after = found[place + 1] if place + 1 < len(found) else ("sh", "")
            steps.append((said, after[1] if after[0] != "sh" else ""))
    return steps


def printed(commands: list[str], folder: Path, environment: dict[str, str]) -> list[str]:
    """What each block prints, all of them in one shell."""
    script = "\n".join(["set -e", *(f"{block}\necho '{_MARK}'" for block in commands)])
    done = subprocess.run(  # noqa: S603 - the commands of our own guides
        ["bash", "-c", script],  # noqa: S607 - whichever there is
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout.split(f"{_MARK}\n")[:-1]


@pytest.mark.parametrize("guide", GUIDES, ids=[guide.stem for guide in GUIDES])
def test_every_command_of_a_guide_prints_what_the_guide_says(guide: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/outturn.db"
    load_demo(url)
    steps = blocks_of(guide.read_text())
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with serving(url, tmp_path / "log", {}) as port:
        environment = {**os.environ, "OUTTURN_DATABASE_URL": url, "PATH": path}
        environment["URL"] = f"http://127.0.0.1:{port}"
        found = printed([commands for commands, _ in steps], tmp_path, environment)

    assert len(found) == len(steps)
    same = doctest.OutputChecker().check_output
    for (commands, wanted), said in zip(steps, found, strict=True):
        told = f"{commands}\nprinted:\n{said}\nnot:\n{wanted}"
        assert same(wanted, f"{said.rstrip()}\n", doctest.ELLIPSIS | doctest.DONT_ACCEPT_BLANKLINE), told
