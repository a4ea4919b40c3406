"""Schemes of our own for what councils publish as their method: each as data, with rows it judges."""

from typing import NamedTuple

from app.rules.cases.tables import Cell


class OwnScheme(NamedTuple):
    """Clauses with their codes, and facts with the code that each row must have."""

    clauses: tuple[tuple[str, str], ...]
    rows: tuple[tuple[dict[str, Cell], str], ...]
    actions: bool = False


START = (("no outturn", "no_data"), ("no target", "no_target"))
END = (("otherwise", "missed"),)
OWN: dict[str, OwnScheme] = {
    "pass or fail": OwnScheme(
        (*START, ("met", "met"), *END),
        (
            ({"outturn": "100"}, "met"),
            ({"outturn": "99.9999"}, "missed"),
            ({"outturn": None}, "no_data"),
            ({"target": None}, "no_target"),
            ({"outturn": "100", "target_kind": "limit"}, "missed"),
        ),
    ),
    "three bands by percent of target": OwnScheme(
        (*START, ("met", "met"), ("within 10% of target", "near"), *END),
        (({"outturn": "90"}, "near"), ({"outturn": "89.9999"}, "missed"), ({"outturn": "100"}, "met")),
    ),
    "three bands by points": OwnScheme(
        (*START, ("met", "met"), ("within 2 points of target", "near"), *END),
        (({"outturn": "98"}, "near"), ({"outturn": "97.9"}, "missed"), ({"target": "97.9"}, "missed")),
    ),
    "four bands by share of targeted improvement": OwnScheme(
        (
            *START,
            ("exceeded by more than 0 units", "exceeded"),
            ("met", "met"),
            ("at least 50% of targeted improvement", "near"),
            *END,
        ),
        (
            ({"outturn": "100.1", "previous": "60"}, "exceeded"),
            ({"outturn": "100", "previous": "60"}, "met"),
            ({"outturn": "80", "previous": "60"}, "near"),
            ({"outturn": "79.9", "previous": "60"}, "missed"),
            ({"outturn": "80", "previous": None}, "missed"),
        ),
    ),
    "better than target by a margin": OwnScheme(
        (*START, ("exceeded by more than 5% of target", "exceeded"), ("met", "met"), *END),
        (
            ({"outturn": "105.1"}, "exceeded"),
            ({"outturn": "105"}, "met"),
            ({"outturn": "94", "polarity": "lower_is_better"}, "exceeded"),
            ({"outturn": "95", "polarity": "lower_is_better"}, "met"),
        ),
    ),
    "a dead band for the direction": OwnScheme(
        (*START, ("met", "met"), ("direction not worsened", "near"), *END),
        (
            ({"outturn": "79", "previous": "80", "dead_band_units": "1"}, "near"),
            ({"outturn": "78.9", "previous": "80", "dead_band_units": "1"}, "missed"),
            ({"outturn": "78.4", "previous": "80", "dead_band_percent": "2"}, "near"),
            ({"outturn": "79", "previous": "80"}, "missed"),
        ),
    ),
    "amber only if also improved on last year": OwnScheme(
        (
            *START,
            ("met", "met"),
            ("within 10% of target and improved on same period last year", "near"),
            *END,
        ),
        (
            ({"outturn": "95", "year_earlier": "94"}, "near"),
            ({"outturn": "95", "year_earlier": "95"}, "missed"),
            ({"outturn": "95", "year_earlier": None}, "missed"),
            ({"outturn": "89", "year_earlier": "80"}, "missed"),
        ),
    ),
    "ordered thresholds on percent of target": OwnScheme(
        (
            *START,
            ("at least 110% of target", "exceeded"),
            ("at least 100% of target", "met"),
            ("at least 85% of target", "near"),
            *END,
        ),
        (
            ({"outturn": "110"}, "exceeded"),
            ({"outturn": "109.9"}, "met"),
            ({"outturn": "85"}, "near"),
            ({"outturn": "84.9"}, "missed"),
            ({"outturn": "100", "polarity": "lower_is_better"}, "met"),
            ({"outturn": "117", "polarity": "lower_is_better"}, "near"),
            ({"outturn": "118", "polarity": "lower_is_better"}, "missed"),
        ),
    ),
    "progress against elapsed time": OwnScheme(
        (
            ("cancelled", "cancelled"),
            ("progress at least 100", "completed"),
            ("overdue", "overdue"),
            ("progress at least 90% of time elapsed", "in_progress"),
            ("progress above 0", "warning"),
            ("otherwise", "not_started"),
        ),
        (
            ({"progress": "45", "as_of": "2019-07-01"}, "in_progress"),
            ({"progress": "44", "as_of": "2019-07-01"}, "warning"),
            ({"progress": "100", "as_of": "2019-07-01"}, "completed"),
            ({"progress": "99", "as_of": "2020-01-01"}, "overdue"),
            ({"progress": "0", "as_of": "2019-07-01"}, "not_started"),
            ({"progress": "0", "as_of": "2018-12-31"}, "in_progress"),
        ),
        actions=True,
    ),
}
MEASURE: dict[str, Cell] = {
    "outturn": "80",
    "target": "100",
    "previous": "60",
    "year_earlier": "70",
    "polarity": "higher_is_better",
    "target_kind": "value",
    "range_percent": None,
    "state": "reported",
    "data_only": False,
    "dead_band_percent": None,
    "dead_band_units": None,
}
ACTION: dict[str, Cell] = {
    "progress": "50",
    "start_date": "2018-12-31",
    "due_date": "2019-12-31",
    "as_of": "2019-07-01",
    "cancelled": False,
}
