"""Characters as the house keeps them, whatever a file had.

Text that leaves a reader is NFC, has no ligatures, soft hyphens, control
characters, lone surrogates, invisible marks or form feeds (a form feed joins
pages and may never stand inside one), and its spaces are plain. Every step is
linear in the text: hostile runs of a million spaces cost a million steps.
"""

import re
import unicodedata

# Not NFKC, which would also turn "nº" into "no" and "m²" into "m2".
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_WIDE_SPACES = "".join(map(chr, range(0x2000, 0x200B)))
_SPACES = dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000" + _WIDE_SPACES, " ")
_LINES = dict.fromkeys("\x0b\x1c\x1d\x1e\x85\u2028", "\n") | {"\x0c": "\n\n", "\u2029": "\n\n"}
_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # they can hide what is read
_JOINERS = "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u3164\uffa0"
_OPERATORS = "".join(map(chr, (*range(0x2060, 0x2065), *range(0x206A, 0x2070))))
# Tags spell ASCII, and selectors any byte, that a language model reads and no person sees.
_SELECTORS = "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_TAGS = "".join(map(chr, range(0xE0000, 0xE0080)))
_INVISIBLE = dict.fromkeys(
    "\u00ad\ufeff" + _DIRECTIONS + _JOINERS + _OPERATORS + _SELECTORS + _TAGS, ""
)
# Symbol and Wingdings, the bullets of Word, live in the private use area.
BULLETS = "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf06e\uf0a8"
_BULLETS = dict.fromkeys(BULLETS, "•")
# The other letters there mean what one font says they mean: pictures, mostly.
_PRIVATE = dict.fromkeys(map(chr, range(0xE000, 0xF900)), "")
_CONTROLS = dict.fromkeys((chr(code) for code in (*range(32), *range(127, 160)) if code != 10), "")
_TABLE = str.maketrans(_CONTROLS | _PRIVATE | _LIGATURES | _SPACES | _LINES | _INVISIBLE | _BULLETS)
_SURROGATES = re.compile("[\ud800-\udfff]")
# What has nothing to tidy, as most pages: plain signs, and Latin letters in one piece.
_PLAIN = re.compile("[\n -~\u00a1-\u00ac\u00ae-\u02af\u2013-\u2022\u2026\u20ac]*")


def tidy(text: str) -> str:
    """``text`` with the house's characters; lines keep their breaks, "\\n" only."""
    if _PLAIN.fullmatch(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATES.sub("", text)
    return unicodedata.normalize("NFC", text.translate(_TABLE))


def one_line(text: str) -> str:
    """``text`` tidied onto one line, with single spaces between its words."""
    return " ".join(tidy(text).split())


def paragraphs(text: str) -> str:
    """``text`` tidied, line ends trimmed, and at most one empty line in a row."""
    kept: list[str] = []
    for line in tidy(text).split("\n"):
        line = line.rstrip()
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n")
