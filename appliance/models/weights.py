"""The files of models in the data folder: brought in, recorded, verified, removed.

Files are copied beside their place, hashed on the way and forced to disk; then their
record is written and they are renamed, so that a model that is there is whole. What the
record (or the catalogue) says is checked before every load: of 150 files with one to three
flipped bits, 5 aborted the process and 30 loaded without a word.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from appliance.errors import NoSpace, NotFound, Unavailable, Unreadable
from appliance.models.catalogue import Entry, find
from appliance.records import timestamp

BLOCK = 1 << 20
GGUF = b"GGUF"
GGUF_VERSIONS = (2, 3)
LONGEST_HEADER = 100_000_000  # bytes, of safetensors
SPARE_BYTES = 256 << 20  # left free on the disk by an import


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded beside a file of weights when it was brought in. ``others`` are the
    checksums of the files that came with it, by name."""

    name: str
    file: str
    size: int
    sha256: str
    imported_at: str
    others: dict[str, str] = {}


def sha256(file: Path) -> str:
    """The checksum of a file, in hexadecimal. Raises ``OSError``."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def import_file(
    source: Path,
    name: str,
    folder: Path,
    *,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Imported:
    """Copy a model into ``folder`` as the catalogue's ``name`` and record its checksums: a
    GGUF, or the folder of an embedder. ``told`` hears bytes done and in all, and may raise.

    Raises ``NotFound`` (``unknown_model``, ``model_file_missing``), ``Unreadable``
    (``not_a_gguf``, ``not_safetensors``, ``model_checksum``) and ``NoSpace``
    (``no_space_for_model``).
    """
    entry = find(name)
    files = _found(entry, source)
    total = sum(file.stat().st_size for file in files.values())
    folder.mkdir(parents=True, exist_ok=True)
    make_room(folder, total)
    fresh = folder / f".{name}.{os.getpid()}.part"
    try:
        done = 0
        for file, path in files.items():
            (fresh / file).parent.mkdir(parents=True, exist_ok=True)
            for count in _copied(path, fresh / file):
                done += count
                told(done, total)
        return adopt(entry, fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def adopt(entry: Entry, fresh: Path, folder: Path, *, announced: str = "") -> Imported:
    """Put files that lie whole in ``fresh``, on the same disk, in their place.

    ``announced`` is the checksum that the sender named for the weights, where it did.
    Raises ``Unreadable`` (``not_a_gguf``, ``not_safetensors``, ``model_checksum``).
    """
    look_at(fresh / entry.file)
    sums = {file: sha256(fresh / file) for file in entry.all_files}
    for wanted in (entry.sha256, announced):
        if wanted and sums[entry.file] != wanted:
            raise Unreadable("model_checksum", name=entry.name, file=entry.file)
    record = Imported(
        name=entry.name,
        file=entry.file,
        size=(fresh / entry.file).stat().st_size,
        sha256=sums.pop(entry.file),
        imported_at=timestamp(),
        others=sums,
    )
    home = entry.home(folder)
    # The record first: a file without its record would be loaded unverified, a record
    # whose file is still the old one only refuses it.
    home.mkdir(parents=True, exist_ok=True)
    write(record_file(home / entry.file), msgspec.json.encode(record))
    for file in reversed(entry.all_files):
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (fresh / file).replace(home / file)
        _sync_folder((home / file).parent)
    _sync_folder(folder)
    return record


def make_room(folder: Path, size: int) -> None:
    """See that ``size`` bytes fit on the disk. Raises ``NoSpace`` (``no_space_for_model``)."""
    free = shutil.disk_usage(folder).free
    if free < size + SPARE_BYTES:
        raise NoSpace("no_space_for_model", need_mb=size >> 20, free_mb=free >> 20)


def there(entry: Entry, folder: Path) -> bool:
    """Whether all files of a model lie in their place."""
    return all((entry.home(folder) / file).is_file() for file in entry.all_files)


def remove(entry: Entry, folder: Path) -> bool:
    """Remove a model's files and record; whether there was anything."""
    home = entry.home(folder)
    weights = home / entry.file
    was = weights.exists() or record_file(weights).exists()
    if entry.kind == "embedder":
        shutil.rmtree(home, ignore_errors=True)
    else:
        weights.unlink(missing_ok=True)
        for beside in folder.glob(f"{entry.file}*.json"):  # the record, and what was measured
            beside.unlink()
    return was


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


