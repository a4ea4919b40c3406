"""What every catalogue says of a dataset, in whatever words: whose, of where and when, and its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from app.feeds.datasets import DATASETS
from app.feeds.xml import legal
from app.rules.periods import PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from app.feeds.datasets import Dataset
    from app.queries.catalogue import Council

AREAS = "http://statistics.data.gov.uk/id/statistical-geography/"
_AREA_CODE = re.compile(r"[A-Z][0-9]{8}")
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class IncompleteError(Exception):
    """Not all can be said of a dataset that must be said of each; the message names it, and what lacks."""


class Site(NamedTuple):
    """Where the service is, and who answers for what it publishes; `base` has no slash at its end."""

    base: str
    publisher: str
    contact: str
    email: str | None


class Format(NamedTuple):
    """A form that a dataset's file comes in.

    `registered` says whether IANA knows the media type; `file_type` is the EU authority's nearest, and
    `standard` where the form is described, if not by its media type.
    """

    name: str
    label: str
    media_type: str
    registered: bool
    file_type: str
    standard: str | None = None


class File(NamedTuple):
    """A file of a dataset; its size in bytes and its SHA-256 where it is stored, else none."""

    format: Format
    href: str
    size: int | None = None
    sha256: str | None = None


class Stored(NamedTuple):
    """What is known of a stored file: its size in bytes, and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


class Place(NamedTuple):
    """An area by its GSS code's address, and what it is called."""

    href: str
    name: str


class Publisher(NamedTuple):
    """Who makes a dataset public, and the area that they answer for, if it is one."""

    href: str
    name: str
    place: Place | None = None


class Frequency(NamedTuple):
    """How often something new is to be expected: the EU authority's word, and an ISO 8601 interval."""

    name: str
    interval: str


class Description(NamedTuple):
    """All that is said of a dataset. Its `id` is `risks`, or `barnet/risks` for one council's.

    `page` is where it is described, `search` where its rows are listed as they are now.
    """

    id: str
    dataset: Dataset
    title: str
    text: str
    keywords: tuple[str, ...]
    publisher: Publisher
    places: tuple[Place, ...]
    start: date
    end: date
    frequency: Frequency
    issued: datetime
    modified: datetime
    page: str
    search: str
    files: tuple[File, ...]


IRREGULAR = Frequency("IRREG", "irregular")
FREQUENCIES = {
    PeriodKind.month: Frequency("MONTHLY", "R/P1M"),
    PeriodKind.quarter: Frequency("QUARTERLY", "R/P3M"),
    PeriodKind.four_months: Frequency("ANNUAL_3", "R/P4M"),
    PeriodKind.half_year: Frequency("ANNUAL_2", "R/P6M"),
    PeriodKind.financial_year: Frequency("ANNUAL", "R/P1Y"),
}
"""The most often first."""
FORMATS = (
    Format("csv", "CSV", "text/csv", registered=True, file_type=f"{_FILE_TYPES}CSV"),
    Format("jsonl", "JSON Lines", "application/jsonl", registered=False, file_type=f"{_FILE_TYPES}JSON"),
    Format(
        "parquet",
        "Parquet",
        "application/vnd.apache.parquet",
        registered=True,
        file_type=f"{_FILE_TYPES}PARQUET",
    ),
    Format("xlsx", "XLSX", _SPREADSHEET, registered=True, file_type=f"{_FILE_TYPES}XLSX"),
)
"""What every dataset comes in."""
JSON_STAT = Format(
    "json",
    "JSON-stat",
    "application/json",
    registered=True,
    file_type=f"{_FILE_TYPES}JSON",
    standard="https://json-stat.org/full/",
)
"""What those come in beside that are shaped like a cube."""
NOTHING_STORED: Mapping[str, Stored] = {}


def descriptions(
    site: Site, councils: Sequence[Council], stored: Mapping[str, Stored] = NOTHING_STORED
) -> list[Description]:
    """Every dataset that has rows: of all councils first, then each council's; in one lasting order.

    `stored` has what is known of files by their addresses without the base. Raises IncompleteError where
    a dataset cannot be described, as a shorter list would tell a portal to delete what it lacks.
    """
    checked = [_checked(council) for council in councils]
    return [
        *_of_all(site, checked, stored),
        *(each for council in checked for each in _of_council(site, council, stored)),
    ]


