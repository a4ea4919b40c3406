"""The ledger of what each release tells of counts of people: added to when a release is made, for good."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, insert, not_, or_, select, update

from app.entities import DisclosurePolicy, PublishedCell
from app.errors import Fault, UnsafeRelease
from app.queries.visibility import table
from app.rules.vocabulary import Counts
from app.services import drafting
from app.services.counting import (
    Place,
    Snapshot,
    equalities,
    establishments,
    metrics,
    profiles,
    state_at,
)
from app.services.disclosure import Policy, Published, Step, UnsafeError, steps_between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.services.counting import State

Told = dict[Place, int | None]
"""What is told of each count; nothing of one that is withheld."""


class _Counts(NamedTuple):
    """The counts of one list, which have a policy of their own.

    Where they are `followed`, somebody may know by how much they moved from one period to the next, as of
    staff who stay. Otherwise only what a release says anew of the same period is held against the earlier.
    """

    list: Counts
    snapshots: Callable[[State], Iterator[Snapshot]]
    followed: bool


_LISTS = (
    _Counts(Counts.workforce_profiles, profiles, followed=True),
    _Counts(Counts.workforce_establishment, establishments, followed=True),
    _Counts(Counts.workforce_metrics, metrics, followed=False),
    _Counts(Counts.equalities, equalities, followed=False),
)


class _Entry(NamedTuple):
    """Counts, and what was told of them."""

    snapshot: Snapshot
    published: Published

    def is_of(self, snapshot: Snapshot) -> bool:
        """Whether these are the same counts."""
        mine, other = self.published.tables, snapshot.tables
        return (mine.counts, mine.sums) == (other.counts, other.sums)


@dataclass
class _Chain:
    """What was told of counts that somebody may hold against one another, oldest first."""

    periods: Sequence[str]
    entries: list[_Entry] = field(default_factory=list)

    def latest(self, period: str) -> _Entry | None:
        """What was told last of a period."""
        return next((each for each in reversed(self.entries) if each.snapshot.period == period), None)

    def add(self, snapshot: Snapshot, published: Published) -> _Entry:
        """Tell of counts."""
        self.entries.append(_Entry(snapshot, published))
        return self.entries[-1]

    def linked(self, snapshot: Snapshot) -> Snapshot:
        """Counts with how they moved since they were told last, and those of the periods beside them."""
        latest = {each.snapshot.period: place for place, each in enumerate(self.entries)}
        known = sorted({*latest, snapshot.period}, key=self.periods.index)
        own = known.index(snapshot.period)
        steps: list[Step] = []
        for period in known[max(own - 1, 0) : own + 2]:
            if period in latest:
                earlier = self.entries[latest[period]].published.tables
                steps += steps_between(earlier, snapshot.tables, snapshot.bases, latest[period])
        return replace(snapshot, tables=replace(snapshot.tables, steps=tuple(steps)))


class _Chains(defaultdict[object, _Chain]):
    """What was told of a list: one chain where counts are followed, else one for each year."""

    def __init__(self, counts: _Counts, periods: Sequence[str]) -> None:
        super().__init__(lambda: _Chain(periods))
        self.counts = counts

    def of(self, snapshot: Snapshot) -> _Chain:
        """The chain that counts belong to."""
        return self[snapshot.decimals, None if self.counts.followed else snapshot.period]


def enter_release(session: Session, organisation_id: str, release_id: int, revision_id: int) -> None:
    """Choose what a release tells of counts of people, and enter it; does not commit.

    Raises UnsafeRelease where no choice would keep them.
    """
    state = state_at(session, organisation_id, revision_id)
    lists = [(counts, list(counts.snapshots(state))) for counts in _LISTS]
    if not any(snapshots for _, snapshots in lists):
        return
    history = _history(state)
    told: Told = {}
    for counts, snapshots in lists:
        told |= _chosen(state, counts, snapshots, history)
    rows = [{"release_id": release_id, **place._asdict(), "value": value} for place, value in told.items()]
    session.execute(insert(PublishedCell), rows)


def forget_release(session: Session, release_id: int) -> None:
    """Take back what is entered of a release that nobody has seen."""
    cells = drafting.table("published_cell")
    session.execute(delete(cells).where(cells.c.release_id == release_id))


def _history(state: State) -> list[tuple[State, Told]]:
    """What an organisation's releases told, oldest first; one from before there was a ledger told nothing."""
    release, cell = drafting.table("release").c, drafting.table("published_cell").c
    theirs = (
        select(release.revision_id, cell.subject_id, cell.field, cell.value, release.id)
        .where(release.organisation_id == state.organisation_id, cell.release_id == release.id)
        .order_by(release.id)
    )
    found: dict[tuple[int, int], Told] = defaultdict(dict)
    for revision, subject, column, value, number in state.session.execute(theirs):
        found[number, revision][Place(subject, column)] = value
    return [
        (state_at(state.session, state.organisation_id, revision), told)
        for (_, revision), told in found.items()
    ]


