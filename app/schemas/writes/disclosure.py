"""What councils state of their small counts, as it is written."""

from app.rules.vocabulary import Counts
from app.schemas.wire import example
from app.schemas.writes.fields import Few, Stated


class DisclosurePolicyIn(Stated):
    """How a council keeps the small counts of one list from being told, as it is written.

    It holds from the next release of the whole organisation on.
    """

    model_config = example(organisation="thurrock", counts="workforce-profiles", threshold=10, rounding=5)

    counts: Counts
    """The list whose counts it is about; a list has one policy."""
    threshold: Few
    """A count of fewer people is not told. One so low that the others would give it away is refused."""
    rounding: Few
    """Other counts are told as the nearest multiple of this; no more than the threshold."""
