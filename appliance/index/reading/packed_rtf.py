"""RTF as Outlook packs it into a message (MS-OXRTFCP): an LZ77 of its own, with a dictionary
that is filled with RTF's commonest words before it begins."""

import struct

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_PACKED, _PLAIN = b"LZFu", b"MELA"
_HEAD = 16  # bytes: two sizes, the way, a checksum


def unpacked(data: bytes, largest: int) -> bytes:
    """The RTF in ``data``, ``largest`` bytes at most; none where the data are something else."""
    if len(data) < _HEAD or data[8:12] not in (_PACKED, _PLAIN):
        return b""
    (size,) = struct.unpack_from("<I", data, 4)
    size = min(size, largest)
    return data[_HEAD:][:size] if data[8:12] == _PLAIN else _inflated(data[_HEAD:], size)


def _inflated(data: bytes, size: int) -> bytes:
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b"\0"))
    write, at = len(_DICTIONARY), 0
    text = bytearray()
    while at < len(data) and len(text) < size:
        control, at = data[at], at + 1
        for bit in range(8):
            is_reference = control >> bit & 1
            taken = data[at : at + 1 + is_reference]
            if len(taken) <= is_reference:  # cut off
                return bytes(text[:size])
            at += len(taken)
            if not is_reference:
                run = taken
            else:
                reference = taken[0] << 8 | taken[1]
                start = reference >> 4
                if start == write:  # the end is written as a reference to where one stands
                    return bytes(text[:size])
                run = _run(window, start, write, (reference & 15) + 2)
            for letter in run:
                window[write] = letter
                write = (write + 1) % _WINDOW
            text += run
    return bytes(text[:size])


def _run(window: bytearray, start: int, write: int, length: int) -> bytes:
    """``length`` bytes from ``start`` on, which may run into the ones that they become."""
    distance = (write - start) % _WINDOW
    known = bytes(window[(start + step) % _WINDOW] for step in range(min(length, distance)))
    return (known * (length // len(known) + 1))[:length]
