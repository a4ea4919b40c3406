"""The front door: what this service is, and where everything else is."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_EXAMPLE = {
    "title": "Outturn",
    "version": "0.1.0",
    "licence": LICENCE,
    "documentation": "/docs",
    "reference": "/redoc",
    "openapi": "/openapi.json",
    "health": "/health/ready",
    "lists": ["/v1/indicators", "/v1/observations"],
}


class Index(BaseModel):
    """Where everything is, as paths from the root of this service."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]}, use_attribute_docstrings=True)

    title: str
    """The name of the service."""
    version: str
    """Its version; the version of the contract stands in each path."""
    licence: str
    """What the data may be used for."""
    documentation: str
    """Every operation, to be tried out in a browser."""
    reference: str
    """Every operation and schema, to be read in a browser."""
    openapi: str
    """The same for programs, as an OpenAPI document."""
    health: str
    """Whether the service can answer."""
    lists: list[str]
    """Every list and summary; the documentation says what each may be filtered by."""


router = APIRouter(tags=["service"])


@router.get("/")
async def get_index(request: Request) -> Index:
    """What this service is, and where everything is."""
    paths = request.app.openapi()["paths"]
    return Index(
        title=request.app.title,
        version=request.app.version,
        licence=LICENCE,
        documentation="/docs",
        reference="/redoc",
        openapi="/openapi.json",
        health="/health/ready",
        lists=[path for path in paths if path.startswith("/v1/") and "{" not in path],
    )
