"""What is told of counts of people, so that nobody can be singled out; pure, with no database."""

from app.services.disclosure.protecting import protect
from app.services.disclosure.proving import intervals
from app.services.disclosure.rounding import Policy
from app.services.disclosure.tables import (
    Interval,
    Key,
    Published,
    Step,
    Sum,
    Tables,
    UnsafeError,
    steps_between,
)

__all__ = [
    "Interval",
    "Key",
    "Policy",
    "Published",
    "Step",
    "Sum",
    "Tables",
    "UnsafeError",
    "intervals",
    "protect",
    "steps_between",
]
