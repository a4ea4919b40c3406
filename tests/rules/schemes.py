"""Schemes to read: those of the five reports, and one with every other condition."""

from collections.abc import Mapping, Sequence

Clauses = Sequence[str]

MEASURE_SCHEMES: Mapping[str, Clauses] = {
    "Barnet Corporate Plan": (
        "no outturn: not_supplied",
        "no outturn",
        "no target",
        "met",
        "within 15% of target",
        "otherwise",
    ),
    "Barnet HR": ("no outturn", "no target", "met", "within amber limit", "otherwise"),
    "Thurrock": ("no outturn", "no target", "met", "otherwise"),
    "Broxtowe": (
        "data only",
        "no outturn",
        "no target",
        "met",
        "within 5% of target",
        "otherwise",
    ),
    "by improvement": (
        "exceeded by more than 10% of target and direction improved",
        "exceeded by more than 2.5 units",
        "met and direction not worsened",
        "at least 100% of targeted improvement",
        "at least 60% of targeted improvement and at least 90% of target",
        "within 2 units of target and direction not worsened",
        "no outturn: awaited",
    ),
    "by the year before": (
        "exceeded by more than 0.5 points and improved on same period last year",
        "within 3 points of target and improved on same period last year",
        "otherwise",
    ),
    "without guards": (
        "at least 0% of target",
        "at least 0% of targeted improvement",
        "within 0% of target",
        "otherwise",
    ),
}
ACTION_SCHEMES: Mapping[str, Clauses] = {
    "Broxtowe": (
        "cancelled",
        "progress at least 100",
        "overdue",
        "due within 30 days",
        "progress above 0",
        "otherwise",
    ),
    "by time": (
        "progress at least 100% of time elapsed",
        "progress at least 90% of time elapsed and due within 30 days",
        "otherwise",
    ),
    "by progress": ("progress at least 12.5 and due within 0 days", "overdue and progress above 0"),
}
