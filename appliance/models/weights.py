"""The files of weights in the data folder: brought in, recorded, verified.

A file is copied beside its place, hashed on the way and forced to disk; then its
record is written and the file renamed, so that a model that is there is whole. What
the record (or the catalogue) says is checked before every load: of 150 files with one
to three flipped bits, 5 aborted the process and 30 loaded without a word.
"""

import hashlib
import os
import shutil
from pathlib import Path

import msgspec

from appliance.errors import NoSpace, NotFound, Unavailable, Unreadable
from appliance.models.catalogue import Entry, find
from appliance.records import timestamp

BLOCK = 1 << 20
MAGIC = b"GGUF"
SPARE_BYTES = 256 << 20  # left free on the disk by an import


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded beside a file of weights when it was brought in."""

    name: str
    file: str
    size: int
    sha256: str
    imported_at: str


def sha256(file: Path) -> str:
    """The checksum of a file, in hexadecimal. Raises ``OSError``."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def import_file(source: Path, name: str, folder: Path) -> Imported:
    """Copy a GGUF into ``folder`` as the catalogue's model ``name`` and record its checksum.

    Raises ``NotFound`` (``unknown_model``, ``model_file_missing``), ``Unreadable``
    (``not_a_gguf``, ``model_checksum``) and ``NoSpace`` (``no_space_for_model``).
    """
    entry = find(name, "language")
    _look_at(source)
    size = source.stat().st_size
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < size + SPARE_BYTES:
        raise NoSpace("no_space_for_model", need_mb=size >> 20, free_mb=free >> 20)
    fresh = folder / f".{entry.file}.{os.getpid()}.part"
    try:
        digest = _copy(source, fresh)
        if entry.sha256 and digest != entry.sha256:
            raise Unreadable("model_checksum", name=name, file=source.name)
        # The record first: a file without its record would be loaded unverified, a
        # record whose file is still the old one only refuses it.
        record = Imported(
            name=name,
            file=entry.file,
            size=fresh.stat().st_size,
            sha256=digest,
            imported_at=timestamp(),
        )
        _write(record_file(folder / entry.file), msgspec.json.encode(record))
        fresh.replace(folder / entry.file)
        _sync_folder(folder)
    finally:
        fresh.unlink(missing_ok=True)
    return record


def record_file(weights: Path) -> Path:
    """Where the record of a file of weights lies."""
    return weights.with_name(weights.name + ".json")


def recorded(weights: Path) -> Imported | None:
    """What was recorded at the import; None for a file that was never imported.

    Raises ``Unavailable`` (``model_record_damaged``): a record that cannot be read
    vouches for nothing.
    """
    try:
        return msgspec.json.decode(record_file(weights).read_bytes(), type=Imported)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as fault:
        raise Unavailable("model_record_damaged", file=weights.name) from fault


def verify(entry: Entry, weights: Path) -> None:
    """Check a file of weights before llama.cpp sees it.

    Raises ``Unavailable`` (``model_checksum``, ``model_record_damaged``), ``NotFound``
    (``model_file_missing``) and ``Unreadable`` (``not_a_gguf``).
    """
    _look_at(weights)
    record = recorded(weights)
    wanted = entry.sha256 or (record.sha256 if record else "")
    if not wanted:
        return
    if record and record.size != weights.stat().st_size:
        raise Unavailable("model_checksum", name=entry.name, file=weights.name)
    if sha256(weights) != wanted:
        raise Unavailable("model_checksum", name=entry.name, file=weights.name)


def identity(entry: Entry, weights: Path) -> str:
    """What tells this file of weights from any other: its checksum where one is known, else
    its size and the time it was written.

    Raises ``OSError`` and ``Unavailable`` (``model_record_damaged``).
    """
    record = recorded(weights)
    status = weights.stat()
    stamp = f"{status.st_size}-{status.st_mtime_ns}"
    return entry.sha256 or (record.sha256 if record else stamp)


def _look_at(weights: Path) -> None:
    """A regular file that begins as a GGUF does."""
    if not weights.is_file():
        raise NotFound("model_file_missing", file=weights.name)
    with weights.open("rb") as stream:
        if stream.read(len(MAGIC)) != MAGIC:
            raise Unreadable("not_a_gguf", file=weights.name)


def _copy(source: Path, target: Path) -> str:
    """Copy, force to disk, and give the checksum of what was written."""
    digest = hashlib.sha256()
    with source.open("rb") as incoming, target.open("wb") as outgoing:
        while block := incoming.read(BLOCK):
            digest.update(block)
            outgoing.write(block)
        outgoing.flush()
        os.fsync(outgoing.fileno())
    return digest.hexdigest()


def _write(target: Path, data: bytes) -> None:
    fresh = target.with_name(f".{target.name}.part")
    with fresh.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(target)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
