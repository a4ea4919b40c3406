"""Every derived figure of the facts in force, ready to be derived again from other inputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select

from app.entities import BudgetLine, EqualityGroup, Service
from app.queries.actions import ACTIONS_LIST
from app.queries.budgets import BUDGET_TOTALS, BUDGET_VARIANCES
from app.queries.findings.contradictions import action_contradiction
from app.queries.findings.derived import (
    Derivation,
    Derivations,
    Lists,
    by_rule,
    columns,
    number,
    schemes_of,
    worded,
)
from app.queries.findings.measures import derive_comparators, derive_measures
from app.queries.risks import RISKS
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.queries.workforce import WORKFORCE_ESTABLISHMENT, WORKFORCE_PROFILES
from app.rules import budgets, indicators, workforce

if TYPE_CHECKING:
    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.queries.findings.derived import SchemeWords


def all_derivations(reading: Reading, owners: Collection[str] | None = None) -> Derivations:
    """Derive every figure that a report may print from the facts in force: of some organisations, or all."""
    found = Derivations()
    if owners is not None and not owners:
        return found
    every = Lists(reading, owners)
    schemes = schemes_of(every)
    derive_measures(found, every, schemes)
    derive_comparators(found, every)
    _budgets(found, every)
    _workforce(found, every)
    _equalities(found, every)
    _as_listed(found, every, schemes)
    return found


_UNITS = {"thousand_pounds": 1000, "pounds": 1}
_MONEY = ("original_budget", "approved_budget", "additions", "slippage", "forecast")
_OF_BUDGETS = {
    "revised_budget": budgets.revised_budget,
    "variation": budgets.variation,
    "variation_percent": budgets.variation_percent,
    "slippage_percent": budgets.slippage_percent,
}


def _budgets(found: Derivations, every: Lists) -> None:
    v, line, s = releases_in_force(), table(BudgetLine, "line"), table(Service, "s")
    about = (line.c.id, line.c.organisation_id, s.c.slug, s.c.id, line.c.period_id, line.c.kind)
    statement = (
        select(*about, line.c.money_unit)
        .join(v, in_force(line, v))
        .join(s, and_(s.c.id == line.c.service_id, visible(s.c, v.c.revision)))
        .where(every.theirs(line))
    )
    units, tables = {}, {}
    for line_id, owner, slug, service, period, kind, money_unit in every.reading.execute(statement):
        units[line_id] = _UNITS[money_unit]
        tables[f"{owner}/{slug}/{period}/{kind}"] = (service, period, _UNITS[money_unit])
    for row in every.rows(BUDGET_VARIANCES):
        for name, derivation in _of_budget(row, units[row["id"]]).items():
            found.figures[row["id"], None, name] = derivation
    for row in every.rows(BUDGET_TOTALS):
        service, period, unit = tables[row["id"]]
        for name, derivation in _of_budget(row, unit).items():
            found.figures[service, period, f"budget_total:{row['kind']}:{name}"] = derivation
            if name == "variation":
                found.figures[service, period, f"scorecard:{row['kind']}_variation"] = derivation


def _of_budget(row: Row, unit: int) -> dict[str, Derivation]:
    facts: dict[str, Any] = {name: number(row[name]) for name in _MONEY}
    facts |= {
        "kind": row["kind"],
        "stated_revised": number(row["revised_budget"]),
        "approved": facts["approved_budget"],
    }
    plain = {
        name: Derivation(facts[name], unit=unit, given=columns(row, name, *_lines(row))) for name in _MONEY
    }
    ruled = {
        name: by_rule(rule, facts, 1 if name.endswith("percent") else unit)
        for name, rule in _OF_BUDGETS.items()
    }
    return plain | ruled


def _lines(row: Row) -> tuple[str, ...]:
    return ("lines",) if "lines" in row else ()


def _workforce(found: Derivations, every: Lists) -> None:
    for row in every.rows(WORKFORCE_PROFILES):
        facts = {"headcount": number(row["headcount"]), "base": number(row["base"])}
        found.figures[row["id"], None, "share"] = by_rule(workforce.share, facts)
    for row in every.rows(WORKFORCE_ESTABLISHMENT):
        for step in workforce.ESTABLISHMENT_STEPS:
            names = (operand.name for operand in step.rule.operands)
            found.figures[row["id"], None, step.field] = Derivation(
                number(row[step.field]), given=columns(row, *names)
            )


def _equalities(found: Derivations, every: Lists) -> None:
    v, group, overall = (
        releases_in_force(),
        table(EqualityGroup, "g"),
        table(EqualityGroup, "overall"),
    )
    same = [group.c[n] == overall.c[n] for n in ("indicator_id", "service_id", "period_id")]
    statement = (
        select(group.c.id, group.c.value, group.c.previous_value, overall.c.value)
        .join(v, in_force(group, v))
        .join(overall, and_(*same, overall.c.position == 1, visible(overall.c, v.c.revision)))
        .where(every.theirs(group))
    )
    for group_id, value, previous, whole in every.reading.execute(statement):
        found.figures[group_id, None, "variation"] = by_rule(
            indicators.group_variation, {"value": value, "overall": whole}
        )
        change = by_rule(indicators.direction_difference, {"outturn": value, "previous": previous})
        if isinstance(change.answer, Fraction):
            found.figures[group_id, None, "direction_difference"] = Derivation(
                abs(change.answer), given=change.given
            )


def _as_listed(found: Derivations, every: Lists, schemes: Mapping[Any, SchemeWords]) -> None:
    """Risks and actions: what the lists show is what is printed."""
    for row in every.rows(RISKS):
        for name in ("rating", "target_rating"):
            aimed = "target_" if name.startswith("target") else ""
            levels = columns(row, f"{aimed}impact", f"{aimed}probability")
            number = None if row[name] is None else Fraction(row[name])
            found.figures[row["id"], None, name] = Derivation(number, given=levels)
            band = str(row[f"{aimed}band"])
            found.figures[row["id"], None, f"{aimed}band"] = worded(band, band, given=levels)
    for row in every.rows(ACTIONS_LIST):
        label = str(row["status_label"])
        codes = schemes[row["organisation"], row["scheme"]].codes
        found.figures[row["id"], None, "status"] = worded(
            label,
            label,
            given=columns(row, "progress", "due_date", "due_text", "as_of", "scheme"),
            contradicts=partial(action_contradiction, row=row, codes=codes),
        )