def verify(entry: Entry, weights: Path, folder: Path) -> None:
    """Check a model's files before a library sees them.

    In ``folder`` only what an administrator brought in, or the catalogue names by its
    checksum, is a model: a file that was put there otherwise may be anybody's, and reading
    one is dangerous. A file elsewhere was named by whoever may write the settings.

    Raises ``Unavailable`` (``model_checksum``, ``model_record_damaged``,
    ``model_not_imported``), ``NotFound`` (``model_file_missing``) and ``Unreadable``
    (``not_a_gguf``, ``not_safetensors``).
    """
    look_at(weights)
    record = recorded(weights)
    wanted = entry.sha256 or (record.sha256 if record else "")
    if not wanted:
        if (entry.home(folder) / entry.file).resolve() == weights.resolve():
            raise Unavailable("model_not_imported", name=entry.name, file=weights.name)
        return
    if record and record.size != weights.stat().st_size:
        raise Unavailable("model_checksum", name=entry.name, file=weights.name)
    others = record.others if record else {}
    for file, digest in [(weights.name, wanted), *others.items()]:
        if sha256(weights.parent / file) != digest:
            raise Unavailable("model_checksum", name=entry.name, file=file)


def _found(entry: Entry, source: Path) -> dict[str, Path]:
    """The files to import by their names, the weights looked at."""
    whole = source.is_dir()
    files = {name: source / name for name in entry.all_files} if whole else {entry.file: source}
    for name in entry.all_files:
        if name not in files or not files[name].is_file():
            raise NotFound("model_file_missing", file=name if whole else source.name)
    look_at(files[entry.file])
    return files


def identity(entry: Entry, weights: Path) -> str:
    """What tells this file of weights from any other: its checksum where one is known, else
    its size and the time it was written.

    Raises ``OSError`` and ``Unavailable`` (``model_record_damaged``).
    """
    record = recorded(weights)
    status = weights.stat()
    stamp = f"{status.st_size}-{status.st_mtime_ns}"
    return entry.sha256 or (record.sha256 if record else stamp)


def look_at(weights: Path) -> None:
    """See that it is a regular file that begins as its kind does. Raises ``NotFound``
    (``model_file_missing``) and ``Unreadable`` (``not_a_gguf``, ``not_safetensors``)."""
    if not weights.is_file():
        raise NotFound("model_file_missing", file=weights.name)
    with weights.open("rb") as stream:
        head = stream.read(9)
    if weights.suffix == ".safetensors":
        length = int.from_bytes(head[:8], "little")
        if not (head[8:] == b"{" and 0 < length <= LONGEST_HEADER):
            raise Unreadable("not_safetensors", file=weights.name)
    elif head[:4] != GGUF or int.from_bytes(head[4:8], "little") not in GGUF_VERSIONS:
        raise Unreadable("not_a_gguf", file=weights.name)


def _copied(source: Path, target: Path) -> Iterator[int]:
    """Copy and force to disk, telling the bytes of each step."""
    with source.open("rb") as incoming, target.open("wb") as outgoing:
        while block := incoming.read(BLOCK):
            outgoing.write(block)
            yield len(block)
        outgoing.flush()
        os.fsync(outgoing.fileno())


def write(target: Path, data: bytes) -> None:
    """Write a small file whole, or not at all, and force it to disk. Raises ``OSError``."""
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
