"""TLS without a proxy: the certificate that is in its place when somebody comes is the one shown.

Nothing has to be started again for a new certificate. Each connection begins by looking
whether the file is another one; a file that cannot serve is logged, and the last that could
goes on.
"""

import logging
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from appliance import certificates
from appliance.api.middleware import known_hosts
from appliance.errors import Unreadable
from appliance.settings import Settings

EVERYWHERE = frozenset({"0.0.0.0", "[::]"})  # noqa: S104 - addresses to listen on, no names

log = logging.getLogger("appliance")


class Shown:
    """The certificate of a data folder, as it is shown to whoever connects."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp = _stamp(file)
        self._fresh = certificates.context(file)

    def context(self) -> ssl.SSLContext:
        """What a server is started with."""
        first = certificates.context(self._file)
        first.sni_callback = self._choose
        return first

    def _choose(self, line: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        """Called by every handshake, with a name or without."""
        if (stamp := _stamp(self._file)) != self._stamp:
            self._stamp = stamp
            self._renew()
        line.context = self._fresh

    def _renew(self) -> None:
        try:
            self._fresh = certificates.context(self._file)
        except OSError as fault:
            log.error("the new certificate cannot serve, the former goes on: %s", fault)
        else:
            log.info("a new certificate is shown from now on")


def _stamp(file: Path) -> tuple[int, int, int]:
    """Which file it is."""
    try:
        found = file.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_size


def shown(settings: Settings) -> ssl.SSLContext:
    """What to serve by TLS with; where there is no certificate, one that vouches for itself.

    Raises ``Unreadable`` (``certificate_damaged``).
    """
    file = certificates.file(settings.data)
    if not file.exists():
        certificates.make(settings.data, names(settings))
    try:
        return Shown(file).context()
    except OSError as fault:
        raise Unreadable("certificate_damaged", file=str(file)) from fault


def names(settings: Settings) -> list[str]:
    """The names and addresses under which people reach the appliance, the best first."""
    first = host(settings)
    others = sorted(one.strip("[]") for one in known_hosts(settings) - EVERYWHERE)
    return list(dict.fromkeys([*([first] if first else []), *others]))


def host(settings: Settings) -> str:
    """The name that people use; "" where the settings have no address for people."""
    return (urlsplit(settings.public_url).hostname or "") if settings.public_url else ""
