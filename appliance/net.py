"""The only way out: every request that leaves this server goes through a ``Gate``.

Promises. Nothing goes to an origin (scheme, host and port) that is not open, and a redirect
is a request like any other. A name is looked up once and the connection made to the very
address that was checked; a name that leads inside this machine, in one of its answers even,
leads nowhere. No proxy, certificate or password comes from the environment. Each request is
written down before it is sent: what cannot be written down is not sent.

``Gate.client`` and ``Gate.async_client`` give httpx clients for libraries that want one; what
is refused comes out of them as a ``Refusal``, what fails on the way as httpx's own error.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import httpx
import msgspec

from appliance.errors import BadRequest, NotAllowed, TooLarge, Unavailable

Record = Callable[[str, str], None]  # (origin, purpose), before each request
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 20.0  # between two pieces of an answer
ANSWER_BYTES = 20_000_000
REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back from ``Gate.send``, read to its end. Header names are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is still coming. ``headers`` are its own, then those of the redirects
    before it; names in small letters."""

    status: int
    headers: list[dict[str, str]]
    pieces: Iterator[bytes]


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """What may be reached for one purpose.

    ``opened`` are the origins that the administrator named: they may be on the site's network,
    and on this machine where the address itself was named. ``public`` are origins that the
    product names; they must be on the public network. ``within`` keeps to the site's network:
    what leads to a public address is refused, and there is no proxy, behind which an address
    could not be checked. ``record`` is called with origin and purpose before each request.
    ``limit`` is the most bytes of one answer.
    """

    purpose: str
    opened: frozenset[str]
    public: frozenset[str] = frozenset()
    within: bool = False
    proxy: str = ""
    limit: int = ANSWER_BYTES
    record: Record

    def check(self, address: str) -> str:
        """The origin of an address, if a request may go there. Raises ``NotAllowed``
        (``host_not_open``), ``BadRequest`` (``bad_address``)."""
        return self._check(_url(address))

    def client(
        self, *, silence: float = SILENCE_SECONDS, connect: float = CONNECT_SECONDS
    ) -> httpx.Client:
        """A client that can go nowhere else. ``silence`` (seconds) ends a wait for the next
        piece of an answer, ``connect`` one for a connection. Close it."""
        return httpx.Client(transport=_Door(self), **_options(silence, connect))

    def async_client(
        self, *, silence: float = SILENCE_SECONDS, connect: float = CONNECT_SECONDS
    ) -> httpx.AsyncClient:
        """The same for ``await``."""
        return httpx.AsyncClient(transport=_AsyncDoor(self), **_options(silence, connect))

    def send(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        silence: float = SILENCE_SECONDS,
    ) -> Answer:
        """One request and its whole answer, whatever its status.

        Raises ``NotAllowed`` (``host_not_open``, ``address_not_allowed``), ``TooLarge``
        (``answer_too_large``), ``Unavailable`` (``host_not_reached``).
        """
        origin = self.check(address)
        try:
            with self.client(silence=silence) as client:
                answer = client.request(method, address, headers=headers, content=body)
        except httpx.HTTPError as fault:
            raise not_reached(origin, fault) from fault
        return Answer(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    @contextmanager
    def stream(self, address: str, headers: Mapping[str, str]) -> Iterator[Coming]:
        """Ask for something that is taken piece by piece, as in ``send``."""
        origin = self.check(address)
        try:
            with (
                self.client() as client,
                client.stream("GET", address, headers=headers) as answer,
            ):
                hops = [answer, *reversed(answer.history)]
                yield Coming(
                    status=answer.status_code,
                    headers=[dict(hop.headers) for hop in hops],
                    pieces=answer.iter_raw(),
                )
        except httpx.HTTPError as fault:
            raise not_reached(origin, fault) from fault

    def _check(self, url: httpx.URL) -> str:
        here = origin(url)
        if here not in self.opened and here not in self.public:
            raise NotAllowed("host_not_open", origin=here)
        return here

    def _pass(self, request: httpx.Request) -> tuple[str, list[httpx.Request]]:
        """Let a request through, or not: its origin, and the forms of it to try in turn."""
        here = self._check(request.url)
        # A packed answer of a kilobyte can be a gigabyte; nobody here needs them packed.
        request.headers["accept-encoding"] = "identity"
        return here, ([request] if self.proxy and not self.within else [])

    def _pinned(
        self, here: str, request: httpx.Request, found: Iterable[str]
    ) -> list[httpx.Request]:
        addresses = [_plain_address(address) for address in found]
        host = request.url.host
        named = is_literal(host)
        for address in addresses:
            if not _may_be(address, named=named, public=here not in self.opened):
                raise NotAllowed("address_not_allowed", origin=here, address=str(address))
            if self.within and address.is_global:
                raise NotAllowed("address_outside", origin=here, address=str(address))
        return [_to(request, address) for address in addresses]


def origins(text: str) -> frozenset[str]:
    """The origins of a setting: addresses with spaces between them, ``https`` unless they say
    ``http``; what follows the port does not count. Raises ``BadRequest`` (``bad_address``)."""
    return frozenset(origin(word if "://" in word else f"https://{word}") for word in text.split())


def origin(url: httpx.URL | str) -> str:
    """Scheme, host and port of an address, as they are compared and written down.

    Raises ``BadRequest`` (``bad_address``).
    """
    url = _url(url) if isinstance(url, str) else url
    host = url.raw_host.decode("ascii").lower().rstrip(".")
    # A name before the host ("https://good.test@evil.test") is there to mislead; "*.test" and
    # "a.test,b.test" would pass for a host and open nothing.
    named = not url.userinfo and (_NAME.fullmatch(host) or is_literal(host))
    if url.scheme not in PORTS or not named or not 0 < (url.port or 80) < 65536:
        raise BadRequest("bad_address", address=f"{url.scheme}://{url.netloc.decode()}")
    host = f"[{host}]" if ":" in host else host
    port = url.port or PORTS[url.scheme]
    return f"{url.scheme}://{host}:{port}".removesuffix(f":{PORTS[url.scheme]}")


def is_literal(host: str) -> bool:
    """Whether a host is an address, or this machine, named as such."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def not_reached(where: str, fault: Exception) -> Unavailable:
    """The refusal for a request that failed on the way."""
    return Unavailable("host_not_reached", origin=where, reason=str(fault) or type(fault).__name__)


def _url(address: str) -> httpx.URL:
    try:
        return httpx.URL(address.strip())
    except httpx.InvalidURL as fault:
        raise BadRequest("bad_address", address=address) from fault


def _plain_address(text: str) -> Address:
    """An address as it is reached: IPv4 that is dressed as IPv6 is IPv4."""
    address = ipaddress.ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _may_be(address: Address, *, named: bool, public: bool) -> bool:
    """Whether a connection to this address is what was meant when the host was opened."""
    if address.is_unspecified or address.is_multicast or address.is_link_local:
        return False
    if public:
        return address.is_global
    return named or not (address.is_loopback or address.is_reserved)


def _to(request: httpx.Request, address: Address) -> httpx.Request:
    """The request to one address; certificate and Host header stay those of the name."""
    name = request.url.host
    return httpx.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        stream=request.stream,
        extensions=request.extensions | {"sni_hostname": name},
    )


def _options(silence: float, connect: float) -> dict[str, Any]:
    return {
        "timeout": httpx.Timeout(silence, connect=connect),
        "follow_redirects": True,
        "max_redirects": REDIRECTS,
        "trust_env": False,
    }


def _connection(gate: Gate) -> dict[str, Any]:
    proxy = None if gate.within else gate.proxy or None
    return {"verify": _certificates(), "trust_env": False, "proxy": proxy}


@cache
def _certificates() -> ssl.SSLContext:
    """Httpx's certificates and the machine's, which know the site's own. Read once: it takes
    60 ms, and every answer of another engine has a client of its own."""
    certificates = httpx.create_ssl_context(trust_env=False)
    certificates.load_default_certs()
    return certificates


class _Door(httpx.BaseTransport):
    """Lets requests through a gate. A connection serves one origin: two names can share an
    address, and a certificate vouches for one of them."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._by_origin: dict[str, httpx.HTTPTransport] = {}
        self._connection = _connection(gate)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        here, forms = self.gate._pass(request)
        if not forms:
            forms = self.gate._pinned(here, request, _looked_up(request.url))
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


class _AsyncDoor(httpx.AsyncBaseTransport):
    """``_Door`` for ``await``."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._by_origin: dict[str, httpx.AsyncHTTPTransport] = {}
        self._connection = _connection(gate)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        here, forms = self.gate._pass(request)
        if not forms:
            found = await asyncio.to_thread(_looked_up, request.url)
            forms = self.gate._pinned(here, request, found)
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


def _looked_up(url: httpx.URL) -> list[str]:
    """The addresses of a host, each once. Raises ``httpx.ConnectError``."""
    try:
        found = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
    except OSError as fault:
        raise httpx.ConnectError(str(fault)) from fault
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
