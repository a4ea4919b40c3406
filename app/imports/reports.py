"""A whole report: a folder of CSV files into typed rows, and all there is to say about them."""

from dataclasses import dataclass
from pathlib import Path

from app.imports.actions import ActionRow, InitiativeRow, InterventionRow, NoteRow, ProjectRow
from app.imports.budgets import BudgetLineRow
from app.imports.checks import mixed_targets, repeated_codes, undated_actions, uneven_profiles
from app.imports.indicators import (
    ComparatorRow,
    EqualityRow,
    IndicatorRow,
    ObservationRow,
    TargetRow,
)
from app.imports.organisations import OrganisationRow, ReleaseRow, ServiceRow
from app.imports.problems import Notice, Problem
from app.imports.published import PublishedRow
from app.imports.risks import HeatMapRow, RiskControlRow, RiskMatrixRow, RiskRow
from app.imports.schemes import DirectionLabelRow, SchemeClauseRow, SchemeRow
from app.imports.tables import R, Remarks, csv_lines, typed_rows
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
        )


def read_report(folder: Path) -> Report:
    """Read a report's folder, collecting every problem rather than stopping at the first."""
    files = _Files(folder)
    return Report(
        name=folder.name,
        organisation=files.only("organisation.csv", OrganisationRow),
        release=files.only("release.csv", ReleaseRow),
        services=files.rows("services.csv", ServiceRow),
        schemes=files.rows("schemes.csv", SchemeRow),
        scheme_clauses=files.rows("scheme_clauses.csv", SchemeClauseRow),
        direction_labels=files.rows("direction_labels.csv", DirectionLabelRow),
        risk_matrices=files.rows("risk_matrices.csv", RiskMatrixRow),
        indicators=files.rows("indicators.csv", IndicatorRow),
        targets=files.rows("targets.csv", TargetRow),
        observations=files.rows("observations.csv", ObservationRow),
        comparators=files.rows("comparators.csv", ComparatorRow),
        budget_lines=files.rows("budget_lines.csv", BudgetLineRow),
        risks=files.rows("risks.csv", RiskRow),
        risk_controls=files.rows("risk_controls.csv", RiskControlRow),
        heat_map=files.rows("heat_map.csv", HeatMapRow),
        workforce_establishment=files.rows("workforce_establishment.csv", EstablishmentRow),
        workforce_profiles=files.rows("workforce_profiles.csv", ProfileRow),
        actions=files.rows("actions.csv", ActionRow),
        initiatives=files.rows("initiatives.csv", InitiativeRow),
        projects=files.rows("projects.csv", ProjectRow),
        equalities=files.rows("equalities.csv", EqualityRow),
        interventions=files.rows("interventions.csv", InterventionRow),
        notes=files.rows("notes.csv", NoteRow),
        published=files.rows("published.csv", PublishedRow),
        problems=files.all_problems(),
        notices=tuple(files.notices),
    )


class _Files:
    """The files of one folder, read one by one, and what there is to say about them so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unread = {path.name for path in folder.glob("*.csv")}
        self.problems: list[Problem] = []
        self.notices: list[Notice] = []

    def rows(self, file: str, model: type[R]) -> tuple[R, ...]:
        """The typed rows of a file; none where the report leaves it out."""
        if file not in self.unread:
            return ()
        self.unread.remove(file)
        remarks = Remarks(file)
        rows = typed_rows(model, csv_lines(self.folder / file, remarks), remarks)
        self.problems += remarks.problems
        self.notices += remarks.notices
        return rows

    def only(self, file: str, model: type[R]) -> R | None:
        """The one row of a file that every report has."""
        before = len(self.problems)
        rows = self.rows(file, model)
        if len(rows) == 1:
            return rows[0]
        if len(self.problems) == before:
            self.problems.append(Problem(file, 1, "", "", f"has {len(rows)} rows; one is needed"))
        return None

    def all_problems(self) -> tuple[Problem, ...]:
        """The problems of every file that was read, and of each that no report has."""
        strangers = (Problem(f, 1, "", "", "is no file of a report") for f in sorted(self.unread))
        return (*self.problems, *strangers)
