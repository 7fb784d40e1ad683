"""A note of every load that did not come to an end, so that a bad file kills three times at most.

A GGUF with a flipped bit can abort the process while it loads, and the supervisor
starts the runner again: without a memory it would go round for ever. The note lies
in the models' folder while a model loads and is gone afterwards; it names the file
as it was, so that a corrected one is tried at once.
"""

import time
from pathlib import Path
from types import TracebackType

import msgspec

from appliance.errors import Unavailable

NOTE = ".loading.json"
MOST = 3
FORGIVEN_AFTER_SECONDS = 3600.0


def forget(folder: Path) -> None:
    """Take the note away: a load that a clean stop breaks off is nobody's fault."""
    (folder / NOTE).unlink(missing_ok=True)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    file: str
    size: int
    changed: int  # nanoseconds, as the file system has it
    times: int
    at: float


class Attempts:
    """``with Attempts(folder, file):`` around a load.

    Entering raises ``Unavailable`` (``model_kills_engine``) when the last three loads of
    this very file, within the hour, never came back. A load that raises did come back.
    """

    def __init__(self, folder: Path, file: Path) -> None:
        self._note = folder / NOTE
        self._file = file

    def __enter__(self) -> None:
        status = self._file.stat()
        before = self._read()
        times = 0
        if before and (before.file, before.size, before.changed) == (
            str(self._file),
            status.st_size,
            status.st_mtime_ns,
        ):
            fresh = 0 <= time.time() - before.at < FORGIVEN_AFTER_SECONDS
            times = before.times if fresh else 0
        if times >= MOST:
            raise Unavailable("model_kills_engine", file=self._file.name, times=times)
        note = Note(
            file=str(self._file),
            size=status.st_size,
            changed=status.st_mtime_ns,
            times=times + 1,
            at=time.time(),
        )
        self._note.parent.mkdir(parents=True, exist_ok=True)
        self._note.write_bytes(msgspec.json.encode(note))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._note.unlink(missing_ok=True)

    def _read(self) -> Note | None:
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=Note)
        except (OSError, msgspec.MsgspecError):
            return None
