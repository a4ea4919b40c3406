"""Budget lines of both Barnet reports and of Thurrock's, worked by hand, in pounds."""

from app.rules import budgets as rules
from app.rules.cases.tables import numbers, words
from app.rules.vocabulary import BudgetKind, BudgetStatus

REVENUE, CAPITAL = BudgetKind.revenue, BudgetKind.capital
OVER, UNDER = BudgetStatus.overspend, BudgetStatus.underspend
LEVEL, UNKNOWN = BudgetStatus.on_budget, BudgetStatus.no_data

REVISED_BUDGET = numbers(
    rules.revised_budget,
    ("Barnet capital 2011/12", CAPITAL, None, "1373000", "0", "-43000", "1330000"),
    ("Barnet capital 2013/14", CAPITAL, None, "4608000", "17100000", "-3353000", "18355000"),
    ("revenue is as stated", REVENUE, "2299000", "1", "2", "3", "2299000"),
    ("capital is worked out", CAPITAL, "5", "1", "2", "3", "6"),
    ("to the penny", CAPITAL, None, "0.01", "0.02", "-0.04", "-0.01"),
    ("revenue without a budget", REVENUE, None, "1", "2", "3", None),
    ("no approved budget", CAPITAL, "5", None, "2", "3", None),
    ("unknown additions", CAPITAL, "5", "1", None, "3", None),
    ("unknown slippage", CAPITAL, "5", "1", "2", None, None),
)
VARIATION = numbers(
    rules.variation,
    ("Barnet 2011/12: posts vacant", REVENUE, "2299000", None, None, None, "2223000", "-76000"),
    ("Barnet 2011/12: libraries", REVENUE, "5738000", None, None, None, "5796000", "58000"),
    ("Barnet 2013/14: commercial", REVENUE, "765000", None, None, None, "1040000", "275000"),
    ("Thurrock: on budget", REVENUE, "401244", None, None, None, "401244", "0"),
    ("capital 2011/12", CAPITAL, None, "1373000", "0", "-43000", None, "-43000"),
    ("2013/14", CAPITAL, None, "4608000", "17100000", "-3353000", "18355000", "13747000"),
    ("a forecast wins over the revised", CAPITAL, None, "100", "10", "-5", "120", "20"),
    ("and needs no movements", CAPITAL, None, "100", None, None, "120", "20"),
    ("both movements count", CAPITAL, None, "100", "10", "-25", None, "-15"),
    ("no approved budget", CAPITAL, "100", None, "10", "-5", None, None),
    ("no approved budget for a forecast", CAPITAL, "100", None, "10", "-5", "120", None),
    ("unknown additions", CAPITAL, "100", "100", None, "-5", None, None),
    ("unknown slippage", CAPITAL, "100", "100", "10", None, None, None),
    ("no revised budget", REVENUE, None, "100", "10", "-5", "120", None),
    ("no forecast", REVENUE, "100", "100", "10", "-5", None, None),
)
VARIATION_PERCENT = numbers(
    rules.variation_percent,
    ("Barnet 2011/12: directors", REVENUE, "652000", "652000", "0.0"),
    ("Barnet 2011/12: assistant chief executive", REVENUE, "2299000", "2223000", "-3.3"),
    ("Barnet 2011/12: grants", REVENUE, "826000", "831000", "0.6"),
    ("Barnet 2011/12: libraries", REVENUE, "5738000", "5796000", "1.0"),
    ("Barnet 2011/12: customer services", REVENUE, "1784000", "1814000", "1.7"),
    ("Barnet 2011/12: total", REVENUE, "11299000", "11316000", "0.2"),
    ("Barnet 2013/14: commissioning", REVENUE, "1571000", "1527000", "-2.8"),
    ("Barnet 2013/14: commercial", REVENUE, "765000", "1040000", "35.9"),
    ("Barnet 2013/14: strategy", REVENUE, "438000", "455000", "3.9"),
    ("Barnet 2013/14: total", REVENUE, "7460000", "7707000", "3.3"),
    ("income: more of it is an underspend", REVENUE, "-1000", "-1100", "10.0"),
    ("a half goes up", REVENUE, "2000", "2001", "0.1"),
    ("a half below nought goes down", REVENUE, "2000", "1999", "-0.1"),
    ("no percentage of nought", REVENUE, "0", "5", None),
    ("not for capital", CAPITAL, "652000", "652000", None),
    ("no budget", REVENUE, None, "652000", None),
    ("no forecast", REVENUE, "652000", None, None),
)
SLIPPAGE_PERCENT = numbers(
    rules.slippage_percent,
    ("Barnet 2011/12", CAPITAL, "-43000", "1373000", "-3"),
    ("Barnet 2013/14: not of the variance", CAPITAL, "-3353000", "4608000", "-73"),
    ("accelerated spend", CAPITAL, "25", "1000", "3"),
    ("no slippage", CAPITAL, "0", "1000", "0"),
    ("no percentage of nought", CAPITAL, "5", "0", None),
    ("not for revenue", REVENUE, "-43000", "1373000", None),
    ("unknown slippage", CAPITAL, None, "1373000", None),
    ("no approved budget", CAPITAL, "-43000", None, None),
)
BUDGET_STATUS = words(
    rules.budget_status,
    ("Barnet 2011/12: libraries", REVENUE, "5738000", None, None, None, "5796000", OVER),
    ("Barnet 2011/12: posts vacant", REVENUE, "2299000", None, None, None, "2223000", UNDER),
    ("Thurrock", REVENUE, "401244", None, None, None, "401244", LEVEL),
    ("a penny over", REVENUE, "100", None, None, None, "100.01", OVER),
    ("a penny under", REVENUE, "100", None, None, None, "99.99", UNDER),
    ("capital slips", CAPITAL, None, "1373000", "0", "-43000", None, UNDER),
    ("capital grows", CAPITAL, None, "4608000", "17100000", "-3353000", "18355000", OVER),
    ("no forecast", REVENUE, "100", None, None, None, None, UNKNOWN),
    ("no approved budget", CAPITAL, "100", None, "10", "-5", None, UNKNOWN),
)

TABLES = (REVISED_BUDGET, VARIATION, VARIATION_PERCENT, SLIPPAGE_PERCENT, BUDGET_STATUS)
