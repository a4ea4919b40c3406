"""Every derived figure of measures: of each observation, of sets of measures, against comparators."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, select

from app.entities import Comparator, Observation
from app.queries.findings.contradictions import colour_contradiction, direction_contradiction
from app.queries.findings.derived import (
    Derivation,
    by_rule,
    columns,
    read_number,
    said,
    worded,
)
from app.queries.observations import OBSERVATIONS, observation_facts
from app.queries.organisations import SERVICES
from app.queries.schemes import direction_words
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules import indicators
from app.rules.evaluation import reader
from app.rules.nodes import unrounded

if TYPE_CHECKING:
    from app.queries.columns import Row
    from app.queries.findings.derived import Derivations, Facts, Lists, SchemeWords

_OF_OBSERVATIONS = {
    rule.name: (frozenset(operand.name for operand in rule.operands), reader(unrounded(rule.tree)))
    for rule in (
        indicators.target_difference,
        indicators.direction_difference,
        indicators.target_variance_as_reported,
        indicators.direction_variance,
    )
}
_RAW = frozenset({"value", "numerator", "denominator"})


def derive_measures(found: Derivations, every: Lists, schemes: Mapping[Any, SchemeWords]) -> None:
    """What is printed of observations, and of whole sets of measures."""
    services = {(s["organisation"], s["service"]): s["id"] for s in every.rows(SERVICES)}
    words = direction_words(every.reading)
    facts = observation_facts(every.reading, every.owners)
    tables: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in every.rows(OBSERVATIONS):
        raw = facts[row["id"]]
        scheme = schemes[raw["scheme_id"]]
        settled = _settled(raw, {})
        for name in ("outturn", "previous", *_OF_OBSERVATIONS):
            found.figures[row["id"], None, name] = _of_observation(name, raw, settled)
        found.codes[row["id"]] = scheme.codes
        found.figures[row["id"], None, "status"] = _status(row, scheme.codes)
        found.figures[row["id"], None, "direction_of_travel"] = _direction(row, settled, words)
        for name in ("significant_against_target", "significant_against_previous"):
            if row[name] is not None:
                word = "statistically significant" if row[name] else "not statistically significant"
                found.figures[row["id"], None, name] = worded(
                    word, word, given=columns(row, "numerator", "denominator", name.rpartition("_")[2])
                )
        row["labels"] = scheme.labels
        tables[services[row["organisation"], row["service"]], row["period"]].append(row)
    for (service, period), rows in tables.items():
        _ratings(found, service, period, rows)


def _status(row: Row, codes: Mapping[str, str]) -> Derivation:
    label = row["status_label"] or row["status"]
    return worded(
        label,
        label,
        given=columns(row, "outturn", "target", "target_kind", "state", "scheme"),
        contradicts=partial(colour_contradiction, row=row, codes=codes),
    )


def _direction(
    row: Row, settled: Mapping[str, Any], words: Mapping[tuple[int, str], frozenset[str]]
) -> Derivation:
    direction = row["direction_of_travel"]
    synonyms = words.get((settled["scheme_id"], direction), frozenset({"n/a"}))
    return worded(
        direction,
        *synonyms,
        given=columns(row, "outturn_unrounded", "previous", "polarity", "direction_basis", "baseline_period"),
        contradicts=partial(direction_contradiction, row=row, facts=settled, words=words),
    )


def _settled(raw: Mapping[str, Any], inputs: Mapping[str, Fraction]) -> dict[str, Any]:
    """An observation's facts with outturn and baseline derived, from other inputs where some are given."""
    facts = dict(raw) | dict(inputs)
    if "previous" in inputs:
        stated = raw["stated_previous"] is not None
        facts["stated_previous" if stated else "earlier"] = inputs["previous"]
    facts["outturn"] = indicators.outturn.read(facts)
    facts["previous"] = indicators.baseline.read(facts)
    return facts


def _of_observation(name: str, raw: Mapping[str, Any], settled: Mapping[str, Any]) -> Derivation:
    operands, read = _OF_OBSERVATIONS.get(name, (frozenset(), None))

    def answer(facts: Mapping[str, Any]) -> Fraction | None:
        if read is None:
            return cast("Fraction | None", facts[name])
        found = read_number(read, facts)
        if found is not None and name.endswith("_difference"):
            return abs(found)  # a sentence says how much, and "below" or "drop" beside it
        return found

    def again(inputs: Mapping[str, Fraction]) -> Fraction | None:
        return answer(_settled(raw, inputs))

    def given() -> Facts:
        names = operands | (set() if name == "previous" else _RAW)
        return [(each, settled[each]) for each in sorted(names)]

    return Derivation(answer(settled), inputs=_RAW | operands, again=again, given=given)


def _ratings(found: Derivations, service: int, period: str, rows: list[Row]) -> None:
    """The sum of points of each measure set, and the counts of each status word."""
    by_set: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    by_label: Counter[str] = Counter(TOTAL=len(rows))
    for row in rows:
        if row["status_points"] is not None:
            points = Fraction(row["status_points"])
            by_set[row["measure_set"]].append((row["indicator_key"], points))
        by_label.update(dict.fromkeys(row["labels"], 0))
        if row["status_label"] is not None:
            by_label[row["status_label"]] += 1
    for measure_set, scored in by_set.items():
        total = sum((points for _, points in scored), Fraction(0))
        found.figures[service, period, f"scorecard:rating:{measure_set}"] = Derivation(
            total, given=said(scored)
        )
    for label, count in by_label.items():
        share = by_rule(indicators.status_share, {"part": count, "whole": len(rows)})
        counted = Derivation(Fraction(count), given=said([("rows", count)]))
        found.figures[service, period, f"scorecard:status_count:{label}"] = counted
        found.figures[service, period, f"scorecard:status_percent:{label}"] = share


def derive_comparators(found: Derivations, every: Lists) -> None:
    """How far an outturn stands from a comparator, by the comparator's kind."""
    v, other, own = releases_in_force(), table(Comparator, "other"), table(Observation, "own")
    same = [other.c[n] == own.c[n] for n in ("indicator_id", "service_id", "period_id")]
    statement = (
        select(own.c.id, other.c.kind, other.c.value)
        .join(v, in_force(own, v))
        .join(other, and_(*same, visible(other.c, v.c.revision)))
        .where(every.theirs(own))
    )
    for row_id, kind, value in every.reading.execute(statement):
        known = found.figures.get((row_id, None, "outturn"))
        if known is not None and isinstance(known.answer, Fraction) and value is not None:
            facts = [("outturn", known.answer), (f"comparator:{kind}", Fraction(value))]
            found.figures[row_id, None, f"comparator_difference:{kind}"] = Derivation(
                abs(known.answer - Fraction(value)), given=said(facts)
            )
