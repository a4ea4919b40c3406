"""The kinds of facts, in the order in which their changes are listed, and what their cells are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app import entities
from app.queries.told import COUNTS, OF_COUNTS, counts_someone
from app.queries.visibility import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, FromClause
    from sqlmodel import SQLModel

_VERSIONED = frozenset(entities.Fact.model_fields)
_PLACED = frozenset({"scheme_clause", "direction_label", "risk_control", "equality_group", "note"})
"""The kinds that state their place; any other has its place from its file, which is no cell of it."""
_RENAMED = {
    ("equality_group", "name"): "group",
    ("note", "kind"): "note_kind",
    ("profile_count", "headcount"): "count",
}
"""What a column is called where a fact is written, if not by its own name."""
_TITLES = ("title", "name", "description")
"""Where a fact that is about no measure or risk has its title, as far as it has one."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of fact: its table, and its address below /v1 if it has one."""

    entity: type[SQLModel]
    path: str | None

    @cached_property
    def table(self) -> FromClause:
        """The versions of facts of this kind."""
        return table(self.entity, "f")

    @cached_property
    def name(self) -> str:
        """What it is called: the name of its table."""
        return str(self.entity.__tablename__)

    @cached_property
    def cells(self) -> Mapping[str, str]:
        """The columns that are cells, each with what it is called where the fact is written."""
        skipped = _VERSIONED if self.name in _PLACED else _VERSIONED | {"position"}
        names = [column.name for column in self.table.c if column.name not in skipped]
        return {name: _RENAMED.get((self.name, name), name.removesuffix("_id")) for name in names}

    @cached_property
    def counts(self) -> frozenset[str]:
        """The cells that may say of people how many there are, and are not for everybody."""
        if self.entity is entities.PublishedFigure:
            return frozenset({"printed", "reason"})
        return frozenset((*COUNTS.get(self.entity, ()), *OF_COUNTS.get(self.entity, ())))

    def counts_someone(self) -> ColumnElement[bool]:
        """Whether these cells of a fact do; of a printed figure, whether what it is about does."""
        columns = self.table.c
        return counts_someone(columns.id if "subject_id" not in columns else columns.subject_id)

    @cached_property
    def references(self) -> frozenset[str]:
        """The columns that hold another fact's id."""
        return frozenset(
            column.name
            for column in self.table.c
            if column.name != "id" and any(key.target_fullname == "subject.id" for key in column.foreign_keys)
        )

    @cached_property
    def title(self) -> str | None:
        """The column that has its title."""
        return next((name for name in _TITLES if name in self.table.c), None)


_TABLE: tuple[tuple[type[SQLModel], str | None], ...] = (
    (entities.Service, "services"),
    (entities.Scheme, "schemes"),
    (entities.SchemeClause, "scheme-clauses"),
    (entities.DirectionLabel, "direction-labels"),
    (entities.RiskMatrixLevel, "risk-matrices"),
    (entities.DisclosurePolicy, "disclosure-policies"),
    (entities.Indicator, "indicators"),
    (entities.Target, "targets"),
    (entities.Observation, "observations"),
    (entities.Comparator, "comparators"),
    (entities.EqualityGroup, "equalities"),
    (entities.Intervention, "interventions"),
    (entities.BudgetLine, "budget-variances"),
    (entities.Risk, None),
    (entities.RiskAssessment, "risks"),
    (entities.RiskControl, "risk-controls"),
    (entities.HeatMapCell, "heat-map-cells"),
    (entities.Establishment, "workforce-establishment"),
    (entities.ProfileCount, "workforce-profiles"),
    (entities.Action, "actions"),
    (entities.Initiative, "initiatives"),
    (entities.Project, "projects"),
    (entities.Note, "notes"),
    (entities.PublishedFigure, "published-figures"),
)
KINDS = {kind.name: kind for kind in (Kind(entity, path) for entity, path in _TABLE)}
"""Each kind by its name. A risk is read at its assessments' address, as of a period."""


def cell(value: Any) -> str | int | None:  # noqa: ANN401 - a column is of any type
    """A column's value as it is written: decimals and days as text."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    plain: str | int | None = value
    return plain
