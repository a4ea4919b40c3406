"""The faults that mutants have: what may go wrong in a line of a rule or of the compiler."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

VOCABULARY = Path("app/rules/vocabulary.py")
COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
OPERATORS: dict[type[ast.operator], list[type[ast.operator]]] = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Add, ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
    ast.Mod: [ast.Add],
    ast.Pow: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
}
OPPOSITES = {
    "missing": "present",
    "present": "missing",
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
}
UNWRAPPED = {"size", "abs", "rounded"}


@dataclass(frozen=True, order=True)
class Mutant:
    """A module with one fault: where it is, what stood there and what stands there now."""

    path: str
    line: int
    before: str
    after: str
    source: str = field(compare=False, repr=False)

    @classmethod
    def none(cls) -> "Mutant":
        """No fault at all."""
        return cls("", 0, "", "", "")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before}  ->  {self.after}"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module, each once."""
    tree = ast.parse(path.read_text())
    nodes = [node for node in _code(tree) if hasattr(node, "lineno")]
    seen: set[tuple[int, str, str]] = set()
    for node in nodes:
        before = ast.unparse(node)
        for change in _changes(node):
            copied, twin = _copy(tree, node)
            changed = change(twin)
            _replace(copied, twin, changed)
            after = ast.unparse(changed)
            mark = (node.lineno, before, after)
            if before != after and mark not in seen:
                seen.add(mark)
                source = ast.unparse(ast.fix_missing_locations(copied))
                yield Mutant(str(path), node.lineno, before, after, source)


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that do something: no annotations, docstrings, imports or messages."""
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _says_only(child):
                continue
            yield child
            yield from _code(child)


def _says_only(node: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.Raise():
            return True
        case ast.Assign([ast.Name("message")]) | ast.If(ast.Name("TYPE_CHECKING")):
            return True
        case ast.Assign([ast.Name(_)], ast.Subscript()) | ast.Assign(
            [ast.Name(_)], ast.BinOp(ast.Name(), ast.BitOr())
        ):
            return True  # a name for a type
    return False


Change = Callable[[ast.AST], ast.AST]


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(_, [sign], _):
            for other in COMPARISONS[type(sign)]:
                yield lambda n, other=other: _with(n, ops=[other()])
        case ast.BinOp(_, sign, _):
            for operator in OPERATORS.get(type(sign), []):
                yield lambda n, operator=operator: _with(n, op=operator())
        case ast.AugAssign(_, sign, _):
            for operator in OPERATORS.get(type(sign), []):
                yield lambda n, operator=operator: _with(n, op=operator())
        case ast.UnaryOp():
            yield lambda n: n.operand
        case ast.BoolOp(sign):
            other_sign = ast.Or() if isinstance(sign, ast.And) else ast.And()
            yield lambda n: _with(n, op=other_sign)
            for index in range(len(node.values)):
                yield lambda n, index=index: n.values[index]
        case ast.Constant(value) if isinstance(value, bool):
            yield lambda n: ast.Constant(not n.value)
        case ast.Constant(value) if isinstance(value, int):
            yield lambda n: ast.Constant(n.value + 1)
            if value > 0:
                yield lambda n: ast.Constant(n.value - 1)
        case ast.IfExp():
            yield lambda n: n.body
            yield lambda n: n.orelse
        case ast.If():
            yield lambda n: _with(n, test=ast.UnaryOp(ast.Not(), n.test))
        case ast.Match(_, match_cases):
            for index in range(len(match_cases)):
                yield lambda n, index=index: _with(n, cases=_without(n.cases, index))
        case ast.Attribute(ast.Name(owner), attr) if attr in _words().get(owner, []):
            words = _words()[owner]
            other_word = words[(words.index(attr) + 1) % len(words)]
            yield lambda n: _with(n, attr=other_word)
        case ast.Call():
            yield from _call_changes(node)


def _call_changes(call: ast.Call) -> Iterator[Change]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in OPPOSITES:
        yield lambda n: _with(n, func=ast.Name(OPPOSITES[name]))
    if name in UNWRAPPED and call.args:
        yield lambda n: n.args[0]
    if name == "cases":
        for index in range(len(call.args)):
            yield lambda n, index=index: _with(n, args=_without(n.args, index))
        for index in range(len(call.args) - 1):
            yield lambda n, index=index: _with(n, args=_swapped(n.args, index))
    if call.keywords:
        for index in range(len(call.keywords)):
            yield lambda n, index=index: _with(n, keywords=_without(n.keywords, index))


def _with(node, **fields):
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def _without(items, index):
    return [item for n, item in enumerate(items) if n != index]


def _swapped(items, index):
    return [*items[:index], items[index + 1], items[index], *items[index + 2 :]]


def _copy(tree: ast.Module, node: ast.AST) -> tuple[ast.Module, ast.AST]:
    """A copy of a tree, and the copy of one of its nodes."""
    copied = copy.deepcopy(tree)
    index = next(n for n, each in enumerate(ast.walk(tree)) if each is node)
    return copied, next(each for n, each in enumerate(ast.walk(copied)) if n == index)


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    if old is new:
        return
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                value[:] = [new if item is old else item for item in value]


_found: dict[str, list[str]] = {}


def _words() -> dict[str, list[str]]:
    """The words of the vocabulary, by enumeration."""
    if not _found:
        for item in ast.parse(VOCABULARY.read_text()).body:
            if isinstance(item, ast.ClassDef):
                named = [
                    t.id
                    for a in item.body
                    if isinstance(a, ast.Assign)
                    for t in a.targets
                    if isinstance(t, ast.Name)
                ]
                _found[item.name] = named
    return _found
