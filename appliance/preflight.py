"""What a server must have before anything is installed on it; run by ``installer/install.sh``.

It runs by its path, with a bare Python 3.11: nothing of ours is imported, because nothing is
there yet. What it finds it says in the doctor's own sentences, and a test holds its limits
to the doctor's. Exits 3 where something has to be mended first; advice alone exits 0.
"""

import argparse
import ctypes
import ipaddress
import shutil
import socket
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

MENDED_FIRST = 3  # the exit status
LEAST_MEMORY_MB = 3_500
NETWORKED = (
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs"),
    *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph"),
)
NEEDED_MB = {"program": 3_000, "data": 2_000}  # the set-up measures 1.8 GB and 0.5 meanwhile
SENTENCES = Path(__file__).parent / "sentences"
_UNSYNCHRONISED = 5  # TIME_ERROR of <sys/timex.h>

Found = tuple[bool, str, dict[str, Any]]  # whether it must be mended, code, facts
Asked = argparse.Namespace


def processor(asked: Asked) -> Iterator[Found]:
    """AVX2, without which no language model is bearable; advice, because answers can quote."""
    lines = (asked.proc / "cpuinfo").read_text("utf-8", "replace").splitlines()
    said = {line.partition(":")[0].strip(): line.partition(":")[2].strip() for line in lines}
    if "flags" in said and "avx2" not in said["flags"].split():
        yield False, "doctor_processor_old", {"name": said.get("model name", "?")}


def memory(asked: Asked) -> Iterator[Found]:
    """Enough for the search, the console and the readers; advice."""
    lines = (asked.proc / "meminfo").read_text("utf-8").splitlines()
    has_mb = next(int(line.split()[1]) >> 10 for line in lines if line.startswith("MemTotal:"))
    if has_mb < LEAST_MEMORY_MB:
        yield False, "doctor_memory_small", {"has_mb": has_mb, "need_mb": LEAST_MEMORY_MB}


def disk(asked: Asked) -> Iterator[Found]:
    """Room for the programs, which may be there already, and for the data."""
    for name, need_mb in NEEDED_MB.items():
        folder = getattr(asked, name)
        if name == "program" and (folder / ".venv").exists():
            continue
        free_mb = shutil.disk_usage(_there(folder)).free >> 20
        if free_mb < need_mb:
            facts = {"folder": folder, "free": f"{free_mb} MB", "need": f"{need_mb} MB"}
            yield True, "preflight_disk_small", facts


def file_system(asked: Asked) -> Iterator[Found]:
    """A disk of this machine under the data."""
    lines = (asked.proc / "mounts").read_text("utf-8", "replace").splitlines()
    mounted = {Path(line.split()[1]): line.split()[2] for line in lines}
    folder = _there(asked.data)
    kind = next((mounted[one] for one in (folder, *folder.parents) if one in mounted), "")
    if kind in NETWORKED:
        yield True, "doctor_filesystem_networked", {"kind": kind, "folder": asked.data}


def port(asked: Asked) -> Iterator[Found]:
    """A free port, unless it is Balcão's own that holds it."""
    if asked.running:
        return
    family = socket.AF_INET6 if ":" in asked.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((asked.host, asked.port))
        except OSError as fault:
            facts = {"port": asked.port, "host": asked.host, "reason": fault.strerror or fault}
            yield True, "preflight_port_taken", facts


def clock(_: Asked) -> Iterator[Found]:
    """A clock that somebody keeps; advice."""
    ask = getattr(ctypes.CDLL(None), "adjtimex", None)
    if ask is not None and ask(ctypes.create_string_buffer(512)) == _UNSYNCHRONISED:
        yield False, "doctor_clock_alone", {}


def resolver(asked: Asked) -> Iterator[Found]:
    """Names of the intranet asked inside; advice."""
    words = [line.split() for line in asked.resolv.read_text("utf-8", "replace").splitlines()]
    servers = [rest[1] for rest in words if rest[:1] == ["nameserver"] and len(rest) > 1]
    if public := [one for one in servers if _is_public(one)]:
        yield False, "doctor_resolver_public", {"addresses": ", ".join(public)}


LOOKS: tuple[Callable[[Asked], Iterator[Found]], ...] = (
    processor, memory, disk, file_system, port, clock, resolver,
)  # fmt: skip


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False


def _there(folder: Path) -> Path:
    """The folder, or the first above it that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _looked(look: Callable[[Asked], Iterator[Found]], asked: Asked) -> list[Found]:
    try:
        return list(look(asked))
    except (OSError, StopIteration):  # a machine that does not say, which is no deficit
        return []


def main(arguments: Sequence[str]) -> int:
    """Look at all, print a line for each deficit."""
    parser = argparse.ArgumentParser(prog="preflight")
    parser.add_argument("--language", default="en", choices=("pt", "en", "es"))
    parser.add_argument("--program", type=Path, default=Path("/opt/balcao"))
    parser.add_argument("--data", type=Path, default=Path("/var/lib/appliance"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--running", action="store_true", help="Balcão holds the port itself")
    parser.add_argument("--proc", type=Path, default=Path("/proc"))
    parser.add_argument("--resolv", type=Path, default=Path("/etc/resolv.conf"))
    asked = parser.parse_args(arguments)
    words: dict[str, str] = {}
    for name in ("doctor", "service"):
        words |= tomllib.loads((SENTENCES / asked.language / f"{name}.toml").read_text("utf-8"))
    found = [one for look in LOOKS for one in _looked(look, asked)]
    for must, code, facts in found:
        sys.stdout.write(f"{'✗' if must else '!'} {words[code].format(**facts)}\n")
    return MENDED_FIRST if any(must for must, _, _ in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
