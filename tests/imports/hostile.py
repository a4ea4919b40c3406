"""Files that would harm whoever opens them trustingly, made by code."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise

from app.imports.templates import template_xlsx
from app.imports.uploads import Format

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"
Case = tuple[str, int, Callable[[], bytes]]
HEADER = "indicator,service,period,covers,value\n"


def parts(cells: str = "", *, head: str = "") -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet, as small as it can be."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return {
        TYPES: f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType='
        f'"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet '
        'name="Observations" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
        f'Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
        f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        SHEET: f'{head}<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }


def packed(files: dict[str, str | bytes]) -> bytes:
    """Parts as a workbook."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def workbook(cells: str = "", /, head: str = "", **more: str | bytes) -> bytes:
    """A workbook of such cells, and of more parts: `styles` is xl/styles.xml."""
    return packed({**parts(cells, head=head), **{f"xl/{name}.xml": part for name, part in more.items()}})


def cell(place: str, text: str) -> str:
    """A cell of a sheet, its text beside it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def overlapping_bomb() -> bytes:
    """A hundred parts that share the bytes of one."""
    body = zlib.compress(b"\0" * 2_000_000, 9)[2:-4]
    check, size = zlib.crc32(b"\0" * 2_000_000), 2_000_000
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, check, len(body), size, 1, 0) + b"a" + body
    base = packed(parts())
    with zipfile.ZipFile(BytesIO(base)) as archive:
        start, count = archive.start_dir, len(archive.infolist())
    directory, end = base[start:-22], start + len(local)
    for _ in range(100):
        entry = (b"PK\1\2", 20, 20, 0, 8, 0, 0, check, len(body), size, 1, 0, 0, 0, 0, 0, start)
        directory += struct.pack("<4s6H3L5H2L", *entry) + b"a"
    count += 100
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), end, 0)
    return base[:start] + local + directory + last


def renamed_parts() -> bytes:
    """Many parts of different names, one after the other, that unpack to more than anybody sends."""
    many: dict[str, str | bytes] = {f"xl/media/{number}.png": b"\0" * 1_000_000 for number in range(170)}
    return packed({**parts(), **many})


def lying_part() -> bytes:
    """A part that says it is shorter than it is."""
    whole = workbook("<row>" + cell("A1", "x" * 5000) + "</row>")
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        size = archive.getinfo(SHEET).file_size
    return whole.replace(struct.pack("<L", size), struct.pack("<L", 100))


def flagged_parts() -> bytes:
    """Parts that say they are encrypted."""
    whole = workbook()
    return whole.replace(b"PK\1\2\x14\x03\x14\0\0\0", b"PK\1\2\x14\x03\x14\0\1\0")


def unusually_packed() -> bytes:
    """Parts packed by a method that workbooks do not use."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
    return written.getvalue()


