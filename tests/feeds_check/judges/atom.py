"""Judge an Atom feed by a schema, and as readers take it: `atom.py ADDRESS SCHEMA`; prints what is wrong."""

import json
import sys
from collections.abc import Iterator

import feedparser  # type: ignore[import-not-found]  # it is in that environment alone
import requests
from lxml import etree  # type: ignore[import-untyped]  # as above

TIMEOUT = 60


def faults(address: str, schema: str) -> Iterator[str]:
    """What is wrong with a feed."""
    answer = requests.get(address, timeout=TIMEOUT)
    answer.raise_for_status()
    try:
        document = etree.fromstring(answer.content)
    except etree.XMLSyntaxError as error:
        yield str(error)
        return
    rules = etree.RelaxNG(etree.parse(schema))
    if not rules.validate(document):
        yield from (str(error) for error in rules.error_log)
    read = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    if read.bozo:
        yield f"a reader stumbles: {read.bozo_exception}"
    ids = [read.feed.get("id"), *(entry.get("id") for entry in read.entries)]
    if None in ids or len(set(ids)) < len(ids):
        yield "an id is missing, or there twice"
    own = [link.href for link in read.feed.get("links", ()) if link.rel == "self"]
    if own != [address.partition("?")[0]]:
        yield f"it says that it is at {own}"


json.dump([*faults(*sys.argv[1:])], sys.stdout)
