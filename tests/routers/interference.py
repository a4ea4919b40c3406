"""Two databases of the same releases, one with drafts besides, and what anybody may ask of either."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from itertools import chain, zip_longest
from pathlib import Path
from random import Random
from typing import NamedTuple

from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import AutoString

from app.db.connections import writing_engine
from app.imports.reports import read_report
from app.services.drafting import SubjectKey, table
from app.services.loading import load_report
from app.services.released import copy_release
from app.services.releases import Publication, publish
from app.services.versions import write_facts
from tests.imports.examples import write_report
from tests.queries.lists import DOCUMENT, Json, choices
from tests.queries.reports import BARNET_2011, BROXTOWE, Cells, copied, rewrite
from tests.services.facts import KINDS

HIDDEN = "secret"
REWORDED = (
    "title",
    "description",
    "comment",
    "note",
    "text",
    "label",
    "section",
    "lead",
    "reason",
    "printed",
)
REPLACED = {
    "value": "1.5",
    "numerator": "1",
    "denominator": "3",
    "forecast": "7",
    "treatment": "tolerate",
    "count": "9",
}
"""What drafts say in place of what reports said, where these said anything."""
NEW = {
    "front-office": "secret-office",
    "Front Office": "Secret Office",
    "2011-12-q2": "2031-32-q2",
    "2011-04-01": "2031-04-01",
    "3002": "secret-3002",
    "anyshire-plan": "secret-plan",
    ",plan,": ",secret-set,",
    "five": "secret-five",
    "ST0039": "SECRET-39",
    "IT1": "secret-it",
    "Otherton": "Secretton",
    "gender": "secret-kind",
    "By illness/ disability": "Secret group",
}
"""How the example report is made one that nothing in the demo is like."""
RETIRED = 3
"""One fact in so many is retired in a draft."""
Words = Mapping[str, frozenset[str]]


def add_drafts(url: str, folder: Path) -> None:
    """Change, add and retire facts of every kind without a release; one release is to come tomorrow."""
    engine = writing_engine(url)
    for name in (BARNET_2011, BROXTOWE):
        with Session(engine) as session, session.begin():
            loaded = load_report(session, read_report(_reworded(name, folder)), HIDDEN, correct=True)
            assert loaded.revision_id is not None
            if name == BROXTOWE:
                tomorrow = datetime.now(UTC) + timedelta(days=1)
                to_come = Publication(HIDDEN, "2019-20-q1", publish_at=tomorrow)
                publish(session, loaded.organisation_id, loaded.revision_id, to_come)
                copy_release(session, loaded.organisation_id)
    with Session(engine) as session, session.begin():
        organisations = session.execute(select(table("organisation"))).mappings().all()
        _retire(session, "thurrock")
    for organisation in [*map(dict, organisations), {"id": HIDDEN, "name": "Secretshire"}]:
        with Session(engine) as session, session.begin():
            load_report(session, read_report(_new(organisation, folder)), HIDDEN)
    engine.dispose()


def _reworded(name: str, folder: Path) -> Path:
    report = copied(name, folder)
    for file in ("organisation.csv", "release.csv"):
        assert (report / file).exists()
    for path in report.glob("*.csv"):
        if path.name not in {"organisation.csv", "release.csv", "risk_matrices.csv"}:
            rewrite(report, path.name, _otherwise)
    return report


def _otherwise(row: Cells) -> Cells:
    """A row that says something else wherever it may."""
    words = {name: f"Secret {row[name]}" for name in REWORDED if row.get(name)}
    figures = {name: cell for name, cell in REPLACED.items() if row.get(name)}
    return row | words | ({} if row.get("unit") or "condition" in row else figures)


def _new(organisation: Mapping[str, str], folder: Path) -> Path:
    """A report of facts that are all new, of every kind."""
    itself = {"area_code": "E09000099", **organisation}
    report = write_report(folder / f"new-{itself['id']}", organisation=itself)
    for path in report.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        for old, new in NEW.items() if path.name != "organisation.csv" else ():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return report


def _retire(session: Session, organisation: str) -> None:
    subjects = table("subject").c
    query = select(subjects.kind, subjects.key).where(subjects.organisation_id == organisation)
    names = [SubjectKey(*row) for row in session.execute(query.order_by(subjects.id))]
    write_facts(session, organisation, (), HIDDEN, retired=names[::RETIRED])


class Known(NamedTuple):
    """The texts that a database holds by column, the ids of its facts, and those of its releases."""

    words: Words
    ids: frozenset[int]
    releases: frozenset[int]

    def beyond(self, other: "Known") -> "Known":
        """What another database does not hold."""
        words = {name: self.words[name] - other.words.get(name, frozenset()) for name in self.words}
        return Known(words, self.ids - other.ids, self.releases - other.releases)


def known_to(url: str) -> Known:
    """All that a database holds, whoever may see it."""
    words: dict[str, set[str]] = defaultdict(set)
    engine = writing_engine(url)
    with Session(engine) as session:
        for kind in (*KINDS, "organisation", "period"):
            texts = [c for c in table(kind).columns if isinstance(c.type, AutoString)]
            for row in session.execute(select(*texts)).all():
                for column, text in zip(texts, row, strict=True):
                    words[f"{kind}_id" if column.name == "id" else column.name].add(text)
        ids = frozenset(session.scalars(select(table("subject").c.id)))
        releases = frozenset(session.scalars(select(table("release").c.id)))
    engine.dispose()
    return Known({name: frozenset(texts - {None}) for name, texts in words.items()}, ids, releases)


class Request(NamedTuple):
    """What is asked, by nobody in particular."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()

    def kind(self, hidden: AbstractSet[str]) -> int:
        """Whether it is of all that is there, of something hidden, or of something else, and in what way."""
        if self.method != "GET" or self.headers:
            return 3
        named = {*self.path.split("/"), *(value for _, value in self.query)}
        return 1 if named & hidden else 2 if self.query else 0


