"""The rating of a risk, its band on the council's matrix, and how it moved."""

from collections.abc import Iterable
from typing import NamedTuple

from app.rules.nodes import ABSENT, Node, Operand, cases, missing, present
from app.rules.tracing import COUNT, Count, Day, Step, Text, rule
from app.rules.vocabulary import Movement, Treatment


class Band(NamedTuple):
    """A named range of ratings, both ends included."""

    low: int
    high: int
    label: str


@rule
def rating(impact: Count, probability: Count) -> Node:
    """Impact by probability, 1 to 25 on a five by five matrix.

    Source: the risk registers of both Barnet reports.
    """
    return impact * probability


def band(bands: Iterable[Band]) -> Node:
    """The band that a rating falls in, as a tree over the operand `rating`; missing outside all bands."""
    score = Operand("rating", COUNT)
    return cases(*(((score >= low) & (score <= high), label) for low, high, label in bands))


@rule
def movement(now: Count, before: Count) -> Node:
    """Up, unchanged or down since the assessment in the period before; new without one.

    Source: this service's method, from the ratings in the risk registers of both Barnet
    reports.
    """
    return cases(
        (missing(now), ABSENT),
        (missing(before), Movement.new),
        (now > before, Movement.up),
        (now < before, Movement.down),
        otherwise=Movement.unchanged,
    )


@rule
def overdue(target_date: Day, as_of: Day, treatment: Text) -> Node:
    """Whether the date set for the target rating has passed while the risk is still treated.

    Source: the target dates of the risk registers of both Barnet reports; that a terminated
    risk is never late is this service's method.
    """
    return present(target_date) & (target_date < as_of) & ~treatment.among(Treatment.terminate)


STEPS = (
    Step("rating", rating),
    Step("target_rating", rating, {"impact": "target_impact", "probability": "target_probability"}),
    Step("rating_before", rating, {"impact": "impact_before", "probability": "probability_before"}),
    Step("movement", movement, {"now": "rating", "before": "rating_before"}),
    Step("overdue", overdue),
)
"""From an assessment's raw facts to all that its rules derive; bands are the matrix's own."""
