"""The types of the contract, and the front end that is written in them: compiled, and run on a server."""

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.clients.conftest import Service

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "clients" / "typescript"
PACKAGES = SOURCES / "node_modules"
NODE = Path(sys.executable).with_name("node")
PATIENCE = 300
"""Seconds after which a compiler or a front end has not ended that should have long ago."""

pytestmark = pytest.mark.skipif(
    not (NODE.exists() and PACKAGES.exists()),
    reason="the TypeScript front end is NOT checked: `make types-client` installs what compiles it",
)


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a JavaScript program in a folder to its end."""
    return subprocess.run(  # noqa: S603 - the programs of our own front end
        [NODE, *command], cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


@pytest.fixture(scope="module")
def front_end(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the front end, strictly, against types made from the committed contract.

    With it compiles `refused.ts`, which says line by line what must not compile.
    """
    folder = tmp_path_factory.mktemp("typescript")
    for name in ("package.json", "tsconfig.json", "missed.ts", "refused.ts"):
        shutil.copy(SOURCES / name, folder)
    (folder / PACKAGES.name).symlink_to(PACKAGES)
    contract = str(ROOT / "openapi" / "outturn.json")
    made = run(folder, "node_modules/openapi-typescript/bin/cli.js", contract, "--output", "outturn.ts")
    assert made.returncode == 0, made.stderr
    compiled = run(folder, "node_modules/typescript/bin/tsc", "--project", ".")
    assert compiled.returncode == 0, compiled.stdout
    return folder


@pytest.fixture(scope="module")
def address(service: Service) -> str:
    """Where the demo is served."""
    return service.address


class Row(NamedTuple):
    """A row of the page: its cells, how its status is drawn, and where it says why."""

    cells: list[str]
    style: str
    why: str


class Page(HTMLParser):
    """Reads the rows of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "tr":
                self.rows.append(Row([], "", ""))
            case "td":
                row = self.rows[-1]
                row.cells.append("")
                self.rows[-1] = row._replace(style=given.get("style", row.style))
            case "a":
                self.rows[-1] = self.rows[-1]._replace(why=given["href"])

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1].cells:
            self.rows[-1].cells[-1] += data.strip()


@pytest.mark.parametrize("council", ["barnet", "thurrock"])
def test_the_front_end_draws_what_a_council_missed_and_links_to_why(
    front_end: Path, address: str, council: str
) -> None:
    drawn = run(front_end, "build/missed.js", address, council)

    assert drawn.returncode == 0, drawn.stderr
    _, *rows = Page(drawn.stdout).rows
    listed = httpx.get(f"{address}/v1/observations?organisation={council}&status=missed&limit=1000")
    assert [row.cells[:5] for row in rows] == [
        [item[name] or "" for name in ("title", "period_label", "outturn", "target", "status_label")]
        for item in listed.json()["items"]
    ]
    assert [row.style for row in rows] == [
        f"border-left: 1em solid {item['status_colour']}" for item in listed.json()["items"]
    ]
    assert rows
    why = httpx.get(rows[-1].why).json()
    assert why["subject"]["id"] == listed.json()["items"][-1]["id"]
    assert f"{rows[-1].cells[4]}: " in why["sentence"]


def test_the_front_end_reads_every_page_of_a_list(front_end: Path, address: str) -> None:
    script = f"""
        import {{ observations }} from "./build/missed.js";
        const found = await observations("{address}", {{ organisation: ["thurrock"], limit: 3 }});
        console.log(found.map((each) => each.id).join());
    """

    read = run(front_end, "--input-type=module", "--eval", script)

    assert read.returncode == 0, read.stderr
    listed = httpx.get(f"{address}/v1/observations?organisation=thurrock&limit=1000").json()["items"]
    assert len(listed) > 3
    assert read.stdout.strip() == ",".join(str(item["id"]) for item in listed)


def test_the_front_end_says_what_the_service_refused(front_end: Path, address: str) -> None:
    drawn = run(front_end, "build/missed.js", address, "nowhere")

    assert drawn.returncode != 0
    refusal = httpx.get(f"{address}/v1/observations?organisation=nowhere").json()
    assert f"Error: {refusal['detail']}" in drawn.stderr
