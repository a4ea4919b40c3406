"""The flat database that Datasette serves: Outturn's answers as columns, and raw facts under a view."""

from __future__ import annotations

import math
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

import orjson

from app.queries.observations import FIELDS
from benchmarks.asgi import ask, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.national import Facts, Row

_STORED = {"units": "REAL", "measure": "REAL", "number": "INTEGER", "flag": "INTEGER"}
_FIGURES = {"value": 4, "numerator": 2, "denominator": 2}
_OF_TARGET = {"range_percent": 2, "amber_limit": 4, "amber_percent": 2}
_OF_SCHEME = ("exceeded_percent", "near_percent", "amber_limits", "knows_data_only")
_RAW = (
    *("id", "organisation", "period", "months", "months_elapsed"),
    *("polarity", "nature", "calculation", "data_only", *_FIGURES, "previous"),
    *("target_kind", "period_target", "year_target", *_OF_TARGET, "amber_strict"),
    *("scheme", *_OF_SCHEME),
)
_JUDGED = """
CREATE VIEW judged AS
WITH achieved AS (
  SELECT *,
    CASE
      WHEN numerator IS NULL THEN value
      WHEN calculation = 'share' THEN 100.0 * numerator / denominator
      WHEN calculation = 'average' THEN 1.0 * numerator / denominator
      WHEN calculation = 'growth' THEN 100.0 * (1.0 * numerator / denominator - 1)
      ELSE numerator - denominator
    END AS outturn,
    CASE
      WHEN period_target IS NOT NULL THEN period_target
      WHEN nature = 'flow' THEN year_target * months / 12.0
      WHEN nature = 'cumulative' THEN year_target * months_elapsed / 12.0
      ELSE year_target
    END AS target
  FROM facts
), compared AS (
  SELECT *,
    round(CASE polarity
      WHEN 'higher_is_better' THEN outturn - target
      WHEN 'lower_is_better' THEN target - outturn
      WHEN 'closest_to_target' THEN -abs(outturn - target)
    END, 6) AS gap,
    round(CASE polarity
      WHEN 'higher_is_better' THEN outturn - amber_limit
      WHEN 'lower_is_better' THEN amber_limit - outturn
    END, 6) AS beyond,
    round(outturn - previous, 6) AS change,
    target_kind IN ('reduction', 'increase', 'no_increase', 'no_decrease') AS of_baseline
  FROM achieved
), held AS (
  SELECT *,
    CASE target_kind
      WHEN 'reduction' THEN change < 0
      WHEN 'increase' THEN change > 0
      WHEN 'no_increase' THEN change <= 0
      WHEN 'no_decrease' THEN change >= 0
      WHEN 'limit' THEN gap > 0
      WHEN 'range' THEN round(abs(outturn - target) - abs(target) * range_percent / 100, 6) <= 0
      ELSE gap >= 0
    END AS met
  FROM compared
)
SELECT id, organisation, period,
  CASE
    WHEN scheme IS NULL THEN 'not_rated'
    WHEN knows_data_only AND data_only THEN 'data_only'
    WHEN outturn IS NULL THEN 'no_data'
    WHEN CASE WHEN of_baseline THEN previous ELSE target END IS NULL THEN 'no_target'
    WHEN gap > abs(target) * exceeded_percent / 100 THEN 'exceeded'
    WHEN met THEN 'met'
    WHEN gap >= -abs(target) * near_percent / 100 THEN 'near'
    WHEN amber_limits AND CASE
      WHEN amber_percent IS NOT NULL THEN gap >= -abs(target) * amber_percent / 100
      WHEN amber_strict THEN beyond > 0
      ELSE beyond >= 0
    END THEN 'near'
    WHEN met IS NULL THEN 'not_rated'
    ELSE 'missed'
  END AS status
FROM held
"""
_INDEXES = (
    "CREATE INDEX facts_period ON facts (period)",
    "CREATE INDEX facts_organisation_period ON facts (organisation, period)",
    "CREATE INDEX observations_period ON observations (period)",
    "CREATE INDEX observations_status ON observations (status)",
    "CREATE INDEX observations_status_variance ON observations (status, target_variance)",
)


class Mark(NamedTuple):
    """Where a page of observations by id starts: Outturn's cursor, and the id before it."""

    cursor: str
    after: int


