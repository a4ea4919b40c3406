"""A dataset, and the catalogue of them all, in the words of schema.org, as search engines read pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.feeds.datasets import LICENCE
from app.feeds.dcat import catalogue_address, dataset_address, instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.feeds.descriptions import Description, File, Publisher, Site

_CONTEXT = "https://schema.org"


def dataset(site: Site, described: Description) -> dict[str, Any]:
    """A dataset with its files."""
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "@id": dataset_address(described),
        "url": described.page,
        "identifier": described.id,
        "name": described.title,
        "description": described.text,
        "keywords": list(described.keywords),
        "isAccessibleForFree": True,
        **_shared(site, described),
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": catalogue_address(site)},
        "distribution": [_download(site, described, file) for file in described.files],
    }


def catalogue(site: Site, described: Sequence[Description]) -> dict[str, Any]:
    """The catalogue, with each dataset by its address and name."""
    return {
        "@context": _CONTEXT,
        "@type": "DataCatalog",
        "@id": catalogue_address(site),
        "url": f"{site.base}/datasets",
        "name": "Council performance data",
        "license": LICENCE,
        "inLanguage": "en-GB",
        "publisher": {
            **_organisation(f"{site.base}/#publisher", site.publisher),
            "contactPoint": _contact(site),
        },
        "dataset": [
            {"@type": "Dataset", "@id": dataset_address(each), "url": each.page, "name": each.title}
            for each in described
        ],
    }


def _shared(site: Site, described: Description) -> dict[str, Any]:
    """What is said of a dataset and of each file of it alike."""
    return {
        "license": LICENCE,
        "inLanguage": "en-GB",
        "publisher": {**_publisher(described.publisher), "contactPoint": _contact(site)},
        "spatialCoverage": [
            {"@type": "Place", "@id": place.href, "name": place.name} for place in described.places
        ],
        "temporalCoverage": f"{described.start.isoformat()}/{described.end.isoformat()}",
        "datePublished": instant(described.issued),
        "dateModified": instant(described.modified),
    }


def _download(site: Site, described: Description, file: File) -> dict[str, Any]:
    found = {
        "@type": "DataDownload",
        "name": f"{described.title} ({file.format.label})",
        "contentUrl": file.href,
        "encodingFormat": file.format.media_type,
        **_shared(site, described),
    }
    if file.size is not None:
        found["contentSize"] = f"{file.size} B"
    if file.sha256 is not None:
        found["sha256"] = file.sha256
    return found


def _publisher(publisher: Publisher) -> dict[str, Any]:
    found = _organisation(publisher.href, publisher.name)
    if publisher.place is not None:
        found["areaServed"] = {"@type": "Place", "@id": publisher.place.href}
    return found


def _organisation(href: str, name: str) -> dict[str, Any]:
    return {"@type": "Organization", "@id": href, "name": name}


def _contact(site: Site) -> dict[str, Any]:
    found = {"@type": "ContactPoint", "name": site.contact, "url": f"{site.base}/datasets"}
    return found if site.email is None else {**found, "email": site.email}
