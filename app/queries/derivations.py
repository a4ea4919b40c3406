"""Every derived figure of the facts in force, ready to be derived again from other inputs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import and_, func, select

from app.entities import (
    BudgetLine,
    Comparator,
    EqualityGroup,
    HeatMapCell,
    Observation,
    ProfileCount,
    Service,
)
from app.queries import listings
from app.queries.actions import ACTIONS_LIST
from app.queries.budgets import BUDGET_TOTALS, BUDGET_VARIANCES
from app.queries.columns import Row
from app.queries.listings import MOST_ROWS, Listing, Question
from app.queries.observations import OBSERVATIONS, observation_facts
from app.queries.organisations import SERVICES
from app.queries.risks import HEAT_MAP, RISKS
from app.queries.schemes import SCHEMES, clauses_of, direction_words
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.queries.workforce import WORKFORCE_ESTABLISHMENT, WORKFORCE_PROFILES
from app.rules import budgets, indicators, workforce
from app.rules.evaluation import evaluate
from app.rules.nodes import unrounded
from app.rules.vocabulary import FindingKind

if TYPE_CHECKING:
    from app.queries.editions import Reading
    from app.rules.tracing import Rule

Answer = Fraction | str | None
Derive = Callable[[Mapping[str, Fraction]], Fraction | None]
_UNITS = {"thousand_pounds": 1000, "pounds": 1}
_NOT_PRINTED = "the raw figures that it follows from are not printed"


def _nothing(_: Mapping[str, Fraction]) -> Fraction | None:
    return None


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derived figure: its answer, the words that print it, and how to derive it from other inputs."""

    answer: Answer = None
    words: frozenset[str] = frozenset()
    unit: int = 1
    inputs: frozenset[str] = frozenset()
    again: Derive = _nothing
    why: str = _NOT_PRINTED


Remark = tuple[str, str, str, str, str, str, str]
"""Subject, field, place, stated, derived, kind and reason, as a finding has them."""


class HeatMap(NamedTuple):
    """The cells that a report prints, and those that its register does not bear out."""

    printed: int = 0
    differing: tuple[Remark, ...] = ()


@dataclass(slots=True)
class Derivations:
    """Derived figures by what they are about and field; of services also by period."""

    figures: dict[tuple[int, str | None, str], Derivation] = field(default_factory=dict)
    heat_maps: dict[tuple[str, int], HeatMap] = field(default_factory=dict)
    """What heat maps print, by organisation and the revision that states them."""
    remarks: dict[tuple[str, int], list[Remark]] = field(default_factory=lambda: defaultdict(list))
    """Facts that do not agree with one another, by organisation and the revision that states them."""

    def of(self, figure: Any) -> Derivation:  # noqa: ANN401 - any published figure
        """The derivation of a published figure; one without an answer where there is none."""
        for period in (None, figure.period):
            found = self.figures.get((figure.subject_id, period, figure.field))
            if found is not None:
                return found
        return Derivation()


def all_derivations(reading: Reading) -> Derivations:
    """Derive every figure that a report may print from the facts in force."""
    found = Derivations()
    every = _Lists(reading)
    _observations(found, every)
    _comparators(found, every)
    _budgets(found, every)
    _workforce(found, every)
    _equalities(found, every)
    _as_listed(found, every)
    _heat_maps(found, every)
    return found


class _Lists(NamedTuple):
    reading: Reading

    def rows(self, listing: Listing) -> list[Row]:
        """Every row of a list."""
        question, rows = Question(limit=MOST_ROWS), []
        while True:
            page, after = listings.page(self.reading, listing, question)
            rows.extend(page)
            if after is None:
                return rows
            question = Question(after=after, limit=MOST_ROWS)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _by_rule(rule: Rule, facts: Mapping[str, Any], unit: int = 1) -> Derivation:
    answer = evaluate(unrounded(rule.tree), facts)
    return Derivation(cast("Fraction | None", answer), unit=unit)


_OF_OBSERVATIONS = {
    rule.name: rule
    for rule in (
        indicators.target_difference,
        indicators.direction_difference,
        indicators.target_variance_as_reported,
        indicators.direction_variance,
    )
}


