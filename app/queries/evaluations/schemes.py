"""A scheme to be tried on figures: one of a council's in force, or clauses that are given."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from app.errors import Fault
from app.queries import listings
from app.queries.schemes import SCHEMES, clauses_of, directions_of
from app.rules.judging import Clause
from app.rules.linting import lint_scheme
from app.rules.nodes import operands
from app.rules.schemes import ACTIONS, condition
from app.rules.vocabulary import Polarity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.queries.editions import Reading
    from app.rules.evaluation import Answer

AppliesTo = Literal["measures", "actions"]
_OF_ACTIONS = frozenset({"progress", "start_date", "due_date", "as_of", "cancelled"})
_PERCENT = re.compile(r"(exceeded by more than|within|at least) [0-9.]+% of target")
_NEVER_CLOSE = re.compile(r"exceeded by more than .*|at least [0-9.]+% of target(ed improvement)?")
_GOOD_DIRECTION = re.compile(
    r"exceeded by more than .*|within .*|at least .*|improved on same period last year"
)


class Tried(NamedTuple):
    """A scheme: whom it is for, its clauses, and what it settles beside them."""

    applies_to: AppliesTo
    clauses: tuple[Clause, ...]
    convention: str = "none"
    dead_band_percent: Fraction | None = None
    dead_band_units: Fraction | None = None
    directions: Mapping[str, str] = {}
    id: int | None = None
    name: str | None = None

    @property
    def conditions(self) -> tuple[str, ...]:
        """What its clauses say, in order."""
        return tuple(clause.condition for clause in self.clauses)


def gaps(tried: Tried) -> Iterator[Fault]:
    """What a scheme leaves unjudged, with an example of it; such a scheme is no council's either."""
    for lint in lint_scheme(tried.clauses, actions=tried.applies_to == "actions"):
        if lint.refused:
            yield Fault("gap", f"leave a gap: {lint.message} with {lint.shown()}", pointer="/scheme/clauses")


def scheme_in_force(reading: Reading, row_id: int) -> Tried | None:
    """The scheme with an id that some release in force holds; None where none does.

    Clauses that judge neither measures nor actions make it one that cannot be tried: UnknownConditionError.
    """
    row = listings.one(reading, SCHEMES, row_id)
    if not isinstance(row, dict):
        return None
    clauses = tuple(
        Clause(c["condition"], c["code"], c["label"], c["colour"], _number(c["points"]))
        for c in clauses_of(reading, [row_id])[row_id]
    )
    for clause in clauses:
        condition(clause.condition)
    directions: dict[str, str] = {}
    for word in directions_of(reading, [row_id])[row_id]:
        directions.setdefault(word["direction"], word["label"])
    return Tried(
        "actions" if row["measure_set"] == ACTIONS else "measures",
        clauses,
        row["variance_convention"],
        _number(row["dead_band_percent"]),
        _number(row["dead_band_units"]),
        directions,
        row_id,
        row["name"],
    )


def applies_to(conditions: Sequence[str]) -> AppliesTo | None:
    """What clauses that are given judge, by what they read; None where some judge one, some the other.

    Raises UnknownConditionError.
    """
    every = [frozenset(operand.name for operand in operands(condition(words))) for words in conditions]
    told = [names for words, names in zip(conditions, every, strict=True) if words.strip() != "otherwise"]
    of_actions = {bool(names & _OF_ACTIONS) for names in told}
    if len(of_actions) > 1:
        return None
    return "actions" if True in of_actions else "measures"


class Applicability:
    """Where the clauses of a scheme have no sense for a measure.

    Only a clause that is reached counts: one before which another holds decides nothing.
    """

    def __init__(self, conditions: Sequence[str]) -> None:
        """Know what each clause needs of a measure."""
        parts = [[part.strip() for part in words.split(" and ")] for words in conditions]
        self._conditions = conditions
        self._percent = [any(map(_PERCENT.fullmatch, each)) for each in parts]
        self._limited = ["within amber limit" in each for each in parts]
        self._directed = [any(map(_GOOD_DIRECTION.fullmatch, each)) for each in parts]
        self._never_close = [any(map(_NEVER_CLOSE.fullmatch, each)) for each in parts]

    def faults(self, facts: Mapping[str, Answer], position: Answer, pointer: str) -> Iterator[Fault]:
        """Each clause that was reached on a row, and has no sense there."""
        zero, polarity = facts["target"] == 0, facts["polarity"]
        directed = polarity not in {Polarity.contextual, Polarity.closest_to_target}
        if directed and not zero:
            return
        reached = len(self._conditions) if position is None else int(Fraction(position))
        for place in range(reached):
            said = f"clause {place + 1} ({self._conditions[place]})"
            if zero and (
                self._percent[place] or (self._limited[place] and facts["amber_percent"] is not None)
            ):
                at = "annual_target" if facts["period_target"] is None else "period_target"
                message = f"is zero, and {said} asks for a percentage of it"
                yield Fault("not_applicable", message, pointer=f"{pointer}/{at}")
            if polarity == Polarity.contextual and facts["target"] is not None and self._directed[place]:
                message = f"has no good direction, and {said} asks for one"
                yield Fault("not_applicable", message, pointer=f"{pointer}/polarity")
            elif polarity == Polarity.closest_to_target and self._never_close[place]:
                message = f"cannot be better than on target, as {said} asks"
                yield Fault("not_applicable", message, pointer=f"{pointer}/polarity")


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
