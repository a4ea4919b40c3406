"""Parquet that a reader which is not ours takes apart: typed, exact, and a group of rows at a time."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from app.feeds.parquet import bare_lines, parquet
from app.queries.columns import Field

COLUMNS = (
    Field("id", "number"),
    Field("text"),
    Field("value", "units", 2),
    Field("whole", "units", 0),
    Field("measure", "measure", 4),
    Field("day", "date"),
    Field("flag", "flag"),
)
ROWS: list[dict[str, Any]] = [
    {
        "id": 1,
        "text": 'said "no",\nthen =1+1',
        "value": "-182.59",
        "whole": "7",
        "measure": "3.5",
        "day": "2011-09-30",
        "flag": True,
    },
    {
        "id": 2,
        "text": "",
        "value": "92233720368547758.07",
        "whole": None,
        "measure": "-0.0001",
        "day": None,
        "flag": False,
    },
    {"id": 3, "text": None, "value": None, "whole": "-1", "measure": None, "day": "1999-12-31", "flag": None},
]


def read(folder: Path, parts: Iterator[bytes], question: str = "SELECT * FROM file ORDER BY id") -> Any:  # noqa: ANN401 - rows of any type
    (path := folder / "file.parquet").write_bytes(b"".join(parts))
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW file AS FROM read_parquet('{path}')")
        return connection.execute(question).fetchall()


def test_a_row_comes_back_exactly_and_what_is_empty_is_not_missing(tmp_path: Path) -> None:
    rows = read(tmp_path, parquet(COLUMNS, bare_lines(COLUMNS, ROWS)))

    first, second, third = rows
    assert first == (
        *(1, 'said "no",\nthen =1+1', Decimal("-182.59"), 7, Decimal("3.5"), date(2011, 9, 30), True),
    )
    assert second == (2, "", Decimal("92233720368547758.07"), None, Decimal("-0.0001"), None, False)
    assert third == (3, None, None, -1, None, date(1999, 12, 31), None)


def test_each_column_has_its_type(tmp_path: Path) -> None:
    described = read(tmp_path, parquet(COLUMNS, bare_lines(COLUMNS, ROWS)), "DESCRIBE file")

    assert [row[1] for row in described] == [
        *("BIGINT", "VARCHAR", "DECIMAL(19,2)", "BIGINT", "DECIMAL(19,4)", "DATE", "BOOLEAN"),
    ]


def test_a_file_without_rows_has_its_columns(tmp_path: Path) -> None:
    parts = list(parquet(COLUMNS, iter(())))

    assert read(tmp_path, iter(parts)) == []
    assert len(read(tmp_path, iter(parts), "DESCRIBE file")) == len(COLUMNS)


def test_rows_are_written_in_groups_one_of_which_is_read_ahead(tmp_path: Path) -> None:
    asked: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(4):
            asked.append(number)
            yield from bare_lines(COLUMNS, [ROWS[0] | {"id": number}])

    parts = parquet(COLUMNS, lines(), together=1)

    begun = next(parts)
    assert asked == [0, 1]
    groups = "SELECT count(DISTINCT row_group_id) FROM parquet_metadata(getvariable('file'))"
    (path := tmp_path / "file.parquet").write_bytes(begun + b"".join(parts))
    with duckdb.connect() as connection:
        connection.execute(f"SET VARIABLE file = '{path}'")
        assert connection.execute(groups).fetchall() == [(4,)]


def test_a_text_that_comes_again_is_written_once_a_group(tmp_path: Path) -> None:
    rows = [ROWS[0] | {"id": number} for number in range(1000)]
    read(tmp_path, parquet(COLUMNS, bare_lines(COLUMNS, rows)))

    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT encodings, compression FROM parquet_metadata($file) WHERE path_in_schema = 'text'",
            {"file": str(tmp_path / "file.parquet")},
        ).fetchall()
    [(encodings, compression)] = found
    assert "RLE_DICTIONARY" in encodings or "PLAIN_DICTIONARY" in encodings
    assert compression == "ZSTD"


def test_a_line_that_is_no_row_is_not_written() -> None:
    with pytest.raises(Exception, match="CSV parse error"):
        list(parquet(COLUMNS, [b"1,2\r\n"]))
