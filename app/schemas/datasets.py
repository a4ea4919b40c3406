"""Datasets on the wire: what is published as data, and the files that it comes in."""

from __future__ import annotations

from enum import StrEnum

from app.feeds.datasets import DATASETS, LICENCE
from app.schemas.wire import Wire, example

DatasetName = StrEnum("DatasetName", {dataset.name: dataset.name for dataset in DATASETS})  # type: ignore[misc]  # datasets are not named twice


class DatasetFormat(Wire):
    """A form that a dataset comes in, and where."""

    model_config = example(
        format="csv",
        media_type="text/csv",
        href="/v1/datasets/risks.csv",
        of_organisation="/v1/organisations/{organisation}/datasets/risks.csv",
        of_release="/v1/releases/{id}/datasets/risks.csv",
    )

    format: str
    """The form, as addresses end."""
    media_type: str
    """Its media type."""
    href: str
    """All rows of all organisations, as released last."""
    of_organisation: str
    """Those of one organisation, as released last; put its id in place of `{organisation}`."""
    of_release: str
    """Those of an organisation as one release left them; put the release's id in place of `{id}`."""


class DatasetOut(Wire):
    """What is published as data: the rows of a list, whole, of every organisation or of one."""

    model_config = example(
        id="risks",
        title="Risk registers",
        description="Risks with their current and target assessments, ratings, bands and treatment.",
        keywords=["risk", "risk register"],
        path="/v1/risks",
        licence=LICENCE,
        dimensions=[],
        measures=[],
        formats=[
            {
                "format": "csv",
                "media_type": "text/csv",
                "href": "/v1/datasets/risks.csv",
                "of_organisation": "/v1/organisations/{organisation}/datasets/risks.csv",
                "of_release": "/v1/releases/{id}/datasets/risks.csv",
            }
        ],
    )

    id: str
    """The dataset's name."""
    title: str
    """What it is called."""
    description: str
    """What is in it."""
    keywords: list[str]
    """What it is about."""
    path: str
    """The list that its rows come from, to be filtered and paged."""
    licence: str
    """What may be done with it."""
    dimensions: list[str]
    """Of a dataset that is shaped like a cube: the columns that say where a figure stands."""
    measures: list[str]
    """Of such a dataset: the columns of figures."""
    formats: list[DatasetFormat]
    """The forms that it comes in."""


class DatasetList(Wire):
    """Every dataset."""

    model_config = example(items=[])

    items: list[DatasetOut]
    """The datasets, as catalogues list them."""
