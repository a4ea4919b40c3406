"""One plain sentence or two on a budget line, a risk, an action or a row of the workforce."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.rules.amounts import day, days, digits, percent, pounds
from app.rules.vocabulary import BudgetKind, BudgetStatus, Movement, Treatment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.rules.evaluation import Answer
    from app.rules.judging import Clause, Judgement, Reach
    from app.rules.risks import Band

    Facts = Mapping[str, Answer]

COUNTS_AS_TOLD = "Counts of people are rounded here, and small ones suppressed."
"""What is said of a figure that follows from counts of people, to whoever reads them as they are told."""

_SAYS = {
    BudgetStatus.overspend: "Overspend",
    BudgetStatus.underspend: "Underspend",
    BudgetStatus.on_budget: "On budget",
}
_MOVED = {
    Movement.up: "up from {}",
    Movement.down: "down from {}",
    Movement.unchanged: "unchanged from {}",
}


def budget_sentence(title: str, facts: Facts, lacking: Iterable[str], reaches: Sequence[Reach]) -> str:
    """Where a budget line is heading, and what would bring it to its budget; `lacking` says why not."""
    name = f"“{title}”"
    gap = facts["variation"]
    if not isinstance(gap, Fraction):
        return f"No data: the variation of {name} cannot be worked out; {' and '.join(lacking)}."
    status = BudgetStatus(str(facts["status"]))
    capital = facts["kind"] == BudgetKind.capital
    budget = facts["approved" if capital else "stated_revised"]
    whole = facts["forecast"] if isinstance(facts["forecast"], Fraction) else facts["revised_budget"]
    assert isinstance(budget, Fraction) and isinstance(whole, Fraction)  # noqa: S101, PT018 - as there is a gap
    heading = "forecast" if isinstance(facts["forecast"], Fraction) else "revised to"
    against = f"{'approved' if capital else 'revised'} budget of {pounds(budget)}"
    off = _off(gap, budget, facts["variation_percent"])
    said = f"{_SAYS[status]}: {name} is {heading} {pounds(whole)}, {off} its {against}"
    on_budget = next((r for r in reaches if r.value == budget and gap), None)
    return f"{said}; on budget at {pounds(on_budget.value)}." if on_budget is not None else f"{said}."


def _off(gap: Fraction, budget: Fraction, share: Answer) -> str:
    """How far over or under a budget, and what share of it where that is worked out."""
    if not gap:
        return "exactly"
    of = ""
    if isinstance(share, Fraction):
        of = f" ({_about(share, 100 * gap / budget)}{percent(abs(share), 1)})"
    return f"{pounds(abs(gap))}{of} {'over' if gap > 0 else 'under'}"


def _about(shown: Fraction, exact: Fraction) -> str:
    return "" if shown == exact else "about "


def risk_sentence(title: str, facts: Facts, bands: Sequence[Band], judgement: Judgement) -> str:
    """How a risk is rated, what would lower its band, how it moved, and whether it is late."""
    made = f"impact {_whole(facts['impact'])} × probability {_whole(facts['probability'])}"
    said = f"“{title}” is rated {_whole(facts['rating'])} ({made})"
    if judgement.held is None:
        said = f"Not rated: {said}, and no band of its matrix holds that rating."
    else:
        band = bands[judgement.held]
        said = f"{band.label}: {said}; {band.label} is {band.low} to {band.high}."
    return " ".join([said, *_lower(bands, judgement), *_moved(facts), *_late(facts)])


def _lower(bands: Sequence[Band], judgement: Judgement) -> Iterator[str]:
    lower = judgement.nearest(better=True)
    if lower is not None:
        yield f"{bands[lower.place].label} needs a rating of at most {_whole(lower.value)}."


def _moved(facts: Facts) -> Iterator[str]:
    movement = facts["movement"]
    if movement in _MOVED:
        moved = _MOVED[Movement(str(movement))].format(_whole(facts["rating_before"]))
        yield f"It is {moved} the period before."
    elif movement == Movement.new:
        yield "It was not assessed in the period before."


def _late(facts: Facts) -> Iterator[str]:
    target, as_of = facts["target_date"], facts["as_of"]
    if not isinstance(target, Fraction) or not isinstance(as_of, Fraction):
        return
    if facts["treatment"] == Treatment.terminate:
        yield "It is not overdue, as it is terminated."
    elif facts["overdue"]:
        late = days(as_of - target)
        yield f"It is overdue: its target date, {day(target)}, was {late} before {day(as_of)}."
    else:
        yield f"It is not overdue: its target date, {day(target)}, had not passed on {day(as_of)}."


def action_sentence(
    title: str, facts: Facts, clauses: Sequence[Clause], by_progress: Judgement, by_date: Judgement
) -> str:
    """Where an action stands on the date of its report, and what would change that."""
    if not clauses:
        return f"Not rated: no scheme of its council judges “{title}” on that date."
    held = by_progress.held
    label = "Not rated" if held is None else clauses[held].label
    said = [f"{label}: “{title}” {_stage(facts)}{_due(facts)}."]
    for reach in sorted(by_progress.reaches, key=lambda reach: reach.distance):
        if reach.better:
            least = "at least" if reach.included else "more than"
            said.append(f"{clauses[reach.place].label} needs progress of {least} {digits(reach.value)}%.")
    coming = [reach for reach in by_date.reaches if reach.distance > 0]
    if coming:
        first = min(coming, key=lambda reach: reach.distance)
        said.append(f"As it stands it becomes {clauses[first.place].label} on {day(first_day(first))}.")
    return " ".join(said)


def first_day(reach: Reach) -> Fraction:
    """The first whole day of what is reached later."""
    return reach.value if reach.included else reach.value + 1


def _stage(facts: Facts) -> str:
    if facts["cancelled"]:
        return "is cancelled"
    progress = facts["progress"]
    return "states no progress" if not isinstance(progress, Fraction) else f"stands at {digits(progress)}%"


def _due(facts: Facts) -> str:
    due, as_of = facts["due_date"], facts["as_of"]
    if not isinstance(due, Fraction) or not isinstance(as_of, Fraction):
        return " and has no due date"
    if due < as_of:
        return f" and was due on {day(due)}, {days(as_of - due)} before {day(as_of)}"
    when = f"{days(due - as_of)} after" if due > as_of else "the same day as"
    return f" and is due on {day(due)}, {when} {day(as_of)}"


def establishment_sentence(service: str, facts: Facts, lacking: Iterable[str]) -> str:
    """How many of the posts of a service are filled."""
    posts, filled = facts["establishment_total"], facts["occupancy_total"]
    if not isinstance(posts, Fraction) or not isinstance(filled, Fraction):
        return f"The posts of {service} cannot be added up; {' and '.join(lacking)}."
    gap = filled - posts
    said = f"{service} fills {digits(filled, 2)} FTE of {digits(posts, 2)} FTE in its establishment"
    if not gap:
        return f"{said}: exactly as many."
    return f"{said}: {digits(abs(gap), 2)} FTE {'more' if gap > 0 else 'fewer'}."


def profile_sentence(dimension: str, category: str, facts: Facts, lacking: Iterable[str]) -> str:
    """What share of a workforce falls in a category."""
    part, base, share = facts["headcount"], facts["base"], facts["share"]
    name = f"“{category}” ({dimension})"
    if not isinstance(part, Fraction) or not isinstance(base, Fraction) or not isinstance(share, Fraction):
        return f"The share of {name} cannot be worked out; {' and '.join(lacking)}."
    stated = f"{digits(part)} of the {digits(base)} that the report states"
    return f"{name} is {stated}: {_about(share, 100 * part / base)}{percent(share, 2)}."


def _whole(value: Answer) -> str:
    return digits(value) if isinstance(value, Fraction) else "none"
