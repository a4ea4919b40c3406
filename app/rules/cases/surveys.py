"""Shares, survey intervals and groups, worked by hand."""

from app.rules import indicators as rules
from app.rules import surveys
from app.rules.cases.tables import numbers, words

INTERVAL_LOW = numbers(
    surveys.interval_low,
    ("Barnet 5001", "1385", "1599", True, "84.9"),
    ("nobody", "0", "20", True, "0.0"),
    ("everybody", "20", "20", True, "83.9"),
    ("two of five", "2", "5", True, "11.8"),
    ("not a survey", "1385", "1599", False, None),
    ("unknown whether a survey", "1385", "1599", None, None),
    ("nobody asked", "0", "0", True, None),
    ("no answers", None, "1599", True, None),
    ("no base", "1385", None, True, None),
    ("far more answers than people", "1600", "15", True, None),
)
INTERVAL_HIGH = numbers(
    surveys.interval_high,
    ("Barnet 5001", "1385", "1599", True, "88.2"),
    ("nobody", "0", "20", True, "16.1"),
    ("everybody", "20", "20", True, "100.0"),
    ("two of five", "2", "5", True, "76.9"),
    ("not a survey", "1385", "1599", False, None),
    ("nobody asked", "0", "0", True, None),
    ("fewer answers than none", "-1600", "15", True, None),
)
SIGNIFICANT = words(
    surveys.significant,
    ("Barnet 5001 against its target", "1385", "1599", True, "90", True),
    ("Barnet 5001 against the year before", "1385", "1599", True, "88", False),
    ("just inside the upper end", "1385", "1599", True, "88.198", False),
    ("just outside the upper end", "1385", "1599", True, "88.1981", True),
    ("just inside the lower end", "1385", "1599", True, "84.8598", False),
    ("just outside the lower end", "1385", "1599", True, "84.8597", True),
    ("everybody, against everybody", "20", "20", True, "100", False),
    ("everybody, on the lower end itself", "20", "20", True, "1250000/14901", False),
    ("nobody, against nobody", "0", "20", True, "0", False),
    ("more than everybody", "20", "20", True, "100.01", True),
    ("not a survey", "1385", "1599", False, "90", None),
    ("unknown whether a survey", "1385", "1599", None, "90", None),
    ("nobody asked", "0", "0", True, "90", None),
    ("no answers", None, "1599", True, "90", None),
    ("no base", "1385", None, True, "90", None),
    ("nothing to hold it against", "1385", "1599", True, None, None),
)
SIGNIFICANCE_BADGE = words(
    surveys.significance_badge,
    ("Barnet 5001 misses 90", "1385", "1599", True, "90", "value", False, "missed_clearly"),
    ("had 82 been asked", "1385", "1599", True, "82", "value", True, "met_clearly"),
    ("had 86 been asked", "1385", "1599", True, "86", "value", True, "within_sampling_error"),
    ("had 88 been asked", "1385", "1599", True, "88", "value", False, "within_sampling_error"),
    ("below a limit, clearly", "1385", "1599", True, "90", "limit", True, "met_clearly"),
    ("everybody of all", "20", "20", True, "100", "value", True, "within_sampling_error"),
    ("a range is not one figure", "1385", "1599", True, "90", "range", False, None),
    ("a target of the future", "1385", "1599", True, "90", "future", False, None),
    ("no target", "1385", "1599", True, None, None, None, None),
    ("a target of no kind", "1385", "1599", True, "90", None, False, None),
    ("neither met nor missed", "1385", "1599", True, "90", "value", None, None),
    ("not a survey", "1385", "1599", False, "90", "value", False, None),
    ("nobody asked", "0", "0", True, "90", "value", False, None),
)
STATUS_SHARE = numbers(
    rules.status_share,
    ("Bath: 9 of 11 green", "9", "11", "82"),
    ("Bath: 2 of 11 not known", "2", "11", "18"),
    ("Bath: none of 11 red", "0", "11", "0"),
    ("Bath: the total", "11", "11", "100"),
    ("a half goes up", "1", "200", "1"),
    ("just under a half", "1", "201", "0"),
    ("of no measures", "0", "0", None),
    ("unknown count", None, "11", None),
    ("unknown total", "9", None, None),
)
GROUP_VARIATION = numbers(
    rules.group_variation,
    ("Barnet: ages 35 to 44", "90", "84", "6"),
    ("Barnet: limiting illness", "73", "84", "-11"),
    ("half a tenth", "84.05", "84", "0.1"),
    ("half a tenth less", "83.95", "84", "-0.1"),
    ("unknown group", None, "84", None),
    ("unknown whole", "90", None, None),
)
SIGNIFICANCE_OF_GROUP = words(
    surveys.significance_of_group,
    ("Barnet: ages 35 to 44", "90", "221", "84", True),
    ("Barnet: ages 55 to 64", "78", "185", "84", True),
    ("Barnet: limiting illness", "60", "162", "51", True),
    ("as far, but fewer asked", "90", "143", "84", False),
    ("as far, and just enough asked", "90", "144", "84", True),
    ("on the end itself", "54.9", "400", "50", False),
    ("just beyond it", "54.9001", "400", "50", True),
    ("as the whole", "84", "221", "84", False),
    ("unknown group", None, "221", "84", None),
    ("unknown number asked", "90", None, "84", None),
    ("unknown whole", "90", "221", None, None),
)

TABLES = (
    INTERVAL_LOW,
    INTERVAL_HIGH,
    SIGNIFICANT,
    SIGNIFICANCE_BADGE,
    STATUS_SHARE,
    GROUP_VARIATION,
    SIGNIFICANCE_OF_GROUP,
)
