"""Rows by column and rows by line are the same rows, with the same problems and notices."""

import csv
from pathlib import Path
from random import Random

import pytest

from app.imports.kinds import Kind
from app.imports.lines import typed_line
from app.imports.problems import Remarks
from app.imports.reports import KINDS
from app.imports.rows import Row
from app.imports.sandbox.sheets import Sheet, sheet_of
from app.imports.tables import headed, typed_rows
from tests.imports.examples import EXAMPLE, columns_of
from tests.imports.test_reports import FOLDERS

FILES = sorted(path for folder in FOLDERS for path in folder.glob("*.csv"))
ODD = (
    *("", "-", " ", "nonsense", "8,861K", "(43)", "-0", "-0.5", "0.50", "007", "90%", "9.3*", "1e5", "7:27"),
    *("<b>9.3</b>", " 5\xa0", "159488/285806", "2011-09-31", "31-Apr-2020", "2011/12 Q2", "Qtr 1 2011/12"),
    *("yes", "true", "Reported", "thousand_pounds", "pounds", "a\x00b", "99999999999", "0.123456", "3002.0"),
)
"""Cells that are normalised, refused, or judged with others, each somewhere."""


def both_ways(kind: Kind, sheet: Sheet) -> tuple[object, object]:
    """What reading by column gives, and what reading by line does."""
    by_column, by_line = Remarks(kind.file), Remarks(kind.file)
    rows = typed_rows(kind.model, sheet, by_column)
    table = headed(kind.model, sheet, by_line)
    lines = range(1, sheet.height) if table else ()
    found = [typed_line(table, sheet.first + line, sheet.line(line)) for line in lines if table]
    return (rows, by_column), (tuple(row for row in found if row), by_line)


def mutated(lines: list[list[str]], random: Random) -> list[list[str]]:
    """Lines with a few cells changed, and some lines shorter, longer, empty or the header again."""
    changed = [lines[0]]
    for line in lines[1:]:
        cells = list(line)
        for _ in range(random.choice((0, 1, 1, 2, 5))):
            cells[random.randrange(len(cells))] = random.choice(ODD)
        match random.randrange(12):
            case 0:
                cells = cells[: random.randrange(len(cells))]
            case 1:
                cells = [*cells, "more"]
            case 2:
                cells = [cells[0], *[""] * (len(cells) - 1)]
            case 3:
                cells = list(lines[0])
        changed.append(cells)
    return changed


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_of_reading_agree(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - cases, not secrets
    for path in FILES:
        with path.open(encoding="utf-8", newline="") as content:
            lines = list(csv.reader(content))
        kind = KINDS[path.stem.replace("_", "-")]
        sheet = sheet_of(mutated(lines * 3, random) if seed else lines)

        by_column, by_line = both_ways(kind, sheet)

        assert by_column == by_line, path


@pytest.mark.parametrize("file", EXAMPLE)
def test_both_ways_agree_on_every_cell_that_is_changed(file: str) -> None:
    columns = columns_of(file)
    rows = [{**EXAMPLE[file], column: text} for column in columns for text in ODD]
    lines = [[row.get(column, "") for column in columns] for row in rows]

    by_column, by_line = both_ways(KINDS[file.replace("_", "-")], sheet_of([columns, *lines]))

    assert by_column == by_line


class Free(Row):
    """A row that may say nothing, and takes any text."""

    a: str | None = None
    b: str | None = None
    c: str | None = None


def test_both_ways_agree_where_nothing_must_be_filled() -> None:
    lines = [["a", "b", "c"], ["1", "", "x"], ["a", "b", "c"], ["1"], ["1", "2", "3", "4"], ["", "x", "y"]]

    by_column, by_line = both_ways(Kind("free", Free, alone=False), sheet_of(lines))

    assert by_column == by_line


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_two_columns_must_be_filled_so_that_a_group_row_is_seen(kind: Kind) -> None:
    required = [name for name, said in kind.model.model_fields.items() if said.is_required()]

    assert len(required) >= 2


def test_a_row_by_column_knows_what_its_file_filled() -> None:
    path = Path(FOLDERS[0] / "services.csv")
    with path.open(encoding="utf-8", newline="") as content:
        sheet = sheet_of(list(csv.reader(content)))

    row, *_ = typed_rows(KINDS["services"].model, sheet, Remarks("services.csv"))

    assert row.model_fields_set == {"line", *row.columns()}
    assert row.model_copy(update={"line": 9}).line == 9
    assert type(row).model_validate(row.model_dump()) == row
