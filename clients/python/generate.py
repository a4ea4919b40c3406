"""Build the Python client: what is generated from the contract, with what is written by hand beside it."""
# ruff: noqa: INP001 - a script beside a package, not a part of one

import hashlib
import json
import shutil
import sys
import tempfile
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import openapi_python_client
from openapi_python_client.config import Config, ConfigFile, MetaType

HERE = Path(__file__).parent
PACKAGE = "outturn_client"
METHODS = {"get", "put", "post", "patch", "delete"}
STAMP = ".made-from"
_RETURNED = """\
    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None
"""
_RAISED = (
    "errors.UnexpectedStatus: If the server returns an undocumented status code"
    " and Client.raise_on_unexpected_status is True."
)
_UNSET_SHOWN = """\
        return False

    def __repr__(self) -> str:
        return "UNSET"
"""
_CONTENT = '_kwargs["content"] = body.payload'
_CONTENT_READ = (
    '_kwargs["content"] = body'
    '{% if body.prop.get_type_string() | as_unembedded_code != "str" %}.payload.read(){% endif +%}'
)
MENDED: dict[str, list[tuple[str, str]]] = {
    "endpoint_module.py.jinja": [
        # A refusal is raised, so what a function returns is what it is for, and nothing else.
        (' + " | None" %}', " %}"),
        (" }} | None:", " }}:"),
        (_RETURNED, "    raise errors.ProblemError.of(response)\n"),
    ],
    "endpoint_macros.py.jinja": [
        (_RAISED, "errors.ProblemError: If the service refuses."),
        # A CSV file is text, and a workbook is read before it is sent: it may have to be sent twice.
        (f"{_CONTENT}\n    {{% else %}}", f"{_CONTENT_READ}\n    {{% else %}}"),
    ],
    "types.py.jinja": [
        ("parsed: T | None", "parsed: T"),
        # What is printed tells what was not said, and not where that lies in memory.
        ("        return False\n", _UNSET_SHOWN),
    ],
    "client.py.jinja": [
        ('    {{ declare_attr("raise_on_unexpected_status") | indent(4) }}\n', ""),
        # A client may be printed, and a key is secret.
        ('namespace(type="str", default="",', 'namespace(type="str", default="field(repr=False)",'),
        ('kw_only=True, alias="headers")', 'kw_only=True, alias="headers", repr=False)'),
    ],
}
"""What is changed in the generator's own templates, which are those of one release."""


def build(contract: Path, target: Path) -> None:
    """Make the whole project of the client in a folder, unless that is there already; one at a time."""
    made_from = digest(contract)
    stamp = target / STAMP
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != made_from:
            shutil.rmtree(target, ignore_errors=True)
            fill(target, contract)
            stamp.write_text(made_from, encoding="utf-8")


def fill(target: Path, contract: Path) -> None:
    """Write what is generated, and over it what is written by hand."""
    document = json.loads(contract.read_text(encoding="utf-8"))
    generate(document, target / PACKAGE)
    write_contract(document, target / PACKAGE / "contract.py")
    by_hand = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HERE / PACKAGE, target / PACKAGE, ignore=by_hand, dirs_exist_ok=True)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(HERE / name, target / name)


def digest(contract: Path) -> str:
    """What the client is made from, as a hash: the contract and all that lies beside this script."""
    told = hashlib.sha256(contract.read_bytes())
    for path in sorted(HERE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            told.update(path.read_bytes())
    return told.hexdigest()


def generate(document: dict[str, Any], package: Path) -> None:
    """Let the generator write its part of the package; a warning of it is an error."""
    with tempfile.TemporaryDirectory() as folder:
        templates, source = Path(folder, "templates"), Path(folder, "contract.json")
        write_templates(templates)
        overrides = simplify(document)
        source.write_text(json.dumps(document), encoding="utf-8")
        config = Config.from_sources(
            ConfigFile(
                content_type_overrides=overrides,
                docstrings_on_attributes=True,
                literal_enums=True,
                post_hooks=tidying(),
            ),
            MetaType.NONE,
            source,
            "utf-8",
            overwrite=True,
            output_path=package,
        )
        faults = openapi_python_client.generate(config=config, custom_template_path=templates)
    if faults:
        sys.exit("\n".join(f"{fault.header} {fault.detail}" for fault in faults))


def tidying() -> list[str]:
    """The commands that lay the code out, whatever rules lie around the folder."""
    ruff = Path(sys.executable).with_name("ruff")
    told = "--quiet --isolated --no-cache --no-respect-gitignore"
    return [
        f"{ruff} check {told} --fix-only --select F,I,UP --target-version py311 .",
        f"{ruff} format {told} --line-length 110 .",
    ]


def write_templates(folder: Path) -> None:
    """The generator's templates that are changed; it takes all others from itself."""
    folder.mkdir()
    theirs = Path(openapi_python_client.__file__).parent / "templates"
    for name, changes in MENDED.items():
        text = (theirs / name).read_text(encoding="utf-8")
        for old, new in changes:
            if old not in text:
                sys.exit(f"{name} of the generator no longer has {old!r}")
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")


def simplify(document: dict[str, Any]) -> dict[str, str]:
    """Leave out what the generator would misread, and say what each media type it does not know is to it.

    Reading needs no credential where one is optional. Refusals are raised, and 304 is met before them; nobody
    asks for a part of a file.
    """
    overrides: dict[str, str] = {}
    for path in document["paths"].values():
        for method in METHODS & path.keys():
            operation = path[method]
            if {} in operation.get("security", []):
                del operation["security"]
            responses = operation["responses"]
            whole = [status for status in responses if status[0] == "2" and status != "206"]
            operation["responses"] = {status: responses[status] for status in whole}
            for response in operation["responses"].values():
                overrides |= overridden(response.get("content", {}))
            if "requestBody" in operation:
                overrides |= name_files(operation["requestBody"]["content"])
    return overrides


def overridden(content: dict[str, Any]) -> dict[str, str]:
    """What an answer of a media type is: bytes where the contract says so, else text."""
    return {
        kind: "application/octet-stream" if media["schema"].get("format") == "binary" else "text/plain"
        for kind, media in content.items()
        if not kind.endswith("json")
    }


def name_files(content: dict[str, Any]) -> dict[str, str]:
    """Files are sent as they are; one of text says that it is in UTF-8, as no answer's media type does."""
    found = {}
    for kind in [kind for kind in content if not kind.endswith("json")]:
        named = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
        content[named] = content.pop(kind)
        found[named] = "application/octet-stream"
    return found


def write_contract(document: dict[str, Any], path: Path) -> None:
    """Its version, and which members of which schema are decimals: as told, they are strings like codes."""
    version = document["info"]["version"]
    told = '"""The version of the contract, and which members of its models are decimals, told as strings."""'
    lines = [f'{told}\n\nVERSION = "{version}"', "DECIMALS = {"]
    for name, schema in sorted(document["components"]["schemas"].items()):
        properties = schema.get("properties", {})
        found = sorted(member for member, of in properties.items() if is_decimal(of))
        if found:
            lines.append(f"    {name!r}: frozenset({found!r}),")
    path.write_text("\n".join([*lines, "}", ""]), encoding="utf-8")


def is_decimal(schema: dict[str, Any]) -> bool:
    """Whether a member is a decimal, or null."""
    return any(kind.get("format") == "decimal" for kind in (schema, *schema.get("anyOf", [])))


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
