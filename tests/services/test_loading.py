"""Reports into the database: what is written, what stays, what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.imports.problems import Problem, ReportRefusedError
from app.imports.reports import Report, read_report
from app.services.drafting import table
from app.services.loading import load_report
from tests.imports.examples import EXAMPLE, Cells, write_report
from tests.services.facts import KINDS, count, history, standing, subject_of, versions

DEMO = Path(__file__).parents[2] / "app" / "demo"
FOLDERS = sorted(path.parent for path in DEMO.glob("*/organisation.csv"))
WHERE = "front-office/2011-12-q2"


def read_example(tmp_path: Path, more: dict[str, list[Cells]] | None = None, /, **files: Cells) -> Report:
    report = read_report(write_report(tmp_path, more, **files))
    assert report.problems == ()
    return report


def problems_of(session: Session, report: Report) -> list[tuple[str, int, str]]:
    """Where a report is refused when it is loaded."""
    with pytest.raises(ReportRefusedError) as refused:
        load_report(session, report, "test")
    return [(problem.file, problem.row, problem.column) for problem in refused.value.problems]


def test_every_demo_report_loads_and_a_second_time_changes_nothing(session: Session) -> None:
    reports = [read_report(folder) for folder in FOLDERS]

    first = [load_report(session, report, "first") for report in reports]
    written = versions(session)
    again = [load_report(session, report, "again") for report in reports]

    assert len(reports) >= 5
    assert all(loaded.added > 0 and loaded.changed == 0 for loaded in first)
    assert written == sum(loaded.added for loaded in first)
    assert all((loaded.revision_id, loaded.added, loaded.changed) == (None, 0, 0) for loaded in again)
    assert versions(session) == written
    assert count(session, "revision") == len(reports)


def test_the_example_fills_every_table(session: Session, tmp_path: Path) -> None:
    loaded = load_report(session, read_example(tmp_path), "test")

    assert {kind: count(session, kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)
    assert loaded[2:] == (len(KINDS), 0, 0)
    assert count(session, "subject") == len(KINDS)


def test_a_changed_cell_makes_one_new_version(session: Session, tmp_path: Path) -> None:
    before = load_report(session, read_example(tmp_path), "first")

    after = load_report(session, read_example(tmp_path, targets={"value": "80"}), "second")

    assert after[2:] == (0, 1, len(KINDS) - 1)
    old, new = history(session, "target", f"3002/{WHERE}")
    assert (old["value"], old["replaced_in"]) == (75, after.revision_id)
    assert (new["value"], new["replaced_in"]) == (80, None)
    assert (old["made_in"], new["made_in"]) == (before.revision_id, after.revision_id)
    assert versions(session) == len(KINDS) + 1


def test_a_cell_changed_back_makes_a_third_version(session: Session, tmp_path: Path) -> None:
    for value in ("75", "80", "75"):
        load_report(session, read_example(tmp_path, targets={"value": value}), value)

    assert [row["value"] for row in history(session, "target", f"3002/{WHERE}")] == [75, 80, 75]


def test_a_number_written_otherwise_is_no_change(session: Session, tmp_path: Path) -> None:
    load_report(session, read_example(tmp_path), "first")

    again = load_report(session, read_example(tmp_path, targets={"value": "75.00%"}), "second")

    assert again.revision_id is None


def test_a_new_row_is_a_new_fact_and_a_missing_row_stays(session: Session, tmp_path: Path) -> None:
    load_report(session, read_example(tmp_path), "first")
    later = {**EXAMPLE["targets"], "period": "2011-12-q3"}
    report = read_example(tmp_path, {"targets": [later]})

    loaded = load_report(session, replace(report, notes=()), "second")

    assert loaded[2:] == (1, 0, len(KINDS) - 1)
    assert standing(session, "note", "indicator/3002/2011-12-q2/commentary/1")


def test_a_report_may_refer_to_what_an_earlier_one_defined(session: Session, tmp_path: Path) -> None:
    report = read_example(tmp_path)
    load_report(session, report, "first")
    later = {"period": "2011-12-q3"}
    following = read_example(tmp_path, observations=later, targets=later, published=later)

    loaded = load_report(
        session,
        replace(following, services=(), schemes=(), indicators=(), risk_matrices=()),
        "second",
    )

    assert loaded.added == 3
    assert standing(session, "observation", "3002/front-office/2011-12-q3")


def test_what_a_report_says_of_an_earlier_indicator_must_fit_its_unit(
    session: Session, tmp_path: Path
) -> None:
    load_report(session, read_example(tmp_path), "first")
    report = read_example(tmp_path, targets={"value": "2011-12-31"})

    assert problems_of(session, replace(report, indicators=())) == [("targets.csv", 2, "value")]


UNKNOWN = [
    ("services", "parent"),
    ("scheme_clauses", "scheme"),
    ("direction_labels", "scheme"),
    ("indicators", "service"),
    ("targets", "indicator"),
    ("targets", "service"),
    ("observations", "indicator"),
    ("comparators", "indicator"),
    ("equalities", "service"),
    ("interventions", "indicator"),
    ("budget_lines", "service"),
    ("risks", "service"),
    ("risks", "matrix"),
    ("risk_controls", "risk"),
    ("heat_map", "service"),
    ("heat_map", "matrix"),
    ("workforce_establishment", "service"),
    ("workforce_profiles", "service"),
    ("actions", "service"),
    ("initiatives", "service"),
    ("projects", "service"),
    ("notes", "subject"),
    ("published", "subject"),
]


@pytest.mark.parametrize(("file", "column"), UNKNOWN)
def test_a_reference_to_nothing_is_refused(session: Session, tmp_path: Path, file: str, column: str) -> None:
    report = read_example(tmp_path, **{file: {column: "nowhere"}})

    assert (f"{file}.csv", 2, column) in problems_of(session, report)


def test_every_reference_to_nothing_is_told(session: Session, tmp_path: Path) -> None:
    rows = [{**EXAMPLE["targets"], "indicator": name} for name in ("one", "two")]
    report = read_example(tmp_path, {"targets": rows}, notes={"kind": "service", "subject": "three"})

    assert problems_of(session, report) == [
        ("targets.csv", 3, "indicator"),
        ("targets.csv", 4, "indicator"),
        ("notes.csv", 2, "subject"),
    ]


def test_a_row_that_stands_twice_is_refused(session: Session, tmp_path: Path) -> None:
    report = read_example(tmp_path, {"targets": [{**EXAMPLE["targets"], "value": "80"}]})

    with pytest.raises(ReportRefusedError, match="says the same fact as row 2 again"):
        load_report(session, report, "test")


def test_a_report_with_a_problem_is_refused_whole(session: Session, tmp_path: Path) -> None:
    report = read_report(write_report(tmp_path, targets={"value": "Green"}))

    with pytest.raises(ReportRefusedError) as refused:
        load_report(session, report, "test")

    assert refused.value.problems == report.problems
    assert "targets.csv, row 2, value: is a word where a number is expected" in str(refused.value)
    assert versions(session) == 0
    assert count(session, "organisation") == 0


def test_a_refused_report_leaves_nothing(session: Session, tmp_path: Path) -> None:
    problems_of(session, read_example(tmp_path, targets={"indicator": "nowhere"}))

    assert [count(session, name) for name in ("organisation", "subject", "period", "revision")] == [0] * 4


def test_an_organisation_keeps_its_name_and_code(session: Session, tmp_path: Path) -> None:
    load_report(session, read_example(tmp_path), "first")

    with pytest.raises(ReportRefusedError) as refused:
        load_report(session, read_example(tmp_path, organisation={"name": "Otherton"}), "second")

    reason = "differs from Anyshire, which an earlier report stated"
    assert refused.value.problems == (Problem("organisation.csv", 2, "name", "Otherton", reason),)


@pytest.mark.parametrize(("threshold", "rounding"), [("4", "2"), ("5", "1"), ("1", "1")])
def test_a_policy_that_keeps_no_count_is_refused(
    session: Session, tmp_path: Path, threshold: str, rounding: str
) -> None:
    cells = {"threshold": threshold, "rounding": rounding}

    report = read_example(tmp_path, disclosure_policies=cells)

    assert problems_of(session, report) == [("disclosure_policies.csv", 2, "threshold")]


def test_a_list_has_one_policy(session: Session, tmp_path: Path) -> None:
    other = {**EXAMPLE["disclosure_policies"], "threshold": "12"}

    report = read_example(tmp_path, {"disclosure_policies": [other]})

    assert problems_of(session, report) == [("disclosure_policies.csv", 3, "")]


def test_money_is_stored_in_pounds(session: Session, tmp_path: Path) -> None:
    report = read_example(tmp_path, budget_lines={"forecast": "(8.31)"})

    load_report(session, report, "test")

    line = standing(session, "budget_line", f"grants/{WHERE}")
    assert (line["revised_budget"], line["forecast"]) == (826_000, -8310)
    assert (line["original_budget"], line["money_unit"]) == (None, "thousand_pounds")


def test_a_day_is_stored_as_its_number(session: Session, tmp_path: Path) -> None:
    by_when = {"unit": "date", "calculation": "given", "decimals": "0"}
    value = {"numerator": "", "denominator": "", "value": "2005-07-31"}
    report = read_example(tmp_path, indicators=by_when, observations=value, targets={"value": "1 Jan 2005"})

    load_report(session, report, "test")

    observed, target = (standing(session, kind, f"3002/{WHERE}") for kind in ("observation", "target"))
    assert observed["value"] == Decimal(date(2005, 7, 31).toordinal())
    assert target["value"] == Decimal(date(2005, 1, 1).toordinal())


def test_a_report_states_the_date_of_actions_that_state_none(session: Session, tmp_path: Path) -> None:
    own = {**EXAMPLE["actions"], "key": "IT2", "as_of": "2011-09-10"}

    load_report(session, read_example(tmp_path, {"actions": [own]}), "test")

    assert standing(session, "action", "IT1")["as_of"] == date(2011, 9, 30)
    assert standing(session, "action", "IT2")["as_of"] == date(2011, 9, 10)


def test_positions_are_the_order_of_the_file(session: Session, tmp_path: Path) -> None:
    services = [{"name": name, "kind": "directorate"} for name in ("Second", "Third")]
    labels = [{**EXAMPLE["direction_labels"], "label": label} for label in ("Positive", "Up")]
    other = {**EXAMPLE["direction_labels"], "code": "worsened", "label": "▼"}

    load_report(
        session, read_example(tmp_path, {"services": services, "direction_labels": [*labels, other]}), "test"
    )

    assert [standing(session, "service", slug)["position"] for slug in ("second", "third")] == [2, 3]
    shown = [standing(session, "direction_label", f"anyshire-plan/improved/{n}") for n in (1, 2, 3)]
    assert [label["label"] for label in shown] == ["▲", "Positive", "Up"]
    assert standing(session, "direction_label", "anyshire-plan/worsened/1")["position"] == 1


def test_a_service_stands_under_its_parent(session: Session, tmp_path: Path) -> None:
    desk = {"name": "Desk", "kind": "service_area", "parent": "front-office"}

    load_report(session, read_example(tmp_path, {"services": [desk]}), "test")

    parent = standing(session, "service", "desk")["parent_id"]
    assert subject_of(session, parent) == ("service", "front-office")


def test_periods_are_there_with_their_neighbours(session: Session, tmp_path: Path) -> None:
    when = {"covers": "2011-09-16--2011-09-30", "previous_value": "48", "previous_period": "2011-12-q1"}

    load_report(session, read_example(tmp_path, observations=when), "test")

    periods = set(session.scalars(select(table("period").c.id)))
    assert {"2011-12-q2", "2011-12-q1", "2010-11-q2", "2011-12", "2010-11"} <= periods
    assert {"2011-09-16--2011-09-30", "2010-11-q4"} <= periods


PUBLISHED = [
    ("observation", "3002", "outturn", ("observation", f"3002/{WHERE}"), "outturn"),
    ("budget_line", "grants", "variation", ("budget_line", f"grants/{WHERE}"), "variation"),
    (
        "budget_total",
        "revenue",
        "forecast",
        ("service", "front-office"),
        "budget_total:revenue:forecast",
    ),
    ("scorecard", "front-office", "rating:hr", ("service", "front-office"), "scorecard:rating:hr"),
    ("risk", "ST0039", "band", ("risk_assessment", "ST0039/2011-12-q2"), "band"),
    (
        "workforce_establishment",
        "front-office",
        "establishment_total",
        ("establishment", WHERE),
        "establishment_total",
    ),
    (
        "workforce_profile",
        "gender/Female",
        "share",
        ("profile_count", f"gender/Female/{WHERE}"),
        "share",
    ),
    ("action", "IT1", "status", ("action", "IT1"), "status"),
    (
        "equality",
        "3002/By illness/ disability",
        "variation",
        ("equality_group", f"3002/{WHERE}/By illness/ disability"),
        "variation",
    ),
]


@pytest.mark.parametrize(
    ("kind", "subject", "field", "about", "stored"), PUBLISHED, ids=[case[0] for case in PUBLISHED]
)
def test_a_printed_figure_hangs_on_what_it_is_about(  # noqa: PLR0913, PLR0917 - a table's columns
    session: Session,
    tmp_path: Path,
    kind: str,
    subject: str,
    field: str,
    about: tuple[str, str],
    stored: str,
) -> None:
    cells = {"kind": kind, "subject": subject, "field": field, "printed": "(43)"}

    load_report(session, read_example(tmp_path, published=cells), "test")

    figure = session.execute(select(table("published_figure"))).mappings().one()
    assert subject_of(session, figure["subject_id"]) == about
    assert (figure["field"], figure["printed"], figure["period_id"]) == (stored, "(43)", "2011-12-q2")


def test_a_subject_has_one_version_that_stands(session: Session, tmp_path: Path) -> None:
    load_report(session, read_example(tmp_path), "first")
    later = load_report(session, read_example(tmp_path, notes={"text": "Falling"}), "second")
    row = standing(session, "target", f"3002/{WHERE}")

    with pytest.raises(IntegrityError):
        session.execute(insert(table("target")), [{**row, "made_in": later.revision_id}])


def test_loading_more_rows_takes_no_more_statements(engine: Engine, tmp_path: Path) -> None:
    periods = [f"20{year:02}-{year + 1:02}-q{quarter}" for year in range(40, 80) for quarter in range(1, 5)]
    rows = [{**EXAMPLE["observations"], "period": period} for period in periods]

    few = _statements(engine, read_example(tmp_path / "few"))
    many = _statements(engine, read_example(tmp_path / "many", {"observations": rows}))

    assert many == few


def _statements(engine: Engine, report: Report) -> int:
    """How many statements loading a report takes on an empty database."""
    seen: list[str] = []

    def see(*details: object) -> None:
        seen.append(str(details[2]))

    event.listen(engine, "before_cursor_execute", see)
    with Session(engine) as session:
        load_report(session, report, "test")
        session.rollback()
    event.remove(engine, "before_cursor_execute", see)
    return len(seen)


def test_two_schemes_in_force_at_once_for_one_measure_set_are_refused(
    session: Session, tmp_path: Path
) -> None:
    report = read_example(tmp_path)
    load_report(session, report, "first")
    scheme = report.schemes[0]
    rival = scheme.model_copy(update={"id": "rival"})
    successor = scheme.model_copy(update={"id": "later", "effective_from": date(2030, 1, 1)})
    ended = scheme.model_copy(update={"effective_to": date(2029, 12, 31)})

    refused = problems_of(session, replace(report, schemes=(scheme, rival)))
    load_report(session, replace(report, schemes=(ended, successor)), "a successor from 2030 on")

    assert refused == [("schemes.csv", rival.line, "effective_from")]
    assert standing(session, "scheme", "later")["effective_from"] == date(2030, 1, 1)
