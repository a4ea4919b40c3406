"""Councils made up at random, released as facts, and read back from what anybody is answered."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from httpx import AsyncClient
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.errors import UnsafeRelease
from app.imports.indicators import IndicatorRow, ObservationRow
from app.imports.organisations import OrganisationRow, ReleaseRow, ServiceKind, ServiceRow
from app.imports.reports import Report
from app.imports.workforce import ProfileRow
from app.rules.vocabulary import Calculation, Nature, Polarity, State, Unit
from app.services.disclosure import Key, Policy, Tables
from app.services.loading import load_report
from app.services.releases import publish_release
from tests.queries.lists import Json
from tests.services.disclosure.attacker import Attacker, Name, Rules, Seen
from tests.services.disclosure.instances import ALL, Instance

PERIOD = "2011-12-q2"
PROFILES = "/v1/workforce-profiles"
Told = Mapping[Key, Decimal | None]
"""A number for each count, or nothing where it is withheld."""


class Attacked(NamedTuple):
    """A council by its id, and as many of its tables as it could release; whether one more was refused."""

    id: str
    tables: tuple[Tables, ...]
    policy: Policy
    refused: bool


def release_instance(url: str, name: str, instance: Instance, *, measured: bool = False) -> Attacked:
    """Release a council's tables one after another, until one is refused; what is refused stays drafted.

    How many people each service has may be `measured` besides.
    """
    released, refused = [], False
    engine = writing_engine(url)
    for number, tables in enumerate(instance.releases):
        with Session(engine) as session, session.begin():
            report = _report(name, tables)
            report = replace(report, **_measures(tables)) if measured else report
            revision = load_report(session, report, f"recount {number}").revision_id
        if revision is None:
            continue  # whoever left, another came in their place
        try:
            with Session(engine) as session, session.begin():
                publish_release(session, name, revision, note=f"recount {number}")
        except UnsafeRelease:
            refused = True
            break
        released.append(tables)
    engine.dispose()
    return Attacked(name, tuple(released), instance.policy, refused)


def _report(name: str, tables: Tables) -> Report:
    bases = [key for key in tables.counts if not key[1]]
    nested = (ALL, "") in bases
    order = sorted((service for service, _ in bases), key=lambda service: service != ALL)
    return Report(
        name=name,
        organisation=OrganisationRow(id=name, name=name, area_code="E09000001"),
        release=ReleaseRow(period=PERIOD, as_of=date(2011, 9, 30), note="recount"),
        services=tuple(
            ServiceRow(
                line=line,
                name=service,
                kind=ServiceKind.service_area,
                parent=ALL if nested and service != ALL else None,
            )
            for line, service in enumerate(order, 2)
        ),
        workforce_profiles=tuple(_rows(tables)),
    )


def _measures(tables: Tables) -> dict[str, Any]:
    """A measure of how many people each service has."""
    bases = [(key[0], Decimal(count)) for key, count in tables.counts.items() if not key[1]]
    measure = IndicatorRow(
        key="staff",
        title="Staff",
        service=bases[-1][0],
        measure_set="people",
        unit=Unit.number,
        decimals=0,
        polarity=Polarity.contextual,
        nature=Nature.stock,
        calculation=Calculation.given,
        workforce=True,
    )
    rows = (
        ObservationRow(
            line=line, indicator="staff", service=service, period=PERIOD, value=count, state=State.reported
        )
        for line, (service, count) in enumerate(bases, 2)
    )
    return {"indicators": (measure,), "observations": tuple(rows)}


def _rows(tables: Tables) -> Iterator[ProfileRow]:
    for line, ((service, group), count) in enumerate(tables.counts.items(), 2):
        if group:
            yield ProfileRow(
                line=line,
                service=service,
                period=PERIOD,
                dimension=group[0],
                category=group,
                count=Decimal(count),
                base=Decimal(tables.counts[service, ""]),
            )


async def public_answers(client: AsyncClient, council: str) -> list[Told]:
    """What each release of a council tells, oldest first: of lists and of CSV alike, in shares and counts."""
    asked = {"organisation": council, "sort": "published_at"}
    releases = (await client.get("/v1/releases", params=asked)).json()["items"]
    return [await _told(client, council, as_of=each["published_at"]) for each in releases]


async def _told(client: AsyncClient, council: str, **view: str) -> Told:
    asked = {"organisation": council, "limit": "1000", **view}
    rows: list[Json] = (await client.get(PROFILES, params=asked)).json()["items"]
    del asked["limit"]
    text = (await client.get(f"{PROFILES}.csv", params=asked)).text
    same = list(csv.DictReader(io.StringIO(text)))
    assert [_figures(row) for row in rows] == [_figures(row) for row in same]
    assert rows
    for row in rows:
        assert _figures(row)["share"] == _share(row)
        assert row["state"] == ("suppressed" if _share(row) is None else "reported")
    return told_of(rows)


async def measured_answers(client: AsyncClient, council: str) -> Told:
    """What is told now of how many people each service has."""
    asked = {"organisation": council, "limit": "1000"}
    rows = (await client.get("/v1/workforce-metrics", params=asked)).json()["items"]
    return {(row["service"], ""): None if row["value"] is None else Decimal(row["value"]) for row in rows}


def told_of(rows: list[Json]) -> Told:
    """Counts by service and group; of every base once, as all its rows have it."""
    told: dict[Key, Decimal | None] = {}
    for row in rows:
        figures = _figures(row)
        base = (row["service"], "")
        assert told.setdefault(base, figures["base"]) == figures["base"]
        told[row["service"], row["category"]] = figures["headcount"]
    return told


def _figures(row: Mapping[str, str | None]) -> dict[str, Decimal | None]:
    names = ("headcount", "base", "share")
    return {name: Decimal(text) if (text := row[name]) else None for name in names}


def _share(row: Json) -> Decimal | None:
    """The share that follows from what is told."""
    figures = _figures(row)
    part, whole = figures["headcount"], figures["base"]
    if part is None or not whole:
        return None
    return (100 * part / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def attack(attacked: Attacked, told: list[Told]) -> dict[Name, tuple[float, float]]:
    """What is worked back by somebody who is told, too, which counts were small all along."""
    policy, small = attacked.policy, set(attacked.tables[0].counts)
    releases = []
    for number, (tables, values) in enumerate(zip(attacked.tables, told, strict=True)):
        assert values.keys() == tables.counts.keys()
        small &= {key for key, count in tables.counts.items() if policy.units(count) <= policy.small.high}
        moves = [
            (base, int(change * policy.unit), cells, range(number)[since])
            for base, change, cells, since in tables.steps
        ]
        numbers = {key: None if figure is None else int(figure) for key, figure in values.items()}
        releases.append(Seen(numbers, tables.sums, moves, set(small)))
    return Attacker(releases, Rules(policy.rounding, policy.small, policy.unit)).broken(policy.width)


async def drafted_answers(client: AsyncClient, council: str, key: str) -> Told:
    """The facts of a council as they stand, for whoever may read them."""
    asked = {"organisation": council, "limit": "1000", "view": "draft"}
    answer = await client.get(PROFILES, params=asked, headers={"Authorization": f"Bearer {key}"})
    return told_of(answer.json()["items"])


def attack_facts(tables: Tables, facts: Told, policy: Policy) -> dict[Name, tuple[float, float]]:
    """What the same attacker works back where nothing but small counts is left out of the facts."""
    units = {key: policy.units(figure or 0) for key, figure in facts.items()}
    assert units == {key: policy.units(count) for key, count in tables.counts.items()}
    seen = {
        key: None if 1 <= count < policy.threshold * policy.unit else count for key, count in units.items()
    }
    rules = Rules(rounding=1, small=(1, policy.threshold * policy.unit - 1))
    return Attacker([Seen(seen, tables.sums)], rules).broken(policy.width)
