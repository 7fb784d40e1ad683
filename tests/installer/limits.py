"""The limits of a systemd unit without systemd: ``python -m tests.installer.limits UNIT WRITABLE
PROGRAM …`` becomes the program under them, as far as a kernel gives them to anybody.

These are: the system calls that ``SystemCallFilter=`` leaves, looked up with systemd's own tool;
the kinds of namespaces and sockets that are left; no capability, and none to be gained; a
file system to be read, but for the one folder; and the limits on open files and core dumps.
"""

import ctypes
import os
import re
import resource
import struct
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
NAMESPACES = {
    "cgroup": 0x02000000, "ipc": 0x08000000, "mnt": 0x00020000, "net": 0x40000000,
    "pid": 0x20000000, "user": 0x10000000, "uts": 0x04000000,
}  # fmt: skip
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
EPERM, ENOSYS, EAFNOSUPPORT = 1, 38, 97
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _FIRST_ARGUMENT = 0, 16  # where struct seccomp_data has them
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_MOUNT_SETATTR, _AT_FDCWD, _RECURSIVELY, _READ_ONLY = 442, -100, 0x8000, 1


def directives(unit: Path) -> dict[str, list[str]]:
    """Each directive of a unit with its values, in their order."""
    found = defaultdict(list)
    for line in unit.read_text("utf-8").splitlines():
        name, is_set, value = line.partition("=")
        if is_set and not line.startswith(("#", ";")):
            found[name].append(value)
    return dict(found)


@cache
def sets() -> dict[str, list[str]]:
    """systemd's sets of system calls by name; a set may hold others."""
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    blocks = (block.split("\n") for block in listed.split("\n\n"))
    return {
        lines[0].strip(): [
            word for line in lines[1:] if (word := line.strip())[:1] not in ("", "#")
        ]
        for lines in blocks
        if lines[0].startswith("@")
    }


@cache
def members(name: str) -> frozenset[str]:
    """The system calls of one of systemd's sets, or the one that is named."""
    if not name.startswith("@"):
        return frozenset({name})
    return frozenset().union(*map(members, sets()[name]))


def allowed(unit: Path) -> frozenset[str]:
    """The system calls that a unit leaves: lists that begin with "~" take away."""
    left = members("@default")
    for value in directives(unit)["SystemCallFilter"]:
        named = frozenset().union(*map(members, value.removeprefix("~").split()))
        left = left - named if value.startswith("~") else left | named
    return left


def program(unit: Path) -> bytes:
    """The filter for the kernel (seccomp's BPF)."""
    numbers = dict(re.findall(r"#define __NR_(\w+) (\d+)", HEADER.read_text()))
    kept = set(directives(unit)["RestrictNamespaces"][0].split())
    forbidden = sum(bit for name, bit in NAMESPACES.items() if name not in kept)
    families = directives(unit)["RestrictAddressFamilies"][0].split()
    lines = [(_LOAD, 0, 0, _NUMBER)]
    # glibc asks for clone3, whose flags no filter sees, and without it takes clone.
    lines += _when(int(numbers["clone3"]), [(_RETURN, 0, 0, _ERRNO | ENOSYS)])
    for call in ("clone", "unshare"):
        lines += _when(
            int(numbers[call]),
            [
                (_LOAD, 0, 0, _FIRST_ARGUMENT),
                (_ANY_BIT, 0, 1, forbidden),
                (_RETURN, 0, 0, _ERRNO | EPERM),
                (_RETURN, 0, 0, _ALLOW),
            ],
        )
    known = [_when(FAMILIES[name], [(_RETURN, 0, 0, _ALLOW)]) for name in families]
    lines += _when(
        int(numbers["socket"]),
        [
            (_LOAD, 0, 0, _FIRST_ARGUMENT),
            *(line for block in known for line in block),
            (_RETURN, 0, 0, _ERRNO | EAFNOSUPPORT),
        ],
    )
    for call in sorted(allowed(unit) & numbers.keys()):
        lines += _when(int(numbers[call]), [(_RETURN, 0, 0, _ALLOW)])
    lines += [(_RETURN, 0, 0, _ERRNO | EPERM)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


Line = tuple[int, int, int, int]


def _when(value: int, block: list[Line]) -> list[Line]:
    return [(_EQUAL, 0, len(block), value), *block]


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def _must(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def confine(unit: Path, writable: Path) -> None:
    """Put this process, and all that it starts, under the unit's limits."""
    kernel = ctypes.CDLL(None, use_errno=True)
    _read_only(kernel, writable)
    set_to = directives(unit)
    files, core = int(set_to["LimitNOFILE"][0]), int(set_to["LimitCORE"][0])
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)  # only systemd may raise it
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, most), min(files, most)))
    resource.setrlimit(resource.RLIMIT_CORE, (core, core))
    os.umask(int(set_to["UMask"][0], 8))
    filter_lines = program(unit)
    for capability in range(64):
        kernel.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP: none is left after exec
    _must(kernel.prctl(38, 1, 0, 0, 0), "NoNewPrivileges")
    loaded = _Filter(len(filter_lines) // 8, filter_lines)
    _must(kernel.prctl(22, 2, ctypes.byref(loaded), 0, 0), "SystemCallFilter")


def _read_only(kernel: ctypes.CDLL, writable: Path) -> None:
    """ProtectSystem=strict: all but ``writable``, /dev and /proc can only be read."""
    uid, gid = os.getuid(), os.getgid()
    _must(kernel.unshare(NAMESPACES["user"] | NAMESPACES["mnt"]), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    folder = os.fsencode(writable)
    _must(kernel.mount(folder, folder, None, 0x1000, None), "a bind mount")  # MS_BIND
    _set(kernel, b"/", _RECURSIVELY, to=_READ_ONLY)
    for place in (folder, b"/dev", b"/proc"):
        _set(kernel, place, 0, but=_READ_ONLY)


def _set(kernel: ctypes.CDLL, place: bytes, how: int, *, to: int = 0, but: int = 0) -> None:
    wanted = struct.pack("QQQQ", to, but, 0, 0)
    _must(kernel.syscall(_MOUNT_SETATTR, _AT_FDCWD, place, how, wanted, 32), f"mount {place!r}")


if __name__ == "__main__":
    confine(Path(sys.argv[1]), Path(sys.argv[2]).resolve())
    os.execvp(sys.argv[3], sys.argv[3:])
