"""Councils and what they have released, made up for what catalogues say of them; and what judges that."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from app.feeds.descriptions import Site
from app.queries.catalogue import Council, Coverage, Holding, Published
from app.queries.named_releases import NamedRelease

VALIDATORS = Path(__file__).parents[3] / "shared" / "validators"
"""What others judge catalogues by: beside the checkout, where it is there."""
SHAPES = VALIDATORS / "dcat-ap-3.0.1-SHACL.ttl"
SITE = Site("https://outturn.example", "Outturn", "Open data", "data@outturn.example")
FIRST, SECOND = datetime(2011, 11, 3, 9, tzinfo=UTC), datetime(2012, 2, 1, 9, 30, 15, 250, tzinfo=UTC)


def make_release(number: int = 1, published_at: datetime = FIRST, **changed: object) -> Published:
    release = Published(number, number, published_at, None, "Quarter 2", "quarter")
    return release._replace(**changed)  # type: ignore[arg-type]  # a test says what it changes


def make_named(published_at: datetime = SECOND) -> NamedRelease:
    return NamedRelease(2, "barnet", 2, published_at, f"barnet 2 {published_at}")


def make_holding(**changed: object) -> Holding:
    days = Coverage(date(2011, 7, 1), date(2011, 9, 30), frozenset({"quarter"}))
    return Holding(FIRST, make_named(), stands=True, covers=days)._replace(**changed)  # type: ignore[arg-type]  # as above


def make_council(slug: str = "barnet", **changed: object) -> Council:
    council = Council(
        id=slug,
        name=f"London Borough of {slug.title()}",
        area_code="E09000003",
        releases=(make_release(), make_release(2, SECOND)),
        holdings={"risks": make_holding(), "risk-heat-map": make_holding()},
    )
    return council._replace(**changed)  # type: ignore[arg-type]  # as above


def faults_of_data_json(document: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """What the schemas of DCAT-US find wrong with a document."""
    catalogue, dataset = (
        json.loads((VALIDATORS / f"dcat-us-1.1-{name}.schema.json").read_text())
        for name in ("catalog", "dataset")
    )
    known = [(schema["$id"].rstrip("#"), Resource.from_contents(schema)) for schema in (catalogue, dataset)]
    registry: Registry[Any] = Registry().with_resources(known)
    found = Draft202012Validator(catalogue, registry=registry).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]
