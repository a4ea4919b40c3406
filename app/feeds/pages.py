"""Pages about datasets, for people and for search engines: plain HTML that runs nothing and loads nothing."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import orjson

from app.feeds import schema_org
from app.feeds.datasets import LICENCE
from app.rules.periods import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from app.feeds.descriptions import Description, Site

MEDIA_TYPE = "text/html"
_LONDON = ZoneInfo("Europe/London")
_STYLE = """
body { margin: 0 auto; max-width: 46rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid; padding: 0.3rem 1rem 0.3rem 0; text-align: left; vertical-align: top; }
footer, header { margin: 2rem 0; }
:focus { outline: 3px solid; outline-offset: 2px; }
"""
_CATALOGUES = {
    "/catalog.jsonld": ("application/ld+json", "DCAT as JSON-LD"),
    "/catalog.ttl": ("text/turtle", "DCAT as Turtle"),
    "/catalog.rdf": ("application/rdf+xml", "DCAT as RDF/XML"),
    "/data.json": ("application/json", "DCAT-US as JSON"),
}
_FEEDS = {"/feeds/releases.atom": "Releases", "/feeds/statuses.atom": "Changes of status"}


def index_page(site: Site, described: Sequence[Description]) -> bytes:
    """All datasets by council, those of all councils first, and the catalogues that machines read."""
    html, main = _page(site, "Datasets", "catalogue", schema_org.catalogue(site, described))
    if not described:
        _add(main, "p", "Nothing has been released yet.")
    for about, theirs in groupby(described, lambda each: "/" in each.id and each.publisher):
        _add(main, "h2", about.name if about else "All councils")
        listed = ET.SubElement(main, "ul")
        for each in theirs:
            _link(ET.SubElement(listed, "li"), each.page, each.dataset.title)
    _add(main, "h2", "For machines")
    listed = ET.SubElement(main, "ul")
    for path, (_, label) in _CATALOGUES.items():
        _link(ET.SubElement(listed, "li"), site.base + path, label)
    for path, label in _FEEDS.items():
        _link(ET.SubElement(listed, "li"), site.base + path, f"{label}, as an Atom feed")
    return _written(html)


def dataset_page(site: Site, described: Description, others: Sequence[Description]) -> bytes:
    """One dataset: what it is, whose, of when, and its files; `others` are of the same sort."""
    html, main = _page(site, described.title, "dataset", schema_org.dataset(site, described))
    _add(main, "p", described.text)
    _facts(main, described)
    _files(main, described)
    if others:
        _add(main, "h2", "The same of others")
        listed = ET.SubElement(main, "ul")
        for other in others:
            _link(ET.SubElement(listed, "li"), other.page, other.title)
    return _written(html)


def _page(site: Site, title: str, name: str, said: dict[str, Any]) -> tuple[ET.Element, ET.Element]:
    """A page, and its part for what it is about, under a name; `said` is the same in schema.org's words."""
    html = ET.Element("html", {"lang": "en-GB"})
    head, body = ET.SubElement(html, "head"), ET.SubElement(html, "body")
    ET.SubElement(head, "meta", {"charset": "utf-8"})
    ET.SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    _add(head, "title", f"{title} - Council performance data")
    for path, (kind, label) in _CATALOGUES.items():
        ET.SubElement(
            head, "link", {"rel": "alternate", "type": kind, "href": site.base + path, "title": label}
        )
    for path, label in _FEEDS.items():
        kind = "application/atom+xml"
        ET.SubElement(
            head, "link", {"rel": "alternate", "type": kind, "href": site.base + path, "title": label}
        )
    _add(head, "style", _STYLE)
    # Within a script nothing is escaped for HTML: what would end it is escaped for JSON.
    written = orjson.dumps(said).decode().replace("<", "\\u003c")
    _add(head, "script", written, type="application/ld+json")
    header = ET.SubElement(body, "header")
    _link(header, f"#{name}", "Skip to content")
    _link(ET.SubElement(header, "nav", {"aria-label": "Datasets"}), f"{site.base}/datasets", "All datasets")
    main = ET.SubElement(body, "main", {"id": name})
    _add(main, "h1", title)
    _footer(body, site)
    return html, main


def _footer(body: ET.Element, site: Site) -> None:
    footer = ET.SubElement(body, "footer")
    licence = _add(footer, "p", "All content is available under the ")
    link = _link(licence, LICENCE, "Open Government Licence v3.0", rel="license")
    link.tail = ", except where otherwise stated."
    contact = _add(footer, "p", f"Published by {site.publisher}. Contact: ")
    if site.email is None:
        contact.text = f"Published by {site.publisher}. Contact: {site.contact}"
    else:
        _link(contact, f"mailto:{site.email}", site.contact)


def _facts(main: ET.Element, described: Description) -> None:
    facts = {
        "Publisher": described.publisher.name,
        "Areas": ", ".join(f"{place.name} ({place.href.rpartition('/')[2]})" for place in described.places),
        "Covers": f"{_day(described.start)} to {_day(described.end)}",
        "First released": _day(described.issued.astimezone(_LONDON).date()),
        "Last released": _day(described.modified.astimezone(_LONDON).date()),
        "Keywords": ", ".join(described.keywords),
    }
    listed = ET.SubElement(main, "dl")
    for name, value in facts.items():
        _add(listed, "dt", name, **({"id": "days"} if name == "Covers" else {}))
        _add(listed, "dd", value)
    _add(listed, "dt", "Licence")
    _link(ET.SubElement(listed, "dd"), LICENCE, "Open Government Licence v3.0", rel="license")
    _add(listed, "dt", "To search and filter")
    _link(ET.SubElement(listed, "dd"), described.search, "The same rows as a list in JSON")


def _files(main: ET.Element, described: Description) -> None:
    _add(main, "h2", "Files")
    table = ET.SubElement(main, "table")
    _add(table, "caption", f"{described.title}: the whole dataset, in each form")
    sized = any(file.size is not None for file in described.files)
    _row(ET.SubElement(table, "thead"), "th", ("Form", "Media type", *(("Size",) if sized else ())))
    rows = ET.SubElement(table, "tbody")
    for file in described.files:
        row = ET.SubElement(rows, "tr", {"id": file.format.name})
        _link(ET.SubElement(row, "th", {"scope": "row"}), file.href, file.format.label)
        _add(row, "td", file.format.media_type)
        if sized:
            _add(row, "td", "" if file.size is None else f"{file.size} bytes")


def _row(parent: ET.Element, tag: str, texts: Iterable[str]) -> None:
    row = ET.SubElement(parent, "tr")
    for text in texts:
        _add(row, tag, text, scope="col")


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _link(parent: ET.Element, href: str, text: str, **more: str) -> ET.Element:
    return _add(parent, "a", text, href=href, **more)


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _written(html: ET.Element) -> bytes:
    return b"<!DOCTYPE html>\n" + ET.tostring(html, encoding="unicode", method="html").encode()
