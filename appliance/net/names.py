"""What an address names: its origin, and whether it lies below the prefix of a site.

Addresses are compared as they are sent, after httpx has read them; what two programs could
read in two ways (a password, a backslash, a step upwards, a number for a host) is refused
rather than interpreted.
"""

import ipaddress
import re
from urllib.parse import unquote

import httpx

from appliance.errors import BadRequest

PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
# Resolvers read "127.1", "0x7f000001" and "2130706433" as addresses.
_NUMBER = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)")


def url(address: str) -> httpx.URL:
    """An address, read. Raises ``BadRequest`` (``bad_address``)."""
    try:
        return httpx.URL(address.strip())
    except httpx.InvalidURL as fault:
        raise BadRequest("bad_address", address=address) from fault


def origins(text: str) -> frozenset[str]:
    """The origins of a setting: addresses with spaces between them, ``https`` unless they say
    ``http``; what follows the port does not count. Raises ``BadRequest`` (``bad_address``)."""
    return frozenset(origin(word if "://" in word else f"https://{word}") for word in text.split())


def origin(address: httpx.URL | str) -> str:
    """Scheme, host and port of an address, as they are compared and written down.

    Raises ``BadRequest`` (``bad_address``).
    """
    read = url(address) if isinstance(address, str) else address
    host = read.raw_host.decode("ascii").lower().rstrip(".")
    # A name before the host ("https://good.test@evil.test") is there to mislead; "*.test" and
    # "a.test,b.test" would pass for a host and open nothing.
    named = not read.userinfo and (_NAME.fullmatch(host) or is_literal(host))
    if read.scheme not in PORTS or not named or not 0 < (read.port or 80) < 65536:
        shown = f"{read.scheme}://{read.netloc.decode()}" if read.scheme else str(read)
        raise BadRequest("bad_address", address=shown)
    host = f"[{host}]" if ":" in host else host
    port = read.port or PORTS[read.scheme]
    return f"{read.scheme}://{host}:{port}".removesuffix(f":{PORTS[read.scheme]}")


def prefixes(text: str) -> frozenset[str]:
    """The prefixes of a setting, with spaces between them, as in ``prefix``."""
    return frozenset(prefix(word) for word in text.split())


def prefix(address: str) -> str:
    """An address as the beginning of others: its origin and path, without a slash at the end.

    Raises ``BadRequest`` (``bad_address``), for a host that is a number in disguise, too.
    """
    read = url(address)
    here, path = origin(read), _path(read)
    if path is None or read.query or read.fragment or _is_number(read.host):
        raise BadRequest("bad_address", address=address)
    return here + path.rstrip("/")


def is_below(address: httpx.URL | str, start: str) -> bool:
    """Whether an address is that of ``start`` (a ``prefix``) or lies below it.

    Raises ``BadRequest`` (``bad_address``).
    """
    read = url(address) if isinstance(address, str) else address
    path = _path(read)
    here = origin(read)
    return path is not None and f"{here}{path.rstrip('/')}/".startswith(f"{start}/")


def is_literal(host: str) -> bool:
    """Whether a host is an address, or this machine, named as such."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def _is_number(host: str) -> bool:
    return bool(_NUMBER.fullmatch(host.lower().rstrip("."))) and not is_literal(host)


def _path(read: httpx.URL) -> str | None:
    """The path in plain characters; None where a server might climb out of it: servers take
    "..", "%2e%2e", "..%5c" and "..;x" for the step upwards, and some of them unquote twice."""
    path = read.raw_path.partition(b"?")[0].decode("ascii")
    for _ in range(3):
        path = unquote(path)
    steps = re.split(r"[/\\]", path)
    return None if any(step.partition(";")[0] in (".", "..") for step in steps) else path
