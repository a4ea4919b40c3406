"""What every explanation is made of: operands with their sources, steps, and the clauses of a scheme."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from app.queries.columns import decimal_text
from app.queries.told import people_counted
from app.rules.evaluation import half_up, reader
from app.rules.explaining import Explainer
from app.rules.line_sentences import COUNTS_AS_TOLD
from app.rules.nodes import Operand, Rounded, operands, substituted
from app.rules.wording import LAST_DAY, Spoken, called, decimal, rounding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.queries.columns import Field, Row
    from app.queries.editions import Reading
    from app.queries.listings import Listing
    from app.rules.evaluation import Answer
    from app.rules.explaining import Explained, Followed
    from app.rules.phrases import Trial
    from app.rules.tracing import Step

    Facts = Mapping[str, Answer]

PLACES = 12
"""How many places an unrounded number is written with."""


class Source(NamedTuple):
    """Where a fact stands: the kind of row, its id and address, the field in it, and for when."""

    kind: str
    id: int | str | None = None
    field: str | None = None
    period: str | None = None
    href: str | None = None

    def row(self) -> Row:
        """It in wire form, any id as text."""
        return {**self._asdict(), "id": None if self.id is None else str(self.id)}


def as_told(reading: Reading, row_id: int, sentence: str) -> str:
    """A sentence on a row, which says so where it counts people and is read as releases tell it."""
    return f"{sentence} {COUNTS_AS_TOLD}" if people_counted(reading, [row_id]) else sentence


class Told(NamedTuple):
    """What followed from some facts: all that is known, each step, the fields without an answer, and why.

    `used` names what the steps that are shown were read from.
    """

    facts: Facts
    steps: list[Row]
    not_derived: list[Row]
    used: set[str]


class Derived(NamedTuple):
    """All that is known, raw and derived, and how each step came to its answer."""

    facts: dict[str, Answer]
    steps: Sequence[tuple[_Ready, Followed]]

    def lacking(self, field: str) -> tuple[str, ...]:
        """Why a field has no answer; nothing where it has one."""
        return next(how.lacking() for step, how in self.steps if step.field == field)

    def told(self, used: Iterable[str] = ()) -> Told:
        """The steps as they are shown; `used` names what else was read from the facts and is shown.

        A step that no list shows, and that nothing shown was read from, says nothing.
        """
        needed = set(used)
        steps: list[Row] = []
        missing: list[Row] = []
        spoken = Spoken(self.facts)
        for step, how in reversed(self.steps):
            if how.answer is None:
                if step.column is not None:
                    missing.append(not_derived(step.field, how.lacking()))
            elif step.column is not None or step.field in needed:
                explained = how.told(spoken)
                needed |= explained.used
                steps.append(step.row(explained, self.facts))
        return Told(self.facts, steps[::-1], missing[::-1], needed)


class Steps:
    """Rules in the order in which they follow from one another, made ready to be explained."""

    def __init__(self, steps: Iterable[Step], listing: Listing, read: Iterable[Operand] = ()) -> None:
        """Know how the list that shows their answers writes them, and what else is read from the facts."""
        self._steps = [_Ready(step, listing.names.get(step.field)) for step in steps]
        known = [*(operand for step in self._steps for operand in operands(step.tree)), *read]
        self._labels = {operand.name: called(operand) for operand in known}
        self._days = {operand.name for operand in known if operand.kind.name == "day"}

    def derive(self, facts: dict[str, Answer]) -> Derived:
        """Each field in turn, a fact from then on."""
        return Derived(facts, [(step, step.follow(facts)) for step in self._steps])

    def operands(self, told: Told, sources: Mapping[str, Source]) -> list[Row]:
        """The raw facts that the answers rest on, each with where it stands."""
        return [
            {
                "name": name,
                "label": self._labels.get(name) or name.replace("_", " "),
                **written(told.facts[name], day=name in self._days),
                "source": source.row(),
            }
            for name, source in sources.items()
            if name in told.used
        ]


class _Ready:
    """A step made ready: its tree by the names of the facts that it is read from, and how it is shown."""

    def __init__(self, step: Step, column: Field | None) -> None:
        given = {
            o.name: Operand(step.given[o.name], o.kind) for o in step.rule.operands if o.name in step.given
        }
        self.field, self.column = step.field, column
        self.rule, self.version = step.rule.name, step.rule.version
        self.tree = substituted(step.rule.tree, given)
        self._explainer = Explainer(self.tree)
        self._shown = None if step.shown is None else step.shown.tree
        if step.shown is not None and isinstance(self._shown, Rounded):
            self._value, *self._given = (operand.name for operand in step.shown.operands)
            self._round, self._places = step.shown.read, reader(self._shown.places)

    def follow(self, facts: dict[str, Answer]) -> Followed:
        """How it comes to its answer, which is a fact from then on."""
        followed = self._explainer.follow(facts)
        facts[self.field] = followed.answer
        return followed

    def row(self, explained: Explained, facts: Facts) -> Row:
        """The step in wire form."""
        answer, said = explained.answer, explained.rounding
        if isinstance(self._shown, Rounded):
            answer = self._round({self._value: answer, **{name: facts[name] for name in self._given}})
            said = rounding(self._shown, self._places(facts))
        exact = explained.exact if isinstance(explained.exact, Fraction) else None
        return {
            "field": self.field,
            "rule": self.rule,
            "version": self.version,
            "formula": explained.formula,
            "filled": explained.filled,
            "tried": [tried(trial) for trial in explained.trials],
            "exact": None if exact is None else str(exact),
            "unrounded": None if exact is None else _to_places(exact),
            "rounding": said,
            "answer": self._answer(answer, facts),
            "kind": kind_of(answer),
        }

    def _answer(self, answer: Answer, facts: Facts) -> str | None:
        """An answer as its list writes it, or else in full."""
        if not isinstance(answer, Fraction) or self.column is None or self.column.form == "text":
            text: str | None = written(answer)["value"]
            return text
        places, shown = self.column.places, None
        if self.column.form == "measure":
            decimals = facts["decimals"]
            shown = int(decimals) if isinstance(decimals, Fraction) else None
        return decimal_text(int(answer * 10**places), places, shown)


def subject_of(kind: str, row: Row, href: str, title: str) -> Row:
    """The row that is explained, in wire form."""
    return {
        "kind": kind,
        "id": row["id"],
        "href": f"/v1/{href}/{row['id']}",
        "organisation": row["organisation"],
        "service": row["service"],
        "period": row.get("period"),
        "title": title,
    }


def own_sources(kind: str, row: Row, href: str, names: Mapping[str, str]) -> dict[str, Source]:
    """Facts that stand in the row itself, by the fields that hold them."""
    own = Source(kind, row["id"], period=row.get("period"), href=f"/v1/{href}/{row['id']}")
    return {name: own._replace(field=field) for name, field in names.items()}


def not_derived(field: str, lacking: Sequence[str]) -> Row:
    """A field without an answer, and why."""
    return {"field": field, "reason": "; ".join(lacking), "lacking": list(lacking)}


def tried(trial: Trial) -> Row:
    """A test in wire form."""
    return {"test": trial.test, "filled": trial.filled, "held": trial.held}


def kind_of(answer: Answer) -> str | None:
    """What an answer is: a number, a word, or a truth."""
    if answer is None:
        return None
    if isinstance(answer, bool):
        return "truth"
    return "word" if isinstance(answer, str) else "number"


def written(answer: Answer, *, day: bool = False) -> Row:
    """An answer in wire form, with its kind; a number to twelve places, without needless zeros."""
    if isinstance(answer, Fraction):
        if day:
            return {"value": day_text(answer), "kind": "date"}
        return {"value": _to_places(answer), "kind": "number"}
    if isinstance(answer, bool):
        return {"value": "true" if answer else "false", "kind": "truth"}
    return {"value": answer, "kind": kind_of(answer)}


def day_text(number: Fraction) -> str | None:
    """A day by its number as ISO 8601 writes it; None outside the years 1 to 9999."""
    return date.fromordinal(int(number)).isoformat() if 1 <= number <= LAST_DAY else None


def _to_places(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else decimal(half_up(number, PLACES), PLACES)


def facts_of(row: Row, columns: Iterable[Field]) -> dict[str, Answer]:
    """Some columns of a row in wire form as facts: numbers as fractions, dates as their day numbers."""
    return {column.name: _fact(row[column.name], column) for column in columns}


def _fact(value: Any, column: Field) -> Answer:  # noqa: ANN401 - any JSON value
    fact: Answer = value
    if value is None or column.form in {"text", "flag"}:
        return fact
    if column.form == "units":  # a text of so many places
        return Fraction(int(value.replace(".", "")), 10**column.places)
    return Fraction(date.fromisoformat(value).toordinal() if column.form == "date" else value)
