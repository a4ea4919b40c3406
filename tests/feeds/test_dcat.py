"""A page of a catalogue in the words of DCAT-AP 3."""

import pytest
from pyshacl import validate
from rdflib import Graph

from app.feeds.datasets import LICENCE, NAMED
from app.feeds.dcat import Page, graph_of
from app.feeds.descriptions import Stored, descriptions
from app.feeds.rdf import TURTLE, Node, turtle
from tests.feeds.catalogues import SECOND, SHAPES, SITE, make_council, make_holding

AREA = "http://statistics.data.gov.uk/id/statistical-geography/E09000003"
HERE = "https://outturn.example/catalog.ttl?limit=2"
SAID_OF_ALL = (
    *("dct:license", "dct:publisher", "dct:spatial", "dct:temporal", "dct:accrualPeriodicity"),
    *("dcat:contactPoint", "dct:issued", "dct:modified", "dct:language", "dct:title"),
)
CSV = "/v1/organisations/barnet/datasets/risks.csv"


def graph(page: Page | None = None, *, email: str | None = SITE.email) -> dict[str, Node]:
    council = make_council(holdings={name: make_holding() for name in NAMED})
    described = descriptions(SITE, [council], {CSV: Stored(1234, "AB" * 32)})
    site = SITE._replace(email=email)
    nodes = graph_of(site, described, page or Page(HERE, len(described), 100, {}), SECOND)
    return {str(node["@id"]): node for node in nodes}


GRAPH = graph()


def of_type(kind: str) -> list[Node]:
    return [node for node in GRAPH.values() if kind in (node["@type"], *node["@type"])]


def test_licence_area_days_frequency_and_contact_stand_on_every_dataset_and_file() -> None:
    datasets, files = of_type("dcat:Dataset"), of_type("dcat:Distribution")

    assert (len(datasets), len(files)) == (22, 94)
    for node in (*datasets, *files):
        assert [term for term in SAID_OF_ALL if not node.get(term)] == []
        assert node["dct:license"] == LICENCE
        assert node["dct:spatial"] == [AREA]


def test_a_publisher_is_of_an_area() -> None:
    publisher = GRAPH["https://outturn.example/v1/organisations/barnet#organisation"]

    assert publisher["foaf:name"] == "London Borough of Barnet"
    assert publisher["dct:spatial"] == AREA
    assert GRAPH[AREA]["skos:prefLabel"] == "London Borough of Barnet"


def test_days_and_frequency_are_those_of_what_is_released() -> None:
    dataset = GRAPH["https://outturn.example/datasets/barnet/risks#dataset"]

    days = GRAPH[str(dataset["dct:temporal"])]
    assert (days["dcat:startDate"], days["dcat:endDate"]) == ("2011-07-01", "2011-09-30")
    assert (dataset["dct:issued"], dataset["dct:modified"]) == (
        "2011-11-03T09:00:00Z",
        "2012-02-01T09:30:15Z",
    )
    assert str(dataset["dct:accrualPeriodicity"]).endswith("/authority/frequency/QUARTERLY")


@pytest.mark.parametrize(
    ("form", "media_type", "file_type"),
    [
        ("csv", "text/csv", "CSV"),
        ("jsonl", None, "JSON"),
        ("parquet", "application/vnd.apache.parquet", "PARQUET"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
        ("json", "application/json", "JSON"),
    ],
)
def test_a_form_is_named_as_authorities_name_it(form: str, media_type: str | None, file_type: str) -> None:
    file = GRAPH[f"https://outturn.example/datasets/barnet/risk-heat-map#{form}"]

    registered = media_type and f"https://www.iana.org/assignments/media-types/{media_type}"
    assert file.get("dcat:mediaType") == registered
    assert file["dct:format"] == f"http://publications.europa.eu/resource/authority/file-type/{file_type}"
    assert ("dct:conformsTo" in file) == (form == "json")


def test_size_and_checksum_are_told_where_they_are_known() -> None:
    known = [
        node for node in of_type("dcat:Distribution") if "dcat:byteSize" in node or "spdx:checksum" in node
    ]

    [file] = known
    assert (file["dcat:downloadURL"], file["dcat:byteSize"]) == (f"https://outturn.example{CSV}", "1234")
    assert GRAPH[str(file["spdx:checksum"])]["spdx:checksumValue"] == "AB" * 32


def test_other_pages_are_named_in_the_old_words_and_in_the_new() -> None:
    others = {name: f"{HERE}&after={name}" for name in ("first", "previous", "next", "last")}

    node = graph(Page(HERE, 9, 2, others))[HERE]

    assert node["@type"] == ["hydra:PagedCollection", "hydra:PartialCollectionView"]
    assert (node["hydra:totalItems"], node["hydra:itemsPerPage"]) == ("9", "2")
    for name, href in others.items():
        assert node[f"hydra:{name}"] == node[f"hydra:{name}Page"] == href


def test_whatever_is_referred_to_within_the_site_is_there() -> None:
    texts = [
        text
        for node in GRAPH.values()
        for value in node.values()
        for text in ([value] if isinstance(value, str) else value)
    ]

    referred = {text for text in texts if text.startswith("https://outturn.example/") and "#" in text}

    assert referred <= GRAPH.keys()


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")  # the validator's own
@pytest.mark.skipif(not SHAPES.exists(), reason="the shapes are not beside this checkout")
@pytest.mark.parametrize("email", [SITE.email, None])
def test_the_shapes_of_dcat_ap_are_met(email: str | None) -> None:
    found = Graph().parse(data=turtle([*graph(email=email).values()]), format=TURTLE)

    conforms, _, said = validate(found, shacl_graph=str(SHAPES))

    assert conforms, said
