"""A log server for tests: takes syslog by UDP, TCP or TLS on this machine, and keeps it."""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

HEAD = re.compile(
    r"<(?P<priority>\d{1,3})>1 (?P<at>\S+) (?P<host>\S+) (?P<app>\S+) (?P<process>\S+)"
    r" (?P<kind>\S{1,32}) (?P<rest>.*)",
    re.DOTALL,
)
PAIR = re.compile(r' ([^ ="\]]+)="((?:[^"\\\]]|\\["\\\]])*)"')
Transport = Literal["udp", "tcp", "tls"]


class Read(msgspec.Struct, frozen=True):
    """A message taken apart as RFC 5424 has it."""

    priority: int
    at: str
    host: str
    app: str
    kind: str
    structure: str
    data: dict[str, str]
    text: str


def read(raw: bytes) -> Read:
    """A message; fails where it is none."""
    head = HEAD.fullmatch(raw.decode())
    assert head, raw
    rest = head["rest"]
    assert rest[0] == "["
    structure, at = rest[1:].split(" ", 1)[0], rest.index(" ")
    data: dict[str, str] = {}
    while found := PAIR.match(rest, at):
        data[found[1]] = re.sub(r'\\(["\\\]])', r"\1", found[2])
        at = found.end()
    assert rest[at : at + 2] == "] ", rest[at:]
    return Read(
        int(head["priority"]), head["at"], head["host"], head["app"], head["kind"],
        structure, data, rest[at + 2 :],
    )  # fmt: skip


class LogHouse:
    """What came, in its order. ``drops`` connections are broken off before they are read."""

    def __init__(self) -> None:
        self.port = 0
        self.raw: list[bytes] = []
        self.drops = 0

    @property
    def messages(self) -> list[Read]:
        return [read(one) for one in list(self.raw)]

    @property
    def ids(self) -> list[int]:
        return [int(one.data["id"]) for one in self.messages]

    def take(self, way: socket.socket) -> None:
        """Read octet-counted messages to the end, then say goodbye."""
        if self.drops:
            self.drops -= 1
            way.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return
        with way.makefile("rb") as stream:
            came = []
            while length := _number(stream):
                came.append(stream.read(length))
            self.raw += came


def _number(stream: object) -> int:
    digits = b""
    while (one := stream.read(1)) not in (b"", b" "):  # type: ignore[attr-defined]
        digits += one
    return int(digits or b"0")


@contextlib.contextmanager
def log_house(
    transport: Transport = "tcp", *, port: int = 0, certificate: tuple[Path, Path] | None = None
) -> Iterator[LogHouse]:
    """A log server at 127.0.0.1, which ends with the block."""
    house = LogHouse()
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    server = socket.socket(socket.AF_INET, kind)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    house.port = int(server.getsockname()[1])
    ended = threading.Event()
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)

    def datagrams() -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                house.raw.append(server.recv(65_535))

    def connections() -> None:
        server.listen()
        while not ended.is_set():
            with contextlib.suppress(TimeoutError, ConnectionError, ssl.SSLError):
                way, _ = server.accept()
                way.settimeout(10)
                with context.wrap_socket(way, server_side=True) if context else way as safe:
                    house.take(safe)

    server.settimeout(0.1)
    if transport != "udp":
        server.listen()
    thread = threading.Thread(target=datagrams if transport == "udp" else connections)
    thread.start()
    try:
        yield house
    finally:
        ended.set()
        thread.join()
        server.close()
