"""Entries as an Atom feed (RFC 4287): one that a reader takes as it is, and knows again the next time."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from app.feeds.xml import legal, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MEDIA_TYPE = "application/atom+xml"
NEVER = "1970-01-01T00:00:00Z"
"""When a feed was updated that has no entries yet."""
_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_IDS = uuid.UUID("5b0f4a52-6f0e-4f37-9a0c-2f6d1f1f6c0e")
"""What ids are made in; another one would make every entry a new one for all readers."""


class Item(NamedTuple):
    """A line of an entry, and where it leads."""

    text: str
    href: str


class Entry(NamedTuple):
    """One entry; `name` names it for good, `updated` is an instant in UTC, `sections` have headings."""

    name: str
    title: str
    author: str
    updated: str
    href: str
    summary: str
    sections: Sequence[tuple[str, Sequence[Item]]]


def atom(name: str, title: str, href: str, rights: str, entries: Sequence[Entry]) -> bytes:
    """A feed as XML in UTF-8; links are resolved against where the feed is, unless they are whole."""
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "en-GB"})
    _text(feed, "id", permanent_id(name))
    _text(feed, "title", title)
    _text(feed, "updated", max((entry.updated for entry in entries), default=NEVER))
    _text(ET.SubElement(feed, "author"), "name", "Outturn")
    _text(feed, "rights", rights)
    ET.SubElement(feed, "link", {"rel": "self", "type": MEDIA_TYPE, "href": href})
    for entry in entries:
        _add(feed, entry)
    return written(feed)


def permanent_id(name: str) -> str:
    """The id of a feed or an entry: the same for good, wherever it is read."""
    return uuid.uuid5(_IDS, name).urn


def _add(feed: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(feed, "entry")
    _text(element, "id", permanent_id(entry.name))
    _text(element, "title", entry.title)
    _text(element, "updated", entry.updated)
    _text(ET.SubElement(element, "author"), "name", entry.author)
    ET.SubElement(element, "link", {"rel": "alternate", "type": "application/json", "href": entry.href})
    _text(element, "summary", entry.summary)
    _add_content(element, entry.sections)


def _add_content(element: ET.Element, sections: Iterable[tuple[str, Sequence[Item]]]) -> None:
    content = ET.SubElement(element, "content", {"type": "xhtml"})
    page = ET.SubElement(content, "div", {"xmlns": _XHTML})
    for heading, items in sections:
        _text(page, "h3", heading)
        listed = ET.SubElement(page, "ul")
        for item in items:
            ET.SubElement(ET.SubElement(listed, "li"), "a", {"href": item.href}).text = legal(item.text)


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = legal(text)
