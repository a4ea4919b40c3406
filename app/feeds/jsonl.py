"""Rows as JSON Lines: one object a line, in UTF-8."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEDIA_TYPE = "application/jsonl"


def json_lines(parts: Iterable[Iterable[Any] | bytes]) -> Iterator[bytes]:
    """Each part's objects as lines, a part at a time; a part of bytes is lines already."""
    for part in parts:
        if isinstance(part, bytes):
            yield part
        else:
            yield b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in part)
