"""Rows of a dataset that is shaped like a cube, as JSON-stat 2.0."""

from __future__ import annotations

from collections import Counter
from itertools import count
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from app.feeds.datasets import LICENCE
from app.rules.periods import parse_period

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from app.feeds.datasets import Dataset
    from app.feeds.tables import Column, Table

    Rows = Callable[[], Iterable[Sequence[Mapping[str, Any]]]]

MEDIA_TYPE = "application/json"
WITHHELD = "[c]"
"""What stands in the status of a figure that is withheld, and in a row that has one."""
_MEASURE = "measure"
_ROLES = {"time": ["period"], "geo": ["organisation"], "metric": [_MEASURE]}


class Names(NamedTuple):
    """What categories are called: organisations by GSS code and name, services by the name in each of them.

    Only those of a cube's own organisations are told, so that no other has a part in it.
    """

    organisations: Mapping[str, tuple[str, str]]
    services: Mapping[str, Mapping[str, str]]


def json_stat(table: Table, rows: Rows, names: Names, updated: str | None = None) -> Iterator[bytes]:
    """A cube in parts; `rows` gives all rows, some at a time, and is asked twice.

    Of the rows nothing is held but which categories there are and which figures are withheld. A figure that
    is not there has no value; one that is withheld has a status besides.
    """
    dataset = table.dataset
    places = {column.name: column for column in table.columns}
    categories = _categories(dataset, rows)
    head = _head(dataset, categories, names, [places[name] for name in dataset.measures])
    updates = {} if updated is None else {"updated": updated}
    yield orjson.dumps(head | updates)[:-1] + b',"value":{'
    withheld: list[int] = []
    comma = ""
    for part in rows():
        figures = []
        for place, text in _figures(dataset, categories, part):
            if text == WITHHELD:
                withheld.append(place)
            else:
                figures.append(f'"{place}":{text}')
        if figures:
            yield (comma + ",".join(figures)).encode()
            comma = ","
    yield b'},"status":' + orjson.dumps({str(place): WITHHELD for place in withheld}) + b"}"


def _categories(dataset: Dataset, rows: Rows) -> dict[str, dict[Any, int]]:
    """Of each dimension its values, with their places; in order of what they are, or as they come."""
    found: dict[str, dict[Any, None]] = {name: {} for name in dataset.dimensions}
    for part in rows():
        for row in part:
            for name, values in found.items():
                values[row[name]] = None
    return {name: dict(zip(_ordered(name, values), count())) for name, values in found.items()}


def _ordered(name: str, values: Iterable[Any]) -> list[Any]:
    if name == "period":
        return sorted(values, key=lambda period: (parse_period(period).start, parse_period(period).end))
    every = list(values)
    return sorted(every) if name == "organisation" or all(type(value) is int for value in every) else every


def _figures(
    dataset: Dataset, categories: Mapping[str, Mapping[Any, int]], rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[int, str]]:
    """The place of each figure of some rows in the cube, and the figure; a missing one has none."""
    sizes = [len(categories[name]) for name in dataset.dimensions]
    steps = [prod(sizes[place + 1 :]) * len(dataset.measures) for place in range(len(sizes))]
    for row in rows:
        cell = sum(
            categories[name][row[name]] * step for name, step in zip(dataset.dimensions, steps, strict=True)
        )
        hidden = row.get("disclosure") == WITHHELD
        for place, measure in enumerate(dataset.measures, cell):
            if row[measure] is not None:
                yield place, str(row[measure])
            elif hidden:
                yield place, WITHHELD


def _head(
    dataset: Dataset,
    categories: Mapping[str, Mapping[Any, int]],
    names: Names,
    measures: Sequence[Column],
) -> dict[str, Any]:
    """All but the figures."""
    own = _own(names, categories["organisation"])
    dimensions = {
        name: {
            "label": name.replace("_", " ").capitalize(),
            "category": _category(_called(name, values, own)),
        }
        for name, values in categories.items()
    }
    dimensions[_MEASURE] = {
        "label": "Measure",
        "category": {
            **_category([(column.name, column.title) for column in measures]),
            "note": {column.name: [column.text] for column in measures},
            "unit": {column.name: {"decimals": column.field.places} for column in measures},
        },
    }
    return {
        "version": "2.0",
        "class": "dataset",
        "label": dataset.title,
        "source": "Outturn",
        "note": [dataset.description],
        "extension": {
            "licence": LICENCE,
            "status": {"label": {WITHHELD: "Withheld, as it may tell of single people"}},
        },
        "role": {role: named for role, named in _ROLES.items() if set(named) <= dimensions.keys()},
        "id": list(dimensions),
        "size": [*map(len, categories.values()), len(measures)],
        "dimension": dimensions,
    }


def _category(called: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {"index": [each for each, _ in called], "label": dict(called)}


def _own(names: Names, organisations: Collection[str]) -> Names:
    """The names of some organisations and of their services."""
    return Names(
        {owner: names.organisations[owner] for owner in organisations},
        {
            slug: {owner: name for owner, name in called.items() if owner in organisations}
            for slug, called in names.services.items()
        },
    )


def _called(dimension: str, values: Collection[Any], own: Names) -> list[tuple[str, str]]:
    """The ids and labels of categories; organisations that share an area go by their ids."""
    match dimension:
        case "organisation":
            areas = Counter(area for area, _ in own.organisations.values())
            called = [(value, *own.organisations[value]) for value in values]
            return [(area if areas[area] == 1 else value, name) for value, area, name in called]
        case "service":
            named = {slug: " / ".join(dict.fromkeys(each.values())) for slug, each in own.services.items()}
            return [(value, named.get(value) or value) for value in values]
        case "period":
            return [(value, parse_period(value).label) for value in values]
    return [(str(value), str(value)) for value in values]
