"""Judge a sitemap as a crawler uses it: `sitemap.py ADDRESS SCHEMA`; prints what is wrong with it."""

import json
import sys
from collections.abc import Iterator
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

import requests
from lxml import etree  # type: ignore[import-untyped]  # it is in that environment alone

TIMEOUT = 60
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def faults(address: str, schema: str) -> Iterator[str]:
    """What is wrong with a sitemap, what crawlers are told of it, or the pages that it names."""
    session = requests.Session()
    answer = session.get(address, timeout=TIMEOUT)
    answer.raise_for_status()
    try:
        document = etree.fromstring(answer.content)
    except etree.XMLSyntaxError as error:
        yield str(error)
        return
    rules = etree.RelaxNG(etree.parse(schema))
    if not rules.validate(document):
        yield from (str(error) for error in rules.error_log)
    told = RobotFileParser()
    told.parse(session.get(urljoin(address, "/robots.txt"), timeout=TIMEOUT).text.splitlines())
    if told.site_maps() != [address]:
        yield f"crawlers are told of {told.site_maps()}"
    named = [str(location.text) for location in document.iter(LOCATION)]
    if len(set(named)) < len(named):
        yield "a page is named twice"
    for page in named:
        if not told.can_fetch("*", page):
            yield f"crawlers may not read {page}"
        if not session.head(page, timeout=TIMEOUT).ok:
            yield f"{page} is not there"


json.dump([*faults(*sys.argv[1:])], sys.stdout)
