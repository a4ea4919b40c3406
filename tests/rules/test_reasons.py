"""Why a test held, or did not, in a few words: of several reasons each of which is enough, the first."""

import pytest

from app.rules.evaluation import Answer
from app.rules.explaining import explain
from app.rules.nodes import ABSENT, Node, Operand, cases, missing, present
from app.rules.tracing import FLAG, RATIO, TEXT

A, B = Operand("a", RATIO), Operand("b", RATIO)
KIND, SAMPLE = Operand("kind", TEXT), Operand("sample", FLAG)
FACTS: dict[str, Answer] = {"a": None, "b": None, "kind": "share", "sample": False}


@pytest.mark.parametrize(
    ("test", "reasons"),
    [
        (present(A) & present(B), ("no a",)),
        (KIND.among("share") & present(B), ("no b",)),
        (present(A) | present(B), ("no a", "no b")),
        (~KIND.among("share"), ("kind is share",)),
        (SAMPLE, ("not a survey sample",)),
        (KIND.among("share") & (KIND.among("growth") | SAMPLE), ("kind is share", "not a survey sample")),
    ],
)
def test_where_no_case_applies_it_says_why_not(test: Node, reasons: tuple[str, ...]) -> None:
    assert explain(cases((test, 1)), FACTS).lacking == reasons


@pytest.mark.parametrize(
    ("test", "reasons"),
    [
        (missing(A) | missing(B), ("no a",)),
        (missing(A) & missing(B), ("no a", "no b")),
        (SAMPLE | missing(B), ("no b",)),
        (KIND.among("share"), ("kind is share",)),
        (~SAMPLE, ("not a survey sample",)),
        (missing(cases((SAMPLE, B))), ("not a survey sample",)),
    ],
)
def test_where_a_case_gives_nothing_it_says_why_it_applies(test: Node, reasons: tuple[str, ...]) -> None:
    assert explain(cases((test, ABSENT), otherwise=1), FACTS).lacking == reasons
