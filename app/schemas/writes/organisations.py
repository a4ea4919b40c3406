"""Organisations and their services as they are written."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.imports.organisations import ServiceKind
from app.schemas.wire import Wire, example
from app.schemas.writes.fields import Name, Stated, Text


class ServiceIn(Stated):
    """A unit of an organisation that reports, as it is written."""

    model_config = example(
        organisation="thurrock",
        name="Corporate Performance",
        parent="performance-and-central-services",
        kind="service_area",
    )

    name: Name
    """Its name. Its slug follows from it: small letters and digits joined by hyphens."""
    parent: Name | None = None
    """The slug of the service above it; none for one at the top."""
    kind: ServiceKind
    """What sort of unit it is."""
    lead: Text | None = None
    """The post that leads it, never a person."""


class OrganisationIn(BaseModel):
    """A council, as it is added."""

    model_config = ConfigDict(
        **example(id="camden", name="Camden", area_code="E09000007"),
        use_attribute_docstrings=True,
        extra="forbid",
    )

    id: Annotated[str, Field(strict=True, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    """What it is called in addresses: small letters and digits joined by hyphens."""
    name: Name
    """Its name."""
    area_code: Annotated[str, Field(strict=True, pattern=r"^[A-Z][0-9]{8}$")]
    """Its GSS area code."""


class OrganisationMade(Wire):
    """A council that was added; the public sees it with its first release."""

    model_config = example(id="camden", name="Camden", area_code="E09000007")

    id: str
    """What it is called in addresses."""
    name: str
    """Its name."""
    area_code: str
    """Its GSS area code."""
