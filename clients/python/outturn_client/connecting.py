"""Connecting to a service: a client that is patient, and fetches nothing twice."""

from typing import Any, overload
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from .client import AuthenticatedClient, Client
from .sending import Sending


@overload
def connect(address: str, *, attempts: int = 4, longest: float = 60, keep: int = 128) -> Client: ...


@overload
def connect(
    address: str, token: str, *, attempts: int = 4, longest: float = 60, keep: int = 128
) -> AuthenticatedClient: ...


def connect(
    address: str, token: str | None = None, *, attempts: int = 4, longest: float = 60, keep: int = 128
) -> Client | AuthenticatedClient:
    """A client of the service at an address, with a key or token where one is given.

    A request that the service has no time for (429, 503) is sent again when it says, `attempts` times in all;
    a wait of more than `longest` seconds is not begun. The last `keep` public answers in JSON are kept, and
    asked for again only on condition that they have changed. Proxies and certificates are those that the
    environment names (`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`).
    """
    over: dict[str, Any] = {"retries": attempts - 1, "proxy": _proxy_to(address)}
    inner, async_inner = httpx.HTTPTransport(**over), httpx.AsyncHTTPTransport(**over)
    told = {"transport": Sending(inner, async_inner, attempts=attempts, longest=longest, keep=keep)}
    timeout = httpx.Timeout(60)
    if token is None:
        return Client(address, timeout=timeout, httpx_args=told)
    return AuthenticatedClient(address, token=token, timeout=timeout, httpx_args=told)


def _proxy_to(address: str) -> str | None:
    """The proxy that the environment names for an address; httpx itself looks only without a transport."""
    parts = urlsplit(address)
    return None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
