"""What search engines are told of pages."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

from app.feeds.sitemap import robots, sitemap
from tests.feeds.catalogues import FIRST, SITE

NAMES = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_a_page_stands_with_when_it_changed_where_that_is_known() -> None:
    written = sitemap([("https://outturn.example/datasets?a&b", None), ("https://outturn.example/b", FIRST)])

    root = ET.fromstring(written)  # noqa: S314 - it was written just now
    assert root.tag == f"{NAMES}urlset"
    found = [(page.findtext(f"{NAMES}loc"), page.findtext(f"{NAMES}lastmod")) for page in root]
    assert found == [
        ("https://outturn.example/datasets?a&b", None),
        ("https://outturn.example/b", "2011-11-03T09:00:00Z"),
    ]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/datasets/barnet/risks", True),
        ("/catalog.ttl", True),
        ("/v1/datasets/risks.csv", True),
        ("/v1/observations?cursor=x", False),
    ],
)
def test_lists_without_end_are_none_for_crawlers(path: str, *, allowed: bool) -> None:
    rules = RobotFileParser()
    rules.parse(robots(SITE).decode().splitlines())

    assert rules.can_fetch("somebody", f"https://outturn.example{path}") == allowed
    assert rules.site_maps() == ["https://outturn.example/sitemap.xml"]
