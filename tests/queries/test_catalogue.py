"""What there is for catalogues to list is what the lists show, release by release, and nothing of drafts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.db.connections import reading_engine, writing_engine
from app.db.migrations import migrate
from app.entities import Action, Organisation, Release, Revision, Subject
from app.feeds.datasets import DATASETS, NAMED
from app.queries.catalogue import Council, councils, latest_steps
from app.queries.editions import Editions, Reading
from app.queries.views import View
from tests.databases import fresh_sqlite
from tests.queries.lists import rows_of
from tests.routers.changing import OTHER, OWNER, Made, publish_history


@pytest.fixture(scope="module")
def made(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Two councils with releases and drafts."""
    return publish_history(database_url, tmp_path_factory.mktemp("reports"))


@pytest.fixture
def connection(made: Made) -> Iterator[Connection]:
    """Read what they released."""
    engine = reading_engine(made.url, 1)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def demo(demo_url: str) -> Iterator[Reading]:
    """Read the demo."""
    engine = reading_engine(demo_url, 1)
    with engine.connect() as connection:
        yield Editions().reading(connection)
    engine.dispose()


def by_id(reading: Reading) -> dict[str, Council]:
    return {council.id: council for council in councils(reading)}


async def test_a_dataset_is_listed_where_its_list_has_rows(demo: Reading, client: AsyncClient) -> None:
    found = {
        (council.id, name)
        for council in councils(demo)
        for name, holding in council.holdings.items()
        if holding.stands
    }

    assert {name for _, name in found} <= NAMED.keys()
    for dataset in DATASETS:
        rows = await rows_of(client, dataset.path, [])
        listed = {owner for owner, name in found if name == dataset.name}
        assert listed == {row["organisation"] for row in rows}, dataset.name


async def test_days_are_those_of_the_periods_that_have_rows(demo: Reading, client: AsyncClient) -> None:
    periods = {row["id"]: row for row in await rows_of(client, "/v1/periods", [])}
    for name in ("observations", "budget-variances", "risks", "workforce-profiles", "scorecards"):
        rows = await rows_of(client, NAMED[name].path, [])
        for council in councils(demo):
            of = {row["period"] for row in rows if row["organisation"] == council.id}
            if of:
                covers = council.holdings[name].covers
                assert covers.start.isoformat() == min(periods[period]["start"] for period in of)
                assert covers.end.isoformat() == max(periods[period]["end"] for period in of)
                assert covers.kinds == {periods[period]["kind"] for period in of}


def test_actions_are_of_the_day_that_their_report_speaks_of(demo: Reading) -> None:
    covers = by_id(demo)["broxtowe"].holdings["actions"].covers

    assert (covers.start.isoformat(), covers.end.isoformat()) == ("2019-09-10", "2019-09-10")


def test_it_is_looked_for_once_an_edition(demo: Reading) -> None:
    assert councils(demo) is councils(demo)


def test_a_council_has_its_releases_and_what_it_drafts_is_not_told(
    made: Made, connection: Connection
) -> None:
    found = by_id(Editions().reading(connection))

    assert [*found] == [OWNER, OTHER]
    assert [release.id for release in found[OWNER].releases] == made.releases
    assert found[OWNER].newest.note == "Letters only"
    assert len(found[OTHER].releases) == 1


def test_a_dataset_is_as_old_as_the_first_release_that_had_rows_of_it(connection: Connection) -> None:
    council = by_id(Editions().reading(connection))[OWNER]

    first, *_ = council.releases
    assert {holding.issued for holding in council.holdings.values()} == {first.published_at}


def test_an_earlier_moment_has_what_was_out_then(made: Made, connection: Connection) -> None:
    editions = Editions()
    releases = by_id(editions.reading(connection))[OWNER].releases

    then = by_id(editions.reading(connection, View(releases[0].published_at)))

    assert [release.id for release in then[OWNER].releases] == made.releases[:1]


def test_releases_are_held_against_the_one_before_the_newest_first(
    made: Made, connection: Connection
) -> None:
    steps = latest_steps(Editions().reading(connection))

    first, second, third = made.releases
    told = [(step.organisation, step.before and step.before.id, step.brought[0].id) for step in steps]
    assert told == [(OWNER, second, third), (OWNER, first, second)]
    assert latest_steps(Editions().reading(connection), (OTHER,)) == []


def test_a_release_of_nothing_has_findings_of_its_day_and_drafts_are_not_told() -> None:
    noon, day = datetime(2011, 11, 3, 12, tzinfo=UTC), date(2011, 9, 30)
    owned: dict[str, Any] = {"organisation_id": "anyshire"}
    with fresh_sqlite() as url:
        migrate(url)
        engine = writing_engine(url)
        with Session(engine) as session, session.begin():
            session.add(Organisation(id="anyshire", name="Anyshire", area_code="E10000001"))
            session.flush()
            session.add_all(Revision(id=number, made_at=noon, reason="", **owned) for number in (1, 2))
            session.add(Subject(id=1, kind="action", key="a", **owned))
            session.flush()
            session.add(Release(revision_id=1, published_at=noon, as_of=day, note="Empty", **owned))
            drafted: dict[str, Any] = {
                "title": "Drafted",
                "service_id": 1,
                "as_of": day,
                "cancelled": False,
                "position": 1,
            }
            session.add(Action(id=1, made_in=2, **owned, **drafted))
        with engine.connect() as connection:
            [council] = councils(Editions().reading(connection))
        engine.dispose()

    [(name, holding)] = council.holdings.items()
    assert (name, holding.stands, holding.issued) == ("findings", True, noon)
    assert (holding.covers.start, holding.covers.end, holding.covers.kinds) == (day, day, frozenset())
