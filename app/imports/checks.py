"""Rows that are kept although something looks wrong with them, as far as the files at hand tell."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from app.imports.actions import ActionRow
from app.imports.indicators import ObservationRow, TargetRow
from app.imports.problems import Notice
from app.imports.published import PublishedKind, PublishedRow
from app.imports.workforce import ProfileRow
from app.rules.periods import parse_period
from app.rules.vocabulary import State, TargetKind

_WHOLE = 100
_COLOURS = frozenset({"green", "amber", "red"})


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


def contradicted_actions(
    actions: Sequence[ActionRow], published: Iterable[PublishedRow], as_of: date | None
) -> Iterator[Notice]:
    """Printed statuses that the dates or the progress of their actions rule out."""
    known = {action.key: action for action in actions}
    for row in published:
        if row.kind != PublishedKind.action or row.field != "status" or row.subject not in known:
            continue
        action = known[row.subject]
        if reason := _ruled_out(row.printed.casefold(), action, action.as_of or as_of):
            yield Notice("published.csv", row.line, "printed", row.printed, reason)


def _ruled_out(word: str, action: ActionRow, as_of: date | None) -> str | None:
    match word:
        case "overdue" if action.due_date and as_of and action.due_date >= as_of:
            return f"is printed of {action.key}, whose due date {action.due_date} is still to come"
        case "not started" if action.progress:
            return f"is printed of {action.key}, which stands at {action.progress}%"
        case "completed" | "complete" if action.progress is not None and action.progress < _WHOLE:
            return f"is printed of {action.key}, which stands at {action.progress}%"
    return None


def colours_without_data(
    observations: Iterable[ObservationRow], targets: Iterable[TargetRow], published: Iterable[PublishedRow]
) -> Iterator[Notice]:
    """Colours printed of measures that have no figure, or that are said to have no target."""
    lacking = {_place(row): "no target" for row in targets if row.kind == TargetKind.none}
    lacking |= {_place(row): "no figure" for row in observations if row.state != State.reported}
    for row in published:
        lacks = lacking.get((row.subject, row.service, row.period))
        if lacks and row.kind == PublishedKind.observation and _is_colour(row):
            yield Notice(
                "published.csv", row.line, "printed", row.printed, f"is printed where there is {lacks}"
            )


def _place(row: ObservationRow | TargetRow) -> tuple[str, str, str]:
    return row.indicator, row.service, row.period


def _is_colour(row: PublishedRow) -> bool:
    return row.field == "status" and row.printed.casefold() in _COLOURS
