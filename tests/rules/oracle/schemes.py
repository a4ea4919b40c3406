"""The closed vocabulary of conditions, from "Status schemes" of the domain."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tests.rules.oracle.indicators import better_by
from tests.rules.readers import Row

Holds = Callable[[Mapping[str, Any]], bool]
BASELINE_KINDS = {"reduction", "increase", "no_increase", "no_decrease"}


def gap(f: Mapping[str, Any]) -> Fraction | None:
    """How much better than the target."""
    return better_by(f["outturn"], f["target"], f["polarity"])


def within_percent(x: str) -> Holds:
    return lambda f: (g := gap(f)) is not None and -g <= abs(f["target"]) * Fraction(x) / 100


def within_units(x: str) -> Holds:
    return lambda f: (g := gap(f)) is not None and -g <= Fraction(x)


def exceeded_percent(x: str) -> Holds:
    return lambda f: (g := gap(f)) is not None and g > abs(f["target"]) * Fraction(x) / 100


def exceeded_units(x: str) -> Holds:
    return lambda f: (g := gap(f)) is not None and g > Fraction(x)


def of_target(x: str) -> Holds:
    """At least X% of target: where lower is better the target over the outturn counts."""

    def holds(f: Mapping[str, Any]) -> bool:
        if f["outturn"] is None or f["target"] is None or f["polarity"] == "contextual":
            return False
        much, little = f["outturn"], f["target"]
        if f["polarity"] == "lower_is_better":
            much, little = little, much
        return bool(100 * much >= little * Fraction(x))

    return holds


def of_improvement(x: str) -> Holds:
    """At least X% of the targeted improvement, of which there must be some."""

    def holds(f: Mapping[str, Any]) -> bool:
        way = better_by(f["target"], f["previous"], f["polarity"])
        come = better_by(f["outturn"], f["previous"], f["polarity"])
        return way is not None and come is not None and way > 0 and 100 * come >= way * Fraction(x)

    return holds


def improved_on_the_year_before(f: Mapping[str, Any]) -> bool:
    """Better than in the same period a year earlier, whatever it is compared with otherwise."""
    come = better_by(f["outturn"], f["year_earlier"], f["polarity"])
    return come is not None and come > 0


def of_time_elapsed(x: str) -> Holds:
    """Progress keeps up with X% of the time gone, and with X once all of it is gone."""

    def holds(f: Mapping[str, Any]) -> bool:
        if f["progress"] is None or f["start_date"] is None or f["due_date"] is None:
            return False
        start, due, now = (f[name].toordinal() for name in ("start_date", "due_date", "as_of"))
        if due <= start:
            return False
        return bool(f["progress"] >= Fraction(x) * min(Fraction(now - start, due - start), Fraction(1)))

    return holds


def within_amber_limit(f: Mapping[str, Any]) -> bool:
    """The indicator's own amber limit: a percent of target, or a value, strict or not."""
    if f["amber_percent"] is not None:
        g = gap(f)
        return g is not None and -g * 100 <= abs(f["target"]) * f["amber_percent"]
    left = better_by(f["outturn"], f["amber_limit"], f["polarity"])
    return left is not None and (left > 0 or (left == 0 and not f["amber_strict"]))


def no_target(f: Mapping[str, Any]) -> bool:
    """Nothing to hold the outturn against."""
    return f["previous" if f["target_kind"] in BASELINE_KINDS else "target"] is None


def no_outturn(state: str) -> Holds:
    return lambda f: f["outturn"] is None and f["state"] == state


def due_within(days: int) -> Holds:
    return lambda f: f["due_date"] is not None and f["due_date"].toordinal() - f["as_of"].toordinal() <= days


def progress_at_least(x: str) -> Holds:
    return lambda f: f["progress"] is not None and f["progress"] >= Fraction(x)


def progress_above(x: str) -> Holds:
    return lambda f: f["progress"] is not None and f["progress"] > Fraction(x)


MEASURE_CONDITIONS: dict[str, Holds] = {
    "data only": lambda f: f["data_only"] is True,
    "no outturn": lambda f: f["outturn"] is None,
    **{f"no outturn: {s}": no_outturn(s) for s in ("not_supplied", "awaited", "suppressed")},
    "no target": no_target,
    "met": lambda f: f["met"] is True,
    "exceeded by more than 0% of target": exceeded_percent("0"),
    "exceeded by more than 10% of target": exceeded_percent("10"),
    "exceeded by more than 2.5 units": exceeded_units("2.5"),
    "within 0% of target": within_percent("0"),
    "within 5% of target": within_percent("5"),
    "within 15% of target": within_percent("15"),
    "within 12.5% of target": within_percent("12.5"),
    "within 2 units of target": within_units("2"),
    "within 0.25 units of target": within_units("0.25"),
    "within amber limit": within_amber_limit,
    "at least 0% of target": of_target("0"),
    "at least 90% of target": of_target("90"),
    "at least 99.5% of target": of_target("99.5"),
    "at least 0% of targeted improvement": of_improvement("0"),
    "at least 60% of targeted improvement": of_improvement("60"),
    "at least 100% of targeted improvement": of_improvement("100"),
    "improved on same period last year": improved_on_the_year_before,
    "within 3 points of target": within_units("3"),
    "exceeded by more than 0.5 points": exceeded_units("0.5"),
    "direction improved": lambda f: f["direction_of_travel"] == "improved",
    "direction not worsened": lambda f: f["direction_of_travel"] in {"improved", "unchanged"},
    "otherwise": lambda f: f["met"] is not None,
}
ACTION_CONDITIONS: dict[str, Holds] = {
    "cancelled": lambda f: f["cancelled"] is True,
    "overdue": lambda f: f["due_date"] is not None and f["due_date"] < f["as_of"],
    "progress at least 100": progress_at_least("100"),
    "progress at least 12.5": progress_at_least("12.5"),
    "progress above 0": progress_above("0"),
    "progress at least 90% of time elapsed": of_time_elapsed("90"),
    "progress at least 100% of time elapsed": of_time_elapsed("100"),
    "due within 0 days": due_within(0),
    "due within 30 days": due_within(30),
}


def position(clauses: Sequence[Holds], facts: Row) -> Fraction | None:
    """Clauses are tried in order."""
    return next((Fraction(n) for n, holds in enumerate(clauses, 1) if holds(facts)), None)


def every(words: str, known: Mapping[str, Holds]) -> Holds:
    """Conditions combined with "and"."""
    parts = [known[part] for part in words.split(" and ")]
    return lambda f: all(part(f) for part in parts)
