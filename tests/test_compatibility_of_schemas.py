"""Where two schemas are said to go together, every value that one side writes is read by the other."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.compatibility.schemas import Json, Schemas, Way

VALUES: list[Any] = [
    "",
    "a",
    "b",
    "ab",
    0,
    1,
    2,
    0.5,
    True,
    None,
    [],
    [""],
    ["a"],
    [1],
    [None],
    ["a", "a"],
    {},
]
VALUES += [{"x": value} for value in ("", "a", 1, None, ["a"])]
VALUES += [{"y": "a"}, {"x": "a", "y": "b"}, {"x": "a", "y": 1}, {"x": "a", "z": 1}, {"x": {"x": "a"}}]
SINGLE: list[Json] = [
    {},
    {"type": "string"},
    {"type": "string", "minLength": 1},
    {"type": "string", "maxLength": 1},
    {"type": "string", "pattern": "^a"},
    {"type": "string", "enum": ["a", "b"]},
    {"enum": ["a", 1, None]},
    {"const": "a"},
    {"type": "integer"},
    {"type": "integer", "minimum": 1},
    {"type": "number"},
    {"type": "number", "exclusiveMaximum": 2},
    {"type": ["string", "null"]},
    {"type": "boolean"},
    {"type": "null"},
]


def an_object(properties: Json, required: list[str], rest: Json | bool) -> Json:  # noqa: FBT001 - false is a schema
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": rest}


CLOSED, OPEN = (False,), (True,)


def schemas(*rest: bool) -> st.SearchStrategy[Json]:
    """Schemas whose objects take other fields, or do not."""

    def composed(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
        names = st.sampled_from(["x", "y"])
        fields = st.dictionaries(names, inner, max_size=2)
        return st.one_of(
            st.builds(lambda options: {"anyOf": options}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(
                lambda items, most: {"type": "array", "items": items, "maxItems": most},
                inner,
                st.integers(1, 2),
            ),
            st.builds(an_object, fields, st.lists(names, max_size=1), st.sampled_from(rest)),
            st.builds(lambda values: {"type": "object", "additionalProperties": values}, inner),
        )

    return st.recursive(st.sampled_from(SINGLE), composed, max_leaves=4)


def read_by(writer: Json, reader: Json) -> bool:
    writes, reads = Draft202012Validator(writer).is_valid, Draft202012Validator(reader).is_valid
    return all(reads(value) for value in VALUES if writes(value))


@given(old=schemas(*CLOSED), new=schemas(*CLOSED))
def test_what_was_taken_is_taken_where_nothing_is_told(old: Json, new: Json) -> None:
    assert Schemas({}, {}).changes(old, new, Way.SENT, "") or read_by(old, new)


@given(old=schemas(*OPEN), new=schemas(*CLOSED, *OPEN))
def test_what_comes_was_told_where_nothing_is_told(old: Json, new: Json) -> None:
    assert Schemas({}, {}).changes(old, new, Way.ANSWERED, "") or read_by(new, old)


@given(same=schemas(*CLOSED, *OPEN))
def test_a_schema_goes_with_itself(same: Json) -> None:
    assert not any(Schemas({}, {}).changes(same, same, way, "") for way in Way)
