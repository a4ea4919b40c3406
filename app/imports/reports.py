"""A whole report: a folder of CSV files into typed rows, and all there is to say about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.imports.actions import ActionRow, InitiativeRow, InterventionRow, NoteRow, ProjectRow
from app.imports.budgets import BudgetLineRow
from app.imports.checks import (
    colours_without_data,
    contradicted_actions,
    mixed_targets,
    repeated_codes,
    undated_actions,
    uneven_profiles,
)
from app.imports.disclosure import DisclosurePolicyRow
from app.imports.indicators import (
    ComparatorRow,
    EqualityRow,
    IndicatorRow,
    ObservationRow,
    TargetRow,
)
from app.imports.kinds import Kind, kinds_of
from app.imports.organisations import OrganisationRow, ReleaseRow, ServiceRow
from app.imports.problems import Notice, Problem, Remarks
from app.imports.published import PublishedRow
from app.imports.risks import HeatMapRow, RiskControlRow, RiskMatrixRow, RiskRow
from app.imports.schemes import DirectionLabelRow, SchemeClauseRow, SchemeRow
from app.imports.tables import csv_sheet, typed_rows
from app.imports.workforce import EstablishmentRow, ProfileRow
from app.rules.escalation import ESCALATION
from app.rules.judging import Clause
from app.rules.schemes import ACTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The rows of each file, in the order of the file.

    A row with a problem is missing, and the report is then not loaded. Notices say what was
    normalised.
    """

    name: str
    organisation: OrganisationRow | None
    release: ReleaseRow | None
    services: tuple[ServiceRow, ...] = ()
    schemes: tuple[SchemeRow, ...] = ()
    scheme_clauses: tuple[SchemeClauseRow, ...] = ()
    direction_labels: tuple[DirectionLabelRow, ...] = ()
    risk_matrices: tuple[RiskMatrixRow, ...] = ()
    disclosure_policies: tuple[DisclosurePolicyRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    observations: tuple[ObservationRow, ...] = ()
    comparators: tuple[ComparatorRow, ...] = ()
    budget_lines: tuple[BudgetLineRow, ...] = ()
    risks: tuple[RiskRow, ...] = ()
    risk_controls: tuple[RiskControlRow, ...] = ()
    heat_map: tuple[HeatMapRow, ...] = ()
    workforce_establishment: tuple[EstablishmentRow, ...] = ()
    workforce_profiles: tuple[ProfileRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    initiatives: tuple[InitiativeRow, ...] = ()
    projects: tuple[ProjectRow, ...] = ()
    equalities: tuple[EqualityRow, ...] = ()
    interventions: tuple[InterventionRow, ...] = ()
    notes: tuple[NoteRow, ...] = ()
    published: tuple[PublishedRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def judging(self) -> dict[str, tuple[list[Clause], bool]]:
        """The clauses of each scheme that judges rows, in order, and whether those are actions."""
        sets = {row.id: row.measure_set for row in self.schemes}
        found: dict[str, tuple[list[Clause], bool]] = {}
        for row in sorted(self.scheme_clauses, key=lambda row: row.position):
            if sets.get(row.scheme) != ESCALATION and not row.escalates:
                clauses, _ = found.setdefault(row.scheme, ([], sets.get(row.scheme) == ACTIONS))
                clauses.append(Clause(row.condition, row.code, row.label))
        return found

    @property
    def warnings(self) -> tuple[Notice, ...]:
        """What is kept although it looks wrong, as far as one file tells."""
        return (
            *mixed_targets(self.targets),
            *repeated_codes(self.actions),
            *undated_actions(self.actions),
            *uneven_profiles(self.workforce_profiles),
            *contradicted_actions(self.actions, self.published, self.release.as_of if self.release else None),
            *colours_without_data(self.observations, self.targets, self.published),
        )


KINDS: Mapping[str, Kind] = {kind.name: kind for kind in kinds_of(Report)}
"""Every kind of row that a report holds, by its name."""


def read_report(folder: Path) -> Report:
    """Read a report's folder, collecting every problem rather than stopping at the first."""
    files = _Files(folder)
    rows = {kind.field: files.rows(kind) for kind in KINDS.values()}
    return Report(name=folder.name, **rows, problems=files.all_problems(), notices=tuple(files.notices))


class _Files:
    """The files of one folder, read one by one, and what there is to say about them so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unread = {path.name for path in folder.glob("*.csv")}
        self.problems: list[Problem] = []
        self.notices: list[Notice] = []

    def rows(self, kind: Kind) -> Any:  # noqa: ANN401 - one row or a tuple of them, as the field has it
        """What a file gives its field of a report; nothing where the report leaves the file out."""
        remarks, sheet = Remarks(kind.file), None
        if kind.file in self.unread:
            self.unread.remove(kind.file)
            sheet = csv_sheet(self.folder / kind.file, remarks)
        found = kind.found(typed_rows(kind.model, sheet, remarks) if sheet else (), remarks)
        self.problems += remarks.problems
        self.notices += remarks.notices
        return found

    def all_problems(self) -> tuple[Problem, ...]:
        """The problems of every file that was read, and of each that no report has."""
        strangers = (Problem(f, 1, "", "", "is no file of a report") for f in sorted(self.unread))
        return (*self.problems, *strangers)
