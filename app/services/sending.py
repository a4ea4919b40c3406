"""Messages on their way to webhooks: signed, sent to an address that was checked, answered by a status."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

import httpcore
import httpx

from app import __version__
from app.services.addresses import RefusedAddressError, check_address, checked_url
from app.services.signatures import signed_headers

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable
    from datetime import datetime

    from httpcore import SOCKET_OPTION, AsyncNetworkBackend, AsyncNetworkStream

    from app.services.deliveries import Message

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""What looks a name up: its addresses as text."""
STEP_SECONDS = 10.0
"""How long connecting, sending or the answer's first line may take, each."""
WHOLE_SECONDS = 20.0
"""How long they may take together."""
_OK, _REDIRECTED, _GONE = 200, 300, 410


class Sent(NamedTuple):
    """What an attempt came to: taken or not, whether the receiver is gone for good, and in a few words.

    `retry_after` is how many seconds the receiver asks to be left alone.
    """

    taken: bool
    outcome: str
    gone: bool = False
    retry_after: int = 0


async def look_up(host: str, port: int) -> list[str]:
    """The addresses that the system has for a name. Raises OSError where it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connections to the addresses that were checked: a name is looked up once, and not again.

    TLS still asks for the name's own certificate. Where one of a name's addresses may not be connected
    to, none is: whoever answers for the name means no good.
    """

    def __init__(
        self, network: AsyncNetworkBackend, *, private: bool = False, resolve: Resolve = look_up
    ) -> None:
        """Connect through a network."""
        self._network, self._private, self._resolve = network, private, resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the name and the limit are httpcore's
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Connect to a host, at the first of its addresses that answers.

        Raises RefusedAddressError, httpcore.ConnectError, httpcore.ConnectTimeout.
        """
        refusal = httpcore.ConnectError("The name has no address.")
        for address in await self._addresses(host, port):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                refusal = error
        raise refusal

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = list(dict.fromkeys(await self._resolve(host, port)))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("The name is not known.") from error
        for address in found:
            check_address(ip_address(address), private=self._private)
        return found


class Sender:
    """Sends messages, each over a connection of its own; no answer's body is read, none leads elsewhere."""

    def __init__(
        self, *, private: bool = False, resolve: Resolve = look_up, trusted: ssl.SSLContext | None = None
    ) -> None:
        """Send to public addresses or, if `private`, in networks of one's own too."""
        self._private = private
        self._network = CheckedNetwork(httpcore.AnyIOBackend(), private=private, resolve=resolve)
        self._trusted = trusted

    async def __call__(self, message: Message, at: datetime) -> Sent:
        """Attempt to deliver a message; whatever goes wrong is the attempt's outcome."""
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await self._sent(message, at)
        except RefusedAddressError as error:
            return Sent(taken=False, outcome=f"The address {error}")
        except (TimeoutError, httpcore.TimeoutException):
            return Sent(taken=False, outcome="Took too long")
        except (httpcore.NetworkError, httpcore.ProtocolError):
            return Sent(taken=False, outcome="Could not be reached")

    async def _sent(self, message: Message, at: datetime) -> Sent:
        url = checked_url(message.url, private=self._private)
        body = message.payload.encode()
        headers = {
            "content-type": "application/json",
            "user-agent": f"Outturn/{__version__}",
            **signed_headers(message.secret, message.id, body, at),
        }
        if self._trusted is None:
            self._trusted = httpx.create_ssl_context()
        limits = dict.fromkeys(("connect", "read", "write", "pool"), STEP_SECONDS)
        async with (
            httpcore.AsyncConnectionPool(self._trusted, network_backend=self._network) as pool,
            pool.stream(
                "POST", str(url), headers=list(headers.items()), content=body, extensions={"timeout": limits}
            ) as answer,
        ):
            return _told(answer)


def _told(answer: httpcore.Response) -> Sent:
    waits = dict(answer.headers).get(b"retry-after", b"").decode("latin-1")
    return Sent(
        taken=_OK <= answer.status < _REDIRECTED,
        outcome=f"Answered {answer.status}",
        gone=answer.status == _GONE,
        retry_after=int(waits) if waits.isascii() and waits.isdigit() and len(waits) < len("1000000") else 0,
    )
