"""Judges of the catalogue and its feeds: CKAN, shapes and schemas of DCAT, the rules of Atom, crawlers."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from app.feeds.datasets import LICENCE
from tests.feeds.catalogues import SHAPES, VALIDATORS, faults_of_data_json
from tests.feeds_check.checks import Check, SkippedError, cut, replacing
from tests.feeds_check.environments import judged

PORTALS = "portals"
"""The environment of those judges whose libraries are not ours."""
ATOM, SITEMAP = (Path(__file__).with_name(f"{name}.rng") for name in ("atom", "sitemap"))
FORMS = ("/catalog.jsonld", "/catalog.ttl", "/catalog.rdf")
PROFILES = ("euro_dcat_ap_2", "euro_dcat_ap_3")
FEEDS = ("/feeds/releases.atom", "/feeds/statuses.atom", "/v1/digests.atom")
LIMIT = 10
"""How many datasets a harvested page has."""
OTHER_LICENCE = LICENCE.replace("version/3", "version/9")


def by_ckan(profile: str, address: str) -> list[str]:
    """What CKAN's own parser, following every page, does not find as DCAT-US lists it."""
    found = judged(PORTALS, "harvest", address, profile)
    if "refused" in found:
        return [str(found["refused"])]
    listed = _data_json(address)["dataset"]
    faults = []
    if found["pages"] != (pages := math.ceil(len(listed) / LIMIT)):
        faults.append(f"{found['pages']} pages, and there are {pages}")
    titles = sorted(str(each.get("title")) for each in found["datasets"])
    if titles != sorted(each["title"] for each in listed):
        faults.append(f"{len(titles)} titles, which are not those of the {len(listed)} datasets")
    addresses = {each["title"]: [file["downloadURL"] for file in each["distribution"]] for each in listed}
    for dataset in found["datasets"]:
        faults += _faults_of(dataset, addresses.get(dataset.get("title"), []))
    return faults


def by_shapes(address: str) -> list[str]:
    """What does not conform to DCAT-AP."""
    if not SHAPES.exists():
        raise SkippedError(f"there is no {SHAPES.name} beside the checkout")
    return [*map(str, judged(PORTALS, "shacl", address, str(SHAPES)))]


def by_schemas(address: str) -> list[str]:
    """What the schemas of DCAT-US refuse."""
    if not VALIDATORS.exists():
        raise SkippedError("there are no schemas beside the checkout")
    return faults_of_data_json(httpx.get(address).raise_for_status().json())


def by_atom(address: str) -> list[str]:
    """What RFC 4287 refuses, or a reader of feeds stumbles over."""
    return [*map(str, judged(PORTALS, "atom", address, str(ATOM)))]


def by_crawlers(address: str) -> list[str]:
    """What the protocol of sitemaps refuses, or a crawler would not find."""
    return [*map(str, judged(PORTALS, "sitemap", address, str(SITEMAP)))]


def _faults_of(dataset: dict[str, Any], addresses: list[str]) -> list[str]:
    """What is wrong with a dataset as CKAN would keep it."""
    title, resources = dataset.get("title"), dataset["resources"]
    faults = []
    if dataset["license_id"] != "uk-ogl":
        faults.append(f"{title}: the licence is {dataset['license_id']!r}")
    if sorted(resource["url"] for resource in resources) != sorted(addresses):
        faults.append(f"{title}: the resources are not its files")
    if not {"CSV", "XLSX"} <= {resource["format"] for resource in resources}:
        faults.append(f"{title}: no CSV, or no XLSX, among the resources")
    extras = {extra["key"] for extra in dataset["extras"]}
    wanted = {"issued", "modified", "frequency", "publisher_name", "temporal_start", "temporal_end"}
    if missing := wanted | {"spatial_uri", "contact_email", "identifier", "uri"} - extras:
        missing -= extras
        faults += [f"{title}: there is no {name}" for name in sorted(missing)]
    return faults


def _data_json(address: str) -> Any:  # noqa: ANN401 - any JSON value
    """What the same service lists in one document, in other words."""
    return httpx.get(httpx.URL(address).join("/data.json")).raise_for_status().json()


CHECKS = [
    *(
        Check(
            f"CKAN, {profile}: {form}",
            f"{form}?limit={LIMIT}",
            partial(by_ckan, profile),
            {
                "another licence": replacing(LICENCE, OTHER_LICENCE),
                "no next page": replacing("hydra:next", "hydra:other"),
                "half of it": cut,
            },
        )
        for form in FORMS
        for profile in PROFILES
    ),
    *(
        Check(
            f"DCAT-AP 3 shapes: {form}",
            f"{form}?limit=500",
            by_shapes,
            {
                "no titles": replacing("dct:title", "dct:alternative"),
                "files without an address": replacing("dcat:accessURL", "dcat:servesDataset"),
                "sizes that are none": replacing("nonNegativeInteger", "date"),
            },
        )
        for form in FORMS
    ),
    Check(
        "DCAT-US 1.1: /data.json",
        "/data.json",
        by_schemas,
        {
            "no contact": replacing('"contactPoint"', '"contact"'),
            "days that are none": replacing('"temporal":"20', '"temporal":"soon 20'),
        },
    ),
    *(
        Check(
            f"Atom: {feed}",
            feed,
            by_atom,
            {
                "no title": replacing("title>", "subtitle>"),
                "dates that are none": replacing("<updated>20", "<updated>x"),
                "half of it": cut,
            },
        )
        for feed in FEEDS
    ),
    Check(
        "Sitemap",
        "/sitemap.xml",
        by_crawlers,
        {
            "no addresses": replacing("loc>", "location>"),
            "dates that are none": replacing("<lastmod>20", "<lastmod>x"),
            "pages that are not there": replacing("/datasets/", "/nowhere/"),
            "half of it": cut,
        },
    ),
]
