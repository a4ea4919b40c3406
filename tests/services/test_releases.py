"""Making facts public."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.entities import Release
from app.imports.reports import read_report
from app.services.loading import Loaded, load_report
from app.services.releases import UnknownRevisionError, publish_release
from tests.imports.examples import write_report
from tests.services.facts import count


def load(session: Session, folder: Path, target: str) -> Loaded:
    report = read_report(write_report(folder, targets={"value": target}))
    return load_report(session, report, f"target {target}")


def publish(session: Session, loaded: Loaded) -> Release:
    assert loaded.revision_id is not None
    return publish_release(
        session,
        loaded.organisation_id,
        loaded.revision_id,
        note="Quarter 2",
        period_id="2011-12-q2",
        as_of=date(2011, 9, 30),
    )


def test_a_release_says_what_is_public_and_since_when(session: Session, tmp_path: Path) -> None:
    loaded = load(session, tmp_path, "75")

    release = publish(session, loaded)

    assert release.id is not None
    assert (release.organisation_id, release.revision_id) == ("anyshire", loaded.revision_id)
    assert (release.period_id, release.as_of, release.note) == (
        "2011-12-q2",
        date(2011, 9, 30),
        "Quarter 2",
    )
    assert release.published_at.tzinfo is not None


def test_what_is_public_already_is_not_released_again(session: Session, tmp_path: Path) -> None:
    loaded = load(session, tmp_path, "75")

    assert publish(session, loaded).id == publish(session, loaded).id
    assert count(session, "release") == 1


def test_an_earlier_revision_can_be_made_public_again(session: Session, tmp_path: Path) -> None:
    first, second = load(session, tmp_path, "75"), load(session, tmp_path, "80")

    releases = [publish(session, loaded) for loaded in (first, second, first)]

    assert len({release.id for release in releases}) == 3
    assert releases[2].revision_id == first.revision_id


@pytest.mark.parametrize(("organisation_id", "ahead"), [("anyshire", 1), ("nowhere", 0)])
def test_a_revision_that_is_not_theirs_cannot_be_released(
    session: Session, tmp_path: Path, organisation_id: str, ahead: int
) -> None:
    loaded = load(session, tmp_path, "75")
    assert loaded.revision_id is not None

    with pytest.raises(UnknownRevisionError):
        publish_release(session, organisation_id, loaded.revision_id + ahead, note="none")

    assert count(session, "release") == 0
