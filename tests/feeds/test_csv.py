"""CSV that any reader takes apart again, and that no spreadsheet runs."""

import csv
import io
from collections.abc import Iterator

import pytest

from app.feeds.csv import Cell, csv_items, csv_rows


def read(parts: Iterator[bytes]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(parts).decode(), newline="")))


def test_a_file_begins_with_its_header_and_ends_each_line_as_rfc_4180_says() -> None:
    written = b"".join(csv_rows(["id", "note"], [[1, "as planned"], [2, None]]))

    assert written == b"id,note\r\n1,as planned\r\n2,\r\n"


def test_no_rows_are_a_header_alone() -> None:
    assert list(csv_rows(["id"], [])) == [b"id\r\n"]


@pytest.mark.parametrize(
    "text", ["a,b", 'said "no"', "two\nlines", "two\r\nlines", "£8,861K", "▲", " kept ", "", "caf\u00e9"]
)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert read(csv_rows(["id", "text"], [["1", text]])) == [["id", "text"], ["1", text]]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-57.5%", "'-57.5%"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-", "'-"),
        ("-57.5", "-57.5"),
        ("-0.01", "-0.01"),
        ("--1", "'--1"),
        ("-1e5", "'-1e5"),
        ("-1\n", "'-1\n"),
        (-3, "-3"),
        (0, "0"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        ("a=b", "a=b"),
    ],
)
def test_a_text_is_no_formula_and_a_number_stays_one(cell: Cell, written: str) -> None:
    assert read(csv_rows(["id", "cell"], [[1, cell]]))[1][1] == written


def test_rows_go_out_some_at_a_time_and_are_asked_for_no_sooner() -> None:
    asked: list[int] = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(5):
            asked.append(number)
            yield [number]

    parts = csv_rows(["n"], rows(), at_once=2)

    assert next(parts) == b"n\r\n0\r\n1\r\n"
    assert asked == [0, 1]
    assert list(parts) == [b"2\r\n3\r\n", b"4\r\n"]


def test_items_are_written_by_the_columns_named() -> None:
    items: list[dict[str, Cell]] = [{"b": "2", "a": "1", "c": "3"}]

    assert b"".join(csv_items(["a", "b"], items)) == b"a,b\r\n1,2\r\n"
