"""Barnet's establishment and Bath's profiles, worked by hand."""

from app.rules import workforce as rules
from app.rules.cases.tables import numbers

ESTABLISHMENT_TOTAL = numbers(
    rules.establishment_total,
    ("Barnet", "182.59", "25.81", "26.8", "235.20"),
    ("nothing vacant", "182.59", "25.81", "0", "208.4"),
    ("unknown vacancies", "182.59", "25.81", None, None),
    ("unknown fixed term", "182.59", None, "26.8", None),
    ("unknown permanent", None, "25.81", "26.8", None),
)
OCCUPANCY_TOTAL = numbers(
    rules.occupancy_total,
    ("Barnet", "185.83", "26.38", "20", "232.21"),
    ("unknown agency", "185.83", "26.38", None, None),
)
OCCUPANCY_VARIANCE = numbers(
    rules.occupancy_variance,
    ("Barnet", "182.59", "25.81", "26.8", "185.83", "26.38", "20", "-2.99"),
    ("more people than posts", "10", "0", "0", "10", "0", "0.5", "0.5"),
    ("unknown posts", None, "25.81", "26.8", "185.83", "26.38", "20", None),
    ("unknown people", "182.59", "25.81", "26.8", None, "26.38", "20", None),
)
SHARE = numbers(
    rules.share,
    ("Bath: women", "131", "158", "82.91"),
    ("Bath: one person", "1", "158", "0.63"),
    ("Bath: British", "77", "158", "48.73"),
    ("Bath: not registered disabled", "153", "158", "96.84"),
    ("everybody", "158", "158", "100"),
    ("nobody", "0", "158", "0"),
    ("a half goes up", "1", "20000", "0.01"),
    ("no base", "1", "0", None),
    ("unknown base", "1", None, None),
    ("unknown count", None, "158", None),
)

TABLES = (ESTABLISHMENT_TOTAL, OCCUPANCY_TOTAL, OCCUPANCY_VARIANCE, SHARE)
