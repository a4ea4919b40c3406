"""What a fact says in the words in which it is written: a row again, from its columns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, or_, select

from app.rules.vocabulary import Unit
from app.services.drafting import SubjectKey, columns, table
from app.services.references import chunks
from app.services.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import ColumnElement, RowMapping, Table
    from sqlalchemy.orm import Session

Said = dict[str, Any]
_DAYS = ("value", "amber_limit", "previous_value")
"""What is a day where its indicator's unit is one."""


class Record(NamedTuple):
    """A version of a fact as its body would state it."""

    id: int
    subject: SubjectKey
    version: int
    """The revision that made it; of a risk and its assessment the later one."""
    said: Said
    """Field by field: decimals and days as text, names of other facts by their natural keys."""


def record(
    session: Session, organisation_id: str, kind: str, subject_id: int, revision: int | None = None
) -> Record | None:
    """What a fact of an organisation says as it stands, or as of a revision; None where there is none."""
    return records(session, organisation_id, kind, [subject_id], revision).get(subject_id)


def records(
    session: Session,
    organisation_id: str,
    kind: str,
    subject_ids: Iterable[int],
    revision: int | None = None,
) -> dict[int, Record]:
    """What facts of one kind say, by their ids; one that there is no version of is missing."""
    asked = _Asked(session, organisation_id, revision)
    found = asked.read(kind, subject_ids)
    if kind == "risk_assessment":
        found = _with_risks(found, asked)
    if kind in {"target", "observation"}:
        found = _with_days(found, asked)
    return {each.id: each.record(kind) for each in found}


class _Found(NamedTuple):
    """A version of a fact, its natural key, and what its columns say under the names of a row."""

    id: int
    key: str
    version: int
    refers: Mapping[str, int]
    said: Said

    def record(self, kind: str) -> Record:
        """What a body of its kind would state."""
        said = {name: self.said[name] for name in ("organisation", *SOURCES[kind].row.columns())}
        return Record(self.id, SubjectKey(kind, self.key), self.version, said)


class _Asked(NamedTuple):
    """Whose facts are read, and as of which revision."""

    session: Session
    organisation_id: str
    revision: int | None

    def read(self, kind: str, ids: Iterable[int]) -> list[_Found]:
        """The versions of those facts."""
        rows = list(self._versions(kind, ids))
        names = self._keys({row[column] for row in rows for column in _references(kind)} - {None})
        return [_found(kind, row, names) for row in rows]

    def _versions(self, kind: str, ids: Iterable[int]) -> Iterator[RowMapping]:
        facts, subject = table(kind), table("subject").c
        for chunk in chunks(ids):
            query = select(subject.key.label("subject_key"), facts).where(
                subject.id == facts.c.id,
                facts.c.id.in_(chunk),
                facts.c.organisation_id == self.organisation_id,
                _holds(facts, self.revision),
            )
            yield from self.session.execute(query).mappings()

    def _keys(self, ids: Iterable[int]) -> dict[int, str]:
        subject = table("subject").c
        found: dict[int, str] = {}
        for chunk in chunks(ids):
            query = select(subject.id, subject.key).where(subject.id.in_(chunk))
            found.update((number, key) for number, key in self.session.execute(query))
        return found


def _holds(facts: Table, revision: int | None) -> ColumnElement[bool]:
    """Whether a version is the one that stands, or that stood at a revision."""
    if revision is None:
        return facts.c.replaced_in.is_(None)
    later = or_(facts.c.replaced_in.is_(None), facts.c.replaced_in > revision)
    return and_(facts.c.made_in <= revision, later)


@cache
def _references(kind: str) -> tuple[str, ...]:
    """The columns that hold another subject's id."""
    facts = table(kind).c
    return tuple(
        name
        for name in columns(kind)
        if any(key.target_fullname == "subject.id" for key in facts[name].foreign_keys)
    )


def _found(kind: str, row: RowMapping, keys: Mapping[int, str]) -> _Found:
    refers = {column: row[column] for column in _references(kind) if row[column] is not None}
    said: Said = {"organisation": row["organisation_id"]}
    for column in columns(kind):
        value = keys[refers[column]] if column in refers else row[column]
        said[column.removesuffix("_id")] = _plain(value)
    key = row["subject_key"]
    if kind in _SHAPES:
        said |= _SHAPES[kind](key, said)
    return _Found(row["id"], key, row["made_in"], refers, said)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column is of any type
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _with_risks(assessed: list[_Found], asked: _Asked) -> list[_Found]:
    """Assessments with what the risk itself says; the later of the two made what both say."""
    risks = {risk.id: risk for risk in asked.read("risk", {each.refers["risk_id"] for each in assessed})}
    together = ((each, risks.get(each.refers["risk_id"])) for each in assessed)
    return [
        each._replace(version=max(each.version, risk.version), said={**risk.said, **each.said})
        for each, risk in together
        if risk is not None
    ]


def _with_days(figures: list[_Found], asked: _Asked) -> list[_Found]:
    """Figures of measures whose unit is a date, as days."""
    measures = asked.read("indicator", {each.refers["indicator_id"] for each in figures})
    dated = {measure.id for measure in measures if measure.said["unit"] == Unit.date}
    for each in figures:
        if each.refers["indicator_id"] in dated:
            each.said.update({name: _as_day(each.said[name]) for name in _DAYS if each.said.get(name)})
    return figures


def _as_day(text: str) -> str:
    """A day of a day's number; what is the number of none stays as it is."""
    number = Decimal(text)
    if number % 1 or not 1 <= number <= date.max.toordinal():
        return text
    return date.fromordinal(int(number)).isoformat()


def _keyed(key: str, _: Said) -> Said:
    """A key of its own, which stands first in the natural key."""
    return {"key": key.partition("/")[0]}


def _note(key: str, said: Said) -> Said:
    return {"kind": key.partition("/")[0], "note_kind": said["kind"]}


def _printed(key: str, said: Said) -> Said:
    """What a printed figure is about, which only its natural key says."""
    field = said["field"].removeprefix("scorecard:")
    if field.startswith("budget_total:"):
        field = field.split(":", 2)[2]
    about = key.removesuffix(f"/{said['period']}/{field}/{said['place']}")
    kind, _, rest = about.partition("/")
    subject, _, service = rest.rpartition("/")
    return {"kind": kind, "subject": subject, "service": service, "field": field}


_SHAPES: Mapping[str, Callable[[str, Said], Said]] = {
    "scheme": lambda key, _: {"id": key},
    "action": lambda key, _: {"key": key},
    "budget_line": _keyed,
    "initiative": _keyed,
    "project": _keyed,
    "equality_group": lambda _, said: {"group": said["name"]},
    "profile_count": lambda _, said: {"count": said["headcount"]},
    "note": _note,
    "published_figure": _printed,
}
"""What a row says in another way than its columns."""
