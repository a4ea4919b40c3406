"""Files of datasets through HTTP: the same rows in every form, and kept for good of each release."""

import csv
import io
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from csvw import CSVW  # type: ignore[import-untyped]  # it ships no types
from httpx import AsyncClient, Response
from jsonstat_validator import validate_jsonstat  # type: ignore[import-untyped]  # it ships no types
from openpyxl import load_workbook

from app.db.snapshots import snapshots
from app.feeds.datasets import DATASETS, NAMED
from app.queries.editions import Reader, Reading
from app.queries.named_releases import NamedRelease, release_in_force, release_numbered
from app.schemas.columns import table_of
from app.services.filing import Filer, files_of
from app.services.forms import FORMS
from app.settings import Settings
from tests.databases import fresh_sqlite
from tests.routers.changing import OTHER, OWNER, Made, publish_history
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving
from tests.routers.test_lists import statements_counted

NAMES = [dataset.name for dataset in DATASETS]
CUBES = [dataset.name for dataset in DATASETS if dataset.dimensions]
COUNCIL = "/v1/organisations/barnet/datasets"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WITH_ROWS = ["observations", "risks", "findings"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Two councils with releases and drafts, in a database of their own."""
    with fresh_sqlite() as url:
        yield publish_history(url, tmp_path_factory.mktemp("reports"))


@pytest.fixture
async def released(made: Made, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database holds these releases, and no file is kept yet."""
    async with serving(made.url, files_folder=tmp_path / "files") as client:
        yield client


async def get(client: AsyncClient, path: str, **headers: str) -> Response:
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.get(path, headers={"accept-encoding": "identity", **asked})


async def csv_of(client: AsyncClient, path: str) -> list[dict[str, str]]:
    answer = await get(client, path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def as_csv(value: Any) -> str:  # noqa: ANN401 - a cell of any type
    """A cell as the CSV has it, but for how many decimals it shows."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case str() if value.startswith(("=", "+", "-", "@")) and not _NUMBER.fullmatch(value):
            return f"'{value}"
    return str(value)


def is_same(value: Any, cell: str) -> bool:  # noqa: ANN401 - a cell of any type
    if isinstance(value, Decimal):
        return bool(cell) and Decimal(cell) == value
    if isinstance(value, float | int) and not isinstance(value, bool):
        return bool(cell) and float(cell) == value
    return as_csv(value) == cell


def differences(rows: list[tuple[Any, ...]], lines: list[dict[str, str]]) -> list[tuple[str, Any, str]]:
    return [
        (name, value, cell)
        for row, line in zip(rows, lines, strict=True)
        for (name, cell), value in zip(line.items(), row, strict=True)
        if not is_same(value, cell)
    ]


@pytest.mark.parametrize("name", NAMES)
async def test_parquet_has_the_rows_of_the_csv(client: AsyncClient, tmp_path: Path, name: str) -> None:
    lines = await csv_of(client, f"/v1/datasets/{name}.csv")

    answer = await client.get(f"/v1/datasets/{name}.parquet")

    (path := tmp_path / "file.parquet").write_bytes(answer.content)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM read_parquet('{path}')")  # noqa: S608 - our own path
        assert [column[0] for column in found.description or ()] == [
            column.name for column in table_of(name).columns
        ]
        assert differences(found.fetchall(), lines) == []


@pytest.mark.parametrize("name", _WITH_ROWS)
async def test_a_workbook_has_the_rows_of_the_csv(client: AsyncClient, name: str) -> None:
    lines = await csv_of(client, f"{COUNCIL}/{name}.csv")

    answer = await client.get(f"{COUNCIL}/{name}.xlsx")

    book = load_workbook(io.BytesIO(answer.content))
    header, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert list(header) == [column.name for column in table_of(name).columns]
    assert differences(rows, lines) == []


async def test_more_rows_than_a_sheet_holds_are_refused(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.feeds.xlsx.MOST_ROWS", 10)

    answer = await client.get("/v1/datasets/observations.xlsx")

    problem = check_problem(answer, 404, "not-found")
    assert "a sheet holds 10" in problem["detail"]


@pytest.mark.parametrize("name", CUBES)
async def test_a_cube_has_every_figure_of_the_csv(client: AsyncClient, name: str) -> None:
    lines = await csv_of(client, f"/v1/datasets/{name}.csv")

    cube = (await client.get(f"/v1/datasets/{name}.json")).json()

    assert validate_jsonstat(cube)
    figures = sorted(
        float(line[measure]) for line in lines for measure in NAMED[name].measures if line[measure]
    )
    assert sorted(cube["value"].values()) == figures
    assert set(cube["dimension"]["organisation"]["category"]["index"]) <= {
        row["area_code"] for row in (await client.get("/v1/organisations")).json()["items"]
    }


async def test_organisations_of_one_area_are_told_apart_in_a_cube(released: AsyncClient) -> None:
    areas = [row["area_code"] for row in (await get(released, "/v1/organisations")).json()["items"]]
    cube = (await get(released, "/v1/datasets/workforce-establishment.json")).json()

    assert len(set(areas)) < len(areas)
    assert validate_jsonstat(cube)
    assert cube["dimension"]["organisation"]["category"]["index"] == [OWNER, OTHER]


async def test_what_is_no_cube_is_not_given_as_one(client: AsyncClient) -> None:
    for path in ("/v1/datasets/risks.json", f"{COUNCIL}/risks.json", "/v1/releases/1/datasets/risks.json"):
        check_problem(await client.get(path), 404, "not-found")


@pytest.mark.parametrize("name", NAMES)
async def test_a_csv_is_as_its_description_says(client: AsyncClient, tmp_path: Path, name: str) -> None:
    answer = await client.get(f"/v1/datasets/{name}.csv")
    href, *words = answer.headers["link"].split("; ")
    described = await client.get(href.strip("<>"))

    assert words == ['rel="describedby"', 'type="application/csvm+json"']
    assert described.headers["content-type"] == "application/csvm+json"
    assert all(column["dc:description"] for column in described.json()["tableSchema"]["columns"])
    (tmp_path / f"{name}.csv").write_bytes(answer.content)
    (tmp_path / f"{name}.csv-metadata.json").write_bytes(described.content)
    judged = CSVW(str(tmp_path / f"{name}.csv"), validate=True)
    assert judged.is_valid, [str(warning.message) for warning in judged.warnings]


async def test_each_owner_has_its_descriptions_and_packages(client: AsyncClient) -> None:
    whole = (await client.get("/v1/datasets/datapackage.json")).json()
    council = (await client.get(f"{COUNCIL}/datapackage.json")).json()

    assert [resource["name"] for resource in whole["resources"]] == NAMES
    assert len(whole["sources"]) == 4
    assert [source["title"] for source in council["sources"]] == ["London Borough of Barnet"]
    described = (await client.get(f"{COUNCIL}/risks.csv-metadata.json")).json()
    assert described["dc:publisher"] == "London Borough of Barnet"
    fields = {each["name"]: each for each in whole["resources"]}["risks"]["schema"]["fields"]
    assert [field["name"] for field in fields] == [
        column["name"] for column in described["tableSchema"]["columns"]
    ]
    for path in (
        "/v1/organisations/nowhere/datasets/datapackage.json",
        "/v1/organisations/nowhere/datasets/risks.csv-metadata.json",
        "/v1/releases/999/datasets/risks.csv-metadata.json",
        "/v1/datasets/nothing.csv-metadata.json",
    ):
        check_problem(await client.get(path), 404, "not-found")


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
async def test_a_release_has_its_file_for_good(released: AsyncClient, made: Made, form: str) -> None:
    path = f"/v1/releases/{made.releases[0]}/datasets/observations.{form}"
    first = await get(released, path)
    with statements_counted() as statements:
        again = await get(released, path)

    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert first.headers["accept-ranges"] == "bytes"
    assert {"etag", "last-modified", "content-length"} <= set(first.headers)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert len(statements) < 10
    spared = await get(released, path, if_none_match=first.headers["etag"])
    assert (spared.status_code, spared.content) == (304, b"")
    headed = await released.head(path, headers={"accept-encoding": "identity"})
    assert headed.headers["content-length"] == str(len(first.content))


async def test_what_a_council_has_out_is_the_file_of_its_release(released: AsyncClient, made: Made) -> None:
    [row] = [row for row in (await get(released, "/v1/organisations")).json()["items"] if row["id"] == OWNER]
    latest = await get(released, f"/v1/organisations/{OWNER}/datasets/observations.csv")
    whole = await get(released, f"/v1/releases/{row['release']}/datasets/observations.csv")
    listed = await get(released, f"/v1/observations.csv?organisation={OWNER}")
    earlier = await get(released, f"/v1/releases/{made.releases[0]}/datasets/observations.csv")

    assert latest.content == whole.content == listed.content
    assert latest.headers["etag"] == whole.headers["etag"] != earlier.headers["etag"]
    assert latest.headers["cache-control"] == "public, max-age=60"
    assert earlier.content != latest.content


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-5", -5, None), ("bytes=5-99999999", 5, None)],
)
async def test_bytes_of_a_file_are_sent_as_they_are(
    released: AsyncClient, made: Made, asked: str, start: int, stop: int | None
) -> None:
    path = f"/v1/releases/{made.releases[0]}/datasets/observations.csv"
    whole = await get(released, path)

    part = await released.get(path, headers={"range": asked, "accept-encoding": "gzip, zstd"})

    assert part.status_code == 206
    assert part.content == whole.content[start:stop]
    assert part.headers["etag"] == whole.headers["etag"]
    assert "content-encoding" not in part.headers
    begins = range(len(whole.content))[start]
    ends = begins + len(part.content) - 1
    assert part.headers["content-range"] == f"bytes {begins}-{ends}/{len(whole.content)}"


async def test_bytes_are_sent_of_the_file_that_is_meant_or_the_whole(
    released: AsyncClient, made: Made
) -> None:
    path = f"/v1/releases/{made.releases[0]}/datasets/observations.csv"
    whole = await get(released, path)
    same = {whole.headers["etag"], whole.headers["last-modified"]}

    for mark in (*same, '"another"', f"W/{whole.headers['etag']}"):
        answer = await get(released, path, range="bytes=0-3", if_range=mark)
        assert answer.status_code == (206 if mark in same else 200)
    for asked in ("bytes=3-1", "lines=0-3", "bytes=0-1,3-4", "bytes=x-"):
        assert (await get(released, path, range=asked)).content == whole.content
    refused = await get(released, path, range="bytes=99999999-")
    check_problem(refused, 416, "range-not-satisfiable")
    assert refused.headers["content-range"] == f"bytes */{len(whole.content)}"


async def test_a_file_goes_out_as_it_was_compressed(released: AsyncClient, made: Made) -> None:
    path = f"/v1/releases/{made.releases[0]}/datasets/observations.csv"
    plain = await get(released, path)

    for coding in ("gzip", "zstd"):
        answer = await released.get(path, headers={"accept-encoding": coding})
        assert answer.headers["content-encoding"] == coding
        assert answer.headers["etag"] == f'{plain.headers["etag"][:-1]}-{coding}"'
        assert int(answer.headers["content-length"]) < len(plain.content)
        assert answer.content == plain.content
        assert "accept-ranges" not in answer.headers


async def test_a_catalogue_tells_the_size_of_a_file_once_it_is_there_and_makes_none(
    released: AsyncClient, tmp_path: Path
) -> None:
    path = f"/v1/organisations/{OWNER}/datasets/observations.csv"

    async def told() -> list[tuple[str, int, str]]:
        graph = (await released.get("/catalog.jsonld")).json()["@graph"]
        nodes = {node["@id"]: node for node in graph}
        sized = [node for node in graph if "dcat:byteSize" in node]
        assert len({node["@id"] for node in graph if node["@type"] == "spdx:Checksum"}) == len(sized)
        return [
            (
                node["dcat:downloadURL"].partition("/v1")[2],
                int(node["dcat:byteSize"]),
                nodes[node["spdx:checksum"]]["spdx:checksumValue"],
            )
            for node in sized
        ]

    assert [await told(), await told()] == [[], []]
    assert not (tmp_path / "files").exists()
    body = (await get(released, path)).content
    there = sorted((tmp_path / "files").iterdir())

    [(address, size, digest)] = await told()
    page = (await released.get(f"/datasets/{OWNER}/observations")).text
    document = (await released.get("/data.json")).json()["dataset"]
    assert (address, size, digest) == (path.removeprefix("/v1"), len(body), sha256(body).hexdigest())
    assert f'"contentSize":"{size} B"' in page
    assert [f["byteSize"] for each in document for f in each["distribution"] if "byteSize" in f] == [size]
    assert sorted((tmp_path / "files").iterdir()) == there


async def test_what_a_release_leaves_as_it_was_is_not_made_again(
    released: AsyncClient, made: Made, tmp_path: Path
) -> None:
    first, second, _ = made.releases
    for number in (first, second):
        for name in ("budget-variances", "observations"):
            await get(released, f"/v1/releases/{number}/datasets/{name}.csv")

    names = sorted(each.name.partition("-")[2] for each in (tmp_path / "files").glob("*.label"))
    assert names == ["budget-variances.csv.label", "observations.csv.label", "observations.csv.label"]


async def test_files_are_there_before_anybody_asks(made: Made, tmp_path: Path) -> None:
    chosen = Settings(database_url=made.url).model_copy(update={"files_folder": tmp_path / "files"})
    database = snapshots(made.url)
    release = await Reader(database)(lambda reading: release_in_force(reading, OWNER))
    await database.close()
    assert release is not None

    Filer(made.url, database, files_of(chosen), table_of).file_release(release)

    kept = {path.name.partition("-")[2] for path in (tmp_path / "files").iterdir()}
    for form in FORMS:
        for name in NAMES:
            assert (f"{name}.{form.name}" in kept) == (form.is_offered(table_of(name)) and not form.dear)
    before = sorted((tmp_path / "files").iterdir())
    async with serving(made.url, files_folder=tmp_path / "files") as client:
        answer = await get(client, f"/v1/organisations/{OWNER}/datasets/observations.csv")
    assert answer.headers["accept-ranges"] == "bytes"
    assert sorted((tmp_path / "files").iterdir()) == before


async def test_a_new_release_is_found_once_it_is_in_force(made: Made) -> None:
    database = snapshots(made.url)
    reader = Reader(database)
    numbers = made.releases

    def named(reading: Reading) -> list[NamedRelease]:
        return [release for each in numbers if (release := release_numbered(reading, each)) is not None]

    known = await reader(named)
    filer = Filer(made.url, database, files_of(Settings(database_url=made.url)), table_of)

    assert await database.ask(filer._new) == []  # noqa: SLF001 - what it would make files of
    filer._since = known[0].published_at  # noqa: SLF001 - as if it had begun then
    found: list[NamedRelease] = await database.ask(filer._new)  # noqa: SLF001 - as above
    await database.close()

    assert {release.id for release in known[1:]} <= {release.id for release in found}
    assert known[0] not in found
    assert len({release.mark for release in known}) == len(known)


async def test_without_room_files_are_made_for_whoever_asks(made: Made, tmp_path: Path) -> None:
    (blocked := tmp_path / "blocked").write_text("no folder")
    path = f"/v1/releases/{made.releases[0]}/datasets/observations.csv"
    answers = []
    for chosen in (
        {"files_folder": tmp_path / "files"},
        {"files_folder": tmp_path / "none", "files_megabytes": 0},
        {"files_folder": blocked},
    ):
        async with serving(made.url, **chosen) as client:
            answers.append(await get(client, path))

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.content for answer in answers}) == 1
    assert not (tmp_path / "none").exists()


async def test_whoever_shows_a_credential_gets_no_kept_file(released: AsyncClient, made: Made) -> None:
    path = f"/v1/organisations/{OWNER}/datasets/observations.csv"
    key = next(iter(made.keys.values()))

    answer = await released.get(path, headers={"authorization": f"Bearer {key}"})

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert "accept-ranges" not in answer.headers
