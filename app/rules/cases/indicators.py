"""Outturn, target, baseline and direction of travel, worked by hand."""

from app.rules import indicators as rules
from app.rules.cases.tables import numbers, words
from app.rules.vocabulary import Baseline, Calculation, Direction, Nature, Polarity

SHARE, AVERAGE = Calculation.share, Calculation.average
GROWTH, DIFFERENCE, GIVEN = Calculation.growth, Calculation.difference, Calculation.given
HIGHER, LOWER = Polarity.higher_is_better, Polarity.lower_is_better
CLOSEST, NEITHER = Polarity.closest_to_target, Polarity.contextual
FLOW, STOCK, CUMULATIVE, RATIO = Nature.flow, Nature.stock, Nature.cumulative, Nature.ratio
PREVIOUS, YEAR_AGO = Baseline.previous_period, Baseline.same_period_last_year
LAST_YEAR, SHARED = Baseline.last_year, Baseline.share_of_last_year

OUTTURN = numbers(
    rules.outturn,
    ("Barnet 3002: calls answered in 20 seconds", None, "159488", "285806", SHARE, "7974400/142903"),
    ("Barnet 3007 is a share, whatever its title", None, "30865", "186903", SHARE, "3086500/186903"),
    ("Barnet 3009 grew by less than nothing", None, "8969", "8983", GROWTH, "-1400/8983"),
    ("Barnet 3011 grew by 2.14%", None, "23335", "22845", GROWTH, "49000/22845"),
    ("Barnet HR: absence days by employee", None, "2083", "220", AVERAGE, "2083/220"),
    ("a difference", None, "12.25", "13", DIFFERENCE, "-0.75"),
    ("a value as the report gives it", "3.5", None, None, GIVEN, "3.5"),
    ("a given value wins over its parts", "3.5", "7", "3", GIVEN, "3.5"),
    ("a printed share without its parts", "81", None, None, SHARE, "81"),
    ("a share that lacks its numerator", "81", None, "5", SHARE, "81"),
    ("a share that lacks its denominator", None, "5", None, SHARE, None),
    ("0 of 9 cases is nought percent", None, "0", "9", SHARE, "0"),
    ("a share of nothing is missing", "81", "0", "0", SHARE, None),
    ("an average over nothing is missing", "81", "5", "0", AVERAGE, None),
    ("growth from nothing is missing", "81", "5", "0", GROWTH, None),
    ("a difference from nothing is not", "81", "5", "0", DIFFERENCE, "5"),
    ("nothing known", None, None, None, SHARE, None),
)
TARGET_NOW = numbers(
    rules.target_now,
    ("a target of the period wins", "3", "100", FLOW, "3", "6", "3"),
    ("a quarter of a year's flow", None, "100", FLOW, "3", "6", "25"),
    ("the year so far of a cumulative", None, "100", CUMULATIVE, "3", "6", "50"),
    ("four months of a flow", None, "100", FLOW, "4", "8", "100/3"),
    ("a stock takes the year's target", None, "35000", STOCK, "3", "3", "35000"),
    ("a ratio takes the year's target", None, "85", RATIO, "3", "6", "85"),
    ("a rolling year too", None, "6", Nature.rolling_year, "3", "6", "6"),
    ("nought is a target", "0", "100", FLOW, "3", "6", "0"),
    ("no target", None, None, FLOW, "3", "6", None),
    ("a flow of unknown length", None, "100", FLOW, None, "6", None),
    ("a cumulative measure of unknown length", None, "100", CUMULATIVE, "3", None, None),
)
BASELINE = numbers(
    rules.baseline,
    ("Thurrock: 17 notices a year", None, "17", SHARED, FLOW, "3", "3", "0", "4"),
    ("Thurrock: 1,516 complaints a year", None, "1516", SHARED, FLOW, "3", "3", "0", "379"),
    ("half of one goes up", None, "6", SHARED, FLOW, "3", "3", "0", "2"),
    ("half of one below nought goes down", None, "-6", SHARED, FLOW, "3", "3", "0", "-2"),
    ("to the decimals of the measure", None, "9.69", SHARED, FLOW, "3", "3", "2", "2.42"),
    ("a cumulative's share so far", None, "9.69", SHARED, CUMULATIVE, "3", "9", "2", "7.27"),
    ("a stated figure wins", "6.4", "17", SHARED, FLOW, "3", "3", "0", "6.4"),
    ("others compare unrounded", None, "100/3", LAST_YEAR, RATIO, "3", "3", "0", "100/3"),
    ("the period before", None, "48.3", PREVIOUS, RATIO, "3", "6", "1", "48.3"),
    ("no basis, no share", None, "17", None, FLOW, "3", "3", "0", "17"),
    ("nothing earlier", None, None, SHARED, FLOW, "3", "3", "0", None),
    ("decimals that no column keeps", None, "17", SHARED, FLOW, "3", "3", "5", None),
)
OUTTURN_ROUNDED = numbers(
    rules.outturn_rounded,
    ("Barnet 3002", "7974400/142903", "1", "55.8"),
    ("Barnet 3009", "-1400/8983", "2", "-0.16"),
    ("Barnet 5001", "138500/1599", "1", "86.6"),
    ("a half goes up", "0.25", "1", "0.3"),
    ("a half below nought goes down", "-0.25", "1", "-0.3"),
    ("just under a half", "2499999999/10000000000", "1", "0.2"),
    ("to whole numbers", "2.5", "0", "3"),
    ("to four places", "1/3", "4", "0.3333"),
    ("more places than are kept", "1/3", "5", None),
    ("no outturn", None, "1", None),
    ("unknown decimals", "55.8", None, None),
    ("the widest that is kept", "9223372036854775807/10000", "4", "922337203685477.5807"),
    ("wider than is kept", "576460752303423488/625", "4", None),
)
OUTTURN_UNROUNDED = numbers(
    rules.outturn_unrounded,
    ("Barnet 3002", "7974400/142903", "55.802887"),
    ("two thirds", "2/3", "0.666667"),
    ("half of the last place goes up", "1/2000000", "0.000001"),
    ("no outturn", None, None),
)
DIRECTION_OF_TRAVEL = words(
    rules.direction_of_travel,
    ("Barnet 3002", "7974400/142903", "48.3", "75", HIGHER, Direction.improved),
    ("Barnet 3003: fewer minutes", "3.5", "6.4", "10", LOWER, Direction.improved),
    ("Barnet 3005", "355900/5637", "81", "85", HIGHER, Direction.worsened),
    ("Barnet 3009: less of a fall", "-1400/8983", "-2.49", "2.5", HIGHER, Direction.improved),
    ("Thurrock: 4 against 17/4", "4", "4", None, NEITHER, Direction.unchanged),
    ("Thurrock: 227 agency staff", "227", "210", "220", LOWER, Direction.worsened),
    ("Thurrock: 1,653 staff", "1653", "1659", None, NEITHER, Direction.fell),
    ("Thurrock: more visits", "24634", "21354", None, NEITHER, Direction.rose),
    ("equal, higher is better", "100", "100", "90", HIGHER, Direction.unchanged),
    ("equal, lower is better", "100", "100", "90", LOWER, Direction.unchanged),
    ("closer from above", "101", "103", "100", CLOSEST, Direction.improved),
    ("further below", "96", "103", "100", CLOSEST, Direction.worsened),
    ("as far on the other side", "97", "103", "100", CLOSEST, Direction.unchanged),
    ("closest, without a target", "97", "103", None, CLOSEST, Direction.not_comparable),
    ("no target is needed otherwise", "97", "103", None, HIGHER, Direction.worsened),
    ("no outturn", None, "103", "100", HIGHER, Direction.not_comparable),
    ("nothing to compare with", "97", None, "100", HIGHER, Direction.not_comparable),
)
DIRECTION_SETTLED = words(
    rules.direction_settled,
    ("no band", "55.9", "55.8", None, Polarity.higher_is_better, None, None, Direction.improved),
    ("no band, level", "55.8", "55.8", None, Polarity.higher_is_better, None, None, Direction.unchanged),
    ("within a point", "56.8", "55.8", None, Polarity.higher_is_better, None, "1", Direction.unchanged),
    ("just beyond it", "56.8001", "55.8", None, Polarity.higher_is_better, None, "1", Direction.improved),
    ("within 2%, down", "98", "100", None, Polarity.lower_is_better, "2", None, Direction.unchanged),
    ("beyond 2%, down", "97.99", "100", None, Polarity.lower_is_better, "2", None, Direction.improved),
    ("2% of a negative figure", "-98", "-100", None, Polarity.contextual, "2", None, Direction.unchanged),
    ("no direction, beyond", "103", "100", None, Polarity.contextual, "2", None, Direction.rose),
    ("closer, within", "101", "102", "100", Polarity.closest_to_target, None, "1", Direction.unchanged),
    (
        "nothing to be close to",
        "101",
        "102",
        None,
        Polarity.closest_to_target,
        None,
        "1",
        Direction.not_comparable,
    ),
    ("nothing before", "101", None, "1", Polarity.higher_is_better, "5", None, Direction.not_comparable),
)
DIRECTION_DIFFERENCE = numbers(
    rules.direction_difference,
    ("Barnet 3002", "7974400/142903", "48.3", "7.5029"),
    ("Barnet 3003: fewer minutes", "3.5", "6.4", "-2.9"),
    ("half of the last place", "0.00005", "0", "0.0001"),
    ("no outturn", None, "5", None),
    ("nothing to compare with", "5", None, None),
)
DIRECTION_VARIANCE = numbers(
    rules.direction_variance,
    ("Barnet 3002", "7974400/142903", "48.3", "15.5"),
    ("Barnet 3003: printed 45.1", "3.5", "6.4", "45.3"),
    ("Barnet 3005: printed 22.0", "355900/5637", "81", "22.1"),
    ("Barnet 3009: printed -93.8", "-1400/8983", "-2.49", "-93.7"),
    ("Barnet 5001", "138500/1599", "88", "1.6"),
    ("unchanged", "5", "5", "0.0"),
    ("from nothing there is no percentage", "5", "0", None),
    ("no outturn", None, "5", None),
    ("nothing to compare with", "5", None, None),
)
DIRECTION_BASIS = words(
    rules.direction_basis,
    ("found in the data", None, "48.3", None, PREVIOUS, PREVIOUS),
    ("stated, with its period", "48.3", None, "2011-12-q1", PREVIOUS, PREVIOUS),
    ("stated, wins over the data", "6.4", "6", "2010-11-q2", YEAR_AGO, YEAR_AGO),
    ("stated, without its period", "48.3", "48", None, PREVIOUS, Baseline.as_stated),
    ("stated, without a basis", "48.3", "48", "2011-12-q1", None, Baseline.as_stated),
    ("nothing earlier", None, None, None, LAST_YEAR, Baseline.none),
    ("a period, but no figure", None, None, "2011-12-q1", LAST_YEAR, Baseline.none),
)

TABLES = (
    OUTTURN,
    TARGET_NOW,
    BASELINE,
    OUTTURN_ROUNDED,
    OUTTURN_UNROUNDED,
    DIRECTION_OF_TRAVEL,
    DIRECTION_SETTLED,
    DIRECTION_DIFFERENCE,
    DIRECTION_VARIANCE,
    DIRECTION_BASIS,
)
