"""What the columns of each dataset mean: in the words of the wire model that its list answers with."""

from __future__ import annotations

from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, get_args

from app.feeds.datasets import NAMED
from app.feeds.tables import KEY, Column, Table
from app.queries.exports import columns_of
from app.schemas.actions import ActionOut
from app.schemas.budgets import BudgetVarianceOut
from app.schemas.findings import FindingOut, FindingSubject
from app.schemas.indicators import ObservationOut
from app.schemas.organisations import IndicatorOut
from app.schemas.risks import HeatMapCell, RiskOut
from app.schemas.scorecards.scorecards import ScorecardLink
from app.schemas.workforce import EstablishmentOut, ProfileOut

if TYPE_CHECKING:
    from app.queries.columns import Field
    from app.schemas.wire import Wire

_ROWS: dict[str, type[Wire]] = {
    "observations": ObservationOut,
    "indicators": IndicatorOut,
    "budget-variances": BudgetVarianceOut,
    "risks": RiskOut,
    "risk-heat-map": HeatMapCell,
    "workforce-metrics": ObservationOut,
    "workforce-establishment": EstablishmentOut,
    "workforce-profiles": ProfileOut,
    "actions": ActionOut,
    "scorecards": ScorecardLink,
    "findings": FindingOut,
}
_SUBJECT = {"subject_kind": "kind", "subject_id": "id", "subject": "key", "href": "href"}
"""The columns that a finding's subject has in a table, by the fields that they are."""


@cache
def table_of(dataset: str) -> Table:
    """A dataset as a table, with what each column means."""
    return Table(NAMED[dataset], tuple(_column(dataset, field) for field in columns_of(dataset)))


def _column(dataset: str, field: Field) -> Column:
    """A column; of a text that must be there a CSV does not say whether it is empty or missing."""
    model, name = _ROWS[dataset], field.name
    if model is FindingOut and name in _SUBJECT:
        model, name = FindingSubject, _SUBJECT[name]
    said = model.model_fields[name]
    filled = field.form != "text" or name == KEY
    required = filled and NoneType not in get_args(said.annotation)
    return Column(field, " ".join((said.description or "").split()), required)
