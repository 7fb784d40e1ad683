"""What a reader gives up before it looks at an untrusted file.

``confine`` runs first in the child, while it still has one thread and none of
the parsers are loaded. It promises: no more memory and processor time than
given, nothing written, no new program, no network, nothing read outside the
programs' own folders (the document is an open descriptor), and an end when the
parent ends.

Network and folders need a kernel that permits it (user namespaces; Landlock,
Linux 5.13). Where it does not, reading goes on with the other limits: a server
that cannot read documents helps nobody. ``confine`` returns what it got, and a
test on this machine says that it got everything.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

OPEN_FILES = 64
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_CLONE_NEWNS, _CLONE_NEWPID = 0x00020000, 0x20000000
_TMP = Path("/tmp")  # noqa: S108 -- the converter's own, where the kernel permits
_LARGEST_WRITTEN = 512 * 2**20  # bytes of one file that a converter writes
_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/bin", "/proc", "/etc/ld.so.cache", "/etc/fonts"),
    *("/etc/libreoffice", "/var/cache/fontconfig", "/var/lib/libreoffice"),
)
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READING = 1 << 0 | 1 << 2 | 1 << 3  # execute (libraries), read a file, list a folder
_OF_FILES = 1 << 0 | 1 << 1 | 1 << 2  # execute, write, read: a rule on a file may name no other
_SOCKETS = 1 << 5 | 1 << 9  # remove a file, make a socket
_EVERYTHING = (1 << 13) - 1  # the thirteen rights that every Landlock version knows


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def confine(memory: int, seconds: int, parent: int) -> frozenset[str]:
    """Limit this process: ``memory`` in bytes of address space, ``seconds`` of processor.

    ``parent`` is the process that must be alive for this one to make sense.
    Gives the names of what the kernel granted: "parent", "network", "folders".
    One right is left, to be given up by ``alone`` before the file is looked at: to fork.
    """
    os.nice(19)
    _limit(memory, seconds)
    if sys.platform != "linux":
        return frozenset()
    kernel = ctypes.CDLL(None, use_errno=True)
    granted = {
        "parent": end_with(parent),
        "network": kernel.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0,
    }
    kernel.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    granted["folders"] = _only_reach(kernel, dict.fromkeys(_programs(), _READING))
    return frozenset(name for name, given in granted.items() if given)


def alone() -> None:
    """Start no other process from now on."""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def end_with(parent: int) -> bool:
    """End when the process ``parent`` ends, or at once if it has; whether the kernel sees to it."""
    kernel = ctypes.CDLL(None, use_errno=True)
    granted: int = kernel.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os.kill(os.getpid(), signal.SIGKILL)
    return granted == 0


def held() -> int:
    """The bytes of address space that this process may have."""
    return resource.getrlimit(resource.RLIMIT_AS)[0]


def hold(memory: int, *, for_good: bool = False) -> None:
    """Have ``memory`` bytes of address space and no more, within what ``confine`` allowed."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory if for_good else most))


def confine_program(memory: int, seconds: int, folder: Path, program: Path) -> None:
    """Limit this process and the program that it will become, as a converter of documents.

    ``memory`` is the address space of each of its processes in bytes, ``seconds`` their
    processor time. It may write in ``folder`` and in a /tmp of its own, read system libraries
    and what lies beside ``program``, and reach no network. Returns in the first process of a
    world of its own: when that one ends, all that it started end.
    """
    os.nice(19)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_WRITTEN, _LARGEST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    own_tmp, uid, gid = False, os.getuid(), os.getgid()
    if kernel.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWNS | _CLONE_NEWPID) == 0:
        # Without a name in there for its user and group it could create no file in its /tmp.
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
            Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
        _become_the_first_process(kernel)
        if not any(place.is_relative_to(_TMP) for place in (folder, program)):
            own_tmp = kernel.mount(b"tmpfs", bytes(_TMP), b"tmpfs", 0, b"size=16m") == 0
    kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    readable = [Path(place) for place in _SYSTEM]
    places = dict.fromkeys([*readable, program.parents[1]], _READING)
    devices = dict.fromkeys([Path("/dev/null"), Path("/dev/urandom")], _OF_FILES)
    # LibreOffice puts a socket into /tmp, whatever it is told of another place.
    _only_reach(
        kernel,
        {**places, **devices, folder: _EVERYTHING, _TMP: _EVERYTHING if own_tmp else _SOCKETS},
    )


def _become_the_first_process(kernel: ctypes.CDLL) -> None:
    """Go on in a child, the first process of the new world; the parent ends as it ends, and
    ends it when it is told to: the kernel says so only when all of that world are gone."""
    child = os.fork()
    if child:
        signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def renew(seconds: int) -> None:
    """Give ``seconds`` of processor time from now on; called after each page."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard)
    )


def _limit(memory: int, seconds: int) -> None:
    # The soft limit moves with each page (``renew``); the parent's clock bounds the whole.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def _programs() -> list[Path]:
    """The folders that Python and the parsers load code from, and nothing of the house.

    A checkout that is installed in place stands on the path with its data folder
    inside; its package is enough.
    """
    package = Path(__file__).parents[2]
    path = [Path(entry) for entry in sys.path if entry and Path(entry) != package.parent]
    shared = [Path("/usr"), Path("/lib"), Path("/lib64"), Path("/etc/ld.so.cache")]
    return [package, Path(sys.prefix), Path(sys.base_prefix), *path, *shared]


def _only_reach(kernel: ctypes.CDLL, places: Mapping[Path, int]) -> bool:
    """Whether Landlock now refuses every access but these rights beneath these places."""
    rules = _Ruleset(_EVERYTHING)
    ruleset = kernel.syscall(_LANDLOCK_CREATE, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    if ruleset < 0:
        return False
    for place, rights in places.items():
        if place.exists():
            _allow(kernel, ruleset, place, rights)
    granted: int = kernel.syscall(_LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)
    return granted == 0


def _allow(kernel: ctypes.CDLL, ruleset: int, place: Path, rights: int) -> None:
    opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    rule = _Beneath(rights if place.is_dir() else rights & _OF_FILES, opened)
    kernel.syscall(_LANDLOCK_ADD, ruleset, 1, ctypes.byref(rule), 0)
    os.close(opened)
