"""Rows as Parquet: typed, compressed by zstd, written one group of rows at a time.

The rows come as lines that the database prints for programs, and pyarrow takes them apart: that is faster
than to make a value in Python of every cell, and the other threads of the service go on meanwhile.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.queries.columns import Field

MEDIA_TYPE = "application/vnd.apache.parquet"
TOGETHER = 2**20
"""How many bytes of lines make a group of rows; while one is written the next one is read."""
_WRITING = {"compression": "zstd"}
_WIDEST = 19
"""Digits of the widest decimal: whole units are kept in 64 bits."""


def parquet(columns: Sequence[Field], lines: Iterable[bytes], together: int = TOGETHER) -> Iterator[bytes]:
    """A file of some columns, in parts, from lines such as `app.queries.lines.line` prints bare.

    Decimals are exact, of as many places as their column has; days, truths and whole numbers have types of
    their own; of texts that come again each group writes one.
    """
    from pyarrow import BufferReader, Table, csv, int64, schema  # type: ignore[import-untyped]  # noqa: PLC0415 - it ships no types, and takes long to start
    from pyarrow.parquet import (  # type: ignore[import-untyped]  # noqa: PLC0415 - as above
        ParquetWriter,
    )
    from pyarrow.types import is_decimal  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    kinds = _kinds(columns)
    columned = schema(kinds.items())
    reading = {
        "parse_options": csv.ParseOptions(newlines_in_values=True),
        "convert_options": csv.ConvertOptions(
            column_types={name: int64() if is_decimal(kind) else kind for name, kind in kinds.items()},
            null_values=[""],
            true_values=["true"],
            false_values=["false"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    }
    sink, waiting = BytesIO(), None
    with ThreadPoolExecutor(1) as other, ParquetWriter(sink, columned, **_WRITING) as writer:

        def write(group: bytes) -> bytes:
            whole = csv.ReadOptions(column_names=list(kinds), block_size=len(group) + 1, use_threads=False)
            table = csv.read_csv(BufferReader(group), read_options=whole, **reading)
            table = Table.from_arrays(
                [_as(kind, table[name]) for name, kind in kinds.items()], schema=columned
            )
            writer.write_table(table, row_group_size=max(table.num_rows, 1))
            return _taken(sink)

        for group in _groups(lines, together):
            if waiting is not None:
                yield waiting.result()
            waiting = other.submit(write, group)
        if waiting is not None:
            yield waiting.result()
    yield _taken(sink)


def bare_lines(columns: Sequence[Field], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Lines of rows in wire form that no database prints; only the columns named are written."""
    for row in rows:
        yield (",".join(_bare(row[column.name], column) for column in columns) + "\r\n").encode()


def _bare(cell: Any, column: Field) -> str:  # noqa: ANN401 - a cell of a row
    if cell is None:
        return ""
    if column.form == "flag":
        return "true" if cell else "false"
    if column.form in {"units", "measure"}:
        return str(int(Decimal(cell).scaleb(column.places)))
    if column.form == "text":
        escaped = str(cell).replace('"', '""')
        return f'"{escaped}"'
    return str(cell)


def _as(kind: Any, units: Any) -> Any:  # noqa: ANN401 - pyarrow's own
    """A column as what it is: whole units are decimals of the same digits, with a point elsewhere."""
    from pyarrow import Array, chunked_array, decimal128  # noqa: PLC0415 - it takes long to start
    from pyarrow.types import is_decimal  # noqa: PLC0415 - as above

    if not is_decimal(kind):
        return units
    digits = [chunk.cast(decimal128(_WIDEST, 0)) for chunk in units.chunks]
    return chunked_array([Array.from_buffers(kind, len(part), part.buffers()) for part in digits], kind)


def _kinds(columns: Sequence[Field]) -> dict[str, Any]:
    """The type of each column by its name."""
    from pyarrow import bool_, date32, decimal128, int64, string  # noqa: PLC0415 - it takes long to start

    plain = {"text": string(), "number": int64(), "flag": bool_(), "date": date32()}
    return {
        column.name: plain.get(column.form)
        or (decimal128(_WIDEST, column.places) if column.places else int64())
        for column in columns
    }


def _groups(lines: Iterable[bytes], together: int) -> Iterator[bytes]:
    """Lines gathered until there are enough bytes of them."""
    waiting: list[bytes] = []
    size = 0
    for part in lines:
        waiting.append(part)
        size += len(part)
        if size >= together:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _taken(sink: BytesIO) -> bytes:
    """What was written since it was last taken away."""
    part = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return part
