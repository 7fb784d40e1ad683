"""The numbers that LibreOffice shows before a list's item and stores nowhere in its text.

Follows OpenDocument 1.2 part 1, 16.30 and 19.500: a list names a style; each level
of the style is a bullet, or a number with a format, a start and what stands around it.
"""

import re
from typing import Any

from appliance.index.reading.numbering import written

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman"} | {
    "I": "upperRoman"
}
_DEEPEST = 10
_HEADINGS = ""  # what the outline's numbering is called here; no list has that name


class Lists:
    """Counts the items of one document's lists, and its headings, in their order."""

    def __init__(self, styles: list[Any]) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._counts: dict[str, list[int | None]] = {}
        for tree in styles:
            for style in tree.iter(f"{_TEXT}list-style", f"{_TEXT}outline-style"):
                outline = style.tag == f"{_TEXT}outline-style"
                name = _HEADINGS if outline else style.get(f"{_STYLE}name", "")
                self._levels[name] = {whole(one.get(f"{_TEXT}level")): one for one in style}

    def begin(self, style: str, *, continued: bool) -> None:
        """A list of that style begins, from its first number unless it is ``continued``."""
        if style and not continued:
            self._counts.pop(style, None)

    def mark(self, style: str, level: int, start: str | None = None) -> str:
        """What stands before the next item at ``level`` (1 is top): "2. ", "b) ", "- "."""
        known = self._levels.get(style, {}).get(level) if style else None
        if known is None or known.tag != f"{_TEXT}list-level-style-number":
            return "- "
        return self._number(style, level, start)

    def heading(self, level: int) -> str:
        """The number of the next heading at ``level``; "" where headings have none."""
        return self._number(_HEADINGS, level, None) if level <= _DEEPEST else ""

    def _number(self, style: str, level: int, start: str | None) -> str:
        levels = self._levels.get(style, {})
        known = levels.get(level)
        if known is None or level > _DEEPEST:
            return ""
        counts = self._counts.setdefault(style, [None] * (_DEEPEST + 1))
        before = counts[level]
        following = _first(known) if before is None else before + 1
        counts[level] = whole(start, following)
        counts[level + 1 :] = [None] * (_DEEPEST - level)
        return _shown(known, levels, counts, level)


def _first(level: Any) -> int:
    return whole(level.get(f"{_TEXT}start-value"))


def whole(written: str | None, otherwise: int = 1) -> int:
    """A whole number of an attribute, of nine digits at most; it may say "²", or anything."""
    return int(written) if written and re.fullmatch("[0-9]{1,9}", written) else otherwise


def _shown(known: Any, levels: dict[int, Any], counts: list[int | None], level: int) -> str:
    form = known.get(f"{_STYLE}num-format")
    around = known.get(f"{_STYLE}num-prefix") or "", known.get(f"{_STYLE}num-suffix") or ""
    if not form:
        return f"{around[0]}{around[1]} " if any(part.strip() for part in around) else ""
    shown = whole(known.get(f"{_TEXT}display-levels"))
    numbers = []
    for rank in range(max(1, level - shown + 1), level + 1):
        above = levels.get(rank)
        count, own = counts[rank], above.get(f"{_STYLE}num-format") if above is not None else ""
        if own:
            numbers.append(written(count or _first(above), _FORMATS.get(own, "decimal")))
    return f"{around[0]}{'.'.join(numbers)}{around[1]} "
