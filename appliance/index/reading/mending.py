"""Zips that lost or gained a byte on their way, put together again.

A transfer in text mode drops a carriage return from a picture, and from there on no
entry stands where the list says. The list is still whole, so each entry is looked
for nearby; what does not pass its checksum is left empty. A file that was cut off has
no list, and is not mended: half a contract is no contract.
"""

import io
import struct
import zipfile
import zlib
from typing import BinaryIO

_HEADER = b"PK\x03\x04"
_NEARBY = 256  # bytes that may be missing or too many before an entry
_LARGEST = 64 * 2**20  # a file above this is not mended in memory


def aligned(package: zipfile.ZipFile, stream: BinaryIO) -> zipfile.ZipFile:
    """``package`` itself where its entries stand in their places, else one with those found.

    Raises ``zipfile.BadZipFile`` where an entry is nowhere near.
    """
    entries = package.infolist()
    if all(_at(stream, entry.header_offset, 4) == _HEADER for entry in entries):
        return package
    if stream.seek(0, io.SEEK_END) > _LARGEST:
        raise zipfile.BadZipFile("entries are out of place")
    mended = io.BytesIO()
    with zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED) as fresh:
        for entry in entries:
            fresh.writestr(entry.filename, _content(stream, entry))
    return zipfile.ZipFile(mended)


def _at(stream: BinaryIO, place: int, length: int) -> bytes:
    if place < 0:
        return b""
    stream.seek(place)
    return stream.read(length)


def _content(stream: BinaryIO, entry: zipfile.ZipInfo) -> bytes:
    """The entry's bytes, or none when they are not what was packed."""
    first = max(0, entry.header_offset - _NEARBY)
    around = _at(stream, first, 2 * _NEARBY + 30 + len(entry.orig_filename) * 4)
    found = [
        first + place
        for place in range(len(around))
        if around.startswith(_HEADER, place)
        and around[place + 30 :].startswith(entry.orig_filename.encode())
    ]
    if not found:
        raise zipfile.BadZipFile("an entry is nowhere near its place")
    place = min(found, key=lambda start: abs(start - entry.header_offset))
    names, extra = struct.unpack("<HH", _at(stream, place + 26, 4))
    packed = _at(stream, place + 30 + names + extra, entry.compress_size)
    try:
        content = (
            packed
            if entry.compress_type == zipfile.ZIP_STORED
            else zlib.decompressobj(-15).decompress(packed, max(1, entry.file_size))
        )
    except zlib.error:
        return b""
    return content if zlib.crc32(content) == entry.CRC else b""
