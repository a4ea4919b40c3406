"""Mutants of the rules and of the compiler: small faults put in one at a time, for the tests to find.

`python -m tests.mutation` tries them all and names the survivors; words narrow it down to the paths
that hold one. Each mutant lives in a process of its own and in memory only: no file is changed. They
share one PostgreSQL server, which only those meet that plain Python and SQLite let live.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import hypothesis  # noqa: F401 - what every process needs and none changes is loaded once
import pytest
import sqlmodel  # noqa: F401 - loaded before any mutant is

from tests import databases, equivalents
from tests.databases import PostgresServer, running_postgres
from tests.mutators import Mutant, mutants_of

ROOT = Path(__file__).parent.parent
RULES = (
    "actions",
    "budgets",
    "evaluation",
    "indicators",
    "nodes",
    "risks",
    "schemes",
    "tracing",
    "workforce",
)
MODULES = [*(f"app/rules/{name}.py" for name in RULES), "app/db/wholes.py", "app/db/compiler.py"]
QUICK = [
    "tests/db/test_wholes.py",
    "tests/rules/test_nodes.py",
    "tests/rules/test_tracing.py",
    "tests/rules/test_evaluation.py",
    "tests/rules/test_cases.py",
    "tests/rules/test_schemes.py",
    "tests/db/test_compiler.py",
    "tests/db/test_widths.py",
]
SLOW = [
    "tests/rules/test_agreement.py",
    "tests/rules/test_guards.py",
    "tests/rules/test_trees.py",
    "tests/db/test_stages.py",
]
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
WORKERS = 2
MOST_SECONDS = 300
EVERYTHING: list[str] = []
BUT_POSTGRES = ["-k", "not postgresql"]


def main(wanted: Sequence[str]) -> int:
    """Try every mutant of the modules whose path holds one of some words; 1 where one survives."""
    os.chdir(ROOT)
    began = time.monotonic()
    paths = [path for path in MODULES if not wanted or any(word in path for word in wanted)]
    mutants = [mutant for path in paths for mutant in mutants_of(Path(path))]
    tried = [mutant for mutant in mutants if not equivalents.reason(mutant)]
    with running_postgres() as server, TemporaryDirectory() as compiled:
        sys.dont_write_bytecode, sys.pycache_prefix = False, compiled
        if os.waitpid(_start(server, None, EVERYTHING), 0)[1]:
            _say("the tests fail without any mutant")
            return 1
        alive = _survivors(server, tried, BUT_POSTGRES)
        survivors = _survivors(server, alive, EVERYTHING)
    for mutant in survivors:
        _say(f"survived: {mutant}")
    _say(
        f"{len(mutants)} mutants: {len(mutants) - len(tried)} equivalent,"
        f" {len(tried) - len(survivors)} killed ({len(alive) - len(survivors)} by PostgreSQL alone),"
        f" {len(survivors)} survived, in {time.monotonic() - began:.0f} s"
    )
    return min(len(survivors), 1)


def _survivors(server: PostgresServer, mutants: Sequence[Mutant], chosen: list[str]) -> list[Mutant]:
    """Those that no test finds, a few processes at a time."""
    waiting, survivors = list(mutants), []
    running: dict[int, Mutant] = {}
    while waiting or running:
        while waiting and len(running) < WORKERS:
            mutant = waiting.pop(0)
            running[_start(server, mutant, chosen)] = mutant
        pid, status = os.wait()
        mutant = running.pop(pid)
        if status == 0:
            survivors.append(mutant)
            _say(f"  alive so far: {mutant}")
    return sorted(survivors)


def _start(server: PostgresServer, mutant: Mutant | None, chosen: list[str]) -> int:
    """A process that ends with 0 where all tests pass, and with a signal where they take too long."""
    pid = os.fork()
    if pid:
        return pid
    signal.alarm(MOST_SECONDS)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.environ["OUTTURN_TEST_EXAMPLES"] = "60"
    if mutant:
        sys.meta_path.insert(0, _Finder(mutant))

    @contextmanager
    def shared() -> Iterator[PostgresServer]:
        yield server

    databases.running_postgres = shared
    for tests in (QUICK, SLOW):
        if code := pytest.main([*OPTIONS, *chosen, *tests]):
            os._exit(int(code))
    os._exit(0)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a mutant in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.name = mutant.path.removesuffix(".py").replace("/", ".")

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.mutant.source, self.mutant.path, "exec"), module.__dict__)  # noqa: S102 - running a changed module is what this is for


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
