"""One file from another server, piece by piece, however often the line is cut.

What has come lies in a part with a note beside it that says of which address and version it
is and how much of it is on the disk for sure. Whoever goes on, after a cut or after the plug
was pulled, asks for the rest of that very version; where it changed, or where the server
gives no parts, the file begins anew.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from appliance.errors import TooLarge, Unavailable, Unreadable
from appliance.net import Coming, Gate

SYNC_BYTES = 64 << 20  # what a power cut may cost
RESTS = (1.0, 2.0, 5.0, 15.0, 30.0)  # seconds after failures in a row without a byte
BUSY = {408, 425, 429, 500, 502, 503, 504}

Told = Callable[[int, int], None]


class Note(msgspec.Struct, kw_only=True):
    """How far a part is: ``done`` of ``total`` bytes (0: not known), of the version
    ``validator`` ("": none, so that nothing can be continued)."""

    address: str = ""
    validator: str = ""
    total: int = 0
    done: int = 0
    whole: bool = False
    announced: str = ""


class Download:
    """One file on its way. ``told`` hears bytes there and in all after each piece, ``pause``
    waits some seconds; both may raise to end it. ``fits`` hears the bytes to come."""

    def __init__(
        self,
        gate: Gate,
        address: str,
        part: Path,
        *,
        told: Told,
        pause: Callable[[float], None],
        fits: Callable[[int], None],
    ) -> None:
        self.gate = gate
        self.address = address
        self.part = part
        self.told = told
        self.pause = pause
        self.fits = fits
        self.note = _read(note_file(part))
        there = part.stat().st_size if part.is_file() else 0
        if self.note.address != address or there < self.note.done:
            self.note = Note(address=address)

    def run(self) -> Note:
        """Until the file is whole; then its note, with the checksum that was announced.

        Raises ``Unavailable`` (``host_not_reached``, ``source_busy``, ``source_cut``) once
        nothing came for some attempts, ``Unreadable`` (``source_refuses``), ``TooLarge``,
        and what the gate and the callbacks raise.
        """
        best, failures = self.note.done, 0
        while not self.note.whole:
            try:
                self._go_on()
            except Unavailable:
                # A server that gives no parts and cuts early would be asked for ever.
                failures = 0 if self.note.done > best else failures + 1
                best = max(best, self.note.done)
                if failures >= len(RESTS):
                    raise
                self.pause(RESTS[max(failures - 1, 0)])
        return self.note

    def _go_on(self) -> None:
        continued = self.note.done > 0 and self.note.validator != ""
        headers = {"If-Range": self.note.validator} if continued else {}
        if continued:
            headers["Range"] = f"bytes={self.note.done}-"
        with self.gate.stream(self.address, headers) as coming:
            start = self._begin(coming)
            with self.part.open("r+b" if start else "wb") as file:
                file.seek(start)
                file.truncate()
                self._take(coming, file)
        if self.note.total not in (0, self.note.done):
            raise Unavailable("source_cut", address=self.address)
        self.note.whole = True
        self._keep()

    def _begin(self, coming: Coming) -> int:
        """Where the answer goes on. Raises for one that is no file."""
        own = coming.headers[0]
        if coming.status in BUSY:
            raise Unavailable("source_busy", address=self.address, status=coming.status)
        if coming.status == 416:
            self._anew("", 0)
            raise Unavailable("source_cut", address=self.address)
        if coming.status not in (200, 206):
            raise Unreadable("source_refuses", address=self.address, status=coming.status)
        start, total = _range(own) if coming.status == 206 else (0, _length(own))
        validator = _validator(own)
        if coming.status == 200 or validator != self.note.validator or start != self.note.done:
            self._anew(validator, total)
            if start:
                raise Unavailable("source_cut", address=self.address)
        self.note.announced = _announced(coming) or self.note.announced
        if total > self.gate.limit:
            raise TooLarge("answer_too_large", limit_mb=self.gate.limit // 1_000_000)
        self.fits(total - start)
        return start

    def _take(self, coming: Coming, file: BinaryIO) -> None:
        synced = self.note.done
        try:
            for piece in coming.pieces:
                file.write(piece)
                self.note.done += len(piece)
                if self.note.done - synced >= SYNC_BYTES:
                    self._sync(file)
                    synced = self.note.done
                self.told(self.note.done, self.note.total)
        finally:
            self._sync(file)

    def _sync(self, file: BinaryIO) -> None:
        file.flush()
        os.fsync(file.fileno())
        self._keep()

    def _anew(self, validator: str, total: int) -> None:
        self.note = Note(address=self.address, validator=validator, total=total)
        self._keep()

    def _keep(self) -> None:
        file = note_file(self.part)
        fresh = file.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(self.note))
        fresh.replace(file)


def note_file(part: Path) -> Path:
    """Where the note of a part lies."""
    return part.with_name(part.name + ".note")


def _read(file: Path) -> Note:
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=Note)
    return Note()


def _validator(headers: dict[str, str]) -> str:
    """What names a version to the byte: a strong tag, else the date."""
    tag = headers.get("etag", "")
    return tag if tag.startswith('"') else headers.get("last-modified", "")


def _announced(coming: Coming) -> str:
    """The SHA-256 that Hugging Face names for a large file when it sends us on to it."""
    for headers in coming.headers:
        tag = headers.get("x-linked-etag", "").strip('"').lower()
        if len(tag) == 64 and set(tag) <= set("0123456789abcdef"):
            return tag
    return ""


def _length(headers: dict[str, str]) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isdigit() else 0


def _range(headers: dict[str, str]) -> tuple[int, int]:
    """Start and total of a "Content-Range: bytes 10-99/100"; (-1, 0) for nonsense."""
    span, _, total = headers.get("content-range", "").removeprefix("bytes ").partition("/")
    start = span.partition("-")[0]
    return (int(start), int(total)) if start.isdigit() and total.isdigit() else (-1, 0)
