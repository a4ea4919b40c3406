"""Datasets: whole, from releases only, of every organisation, of one, or of one release."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Annotated, NamedTuple

import orjson
from fastapi import APIRouter, Path, Request, Response

from app.errors import NotFound
from app.feeds import csv, jsonl
from app.feeds.datasets import DATASETS, LICENCE, NAMED
from app.queries.exports import (
    FINDINGS,
    LISTS,
    columns_of,
    lines_of_list,
    objects_of_dataset,
    question_of,
    rows_of_dataset,
)
from app.queries.listings import one
from app.queries.organisations import ORGANISATIONS
from app.queries.releases import RELEASES
from app.routers.deps import Asker, Read, RowId, read_one
from app.routers.exports import Feed, Wanted, answer_feed
from app.schemas.datasets import DatasetList, DatasetName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from app.feeds.datasets import Dataset
    from app.queries.editions import Reading

router = APIRouter(prefix="/v1", tags=["datasets"])
Organisation = Annotated[str, Path(description="The organisation's id.", examples=["barnet"])]
Named = Annotated[DatasetName, Path(description="The dataset's name.", examples=["risks"])]


class Format(NamedTuple):
    """A form that datasets come in: how an address ends, the media type, and what writes it.

    `parts` are the file's, of a dataset, in the state that is read, of one organisation or of all.
    """

    name: str
    media_type: str
    parts: Callable[[Reading, Dataset, str | None], Iterator[bytes]]
    offered: Callable[[Dataset], bool] = lambda _: True


def _csv(reading: Reading, dataset: Dataset, organisation: str | None) -> Iterator[bytes]:
    columns = [field.name for field in columns_of(dataset.name)]
    if dataset.name == FINDINGS:
        rows = chain.from_iterable(rows_of_dataset(reading, dataset.name, organisation))
        return csv.csv_items(columns, rows)
    lines = lines_of_list(reading, LISTS[dataset.name], question_of(organisation))
    return chain([csv.csv_header(columns)], lines)


def _jsonl(reading: Reading, dataset: Dataset, organisation: str | None) -> Iterator[bytes]:
    return jsonl.json_lines(objects_of_dataset(reading, dataset.name, organisation))


FORMATS = (
    Format("csv", csv.MEDIA_TYPE, _csv),
    Format("jsonl", jsonl.MEDIA_TYPE, _jsonl),
)
"""Every form: one more entry is one more address of each kind."""


@router.get("/datasets", response_model=DatasetList)
async def list_datasets() -> Response:
    """What is published as data, and the files that it comes in."""
    return Response(_every(), media_type="application/json")


@cache
def _every() -> bytes:
    return orjson.dumps({"items": [_row(dataset) for dataset in DATASETS]})


def _row(dataset: Dataset) -> Mapping[str, Any]:
    """A dataset in wire form."""
    return {
        "id": dataset.name,
        **{name: getattr(dataset, name) for name in ("title", "description", "keywords")},
        "path": dataset.path,
        "licence": LICENCE,
        **{name: getattr(dataset, name) for name in ("dimensions", "measures")},
        "formats": [_file(dataset, form) for form in FORMATS if form.offered(dataset)],
    }


def _file(dataset: Dataset, form: Format) -> Mapping[str, str]:
    file = f"datasets/{dataset.name}.{form.name}"
    return {
        "format": form.name,
        "media_type": form.media_type,
        "href": f"/v1/{file}",
        "of_organisation": f"/v1/organisations/{{organisation}}/{file}",
        "of_release": f"/v1/releases/{{id}}/{file}",
    }


_OF = {
    "dataset": "All rows of a dataset, of every organisation as it released them last.",
    "organisation_dataset": "All rows of a dataset that one organisation released last.",
    "release_dataset": "All rows of a dataset that an organisation had out with one of its releases.",
}


def _offer(form: Format) -> None:
    """Add the addresses of a form."""
    body = type(f"{form.name.capitalize()}Dataset", (Feed,), {"media_type": form.media_type})

    async def whole(dataset: Named, request: Request, read: Read) -> Response:
        return await answer_feed(request, read, _wanted(form, dataset), body)

    async def of_organisation(
        organisation: Organisation, dataset: Named, request: Request, read: Read
    ) -> Response:
        return await answer_feed(request, read, _wanted(form, dataset, organisation), body)

    async def of_release(row_id: RowId, dataset: Named, request: Request, read: Read) -> Response:
        organisation, earlier = await _as_released(read, row_id)
        return await answer_feed(request, earlier, _wanted(form, dataset, organisation), body)

    for owner, endpoint, name in (
        ("", whole, "dataset"),
        ("/organisations/{organisation}", of_organisation, "organisation_dataset"),
        ("/releases/{id}", of_release, "release_dataset"),
    ):
        router.add_api_route(
            f"{owner}/datasets/{{dataset}}.{form.name}",
            endpoint,
            name=f"get_{form.name}_{name}",
            response_class=body,
            description=_OF[name],
        )


def _wanted(form: Format, name: DatasetName, organisation: str | None = None) -> Callable[[Reading], Wanted]:
    """What a file has in it. Raises NotFound for an organisation without a release, or a form not offered."""

    def wanted(reading: Reading) -> Wanted:
        dataset = NAMED[name]
        if not form.offered(dataset):
            raise NotFound(f"{dataset.title} do not come in this form.")
        if organisation is not None and one(reading, ORGANISATIONS, organisation) is None:
            raise NotFound(f"No organisations row has the id {organisation}.")
        return Wanted(form.parts(reading, dataset, organisation), organisation and (organisation,))

    return wanted


async def _as_released(read: Asker, row_id: int) -> tuple[str, Asker]:
    """The organisation of a release, and the asker of what was public when it came into force."""
    release = await read(read_one, RELEASES, row_id)
    return release["organisation"], read.at(datetime.fromisoformat(release["published_at"]))


for _form in FORMATS:
    _offer(_form)
