"""Ratings in points: each measure set's sum, the rows that make it, and the rows that it leaves out."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from app.queries.columns import decimal_text
from app.queries.scorecards.schemes import linked
from app.queries.scorecards.subjects import ADDRESS
from app.rules.explaining import explain
from app.rules.scorecards import (
    Gap,
    Subtotal,
    measure_set_called,
    rating,
    rating_sentence,
    subtotals,
    version_of,
    why_unscored,
)
from app.rules.vocabulary import State
from app.rules.wording import decimal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.columns import Row
    from app.queries.scorecards.schemes import Judging
    from app.queries.scorecards.subjects import Subject
    from app.rules.explaining import Explained

_PLACES = 2


class Rating(NamedTuple):
    """A measure set's rating: its rows, what they add up to and how, and what is left out and why."""

    measure_set: str
    scored: list[Row]
    parts: tuple[Subtotal, ...]
    version: str | None
    account: Explained | None
    left_out: list[tuple[Row, Gap]]
    gaps: list[Gap]

    @property
    def total(self) -> Fraction | None:
        """The sum of points; None where no measure counts."""
        answer = None if self.account is None else self.account.answer
        return answer if isinstance(answer, Fraction) else None

    @property
    def sentence(self) -> str:
        """The rating in plain words."""
        return rating_sentence(self.measure_set, self.total, self.parts, self.gaps)


def ratings_of(rows: Sequence[Row]) -> list[Rating]:
    """The rating of each measure set, in the order of the report."""
    by_set: dict[str, list[Row]] = {}
    for row in rows:
        by_set.setdefault(row["measure_set"], []).append(row)
    return [_rating(measure_set, of_set) for measure_set, of_set in by_set.items()]


def _rating(measure_set: str, rows: Sequence[Row]) -> Rating:
    scored = [row for row in rows if row["status_points"] is not None]
    parts = subtotals((row["status_label"], Fraction(row["status_points"])) for row in scored)
    places = {(part.label, part.points): place for place, part in enumerate(parts)}
    scored.sort(key=lambda row: places[row["status_label"], Fraction(row["status_points"])])
    tree, facts = rating(parts)
    left_out = []
    for row in rows:
        reason = why_unscored(row["status"], row["outturn"], row["scheme"], row["status_points"])
        if reason is not None:
            left_out.append((row, Gap(reason, State(row["state"]), 1)))
    alike = Counter(gap.because for _, gap in left_out)
    first = {gap.because: gap for _, gap in reversed(left_out)}
    gaps = [first[because]._replace(measures=count) for because, count in alike.items()]
    if tree is None:
        return Rating(measure_set, scored, parts, None, None, left_out, gaps)
    return Rating(measure_set, scored, parts, version_of(tree), explain(tree, facts), left_out, gaps)


def written(rating: Rating, subject: Subject, judging: Judging) -> Row:
    """A rating in wire form, with the rows that make it and those that it leaves out."""
    return {
        "measure_set": rating.measure_set,
        "name": measure_set_called(rating.measure_set),
        "href": address(subject, rating.measure_set),
        "scheme": linked(judging.by_set.get(rating.measure_set)),
        "rating": points(rating.total),
        "formula": None if rating.account is None else rating.account.formula,
        "filled": _filled(rating),
        "sentence": rating.sentence,
        "subtotals": [_subtotal(part) for part in rating.parts],
        "scored": [_scored(row) for row in rating.scored],
        "unscored": [_unscored(row, gap) for row, gap in rating.left_out],
    }


def address(subject: Subject, measure_set: str) -> str:
    """Where a rating is explained."""
    return f"{ADDRESS}{subject.id}/ratings/{quote(measure_set)}/explain"


def points(value: Fraction | None) -> str | None:
    """Points in wire form, to the places that schemes give them in."""
    return None if value is None else decimal_text(int(value * 10**_PLACES), _PLACES)


def _filled(rating: Rating) -> str | None:
    if rating.account is None or rating.total is None:
        return None
    return f"{rating.account.filled} = {decimal(rating.total, _PLACES)}"


def _subtotal(part: Subtotal) -> Row:
    return {
        "label": part.label,
        "points": points(part.points),
        "count": part.measures,
        "sum": points(part.sum),
    }


def _named(row: Row) -> Row:
    place = f"/v1/observations/{row['id']}"
    return {
        "observation_id": row["id"],
        "href": place,
        "explain": f"{place}/explain",
        "indicator_key": row["indicator_key"],
        "title": row["title"],
        "status": row["status"],
        "label": row["status_label"],
        "colour": row["status_colour"],
    }


def _scored(row: Row) -> Row:
    return {**_named(row), "points": row["status_points"]}


def _unscored(row: Row, gap: Gap) -> Row:
    return {**_named(row), "reason": gap.reason.value, "state": row["state"], "because": gap.because}
