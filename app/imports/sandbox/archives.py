"""Whether a file is a workbook that may be opened: every part is unpacked and looked at first."""

import codecs
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from .limits import PARTS, PLAIN, RATIO, UNZIPPED, RefusedError, too_large

CHUNK = 256 * 1024
_OVERLAP = 16
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_NEEDED = {"[Content_Types].xml", "xl/workbook.xml"}
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA = re.compile(rb"<f[\s/>]")
codecs.lookup("cp437")  # names of parts may need it once nothing more can be opened
_PREFIXED = re.compile(rb"<\w+:worksheet")


def suspects(content: bytes) -> set[str]:
    """The sheets' parts in which an error or a formula may stand.

    Raises RefusedError for what is no workbook, and for one that is unsafe to open.
    """
    if not content.startswith(_ZIP):
        raise RefusedError(_what_it_is(content))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_directory(parts)
            return _checked_parts(archive, parts)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError) as broken:
        raise RefusedError("is a broken workbook") from broken


def _what_it_is(content: bytes) -> str:
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            return "is a workbook with a password; save it without one"
        return "is a workbook of an old format; save it as .xlsx"
    if content.lstrip()[:1] == b"<":
        return "is a page of HTML or XML under the name of a workbook; save it as .xlsx"
    return "is not a workbook"


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if len(parts) > PARTS:
        raise too_large(f"has {len(parts)} parts; a workbook has {PARTS} at most")
    if len(names) != len(parts):
        raise RefusedError("has two parts of one name")
    for part in parts:
        if part.filename.startswith(("/", "\\")) or ".." in part.filename or ":" in part.filename:
            raise RefusedError("has a part whose name leads out of it")
        if part.flag_bits & 1:
            raise RefusedError("is a workbook with a password; save it without one")
        if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise RefusedError("is packed in a way that workbooks are not")
    if sum(part.file_size for part in parts) > UNZIPPED:
        raise too_large("unpacks to more than a workbook may hold")
    _check_format(names)


def _check_format(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise RefusedError("is a binary workbook; save it as .xlsx")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise RefusedError("is a workbook with macros; save it as .xlsx")
    if not names >= _NEEDED:
        raise RefusedError("is not a workbook of the .xlsx format")


def _checked_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> set[str]:
    found: set[str] = set()
    total = 0
    for part in parts:
        size, declared = 0, part.file_size
        before = b""
        for chunk in _unpacked(archive, part):
            size += len(chunk)
            if total + size > UNZIPPED or size > max(PLAIN, RATIO * part.compress_size):
                raise too_large("unpacks to more than a workbook may hold")
            text = before + chunk
            if not before:
                _check_start(part.filename, text, found)
            if part.filename.endswith((".xml", ".rels")):
                _check_text(part.filename, text, found)
            before = chunk[-_OVERLAP:]
        if size != declared:
            raise RefusedError("has a part of another length than it says")
        total += size
    return found


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part as it unpacks, however long it says that it is."""
    part.file_size = UNZIPPED + 1
    with archive.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK):
            yield chunk


def _check_start(name: str, text: bytes, found: set[str]) -> None:
    if text.startswith(_ZIP):
        raise RefusedError("has an archive inside")
    if name == "[Content_Types].xml" and b"macroEnabled" in text:
        raise RefusedError("is a workbook with macros; save it as .xlsx")
    if _is_sheet(name) and _PREFIXED.search(text):
        found.add(name)


def _check_text(name: str, text: bytes, found: set[str]) -> None:
    """Look for what XML of a workbook has no use for, and for cells that need a second look."""
    if b"\0" in text or text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError("has a part that is not UTF-8")
    if b"!" in text and _DECLARED.search(text):
        raise RefusedError("declares entities or a document type, which workbooks do not")
    if name not in found and _is_sheet(name) and _is_suspect(text):
        found.add(name)


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/") and name not in {"xl/sharedStrings.xml", "xl/styles.xml"}


def _is_suspect(text: bytes) -> bool:
    if b'"e"' in text or (b"'" in text and b"'e'" in text):
        return True
    start = text.find(b"<f")
    return start >= 0 and bool(_FORMULA.search(text, start))
