"""What breaks between two contracts, operation by operation and schema by schema."""

from collections.abc import Iterator
from typing import NamedTuple

from tests.compatibility.schemas import Json, Schemas, Way


class Break(NamedTuple):
    """What no longer goes, of the operation, event, schema or response that a version note has to name."""

    subject: str
    what: str


def breaks(old: Json, new: Json) -> list[Break]:
    """All that would fail for somebody who keeps to the older contract, as its clients are generated."""
    return sorted(set(_Contracts(old, new).breaks()))


class _Contracts:
    """Two contracts, and what their operations share."""

    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        parts = old.get("components", {}), new.get("components", {})
        self._names = [part.get("schemas", {}) for part in parts]
        self._responses = [part.get("responses", {}) for part in parts]
        self._headers = [part.get("headers", {}) for part in parts]
        self._schemas = Schemas(*self._names)
        self._answers: dict[str, None] = {}

    def breaks(self) -> Iterator[Break]:
        for path, methods in self._old["paths"].items():
            for method, old in methods.items():
                new = self._new["paths"].get(path, {}).get(method)
                found = [f"{method.upper()} {path} is gone"] if new is None else self._of_one(old, new)
                yield from (Break(old["operationId"], what) for what in found)
        for event, methods in self._old.get("webhooks", {}).items():
            for method, old in methods.items():
                new = self._new.get("webhooks", {}).get(event, {}).get(method)
                found = ["is no longer told"] if new is None else self._of_bodies(old, new, Way.ANSWERED)
                yield from (Break(event, what) for what in found)
        for name in self._answers:
            old, new = (each[name] for each in self._responses)
            yield from (Break(name, what) for what in self._of_answers(old, new, name))
        yield from (Break(name, "is gone") for name in self._names[0].keys() - self._names[1].keys())
        yield from (Break(name, what) for name, what in self._schemas.of_names())

    def _of_one(self, old: Json, new: Json) -> Iterator[str]:
        """What breaks of an operation."""
        if new["operationId"] != old["operationId"]:
            yield f"is now called {new['operationId']}"
        if new.get("tags", [])[:1] != old.get("tags", [])[:1]:
            yield "has another tag, which clients find it under"
        if not _admitted(old, self._old) <= _admitted(new, self._new):
            yield "needs another credential"
        yield from self._of_parameters(old, new)
        yield from self._of_bodies(old, new, Way.SENT)
        for status, answer in old["responses"].items():
            if status in new["responses"]:
                yield from self._of_answers(answer, new["responses"][status], status)
            else:
                yield f"no longer answers {status}"
        more = new["responses"].keys() - old["responses"].keys()
        yield from (f"may now answer {status}" for status in more if status.startswith("2"))

    def _of_parameters(self, old: Json, new: Json) -> Iterator[str]:
        olds, news = (
            {_key(parameter): parameter for parameter in operation.get("parameters", ())}
            for operation in (old, new)
        )
        for key, parameter in olds.items():
            place = f"{parameter['in']} parameter {parameter['name']}"
            if key not in news:
                yield f"{place} is gone"
                continue
            yield from self._schemas.changes(parameter["schema"], news[key]["schema"], Way.SENT, place)
            if any(parameter.get(word) != news[key].get(word) for word in ("style", "explode")):
                yield f"{place} is written in another way"
        for key, parameter in news.items():
            if parameter.get("required") and not olds.get(key, {}).get("required"):
                yield f"{parameter['in']} parameter {parameter['name']} is required now"

    def _of_bodies(self, old: Json, new: Json, way: Way) -> Iterator[str]:
        was, now = (operation.get("requestBody") for operation in (old, new))
        if now is not None and way is Way.SENT and now.get("required") and not (was or {}).get("required"):
            yield "body is required now"
        if was is not None and now is None:
            yield "body is gone"
        elif was is not None and now is not None:
            yield from self._of_content(was, now, way, "body")

    def _of_answers(self, old: Json, new: Json, place: str) -> Iterator[str]:
        """What breaks of a response; one that operations share is compared once."""
        names = [each.get("$ref", "").rpartition("/")[2] for each in (old, new)]
        if names[0] and names[0] == names[1]:
            self._answers[names[0]] = None
            return
        was, now = (
            among[name] if name else each
            for each, name, among in zip((old, new), names, self._responses, strict=True)
        )
        yield from self._of_content(was, now, Way.ANSWERED, place)
        for name, header in was.get("headers", {}).items():
            if name not in now.get("headers", {}):
                yield f"{place} header {name} is gone"
                continue
            schemas = [
                each if "$ref" not in each else among[each["$ref"].rpartition("/")[2]]
                for each, among in zip((header, now["headers"][name]), self._headers, strict=True)
            ]
            olds, news = (each["schema"] for each in schemas)
            yield from self._schemas.changes(olds, news, Way.ANSWERED, f"{place} header {name}")

    def _of_content(self, old: Json, new: Json, way: Way, place: str) -> Iterator[str]:
        for media_type, content in old.get("content", {}).items():
            if media_type not in new.get("content", {}):
                yield f"{place} is no longer {media_type}"
                continue
            was, now = (each.get("schema", {}) for each in (content, new["content"][media_type]))
            yield from self._schemas.changes(was, now, way, place)


def _key(parameter: Json) -> tuple[str, str]:
    """What a parameter is known by; in the name of a header capitals are as good as small letters."""
    place, name = parameter["in"], parameter["name"]
    return place, name.lower() if place == "header" else name


def _admitted(operation: Json, document: Json) -> set[frozenset[str]]:
    """With which credentials one is let in; where none is needed, any may be shown."""
    choices = operation.get("security", document.get("security", [])) or [{}]
    admitted = {frozenset(choice) for choice in choices}
    schemes = document.get("components", {}).get("securitySchemes", {})
    return admitted | {frozenset({name}) for name in schemes} if frozenset() in admitted else admitted
