"""Commands that write what is committed: the contract and the handbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from app.settings import settings


def openapi(
    path: Annotated[Path, typer.Argument(help="Where the contract stands.")],
    *,
    check: Annotated[bool, typer.Option(help="Fail where the file differs; write nothing.")] = False,
) -> None:
    """Write the OpenAPI contract, or check that the committed one is this app's."""
    from app.main import create_app

    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    text = orjson.dumps(
        create_app(settings().model_copy(update={"public_url": None})).openapi(), option=options
    )
    if check:
        _check_written(path, text, f"{path} is not the contract of this app; run: make openapi")
    else:
        _write(path, text)


def rules(
    path: Annotated[Path, typer.Argument(help="Where the handbook of the rules stands.")],
    *,
    check: Annotated[bool, typer.Option(help="Fail where the file differs; write nothing.")] = False,
) -> None:
    """Write the handbook of the rules, or check that the committed one is of these rules."""
    from app.rules.handbook import handbook

    text = handbook().encode()
    if check:
        _check_written(path, text, f"{path} is not the handbook of these rules; run: make rules")
    else:
        _write(path, text)


def _write(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def _check_written(path: Path, text: bytes, otherwise: str) -> None:
    """End with a failure where a file does not hold a text."""
    if not path.exists() or path.read_bytes() != text:
        typer.echo(otherwise, err=True)
        raise typer.Exit(1)
