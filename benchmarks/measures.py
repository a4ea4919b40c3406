"""What the made-up councils measure and how they rate it: shapes taken from the demo's five reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.rules.vocabulary import Convention

if TYPE_CHECKING:
    from collections.abc import Iterator

Word = tuple[str, str | None, int | None]
"""Label, colour, and points in hundredths."""


class Measure(NamedTuple):
    """A measure that every council has in some form; `level` is a usual year's figure, in the unit."""

    title: str
    unit: str
    decimals: int
    polarity: str
    nature: str
    calculation: str
    baseline: str
    level: float
    flags: frozenset[str]


def _measure(line: str) -> Measure:
    title, unit, decimals, *words, level, flags = (cell.strip() for cell in line.split("|"))
    polarity, nature, calculation, baseline = words
    marks = frozenset(flags.split())
    return Measure(title, unit, int(decimals), polarity, nature, calculation, baseline, float(level), marks)


MEASURES = tuple(
    _measure(line)
    for line in """
    % of calls answered at once | percent | 1 | higher_is_better | ratio | share | previous_period | 75 |
    Complaints upheld, Ombudsman | number | 0 | lower_is_better | flow | given | share_of_last_year | 12 |
    % of people content | percent | 1 | higher_is_better | ratio | share | same_period_last_year | 62 |sample
    Waiting time at receptions | minutes | 1 | lower_is_better | average | average | previous_period | 8 |
    Days lost to sickness | days | 2 | lower_is_better | rolling_year | average | last_year | 7.5 |
    % of tax collected | percent | 2 | higher_is_better | cumulative | share | same_period_last_year | 96 |
    Agency spend | pounds | 0 | lower_is_better | cumulative | given | share_of_last_year | 960000 | budget
    Net additional homes | number | 0 | higher_is_better | flow | difference | same_period_last_year | 480 |
    Agency staff in post | fte | 1 | contextual | stock | given | previous_period | 220 |
    % of posts held open | percent | 1 | closest_to_target | ratio | share | previous_period | 5 |
    Change in visits to libraries | percent | 1 | higher_is_better | ratio | growth | last_year | 2 |
    A community strategy is agreed | yes_no | 0 | higher_is_better | stock | given | previous_period | 1 |
    Population of working age | number | 0 | contextual | stock | given | last_year | 81400 | data_only
    """.strip().splitlines()
)


class Family(NamedTuple):
    """A way of rating that several councils share; percentages are of the target."""

    name: str
    convention: Convention
    words: dict[str, Word]
    directions: dict[str, str]
    exceeded_percent: int | None = None
    near_percent: int | None = None
    amber_limits: bool = False
    knows_data_only: bool = False

    def clauses(self) -> Iterator[tuple[str, str, Word]]:
        """Condition, status and words of each clause, in order; a condition may have words of its own."""
        conditions: tuple[tuple[bool, str, str], ...] = (
            (self.knows_data_only, "data only", "data_only"),
            (NOT_SUPPLIED in self.words, NOT_SUPPLIED, "no_data"),
            (True, "no outturn", "no_data"),
            (True, "no target", "no_target"),
            (
                self.exceeded_percent is not None,
                f"exceeded by more than {self.exceeded_percent}% of target",
                "exceeded",
            ),
            (True, "met", "met"),
            (self.amber_limits, "within amber limit", "near"),
            (self.near_percent is not None, f"within {self.near_percent}% of target", "near"),
            (True, "otherwise", "missed"),
        )
        for there, condition, status in conditions:
            if there:
                yield condition, status, self.words.get(condition) or self.words[status]


NOT_SUPPLIED = "no outturn: not_supplied"
_ARROWS = {"improved": "▲", "unchanged": "►", "worsened": "▼"}
_WORDS = {"improved": "Better", "unchanged": "Same", "worsened": "Worse", "rose": "Higher", "fell": "Fewer"}
_SCORED: dict[str, Word] = {
    "no_data": ("No data", None, None),
    "no_target": ("No target", None, None),
    "met": ("Green", "green", 100),
    "near": ("Amber", "amber", -50),
    "missed": ("Red", "red", -100),
}
_BLAMED: dict[str, Word] = {NOT_SUPPLIED: ("Data not supplied", None, -100)}
_PLAIN: dict[str, Word] = {
    "data_only": ("Data Only", "blue", None),
    "no_data": ("Unknown", "grey", None),
    "no_target": ("Unknown", "grey", None),
    "exceeded": ("Exceeded", "green", None),
    "met": ("Green", "green", None),
    "near": ("Amber", "amber", None),
    "missed": ("Red", "red", None),
}
_PASSED: dict[str, Word] = {
    "no_data": ("n/a", None, None),
    "no_target": ("n/a", None, None),
    "met": ("ACHIEVED", "green", None),
    "missed": ("FAILED", "red", None),
}
FAMILIES = (
    Family("scored", Convention.unsigned_relative, _SCORED | _BLAMED, _ARROWS, near_percent=15),
    Family("limits", Convention.signed_relative, _SCORED, _ARROWS, amber_limits=True),
    Family("traffic-lights", Convention.none, _PLAIN, {}, near_percent=5),
    Family("with-data-only", Convention.none, _PLAIN, {}, near_percent=5, knows_data_only=True),
    Family("pass-or-fail", Convention.none, _PASSED, _WORDS),
    Family("ambitious", Convention.none, _PLAIN, _ARROWS, exceeded_percent=10, near_percent=10),
)
"""The schemes of the demo's five reports, and one that knows "exceeded"."""
