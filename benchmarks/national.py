"""A made-up nation: what each of its councils reports, as raw facts and nothing derived.

Everything awkward occurs: missing figures, ties with the target and with the figure before, zero
targets and denominators, measures without a good direction, a target or a scheme.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count, islice, product
from random import Random
from typing import TYPE_CHECKING, Any

from app.rules.periods import Span, parse_period
from app.rules.vocabulary import Baseline, Calculation, Convention, Nature, Polarity, State, TargetKind
from benchmarks.measures import FAMILIES, MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]
"""A row by column. Decimals are whole units of their last place, as Outturn keeps them on SQLite."""
Facts = dict[str, list[Row]]
"""One council's rows by Outturn's tables.

Some rows have columns that only other contestants have: an observation the ids of its target, its
year's target and its earlier figure, an indicator that of its scheme, a scheme its percentages.
"""

_FIRST_YEAR = 2010
_PUBLISHED = datetime(2024, 5, 31, 9, tzinfo=UTC)
_SETS = ("corporate_plan",) * 6 + ("service_plan",) * 3 + ("watched",)
"""The measure sets of ten indicators; nobody has a scheme for what is only watched."""
_SERVICES = ("Corporate Services", "Finance", "Housing", "Environment", "People")
_UNGIVEN = (State.awaited, State.not_supplied, State.not_applicable, State.not_yet_due)
_VALUELESS = (
    TargetKind.reduction,
    TargetKind.increase,
    TargetKind.no_increase,
    TargetKind.no_decrease,
    TargetKind.none,
)
_ONE = 10**4
"""One, in whole units of a value's four places."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the nation is: there is an observation of every indicator in every period."""

    organisations: int = 200
    indicators: int = 100
    periods: int = 50
    seed: int = 2011

    @property
    def observations(self) -> int:
        """How many observations there are in all."""
        return self.organisations * self.indicators * self.periods

    def __str__(self) -> str:
        """Its name, fit for a folder."""
        return f"{self.organisations}x{self.indicators}x{self.periods}-{self.seed}"


def councils(scale: Scale) -> Iterator[Facts]:
    """Every council's facts, one council after another; always the same for a scale."""
    ids = count(1)
    spans = tuple(map(parse_period, reported_periods(scale.periods)))
    for number, (slug, name) in enumerate(islice(_names(), scale.organisations)):
        yield _Council(scale, number, slug, ids).report(name, spans)


def reported_periods(many: int) -> Iterator[str]:
    """The ids of the periods reported on: years after their quarters, then months, a fifth of all."""
    months = many // 5
    years = (f"{year}-{(year + 1) % 100:02}" for year in count(_FIRST_YEAR))
    parts = (year + part for year in years for part in ("-q1", "-q2", "-q3", "-q4", ""))
    yield from islice(parts, many - months)
    yield from (f"{_FIRST_YEAR + (n + 3) // 12}-m{(n + 3) % 12 + 1:02}" for n in range(months))


def periods(scale: Scale) -> list[Row]:
    """The rows of all periods that facts name, and of their neighbours."""
    spans: dict[str, Span] = {}
    for name in reported_periods(scale.periods):
        span = parse_period(name)
        near = (span.previous_id, span.year_earlier_id, span.year_id, span.last_year_id, _year_to(span))
        spans |= {each: parse_period(each) for each in (name, *near) if each}
    return [{**spans[name]._asdict(), "kind": spans[name].kind.value} for name in sorted(spans)]


def _year_to(span: Span) -> str:
    return f"year-to-{span.end}"


def _names() -> Iterator[tuple[str, str]]:
    """Slugs and names of councils, without end."""
    trees = "Alder Ash Beech Birch Box Cherry Elder Elm Hazel Holly Lime Maple Oak Pear Pine Rowan Sloe Thorn"
    places = "bourne bury combe dale field ford ham hurst ley mere ton well"
    for again in count():
        for tree, place in product(trees.split(), places.split()):
            name = tree + place + (f" {again + 1}" if again else "")
            yield name.lower().replace(" ", "-"), f"{name} Council"


