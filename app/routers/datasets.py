"""Datasets: whole, from releases only, of every organisation, of one, or of one release."""

from __future__ import annotations

import logging
from contextlib import aclosing
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Path, Request, Response
from starlette.background import BackgroundTask

from app.errors import NotFound, Unavailable
from app.feeds import csvw
from app.feeds.datasets import DATASETS, LICENCE
from app.queries.datasets import changes_until, state_of_dataset
from app.queries.named_releases import release_in_force, release_numbered
from app.queries.organisations import ORGANISATIONS
from app.queries.releases import RELEASES
from app.routers.dates import dated
from app.routers.deps import Asker, Read, RowId, read_one
from app.routers.exports import Feed, Wanted, answer_feed, marks_of
from app.routers.files import IMMUTABLE, answer_file
from app.schemas.columns import table_of
from app.schemas.datasets import DatasetList, DatasetName
from app.services.filing import name_of
from app.services.forms import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from app.feeds.datasets import Dataset
    from app.feeds.tables import Table
    from app.queries.datasets import Change
    from app.queries.editions import Reading
    from app.queries.named_releases import NamedRelease
    from app.services.files import Kept
    from app.services.filing import Filer
    from app.services.forms import Form

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/v1", tags=["datasets"])
Organisation = Annotated[str, Path(description="The organisation's id.", examples=["barnet"])]
Named = Annotated[DatasetName, Path(description="The dataset's name.", examples=["risks"])]


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
        "formats": [_file(dataset, form) for form in FORMS if form.is_offered(table_of(dataset.name))],
    }


def _file(dataset: Dataset, form: Form) -> Mapping[str, str]:
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
    "release_dataset": "All rows of a dataset that an organisation had out with one of its releases; they"
    " are never changed.",
}


def _offer(form: Form) -> None:
    """Add the addresses of a form."""
    body = type(f"{form.name.capitalize()}Dataset", (Feed,), {"media_type": form.media_type})

    async def whole(dataset: Named, request: Request, read: Read) -> Response:
        kept = None
        keeps = form.is_kept_whole and _keeps(request, read)
        if keeps:
            kept = await _kept_whole(request, read, dataset, form)
        answer = kept or await answer_feed(request, read, _wanted(form, dataset), body)
        if keeps and kept is None:
            answer.background = BackgroundTask(_keep_whole, request, read, dataset, form)
        return _described(answer, request, form)

    async def of_organisation(
        organisation: Organisation, dataset: Named, request: Request, read: Read
    ) -> Response:
        kept = None
        if _keeps(request, read):
            found = await read(_in_force, organisation, dataset)
            kept = found and await _kept(request, read, *found, dataset, form)
        answer = kept or await answer_feed(request, read, _wanted(form, dataset, organisation), body)
        return _described(answer, request, form)

    async def of_release(row_id: RowId, dataset: Named, request: Request, read: Read) -> Response:
        kept = None
        if _keeps(request, read):
            found = await read(_numbered, row_id, dataset)
            kept = found and await _kept(request, read, *found, dataset, form)
        if kept is not None:
            kept.headers["Cache-Control"] = IMMUTABLE
            return _described(kept, request, form)
        organisation, earlier = await _as_released(read, row_id)
        answer = await answer_feed(request, earlier, _wanted(form, dataset, organisation), body)
        return _described(answer, request, form)

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
            responses=_answers(form, in_part=bool(owner) or form.is_kept_whole),
        )


def _answers(form: Form, *, in_part: bool) -> dict[int | str, dict[str, Any]]:
    """What describes an answer that is no text, and one with some bytes of a file."""
    content = {form.media_type: {"schema": {"type": "string", "format": "binary"}}}
    found: dict[int | str, dict[str, Any]] = {200: {"content": content}} if form.packed else {}
    if in_part:
        found[206] = {"description": "The bytes that Range asks for.", "content": content}
    return found


def _keeps(request: Request, read: Asker) -> bool:
    """Whether a file is kept for who asks; one that a credential asks for may have what others' has not."""
    filer: Filer = request.app.state.filer
    return filer.files.most > 0 and not read.is_private


