"""Numbers as they stand in council documents: brackets, thousands commas, marks and signs."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from app.imports.problems import PERCENT_SIGN
from app.rules.nodes import Kind

_NUMBER = re.compile(
    r"(?P<bracket>\()?(?P<minus>-)?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
    r"(?:\.(?P<places>[0-9]+))? ?(?P<sign>[K%])?(?(bracket)\))"
)
_PLAIN = re.compile(r"(?!-0$)-?(0|[1-9][0-9]*)(?:\.([0-9]*[1-9]))?")
"""A number with nothing to normalise, which most are."""
_FOOTNOTE = re.compile(r"(?<=.) ?[*†‡]+$")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MARKDOWN = re.compile(r"(\*\*|__|\*|_)(?P<inside>[^*_]+)\1")
_CLOCK = re.compile(r"[0-9]{1,2}(:[0-9]{2}){1,2}")
_LONGEST = 20
"""Digits before the point beyond which no kind of number fits, so that none is multiplied out."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What may stand in a column of numbers, and how wide a number may be."""

    kind: Kind
    percent: bool = False
    thousands: bool = False
    digits: int = field(init=False)
    """So many before the point are never too wide."""

    def __post_init__(self) -> None:
        limit = self.kind.bound // 10**self.kind.places
        object.__setattr__(self, "digits", len(str(limit)) - 1)


def read_number(text: str, grammar: Grammar) -> tuple[Decimal, list[str]]:
    """The exact number that a cell prints, and what was normalised to read it.

    Raises ValueError with the reason for a cell that is no number of this grammar.
    """
    plain = _PLAIN.fullmatch(text)
    if plain and len(plain[1]) <= grammar.digits and len(plain[2] or "") <= grammar.kind.places:
        return Decimal(text), []
    bare, notes = _without_marks(text)
    found = _NUMBER.fullmatch(bare)
    if not found:
        raise ValueError(_why_not(bare))
    sign = found["sign"]
    if found["bracket"] and found["minus"]:
        raise ValueError("is negative twice: a minus within brackets")
    if (sign == "%" and not grammar.percent) or (sign == "K" and not grammar.thousands):
        raise ValueError(f"has a {sign}, which this column does not take")
    whole = found["whole"].replace(",", "")
    places = (found["places"] or "").rstrip("0")
    if len(whole.lstrip("0")) > _LONGEST:
        raise ValueError(_too_wide(grammar.kind))
    if len(places) > grammar.kind.places + 3 * (sign == "K"):
        raise ValueError(f"has more than {grammar.kind.places} decimal places")
    value = Decimal(f"{whole}.{places}" if places else whole) * (1000 if sign == "K" else 1)
    check_width(value, grammar.kind)
    negative = found["bracket"] or found["minus"]
    return (-value if negative else value), notes + _notes(found)


def check_width(value: Decimal, kind: Kind) -> None:
    """Raise ValueError for a number too wide for its kind, or with too many places."""
    if abs(value) * 10**kind.places >= kind.bound:
        raise ValueError(_too_wide(kind))
    if value * 10**kind.places % 1:
        raise ValueError(f"has more than {kind.places} decimal places")


def _without_marks(text: str) -> tuple[str, list[str]]:
    notes = []
    bare = _TAG.sub("", text).strip()
    if inside := _MARKDOWN.fullmatch(bare):
        bare = inside["inside"].strip()
    if bare != text:
        notes.append("the markup around the number is dropped")
    plain = _FOOTNOTE.sub("", bare)
    if plain != bare:
        notes.append("the footnote mark is dropped")
    return plain, notes


def _notes(found: re.Match[str]) -> list[str]:
    notes = []
    if "," in found["whole"]:
        notes.append("thousands commas are dropped")
    if found["bracket"]:
        notes.append("brackets are read as minus")
    if found["sign"] == "K":
        notes.append("K is read as thousands")
    if found["sign"] == "%":
        notes.append(PERCENT_SIGN)
    return notes


def _why_not(text: str) -> str:
    if _CLOCK.fullmatch(text):
        return "is a clock time; write minutes and seconds as seconds"
    if text[:1].isalpha():
        return "is a word where a number is expected"
    return "is not a number"


def _too_wide(kind: Kind) -> str:
    return f"is too wide: {kind.bound // 10**kind.places} is the limit"
