"""Hidden digits that are said to explain a printed figure do, when it is derived again with them."""

from fractions import Fraction
from typing import NamedTuple

import pytest

from app.queries.derivations import all_derivations
from app.queries.findings.derived import Derivation
from app.queries.findings.explained import explained
from app.queries.findings.found import Finding, Hidden
from app.queries.reconciliation import reconcile
from app.rules.printed import Printed, agrees, read_printed
from tests.queries.reading import reading

STEP = Fraction(1, 10**6)


class Case(NamedTuple):
    """A finding that rounding explains, the figure in print, and how it is derived."""

    finding: Finding
    printed: Printed
    derivation: Derivation

    def agrees(self, **inputs: Fraction) -> bool:
        """Whether the figure in print follows from other inputs."""
        derived = self.derivation.again(inputs)
        return derived is not None and agrees(derived, self.printed)


@pytest.fixture(scope="module")
def cases(demo_url: str) -> list[Case]:
    """Every finding of the demo that rounding explains."""
    with reading(demo_url) as here:
        derivations = all_derivations(here.untold())
        found = [finding for document in reconcile(here) for finding in document.findings]
    return [
        Case(f, printed, derivations.figures[f.subject.id, None, f.field])
        for f in found
        if f.explained_by and f.subject.id and (printed := read_printed(f.published or ""))
    ]


def test_every_value_of_an_interval_explains_alone_and_none_beyond_it(cases: list[Case]) -> None:
    tried = 0
    for case in cases:
        for hidden in filter(lambda each: each.alone, case.finding.explained_by):
            tried += 1
            low, high, example = (Fraction(text) for text in (hidden.low, hidden.high, hidden.example or ""))
            name = hidden.input
            shown = read_printed(hidden.shown)
            assert shown is not None

            def explains(
                value: Fraction, case: Case = case, name: str = name, shown: Printed = shown
            ) -> bool:
                return shown.hidden.holds(value) and case.agrees(**{name: value})

            assert explains(low) == hidden.low_included, hidden
            assert explains(high) == hidden.high_included, hidden
            assert explains((low + high) / 2), hidden
            assert explains(example), hidden
            assert not explains(low - STEP), hidden
            assert not explains(high + STEP), hidden
    assert tried


def test_examples_of_several_inputs_explain_together(cases: list[Case]) -> None:
    together = [case for case in cases if not case.finding.explained_by[0].alone]

    for case in together:
        examples = {each.input: Fraction(each.example or "") for each in case.finding.explained_by}
        assert case.agrees(**examples), case.finding
    assert [case.finding.subject.key.partition("/")[0] for case in together] == ["eq-get-on-well"]


def test_what_is_out_of_reach_is_explained_by_nothing() -> None:
    shown = {"target": Printed(Fraction(85), 0), "value": Printed(Fraction(84), 0)}

    assert explained(lambda inputs: sum(inputs.values(), Fraction(0)), shown, Printed(Fraction(9), 0)) == ()


def test_an_interval_narrower_than_six_places_has_ends_apart() -> None:
    shown = Printed(Fraction(1), 0)

    [hidden] = explained(
        lambda inputs: 10**7 * inputs["x"] / 3, {"x": shown}, Printed(Fraction(3_333_333), 0)
    )

    assert hidden == Hidden(
        input="x",
        shown="1",
        low="0.99999975",
        low_included=True,
        high="1.00000005",
        high_included=False,
        alone=True,
        exact=True,
        example="1",
    )
