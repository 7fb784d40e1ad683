"""The disk that holds the data: how little room is too little, and what its faults mean.

New work stops before the disk is full: what is left then is for whoever asks, signs in or
tidies up. A fault of the disk is a refusal like any other, by the name of its cause, so that
nobody is told "unexpected" where somebody has to free room or to look at a cable.
"""

import errno
import os
import sqlite3
from pathlib import Path

from appliance.errors import NoSpace, Refusal, Unavailable
from appliance.records import Problem

LEAST_SHARE = 0.05  # of the disk; of a large one LEAST_BYTES will do
LEAST_BYTES = 2 << 30
LEAST_FILES = 0.01  # of those that the file system can hold; some have no limit and say 0
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
BUSY_AGAIN_SECONDS = 2


def short(folder: Path) -> Problem | None:
    """Why new work has to wait, where the folder's disk is nearly full; None where it is not."""
    found = os.statvfs(folder)
    free, least = found.f_bavail * found.f_frsize, least_of(found.f_blocks * found.f_frsize)
    if free < least:
        facts = {"folder": str(folder), "free_mb": free >> 20, "least_mb": -(-least >> 20)}
        return Problem(code="disk_low", facts=facts)
    if found.f_files and found.f_favail < LEAST_FILES * found.f_files:
        facts = {"folder": str(folder), "free": found.f_favail}
        return Problem(code="disk_few_files", facts=facts)
    return None


def least_of(total: int) -> int:
    """How many bytes of a disk stay free of new work."""
    return min(int(LEAST_SHARE * total), LEAST_BYTES)


def check(folder: Path) -> None:
    """Raises ``NoSpace`` (``disk_low``, ``disk_few_files``) where new work has to wait."""
    if problem := short(folder):
        raise NoSpace(problem.code, **problem.facts)


def is_full(fault: BaseException) -> bool:
    """Whether an error means that the disk, or somebody's share of it, is full."""
    return isinstance(refusal_of(fault), NoSpace)


def refusal_of(fault: BaseException) -> Refusal | None:
    """A fault of the disk as a refusal: ``NoSpace`` (``disk_full``), ``Unavailable``
    (``disk_read_only``, ``disk_failing``, ``database_busy``); None for any other error."""
    if isinstance(fault, sqlite3.OperationalError):
        return _of_sqlite(str(fault))
    if isinstance(fault, OSError):
        return _of_system(fault.errno)
    return None


def _of_system(number: int | None) -> Refusal | None:
    if number in FULL:
        return NoSpace("disk_full")
    if number == errno.EROFS:
        return Unavailable("disk_read_only")
    return Unavailable("disk_failing") if number == errno.EIO else None


def _of_sqlite(said: str) -> Refusal | None:
    """By SQLite's own sentences, which its result codes have had since version 3.0."""
    if "is full" in said:
        return NoSpace("disk_full")
    if "readonly" in said:
        return Unavailable("disk_read_only")
    if "disk I/O error" in said or "unable to open database file" in said:
        return Unavailable("disk_failing")
    if "locked" in said or "busy" in said:
        return Unavailable("database_busy", retry_after=BUSY_AGAIN_SECONDS)
    return None
