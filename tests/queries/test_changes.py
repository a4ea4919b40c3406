"""Cells of changes: put onto the state before, they give the state after, whatever was edited."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.entities import Release
from app.errors import Conflict
from app.imports.reports import read_report
from app.queries.changes.cells import Place, page
from app.queries.changes.found import Scope, count_cells
from app.queries.changes.kinds import KINDS
from app.queries.changes.windows import Released, Span, Window, windows_of
from app.queries.columns import Row
from app.queries.editions import Editions
from app.queries.views import PUBLIC, View
from app.schemas.writes import RESOURCES
from app.services.checks import drafts_of
from app.services.drafting import Draft, SubjectKey, table
from app.services.loading import load_report
from app.services.releases import Publication, publish
from app.services.versions import write_facts
from tests.imports.examples import write_report

OWNER = "anyshire"
MORE = {
    "services": [{"name": "Back Office", "kind": "directorate", "parent": "front-office"}],
    "notes": [
        {
            "kind": "service",
            "subject": "back-office",
            "period": "2011-12-q2",
            "note_kind": "issue",
            "position": "1",
            "text": "Late",
        }
    ],
}
DRAFTS = View(drafts=((None, None),))
State = dict[tuple[str, int], Row]


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to the module's database, brought up to date."""
    migrate(database_url)
    engine = writing_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def drafts(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[Draft]:
    """A council's report, loaded and not public yet; what it states."""
    folder: Path = tmp_path_factory.mktemp("report")
    report = read_report(write_report(folder, MORE))
    with Session(engine) as session, session.begin():
        load_report(session, report, "first")
    return list(drafts_of(report, date(2011, 9, 30)))


@dataclass
class History:
    """What is done to a council in one case: edits and releases, each after the one before."""

    session: Session
    stated: list[Draft]
    random: Random
    gone: set[SubjectKey] = field(default_factory=set)

    def edit(self) -> None:
        """Change some facts, retire some, and state some again that were retired."""
        chosen = self.random.sample(range(len(self.stated)), self.random.randint(1, 6))
        writing, ending = [], []
        for place in chosen:
            draft = self.stated[place]
            if draft.subject not in self.gone and self.random.random() < 0.25:
                ending.append(draft.subject)
                self.gone.add(draft.subject)
                continue
            self.stated[place] = draft._replace(values=self._other(draft.values))
            self.gone.discard(draft.subject)
            writing.append(self.stated[place])
        write_facts(self.session, OWNER, writing, f"why {self.random.random()}", retired=ending)

    def release(self) -> None:
        """Publish everything, what an earlier revision had, or what is new of a service's period."""
        revisions = [*self.session.scalars(select(table("revision").c.id).order_by(table("revision").c.id))]
        how = self.random.choice(["all", "all", "earlier", "part"])
        wanted = Publication(f"note {self.random.random()}")
        if how == "part":
            service = self.session.scalar(
                select(table("subject").c.id).where(table("subject").c.key == "front-office")
            )
            wanted = wanted._replace(service_id=service, period_id="2011-12-q2")
        revision = self.random.choice(revisions) if how == "earlier" else revisions[-1]
        with suppress(Conflict), self.session.begin_nested():
            publish(self.session, OWNER, revision, wanted)

    def _other(self, values: Any) -> dict[str, Any]:  # noqa: ANN401 - columns by name
        plain = [name for name in values if not name.endswith("_id")]
        if "threshold" in values:  # a policy has to be one
            return {**values, "threshold": self.random.choice((9, 10, 20))}
        names = self.random.sample(plain, min(self.random.randint(0, 3), len(plain)))
        return {**values, **{name: self._another(values[name]) for name in names}}

    def _another(self, value: Any) -> Any:  # noqa: ANN401 - a column is of any type
        """Another value of the same type; a few, so that an earlier one comes back."""
        match value:
            case bool():
                return not value
            case str():
                return f"{value.split('~')[0]}~{self.random.randint(1, 2)}"
            case int() | Decimal():
                return type(value)(self.random.randint(1, 3))
            case date():
                return value + timedelta(days=self.random.randint(-1, 1))
        return value


def state(session: Session, revision: int) -> State:
    """What a revision holds, cell by cell as it is written."""
    keys = dict(session.execute(select(table("subject").c.id, table("subject").c.key)).all())
    found: State = {}
    for kind in KINDS.values():
        facts = table(kind.name)
        for row in session.execute(select(facts).where(facts.c.made_in <= revision)).mappings():
            if row["replaced_in"] is not None and row["replaced_in"] <= revision:
                continue
            cells = {
                name: _written(row[column], keys if column in kind.references else {})
                for column, name in kind.cells.items()
            }
            found[kind.name, row["id"]] = {name: cell for name, cell in cells.items() if cell is not None}
    return found


def _written(value: Any, keys: dict[int, str]) -> Any:  # noqa: ANN401 - a column is of any type
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, date) else keys.get(value, value)


