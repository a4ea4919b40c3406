"""A page of a catalogue as a graph: DCAT-AP 3, and the other pages in Hydra's old words and its new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.db.moments import in_utc
from app.feeds.datasets import LICENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from app.feeds.descriptions import Description, File, Publisher, Site
    from app.feeds.rdf import Node

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGE = f"{_AUTHORITY}language/ENG"
_PUBLIC = f"{_AUTHORITY}access-right/PUBLIC"
_THEME = f"{_AUTHORITY}data-theme/GOVE"
_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
_OLD_WORDS = {"first": "firstPage", "previous": "previousPage", "next": "nextPage", "last": "lastPage"}


class Page(NamedTuple):
    """Where a page is, and others by their relation: first, last and, where there are any, previous and next.

    `total` counts what is on all pages, of which each has `limit` at most.
    """

    href: str
    total: int
    limit: int
    others: dict[str, str]


def graph_of(site: Site, described: Sequence[Description], page: Page, modified: datetime) -> list[Node]:
    """A page's datasets with all that they refer to, each node once and none without an address."""
    nodes: dict[str, Node] = {}
    for node in _nodes(site, described, page, modified):
        nodes.setdefault(str(node["@id"]), node)
    return list(nodes.values())


def instant(moment: datetime) -> str:
    """A moment to the second, as catalogues date things."""
    return in_utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def catalogue_address(site: Site) -> str:
    """What the catalogue is called, whichever page or form of it is read."""
    return f"{site.base}/datasets#catalogue"


def dataset_address(described: Description) -> str:
    """What a dataset is called for good: a part of the page about it."""
    return f"{described.page}#dataset"


def _nodes(site: Site, described: Sequence[Description], page: Page, modified: datetime) -> Iterator[Node]:
    publisher = f"{site.base}/#publisher"
    yield {
        "@id": catalogue_address(site),
        "@type": "dcat:Catalog",
        "dct:title": "Council performance data",
        "dct:description": "What councils report of their own performance, and every status and variance that"
        " follows from it, as datasets of all councils and of each.",
        "dct:publisher": publisher,
        "dct:license": LICENCE,
        "dct:language": _LANGUAGE,
        "dct:modified": instant(modified),
        "foaf:homepage": f"{site.base}/datasets",
        "dcat:dataset": [dataset_address(each) for each in described],
        "hydra:view": page.href,
    }
    yield _pagination(page)
    yield {"@id": publisher, "@type": ["foaf:Agent", "foaf:Organization"], "foaf:name": site.publisher}
    yield _contact(site)
    yield {"@id": f"{site.base}/datasets", "@type": "foaf:Document"}
    yield {"@id": LICENCE, "@type": "dct:LicenseDocument"}
    yield {"@id": _LANGUAGE, "@type": "dct:LinguisticSystem"}
    yield {"@id": _PUBLIC, "@type": "dct:RightsStatement"}
    yield {"@id": _THEME, "@type": "skos:Concept", "skos:prefLabel": "Government and public sector"}
    for each in described:
        yield from _dataset(site, each)


def _pagination(page: Page) -> Node:
    node: Node = {
        "@id": page.href,
        "@type": ["hydra:PagedCollection", "hydra:PartialCollectionView"],
        "hydra:totalItems": str(page.total),
        "hydra:itemsPerPage": str(page.limit),
    }
    for relation, href in page.others.items():
        node[f"hydra:{relation}"] = node[f"hydra:{_OLD_WORDS[relation]}"] = href
    return node


def _contact(site: Site) -> Node:
    node: Node = {
        "@id": f"{site.base}/#contact",
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": site.contact,
        "vcard:hasURL": f"{site.base}/datasets",
    }
    return node if site.email is None else {**node, "vcard:hasEmail": f"mailto:{site.email}"}


def _dataset(site: Site, described: Description) -> Iterator[Node]:
    shared = _shared(site, described)
    yield {
        "@id": dataset_address(described),
        "@type": "dcat:Dataset",
        "dct:identifier": described.id,
        "dct:title": described.title,
        "dct:description": described.text,
        "dcat:keyword": list(described.keywords),
        "dcat:theme": _THEME,
        "dct:accessRights": _PUBLIC,
        "dcat:landingPage": described.page,
        **shared,
        "dcat:distribution": [_file_address(described, file) for file in described.files],
    }
    for file in described.files:
        yield from _distribution(described, file, shared)
    yield from _named(described)


def _shared(site: Site, described: Description) -> Node:
    """What is said of a dataset and of each file of it alike."""
    return {
        "dct:license": LICENCE,
        "dct:publisher": described.publisher.href,
        "dcat:contactPoint": f"{site.base}/#contact",
        "dct:spatial": [place.href for place in described.places],
        "dct:temporal": f"{described.page}#days",
        "dct:accrualPeriodicity": _AUTHORITY + f"frequency/{described.frequency.name}",
        "dct:language": _LANGUAGE,
        "dct:issued": instant(described.issued),
        "dct:modified": instant(described.modified),
    }


def _distribution(described: Description, file: File, shared: Node) -> Iterator[Node]:
    address, form = _file_address(described, file), file.format
    node: Node = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": f"{described.title} ({form.label})",
        "dcat:accessURL": file.href,
        "dcat:downloadURL": file.href,
        "dct:format": form.file_type,
        **shared,
    }
    if form.registered:
        node["dcat:mediaType"] = _MEDIA_TYPES + form.media_type
        yield {"@id": _MEDIA_TYPES + form.media_type, "@type": "dct:MediaType", "rdfs:label": form.media_type}
    if form.standard is not None:
        node["dct:conformsTo"] = form.standard
        yield {"@id": form.standard, "@type": "dct:Standard"}
    if file.size is not None:
        node["dcat:byteSize"] = str(file.size)
    if file.sha256 is not None:
        node["spdx:checksum"] = f"{address}-checksum"
        yield {
            "@id": f"{address}-checksum",
            "@type": "spdx:Checksum",
            "spdx:algorithm": _SHA256,
            "spdx:checksumValue": file.sha256,
        }
        yield {"@id": _SHA256, "@type": "spdx:ChecksumAlgorithm"}
    yield node
    yield {"@id": form.file_type, "@type": "dct:MediaTypeOrExtent"}


def _named(described: Description) -> Iterator[Node]:
    """What a dataset refers to: its page, publisher, areas, days and frequency."""
    yield {"@id": described.page, "@type": "foaf:Document"}
    yield _publisher(described.publisher)
    for place in described.places:
        yield {"@id": place.href, "@type": "dct:Location", "skos:prefLabel": place.name}
    yield {
        "@id": f"{described.page}#days",
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": described.start.isoformat(),
        "dcat:endDate": described.end.isoformat(),
    }
    often = _AUTHORITY + f"frequency/{described.frequency.name}"
    yield {"@id": often, "@type": "dct:Frequency"}


def _publisher(publisher: Publisher) -> Node:
    node: Node = {
        "@id": publisher.href,
        "@type": ["foaf:Agent", "foaf:Organization"],
        "foaf:name": publisher.name,
    }
    return node if publisher.place is None else {**node, "dct:spatial": publisher.place.href}


def _file_address(described: Description, file: File) -> str:
    return f"{described.page}#{file.format.name}"
