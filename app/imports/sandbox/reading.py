"""What the process of its own does: a file on standard input, its sheets of text on standard output."""

import csv
import gc
import json
import sys
from io import StringIO

from .limits import COLUMNS, ROWS, RefusedError, confine, too_large
from .sheets import Sheet, dumped, sheet_of
from .workbooks import workbook_sheets

_MARK = b"\xef\xbb\xbf"


def main() -> None:
    """Answer with sheets, or with why there are none."""
    confine()
    gc.disable()
    read = {"csv": csv_sheets, "xlsx": workbook_sheets}[sys.argv[-1]]
    try:
        sheets = read(sys.stdin.buffer.read())
        for part in dumped(sheets):
            sys.stdout.buffer.write(part)
    except RefusedError as refused:
        _say(refused)
    except MemoryError:
        _say(too_large("takes more memory than a file may"))


def _say(refused: RefusedError) -> None:
    said = {"status": refused.status, "detail": refused.detail, "row": refused.row}
    sys.stdout.buffer.write(json.dumps(said).encode())


def csv_sheets(content: bytes) -> list[Sheet]:
    """The one sheet of a CSV file in UTF-8."""
    if content.startswith(b"PK\x03\x04"):
        raise RefusedError("is a workbook or an archive, not CSV")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError("is not UTF-8; save it as CSV UTF-8")
    if b"\0" in content:
        raise RefusedError("has NUL characters in it, and is not CSV in UTF-8")
    try:
        text = content.removeprefix(_MARK).decode()
    except UnicodeDecodeError as wrong:
        row = content.count(b"\n", 0, wrong.start) + 1
        raise RefusedError("is not UTF-8; save it as CSV UTF-8", row=row) from None
    lines: list[list[str]] = []
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        for line in reader:
            if len(lines) > ROWS:
                raise too_large(f"has more than {ROWS} rows")
            if len(line) > COLUMNS:
                raise too_large(f"has {len(line)} columns; {COLUMNS} is the limit")
            lines.append(line)
    except csv.Error as broken:
        raise RefusedError(f"is not CSV: {broken}", row=reader.line_num) from None
    return [sheet_of(lines)]
