"""Files on their way in: streamed to the disk, counted and hashed as they arrive.

A file is never held in memory, and a body over the limit is refused while it is
being sent. Whatever goes wrong, the files of the request are removed; those that
arrived whole are the caller's to move away.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from litestar import Request
from litestar.exceptions import ClientException
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from appliance import disk
from appliance.errors import BadRequest, NoSpace, TooLarge, UnsupportedType
from appliance.records import new_id

MEGABYTE = 1024 * 1024
FIELD_LENGTH = 2000  # bytes of a form field that is not a file
PARTS = 200  # parts of one request
FIELDS = frozenset({"language", "valid_from", "valid_to", "supersedes"})
# What a form may hold, for the document of the API (``reference``).
FORM = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {
            "description": "One file, or several under this name.",
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "minItems": 1,
        },
        **{name: {"type": "string", "maxLength": FIELD_LENGTH} for name in sorted(FIELDS)},
    },
}


class Arrived(msgspec.Struct, kw_only=True):
    """A file that arrived whole. ``sha256`` in hexadecimal."""

    path: Path
    file_name: str
    bytes: int
    sha256: str


class Form(msgspec.Struct, kw_only=True):
    files: list[Arrived] = []
    fields: dict[str, str] = {}


async def receive(request: Request[Any, Any, Any], folder: Path, limit_mb: int) -> Form:
    """Read a ``multipart/form-data`` body; its files lie in ``folder``.

    Raises ``UnsupportedType`` (``not_a_form``), ``TooLarge``, ``NoSpace`` and
    ``BadRequest`` (``broken_upload``, ``no_file``, ``unknown_field``, ``bad_request``); ``NoSpace``
    before a byte is taken where the disk is nearly full.
    """
    disk.check(folder)
    reception = _Reception(folder, limit_mb)
    try:
        with on_the_disk():
            parser = _parser(request)
            async for piece in body(request):
                for event in parser.parse(piece):
                    await reception.take(event)
            parser.close()
    except MultipartError as fault:
        await reception.abandon()
        raise BadRequest("broken_upload", reason=str(fault)) from fault
    except BaseException:
        await reception.abandon()
        raise
    if not reception.form.files:
        raise BadRequest("no_file")
    return reception.form


@contextlib.contextmanager
def on_the_disk() -> Iterator[None]:
    """Raises ``NoSpace`` (``no_space``) when the disk gets full."""
    try:
        yield
    except OSError as fault:
        if disk.is_full(fault):
            raise NoSpace("no_space") from fault
        raise


def _parser(request: Request[Any, Any, Any]) -> PushMultipartParser:
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != "multipart/form-data" or not options.get("boundary"):
        raise UnsupportedType("not_a_form")
    return PushMultipartParser(options["boundary"], max_segment_count=PARTS, strict=False)


async def body(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """The body as it arrives. Raises ``BadRequest`` (``broken_upload``)."""
    try:
        async for piece in request.stream():
            if piece:
                yield piece
    except ClientException as fault:  # the sender went away, or sent more than it announced
        raise BadRequest("broken_upload", reason=fault.detail) from fault


class _Reception:
    """The state of one upload: the part that is arriving, and what has arrived."""

    def __init__(self, folder: Path, limit_mb: int) -> None:
        self.folder = folder
        self.limit_mb = limit_mb
        self.form = Form(files=[], fields={})
        self._segment: MultipartSegment | None = None
        self._file: BinaryIO | None = None
        self._path = folder
        self._hash = hashlib.sha256()
        self._value = b""

    async def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        """One event of the parser: a part begins, goes on, or ends."""
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            await self._end()
        else:
            await self._more(bytes(event))

    async def abandon(self) -> None:
        """Forget everything that has arrived."""
        if self._file:
            self._file.close()
        for path in [self._path, *(arrived.path for arrived in self.form.files)]:
            if path != self.folder:
                path.unlink(missing_ok=True)

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment = segment
        self._value = b""
        self._hash = hashlib.sha256()
        if segment.name == "file":
            self._path = self.folder / new_id()
            self._file = self._path.open("wb")
        elif segment.name not in FIELDS:
            raise BadRequest("unknown_field", field=str(segment.name)[:80])

    async def _more(self, piece: bytes) -> None:
        if self._file is None:
            self._value += piece
            if len(self._value) > FIELD_LENGTH:
                raise BadRequest("bad_request", reason="a form field is too long")
            return
        if self._segment and self._segment.bytes_received > self.limit_mb * MEGABYTE:
            raise TooLarge("too_large", limit_mb=self.limit_mb)
        self._hash.update(piece)
        # A disk may be slow: the other requests do not wait for it.
        await asyncio.to_thread(self._file.write, piece)

    async def _end(self) -> None:
        segment = self._segment
        if segment is None:
            return
        if self._file is None:
            self.form.fields[str(segment.name)] = self._value.decode("utf-8", "replace").strip()
            return
        self._file.close()
        self._file = None
        self.form.files.append(
            Arrived(
                path=self._path,
                file_name=file_name(segment.filename),
                bytes=segment.size,
                sha256=self._hash.hexdigest(),
            )
        )


def file_name(given: str | None) -> str:
    """A sender's file name as text for people: never used as a path."""
    printable = "".join(sign for sign in given or "" if sign.isprintable())
    return printable.replace("\\", "/").rsplit("/", 1)[-1].strip()[:200] or "documento"


def discard(files: list[Arrived]) -> None:
    """Remove files that nobody moved away."""
    for arrived in files:
        with contextlib.suppress(FileNotFoundError):
            arrived.path.unlink()
