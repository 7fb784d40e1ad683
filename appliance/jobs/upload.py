"""A model's file on its way from a browser: piece by piece, however often it is interrupted.

What has come lies in a part with a note beside it that says of which file it is and how
much of it is on the disk for sure. Who goes on sends the end of that once more: a file that
differs there is another one. A part that is whole is imported by a job; one that nobody
goes on with for a day is removed.
"""

import os
import shutil
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Annotated

import msgspec

from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound, TooLarge, Unreadable
from appliance.jobs import pull
from appliance.models import catalogue, weights
from appliance.models.catalogue import Entry
from appliance.settings import Settings

PIECE_BYTES = 16 << 20  # that a browser sends at once; each is forced to the disk
OVERLAP_BYTES = 1 << 20  # that it sends again where it goes on
KEPT_SECONDS = 24 * 3600.0  # that an interrupted upload waits for its other half
HEAD_BYTES = 9  # that tell a GGUF from anything else


class Offered(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that a browser has: its name, its size in bytes, and when it was written last,
    in milliseconds as the browser counts them."""

    file: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    size: Annotated[int, msgspec.Meta(ge=1)]
    modified: int = 0


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """How far the upload of a file is: ``done`` of its bytes are on the disk."""

    offered: Offered
    done: int = 0

    @property
    def whole(self) -> bool:
        """Whether all of it is there."""
        return self.done == self.offered.size


def folder_of(entry: Entry, settings: Settings) -> Path:
    """The folder of what an upload has so far."""
    return pull.folder_of(settings) / f".{entry.name}.upload"


def under_way(entry: Entry, settings: Settings) -> Upload | None:
    """How far the upload of a model is; None where none has begun."""
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(_note(folder_of(entry, settings)).read_bytes(), type=Upload)
    return None


def begin(entry: Entry, offered: Offered, settings: Settings, database: Database) -> Upload:
    """Take a file that is offered, or go on with it where it was interrupted.

    Raises ``BadRequest`` (``upload_only_language``), ``Conflict`` (``model_already_here``,
    ``pull_already_running``, ``upload_differs``), ``TooLarge``, ``Unreadable``
    (``upload_other_model``, ``upload_wrong_size``) and ``NoSpace``.
    """
    if entry.kind != "language":
        raise BadRequest("upload_only_language", name=entry.name)
    folder = pull.folder_of(settings)
    if weights.there(entry, folder):
        raise Conflict("model_already_here", name=entry.name)
    if pull.under_way(database, entry.name):
        raise Conflict("pull_already_running", name=entry.name)
    _is_its_file(entry, offered)
    so_far = under_way(entry, settings)
    if so_far and so_far.offered != offered:
        raise Conflict("upload_differs", file=offered.file)
    folder.mkdir(parents=True, exist_ok=True)
    weights.make_room(folder, offered.size - (so_far.done if so_far else 0))
    here = folder_of(entry, settings)
    here.mkdir(exist_ok=True)
    with pull.alone(here, entry.name):
        if so_far is None:
            (here / entry.file).touch()
            _keep(here, Upload(offered=offered))
    return so_far or Upload(offered=offered)


def _is_its_file(entry: Entry, offered: Offered) -> None:
    """As far as can be said before a byte of it is here."""
    for other in catalogue.offered("language"):
        if other.file == offered.file != entry.file:
            raise Unreadable("upload_other_model", file=offered.file, name=other.name)
    if offered.size > pull.MOST_BYTES:
        facts = {"size_mb": offered.size >> 20, "limit_mb": pull.MOST_BYTES >> 20}
        raise TooLarge("upload_too_large", file=offered.file, **facts)
    if entry.size and offered.size != entry.size:
        facts = {"bytes": offered.size, "wanted": entry.size}
        raise Unreadable("upload_wrong_size", file=offered.file, name=entry.name, **facts)


class Piece:
    """The bytes of a file from an offset on: written, and closed however the piece ends.

    What was written before that is on the disk and stays. One at a time for each model.
    """

    def __init__(self, entry: Entry, settings: Settings, offset: int) -> None:
        """Raises ``NotFound`` (``upload_not_begun``) and ``Conflict``
        (``pull_already_running``, ``upload_out_of_place``)."""
        self._here = folder_of(entry, settings)
        self._at = offset
        with ExitStack() as opened:
            if not self._here.is_dir():
                raise NotFound("upload_not_begun", name=entry.name)
            opened.enter_context(pull.alone(self._here, entry.name))
            so_far = under_way(entry, settings)
            if so_far is None:
                raise NotFound("upload_not_begun", name=entry.name)
            if not 0 <= offset <= so_far.done:
                raise Conflict("upload_out_of_place", done=so_far.done)
            self.upload = so_far
            self._part = self._here / entry.file
            self._file = opened.enter_context(self._part.open("r+b"))
            self._file.seek(offset)
            self._open = opened.pop_all()

    def write(self, data: bytes) -> None:
        """Write on; what is there already must be the same.

        Raises ``Conflict`` (``upload_differs``), ``Unreadable`` (``not_a_gguf``) and
        ``OSError``.
        """
        known = data[: max(0, self.upload.done - self._at)]
        fresh = data[len(known) :]
        if known and self._file.read(len(known)) != known:
            raise Conflict("upload_differs", file=self.upload.offered.file)
        self._at += len(data)
        if self._at > self.upload.offered.size:
            raise Conflict("upload_differs", file=self.upload.offered.file)
        if fresh:
            # Between reading and writing a file wants to be told its place.
            self._file.seek(self.upload.done)
            self._file.write(fresh)
            done = self.upload.done + len(fresh)
            self.upload = Upload(offered=self.upload.offered, done=done)
            self._look(len(fresh))

    def _look(self, fresh: int) -> None:
        """Whether it begins as a GGUF does, as soon as that can be said."""
        if self.upload.done - fresh >= HEAD_BYTES or self.upload.done < HEAD_BYTES:
            return
        self._file.flush()
        try:
            weights.look_at(self._part)
        except Unreadable as refusal:
            shutil.rmtree(self._here)
            raise Unreadable(refusal.code, file=self.upload.offered.file) from refusal

    def close(self) -> None:
        """Force what was written to the disk, and note how far that is. Raises ``OSError``."""
        with self._open:
            if self._here.is_dir():  # else it was the wrong file, and is gone
                self._file.flush()
                os.fsync(self._file.fileno())
                _keep(self._here, self.upload)


def adopt(entry: Entry, settings: Settings) -> bool:
    """Put an upload that is whole in its place; whether there was one.

    Raises what ``weights.adopt`` raises; what was refused is of no use, and is removed.
    """
    here = folder_of(entry, settings)
    found = under_way(entry, settings)
    if found is None or not found.whole:
        return False
    with pull.alone(here, entry.name):
        try:
            weights.adopt(entry, here, pull.folder_of(settings))
        finally:
            shutil.rmtree(here)
    return True


def discard(entry: Entry, settings: Settings) -> bool:
    """Forget what has come; whether there was anything.

    Raises ``Conflict`` (``pull_already_running``) while a piece is coming in.
    """
    here = folder_of(entry, settings)
    if not here.is_dir():
        return False
    with pull.alone(here, entry.name):
        shutil.rmtree(here)
    return True


def sweep(settings: Settings, database: Database) -> None:
    """Forget every upload that nobody went on with for a day."""
    for entry in catalogue.entries():
        with suppress(FileNotFoundError, Conflict):
            # Every piece renames a note in it.
            idle = time.time() - folder_of(entry, settings).stat().st_mtime
            if idle > KEPT_SECONDS and not pull.under_way(database, entry.name):
                discard(entry, settings)


def _note(here: Path) -> Path:
    return here / "note.json"


def _keep(here: Path, upload: Upload) -> None:
    weights.write(_note(here), msgspec.json.encode(upload))
