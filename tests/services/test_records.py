"""What stands is what a body says: read back, written again as a body, and the same fact as before."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.imports.rows import Row
from app.schemas.writes import RESOURCES, Resource
from app.schemas.writes.patches import merged
from app.schemas.writes.reading import rows_of
from app.services.drafting import Draft, SubjectKey, columns, table
from app.services.records import Record, record, records
from app.services.references import subject_ids
from app.services.sources import SOURCES, report_of
from app.services.versions import write_facts
from tests.demo import load_demo
from tests.services.facts import KINDS, standing

COUNCILS = ["barnet", "bath-and-north-east-somerset", "broxtowe", "thurrock"]
BY_KIND = {resource.kind: resource for resource in RESOURCES.values()}
CALLS = "3002/chief-executives-service/2011-12-q2"
REVIEW = "1b/customers/2004-05"
WEAK_DATA = "ST0039/2011-12-q2"


@pytest.fixture(scope="module")
def demo_engine(database_url: str) -> Iterator[Engine]:
    """Connect to a database of the module's own that holds the demo."""
    load_demo(database_url)
    engine = writing_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def demo(demo_engine: Engine) -> Iterator[Session]:
    """Give a session on the demo whose work is rolled back."""
    with Session(demo_engine) as session:
        yield session
        session.rollback()


def all_standing(session: Session, organisation: str, kind: str) -> dict[int, dict[str, Any]]:
    """The columns of every fact that stands of a kind, by id."""
    facts = table(kind)
    query = select(facts).where(facts.c.organisation_id == organisation, facts.c.replaced_in.is_(None))
    return {row["id"]: dict(row) for row in session.execute(query).mappings()}


def recorded(session: Session, kind: str, key: str, organisation: str = "barnet") -> Record:
    """What the fact with this key says."""
    [number] = subject_ids(session, organisation, [SubjectKey(kind, key)]).values()
    found = record(session, organisation, kind, number)
    assert found is not None
    return found


def stated(kind: str, *bodies: dict[str, Any]) -> list[Row]:
    """The rows that bodies state."""
    statements, faults = rows_of(BY_KIND[kind], {f"/{place}": body for place, body in enumerate(bodies)})
    assert faults == []
    return [statement.row for statement in statements]


def drafts_of(kind: str, rows: list[Row]) -> list[Draft]:
    """The facts that rows state, their places as if they were a file."""
    return list(SOURCES[kind].drafts(report_of(kind, rows)))


def changed(before: Record, patch: dict[str, Any]) -> list[Draft]:
    """The facts that come of patching one that stands first in its list."""
    kind = before.subject.kind
    return drafts_of(kind, stated(kind, merged(before.said, BY_KIND[kind].model, patch)))


def place_of(found: Record) -> tuple[str, int]:
    """Where a fact whose natural key ends with its place stands; any other, where it was met."""
    head, _, place = found.subject.key.rpartition("/")
    return (head, int(place)) if found.subject.kind in {"risk_control", "direction_label"} else ("", 0)


def test_every_kind_of_fact_is_stated_by_some_body() -> None:
    assert {resource.kind for resource in RESOURCES.values()} == set(SOURCES)
    assert {"risk", *SOURCES} == set(KINDS)
    assert all(set(source.named_by) <= set(source.row.columns()) for source in SOURCES.values())


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_what_the_demo_says_makes_the_facts_it_was_read_from(demo: Session, resource: Resource) -> None:
    read = 0
    for organisation in COUNCILS:
        facts = all_standing(demo, organisation, resource.kind)
        found = records(demo, organisation, resource.kind, facts)
        assert found.keys() == facts.keys()

        said = [each.said for each in sorted(found.values(), key=place_of)]
        drafts = drafts_of(resource.kind, stated(resource.kind, *said))

        names = {draft.subject for draft in drafts} | {n for draft in drafts for n in draft.refers.values()}
        ids = subject_ids(demo, organisation, names)
        kinds = {name.kind: all_standing(demo, organisation, name.kind) for name in names}
        by_order = {"position"} - set(resource.row.columns())
        for draft in drafts:
            before = kinds[draft.subject.kind][ids[draft.subject]]
            after = {**draft.values, **{column: ids[name] for column, name in draft.refers.items()}}
            assert after.keys() == set(columns(draft.subject.kind))
            assert all(after[name] == before[name] for name in after.keys() - by_order)
        assert {draft.subject for draft in drafts} >= {each.subject for each in found.values()}
        read += len(facts)
    assert read > 0


