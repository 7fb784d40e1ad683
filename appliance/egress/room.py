"""A room without a door: a network namespace in which there is nothing but its own loopback.

``python -m appliance.egress.room PROGRAM …`` goes into it and becomes the program. No right is
needed for that where the kernel lets users make namespaces; where it does not, the exit
status is ``CLOSED`` and nothing was started.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

CLOSED = 77
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP


def enter() -> bool:
    """Leave every network behind; whether the kernel let us. Loopback is there and up."""
    uid, gid = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    try:
        _raise_loopback()
    except OSError:
        return False
    # The same names as outside: files made in here belong to whoever runs the appliance.
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    return True


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh", b"lo", 0)
        _, flags = struct.unpack("16sh", fcntl.ioctl(any_socket, _GET_FLAGS, asked))
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", flags | _UP))


def main(program: Sequence[str]) -> None:
    """Go in and become the program."""
    if not enter():
        sys.exit(CLOSED)
    os.execv(program[0], list(program))  # noqa: S606 - our own programs, by their paths


if __name__ == "__main__":
    main(sys.argv[1:])
