"""How much a PDF's streams unpack to, before anything unpacks them.

pdfium has no budget: a page whose content is a bomb takes a gigabyte and ends the
process, and with it the document. To ask pypdf about each page costs as much as
reading it. So the file is looked through once, without being understood: a stream
that is too short to hold a bomb is none, whatever it says about itself.
"""

import mmap
import re
import zlib

_RATIO = 1032  # the most that deflate can unpack a byte to
_STEP = 2**20
# Pictures in these formats are never a page's words.
_PICTURE = re.compile(rb"/(DCT|JPX|CCITTFax|JBIG2)Decode|/Subtype\s*/Image\b")
_DEFLATED = re.compile(rb"/Filter\s*(\[\s*)?/(FlateDecode|Fl)\s*\]?\s*(/(?!F)|>>)")
_DESCRIPTION = 2_000  # bytes before a stream in which it says what it is


def may_burst(memory: mmap.mmap, limit: int) -> bool:
    """Whether some stream of the file could unpack to more than ``limit`` bytes."""
    position = 0
    while (end := memory.find(b"endstream", position)) >= 0:
        if (end - position) * _RATIO > limit:
            start = max(memory.find(b"stream", position, end), position)
            if (end - start) * _RATIO > limit and _bursts(memory, position, start, end, limit):
                return True
        position = end + len(b"endstream")
    return False


def _bursts(memory: mmap.mmap, position: int, start: int, end: int, limit: int) -> bool:
    description = memory[max(position, start - _DESCRIPTION) : start]
    description = description[max(description.rfind(b" obj"), 0) :]
    if _PICTURE.search(description):
        return False
    if not _DEFLATED.search(description):
        return b"/Filter" in description or end - start > limit
    data = memory[start + len(b"stream") : end].lstrip(b"\r\n")
    return _unpacked(data, limit) > limit


def _unpacked(data: bytes, limit: int) -> int:
    """How many bytes deflated ``data`` unpacks to, counted no further than a little over
    ``limit``; more than that where it is not deflated at all (it may be encrypted)."""
    unpacking = zlib.decompressobj()
    count = 0
    try:
        while data and count <= limit and not unpacking.eof:
            count += len(unpacking.decompress(data, _STEP))
            data = unpacking.unconsumed_tail
    except zlib.error:
        return limit + 1
    return count
