"""When a request is sent again, and after how long."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

BACKOFF = 0.5
"""Seconds before the second attempt where the service does not say; twice that before the third."""


def wait_before(
    request: httpx.Request, response: httpx.Response, attempt: int, longest: float
) -> float | None:
    """Seconds to wait before the next attempt; none where there is to be none."""
    if not _may_repeat(request, response):
        return None
    wait = _told(response.headers.get("Retry-After", ""))
    if wait is None:
        wait = BACKOFF * 2 ** (attempt - 1)
    return wait if wait <= longest else None


def _may_repeat(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether nothing was done, or doing it twice does no harm."""
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return True
    creates = request.method == "POST" and "Idempotency-Key" not in request.headers
    return response.status_code == httpx.codes.SERVICE_UNAVAILABLE and not creates


def _told(retry_after: str) -> float | None:
    """Seconds that a header asks for, which has them or a date; none where it has neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
