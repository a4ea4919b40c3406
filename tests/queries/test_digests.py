"""Digests say what scorecards do, portfolio by portfolio, and what changed since the period before."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from httpx import AsyncClient
from sqlalchemy import event

from app.db.connections import reading_engine
from app.db.migrations import migrate
from app.queries.digests import digest, portfolios_of
from app.queries.editions import Editions
from app.queries.views import PUBLIC, View
from tests.queries.lists import Json
from tests.queries.reports import BARNET_2011, THURROCK, add, change, copied, load
from tests.routers.serving import serving

ATOM = "{http://www.w3.org/2005/Atom}"
ALONE = [
    "barnet/chief-executives-service/2011-12-q2",
    "barnet/commissioning-group/2013-14-q2",
    "broxtowe/resources/2019-20-q1",
]
"""Scorecards of services that are portfolios by themselves."""
PORTFOLIO = "performance-and-central-services"
Q1, Q2 = {"period": "2016-17-q1"}, {"period": "2016-17-q2"}


async def digest_of(client: AsyncClient, name: str) -> Json:
    answer = await client.get(f"/v1/digests/{name}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def feed_of(client: AsyncClient, **asked: str) -> ET.Element:
    answer = await client.get("/v1/digests.atom", params=asked)
    assert answer.headers["content-type"] == "application/atom+xml"
    return ET.fromstring(answer.content)  # noqa: S314 - the service wrote it


@pytest.mark.parametrize("scorecard", ALONE)
async def test_a_portfolio_of_one_service_says_what_its_scorecard_does(
    client: AsyncClient, scorecard: str
) -> None:
    organisation, service, period = scorecard.split("/")

    found = await digest_of(client, f"{organisation}/{period}")
    told = (await client.get(f"/v1/scorecards/{scorecard}")).json()

    [portfolio] = [each for each in found["portfolios"] if each["service"]["service"] == service]
    for name in ("missed", "overspends", "high_risks", "overdue_actions"):
        assert portfolio[name] == told["exceptions"][name]
    assert (portfolio["measures"], portfolio["service"]) == (told["measures"], told["service"])
    assert (found["organisation"], found["period"]) == (told["organisation"], told["period"])
    assert found["release"] == told["release"]
    assert any(portfolio[name] for name in ("missed", "overspends", "high_risks"))


async def test_a_portfolio_gathers_the_services_below_it(client: AsyncClient) -> None:
    found = await digest_of(client, "thurrock/2016-17-q1")

    [portfolio] = found["portfolios"]
    cards = [
        (await client.get(f"/v1/scorecards/thurrock/{service}/2016-17-q1")).json()
        for service in portfolio["services"]
    ]
    assert portfolio["service"]["service"] == PORTFOLIO
    assert portfolio["service"]["lead"].startswith("Portfolio Holder")
    assert len(cards) == 7
    missed = [row["id"] for card in cards for row in card["exceptions"]["missed"]]
    assert sorted(row["id"] for row in portfolio["missed"]) == sorted(missed)
    variances = [float(row["target_variance"]) for row in portfolio["missed"] if row["target_variance"]]
    assert variances == sorted(variances)
    assert len(variances) > 1


async def test_every_service_at_the_top_is_a_portfolio_where_none_is_called_one(client: AsyncClient) -> None:
    found = await digest_of(client, "broxtowe/2019-20-q1")

    assert [each["services"] for each in found["portfolios"]] == [
        [each["service"]["service"]] for each in found["portfolios"]
    ]
    assert len(found["portfolios"]) == 3
    overdue = [row["code"] for each in found["portfolios"] for row in each["overdue_actions"]]
    assert overdue == ["FP1922_02"]


async def test_the_latest_is_the_newest_period_that_is_reported(client: AsyncClient) -> None:
    assert (await digest_of(client, "barnet/latest"))["id"] == "barnet/2013-14-q2"
    assert (await digest_of(client, "barnet/2011/12 Q2"))["id"] == "barnet/2011-12-q2"


@pytest.mark.parametrize(
    "where", ["barnet/2012-13-q2", "atlantis/latest", "barnet/soon", "thurrock/2011-12-q2"]
)
async def test_where_nothing_is_reported_there_is_no_digest(client: AsyncClient, where: str) -> None:
    assert (await client.get(f"/v1/digests/{where}")).status_code == 404


def test_a_digest_takes_as_many_statements_whatever_it_holds(demo_url: str) -> None:
    engine = reading_engine(demo_url)
    statements: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def see(_c: Any, _k: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        statements.append(statement)

    with engine.connect() as connection:
        reading = Editions().reading(connection)
        counts = set()
        for owner, period in (
            ("thurrock", "2016-17-q1"),
            ("broxtowe", "2019-20-q1"),
            ("bath-and-north-east-somerset", "2004-05"),
        ):
            statements.clear()
            assert digest(reading, owner, period) is not None
            counts.add(len(statements))
    engine.dispose()

    [count] = counts
    assert count > 0


async def test_a_feed_has_an_entry_for_each_portfolio_and_period(client: AsyncClient) -> None:
    listed = (await client.get("/v1/digests")).json()["items"]
    expected = sum([len((await digest_of(client, row["id"]))["portfolios"]) for row in listed])

    feed, again = await feed_of(client), await feed_of(client)

    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == expected
    assert ids == [entry.findtext(f"{ATOM}id") for entry in again.iter(f"{ATOM}entry")]
    for entry in feed.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert (await client.get(link.get("href", ""))).status_code == 200


async def test_a_feed_can_be_of_one_organisation_and_of_its_newest_periods(client: AsyncClient) -> None:
    feed = await feed_of(client, organisation="barnet", limit="1")

    [title] = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert title == "London Borough of Barnet: Commissioning Group, 2013/14 Q2"
    assert feed.findtext(f"{ATOM}id") != (await feed_of(client)).findtext(f"{ATOM}id")


@pytest.fixture(scope="module")
def planted_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A council that reports two quarters, and another whose figures are put right afterwards."""
    migrate(database_url)
    folder = tmp_path_factory.mktemp("reports")
    thurrock, barnet = copied(THURROCK, folder), copied(BARNET_2011, folder)
    for indicator, value in (("imp-agency-fte", "219"), ("cust-call-quality", "10"), ("hr-fte", "1")):
        like = {"indicator": indicator, **Q1}
        add(thurrock, "observations.csv", like, **Q2, value=value)
        if indicator != "hr-fte":
            add(thurrock, "targets.csv", like, **Q2)
    load(database_url, barnet)
    load(database_url, thurrock)
    return database_url


