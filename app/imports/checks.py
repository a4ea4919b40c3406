"""Rows that are kept although something looks wrong with them, as far as one file tells."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.imports.actions import ActionRow
from app.imports.indicators import TargetRow
from app.imports.problems import Notice
from app.imports.workforce import ProfileRow
from app.rules.periods import parse_period


def mixed_targets(targets: Sequence[TargetRow]) -> Iterator[Notice]:
    """Targets of a kind of period rare in their file: annual among profiled, or the reverse."""
    kinds = Counter(parse_period(target.period).kind for target in targets)
    usual = max(kinds, key=lambda kind: kinds[kind], default=None)
    for target in targets:
        if (kind := parse_period(target.period).kind) != usual:
            reason = f"is a {kind}, and most targets of the file are for a {usual}"
            yield Notice("targets.csv", target.line, "period", target.period, reason)


def repeated_codes(actions: Sequence[ActionRow]) -> Iterator[Notice]:
    """Actions whose code stands more than once; their keys tell them apart."""
    times = Counter(action.code for action in actions if action.code)
    for action in actions:
        if action.code and times[action.code] > 1:
            yield Notice("actions.csv", action.line, "code", action.code, "stands more than once")


def undated_actions(actions: Sequence[ActionRow]) -> Iterator[Notice]:
    """Actions due on a date that does not exist, or on none."""
    for action in actions:
        if action.due_text and not action.due_date:
            reason = "is kept as printed, without a date"
            yield Notice("actions.csv", action.line, "due_text", action.due_text, reason)


def uneven_profiles(profiles: Sequence[ProfileRow]) -> Iterator[Notice]:
    """Dimensions whose rows do not sum to the base that the report states."""
    groups: dict[tuple[str, str, str], list[ProfileRow]] = defaultdict(list)
    for row in profiles:
        groups[row.service, row.period, row.dimension].append(row)
    for (_, _, dimension), rows in groups.items():
        total = sum((row.count for row in rows), Decimal(0))
        if total != rows[0].base:
            reason = f"is the base, and the rows of {dimension} sum to {total}"
            yield Notice("workforce_profiles.csv", rows[0].line, "base", str(rows[0].base), reason)
