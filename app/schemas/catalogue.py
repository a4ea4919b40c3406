"""What catalogues and their feeds may be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.schemas.queries import DEFAULT_LIMIT, Asked, View, Words

MOST_DATASETS = 500
"""The longest page of a catalogue."""
MOST_ENTRIES = 500
"""The longest feed."""


class _OfThePublic(Asked):
    """What is public, now."""

    view: ClassVar[Literal[View.released]] = View.released  # type: ignore[misc]  # a catalogue has what is public
    as_of: ClassVar[None] = None  # type: ignore[misc]  # as above, now


class CatalogueQuery(_OfThePublic):
    """Which page of the catalogue."""

    limit: Annotated[int, Field(ge=1, le=MOST_DATASETS)] = DEFAULT_LIMIT
    """How many datasets at most."""
    after: Annotated[
        str | None,
        Field(max_length=300, examples=["barnet/risks"], json_schema_extra={"pattern": "^[^/]+(/[^/]+)?$"}),
    ] = None
    """The dataset after which the page starts, as `risks` or `barnet/risks`; the pages' own links have it. It
    need not be there any more."""


class EntriesQuery(_OfThePublic):
    """What of a feed."""

    organisation: Words = []
    """Only entries of this organisation, such as `barnet`; repeat for more than one."""
    limit: Annotated[int, Field(ge=1, le=MOST_ENTRIES)] = DEFAULT_LIMIT
    """How many entries at most; the newest come first."""
