"""Doors: httpx transports that ask their gate about every request before they carry it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import cache
from typing import Any, Protocol

import httpx

from appliance.errors import TooLarge
from appliance.net import addresses


class Keeper(Protocol):
    """What a door needs of its ``Gate``."""

    @property
    def purpose(self) -> str: ...
    @property
    def limit(self) -> int: ...
    @property
    def record(self) -> Callable[[str, str], None]: ...
    @property
    def way(self) -> str | None: ...

    def let_through(self, request: httpx.Request) -> tuple[str, list[httpx.Request]]: ...
    def pinned(
        self, here: str, request: httpx.Request, found: Iterable[str]
    ) -> list[httpx.Request]: ...


class Door(httpx.BaseTransport):
    """Lets requests through a gate. A connection serves one origin: two names can share an
    address, and a certificate vouches for one of them."""

    def __init__(self, gate: Keeper) -> None:
        self.gate = gate
        self._by_origin: dict[str, httpx.HTTPTransport] = {}
        self._connection = _connection(gate)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        here, forms = self.gate.let_through(request)
        if not forms:
            forms = self.gate.pinned(here, request, addresses.looked_up(request.url))
        self.gate.record(here, self.gate.purpose)
        if here not in self._by_origin:
            self._by_origin[here] = httpx.HTTPTransport(**self._connection)
        return self._first(self._by_origin[here], forms)

    def _first(self, transport: httpx.HTTPTransport, forms: list[httpx.Request]) -> httpx.Response:
        for form in forms[:-1]:
            try:
                return self._limited(transport.handle_request(form))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # nothing was sent: the next address
        return self._limited(transport.handle_request(forms[-1]))

    def _limited(self, response: httpx.Response) -> httpx.Response:
        _plain(response)
        assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101
        response.stream = _Counted(response.stream, self.gate.limit)
        return response

    def close(self) -> None:
        for transport in self._by_origin.values():
            transport.close()


class AsyncDoor(httpx.AsyncBaseTransport):
    """``Door`` for ``await``."""

    def __init__(self, gate: Keeper) -> None:
        self.gate = gate
        self._by_origin: dict[str, httpx.AsyncHTTPTransport] = {}
        self._connection = _connection(gate)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        here, forms = self.gate.let_through(request)
        if not forms:
            found = await asyncio.to_thread(addresses.looked_up, request.url)
            forms = self.gate.pinned(here, request, found)
        await asyncio.to_thread(self.gate.record, here, self.gate.purpose)
        if here not in self._by_origin:
            self._by_origin[here] = httpx.AsyncHTTPTransport(**self._connection)
        return await self._first(self._by_origin[here], forms)

    async def _first(
        self, transport: httpx.AsyncHTTPTransport, forms: list[httpx.Request]
    ) -> httpx.Response:
        for form in forms[:-1]:
            try:
                return self._limited(await transport.handle_async_request(form))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._limited(await transport.handle_async_request(forms[-1]))

    def _limited(self, response: httpx.Response) -> httpx.Response:
        _plain(response)
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101
        response.stream = _AsyncCounted(response.stream, self.gate.limit)
        return response

    async def aclose(self) -> None:
        for transport in self._by_origin.values():
            await transport.aclose()


class _Counted(httpx.SyncByteStream):
    """An answer that ends in ``TooLarge`` when it grows beyond the limit."""

    def __init__(self, stream: httpx.SyncByteStream, limit: int) -> None:
        self.stream, self.limit = stream, limit

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        for piece in self.stream:
            count += len(piece)
            _within(count, self.limit)
            yield piece

    def close(self) -> None:
        self.stream.close()


class _AsyncCounted(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, limit: int) -> None:
        self.stream, self.limit = stream, limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        async for piece in self.stream:
            count += len(piece)
            _within(count, self.limit)
            yield piece

    async def aclose(self) -> None:
        await self.stream.aclose()


def _within(count: int, limit: int) -> None:
    if count > limit:
        raise TooLarge("answer_too_large", limit_mb=limit // 1_000_000)


def _plain(response: httpx.Response) -> None:
    """An answer that was packed although asked not to be is not unpacked."""
    if response.headers.get("content-encoding", "identity") != "identity":
        del response.headers["content-encoding"]


def _connection(gate: Keeper) -> dict[str, Any]:
    return {"verify": _certificates(), "trust_env": False, "proxy": gate.way}


@cache
def _certificates() -> ssl.SSLContext:
    """Httpx's certificates and the machine's, which know the site's own. Read once: it takes
    60 ms, and every answer of another engine has a client of its own."""
    certificates = httpx.create_ssl_context(trust_env=False)
    certificates.load_default_certs()
    return certificates
