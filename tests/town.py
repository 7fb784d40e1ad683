"""A town of web sites at addresses that no test machine has, and a resolver that may lie.

The sites listen on 127.0.0.1, where a crawl must never go. One step below everything that is
tested, where the event loop connects a socket, an address of the town is exchanged for that
of its server; every other address is left as it is, so that a request that gets through to
this machine really arrives. Nothing in the appliance knows of it.
"""

import errno
import socket
import threading
import time
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.database import Database
from appliance.index.reading import kinds, leads
from appliance.index.reading.kinds import Kind
from appliance.index.reading.wire import Leads
from appliance.jobs.crawl import Crawler
from appliance.jobs.listing import Entry, FetchedFile, Gap, Known
from appliance.settings import Settings
from appliance.sources import Source, SourceKind, SourceOptions


class Reply(msgspec.Struct):
    """What a site answers. ``drip``: seconds before each byte of the body; ``endless`` goes
    on until the client leaves."""

    body: str | bytes = ""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = {}
    drip: float = 0.0
    endless: bool = False


class Web(ThreadingHTTPServer):
    """A site: ``pages`` by path and query, or ``invent`` for those that are not there.
    ``asked`` are the requests, as (path, headers)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.pages: dict[str, Reply | str] = {}
        self.invent: Callable[[str], Reply | str | None] = lambda path: None
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, without the site's rules and map."""
        return [path for path, _ in self.asked if path not in ("/robots.txt", "/sitemap.xml")]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no news."""


class _Answers(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers))
        found = self.server.pages.get(self.path) or self.server.invent(self.path)
        reply = Reply(body=found) if isinstance(found, str) else found or Reply(status=404)
        tag = reply.headers.get("ETag")
        if reply.status == 200 and tag and headers.get("if-none-match") == tag:
            reply = Reply(status=304, headers=reply.headers)
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.type, **reply.headers}.items():
            self.send_header(name, value)
        if not reply.endless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._send(reply, body)
        self.close_connection = True

    def _send(self, reply: Reply, body: bytes) -> None:
        if reply.drip:
            for byte in body:
                time.sleep(reply.drip)
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            return
        self.wfile.write(body)
        while reply.endless:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """``asked`` is the log."""


class Seen(msgspec.Struct):
    """What a crawl gave."""

    entries: list[Entry]
    gaps: list[Gap]

    @property
    def keys(self) -> list[str]:
        return [entry.key for entry in self.entries]

    @property
    def paths(self) -> list[str]:
        """The keys without scheme and host."""
        return ["/" + key.split("/", 3)[3] for key in self.keys]

    @property
    def reasons(self) -> dict[str, str]:
        """The code of each gap by its key."""
        return {gap.key: gap.problem.code for gap in self.gaps}

    def entry(self, path: str) -> Entry:
        return self.entries[self.paths.index(path)]


class Town:
    """``names`` are the answers of the resolver for a name, one list after the other, the last
    one for ever; ``sites`` the servers at addresses; ``connected`` the addresses that were
    tried; ``paused`` the seconds waited, which nobody waits for."""

    def __init__(self, tmp_path: Path, database: Database) -> None:
        self.database = database
        self.folder = tmp_path
        self.names: dict[str, list[list[str]]] = {}
        self.sites: dict[str, Web] = {}
        self.connected: list[str] = []
        self.paused: list[float] = []
        self.approved = "http://intranet.lan"
        self.runs = 0

    def settle(self, name: str, address: str) -> Web:
        """A new site under a name, at an address of the town."""
        web = Web()
        threading.Thread(target=lambda: web.serve_forever(0.02), daemon=True).start()
        self.names[name] = [[address]]
        self.sites[address] = web
        return web

    def crawler(self, **rest: Any) -> Crawler:
        chosen = {"look_into": look_into, "pause": self.paused.append, "clock": self.now} | rest
        settings = Settings(data_dir=str(self.folder / "data"), source_sites=self.approved)
        return Crawler(settings, self.database, **chosen)

    def now(self) -> float:
        """A clock that only pauses move."""
        return sum(self.paused)

    def crawl(
        self,
        address: str = "http://intranet.lan/",
        kind: SourceKind = "site",
        *,
        known: dict[str, Known] | None = None,
        crawler: Crawler | None = None,
        check: Callable[[], None] = lambda: None,
        **options: Any,
    ) -> Seen:
        """One crawl from an address to its end; every entry's content is fetched."""
        self.runs += 1
        scratch = self.folder / f"scratch{self.runs}"
        scratch.mkdir()
        found = (crawler or self.crawler()).look(
            source(address, kind, **options),
            known=(known or {}).get,
            check=check,
            scratch=scratch,
        )
        given = list(found)
        return Seen(
            entries=[one for one in given if isinstance(one, Entry)],
            gaps=[one for one in given if isinstance(one, Gap)],
        )

    def fetched(self, entry: Entry) -> tuple[FetchedFile, bytes]:
        """An entry's content."""
        place = self.folder / f"fetched{len(list(self.folder.iterdir()))}"
        file = entry.fetch(place)
        return file, place.read_bytes()


def source(address: str, kind: SourceKind, **options: Any) -> Source:
    return Source(
        id="s1", collection="c1", kind=kind, address=address, schedule="manual",
        options=SourceOptions(**options), due_at=None, mark=None, created_at="2026-01-01",
    )  # fmt: skip


def look_into(path: Path, kind: Kind) -> Leads:
    """What the confined child does, in this process."""
    with path.open("rb") as file:
        return leads.of(file, path.name, is_map=kind == kinds.XML)


def page(*links: str, title: str = "", text: str = "", head: str = "") -> str:
    """A page with links."""
    anchors = "".join(f"<p><a href='{link}'>{link}</a></p>" for link in links)
    return (
        f"<html><head><title>{title}</title>{head}</head><body><p>{text}</p>{anchors}</body></html>"
    )


@contextmanager
def town(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town for as long as the block."""
    opened = Town(tmp_path, database)
    look_up, connect = socket.getaddrinfo, BaseSelectorEventLoop.sock_connect

    def found(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        rounds = opened.names.get(name)
        if rounds is None:
            return look_up(host, port, *rest, **more)
        addresses = rounds.pop(0) if len(rounds) > 1 else rounds[0]
        return [(family(one), socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    async def connected(loop: Any, sock: socket.socket, address: Any) -> Any:
        opened.connected.append(address[0])
        if web := opened.sites.get(address[0]):
            return await connect(loop, sock, ("127.0.0.1", web.server_port))
        if address[0].startswith("127.") or address[0] == "::1":
            return await connect(loop, sock, address)
        raise OSError(errno.EHOSTUNREACH, "nobody lives there")

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", connected)
    try:
        yield opened
    finally:
        for web in opened.sites.values():
            web.shutdown()
            web.server_close()


def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


@pytest.fixture
def here(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The town of a test."""
    with town(tmp_path, database, monkeypatch) as opened:
        yield opened


@pytest.fixture
def web(here: Town) -> Web:
    """The site of the intranet, which is approved."""
    return here.settle("intranet.lan", "10.1.2.3")


@pytest.fixture
def canary() -> Iterator[Web]:
    """A server on this machine that must never be asked."""
    with Web() as server:
        server.invent = lambda path: "<p>canary</p>"
        threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True).start()
        yield server
        server.shutdown()
    assert server.asked == []


def outside(here: Town) -> list[str]:
    """The addresses that were connected to and are not those of the intranet's site."""
    return [address for address in here.connected if address != "10.1.2.3"]
