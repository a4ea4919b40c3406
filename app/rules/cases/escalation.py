"""Every condition of an escalation scheme with the number that it looks at varied across its boundary."""

from app.rules.cases.conditions import Tried, tried
from app.rules.cases.tables import Cell

SCORECARD_BASE: dict[str, Cell] = {
    "missed": "3",
    "missed_percent": "25",
    "revenue_variation_percent": "1.5",
    "rating_of_hr": "-4.5",
}
SCORECARDS_TRIED: dict[str, Tried] = {
    "at least N missed": tried("at least 3 missed", "missed", {"3": True, "2": False, None: None}),
    "at least N% missed": tried(
        "at least 25% missed", "missed_percent", {"25": True, "24.9": False, None: None}
    ),
    "revenue variation above N%": tried(
        "revenue variation above 1%", "revenue_variation_percent", {"1.01": True, "1": False, None: None}
    ),
    "rating of SET below N": tried(
        "rating of hr below -2", "rating_of_hr", {"-2.5": True, "-2": False, None: None}
    ),
}
"""By form, a condition and all that it is tried on."""
