"""What councils of `worlds` report, file by file, and its release."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.imports.reports import read_report
from app.services.drafting import table
from app.services.loading import load_report
from app.services.releases import publish_release
from tests.imports.examples import Cells, write_report
from tests.routers.worlds import (
    ASKED,
    BEFORE,
    NOW,
    PARTS,
    POSTS,
    QUARTERS,
    SERVICES,
    WHOLE,
    YEAR,
    Figures,
    Name,
    World,
    figures_of,
    is_told,
)

MOMENTS = (datetime(2012, 1, 9, 9, tzinfo=UTC), datetime(2012, 2, 9, 9, tzinfo=UTC))
"""When the two releases came out."""
BETWEEN = "2012-01-31"

MEASURES: dict[str, Cells] = {
    "staff": {"unit": "number", "nature": "stock", "decimals": "0"},
    "starters": {"unit": "number", "nature": "flow", "decimals": "0"},
    "leavers": {"unit": "number", "nature": "flow", "decimals": "0", "measure_set": "large"},
    "posts": {"unit": "fte", "nature": "stock", "decimals": "2"},
    "appraised": {"unit": "percent", "nature": "ratio", "decimals": "1", "calculation": "share"},
    "growth": {"unit": "percent", "nature": "ratio", "decimals": "1", "calculation": "growth"},
    "sick": {"unit": "days", "nature": "average", "decimals": "2", "calculation": "average"},
}
SILENT = "starters"
"""What no report comments on."""
TARGETS = {
    "staff": "40.5",
    "starters": "2.5",
    "leavers": "42.5",
    "posts": "18.25",
    "appraised": "60",
    "growth": "2",
    "sick": "2",
}


def publish_world(url: str, world: World, folder: Path) -> None:
    """Release a council twice into an empty database, at the same moments as any other."""
    migrate(url)
    engine = writing_engine(url)
    for again in (False, True):
        report = read_report(_report(folder / f"{again}", world, again=again))
        with Session(engine) as session, session.begin():
            loaded = load_report(session, report, "Recount")
            assert loaded.revision_id is not None
            publish_release(session, loaded.organisation_id, loaded.revision_id, note="Recount")
    with Session(engine) as session, session.begin():
        for name, column in (("release", "published_at"), ("revision", "made_at")):
            rows = table(name)
            for number, moment in zip(
                session.scalars(select(rows.c.id).order_by(rows.c.id)), MOMENTS, strict=True
            ):
                earlier = moment - timedelta(hours=1) if name == "revision" else moment
                session.execute(update(rows).where(rows.c.id == number).values({column: earlier}))
    engine.dispose()


def ledger_of(url: str) -> list[tuple[Any, ...]]:
    """All that a database's releases tell of counts."""
    engine = writing_engine(url)
    with Session(engine) as session:
        cells = table("published_cell")
        order = (cells.c.release_id, cells.c.subject_id, cells.c.field)
        rows = [tuple(row) for row in session.execute(select(*order, cells.c.value).order_by(*order))]
    engine.dispose()
    return rows


def _report(folder: Path, world: World, *, again: bool) -> Path:
    figures = figures_of(world, again=again)
    more: dict[str, list[Cells]] = {
        "services": [
            {"name": name, "parent": WHOLE, "kind": "service_area"} for name in ("Home Care", "Repairs")
        ],
        "schemes": [_scheme("large")],
        "scheme_clauses": [*_clauses("plan"), *_clauses("large")],
        "indicators": [_indicator(key, cells) for key, cells in MEASURES.items()],
        "observations": list(_observations(figures)),
        "targets": list(_targets(figures, again=again)),
        "comparators": list(_comparators(figures)),
        "notes": list(_notes()),
        "interventions": [
            {"indicator": "staff", "service": "repairs", "period": NOW, "level": "1", "reason": "Few"}
        ],
        "equalities": list(_groups(figures)),
        "published": list(_printed(figures_of(world, again=False))),
        "disclosure_policies": [{"counts": "equalities", "threshold": "10", "rounding": "5"}],
    }
    profiles, posts = list(_profiles(figures)), list(_posts(figures))
    more |= {"workforce_profiles": profiles[1:], "workforce_establishment": posts[1:]}
    first = {
        "scheme_clauses": {"position": "9"},
        "workforce_profiles": profiles[0],
        "workforce_establishment": posts[0],
        "equalities": {"group": "All asked", "position": "1", "responses": "164"},
    }
    return write_report(folder, more, **first)


def _scheme(name: str) -> Cells:
    return {
        "id": f"anyshire-{name}",
        "name": name,
        "measure_set": name,
        "effective_from": "2011-04-01",
        "variance_convention": "unsigned_relative",
    }


def _clauses(scheme: str) -> Iterator[Cells]:
    clauses = (
        ("no outturn", "no_data", "Grey", ""),
        ("no target", "no_target", "White", ""),
        ("met", "met", "Green", "1"),
        ("within 2% of target", "near", "Amber", "-0.5"),
        ("otherwise", "missed", "Red", "-1"),
    )
    for position, (condition, code, label, points) in enumerate(clauses, 1):
        yield {
            "scheme": f"anyshire-{scheme}",
            "position": str(position),
            "condition": condition,
            "code": code,
            "label": label,
            "points": points,
        }


