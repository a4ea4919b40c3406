"""Judge a saved copy of a Data Package: `package.py ADDRESS`; prints what is wrong with it."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import requests
from frictionless import Package  # type: ignore[import-not-found]  # it is in that environment alone

TIMEOUT = 60


def faults(address: str) -> Iterator[str]:
    """What is wrong with a package, its description or its files."""
    with tempfile.TemporaryDirectory() as name:
        folder, description = Path(name), fetched(address)
        (folder / "datapackage.json").write_bytes(description)
        resources = json.loads(description).get("resources", [])
        for resource in resources:
            (folder / resource["path"]).write_bytes(fetched(urljoin(address, resource["path"])))
        report = Package.validate_descriptor(json.loads(description), basepath=name)
        if report.valid:
            report = Package(str(folder / "datapackage.json")).validate()
        yield from (" ".join(map(str, error)) for error in report.flatten(["type", "message"]))
        if report.valid and not resources:
            yield "it has no files"


def fetched(address: str) -> bytes:
    """What is at an address."""
    answer = requests.get(address, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.content


json.dump([*faults(*sys.argv[1:])], sys.stdout)
