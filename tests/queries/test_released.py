"""Copies of releases give what the rules give: every row, order, page, filter, total and count."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import orjson
import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Delete,
    Engine,
    Integer,
    Update,
    delete,
    func,
    make_url,
    select,
    update,
)
from sqlmodel import AutoString

from app.db.connections import is_sqlite, reading_engine, writing_engine
from app.db.migrations import migrate
from app.queries.editions import Editions, Reading
from app.queries.listings import MOST_ROWS, known, one
from app.queries.observations import FIELDS, OBSERVATIONS
from app.queries.released import uncopied
from app.queries.summaries import GROUPS, counts
from app.routers.deps import asked, read_page
from app.rules.vocabulary import Baseline, Calculation, Convention, Nature, Polarity, State, TargetKind
from app.schemas.indicators import ObservationFilters, ObservationQuery
from app.services.drafting import table
from app.services.released import copy_releases
from app.settings import Settings
from tests.databases import PostgresServer, fresh_sqlite
from tests.demo import load_demo
from tests.imports.examples import Cells, write_report
from tests.queries.lists import LISTS, PREMISES, is_nullable
from tests.queries.reading import reading
from tests.queries.reports import load

Row = dict[str, Any]

COUNCILS = ("anyshire", "otherton", "thirdham")
PERIODS = ("2011-12-q1", "2011-12-q2", "2011-12-q3", "2012-13-q1", "2012-13-q2", "2011-12")
FIGURES = ("0", "-1", "1.0001", "12.5", "12.5", "75", "100", "100", "-99999999.9999", "9999999999")
CLAUSES = (
    "2,no outturn: awaited,no_data,Awaited,,",
    "3,no outturn,no_data,No data,grey,0",
    "4,no target,no_target,No target,,",
    "5,exceeded by more than 10% of target,exceeded,Blue,blue,1.25",
    "6,met,met,green,green,1",
    "7,otherwise,missed,Red,red,-1",
)
EVERY_ROW = ObservationQuery()
SOME_ROWS = ObservationQuery.model_validate({"target_variance_max": "0", "unit": ["number", "percent"]})
TYPES = {
    "text": AutoString,
    "number": Integer,
    "flag": Boolean,
    "date": Date,
    "units": BigInteger,
    "measure": BigInteger,
}
"""What a column is kept as, by its form."""
TINY = Decimal("0.000000001")


def crooked(folder: Path, council: str) -> Path:
    """A report in which whatever may be missing sometimes is, with ties, zeros and wide figures."""
    chance = Random(council)  # noqa: S311 - the same at every run

    def some(*values: str) -> str:
        return chance.choice(values)

    def figures() -> Cells:
        match some("value", "ratio", "ratio", "none"):
            case "value":
                return {"state": "reported", "value": some(*FIGURES)}
            case "ratio":
                numerator, denominator = some("0", "7", "50", "75"), some("0", "100", "100", "200")
                return {"state": "reported", "numerator": numerator, "denominator": denominator}
        return {"state": some(*(state for state in State if state != State.reported))}

    def target() -> Cells:
        kind = some(*TargetKind, "value", "value", "range")
        valued = kind in {"value", "limit", "range"}
        ambers = some("amber_limit", "amber_percent", "range_percent")
        return {
            "kind": kind,
            "value": some(*FIGURES) if valued else "",
            "range_percent": some("0", "5") if kind == "range" else "",
            **({ambers: some("0", "10")} if ambers != "range_percent" else {}),
        }

    indicators = [
        {
            "key": f"k{number}",
            "code": some("", "1", "10", "9", "É"),
            "title": some("Calls answered", "calls answered", "Écoles", "% of “calls”", "a\\b"),
            "service": "front-office",
            "section": some("", "A", "a", "Å"),
            "measure_set": some("plan", "plan", "unjudged"),
            "unit": some("number", "days", "pounds"),
            "decimals": some(*"01234"),
            "polarity": some(*Polarity),
            "nature": some(*Nature),
            "calculation": some(*Calculation),
            "baseline": some("", *Baseline),
            "variance_convention": some("", *Convention),
            "sample": some("yes", "no"),
            "workforce": some("yes", "no"),
        }
        for number in range(16)
    ]
    places = [
        {"indicator": indicator["key"], "service": "back", "period": period}
        for indicator in indicators
        for period in PERIODS
    ]
    clauses = [
        dict(
            zip(("position", "condition", "code", "label", "colour", "points"), line.split(","), strict=True)
        )
        for line in CLAUSES
    ]
    return write_report(
        folder,
        {
            "services": [{"name": "Back", "kind": "directorate"}],
            "scheme_clauses": [{"scheme": "anyshire-plan", **clause} for clause in clauses],
            "indicators": indicators,
            "observations": [{**place, **figures()} for place in places if chance.random() < 0.8],
            "targets": [{**place, **target()} for place in places if chance.random() < 0.7],
        },
        organisation={"id": council, "name": council},
    )


@pytest.fixture(scope="module")
def crooked_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The module's database with the reports of several councils."""
    migrate(database_url)
    for council in COUNCILS:
        load(database_url, crooked(tmp_path_factory.mktemp(council), council))
    return database_url


