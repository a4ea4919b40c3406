"""Pages about datasets: whole, harmless whatever a council is called, and read by search engines as well."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from app.feeds.datasets import LICENCE
from app.feeds.descriptions import Stored, descriptions
from app.feeds.pages import dataset_page, index_page
from tests.feeds.catalogues import SITE, make_council

EVIL = "Barnet</script><script>alert('1')</script> & <b>\"others\""
COUNCILS = [make_council(), make_council("bath", name=EVIL, area_code="E06000022")]
DESCRIBED = descriptions(SITE, COUNCILS, {"/v1/datasets/risks.csv": Stored(1234, "ab" * 32)})
INDEX = index_page(SITE, DESCRIBED)
PAGES = {each.id: dataset_page(SITE, each, DESCRIBED[:1] if "/" in each.id else []) for each in DESCRIBED}


class Read(HTMLParser):
    """A page as a browser takes it apart: its tags with their attributes, and the texts in each."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._open[-1] if self._open else "", []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def said(self) -> Any:  # noqa: ANN401 - any JSON value
        """What it says in the words of schema.org."""
        [text] = self.texts["script"]
        return json.loads(text)


@pytest.mark.parametrize("page", [INDEX, *PAGES.values()])
def test_a_page_runs_nothing_and_loads_nothing(page: bytes) -> None:
    read = Read(page)

    assert [script for script in read.all("script") if script != {"type": "application/ld+json"}] == []
    assert not {"img", "iframe", "object", "form", "b"} & {tag for tag, _ in read.tags}
    assert {link["rel"] for link in read.all("link")} == {"alternate"}
    assert not any(name.startswith("on") for _, attributes in read.tags for name in attributes)


@pytest.mark.parametrize("page", [INDEX, *PAGES.values()])
def test_a_page_can_be_read_aloud(page: bytes) -> None:
    read = Read(page)

    assert page.startswith(b'<!DOCTYPE html>\n<html lang="en-GB">')
    assert [len(read.texts[tag]) for tag in ("title", "h1")] == [1, 1]
    names = {attributes["id"] for _, attributes in read.tags if "id" in attributes}
    assert read.all("a")[0]["href"] in {f"#{name}" for name in names}
    assert all(cell.get("scope") in {"col", "row"} for cell in read.all("th"))
    assert len(read.all("caption")) == len(read.all("table"))
    assert len(read.all("main")) == len(read.all("footer")) == 1


@pytest.mark.parametrize("page", [INDEX, *PAGES.values()])
def test_a_page_names_its_licence_at_its_foot(page: bytes) -> None:
    foot = page.partition(b"<footer>")[2]

    assert Read(foot).all("a")[0] == {"href": LICENCE, "rel": "license"}


def test_the_index_leads_to_every_dataset_and_catalogue() -> None:
    links = {link["href"] for link in Read(INDEX).all("a")}

    assert {each.page for each in DESCRIBED} <= links
    paths = ("catalog.jsonld", "catalog.ttl", "catalog.rdf", "data.json", "feeds/releases.atom")
    assert {f"https://outturn.example/{path}" for path in paths} <= links


def test_a_page_of_a_dataset_leads_to_its_files() -> None:
    links = {link["href"] for link in Read(PAGES["bath/risks"]).all("a")}

    assert {file.href for each in DESCRIBED if each.id == "bath/risks" for file in each.files} <= links


def test_a_size_is_told_where_one_is_known() -> None:
    assert "1234 bytes" in Read(PAGES["risks"]).texts["td"]
    assert "Size" not in Read(PAGES["barnet/risks"]).texts["th"]


def test_search_engines_are_told_of_a_dataset_and_its_files() -> None:
    said = Read(PAGES["bath/risks"]).said

    assert (said["@type"], said["license"], said["isAccessibleForFree"]) == ("Dataset", LICENCE, True)
    assert (said["name"], said["publisher"]["name"]) == (f"Risk registers: {EVIL}", EVIL)
    assert 50 <= len(said["description"]) <= 5000
    assert said["temporalCoverage"] == "2011-07-01/2011-09-30"
    assert said["spatialCoverage"][0]["@id"].endswith("/E06000022")
    assert said["publisher"]["contactPoint"]["email"] == "data@outturn.example"
    kinds = [(file["@type"], file["license"], file["encodingFormat"]) for file in said["distribution"]]
    assert kinds[0] == ("DataDownload", LICENCE, "text/csv")
    assert len(kinds) == 4


def test_size_and_checksum_of_a_file_are_told_where_they_are_known() -> None:
    stored, *others = Read(PAGES["risks"]).said["distribution"]

    assert (stored["contentSize"], stored["sha256"]) == ("1234 B", "ab" * 32)
    assert not any("contentSize" in file or "sha256" in file for file in others)


def test_the_catalogue_lists_every_dataset() -> None:
    said = Read(INDEX).said

    assert (said["@type"], said["license"]) == ("DataCatalog", LICENCE)
    assert [dataset["url"] for dataset in said["dataset"]] == [each.page for each in DESCRIBED]


def test_without_a_release_the_index_says_so_and_without_an_email_names_whom_to_ask() -> None:
    page = index_page(SITE._replace(email=None), [])

    assert "Nothing has been released yet." in Read(page).texts["p"]
    assert "Published by Outturn. Contact: Open data" in Read(page).texts["p"]
    assert "email" not in Read(page).said["publisher"]["contactPoint"]
