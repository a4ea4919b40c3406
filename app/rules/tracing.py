"""A rule: a plain function over named, typed operands, traced once into a tree."""

from __future__ import annotations

import hashlib
import inspect
from typing import TYPE_CHECKING, Annotated, NamedTuple, get_args, get_type_hints

from app.rules.evaluation import Answer, Raw, plain, reader
from app.rules.nodes import Kind, Node, Operand, substituted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MEASURE = Kind("measure", places=4, bound=10**14)
QUANTITY = Kind("quantity", places=2, bound=10**12)
BASE = Kind("base", places=2, bound=10**12, signed=False)
MONEY = Kind("money", places=2, bound=10**16)
"""Wide enough for the sum of a thousand of the widest lines that a table keeps."""
LINE_MONEY = Kind("money", places=2, bound=10**13)
PERCENT = Kind("percent", places=2, bound=10**7)
COUNT = Kind("count", bound=10**9, signed=False)
DAY = Kind("day", bound=10**7)
MONTHS = Kind("months", bound=1200, signed=False)
RATIO = Kind("ratio", bound=2**63 - 1)
TEXT = Kind("text")
FLAG = Kind("flag")

Measure = Annotated[Node, MEASURE]
"""An outturn, a target or a limit, to four places, in the unit of its indicator."""
Quantity = Annotated[Node, QUANTITY]
"""A numerator, to two places."""
Base = Annotated[Node, BASE]
"""A denominator, to two places; never negative."""
Money = Annotated[Node, MONEY]
"""Pounds and pence."""
Percent = Annotated[Node, PERCENT]
"""Percentage points, to two places."""
Count = Annotated[Node, COUNT]
"""A whole number, never negative."""
Day = Annotated[Node, DAY]
"""A date as its day number, 1 for 0001-01-01."""
Months = Annotated[Node, MONTHS]
"""A number of months."""
Ratio = Annotated[Node, RATIO]
"""The unrounded answer of another rule: a whole number over a whole number."""
Text = Annotated[Node, TEXT]
"""A word of the vocabulary."""
Flag = Annotated[Node, FLAG]
"""Yes or no."""


class Rule:
    """A traced rule: its name and domain, its meaning, its source, its operands and its tree.

    The source is the last paragraph of its docstring, after "Source:": the reports that print it, or
    the method. `version` is another one whenever the tree is.
    """

    def __init__(self, function: Callable[..., Node]) -> None:
        """Trace the function once, with an operand for each of its parameters."""
        hints = get_type_hints(function, include_extras=True)
        self.function = function
        self.name = function.__name__
        self.domain = function.__module__.rpartition(".")[2]
        meaning, _, source = (inspect.getdoc(function) or "").partition("Source:")
        self.meaning, self.source = meaning.strip(), " ".join(source.split())
        self.operands = tuple(
            Operand(name, get_args(hints[name])[1]) for name in inspect.signature(function).parameters
        )
        self.tree = function(*self.operands)
        self.read = reader(self.tree)
        self.version = hashlib.sha256(repr(self.tree).encode()).hexdigest()[:8]

    @property
    def id(self) -> str:
        """What it is known by among all rules."""
        return f"{self.domain}.{self.name}"

    def __call__(self, *parts: Node) -> Node:
        """The rule's tree over other nodes, so that rules are made of rules."""
        return self.function(*parts)

    def of(self, **facts: Raw) -> Answer:
        """The rule's answer on plain values: a Fraction, a word, a truth, or None where missing.

        Raises KeyError for an operand that is not given, TypeError for one that the rule lacks.
        """
        names = {operand.name for operand in self.operands}
        if unknown := facts.keys() - names:
            message = f"{self.name} has no operand {', '.join(sorted(unknown))}"
            raise TypeError(message)
        if lacking := names - facts.keys():
            message = f"{self.name} needs {', '.join(sorted(lacking))}"
            raise KeyError(message)
        return self.read(facts)


def rule(function: Callable[..., Node]) -> Rule:
    """Trace a function over operands into a rule."""
    return Rule(function)


class Step(NamedTuple):
    """A rule's place between raw facts and a derived field.

    Its answer, unrounded, is a fact for the steps after it, by the field's name. `given` says by what
    names the rule's operands go, where those differ; `shown` is the rule that rounds the answer.
    """

    field: str
    rule: Rule
    given: Mapping[str, str] = {}
    shown: Rule | None = None

    @property
    def tree(self) -> Node:
        """Its rule's tree, under the names of the facts that it is read from."""
        kinds = {operand.name: operand.kind for operand in self.rule.operands}
        named = {name: Operand(of, kinds[name]) for name, of in self.given.items()}
        return substituted(self.rule.tree, named)

    def facts(self, known: Mapping[str, Raw]) -> dict[str, Answer]:
        """What its rule reads, of all that is known."""
        return {o.name: plain(known[self.given.get(o.name, o.name)]) for o in self.rule.operands}


def derive(steps: Iterable[Step], known: Mapping[str, Raw]) -> dict[str, Answer]:
    """What is known, and what follows from it by field: unrounded where another rule shows it."""
    facts = {name: plain(value) for name, value in known.items()}
    for step in steps:
        facts[step.field] = step.rule.read(step.facts(facts))
    return facts


class Chain:
    """Steps made ready to be taken often: as `derive`, on plain facts, several times as fast."""

    def __init__(self, steps: Iterable[Step]) -> None:
        """Read each rule under the names that its operands go by."""
        self._reads = tuple((step.field, reader(step.tree)) for step in steps)

    def derive(self, known: Mapping[str, Answer]) -> dict[str, Answer]:
        """What is known, and what follows from it by field."""
        facts = dict(known)
        for field, read in self._reads:
            facts[field] = read(facts)
        return facts
