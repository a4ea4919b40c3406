"""What a scorecard adds up to: ratings in points, why a measure has none, when an action was reported."""

from __future__ import annotations

import hashlib
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from app.rules.nodes import Node, Operand
from app.rules.tracing import COUNT
from app.rules.vocabulary import State, Status, Unscored
from app.rules.wording import decimal, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from app.rules.evaluation import Answer

_PLACES = 2
_INITIALS = 3
_VOWELS = frozenset("aeiouy")
_COLOURS = frozenset({"red", "amber", "green", "blue", "grey", "yellow"})
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_STATES = {
    State.awaited: ("its figure is awaited", "their figures are awaited"),
    State.not_supplied: ("its figure was not supplied", "their figures were not supplied"),
    State.not_applicable: ("no figure applies to it", "no figure applies to them"),
    State.not_yet_due: ("its figure is not due yet", "their figures are not due yet"),
    State.new: ("it is new, without a figure yet", "they are new, without a figure yet"),
    State.suppressed: ("its figure is suppressed", "their figures are suppressed"),
    State.reported: ("its figure cannot be worked out", "their figures cannot be worked out"),
}
_REASONS = {
    Unscored.no_target: ("it has no target", "they have no target"),
    Unscored.data_only: ("it is shown without being judged", "they are shown without being judged"),
    Unscored.no_points: ("its status carries no points", "their status carries no points"),
    Unscored.not_rated: ("no clause of the scheme holds for it", "no clause of the scheme holds for them"),
    Unscored.no_scheme: ("no scheme was in force for it", "no scheme was in force for them"),
}


class Subtotal(NamedTuple):
    """Measures that count the same in a rating: the council's word, its points, how many there are."""

    label: str
    points: Fraction
    measures: int

    @property
    def sum(self) -> Fraction:
        """What they count together."""
        return self.points * self.measures


class Gap(NamedTuple):
    """Measures that count nothing in a rating, for one reason; the state tells why there is no outturn."""

    reason: Unscored
    state: State
    measures: int

    @property
    def because(self) -> str:
        """The reason in words, of one measure or of several."""
        said = _STATES[self.state] if self.reason == Unscored.no_outturn else _REASONS[self.reason]
        return said[self.measures > 1]


class Reported(NamedTuple):
    """A period that a service reports on."""

    id: str
    start: date
    end: date


def subtotals(scored: Iterable[tuple[str, Fraction]]) -> tuple[Subtotal, ...]:
    """Labels with their points, counted by both: the fewest points first, then the most measures."""
    parts = [Subtotal(label, points, count) for (label, points), count in Counter(scored).items()]
    return tuple(sorted(parts, key=lambda part: (part.points, -part.measures, part.label)))


def rating(parts: Sequence[Subtotal]) -> tuple[Node | None, dict[str, Answer]]:
    """The sum of points over the measures that have any: a tree over their counts, and those counts.

    Without a measure that counts there is no rating, which is not a rating of zero. As the first pages of
    both Barnet reports print it: four reds at -1 and one amber at -0.5 are -4.5.
    """
    tree: Node | None = None
    facts: dict[str, Answer] = {}
    times = Counter(part.label for part in parts)
    for part in parts:
        one_worth = times[part.label] == 1
        name = part.label if one_worth else f"{part.label} at {decimal(part.points, _PLACES)}"
        facts[name] = Fraction(part.measures)
        product = Operand(name, COUNT) * part.points
        tree = product if tree is None else tree + product
    return tree, facts


def version_of(tree: Node) -> str:
    """The version of a rating's rule: another one whenever a label or its points are."""
    return hashlib.sha256(repr(tree).encode()).hexdigest()[:8]


def why_unscored(status: str, outturn: str | None, scheme: str | None, points: str | None) -> Unscored | None:
    """Why a measure counts nothing in its rating; None where it counts."""
    if points is not None:
        return None
    if scheme is None:
        return Unscored.no_scheme
    if status == Status.data_only:
        return Unscored.data_only
    if outturn is None:
        return Unscored.no_outturn
    return {Status.no_target: Unscored.no_target, Status.not_rated: Unscored.not_rated}.get(
        Status(status), Unscored.no_points
    )


def rating_sentence(
    measure_set: str, total: Fraction | None, parts: Sequence[Subtotal], gaps: Sequence[Gap]
) -> str:
    """How a rating comes about, and what it leaves out, for a reader who knows no formulas."""
    name = measure_set_called(measure_set)
    if total is None:
        said = f"{name} is not rated"
    else:
        said = f"{name} is rated {decimal(total, _PLACES)}: {_listed([_worth(part) for part in parts])}"
    left_out = "".join(_left_out(gaps))
    return f"{said}; {left_out}." if left_out else f"{said}."


def measure_set_called(measure_set: str) -> str:
    """A measure set as a person says it; up to three letters, or a word without a vowel, are initials."""
    if len(measure_set) <= _INITIALS:
        return measure_set.upper()
    words = [word if _VOWELS & set(word) else word.upper() for word in spoken(measure_set).split()]
    said = " ".join(words)
    return f"{said[:1].upper()}{said[1:]}"


def period_reported_on(as_of: date, periods: Iterable[Reported]) -> str | None:
    """The period that an action stands under, which has a date of its own and no period.

    The last of its service's periods that had ended by that date, or else the last that had begun: a
    report comes out after its period, or estimates a year that still runs. Of two that end together the
    one that began later counts, and of two that began together the one that ends sooner.
    """
    begun = [period for period in periods if period.start <= as_of]
    ended = [period for period in begun if period.end <= as_of]
    if ended:
        return max(ended, key=lambda period: (period.end, period.start, period.id)).id
    begun.sort(key=lambda period: (period.end, period.id))
    return max(begun, key=lambda period: period.start).id if begun else None


def _worth(part: Subtotal) -> str:
    each = " each" if part.measures > 1 else ""
    return f"{_counted(part.label, part.measures)} at {decimal(part.points, _PLACES)}{each}"


def _counted(label: str, count: int) -> str:
    """So many of a colour; another word of a council's stays as it is."""
    if label.casefold() in _COLOURS:
        return f"{_number(count)} {label.casefold()}{'s' if count > 1 else ''}"
    return f"{_number(count)} “{label}”"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _left_out(gaps: Sequence[Gap]) -> Iterator[str]:
    for place, gap in enumerate(gaps):
        if place:
            joined = ", and" if place == len(gaps) - 1 else ","
            yield f"{joined} {_number(gap.measures)} because {gap.because}"
        else:
            measures = "measure is" if gap.measures == 1 else "measures are"
            yield f"{_number(gap.measures)} {measures} not scored because {gap.because}"


def _listed(parts: Sequence[str]) -> str:
    """Parts of a sentence, the last joined by "and"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
