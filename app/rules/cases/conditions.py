"""Every condition of the vocabulary with one operand varied across its boundaries, ties included."""

from typing import NamedTuple

from app.rules.cases.tables import Cell
from app.rules.vocabulary import Direction, Polarity, State, TargetKind

HIGHER, LOWER = Polarity.higher_is_better, Polarity.lower_is_better
CLOSEST, NEITHER = Polarity.closest_to_target, Polarity.contextual


class Tried(NamedTuple):
    """A condition, the operand that is varied, whether it holds for each value, and the other facts."""

    condition: str
    varied: str
    holds: dict[Cell, bool | None]
    facts: dict[str, Cell]


def tried(condition: str, varied: str, holds: dict[Cell, bool | None], **facts: Cell) -> Tried:
    """A condition over facts of which one varies."""
    return Tried(condition, varied, holds, facts)


MEASURE_BASE: dict[str, Cell] = {
    "outturn": "80",
    "target": "100",
    "previous": "60",
    "year_earlier": "70",
    "polarity": HIGHER,
    "target_kind": TargetKind.value,
    "state": State.reported,
    "data_only": False,
    "amber_limit": None,
    "amber_strict": False,
    "amber_percent": None,
    "met": False,
    "direction_of_travel": Direction.improved,
}
ACTION_BASE: dict[str, Cell] = {
    "progress": "50",
    "start_date": "2019-09-01",
    "due_date": "2019-09-30",
    "as_of": "2019-09-10",
    "cancelled": False,
}
FIXED = (
    tried("data only", "data_only", {True: True, False: False, None: None}),
    tried("no outturn", "outturn", {None: True, "0": False, "80": False}),
    tried(
        "no outturn: not_supplied",
        "state",
        {State.not_supplied: True, State.awaited: False, State.reported: False},
        outturn=None,
    ),
    tried("no outturn: awaited", "state", {State.awaited: True, State.new: False}, outturn=None),
    tried("no outturn: awaited", "outturn", {"0": False, None: True}, state=State.awaited),
    tried("no target", "target", {None: True, "0": False, "100": False}),
    tried("no target", "previous", {None: False, "60": False}),
    *(
        tried("no target", "previous", {None: True, "0": False}, target=target, target_kind=kind)
        for kind in ("reduction", "increase", "no_increase", "no_decrease")
        for target in (None, "100")
    ),
    tried("no target", "target_kind", {None: True, "limit": True, "none": True}, target=None),
    tried("met", "met", {True: True, False: False, None: None}),
    tried("otherwise", "met", {True: True, False: True, None: False}),
    tried(
        "direction improved",
        "direction_of_travel",
        {word: word == Direction.improved for word in Direction} | {None: None},
    ),
    tried("improved on same period last year", "outturn", {"70": False, "70.1": True, None: None}),
    tried("improved on same period last year", "outturn", {"70": False, "69": True}, polarity=LOWER),
    tried("improved on same period last year", "year_earlier", {"79": True, "80": False, None: None}),
    tried("improved on same period last year", "outturn", {"71": None}, polarity=NEITHER),
    tried(
        "direction not worsened",
        "direction_of_travel",
        {word: word in {"improved", "unchanged"} for word in Direction} | {None: None},
    ),
)
EXCEEDED = (
    tried(
        "exceeded by more than 10% of target",
        "outturn",
        {"110": False, "110.0001": True, "100": False, None: None},
    ),
    tried("exceeded by more than 10% of target", "outturn", {"90": False, "89": True}, polarity=LOWER),
    tried("exceeded by more than 10% of target", "outturn", {"111": False}, polarity=CLOSEST),
    tried("exceeded by more than 10% of target", "outturn", {"111": None}, polarity=NEITHER),
    tried("exceeded by more than 10% of target", "target", {None: None}),
    tried("exceeded by more than 10% of target", "outturn", {"-90": False, "-89": True}, target="-100"),
    tried("exceeded by more than 0% of target", "outturn", {"0": False, "1": True}, target="0"),
    tried("exceeded by more than 2.5 units", "outturn", {"102.5": False, "102.5001": True}),
    tried("exceeded by more than 2.5 units", "outturn", {"97.5": False, "97": True}, polarity=LOWER),
    tried("exceeded by more than 2.5 points", "outturn", {"102.5": False, "102.5001": True}),
)
WITHIN = (
    tried(
        "within 15% of target",
        "outturn",
        {"85": True, "84.9999": False, "100": True, "300": True, None: None},
    ),
    tried("within 15% of target", "outturn", {"115": True, "116": False, "1": True}, polarity=LOWER),
    tried(
        "within 15% of target",
        "outturn",
        {"115": True, "115.1": False, "85": True, "84.9": False},
        polarity=CLOSEST,
    ),
    tried("within 15% of target", "outturn", {"100": None}, polarity=NEITHER),
    tried("within 15% of target", "target", {None: None, "80": True}),
    tried("within 15% of target", "outturn", {"-115": True, "-115.1": False}, target="-100"),
    tried("within 15% of target", "outturn", {"0": True, "-0.0001": False}, target="0"),
    tried("within 0.5% of target", "outturn", {"99.5": True, "99.4999": False}),
    tried("within 2 units of target", "outturn", {"98": True, "97.9999": False, "200": True}),
    tried("within 2 units of target", "outturn", {"102": True, "102.1": False}, polarity=LOWER),
    tried("within 2 units of target", "outturn", {"102": True, "102.1": False}, polarity=CLOSEST),
)
AMBER = (
    tried("within amber limit", "outturn", {"6.5": True, "6.6": False}, polarity=LOWER, amber_limit="6.5"),
    tried("within amber limit", "outturn", {"90": True, "89.9": False}, amber_limit="90"),
    tried(
        "within amber limit",
        "outturn",
        {"90": False, "90.0001": True},
        amber_limit="90",
        amber_strict=True,
    ),
    tried(
        "within amber limit",
        "outturn",
        {"1.55": False, "1.54": True},
        polarity=LOWER,
        amber_limit="1.55",
        amber_strict=True,
    ),
    tried("within amber limit", "amber_strict", {None: True, False: True, True: False}, amber_limit="80"),
    tried("within amber limit", "outturn", {"95": True, "94.9999": False}, amber_percent="5"),
    tried(
        "within amber limit",
        "outturn",
        {"95": True, "94.9": False, "105": True, "105.1": False},
        polarity=CLOSEST,
        amber_percent="5",
    ),
    tried("within amber limit", "outturn", {"95": True}, amber_percent="5", amber_limit="99"),
    tried("within amber limit", "amber_percent", {"5": None}, amber_limit="70", target=None),
    tried("within amber limit", "outturn", {"80": None, None: None}),
    tried("within amber limit", "outturn", {"80": None}, polarity=NEITHER, amber_limit="70"),
)
AT_LEAST = (
    tried("at least 90% of target", "outturn", {"90": True, "89.9999": False, None: None}),
    tried("at least 90% of target", "target", {None: None, "0": True}),
    tried(
        "at least 80% of target",
        "outturn",
        {"125": True, "125.1": False, "0": True},
        polarity=LOWER,
    ),
    tried("at least 80% of target", "outturn", {"80": True, "79": False}, polarity=CLOSEST),
    tried("at least 80% of target", "outturn", {"80": None, "79": None}, polarity=NEITHER),
    tried("at least 0% of target", "target", {None: None, "1": True}),
    tried("at least 0% of target", "outturn", {None: None, "-1": False}),
    tried("at least 0% of target", "outturn", {None: None, "-1": True}, polarity=LOWER),
    tried("at least 60% of targeted improvement", "outturn", {"84": True, "83.9999": False}),
    tried(
        "at least 60% of targeted improvement",
        "outturn",
        {"116": True, "116.1": False, None: None},
        previous="140",
        polarity=LOWER,
    ),
    tried("at least 60% of targeted improvement", "previous", {"100": False, "101": False, None: None}),
    tried("at least 60% of targeted improvement", "target", {None: None}),
    tried("at least 60% of targeted improvement", "outturn", {"100": False}, polarity=CLOSEST),
    tried("at least 60% of targeted improvement", "outturn", {"100": None}, polarity=NEITHER),
    tried("at least 0% of targeted improvement", "outturn", {"60": True, "59.9": False}),
)
TOGETHER = (
    tried(
        "met and direction not worsened",
        "direction_of_travel",
        {Direction.unchanged: True, Direction.worsened: False},
        met=True,
    ),
    tried(
        "met and direction not worsened",
        "direction_of_travel",
        {Direction.unchanged: None, Direction.worsened: False},
        met=None,
    ),
    tried(
        "within 5% of target and at least 80% of targeted improvement and direction improved",
        "outturn",
        {"95": True, "94.9": False},
    ),
)
ACTIONS = (
    tried("cancelled", "cancelled", {True: True, False: False, None: None}),
    tried("overdue", "due_date", {"2019-09-09": True, "2019-09-10": False, None: False}),
    tried("due within 30 days", "due_date", {"2019-10-10": True, "2019-10-11": False, None: False}),
    tried("due within 0 days", "due_date", {"2019-09-10": True, "2019-09-11": False}),
    tried("progress at least 100", "progress", {"100": True, "99.99": False, None: False}),
    tried("progress at least 12.5", "progress", {"12.5": True, "12.49": False}),
    tried(
        "progress at least 100% of time elapsed",
        "progress",
        {"31.03": False, "31.04": True, None: False},
    ),
    tried(
        "progress at least 100% of time elapsed",
        "as_of",
        {"2019-09-15": True, "2019-09-16": False, "2019-08-01": True, "2019-12-01": False},
        due_date="2019-09-29",
    ),
    tried("progress at least 50% of time elapsed", "progress", {"50": True, "49": False}, as_of="2020-01-01"),
    tried("progress at least 50% of time elapsed", "start_date", {None: None, "2019-09-30": False}),
    tried("progress above 0", "progress", {"0": False, "0.01": True, None: False}),
    tried("progress above 12.5", "progress", {"12.5": False, "12.51": True}),
)


def _by_words(*every: Tried) -> dict[str, list[Tried]]:
    found: dict[str, list[Tried]] = {}
    for each in every:
        found.setdefault(each.condition, []).append(each)
    return found


MEASURES_TRIED = _by_words(*FIXED, *EXCEEDED, *WITHIN, *AMBER, *AT_LEAST, *TOGETHER)
ACTIONS_TRIED = _by_words(*ACTIONS)
"""By condition, all that it is tried on."""
