"""Why there is no answer, in a few words: what is missing, what is zero, which case does not apply.

Of several reasons each of which is enough, the first is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.rules.nodes import Absent, Among, Both, Cases, Either, Missing, Node, Operand, Opposite
from app.rules.phrases import Part
from app.rules.wording import called, told, without, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.rules.evaluation import Answer

    Facts = Mapping[str, Answer]


class Reasons:
    """Looks for reasons in the parts of one tree, each of which is made ready once."""

    def __init__(self) -> None:
        """Nothing is ready yet."""
        self._parts: dict[int, Part] = {}

    def missing(self, tree: Node, facts: Facts) -> Iterator[str]:
        """Why a number or a test has no answer."""
        lacking = list(self._part(tree).phrase(facts).lacking(facts))
        yield from lacking
        if not lacking:
            for test in self._fallen(tree, facts):
                yield from self.fails(test, facts)

    def fails(self, test: Node, facts: Facts) -> Iterator[str]:
        """What about a test keeps it from holding."""
        match test:
            case Both(left, right):
                yield from self.fails(right if self._part(left).read(facts) else left, facts)
            case Either(left, right):
                yield from self.fails(left, facts)
                yield from self.fails(right, facts)
            case Opposite(of):
                yield from self.holds(of, facts)
            case Among(Operand() as of):
                yield _is(of, facts)
            case Operand():
                yield f"not {called(test)}"
            case Missing():
                return
            case _:
                yield wording(Opposite(test))

    def holds(self, test: Node, facts: Facts) -> Iterator[str]:
        """What makes a test hold."""
        match test:
            case Both(left, right):
                yield from self.holds(left, facts)
                yield from self.holds(right, facts)
            case Either(left, right):
                yield from self.holds(left if self._part(left).read(facts) else right, facts)
            case Opposite(of):
                yield from self.fails(of, facts)
            case Missing(of):
                yield from self.missing(of, facts)
            case Among(Operand() as of):
                yield _is(of, facts)
            case _:
                yield wording(test)

    def _part(self, tree: Node) -> Part:
        """A part made ready, which keeps the node and so its identity."""
        part = self._parts.get(id(tree))
        if part is None:
            part = self._parts[id(tree)] = Part(tree)
        return part

    def _fallen(self, tree: Node, facts: Facts) -> Iterator[Node]:
        """The tests of the choices in which no case applies."""
        if isinstance(tree, Cases) and isinstance(self._part(tree).phrase(facts).tree, Absent):
            yield from (test for test, _ in tree.branches if not self._part(test).read(facts))
            return
        for part in tree.parts():
            yield from self._fallen(part, facts)


def _is(operand: Operand, facts: Facts) -> str:
    value = facts[operand.name]
    return without(operand) if value is None else f"{called(operand)} is {told(value)}"
