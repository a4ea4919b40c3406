"""One graph as JSON-LD, Turtle or RDF/XML: plain dictionaries in, bytes out, and no library between.

A graph is a list of nodes, each with an `@id`, its `@type`s, and texts or lists of texts by term. What a
text is, another node or a literal, is said once for each term in `TERMS`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import orjson

from app.feeds.xml import legal, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Node = dict[str, str | list[str]]
JSON_LD, TURTLE, RDF_XML = "application/ld+json", "text/turtle", "application/rdf+xml"
LANGUAGE = "en"
PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
}
_IN_WORDS, _PLAIN = "words", "plain"
_NODES = (
    "dcat:dataset dcat:distribution dcat:contactPoint dcat:landingPage dcat:accessURL dcat:downloadURL "
    "dcat:mediaType dcat:theme dct:publisher dct:license dct:spatial dct:temporal dct:accrualPeriodicity "
    "dct:language dct:format dct:conformsTo dct:accessRights foaf:homepage vcard:hasEmail vcard:hasURL "
    "spdx:checksum spdx:algorithm hydra:view hydra:first hydra:firstPage hydra:previous hydra:previousPage "
    "hydra:next hydra:nextPage hydra:last hydra:lastPage"
)
TERMS: Mapping[str, str] = {
    **dict.fromkeys(_NODES.split(), "@id"),
    **dict.fromkeys(("dct:title", "dct:description", "dcat:keyword", "skos:prefLabel"), _IN_WORDS),
    **dict.fromkeys(("dct:identifier", "foaf:name", "vcard:fn", "rdfs:label"), _PLAIN),
    **dict.fromkeys(("dct:issued", "dct:modified"), "xsd:dateTime"),
    **dict.fromkeys(("dcat:startDate", "dcat:endDate"), "xsd:date"),
    **dict.fromkeys(("hydra:totalItems", "hydra:itemsPerPage"), "xsd:integer"),
    "dcat:byteSize": "xsd:nonNegativeInteger",
    "spdx:checksumValue": "xsd:hexBinary",
}
"""What the texts of each term are: another node's `@id`, words of a language, plain, or of a datatype."""
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL = re.compile(r'[\\"\n\r\t]')


def json_ld(graph: Sequence[Node]) -> bytes:
    """A graph as JSON-LD whose context stands in it, so that a reader needs to fetch nothing."""
    context: dict[str, object] = dict(PREFIXES)
    for term, kind in TERMS.items():
        if kind != _PLAIN:
            context[term] = {"@language": LANGUAGE} if kind == _IN_WORDS else {"@type": kind}
    return orjson.dumps({"@context": context, "@graph": graph})


def turtle(graph: Sequence[Node]) -> bytes:
    """A graph as Turtle in UTF-8."""
    parts = [*(f"@prefix {prefix}: <{name}> ." for prefix, name in PREFIXES.items()), ""]
    for node in graph:
        lines = [f"a {', '.join(_types(node))}"]
        for term, texts in _properties(node):
            lines.append(f"{term} {', '.join(_in_turtle(TERMS[term], text) for text in texts)}")
        said = " ;\n    ".join(lines)
        parts.append(f"<{node['@id']}> {said} .\n")
    return "\n".join(parts).encode()


def rdf_xml(graph: Sequence[Node]) -> bytes:
    """A graph as RDF/XML in UTF-8."""
    root = ET.Element("rdf:RDF", {f"xmlns:{prefix}": name for prefix, name in PREFIXES.items()})
    for node in graph:
        first, *others = _types(node)
        element = ET.SubElement(root, first, {"rdf:about": str(node["@id"])})
        for name in others:
            prefix, _, local = name.partition(":")
            ET.SubElement(element, "rdf:type", {"rdf:resource": PREFIXES[prefix] + local})
        for term, texts in _properties(node):
            for text in texts:
                _add_value(element, term, text)
    return written(root)


def _types(node: Node) -> Iterable[str]:
    return _listed(node["@type"])


def _properties(node: Node) -> Iterator[tuple[str, list[str]]]:
    return ((term, _listed(texts)) for term, texts in node.items() if not term.startswith("@"))


def _listed(texts: str | list[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else texts


def _in_turtle(kind: str, text: str) -> str:
    if kind == "@id":
        return f"<{text}>"
    quoted = f'"{_SPECIAL.sub(lambda found: _ESCAPED[found[0]], text)}"'
    if kind == _PLAIN:
        return quoted
    return f"{quoted}@{LANGUAGE}" if kind == _IN_WORDS else f"{quoted}^^{kind}"


def _add_value(element: ET.Element, term: str, text: str) -> None:
    kind = TERMS[term]
    if kind == "@id":
        ET.SubElement(element, term, {"rdf:resource": text})
        return
    value = ET.SubElement(element, term)
    value.text = legal(text)
    if kind == _IN_WORDS:
        value.set("xml:lang", LANGUAGE)
    elif kind != _PLAIN:
        prefix, _, local = kind.partition(":")
        value.set("rdf:datatype", PREFIXES[prefix] + local)
