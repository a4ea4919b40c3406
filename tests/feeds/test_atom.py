"""Atom feeds that a reader takes, and whose entries it knows again."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from app.feeds.atom import NEVER, Entry, Item, atom, permanent_id

ATOM, PAGE = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/1999/xhtml}"


def make_entry(name: str = "barnet/2011-12-q2/hr", **changed: object) -> Entry:
    entry = Entry(
        name=name,
        title="Barnet: HR, 2011/12 Q2",
        author="Barnet",
        updated="2011-11-03T09:00:00.000000Z",
        href="/v1/digests/barnet/2011-12-q2",
        summary="Missed: 1",
        sections=[("Missed", [Item("Calls & <answers>", "/v1/observations/1/explain")])],
    )
    return entry._replace(**changed)  # type: ignore[arg-type]  # a test says what it changes


def read(entries: Sequence[Entry]) -> ET.Element:
    feed = atom("digests", "Performance", "/v1/digests.atom", "Open", entries)
    return ET.fromstring(feed)  # noqa: S314 - it was written just now


def texts(element: ET.Element, *names: str) -> list[str | None]:
    return [element.findtext(f"{ATOM}{name}") for name in names]


def test_a_feed_has_what_rfc_4287_requires() -> None:
    feed = read([make_entry()])

    assert feed.tag == f"{ATOM}feed"
    assert texts(feed, "id", "title", "updated") == [
        permanent_id("digests"),
        "Performance",
        "2011-11-03T09:00:00.000000Z",
    ]
    [link] = feed.findall(f"{ATOM}link")
    assert (link.get("rel"), link.get("href")) == ("self", "/v1/digests.atom")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    [entry] = feed.findall(f"{ATOM}entry")
    assert None not in texts(entry, "id", "title", "updated", "summary")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Barnet"
    [link] = entry.findall(f"{ATOM}link")
    assert (link.get("rel"), link.get("href")) == ("alternate", "/v1/digests/barnet/2011-12-q2")


def test_content_is_one_page_part_whose_texts_are_escaped() -> None:
    [content] = read([make_entry()]).iter(f"{ATOM}content")

    assert content.get("type") == "xhtml"
    [page] = content
    assert page.tag == f"{PAGE}div"
    [line] = page.iter(f"{PAGE}a")
    assert (line.text, line.get("href")) == ("Calls & <answers>", "/v1/observations/1/explain")


def test_an_entry_is_the_same_for_good() -> None:
    assert permanent_id("barnet/2011-12-q2/hr") == "urn:uuid:0a3374c4-abff-5651-932a-f6d4039b3d63"
    assert permanent_id("barnet/2011-12-q2/hr") != permanent_id("barnet/2011-12-q3/hr")


def test_a_feed_is_as_new_as_its_newest_entry() -> None:
    newer = make_entry("b", updated="2012-02-01T00:00:00.000000Z")

    assert texts(read([make_entry(), newer]), "updated") == ["2012-02-01T00:00:00.000000Z"]
    assert texts(read([]), "updated") == [NEVER]


def test_what_xml_cannot_write_is_left_out() -> None:
    feed = read([make_entry(title="a\x00b\x1bc\ud800d\ufffee\U0001f600")])

    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "abcde\U0001f600"
