"""Rows of how small counts of people are kept from being told."""

from collections.abc import Iterable

from app.imports.cells import Whole
from app.imports.rows import Row
from app.rules.vocabulary import Counts

HIGHEST_THRESHOLD = 100
"""What is greater is rather a slip: nearly nothing of a service would be told."""


class DisclosurePolicyRow(Row):
    """From how many people on a council tells the counts of one list, and to which multiple it rounds."""

    counts: Counts
    """The list whose counts it is about."""
    threshold: Whole
    """A count of fewer people is not told; 1 to 100."""
    rounding: Whole
    """Other counts are told as the nearest multiple of this; no more than the threshold."""

    def _faults(self) -> Iterable[tuple[str, str]]:
        if not 1 <= self.threshold <= HIGHEST_THRESHOLD:
            yield "threshold", f"is outside 1 to {HIGHEST_THRESHOLD}"
        if not 1 <= self.rounding <= self.threshold:
            yield "rounding", "is outside 1 to threshold"
