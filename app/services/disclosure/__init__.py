"""What is told of counts of people, so that nobody can be singled out; pure, with no database.

Here is what tables and policies are; `protecting` and `proving` work on them, and load a solver.
"""

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
    "steps_between",
]
