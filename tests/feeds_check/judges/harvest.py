"""Harvest a catalogue as CKAN does, page after page: `harvest.py ADDRESS PROFILE`; prints what it found.

Runs in an environment of its own. The steps are those of the harvester for RDF of ckanext-dcat, whose
own parser reads each page; without its database, nothing is stored.
"""

import hashlib
import json
import sys

import requests
from ckanext.dcat.processors import (  # type: ignore[import-not-found]  # it is in that environment alone
    RDFParser,
    RDFParserException,
)

TIMEOUT = 60


def page(session: requests.Session, address: str) -> tuple[str, str]:
    """A page and its type: asked for its head first, as a harvester does."""
    answer = session.head(address, timeout=TIMEOUT)
    answer.raise_for_status()
    answer = session.get(address, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.content.decode(), answer.headers["content-type"].partition(";")[0]


def main(address: str, profile: str) -> None:
    """Follow the pages to the end, or until one is like the first."""
    session, following, first = requests.Session(), address, None
    pages, datasets = 0, []
    while following:
        content, media_type = page(session, following)
        digest = hashlib.sha256(content.encode()).hexdigest()
        if digest == first:
            break
        first = first or digest
        parser = RDFParser(profiles=[profile])
        try:
            parser.parse(content, _format=media_type)
        except (RDFParserException, ValueError) as error:  # of JSON it lets others through
            json.dump({"refused": f"page {pages + 1} cannot be parsed: {error}"}, sys.stdout)
            return
        pages += 1
        datasets += parser.datasets()
        following = parser.next_page()
    json.dump({"pages": pages, "datasets": datasets}, sys.stdout)


main(*sys.argv[1:])
