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

    def __init__(self, facts: Facts) -> None:
        """Nothing is tried yet."""
        self.facts = facts
        self.tried: list[tuple[Part, Answer]] = []
        self.failed: list[Part] = []
        self.held: Part | None = None
        self.rounding: str | None = None
        self.round: Callable[[Answer], Answer] | None = None

    def tries(self, test: Part) -> bool:
        """Whether a test holds."""
        held = test.read(self.facts)
        self.tried.append((test, held))
        if held:
            self.held = test
        else:
            self.failed.append(test)
        return bool(held)


class Followed(NamedTuple):
    """A tree as it came to its answer, not in words yet."""

    path: Path
    leaf: Part
    exact: Answer
    answer: Answer
    reasons: Reasons

    def lacking(self) -> tuple[str, ...]:
        """Why there is no answer; nothing where there is one."""
        return () if self.answer is not None else tuple(dict.fromkeys(self._why())) or (TOO_WIDE,)

    def told(self, spoken: Spoken) -> Explained:
        """How it came to its answer; `spoken` holds the facts that are in words already."""
        facts = self.path.facts
        trials, used = [], set[str]()
        for test, held in self.path.tried:
            trial, read = test.told(facts, spoken, held)
            trials.append(trial)
            used |= read
        phrase = self.leaf.phrase(facts)
        return Explained(
            tuple(trials),
            phrase.words,
            phrase.form.filled(facts, spoken),
            self.exact,
            self.path.rounding if isinstance(self.exact, Fraction) else None,
            self.answer,
            self.lacking(),
            frozenset(used | phrase.names),
        )

    def _why(self) -> Iterator[str]:
        path = self.path
        if not isinstance(self.leaf.tree, Absent):
            yield from self.reasons.missing(self.leaf.tree, path.facts)
        elif path.held is not None:
            yield from self.reasons.holds(path.held.tree, path.facts)
        else:
            for test in path.failed:
                yield from self.reasons.fails(test.tree, path.facts)


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

    def explain(self, facts: Facts) -> Explained:
        """How the tree comes to its answer on some facts."""
        return self.follow(facts).told(Spoken(facts))

    def follow(self, facts: Facts) -> Followed:
        """The tree on some facts, to be told later; more facts may come to be known meanwhile."""
        path = Path(facts)
        leaf = self.leaf(path)
        exact = answer = leaf.read(facts)
        if path.round is not None and exact is not None:
            answer = path.round(exact)
        return Followed(path, leaf, exact, answer, self._reasons)

    def leaf(self, path: Path) -> Part:
        """The part that answers, by way of the tests that are tried."""
        if isinstance(self._tree, Rounded):
            path.rounding = rounding(self._tree, self._part.read(path.facts))
            places = {name: path.facts[name] for name in self._places}
            path.round = lambda exact: self._round({_EXACT.name: exact, **places})
            return self._answers[0].leaf(path)
        if not self._answers:
            return self._part
        path.failed, path.held = [], None
        place = next((n for n, test in enumerate(self._tests) if path.tries(test)), -1)
        return self._answers[place].leaf(path)
