"""What one column of a report mixes: targets of the year and of the period, estimates and actual figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from app.entities import Indicator, Observation, Period, Service, Target
from app.queries.findings.found import About, Check, Finding, given
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules.vocabulary import FindingKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import ColumnElement, FromClause, Row, Select

    from app.queries.editions import Reading

_MOST_NAMED = 5


def mixed_targets(reading: Reading, owners: Collection[str]) -> Iterator[Finding]:
    """Targets of the year among those of the period, or the reverse, in one set of measures."""
    for usual, odd, others in _columns(reading, _targets(owners)):
        for row in odd:
            reason = f"a target for {row.held} beside targets for {usual} in one column: {others}"
            facts = [("target", row.value), ("target_period", row.held), ("usual_period", usual)]
            yield _mixed(row, "target", reason, facts)


def mixed_bases(reading: Reading, owners: Collection[str]) -> Iterator[Finding]:
    """Estimates of a full year among actual figures, or the reverse, in one set of measures."""
    for usual, odd, others in _columns(reading, _bases(owners)):
        for row in odd:
            held, beside = row.held.replace("_", " "), usual.replace("_", " ")
            reason = f"a figure of basis {held} beside those of basis {beside} in one column: {others}"
            yield _mixed(row, "basis", reason, [("basis", row.held), ("usual_basis", usual)])


def _columns(reading: Reading, statement: Select[Any]) -> Iterator[tuple[str, list[Row[Any]], str]]:
    """Each column that holds two things: the usual one, the rows that hold another, and some that do not.

    Of two that are held equally often, the one of the period itself is usual.
    """
    columns: dict[tuple[str, str, str], list[Row[Any]]] = defaultdict(list)
    for row in reading.execute(statement):
        columns[row.organisation, row.measure_set, row.period].append(row)
    for (_, _, period), rows in columns.items():
        times = Counter(row.held for row in rows)
        usual = max(times, key=lambda held: (times[held], held == period, held))
        odd = [row for row in rows if row.held != usual]
        yield usual, odd, _named(row.key for row in rows if row.held == usual)


def _named(keys: Iterable[str]) -> str:
    every = list(keys)
    more = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _mixed(row: Row[Any], field: str, reason: str, facts: list[tuple[str, Any]]) -> Finding:
    return Finding(
        fact=f"{row.id}/{field}",
        made_in=row.made_in,
        organisation=row.organisation,
        service=row.service,
        period=row.period,
        subject=About("observation", row.id, f"{row.key}/{row.service}/{row.period}"),
        field=field,
        place=row.section or row.measure_set,
        published=row.held,
        derived=None,
        kind=FindingKind.suspicious,
        reason=reason,
        check=Check.mixed_basis,
        inputs=given(facts),
    )


def _targets(owners: Collection[str]) -> Select[Any]:
    """The observations of each set of measures whose targets are not all of one period."""
    v, o, i, s, p = _tables()
    t, a = table(Target, "t"), table(Target, "a")
    held: ColumnElement[Any] = case((t.c.id.is_not(None), t.c.period_id), else_=a.c.period_id)
    value: ColumnElement[Any] = case((t.c.id.is_not(None), t.c.value), else_=a.c.value)
    facts = (
        _facts(v, o, i, s, held, value, owners)
        .join(p, p.c.id == o.c.period_id)
        .outerjoin(t, and_(_of(t, o), t.c.period_id == o.c.period_id, visible(t.c, v.c.revision)))
        .outerjoin(a, and_(_of(a, o), a.c.period_id == p.c.year_id, visible(a.c, v.c.revision)))
        .where(value.is_not(None))
    )
    return _mixing(facts)


def _bases(owners: Collection[str]) -> Select[Any]:
    """The observations with a figure of each set of measures whose figures are not all of one basis."""
    v, o, i, s, _ = _tables()
    known = or_(o.c.value.is_not(None), o.c.numerator.is_not(None))
    return _mixing(_facts(v, o, i, s, o.c.basis, o.c.value, owners).where(known))


def _tables() -> tuple[FromClause, ...]:
    facts = ((Observation, "o"), (Indicator, "i"), (Service, "s"), (Period, "p"))
    return (releases_in_force(), *(table(entity, alias) for entity, alias in facts))


def _facts(
    v: FromClause,
    o: FromClause,
    i: FromClause,
    s: FromClause,
    held: ColumnElement[Any],
    value: ColumnElement[Any],
    owners: Collection[str],
) -> Select[Any]:
    """Observations of some organisations, with what each holds in the column."""
    column = (o.c.organisation_id, i.c.measure_set, o.c.period_id)
    return (
        select(
            o.c.id,
            o.c.made_in,
            o.c.organisation_id.label("organisation"),
            s.c.slug.label("service"),
            o.c.period_id.label("period"),
            *(i.c[name] for name in ("key", "section", "measure_set")),
            i.c.position,
            held.label("held"),
            value.label("value"),
            func.min(held).over(partition_by=column).label("least"),
            func.max(held).over(partition_by=column).label("most"),
        )
        .select_from(o)
        .join(v, in_force(o, v))
        .join(i, and_(i.c.id == o.c.indicator_id, visible(i.c, v.c.revision)))
        .join(s, and_(s.c.id == o.c.service_id, visible(s.c, v.c.revision)))
        .where(o.c.organisation_id.in_(sorted(owners)))
    )


def _of(target: FromClause, o: FromClause) -> ColumnElement[bool]:
    return and_(target.c.indicator_id == o.c.indicator_id, target.c.service_id == o.c.service_id)


def _mixing(facts: Select[Any]) -> Select[Any]:
    f = facts.subquery("f")
    return select(f).where(f.c.least != f.c.most).order_by(f.c.organisation, f.c.period, f.c.position, f.c.id)
