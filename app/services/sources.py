"""Which rows of a report state which kind of fact, and what of them names it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from app.imports.actions import ActionRow, InitiativeRow, InterventionRow, NoteRow, ProjectRow
from app.imports.budgets import BudgetLineRow
from app.imports.disclosure import DisclosurePolicyRow
from app.imports.indicators import (
    ComparatorRow,
    EqualityRow,
    IndicatorRow,
    ObservationRow,
    TargetRow,
)
from app.imports.organisations import ServiceRow
from app.imports.published import PublishedRow
from app.imports.reports import Report
from app.imports.risks import HeatMapRow, RiskControlRow, RiskMatrixRow, RiskRow
from app.imports.rows import Row
from app.imports.schemes import DirectionLabelRow, SchemeClauseRow, SchemeRow
from app.imports.workforce import EstablishmentRow, ProfileRow
from app.services.drafting import Draft
from app.services.drafts import (
    actions,
    budgets,
    disclosure,
    indicators,
    organisations,
    published,
    risks,
    schemes,
    workforce,
)

_MEASURED = ("indicator", "service", "period")
_REPORTED = ("service", "period")
_KEYED = ("key", "service", "period")


class Source(NamedTuple):
    """Where a kind of fact comes from."""

    rows: str
    """The rows of a report that state it."""
    row: type[Row]
    """The type of these."""
    drafts: Callable[[Report], Iterator[Draft]]
    """What makes facts of them, with those of other rows that the report has none of."""
    named_by: tuple[str, ...]
    """The columns that make the natural key; to change one is to speak of another fact."""


def _actions(report: Report) -> Iterator[Draft]:
    """Actions that state the date they speak of, as every body does."""
    return actions.actions(report, date.max)


SOURCES: Mapping[str, Source] = {
    "service": Source("services", ServiceRow, organisations.services, ("name",)),
    "scheme": Source("schemes", SchemeRow, schemes.schemes, ("id",)),
    "scheme_clause": Source("scheme_clauses", SchemeClauseRow, schemes.schemes, ("scheme", "position")),
    "direction_label": Source("direction_labels", DirectionLabelRow, schemes.schemes, ("scheme", "code")),
    "risk_matrix_level": Source("risk_matrices", RiskMatrixRow, risks.matrices, ("matrix", "kind", "code")),
    "disclosure_policy": Source("disclosure_policies", DisclosurePolicyRow, disclosure.policies, ("counts",)),
    "risk_assessment": Source("risks", RiskRow, risks.risks, ("code", "period")),
    "risk_control": Source("risk_controls", RiskControlRow, risks.risks, ("risk",)),
    "heat_map_cell": Source(
        "heat_map", HeatMapRow, risks.matrices, ("matrix", "impact", "probability", *_REPORTED)
    ),
    "indicator": Source("indicators", IndicatorRow, indicators.indicators, ("key",)),
    "target": Source("targets", TargetRow, indicators.figures, _MEASURED),
    "observation": Source("observations", ObservationRow, indicators.figures, _MEASURED),
    "comparator": Source("comparators", ComparatorRow, indicators.beside, (*_MEASURED, "kind", "name")),
    "equality_group": Source("equalities", EqualityRow, indicators.beside, (*_MEASURED, "group")),
    "intervention": Source("interventions", InterventionRow, indicators.interventions, _MEASURED),
    "budget_line": Source("budget_lines", BudgetLineRow, budgets.budget_lines, _KEYED),
    "establishment": Source("workforce_establishment", EstablishmentRow, workforce.workforce, _REPORTED),
    "profile_count": Source(
        "workforce_profiles",
        ProfileRow,
        workforce.workforce,
        (*_REPORTED, "dimension", "category"),
    ),
    "action": Source("actions", ActionRow, _actions, ("key",)),
    "initiative": Source("initiatives", InitiativeRow, actions.undertakings, _KEYED),
    "project": Source("projects", ProjectRow, actions.undertakings, _KEYED),
    "note": Source("notes", NoteRow, actions.notes, ("kind", "subject", "period", "note_kind", "position")),
    "published_figure": Source(
        "published",
        PublishedRow,
        published.published,
        ("kind", "subject", *_REPORTED, "field", "place"),
    ),
}
"""Each kind of fact that is written by itself. A risk is written with its assessments."""


def report_of(kind: str, rows: Iterable[Row]) -> Report:
    """A report that has those rows and no other, and neither an organisation nor a release.

    The checks of a whole report read it as one more file of the same council.
    """
    stated: dict[str, Any] = {SOURCES[kind].rows: tuple(rows)}
    return Report(name="", organisation=None, release=None, **stated)
