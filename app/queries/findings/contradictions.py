"""What a printed word contradicts: dates and progress, an outturn that is not there, a baseline."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from app.queries.findings.found import Check, number_text
from app.rules import indicators
from app.rules.vocabulary import ActionStatus, Direction, FindingKind, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.queries.columns import Row

JUDGED = frozenset({Status.exceeded, Status.met, Status.near, Status.missed})
"""What no measure can be without an outturn and a target."""
_LACKING = frozenset({Status.no_data, Status.no_target})
_WHOLE = 100
_WORDS = {status.replace("_", " "): status for status in ActionStatus} | {"complete": ActionStatus.completed}
"""What an action's status is called where its scheme has no such word."""
_DAY = re.compile(
    r"[0-9]{1,2}[^0-9A-Za-z]+[A-Za-z]{3,9}[^0-9A-Za-z]+[0-9]{2,4}|([0-9]{1,4}[-/.]){2}[0-9]{1,4}"
)
"""A day as reports write it: 31-Apr-2020, 31/4/2020."""


class Contradiction(NamedTuple):
    """What the raw facts say against a printed word, and which check knows it."""

    check: Check
    kind: FindingKind
    reason: str


def colour_contradiction(printed: str, row: Row, codes: Mapping[str, str]) -> Contradiction | None:
    """A status that only an outturn and a target can give, printed where one is lacking."""
    if codes.get(printed.strip().casefold()) not in JUDGED or row["status"] not in _LACKING:
        return None
    outturn = "" if row["outturn"] is not None else f"no outturn ({row['state'].replace('_', ' ')})"
    target = "" if row["target"] is not None else "no target"
    reason = f"{printed} is printed with {' and '.join(filter(None, (outturn, target)))}"
    return Contradiction(Check.colour_without_data, FindingKind.suspicious, reason)


def direction_contradiction(
    printed: str,
    row: Row,
    facts: Mapping[str, Any],
    words: Mapping[tuple[int, str], frozenset[str]],
) -> Contradiction | None:
    """A direction that the baseline does not give, and whether last year's whole does."""
    outturn, previous, earlier = facts["outturn"], facts["previous"], facts["earlier"]
    if outturn is None or previous is None or _directions(printed, facts["scheme_id"], words) is None:
        return None
    went = f"{number_text(outturn)} against {number_text(previous)} {row['direction_of_travel']}"
    reason = f"{went}, by the baseline {row['direction_basis'].replace('_', ' ')} ({row['baseline_period']})"
    if earlier is not None and earlier != previous:
        other = str(indicators.direction_of_travel.read({**facts, "previous": earlier}))
        if printed.strip().casefold() in words.get((facts["scheme_id"], other), ()):
            reason += f"; {printed} fits only {number_text(earlier)}, the figure of the whole earlier period"
    return Contradiction(Check.direction_baseline, FindingKind.published_error, reason)


def _directions(
    printed: str, scheme: int, words: Mapping[tuple[int, str], frozenset[str]]
) -> Direction | None:
    word = printed.strip().casefold()
    return next((each for each in Direction if word in words.get((scheme, each), ())), None)


def action_contradiction(printed: str, row: Row, codes: Mapping[str, str]) -> Contradiction | None:
    """A status of an action that its due date or its progress rules out."""
    word = printed.strip().casefold()
    progress = None if row["progress"] is None else Fraction(row["progress"])
    reason = _ruled_out(codes.get(word) or _WORDS.get(word), row, progress)
    if reason is None:
        return None
    if word not in codes:
        reason += f"; {printed} is no status of the scheme"
    return Contradiction(Check.status_dates, FindingKind.suspicious, f"{printed} {reason}")


def _ruled_out(status: str | None, row: Row, progress: Fraction | None) -> str | None:
    match status:
        case ActionStatus.overdue if row["due_date"] is None and is_day(row["due_text"]):
            return f"though its due date, {row['due_text']}, does not exist"
        case ActionStatus.overdue if row["due_date"] is None:
            return "without a due date"
        case ActionStatus.overdue if row["due_date"] >= row["as_of"]:
            return f"with a due date still to come: {row['due_date']}, after {row['as_of']}"
        case ActionStatus.not_started if progress:
            return f"at {number_text(progress)}%"
        case ActionStatus.completed if progress is not None and progress < _WHOLE:
            return f"at {number_text(progress)}%"
    return None


def is_day(text: str | None) -> bool:
    """Whether a text is written as a day, whether or not there is such a day."""
    return bool(_DAY.fullmatch((text or "").strip()))
