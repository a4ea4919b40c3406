"""Exact decimals on both databases: PostgreSQL's NUMERIC, and whole units of the last place on SQLite."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Numeric
from sqlalchemy.types import TypeDecorator

from app.rules.tracing import LINE_MONEY, MEASURE, PERCENT, QUANTITY

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

    from app.rules.nodes import Kind


_DIGITS = 40
"""A number of more digits is too wide for any kind; it is not even worked out."""
_EXACT = Context(prec=2 * _DIGITS, traps=[Inexact])
"""Arithmetic that says so where a number would have to be rounded."""


class Exact(TypeDecorator[Decimal]):
    """A decimal of the width that the rules accept for its kind.

    Raises ValueError for a value that is too wide or has too many places, before it reaches a database.
    """

    impl = Numeric
    cache_ok = True
    kind: Kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Whole units on SQLite, NUMERIC elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        digits = len(str(self.kind.bound)) - 1
        return dialect.type_descriptor(Numeric(digits, self.kind.places))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:  # noqa: ANN401 - as the driver has it
        """Check the width, and count whole units for SQLite."""
        if value is None:
            return None
        units = self._units(value)
        if units is None or abs(units) >= self.kind.bound:
            message = f"{value} is not a {self.kind.name} of {self.kind.places} places at most"
            raise ValueError(message)
        return units if dialect.name == "sqlite" else value

    def _units(self, value: Decimal) -> int | None:
        """Whole units of the last place, worked out without any rounding; None where there are none."""
        if not value.is_finite() or value.adjusted() > _DIGITS:
            return None
        try:
            units = value.scaleb(self.kind.places, _EXACT)
            return int(units.to_integral_exact(context=_EXACT))
        except Inexact:
            return None

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ANN401 - as above
        """A decimal again, with all its places."""
        if value is None:
            return None
        units = Decimal(value)
        return units.scaleb(-self.kind.places) if dialect.name == "sqlite" else units


class MeasureColumn(Exact):
    """An outturn, target or limit, to four places."""

    cache_ok = True
    kind = MEASURE


class QuantityColumn(Exact):
    """A numerator, denominator or FTE, to two places."""

    cache_ok = True
    kind = QUANTITY


class MoneyColumn(Exact):
    """Pounds and pence."""

    cache_ok = True
    kind = LINE_MONEY


class PercentColumn(Exact):
    """Percentage points, to two places."""

    cache_ok = True
    kind = PERCENT
