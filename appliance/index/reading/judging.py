"""Whether what a reader found is writing, and the repair of what can be repaired exactly.

A PDF keeps drawings of letters; which letters they are, it may say wrongly or not at
all. Three things tell: characters of no meaning, pairs of letters that no language has
one after the other, and UTF-8 that somebody took for Windows' own encoding ("Ã§Ã£o").
"""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

from appliance.index.reading import characters

_CATEGORIES = frozenset(("Cc", "Cn", "Co", "Cs"))  # of characters without a meaning
_BLANK, _LETTER, _SIGN, _UNKNOWN = range(4)
_KNOWN = 0x2200  # characters below are looked up, others one by one
_LATIN = 0x250  # letters from here on are of other scripts, or signs
# How usual it is that one letter follows another, 9 always to 0 never: rows and columns are
# "no letter" and a to z without accents. Each is the greatest of its shares in Portuguese laws
# and encyclopaedias, English and Spanish (counted over 3,900 passages of the question sets);
# the scale is that of the logarithm of the conditional probability, from 1/10,000 to 1/6.
_PAIRS = (
    "087898766755877886789767262 926883563654878864888554355 693349014960844850975820080 "
    "792628008906714932758700060 991249143810442911562631050 974786663743879554897565654 "
    "970408710900732900827800032 993249158800727830865803062 994349110900445800636605051 "
    "786888672643779863788471406 690009000802015910030900000 965009548900768630285705060 "
    "993469356803861945476752081 998029000800263880060700040 982888586734556834389553055 "
    "956666854533779662897766442 790529327740850970967800020 450001000400000100010904000 "
    "995669365816676844678663065 973758417804554873279723050 982429209900633900876606062 "
    "886779462855879473888241464 790009031900300900500600040 890609309903648900664402000 "
    "880809547900400784008764680 973657060600657860375600303 890549057700040900021700024"
)
# Pages of pt, en and es have 7.8 to 8.4, German to Vietnamese 7.2 to 8.1, Welsh 6.8; letters
# taken for others 4.3 to 6.1, in 19 of 20 cases.
_NO_LANGUAGE = 6.3
_ENOUGH = 60  # pairs of letters; less say nothing
_WINDOW = 120  # characters of a page judged by themselves, for fonts that only some words have
SUSPECT_WORD = 24  # characters without a space: an address, or words that were glued
LONG_WORD = 30  # letters; the longest word of Portuguese has 29
_ALONE = re.compile(r"(?<!\S)\w(?!\S)")
_LONG = re.compile(rf"[^\W\d_]{{{LONG_WORD},}}")
_LATIN_LETTER = re.compile("[a-zA-Z\u00c0-\u024f]")
_ADDRESS = re.compile(r"[@/\\_=]|www\.|\.{4}|-{4}")
_MOJIBAKE = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]|\u00e2\u20ac")
# Two of the bytes are signs that pdfium tidies: the second of "í" becomes a hyphen, that of "à" a
# space. No word has a capital à before these otherwise; "às" and "àquele" are the words with more.
_SOFT_HYPHEN = re.compile("\u00c3-(?![A-Z])")
_NO_BREAK = re.compile(r"(?<![A-Z])\u00c3 (?:(?=(s\b|quel[ae]s?\b|quilo\b))|)")
_FOREIGN = re.compile("[^\x00-\x7f]+")
# What such a repair may give: letters and signs of Latin writing.
_PLAUSIBLE = re.compile("[\u00a0-\u017f\u2010-\u203a\u20ac\u2122\u2190-\u21ff\u2022]+")


def _classes() -> NDArray[np.intp]:
    """For each Latin character its letter, 1 to 26, or 0."""
    classes = np.zeros(_LATIN + 1, np.intp)
    for code in range(_LATIN):
        letter = unicodedata.normalize("NFD", chr(code).lower())[0]
        classes[code] = ord(letter) - 96 if "a" <= letter <= "z" else 0
    return classes


def _kind(sign: str) -> int:
    if sign.isspace():
        return _BLANK
    if sign.isalnum():
        return _LETTER
    known = sign in characters.BULLETS or unicodedata.category(sign) not in _CATEGORIES
    return _SIGN if known and sign != "\ufffd" else _UNKNOWN


