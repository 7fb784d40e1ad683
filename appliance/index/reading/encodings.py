"""Bytes to text: which encoding a file of plain writing is in.

The order is the order of certainty: a byte order mark, what UTF-16 leaves
behind without one, strict UTF-8, Shift-JIS where it shows, and Windows-1252 for the
rest (a superset of Latin-1's letters: what Brazilian systems wrote for twenty years).
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Only encodings that people write in: Python's list also holds punycode and escapes,
# which take quadratic time on hostile input.
_KNOWN = re.compile(
    r"(utf-?8|iso-?(8859|2022)|latin|windows-|cp\d|koi8|shift|sjis|euc|gb|big5|mac|us-ascii)", re.I
)
_AS_BROWSERS_DO = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}
_CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})


def decode(data: bytes, declared: str | None = None) -> str | None:
    """The text in ``data``; None when it is no text (binary).

    ``declared`` is what the file says of itself; a byte order mark is believed
    before it, and it is not believed when it cannot decode the data.
    """
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(marked, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    if _is_binary(data):
        return None
    # A file that decodes as UTF-8 is UTF-8, whatever it says; only the seven-bit
    # Asian encodings look like it without being it.
    escaped = declared if b"\x1b" in data[:65_536] else None
    for encoding in (escaped, "utf-8", declared):
        decoded = _strictly(data, encoding)
        if decoded is not None:
            return decoded
    return _japanese(data) or data.decode("cp1252", "replace")


def _japanese(data: bytes) -> str | None:
    """Shift-JIS: what half of its characters begin with are signs that Windows-1252 has for
    quotes and dashes, and no writer of Portuguese uses those as often as letters."""
    sample = data[:65_536]
    high = sum(byte >= 0x80 for byte in sample)
    signs = sum(0x80 <= byte < 0xA0 for byte in sample)
    return _strictly(data, "cp932") if signs * 4 > high else None


def _strictly(data: bytes, encoding: str | None) -> str | None:
    if not encoding or not _KNOWN.match(encoding):
        return None
    try:
        return data.decode(_AS_BROWSERS_DO.get(encoding.lower(), encoding))
    except (LookupError, UnicodeError):
        return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: zeros in every other byte, on one side only."""
    sample = data[:4096]
    if len(sample) < 4:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return None


def _is_binary(data: bytes) -> bool:
    sample = data[:65_536]
    if 0 in sample:
        return True
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 50 > len(sample)
