"""Ratings, bands and movements of risks, worked by hand."""

from app.rules import risks as rules
from app.rules.cases.tables import numbers, words
from app.rules.vocabulary import Movement, Treatment

BARNET_BANDS = (
    rules.Band(1, 3, "Low"),
    rules.Band(4, 6, "Medium Low"),
    rules.Band(8, 12, "Medium High"),
    rules.Band(15, 25, "High"),
)
BARNET_BAND_OF: dict[int | None, str | None] = {
    **dict.fromkeys((1, 2, 3), "Low"),
    **dict.fromkeys((4, 5, 6), "Medium Low"),
    **dict.fromkeys((8, 9, 10, 11, 12), "Medium High"),
    **dict.fromkeys(range(15, 26), "High"),
    **dict.fromkeys((0, 7, 13, 14, 26, None)),
}

RATING = numbers(
    rules.rating,
    ("Barnet ST0072: Major, Almost Certain", "4", "5", "20"),
    ("Barnet ST0081: Catastrophic, Possible", "5", "3", "15"),
    ("Barnet ST0039: Major, Possible", "4", "3", "12"),
    ("its target: Moderate, Unlikely", "3", "2", "6"),
    ("the least", "1", "1", "1"),
    ("no impact", None, "5", None),
    ("no probability", "4", None, None),
)
MOVEMENT = words(
    rules.movement,
    ("rose", "20", "12", Movement.up),
    ("fell", "8", "12", Movement.down),
    ("stayed", "12", "12", Movement.unchanged),
    ("not assessed before", "12", None, Movement.new),
    ("not assessed now", None, "12", None),
    ("never assessed", None, None, None),
)
OVERDUE = words(
    rules.overdue,
    ("Barnet ST0041, still to come", "2011-12-01", "2011-09-30", Treatment.treat, False),
    ("ST0041, a day late", "2011-12-01", "2011-12-02", Treatment.treat, True),
    ("on the day itself", "2011-12-01", "2011-12-01", Treatment.treat, False),
    ("tolerated, and late", "2011-12-01", "2012-12-01", Treatment.tolerate, True),
    ("terminated", "2011-12-01", "2012-12-01", Treatment.terminate, False),
    ("no target date", None, "2012-12-01", Treatment.treat, False),
)

TABLES = (RATING, MOVEMENT, OVERDUE)