def create_tables(flat: sqlite3.Connection) -> None:
    """Make the two tables, empty."""
    stored = ", ".join(
        f"{field.name} {_STORED.get(field.form, 'TEXT')}{' PRIMARY KEY' if field.name == 'id' else ''}"
        for field in FIELDS
    )
    flat.execute(f"CREATE TABLE observations ({stored})")
    rest = ", ".join(name for name in _RAW if name != "id")
    flat.execute(f"CREATE TABLE facts (id INTEGER PRIMARY KEY, {rest})")  # Datasette goes on from a text


def add_facts(flat: sqlite3.Connection, facts: Facts, spans: dict[str, Row]) -> None:
    """Add one council's raw facts, side by side."""
    marks = ", ".join("?" * len(_RAW))
    rows = (tuple(map(row.get, _RAW)) for row in _side_by_side(facts, spans))
    flat.executemany(f"INSERT INTO facts VALUES ({marks})", rows)  # noqa: S608 - no words of anybody's
    flat.commit()


def _side_by_side(facts: Facts, spans: dict[str, Row]) -> Iterator[Row]:
    """Each observation with all that its status depends on, decimals as floats."""
    tables = ("indicator", "scheme", "target", "observation")
    known = {row["id"]: row for table in tables for row in facts[table]}
    for observation in facts["observation"]:
        indicator, span = known[observation["indicator_id"]], spans[observation["period_id"]]
        own, yearly = known.get(observation["target_id"], {}), known.get(observation["year_target_id"], {})
        scheme, asked = known.get(indicator["scheme_id"], {}), own or yearly
        earlier = known.get(observation["earlier_id"], {})
        yield {
            **{name: indicator[name] for name in ("polarity", "nature", "calculation", "data_only")},
            **{name: span[name] for name in ("months", "months_elapsed")},
            **{name: scheme.get(name) for name in _OF_SCHEME},
            **{name: _decimal(observation, name, places) for name, places in _FIGURES.items()},
            **{name: _decimal(asked, name, places) for name, places in _OF_TARGET.items()},
            "id": observation["id"],
            "organisation": observation["organisation_id"],
            "period": observation["period_id"],
            "previous": _previous(observation, earlier, indicator, span),
            "target_kind": asked.get("kind"),
            "period_target": _decimal(own, "value", 4),
            "year_target": _decimal(yearly, "value", 4),
            "amber_strict": asked.get("amber_strict"),
            "scheme": scheme.get("slug"),
        }


def _decimal(row: Row, name: str, places: int) -> float | None:
    units = row.get(name)
    return None if units is None else units / 10**places


def _previous(observation: Row, earlier: Row, indicator: Row, span: Row) -> float | None:
    """The baseline, stored beside the figure as a spreadsheet has it."""
    if observation["previous_value"] is not None:
        return _decimal(observation, "previous_value", 4)
    before, n, d = (_decimal(earlier, name, places) for name, places in _FIGURES.items())
    if n is not None and d is not None:
        ratio = n / d if d else None
        before = {
            "share": ratio and 100 * n / d,
            "average": ratio,
            "growth": ratio and 100 * (ratio - 1),
        }.get(indicator["calculation"], n - d)
    if before is None or indicator["baseline"] != "share_of_last_year":
        return before
    gone = span["months_elapsed" if indicator["nature"] == "cumulative" else "months"]
    scale = 10 ** indicator["decimals"]
    rounded: float = math.floor(before * gone / 12 * scale + 0.5) / scale
    return rounded


async def add_answers(flat: sqlite3.Connection, outturn_url: str, limit: int) -> list[Mark]:
    """Add what Outturn answers for every observation, and the indexes; where each page ended."""
    names = [field.name for field in FIELDS]
    insert = f"INSERT INTO observations VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - as above
    marks: list[Mark] = []
    async with started(outturn_url) as app:
        cursor = ""
        while True:
            page = orjson.loads((await ask(app, f"/v1/observations?limit={limit}{cursor}")).body)
            flat.executemany(insert, ([item[name] for name in names] for item in page["items"]))
            if page["next_cursor"] is None:
                break
            marks.append(Mark(page["next_cursor"], page["items"][-1]["id"]))
            cursor = f"&cursor={page['next_cursor']}"
    for statement in (_JUDGED, *_INDEXES, "ANALYZE"):
        flat.execute(statement)
    flat.commit()
    return marks
