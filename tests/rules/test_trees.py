"""Trees that no rule has yet: made up of every node, they read alike in all readers."""

from fractions import Fraction
from functools import cache
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


@cache
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


def test_any_tree_reads_alike(reader: Reader) -> None:
    rows = _rows()
    trees = _trees()
    names = list(trees)

    for start in range(0, len(names), 300):
        asked = {name: trees[name] for name in names[start : start + 300]}
        expected = read_plainly(asked, rows)

        found = reader(asked, rows)

        wrong = [
            f"{name}: {answers[name]}, not {right[name]}: {asked[name].tree} for {row}"
            for row, answers, right in zip(rows, found, expected, strict=True)
            for name in asked
            if answers[name] != right[name]
        ]
        assert sorted(wrong, key=len)[:3] == []


LEFT, RIGHT, OVER, COUNTED, _ = OPERANDS
NOTHING = dict.fromkeys([*(o.name for o in OPERANDS), "word", "flagged"])
FITTING = Question(rounded(-COUNTED * COUNTED * COUNTED, 0), 0)
BY_BASE = (LEFT / OVER, RIGHT / OVER)
TRICKY = {
    "over the same nothing, compared": Question(BY_BASE[0] < BY_BASE[1]),
    "over the same nothing, divided": Question(rounded(BY_BASE[0] / BY_BASE[1], 2), 2),
    "over nothing, against nought": Question(BY_BASE[0] > 0),
    "over nothing, is it missing": Question(missing(BY_BASE[0])),
    "nought times the missing": Question(COUNTED * 0 <= LEFT),
    "the missing, less itself": Question(rounded(LEFT - LEFT, 1), 1),
    "over what is always nought": Question(rounded(LEFT / (RIGHT * 0), 1), 1),
    "over nought": Question(rounded(LEFT / 0, 1), 1),
    "over less than nothing": Question(rounded(LEFT / (RIGHT - 1) / -3, 3), 3),
    "a number or nothing": Question(rounded(cases((FLAGGED, LEFT)), 1), 1),
    "nothing at all": Question(rounded(cases((FLAGGED, nodes.ABSENT)), 1), 1),
    "a constant": Question(rounded(node(Fraction(5, 2)), 0), 0),
    "rounded twice": Question(rounded(rounded(LEFT, 1), 0), 0),
    "half of the last place": Question(rounded(LEFT, 1), 1),
}


def test_trees_that_were_read_wrongly_before(reader: Reader) -> None:
    rows = [*_rows(), NOTHING | {"left": Fraction(3), "base": Fraction(0), "right": Fraction(5)}]

    assert reader(TRICKY, rows) == read_plainly(TRICKY, rows)


def test_an_answer_fits_a_64_bit_whole_number_of_either_sign(reader: Reader) -> None:
    counts = [Fraction(n) for n in (2097151, 2097152, 2097153)]
    rows = [NOTHING | {"count": count} for count in counts]

    found = [answer["fits"] for answer in reader({"fits": FITTING}, rows)]

    assert found == [Fraction(-(2097151**3)), None, None]
