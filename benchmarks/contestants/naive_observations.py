"""The naive version's observation: a figure, with all that follows from it as properties.

In exact decimals, each property worked out once an instance.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Optional

from sqlmodel import Field, Relationship

from benchmarks.contestants.naive_entities import (
    Entity,
    Indicator,
    Period,
    SchemeClause,
    Service,
    Target,
)

HUNDRED = Decimal(100)
Z = Decimal("1.96")
OF_BASELINE = {"reduction", "increase", "no_increase", "no_decrease"}


class Observation(Entity, table=True):
    """A figure, and all that follows from it."""

    id: int = Field(primary_key=True)
    organisation_id: str
    service_id: int = Field(foreign_key="service.id")
    period_id: str = Field(foreign_key="period.id")
    covers_id: str | None
    indicator_id: int = Field(foreign_key="indicator.id")
    value: Decimal | None = Field(max_digits=14, decimal_places=4)
    numerator: Decimal | None = Field(max_digits=12, decimal_places=2)
    denominator: Decimal | None = Field(max_digits=12, decimal_places=2)
    state: str
    basis: str
    as_of: date | None
    provisional: bool
    estimated: bool
    revised: bool
    footnote: str | None
    previous_value: Decimal | None = Field(max_digits=14, decimal_places=4)
    previous_period_id: str | None
    target_id: int | None = Field(foreign_key="target.id")
    year_target_id: int | None = Field(foreign_key="target.id")
    earlier_id: int | None = Field(foreign_key="observation.id")
    service: Service = Relationship()
    period: Period = Relationship()
    indicator: Indicator = Relationship()
    own_target: Target | None = Relationship(sa_relationship_kwargs={"foreign_keys": "Observation.target_id"})
    year_target: Target | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Observation.year_target_id"}
    )
    earlier: Optional["Observation"] = Relationship(sa_relationship_kwargs={"remote_side": "Observation.id"})

    @cached_property
    def achieved(self) -> Decimal | None:
        """The outturn, unrounded."""
        n, d = self.numerator, self.denominator
        if n is None or d is None:
            return self.value
        if self.indicator.calculation == "difference":
            return n - d
        if d == 0:
            return None
        if self.indicator.calculation == "growth":
            return HUNDRED * (n / d - 1)
        return HUNDRED * n / d if self.indicator.calculation == "share" else n / d

    @cached_property
    def outturn(self) -> Decimal | None:
        """As it is shown."""
        return rounded(self.achieved, self.indicator.decimals)

    @cached_property
    def outturn_unrounded(self) -> Decimal | None:
        """To six places."""
        return rounded(self.achieved, 6)

    @cached_property
    def target_of_now(self) -> Target | None:
        """The target of the period, or else that of the year."""
        return self.own_target or self.year_target

    @cached_property
    def asked(self) -> Decimal | None:
        """What the target asks for by now."""
        if self.own_target is not None and self.own_target.value is not None:
            return self.own_target.value
        if self.year_target is None or self.year_target.value is None:
            return None
        months = {"flow": self.period.months, "cumulative": self.period.months_elapsed}
        return self.year_target.value * months.get(self.indicator.nature, 12) / 12

    @cached_property
    def before(self) -> Decimal | None:
        """The baseline: as stated, or else the earlier observation's."""
        if self.previous_value is not None:
            return self.previous_value
        earlier = None if self.earlier is None else self.earlier.achieved
        if self.indicator.baseline == "share_of_last_year" and earlier is not None:
            cumulative = self.indicator.nature == "cumulative"
            gone = self.period.months_elapsed if cumulative else self.period.months
            return rounded(earlier * gone / 12, self.indicator.decimals)
        return earlier

    @cached_property
    def target_kind(self) -> str | None:
        """What the target asks for."""
        return self.target_of_now.kind if self.target_of_now else None

    @cached_property
    def target(self) -> Decimal | None:
        """To four places."""
        return rounded(self.asked, 4)

    @cached_property
    def previous(self) -> Decimal | None:
        """To four places."""
        return rounded(self.before, 4)

    @cached_property
    def target_difference(self) -> Decimal | None:
        """In the unit."""
        return None if self.achieved is None or self.asked is None else rounded(self.achieved - self.asked, 4)

    @cached_property
    def target_variance(self) -> Decimal | None:
        """Percent of the target; positive is better."""
        gap = self.headroom(self.asked)
        return rounded(HUNDRED * gap / abs(self.asked), 1) if gap is not None and self.asked else None

    @cached_property
    def target_variance_as_reported(self) -> Decimal | None:
        """Percent, as the council prints it."""
        scheme = self.indicator.scheme
        convention = self.indicator.variance_convention or (scheme and scheme.variance_convention)
        if self.achieved is None or not self.asked:
            return None
        percent = HUNDRED * (self.asked - self.achieved) / self.asked
        signed = {"signed_relative": percent, "relative_to_budget": -percent}
        if convention == "unsigned_relative":
            return rounded(percent.copy_abs().copy_sign(self.asked), 1)
        return rounded(signed.get(convention or ""), 1)

    @cached_property
    def status(self) -> str:
        """Where the outturn stands now."""
        return self.judged(self.target_of_now, self.asked)

    @cached_property
    def status_year_end(self) -> str | None:
        """Where the outturn stands against the year's target."""
        if self.year_target is None or self.indicator.scheme is None:
            return None
        status = self.judged(self.year_target, self.year_target.value)
        return None if status == "not_rated" else status

    @cached_property
    def word(self) -> SchemeClause | None:
        """The council's word for the status."""
        if self.indicator.scheme is None:
            return None
        for clause in self.indicator.scheme.clauses:
            _, narrowed, state = clause.condition.partition("no outturn: ")
            if clause.code == self.status and (not narrowed or state == self.state):
                return clause
        return None

    @cached_property
    def direction_of_travel(self) -> str:
        """Which way the outturn went."""
        now, then = self.achieved, self.before
        if now is None or then is None:
            return "not_comparable"
        if self.indicator.polarity == "contextual":
            return "unchanged" if now == then else "rose" if now > then else "fell"
        better, worse = self.headroom(self.asked), self.headroom(self.asked, then)
        if self.indicator.polarity != "closest_to_target":
            better, worse = self.headroom(then), Decimal(0)
        if better is None or worse is None:
            return "not_comparable"
        return "unchanged" if better == worse else "improved" if better > worse else "worsened"

    @cached_property
    def direction_label(self) -> str | None:
        """The council's word for it."""
        labels = self.indicator.scheme.labels if self.indicator.scheme else []
        return next((label.label for label in labels if label.code == self.direction_of_travel), None)

    @cached_property
    def direction_variance(self) -> Decimal | None:
        """Percent of the baseline."""
        if self.achieved is None or not self.before:
            return None
        return rounded(HUNDRED * abs(self.achieved - self.before) / self.before, 1)

    @cached_property
    def direction_basis(self) -> str:
        """What the direction rests on."""
        if self.previous_value is not None:
            return self.indicator.baseline if self.previous_period_id else "as_stated"
        return "none" if self.earlier is None or self.earlier.achieved is None else self.indicator.baseline

    @cached_property
    def baseline_period(self) -> str | None:
        """The baseline's period."""
        if self.previous_value is not None:
            return self.previous_period_id
        return self.earlier.period_id if self.earlier and self.direction_basis != "none" else None

    @cached_property
    def interval_low(self) -> Decimal | None:
        """The lower end of the 95% Wilson interval."""
        return self.bound(-1)

    @cached_property
    def interval_high(self) -> Decimal | None:
        """The upper end of the 95% Wilson interval."""
        return self.bound(+1)

    @cached_property
    def significant_against_target(self) -> bool | None:
        """Whether the target lies outside it."""
        return self.outside(self.asked)

    @cached_property
    def significant_against_previous(self) -> bool | None:
        """Whether the baseline lies outside it."""
        return self.outside(self.before)

    @cached_property
    def significance_badge(self) -> str | None:
        """What the survey says of its target in one word."""
        target = self.target_of_now
        if target is None or target.kind not in {"value", "limit"}:
            return None
        clear, met = self.significant_against_target, self.met(target, self.asked)
        if clear is None or met is None:
            return None
        if not clear:
            return "within_sampling_error"
        return "met_clearly" if met else "missed_clearly"

    def headroom(self, target: Decimal | None, outturn: Decimal | None = None) -> Decimal | None:
        """How far an outturn, this one's unless given, is on the good side of a target."""
        outturn = self.achieved if outturn is None else outturn
        if outturn is None or target is None:
            return None
        gap = outturn - target
        signs = {"higher_is_better": gap, "lower_is_better": -gap, "closest_to_target": -abs(gap)}
        return signs.get(self.indicator.polarity)

    def met(self, target: Target, asked: Decimal | None) -> bool | None:
        """Whether a target is met; None where there is no saying."""
        now, then, gap = self.achieved, self.before, self.headroom(asked)
        if now is None:
            return None
        if target.kind in OF_BASELINE:
            if then is None:
                return None
            compared = {"reduction": now < then, "increase": now > then, "no_increase": now <= then}
            return compared.get(target.kind, now >= then)
        if target.kind == "range" and asked is not None:
            percent = target.range_percent
            return None if percent is None else HUNDRED * abs(now - asked) <= abs(asked) * percent
        if gap is None:
            return None
        return gap > 0 if target.kind == "limit" else gap >= 0

    def judged(self, target: Target | None, asked: Decimal | None) -> str:
        """The status against a target."""
        scheme = self.indicator.scheme
        if scheme is None:
            return "not_rated"
        if scheme.knows_data_only and self.indicator.data_only:
            return "data_only"
        if self.achieved is None:
            return "no_data"
        if target is None or (self.before if target.kind in OF_BASELINE else asked) is None:
            return "no_target"
        met, gap, whole = self.met(target, asked), self.headroom(asked), abs(asked or Decimal(0))
        if (
            gap is not None
            and scheme.exceeded_percent is not None
            and whole * scheme.exceeded_percent < HUNDRED * gap
        ):
            return "exceeded"
        if met:
            return "met"
        if (
            gap is not None
            and scheme.near_percent is not None
            and whole * scheme.near_percent >= HUNDRED * -gap
        ):
            return "near"
        if scheme.amber_limits and self.within_amber(target, gap, whole):
            return "near"
        return "not_rated" if met is None else "missed"

    def within_amber(self, target: Target, gap: Decimal | None, whole: Decimal) -> bool:
        """Whether a missed target's own amber limit holds."""
        if target.amber_percent is not None:
            return gap is not None and whole * target.amber_percent >= HUNDRED * -gap
        beyond = self.headroom(target.amber_limit)
        return beyond is not None and (beyond > 0 if target.amber_strict else beyond >= 0)

    def bound(self, side: int) -> Decimal | None:
        """One end of the interval, percent."""
        n, d = self.numerator, self.denominator
        if not self.indicator.sample or n is None or not d:
            return None
        chance = n / d
        spread = (chance * (1 - chance) / d + Z * Z / 4 / d / d).sqrt()
        return rounded(HUNDRED * (chance + Z * Z / 2 / d + side * Z * spread) / (1 + Z * Z / d), 1)

    def outside(self, other: Decimal | None) -> bool | None:
        """Whether another percentage lies outside the interval."""
        n, d = self.numerator, self.denominator
        if not self.indicator.sample or n is None or not d or other is None:
            return None
        share = other / HUNDRED
        return (n / d - share) ** 2 * d > share * (1 - share) * Z * Z


def rounded(value: Decimal | None, places: int) -> Decimal | None:
    """Half up; no negative nought."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
