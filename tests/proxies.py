"""A TCP proxy between the service and its database that cuts, refuses, stalls and slows, as networks do."""

import asyncio
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_AT_ONCE = 2**16
_WAIT_SECONDS = 30
_COMMIT = b"COMMIT"
_AT_ONCE_AND_RUDELY = struct.pack("ii", 1, 0)
"""What SO_LINGER is told for a connection to be reset, not closed."""


class Proxy:
    """Passes on what comes to a port of its own to a Unix socket; it runs in a thread of its own."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._open: set[asyncio.StreamWriter] = set()
        self._pause = 0.0
        self._refuses = False
        self._cutting: Callable[[bytes], bool] | None = None
        self._flows = asyncio.Event()
        self._flows.set()

    def url(self, database: str = "postgres") -> str:
        """The address of a database behind it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def cut(self) -> None:
        """Reset all connections that there are."""
        self._do(self._cut)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Reset all connections that there are, and those that are tried meanwhile."""
        self._refuses = True
        self.cut()
        yield
        self._refuses = False

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Take what comes, and pass nothing on before the end; nobody is told."""
        self._do(self._flows.clear)
        yield
        self._do(self._flows.set)

    @contextmanager
    def slowed(self, seconds: float) -> Iterator[None]:
        """Hold each piece back for some seconds."""
        self._pause = seconds
        yield
        self._pause = 0.0

    def cut_at_commit(self, *, passed_on: bool) -> threading.Event:
        """Reset the next connection that commits: with its commit passed on, but no answer; or without.

        Gives an event that says when that was.
        """
        struck = threading.Event()

        def cut(piece: bytes) -> bool:
            if _COMMIT not in piece:
                return False
            self._cutting = None
            struck.set()
            return True

        self._cutting, self._passed_on = cut, passed_on
        return struck

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = listening.getsockname()[1]
        serving = asyncio.start_server(self._serve, sock=listening)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(_WAIT_SECONDS)

    def close(self) -> None:
        """Reset all connections, and listen no more."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(_WAIT_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_WAIT_SECONDS)
        self._loop.close()

    def _do(self, act: Callable[[], T]) -> T:
        done: Future[T] = Future()
        self._loop.call_soon_threadsafe(lambda: done.set_result(act()))
        return done.result(_WAIT_SECONDS)

    def _cut(self) -> None:
        for writer in self._open:
            _reset(writer)

    async def _end(self) -> None:
        self._server.close()
        self._refuses = True
        self._cut()
        self._flows.set()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._counted(writer):
            if self._refuses:
                return
            with suppress(OSError):
                theirs, to_them = await asyncio.open_unix_connection(self._target)
                async with self._counted(to_them):
                    there = self._pass_on(reader, to_them, outwards=True)
                    await asyncio.gather(there, self._pass_on(theirs, writer, outwards=False))

    @asynccontextmanager
    async def _counted(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        self._open.add(writer)
        try:
            yield
        finally:
            self._open.discard(writer)
            _reset(writer)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, outwards: bool
    ) -> None:
        """Until either end closes, which raises ConnectionError so that both are let go."""
        while piece := await reader.read(_AT_ONCE):
            await asyncio.sleep(self._pause)
            await self._flows.wait()
            cutting = outwards and self._cutting is not None and self._cutting(piece)
            if not cutting or self._passed_on:
                writer.write(piece)
                await writer.drain()
            if cutting:
                await asyncio.sleep(0)
                raise ConnectionResetError
        raise ConnectionResetError


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE_AND_RUDELY)
    writer.transport.abort()


@contextmanager
def proxied(target: Path) -> Iterator[Proxy]:
    """A proxy that passes on to a Unix socket until the block ends."""
    proxy = Proxy(target)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.close()
