"""Which services have a scorecard for which periods, and who and when one is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from app.entities import (
    BudgetLine,
    Establishment,
    HeatMapCell,
    Initiative,
    Intervention,
    Note,
    Observation,
    Organisation,
    Period,
    ProfileCount,
    Project,
    Release,
    Risk,
    RiskAssessment,
    Service,
)
from app.queries.columns import fields
from app.queries.listings import Listing
from app.queries.visibility import in_force, of_services, releases_in_force, table, visible
from app.rules.scorecards import Reported

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import ColumnElement, FromClause
    from sqlmodel import SQLModel

    from app.queries.editions import Edition, Reading

ADDRESS = "/v1/scorecards/"
FIELDS = (
    *fields("id organisation service service_name period period_label"),
    *fields("period_start period_end", "date"),
    *fields("observations budget_lines risks", "number"),
    *fields("href"),
)
_COUNTED = ("observations", "budget_lines", "risks")
_OTHER = "other"
_OF_SERVICES: dict[type[SQLModel], str] = {
    Observation: "observations",
    BudgetLine: "budget_lines",
    **dict.fromkeys((Initiative, Intervention, Project, Establishment, ProfileCount, HeatMapCell), _OTHER),
}
"""The facts that name their service themselves."""


class Subject(NamedTuple):
    """Whom and when a scorecard is about, and the revision that it is read at."""

    organisation: str
    organisation_name: str
    area_code: str
    release: int
    release_note: str
    release_as_of: date | None
    revision: int
    service_id: int
    service: str
    service_name: str
    service_kind: str
    lead: str | None
    parent: str | None
    period: str
    period_label: str
    period_start: date
    period_end: date

    @property
    def id(self) -> str:
        """What the scorecard is called among all."""
        return f"{self.organisation}/{self.service}/{self.period}"


def subject_of(reading: Reading, organisation: str, service: str, period: str) -> Subject | None:
    """Whom and when a scorecard would be about; None where no release in force knows of them."""
    v, o, r, s, parent, p = (
        releases_in_force(),
        table(Organisation, "o"),
        table(Release, "r"),
        table(Service, "s"),
        table(Service, "parent"),
        table(Period, "p"),
    )
    statement = (
        select(
            o.c.id,
            o.c.name,
            o.c.area_code,
            v.c.release,
            r.c.note,
            r.c.as_of,
            v.c.revision,
            s.c.id,
            s.c.slug,
            s.c.name,
            s.c.kind,
            s.c.lead,
            parent.c.slug,
            p.c.id,
            *(p.c[name] for name in ("label", "start", "end")),
        )
        .select_from(o)
        .join(v, v.c.organisation_id == o.c.id)
        .join(r, r.c.id == v.c.release)
        .join(s, and_(in_force(s, v), of_services(s.c.id, v)))
        .join(p, p.c.id == period)
        .outerjoin(parent, and_(parent.c.id == s.c.parent_id, visible(parent.c, v.c.revision)))
        .where(o.c.id == organisation, s.c.slug == service)
    )
    found = reading.execute(statement).one_or_none()
    return None if found is None else Subject._make(found)


def reported_periods(reading: Reading, subject: Subject) -> list[Reported]:
    """The periods that a service reports on."""
    p = table(Period, "p")
    there = union_all(*_reported(subject.organisation, subject.service_id)).subquery("there")
    statement = select(p.c.id, p.c.start, p.c.end).join(there, there.c.period == p.c.id).distinct()
    return [Reported._make(row) for row in reading.execute(statement)]


def periods_by_service(reading: Reading, organisation: str) -> dict[str, list[Reported]]:
    """The periods that each service of an organisation reports on, by its slug."""
    p, s, v = table(Period, "p"), table(Service, "s"), releases_in_force()
    there = union_all(*_reported(organisation)).subquery("there")
    statement = (
        select(s.c.slug, p.c.id, p.c.start, p.c.end)
        .select_from(there)
        .join(s, s.c.id == there.c.service_id)
        .join(v, and_(in_force(s, v), of_services(s.c.id, v)))
        .join(p, p.c.id == there.c.period)
        .distinct()
        .order_by(s.c.slug, p.c.end, p.c.start, p.c.id)
    )
    found: dict[str, list[Reported]] = {}
    for slug, *period in reading.execute(statement):
        found.setdefault(slug, []).append(Reported._make(period))
    return found


def scorecard_rows(_: Edition) -> Subquery:
    """Every service and period that anything is reported for, with how much."""
    every = union_all(*_reported()).subquery("every")
    keys = (every.c.service_id, every.c.period)
    counts = [
        cast(func.sum(case((every.c.kind == kind, every.c.rows), else_=0)), BigInteger).label(kind)
        for kind in _COUNTED
    ]
    f = select(*keys, *counts).group_by(*keys).subquery("f")
    v, s, p = releases_in_force(), table(Service, "s"), table(Period, "p")
    row_id = s.c.organisation_id + "/" + s.c.slug + "/" + f.c.period
    return (
        select(
            row_id.label("id"),
            s.c.organisation_id.label("organisation"),
            s.c.slug.label("service"),
            s.c.name.label("service_name"),
            f.c.period,
            p.c.label.label("period_label"),
            p.c.start.label("period_start"),
            p.c.end.label("period_end"),
            *(f.c[kind] for kind in _COUNTED),
            (literal_column(f"'{ADDRESS}'") + row_id).label("href"),
        )
        .select_from(f)
        .join(s, s.c.id == f.c.service_id)
        .join(v, and_(in_force(s, v), of_services(s.c.id, v)))
        .join(p, p.c.id == f.c.period)
        .subquery("r")
    )


def _reported(organisation: str | None = None, service_id: int | None = None) -> Iterator[Select[Any]]:
    """For each kind of fact: how many there are of each service and period, of all or of one."""
    only = (organisation, service_id)
    v = releases_in_force()
    for entity, kind in _OF_SERVICES.items():
        fact = table(entity, "fact")
        yield _counted(kind, fact, fact.c.service_id, only).join(v, in_force(fact, v))
    note, about = table(Note, "note"), table(Service, "about")
    yield (
        _counted(_OTHER, note, note.c.subject_id, only)
        .join(v, in_force(note, v))
        .join(about, and_(about.c.id == note.c.subject_id, visible(about.c, v.c.revision)))
    )
    assessment, risk = table(RiskAssessment, "assessment"), table(Risk, "risk")
    yield (
        _counted("risks", assessment, risk.c.service_id, only)
        .join(v, in_force(assessment, v))
        .join(risk, and_(risk.c.id == assessment.c.risk_id, visible(risk.c, v.c.revision)))
    )


def _counted(
    kind: str, fact: FromClause, service: ColumnElement[Any], only: tuple[str | None, int | None]
) -> Select[Any]:
    statement = (
        select(
            literal_column(f"'{kind}'").label("kind"),
            service.label("service_id"),
            fact.c.period_id.label("period"),
            func.count().label("rows"),
        )
        .select_from(fact)
        .group_by(service, fact.c.period_id)
    )
    organisation, service_id = only
    if organisation is not None:
        statement = statement.where(fact.c.organisation_id == organisation)
    return statement if service_id is None else statement.where(service == service_id)


SCORECARDS = Listing("scorecards", FIELDS, scorecard_rows)
