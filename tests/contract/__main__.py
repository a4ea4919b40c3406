"""Try the committed contract: a server on each kind of database, and Schemathesis as each sort of caller.

`python -m tests.contract` takes as long as its runs do; `--database sqlite` or `--user editor` tries some of
them, and what follows `--` goes to Schemathesis. The exit status is 1 where any run found a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.databases import fresh_sqlite, running_postgres
from tests.demo import load_demo
from tests.running import running_service

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT = Path("openapi/outturn.json")
SETTINGS = Path(__file__).with_name("schemathesis.toml")
GRANTS = {
    "administrator": ("administrator",),
    "editor": ("editor:barnet",),
    "peers": ("editor:barnet", "editor:thurrock"),
    "anybody": (),
}
"""The callers, and what each may do; of the two peers neither may see what the other drafts."""
RUNS = [
    ("sqlite", "administrator"),
    ("postgresql", "editor"),
    ("sqlite", "anybody"),
    ("postgresql", "administrator"),
    ("sqlite", "editor"),
    ("sqlite", "peers"),
]
PEERS = """
[auth.wfc]
path = {path}
peers = {names}

# Nobody without a name may ask for drafts, so what is public and asked for among them seems to be somebody's;
# only lists tell, and nothing that is explained stands in one. `drafts_are_for_their_own` looks at all.
[[operations]]
include-path-regex = "/explain$"
[operations.checks.object_level_authorization]
enabled = false
"""
LONGEST = 1800
"""Seconds that a run may take."""
EXAMPLES = 10
"""How many requests are drawn for each operation, beside those that follow from its schema."""
_PROGRAMS = Path(sys.executable).parent


class Tried(NamedTuple):
    """What a run came to."""

    database: str
    user: str
    operations: int
    cases: int
    failures: int
    seconds: float

    def __str__(self) -> str:
        """One line of the report."""
        return (
            f"{self.database:<11} {self.user:<14} {self.operations:>4} operations {self.cases:>7} cases"
            f" {self.failures:>3} failures {self.seconds:>6.0f} s"
        )


def main() -> int:
    """Run what was asked for, and report."""
    options = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__)
    options.add_argument("--database", choices=["sqlite", "postgresql"])
    options.add_argument("--user", choices=list(GRANTS))
    options.add_argument("more", nargs="*", help="options of Schemathesis")
    asked = options.parse_args()
    tried = [
        _tried(database, user, asked.more)
        for database, user in RUNS
        if asked.database in {None, database} and asked.user in {None, user}
    ]
    sys.stdout.write("".join(f"{each}\n" for each in tried))
    return int(any(each.failures for each in tried))


def _tried(database: str, user: str, more: list[str]) -> Tried:
    with tempfile.TemporaryDirectory(prefix="outturn-contract-") as name, _databases(database) as url:
        folder = Path(name)
        load_demo(url)
        keys = [_key(url, grant) for grant in GRANTS[user]]
        with running_service(url, folder / "log") as address:
            report = folder / "report.json"
            status = _schemathesis(address, keys, folder, more)
        if not report.exists():
            raise SystemExit(f"Schemathesis ended with {status} and without a report")
        said = json.loads(report.read_bytes())
    failures = sum(each["count"] for each in said["failures"]) + len(said["errors"])
    return Tried(
        database,
        user,
        said["operations"]["tested"],
        said["test_cases"]["generated"],
        failures or int(status != 0),
        said["running_time"],
    )


@contextmanager
def _databases(kind: str) -> Iterator[str]:
    """A database of its own for a run, as the one before has left its own changed."""
    if kind == "sqlite":
        with fresh_sqlite() as url:
            yield url
    else:
        with running_postgres() as server, server.fresh_database() as url:
            yield url


def _key(url: str, grant: str) -> str:
    """A key for a caller, named after what it may do."""
    done = subprocess.run(  # noqa: S603 - the service's own command
        [_PROGRAMS / "outturn", "keys", "create", grant, "--grant", grant],
        env={**os.environ, "OUTTURN_DATABASE_URL": url},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def _schemathesis(address: str, keys: list[str], folder: Path, more: list[str]) -> int:
    """Run it, with what it finds on standard output and its report in a folder."""
    told = {
        "FUZZ_URL": address,
        "FUZZ_KEY": keys[0] if keys else "",
        "FUZZ_STARTED": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    settings, shown = SETTINGS, []
    if len(keys) > 1:
        settings, told["FUZZ_PEERS"] = _with_peers(folder, keys), " ".join(keys)
    elif keys:
        shown = ["--header", f"Authorization: Bearer {keys[0]}"]
    command: list[str | Path] = [_PROGRAMS / "schemathesis", "--config-file", settings, "run", CONTRACT]
    command += ["--url", address, *shown, "--max-examples", str(EXAMPLES)]
    command += ["--report", "json", "--report-json-path", folder / "report.json", *more]
    return subprocess.run(  # noqa: S603 - the tool that this module is about
        command,
        timeout=LONGEST,
        env={**os.environ, **told, "PYTHONPATH": str(Path.cwd())},
        check=False,
    ).returncode


def _with_peers(folder: Path, keys: list[str]) -> Path:
    """The settings, and beside them whose requests are tried again as the other's."""
    names = [f"peer-{number}" for number, _ in enumerate(keys)]
    users = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {key}"}]}
        for name, key in zip(names, keys, strict=True)
    ]
    (folder / "users.json").write_text(json.dumps({"auth": users}))
    settings = folder / "schemathesis.toml"
    path = json.dumps(str(folder / "users.json"))
    settings.write_text(SETTINGS.read_text() + PEERS.format(path=path, names=json.dumps(names)))
    return settings


if __name__ == "__main__":
    raise SystemExit(main())
