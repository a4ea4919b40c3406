"""Establishment and occupancy in full-time equivalents, and shares of a workforce profile."""

from app.rules.nodes import Node, rounded
from app.rules.tracing import Base, Quantity, Step, rule


@rule
def establishment_total(permanent: Quantity, fixed_term: Quantity, vacant: Quantity) -> Node:
    """Posts that exist: permanent, fixed term and vacant, FTE to two places.

    Source: the establishment table of Barnet 2011/12.
    """
    return rounded(permanent + fixed_term + vacant, 2)


@rule
def occupancy_total(
    occupied_permanent: Quantity, occupied_fixed_term: Quantity, occupied_agency: Quantity
) -> Node:
    """Posts that someone fills: permanent, fixed term and agency or interim, FTE to two places.

    Consultants and casual staff stand apart.

    Source: the establishment table of Barnet 2011/12.
    """
    return rounded(occupied_permanent + occupied_fixed_term + occupied_agency, 2)


@rule
def occupancy_variance(
    permanent: Quantity,
    fixed_term: Quantity,
    vacant: Quantity,
    occupied_permanent: Quantity,
    occupied_fixed_term: Quantity,
    occupied_agency: Quantity,
) -> Node:
    """Occupancy less establishment, FTE to two places; negative where posts stand empty.

    Source: the establishment table of Barnet 2011/12.
    """
    return rounded(
        occupied_permanent + occupied_fixed_term + occupied_agency - (permanent + fixed_term + vacant),
        2,
    )


@rule
def share(headcount: Quantity, base: Base) -> Node:
    """A category's share of the stated base, percent to two places.

    The base is stated by the report and may differ from the sum of the categories.

    Source: the workforce profile of Bath and North East Somerset 2004.
    """
    return rounded(100 * headcount / base, 2)


ESTABLISHMENT_STEPS = (
    Step("establishment_total", establishment_total),
    Step("occupancy_total", occupancy_total),
    Step("occupancy_variance", occupancy_variance),
)
"""From the posts of a service to their totals."""
PROFILE_STEPS = (Step("share", share),)
"""From a category's count to its share."""
