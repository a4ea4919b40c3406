"""Rows of figures as printed, kept beside the derived ones."""

from collections.abc import Iterable
from enum import StrEnum

from app.imports.cells import PeriodId
from app.imports.rows import Row
from app.rules.vocabulary import BudgetKind, FindingKind

_BUDGET = {"revised_budget", "variation", "variation_percent", "slippage_percent"}
_ESTABLISHMENT = {"establishment_total", "occupancy_total", "occupancy_variance"}


class PublishedKind(StrEnum):
    """What a printed figure is about."""

    observation = "observation"
    budget_line = "budget_line"
    budget_total = "budget_total"
    scorecard = "scorecard"
    risk = "risk"
    workforce_establishment = "workforce_establishment"
    workforce_profile = "workforce_profile"
    action = "action"
    equality = "equality"


class Role(StrEnum):
    """Whether a figure follows from others, or is the printed text of a raw one."""

    derived = "derived"
    input = "input"


FIELDS: dict[PublishedKind, set[str]] = {
    PublishedKind.observation: {
        "outturn",
        "target_difference",
        "target_variance_as_reported",
        "significant_against_target",
        "significant_against_previous",
        "direction_difference",
        "direction_of_travel",
        "direction_variance",
        "status",
        "previous",
        "target",
        "numerator",
        "denominator",
        "value",
    },
    PublishedKind.budget_line: _BUDGET,
    PublishedKind.budget_total: _BUDGET
    | {"original_budget", "approved_budget", "additions", "slippage", "forecast"},
    PublishedKind.scorecard: {"revenue_variation", "capital_variation"},
    PublishedKind.risk: {"rating", "band", "target_rating", "target_band"},
    PublishedKind.workforce_establishment: _ESTABLISHMENT,
    PublishedKind.workforce_profile: {"share"},
    PublishedKind.action: {"status"},
    PublishedKind.equality: {"variation", "direction_difference"},
}
_LABELLED = {
    PublishedKind.scorecard: ("rating:", "status_count:", "status_percent:"),
    PublishedKind.observation: ("comparator_difference:",),
}
_IN_TWO = (PublishedKind.workforce_profile, PublishedKind.equality)


class PublishedRow(Row):
    """One printed figure, in one place."""

    kind: PublishedKind
    """What the figure is about."""
    subject: str
    """Key of what the figure is about."""
    service: str
    """Slug of the service."""
    period: PeriodId
    """Period of the figure."""
    field: str
    """The derived field that the figure prints."""
    printed: str
    """The figure as printed."""
    place: str
    """Where in the report it stands."""
    role: Role = Role.derived
    """Whether the figure follows from others, or is a raw one."""
    finding_kind: FindingKind | None = None
    """What explains a difference from the derived figure."""
    reason: str | None = None
    """The explanation, in a few words."""

    def _faults(self) -> Iterable[tuple[str, str]]:
        if not self._has_field():
            yield "field", f"is no field of kind {self.kind}"
        if self.kind == PublishedKind.budget_total and self.subject not in set(BudgetKind):
            yield "subject", "is neither revenue nor capital"
        if self.kind in _IN_TWO and "/" not in self.subject:
            yield "subject", "has no slash between its two parts"
        if (self.finding_kind is None) != (self.reason is None):
            yield "reason", "and finding_kind are given together or not at all"

    def _has_field(self) -> bool:
        for label in _LABELLED.get(self.kind, ()):
            if self.field.startswith(label):
                return len(self.field) > len(label)
        return self.field in FIELDS[self.kind]
