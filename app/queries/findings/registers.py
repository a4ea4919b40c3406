"""What a report counts twice: its heat map against its register, its profiles against their base."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, select

from app.entities import HeatMapCell, ProfileCount, Service
from app.queries.findings.found import About, Check, Finding, fact_text, given
from app.queries.findings.lists import every_row
from app.queries.risks import HEAT_MAP, RISKS
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules.vocabulary import FindingKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.queries.columns import Row
    from app.queries.editions import Reading

_Place = tuple[str, str, str]
"""Organisation, service and period."""


class HeatMap(NamedTuple):
    """A printed heat map: whose it is, the revision that states it, its cells, and those not borne out."""

    organisation: str
    made_in: int
    printed: int
    differing: tuple[Finding, ...]


def heat_maps(reading: Reading) -> Iterator[HeatMap]:
    """Every printed heat map, counted again from the register, by impact and probability."""
    stated = _stated(reading)
    owners = sorted({owner for owner, _, _ in stated})
    if not owners:
        return
    cells: dict[_Place, list[Row]] = defaultdict(list)
    codes: dict[tuple[_Place, int, int], list[str]] = defaultdict(list)
    for row in every_row(reading, HEAT_MAP, owners):
        cells[_place(row)].append(row)
    for row in every_row(reading, RISKS, owners):
        codes[_place(row), row["impact"], row["probability"]].append(row["code"])
    for where, (made_in, ids) in stated.items():
        mine = cells[where]
        least = min((row["rating"] for row in mine if row["registered"]), default=0)
        differing = tuple(
            _cell(row, least, made_in, ids, codes[where, row["impact"], row["probability"]])
            for row in mine
            if row["published"] != row["registered"]
        )
        yield HeatMap(where[0], made_in, len(mine), differing)


def _place(row: Row) -> _Place:
    return row["organisation"], row["service"], row["period"]


def _stated(reading: Reading) -> dict[_Place, tuple[int, dict[tuple[int, int], int]]]:
    """The revision that made each printed map, and the ids of its cells by impact and probability."""
    v, cell, s = releases_in_force(), table(HeatMapCell, "cell"), table(Service, "s")
    names = ("made_in", "id", "impact", "probability")
    statement = (
        select(cell.c.organisation_id, s.c.slug, cell.c.period_id, *(cell.c[name] for name in names))
        .join(v, in_force(cell, v))
        .join(s, and_(s.c.id == cell.c.service_id, visible(s.c, v.c.revision)))
        .order_by(cell.c.made_in, cell.c.id)
    )
    found: dict[_Place, tuple[int, dict[tuple[int, int], int]]] = {}
    for owner, slug, period, made_in, cell_id, impact, probability in reading.execute(statement):
        _, ids = found.setdefault((owner, slug, period), (made_in, {}))
        ids[impact, probability] = cell_id
    return found


def _cell(row: Row, least: int, made_in: int, ids: dict[tuple[int, int], int], codes: list[str]) -> Finding:
    key = f"{row['service']} {row['impact_label']} x {row['probability_label']}"
    kind, reason = FindingKind.inconsistent, "heat map and register disagree"
    if row["rating"] < least:
        kind = FindingKind.unknown_input
        reason = f"the register lists only risks rated {least} and above"
    elif not row["registered"]:
        reason = f"heat map and register disagree: the register has no risk rated {row['rating']} there"
    return Finding(
        fact=row["id"].removeprefix(f"{row['organisation']}/"),
        made_in=made_in,
        organisation=row["organisation"],
        service=row["service"],
        period=row["period"],
        subject=About("heat_map_cell", ids.get((row["impact"], row["probability"])), key),
        field="heat_map",
        place="heat map",
        published=None if row["published"] is None else str(row["published"]),
        derived=str(row["registered"]),
        kind=kind,
        reason=reason,
        check=Check.heat_map,
        inputs=given(
            [
                ("impact", row["impact"]),
                ("probability", row["probability"]),
                ("rating", row["rating"]),
                ("registered", row["registered"]),
                ("risks", ", ".join(codes) or None),
                ("least_rating_registered", least or None),
            ]
        ),
    )


def uneven_profiles(reading: Reading) -> Iterator[Finding]:
    """Categories of a dimension that do not add up to the base that the report states."""
    v, p, s = releases_in_force(), table(ProfileCount, "p"), table(Service, "s")
    about = (p.c.organisation_id, s.c.slug, p.c.period_id, p.c.dimension, p.c.base)
    total = func.sum(p.c.headcount)
    statement = (
        select(*about, func.max(p.c.made_in), func.count(), total)
        .join(v, in_force(p, v))
        .join(s, and_(s.c.id == p.c.service_id, visible(s.c, v.c.revision)))
        .group_by(*about)
        .having(total != p.c.base)
        .order_by(*about)
    )
    for owner, slug, period, dimension, base, made_in, rows, whole in reading.execute(statement):
        key = f"{slug}/{period}/{dimension}"
        stated, summed = fact_text(base), fact_text(whole)
        yield Finding(
            fact=key,
            made_in=made_in,
            organisation=owner,
            service=slug,
            period=period,
            subject=About("profile", None, key),
            field="base",
            place="profile",
            published=stated,
            derived=summed,
            kind=FindingKind.suspicious,
            reason=f"the categories of {dimension} add up to {summed}, and the report states {stated} in all",
            check=Check.profile_base,
            inputs=given([("categories", rows), ("sum", whole), ("base", base)]),
        )
