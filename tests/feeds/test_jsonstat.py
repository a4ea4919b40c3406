"""Cubes that a validator takes, with every figure where it belongs."""

from typing import Any

import orjson
import pytest
from jsonstat_validator import validate_jsonstat  # type: ignore[import-untyped]  # it ships no types

from app.feeds.jsonstat import Names, json_stat
from app.feeds.tables import Table
from app.schemas.columns import table_of

NAMES = Names(
    {"barnet": ("E09000003", "London Borough of Barnet"), "anyshire": ("E06000001", "Anyshire")},
    {"back": {"barnet": "Back Office"}},
)
PROFILES = table_of("workforce-profiles")


def make_count(organisation: str = "barnet", period: str = "2011-12-q2", **changed: object) -> dict[str, Any]:
    where = {"organisation": organisation, "service": "back", "period": period}
    return {
        **where,
        "dimension": "gender",
        "category": "Female",
        "headcount": "131.00",
        "base": "158.00",
        "share": "82.91",
        **changed,
    }


def cube_of(*rows: dict[str, Any], table: Table = PROFILES) -> Any:  # noqa: ANN401 - any JSON value
    return orjson.loads(b"".join(json_stat(table, lambda: [rows[:1], rows[1:]], NAMES, "2026-11-22")))


def figure(cube: Any, kind: str, *where: str) -> Any:  # noqa: ANN401 - any JSON value
    place = 0
    for name, size, category in zip(cube["id"], cube["size"], where, strict=True):
        place = place * size + cube["dimension"][name]["category"]["index"].index(category)
    return cube[kind].get(str(place))


def test_each_figure_stands_at_its_categories() -> None:
    rows = [
        make_count(),
        make_count("anyshire", "2010-11", headcount="7.00", share=None),
        make_count("anyshire", "2011-12-q1", category="Male", headcount="8.00"),
    ]
    cube = cube_of(*rows)

    assert validate_jsonstat(cube)
    assert cube["size"] == [2, 1, 3, 1, 2, 3]
    assert cube["dimension"]["period"]["category"]["index"] == ["2010-11", "2011-12-q1", "2011-12-q2"]
    for row, code in zip(rows, ("E09000003", "E06000001", "E06000001"), strict=True):
        where = (code, row["service"], row["period"], row["dimension"], row["category"])
        for name in ("headcount", "base", "share"):
            expected = None if row[name] is None else float(row[name])
            assert figure(cube, "value", *where, name) == expected
    assert len(cube["value"]) == 8


def test_time_and_place_are_known_as_such_and_figures_by_what_they_mean() -> None:
    cube = cube_of(make_count())

    assert cube["role"] == {"time": ["period"], "geo": ["organisation"], "metric": ["measure"]}
    labels = {name: cube["dimension"][name]["category"]["label"] for name in cube["id"]}
    assert labels["organisation"] == {"E09000003": "London Borough of Barnet"}
    assert labels["service"] == {"back": "Back Office"}
    assert labels["period"] == {"2011-12-q2": "2011/12 Q2"}
    measures = cube["dimension"]["measure"]["category"]
    assert measures["unit"]["share"] == {"decimals": 2}
    assert measures["note"]["share"] == ["Headcount over base, percent to two places."]


def test_what_is_withheld_is_told_from_what_is_missing() -> None:
    withheld = make_count(headcount=None, share=None, disclosure="[c]")
    missing = make_count(category="Male", share=None, disclosure=None)
    cube = cube_of(withheld, missing)

    assert validate_jsonstat(cube)
    where = ("E09000003", "back", "2011-12-q2", "gender")
    assert figure(cube, "status", *where, "Female", "headcount") == "[c]"
    assert figure(cube, "status", *where, "Female", "base") is None
    assert figure(cube, "value", *where, "Female", "headcount") is None
    assert figure(cube, "status", *where, "Male", "share") is None


def test_impacts_stand_in_order_however_they_come() -> None:
    cells = [
        {
            "organisation": "barnet",
            "service": "back",
            "period": "2011-12-q2",
            "impact": impact,
            "probability": 3,
            "published": 1,
            "registered": None,
        }
        for impact in (10, 2, 4)
    ]
    cube = cube_of(*cells, table=table_of("risk-heat-map"))

    assert validate_jsonstat(cube)
    assert cube["dimension"]["impact"]["category"]["index"] == ["2", "4", "10"]


def test_a_cube_of_nothing_is_one() -> None:
    cube = cube_of()

    assert validate_jsonstat(cube)
    assert cube["size"] == [0, 0, 0, 0, 0, 3]
    assert (cube["value"], cube["status"]) == ({}, {})


def test_only_organisations_of_the_cube_and_their_services_have_a_part_in_its_names() -> None:
    areas = {owner: ("E09000003", owner.title()) for owner in ("anyshire", "barnet", "bath")}
    names = Names(areas, {"back": {"anyshire": "Back Office", "barnet": "Back Office", "bath": "Rear"}})
    rows = [make_count("anyshire"), make_count()]

    both = orjson.loads(b"".join(json_stat(PROFILES, lambda: [rows], names)))["dimension"]
    one = orjson.loads(b"".join(json_stat(PROFILES, lambda: [rows[1:]], names)))["dimension"]

    assert both["organisation"]["category"]["index"] == ["anyshire", "barnet"]
    assert one["organisation"]["category"]["index"] == ["E09000003"]
    assert both["service"]["category"]["label"] == {"back": "Back Office"}


@pytest.mark.parametrize("spoil", ["size", "dimension"])
def test_the_validator_tells_a_cube_that_is_none(spoil: str) -> None:
    cube = cube_of(make_count())
    del cube[spoil]

    with pytest.raises(Exception, match=spoil):
        validate_jsonstat(cube)
