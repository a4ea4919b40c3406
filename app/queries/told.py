"""Counts of people as releases tell them: from the ledger of what was published, and not from the facts.

Whoever reads drafts reads the facts themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import FromClause, and_, literal_column, or_, select

from app.entities import EqualityGroup, Establishment, Indicator, Observation, ProfileCount, Subject
from app.entities.columns import Exact
from app.queries.visibility import releases_in_force, table
from app.rules.vocabulary import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement
    from sqlmodel import SQLModel

    from app.db.compiler import Dialect
    from app.queries.editions import Reading

COUNTS: Mapping[type[SQLModel], tuple[str, ...]] = {
    ProfileCount: ("headcount", "base"),
    Establishment: (
        "permanent",
        "fixed_term",
        "vacant",
        "occupied_permanent",
        "occupied_fixed_term",
        "occupied_agency",
        "consultants",
        "casual",
    ),
    EqualityGroup: ("responses",),
    Observation: ("value", "numerator", "denominator"),
}
"""The columns that count people or posts; an observation's only as far as its measure does."""
OF_COUNTS: Mapping[type[SQLModel], tuple[str, ...]] = {
    EqualityGroup: ("value", "previous_value"),
    Observation: ("previous_value",),
}
"""What is said of people who were counted, and is withheld where their count is."""
_PEOPLE = "i.unit IN ('number', 'fte')"
_AT_ONCE = 500
_IS_TOLD = "v.told IS NOT NULL"


def surveyed(revision: str = "v.revision") -> str:
    """Whether a measure is a survey that is, or by a revision ever was, broken down by group, in SQL."""
    asked = f"asked.indicator_id = i.id AND asked.made_in <= {revision}"
    return f"(i.sample AND EXISTS (SELECT 1 FROM equality_group AS asked WHERE {asked}))"  # noqa: S608 - a number


def counts_people(revision: str = "v.revision") -> dict[str, str]:
    """When a column of a measure's observations counts people or posts, in SQL; the measure is called i.

    Of the workforce that is a value in persons or full-time equivalents; what a percentage is of, and over;
    and what anything else is over. Of a survey that is broken down by group it is how many were asked, and
    said so.
    """
    survey = surveyed(revision)
    return {
        "value": f"(i.workforce AND {_PEOPLE})",
        "numerator": f"((i.workforce AND ({_PEOPLE} OR i.unit = 'percent')) OR {survey})",
        "denominator": f"(i.workforce OR {survey})",
    }


def told_table(entity: type[SQLModel], alias: str, dialect: Dialect) -> FromClause:
    """The versions of facts that count people, with their counts as they are told, under a short name.

    Their `state` says whether something of a version is withheld.
    """
    fact, v = table(entity, "fact"), releases_in_force()
    counts = {name: _told("fact", entity, name, dialect) for name in COUNTS[entity]}
    hidden = _hides("fact", counts)
    rest = {name: f"CASE WHEN {hidden} THEN NULL ELSE fact.{name} END" for name in OF_COUNTS.get(entity, ())}
    texts = {**counts, **rest}
    columns = (
        literal_column(texts[column.name], column.type).label(column.name) if column.name in texts else column
        for column in fact.c
    )
    state: ColumnElement[str] = literal_column(_state(hidden, f"'{State.reported}'")).label("state")
    return select(*columns, state).join(v, v.c.organisation_id == fact.c.organisation_id).subquery(alias)


def told_observation(alias: str, dialect: Dialect) -> dict[str, str]:
    """The columns of an observation that may count people, as they are told, in SQL; its measure is i.

    A value in anything else than people is withheld where the counts that it follows from are stated.
    """
    texts = {name: _told(alias, Observation, name, dialect, when) for name, when in counts_people().items()}
    follows = f"{_IS_TOLD} AND i.workforce AND {alias}.denominator IS NOT NULL AND NOT {_PEOPLE}"
    texts["value"] = f"CASE WHEN {follows} THEN NULL ELSE {texts['value']} END"
    return texts


def told_state(alias: str, texts: Mapping[str, str]) -> str:
    """An observation's state, in SQL: suppressed where something of it is withheld."""
    return _state(f"{counts_people()['denominator']} AND ({_hides(alias, texts)})", f"{alias}.state")


def told_previous(stated: str, own: str, earlier: str) -> str:
    """An earlier figure that an observation states itself, in SQL; no count, nor what follows from one."""
    counted = f"{own}.denominator IS NOT NULL AND {earlier}.denominator IS NOT NULL"
    when = f"{_IS_TOLD} AND i.workforce AND ({_PEOPLE} OR ({counted}))"
    return f"CASE WHEN {when} THEN NULL ELSE {stated} END"


def _told(alias: str, entity: type[SQLModel], column: str, dialect: Dialect, when: str = "") -> str:
    """A count as the release that is read tells it; the fact's own among drafts, or when it counts nobody."""
    kind = table(entity, alias).c[column].type
    places = kind.kind.places if isinstance(kind, Exact) and dialect == "sqlite" else 0
    value = f"cell.value * {10**places}" if places else "cell.value"
    told = f"cell.release_id = v.told AND cell.subject_id = {alias}.id AND cell.field = '{column}'"
    cell = f"(SELECT {value} FROM published_cell AS cell WHERE {told})"  # noqa: S608 - our columns' own names
    whether = f"{_IS_TOLD} AND {when}" if when else _IS_TOLD
    return f"CASE WHEN {whether} THEN {cell} ELSE {alias}.{column} END"


def _hides(alias: str, texts: Mapping[str, str]) -> str:
    """Whether any of some columns says something that is not told, in SQL."""
    return " OR ".join(f"({alias}.{name} IS NOT NULL AND {text} IS NULL)" for name, text in texts.items())


def _state(hidden: str, otherwise: str) -> str:
    return f"CASE WHEN {_IS_TOLD} AND ({hidden}) THEN '{State.suppressed}' ELSE {otherwise} END"


def counts_someone(number: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a fact counts people or posts, by its id, or did in any version that was public."""
    parts = []
    for entity in (ProfileCount, Establishment, EqualityGroup):
        fact = table(entity, "counted")
        parts.append(select(fact.c.id).where(fact.c.id == number).exists())
    o, i, v = table(Observation, "o"), table(Indicator, "i"), releases_in_force()
    figures: list[ColumnElement[bool]] = [
        literal_column(f"({when} AND o.{name} IS NOT NULL)") for name, when in counts_people().items()
    ]
    measured = (
        select(o.c.id)
        .select_from(o)
        .join(v, v.c.organisation_id == o.c.organisation_id)
        .join(i, and_(i.c.id == o.c.indicator_id, i.c.made_in <= v.c.revision))
        .where(o.c.id == number, or_(*figures))
    )
    return or_(*parts, measured.correlate_except(o, i, v).exists())


def people_counted(reading: Reading, numbers: Iterable[int]) -> set[int]:
    """Those of some facts that count people or posts, and that the reader sees as they are told."""
    v, subject = releases_in_force(), table(Subject, "subject")
    theirs = v.c.organisation_id == subject.c.organisation_id
    statement = select(subject.c.id).join(v, and_(theirs, v.c.told.is_not(None)))
    wanted, found = sorted(set(numbers)), set[int]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = subject.c.id.in_(wanted[start : start + _AT_ONCE])
        found |= set(reading.execute(statement.where(some, counts_someone(subject.c.id))).scalars())
    return found
