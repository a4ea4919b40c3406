"""What changed between two schemas for those who write by the older one, or read by it."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_UNIONS = {"anyOf", "oneOf"}
_LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_SAID = {"title", "description", "examples", "example", "default", "deprecated", "readOnly", "writeOnly"}
"""What is said of values and admits none fewer."""
_COMPARED = {"type", "enum", "properties", "required", "additionalProperties", "items", *_LOWEST, *_HIGHEST}


class Way(Enum):
    """Who writes a value; the other side has to be able to read it."""

    SENT = "sent"
    """By clients: what was taken must still be."""
    ANSWERED = "answered"
    """By the service: what comes must be what clients were told may come."""


class _Branch(NamedTuple):
    """One of the schemas that a value may meet, and the name it has in the document."""

    name: str | None
    schema: Json


class Schemas:
    """Two documents' schemas; those of one name are compared once for each way, whoever refers to them."""

    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        self._reached: dict[tuple[str, Way], None] = {}
        self._within: set[tuple[str | None, str | None]] = set()

    def of_names(self) -> Iterator[tuple[str, str]]:
        """Each name that was reached, and what changed there; it reaches further names itself."""
        done = 0
        while done < len(self._reached):
            name, way = [*self._reached][done]
            done += 1
            for what in self.changes(self._old[name], self._new[name], way, name):
                yield name, what

    def changes(self, old: Json, new: Json, way: Way, place: str) -> list[str]:
        """What breaks at a place of the document, in words."""
        found = []
        if way is Way.SENT and "default" in old and old["default"] != new.get("default"):
            found.append(f"{place} has another default")
        olds, news = _branches(old, self._old), _branches(new, self._new)
        given, taken = (olds, news) if way is Way.SENT else (news, olds)
        for each in given:
            admitted = [self._admitted(each, other, way, place) for other in taken if _alike(each, other)]
            verb = "no longer takes" if way is Way.SENT else "may now be"
            refusal = [f"{place} {verb} {_named(each)}"]
            least = min(admitted or [refusal], key=len)
            found += least
        return found

    def _admitted(self, given: _Branch, taken: _Branch, way: Way, place: str) -> list[str]:
        """What of the given the taken does not admit."""
        if given.name is not None and given.name == taken.name:
            self._reached[given.name, way] = None
            return []
        pair = (given.name, taken.name)
        if pair in self._within:
            return []
        if pair != (None, None):
            self._within.add(pair)
        try:
            return self._of_one(given.schema, taken.schema, way, place)
        finally:
            self._within.discard(pair)

    def _of_one(self, given: Json, taken: Json, way: Way, place: str) -> list[str]:
        old, new = (given, taken) if way is Way.SENT else (taken, given)
        if "enum" in given:
            verb = "no longer takes" if way is Way.SENT else "may now be"
            own, valid = (Draft202012Validator(each).is_valid for each in (given, taken))
            return [f"{place} {verb} {value!r}" for value in given["enum"] if own(value) and not valid(value)]
        found = [f"{place} has another {word}: {taken[word]!r}" for word in _narrower(given, taken)]
        found += self._of_objects(given, taken, way, place)
        if "items" in taken:
            found += self.changes(_any(old.get("items")), _any(new.get("items")), way, f"{place}[]")
        return found

    def _of_objects(self, given: Json, taken: Json, way: Way, place: str) -> Iterator[str]:
        old, new = (given, taken) if way is Way.SENT else (taken, given)
        olds, news = old.get("properties", {}), new.get("properties", {})
        for name, schema in olds.items():
            if name in news:
                yield from self.changes(schema, news[name], way, f"{place}.{name}")
            else:
                yield f"{place}.{name} is gone"
        others = _any(old.get("additionalProperties"))
        for name in news.keys() - olds.keys() if others else ():
            yield from self.changes(others, news[name], way, f"{place}.{name}")
        for name in taken.get("required", ()):
            if name not in given.get("required", ()) and (name in news or name not in olds):
                yield f"{place}.{name} {'is required now' if way is Way.SENT else 'may be missing now'}"
        yield from self._of_others(given, taken, way, place)

    def _of_others(self, given: Json, taken: Json, way: Way, place: str) -> Iterator[str]:
        """Of fields that have no names; more fields in an answer break nobody."""
        rest_given, rest_taken = (_any(each.get("additionalProperties")) for each in (given, taken))
        if rest_given is False or rest_taken == {}:
            return
        if rest_taken is not False:
            old, new = (rest_given, rest_taken) if way is Way.SENT else (rest_taken, rest_given)
            yield from self.changes(old, new, way, f"{place}.*")
        elif way is Way.SENT:
            yield f"{place} takes no other fields"


def _branches(schema: Json, names: Json) -> list[_Branch]:
    """Each single schema that a value may meet."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_SCHEMAS)
        named = names[name]
        return _branches(named, names) if _UNIONS & named.keys() else [_Branch(name, named)]
    if _UNIONS & schema.keys():
        options = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        return [branch for option in options for branch in _branches(_any(option), names)]
    if "const" in schema:
        schema = {**{word: schema[word] for word in schema.keys() - {"const"}}, "enum": [schema["const"]]}
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return [_Branch(None, {**schema, "type": kind}) for kind in kinds]
    return [_Branch(None, schema)]


def _alike(given: _Branch, taken: _Branch) -> bool:
    """Whether values of the one could be values of the other at all."""
    kinds = given.schema.get("type"), taken.schema.get("type")
    listed = kinds[0] is None and "enum" in given.schema
    return kinds[1] is None or kinds[0] == kinds[1] or kinds == ("integer", "number") or listed


def _narrower(given: Json, taken: Json) -> Iterator[str]:
    """The words by which one schema of scalars admits less than the other."""
    for words, sign in ((_LOWEST, 1), (_HIGHEST, -1)):
        yield from (
            word
            for word in words
            if word in taken and (word not in given or sign * given[word] < sign * taken[word])
        )
    if "enum" in taken:
        yield "enum"
    exact = taken.keys() - _COMPARED - _SAID
    yield from sorted(word for word in exact if not word.startswith("x-") and given.get(word) != taken[word])


def _any(schema: Any) -> Any:  # noqa: ANN401 - a schema may be true or false
    """A schema that admits everything, where none or true is written; false stays what it is."""
    return {} if schema is None or schema is True else schema


def _named(branch: _Branch) -> str:
    return branch.name or str(branch.schema.get("type", "any value"))
