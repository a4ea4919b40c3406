"""Which observations change status from one scheme to another, and how many from what to what."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from app.entities import SchemeClause
from app.queries.columns import Row, chosen, derived, fields
from app.queries.listings import Listing, Question, Shape, binds, conditions, fenced, rows_of
from app.queries.observation_facts import DEAD_BANDS, gather_observations
from app.queries.observations import FIELDS, PLACES, compared, holds
from app.queries.visibility import table
from app.rules import indicators as rules
from app.rules.vocabulary import Status

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Subquery

    from app.queries.editions import Edition, Reading

_SHOWN = (
    *("id", "organisation", "service", "period", "indicator_id", "indicator_key", "indicator_code"),
    *("title", "section", "measure_set", "unit", "decimals", "polarity", "state"),
    *("outturn", "target", "target_variance"),
)
FLIP_FIELDS = (
    *(field for field in FIELDS if field.name in _SHOWN),
    *fields("from_scheme from_status from_label from_colour"),
    *fields("to_scheme to_status to_label to_colour"),
)


def _before(edition: Edition) -> Edition:
    """The edition that statuses change from: under another scheme, or under each council's own."""
    premises = edition.premises
    return edition.supposing(premises._replace(scheme=premises.against, against=None))


def _gather(edition: Edition) -> Select[Any]:
    return gather_observations(edition, beside=_before(edition))


def _derive(edition: Edition, g: Subquery) -> Subquery:
    """Both statuses beside one another, where they differ."""
    dialect = edition.dialect
    f = compared(g, dialect)
    before = PLACES | {name: f"f.from_{name}" for name in DEAD_BANDS}
    f = fenced(
        select(
            f,
            derived("met", rules.target_met, PLACES, dialect),
            derived("direction_of_travel", rules.direction_settled, PLACES, dialect),
            derived("from_direction", rules.direction_settled, before, dialect),
        )
    ).subquery("f")
    now, then = table(SchemeClause, "now"), table(SchemeClause, "before")
    places = PLACES | {"direction_of_travel": "f.from_direction"}
    status, before_status = (func.coalesce(c.c.code, Status.not_rated.value) for c in (now, then))
    answers: dict[str, ColumnElement[Any]] = {
        "outturn": derived("outturn", rules.outturn_rounded, PLACES, dialect),
        "target": derived("target", rules.target_rounded, PLACES, dialect),
        "target_variance": derived("target_variance", rules.target_variance, PLACES, dialect),
        "from_status": before_status.label("from_status"),
        "from_label": then.c.label.label("from_label"),
        "from_colour": then.c.colour.label("from_colour"),
        "to_scheme": f.c.scheme.label("to_scheme"),
        "to_status": status.label("to_status"),
        "to_label": now.c.label.label("to_label"),
        "to_colour": now.c.colour.label("to_colour"),
    }
    return (
        select(*chosen(FLIP_FIELDS, f, answers))
        .select_from(f)
        .outerjoin(now, holds(now, f, PLACES, edition))
        .outerjoin(then, holds(then, f, places, _before(edition), of="from_"))
        .where(status != before_status)
        .subquery("r")
    )


def flip_counts(reading: Reading, question: Question) -> list[Row]:
    """How many observations change from what status to what, most first."""
    found = reading.execute(_counted(reading.edition, Shape.of(question)), binds(question))
    return [dict(row) for row in found.mappings()]


@lru_cache(maxsize=64)
def _counted(edition: Edition, shape: Shape) -> Select[Any]:
    rows = rows_of(FLIPS, edition, shape).c
    change = (rows.from_status, rows.to_status)
    count = func.count().label("count")
    return (
        select(*change, count)
        .where(*conditions(rows, shape))
        .group_by(*change)
        .order_by(count.desc(), *change)
    )


FLIPS = Listing("flips", FLIP_FIELDS, gather=_gather, derive=_derive, choosy=True)