_CLASS = _classes()
_KIND = np.array([_kind(chr(code)) for code in range(_KNOWN)] + [_SIGN], np.intp)
# How usual each pair is and, from the sixteenth bit on, one where a letter is in it: both are
# added up at once.
_USUAL = np.array([int(digit) for digit in _PAIRS.replace(" ", "")], np.int32)
_USUAL[1:] += 1 << 16


def fault(text: str) -> str:
    """What is wrong with a page's text: no_text, garbled, fragmented or glued; "" for nothing."""
    if not any(map(str.isalnum, text)):
        return "garbled" if text.strip() else "no_text"
    if is_garbage(text):
        return "garbled"
    if is_fragmented(text):
        return "fragmented"
    return "glued" if _is_glued_page(text) else ""


def is_fragmented(text: str) -> bool:
    """Whether most words of a line, or of a page, are single letters."""
    if len(text) < 9 or text.count(" ") * 5 < len(text) * 2:
        return False
    words = text.split()
    return len(words) >= 5 and len(_ALONE.findall(text)) * 10 >= len(words) * 7


def is_glued(line: str) -> bool:
    """Whether a line in Latin letters has no spaces where its words end."""
    if len(line) < 25:
        return False
    if line.count(" ") * 14 > len(line) or _ADDRESS.search(line):
        return len(line) >= 30 and _LONG.search(line) is not None
    return len(_LATIN_LETTER.findall(line)) * 10 >= len(line) * 7


def _is_glued_page(text: str) -> bool:
    spaces = text.count(" ") + text.count("\n")
    if len(text) < 200 or spaces * 13 > len(text):
        return False
    return len(_LATIN_LETTER.findall(text)) * 10 >= len(text) * 7


def is_garbage(text: str) -> bool:
    """Whether a page's raw text is not writing: symbols, holes, or letters in an order that no
    language in Latin letters has. Other scripts are judged by their holes alone."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.intp)
    counts = np.bincount(_KIND.take(codes, mode="clip"), minlength=4)
    if int(codes.max(initial=0)) >= _KNOWN:
        strange, times = np.unique(codes[codes >= _KNOWN], return_counts=True)
        for code, count in zip(strange.tolist(), times.tolist(), strict=True):
            counts[_SIGN] -= count  # as which all of them were counted
            counts[_kind(chr(code))] += count
    seen = int(counts[1:].sum())
    if not seen:
        return False
    if int(counts[_UNKNOWN]) * 10 > seen or int(counts[_LETTER]) * 4 < seen:
        return True
    return _is_cipher(codes)


def _is_cipher(codes: NDArray[np.intp]) -> bool:
    """Whether the page, or a good part of it, has letters in an order that no language has."""
    letters = _CLASS.take(codes, mode="clip")
    pairs = letters[:-1] * 27 + letters[1:]
    windows = max(len(pairs) // _WINDOW, 1)
    parts = pairs[: windows * _WINDOW].reshape(windows, -1)
    sums = _USUAL.take(parts).sum(axis=1, dtype=np.int64)
    usual, counts = sums & 0xFFFF, sums >> 16
    total = int(counts.sum())
    if total < _ENOUGH:
        return False
    if int(usual.sum()) < _NO_LANGUAGE * total:
        return True
    wordy = counts >= _ENOUGH
    wrong = wordy & (usual < (_NO_LANGUAGE - 0.4) * counts)
    return int(wrong.sum()) >= max(2, 0.15 * int(wordy.sum()))


def has_mojibake(text: str) -> bool:
    """Whether ``text`` has UTF-8 that was read as something else."""
    if "\u00c3" not in text and "\u00c2" not in text and "\u00e2\u20ac" not in text:
        return False
    return _MOJIBAKE.search(text) is not None


def repaired(text: str) -> str | None:
    """``text`` with its mojibake as it was before; None when not all of it can be repaired."""
    text = _SOFT_HYPHEN.sub("\u00c3\u00ad", text)
    text = _NO_BREAK.sub(lambda found: "\u00c3\u00a0" + ("" if found[1] else " "), text)
    for _ in range(2):  # twice wrong happens, three times does not
        text = _FOREIGN.sub(_reread, text)
        if not has_mojibake(text):
            return text
    return None


def _reread(run: re.Match[str]) -> str:
    found = run.group()
    try:
        meant = b"".join(map(_byte, found)).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return found
    return meant if _PLAUSIBLE.fullmatch(meant) else found


def _byte(sign: str) -> bytes:
    """The byte that Windows' encoding, or Latin-1 where it has a hole, shows as ``sign``."""
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1")
