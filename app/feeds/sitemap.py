"""What search engines are told: which pages there are to be found, and what is none."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from app.feeds.dcat import instant
from app.feeds.xml import written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.feeds.descriptions import Site

MEDIA_TYPE = "application/xml"


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Pages by their whole addresses, with when each changed where that is known."""
    root = ET.Element("urlset", {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"})
    for href, changed in pages:
        page = ET.SubElement(root, "url")
        ET.SubElement(page, "loc").text = href
        if changed is not None:
            ET.SubElement(page, "lastmod").text = instant(changed)
    return written(root)


def robots(site: Site) -> bytes:
    """All may be read but the lists, whose filters and pages never end; files of datasets do."""
    lines = (
        "User-agent: *",
        "Allow: /v1/datasets",
        "Allow: /v1/organisations/*/datasets/",
        "Allow: /v1/releases/*/datasets/",
        "Disallow: /v1/",
        f"Sitemap: {site.base}/sitemap.xml",
    )
    return "".join(f"{line}\n" for line in lines).encode()