def _xlsx() -> Iterator[Case]:
    wide = "<row r='1'>" + "<c><v>1</v></c>" * 2_000 + "</row>"
    yield "flat bomb", 413, lambda: packed({**parts(), "xl/media/a.png": b"\0" * 3_000_000})
    yield "bomb in many parts", 413, renamed_parts
    yield "bomb of overlapping parts", 422, overlapping_bomb
    yield "part longer than it says", 422, lying_part
    yield "thousands of parts", 413, lambda: packed({**parts(), **{f"a/{n}": "" for n in range(3_000)}})
    yield "encrypted parts", 422, flagged_parts
    yield "parts packed otherwise", 422, unusually_packed
    yield "archive inside", 422, lambda: packed({**parts(), "xl/embeddings/a.bin": packed(parts())})
    yield "part outside", 422, lambda: packed({**parts(), "../../etc/passwd": "x"})
    yield "absolute part", 422, lambda: packed({**parts(), "/etc/passwd": "x"})
    yield "claimed dimensions", 422, lambda: packed(_claiming())
    yield (
        "last cell there is",
        413,
        lambda: workbook(f"<row>{cell('A1', 'a')}{cell('XFD1048576', 'b')}</row>"),
    )
    yield "cell beyond all columns", 413, lambda: workbook(f"<row>{cell('ZZZZZZZ99999999', 'b')}</row>")
    doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    yield "external entity", 422, lambda: workbook(f"<row>{cell('A1', '&e;')}</row>", head=doctype)
    yield "billion laughs", 422, lambda: workbook(f"<row>{cell('A1', '&i;')}</row>", head=_laughs())
    yield "formula without a value", 422, lambda: workbook('<row r="1"><c r="A1"><f>1+1</f></c></row>')
    dde = '<row r="1"><c r="A1"><f>cmd|&apos;/c calc&apos;!A0</f><v></v></c></row>'
    yield "formula that starts a program", 422, lambda: workbook(dde)
    above = '<row r="0"><c r="A0" t="e"><v>#N/A</v></c></row>'
    nowhere = '<row r="x"><c t="e"><v>#N/A</v></c></row>'
    yield "error in no row", 422, lambda: workbook(nowhere)
    yield "error outside the sheet", 422, lambda: workbook(above)
    far = '<row r="1"><c r="XFD1048576"><f>1+1</f></c></row>'
    yield "formula in the last cell there is", 413, lambda: workbook(far)
    yield "deep XML", 422, lambda: workbook("<a>" * 10_000 + "</a>" * 10_000)
    errors = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c>' + "<a>" * 10_000 + "</a>" * 10_000 + "</row>"
    yield "deep XML beside an error", 422, lambda: workbook(errors)
    yield "wide rows", 413, lambda: workbook(wide * 20)
    yield "NULs in XML", 422, lambda: workbook(f"<row>{cell('A1', chr(0) * 10)}</row>")
    yield "XML in UTF-16", 422, lambda: packed({**parts(), SHEET: str(parts()[SHEET]).encode("utf-16")})
    yield "a million empty rows", 413, lambda: workbook("<row/>" * 1_000_000)
    yield (
        "a million rows of empty cells",
        413,
        lambda: workbook("<row><c t='inlineStr'><is><t></t></is></c></row>" * 1_000_000),
    )
    yield (
        "bomb of shared strings",
        413,
        lambda: workbook(
            '<row><c t="s"><v>0</v></c></row>' * 1_000,
            sharedStrings=f'<sst xmlns="{_MAIN}"><si><t>{"x" * 1_000_000}</t></si></sst>',
        ),
    )
    yield "cut short", 422, lambda: template_xlsx("observations")[:-2000]
    yield "cut at once", 422, lambda: template_xlsx("observations")[:100]
    yield "macros", 422, lambda: packed({**parts(), "xl/vbaProject.bin": b"x"})
    yield (
        "macros by type",
        422,
        lambda: packed(
            {
                **parts(),
                TYPES: str(parts()[TYPES]).replace("spreadsheetml.sheet", "ms-excel.sheet.macroEnabled"),
            }
        ),
    )
    yield "xlsb", 422, lambda: packed({TYPES: "<Types/>", "xl/workbook.bin": b"x"})
    yield (
        "ods",
        422,
        lambda: packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
    )
    yield "HTML", 422, lambda: b"<html><table><tr><td>1</td></tr></table></html>"
    yield "xls", 422, lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000
    yield "password", 422, lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    yield "CSV by another name", 422, HEADER.encode
    yield "nothing", 422, lambda: b""
    yield "hundreds of sheets", 413, _many_sheets


def _claiming() -> dict[str, str | bytes]:
    plain = parts(f'<row r="1">{cell("A1", "indicator")}</row>')
    claim = '<dimension ref="A1:XFD1048576"/><sheetData>'
    return {**plain, SHEET: str(plain[SHEET]).replace("<sheetData>", claim)}


def _laughs() -> str:
    names = "abcdefghi"
    more = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    return f'<!DOCTYPE x [<!ENTITY a "ha">{more}]>'


def _many_sheets() -> bytes:
    plain = parts()
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, 500))
    book = str(plain["xl/workbook.xml"]).replace("<sheets>", f"<sheets>{sheets}")
    return packed({**plain, "xl/workbook.xml": book})


def _csv() -> Iterator[Case]:
    row = "a," * 4 + "a\n"
    yield "UTF-16", 422, lambda: HEADER.encode("utf-16")
    yield "UTF-16 without a mark", 422, lambda: HEADER.encode("utf-16-le")
    yield "Latin-1", 422, lambda: (HEADER + "café,,,,\n").encode("latin-1")
    yield "one long cell", 422, lambda: b"x" * 10_000_000
    yield "one long line", 413, lambda: b"x," * 5_000_000
    yield "open quote", 422, (HEADER + '"' + row * 1000).encode
    yield "wide lines", 413, lambda: ("," * 2_000 + "\n").encode() * 100
    yield "NULs", 422, (HEADER + "a,\0\0,,,\n").encode
    yield "only NULs", 422, lambda: b"\0" * 10_000_000
    yield "a million empty lines", 413, lambda: HEADER.encode() + b"\n" * 1_000_000
    yield "too many rows", 413, (HEADER + row * 50_001).encode
    yield "too many bytes", 413, lambda: b"x" * (10 * 1024 * 1024 + 1)
    yield "ten million cells", 422, lambda: ("," * 199 + "\n").encode() * 50_000
    yield "workbook by another name", 422, workbook
    yield "empty file", 422, lambda: b""


CORPUS: list[tuple[str, Format, int, Callable[[], bytes]]] = [
    *((name, "xlsx", status, make) for name, status, make in _xlsx()),
    *((name, "csv", status, make) for name, status, make in _csv()),
]
"""Name, format, the status that refuses it, and what makes it."""
