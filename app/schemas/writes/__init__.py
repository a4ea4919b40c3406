"""What may be written, resource by resource: its address, its bodies, and the facts that they state."""

from itertools import starmap
from typing import NamedTuple

from pydantic import BaseModel

from app.imports.actions import ActionRow, InitiativeRow, InterventionRow, NoteRow, ProjectRow
from app.imports.budgets import BudgetLineRow
from app.imports.disclosure import DisclosurePolicyRow
from app.imports.indicators import ComparatorRow, EqualityRow, IndicatorRow, ObservationRow, TargetRow
from app.imports.organisations import ServiceRow
from app.imports.published import PublishedRow
from app.imports.risks import HeatMapRow, RiskControlRow, RiskMatrixRow, RiskRow
from app.imports.rows import Row
from app.imports.schemes import DirectionLabelRow, SchemeClauseRow, SchemeRow
from app.imports.workforce import EstablishmentRow, ProfileRow
from app.schemas.writes.actions import ActionIn, InitiativeIn, InterventionIn, ProjectIn
from app.schemas.writes.budgets import BudgetLineIn
from app.schemas.writes.comparators import ComparatorIn, EqualityIn
from app.schemas.writes.disclosure import DisclosurePolicyIn
from app.schemas.writes.fields import Stated
from app.schemas.writes.indicators import IndicatorIn, ObservationIn, TargetIn
from app.schemas.writes.organisations import ServiceIn
from app.schemas.writes.patches import patch_of
from app.schemas.writes.published import NoteIn, PublishedFigureIn
from app.schemas.writes.risks import HeatMapCellIn, RiskControlIn, RiskIn, RiskMatrixIn
from app.schemas.writes.schemes import DirectionLabelIn, SchemeClauseIn, StatusSchemeIn
from app.schemas.writes.workforce import EstablishmentIn, ProfileIn


class Resource(NamedTuple):
    """One sort of thing that is created, replaced, patched and retired."""

    path: str
    """Its address below /v1."""
    kind: str
    """The kind of fact whose subject its id is. Of a risk that is its assessment; the body states both."""
    model: type[Stated]
    """The body that creates or replaces one."""
    row: type[Row]
    """The row of a file that says the same."""
    shown: str
    """The field that the example of a patch changes."""

    @property
    def patch(self) -> type[BaseModel]:
        """What describes a change to one; always the same model."""
        return patch_of(self.model, self.shown)

    @property
    def singular(self) -> str:
        """What one is called in the names of operations: create_observation."""
        return self.kind.removesuffix("_assessment")


_TABLE = (
    ("services", "service", ServiceIn, ServiceRow, "parent"),
    ("schemes", "scheme", StatusSchemeIn, SchemeRow, "note"),
    ("scheme-clauses", "scheme_clause", SchemeClauseIn, SchemeClauseRow, "points"),
    ("direction-labels", "direction_label", DirectionLabelIn, DirectionLabelRow, "label"),
    ("risk-matrices", "risk_matrix_level", RiskMatrixIn, RiskMatrixRow, "label"),
    ("disclosure-policies", "disclosure_policy", DisclosurePolicyIn, DisclosurePolicyRow, "threshold"),
    ("risks", "risk_assessment", RiskIn, RiskRow, "impact"),
    ("risk-controls", "risk_control", RiskControlIn, RiskControlRow, "percent_complete"),
    ("heat-map-cells", "heat_map_cell", HeatMapCellIn, HeatMapRow, "count"),
    ("indicators", "indicator", IndicatorIn, IndicatorRow, "title"),
    ("targets", "target", TargetIn, TargetRow, "value"),
    ("observations", "observation", ObservationIn, ObservationRow, "numerator"),
    ("comparators", "comparator", ComparatorIn, ComparatorRow, "value"),
    ("equalities", "equality_group", EqualityIn, EqualityRow, "value"),
    ("interventions", "intervention", InterventionIn, InterventionRow, "reason"),
    ("budget-variances", "budget_line", BudgetLineIn, BudgetLineRow, "forecast"),
    ("workforce-establishment", "establishment", EstablishmentIn, EstablishmentRow, "vacant"),
    ("workforce-profiles", "profile_count", ProfileIn, ProfileRow, "count"),
    ("actions", "action", ActionIn, ActionRow, "progress"),
    ("initiatives", "initiative", InitiativeIn, InitiativeRow, "status"),
    ("projects", "project", ProjectIn, ProjectRow, "status"),
    ("notes", "note", NoteIn, NoteRow, "text"),
    ("published-figures", "published_figure", PublishedFigureIn, PublishedRow, "reason"),
)
RESOURCES = {resource.path: resource for resource in starmap(Resource, _TABLE)}
"""Each resource by its address."""
