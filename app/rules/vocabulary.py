"""The closed lists of words that facts, rules and the API share."""

from enum import StrEnum


class Polarity(StrEnum):
    """Which way a measure is good."""

    higher_is_better = "higher_is_better"
    lower_is_better = "lower_is_better"
    closest_to_target = "closest_to_target"
    contextual = "contextual"


class Nature(StrEnum):
    """What a measure's value is over time; it decides how periods compare."""

    stock = "stock"
    flow = "flow"
    ratio = "ratio"
    average = "average"
    cumulative = "cumulative"
    rolling_year = "rolling_year"


class Calculation(StrEnum):
    """How an outturn follows from a numerator and a denominator."""

    given = "given"
    share = "share"
    average = "average"
    growth = "growth"
    difference = "difference"


class Unit(StrEnum):
    """What a value counts. Yes is 1 and no is 0; a date is its day number, 1 for 0001-01-01."""

    percent = "percent"
    number = "number"
    days = "days"
    pounds = "pounds"
    seconds = "seconds"
    minutes = "minutes"
    yes_no = "yes_no"
    date = "date"
    fte = "fte"
    points = "points"


class State(StrEnum):
    """Why an observation has a value, or has none."""

    reported = "reported"
    awaited = "awaited"
    not_supplied = "not_supplied"
    not_applicable = "not_applicable"
    not_yet_due = "not_yet_due"
    new = "new"
    suppressed = "suppressed"


class Basis(StrEnum):
    """What an observation's value states: what happened, or what the year is expected to give."""

    actual = "actual"
    estimated_full_year = "estimated_full_year"


class TargetKind(StrEnum):
    """What a target asks for."""

    value = "value"
    limit = "limit"
    range = "range"
    reduction = "reduction"
    increase = "increase"
    no_increase = "no_increase"
    no_decrease = "no_decrease"
    none = "none"
    future = "future"


class Baseline(StrEnum):
    """Which earlier value an outturn is compared with."""

    previous_period = "previous_period"
    same_period_last_year = "same_period_last_year"
    last_year = "last_year"
    share_of_last_year = "share_of_last_year"
    as_stated = "as_stated"
    none = "none"


class Convention(StrEnum):
    """How a council prints the variance from a target."""

    unsigned_relative = "unsigned_relative"
    signed_relative = "signed_relative"
    relative_to_budget = "relative_to_budget"
    none = "none"


class Status(StrEnum):
    """Where an outturn stands against its target: the same words for every council."""

    exceeded = "exceeded"
    met = "met"
    near = "near"
    missed = "missed"
    no_data = "no_data"
    no_target = "no_target"
    data_only = "data_only"
    not_rated = "not_rated"


class Direction(StrEnum):
    """Which way an outturn went since its baseline."""

    improved = "improved"
    unchanged = "unchanged"
    worsened = "worsened"
    rose = "rose"
    fell = "fell"
    not_comparable = "not_comparable"


class ActionStatus(StrEnum):
    """Where an action stands on the date its report states."""

    completed = "completed"
    overdue = "overdue"
    warning = "warning"
    in_progress = "in_progress"
    not_started = "not_started"
    cancelled = "cancelled"


class EscalationLevel(StrEnum):
    """How far a council steps in over a service, where its own rule says so; a greater number is further."""

    none = "none"
    level_1 = "level_1"
    level_2 = "level_2"
    level_3 = "level_3"


class Unscored(StrEnum):
    """Why a measure counts nothing in a rating."""

    no_outturn = "no_outturn"
    no_target = "no_target"
    data_only = "data_only"
    no_points = "no_points"
    not_rated = "not_rated"
    no_scheme = "no_scheme"


class BudgetKind(StrEnum):
    """Day-to-day spending, or spending on assets."""

    revenue = "revenue"
    capital = "capital"


class BudgetStatus(StrEnum):
    """Whether a budget line is heading over, under or along its budget."""

    overspend = "overspend"
    on_budget = "on_budget"
    underspend = "underspend"
    no_data = "no_data"


class Movement(StrEnum):
    """Which way a risk's rating went since its assessment in the period before."""

    up = "up"
    unchanged = "unchanged"
    down = "down"
    new = "new"


class Treatment(StrEnum):
    """What is done about a risk."""

    treat = "treat"
    tolerate = "tolerate"
    transfer = "transfer"
    terminate = "terminate"


class Counts(StrEnum):
    """Lists that count people, or the posts that they fill."""

    workforce_profiles = "workforce-profiles"
    workforce_establishment = "workforce-establishment"
    workforce_metrics = "workforce-metrics"
    equalities = "equalities"


class LintKind(StrEnum):
    """What can be wrong with a scheme."""

    gap = "gap"
    overlap = "overlap"
    unreachable = "unreachable"
    wrong_side = "wrong_side"
    zero_target = "zero_target"
    senseless = "senseless"


class FindingKind(StrEnum):
    """Why a printed figure and the derived one differ."""

    input_rounding = "input_rounding"
    published_error = "published_error"
    unknown_input = "unknown_input"
    ambiguous_rule = "ambiguous_rule"
    inconsistent = "inconsistent"
    suspicious = "suspicious"


class Standing(StrEnum):
    """How an outturn compares with somebody else's figure: above or below where neither is good."""

    better = "better"
    same = "same"
    worse = "worse"
    above = "above"
    below = "below"


class NoStanding(StrEnum):
    """Why an outturn does not stand beside another figure."""

    no_value = "no_value"
    units_differ = "units_differ"
    no_outturn = "no_outturn"
    no_target = "no_target"
    polarity_differs = "polarity_differs"
    several_services = "several_services"
    contextual = "contextual"


class SurveyBadge(StrEnum):
    """What a survey says of its target, once chance is allowed for."""

    met_clearly = "met_clearly"
    missed_clearly = "missed_clearly"
    within_sampling_error = "within_sampling_error"
