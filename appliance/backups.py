"""The list of backups: what was made, where, and whether it was proven.

It is a file, ``backups/list.json``, and no table: when the database is damaged it must still
say which backup was verified last. It is no part of a backup, and a restore leaves it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from appliance.errors import Conflict, NotFound
from appliance.records import Problem, Record, timestamp

FOLDER = "backups"
KEPT = 500  # entries of the list
WORN_DAYS = 8  # of the last verified backup; then the status page warns


class Backup(Record, frozen=True):
    """A backup: ``file`` is where it was written. ``verified_at`` is when it was last proven,
    ``problem`` what was wrong then; ``documents`` and ``bytes`` (of the file) count."""

    id: str
    file: str
    made_at: str
    bytes: int
    documents: int
    program: str
    verified_at: str | None = None
    problem: Problem | None = None


def folder(data: Path) -> Path:
    """Where backups go that name no other place, and the list of all."""
    found = data / FOLDER
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def every(data: Path) -> list[Backup]:
    """All that are known, the newest first."""
    try:
        read = msgspec.json.decode((data / FOLDER / "list.json").read_bytes(), type=list[Backup])
    except (FileNotFoundError, msgspec.DecodeError):  # a list that is damaged is begun again
        return []
    return sorted(read, key=lambda one: one.made_at, reverse=True)


def get(data: Path, backup_id: str) -> Backup:
    """One of the list. Raises ``NotFound``."""
    for one in every(data):
        if one.id == backup_id:
            return one
    raise NotFound


def last_verified(data: Path) -> Backup | None:
    """The newest that was proven and is not known to be gone or damaged."""
    proven = (one for one in every(data) if one.verified_at and not one.problem)
    return next(proven, None)


def age_seconds(data: Path, now: datetime | None = None) -> float | None:
    """How old the data of the last verified backup is; None where there is none."""
    proven = last_verified(data)
    if proven is None:
        return None
    return ((now or datetime.now(UTC)) - datetime.fromisoformat(proven.made_at)).total_seconds()


def age_days(data: Path) -> int | None:
    """The same in whole days."""
    seconds = age_seconds(data)
    return None if seconds is None else int(seconds // 86_400)


def worn(data: Path) -> Problem | None:
    """What is to be said where none was proven, or none lately."""
    known, days = last_verified(data), age_days(data)
    if known is None or days is None:
        return Problem(code="doctor_backup_none")
    if days >= WORN_DAYS:
        return Problem(code="doctor_backup_old", facts={"days": days, "file": known.file})
    return None


def add(data: Path, backup: Backup) -> None:
    """Write one down, in place of what was known of it."""
    with _locked(data):
        known = [one for one in every(data) if one.id != backup.id]
        _store(data, [backup, *known][:KEPT])


def verified(data: Path, backup: Backup, problem: Problem | None) -> Backup:
    """Write down how a verification ended, and give the entry; a failure keeps the time of
    the last success."""
    known = next((one for one in every(data) if one.id == backup.id), backup)
    at = known.verified_at if problem else timestamp()
    told = msgspec.structs.replace(known, file=backup.file, verified_at=at, problem=problem)
    add(data, told)
    return told


def forget(data: Path, backup_id: str) -> None:
    """Take one off the list."""
    with _locked(data):
        _store(data, [one for one in every(data) if one.id != backup_id])


@contextmanager
def alone(data: Path) -> Iterator[Path]:
    """The folder, for one backup at a time. Raises ``Conflict`` (``backup_running``)."""
    home = folder(data)
    with (home / "making.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("backup_running") from None
        yield home


@contextmanager
def _locked(data: Path) -> Iterator[None]:
    with (folder(data) / "list.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _store(data: Path, listed: list[Backup]) -> None:
    place = folder(data) / "list.json"
    beside = place.with_name("list.json.new")
    with beside.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(listed), indent=1))
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(0o600)
    beside.replace(place)
