"""Operands of every kind and of telling widths, and where they stand."""

from app.db.compiler import Column as Place
from app.db.compiler import Dialect
from app.rules.nodes import Kind, Operand
from app.rules.tracing import COUNT, DAY, FLAG, MEASURE, RATIO, TEXT
from tests.rules.readers import WIDEST

EDGE = Operand("edge", Kind("measure", places=0, bound=WIDEST))
HALF_EDGE = Operand("half_edge", Kind("measure", places=0, bound=2**62, signed=False))
UNTIL = Operand("until", Kind("measure", places=0, bound=WIDEST // 10**8))
BEYOND = Operand("beyond", Kind("measure", places=0, bound=WIDEST // 10**8 + 1))
"""The places of a row scale a number up and what is left of them scales its units: so twice."""
X, N, WORD = Operand("x", MEASURE), Operand("n", COUNT), Operand("word", TEXT)
FLAGGED, DUE = Operand("flagged", FLAG), Operand("due", DAY)
FIRST, SECOND = Operand("first", RATIO), Operand("second", RATIO)
PLACES: dict[str, Place] = {
    **{o.name: o.name for o in (EDGE, HALF_EDGE, UNTIL, BEYOND, X, N, WORD, FLAGGED, DUE)},
    **{o.name: (f"{o.name}_top", f"{o.name}_bottom") for o in (FIRST, SECOND)},
}
BOTH: tuple[Dialect, Dialect] = ("sqlite", "postgresql")
