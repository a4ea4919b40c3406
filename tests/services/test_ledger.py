"""What releases tell of counts is kept, and stays what it was."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from app.entities import PublishedCell, Release
from app.errors import UnsafeRelease
from app.imports.reports import read_report
from app.queries.editions import Editions
from app.queries.listings import Question, page
from app.queries.observations import OBSERVATIONS
from app.services.drafting import table
from app.services.ledger import enter_missing, enter_release
from app.services.loading import load_report
from app.services.releases import Publication, publish, withdraw_release
from tests.imports.examples import EXAMPLE, WHERE, Cells, write_report

OWNER = "anyshire"
Release_ = Callable[..., Release]


@pytest.fixture
def release(session: Session, tmp_path: Path) -> Release_:
    """Publish a report whose profile has these counts; a base of 200 unless they say another."""

    def publish_counts(*counts: int, base: int = 200, policy: str = "10", **wanted: object) -> Release:
        rows: list[Cells] = [
            {
                **WHERE,
                "dimension": "gender",
                "category": f"Group {place}",
                "count": str(count),
                "base": str(base),
            }
            for place, count in enumerate(counts[1:])
        ]
        first = {"count": str(counts[0]), "base": str(base)}
        folder = tmp_path / str(len([*tmp_path.iterdir()]))
        report = write_report(
            folder,
            {"workforce_profiles": rows},
            workforce_profiles=first,
            disclosure_policies={"threshold": policy},
        )
        loaded = load_report(session, read_report(report), "counted", correct=True)
        assert loaded.revision_id is not None
        return publish(session, OWNER, loaded.revision_id, Publication("counted", **wanted))  # type: ignore[arg-type]  # as it has them

    return publish_counts


def told(session: Session, release: Release, field: str = "headcount") -> list[int | None]:
    """What a release tells of the profile's counts, in their order."""
    cell = table("published_cell").c
    query = select(cell.value).where(cell.release_id == release.id, cell.field == field)
    return [*session.scalars(query.order_by(cell.subject_id))]


def test_small_counts_are_withheld_and_others_are_rounded(session: Session, release: Release_) -> None:
    made = release(131, 42, 27)

    assert told(session, made) == [130, 40, 25]
    assert told(session, made, "base") == [200, 200, 200]


def test_one_small_count_takes_another_with_it(session: Session, release: Release_) -> None:
    made = release(131, 62, 7)

    values = told(session, made)
    assert values[2] is None
    assert values.count(None) == 2 or told(session, made, "base") == [None] * 3


def test_what_is_published_again_is_told_as_before(session: Session, release: Release_) -> None:
    first = release(131, 62, 7)
    again = release(131, 62, 7, policy="11")

    assert again.id != first.id
    unchanged = release(131, 62, 7, policy="10")
    assert told(session, unchanged) == told(session, first)


def test_an_old_release_keeps_its_numbers(session: Session, release: Release_) -> None:
    first = release(131, 42, 27)
    before = told(session, first)
    second = release(141, 42, 17)

    assert told(session, first) == before
    assert told(session, second)[0] == 140


def test_a_council_s_own_policy_counts(session: Session, release: Release_) -> None:
    assert told(session, release(131, 42, 27, policy="30"))[2] is None


def test_what_cannot_be_kept_is_not_published(release: Release_) -> None:
    release(131, 42, 27)

    with pytest.raises(UnsafeRelease) as refused:
        release(131, 42, 27, policy="30")

    assert {fault.code for fault in refused.value.faults} == {"can_be_worked_back"}
    assert any("Group 1/front-office" in fault.message for fault in refused.value.faults)


def test_a_release_that_is_withdrawn_has_told_nothing(session: Session, release: Release_) -> None:
    made = release(131, 62, 7, publish_at=datetime.now(UTC) + timedelta(days=1))
    assert told(session, made)

    withdraw_release(session, made, "not yet", "test")

    assert not told(session, made)


def test_releases_from_before_are_entered_once(session: Session, release: Release_) -> None:
    made = release(131, 62, 7)
    before = told(session, made)
    session.execute(delete(PublishedCell))

    assert [*enter_missing(session)] == []
    assert told(session, made) == before
    count = select(func.sum(table("change_count").c.value))
    changes = session.scalar(count)
    assert [*enter_missing(session)] == []
    assert session.scalar(count) == changes


def test_a_release_that_counts_nobody_enters_nothing(engine: Engine) -> None:
    with Session(engine) as session:
        enter_release(session, "nobody", 1, 1)
        assert not session.scalar(select(func.count()).select_from(table("published_cell")))
        session.rollback()


def test_what_a_survey_is_over_is_told_as_everyone_asked_is(session: Session, tmp_path: Path) -> None:
    groups: list[Cells] = [
        {**EXAMPLE["equalities"], "group": name, "position": str(place), "responses": str(count)}
        for place, (name, count) in enumerate((("Men", 91), ("Women", 66), ("Others", 7)), 2)
    ]
    report = write_report(
        tmp_path,
        {"equalities": groups},
        indicators={"sample": "yes"},
        observations={"numerator": "121", "denominator": "164"},
        equalities={"group": "Overall", "responses": "164"},
    )
    revision = load_report(session, read_report(report), "surveyed").revision_id
    assert revision is not None
    made = publish(session, OWNER, revision, Publication("surveyed"))

    [row], _ = page(Editions(copies=False).reading(session.connection()), OBSERVATIONS, Question())

    everyone, men, women, others = told(session, made, "responses")
    assert others is None
    assert None in {everyone, men, women}
    assert row["denominator"] == (None if everyone is None else f"{everyone}.00")
    assert row["numerator"] in {"120.00", None}
    assert row["state"] == (
        "reported" if None not in {row["numerator"], row["denominator"]} else "suppressed"
    )


def test_a_draft_that_breaks_a_survey_down_changes_nothing_in_public(
    session: Session, tmp_path: Path
) -> None:
    survey: dict[str, list[Cells]] = {
        "indicators": [{**EXAMPLE["indicators"], "key": "S1", "sample": "yes"}],
        "observations": [
            {**EXAMPLE["observations"], "indicator": "S1", "numerator": "121", "denominator": "164"}
        ],
    }
    group = {**EXAMPLE["equalities"], "indicator": "S1", "group": "Overall", "responses": "164"}
    revision = load_report(session, read_report(write_report(tmp_path / "1", survey)), "one").revision_id
    assert revision is not None
    publish(session, OWNER, revision, Publication("surveyed"))
    drafted = read_report(write_report(tmp_path / "2", {**survey, "equalities": [group]}))
    load_report(session, drafted, "two")

    rows, _ = page(Editions(copies=False).reading(session.connection()), OBSERVATIONS, Question())

    [row] = [row for row in rows if row["indicator_key"] == "S1"]
    assert (row["numerator"], row["denominator"], row["state"]) == ("121.00", "164.00", "reported")
