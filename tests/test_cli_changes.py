"""What changed, told at the command line, and whether the audit holds; on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from app.cli import app
from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.settings import settings
from tests.imports.examples import write_report
from tests.queries.reports import load

CLAUSE = {"condition": "at least 60% of target", "code": "near", "label": "Amber"}
MORE = {
    "scheme_clauses": [
        {
            "scheme": "anyshire-plan",
            "position": "2",
            "condition": "otherwise",
            "code": "missed",
            "label": "Red",
        }
    ]
}


@pytest.fixture(scope="module")
def engine(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Connections to a database of two releases and a draft."""
    migrate(database_url)
    folder: Path = tmp_path_factory.mktemp("reports")
    for place, (numerator, comment) in enumerate((("159488", "One"), ("9488", "Two"), ("9488", "Three"))):
        files = {
            "scheme_clauses": CLAUSE,
            "observations": {"numerator": numerator},
            "actions": {"comment": comment},
        }
        report = write_report(folder / f"report-{place}", MORE, **files)
        load(database_url, report, publish=comment != "Three")
    engine = writing_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def chosen(engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have commands work on the module's database."""
    assert engine.dialect.name
    monkeypatch.setenv("OUTTURN_DATABASE_URL", database_url)
    settings.cache_clear()
    yield
    settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_statuses_are_told_first_and_then_cells() -> None:
    told = run("diff", "anyshire")
    lines = told.stdout.splitlines()

    assert told.exit_code == 0, told.stderr
    assert lines[0].startswith("anyshire: from release 1 of ")
    assert " to release 2 of " in lines[0]
    assert lines[1:3] == [
        "  Became missed: 1",
        "    3002 % of calls answered, front-office, 2011-12-q2: near (Amber) → missed (Red)",
    ]
    assert "      numerator: 159488.00 → 9488.00" in lines
    assert "    changed action IT1 (Strategy)" in lines
    assert "      comment: One → Two" in lines


def test_drafts_are_told_as_what_would_change() -> None:
    lines = run("diff", "--draft").stdout.splitlines()

    assert lines[0].endswith(" to drafts")
    assert lines[1:] == [
        "  Draft: report-2",
        "    changed action IT1 (Strategy)",
        "      comment: Two → Three",
    ]


def test_two_releases_may_be_named() -> None:
    added, same = run("diff", "--to", "1"), run("diff", "--from", "2", "--to", "2", "anyshire")

    assert "from nothing to release 1" in added.stdout
    assert "    added service front-office (Front Office)" in added.stdout
    assert same.stdout == ""


def test_scripts_get_a_line_of_json_for_each_change() -> None:
    rows = [json.loads(line) for line in run("diff", "--json").stdout.splitlines()]

    assert [row.get("transition") or row["field"] for row in rows] == [
        "became_missed",
        "numerator",
        "comment",
    ]
    assert rows[1]["release"] == 2


@pytest.mark.parametrize("words", [["nowhere"], ["--from", "99"], ["--to", "x"], ["--draft", "--to", "1"]])
def test_what_cannot_be_compared_is_refused(words: list[str]) -> None:
    assert run("diff", *words).exit_code == 2


def test_an_audit_that_holds_tells_its_last_seals() -> None:
    held = run("audit", "verify")
    seal = held.stdout.split()[-1]

    assert held.exit_code == 0
    assert held.stdout.startswith("anyshire: 5 entries, the last sealed ")
    assert run("audit", "verify", "--expect", f"anyshire={seal}").exit_code == 0


@pytest.mark.parametrize("expected", ["anyshire=00", "-=00", "othershire=00"])
def test_a_seal_that_no_entry_has_fails(expected: str) -> None:
    failed = run("audit", "verify", "--expect", expected)

    assert failed.exit_code == 1
    assert "its end is cut off" in failed.stderr
    assert run("audit", "verify", "--expect", "anyshire").exit_code == 2


def test_an_audit_that_was_changed_fails_at_the_first_place(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER sealed"))
        else:
            connection.execute(text("DROP TRIGGER sealed_audit_entry_update"))
        connection.execute(text("UPDATE audit_entry SET reason = 'another' WHERE number IN (2, 4)"))

    failed = run("audit", "verify")

    assert failed.exit_code == 1
    assert failed.stderr == "anyshire: entry 2 says something else than it was sealed with\n"
