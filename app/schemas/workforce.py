"""Establishment and profiles on the wire. Workforce metrics are observations."""

from typing import Annotated

from app.queries.workforce import WORKFORCE_ESTABLISHMENT, WORKFORCE_PROFILES
from app.schemas.queries import Amount, OfPeriods, Order, Paging, Words
from app.schemas.wire import DecimalText, Disclosed, Page, Wire, example


class EstablishmentQuery(OfPeriods, Paging):
    """What the list of establishment tables may be asked."""

    occupancy_variance_min: Amount | None = None
    """Only rows whose occupancy is over establishment by at least this, in FTE."""
    occupancy_variance_max: Amount | None = None
    """Only rows whose occupancy is over establishment by at most this, in FTE."""
    sort: Annotated[str, Order(WORKFORCE_ESTABLISHMENT)] = "id"
    """The column to sort by."""


class EstablishmentOut(Wire):
    """Posts that exist and posts that are filled, in full-time equivalents to two places.

    The public reads them rounded, and small ones are withheld; totals are of what it reads.
    """

    model_config = example(
        id=160,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        permanent="185.00",
        fixed_term="25.00",
        vacant="25.00",
        occupied_permanent="185.00",
        occupied_fixed_term="25.00",
        occupied_agency="20.00",
        consultants=None,
        casual="300.00",
        establishment_total="235.00",
        occupancy_total="230.00",
        occupancy_variance="-5.00",
        state="suppressed",
    )

    id: int
    """The row's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service."""
    period: str
    """The period."""
    permanent: DecimalText | None
    """Permanent posts."""
    fixed_term: DecimalText | None
    """Fixed-term posts."""
    vacant: DecimalText | None
    """Vacant posts."""
    occupied_permanent: DecimalText | None
    """Posts filled by permanent staff."""
    occupied_fixed_term: DecimalText | None
    """Posts filled by fixed-term staff."""
    occupied_agency: DecimalText | None
    """Posts filled by agency or interim staff."""
    consultants: DecimalText | None
    """Consultants, who count in neither total."""
    casual: DecimalText | None
    """Casual staff, who count in neither total."""
    establishment_total: DecimalText | None
    """Permanent, fixed term and vacant."""
    occupancy_total: DecimalText | None
    """Permanent, fixed term and agency or interim."""
    occupancy_variance: DecimalText | None
    """Occupancy less establishment; negative where posts stand empty."""
    state: Disclosed
    """Whether something of the row is withheld."""


class EstablishmentPage(Page):
    """A page of establishment tables."""

    items: list[EstablishmentOut]
    """The tables."""


class ProfileQuery(OfPeriods, Paging):
    """What the list of profile counts may be asked."""

    dimension: Words = []
    """Only this dimension, such as gender; repeat for more than one."""
    category: Words = []
    """Only this category; repeat for more than one."""
    share_min: Amount | None = None
    """Only categories with at least this share of the base, in percent."""
    share_max: Amount | None = None
    """Only categories with at most this share of the base, in percent."""
    sort: Annotated[str, Order(WORKFORCE_PROFILES)] = "id"
    """The column to sort by."""


class ProfileOut(Wire):
    """How many people of a workforce fall in one category.

    The public reads counts rounded, and small ones are withheld; shares are of what it reads.
    """

    model_config = example(
        id=300,
        organisation="bath-and-north-east-somerset",
        service="customers",
        period="2004-05",
        dimension="gender",
        category="Female",
        headcount="130.00",
        base="160.00",
        share="81.25",
        state="reported",
    )

    id: int
    """The row's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service."""
    period: str
    """The period."""
    dimension: str
    """What the workforce is divided by."""
    category: str
    """The category, in the report's words."""
    headcount: DecimalText | None
    """How many people."""
    base: DecimalText | None
    """How many people the report states in all; it may differ from the sum of the categories."""
    share: DecimalText | None
    """Headcount over base, percent to two places."""
    state: Disclosed
    """Whether something of the row is withheld."""


class ProfilePage(Page):
    """A page of profile counts."""

    items: list[ProfileOut]
    """The counts."""
