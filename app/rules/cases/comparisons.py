"""Figures beside those of others, worked by hand."""

from app.rules import comparisons as rules
from app.rules.cases.tables import numbers, words

HIGHER, LOWER = "higher_is_better", "lower_is_better"
CLOSEST, CONTEXTUAL = "closest_to_target", "contextual"
BARNET_3002 = "7974400/142903"

COMPARABLE = numbers(
    rules.comparable,
    ("in the unit of the measure", "86.46", True, "86.46"),
    ("in another unit", "603", False, None),
    ("in a unit that is not stated", "603", None, None),
    ("no figure", None, True, None),
)
COMPARATOR_DIFFERENCE = numbers(
    rules.comparator_difference,
    ("Barnet 3002 beside Cumbria", BARNET_3002, "86.46", "-30.6571"),
    ("Barnet 3002 beside Dacorum", BARNET_3002, "45.01", "10.7929"),
    ("the same", "9", "9", "0"),
    ("no outturn", None, "9", None),
    ("no comparator", "9", None, None),
)
STANDING = words(
    rules.standing,
    ("Barnet 3002 beside Cumbria", BARNET_3002, "86.46", "75", HIGHER, "worse"),
    ("Barnet 3002 beside Dacorum", BARNET_3002, "45.01", "75", HIGHER, "better"),
    ("Barnet: days lost beside the council's", "7.4", "8.1", "6", LOWER, "better"),
    ("Barnet: days lost in the quarter", "1.9", "1.8", None, LOWER, "worse"),
    ("equal to the last place", "8.1", "8.1", None, LOWER, "same"),
    ("a hair's breadth better", "8.0999", "8.1", None, LOWER, "better"),
    ("closer to the target from below", "-2", "3", "0", CLOSEST, "better"),
    ("further from the target", "-4", "3", "0", CLOSEST, "worse"),
    ("as far from the target on the other side", "-3", "3", "0", CLOSEST, "same"),
    ("close to no target", "-3", "3", None, CLOSEST, None),
    ("Barnet: staff beside the population", "32.8", "33.1", None, CONTEXTUAL, "below"),
    ("more, where more is neither", "34", "33.1", None, CONTEXTUAL, "above"),
    ("the same, where neither is good", "33.1", "33.1", None, CONTEXTUAL, "same"),
    ("no outturn", None, "8.1", "6", LOWER, None),
    ("no comparator", "7.4", None, "6", LOWER, None),
)
STANDING_REASON = words(
    rules.standing_reason,
    ("it has one", "7.4", "8.1", True, None, LOWER, None),
    ("no comparator", "7.4", None, True, None, LOWER, "no_value"),
    ("minutes beside seconds", "7.4", "444", False, None, LOWER, "units_differ"),
    ("a unit that is not stated", "7.4", "444", None, None, LOWER, "units_differ"),
    ("no outturn", None, "8.1", True, None, LOWER, "no_outturn"),
    ("no target to be close to", "-3", "3", True, None, CLOSEST, "no_target"),
    ("a target to be close to", "-3", "3", True, "0", CLOSEST, None),
    ("neither figure", None, None, True, None, LOWER, "no_value"),
)
LAG_MONTHS = numbers(
    rules.lag_months,
    ("September 2011 after June 2011", "24141", "24138", "3"),
    ("September 2004 after March 2003", "24057", "24039", "18"),
    ("the same month", "24141", "24141", "0"),
    ("the comparator is later", "24138", "24141", "-3"),
    ("a period that cannot be read", "24141", None, None),
    ("a period that is not known", None, "24141", None),
)
PEER_REASON = words(
    rules.peer_reason,
    ("it is compared", "7.4", None, LOWER, True, True, True, None),
    ("no outturn", None, None, LOWER, True, True, True, "no_outturn"),
    ("minutes beside seconds", "7.4", None, LOWER, False, True, True, "units_differ"),
    ("a unit that is not stated", "7.4", None, LOWER, None, True, True, "units_differ"),
    ("good the other way", "7.4", None, LOWER, True, False, True, "polarity_differs"),
    ("unknown which way is good", "7.4", None, LOWER, True, None, True, "polarity_differs"),
    ("two services of one council", "7.4", None, LOWER, True, True, False, "several_services"),
    ("unknown how many services", "7.4", None, LOWER, True, True, None, "several_services"),
    ("no target to be close to", "-3", None, CLOSEST, True, True, True, "no_target"),
    ("a target to be close to", "-3", "0", CLOSEST, True, True, True, None),
    ("neither good nor bad", "-3", None, CONTEXTUAL, True, True, True, None),
)
MERIT = numbers(
    rules.merit,
    ("more is better", "7.4", None, HIGHER, "7.4"),
    ("less is better", "7.4", None, LOWER, "-7.4"),
    ("a third, to six places", "1/3", None, LOWER, "-0.333333"),
    ("above the target", "3", "1", CLOSEST, "-2"),
    ("below the target", "-3", "1", CLOSEST, "-4"),
    ("on the target", "1", "1", CLOSEST, "0"),
    ("no target to be close to", "1", None, CLOSEST, None),
    ("neither is good", "1", "1", CONTEXTUAL, None),
    ("no outturn", None, "1", HIGHER, None),
)
QUARTILE = numbers(
    rules.quartile,
    ("the first of four", "1", "4", "1"),
    ("the second of four", "2", "4", "2"),
    ("the third of four", "3", "4", "3"),
    ("the last of four", "4", "4", "4"),
    ("the first of five", "1", "5", "1"),
    ("the second of five", "2", "5", "2"),
    ("the third of five", "3", "5", "3"),
    ("the fourth of five", "4", "5", "4"),
    ("the fifth of twenty", "5", "20", "1"),
    ("the sixth of twenty", "6", "20", "2"),
    ("the first of three", "1", "3", None),
    ("no rank", None, "9", None),
    ("of nobody knows how many", "1", None, None),
)
GROUP_DIFFERS = words(
    rules.group_differs,
    ("Barnet: ages 35 to 44", "90", "221", "84", "percent", True),
    ("as far, but fewer asked", "90", "143", "84", "percent", False),
    ("marks out of ten", "9", "221", "8.4", "points", None),
    ("unknown group", None, "221", "84", "percent", None),
    ("unknown whole", "90", "221", None, "percent", None),
)

TABLES = (
    COMPARABLE,
    COMPARATOR_DIFFERENCE,
    STANDING,
    STANDING_REASON,
    LAG_MONTHS,
    PEER_REASON,
    MERIT,
    QUARTILE,
    GROUP_DIFFERS,
)
