"""Rows of posts and of the people in them."""

from app.imports.cells import OptionalQuantity, PeriodId, Quantity
from app.imports.rows import Row


class EstablishmentRow(Row):
    """Posts that exist and posts that are filled, in full-time equivalents."""

    service: str
    period: PeriodId
    permanent: OptionalQuantity = None
    fixed_term: OptionalQuantity = None
    vacant: OptionalQuantity = None
    occupied_permanent: OptionalQuantity = None
    occupied_fixed_term: OptionalQuantity = None
    occupied_agency: OptionalQuantity = None
    consultants: OptionalQuantity = None
    casual: OptionalQuantity = None


class ProfileRow(Row):
    """How many people fall in one category, over the base that the report states."""

    service: str
    period: PeriodId
    dimension: str
    category: str
    count: Quantity
    base: Quantity
