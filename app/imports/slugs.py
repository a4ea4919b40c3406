"""Names as they stand in addresses and keys."""

import re
import unicodedata


def slug(name: str) -> str:
    """Small letters and digits joined by hyphens, accents and apostrophes dropped.

    "Chief Executive's Service" becomes chief-executives-service.
    """
    plain = unicodedata.normalize("NFKD", name.lower())
    kept = "".join(c for c in plain if c not in "'’" and not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", kept).strip("-")
