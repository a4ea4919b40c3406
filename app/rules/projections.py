"""What a full year gives if it goes on as it began."""

from __future__ import annotations

from app.rules.indicators import outturn
from app.rules.nodes import Node, cases
from app.rules.tracing import Base, Measure, Months, Quantity, Text, rule
from app.rules.vocabulary import Nature

YEAR = 12
"""The months of a year."""


@rule
def year_end_projection(
    value: Measure,
    numerator: Quantity,
    denominator: Base,
    calculation: Text,
    nature: Text,
    months_elapsed: Months,
) -> Node:
    """What a cumulative measure reaches by the end of the year at its pace so far, in the unit, unrounded.

    Outturn x 12 / months elapsed since April. Missing once the year is over, and for every other
    measure: a flow counts its own period alone, and a stock, a ratio, an average or a rolling year does
    not grow with the year. It is a projection and no outturn: it knows nothing of seasons, nor of
    a whole that is reached before the year is over.

    Source: this service's method: the share of the year that profiled targets take, turned round.
    """
    achieved = outturn(value, numerator, denominator, calculation)
    return cases(
        (nature.among(Nature.cumulative) & (months_elapsed < YEAR), achieved * YEAR / months_elapsed)
    )
