"""Publishing one service's period: what is new there is put before all other drafts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Row, delete, or_, select, update

from app.errors import Conflict
from app.services.drafting import table
from app.services.ownership import owners_of, services_below
from app.services.references import chunks
from app.services.versions import fact_kinds, make_revision, names_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session


class Scope(NamedTuple):
    """A service with those below it, and a period; a target for its whole year goes with it."""

    service_id: int
    period_id: str


class _Draft(NamedTuple):
    """A fact that is not yet public as it stands, or that is public and no longer stands."""

    kind: str
    id: int
    period: str | None
    stands: bool
    public: bool
    refers: tuple[int, ...]


def bring_forward(  # noqa: PLR0913 - a change's own parts, by name
    session: Session, organisation_id: str, since: int, scope: Scope, *, reason: str, actor: str
) -> int:
    """Put what is new of a service's period since a revision into one of its own, and give its number.

    All other drafts come after it, in one revision: what they said in between was never public, and stands
    in the audit alone. What a fact names comes along if it is not public yet. Raises Conflict where there
    is nothing new.
    """
    drafts = {draft.id: draft for draft in _drafts(session, organisation_id, since)}
    chosen = _with_named(drafts, _in_scope(session, drafts, scope))
    if not chosen:
        raise Conflict("Nothing of this service and period is waiting to be published.")
    forward = make_revision(session, organisation_id, reason, actor)
    _restamp(session, [drafts[number] for number in chosen], since, forward)
    if rest := [draft for number, draft in drafts.items() if number not in chosen]:
        later = make_revision(session, organisation_id, "Still in draft after a release of a part", actor)
        _restamp(session, rest, since, later)
    return forward


def _drafts(session: Session, organisation_id: str, since: int) -> Iterator[_Draft]:
    for kind in fact_kinds():
        facts = table(kind)
        refers = [column for column in facts.columns if names_subject(column)]
        period = facts.c.get("period_id")
        query = select(
            facts.c.id, facts.c.made_in, facts.c.replaced_in, *([] if period is None else [period]), *refers
        ).where(
            facts.c.organisation_id == organisation_id,
            or_(facts.c.made_in > since, facts.c.replaced_in > since),
        )
        versions: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in session.execute(query.order_by(facts.c.id, facts.c.made_in)):
            versions[row.id].append(row)
        for number, rows in versions.items():
            newest = rows[-1]
            yield _Draft(
                kind,
                number,
                None if period is None else newest.period_id,
                newest.replaced_in is None,
                rows[0].made_in <= since,
                tuple(name for name in newest[-len(refers) :] if name) if refers else (),
            )


def _in_scope(session: Session, drafts: Mapping[int, _Draft], scope: Scope) -> set[int]:
    periods = table("period").c
    year = session.scalar(select(periods.year_id).where(periods.id == scope.period_id))
    near = [
        draft
        for draft in drafts.values()
        if draft.period == scope.period_id or (draft.kind == "target" and draft.period == year)
    ]
    services = services_below(session, scope.service_id)
    owners = owners_of(session, [(draft.kind, draft.id) for draft in near])
    return {draft.id for draft in near if owners.get(draft.id) in services}


def _with_named(drafts: Mapping[int, _Draft], chosen: set[int]) -> set[int]:
    """What is chosen, and what that names, as far as it is not public yet."""
    found, waiting = set(chosen), list(chosen)
    while waiting:
        for name in drafts[waiting.pop()].refers:
            if name in drafts and name not in found and not drafts[name].public:
                found.add(name)
                waiting.append(name)
    return found


def _restamp(session: Session, drafts: Iterable[_Draft], since: int, revision: int) -> None:
    """Let drafts be made in one revision, each as it stands, without the versions in between."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for draft in drafts:
        kinds[draft.kind].append(draft.id)
    for kind, numbers in kinds.items():
        facts = table(kind)
        for chunk in chunks(numbers):
            theirs = facts.c.id.in_(chunk)
            session.execute(
                delete(facts).where(theirs, facts.c.made_in > since, facts.c.replaced_in.is_not(None))
            )
            ended = update(facts).where(theirs, facts.c.made_in <= since, facts.c.replaced_in > since)
            session.execute(ended.values(replaced_in=revision))
            made = update(facts).where(theirs, facts.c.made_in > since, facts.c.replaced_in.is_(None))
            session.execute(made.values(made_in=revision))
