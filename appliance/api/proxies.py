"""Who a request really comes from, where it comes through a proxy.

``X-Forwarded-For``, ``-Proto`` and ``-Host`` are what anybody may write. They are believed
only from a peer that the setting ``trusted_proxies`` names, and of several addresses only
the right-most one that is no such proxy itself: everything left of it was written by
strangers. From any other peer the headers change nothing. What is believed takes the place
of the peer, the scheme and the Host, so that nothing behind has to know of proxies.
"""

import ipaddress
import re
from typing import cast

from litestar.types import HTTPScope

from appliance.errors import BadRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

WITH_PORT = re.compile(r"\[(?P<six>[0-9a-fA-F:.]+)\](?::\d+)?|(?P<four>[\d.]+):\d+")


def networks(text: str) -> Networks:
    """The addresses and networks (``10.0.0.5``, ``10.0.0.0/24``, ``fd00::/8``) of a setting.

    Raises ``BadRequest`` (``bad_proxy_setting``) with the word that is neither.
    """
    found = []
    for word in text.split():
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError as fault:
            raise BadRequest("bad_proxy_setting", word=word) from fault
    return tuple(found)


def seen_through(scope: HTTPScope, trusted: Networks) -> HTTPScope:
    """The request as the proxy received it; the same one where no trusted proxy sent it."""
    peer = _address((scope["client"] or ("", 0))[0])
    if peer is None or not _within(peer, trusted):
        return scope
    told = dict(scope)
    told["client"] = (str(_client(peer, _values(scope, b"x-forwarded-for"), trusted)), 0)
    if (protocol := _last(scope, b"x-forwarded-proto").lower()) in ("http", "https"):
        told["scheme"] = protocol
    if host := _last(scope, b"x-forwarded-host"):
        others = [(name, value) for name, value in scope["headers"] if name.lower() != b"host"]
        told["headers"] = [*others, (b"host", host.encode("latin-1"))]
    return cast(HTTPScope, told)


def _client(peer: Address, hops: list[str], trusted: Networks) -> Address:
    """The right-most hop that is no trusted proxy; the last good one where a hop is no
    address at all."""
    found = peer
    for hop in reversed(hops):
        address = _address(hop)
        if address is None:
            break
        found = address
        if not _within(address, trusted):
            break
    return found


def _within(address: Address, trusted: Networks) -> bool:
    return any(address in network for network in trusted)


def _address(text: str) -> Address | None:
    """An address, with or without a port; IPv4 inside IPv6 is IPv4."""
    if found := WITH_PORT.fullmatch(text.strip()):
        text = found["six"] or found["four"]
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    inside = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return inside or address


def _values(scope: HTTPScope, wanted: bytes) -> list[str]:
    """The values of a list header, however many lines it stands on."""
    lines = (value for name, value in scope["headers"] if name.lower() == wanted)
    return [part.strip() for line in lines for part in line.decode("latin-1").split(",")]


def _last(scope: HTTPScope, wanted: bytes) -> str:
    """What the proxy itself wrote, behind whatever came to it."""
    return (_values(scope, wanted) or [""])[-1]
