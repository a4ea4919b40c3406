"""Posts and people as they are written."""

from app.schemas.wire import example
from app.schemas.writes.fields import Name, Period, Quantity, Stated


class EstablishmentIn(Stated):
    """Posts that exist and posts that are filled, in full-time equivalents, as they are written."""

    model_config = example(
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        permanent="182.59",
        fixed_term="25.81",
        vacant="26.8",
        occupied_permanent="185.83",
        occupied_fixed_term="26.38",
        occupied_agency="20",
        consultants="0",
        casual="300",
    )

    service: Name
    """The slug of the service."""
    period: Period
    """The period, by id or by label."""
    permanent: Quantity | None = None
    """Permanent posts."""
    fixed_term: Quantity | None = None
    """Fixed-term posts."""
    vacant: Quantity | None = None
    """Vacant posts."""
    occupied_permanent: Quantity | None = None
    """Posts filled by permanent staff."""
    occupied_fixed_term: Quantity | None = None
    """Posts filled by fixed-term staff."""
    occupied_agency: Quantity | None = None
    """Posts filled by agency or interim staff."""
    consultants: Quantity | None = None
    """Consultants, who count in neither total."""
    casual: Quantity | None = None
    """Casual staff, who count in neither total."""


class ProfileIn(Stated):
    """How many people of a workforce fall in one category, as it is written."""

    model_config = example(
        organisation="bath-and-north-east-somerset",
        service="customers",
        period="2004-05",
        dimension="gender",
        category="Female",
        count="131",
        base="158",
    )

    service: Name
    """The slug of the service."""
    period: Period
    """The period, by id or by label."""
    dimension: Name
    """What the workforce is divided by."""
    category: Name
    """The category, in the report's words."""
    count: Quantity
    """How many people."""
    base: Quantity
    """How many people the report states in all; it may differ from the sum of the categories."""
