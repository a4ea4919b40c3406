"""The header of a sheet: which column of the format each of its cells heads."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache

from app.imports.problems import Remarks
from app.imports.rows import Row

_UNIT = re.compile(r" ?\((£|%|fte|number|date|yes/no|text)\)$")
_APART = re.compile(r"[\s_\-]+")


def columns_headed(model: type[Row], header: Sequence[str], remarks: Remarks) -> list[str] | None:
    """The column under each cell of a header, or None where they are not those of the format.

    An empty cell heads none. Capitals, spaces, underscores, hyphens and a unit in brackets count alike.
    """
    before, known = remarks.problem_total, _known(model)
    headed = [known.get(_plain(cell), "") for cell in header]
    for name in model.columns():
        if name in headed or name in model.later:
            continue
        if remarks.partial and not model.model_fields[name].is_required():
            remarks.absent.add(name)
        else:
            remarks.refuse(1, name, "", "is a missing column")
    for position, (name, cell) in enumerate(zip(headed, header, strict=True)):
        if not name and cell:
            remarks.refuse(1, cell, cell, _unknown(model, cell))
        elif name and name in headed[:position]:
            remarks.refuse(1, name, cell, "stands in the header twice")
        elif cell and _plain(cell) != _plain(name):
            remarks.note(1, name, cell, f"is read as {name}")
    return headed if remarks.problem_total == before else None


def _unknown(model: type[Row], cell: str) -> str:
    near = get_close_matches(_plain(cell[:100]), _known(model))
    names = list(dict.fromkeys(_known(model)[name] for name in near))
    return f"is an unknown column; the nearest: {', '.join(names)}" if names else "is an unknown column"


@cache
def _known(model: type[Row]) -> dict[str, str]:
    return dict(_headings(model))


def _headings(model: type[Row]) -> Iterator[tuple[str, str]]:
    for name, others in model.aliases.items():
        for other in others:
            yield _plain(other), name
    for name in model.columns():
        yield _plain(name), name


def _plain(heading: str) -> str:
    return _APART.sub(" ", _UNIT.sub("", heading.casefold().strip())).strip()
