"""Parts of a tree made ready: read, and put in words as their choices between cases come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.rules.evaluation import Answer, Read, evaluate, reader
from app.rules.nodes import Absolute, Cases, Constant, Node, Quotient, operands, replaced
from app.rules.wording import Spoken, form, without, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Facts = Mapping[str, Answer]
    _Choice = tuple[int, "tuple[_Choice, ...]"]


class Trial(NamedTuple):
    """A test that was tried: in words, with the numbers filled in, and what came of it (None: unknown)."""

    test: str
    filled: str
    held: bool | None


class Phrase:
    """A formula without choices: in words, with blanks for numbers, and the operands that it names."""

    def __init__(self, tree: Node) -> None:
        """Put it in words, once."""
        self.tree = tree
        self.words = wording(tree)
        self.form = form(tree)
        self._without = tuple((operand.name, without(operand)) for operand in operands(tree))
        self.names = frozenset(name for name, _ in self._without)
        self._divisors = tuple(_divisors(tree))

    def lacking(self, facts: Facts) -> Iterator[str]:
        """The operands that are missing; or else what it would divide by, and is zero."""
        absent = [reason for name, reason in self._without if facts[name] is None]
        yield from absent
        if not absent:
            yield from (f"{name} is zero" for read, name in self._divisors if read(facts) == 0)


class Part:
    """A part of a tree, made ready."""

    def __init__(self, tree: Node) -> None:
        """Make its readers once."""
        self.tree = tree
        self.read = reader(tree)
        self._forks = tuple(_forks(tree))
        self._only = None if self._forks else Phrase(tree)
        self._phrases: dict[tuple[_Choice, ...], Phrase] = {}

    def phrase(self, facts: Facts) -> Phrase:
        """The part in which every choice is made as the facts have it."""
        if self._only is not None:
            return self._only
        choices = tuple([fork.choice(facts) for fork in self._forks])
        phrase = self._phrases.get(choices)
        if phrase is None:
            phrase = self._phrases[choices] = Phrase(settle(self.tree, facts))
        return phrase

    def tried(self, facts: Facts, spoken: Spoken) -> tuple[Trial, frozenset[str]]:
        """The part tried as a test, and what it was read from."""
        return self.told(facts, spoken, self.read(facts))

    def told(self, facts: Facts, spoken: Spoken, held: Answer) -> tuple[Trial, frozenset[str]]:
        """The part as it was tried as a test, and what it was read from."""
        phrase = self.phrase(facts)
        filled = phrase.form.filled(facts, spoken)
        return Trial(phrase.words, filled, held if isinstance(held, bool) else None), phrase.names


class _Fork:
    """A choice between cases, as far as it matters which one is made."""

    def __init__(self, tree: Cases) -> None:
        self._tests = tuple(reader(test) for test, _ in tree.branches)
        answers = (*(answer for _, answer in tree.branches), tree.otherwise)
        self._answers = tuple(tuple(_forks(answer)) for answer in answers)

    def choice(self, facts: Facts) -> _Choice:
        """The place of the case that is chosen, and the choices within it."""
        place = len(self._tests)
        for number, test in enumerate(self._tests):
            if test(facts):
                place = number
                break
        return place, tuple(fork.choice(facts) for fork in self._answers[place])


def settle(tree: Node, facts: Facts) -> Node:
    """A tree in which every choice between cases is made as the facts have it."""

    def settled(part: Node) -> Node | None:
        return settle(_branch(part, facts), facts) if isinstance(part, Cases) else None

    return replaced(tree, settled)


def _branch(tree: Cases, facts: Facts) -> Node:
    return next((answer for test, answer in tree.branches if evaluate(test, facts)), tree.otherwise)


def _forks(tree: Node) -> Iterator[_Fork]:
    """The outermost choices in a tree."""
    if isinstance(tree, Cases):
        yield _Fork(tree)
        return
    for part in tree.parts():
        yield from _forks(part)


def _divisors(tree: Node) -> Iterator[tuple[Read, str]]:
    """What a formula divides by, and what it is called."""
    if isinstance(tree, Quotient) and not isinstance(tree.bottom, Constant):
        bottom = tree.bottom.of if isinstance(tree.bottom, Absolute) else tree.bottom
        yield reader(bottom), wording(bottom)
    for part in tree.parts():
        yield from _divisors(part)
