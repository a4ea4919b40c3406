"""Every dataset in one document, in the words of DCAT-US 1.1."""

import json
from typing import Any

import pytest

from app.feeds.datasets import LICENCE, NAMED
from app.feeds.dcat_us import NO_EMAIL, data_json
from app.feeds.descriptions import Stored, descriptions
from tests.feeds.catalogues import SITE, VALIDATORS, faults_of_data_json, make_council, make_holding

CSV = "/v1/organisations/barnet/datasets/risks.csv"
judged = pytest.mark.skipif(not VALIDATORS.exists(), reason="the schemas are not beside this checkout")


def written(email: str | None = SITE.email) -> Any:  # noqa: ANN401 - any JSON value
    council = make_council(holdings={name: make_holding() for name in NAMED})
    described = descriptions(SITE, [council], {CSV: Stored(1234, "AB" * 32)})
    return json.loads(data_json(SITE._replace(email=email), described))


@judged
@pytest.mark.parametrize("email", [SITE.email, None])
def test_the_schemas_are_met(email: str | None) -> None:
    assert faults_of_data_json(written(email)) == []


@judged
@pytest.mark.parametrize("lacking", ["publisher", "contactPoint", "modified", "accessLevel"])
def test_the_schemas_tell_what_a_dataset_lacks(lacking: str) -> None:
    document = written()
    del document["dataset"][3][lacking]

    [fault] = faults_of_data_json(document)

    assert fault == f"$.dataset[3]: '{lacking}' is a required property"


def test_a_dataset_and_its_files_say_the_same() -> None:
    said = {dataset["title"]: dataset for dataset in written()["dataset"]}
    dataset = said["Risk registers: London Borough of Barnet"]

    assert dataset["license"] == LICENCE
    assert (dataset["temporal"], dataset["accrualPeriodicity"]) == ("2011-07-01/2011-09-30", "R/P3M")
    shared = ("license", "publisher", "contactPoint", "temporal", "accrualPeriodicity", "issued", "modified")
    for file in dataset["distribution"]:
        assert {name: file[name] for name in shared} == {name: dataset[name] for name in shared}
    assert [file["mediaType"] for file in dataset["distribution"]][:2] == ["text/csv", "application/jsonl"]


def test_size_is_told_where_it_is_known() -> None:
    files = [file for dataset in written()["dataset"] for file in dataset["distribution"]]

    assert [file["byteSize"] for file in files if "byteSize" in file] == [1234]
    assert [file["downloadURL"] for file in files if "checksum" in file] == [f"https://outturn.example{CSV}"]


def test_a_contact_without_an_address_is_marked_as_such() -> None:
    contact = written(email=None)["dataset"][0]["contactPoint"]

    assert contact == {"@type": "vcard:Contact", "fn": "Open data", "hasEmail": NO_EMAIL}
