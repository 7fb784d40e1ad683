"""Opening a backup: unpacked into a folder, everything in it compared with its manifest.

Nothing of the file is believed before it is proven: its chunks by the cipher, its names by
``contents.NAME``, its sizes and hashes by the manifest, the database by SQLite, and that a
search finds what it found by the reference questions and the assistants' golden ones.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from appliance import __version__, backups
from appliance.archive import contents, expected, making, references, sealed, snapshot
from appliance.archive.contents import Item, Manifest
from appliance.archive.sealed import Head, Opener
from appliance.backups import Backup
from appliance.database import Database, known_steps
from appliance.errors import NoSpace, NotFound, Unreadable
from appliance.jobs.failpoint import step
from appliance.records import new_id

Told = making.Told
_INSTRUCTIONS = 1_000_000  # of SQLite between two looks: some milliseconds


def verify(
    data: Path,
    file: Path,
    passphrase: str,
    *,
    scratch: Path | None = None,
    told: Told = lambda done, total: None,
) -> tuple[Backup, Manifest]:
    """Restore into a scratch folder (in ``scratch``, else beside the backups' list), prove all,
    and write the result down where it is known.

    Raises ``Unreadable`` (as ``unpack`` and ``prove`` do), which is written down too;
    ``NoSpace`` and ``NotFound``, which say nothing about the backup and are not.
    """
    backup = _entry(file)
    home = scratch or backups.folder(data)
    folder = home / f".proof-{new_id()}"
    size = file.stat().st_size
    try:
        check_room(file, home)
        with _held(folder):
            manifest = unpack(file, passphrase, folder, told=told)
            prove(folder, manifest, look=lambda: told(size, size))
    except Unreadable as fault:
        if fault.code != "backup_wrong_passphrase":
            backups.verified(data, backup, fault.problem)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    backup = msgspec.structs.replace(backup, documents=manifest.documents)
    return backups.verified(data, backup, None), manifest


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """A folder for one proof, which no ``making.sweep`` takes for a left one meanwhile."""
    folder.mkdir(mode=0o700)
    with (folder / making.HELD).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def head_of(file: Path) -> Head:
    """What a backup says about itself without its passphrase.

    Raises ``NotFound`` (``backup_not_there``), ``Unreadable`` as ``sealed.head`` does.
    """
    try:
        with file.open("rb") as opened:
            return sealed.head(opened)
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound("backup_not_there", file=str(file)) from None


def check_room(file: Path, folder: Path) -> None:
    """Raises ``NoSpace`` (``backup_no_space``) where a folder's disk cannot hold what is in it."""
    needed, free = head_of(file).bytes + making.MARGIN, shutil.disk_usage(folder).free
    if free < needed:
        raise NoSpace(
            "backup_no_space", folder=str(folder), need_mb=(needed >> 20) + 1, free_mb=free >> 20
        )


def unpack(
    file: Path, passphrase: str, folder: Path, *, told: Told = lambda done, total: None
) -> Manifest:
    """Write everything into an empty folder, as a data folder has it, and compare it with the
    manifest.

    Raises ``Unreadable``: as ``sealed.Opener``; ``backup_damaged`` too for what is not as the
    manifest says; ``backup_program_newer``.
    """
    total, done = file.stat().st_size, 0

    def heard(count: int) -> None:
        nonlocal done
        done += count
        told(done, total)

    with file.open("rb") as opened:
        opener = Opener(opened, passphrase, heard)
        try:
            found, content = _items(opener, folder)
        except tarfile.TarError:
            raise Unreadable("backup_damaged") from None
        opener.finish()
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError:
        raise Unreadable("backup_damaged") from None
    if {one.name: one for one in manifest.items} != found:
        raise Unreadable("backup_damaged")
    check_program(manifest)
    return manifest


def check_program(manifest: Manifest) -> None:
    """Raises ``Unreadable`` (``backup_program_newer``) where this program does not know the
    schema of the backup."""
    if set(manifest.steps) - set(known_steps()):
        raise Unreadable("backup_program_newer", program=manifest.program, here=__version__)


def _items(opener: Opener, folder: Path) -> tuple[dict[str, Item], bytes]:
    """What was written, by its names, and the manifest."""
    found: dict[str, Item] = {}
    content = b""
    with tarfile.open(fileobj=opener, mode="r|", bufsize=making.PIECE) as tar:  # type: ignore[call-overload]
        for member in tar:
            plain = member.type == tarfile.REGTYPE and not member.sparse
            if not plain or not contents.NAME.fullmatch(member.name) or member.name in found:
                raise Unreadable("backup_damaged")
            source = tar.extractfile(member)
            assert source is not None  # noqa: S101 - a plain file
            if member.name == contents.MANIFEST:
                content = source.read(contents.MANIFEST_MOST)
                continue
            found[member.name] = _written(member.name, source.read, folder)
            step("item unpacked")
    return found, content


def _written(name: str, read: Callable[[int], bytes], folder: Path) -> Item:
    place = contents.place(name, folder)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while part := read(making.PIECE):
            digest.update(part)
            size += file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return Item(name=name, bytes=size, sha256=digest.hexdigest())


def prove(folder: Path, manifest: Manifest, *, look: Callable[[], None] = lambda: None) -> None:
    """Look at an unpacked data folder: SQLite's integrity check, foreign keys, an original of
    the right content for every document, the reference questions and the golden ones. ``look``
    is called all the while and may raise to end it.

    Raises ``Unreadable``: ``backup_database_damaged``, ``backup_original_differs``,
    ``backup_golden_lost``, ``backup_finds_otherwise``.
    """
    for item in manifest.items:
        original = item.name.startswith("files/")
        if original and item.sha256 != item.name.rpartition("/")[2]:
            raise Unreadable("backup_original_differs", name=item.name)
    database = Database(folder / contents.DATABASES[0])
    try:
        _check_database(database, look)
        look()
        there = {one.name.rpartition("/")[2] for one in manifest.items}
        for sha256 in set(snapshot.originals(database)) - there - set(manifest.missing):
            raise Unreadable("backup_original_differs", name=sha256)
        database.migrate()
        exactly = manifest.program == __version__
        different = references.otherwise(database, folder, manifest.references, exactly=exactly)
        lost = expected.lost(database, folder, manifest.golden or (), look)
    except sqlite3.DatabaseError as fault:
        raise Unreadable("backup_database_damaged", reason=str(fault)) from fault
    finally:
        database.close()
    if lost:
        raise Unreadable(
            "backup_golden_lost", count=len(lost), total=len(manifest.golden or ()),
            questions=expected.named(lost),
        )  # fmt: skip
    if different:
        raise Unreadable(
            "backup_finds_otherwise", count=len(different), total=len(manifest.references)
        )


def _check_database(database: Database, look: Callable[[], None]) -> None:
    with _looking(database, look):
        found = [row["integrity_check"] for row in database.rows("pragma integrity_check(1)")]
        if found != ["ok"]:
            raise Unreadable("backup_database_damaged", reason=str(found[:1]))
        if database.rows("pragma foreign_key_check"):
            raise Unreadable("backup_database_damaged", reason="foreign keys")


@contextmanager
def _looking(database: Database, look: Callable[[], None]) -> Iterator[None]:
    """Let ``look`` end a query of this block that goes on for minutes: SQLite is told to
    interrupt itself, and what was raised is raised again outside of it."""
    raised: list[BaseException] = []

    def looked() -> bool:
        try:
            look()
        except BaseException as why:  # noqa: BLE001 - whatever it is, it is raised again below
            raised.append(why)
        return bool(raised)

    with database.connection() as db:
        db.conn.set_progress_handler(looked, _INSTRUCTIONS)
        try:
            yield
        except sqlite3.OperationalError:
            if raised:
                raise raised[0] from None
            raise
        finally:
            db.conn.set_progress_handler(None, 0)


def _entry(file: Path) -> Backup:
    head = head_of(file)
    return Backup(
        id=head.id, file=str(file.resolve()), made_at=head.made_at,
        bytes=file.stat().st_size, documents=0, program=head.program,
    )  # fmt: skip
