"""Missed measures that a report does not comment on."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from app.entities import Indicator, Note, Observation
from app.queries.findings.found import About, Check, Finding, given, number_text
from app.queries.findings.lists import every_row
from app.queries.listings import Filter
from app.queries.observations import OBSERVATIONS
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules.vocabulary import FindingKind, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.queries.columns import Row
    from app.queries.editions import Reading


def misses_without_commentary(reading: Reading, printed: Mapping[int, Sequence[str]]) -> Iterator[Finding]:
    """Missed measures that a report says nothing of, where it comments on others in the period.

    A measure that the report prints as anything but missed is none, whatever the rule gives: there the
    status itself is found. `printed` gives the statuses in print by observation.
    """
    commented = _commented(reading)
    places = {(owner, period) for owner, period, _ in commented}
    owners = {owner for owner, _ in places}
    missed = Filter("status", "in", (Status.missed.value,))
    silent = [
        row
        for row in every_row(reading, OBSERVATIONS, owners, missed)
        if (row["organisation"], row["period"]) in places
        and (row["organisation"], row["period"], row["indicator_id"]) not in commented
        and all(text.casefold() == row["status_label"].casefold() for text in printed.get(row["id"], ()))
    ]
    made = _made(reading, [row["id"] for row in silent])
    for row in silent:
        yield _silent(row, made[row["id"]])


def _silent(row: Row, made_in: int) -> Finding:
    against = "with the target " + (_plain(row["target"]) or row["target_kind"].replace("_", " "))
    return Finding(
        fact=str(row["id"]),
        made_in=made_in,
        organisation=row["organisation"],
        service=row["service"],
        period=row["period"],
        subject=About("observation", row["id"], f"{row['indicator_key']}/{row['service']}/{row['period']}"),
        field="commentary",
        place="commentary",
        published=None,
        derived=row["status_label"],
        kind=FindingKind.suspicious,
        reason=f"missed, {_plain(row['outturn'])} {against}, and the report does not comment on it",
        check=Check.miss_without_commentary,
        inputs=given((name, row[name]) for name in ("outturn", "target", "target_kind", "status")),
    )


def _plain(decimal: str | None) -> str | None:
    return None if decimal is None else number_text(Fraction(decimal))


def _commented(reading: Reading) -> set[tuple[str, str, int]]:
    """Organisation, period and indicator of every commentary on an indicator."""
    v, note, i = releases_in_force(), table(Note, "note"), table(Indicator, "i")
    statement = (
        select(note.c.organisation_id, note.c.period_id, i.c.id)
        .join(v, in_force(note, v))
        .join(i, and_(i.c.id == note.c.subject_id, visible(i.c, v.c.revision)))
        .where(note.c.kind == "commentary")
        .distinct()
    )
    return {(owner, period, indicator) for owner, period, indicator in reading.execute(statement)}


def _made(reading: Reading, ids: Sequence[int]) -> dict[int, int]:
    """The revision that made each of some observations in force."""
    v, o = releases_in_force(), table(Observation, "o")
    statement = select(o.c.id, o.c.made_in).join(v, in_force(o, v)).where(o.c.id.in_(ids))
    return {row.id: row.made_in for row in reading.execute(statement)}