async def _kept(
    request: Request, read: Asker, release: NamedRelease, change: Change, name: DatasetName, form: Form
) -> Response | None:
    """A file of a release, made first if it is not there; None where there is no room for it.

    It is the file of the release that changed the dataset last, as it has been the same since.
    """
    filer: Filer = request.app.state.filer
    table = table_of(name)
    if not form.is_offered(table):
        raise _not_offered(table)
    file = name_of(change.release.mark, table.dataset, form)

    def made(reading: Reading) -> Iterator[Kept]:
        parts = form.parts(reading, table, release.organisation)
        yield filer.files.keep(file, parts, packed=form.packed)

    async def make() -> Kept:
        async with aclosing(read.at(release.published_at).stream(made)) as bits:
            return await anext(bits)

    try:
        kept = filer.files.find(file) or await filer.once(file, make)
    except OSError:
        logger.exception("A file of a release could not be kept")
        return None
    marks = dated(request, change.release.published_at, certain=change.is_certain)
    return answer_file(request, filer.files, kept, form.media_type, marks)


async def _kept_whole(request: Request, read: Asker, name: DatasetName, form: Form) -> Response | None:
    """A file of every organisation's rows, if it is there.

    It is tagged as the feed is that stands for it until then, whose bytes are the same.
    """
    files = request.app.state.filer.files
    state = await read(state_of_dataset, name)
    kept = files.find(name_of(state.mark, table_of(name).dataset, form))
    return kept and answer_file(request, files, kept, form.media_type, marks_of(request, state))


async def _keep_whole(request: Request, read: Asker, name: DatasetName, form: Form) -> None:
    """Make the file of every organisation's rows for who asks next: after a feed of them, not beside it."""
    filer: Filer = request.app.state.filer
    table = table_of(name)

    def made(reading: Reading) -> Iterator[Kept]:
        file = name_of(state_of_dataset(reading, name).mark, table.dataset, form)
        yield filer.files.keep(file, form.parts(reading, table, None), packed=form.packed)

    async def make() -> Kept:
        async with aclosing(read.stream(made)) as bits:
            return await anext(bits)

    try:
        await filer.once(f"{name}.{form.name}", make)
    except (OSError, Unavailable):
        logger.exception("A file of every organisation could not be kept")


def _in_force(
    reading: Reading, organisation: str, dataset: DatasetName
) -> tuple[NamedRelease, Change] | None:
    """What an organisation released last, and the release that changed a dataset of it."""
    release = release_in_force(reading, organisation)
    return release and (release, changes_until(reading, release)[dataset])


def _numbered(reading: Reading, number: int, dataset: DatasetName) -> tuple[NamedRelease, Change] | None:
    """A release by its number, and the one up to then that changed a dataset."""
    release = release_numbered(reading, number)
    return release and (release, changes_until(reading, release)[dataset])


def _described(answer: Response, request: Request, form: Form) -> Response:
    """A CSV with the address of what describes it."""
    if form.name == "csv":
        href = quote(request.url.path) + csvw.SUFFIX
        answer.headers["Link"] = f'<{href}>; rel="describedby"; type="{csvw.MEDIA_TYPE}"'
    return answer


def _wanted(form: Form, name: DatasetName, organisation: str | None = None) -> Callable[[Reading], Wanted]:
    """What a file has in it. Raises NotFound for an organisation without a release, or a form not offered."""

    def wanted(reading: Reading) -> Wanted:
        table = table_of(name)
        if not form.is_offered(table):
            raise _not_offered(table)
        if organisation is not None:
            read_one(reading, ORGANISATIONS, organisation)
        state = state_of_dataset(reading, name, organisation)
        return Wanted(form.parts(reading, table, organisation), state=state)

    return wanted


def _not_offered(table: Table) -> NotFound:
    return NotFound(f"{table.dataset.title} do not come in this form.")


async def _as_released(read: Asker, row_id: int) -> tuple[str, Asker]:
    """The organisation of a release, and the asker of what was public when it came into force."""
    release = await read(read_one, RELEASES, row_id)
    return release["organisation"], read.at(datetime.fromisoformat(release["published_at"]))


for _form in FORMS:
    _offer(_form)
