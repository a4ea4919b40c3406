"""The faults that mutants have: what may go wrong in a line of a rule or of the compiler."""

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

VOCABULARY = Path("app/rules/vocabulary.py")
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
OPPOSITES = {"missing": "present", "present": "missing", "any": "all", "all": "any", "max": "min"}
UNWRAPPED = {"size", "abs", "rounded"}
UNTOUCHED = {"annotation", "returns", "decorator_list"}

Item = TypeVar("Item")
Some = TypeVar("Some", bound=ast.AST)


@dataclass(frozen=True, order=True)
class Mutant:
    """A module with one fault: where it is, what stood there and what stands there now."""

    path: str
    line: int
    code: str
    before: str
    after: str
    source: str = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code}\n    {self.before}  ->  {self.after}"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module, each once."""
    text = path.read_text()
    tree, lines = ast.parse(text), ["", *text.splitlines()]
    seen: set[tuple[int, str, str]] = set()
    for node, put in _places(tree):
        before = ast.unparse(node)
        for changed in (change for changes in CHANGES for change in changes(node)):
            after = ast.unparse(ast.fix_missing_locations(changed))
            mark = (getattr(node, "lineno", 0), before, after)
            if before != after and mark not in seen:
                seen.add(mark)
                put(changed)
                yield Mutant(str(path), mark[0], lines[mark[0]].strip(), before, after, ast.unparse(tree))
                put(node)


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    """Nodes that do something, each with what puts another in its place."""
    for name, value in ast.iter_fields(tree):
        if name in UNTOUCHED:
            continue
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST) and not _says_only(item):
                    yield item, partial(value.__setitem__, index)
                    yield from _places(item)
        elif isinstance(value, ast.AST) and not _says_only(value):
            yield value, partial(setattr, tree, name)
            yield from _places(value)


def _says_only(node: ast.AST) -> bool:
    """Whether a node is a docstring, an import, a message or a name for a type."""
    match node:
        case ast.Expr(ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.Raise():
            return True
        case ast.Assign([ast.Name("message")]) | ast.If(ast.Name("TYPE_CHECKING")):
            return True
        case ast.Assign([ast.Name()], ast.Subscript() | ast.BinOp(_, ast.BitOr(), _)):
            return True
    return False


def _signs(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(_, [sign], _):
            yield from (_with(node, ops=[other()]) for other in COMPARISONS[type(sign)])
        case ast.BinOp(_, sign, _) | ast.AugAssign(_, sign, _):
            yield from (_with(node, op=other()) for other in OPERATORS.get(type(sign), ()))
        case ast.UnaryOp(ast.Not() | ast.Invert() | ast.USub(), operand):
            yield operand
        case ast.BoolOp(sign, values):
            yield _with(node, op=ast.Or() if isinstance(sign, ast.And) else ast.And())
            yield from values


def _constants(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value)):
            yield from (ast.Constant(near) for near in (value + 1, value - 1) if near >= 0)
        case ast.Attribute(ast.Name(owner), word) if word in _words().get(owner, ()):
            words = _words()[owner]
            yield _with(node, attr=words[(words.index(word) + 1) % len(words)])


def _branches(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.IfExp(_, body, orelse):
            yield body
            yield orelse
        case ast.If(test):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Match(_, tried):
            yield from (_with(node, cases=_without(tried, n)) for n in range(len(tried)))
        case ast.Call(ast.Name("cases"), args):
            yield from (_with(node, args=_without(args, n)) for n in range(len(args)))
            pairs = [arg.elts for arg in args if isinstance(arg, ast.Tuple)]
            for n in range(len(pairs) - 1):
                yield _with(node, args=[ast.Tuple(pair) for pair in _answers_swapped(pairs, n)])


def _calls(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Call(ast.Name(name)) if name in OPPOSITES:
            yield _with(node, func=ast.Name(OPPOSITES[name]))
        case ast.Call(ast.Name(name), [first, *_]) if name in UNWRAPPED:
            yield first
    match node:
        case ast.Call(_, _, keywords):
            yield from (_with(node, keywords=_without(keywords, n)) for n in range(len(keywords)))


CHANGES = (_signs, _constants, _branches, _calls)


def _with(node: Some, **fields: Any) -> Some:  # noqa: ANN401 - whatever the node's fields hold
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _without(items: Sequence[Item], index: int) -> list[Item]:
    return [item for n, item in enumerate(items) if n != index]


def _answers_swapped(pairs: Sequence[list[ast.expr]], index: int) -> list[list[ast.expr]]:
    """Tests with their answers, two neighbours of which have each other's."""
    (test, answer), (next_test, next_answer) = pairs[index : index + 2]
    return [*pairs[:index], [test, next_answer], [next_test, answer], *pairs[index + 2 :]]


@cache
def _words() -> dict[str, list[str]]:
    """The words of the vocabulary, by enumeration."""
    found: dict[str, list[str]] = {}
    for item in ast.parse(VOCABULARY.read_text()).body:
        match item:
            case ast.ClassDef(name, body=body):
                found[name] = [named.id for each in body for named in ast.walk(each) if _is_set(named)]
    return found


def _is_set(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