@pytest.fixture
def engine(crooked_url: str) -> Iterator[Engine]:
    """Spoil copies, which are made anew afterwards."""
    engine = writing_engine(crooked_url)
    yield engine
    copy_releases(engine, anew=True)
    engine.dispose()


def rebuild(engine: Engine) -> None:
    """Throw the copies of releases away, and make them anew."""
    with engine.begin() as connection:
        for name in ("released_copy", "released_observation"):
            connection.execute(delete(table(name)))
    assert copy_releases(engine) > 0


@contextmanager
def from_copies(engine: Engine) -> Iterator[Reading]:
    """Read as the service does unless it is told not to."""
    with engine.connect() as connection:
        yield Editions().reading(connection)


class Ways(NamedTuple):
    """One state of a database, read from copies and by the rules."""

    copied: Reading
    ruled: Reading


@pytest.fixture(scope="module", params=["demo", "crooked"])
def of(request: pytest.FixtureRequest) -> str:
    """Name what is read: the demo, or what is crooked."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def ways(request: pytest.FixtureRequest, database_url: str, of: str) -> Iterator[Ways]:
    """Read it in either way."""
    if not Settings().read_model:
        pytest.skip("copies are off")  # the rules cannot be held against themselves
    kind = "sqlite" if is_sqlite(make_url(database_url)) else "postgresql"
    url = request.getfixturevalue({"demo": f"demo_on_{kind}", "crooked": "crooked_url"}[of])
    engine = reading_engine(url)
    with engine.connect() as connection:
        ways = Ways(*(Editions(copies=copies).reading(connection) for copies in (True, False)))
        assert [reading.edition.copied for reading in ways] == [True, False]
        yield ways
    engine.dispose()


def rows_of(reading: Reading, limit: int = MOST_ROWS, **query: Any) -> list[Any]:  # noqa: ANN401 - any part of a question
    """All rows that a query leaves, page by page, as they are written out."""
    rows: list[Any] = []
    cursor = None
    while True:
        items, more = page_of(reading, limit=limit, cursor=cursor, **query)
        rows += items
        assert len(rows) <= MOST_ROWS, "pages have no end"
        cursor = more["next_cursor"]
        if cursor is None:
            return rows
        assert len(items) == limit


def page_of(reading: Reading, **query: Any) -> tuple[list[Row], Row]:  # noqa: ANN401 - any part of a question
    """A page as it is written out, and its cursor and total."""
    items, more = read_page(reading, OBSERVATIONS, ObservationQuery(**query))
    return orjson.loads(orjson.dumps(items)), more


def ids(rows: list[Row]) -> list[int]:
    return [row["id"] for row in rows]


def tried(rows: list[Row], name: str) -> list[Any]:
    """What to ask of a filter: words there are, both sides of a flag, a range's end and just beyond it."""
    column, _, end = name.rpartition("_")
    if end in {"min", "max"}:
        there = sorted({Decimal(row[column]) for row in rows if row[column] is not None})
        middle = there[len(there) // 2]
        return [f"{number:f}" for number in (middle, middle - TINY, middle + TINY)]
    words = sorted({row[name] for row in rows if row[name] is not None})
    return words if isinstance(words[0], bool) else [[words[0], words[-1]]]


def test_the_suite_reads_as_it_is_told(demo_url: str, pytestconfig: pytest.Config) -> None:
    with reading(demo_url) as here:
        assert here.edition.copied is (pytestconfig.getoption("reading") != "rules")


def test_a_copy_has_the_columns_of_the_list_and_the_row_as_json() -> None:
    assert OBSERVATIONS.copy is not None
    columns = {column.name: column for column in OBSERVATIONS.copy.columns}
    answer = columns.pop("answer")

    assert [*columns] == [field.name for field in FIELDS]
    assert (type(answer.type), answer.nullable) == (AutoString, False)
    for name, column in columns.items():
        kind = TYPES[OBSERVATIONS.names[name].form]
        assert isinstance(column.type, kind), name
        assert column.nullable == is_nullable(LISTS["/v1/observations"].columns[name]), name


def test_every_row_is_the_same_field_by_field(ways: Ways) -> None:
    copied, ruled = (rows_of(reading) for reading in ways)

    assert len(ruled) > 150
    for row, expected in zip(copied, ruled, strict=True):
        assert list(row.items()) == list(expected.items())


def test_one_row_is_the_same(ways: Ways) -> None:
    for row in rows_of(ways.ruled)[::40]:
        copied, ruled = (one(reading, OBSERVATIONS, row["id"]) for reading in ways)

        assert orjson.dumps(copied) == orjson.dumps(ruled)


@pytest.mark.parametrize("sign", ["", "-"])
def test_every_order_is_the_same_wherever_a_page_ends(ways: Ways, of: str, sign: str) -> None:
    names = [*OBSERVATIONS.names]
    for name in names if of == "crooked" else names[len(sign) :: 2]:
        sort = f"{sign}{name}"
        ruled = rows_of(ways.ruled, sort=sort)
        there = sum(row[name] is not None for row in ruled)

        for limit in {there - 1, there, there + 1, 50} & set(range(1, MOST_ROWS + 1)):
            assert ids(rows_of(ways.copied, limit, sort=sort)) == ids(ruled), (sort, limit)


@pytest.mark.parametrize("name", [n for n in ObservationFilters.model_fields if n not in PREMISES])
def test_every_filter_leaves_the_same_rows_and_total(ways: Ways, name: str) -> None:
    for value in tried(rows_of(ways.ruled), name):
        ruled = rows_of(ways.ruled, **{name: value})
        copied, more = page_of(ways.copied, limit=MOST_ROWS, include_total=True, **{name: value})

        assert copied == ruled, value
        assert more["total"] == len(ruled), value
        assert rows_of(ways.copied, limit=1 + len(ruled) // 3, **{name: value}) == ruled, value


@pytest.mark.parametrize("sort", ["-id", "target_variance", "-target_variance", "title", "-status_points"])
@pytest.mark.parametrize("name", ["organisation", "period", "status", "outturn_min", "indicator_key"])
def test_filtered_rows_are_in_the_same_order_on_every_page(ways: Ways, name: str, sort: str) -> None:
    query = {name: tried(rows_of(ways.copied), name)[0], "sort": sort}
    ruled = rows_of(ways.ruled, **query)

    for limit in (1 + len(ruled) // 5, 1 + len(ruled) // 2):
        assert rows_of(ways.copied, limit, **query) == ruled


@pytest.mark.parametrize(
    "groups", [*((name,) for name in GROUPS), ("status", "period"), GROUPS], ids=",".join
)
def test_counts_are_the_same(ways: Ways, groups: tuple[str, ...]) -> None:
    for query in (EVERY_ROW, SOME_ROWS):
        copied, ruled = (
            counts(reading, OBSERVATIONS, asked(reading, OBSERVATIONS, query), groups) for reading in ways
        )

        assert copied == ruled != []


def test_the_words_that_may_be_asked_for_are_the_same(ways: Ways) -> None:
    for name in OBSERVATIONS.names.keys() & ObservationFilters.model_fields.keys() - {*PREMISES}:
        copied, ruled = (known(reading, OBSERVATIONS, name) for reading in ways)

        assert copied == ruled, name


COPIES = table("released_copy")
UNFIT: dict[str, Delete | Update] = {
    "missing": delete(COPIES),
    "of another release": update(COPIES).values(
        release_id=select(func.min(table("release").c.id)).scalar_subquery()
    ),
    "by other rules": update(COPIES).values(rules="others"),
}
"""Why a copy may not be read."""


def spoil(engine: Engine, council: str, why: str) -> None:
    """Make a council's copy unfit to be read."""
    with engine.begin() as connection:
        connection.execute(UNFIT[why].where(COPIES.c.organisation_id == council))


def mark(engine: Engine) -> None:
    """Write into every copied row what no rule gives."""
    with engine.begin() as connection:
        connection.execute(update(table("released_observation")).values(answer='"copied"'))


@pytest.mark.parametrize("why", UNFIT)
def test_nothing_is_read_from_copies_while_one_of_them_is_unfit(engine: Engine, why: str) -> None:
    with from_copies(engine) as here:
        rows = rows_of(here)
    mark(engine)

    spoil(engine, "otherton", why)

    with from_copies(engine) as here:
        assert uncopied(here.connection, here.now) == ["otherton"]
        assert not here.edition.copied
        assert rows_of(here) == rows


def test_all_is_read_from_copies_again_once_the_unfit_one_is_renewed(engine: Engine) -> None:
    with from_copies(engine) as here:
        rows = rows_of(here)
    mark(engine)
    spoil(engine, "otherton", "missing")

    copy_releases(engine)

    with from_copies(engine) as here:
        assert uncopied(here.connection, here.now) == []
        assert rows_of(here) == [row if row["organisation"] == "otherton" else "copied" for row in rows]


def test_copies_are_thrown_away_and_made_anew(engine: Engine) -> None:
    with from_copies(engine) as here:
        rows = rows_of(here)
    mark(engine)
    with from_copies(engine) as here:
        assert rows_of(here) == ["copied"] * len(rows)

    rebuild(engine)

    with from_copies(engine) as here:
        assert here.edition.copied
        assert rows_of(here) == rows


@pytest.fixture
def another_url(database_url: str, postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database of the same kind as the module's."""
    kind = fresh_sqlite if is_sqlite(make_url(database_url)) else postgres_server.fresh_database
    with kind() as url:
        yield url


@pytest.fixture(params=["demo", "crooked"])
def published(request: pytest.FixtureRequest, another_url: str, tmp_path: Path) -> Iterator[Engine]:
    """Connect to a database whose copies are those that publishing left."""
    if request.param == "demo":
        load_demo(another_url)
    else:
        migrate(another_url)
        load(another_url, crooked(tmp_path, COUNCILS[0]))
    engine = writing_engine(another_url)
    yield engine
    engine.dispose()


def test_copies_made_anew_are_those_that_publishing_left(published: Engine) -> None:
    """In every column: so whatever is read from either is the same, in any order and by any filter."""
    tables = [table(name) for name in ("released_copy", "released_observation")]
    queries = [select(each).order_by(*each.primary_key) for each in tables]
    with published.connect() as connection:
        left = [connection.execute(query).all() for query in queries]

    rebuild(published)

    with published.connect() as connection:
        assert [connection.execute(query).all() for query in queries] == left
    assert all(left)


def test_what_is_asked_to_go_by_the_rules_does(engine: Engine) -> None:
    with from_copies(engine) as here:
        rows = rows_of(here)
    mark(engine)

    with from_copies(engine) as here:
        assert rows_of(here.by_rules()) == rows