def test_a_record_says_figures_as_text_and_other_facts_by_name(demo: Session) -> None:
    found = recorded(demo, "observation", CALLS)

    assert found.version == standing(demo, "observation", CALLS)["made_in"]
    assert {name: value for name, value in found.said.items() if value is not None} == {
        "organisation": "barnet",
        "indicator": "3002",
        "service": "chief-executives-service",
        "period": "2011-12-q2",
        "numerator": "159488.00",
        "denominator": "285806.00",
        "state": "reported",
        "basis": "actual",
        "provisional": False,
        "estimated": False,
        "revised": False,
        "previous_value": "48.3000",
        "previous_period": "2011-12-q1",
    }


def test_a_day_is_a_day_again(demo: Session) -> None:
    found = recorded(demo, "target", REVIEW, "bath-and-north-east-somerset")

    assert found.said["value"] == "2005-07-31"


def test_a_number_that_is_no_days_stays_a_number(demo: Session) -> None:
    measure = recorded(demo, "indicator", "3002")
    figures = {"value": 0, "numerator": None, "denominator": None}
    drafts = changed(recorded(demo, "observation", CALLS), figures)
    write_facts(demo, "barnet", [*changed(measure, {"unit": "date"}), *drafts], "test")

    said = recorded(demo, "observation", CALLS).said

    assert (said["value"], said["previous_value"]) == ("0.0000", "48.3000")


def test_money_is_said_in_pounds_whatever_it_was_printed_in(demo: Session) -> None:
    found = recorded(demo, "budget_line", "library-services/chief-executives-service/2011-12-q2")

    assert (found.said["money_unit"], found.said["forecast"]) == ("thousand_pounds", "5796000.00")


def test_an_assessment_says_what_its_risk_says_and_is_as_new_as_the_later(demo: Session) -> None:
    before = recorded(demo, "risk_assessment", WEAK_DATA)
    assert (before.said["title"][:12], before.said["impact"]) == ("Data quality", 4)

    written = write_facts(demo, "barnet", changed(before, {"title": "Weak data"}), "test")

    after = recorded(demo, "risk_assessment", WEAK_DATA)
    assert (written.added, written.changed, written.unchanged) == (0, 1, 1)
    assert (after.said["title"], after.version) == ("Weak data", written.revision_id)
    assert record(demo, "barnet", "risk_assessment", before.id, before.version) == before


def test_a_patch_changes_what_it_names_and_the_version_before_can_still_be_read(demo: Session) -> None:
    before = recorded(demo, "observation", CALLS)

    written = write_facts(
        demo,
        "barnet",
        changed(before, {"numerator": 159489, "previous_value": None, "previous_period": None}),
        "test",
    )

    after = recorded(demo, "observation", CALLS)
    news = {"numerator": "159489.00", "previous_value": None, "previous_period": None}
    assert after == before._replace(version=written.revision_id or 0, said=before.said | news)
    assert record(demo, "barnet", "observation", before.id, before.version) == before


def test_there_is_no_record_of_what_is_retired_unknown_or_of_another_council(demo: Session) -> None:
    before = recorded(demo, "observation", CALLS)
    write_facts(demo, "barnet", [], "test", retired=[before.subject])

    assert record(demo, "barnet", "observation", before.id) is None
    assert record(demo, "barnet", "observation", before.id, before.version) == before
    assert record(demo, "barnet", "observation", before.id, before.version - 1) is None
    assert record(demo, "thurrock", "observation", before.id, before.version) is None
    assert record(demo, "barnet", "target", before.id, before.version) is None


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_the_example_of_a_body_is_a_fact_of_the_demo(demo: Session, resource: Resource) -> None:
    [example] = resource.model.model_json_schema()["examples"]
    facts = all_standing(demo, example["organisation"], resource.kind)
    found = records(demo, example["organisation"], resource.kind, facts)

    rows = stated(resource.kind, *(each.said for each in found.values()))

    [row] = stated(resource.kind, example)
    assert [row] == [known for each in rows if (known := each.model_copy(update={"line": 0})) == row]
