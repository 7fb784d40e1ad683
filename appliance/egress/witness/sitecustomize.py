"""Writes down every connection and every question for a name that this Python process tries.

Python runs this first where the folder is on ``PYTHONPATH``. It sees what goes through
Python's own ``socket`` and nothing of what C code does by itself; the readers of documents
do not run it, and have no network by their own confinement. A line is JSON: [event, host, port].
"""

import json
import os
import sys

FILE = "BALCAO_WITNESS"  # the environment says where to write
ADDRESSED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
NAMED = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


def seen(event: str, arguments: tuple[object, ...]) -> tuple[str, str, int] | None:
    """The host and the port of an event, or None for one that leads nowhere."""
    if event in ADDRESSED and isinstance(arguments[1], tuple):
        host, port, *_ = arguments[1]
        return event, str(host), int(port)
    if event in NAMED and (name := arguments[0]):
        return event, name.decode() if isinstance(name, bytes) else str(name), 0
    return None


def watch(file: str) -> None:
    """Append what is tried to a file from now on; there is no way back."""
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith("socket.") and (tried := seen(event, arguments)):
            os.write(opened, (json.dumps(tried) + "\n").encode())

    sys.addaudithook(note)


if FILE in os.environ:
    watch(os.environ[FILE])
