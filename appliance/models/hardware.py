"""What this machine is, as far as models care: cores, instructions, memory.

Physical cores, because two threads on one core decode no faster; and the
memory of the control group where there is one, because that is what kills.
"""

import platform
from pathlib import Path

import msgspec
import psutil

from appliance.errors import Unavailable
from appliance.models.catalogue import Entry

CPUINFO = Path("/proc/cpuinfo")
CGROUP = Path("/sys/fs/cgroup")
# For the environment of a process that computes: weights and caches in pages of 2 MB, where
# the kernel gives them to who asks. The processor finds its way in them quicker.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """Megabytes (2**20 bytes) that processes may use, and that are free now."""

    total_mb: int
    available_mb: int


def physical_cores() -> int:
    """Cores that this process may run on, hyper-threads not counted; at least 1."""
    allowed = len(psutil.Process().cpu_affinity() or [0])
    return max(1, min(psutil.cpu_count(logical=False) or allowed, allowed))


def threads(wanted: int) -> int:
    """The threads to compute with: what the operator set, else the physical cores."""
    return wanted if wanted > 0 else physical_cores()


def instructions(cpuinfo: Path = CPUINFO) -> frozenset[str]:
    """The processor's instruction sets as Linux names them; empty where it does not say."""
    try:
        lines = cpuinfo.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = (line.partition(":")[2] for line in lines if line.startswith(("flags", "Features")))
    return frozenset(next(flags, "").split())


def processor_name(cpuinfo: Path = CPUINFO) -> str:
    """The processor as it calls itself."""
    try:
        lines = cpuinfo.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def processor(cpuinfo: Path = CPUINFO) -> str:
    """The processor as it calls itself, and the cores there are for this process."""
    return f"{processor_name(cpuinfo)}, {physical_cores()} cores"


def has_avx2(cpuinfo: Path = CPUINFO) -> bool:
    """Whether a language model is bearable here; a processor that is not x86 passes."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        return True
    known = instructions(cpuinfo)
    return not known or "avx2" in known


def require(entry: Entry, *, besides: int = 0) -> None:
    """See that this machine can run the model, once ``besides`` megabytes have become free.

    Raises ``Unavailable``: ``processor_too_old``, ``model_too_big`` with ``need_mb`` and
    ``has_mb``.
    """
    if not has_avx2():
        raise Unavailable("processor_too_old")
    found = memory()
    available = min(found.total_mb, found.available_mb + besides)
    if available < entry.ram_mb:
        raise Unavailable("model_too_big", name=entry.name, need_mb=entry.ram_mb, has_mb=available)


def has_bf16(cpuinfo: Path = CPUINFO) -> bool:
    """Whether the processor multiplies bf16 itself; one that imitates it is slower with it."""
    return bool(instructions(cpuinfo) & {"avx512_bf16", "amx_bf16"})


def memory(cgroup: Path = CGROUP) -> Memory:
    """The machine's memory, or the control group's where that is less."""
    machine = psutil.virtual_memory()
    total, available = machine.total, machine.available
    limit = _bytes(cgroup / "memory.max")
    if limit is not None and limit < total:
        total = limit
        available = min(available, max(0, limit - (_bytes(cgroup / "memory.current") or 0)))
    return Memory(total_mb=total >> 20, available_mb=available >> 20)


def _bytes(file: Path) -> int | None:
    """A control group's figure; None where there is none ("max", or no such file)."""
    try:
        text = file.read_text("ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None
