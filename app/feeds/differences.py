"""What changed, in lines: statuses first and then fact by fact, for a terminal or for scripts."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

import orjson

from app.queries.changes.cells import cells
from app.queries.changes.found import Scope
from app.queries.changes.whole import every_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.queries.changes.windows import Released, Window
    from app.queries.columns import Row
    from app.queries.editions import Editions, Reading

_TURNS = {"became_missed": "Became missed", "recovered": "Recovered", "other": "Other changes of status"}
_LONGEST = 100
"""How much of a text is shown in a line."""


def lines(editions: Editions, reading: Reading, windows: Iterable[Window]) -> Iterator[str]:
    """What changed in each organisation, to be read."""
    for window in windows:
        yield f"{window.organisation}: from {_state(window.before)} to {_end(window)}"
        differing = False
        for line in chain(
            _status_lines(every_turn(editions, reading, window, Scope())),
            _cell_lines(cells(reading, [window], Scope())),
        ):
            differing = True
            yield line
        if not differing:
            yield "  Nothing differs"


def records(editions: Editions, reading: Reading, windows: Iterable[Window]) -> Iterator[str]:
    """The same as JSON, a line for each status and each cell, as the lists of the service have them."""
    for window in windows:
        for row in chain(every_turn(editions, reading, window, Scope()), cells(reading, [window], Scope())):
            yield orjson.dumps(row).decode()


def _end(window: Window) -> str:
    return "drafts" if window.drafts is not None else _state(window.after)


def _state(release: Released | None) -> str:
    if release is None:
        return "nothing"
    return f"release {release.id} of {release.published_at:%Y-%m-%d %H:%M} UTC"


def _status_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Statuses that changed: what became missed, what recovered, and the rest."""
    listed = list(rows)
    for turn, heading in _TURNS.items():
        theirs = [row for row in listed if row["transition"] == turn]
        if theirs:
            yield f"  {heading}: {len(theirs)}"
        for row in theirs:
            before, after = row["before"], row["after"]
            earlier = "" if before["period"] == after["period"] else f" in {before['period']}"
            yield (
                f"    {row['indicator_key']} {row['title']}, {row['service']}, {row['period']}: "
                f"{_status(before)}{earlier} → {_status(after)}"
            )


def _cell_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Cells that changed, fact by fact, each with what brought it where that is another than before."""
    brought: object = None
    for _, of_fact in groupby(rows, key=lambda row: (row["kind"], row["id"], row["release"])):
        listed = list(of_fact)
        first = listed[0]
        if brought != (brought := (first["release"], first["reason"])):
            yield f"  {_brought(first)}"
        title = "" if first["title"] is None else f" ({_shown(first['title'])})"
        yield f"    {first['change']} {first['kind'].replace('_', ' ')} {first['key']}{title}"
        for row in listed:
            yield f"      {row['field']}: {_values(row)}"


def _values(row: Row) -> str:
    old, new = _shown(row["old"]), _shown(row["new"])
    return {"added": new, "retired": old}.get(row["change"], f"{old} → {new}")


def _brought(row: Row) -> str:
    what = "Draft" if row["release"] is None else f"Release {row['release']}"
    return f"{what}: {row['reason']}"


def _status(stood: Row) -> str:
    label = stood["status_label"]
    return stood["status"] if label is None else f"{stood['status']} ({label})"


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