def _chosen(
    state: State, counts: _Counts, snapshots: Sequence[Snapshot], history: Sequence[tuple[State, Told]]
) -> Told:
    """What is told of a list's counts after all that was told of them before."""
    chains = _Chains(counts, list(state.periods))
    for earlier, told in history if snapshots else ():
        _remember(chains, earlier, told)
    policy = _policy(state, counts)
    chosen: Told = {}
    for snapshot in snapshots:
        entry = _protected(state, chains, snapshot, replace(policy, places=snapshot.decimals))
        values = entry.published.values
        chosen |= {place: values[key] for key, places in snapshot.places.items() for place in places}
    return chosen


def _remember(chains: _Chains, state: State, told: Told) -> None:
    """Add what a release told, as far as it told something new."""
    policy = _policy(state, chains.counts)
    for snapshot in chains.counts.snapshots(state):
        chain = chains.of(snapshot)
        values = {key: told.get(places[0]) for key, places in snapshot.places.items()}
        before = chain.latest(snapshot.period)
        if before is None or not before.is_of(snapshot) or before.published.values != values:
            linked = chain.linked(snapshot)
            stated = replace(policy, places=snapshot.decimals)
            chain.add(linked, Published(linked.tables, stated, values))


def _protected(state: State, chains: _Chains, snapshot: Snapshot, policy: Policy) -> _Entry:
    """As was told before where nothing is new, or newly chosen."""
    from app.services.disclosure.protecting import protect  # noqa: PLC0415 - half a second that few releases need

    chain = chains.of(snapshot)
    before = chain.latest(snapshot.period)
    if before is not None and before.is_of(snapshot) and before.published.policy == policy:
        return before
    linked = chain.linked(snapshot)
    try:
        published = protect(linked.tables, policy, [each.published for each in chain.entries])
    except UnsafeError as error:
        shown = [*(each.snapshot for each in chain.entries), linked]
        unsafe = [place for number, key in error.cells for place in shown[number].places[key]]
        raise _refusal(state, chains.counts, unsafe) from error
    return chain.add(linked, published)


def _policy(state: State, counts: _Counts) -> Policy:
    """How an organisation keeps a list's counts from being told; the usual way, where it does not say."""
    stated = table(DisclosurePolicy, "stated")
    query = select(stated.c.threshold, stated.c.rounding).where(stated.c.counts == counts.list)
    found = state.rows(query, stated)
    return Policy(found[0].threshold, found[0].rounding) if found else Policy()


def _refusal(state: State, counts: _Counts, places: Sequence[Place]) -> UnsafeRelease:
    """The refusal of a release, which names what could be worked back."""
    subject = drafting.table("subject").c
    numbers = {place.subject_id for place in places}
    found = state.session.execute(select(subject.id, subject.key).where(subject.id.in_(numbers)))
    keys = {row.id: row.key for row in found}
    faults = [
        Fault("can_be_worked_back", f"{place.field} of {keys[place.subject_id]} in {counts.list}")
        for place in sorted(set(places))
    ]
    return UnsafeRelease(
        f"{len(faults)} counts of people could be worked back, whatever is withheld.", faults
    )


def enter_missing(session: Session) -> Iterator[str]:
    """Enter the newest releases from before there was a ledger, and tell which organisations' cannot be.

    Their counts of people stay withheld, all of them. Does not commit.
    """
    release, cell = drafting.table("release").c, drafting.table("published_cell").c
    newest = select(func.max(release.id)).group_by(release.organisation_id)
    entered = select(cell.release_id).where(cell.release_id == release.id).exists()
    found = select(release.organisation_id, release.id, release.revision_id).where(
        release.id.in_(newest), not_(entered), _has_counts(release.organisation_id)
    )
    releases = session.execute(found).all()
    for owner, number, revision in releases:
        try:
            enter_release(session, owner, number, revision)
        except UnsafeRelease:
            yield owner
    if not releases:
        return
    counted = drafting.table("change_count")
    session.execute(update(counted).values(value=counted.c.value + 1))


def _has_counts(owner: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an organisation may count anybody."""
    kinds = [drafting.table(name).c for name in ("profile_count", "establishment", "equality_group")]
    measure = drafting.table("indicator").c
    return or_(
        *(select(fact.id).where(fact.organisation_id == owner).exists() for fact in kinds),
        select(measure.id).where(measure.organisation_id == owner, measure.workforce).exists(),
    )