def _observations(found: Derivations, every: _Lists) -> None:
    services = {(s["organisation"], s["service"]): s["id"] for s in every.rows(SERVICES)}
    words = direction_words(every.reading)
    facts = observation_facts(every.reading)
    schemes = every.rows(SCHEMES)
    clauses = clauses_of(every.reading, [s["id"] for s in schemes])
    labels = {s["scheme"]: [clause["label"] for clause in clauses[s["id"]]] for s in schemes}
    tables: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in every.rows(OBSERVATIONS):
        raw = facts[row["id"]]
        for name in ("outturn", "previous", *_OF_OBSERVATIONS):
            found.figures[row["id"], None, name] = _of_observation(name, raw)
        label = row["status_label"] or row["status"]
        found.figures[row["id"], None, "status"] = _worded(label, label)
        direction = row["direction_of_travel"]
        synonyms = words.get((raw["scheme_id"], direction), frozenset({"n/a"}))
        found.figures[row["id"], None, "direction_of_travel"] = _worded(direction, *synonyms)
        for name in ("significant_against_target", "significant_against_previous"):
            if row[name] is not None:
                word = "statistically significant" if row[name] else "not statistically significant"
                found.figures[row["id"], None, name] = _worded(word, word)
        tables[services[row["organisation"], row["service"]], row["period"]].append(row)
    for (service, period), rows in tables.items():
        _ratings(found, service, period, rows, labels)


def _worded(answer: str, *words: str) -> Derivation:
    return Derivation(answer, frozenset(word.casefold() for word in words))


def _of_observation(name: str, raw: Mapping[str, Any]) -> Derivation:
    def again(inputs: Mapping[str, Fraction]) -> Fraction | None:
        facts = dict(raw) | dict(inputs)
        if "previous" in inputs:
            stated = raw["stated_previous"] is not None
            facts["stated_previous" if stated else "earlier"] = inputs["previous"]
        facts["outturn"] = evaluate(indicators.outturn.tree, facts)
        facts["previous"] = evaluate(indicators.baseline.tree, facts)
        if name in {"outturn", "previous"}:
            return cast("Fraction | None", facts[name])
        answer = cast("Fraction | None", evaluate(unrounded(_OF_OBSERVATIONS[name].tree), facts))
        if answer is not None and name.endswith("_difference"):
            return abs(answer)  # a sentence says how much, and "below" or "drop" beside it
        return answer

    needed = {"value", "numerator", "denominator"}
    if name in _OF_OBSERVATIONS:
        needed |= {operand.name for operand in _OF_OBSERVATIONS[name].operands}
    return Derivation(again({}), inputs=frozenset(needed), again=again)


def _ratings(
    found: Derivations, service: int, period: str, rows: list[Row], labels: Mapping[str, list[str]]
) -> None:
    """The sum of points of each measure set, and the counts of each status word."""
    by_set: dict[str, list[Fraction]] = defaultdict(list)
    by_label: Counter[str] = Counter(TOTAL=len(rows))
    for row in rows:
        if row["status_points"] is not None:
            by_set[row["measure_set"]].append(Fraction(row["status_points"]))
        by_label.update(dict.fromkeys(labels.get(row["scheme"], ()), 0))
        if row["status_label"] is not None:
            by_label[row["status_label"]] += 1
    for measure_set, points in by_set.items():
        found.figures[service, period, f"scorecard:rating:{measure_set}"] = Derivation(
            sum(points, Fraction(0))
        )
    for label, count in by_label.items():
        share = _by_rule(indicators.status_share, {"part": count, "whole": len(rows)})
        found.figures[service, period, f"scorecard:status_count:{label}"] = Derivation(Fraction(count))
        found.figures[service, period, f"scorecard:status_percent:{label}"] = share


_MONEY = ("original_budget", "approved_budget", "additions", "slippage", "forecast")
_OF_BUDGETS = {
    "revised_budget": budgets.revised_budget,
    "variation": budgets.variation,
    "variation_percent": budgets.variation_percent,
    "slippage_percent": budgets.slippage_percent,
}


def _comparators(found: Derivations, every: _Lists) -> None:
    """How far an outturn stands from a comparator, by the comparator's kind."""
    v, other, own = releases_in_force(), table(Comparator, "other"), table(Observation, "own")
    same = [other.c[n] == own.c[n] for n in ("indicator_id", "service_id", "period_id")]
    statement = (
        select(own.c.id, other.c.kind, other.c.value)
        .join(v, in_force(own, v))
        .join(other, and_(*same, visible(other.c, v.c.revision)))
    )
    for row_id, kind, value in every.reading.execute(statement):
        outturn = found.figures[row_id, None, "outturn"].answer
        if isinstance(outturn, Fraction) and value is not None:
            found.figures[row_id, None, f"comparator_difference:{kind}"] = Derivation(
                abs(outturn - Fraction(value))
            )


