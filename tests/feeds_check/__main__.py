"""Have others judge the feeds of a service with the demo, and show that they tell a broken one.

`python -m tests.feeds_check` runs every check, or those whose names have one of the words given. Its
judges are put in place at the first run; from then on it asks nothing of any other machine. The exit
status is 1 where a check failed; a judge that is not here is told of, and fails nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.feeds_check import catalogue, files
from tests.feeds_check.checks import Check, verdicts
from tests.feeds_check.services import served

CHECKS: list[Check] = [*catalogue.CHECKS, *files.CHECKS]
"""Every check."""


def main() -> int:
    """Run what was asked for, and report."""
    options = argparse.ArgumentParser(prog="python -m tests.feeds_check", description=__doc__)
    options.add_argument("words", nargs="*", help="run the checks whose names have one of these words")
    words: list[str] = options.parse_args().words
    chosen = [check for check in CHECKS if not words or any(word in check.name for word in words)]
    count: Counter[str] = Counter()
    with served() as address:
        for check in chosen:
            for verdict in verdicts(check, address):
                sys.stdout.write(str(verdict))
                sys.stdout.flush()
                count[verdict.word] += 1
    sys.stdout.write(", ".join(f"{number} {word}" for word, number in sorted(count.items())) + "\n")
    return int(count["failed"] > 0)


sys.exit(main())
