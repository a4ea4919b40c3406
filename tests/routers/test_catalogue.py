"""The catalogue as portals harvest it: page by page, in three forms, whole or not at all."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from httpx import AsyncClient, Response
from rdflib import RDF, Graph, URIRef
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.entities import Establishment, Organisation, Release, Revision
from app.feeds.datasets import LICENCE
from app.feeds.rdf import JSON_LD, PREFIXES, RDF_XML, TURTLE
from tests.databases import fresh_sqlite
from tests.demo import load_demo
from tests.feeds.catalogues import VALIDATORS, faults_of_data_json
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving

BASE = "https://outturn.example"
FORMS = {"/catalog.jsonld": JSON_LD, "/catalog.ttl": TURTLE, "/catalog.rdf": RDF_XML}
PAGES = ("/datasets", "/datasets/risks", "/datasets/barnet/risks", "/sitemap.xml")
LISTING = (*FORMS, "/data.json")
DATASET, HYDRA = URIRef(PREFIXES["dcat"] + "Dataset"), PREFIXES["hydra"]
# The parser of JSON-LD warns of what it does itself.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
every_form = pytest.mark.parametrize("path", FORMS)


@pytest.fixture(scope="module")
async def portal(sqlite_url: str) -> AsyncIterator[AsyncClient]:
    """Harvest the demo, as a portal does."""
    load_demo(sqlite_url)
    async with serving(sqlite_url, public_url=BASE, contact_email="data@outturn.example") as client:
        yield client


async def got(client: AsyncClient, path: str, **asked: object) -> Response:
    answer = await client.get(path, params={name: str(value) for name, value in asked.items()} or None)
    assert answer.status_code == 200, answer.text
    return answer


def graph_of(answer: Response) -> Graph:
    return Graph().parse(data=answer.content, format=answer.headers["content-type"].partition(";")[0])


def datasets_of(graph: Graph) -> list[str]:
    return [str(name) for name in graph.subjects(RDF.type, DATASET)]


async def harvest(client: AsyncClient, path: str, word: str, kind: str) -> list[list[str]]:
    """The datasets of each page, found as a harvester of old or of new finds the next one."""
    pages: list[list[str]] = []
    following: str | None = path
    while following is not None:
        graph = graph_of(await got(client, following.removeprefix(BASE)))
        pages.append(datasets_of(graph))
        [page] = graph.subjects(RDF.type, URIRef(HYDRA + kind))
        found = graph.value(page, URIRef(HYDRA + word))
        following = None if found is None else str(found)
    return pages


@every_form
@pytest.mark.parametrize(
    ("kind", "word"), [("PagedCollection", "nextPage"), ("PartialCollectionView", "next")]
)
async def test_every_dataset_is_on_one_page(portal: AsyncClient, path: str, kind: str, word: str) -> None:
    pages = await harvest(portal, f"{path}?limit=15", word, kind)

    assert [len(page) for page in pages] == [15, 15, 6]
    found = [name for page in pages for name in page]
    assert len(set(found)) == len(found)
    assert {*found} == {*datasets_of(graph_of(await got(portal, path)))}


@every_form
async def test_links_lead_through_the_pages_and_back(portal: AsyncClient, path: str) -> None:
    def links(answer: Response) -> dict[str, str]:
        found = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])
        return {name: href.removeprefix(BASE) for href, name in found}

    first = await got(portal, path, limit=20)
    last = await got(portal, links(first)["next"])

    assert links(first).keys() == {"first", "last", "next"}
    assert links(last).keys() == {"first", "last", "previous"}
    assert links(first)["last"] == links(first)["next"]
    assert (await got(portal, links(last)["previous"])).content == first.content
    total = graph_of(last).value(URIRef(BASE + links(first)["next"]), URIRef(HYDRA + "totalItems"))
    assert str(total) == "36"


async def test_three_forms_say_the_same(portal: AsyncClient) -> None:
    graphs = [graph_of(await got(portal, path)) for path in FORMS]

    def said(graph: Graph) -> set[Any]:
        here = [*graph.subjects(RDF.type, URIRef(HYDRA + "PagedCollection"))]
        return {(a, b, c) for a, b, c in graph if a not in here and c not in here}

    first, *others = map(said, graphs)
    assert len(first) > 3000
    assert others == [first, first]


async def test_every_file_has_the_licence_and_an_address_of_the_plan(portal: AsyncClient) -> None:
    graph = graph_of(await got(portal, "/catalog.ttl"))
    files = [*graph.subjects(RDF.type, URIRef(PREFIXES["dcat"] + "Distribution"))]

    plan = r"https://outturn\.example/v1/(organisations/[a-z-]+/)?datasets/[a-z-]+\.(csv|jsonl|parquet|xlsx|json)"
    assert len(files) > 36 * 4
    for file in files:
        assert graph.value(file, URIRef(PREFIXES["dct"] + "license")) == URIRef(LICENCE)
        assert re.fullmatch(plan, str(graph.value(file, URIRef(PREFIXES["dcat"] + "downloadURL"))))


@pytest.mark.parametrize("path", [*LISTING, *PAGES])
async def test_head_and_conditions_work(portal: AsyncClient, path: str) -> None:
    answer = await got(portal, path)
    head = await portal.head(path)
    again = await portal.get(path, headers={"If-None-Match": answer.headers["etag"]})

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == answer.headers["etag"]
    assert parsedate_to_datetime(answer.headers["last-modified"]) <= datetime.now(UTC)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["last-modified"] == answer.headers["last-modified"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"limit": "501"}, "invalid-parameter"),
        ({"limit": "0"}, "invalid-parameter"),
        ({"page": "2"}, "unknown-parameter"),
    ],
)
async def test_a_page_has_a_longest(portal: AsyncClient, asked: dict[str, str], code: str) -> None:
    check_problem(await portal.get("/catalog.ttl", params=asked), 400, code)


async def test_a_page_goes_on_after_a_dataset_that_is_gone(portal: AsyncClient) -> None:
    stood = await got(portal, "/catalog.ttl", after="barnet/budget-variances")
    gone = await got(portal, "/catalog.ttl", after="barnet/actions")  # of which Barnet has none

    assert datasets_of(graph_of(stood))[0] == f"{BASE}/datasets/barnet/risks#dataset"
    names = datasets_of(graph_of(gone))
    assert names[0] == f"{BASE}/datasets/barnet/scorecards#dataset"


@pytest.mark.parametrize("after", ["barnet", "barnet/nothing", "a/b/risks/"])
async def test_a_page_goes_on_after_nothing_else(portal: AsyncClient, after: str) -> None:
    answer = await portal.get("/catalog.ttl", params={"after": after})

    check_problem(answer, 400, "invalid-parameter")


@pytest.mark.skipif(not VALIDATORS.exists(), reason="the schemas are not beside this checkout")
async def test_data_json_has_all_in_one_and_meets_its_schemas(portal: AsyncClient) -> None:
    document = (await got(portal, "/data.json")).json()

    assert faults_of_data_json(document) == []
    assert len(document["dataset"]) == 36
    titles = {dataset["title"] for dataset in document["dataset"]}
    assert {"Risk registers: all councils", "Actions: Broxtowe Borough Council"} <= titles


async def test_every_dataset_has_a_page_and_the_sitemap_knows_it(portal: AsyncClient) -> None:
    document = (await got(portal, "/data.json")).json()
    sitemap = (await got(portal, "/sitemap.xml")).text

    pages = [dataset["landingPage"] for dataset in document["dataset"]]
    for page in pages:
        answer = await got(portal, page.removeprefix(BASE))
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "script-src" not in answer.headers["content-security-policy"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert re.findall("<loc>([^<]*)</loc>", sitemap) == [f"{BASE}/datasets", *pages]
    assert f"{BASE}/sitemap.xml" in (await got(portal, "/robots.txt")).text


@pytest.mark.parametrize("path", ["/datasets/nothing", "/datasets/barnet/actions", "/datasets/camden/risks"])
async def test_a_dataset_without_rows_has_no_page(portal: AsyncClient, path: str) -> None:
    check_problem(await portal.get(path), 404, "not-found")


async def test_links_are_never_to_what_a_request_says_of_itself(sqlite_url: str, portal: AsyncClient) -> None:
    assert not portal.is_closed
    async with serving(sqlite_url, host="::1", port=8200) as client:
        answer = await client.get("/catalog.ttl", headers={"Host": "evil.example"})

    assert "evil.example" not in answer.text
    assert "<http://[::1]:8200/datasets#catalogue>" in answer.text


async def test_a_catalogue_that_cannot_be_told_whole_is_not_told_in_part() -> None:
    with fresh_sqlite() as url:
        load_demo(url)
        engine = writing_engine(url)
        with Session(engine) as session, session.begin():
            session.get_one(Organisation, "broxtowe").area_code = "none"
        engine.dispose()
        async with serving(url) as client:
            answers = [await client.get(path) for path in (*LISTING, "/catalog.ttl?limit=1", *PAGES)]

    for answer in answers:
        check_problem(answer, 503, "unavailable")
        assert "broxtowe has no GSS area code" in answer.json()["detail"]
        assert answer.headers["retry-after"] == "300"


async def test_a_catalogue_of_nothing_is_not_told() -> None:
    with fresh_sqlite() as url:
        migrate(url)
        async with serving(url) as client:
            answers = [await client.get(path) for path in LISTING]
            page, sitemap = await client.get("/datasets"), await client.get("/sitemap.xml")

    assert [answer.status_code for answer in answers] == [503] * len(LISTING)
    assert "Nothing has been released yet." in page.text
    assert sitemap.text.count("<loc>") == 1


async def test_a_release_changes_what_is_its_councils_and_what_is_of_all() -> None:
    def dates(answer: Response) -> dict[str, tuple[str, str]]:
        datasets = json.loads(answer.content)["dataset"]
        return {each["identifier"]: (each["issued"], each["modified"]) for each in datasets}

    with fresh_sqlite() as url:
        load_demo(url)
        async with serving(url, public_url=BASE) as client:
            first = await got(client, "/data.json")
            moment = release_without_establishment(url)
            second = await client.get("/data.json", headers={"If-None-Match": first.headers["etag"]})

    before, after = dates(first), dates(second)
    assert parsedate_to_datetime(second.headers["last-modified"]) == moment.replace(microsecond=0)
    gone = {name for name in before if name.endswith("workforce-establishment")}
    assert before.keys() - after.keys() == gone  # Barnet alone had any
    changed = {name.removeprefix(f"{BASE}/datasets/") for name in after if before[name] != after[name]}
    owned = {name for name in changed if "/" in name}
    assert {name.partition("/")[0] for name in owned} == {"barnet"}
    assert changed - owned == {name.partition("/")[2] for name in owned}
    assert all(before[name][0] == after[name][0] for name in after)


def release_without_establishment(url: str) -> datetime:
    """Let Barnet retire what it said of its establishment, and release that; the moment when it did."""
    moment, engine = datetime.now(UTC), writing_engine(url)
    with Session(engine) as session, session.begin():
        revision = Revision(organisation_id="barnet", made_at=moment, reason="Retired")
        session.add(revision)
        session.flush()
        for row in session.scalars(select(Establishment)):
            row.replaced_in = revision.id
        assert revision.id is not None
        session.add(
            Release(organisation_id="barnet", revision_id=revision.id, published_at=moment, note="Without it")
        )
    engine.dispose()
    return moment
