"""Why an action has its status on the date of its report, and what would change it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select

from app.entities import Scheme
from app.queries import listings
from app.queries.actions import ACTIONS_LIST
from app.queries.columns import fields
from app.queries.explanations.judgements import About, clauses_held, judged, scheme_used
from app.queries.explanations.parts import Steps, facts_of, not_derived, own_sources, subject_of
from app.queries.visibility import in_force, releases_in_force, table
from app.rules import schemes as rules
from app.rules.amounts import day, digits
from app.rules.judging import judge_action
from app.rules.line_sentences import action_sentence, first_day
from app.rules.schemes import ACTIONS
from app.rules.wording import LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.rules.judging import Clause, Judgement, Reach

_RAW = (
    *fields("progress", "units", 2),
    *fields("start_date due_date as_of", "date"),
    *fields("cancelled", "flag"),
)
_READ = (rules.PROGRESS, rules.START_DATE, rules.DUE_DATE, rules.AS_OF, rules.CANCELLED)
_STEPS = Steps((), ACTIONS_LIST, _READ)
_NO_SCHEME = "no scheme of its council judges actions on that date"
_NO_CLAUSE = "no clause of the scheme holds"


def explain_action(reading: Reading, row_id: int) -> Row | None:
    """An action's explanation; None where no release in force holds it."""
    row: Any = listings.one(reading, ACTIONS_LIST, row_id)
    if row is None:
        return None
    scheme = _scheme(reading, row)
    clauses = clauses_held(reading, None if scheme is None else scheme["id"])
    facts = facts_of(row, _RAW)
    by_progress = judge_action(clauses, facts)
    by_date = _to_come(judge_action(clauses, facts, "as_of"))
    told = _STEPS.derive(facts).told(by_progress.used)
    why = [_NO_SCHEME if scheme is None else _NO_CLAUSE]
    names = {column.name: column.name for column in _RAW}
    return {
        "subject": subject_of("action", row, "actions", row["title"]),
        "sentence": action_sentence(row["title"], facts, clauses, by_progress, by_date),
        "scheme": scheme,
        "judgements": [
            judged(about, judgement, clauses, facts)
            for about, judgement in ((_by_progress(clauses), by_progress), (_by_date(clauses), by_date))
            if clauses
        ],
        "steps": told.steps,
        "not_derived": [not_derived("status_label", why)] if by_progress.held is None else [],
        "operands": _STEPS.operands(told, own_sources("action", row, "actions", names)),
    }


def _to_come(judgement: Judgement) -> Judgement:
    """What time alone will bring, from the first whole day of it."""
    reaches = [r for r in judgement.reaches if r.distance > 0 and first_day(r) <= LAST_DAY]
    days = tuple(
        reach._replace(
            value=first_day(reach), included=True, distance=first_day(reach) - reach.value + reach.distance
        )
        for reach in reaches
    )
    return judgement._replace(reaches=days)


def _by_progress(clauses: Sequence[Clause]) -> About:
    def needs(reach: Reach) -> str:
        than = "" if reach.included else "more than " if reach.distance > 0 else "less than "
        return f"{clauses[reach.place].label} needs progress of {than}{digits(reach.value)}%"

    return About("as_of", "progress", "percent", needs)


def _by_date(clauses: Sequence[Clause]) -> About:
    def needs(reach: Reach) -> str:
        return f"{clauses[reach.place].label} as it stands from {day(reach.value)}"

    return About("as_of", "as_of", "date", needs, days=True)


def _scheme(reading: Reading, row: Row) -> Row | None:
    """The scheme that judges an action: its council's on that date, or the one that is supposed."""
    supposed = reading.edition.premises.scheme
    asked: dict[str, Any] = {"owner": row["organisation"], "as_of": date.fromisoformat(row["as_of"])}
    found = (
        reading.execute(_OWN, asked)
        if supposed is None
        else reading.execute(_SUPPOSED, {"scheme_id": supposed.id})
    )
    scheme = found.one_or_none()
    return None if scheme is None else scheme_used(*scheme)


def _schemes() -> tuple[Select[Any], Select[Any]]:
    v, sc = releases_in_force(), table(Scheme, "sc")
    names = ("id", "slug", "version", "name", "effective_from", "effective_to")
    schemes = select(*(sc.c[name] for name in names)).join(v, in_force(sc, v))
    owner: Any = bindparam("owner")
    as_of: Any = bindparam("as_of", type_=sc.c.effective_from.type)
    supposed: Any = bindparam("scheme_id")
    own = schemes.where(
        sc.c.organisation_id == owner,
        sc.c.measure_set == ACTIONS,
        sc.c.effective_from <= as_of,
        or_(sc.c.effective_to.is_(None), sc.c.effective_to >= as_of),
    )
    return own, schemes.where(sc.c.id == supposed)


_OWN, _SUPPOSED = _schemes()
