"""Models whose fields are described where they are declared: by the docstring below each."""

from __future__ import annotations

import ast
import sys
from functools import cache
from inspect import cleandoc, getsource
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Documented(BaseModel):
    """A model whose fields have their docstrings as descriptions.

    As pydantic's `use_attribute_docstrings` does it, which reads a file anew for each class in it; here it
    is read once for all. What is validated is built at first use, with the descriptions.
    """

    model_config = ConfigDict(defer_build=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 - pydantic's own
        """Describe the fields that the class itself declares and that say nothing of themselves."""
        super().__pydantic_init_subclass__(**options)
        written = _docstrings(cls.__module__).get(cls.__qualname__, {})
        for name, words in written.items():
            if name in cls.model_fields and cls.model_fields[name].description is None:
                cls.model_fields[name].description = words


@cache
def _docstrings(module: str) -> Mapping[str, Mapping[str, str]]:
    """The docstrings below the attributes of each class of a module, by the class's qualified name."""
    return dict(_classes(ast.parse(getsource(sys.modules[module])), ""))


def _classes(node: ast.AST, prefix: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.ClassDef(name=name, body=body):
                yield prefix + name, dict(_described(body))
                yield from _classes(child, f"{prefix}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _classes(child, f"{prefix}{name}.<locals>.")


def _described(body: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    for declared, after in pairwise(body):
        match declared, after:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as words)),
            ):
                yield name, cleandoc(words)
