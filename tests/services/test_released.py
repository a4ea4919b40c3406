"""Copies of releases: made by whoever publishes, renewed where they are stale, made anew when asked."""

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from app.imports.reports import read_report
from app.queries.editions import Editions
from app.queries.listings import Filter, Question, page
from app.queries.observations import OBSERVATIONS
from app.queries.released import uncopied
from app.services.drafting import table
from app.services.loading import load_report
from app.services.released import copy_releases
from app.services.releases import publish_release
from tests.imports.examples import EXAMPLE, Cells, write_report
from tests.services.facts import count

ROWS, COPIES, RELEASES = table("released_observation"), table("released_copy"), table("release")
More = dict[str, list[Cells]] | None
BY_HAND = '{"numerator":"by hand"}'


class Tomorrow(datetime):
    """The clock of a service that runs tomorrow."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the clock under test stands still
        return datetime.now(tz) + timedelta(days=1)


class Council:
    """A council that publishes one figure, after all copies of others were brought up to date."""

    def __init__(self, engine: Engine, name: str, folder: Path) -> None:
        self.engine, self.id, self.folder = engine, name, folder
        copy_releases(engine)

    def load(self, session: Session, figure: int, more: More = None, /, **files: Cells) -> int:
        """Load its report with a figure, other cells changed and rows added, and give the revision."""
        itself = {"id": self.id, "name": self.id}
        observed = {"numerator": str(figure)}
        report = write_report(self.folder, more, organisation=itself, observations=observed, **files)
        revision = load_report(session, read_report(report), "test").revision_id
        assert revision is not None
        return revision

    def publish(self, figure: int, more: More = None, /, **files: Cells) -> int:
        """Load its report, publish it and commit, and give the release."""
        with Session(self.engine) as session, session.begin():
            revision = self.load(session, figure, more, **files)
            release = publish_release(session, self.id, revision, note="test").id
            assert release is not None
            return release

    def announce(self, figure: int, days: float) -> None:
        """Load its report, and let it come into force some days from now."""
        with Session(self.engine) as session, session.begin():
            moment = datetime.now(UTC) + timedelta(days=days)
            revision = self.load(session, figure)
            made = {"organisation_id": self.id, "revision_id": revision, "published_at": moment, "note": ""}
            session.execute(insert(RELEASES).values(made))

    def write_by_hand(self) -> None:
        """Write into its copied row what no rule gives."""
        with self.engine.begin() as connection:
            connection.execute(update(ROWS).where(ROWS.c.organisation == self.id).values(answer=BY_HAND))

    def spoil(self) -> None:
        """Let its copy be one of other rules."""
        with self.engine.begin() as connection:
            mine = COPIES.c.organisation_id == self.id
            connection.execute(update(COPIES).where(mine).values(rules="others"))

    def copied(self) -> list[str]:
        """The figures in its copied rows."""
        with Session(self.engine) as session:
            return self.copied_in(session)

    def copied_in(self, session: Session) -> list[str]:
        """The figures in its copied rows, as a transaction sees them."""
        mine = select(ROWS.c.answer).where(ROWS.c.organisation == self.id).order_by(ROWS.c.id)
        return [orjson.loads(answer)["numerator"] for answer in session.scalars(mine)]

    def copy(self) -> list[int]:
        """The release that its copy is of, if it has one."""
        with Session(self.engine) as session:
            mine = COPIES.c.organisation_id == self.id
            return list(session.scalars(select(COPIES.c.release_id).where(mine)))

    def shown(self, editions: Editions) -> tuple[list[str], bool]:
        """The figure that the public sees, and whether it was read from copies."""
        with self.engine.connect() as connection:
            reading = editions.reading(connection)
            mine = (Filter("organisation", "in", (self.id,)),)
            rows: list[Any] = orjson.loads(orjson.dumps(page(reading, OBSERVATIONS, Question(mine))[0]))
            return [row["numerator"] for row in rows], reading.edition.copied

    def uncopied(self) -> list[str]:
        """Whose copies may not be read now."""
        with self.engine.connect() as connection:
            return uncopied(connection, datetime.now(UTC))


@pytest.fixture
def council(engine: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Council:
    """A council that no other test knows."""
    return Council(engine, request.node.originalname.removeprefix("test_").replace("_", "-"), tmp_path)


@pytest.fixture
def other(engine: Engine, council: Council, tmp_path: Path) -> Council:
    """Another council, that has published."""
    other = Council(engine, f"not-{council.id}", tmp_path)
    other.publish(7)
    return other


def test_publishing_copies_in_the_same_transaction(council: Council, engine: Engine) -> None:
    with Session(engine) as session:
        publish_release(session, council.id, council.load(session, 1), note="test")
        during = council.copied_in(session)
        session.rollback()

    assert during == ["1.00"]
    assert (council.copied(), council.copy()) == ([], [])


def test_a_second_release_takes_the_place_of_the_first(council: Council) -> None:
    first = council.publish(1)
    assert (council.copied(), council.copy()) == (["1.00"], [first])

    second = council.publish(2)

    assert (council.copied(), council.copy()) == (["2.00"], [second])
    assert council.uncopied() == []


def test_the_rows_of_others_stay(council: Council, other: Council) -> None:
    other.write_by_hand()

    council.publish(1)

    assert (council.copied(), other.copied()) == (["1.00"], ["by hand"])


def test_what_is_up_to_date_is_not_copied_again(council: Council, engine: Engine) -> None:
    council.publish(1)
    council.write_by_hand()

    assert copy_releases(engine) == 0
    assert council.copied() == ["by hand"]


def test_only_what_is_stale_is_copied_again(council: Council, other: Council, engine: Engine) -> None:
    council.publish(1)
    for each in (council, other):
        each.write_by_hand()
    council.spoil()
    assert council.uncopied() == [council.id]

    assert copy_releases(engine) == 1
    assert (council.copied(), other.copied()) == (["1.00"], ["by hand"])
    assert council.uncopied() == []


def test_all_is_copied_anew_when_asked(council: Council, other: Council, engine: Engine) -> None:
    council.publish(1)
    for each in (council, other):
        each.write_by_hand()

    copied = copy_releases(engine, anew=True)

    assert (council.copied(), other.copied()) == (["1.00"], ["7.00"])
    with Session(engine) as session:
        assert copied == count(session, "released_observation")


def test_a_release_to_come_is_not_copied_or_shown_until_its_moment(
    council: Council, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    editions = Editions()
    first = council.publish(1)
    council.announce(2, days=0.5)
    assert council.uncopied() == []
    assert copy_releases(engine, anew=True) > 0
    assert (council.copied(), council.copy()) == (["1.00"], [first])
    assert council.shown(editions) == (["1.00"], True)

    monkeypatch.setattr("app.queries.editions.datetime", Tomorrow)
    monkeypatch.setattr("app.services.released.datetime", Tomorrow)

    assert council.shown(editions) == (["2.00"], False)
    assert copy_releases(engine) == 1
    assert council.shown(editions) == (["2.00"], True)


def test_who_has_no_release_but_one_to_come_has_no_copy(council: Council, engine: Engine) -> None:
    council.announce(1, days=0.5)

    assert council.uncopied() == []
    assert copy_releases(engine) == 0
    assert (council.copied(), council.copy()) == ([], [])
    assert council.shown(Editions()) == ([], True)


def test_the_copy_of_a_release_that_is_put_off_is_thrown_away(council: Council, engine: Engine) -> None:
    council.publish(1)
    with engine.begin() as connection:
        put_off = update(RELEASES).where(RELEASES.c.organisation_id == council.id)
        connection.execute(put_off.values(published_at=datetime.now(UTC) + timedelta(days=1)))
    assert council.uncopied() == [council.id]
    assert council.shown(Editions()) == ([], False)

    assert copy_releases(engine) == 0

    assert (council.copied(), council.copy(), council.uncopied()) == ([], [], [])


def test_rows_are_copied_in_parts(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.released.AT_ONCE", 2)
    periods = [{**EXAMPLE["observations"], "period": f"2012-13-q{quarter}"} for quarter in "1234"]

    council.publish(1, {"observations": periods})

    assert council.copied() == ["1.00", *["159488.00"] * 4]


def test_a_measure_without_a_baseline_can_be_published(council: Council) -> None:
    last_year = {**EXAMPLE["observations"], "period": "2010-11"}

    council.publish(1, {"observations": [last_year]}, indicators={"baseline": ""})

    assert council.copied() == ["1.00", "159488.00"]
