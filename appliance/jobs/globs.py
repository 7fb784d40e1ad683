"""Which paths a source takes: ``*.pdf``, ``atas/2024/*``, ``**/rascunhos``.

A pattern without a slash is compared with each part of a path, one with a slash with the
path from its beginning; what it names it names with all that lies beneath. ``*`` and ``?``
stay within a part, ``**`` does not. Capitals and small letters are the same.

Whatever somebody writes, a path costs one step a letter: a regular expression made of
``a*a*a*a*a*b`` tries all ways to share the letters out, for minutes. So all places of the
pattern at which a path may have arrived are followed side by side, as the bits of a number
(Baeza-Yates and Gonnet, 1992, "A new approach to text searching").
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache


def takes(path: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether a path is included (without ``include``, each is) and not excluded."""
    if any(matches(pattern, path) for pattern in exclude):
        return False
    return not include or any(matches(pattern, path) for pattern in include)


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern names the path, or something that the path lies beneath."""
    glob = _read(pattern.strip("/").lower())
    if "/" not in pattern.strip("/"):
        return any(glob.names(part) for part in path.lower().split("/"))
    return glob.names(path.lower(), beneath=True)


class _Glob:
    """A pattern, a bit for each of its letters and wildcards, and one for its end."""

    def __init__(self, pattern: str) -> None:
        self.letters: defaultdict[str, int] = defaultdict(int)
        self.any_letter = self.star = self.far = self.folders = 0
        bit = 1
        for piece in re.findall(r"\*\*/|\*\*|[\s\S]", pattern):
            if piece == "?":
                self.any_letter |= bit
            elif piece == "*":
                self.star |= bit
            elif piece == "**":
                self.far |= bit
            elif piece == "**/":
                self.folders |= bit
            else:
                self.letters[piece] |= bit
            bit <<= 1
        self.end = bit

    def names(self, text: str, *, beneath: bool = False) -> bool:
        """Whether the pattern is the whole text, or with ``beneath`` one of the folders that
        lead to it."""
        places = self._entered(1)
        for letter in text:
            if letter == "/" and beneath and places & self.end:
                return True
            places = self._behind(places, letter)
        return bool(places & self.end)

    def _behind(self, places: int, letter: str) -> int:
        """Where a path may be behind a letter, if it was at ``places`` before it."""
        passed = places & self.letters.get(letter, 0)
        stays = places & self.far
        if letter == "/":
            passed |= places & self.folders
        else:
            passed |= places & self.any_letter
            stays |= places & self.star
        return self._entered(passed << 1 | stays) | places & self.folders

    def _entered(self, places: int) -> int:
        """These places, and those behind wildcards that stand for nothing."""
        empty = self.star | self.far | self.folders
        while more := (places & empty) << 1 & ~places:
            places |= more
        return places


@lru_cache(maxsize=1000)
def _read(pattern: str) -> _Glob:
    return _Glob(pattern)
