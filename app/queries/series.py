"""The observations of an indicator in order of time, kinds of period apart, gaps kept as gaps."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from app.queries.listings import Filter
from app.queries.observations import OBSERVATIONS
from app.queries.projections import projections_of
from app.queries.scorecards.rows import every_row
from app.rules.coverage import covered
from app.rules.periods import PeriodKind, Span, parse_period
from app.rules.successions import REGULAR, succession

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from app.queries.columns import Row
    from app.queries.editions import Reading

_SHOWN = (
    "state",
    "outturn",
    "target",
    "status",
    "status_label",
    "status_colour",
    "direction_of_travel",
    "direction_basis",
    "baseline_period",
)
_FLAGS = ("provisional", "estimated", "revised")
_NO_OBSERVATION = {
    "gap": True,
    "reported_in": None,
    "covers": None,
    "observation_id": None,
    "href": None,
    **dict.fromkeys((*_SHOWN, *_FLAGS)),
    "projection": None,
}


class Window(NamedTuple):
    """The days that a point's period must end on or between; open where there is none."""

    since: date | None
    until: date | None

    def holds(self, span: Span) -> bool:
        """Whether a period ends within."""
        early = self.since is not None and span.end < self.since
        return not early and (self.until is None or span.end <= self.until)


class Kind(NamedTuple):
    """What sets one series of an indicator apart from another.

    `covers` is the kind of what its figures really cover, `reported_by` that of its points.
    """

    service: str
    covers: PeriodKind
    reported_by: PeriodKind
    basis: str


class Observed(NamedTuple):
    """An observation, what its figure really covers, and the period that is its place in the order."""

    row: Row
    covers: Span
    place: Span

    @property
    def kind(self) -> Kind:
        """The series that it belongs to."""
        return Kind(self.row["service"], self.covers.kind, self.place.kind, self.row["basis"])


def series_of(reading: Reading, indicator: Row, filters: Sequence[Filter], window: Window) -> Iterator[Row]:
    """The series of an indicator, by service and kind; those without a point in the window are left out."""
    wanted = (
        Filter("indicator_key", "in", (indicator["indicator_key"],)),  # copies are found by it
        Filter("indicator_id", "in", (indicator["id"],)),
        *filters,
    )
    every: dict[Kind, list[Observed]] = defaultdict(list)
    for row in every_row(reading, OBSERVATIONS, wanted):
        observed = _observed(row)
        every[observed.kind].append(observed)
    shown = {kind: [o for o in every[kind] if window.holds(o.place)] for kind in sorted(every)}
    projected = projections_of(reading, filter(None, map(_latest, shown.values())))
    for kind, within in shown.items():
        known = succession([observed.place for observed in every[kind]], *window)
        points = list(_points(within, known, projected))
        if points:
            yield {**kind._asdict(), "gaps_known": known is not None, "points": points}


def _observed(row: Row) -> Observed:
    """Periods that lie end to end have an order of their own; any other figure stands by its report's."""
    reported_in = parse_period(row["period"])
    covers = covered(row["period"], row["covers"], row["as_of"], row["basis"])
    by_itself = covers.kind in REGULAR or reported_in.kind not in REGULAR
    return Observed(row, covers, covers if by_itself else reported_in)


def _latest(observed: Sequence[Observed]) -> Row | None:
    """The last observation of a series that has an outturn."""
    having = [each for each in _in_order(observed) if each.row["outturn"] is not None]
    return having[-1].row if having else None


def _in_order(observed: Iterable[Observed]) -> list[Observed]:
    return sorted(observed, key=lambda o: (o.place.end, o.covers.end, o.row["period_end"], o.row["id"]))


def _points(
    observed: Iterable[Observed], known: Sequence[Span] | None, projected: Mapping[int, Row]
) -> Iterator[Row]:
    """The observations in order of time, and a gap for each period known of that has none."""
    at: dict[str, list[Observed]] = defaultdict(list)
    for each in _in_order(observed):
        at[each.place.id].append(each)
    places = known if known is not None else [each[0].place for each in at.values()]
    for place in places:
        for each in at[place.id]:
            yield _point(each, projected.get(each.row["id"]))
        if not at[place.id]:
            yield {**_when(place), **_NO_OBSERVATION}


def _point(observed: Observed, projection: Row | None) -> Row:
    row, covers = observed.row, observed.covers.id
    return {
        **_when(observed.place),
        "gap": False,
        "reported_in": row["period"],
        "covers": None if covers == observed.place.id else covers,
        "observation_id": row["id"],
        "href": f"/v1/observations/{row['id']}",
        **{name: row[name] for name in (*_SHOWN, *_FLAGS)},
        "projection": projection,
    }


def _when(place: Span) -> Row:
    return {
        "period": place.id,
        "label": place.label,
        "start": str(place.start),
        "end": str(place.end),
    }