def _budgets(found: Derivations, every: _Lists) -> None:
    v, line, s = releases_in_force(), table(BudgetLine, "line"), table(Service, "s")
    statement = (
        select(
            line.c.id,
            line.c.organisation_id,
            s.c.slug,
            s.c.id,
            line.c.period_id,
            line.c.kind,
            line.c.money_unit,
        )
        .join(v, in_force(line, v))
        .join(s, and_(s.c.id == line.c.service_id, visible(s.c, v.c.revision)))
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
    facts: dict[str, Any] = {name: _number(row[name]) for name in _MONEY}
    facts |= {
        "kind": row["kind"],
        "stated_revised": _number(row["revised_budget"]),
        "approved": facts["approved_budget"],
    }
    plain = {name: Derivation(facts[name], unit=unit) for name in _MONEY}
    ruled = {
        name: _by_rule(rule, facts, 1 if name.endswith("percent") else unit)
        for name, rule in _OF_BUDGETS.items()
    }
    return plain | ruled


def _workforce(found: Derivations, every: _Lists) -> None:
    for row in every.rows(WORKFORCE_PROFILES):
        facts = {"headcount": _number(row["headcount"]), "base": _number(row["base"])}
        found.figures[row["id"], None, "share"] = _by_rule(workforce.share, facts)
    _profiles(found, every)
    for row in every.rows(WORKFORCE_ESTABLISHMENT):
        for name in ("establishment_total", "occupancy_total", "occupancy_variance"):
            found.figures[row["id"], None, name] = Derivation(_number(row[name]))


def _profiles(found: Derivations, every: _Lists) -> None:
    """Categories of a dimension that do not add up to the base that the report states."""
    v, p, s = releases_in_force(), table(ProfileCount, "p"), table(Service, "s")
    about = (p.c.made_in, p.c.organisation_id, s.c.slug, p.c.period_id, p.c.dimension, p.c.base)
    statement = (
        select(*about, func.sum(p.c.headcount))
        .join(v, in_force(p, v))
        .join(s, and_(s.c.id == p.c.service_id, visible(s.c, v.c.revision)))
        .group_by(*about)
        .order_by(*about)
    )
    for made_in, owner, slug, period, dimension, base, whole in every.reading.execute(statement):
        if whole != base:
            subject = f"{slug}/{period}/{dimension}"
            reason = "the categories do not add up to the base that the report states"
            shown = (subject, "base", "profile", f"{base:f}", f"{whole:f}")
            found.remarks[owner, made_in].append((*shown, FindingKind.suspicious, reason))


def _equalities(found: Derivations, every: _Lists) -> None:
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
    )
    for group_id, value, previous, whole in every.reading.execute(statement):
        found.figures[group_id, None, "variation"] = _by_rule(
            indicators.group_variation, {"value": value, "overall": whole}
        )
        moved = {"outturn": value, "previous": previous}
        change = evaluate(unrounded(indicators.direction_difference.tree), moved)
        if isinstance(change, Fraction):
            found.figures[group_id, None, "direction_difference"] = Derivation(abs(change))


def _as_listed(found: Derivations, every: _Lists) -> None:
    """Risks and actions: what the lists show is what is printed."""
    for row in every.rows(RISKS):
        for name in ("rating", "target_rating"):
            number = None if row[name] is None else Fraction(row[name])
            found.figures[row["id"], None, name] = Derivation(number)
        for name in ("band", "target_band"):
            found.figures[row["id"], None, name] = _worded(str(row[name]), str(row[name]))
    for row in every.rows(ACTIONS_LIST):
        label = str(row["status_label"])
        found.figures[row["id"], None, "status"] = _worded(label, label)


def _heat_maps(found: Derivations, every: _Lists) -> None:
    v, cell, s = releases_in_force(), table(HeatMapCell, "cell"), table(Service, "s")
    statement = (
        select(cell.c.made_in, cell.c.organisation_id, s.c.slug, cell.c.period_id)
        .join(v, in_force(cell, v))
        .join(s, and_(s.c.id == cell.c.service_id, visible(s.c, v.c.revision)))
        .distinct()
    )
    maps = every.reading.execute(statement).all()
    rows = every.rows(HEAT_MAP)
    for revision, *where in maps:
        mine = [r for r in rows if [r["organisation"], r["service"], r["period"]] == where]
        registered = [r["rating"] for r in mine if r["registered"]]
        least = min(registered, default=0)
        differing = tuple(_cell(r, least) for r in mine if r["published"] != r["registered"])
        before = found.heat_maps.get((where[0], revision), HeatMap())
        found.heat_maps[where[0], revision] = HeatMap(
            before.printed + len(mine), before.differing + differing
        )


def _cell(row: Row, least: int) -> Remark:
    about = f"{row['service']} {row['impact_label']} x {row['probability_label']}"
    shown = (about, "heat_map", "heat map", str(row["published"]), str(row["registered"]))
    if row["rating"] < least:
        reason = f"the register lists only risks rated {least} and above"
        return (*shown, FindingKind.unknown_input, reason)
    return (*shown, FindingKind.inconsistent, "heat map and register disagree")
