"""What stands is what a body says: read back, written again as a body, and the same fact as before."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.imports.problems import Problem
from app.imports.rows import Row
from app.schemas.writes import RESOURCES, Resource
from app.schemas.writes.patches import merged
from app.schemas.writes.reading import rows_of
from app.services.drafting import Draft, SubjectKey, columns, table
from app.services.placements import drafts_of, long_keys, renamed_facts
from app.services.records import Record, record, records
from app.services.references import subject_ids
from app.services.sources import SOURCES
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


def changed(session: Session, before: Record, patch: dict[str, Any]) -> list[Draft]:
    """The facts that come of patching one."""
    kind = before.subject.kind
    rows = stated(kind, merged(before.said, BY_KIND[kind].model, patch))
    return drafts_of(session, before.said["organisation"], kind, rows, {0: before})


def added(session: Session, kind: str, *bodies: dict[str, Any]) -> list[Draft]:
    """The facts that come of stating new ones of Barnet."""
    return drafts_of(
        session, "barnet", kind, stated(kind, *({"organisation": "barnet", **body} for body in bodies)), {}
    )


def problems_of(session: Session, before: Record, patch: dict[str, Any]) -> list[Problem]:
    """What a patch would rename."""
    return list(renamed_facts(changed(session, before, patch), {0: before}))


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

        rows = stated(resource.kind, *(each.said for each in found.values()))
        drafts = drafts_of(demo, organisation, resource.kind, rows, dict(enumerate(found.values())))

        names = {draft.subject for draft in drafts} | {n for draft in drafts for n in draft.refers.values()}
        ids = subject_ids(demo, organisation, names)
        kinds = {name.kind: all_standing(demo, organisation, name.kind) for name in names}
        for draft in drafts:
            before = kinds[draft.subject.kind][ids[draft.subject]]
            after = {**draft.values, **{column: ids[name] for column, name in draft.refers.items()}}
            assert after == {column: before[column] for column in columns(draft.subject.kind)}
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
    drafts = changed(
        demo, recorded(demo, "observation", CALLS), {"value": 0, "numerator": None, "denominator": None}
    )
    write_facts(demo, "barnet", [*changed(demo, measure, {"unit": "date"}), *drafts], "test")

    said = recorded(demo, "observation", CALLS).said

    assert (said["value"], said["previous_value"]) == ("0.0000", "48.3000")


def test_money_is_said_in_pounds_whatever_it_was_printed_in(demo: Session) -> None:
    found = recorded(demo, "budget_line", "library-services/chief-executives-service/2011-12-q2")

    assert (found.said["money_unit"], found.said["forecast"]) == ("thousand_pounds", "5796000.00")


def test_an_assessment_says_what_its_risk_says_and_is_as_new_as_the_later(demo: Session) -> None:
    before = recorded(demo, "risk_assessment", WEAK_DATA)
    assert (before.said["title"][:12], before.said["impact"]) == ("Data quality", 4)

    written = write_facts(demo, "barnet", changed(demo, before, {"title": "Weak data"}), "test")

    after = recorded(demo, "risk_assessment", WEAK_DATA)
    assert (written.added, written.changed, written.unchanged) == (0, 1, 1)
    assert (after.said["title"], after.version) == ("Weak data", written.revision_id)
    assert record(demo, "barnet", "risk_assessment", before.id, before.version) == before


def test_a_patch_changes_what_it_names_and_the_version_before_can_still_be_read(demo: Session) -> None:
    before = recorded(demo, "observation", CALLS)

    written = write_facts(
        demo,
        "barnet",
        changed(demo, before, {"numerator": 159489, "previous_value": None, "previous_period": None}),
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


@pytest.mark.parametrize(
    ("kind", "key", "patch", "at"),
    [
        ("observation", CALLS, {"period": "2011-12-q3", "service": "it"}, ["service", "period"]),
        ("risk_assessment", WEAK_DATA, {"code": "ST1"}, ["code"]),
        ("service", "commissioning-group", {"name": "Commissioning"}, ["name"]),
        ("risk_control", "ST0039/1", {"risk": "ST0041"}, ["risk"]),
        ("direction_label", "barnet-corporate-plan/improved/1", {"code": "fell"}, ["code"]),
        ("risk_matrix_level", "barnet-5x5/band/low", {"code": None, "label": "Least"}, ["code"]),
        ("comparator", f"{CALLS}/neighbour/Cumbria", {"name": "Kent"}, ["name"]),
    ],
)
def test_a_change_may_not_name_another_fact(
    demo: Session, kind: str, key: str, patch: dict[str, Any], at: list[str]
) -> None:
    before = recorded(demo, kind, key)

    assert sorted(problem.column for problem in problems_of(demo, before, patch)) == sorted(at)


@pytest.mark.parametrize(
    ("kind", "key", "patch"),
    [
        ("observation", CALLS, {"period": "2011/12 Q2", "numerator": "1"}),
        ("service", "commissioning-group", {"name": "Commissioning: Group", "lead": "Director"}),
        ("risk_matrix_level", "barnet-5x5/band/low", {"code": None, "label": "LOW"}),
        ("risk_assessment", WEAK_DATA, {"impact": 1}),
    ],
)
def test_a_change_of_all_else_names_the_same_fact(
    demo: Session, kind: str, key: str, patch: dict[str, Any]
) -> None:
    assert problems_of(demo, recorded(demo, kind, key), patch) == []


def test_what_is_new_stands_last_and_takes_no_retired_place(demo: Session) -> None:
    last = recorded(demo, "direction_label", "barnet-corporate-plan/improved/2")
    write_facts(demo, "barnet", [], "test", retired=[last.subject])
    label = {"scheme": "barnet-corporate-plan", "code": "improved"}
    control = {"risk": "ST0072"}
    known = len(
        [
            c
            for c in all_standing(demo, "barnet", "risk_control").values()
            if c["risk_id"] == standing(demo, "risk", "ST0072")["id"]
        ]
    )

    labels = added(demo, "direction_label", {**label, "label": "↑"}, {**label, "label": "up"})
    controls = added(
        demo, "risk_control", {**control, "description": "Audit"}, {**control, "description": "Again"}
    )

    assert [draft.subject.key for draft in labels] == [f"barnet-corporate-plan/improved/{n}" for n in (3, 4)]
    assert [draft.values["position"] for draft in controls] == [known + 1, known + 2]


def test_a_new_risk_starts_at_one_and_a_known_one_keeps_its_place(demo: Session) -> None:
    body = recorded(demo, "risk_assessment", WEAK_DATA).said
    most = max(row["position"] for row in all_standing(demo, "barnet", "risk").values())
    known = standing(demo, "risk", "ST0039")["position"]

    later, new = {**body, "period": "2013-14-q2"}, {**body, "code": "NEW"}
    drafts = added(demo, "risk_assessment", later, new, {**new, "period": "2013-14-q2"})
    written = write_facts(demo, "barnet", drafts, "test")
    control = added(demo, "risk_control", {"risk": "NEW", "description": "Audit"})

    assert [d.values["position"] for d in drafts if d.subject.kind == "risk"] == [known, most + 1]
    assert (written.added, written.changed, written.unchanged) == (4, 0, 1)
    assert [draft.subject.key for draft in control] == ["NEW/1"]


def test_two_assessments_that_differ_on_their_risk_state_it_twice(demo: Session) -> None:
    body = recorded(demo, "risk_assessment", WEAK_DATA).said

    drafts = added(demo, "risk_assessment", body, {**body, "period": "2013-14-q2", "title": "Weak data"})

    assert [draft.subject.kind for draft in drafts] == ["risk", "risk", "risk_assessment", "risk_assessment"]


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_the_example_of_a_body_is_a_fact_of_the_demo(demo: Session, resource: Resource) -> None:
    [example] = resource.model.model_json_schema()["examples"]
    facts = all_standing(demo, example["organisation"], resource.kind)
    found = records(demo, example["organisation"], resource.kind, facts)

    rows = stated(resource.kind, *(each.said for each in found.values()))

    [row] = stated(resource.kind, example)
    assert [row] == [known for each in rows if (known := each.model_copy(update={"line": 0})) == row]


def test_a_key_that_no_index_could_hold_is_refused(demo: Session) -> None:
    body = recorded(demo, "comparator", f"{CALLS}/neighbour/Cumbria").said

    long, short = "\N{EARTH GLOBE EUROPE-AFRICA}" * 200, "é" * 200
    drafts = added(
        demo,
        "comparator",
        {**body, "name": long, "indicator": long, "service": long},
        {**body, "name": short},
    )

    assert [problem.row for problem in long_keys(drafts)] == [0]
