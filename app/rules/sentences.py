"""One plain sentence or two on why a measure has its status, for a reader who knows no formulas."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from app.rules.amounts import Measure, digits, percent
from app.rules.evaluation import half_up
from app.rules.vocabulary import Polarity, State, Status, TargetKind
from app.rules.wording import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.rules.evaluation import Answer
    from app.rules.judging import Clause, Judgement, Reach

_ASKED = {
    TargetKind.reduction: "less than",
    TargetKind.increase: "more than",
    TargetKind.no_increase: "no more than",
    TargetKind.no_decrease: "no less than",
}
_WHY_NO_OUTTURN = {
    State.reported: "none is stated",
    State.awaited: "it is awaited",
    State.not_supplied: "it was not supplied",
    State.not_applicable: "it does not apply",
    State.not_yet_due: "it is not due yet",
    State.new: "the measure is new",
    State.suppressed: "it is suppressed",
}


class Judged(NamedTuple):
    """A measure on its facts, the clauses that may judge it, and what came of them."""

    measure: Measure
    facts: Mapping[str, Answer]
    clauses: Sequence[Clause]
    judgement: Judgement

    @property
    def clause(self) -> Clause | None:
        """The clause that holds."""
        return None if self.judgement.held is None else self.clauses[self.judgement.held]


def measure_sentence(judged: Judged, year_end: Judged | None = None) -> str:
    """Why a measure has its status, what would change it, and its status against the full year."""
    label = "Not rated" if judged.clause is None else judged.clause.label
    said = [f"{label}: {_standing(judged)}", *_chance(judged.facts), *_ways(judged)]
    if year_end is not None and judged.facts["outturn"] is not None:
        said.append(_year(year_end))
    return " ".join(said)


def needs(judged: Judged, reach: Reach) -> str:
    """What another clause needs, and how much more or less must be counted for it where that is known."""
    label = judged.clauses[reach.place].label
    return f"{label} needs {_needed(judged.measure, reach)}{_counted(judged, reach)}"


def _standing(judged: Judged) -> str:
    measure, facts = judged.measure, judged.facts
    outturn = facts["outturn"]
    name = f"“{measure.title}”"
    if not isinstance(outturn, Fraction):
        return f"{name} has no outturn; {_why_no_outturn(facts)}."
    achieved = f"{name} came to {measure.rounded(outturn)}"
    if half_up(outturn, measure.decimals) != outturn:
        achieved += f" ({told(outturn)} before rounding)"
    if judged.clause is not None and judged.clause.code == Status.data_only:
        return f"{achieved}; it is shown without being judged."
    asked = _asked(measure, facts)
    if not judged.clauses:
        return f"{achieved}, and no scheme of its council judges it in this period."
    if asked is None:
        return f"{achieved}, and {_why_no_target(facts)}."
    if judged.clause is None:
        return f"{achieved} against {asked}, and {_why_not_rated(judged)}."
    target = facts["target"]
    if not isinstance(target, Fraction) or facts["target_kind"] in _ASKED:
        return f"{achieved}, against {asked}."
    return f"{achieved}, {_against(measure, outturn, target, facts)} {asked}."


def _why_no_outturn(facts: Mapping[str, Answer]) -> str:
    if isinstance(facts["numerator"], Fraction) and facts["denominator"] == 0:
        return "its denominator is zero"
    return _WHY_NO_OUTTURN[State(str(facts["state"]))]


def _why_no_target(facts: Mapping[str, Answer]) -> str:
    if facts["target_kind"] in _ASKED:
        return "there is no earlier figure to compare it with"
    if facts["target_kind"] == TargetKind.future:
        return "its target is for a later time"
    return "there is no target to hold it against"


def _why_not_rated(judged: Judged) -> str:
    if judged.facts["polarity"] == Polarity.contextual:
        return "it has no good direction to be judged by"
    return "no clause of the scheme holds"


def _asked(measure: Measure, facts: Mapping[str, Answer]) -> str | None:
    kind, target, previous = facts["target_kind"], facts["target"], facts["previous"]
    if isinstance(kind, str) and kind in _ASKED:
        if not isinstance(previous, Fraction):
            return None
        return f"a target of {_ASKED[TargetKind(kind)]} the {measure.exactly(previous)} before"
    if not isinstance(target, Fraction):
        return None
    if kind == TargetKind.limit:
        return f"a limit of {measure.exactly(target)} that must not be reached"
    if kind == TargetKind.range and isinstance(facts["range_percent"], Fraction):
        return f"the target of {measure.exactly(target)} give or take {told(facts['range_percent'])}%"
    return f"the target of {measure.exactly(target)}"


def _against(measure: Measure, outturn: Fraction, target: Fraction, facts: Mapping[str, Answer]) -> str:
    gap = outturn - target
    if not gap:
        return "exactly"
    if facts["polarity"] in {Polarity.higher_is_better, Polarity.lower_is_better}:
        good = (gap > 0) == (facts["polarity"] == Polarity.higher_is_better)
        return f"{measure.gap(gap)} {'better' if good else 'worse'} than"
    return f"{measure.gap(gap)} {'above' if gap > 0 else 'below'}"


def _chance(facts: Mapping[str, Answer]) -> Iterator[str]:
    """Of a survey, how far chance alone may carry it, and whether that reaches the target."""
    low, high, clear = (facts.get(n) for n in ("interval_low", "interval_high", "significant_against_target"))
    if isinstance(low, Fraction) and isinstance(high, Fraction) and isinstance(clear, bool):
        between = f"{percent(low, 1)} and {percent(high, 1)}"
        where = "outside" if clear else "inside"
        true = f"Asked of a sample, the true figure likely lies between {between}"
        yield f"{true}; the target lies {where} that range."


def _ways(judged: Judged) -> Iterator[str]:
    """What would make the status better, and the first thing that would make it worse."""
    judgement = judged.judgement
    for reach in sorted(judgement.reaches, key=lambda reach: abs(reach.distance)):
        if reach.better:
            yield f"{needs(judged, reach)}."
    worse = judgement.nearest(better=False)
    if worse is not None:
        verb = "at" if worse.included else "above" if worse.distance > 0 else "below"
        label = judged.clauses[worse.place].label
        yield f"It would be {label} {verb} {judged.measure.exactly(worse.value)}."


def _needed(measure: Measure, reach: Reach) -> str:
    if reach.included:
        return measure.exactly(reach.value)
    return f"{'more' if reach.distance > 0 else 'less'} than {measure.exactly(reach.value)}"


def _counted(judged: Judged, reach: Reach) -> str:
    now, count = judged.facts["numerator"], judged.judgement.counts.get(reach.place)
    if count is None or not isinstance(now, Fraction) or count == now:
        return ""
    change = count - now
    of = judged.measure.counted or "counted"
    return f", which is {digits(abs(change))} {'more' if change > 0 else 'fewer'} {of}"


def _year(year_end: Judged) -> str:
    """The status against the full year's target."""
    if year_end.clause is None:
        return "Against the full year's target it is not rated."
    asked = _asked(year_end.measure, year_end.facts)
    if asked is None:
        return f"Against the full year it is {year_end.clause.label}, as {_why_no_target(year_end.facts)}."
    return f"Against the full year, with {asked}, it is {year_end.clause.label}."
