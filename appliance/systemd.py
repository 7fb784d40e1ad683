"""What systemd is told of this service: that it is ready, how it is, that it lives, that it stops.

That is ``sd_notify``: one datagram to the Unix socket that ``NOTIFY_SOCKET`` names. Where
nobody listens, in a checkout for instance, nothing is sent and nothing is said about it.
"""

import os
import socket
from collections.abc import MutableMapping

import msgspec

# Three chances before systemd's patience ends, and a slow one does not end it.
BEATS_IN_TIME = 3


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """The way to systemd. ``address`` is its socket, "" for none; ``beat`` says every how many
    seconds it wants to hear that the service lives, None where it does not ask."""

    address: str = ""
    beat: float | None = None

    def tell(self, *lines: str) -> bool:
        """Send lines as ``READY=1`` or ``STATUS=…``; whether they were taken.

        One that is not taken is no reason to end: systemd then notices by itself.
        """
        if not self.address:
            return False
        # A line ends where the next begins: a status in several lines would say other things.
        message = "\n".join(" ".join(line.splitlines()) for line in lines).encode()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            way.setblocking(False)  # the event loop waits for nobody
            try:
                return way.sendto(message, _path(self.address)) == len(message)
            except OSError:
                return False


def channel(environment: MutableMapping[str, str] = os.environ) -> Channel:
    """The way to the systemd that started us. Its variables are taken out of ``environment``:
    the processes that we start are not the service, and speak for it no more."""
    address = environment.pop("NOTIFY_SOCKET", "")
    microseconds = environment.pop("WATCHDOG_USEC", "")
    meant = environment.pop("WATCHDOG_PID", "")
    asked = microseconds.isdigit() and int(microseconds) and meant in ("", str(os.getpid()))
    beat = int(microseconds) / 1e6 / BEATS_IN_TIME if asked else None
    return Channel(address=address, beat=beat)


def _path(address: str) -> str:
    """An address that begins with "@" is in the abstract namespace, which has no files."""
    return "\0" + address[1:] if address.startswith("@") else address
