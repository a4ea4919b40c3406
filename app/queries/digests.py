"""What went wrong in a period, portfolio by portfolio: what members are told, and nothing is stored of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, Subquery, func, literal_column, select, union_all

from app.db.moments import instant_text
from app.entities import (
    BudgetLine,
    Establishment,
    HeatMapCell,
    Indicator,
    Initiative,
    Intervention,
    Note,
    Observation,
    Period,
    ProfileCount,
    Project,
    Release,
    RiskAssessment,
    Target,
)
from app.queries import listings
from app.queries.actions import ACTIONS_LIST
from app.queries.budgets import BUDGET_VARIANCES
from app.queries.columns import fields
from app.queries.listings import Filter, Listing
from app.queries.observations import OBSERVATIONS
from app.queries.organisations import ORGANISATIONS, SERVICES
from app.queries.risks import RISKS
from app.queries.scorecards.exceptions import exceptions, top_bands_of
from app.queries.scorecards.figures import linked_row
from app.queries.scorecards.measures import measure
from app.queries.scorecards.rows import Rows, every_row
from app.queries.scorecards.subjects import periods_by_service, scorecard_rows
from app.queries.transitions import Standing, Transition, by_measure, standings, transitions_of
from app.queries.visibility import NOW, in_force, releases_in_force, table
from app.rules.scorecards import Reported, period_reported_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlmodel import SQLModel

    from app.queries.columns import Row
    from app.queries.editions import Edition, Reading

ADDRESS = "/v1/digests/"
NEWEST = "latest"
"""What stands for the newest period of an organisation."""
FIELDS = (
    *fields("id organisation period period_label"),
    *fields("period_start period_end", "date"),
    *fields("services", "number"),
    *fields("href"),
)
_PORTFOLIO = "portfolio"
_OF_PERIODS: tuple[type[SQLModel], ...] = (
    Observation,
    Target,
    BudgetLine,
    RiskAssessment,
    Establishment,
    ProfileCount,
    HeatMapCell,
    Initiative,
    Project,
    Intervention,
    Note,
)
_WORST_FIRST = ("overspends", "high_risks", "overdue_actions")


class _Period(NamedTuple):
    """All that an organisation reports of a period and of the one before it."""

    rows: Rows
    transitions: dict[int, Transition]
    compared: bool


def digest(reading: Reading, organisation: str, period: str) -> Row | None:
    """What went wrong in a period of an organisation; None where it reports nothing of it.

    A portfolio is a service of that kind with those below it or, above and beside these, a service at the
    top of the tree. A fixed number of statements, however many rows and services there are.
    """
    theirs = (Filter("organisation", "in", (organisation,)),)
    reported = periods_by_service(reading, organisation)
    reporting = {service for service, periods in reported.items() if any(p.id == period for p in periods)}
    found = listings.one(reading, ORGANISATIONS, organisation)
    if not reporting or not isinstance(found, dict):
        return None
    stated = _stated(reading, period)
    whole = _period(reading, theirs, stated, reported)
    portfolios = portfolios_of(every_row(reading, SERVICES, theirs), reporting)
    return {
        "id": f"{organisation}/{period}",
        "href": f"{ADDRESS}{organisation}/{period}",
        **_about(found, stated),
        "compared_with": stated["previous"] if whole.compared else None,
        "portfolios": [
            _portfolio(reading, f"{organisation}/{period}", service, below, whole)
            for service, below in portfolios
        ],
    }


def newest_digest(reading: Reading, organisation: str) -> Row | None:
    """The digest of the newest period that an organisation reports; None where it reports none."""
    reported = periods_by_service(reading, organisation)
    periods = [(p.end, p.start, p.id) for theirs in reported.values() for p in theirs]
    return digest(reading, organisation, max(periods)[-1]) if periods else None


def newest_digests(reading: Reading, organisations: Sequence[str], most: int) -> list[Row]:
    """The digests of some organisations, or of all where none is named, the newest periods first."""
    theirs = (Filter("organisation", "in", tuple(organisations)),) if organisations else ()
    rows = every_row(reading, DIGESTS, theirs)
    rows.sort(key=lambda row: row["id"])
    rows.sort(key=lambda row: (row["period_end"], row["period_start"]), reverse=True)
    found = (digest(reading, row["organisation"], row["period"]) for row in rows[:most])
    return [each for each in found if each is not None]


def published_by_period(reading: Reading, organisations: Collection[str]) -> dict[tuple[str, str], str]:
    """When the facts of some organisations' periods came to be public as they are: a release's instant.

    What they are judged by may be newer.
    """
    return {
        (owner, period): instant_text(moment)
        for owner, period, moment in reading.execute(_first_published(organisations))
    }


def portfolios_of(services: Iterable[Row], reporting: Iterable[str]) -> list[tuple[Row, list[str]]]:
    """The portfolios that some services belong to, each with those of them; in the order of the report."""
    by_slug = {row["service"]: row for row in services}
    found: dict[int, list[str]] = {}
    for slug in sorted(reporting, key=lambda slug: int(by_slug[slug]["id"])):
        found.setdefault(_above(by_slug, slug)["id"], []).append(slug)
    by_id = {row["id"]: row for row in by_slug.values()}
    return [(by_id[number], found[number]) for number in sorted(found)]


def _above(services: Mapping[str, Row], slug: str) -> Row:
    """The nearest portfolio at or above a service, or else the one at the top."""
    service, passed = services[slug], {slug}
    while service["kind"] != _PORTFOLIO and service["parent"] in services and service["parent"] not in passed:
        service = services[service["parent"]]
        passed.add(service["service"])
    return service


def _stated(reading: Reading, period: str) -> Row:
    """A period that is reported, with the name of the one before it."""
    p = table(Period, "p")
    names = (p.c.id, p.c.label, p.c.start, p.c.end, p.c.previous_id.label("previous"))
    row = reading.execute(select(*names).where(p.c.id == period)).mappings().one()
    return {**row, "start": row["start"].isoformat(), "end": row["end"].isoformat()}


def _about(organisation: Row, period: Row) -> Row:
    names = ("id", "name", "area_code")
    release = {
        "id": organisation["release"],
        "note": organisation["release_note"],
        "as_of": organisation["as_of"],
    }
    return {
        "organisation": {
            **{name: organisation[name] for name in names},
            "href": f"/v1/organisations/{organisation['id']}",
        },
        "period": {
            **{name: period[name] for name in ("id", "label", "start", "end")},
            "href": f"/v1/periods/{period['id']}",
        },
        "release": None if organisation["release"] is None else release,
    }


def _period(
    reading: Reading, theirs: tuple[Filter, ...], period: Row, reported: Mapping[str, Sequence[Reported]]
) -> _Period:
    of_period = (*theirs, Filter("period", "in", (period["id"],)))
    places = _places(reading, theirs)
    measures = every_row(reading, OBSERVATIONS, of_period)
    measures.sort(key=lambda row: (places[row["indicator_id"]], row["id"]))
    empty = Rows(*([] for _ in Rows._fields))
    rows = empty._replace(
        measures=measures,
        lines=every_row(reading, BUDGET_VARIANCES, of_period),
        risks=every_row(reading, RISKS, of_period),
        actions=_actions(reading, theirs, period["id"], reported),
    )
    before = {}
    if period["previous"] is not None:
        before = by_measure(standings(reading, theirs[0].values[0], period["previous"]).values())
    pairs = [
        Transition(old[-1], Standing._make(row[name] for name in Standing._fields))
        for row in measures
        if (old := before.get((row["indicator_id"], row["service"])))
    ]
    return _Period(rows, {pair.after.id: pair for pair in pairs}, bool(before))


def _places(reading: Reading, theirs: tuple[Filter, ...]) -> dict[int, int]:
    """The place of each indicator in its report."""
    v, i = releases_in_force(), table(Indicator, "i")
    owner = i.c.organisation_id == theirs[0].values[0]
    statement = select(i.c.id, i.c.position).join(v, in_force(i, v)).where(owner)
    return {row.id: row.position for row in reading.execute(statement)}


def _actions(
    reading: Reading, theirs: tuple[Filter, ...], period: str, reported: Mapping[str, Sequence[Reported]]
) -> list[Row]:
    """Actions whose date stands under the period, as on scorecards."""
    return [
        row
        for row in every_row(reading, ACTIONS_LIST, theirs)
        if period_reported_on(date.fromisoformat(row["as_of"]), reported.get(row["service"], ())) == period
    ]


def _portfolio(reading: Reading, within: str, service: Row, below: Sequence[str], whole: _Period) -> Row:
    """What went wrong in a portfolio, each list in the order of a scorecard's."""
    rows = Rows._make([row for row in part if row["service"] in below] for part in whole.rows)
    found = exceptions(rows, top_bands_of(reading.edition, service["organisation"]))
    of_measures = {row["id"]: row for row in rows.measures}
    pairs = [whole.transitions[number] for number in of_measures if number in whole.transitions]
    changed = transitions_of(pairs)
    return {
        "id": f"{within}/{service['service']}",
        "service": linked_row(service, "services", "service", "name", "kind", "lead", "parent"),
        "services": list(below),
        "measures": len(rows.measures),
        "missed": found["missed"],
        "became_missed": [_changed(pair, of_measures) for pair in changed.became_missed],
        "recovered": [_changed(pair, of_measures) for pair in changed.recovered],
        **{name: found[name] for name in _WORST_FIRST},
    }