class _Council:
    """One council while its facts are written down."""

    def __init__(self, scale: Scale, number: int, slug: str, ids: Iterator[int]) -> None:
        self.scale, self.number, self.slug, self.ids = scale, number, slug, ids
        self.random = Random(f"{scale.seed} {slug}")  # noqa: S311 - the same every time is what is wanted
        self.facts: Facts = defaultdict(list)

    def add(self, kind: str, key: str, /, **values: Any) -> Row:  # noqa: ANN401 - a column is of any type
        """Add a fact and its subject."""
        subject = {"id": next(self.ids), "organisation_id": self.slug, "kind": kind, "key": key}
        row = {"id": subject["id"], "made_in": self.number + 1, "organisation_id": self.slug, **values}
        self.facts["subject"].append(subject)
        self.facts[kind].append(row)
        return row

    def report(self, name: str, spans: tuple[Span, ...]) -> Facts:
        """Everything, one period after another, published as one release."""
        self.publish(name, spans[-1])
        services = self.services()
        schemes = {
            measure_set: self.scheme(measure_set, shift)
            for shift, measure_set in enumerate(("corporate_plan", "service_plan"))
        }
        indicators = [self.indicator(n, services, schemes) for n in range(self.scale.indicators)]
        targets = [self.targets(indicator, spans) for indicator in indicators]
        told: list[dict[str, Row]] = [{} for _ in indicators]
        for span in spans:
            for indicator, asked, earlier in zip(indicators, targets, told, strict=True):
                earlier[span.id] = self.observation(indicator, span, asked, earlier)
        return self.facts

    def publish(self, name: str, latest: Span) -> None:
        """Add the council itself, its one revision and its one release."""
        number, named = self.number + 1, {"organisation_id": self.slug}
        release = {"published_at": _PUBLISHED, "period_id": latest.id, "note": "Made up", "made_by": ""}
        area_code = f"E{6_000_000 + number:08}"
        self.facts["organisation"].append({"id": self.slug, "name": name, "area_code": area_code})
        self.facts["revision"].append(
            {"id": number, "made_at": _PUBLISHED, "made_by": "", "reason": "Made up"} | named
        )
        self.facts["release"].append({"id": number, "revision_id": number} | named | release)

    def services(self) -> list[int]:
        """Add the services, the first of which holds the others; their ids."""
        ids: list[int] = []
        for position, name in enumerate(_SERVICES, 1):
            slug = name.lower().replace(" ", "-")
            values = {"name": name, "parent_id": ids[0] if ids else None, "kind": "directorate"}
            ids.append(self.add("service", slug, slug=slug, position=position, **values)["id"])
        return ids

    def scheme(self, measure_set: str, shift: int) -> Row:
        """Add a scheme of the family whose turn it is, its clauses and its words for directions."""
        family = FAMILIES[(self.number + shift) % len(FAMILIES)]
        slug = f"{self.slug}-{measure_set.replace('_', '-')}"
        scheme = self.add(
            "scheme",
            slug,
            slug=slug,
            version=1,
            name=family.name,
            measure_set=measure_set,
            effective_from=date(2000, 4, 1),
            variance_convention=family.convention.value,
            exceeded_percent=family.exceeded_percent,
            near_percent=family.near_percent,
            amber_limits=family.amber_limits,
            knows_data_only=family.knows_data_only,
        )
        of_scheme = {"scheme_id": scheme["id"]}
        for position, (condition, code, (label, colour, points)) in enumerate(family.clauses(), 1):
            clause = {"position": position, "condition": condition, "code": code}
            word = {"label": label, "colour": colour, "points": points}
            self.add("scheme_clause", f"{slug}/{position}", **of_scheme, **clause, **word)
        for code, label in family.directions.items():
            word = {"code": code, "position": 1, "label": label}
            self.add("direction_label", f"{slug}/{code}/1", **of_scheme, **word)
        return scheme

    def indicator(self, number: int, services: list[int], schemes: dict[str, Row]) -> Row:
        """Add the definition of a measure; its level is what this council usually reaches in a year."""
        measure = MEASURES[number % len(MEASURES)]
        measure_set = _SETS[number * 7 % len(_SETS)]
        level = measure.level * (1 if measure.unit == "yes_no" else 0.8 + 0.4 * self.random.random())
        key = f"i{1001 + number}"
        return self.add(
            "indicator",
            key,
            key=key,
            code=None if number % 9 == 8 else str(1001 + number),
            title=f"{measure.title} ({number // len(MEASURES) + 1})",
            service_id=services[number % len(services)],
            section=("Performance", "Delivering the Corporate Plan", None)[number % 3],
            measure_set=measure_set,
            unit=measure.unit,
            decimals=measure.decimals,
            polarity=measure.polarity,
            nature=measure.nature,
            calculation=measure.calculation,
            baseline=measure.baseline,
            variance_convention=Convention.relative_to_budget.value if "budget" in measure.flags else None,
            workforce=False,  # what counts people is told rounded, and naive versions tell it as it is
            sample="sample" in measure.flags,
            data_only="data_only" in measure.flags,
            position=number + 1,
            scheme_id=schemes[measure_set]["id"] if measure_set in schemes else None,
            level=min(level, 98) if measure.unit == "percent" else level,
        )

    def targets(self, indicator: Row, spans: tuple[Span, ...]) -> dict[str, Row]:
        """Add a measure's targets, for each year or for each period reported, or none; by period."""
        style = self.random.choices(("year", "period", "none"), (60, 30, 10))[0]
        kind, zero = self.target_kind(indicator["polarity"]), self.random.random() < 0.05
        if style == "none":
            return {}
        asked = [span.id for span in spans] if style == "period" else [span.year_id for span in spans]
        return {name: self.target(indicator, kind, name, zero=zero) for name in dict.fromkeys(asked) if name}

    def target_kind(self, polarity: str) -> TargetKind:
        """What a measure's targets ask for; a limit needs a good direction."""
        chance = self.random.random()
        if chance < 0.06:
            return self.random.choice(_VALUELESS)
        if chance < 0.1:
            return TargetKind.range
        good = polarity in {Polarity.higher_is_better, Polarity.lower_is_better}
        return TargetKind.limit if chance < 0.15 and good else TargetKind.value

    def target(self, indicator: Row, kind: TargetKind, period: str, *, zero: bool) -> Row:
        """Add a target. It is twelve times a number as shown, so that any share of it can be met exactly."""
        shown = 10 ** (4 - indicator["decimals"])
        usual = indicator["level"] * _share(indicator["nature"], parse_period(period))
        value = 0 if zero else max(1, round(usual * _ONE / shown / 12)) * 12 * shown
        if indicator["unit"] == "yes_no":
            value = _ONE
        worse = {Polarity.higher_is_better: 9, Polarity.lower_is_better: 11}.get(indicator["polarity"])
        limited = bool(worse and kind == TargetKind.value and indicator["position"] % 4)
        return self.add(
            "target",
            f"{indicator['key']}/{indicator['service_id']}/{period}",
            indicator_id=indicator["id"],
            service_id=indicator["service_id"],
            period_id=period,
            kind=kind.value,
            value=None if kind in _VALUELESS else value,
            range_percent=500 if kind == TargetKind.range else None,
            amber_limit=value * worse // 10 if worse and limited else None,
            amber_strict=limited and indicator["position"] % 3 == 0,
            amber_percent=1000 if kind == TargetKind.value and not limited else None,
        )

    def observation(self, indicator: Row, span: Span, targets: dict[str, Row], told: dict[str, Row]) -> Row:
        """Add an observation; `told` are those of the same measure that were added before."""
        target, year_target = targets.get(span.id), targets.get(span.year_id or "")
        compared = {
            Baseline.previous_period: span.previous_id,
            Baseline.same_period_last_year: span.year_earlier_id,
        }.get(indicator["baseline"], span.last_year_id)
        earlier = told.get(compared or "")
        chance = self.random.random()
        missing, stated = chance > 0.97, self.random.random() < 0.02
        return self.add(
            "observation",
            f"{indicator['key']}/{indicator['service_id']}/{span.id}",
            indicator_id=indicator["id"],
            service_id=indicator["service_id"],
            period_id=span.id,
            covers_id=_year_to(span) if indicator["nature"] == Nature.rolling_year else None,
            state=self.random.choice(_UNGIVEN).value if missing else State.reported.value,
            basis="actual",
            as_of=span.end if 0.2 < chance < 0.22 else None,
            provisional=0.22 < chance < 0.24,
            estimated=0.2 < chance < 0.22,
            revised=0.24 < chance < 0.25,
            footnote="Two weeks were not counted." if 0.25 < chance < 0.26 else None,
            previous_value=round(indicator["level"]) * _ONE if stated else None,
            previous_period_id=span.previous_id if stated and chance < 0.5 else None,
            target_id=target and target["id"],
            year_target_id=year_target and year_target["id"],
            earlier_id=earlier and earlier["id"],
            **({} if missing else self.figures(indicator, span, target or year_target, earlier, chance)),
        )

    def figures(
        self, indicator: Row, span: Span, target: Row | None, earlier: Row | None, chance: float
    ) -> dict[str, int | None]:
        """A value, or its numerator and denominator: as usual, as before, as asked, or over nothing."""
        if earlier and chance < 0.07:
            return {name: earlier.get(name) for name in ("value", "numerator", "denominator")}
        shown, share = 10 ** (4 - indicator["decimals"]), _share(indicator["nature"], span)
        wanted = indicator["level"] * share * (0.75 + 0.5 * self.random.random())
        units = round(wanted * _ONE / shown) * shown
        people = self.random.randint(60, 9000)
        if chance < 0.12 and target and target["value"] is not None:
            asked_for = _share(indicator["nature"], parse_period(target["period_id"]))
            units, people = round(target["value"] * share / asked_for), people // 1000 * 1000 + 1000
        if indicator["unit"] == "yes_no":
            units = _ONE if chance < 0.8 else 0
        if indicator["calculation"] == Calculation.given:
            return {"value": units}
        denominator = 0 if chance > 0.964 else people * 100
        return {"numerator": _numerator(indicator, units, denominator), "denominator": denominator}


def _share(nature: str, span: Span) -> float:
    """How much of a year's figure a period has."""
    if nature == Nature.flow:
        return span.months / 12
    return span.months_elapsed / 12 if nature == Nature.cumulative else 1


def _numerator(indicator: Row, outturn: int, denominator: int) -> int:
    """The numerator that gives an outturn over a denominator, or nearly, to two places."""
    match indicator["calculation"]:
        case Calculation.share:
            return min(outturn, 100 * _ONE) * denominator // (100 * _ONE)
        case Calculation.average:
            return outturn * denominator // _ONE
        case Calculation.growth:
            return denominator + outturn * denominator // (100 * _ONE)
    return denominator + outturn // 100
