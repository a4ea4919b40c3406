"""The generated Python client by itself: operations make their requests, schemas are read and written."""

import importlib
import inspect
import json
import os
import re
import subprocess
import typing
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.clients.conftest import CLIENT_PYTHON, CONTRACT, PATIENCE

DOCUMENT: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
METHODS = {"get", "post", "put", "patch", "delete"}
OPERATIONS: dict[str, tuple[str, str]] = {
    path[method]["operationId"]: (method, url)
    for url, path in DOCUMENT["paths"].items()
    for method in METHODS & path.keys()
}
FRAMES = """
import json, sys
from datetime import datetime
from decimal import Decimal
from outturn_client.frames import frame
from outturn_client.models import ObservationOut

told = json.loads(sys.argv[1])
told["indicator_code"] = "0012"
rows = [ObservationOut.from_dict(told | {"outturn": each}) for each in ("0.1", "0.2", None)]
exact, quick = frame(rows), frame(rows, exact=False)
assert list(exact.columns) == [name for name in told]
assert exact["outturn"][:2].sum() == Decimal("0.3")
assert exact["outturn"][2] is None
assert (quick["outturn"].dtype.kind, quick["outturn"][:2].sum()) == ("f", 0.1 + 0.2)
assert exact["period_end"].dtype.kind == "M"
assert list(exact["indicator_code"]) == ["0012"] * 3
assert list(frame(iter(rows), ["status", "outturn"]).columns) == ["status", "outturn"]
assert (frame([], ["status"]).shape, frame([]).shape) == ((0, 1), (0, 0))
"""
_MOMENT = re.compile(r"(\d\d:\d\d:\d\d(?:\.\d+)?)Z$")


def value_of(kind: Any) -> object:  # noqa: ANN401 - any annotation
    """Something that an argument of a type may be."""
    first = typing.get_args(kind)[0] if typing.get_args(kind) else kind
    if typing.get_origin(kind) is typing.Literal:
        return first
    if typing.get_origin(kind) is list:
        return [value_of(first)]
    if hasattr(first, "from_dict"):
        return first.from_dict(SCHEMAS[first.__name__]["examples"][0])
    return {str: "some/thing", int: 7}[first]


def _shape(url: str) -> re.Pattern[str]:
    """What an address of the contract becomes, a part for each of its variables."""
    return re.compile("[^/]+".join(re.escape(part) for part in re.split(r"\{\w+\}", url)))


def same(told: object) -> object:
    """JSON in which moments of UTC are written in one way."""
    return json.loads(json.dumps(told), object_hook=lambda one: {name: _said(one[name]) for name in one})


def _said(value: object) -> object:
    if not isinstance(value, str) or not _MOMENT.search(value):
        return value
    return re.sub(r"\.0+\+", "+", _MOMENT.sub(r"\1+00:00", value))


def test_every_operation_of_the_contract_is_generated(operations: dict[str, ModuleType]) -> None:
    assert operations.keys() == OPERATIONS.keys()


def test_every_operation_makes_its_request(operations: dict[str, ModuleType]) -> None:
    for name, module in operations.items():
        method, url = OPERATIONS[name]
        hints = typing.get_type_hints(module._get_kwargs)  # noqa: SLF001 - what all its functions send
        parameters = inspect.signature(module._get_kwargs).parameters.values()  # noqa: SLF001 - as above
        needed = {each.name: value_of(hints[each.name]) for each in parameters if each.default is each.empty}

        made = module._get_kwargs(**needed)  # noqa: SLF001 - as above

        assert made["method"] == method
        assert _shape(url).fullmatch(made["url"]), name
        if "json" in made:
            assert made["headers"]["Content-Type"] == "application/json"
            example = SCHEMAS[type(needed["body"]).__name__]["examples"][0]
            assert same(made["json"]) == same(example), name


def test_every_example_is_read_and_written_again_as_it_was(importable: None) -> None:  # noqa: ARG001 - as above
    models = importlib.import_module("outturn_client.models")
    tried = 0
    for name, schema in SCHEMAS.items():
        for example in schema.get("examples", []) if hasattr(models, name) else []:
            if isinstance(example, dict):
                tried += 1
                assert same(getattr(models, name).from_dict(example).to_dict()) == same(example), name
    assert tried > 100


def test_what_is_built_is_typed_and_complete(built: Path) -> None:
    package = built / "outturn_client"

    assert (package / "py.typed").exists()
    by_hand = {path.name for path in (CONTRACT.parents[1] / "clients/python/outturn_client").glob("*.py")}
    assert by_hand <= {path.name for path in package.glob("*.py")}
    assert "-> ObservationPage:" in (package / "api/indicators/list_observations.py").read_text()


def test_decimals_are_told_from_codes(importable: None) -> None:  # noqa: ARG001 - as above
    decimals = importlib.import_module("outturn_client.contract").DECIMALS

    assert {"outturn", "target", "value"} <= decimals["ObservationOut"]
    assert "indicator_code" not in decimals["ObservationOut"]


def test_a_dataframe_has_exact_decimals_or_floats_and_codes_as_they_are(built: Path) -> None:
    example = SCHEMAS["ObservationOut"]["examples"][0]

    done = subprocess.run(  # noqa: S603 - our own lines
        [CLIENT_PYTHON, "-W", "error", "-c", FRAMES, json.dumps(example)],
        env={**os.environ, "PYTHONPATH": str(built)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert (done.returncode, done.stderr) == (0, "")
