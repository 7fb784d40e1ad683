"""The machine: processor, memory, disk, file system, clock, name servers."""

import ctypes
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from appliance.disk import least_of
from appliance.doctor import Finding, Patient, failed, ok, warning
from appliance.egress import allowed
from appliance.errors import NotFound
from appliance.models import catalogue, choice, hardware

GIB = 2**30
LEAST_MEMORY_MB = 3_500  # the search, the console and the readers, without a language model
LOW = 3  # times what new work leaves free
FEW = 0.05  # of the inodes
FULL_BYTES = 1 * GIB
# On these SQLite's locks, or its memory map, do not hold between machines.
_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs")
NETWORKED = frozenset((*_NETWORK, "fuse.sshfs", "fuse.glusterfs", "fuse.ceph"))
_UNSYNCHRONISED = 5  # TIME_ERROR of <sys/timex.h>
_BACK = timedelta(hours=1)


def processor(_: Patient) -> Finding:
    """Whether the processor has what language models are compiled for."""
    name = hardware.processor()
    return ok("doctor_processor", name=name) if hardware.has_avx2() else failed(
        "doctor_processor_old", name=name
    )  # fmt: skip


def memory(patient: Patient) -> Finding:
    """Whether the memory is enough for what was chosen."""
    found = hardware.memory()
    wanted = choice.name_of(patient.settings.language_model, patient.settings.data / "models")
    try:
        need = catalogue.find(wanted, "language").ram_mb if wanted else 0
    except NotFound:  # a file of the house's own: its need is known when it loads
        need = 0
    if found.total_mb < need:
        return failed("doctor_memory_model", name=wanted, need_mb=need, has_mb=found.total_mb)
    if found.total_mb < LEAST_MEMORY_MB:
        return warning("doctor_memory_small", has_mb=found.total_mb, need_mb=LEAST_MEMORY_MB)
    return ok("doctor_memory", has_mb=found.total_mb, free_mb=found.available_mb)


def disk(patient: Patient) -> Finding:
    """Whether there is room where the data lies."""
    found = shutil.disk_usage(patient.settings.data)
    free, folder = _room(found.free), str(patient.settings.data)
    least = least_of(found.total)
    if found.free < max(FULL_BYTES, least):
        return failed("doctor_disk_full", free=free, folder=folder)
    if found.free < LOW * least:
        return warning("doctor_disk_low", free=free, folder=folder)
    return ok("doctor_disk", free=free, folder=folder)


def _room(size: int) -> str:
    """Bytes in whole units, which are written alike in every language."""
    return f"{size // GIB} GB" if size >= 10 * GIB else f"{size >> 20} MB"


def inodes(patient: Patient) -> Finding:
    """Whether files can still be made; some file systems have no limit and say 0."""
    found = os.statvfs(patient.settings.data)
    if found.f_files and found.f_favail < FEW * found.f_files:
        return failed("doctor_inodes_few", free=found.f_favail)
    return ok("doctor_inodes")


def file_system(patient: Patient) -> Finding:
    """Whether the data lies on a disk of this machine."""
    kind = _kind_of(patient.settings.data)
    if kind in NETWORKED:
        return failed("doctor_filesystem_networked", kind=kind, folder=str(patient.settings.data))
    return ok("doctor_filesystem", kind=kind or "?")


def _kind_of(folder: Path) -> str:
    mounted = {Path(one.mountpoint): one.fstype for one in psutil.disk_partitions(all=True)}
    return next((mounted[one] for one in (folder, *folder.parents) if one in mounted), "")


def clock(patient: Patient) -> Finding:
    """Whether the clock is believable: not before what is on record, and kept by somebody."""
    row = patient.database.row(
        "select max(at) as at from (select max(at) as at from audit"
        " union all select max(created_at) from jobs)"
    )
    now = datetime.now(UTC)
    last = datetime.fromisoformat(row["at"]) if row and row["at"] else now
    if last - now > _BACK:
        return failed("doctor_clock_back", now=now.isoformat(timespec="minutes"), last=row["at"])  # type: ignore[index]
    if not _is_synchronised():
        return warning("doctor_clock_alone")
    return ok("doctor_clock")


def _is_synchronised() -> bool:
    """Whether the kernel believes its clock; True where it cannot be asked."""
    ask = getattr(ctypes.CDLL(None), "adjtimex", None)
    return ask is None or ask(ctypes.create_string_buffer(512)) != _UNSYNCHRONISED


def resolver(_: Patient) -> Finding:
    """Whether names of the intranet are asked of a server outside."""
    public = [one.address for one in allowed.resolvers() if one.public]
    if public:
        return warning("doctor_resolver_public", addresses=", ".join(public))
    return ok("doctor_resolver")
