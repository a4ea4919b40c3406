"""Distance from a target and whether it is met, worked by hand."""

from app.rules import indicators as rules
from app.rules.cases.tables import numbers, words
from app.rules.vocabulary import Convention, Polarity, TargetKind

HIGHER, LOWER = Polarity.higher_is_better, Polarity.lower_is_better
CLOSEST, NEITHER = Polarity.closest_to_target, Polarity.contextual
UNSIGNED, SIGNED = Convention.unsigned_relative, Convention.signed_relative
BUDGET, NO_CONVENTION = Convention.relative_to_budget, Convention.none
VALUE, LIMIT, RANGE = TargetKind.value, TargetKind.limit, TargetKind.range
REDUCTION, INCREASE = TargetKind.reduction, TargetKind.increase
NO_INCREASE, NO_DECREASE = TargetKind.no_increase, TargetKind.no_decrease

TARGET_ROUNDED = numbers(
    rules.target_rounded,
    ("a third of the year", "100/3", "33.3333"),
    ("half of the last place", "0.00005", "0.0001"),
    ("no target", None, None),
)
TARGET_DIFFERENCE = numbers(
    rules.target_difference,
    ("Barnet 3002 is 19 points short", "7974400/142903", "75", "-19.1971"),
    ("Barnet 3003 is 6.5 minutes faster", "3.5", "10", "-6.5"),
    ("above", "13", "3", "10"),
    ("no outturn", None, "3", None),
    ("no target", "13", None, None),
    ("the widest", "9223372036854775807", "9223372036854775807", "0"),
)
TARGET_VARIANCE = numbers(
    rules.target_variance,
    ("Barnet 3002 is worse", "7974400/142903", "75", HIGHER, "-25.6"),
    ("Barnet 3003 is better, being lower", "3.5", "10", LOWER, "65.0"),
    ("Barnet absence is worse, being higher", "2083/220", "6", LOWER, "-57.8"),
    ("Barnet paybill, either side is worse", "2032632", "2207784", CLOSEST, "-7.9"),
    ("the other side", "2382936", "2207784", CLOSEST, "-7.9"),
    ("on target", "3", "3", HIGHER, "0.0"),
    ("above a negative target", "-1", "-2", HIGHER, "50.0"),
    ("no percentage of nought", "3", "0", HIGHER, None),
    ("no good direction", "3", "4", NEITHER, None),
    ("no outturn", None, "4", HIGHER, None),
    ("no target", "3", None, HIGHER, None),
)
TARGET_VARIANCE_AS_REPORTED = numbers(
    rules.target_variance_as_reported,
    ("Barnet 3002", "7974400/142903", "75", UNSIGNED, "25.6"),
    ("Barnet 3003", "3.5", "10", UNSIGNED, "65.0"),
    ("Barnet 3004", "169300/2187", "85", UNSIGNED, "8.9"),
    ("Barnet 3005", "355900/5637", "85", UNSIGNED, "25.7"),
    ("Barnet 3007", "3086500/186903", "20", UNSIGNED, "17.4"),
    ("Barnet 3009", "-1400/8983", "2.5", UNSIGNED, "106.2"),
    ("Barnet 3011, unrounded", "49000/22845", "2.5", UNSIGNED, "14.2"),
    ("Barnet 3011, from what is displayed", "2.1", "2.5", UNSIGNED, "16.0"),
    ("Barnet 3013", "13", "3", UNSIGNED, "333.3"),
    ("Barnet 3014", "3", "3", UNSIGNED, "0.0"),
    ("Barnet 5001", "138500/1599", "90", UNSIGNED, "3.8"),
    ("Barnet absence over the year: printed -57.5", "2083/220", "6", SIGNED, "-57.8"),
    ("Barnet absence in the quarter: printed -27.1", "390/213", "1.44", SIGNED, "-27.2"),
    ("Barnet absence returns", "2400/53", "100", SIGNED, "54.7"),
    ("Barnet objectives set", "22000/241", "100", SIGNED, "8.7"),
    ("Barnet paybill", "2032632", "2207784", BUDGET, "-7.9"),
    ("signed, above", "110", "100", SIGNED, "-10.0"),
    ("to budget, above", "110", "100", BUDGET, "10.0"),
    ("unsigned, above", "110", "100", UNSIGNED, "10.0"),
    ("the divisor keeps its sign", "-110", "-100", UNSIGNED, "-10.0"),
    ("not printed", "110", "100", NO_CONVENTION, None),
    ("unknown how it is printed", "110", "100", None, None),
    ("no percentage of nought", "3", "0", UNSIGNED, None),
    ("no outturn", None, "4", SIGNED, None),
    ("no target", "3", None, BUDGET, None),
)
TARGET_MET = words(
    rules.target_met,
    ("Barnet 3002", "7974400/142903", "75", "48.3", HIGHER, VALUE, None, False),
    ("Barnet 3003 is met though its number fell", "3.5", "10", "6.4", LOWER, VALUE, None, True),
    ("Barnet 3014, equal", "3", "3", None, HIGHER, VALUE, None, True),
    ("Thurrock: 60.3 days against 60", "60.3", "60", None, LOWER, VALUE, None, False),
    ("Thurrock: 2.22 days against 2.25", "2.22", "2.25", "9.69", LOWER, VALUE, None, True),
    ("Thurrock: 7:27 minutes against <10", "447", "600", "503", LOWER, LIMIT, None, True),
    ("ten minutes against <10", "600", "600", "503", LOWER, LIMIT, None, False),
    ("eleven minutes against <10", "660", "600", "503", LOWER, LIMIT, None, False),
    ("90 against >90", "90", "90", None, HIGHER, LIMIT, None, False),
    ("91 against >90", "91", "90", None, HIGHER, LIMIT, None, True),
    ("89 against >90", "89", "90", None, HIGHER, LIMIT, None, False),
    ("a limit without a good direction", "91", "90", None, NEITHER, LIMIT, None, None),
    ("a limit to come close to", "91", "90", None, CLOSEST, LIMIT, None, None),
    ("Thurrock: 346 complaints", "346", None, "379", LOWER, REDUCTION, None, True),
    ("Thurrock: 15 incidents", "15", None, "9", LOWER, REDUCTION, None, False),
    ("as many are no reduction", "9", None, "9", LOWER, REDUCTION, None, False),
    ("as many are no increase", "9", None, "9", HIGHER, INCREASE, None, False),
    ("an increase", "10", None, "9", HIGHER, INCREASE, None, True),
    ("Barnet: 51% must not increase from 47%", "51", None, "47", LOWER, NO_INCREASE, None, False),
    ("as many have not increased", "47", None, "47", LOWER, NO_INCREASE, None, True),
    ("fewer have not increased", "46", None, "47", LOWER, NO_INCREASE, None, True),
    ("as many have not decreased", "47", None, "47", HIGHER, NO_DECREASE, None, True),
    ("more have not decreased", "48", None, "47", HIGHER, NO_DECREASE, None, True),
    ("fewer have decreased", "46", None, "47", HIGHER, NO_DECREASE, None, False),
    ("Barnet paybill leaves its range", "2032632", "2207784", None, CLOSEST, RANGE, "5", False),
    ("a range is met at its lower edge", "95", "100", None, CLOSEST, RANGE, "5", True),
    ("a range is met at its upper edge", "105", "100", None, CLOSEST, RANGE, "5", True),
    ("a range is met within", "100", "100", None, HIGHER, RANGE, "5", True),
    ("beyond the edge", "105.0001", "100", None, CLOSEST, RANGE, "5", False),
    ("a range about a negative target", "-105", "-100", None, CLOSEST, RANGE, "5", True),
    ("a range of unknown width", "100", "100", None, CLOSEST, RANGE, None, None),
    ("closest is met on the target", "100", "100", None, CLOSEST, VALUE, None, True),
    ("closest is missed off it", "100.1", "100", None, CLOSEST, VALUE, None, False),
    ("no good direction", "100", "90", None, NEITHER, VALUE, None, None),
    ("no outturn", None, "90", None, HIGHER, VALUE, None, None),
    ("no target", "100", None, None, HIGHER, TargetKind.none, None, None),
    ("a target to come", "100", None, None, HIGHER, TargetKind.future, None, None),
    ("a reduction from the unknown", "100", None, None, LOWER, REDUCTION, None, None),
)

TABLES = (
    TARGET_ROUNDED,
    TARGET_DIFFERENCE,
    TARGET_VARIANCE,
    TARGET_VARIANCE_AS_REPORTED,
    TARGET_MET,
)
