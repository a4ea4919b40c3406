"""Rows of posts and of the people in them."""

from typing import ClassVar

from app.imports.cells import OptionalQuantity, PeriodId, Quantity
from app.imports.rows import Aliases, Row


class EstablishmentRow(Row):
    """Posts that exist and posts that are filled, in full-time equivalents."""

    service: str
    """Slug of the service."""
    period: PeriodId
    """Period or day of the count."""
    permanent: OptionalQuantity = None
    """Permanent posts, in full-time equivalents."""
    fixed_term: OptionalQuantity = None
    """Fixed term posts, in full-time equivalents."""
    vacant: OptionalQuantity = None
    """Vacant posts, in full-time equivalents."""
    occupied_permanent: OptionalQuantity = None
    """Permanent staff in post, in full-time equivalents."""
    occupied_fixed_term: OptionalQuantity = None
    """Fixed term staff in post, in full-time equivalents."""
    occupied_agency: OptionalQuantity = None
    """Agency and interim staff, in full-time equivalents."""
    consultants: OptionalQuantity = None
    """Consultants, in full-time equivalents."""
    casual: OptionalQuantity = None
    """Casual staff, in full-time equivalents."""


class ProfileRow(Row):
    """How many people fall in one category, over the base that the report states."""

    aliases: ClassVar[Aliases] = {
        "count": ("headcount",),
    }

    service: str
    """Slug of the service."""
    period: PeriodId
    """Period or day of the count."""
    dimension: str
    """What people are counted by, as gender."""
    category: str
    """Which of them the row counts."""
    count: Quantity
    """How many people."""
    base: Quantity
    """Out of how many people."""