@pytest.fixture(scope="module")
async def planted(planted_url: str) -> AsyncIterator[AsyncClient]:
    async with serving(planted_url, public_url="https://outturn.example") as client:
        yield client


def updated(feed: ET.Element) -> dict[str | None, str | None]:
    return {
        entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}updated")
        for entry in feed.iter(f"{ATOM}entry")
    }


async def test_what_became_missed_and_what_recovered_is_told_against_the_period_before(
    planted: AsyncClient,
) -> None:
    found = await digest_of(planted, "thurrock/2016-17-q2")

    assert found["compared_with"] == "2016-17-q1"
    [portfolio] = found["portfolios"]
    [missed], [recovered] = portfolio["became_missed"], portfolio["recovered"]
    names = ("indicator_key", "status", "status_before", "status_label", "status_label_before")
    assert [missed[name] for name in names] == ["cust-call-quality", "missed", "met", "FAILED", "ACHIEVED"]
    assert [recovered[name] for name in names] == ["imp-agency-fte", "met", "missed", "ACHIEVED", "FAILED"]
    assert [row["indicator_key"] for row in portfolio["missed"]] == ["cust-call-quality"]
    assert portfolio["measures"] == 3


async def test_a_feed_says_what_is_new_where_the_public_finds_it(planted: AsyncClient) -> None:
    feed = await feed_of(planted, organisation="thurrock", limit="1")

    [entry] = feed.iter(f"{ATOM}entry")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "https://outturn.example/v1/digests/thurrock/2016-17-q2"
    assert entry.findtext(f"{ATOM}summary") == "Missed: 1, Became missed: 1, Recovered: 1"


async def test_an_entry_is_updated_by_the_release_that_changes_its_figures(
    planted: AsyncClient, planted_url: str, tmp_path: Path
) -> None:
    before = updated(await feed_of(planted))
    barnet = copied(BARNET_2011, tmp_path)
    change(barnet, "observations.csv", {"indicator": "3003"}, value="3.6")
    load(planted_url, barnet)

    after = updated(await feed_of(planted))

    assert {title for title in after if after[title] != before[title]} == {
        "London Borough of Barnet: Chief Executive's Service, 2011/12 Q2"
    }


def test_a_draft_is_in_the_digest_of_whoever_reads_drafts(planted_url: str, tmp_path: Path) -> None:
    thurrock = copied(THURROCK, tmp_path)
    change(thurrock, "observations.csv", {"indicator": "cust-call-quality", **Q1}, value="10")
    load(planted_url, thurrock, publish=False)
    engine = reading_engine(planted_url)

    with engine.connect() as connection:
        readings = [
            Editions().reading(connection, view) for view in (PUBLIC, View(drafts=(("thurrock", None),)))
        ]
        found = [digest(reading, "thurrock", "2016-17-q1") for reading in readings]
    engine.dispose()

    missed = [{row["indicator_key"] for row in each["portfolios"][0]["missed"]} for each in found if each]
    assert [("cust-call-quality" in keys) for keys in missed] == [False, True]


def test_a_portfolio_inside_a_directorate_is_its_own() -> None:
    tree = {"top": None, "holder": "top", "team": "holder", "group": "team", "other": "top", "lost": "gone"}
    rows = [
        {"id": number, "service": slug, "parent": parent, "kind": "portfolio" if slug == "holder" else "unit"}
        for number, (slug, parent) in enumerate(tree.items(), start=1)
    ]

    found = portfolios_of(rows, ["lost", "group", "team", "other", "top"])

    assert [(row["service"], below) for row, below in found] == [
        ("top", ["top", "other"]),
        ("holder", ["team", "group"]),
        ("lost", ["lost"]),
    ]


def test_a_tree_that_runs_in_a_circle_has_an_end() -> None:
    rows = [
        {"id": 1, "service": "a", "parent": "b", "kind": "unit"},
        {"id": 2, "service": "b", "parent": "a", "kind": "unit"},
    ]

    assert [below for _, below in portfolios_of(rows, ["a"])] == [["a"]]
