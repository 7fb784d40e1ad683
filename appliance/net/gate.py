"""A gate: what may be reached for one purpose, and the ways to ask for it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec

from appliance.errors import NotAllowed, Unavailable
from appliance.net import addresses, names
from appliance.net.doors import AsyncDoor, Door

Record = Callable[[str, str], None]  # (origin, purpose), before each request

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 20.0  # between two pieces of an answer
ANSWER_BYTES = 20_000_000
REDIRECTS = 5


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back from ``Gate.send`` or ``Gate.fetch``, read to its end. Header names are
    in small letters; ``address`` is where it came from after the redirects."""

    status: int
    headers: dict[str, str]
    body: bytes
    address: str


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
    could not be checked. ``sites`` are the prefixes (``names.prefix``) that may be crawled:
    anywhere but on this machine, and never by the proxy; None: it is no crawl. ``record`` is
    called with origin and purpose before each request, ``refuse`` for each that was kept back.
    ``limit`` is the most bytes of one answer.
    """

    purpose: str
    opened: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    sites: frozenset[str] | None = None
    within: bool = False
    proxy: str = ""
    limit: int = ANSWER_BYTES
    record: Record
    refuse: Record = lambda origin, purpose: None

    def check(self, address: str) -> str:
        """The origin of an address, if a request may go there. Raises ``NotAllowed``
        (``host_not_open``, ``site_not_approved``), ``BadRequest`` (``bad_address``)."""
        return self._check(names.url(address))

    @property
    def way(self) -> str | None:
        """The proxy that requests go by, if any."""
        return None if self.within or self.sites is not None else self.proxy or None

    def client(
        self, *, silence: float = SILENCE_SECONDS, connect: float = CONNECT_SECONDS
    ) -> httpx.Client:
        """A client that can go nowhere else. ``silence`` (seconds) ends a wait for the next
        piece of an answer, ``connect`` one for a connection. Close it."""
        return httpx.Client(transport=Door(self), **_options(silence, connect))

    def async_client(
        self, *, silence: float = SILENCE_SECONDS, connect: float = CONNECT_SECONDS
    ) -> httpx.AsyncClient:
        """The same for ``await``."""
        return httpx.AsyncClient(transport=AsyncDoor(self), **_options(silence, connect))

    def send(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        silence: float = SILENCE_SECONDS,
        redirects: bool = True,
    ) -> Answer:
        """One request and its whole answer, whatever its status; with ``redirects`` false, also
        that it is elsewhere.

        Raises ``NotAllowed`` (``host_not_open``, ``address_not_allowed``), ``TooLarge``
        (``answer_too_large``), ``Unavailable`` (``host_not_reached``).
        """
        origin = self._enter(names.url(address))
        try:
            with self.client(silence=silence) as client:
                answer = client.request(
                    method, address, headers=headers, content=body, follow_redirects=redirects
                )
        except httpx.HTTPError as fault:
            raise not_reached(origin, fault) from fault
        return _whole(answer, answer.content)

    def fetch(
        self,
        address: str,
        *,
        headers: Mapping[str, str],
        seconds: float,
        wanted: Callable[[int, Mapping[str, str]], bool] = lambda status, headers: True,
        method: str = "GET",
        body: bytes | None = None,
    ) -> Answer:
        """One page, in ``seconds`` from the first look at its name to its last byte: a server
        that sends a byte now and then never falls silent.

        The body of an answer whose status and headers are not ``wanted`` is left where it is.
        Raises as ``send``, ``NotAllowed`` (``site_not_approved``, ``site_address``) and
        ``Unavailable`` (``host_too_slow``).
        """
        origin = self._enter(names.url(address))
        try:
            return asyncio.run(self._fetched(method, address, headers, body, seconds, wanted))
        except TimeoutError as fault:
            raise Unavailable("host_too_slow", origin=origin, seconds=round(seconds)) from fault
        except httpx.HTTPError as fault:
            raise not_reached(origin, fault) from fault

    async def _fetched(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: bytes | None,
        seconds: float,
        wanted: Callable[[int, Mapping[str, str]], bool],
    ) -> Answer:
        async with (
            asyncio.timeout(seconds),
            self.async_client() as client,
            client.stream(method, address, headers=headers, content=body) as answer,
        ):
            if not wanted(answer.status_code, answer.headers):
                return _whole(answer, b"")
            return _whole(answer, b"".join([piece async for piece in answer.aiter_raw()]))

    @contextmanager
    def stream(self, address: str, headers: Mapping[str, str]) -> Iterator[Coming]:
        """Ask for something that is taken piece by piece, as in ``send``."""
        origin = self._enter(names.url(address))
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

    def _enter(self, url: httpx.URL) -> str:
        """The origin of a request that is about to leave; one that may not is counted."""
        with self._counted(url):
            return self._check(url)

    @contextmanager
    def _counted(self, url: httpx.URL) -> Iterator[None]:
        try:
            yield
        except NotAllowed:
            self.refuse(names.origin(url), self.purpose)
            raise

    def _check(self, url: httpx.URL) -> str:
        here = names.origin(url)
        if here in self.opened or here in self.public:
            return here
        if self.sites is None:
            raise NotAllowed("host_not_open", origin=here)
        if not any(names.is_below(url, site) for site in self.sites):
            raise NotAllowed("site_not_approved", address=str(url))
        if (literal := addresses.literal(url.host)) is not None:
            self._allow(here, literal, named=True)
        return here

    def let_through(self, request: httpx.Request) -> tuple[str, list[httpx.Request]]:
        """Let a request through, or not: its origin, and the forms of it to try in turn, none
        where the addresses of its host are to be looked up and ``pinned``."""
        here = self._enter(request.url)
        # A packed answer of a kilobyte can be a gigabyte; nobody here needs them packed.
        request.headers["accept-encoding"] = "identity"
        return here, ([request] if self.way else [])

    def pinned(
        self, here: str, request: httpx.Request, found: Iterable[str]
    ) -> list[httpx.Request]:
        """The request to each of the addresses that were found for its host, if all of them
        are ones that it may lead to."""
        reached = [addresses.plain(address) for address in found]
        with self._counted(request.url):
            for address in reached:
                self._allow(here, address, named=names.is_literal(request.url.host))
        return [_to(request, address) for address in reached]

    def _allow(self, here: str, address: addresses.Address, *, named: bool) -> None:
        if here not in self.opened and here not in self.public:
            if not addresses.may_hold_a_site(address):
                raise NotAllowed("site_address", origin=here, address=str(address))
            return
        if not addresses.may_be(address, named=named, public=here not in self.opened):
            raise NotAllowed("address_not_allowed", origin=here, address=str(address))
        if self.within and address.is_global:
            raise NotAllowed("address_outside", origin=here, address=str(address))


def not_reached(where: str, fault: Exception) -> Unavailable:
    """The refusal for a request that failed on the way."""
    return Unavailable("host_not_reached", origin=where, reason=str(fault) or type(fault).__name__)


def _to(request: httpx.Request, address: addresses.Address) -> httpx.Request:
    """The request to one address; certificate and Host header stay those of the name."""
    name = request.url.host
    return httpx.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        stream=request.stream,
        extensions=request.extensions | {"sni_hostname": name},
    )


def _whole(answer: httpx.Response, body: bytes) -> Answer:
    return Answer(
        status=answer.status_code,
        headers=dict(answer.headers),
        body=body,
        address=str(answer.url),
    )


def _options(silence: float, connect: float) -> dict[str, Any]:
    return {
        "timeout": httpx.Timeout(silence, connect=connect),
        "follow_redirects": True,
        "max_redirects": REDIRECTS,
        "trust_env": False,
    }
