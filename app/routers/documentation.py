"""The front door, and the documentation as pages that load nothing from any other host."""

from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.staticfiles import StaticFiles

from app.feeds.datasets import LICENCE

# The pages' scripts name other hosts, for a logo and for a validator; browsers keep them from it.
_SAME_HOST = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline' data: blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
}

router = APIRouter(include_in_schema=False)
router.mount("/docs/files", StaticFiles(directory=str(files("fastapi_offline") / "static")))


@router.get("/")
async def get_index(request: Request) -> dict[str, str | list[str]]:
    """What this service is, and where everything is."""
    paths = request.app.openapi()["paths"]
    return {
        "title": request.app.title,
        "version": request.app.version,
        "licence": LICENCE,
        "documentation": "/docs",
        "reference": "/redoc",
        "openapi": "/openapi.json",
        "health": "/health/ready",
        "lists": [
            path
            for path, methods in paths.items()
            if path.startswith("/v1/") and "{" not in path and _is_public(methods.get("get"))
        ],
    }


def _is_public(operation: dict[str, Any] | None) -> bool:
    """Whether an operation is there, and answers anybody."""
    return operation is not None and {} in operation.get("security", [{}])


@router.get("/docs")
async def show_documentation(request: Request) -> Response:
    """Every operation, to be tried out."""
    root = request.scope.get("root_path", "")
    page = get_swagger_ui_html(
        openapi_url=f"{root}{request.app.openapi_url}",
        title=f"{request.app.title}: try it out",
        swagger_js_url=f"{root}/docs/files/swagger-ui-bundle.js",
        swagger_css_url=f"{root}/docs/files/swagger-ui.css",
        swagger_favicon_url=f"{root}/docs/files/favicon.png",
        swagger_ui_parameters={"validatorUrl": None},
    )
    page.headers.update(_SAME_HOST)
    return page


@router.get("/redoc")
async def show_reference(request: Request) -> Response:
    """Every operation and schema, to be read."""
    root = request.scope.get("root_path", "")
    page = get_redoc_html(
        openapi_url=f"{root}{request.app.openapi_url}",
        title=f"{request.app.title}: reference",
        redoc_js_url=f"{root}/docs/files/redoc.standalone.js",
        redoc_favicon_url=f"{root}/docs/files/favicon.png",
        with_google_fonts=False,
    )
    page.headers.update(_SAME_HOST)
    return page
