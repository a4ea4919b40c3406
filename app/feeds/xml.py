"""What every feed in XML keeps to: characters that XML can write, in UTF-8."""

from __future__ import annotations

from xml.etree import ElementTree as ET


def legal(text: str) -> str:
    """A text without the characters that XML has no way to write."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c < "\ud800" or "\ue000" <= c not in {"\ufffe", "\uffff"}
    )


def written(root: ET.Element) -> bytes:
    """A document in UTF-8, which says so."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