def file_of_organisation(organisation: str, dataset: str, form: str) -> str:
    """The address of an organisation's file of a dataset, without the base."""
    return f"{_folder(organisation)}/{dataset}.{form}"


def _folder(organisation: str) -> str:
    return f"/v1/organisations/{quote(organisation, safe='')}/datasets"


def _checked(council: Council) -> Council:
    """A council with its name on one line."""
    name = legal(" ".join(council.name.split()))
    if not name:
        raise IncompleteError(f"{council.id} has no name.")
    if not _AREA_CODE.fullmatch(council.area_code):
        raise IncompleteError(f"{council.id} has no GSS area code.")
    return council._replace(name=name)


def _of_all(site: Site, councils: Sequence[Council], stored: Mapping[str, Stored]) -> Iterator[Description]:
    """The datasets of all councils together; they change with whoever's change that ever had rows."""
    publisher = Publisher(f"{site.base}/#publisher", site.publisher)
    for dataset in DATASETS:
        had = [
            (council, council.holdings[dataset.name])
            for council in councils
            if dataset.name in council.holdings
        ]
        have = [(council, holding) for council, holding in had if holding.stands]
        if not have:
            continue
        yield Description(
            id=dataset.name,
            dataset=dataset,
            title=f"{dataset.title}: all councils",
            text=f"{dataset.description} As released by every council, with what follows from them.",
            keywords=(*dataset.keywords, "local government"),
            publisher=publisher,
            places=tuple(_place(council) for council, _ in have),
            start=min(holding.covers.start for _, holding in have),
            end=max(holding.covers.end for _, holding in have),
            frequency=IRREGULAR,
            issued=min(holding.issued for _, holding in had),
            modified=max(holding.modified for _, holding in had),
            page=f"{site.base}/datasets/{dataset.name}",
            search=site.base + dataset.path,
            files=tuple(_files(site, dataset, "/v1/datasets", stored)),
        )


def _of_council(site: Site, council: Council, stored: Mapping[str, Stored]) -> Iterator[Description]:
    """One council's datasets."""
    name = quote(council.id, safe="")
    folder, place = _folder(council.id), _place(council)
    publisher = Publisher(f"{site.base}/v1/organisations/{name}#organisation", council.name, place)
    for dataset in DATASETS:
        holding = council.holdings.get(dataset.name)
        if holding is None or not holding.stands:
            continue
        yield Description(
            id=f"{council.id}/{dataset.name}",
            dataset=dataset,
            title=f"{dataset.title}: {council.name}",
            text=f"{dataset.description} As released by {council.name}, with what follows from them.",
            keywords=(*dataset.keywords, "local government"),
            publisher=publisher,
            places=(place,),
            start=holding.covers.start,
            end=holding.covers.end,
            frequency=_frequency(council),
            issued=holding.issued,
            modified=holding.modified,
            page=f"{site.base}/datasets/{name}/{dataset.name}",
            search=f"{site.base}{dataset.path}?organisation={name}",
            files=tuple(_files(site, dataset, folder, stored)),
        )


def _files(site: Site, dataset: Dataset, folder: str, stored: Mapping[str, Stored]) -> Iterator[File]:
    for form in (*FORMATS, *(JSON_STAT for _ in dataset.dimensions[:1])):
        path = f"{folder}/{dataset.name}.{form.name}"
        yield File(form, f"{site.base}{path}", *stored.get(path, ()))


def _place(council: Council) -> Place:
    return Place(f"{AREAS}{council.area_code}", council.name)


def _frequency(council: Council) -> Frequency:
    """How often a council reports: the period that its release names or, without one, its facts' shortest."""
    named = council.newest.period_kind
    kinds: set[str] = (
        {named} if named else {kind for held in council.holdings.values() for kind in held.covers.kinds}
    )
    return next((often for kind, often in FREQUENCIES.items() if kind in kinds), IRREGULAR)
