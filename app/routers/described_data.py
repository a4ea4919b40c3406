"""What describes the CSVs of datasets: CSVW's metadata of each, and a Data Package over all of an owner's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response

from app.feeds import csvw, packages
from app.feeds.datasets import DATASETS
from app.feeds.packages import Source
from app.queries.catalogue import councils
from app.queries.organisations import ORGANISATIONS
from app.queries.releases import RELEASES
from app.routers.catalogue import answers_in, site_of
from app.routers.deps import Read, RowId, read_one
from app.schemas.columns import table_of
from app.schemas.datasets import DatasetName

if TYPE_CHECKING:
    from app.queries.editions import Reading

router = APIRouter(prefix="/v1", tags=["datasets"])
Organisation = Annotated[str, Path(description="The organisation's id.", examples=["barnet"])]
Named = Annotated[DatasetName, Path(description="The dataset's name.", examples=["risks"])]
_CSVW: dict[str, Any] = {
    "response_class": Response,
    "responses": answers_in(csvw.MEDIA_TYPE, "object"),
}
_PACKAGE: dict[str, Any] = {
    "response_class": Response,
    "responses": answers_in(packages.MEDIA_TYPE, "object"),
}
_BESIDE = f"{{dataset}}.csv{csvw.SUFFIX}"


@router.get(f"/datasets/{_BESIDE}", **_CSVW)
async def describe_csv_dataset(dataset: Named, request: Request) -> Response:
    """What the columns of a dataset's CSV are, in the words of CSV on the Web."""
    return _of_csv(dataset, site_of(request).publisher)


@router.get(f"/organisations/{{organisation}}/datasets/{_BESIDE}", **_CSVW)
async def describe_csv_organisation_dataset(
    organisation: Organisation, dataset: Named, read: Read
) -> Response:
    """The same of one organisation's CSV."""
    return _of_csv(dataset, await read(_name_of, organisation))


@router.get(f"/releases/{{id}}/datasets/{_BESIDE}", **_CSVW)
async def describe_csv_release_dataset(row_id: RowId, dataset: Named, read: Read) -> Response:
    """The same of a release's CSV."""
    release = await read(read_one, RELEASES, row_id)
    return _of_csv(dataset, await read(_name_of, release["organisation"]))


@router.get(f"/datasets/{packages.NAME}", **_PACKAGE)
async def get_data_package(request: Request, read: Read) -> Response:
    """All datasets as one Data Package of CSVs."""
    base = site_of(request).base
    sources = [Source(each.name, _address(base, each.id)) for each in await read(councils)]
    return _package("outturn", "Council performance data", sources)


@router.get(f"/organisations/{{organisation}}/datasets/{packages.NAME}", **_PACKAGE)
async def get_organisation_data_package(organisation: Organisation, request: Request, read: Read) -> Response:
    """All datasets of one organisation as one Data Package of CSVs."""
    name = await read(_name_of, organisation)
    source = Source(name, _address(site_of(request).base, organisation))
    return _package(organisation, f"Performance data of {name}", [source])


def _of_csv(dataset: DatasetName, publisher: str) -> Response:
    return Response(csvw.csvw(table_of(dataset), publisher), media_type=csvw.MEDIA_TYPE)


def _package(name: str, title: str, sources: list[Source]) -> Response:
    tables = [table_of(dataset.name) for dataset in DATASETS]
    return Response(packages.package(name, title, sources, tables), media_type=packages.MEDIA_TYPE)


def _address(base: str, organisation: str) -> str:
    return f"{base}/v1/organisations/{quote(organisation, safe='')}"


def _name_of(reading: Reading, organisation: str) -> str:
    """What an organisation is called. Raises NotFound where it has released nothing."""
    name: str = read_one(reading, ORGANISATIONS, organisation)["name"]
    return name
