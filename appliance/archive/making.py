"""Making a backup while everything runs.

It is written under a name of its own beside its place, flushed, read back by nobody, and
renamed: broken off anywhere there is no backup rather than half a one. What an interrupted
one left goes when the next begins, and one that was whole by then comes onto the list.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from appliance import __version__, backups
from appliance.archive import contents, expected, references, sealed, snapshot
from appliance.archive.contents import Item, Manifest
from appliance.archive.sealed import Head, Sealer
from appliance.archive.target import try_writing
from appliance.backups import Backup
from appliance.database import Database, steps
from appliance.errors import Conflict, NoSpace, NotFound, Unreadable
from appliance.jobs.failpoint import step
from appliance.models import choice
from appliance.records import new_id, timestamp
from appliance.settings import Settings

ENDING = ".balcao"
HELD = "held"  # in the folder of a proof: locked while it goes on
MARGIN = 64 << 20  # bytes that stay free: a full disk stops everybody else too
PIECE = 1 << 20
Told = Callable[[int, int], None]  # bytes done, bytes in all


def make(
    settings: Settings,
    passphrase: str,
    target: Path,
    *,
    with_index: bool = False,
    told: Told = lambda done, total: None,
) -> Backup:
    """Write one backup to ``target``, a file that is not there yet or a folder; what was made.

    Raises ``Conflict`` (``backup_exists``, ``backup_running``), ``NoSpace``
    (``backup_no_space``) before anything is written, ``NotFound`` (``backup_no_folder``,
    ``backup_no_data``), ``BadRequest`` (``backup_folder_closed``).
    """
    data = settings.data
    if not (data / contents.DATABASES[0]).exists():
        raise NotFound("backup_no_data", folder=str(data))
    place = _place(target)
    try_writing(place.parent)
    with backups.alone(data) as home:
        sweep(home)
        total = _check_room(data, place, with_index=with_index)
        making = _Making(settings, home / f".making-{new_id()}", total, told)
        with _scratch(making.scratch):
            return making.write(place, passphrase, with_index=with_index)


def sweep(home: Path) -> None:
    """Remove what backups and proofs that were broken off have left; a proof that is going on
    stays. Whoever calls has the folder alone."""
    for left in home.glob(".making-*"):
        with contextlib.suppress(OSError, msgspec.DecodeError):
            beside = left / "beside"
            if beside.exists():
                Path(beside.read_text("utf-8")).unlink(missing_ok=True)
            _adopt(home.parent, left / "made")
        shutil.rmtree(left, ignore_errors=True)
    for left in home.glob(".proof-*"):
        with contextlib.suppress(OSError), (left / HELD).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)


def _adopt(data: Path, note: Path) -> None:
    """Put one onto the list that was in its place when its making was broken off."""
    if note.exists():
        made = msgspec.json.decode(note.read_bytes(), type=Backup)
        if Path(made.file).exists() and made.id not in {one.id for one in backups.every(data)}:
            backups.add(data, made)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place(target: Path) -> Path:
    """The file to write. Raises as ``make`` does."""
    if target.is_dir():
        moment = timestamp().replace(":", "").replace("-", "").partition(".")[0]
        target = target / f"balcao-{moment}Z-{new_id()[-4:]}{ENDING}"
    if not target.parent.is_dir():
        raise NotFound("backup_no_folder", folder=str(target.parent))
    if target.exists():
        raise Conflict("backup_exists", file=str(target))
    return target.resolve()


def _check_room(data: Path, place: Path, *, with_index: bool) -> int:
    """About how many bytes the backup will have. Raises ``NoSpace``."""
    copies = sum(_size(data / name) + _size(data / f"{name}-wal") for name in contents.DATABASES)
    folders = ["files", "secrets", *(["index"] if with_index else [])]
    others = sum(path.stat().st_size for one in folders for path in _files(data / one))
    total = copies + others
    for folder, needed in _needed(data, place, copies, total):
        free = shutil.disk_usage(folder).free
        if free < needed + MARGIN:
            raise NoSpace(
                "backup_no_space", folder=str(folder),
                need_mb=(needed + MARGIN >> 20) + 1, free_mb=free >> 20,
            )  # fmt: skip
    return total


def _needed(data: Path, place: Path, copies: int, total: int) -> list[tuple[Path, int]]:
    if data.stat().st_dev == place.parent.stat().st_dev:
        return [(data, copies + total)]
    return [(data, copies), (place.parent, total)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


class _Making:
    """One backup on its way."""

    def __init__(self, settings: Settings, scratch: Path, total: int, told: Told) -> None:
        self.settings, self.data, self.scratch = settings, settings.data, scratch
        self.total, self.told, self.done = total, told, 0
        self.items: list[Item] = []
        self.missing: list[str] = []

    def write(self, place: Path, passphrase: str, *, with_index: bool) -> Backup:
        manifest = self._taken()
        step("databases copied")
        beside = place.with_name(f".{place.name}.{manifest.id}.part")
        (self.scratch / "beside").write_text(str(beside), "utf-8")
        head = Head(
            format=sealed.FORMAT, id=manifest.id, made_at=manifest.made_at,
            program=manifest.program, steps=len(manifest.steps), bytes=self.total,
        )  # fmt: skip
        try:
            with os.fdopen(_opened(beside), "wb") as file:
                sealer = Sealer(file, head, passphrase)
                self._fill(sealer, manifest, with_index=with_index)
                sealer.close()
                step("last chunk written")
                file.flush()
                os.fsync(file.fileno())
            step("flushed")
            made = Backup(
                id=manifest.id, file=str(place), made_at=manifest.made_at,
                bytes=beside.stat().st_size, documents=manifest.documents,
                program=manifest.program,
            )  # fmt: skip
            (self.scratch / "made").write_bytes(msgspec.json.encode(made))
            _into_place(beside, place)
        finally:
            beside.unlink(missing_ok=True)
        step("in place")
        backups.add(self.data, made)
        step("listed")
        return made

    def _taken(self) -> Manifest:
        """The copies of one moment in ``scratch``, and what the manifest says about them."""
        made_at = timestamp()
        for name in contents.DATABASES:
            if (self.data / name).exists():
                copied = self.scratch / "databases" / name
                snapshot.copy(self.data / name, copied, lambda _: self._heard(0))
        taken = Database(self.scratch / "databases" / contents.DATABASES[0])
        try:
            self.missing = snapshot.hold(self.data, self.scratch, snapshot.originals(taken))
            asked = references.taken(taken, self.scratch)
            golden = expected.taken(taken, self.scratch, lambda: self._heard(0))
            documents = taken.rows("select count(*) as n from documents")[0]["n"]
            had = tuple(steps(taken)[1])
        except sqlite3.DatabaseError as fault:
            raise Unreadable("backup_source_damaged", reason=str(fault)) from fault
        finally:
            snapshot.settle(taken)
        found = choice.name_of(self.settings.language_model, self.data / "models")
        return Manifest(
            id=new_id(), made_at=made_at, program=__version__, steps=had, documents=documents,
            items=(), missing=tuple(self.missing), references=asked, golden=golden,
            language_model=found,
        )  # fmt: skip

    def _fill(self, sealer: Sealer, manifest: Manifest, *, with_index: bool) -> None:
        with tarfile.open(fileobj=sealer, mode="w|", bufsize=PIECE) as tar:  # type: ignore[call-overload]
            for path in _files(self.scratch / "databases"):
                self._put(tar, f"databases/{path.name}", path)
            step("databases written")
            for sha256 in self._originals():
                name = f"files/{sha256[:2]}/{sha256}"
                held = self.scratch / name
                self._put(tar, name, held if held.exists() else self.data / name)
            step("originals written")
            for one in ("secrets", *(["index"] if with_index else [])):
                for path in _files(self.data / one):
                    self._put(tar, str(path.relative_to(self.data)), path)
            if (tombstones := self.data / contents.TOMBSTONES).exists():
                self._put(tar, contents.TOMBSTONES, tombstones)
            whole = msgspec.structs.replace(manifest, items=tuple(self.items))
            _put_bytes(tar, contents.MANIFEST, msgspec.json.encode(whole))

    def _originals(self) -> list[str]:
        copied = Database(self.scratch / "databases" / contents.DATABASES[0])
        try:
            gone = set(self.missing)
            return [one for one in snapshot.originals(copied) if one not in gone]
        finally:
            snapshot.settle(copied)

    def _put(self, tar: tarfile.TarFile, name: str, path: Path) -> None:
        """A file as it is when it is opened; what is appended meanwhile stays out."""
        if not contents.NAME.fullmatch(name):
            return  # somebody's own file among ours: a restore would refuse it
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            read = _Counted(file, self._heard)
            tar.addfile(_info(name, size), read)
        self.items.append(Item(name=name, bytes=size, sha256=read.digest.hexdigest()))

    def _heard(self, count: int) -> None:
        self.done += count
        self.told(min(self.done, self.total), self.total)


class _Counted:
    """A file that is read once, with the SHA-256 of what was read."""

    def __init__(self, file: BinaryIO, heard: Callable[[int], None]) -> None:
        self.file, self.heard, self.digest = file, heard, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self.file.read(size)
        self.digest.update(part)
        self.heard(len(part))
        return part


def _put_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_info(name, len(content)), BytesIO(content))


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _into_place(beside: Path, place: Path) -> None:
    """Rename, unless somebody took the name meanwhile, and wait for the folder."""
    if place.exists():
        raise Conflict("backup_exists", file=str(place))
    beside.rename(place)
    flush_folder(place.parent)


def flush_folder(folder: Path) -> None:
    """Wait until a folder's names are on the disk, where its file system can."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # a mounted share may not know how
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