class Answer(NamedTuple):
    """All that is answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


async def answer(client: AsyncClient, asked: Request) -> Answer:
    """What a request is answered."""
    got = await client.request(asked.method, asked.path, params=[*asked.query], headers=[*asked.headers])
    return Answer(got.status_code, got.headers.multi_items(), got.content)


COLUMNS = {
    "organisation": ("organisation_id",),
    "service": ("slug",),
    "scheme": ("slug",),
    "against": ("slug",),
    "period": ("period_id",),
    "from": ("period_id",),
    "to": ("period_id",),
    "indicator_key": ("key",),
    "indicator_code": ("code",),
    "risk_code": ("code",),
    "group": ("name",),
    "band": ("label",),
    "target_band": ("label",),
    "status_label": ("label",),
    "published_status": ("printed",),
    "subject": ("key", "slug"),
}
"""Where the words of a parameter stand, if not in columns of its name."""
ODD = ("", "x", "0", "-1", "1001", "2031/32 Q2", "'; --", "a,b")
MOMENTS = ("2012-03-31", "2999-01-01", "2026-11-22T00:00:00Z")
SEEN_OF_EACH, HIDDEN_OF_EACH = 3, 4


def requests(seen: Known, hidden: Known, ids: Mapping[str, list[Json]], most: int) -> list[Request]:
    """So many requests: of every address some, with what there is to see, what is hidden, and nonsense.

    `ids` gives some rows of each list by its path. The same ones every time.
    """
    random = Random(5)  # noqa: S311 - they shall be the same ones, and are no secret
    addresses = []
    for path, operations in DOCUMENT["paths"].items():
        if "get" in operations:
            found = list(_asked_at(path, operations["get"], _Values(seen, hidden, ids, random)))
            random.shuffle(found)
            telling = {*map(str, hidden.ids), *chain.from_iterable(hidden.words.values())}
            kinds = ([each for each in found if each.kind(telling) == kind] for kind in range(4))
            addresses.append(_in_turn(kinds))
    return list(dict.fromkeys(_in_turn(addresses)))[:most]


def _in_turn(every: Iterable[Iterable[Request]]) -> list[Request]:
    """The first of each, and then the second of each, to the end of all."""
    return [each for each in chain.from_iterable(zip_longest(*every)) if each is not None]


class _Values(NamedTuple):
    """What parameters may be given."""

    seen: Known
    hidden: Known
    ids: Mapping[str, list[Json]]
    random: Random

    def words(self, name: str) -> Iterator[str]:
        """Words of a parameter: some that are public, some that only drafts have."""
        for known, most in ((self.seen, SEEN_OF_EACH), (self.hidden, HIDDEN_OF_EACH)):
            texts = chain.from_iterable(known.words.get(column, ()) for column in COLUMNS.get(name, (name,)))
            every = sorted(set(texts))
            yield from self.random.sample(every, min(most, len(every)))

    def numbers(self, path: str) -> Iterator[str]:
        """Ids of rows of an address: some of its list, some of drafts, and some of nothing."""
        listed = [str(row["id"]) for row in self.ids.get(path.partition("/{")[0], ())]
        yield from self.random.sample(listed, min(6, len(listed)))
        hidden = sorted(self.hidden.releases if path.startswith("/v1/releases") else self.hidden.ids)
        yield from map(str, self.random.sample(hidden, min(8, len(hidden))))
        yield from (str(max(self.seen.ids | self.hidden.ids) + 100), "0", "x")


def changes(hidden: Known) -> list[Request]:
    """Whatever would change something, asked for where there is nothing but drafts."""
    first = str(min(hidden.ids))
    return [
        Request(path.replace("{id}", first), method=method.upper())
        for path, operations in DOCUMENT["paths"].items()
        for method in operations.keys() - {"get"}
        if path != "/v1/rules/evaluate"
    ]


def _asked_at(path: str, operation: Json, values: _Values) -> Iterator[Request]:
    """What an address may be asked: at each of its places, with each of its parameters, and more."""
    parameters = operation.get("parameters", ())
    places = list(_places(path, [each for each in parameters if each["in"] == "path"], values))
    queries = list(_queries([each for each in parameters if each["in"] == "query"], values))
    for place in places:
        yield Request(place)
    for query in queries:
        yield Request(values.random.choice(places[:6]), query)
    for place in places[:2]:
        yield Request(place, method="HEAD")
        yield Request(place, (("no_such", "1"),))
        yield Request(place, headers=(("accept", "text/plain"),))
        yield Request(place, headers=(("accept-encoding", "gzip"),))


def _places(path: str, parameters: Iterable[Json], values: _Values) -> Iterator[str]:
    """Paths with each part put in: together what belongs together, and each by itself."""
    parts = {
        each["name"]: list(_parts(path, each, values)) or _examples(each["schema"]) for each in parameters
    }
    if not parts:
        yield path
        return
    scorecards = values.ids.get("/v1/scorecards", [])
    if "service" in parts:
        for row in values.random.sample(scorecards, min(6, len(scorecards))):
            given = {**{name: options[0] for name, options in parts.items()}, **row}
            yield path.format_map({name: str(given[name]) for name in parts})
    for name, options in parts.items():
        for option in options:
            first = {other: others[0] for other, others in parts.items()}
            yield path.format_map({**first, name: option})


def _parts(path: str, parameter: Json, values: _Values) -> Iterator[str]:
    name = parameter["name"]
    if parameter["schema"].get("type") == "integer":
        yield from values.numbers(path)
    elif name == "id" and path.startswith(("/v1/organisations", "/v1/periods")):
        yield from values.words("organisation" if "organisations" in path else "period")
    else:
        yield from values.words(name)


def _examples(schema: Json) -> list[str]:
    """Some values that a schema names itself."""
    schema = choices(schema)[0]
    return [str(each) for each in (*schema.get("enum", ()), *schema.get("examples", ()))] or ["x"]


def _queries(parameters: Iterable[Json], values: _Values) -> Iterator[tuple[tuple[str, str], ...]]:
    """Each parameter by itself with all sorts of values, and pairs of them."""
    alone: list[tuple[str, str]] = []
    for each in parameters:
        schema = choices(each["schema"].get("items") or each["schema"])[0]
        told = [*schema.get("enum", ()), *schema.get("examples", ())]
        told = values.random.sample(told, min(4, len(told)))
        more = {"boolean": ("true", "false"), "integer": ("1", "3")}.get(schema.get("type", ""), ())
        moments = MOMENTS if each["name"] == "as_of" else ()
        odd = values.random.sample(ODD, 2)
        options = (*map(str, told), *more, *moments, *values.words(each["name"]), *odd)
        alone += [(each["name"], value) for value in dict.fromkeys(options)]
    yield from ((one,) for one in alone)
    for _ in range(len(alone) // 3):
        yield tuple(values.random.sample(alone, 2))
