"""One plain sentence or two on why a row has its status, for a reader who knows no formulas."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from app.rules.evaluation import half_up
from app.rules.vocabulary import Polarity, Status, TargetKind, Unit
from app.rules.wording import decimal, spoken, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.rules.evaluation import Answer
    from app.rules.judging import Clause, Judgement, Reach

_SUFFIXES = {
    Unit.percent: "%",
    Unit.days: " days",
    Unit.seconds: " seconds",
    Unit.minutes: " minutes",
    Unit.fte: " FTE",
    Unit.points: " points",
}
_ASKED = {
    TargetKind.reduction: "less than",
    TargetKind.increase: "more than",
    TargetKind.no_increase: "no more than",
    TargetKind.no_decrease: "no less than",
}
_SHOWN_PLACES = 4


class Measure(NamedTuple):
    """How a measure is spoken of: its title, its unit, its places, and what its numerator counts."""

    title: str
    unit: str
    decimals: int
    counted: str | None = None

    def amount(self, value: Fraction, places: int | None = None) -> str:
        """A value in the unit, to some places, or else as exactly as four places can."""
        if self.unit == Unit.yes_no and value in {0, 1}:
            return "yes" if value else "no"
        if self.unit == Unit.date and value.denominator == 1 and value > 0:
            return date.fromordinal(int(value)).isoformat()
        text = grouped(decimal(half_up(value, _SHOWN_PLACES if places is None else places), _SHOWN_PLACES))
        if places and "." not in text:
            text += "."
        text = text.ljust(len(text.partition(".")[0]) + 1 + places, "0") if places else text
        if self.unit == Unit.pounds:
            return f"-£{text[1:]}" if text.startswith("-") else f"£{text}"
        return f"{text}{_SUFFIXES.get(Unit(self.unit), '')}"

    def gap(self, value: Fraction) -> str:
        """A difference in the unit; between percentages it counts points."""
        if self.unit == Unit.percent:
            return self._replace(unit=Unit.points).gap(value)
        if self.unit == Unit.date:
            return self._replace(unit=Unit.days, decimals=0).gap(value)
        return self.amount(abs(value), self.decimals)


def grouped(text: str) -> str:
    """A number's text with its thousands set apart."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{rest}"


def measure_sentence(
    measure: Measure, facts: Mapping[str, Answer], clauses: Sequence[Clause], judgement: Judgement
) -> str:
    """Why a measure has its status, and what would change it."""
    label = "Not rated" if judgement.held is None else clauses[judgement.held].label
    ways = _ways(measure, facts, clauses, judgement)
    return " ".join([f"{label}: {_standing(measure, facts, clauses, judgement)}", *ways])


def _standing(
    measure: Measure, facts: Mapping[str, Answer], clauses: Sequence[Clause], judgement: Judgement
) -> str:
    outturn, target = facts["outturn"], facts["target"]
    name = f"“{measure.title}”"
    if not isinstance(outturn, Fraction):
        return f"{name} has no outturn ({told(facts['state'])})."
    shown = half_up(outturn, measure.decimals)
    achieved = f"{name} came to {measure.amount(outturn, measure.decimals)}"
    if shown != outturn:
        achieved += f" ({told(outturn)} before rounding)"
    asked = _asked(measure, facts)
    if judgement.held is not None and clauses[judgement.held].code == Status.data_only:
        return f"{achieved}; it is shown without being judged."
    if asked is None:
        return f"{achieved}, and there is no target to hold it against."
    if judgement.held is None:
        return f"{achieved} against {asked}, and no clause of a scheme judges it."
    if not isinstance(target, Fraction) or facts["target_kind"] in _ASKED:
        return f"{achieved}, against {asked}."
    return f"{achieved}, {_against(measure, outturn, target, facts)} {asked}."


def _asked(measure: Measure, facts: Mapping[str, Answer]) -> str | None:
    kind, target, previous = facts["target_kind"], facts["target"], facts["previous"]
    if isinstance(kind, str) and kind in _ASKED:
        if not isinstance(previous, Fraction):
            return None
        return f"a target of {_ASKED[TargetKind(kind)]} the {measure.amount(previous)} before"
    if not isinstance(target, Fraction):
        return None
    if kind == TargetKind.limit:
        return f"a limit of {measure.amount(target)} that must not be reached"
    if kind == TargetKind.range and isinstance(facts["range_percent"], Fraction):
        return f"the target of {measure.amount(target)} give or take {told(facts['range_percent'])}%"
    return f"the target of {measure.amount(target)}"


def _against(measure: Measure, outturn: Fraction, target: Fraction, facts: Mapping[str, Answer]) -> str:
    gap = outturn - target
    if not gap:
        return "exactly"
    if facts["polarity"] in {Polarity.higher_is_better, Polarity.lower_is_better}:
        good = (gap > 0) == (facts["polarity"] == Polarity.higher_is_better)
        return f"{measure.gap(gap)} {'better' if good else 'worse'} than"
    return f"{measure.gap(gap)} {'above' if gap > 0 else 'below'}"


def _ways(
    measure: Measure, facts: Mapping[str, Answer], clauses: Sequence[Clause], judgement: Judgement
) -> Iterator[str]:
    """What would make the status better, and the first thing that would make it worse."""
    for reach in sorted(judgement.reaches, key=lambda reach: abs(reach.distance)):
        if reach.better:
            counted = _counted(measure, facts, judgement, reach)
            yield f"{clauses[reach.place].label} needs {_needed(measure, reach)}{counted}."
    worse = judgement.nearest(better=False)
    if worse is not None:
        verb = "at" if worse.included else "above" if worse.distance > 0 else "below"
        yield f"It would be {clauses[worse.place].label} {verb} {measure.amount(worse.value)}."


def _needed(measure: Measure, reach: Reach) -> str:
    if reach.included:
        return measure.amount(reach.value)
    return f"{'more' if reach.distance > 0 else 'less'} than {measure.amount(reach.value)}"


def _counted(measure: Measure, facts: Mapping[str, Answer], judgement: Judgement, reach: Reach) -> str:
    now, count = facts["numerator"], judgement.counts.get(reach.place)
    if count is None or not isinstance(now, Fraction):
        return ""
    change = count - now
    much = grouped(decimal(abs(change), 2))
    of = measure.counted or "in the numerator"
    return f", which is {much} {'more' if change > 0 else 'fewer'} {spoken(of)}"
