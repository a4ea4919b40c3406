"""Mutants of the rules and of the compiler: small faults put in one at a time, which the tests must find.

`python -m tests.mutation` tries them all and names the survivors; a part of a path narrows it down.
Each mutant lives in a process of its own and in memory only; no file is changed. All share one
PostgreSQL server, which only those meet that plain Python and SQLite let live.
"""

import importlib.abc
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
from typing import NamedTuple

import hypothesis  # noqa: F401 - what every process needs, and none changes, is loaded once
import pytest
import sqlalchemy.ext.asyncio  # noqa: F401
import sqlmodel  # noqa: F401

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


class Trial(NamedTuple):
    """A mutant, and whether PostgreSQL is to look at it too."""

    mutant: Mutant
    with_postgres: bool


def main(wanted: Sequence[str]) -> int:
    """Try every mutant of the modules whose path holds one of some words; the number of survivors."""
    os.chdir(ROOT)
    paths = [path for path in MODULES if not wanted or any(word in path for word in wanted)]
    mutants = [mutant for path in paths for mutant in mutants_of(Path(path))]
    unknown = [m for m in mutants if not equivalents.reason(m)]
    began = time.monotonic()
    with running_postgres() as server, TemporaryDirectory() as compiled:
        sys.dont_write_bytecode, sys.pycache_prefix = False, compiled
        if _run(server, Trial(Mutant.none(), with_postgres=True)):
            print("the tests fail without a mutant")
            return 1
        alive = _try(server, [Trial(m, with_postgres=False) for m in unknown])
        survivors = _try(server, [Trial(m, with_postgres=True) for m in alive])
    seconds = time.monotonic() - began
    for mutant in survivors:
        print(f"survived: {mutant}")
    print(
        f"{len(mutants)} mutants, {len(mutants) - len(unknown)} equivalent,"
        f" {len(unknown) - len(survivors)} killed ({len(alive) - len(survivors)} by PostgreSQL alone),"
        f" {len(survivors)} survived, in {seconds:.0f} s"
    )
    return len(survivors)


def _try(server: PostgresServer, trials: Sequence[Trial]) -> list[Mutant]:
    """Those that no test found, a few processes at a time."""
    waiting, running, survivors = list(trials), {}, []
    while waiting or running:
        while waiting and len(running) < WORKERS:
            trial = waiting.pop(0)
            running[_start(server, trial)] = trial.mutant
        pid, status = os.wait()
        mutant = running.pop(pid)
        if status == 0:
            survivors.append(mutant)
            print(f"  alive so far: {mutant}", flush=True)
    return sorted(survivors)


def _run(server: PostgresServer, trial: Trial) -> int:
    return os.waitpid(_start(server, trial), 0)[1]


def _start(server: PostgresServer, trial: Trial) -> int:
    """A process that leaves with 0 where all tests pass; it is ended where it takes too long."""
    pid = os.fork()
    if pid:
        return pid
    signal.alarm(MOST_SECONDS)
    silence = os.open(os.devnull, os.O_WRONLY)
    if not os.environ.get("LOUD"):
        os.dup2(silence, 1)
        os.dup2(silence, 2)
    os.environ["OUTTURN_TEST_EXAMPLES"] = "100" if trial.with_postgres else "60"
    if trial.mutant.path:
        sys.meta_path.insert(0, _Finder(trial.mutant))

    @contextmanager
    def shared() -> Iterator[PostgresServer]:
        yield server

    databases.running_postgres = shared
    chosen = [] if trial.with_postgres else ["-k", "not postgresql"]
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
        exec(compile(self.mutant.source, self.mutant.path, "exec"), module.__dict__)  # noqa: S102


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
