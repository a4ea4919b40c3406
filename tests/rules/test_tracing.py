"""A rule is traced once: its operands by name and kind, its tree, its answers."""

from fractions import Fraction

import pytest

from app.rules.indicators import outturn
from app.rules.nodes import Node, Operand, rounded
from app.rules.tracing import (
    BASE,
    COUNT,
    DAY,
    FLAG,
    LINE_MONEY,
    MEASURE,
    MONEY,
    MONTHS,
    PERCENT,
    QUANTITY,
    RATIO,
    TEXT,
    Base,
    Chain,
    Quantity,
    Step,
    derive,
    rule,
)


@rule
def share(part: Quantity, whole: Base) -> Node:
    """A share.

    Of a whole.
    """
    return rounded(100 * part / whole, 1)


def test_a_rule_knows_its_name_its_meaning_and_its_operands() -> None:
    part, whole = Operand("part", QUANTITY), Operand("whole", BASE)

    assert share.name == "share"
    assert share.meaning == "A share.\n\nOf a whole."
    assert share.operands == (part, whole)
    assert share.tree == rounded(100 * part / whole, 1)


def test_a_rule_without_words_means_nothing() -> None:
    @rule
    def unexplained(part: Quantity) -> Node:
        return part

    assert (unexplained.meaning, unexplained.source) == ("", "")


def test_what_stands_last_after_source_is_no_meaning() -> None:
    @rule
    def sourced(part: Quantity) -> Node:
        """A part.

        Of something.

        Source: the report of a council,
        and of another.
        """
        return part

    assert sourced.meaning == "A part.\n\nOf something."
    assert sourced.source == "the report of a council, and of another."


def test_a_rule_answers_on_plain_values() -> None:
    assert share.of(part=1, whole=3) == Fraction("33.3")
    assert share.of(part=None, whole=3) is None


def test_a_rule_may_be_made_of_another() -> None:
    left, right = Operand("left", QUANTITY), Operand("right", BASE)

    assert share(left, right) == rounded(100 * left / right, 1)


def test_an_operand_that_a_rule_lacks_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="share has no operand base, rest"):
        share.of(part=1, whole=2, rest=3, base=4)


def test_an_operand_that_is_not_given_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="outturn needs calculation, value"):
        outturn.of(numerator=None, denominator=None)


def test_kinds_keep_their_width() -> None:
    widths = {
        kind: (kind.name, kind.places, kind.bound, kind.signed)
        for kind in (MEASURE, QUANTITY, BASE, MONEY, LINE_MONEY, PERCENT, COUNT, DAY, MONTHS, RATIO)
    }

    assert list(widths.values()) == [
        ("measure", 4, 10**14, True),
        ("quantity", 2, 10**12, True),
        ("base", 2, 10**12, False),
        ("money", 2, 10**16, True),
        ("money", 2, 10**13, True),
        ("percent", 2, 10**7, True),
        ("count", 0, 10**9, False),
        ("day", 0, 10**7, True),
        ("months", 0, 1200, False),
        ("ratio", 0, 2**63 - 1, True),
    ]
    assert [(kind.name, kind.places, kind.bound) for kind in (TEXT, FLAG)] == [("text", 0, 0), ("flag", 0, 0)]


def test_a_chain_of_steps_derives_what_the_steps_do_one_by_one() -> None:
    steps = (
        Step("first", share),
        Step("second", share, {"part": "first", "whole": "base"}),
        Step("part", share, {"part": "second"}),
    )
    known = {"part": Fraction(1), "whole": Fraction(3), "base": Fraction(7)}

    derived = Chain(steps).derive(known)

    assert derived == derive(steps, known)
    assert derived["second"] == Fraction("475.7")
    assert known["part"] == 1


def test_a_rule_is_known_by_its_domain_and_its_name() -> None:
    assert outturn.id == "indicators.outturn"
