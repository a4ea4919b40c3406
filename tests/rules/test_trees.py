"""Trees that no rule has yet: made up of every node, they read alike in all readers."""

from fractions import Fraction
from itertools import product

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.rules import nodes
from app.rules.nodes import Node, Operand, cases, missing, node, present, rounded, size
from app.rules.tracing import BASE, COUNT, FLAG, MEASURE, RATIO, TEXT
from tests.rules.facts import EXAMPLES, SUITE_EXAMPLES
from tests.rules.readers import WIDEST, Question, Reader, Row, read_plainly

OPERANDS = [
    Operand("left", MEASURE),
    Operand("right", MEASURE),
    Operand("base", BASE),
    Operand("count", COUNT),
    Operand("ratio", RATIO),
]
WORD, FLAGGED = Operand("word", TEXT), Operand("flagged", FLAG)
CONSTANTS = [Fraction(c) for c in ("0", "1", "-1", "2", "-3/7", "100", "0.25", "12345678901/10")]

def truths(of: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Tests about numbers, words and flags."""
    simple = st.one_of(
        st.builds(nodes.Compare, st.sampled_from(["<", "<=", ">", ">=", "="]), of, of),
        of.map(missing),
        of.map(present),
        st.just(FLAGGED),
        st.just(WORD.among("met", "near")),
        st.just(missing(WORD)),
    )
    return st.one_of(
        simple,
        simple.map(lambda test: ~test),
        st.builds(nodes.Both, simple, simple),
        st.builds(nodes.Either, simple, simple),
        simple.map(missing),
        st.builds(lambda a, b, c: cases((a, b), otherwise=c), simple, simple, simple),
    )


numbers = st.recursive(
    st.sampled_from(OPERANDS) | st.sampled_from(CONSTANTS).map(node),
    lambda of: st.one_of(
        st.builds(nodes.Sum, of, of),
        st.builds(nodes.Sum, of, of.map(lambda n: -n)),
        st.builds(nodes.Product, of, of),
        st.builds(nodes.Quotient, of, of),
        of.map(size),
        st.builds(rounded, of, st.integers(0, 4)),
        st.builds(lambda n, places: rounded(n, places, 3), of, st.sampled_from(OPERANDS[3:4])),
        st.builds(lambda test, a, b: cases((test, a), otherwise=b), truths(of), of, of),
        st.builds(lambda test, a: cases((test, a)), truths(of), of),
    ),
    max_leaves=5,
)
WORDS = st.builds(
    lambda a, b: cases((a, "yes"), (b, WORD), otherwise="it's 100% no"),
    truths(numbers),
    truths(numbers),
)
MEASURES = [None, "0", "0.5", "-2.25", "3", "9999999999.9999"]


def _rows() -> list[Row]:
    exact = [None if m is None else Fraction(m) for m in MEASURES]
    ratios = [None, Fraction(0), Fraction(-1, 3), Fraction(-(2**62)), Fraction(WIDEST, 2)]
    rows: list[Row] = []
    for n, (left, right) in enumerate(product(exact, exact)):
        rows.append(
            {
                "left": left,
                "right": right,
                "base": [None, Fraction(0), Fraction("1.5"), Fraction("9999999999.99")][n % 4],
                "count": [None, Fraction(0), Fraction(2), Fraction(3), Fraction(4)][n % 5],
                "ratio": ratios[n % 5 - n % 2],
                "word": [None, "met", "other"][n % 3],
                "flagged": [None, True, False][n % 3],
            }
        )
    return rows


def _trees() -> dict[str, Question]:
    found: dict[str, Question] = {}

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=EXAMPLES <= SUITE_EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(numbers, st.integers(0, 4), truths(numbers), WORDS)
    def collect(number: Node, places: int, test: Node, word: Node) -> None:
        found[f"number_{len(found)}"] = Question(rounded(number, places), places)
        found[f"test_{len(found)}"] = Question(test)
        found[f"word_{len(found)}"] = Question(word)

    collect()
    return found


TREES = _trees()


def test_any_tree_reads_alike(reader: Reader) -> None:
    rows = _rows()
    names = list(TREES)

    for start in range(0, len(names), 300):
        asked = {name: TREES[name] for name in names[start : start + 300]}
        expected = read_plainly(asked, rows)

        found = reader(asked, rows)

        wrong = [
            f"{name}: {answers[name]}, not {right[name]}: {asked[name].tree} for {row}"
            for row, answers, right in zip(rows, found, expected, strict=True)
            for name in asked
            if answers[name] != right[name]
        ]
        assert sorted(wrong, key=len)[:3] == []