def _changed(pair: Transition, rows: Mapping[int, Row]) -> Row:
    before = pair.before
    return {
        **measure(rows[pair.after.id]),
        "status_before": before.status,
        "status_label_before": before.status_label,
    }


def _digests(edition: Edition) -> Subquery:
    """Every organisation and period that anything is reported of."""
    card = scorecard_rows(edition).c
    keys = (card.organisation, card.period, card.period_label, card.period_start, card.period_end)
    row_id = card.organisation + "/" + card.period
    return (
        select(
            row_id.label("id"),
            *keys,
            func.count().label("services"),
            (literal_column(f"'{ADDRESS}'") + row_id).label("href"),
        )
        .group_by(*keys)
        .subquery("d")
    )


def _first_published(organisations: Collection[str]) -> Select[Any]:
    """For each organisation and period the first release that has its newest facts."""
    v, release = releases_in_force(), table(Release, "told")
    parts = []
    for entity in _OF_PERIODS:
        fact = table(entity, "fact")
        facts = select(fact.c.organisation_id, fact.c.period_id, fact.c.made_in).join(v, in_force(fact, v))
        parts.append(facts.where(fact.c.organisation_id.in_(organisations)))
    every = union_all(*parts).subquery("every")
    keys = (every.c.organisation_id, every.c.period_id)
    newest = select(*keys, func.max(every.c.made_in).label("made_in")).group_by(*keys).subquery("newest")
    return (
        select(newest.c.organisation_id, newest.c.period_id, func.min(release.c.published_at))
        .join(release, release.c.organisation_id == newest.c.organisation_id)
        .where(release.c.revision_id >= newest.c.made_in, release.c.published_at <= NOW)
        .group_by(newest.c.organisation_id, newest.c.period_id)
    )


DIGESTS = Listing("digests", FIELDS, _digests)
