"""Hold a catalogue against shapes: `shacl.py ADDRESS SHAPES`; prints what does not conform."""

import json
import sys

import requests
from pyshacl import validate
from rdflib import Graph

TIMEOUT = 60


def main(address: str, shapes: str) -> None:
    """Judge one page."""
    answer = requests.get(address, timeout=TIMEOUT)
    answer.raise_for_status()
    graph = Graph().parse(data=answer.content, format=answer.headers["content-type"].partition(";")[0])
    conforms, _, said = validate(graph, shacl_graph=shapes)
    told = [line.strip() for line in str(said).splitlines() if "Message:" in line]
    json.dump([] if conforms else told or [str(said)], sys.stdout)


main(*sys.argv[1:])
