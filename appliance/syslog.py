"""A log server of the house: where it is, and how messages get there (RFC 5424).

By UDP a message is one datagram (RFC 5426): fast, unencrypted, and lost without a word where
nobody listens. By TCP (RFC 6587) and TLS (RFC 5425) each stands behind its length, and a batch
counts as taken when the server, having read to the end, closes its side too.
"""

import contextlib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, ClassVar, Literal

import msgspec

from appliance.errors import BadRequest, Unavailable
from appliance.sections import Line, Section

PURPOSE = "audit"
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+", re.IGNORECASE)
SECONDS = 5.0  # for each step: the connection, the sending, the goodbye

Told = Callable[[str, str], None]  # (origin, purpose), before each connection


class Syslog(Section, frozen=True):
    """The server to which the record of acts is told, while ``enabled``."""

    SECTION: ClassVar[str] = "syslog"

    enabled: bool = False
    host: Line = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 6514
    transport: Literal["tls", "tcp", "udp"] = "tls"

    @property
    def origin(self) -> str:
        """Where messages go, as it is written down."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"syslog+{self.transport}://{host}:{self.port}"

    def check(self) -> None:
        """Raise ``BadRequest`` (``syslog_bad_host``)."""
        if (self.enabled or self.host) and not HOST.fullmatch(self.host):
            raise BadRequest("syslog_bad_host", host=self.host)


def send(section: Syslog, messages: Sequence[bytes], *, record: Told) -> None:
    """Send messages in their order; ``record`` is called before. By TCP and TLS either all
    were taken or none counts, and they are sent again: whoever reads them knows by their ids.

    Raises ``Unavailable`` (``syslog_not_reached``, ``syslog_not_safe``).
    """
    record(section.origin, PURPOSE)
    with _refusals(section):
        if section.transport == "udp":
            _datagrams(section, messages)
        else:
            _stream(section, messages)


def _datagrams(section: Syslog, messages: Sequence[bytes]) -> None:
    found = socket.getaddrinfo(section.host, section.port, type=socket.SOCK_DGRAM)
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as way:
        way.settimeout(SECONDS)
        way.connect(address)  # so that a machine which refuses them says so
        for one in messages:
            way.send(one)


def _stream(section: Syslog, messages: Sequence[bytes]) -> None:
    with _connection(section) as way:
        way.sendall(b"".join(b"%d %b" % (len(one), one) for one in messages))
        way.shutdown(socket.SHUT_WR)
        while way.recv(4096):
            continue


@contextlib.contextmanager
def _connection(section: Syslog) -> Iterator[socket.socket]:
    with socket.create_connection((section.host, section.port), timeout=SECONDS) as plain:
        if section.transport == "tcp":
            yield plain
            return
        trusted = ssl.create_default_context()
        with trusted.wrap_socket(plain, server_hostname=section.host) as safe:
            yield safe


@contextlib.contextmanager
def _refusals(section: Syslog) -> Iterator[None]:
    try:
        yield
    except ssl.SSLError as fault:
        reason = fault.reason or str(fault)
        raise Unavailable("syslog_not_safe", host=section.host, reason=reason) from fault
    except OSError as fault:
        why = fault.strerror or str(fault) or type(fault).__name__
        raise Unavailable(
            "syslog_not_reached", host=section.host, port=section.port, reason=why
        ) from fault
