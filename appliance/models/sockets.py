"""The Unix socket between the appliance and its model runner.

For its owner alone (mode 0600), and at any depth: a path longer than the kernel's
107 bytes goes through the folder's descriptor instead.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.errors import Unavailable

LONGEST_ADDRESS = 100  # bytes; sun_path holds 108 with its end
BACKLOG = 1024  # beyond it connect fails at once; the kernel's own limit is 4096


def listen(path: Path) -> socket.socket:
    """A listening socket at ``path``, where one left by a dead runner is replaced.

    Raises ``Unavailable`` (``engine_already_running``) when somebody answers there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        try:
            connect(path, timeout=2).close()
        except OSError:
            path.unlink(missing_ok=True)
        else:
            raise Unavailable("engine_already_running", path=str(path))
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with _address(path) as address:
            listening.bind(address)
    finally:
        os.umask(before)
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening


def connect(path: Path, *, timeout: float) -> socket.socket:
    """A connected, blocking socket with a timeout in seconds. Raises ``OSError``."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        with _address(path) as address:
            connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


@contextmanager
def _address(path: Path) -> Iterator[str]:
    if len(os.fsencode(path)) <= LONGEST_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
