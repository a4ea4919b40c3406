"""The `outturn` command as a performance officer and an operator use it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import DEMO, app
from app.settings import settings

REPORT = DEMO / "thurrock-performance-and-central-services-2016-10"


@pytest.fixture
def runner(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """Run commands on the module's database."""
    monkeypatch.setenv("OUTTURN_DATABASE_URL", database_url)
    settings.cache_clear()
    yield CliRunner()
    settings.cache_clear()


def test_migrating_twice_is_as_good_as_once(runner: CliRunner) -> None:
    first, second = runner.invoke(app, ["migrate"]), runner.invoke(app, ["migrate"])

    assert (first.exit_code, second.exit_code) == (0, 0)


def test_a_report_with_a_wrong_cell_is_refused_with_its_place_and_reason(
    runner: CliRunner, tmp_path: Path
) -> None:
    runner.invoke(app, ["migrate"])
    folder = shutil.copytree(REPORT, tmp_path / "report")
    file = folder / "observations.csv"
    file.write_text(file.read_text().replace(",60.3,", ",FAILED,"), encoding="utf-8")

    result = runner.invoke(app, ["load", str(folder)])

    assert result.exit_code == 1
    assert "report: refused, nothing was changed" in result.stderr
    assert "observations.csv row" in result.stderr
    assert "'FAILED'" in result.stderr


def test_a_report_loads_once_and_reconciles(runner: CliRunner) -> None:
    runner.invoke(app, ["migrate"])

    first, again = runner.invoke(app, ["load", str(REPORT)]), runner.invoke(app, ["load", str(REPORT)])
    reconciled = runner.invoke(app, ["reconcile"])

    assert " 0 changed, 0 as they were" in first.stdout
    assert ": 0 facts added, 0 changed" in again.stdout
    assert "68 derived figures printed, 65 come back equal, 3 do not" in reconciled.stdout
    assert "published lower, derived rose; direction_baseline, published_error" in reconciled.stdout


def test_what_looks_wrong_is_told_and_kept(runner: CliRunner) -> None:
    runner.invoke(app, ["migrate"])

    result = runner.invoke(app, ["load", str(DEMO / "bath-and-north-east-somerset-customers-2004-09")])

    assert result.exit_code == 0
    assert "'158' is the base, and the rows of ethnic origin sum to 163" in result.stderr


def test_loading_without_a_folder_says_what_to_name(runner: CliRunner) -> None:
    result = runner.invoke(app, ["load"])

    assert result.exit_code == 2
    assert "name a folder" in result.stderr


def test_a_contract_that_differs_fails_the_check_and_says_how_to_mend_it(
    runner: CliRunner, tmp_path: Path
) -> None:
    contract = tmp_path / "openapi" / "outturn.json"

    missing = runner.invoke(app, ["openapi", "--check", str(contract)])
    written = runner.invoke(app, ["openapi", str(contract)])
    same = runner.invoke(app, ["openapi", "--check", str(contract)])
    contract.write_text("{}", encoding="utf-8")
    differs = runner.invoke(app, ["openapi", "--check", str(contract)])

    assert [r.exit_code for r in (missing, written, same, differs)] == [1, 0, 0, 1]
    assert "make openapi" in differs.stderr


def test_the_committed_contract_is_the_one_the_service_has(runner: CliRunner) -> None:
    result = runner.invoke(app, ["openapi", "--check", "openapi/outturn.json"])

    assert result.exit_code == 0


def test_a_handbook_that_differs_fails_the_check_and_says_how_to_mend_it(
    runner: CliRunner, tmp_path: Path
) -> None:
    page = tmp_path / "docs" / "rules.md"

    missing = runner.invoke(app, ["rules", "--check", str(page)])
    written = runner.invoke(app, ["rules", str(page)])
    current = runner.invoke(app, ["rules", "--check", str(page)])
    page.write_text(page.read_text(encoding="utf-8").replace("≥", ">"), encoding="utf-8")
    changed = runner.invoke(app, ["rules", "--check", str(page)])

    assert [each.exit_code for each in (missing, written, current, changed)] == [1, 0, 0, 1]
    assert "run: make rules" in missing.stderr
    assert "run: make rules" in changed.stderr
