"""The disk: too little room by its size, and each fault by its name (REL-04, REL-05)."""

import errno
import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from appliance import disk
from appliance.errors import NoSpace, sentences
from appliance.records import Problem

GB = 1 << 30
BLOCK = 4096


def sized(monkeypatch: pytest.MonkeyPatch, total: int, free: int, files: int, left: int) -> None:
    found = SimpleNamespace(
        f_blocks=total // BLOCK,
        f_bavail=free // BLOCK,
        f_frsize=BLOCK,
        f_files=files,
        f_favail=left,
    )
    monkeypatch.setattr(os, "statvfs", lambda folder: found)


@pytest.mark.guarantee("REL-04")
@pytest.mark.parametrize(
    ("total", "free", "code"),
    [
        (10 * GB, GB // 4, "disk_low"),  # 5 % of a small disk
        (10 * GB, GB, None),
        (1000 * GB, 1 * GB, "disk_low"),  # two gigabytes of a large one
        (1000 * GB, 3 * GB, None),
    ],
)
def test_new_work_waits_below_a_twentieth_or_two_gigabytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, total: int, free: int, code: str | None
) -> None:
    sized(monkeypatch, total, free, 0, 0)

    problem = disk.short(tmp_path)

    assert (problem.code if problem else None) == code


@pytest.mark.guarantee("REL-04")
def test_a_disk_that_takes_no_more_files_is_full_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sized(monkeypatch, 10 * GB, 9 * GB, 100_000, 12)

    with pytest.raises(NoSpace) as refusal:
        disk.check(tmp_path)

    facts = {"folder": str(tmp_path), "free": 12}
    assert refusal.value.problem == Problem(code="disk_few_files", facts=facts)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (OSError(errno.ENOSPC, ""), 507, "disk_full"),
        (OSError(errno.EDQUOT, ""), 507, "disk_full"),
        (OSError(errno.EROFS, ""), 503, "disk_read_only"),
        (OSError(errno.EIO, ""), 503, "disk_failing"),
        (sqlite3.OperationalError("database or disk is full"), 507, "disk_full"),
        (sqlite3.OperationalError("attempt to write a readonly database"), 503, "disk_read_only"),
        (sqlite3.OperationalError("disk I/O error"), 503, "disk_failing"),
        (sqlite3.OperationalError("unable to open database file"), 503, "disk_failing"),
        (sqlite3.OperationalError("database is locked"), 503, "database_busy"),
    ],
)
@pytest.mark.guarantee("REL-04", "REL-05")
def test_each_fault_of_the_disk_is_a_refusal_with_a_sentence(
    fault: Exception, status: int, code: str
) -> None:
    refusal = disk.refusal_of(fault)

    assert refusal is not None
    assert (refusal.status, refusal.code) == (status, code)
    assert all(code in sentences(language) for language in ("pt", "en", "es"))


@pytest.mark.parametrize(
    "fault",
    [FileNotFoundError(errno.ENOENT, ""), PermissionError(errno.EACCES, ""), ValueError("is full"),
     sqlite3.OperationalError("no such table: x"), sqlite3.DatabaseError("file is malformed")],
)  # fmt: skip
def test_other_faults_are_not_the_disks(fault: Exception) -> None:
    assert disk.refusal_of(fault) is None
