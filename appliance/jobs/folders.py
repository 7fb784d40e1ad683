"""Folders of the server as a source: a watched folder, a mounted share.

Promises: only what lies beneath a folder that the administrator opened (``source_folders``)
is read, wherever links point; a file is read only when its size or its time moved; what
could not be looked at is a gap, never a loss; and of however many files, only the names of
folders still to be visited are held in memory.
"""

import hashlib
import os
import stat
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePath

from appliance.errors import BadRequest, NotAllowed, Unreadable
from appliance.jobs import globs
from appliance.jobs.listing import Entry, FetchedFile, Gap, Known, Missing, Way, problem_of
from appliance.records import Problem
from appliance.settings import Settings
from appliance.sources import Source

QUIET_SECONDS = 10.0  # a file that changed later than that may still be being written
AHEAD_SECONDS = 60.0  # by which a file server's clock may differ from ours
PIECE_BYTES = 1 << 20

# What office programs, systems and downloads leave beside documents.
IGNORED_NAMES = {"thumbs.db", "desktop.ini", "lost+found", "$recycle.bin", "__macosx"}
IGNORED_STARTS = (".", "~$", "~wrl")
IGNORED_ENDS = (".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".swp", "~")


def opened(settings: Settings) -> list[Path]:
    """The folders that the administrator opened, wherever they really are."""
    named = [name.strip() for name in settings.source_folders.split(os.pathsep)]
    return [Path(name).resolve() for name in named if name]


def allowed(settings: Settings, address: str) -> Path:
    """The folder of a source, if it may be one; whether it is there is another question.

    Raises ``BadRequest`` (``source_folder_not_whole``) for a path that does not begin at the
    root, ``NotAllowed`` (``source_folder_not_open``, ``source_folder_is_ours``).
    """
    if not address.startswith("/") or "\x00" in address:
        raise BadRequest("source_folder_not_whole", path=address[:200])
    # Resolved, so that neither ".." nor a link leads out of what was opened.
    folder = Path(address).resolve()
    if not any(folder.is_relative_to(one) for one in opened(settings)):
        raise NotAllowed("source_folder_not_open", path=address[:200])
    if folder.is_relative_to(settings.data) or settings.data.is_relative_to(folder):
        raise NotAllowed("source_folder_is_ours", path=address[:200])
    return folder


def mark_of(address: str) -> str | None:
    """What tells the disk that a folder lies on; None when it is not there."""
    try:
        return str(Path(address).stat().st_dev)
    except OSError:
        return None


def is_ignored(name: str) -> bool:
    """Whether a file or folder is hidden, or somebody's scratch paper."""
    small = name.lower()
    return (
        small in IGNORED_NAMES or small.startswith(IGNORED_STARTS) or small.endswith(IGNORED_ENDS)
    )


def key_of(path: str) -> str:
    """The path as a key: itself, and for a name that is no UTF-8 its bytes as ``\\xe9``.

    Where that happens a backslash is written twice, so that no two paths have one key.
    """
    if "\\" not in path and path.isprintable():
        return path  # nearly always, and 100,000 times
    return (
        path.replace("\\", "\\\\")
        .encode("utf-8", "surrogateescape")
        .decode("utf-8", "backslashreplace")
    )


def name_of(path: str) -> str:
    """The file's name for people: composed accents, and Windows letters where it is no UTF-8."""
    name = PurePath(path).name
    written = os.fsencode(name)
    try:
        return unicodedata.normalize("NFC", written.decode("utf-8"))
    except UnicodeDecodeError:
        return written.decode("cp1252", "replace")


def way(settings: Settings) -> Way:
    """How folders are reached; they are the administrators' own."""
    return Way(
        allowed=lambda address: str(allowed(settings, address)),
        look=Folders(settings).look,
        people="administrators",
    )


class Folders:
    """Looks at folders; its ``look`` is a ``listing.Look``."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.clock = clock

    def look(
        self,
        source: Source,
        *,
        known: Callable[[str], Known | None],
        check: Callable[[], None],
        scratch: Path,
    ) -> Iterator[Entry | Gap]:
        """The files beneath the source's folder; neither ``known`` nor ``scratch`` is needed.

        Raises ``Missing`` (``source_folder_missing``), what ``allowed`` and ``check`` raise.
        """
        folder = allowed(self.settings, source.address)
        try:
            there = folder.is_dir()
        except OSError as fault:  # a share that hangs, a folder above it that is closed to us
            yield Gap(key="", problem=problem_of(fault))
            return
        if not there:
            raise Missing("source_folder_missing", path=source.address)
        walk = _Walk(folder, source, now=self.clock())
        waiting = [""]
        while waiting:
            for found in walk.folder(waiting.pop()):
                check()
                if isinstance(found, str):
                    waiting.append(found)
                else:
                    yield found


class _Walk:
    """One walk through a folder. Paths within it are as the system gives them."""

    def __init__(self, folder: Path, source: Source, *, now: float) -> None:
        self.root = folder
        self.include = source.options.include
        self.exclude = source.options.exclude
        self.busy_from, self.busy_to = now - QUIET_SECONDS, now + AHEAD_SECONDS

    def folder(self, path: str) -> Iterator[Entry | Gap | str]:
        """What one folder holds: files, gaps, and the paths of folders in it."""
        try:
            with os.scandir(self.root / path) as found:
                for item in found:
                    yield from self._item(f"{path}/{item.name}" if path else item.name, item)
        except OSError as fault:
            # In the middle, too: what was not given yet is unknown, not gone.
            yield Gap(key=key_of(path), problem=problem_of(fault))

    def _item(self, path: str, item: "os.DirEntry[str]") -> Iterator[Entry | Gap | str]:
        if is_ignored(item.name) or not globs.takes(path, (), self.exclude):
            return
        try:
            if item.is_dir(follow_symlinks=False):
                yield path
            elif item.is_file(follow_symlinks=False) and globs.takes(path, self.include, ()):
                yield self._file(path, item.stat(follow_symlinks=False))
        except OSError as fault:
            yield Gap(key=key_of(path), problem=problem_of(fault))

    def _file(self, path: str, status: os.stat_result) -> Entry | Gap:
        if self.busy_from < status.st_mtime < self.busy_to:
            problem = Problem(code="source_file_busy")
            return Gap(key=key_of(path), problem=problem, kind="busy")
        return Entry(
            key=key_of(path),
            name=name_of(path),
            bytes=status.st_size,
            changed=str(status.st_mtime_ns),
            fetch=partial(_fetch, self.root, path),
        )


def _fetch(root: Path, path: str, place: Path) -> FetchedFile:
    """Copy a file to ``place``, hashing it on the way.

    Raises ``OSError``, and ``Unreadable`` (``source_file_busy``) when it moves meanwhile.
    """
    # Not blocked by a pipe, nor led away by a link that came since the walk.
    descriptor = os.open(root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file, place.open("xb") as copy:
        before = os.fstat(descriptor)
        really = Path(f"/proc/self/fd/{descriptor}").readlink()
        if not stat.S_ISREG(before.st_mode) or not really.is_relative_to(root):
            raise Unreadable("source_file_elsewhere")
        digest, size = hashlib.sha256(), 0
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
            copy.write(piece)
            size += len(piece)
        after = os.fstat(descriptor)
    if (after.st_size, after.st_mtime_ns) != (size, before.st_mtime_ns):
        raise Unreadable("source_file_busy")
    return FetchedFile(
        file_name=name_of(path),
        bytes=size,
        sha256=digest.hexdigest(),
        changed=str(after.st_mtime_ns),
    )
