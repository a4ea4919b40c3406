"""The third reader of a tree: how its answer comes about, test by test, with the numbers filled in.

A tree is made ready once, and explained as often as there are rows.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from app.rules.evaluation import Answer, reader
from app.rules.nodes import Absent, Cases, Node, Operand, Rounded, operands
from app.rules.phrases import Part, Trial
from app.rules.reasons import Reasons
from app.rules.tracing import RATIO
from app.rules.wording import Spoken, rounding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Facts = Mapping[str, Answer]

__all__ = ["Explained", "Explainer", "Trial", "attempt", "explain"]

TOO_WIDE = "too wide to be held exactly"
_EXACT = Operand("exact", RATIO)


class Explained(NamedTuple):
    """How an answer comes about.

    `trials` are the tests tried until one held. `formula` is the part that gave the answer, in words,
    and `filled` the same with numbers. `exact` is the answer before it was rounded as `rounding` says.
    `lacking` says why there is no answer, where there is none. `used` names what all this was read from.
    """

    trials: tuple[Trial, ...]
    formula: str
    filled: str
    exact: Answer
    rounding: str | None
    answer: Answer
    lacking: tuple[str, ...]
    used: frozenset[str]


def explain(tree: Node, facts: Facts) -> Explained:
    """How a tree comes to its answer on some facts."""
    return Explainer(tree).explain(facts)


def attempt(test: Node, facts: Facts) -> Trial:
    """A test tried on some facts."""
    trial, _ = Part(test).tried(facts, Spoken(facts))
    return trial


class Path:
    """The way through a tree's cases to the part that answers, on some facts."""

    def __init__(self, facts: Facts, spoken: Spoken) -> None:
        """Nothing is tried yet."""
        self.facts, self.spoken = facts, spoken
        self.trials: list[Trial] = []
        self.failed: list[Part] = []
        self.held: Part | None = None
        self.used: set[str] = set()
        self.rounding: str | None = None
        self.round: Callable[[Answer], Answer] | None = None

    def tries(self, test: Part) -> bool:
        """Whether a test holds."""
        trial, used = test.tried(self.facts, self.spoken)
        self.trials.append(trial)
        self.used |= used
        if trial.held:
            self.held = test
        else:
            self.failed.append(test)
        return bool(trial.held)


class Explainer:
    """A tree made ready to be explained."""

    def __init__(self, tree: Node, reasons: Reasons | None = None) -> None:
        """Make its parts ready once; those of one tree look for reasons together."""
        self._tree = tree
        self._reasons = Reasons() if reasons is None else reasons
        self._part = Part(tree.places if isinstance(tree, Rounded) else tree)
        self._tests: tuple[Part, ...] = ()
        self._answers: tuple[Explainer, ...] = ()
        if isinstance(tree, Rounded):
            self._answers = (Explainer(tree.of, self._reasons),)
            self._round = reader(Rounded(_EXACT, tree.places, tree.scale))
            self._places = tuple(operand.name for operand in operands(tree.places))
        elif isinstance(tree, Cases):
            self._tests = tuple(Part(test) for test, _ in tree.branches)
            answers = (*(answer for _, answer in tree.branches), tree.otherwise)
            self._answers = tuple(Explainer(answer, self._reasons) for answer in answers)

    def explain(self, facts: Facts, spoken: Spoken | None = None) -> Explained:
        """How the tree comes to its answer on some facts; `spoken` holds those that are in words already."""
        spoken = Spoken(facts) if spoken is None else spoken
        path = Path(facts, spoken)
        leaf = self.follow(path)
        phrase = leaf.phrase(facts)
        exact = answer = leaf.read(facts)
        if path.round is not None and exact is not None:
            answer = path.round(exact)
        return Explained(
            tuple(path.trials),
            phrase.words,
            phrase.form.filled(facts, spoken),
            exact,
            path.rounding if isinstance(exact, Fraction) else None,
            answer,
            () if answer is not None else self._lacking(leaf, path),
            frozenset(path.used | phrase.names),
        )

    def follow(self, path: Path) -> Part:
        """The part that answers, by way of the tests that are tried."""
        if isinstance(self._tree, Rounded):
            path.rounding = rounding(self._tree, self._part.read(path.facts))
            places = {name: path.facts[name] for name in self._places}
            path.round = lambda exact: self._round({_EXACT.name: exact, **places})
            return self._answers[0].follow(path)
        if not self._answers:
            return self._part
        path.failed, path.held = [], None
        place = next((n for n, test in enumerate(self._tests) if path.tries(test)), -1)
        return self._answers[place].follow(path)

    def _lacking(self, leaf: Part, path: Path) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._why(leaf, path))) or (TOO_WIDE,)

    def _why(self, leaf: Part, path: Path) -> Iterator[str]:
        if not isinstance(leaf.tree, Absent):
            yield from self._reasons.missing(leaf.tree, path.facts)
        elif path.held is not None:
            yield from self._reasons.holds(path.held.tree, path.facts)
        else:
            for test in path.failed:
                yield from self._reasons.fails(test.tree, path.facts)
