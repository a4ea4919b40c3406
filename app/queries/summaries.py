"""Observations counted by any of their words, with percentages over each group's total."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Select, cast, func, select

from app.queries.columns import Row, derived, fields, written
from app.queries.listings import Listing, Question, Shape, binds, conditions, rows_of
from app.rules.indicators import status_share

if TYPE_CHECKING:
    from app.queries.editions import Edition, Reading

STATUS_COLUMNS = ("status", "status_label")
GROUPS = ("organisation", "service", "period", "section", "measure_set", *STATUS_COLUMNS)
"""The columns that observations may be counted by."""


def counts(
    reading: Reading,
    listing: Listing,
    question: Question,
    groups: tuple[str, ...],
) -> list[Row]:
    """How many rows fall in each group; percent of those that differ from it in status only."""
    statement = _statement(listing, reading.edition, Shape.of(question), groups)
    found = reading.execute(statement, binds(question)).all()
    written_rows = written(
        (*fields(" ".join(groups)), *fields("count total", "number"), *fields("percent", "units")),
        found,
    )
    blank = dict.fromkeys(GROUPS)
    return [blank | row for row in written_rows]


@lru_cache(maxsize=64)
def _statement(listing: Listing, edition: Edition, shape: Shape, groups: tuple[str, ...]) -> Select[Any]:
    rows = rows_of(listing, edition, shape)
    columns = [rows.c[name] for name in groups]
    counted = (
        select(*columns, func.count().label("count"))
        .where(*conditions(rows.c, shape))
        .group_by(*columns)
        .subquery("c")
    )
    whole = [counted.c[name] for name in groups if name not in STATUS_COLUMNS]
    total = cast(func.sum(counted.c.count).over(partition_by=whole or None), BigInteger)
    totalled = select(counted, total.label("total")).subquery("t")
    places = {"part": "t.count", "whole": "t.total"}
    percent = derived("percent", status_share, places, edition.dialect)
    keys = [totalled.c[name] for name in groups]
    return select(*keys, totalled.c.count, totalled.c.total, percent).order_by(
        *(part for key in keys for part in (key.is_(None), key))
    )
