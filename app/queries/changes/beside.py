"""What stands beside a change: the facts that the changed one names, by their natural keys, and its title."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select

from app.entities import Subject
from app.queries.changes.kinds import KINDS
from app.queries.visibility import table, visible
from app.rules.vocabulary import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.queries.changes.kinds import Kind
    from app.queries.changes.windows import Window
    from app.queries.columns import Row
    from app.queries.editions import Reading

Values = dict[str, Any]
_OWNERS = ("service_id", "risk_id", "subject_id", "indicator_id")
"""The columns by which a fact has its service and its title, of itself or of what it names."""
_DATED = frozenset({"target", "observation"})
_DAYS = frozenset({"value", "amber_limit", "previous_value"})
"""What is a day where its indicator's unit is one."""


class _Known(NamedTuple):
    """Another fact: its kind, its natural key and, where it was looked up, what it says."""

    kind: str
    key: str
    values: Values


class Beside:
    """The facts that some facts name."""

    def __init__(self, known: Mapping[int, _Known]) -> None:
        """Tell of facts by their ids."""
        self._known = known

    def key(self, number: int) -> str:
        """The natural key of a fact."""
        return self._known[number].key

    def shown(self, kind: Kind, number: int, values: Values) -> Row:
        """What tells a fact from others: key, title, service, period and measure, as far as it has them."""
        measure = number if kind.name == "indicator" else values.get("indicator_id")
        return {
            "key": self.key(number),
            "title": self._title(kind, values),
            "service": self._service(kind.name, number, values),
            "period": values.get("period_id"),
            "indicator_key": None if measure is None else self.key(measure),
        }

    def day(self, kind: Kind, values: Values, column: str, value: object) -> str | None:
        """A day of its number, where that is what the measure's values are."""
        if kind.name not in _DATED or column not in _DAYS or not isinstance(value, Decimal):
            return None
        measure = self._known[values["indicator_id"]].values
        whole = value == value.to_integral_value() and 1 <= value <= date.max.toordinal()
        return (
            date.fromordinal(int(value)).isoformat() if whole and measure.get("unit") == Unit.date else None
        )

    def _title(self, kind: Kind, values: Values) -> str | None:
        named = values.get("indicator_id") or (kind.title is None and values.get("risk_id"))
        if named:
            title: str | None = self._known[named].values.get("title")
            return title
        return None if kind.title is None else values.get(kind.title)

    def _service(self, kind: str, number: int, values: Values) -> str | None:
        """The slug of a fact's service, or of the service of what it is about."""
        if kind == "service":
            return self.key(number)
        if values.get("service_id") is not None:
            return self.key(values["service_id"])
        named = values.get("risk_id") or values.get("subject_id")
        if named is None or named not in self._known:
            return None
        other = self._known[named]
        return self._service(other.kind, named, other.values)


def beside(reading: Reading, kind: Kind, window: Window, versions: Iterable[Values]) -> Beside:
    """What is known of the facts that versions of a kind name, as they are at the end, else at the start."""
    listed = list(versions)
    known = _subjects(reading, {row[name] for row in listed for name in {"id", *kind.references}} - {None})
    asked: set[int] = set()
    while waiting := _owners(listed) - asked:
        asked |= waiting
        known = _subjects(reading, waiting - known.keys()) | known
        said = dict(_said(reading, window, known, waiting))
        known |= {number: known[number]._replace(values=values) for number, values in said.items()}
        listed = list(said.values())
    return Beside(known)


def _owners(versions: Iterable[Values]) -> set[int]:
    return {row[name] for row in versions for name in _OWNERS if row.get(name) is not None}


def _subjects(reading: Reading, ids: Iterable[int]) -> dict[int, _Known]:
    subject = table(Subject, "subject").c
    query = select(subject.id, subject.kind, subject.key).where(subject.id.in_(sorted(ids)))
    return {number: _Known(kind, key, {}) for number, kind, key in reading.execute(query)}


def _said(
    reading: Reading, window: Window, known: Mapping[int, _Known], ids: Iterable[int]
) -> Iterator[tuple[int, Values]]:
    """What facts said at the start, and then what they say at the end."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for number in ids:
        kinds[known[number].kind].append(number)
    for revision in dict.fromkeys((window.start, window.end)):
        for name, numbers in kinds.items():
            fact = KINDS[name].table
            query = select(fact).where(fact.c.id.in_(numbers), visible(fact.c, bindparam("revision")))
            for row in reading.execute(query, {"revision": revision}).mappings():
                yield row["id"], dict(row)