def replayed(before: State, rows: list[Row]) -> State:
    """A state with cells put onto it."""
    after = {name: dict(cells) for name, cells in before.items()}
    for row in rows:
        cells = after.setdefault((row["kind"], row["id"]), {})
        assert cells.get(row["field"]) == row["old"]
        cells[row["field"]] = row["new"]
    kept = {name: {k: v for k, v in cells.items() if v is not None} for name, cells in after.items()}
    return {name: cells for name, cells in kept.items() if cells}


def cells_of(session: Session, window: Window, view: View = PUBLIC, limit: int = 7) -> list[Row]:
    """Every cell of a window, gathered from short pages."""
    reading = Editions(copies=False).reading(session.connection(), view).untold()
    rows: list[Row] = []
    place: Place | None = None
    while True:
        found, place = page(reading, [window], Scope(), place, limit)
        rows += found
        if place is None:
            assert count_cells(reading, [window], Scope()) == len(rows)
            return rows
        assert len(found) == limit


def check_brought(session: Session, window: Window, rows: list[Row]) -> None:
    """Check that each cell names the release since which it has said the same."""
    states = [state(session, window.start), *(state(session, each.revision) for each in window.brought)]
    places = {each.id: place for place, each in enumerate(window.brought, 1)}
    for row in rows:
        said = [each.get((row["kind"], row["id"]), {}).get(row["field"]) for each in states]
        place = places[row["release"]]
        fact = [(row["kind"], row["id"]) in each for each in states]
        assert set(said[place:]) == {row["new"]}
        assert said[place - 1] != row["new"] or fact[place - 1] != fact[place]
        assert row["reason"] == window.brought[place - 1].note


def check_same(session: Session, window: Window, rows: list[Row]) -> None:
    """Check that the cells make of the state before the state after, and name no other."""
    assert replayed(state(session, window.start), rows) == state(session, window.end)
    assert all(row["old"] != row["new"] for row in rows)
    facts = {(row["kind"], row["id"]): row["change"] for row in rows}
    before, after = state(session, window.start), state(session, window.end)
    words = {(True, True): "changed", (False, True): "added", (True, False): "retired"}
    assert facts == {name: words[name in before, name in after] for name in facts}


@settings(max_examples=5)
@given(
    random=st.randoms(use_true_random=True),
    steps=st.lists(st.sampled_from(["edit", "edit", "release"]), min_size=5, max_size=12),
)
def test_cells_make_the_state_after_of_the_state_before(
    engine: Engine, drafts: list[Draft], random: Random, steps: list[str]
) -> None:
    with Session(engine) as session:
        history = History(session, list(drafts), random)
        for step in ("release", *steps, "release"):
            getattr(history, step)()
        history.edit()
        releases = released(session)
        drawn = [*combinations(range(len(releases)), 2)]
        for first, last in history.random.sample(drawn, min(3, len(drawn))):
            window = Window(OWNER, releases[first], tuple(releases[first + 1 : last + 1]))
            rows = cells_of(session, window, limit=history.random.choice([7, 50]))
            check_same(session, window, rows)
            check_brought(session, window, rows)
        [window] = windows_of(Editions(copies=False).reading(session.connection(), DRAFTS), Span())
        check_same(session, window, cells_of(session, window, DRAFTS, limit=50))
        session.rollback()


def released(session: Session) -> list[Released]:
    """The council's releases, in the order in which they came into force."""
    rows = session.scalars(select(Release).order_by(Release.published_at, Release.id))  # type: ignore[arg-type]  # SQLModel hides the column
    return [
        Released(row.id or 0, OWNER, row.revision_id, row.published_at.replace(tzinfo=UTC), row.note)
        for row in rows
    ]


@pytest.mark.usefixtures("drafts")
def test_the_first_release_adds_everything(engine: Engine) -> None:
    with Session(engine) as session:
        publish(session, OWNER, 1, Publication("out"))

        [window] = windows_of(Editions(copies=False).reading(session.connection()), Span())
        rows = cells_of(session, window, limit=1000)

        assert window.before is None
        assert {row["change"] for row in rows} == {"added"}
        assert {row["kind"] for row in rows} == set(KINDS)
        assert replayed({}, rows) == state(session, window.end)
        session.rollback()


def test_nothing_is_later_than_what_is_read(engine: Engine, drafts: list[Draft]) -> None:
    with Session(engine) as session:
        publish(session, OWNER, 1, Publication("out"))
        revision = write_facts(session, OWNER, [], "why", retired=[drafts[-1].subject]).revision_id or 0
        later = datetime.now(UTC) + timedelta(days=1)
        publish(session, OWNER, revision, Publication("to come", publish_at=later))

        reading = Editions(copies=False).reading(session.connection())

        assert [each.note for window in windows_of(reading, Span()) for each in window.brought] == ["out"]
        session.rollback()


def test_every_resource_is_among_the_kinds_under_its_address() -> None:
    addresses = {kind.name: kind.path for kind in KINDS.values() if kind.path is not None}

    assert addresses == {resource.kind: resource.path for resource in RESOURCES.values()}
    assert set(KINDS) - set(addresses) == {"risk"}
