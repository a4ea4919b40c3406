"""Every dataset in one document as DCAT-US 1.1 has it: the `data.json` of Project Open Data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.feeds.datasets import LICENCE
from app.feeds.dcat import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.feeds.descriptions import Description, File, Site

MEDIA_TYPE = "application/json"
NO_EMAIL = "[[REDACTED: no address is published]]"
"""What stands for the address of a contact that has none; the schema knows no other way to leave it out."""
_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"


def data_json(site: Site, described: Sequence[Description]) -> bytes:
    """The document; it has no pages."""
    catalogue = {
        "@context": f"{_SCHEMA}/catalog.jsonld",
        "@id": f"{site.base}/data.json",
        "@type": "dcat:Catalog",
        "conformsTo": _SCHEMA,
        "describedBy": f"{_SCHEMA}/catalog.json",
        "dataset": [_dataset(site, each) for each in described],
    }
    return orjson.dumps(catalogue)


def _dataset(site: Site, described: Description) -> dict[str, Any]:
    areas = [place.href for place in described.places]
    shared = _shared(site, described)
    return {
        "@type": "dcat:Dataset",
        "identifier": described.page,
        "accessLevel": "public",
        "title": described.title,
        "description": described.text,
        "keyword": list(described.keywords),
        "landingPage": described.page,
        "language": ["en-GB"],
        "spatial": " ".join(areas),
        **shared,
        "distribution": [
            _distribution(described, file, {**shared, "spatial": areas}) for file in described.files
        ],
    }


def _shared(site: Site, described: Description) -> dict[str, Any]:
    """What is said of a dataset and of each file of it alike."""
    return {
        "license": LICENCE,
        "publisher": {"@type": "org:Organization", "name": described.publisher.name},
        "contactPoint": {
            "@type": "vcard:Contact",
            "fn": site.contact,
            "hasEmail": NO_EMAIL if site.email is None else f"mailto:{site.email}",
        },
        "temporal": f"{described.start.isoformat()}/{described.end.isoformat()}",
        "accrualPeriodicity": described.frequency.interval,
        "issued": instant(described.issued),
        "modified": instant(described.modified),
    }


def _distribution(described: Description, file: File, shared: dict[str, Any]) -> dict[str, Any]:
    form = file.format
    found = {
        "@type": "dcat:Distribution",
        "title": f"{described.title} ({form.label})",
        "downloadURL": file.href,
        "mediaType": form.media_type,
        "format": form.label,
        **shared,
    }
    if form.standard is not None:
        found["conformsTo"] = form.standard
    if file.size is not None:
        found["byteSize"] = file.size
    if file.sha256 is not None:
        found["checksum"] = {"algorithm": "SHA-256", "checksumValue": file.sha256}
    return found
