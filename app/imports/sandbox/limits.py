"""How large a file may be, and how much the process that parses it may take."""

import resource

ROWS = 50_000
COLUMNS = 1_000
SHEETS = 100
UNZIPPED = 160 * 1024 * 1024
"""Bytes of all parts of a workbook together, as they unpack and not as the file says."""
PARTS = 1_000
RATIO = 250
"""How many times its packed size a part may unpack to, once it is longer than PLAIN bytes."""
PLAIN = 1024 * 1024
MEMORY = 256 * 1024 * 1024
CPU_SECONDS = 4


class RefusedError(Exception):
    """A file that is not parsed: what is wrong with it, as a status, a detail and a row where known."""

    def __init__(self, detail: str, *, status: int = 422, row: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.row = row


def too_large(detail: str) -> RefusedError:
    """A file beyond one of these limits."""
    return RefusedError(detail, status=413)


def confine() -> None:
    """Hold this process to its limits for good: it opens nothing more, writes no file, starts nothing."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
