"""One graph in three forms, which say the same to a reader that is not ours."""

import json
from collections.abc import Callable, Sequence

import pytest
from rdflib import BNode, Graph, Literal, URIRef

from app.feeds.rdf import JSON_LD, PREFIXES, RDF_XML, TERMS, TURTLE, Node, json_ld, rdf_xml, turtle

FORMS: dict[str, Callable[[Sequence[Node]], bytes]] = {JSON_LD: json_ld, TURTLE: turtle, RDF_XML: rdf_xml}
AWKWARD = 'A "quoted" \\ name,\n\tof <two> & more lines; £5 – Ŵrexham @en .'
NODE: Node = {
    "@id": "https://outturn.example/datasets/risks?a=1&b='2'#dataset",
    "@type": ["dcat:Dataset", "foaf:Document"],
    "dct:title": AWKWARD,
    "dct:identifier": AWKWARD,
    "dcat:keyword": ["risk", "risk register"],
    "dct:publisher": "https://outturn.example/#publisher",
    "dct:issued": "2011-11-03T09:00:00Z",
    "dcat:byteSize": "12",
}


# The parser of JSON-LD warns of what it does itself.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


def read(form: str, graph: Sequence[Node]) -> Graph:
    return Graph().parse(data=FORMS[form](graph), format=form)


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_finds_what_was_written(form: str) -> None:
    found = read(form, [NODE])

    itself, dcat, dct = URIRef(str(NODE["@id"])), PREFIXES["dcat"], PREFIXES["dct"]
    types = found.objects(itself, URIRef(PREFIXES["rdf"] + "type"))
    assert {*types} == {URIRef(dcat + "Dataset"), URIRef(PREFIXES["foaf"] + "Document")}
    assert found.value(itself, URIRef(dct + "title")) == Literal(AWKWARD, lang="en")
    assert found.value(itself, URIRef(dct + "identifier")) == Literal(AWKWARD)
    keywords = {*found.objects(itself, URIRef(dcat + "keyword"))}
    assert keywords == {Literal("risk", lang="en"), Literal("risk register", lang="en")}
    assert found.value(itself, URIRef(dct + "publisher")) == URIRef("https://outturn.example/#publisher")
    issued = Literal("2011-11-03T09:00:00Z", datatype=URIRef(PREFIXES["xsd"] + "dateTime"))
    assert found.value(itself, URIRef(dct + "issued")) == issued
    size = Literal("12", datatype=URIRef(PREFIXES["xsd"] + "nonNegativeInteger"))
    assert found.value(itself, URIRef(dcat + "byteSize")) == size
    assert len(found) == 9


def test_every_term_is_the_same_in_every_form() -> None:
    texts = {"@id": "https://outturn.example/#a", "xsd:date": "2011-09-30", "xsd:integer": "5"}
    texts |= {"xsd:nonNegativeInteger": "5", "xsd:hexBinary": "ABCD", "xsd:dateTime": "2011-11-03T09:00:00Z"}
    graph: list[Node] = [
        {"@id": f"https://outturn.example/#{number}", "@type": "dcat:Dataset", term: texts.get(kind, "a b")}
        for number, (term, kind) in enumerate(TERMS.items())
    ]

    first, *others = [{*read(form, graph)} for form in FORMS]

    assert len(first) == 2 * len(TERMS)
    assert others == [first, first]


def test_no_node_is_without_an_address() -> None:
    assert not any(isinstance(node, BNode) for node in read(JSON_LD, [NODE]).all_nodes())


def test_json_ld_needs_no_context_from_elsewhere() -> None:
    context = json.loads(json_ld([NODE]))["@context"]

    assert isinstance(context, dict)
    assert context["dcat"] == "http://www.w3.org/ns/dcat#"