def _indicator(key: str, cells: Cells) -> Cells:
    usual = {
        "key": key,
        "code": key,
        "title": f"Our {key}",
        "service": WHOLE,
        "measure_set": "plan",
        "polarity": "higher_is_better",
        "calculation": "given",
        "baseline": "previous_period",
        "workforce": "yes",
    }
    return usual | cells


def _measured(figures: Figures) -> Iterator[tuple[Cells, dict[str, Decimal]]]:
    """Each observation, and the counts that it states."""
    found: dict[Name, dict[str, Decimal]] = {}
    for (what, *about), figure in figures.items():
        if what == "observation":
            measure, service, period, column = about
            found.setdefault((measure, service, period), {})[column] = figure
    for (measure, service, period), counts in sorted(found.items()):
        yield {"indicator": measure, "service": service, "period": period}, counts


def _observations(figures: Figures) -> Iterator[Cells]:
    for about, counts in _measured(figures):
        stated = {name: str(figure) for name, figure in counts.items()}
        if about["indicator"] == "sick":
            stated["numerator"] = "100"
        earlier = {}
        if about["period"] == BEFORE and about["indicator"] in {"staff", "starters"}:
            earlier = {"previous_value": str(counts["value"] + 1), "previous_period": "2010-11-q4"}
        yield {**about, **stated, **earlier, "state": "reported"}


def _targets(figures: Figures, *, again: bool) -> Iterator[Cells]:
    for about, _ in _measured(figures):
        other = again and about["indicator"] == "sick"
        yield {**about, "kind": "value", "value": "9" if other else TARGETS[about["indicator"]]}


def _comparators(figures: Figures) -> Iterator[Cells]:
    for about, _ in _measured(figures):
        if about["indicator"] in {"staff", "leavers", "appraised"}:
            unit = MEASURES[about["indicator"]]["unit"]
            yield {**about, "kind": "neighbour", "name": "Otherton", "value": "17.25", "unit": unit}


def _notes() -> Iterator[Cells]:
    for measure, period in product(sorted(MEASURES.keys() - {SILENT}), (*QUARTERS, YEAR)):
        yield {
            "kind": "indicator",
            "subject": measure,
            "period": period,
            "note_kind": "commentary",
            "position": "1",
            "text": "As expected",
        }


def _profiles(figures: Figures) -> Iterator[Cells]:
    for name, figure in sorted(figures.items()):
        if name[0] == "profile" and len(name) > 3:
            _, service, period, dimension, category = name
            about = {"service": service, "period": period, "dimension": dimension, "category": category}
            yield {**about, "count": str(figure), "base": str(figures[name[:3]])}


def _posts(figures: Figures) -> Iterator[Cells]:
    for service in SERVICES:
        counts = {column: str(figures["posts", service, column]) for column in POSTS}
        yield {"service": service, "period": NOW, **counts}


def _groups(figures: Figures) -> Iterator[Cells]:
    """What a group said follows from who is in it, where neither is told."""
    names = [name for pair in ASKED.items() for name in pair]
    for position, name in enumerate(names, 2):
        count = figures["asked", name]
        hidden = Decimal() if is_told(count) else count
        yield {
            "indicator": "3002",
            "service": WHOLE,
            "period": NOW,
            "group": name,
            "position": str(position),
            "value": str(60 + hidden),
            "responses": str(count),
            "previous_value": str(58 + hidden),
        }


def _printed(figures: Figures) -> Iterator[Cells]:
    """What a document prints follows from the first counts, and differs from what is derived."""
    for about, counts in _measured(figures):
        wrong = 500 + next(iter(counts.values()))
        subject = about["indicator"]
        where = {"service": about["service"], "period": about["period"]}
        yield _figure("observation", subject, where, "outturn", wrong)
    for row in _profiles(figures):
        where = {"service": row["service"], "period": row["period"]}
        subject = f"{row['dimension']}/{row['category']}"
        yield _figure("workforce_profile", subject, where, "share", 500 + Decimal(row["count"]))
    for row in _posts(figures):
        where = {"service": row["service"], "period": row["period"]}
        total = 500 + Decimal(row["permanent"])
        yield _figure("workforce_establishment", row["service"], where, "establishment_total", total)
    for name in ASKED:
        where = {"service": WHOLE, "period": NOW}
        yield _figure("equality", f"3002/{name}", where, "variation", 500 + figures["asked", name])
    for service, field in product(PARTS, ("rating:plan", "rating:large", "status_count:Red")):
        yield _figure("scorecard", service, {"service": service, "period": NOW}, field, Decimal(77))


def _figure(kind: str, subject: str, where: Cells, field: str, printed: Decimal) -> Cells:
    return {
        "kind": kind,
        "subject": subject,
        **where,
        "field": field,
        "printed": str(printed),
        "place": "table",
        "finding_kind": "published_error",
        "reason": f"the document says {printed}" if kind != "scorecard" else "misprinted",
    }
