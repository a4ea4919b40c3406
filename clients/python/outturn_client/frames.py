"""Items as a pandas dataframe; needs the extra `outturn-client[pandas]`."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from attrs import AttrsInstance, fields

from .contract import DECIMALS
from .types import Unset


def frame(
    items: Iterable[AttrsInstance], columns: Sequence[str] | None = None, *, exact: bool = True
) -> pd.DataFrame:
    """A row of each item, and a column of each member or of those that are named, in that order.

    Decimals are `decimal.Decimal`, exactly as published, or with `exact=False` floats, which are quicker to
    reckon with and no longer exact. Codes stay text. Dates are timestamps. What is missing is what pandas has
    for it in such a column: None among decimals, else NaN or NaT.
    """
    number: Callable[[str], Decimal | float] = Decimal if exact else float
    return pd.DataFrame([_row(item, columns, number) for item in items], columns=columns)


def _row(
    item: AttrsInstance, columns: Sequence[str] | None, number: Callable[[str], Decimal | float]
) -> dict[str, object]:
    decimals = DECIMALS.get(type(item).__name__, frozenset())
    names = columns or [member.name for member in fields(type(item)) if member.init]
    return {name: _cell(getattr(item, name), number if name in decimals else None) for name in names}


def _cell(value: Any, number: Callable[[str], Decimal | float] | None) -> object:  # noqa: ANN401 - any member
    match value:
        case Unset():
            return None
        case str() if number:
            return number(value)
        case date():
            return pd.Timestamp(value)
        case list():
            return [_cell(each, None) for each in value]
        case _ if hasattr(value, "to_dict"):
            return value.to_dict()
        case _:
            return value
