"""What councils state of their small counts, on the wire."""

from typing import Annotated

from app.queries.stated import DISCLOSURE_POLICIES
from app.rules.vocabulary import Counts
from app.schemas.queries import Order, Paging, Words
from app.schemas.wire import Page, Wire, example


class DisclosurePolicyQuery(Paging):
    """What the list of policies of small counts may be asked."""

    organisation: Words = []
    """Only policies of this organisation; repeat for more than one."""
    counts: list[Counts] = []
    """Only policies of the counts of this list; repeat for more than one."""
    sort: Annotated[str, Order(DISCLOSURE_POLICIES)] = "id"
    """The column to sort by."""


class DisclosurePolicyOut(Wire):
    """How a council keeps the small counts of one list from being told."""

    model_config = example(
        id=176, organisation="thurrock", counts="workforce-profiles", threshold=10, rounding=5
    )

    id: int
    """The policy's lasting id."""
    organisation: str
    """The organisation whose policy it is."""
    counts: Counts
    """The list whose counts it is about."""
    threshold: int
    """A count of fewer people is not told, nor are others that would give one away."""
    rounding: int
    """Other counts are told as the nearest multiple of this."""


class DisclosurePolicyPage(Page):
    """A page of policies of small counts."""

    items: list[DisclosurePolicyOut]
    """The policies."""
