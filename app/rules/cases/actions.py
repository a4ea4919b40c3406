"""Broxtowe's actions on 10 September 2019, worked by hand."""

from app.rules import actions as rules
from app.rules.cases.tables import words

OVERDUE = words(
    rules.overdue,
    ("due in the past", "2019-03-31", "2019-09-10", True),
    ("due the day before", "2019-09-09", "2019-09-10", True),
    ("due on the day", "2019-09-10", "2019-09-10", False),
    ("due later", "2019-12-31", "2019-09-10", False),
    ("31 April does not exist: no date", None, "2019-09-10", False),
)
PROGRESS_AT_LEAST = words(
    rules.progress_at_least,
    ("done", "100", "100", True),
    ("nearly done", "99.99", "100", False),
    ("begun", "50", "0.01", True),
    ("not begun", "0", "0.01", False),
    ("not known", None, "0", False),
    ("no threshold", "50", None, None),
)

TABLES = (OVERDUE, PROGRESS_AT_LEAST)
