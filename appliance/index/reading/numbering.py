"""The numbers that Word shows before a paragraph and stores nowhere in its text.

"Art. 12." in a regulation is often automatic: without counting as Word does,
the article would lose its name. Follows ECMA-376 part 1, 17.9: a paragraph
names a numbering and a level; the level has a format, a start and a pattern
in which "%2" stands for the current number of level 2.
"""

import re
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 8
Level = tuple[str, str, int]  # format, pattern, first number
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


class Numbering:
    """Counts the numbered paragraphs of one document, in their order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._styles = _style_numbers(document)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for abstract in root.findall(_W + "abstractNum"):
            levels = dict(map(_level, abstract.findall(_W + "lvl")))
            self._levels[abstract.get(_W + "abstractNumId")] = levels
        for number in root.findall(_W + "num"):
            base = number.find(_W + "abstractNumId")
            if base is not None:
                self._abstract[number.get(_W + "numId")] = base.get(_W + "val")

    def mark(self, paragraph: Any) -> str:
        """What stands before ``paragraph`` ("Art. 3º ", "a) ", "- "), or "" for no number."""
        numbered, level = _reference(paragraph, self._styles)
        abstract = self._abstract.get(numbered)
        levels = self._levels.get(abstract or "", {})
        if abstract is None or level not in levels:
            return ""
        form, pattern, _ = levels[level]
        if form == "bullet":
            return "- "
        if form == "none" or not pattern:
            return ""
        counters = self._counters.setdefault(abstract, [None] * (_DEEPEST + 1))
        current = counters[level]
        counters[level] = levels[level][2] if current is None else current + 1
        counters[level + 1 :] = [None] * (_DEEPEST - level)
        return _filled(pattern, levels, counters) + " "


def _level(level: Any) -> tuple[int, Level]:
    def value(name: str, default: str) -> str:
        found = level.find(_W + name)
        return default if found is None else (found.get(_W + "val") or default)

    start = value("start", "1")
    first = int(start) if start.isdigit() else 1
    rank = min(int(level.get(_W + "ilvl") or 0), _DEEPEST)
    return rank, (value("numFmt", "decimal"), value("lvlText", ""), first)


def _style_numbers(document: Any) -> dict[str, Any]:
    """Style id to the numbering that the style gives its paragraphs."""
    found = {}
    for style in document.styles.element.findall(_W + "style"):
        properties = style.find(f"{_W}pPr/{_W}numPr")
        if properties is not None:
            found[style.get(_W + "styleId")] = properties
    return found


def _reference(paragraph: Any, styles: dict[str, Any]) -> tuple[str, int]:
    """The numbering id and the level (0 is top) of a paragraph; ("", 0) for none."""
    properties = paragraph.find(f"{_W}pPr/{_W}numPr")
    if properties is None:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        properties = styles.get(style.get(_W + "val")) if style is not None else None
    if properties is None:
        return "", 0
    numbered, level = properties.find(_W + "numId"), properties.find(_W + "ilvl")
    rank = level.get(_W + "val", "0") if level is not None else "0"
    return (
        numbered.get(_W + "val", "") if numbered is not None else "",
        min(int(rank), _DEEPEST) if rank.isdigit() else 0,
    )


def _filled(pattern: str, levels: dict[int, Level], counters: list[int | None]) -> str:
    def number(found: re.Match[str]) -> str:
        rank = int(found.group(1)) - 1
        form, _, start = levels.get(rank, ("decimal", "", 1))
        count = counters[rank]
        return written(start if count is None else count, form)

    return re.sub("%([1-9])", number, pattern)


def written(count: int, form: str) -> str:
    """A number in one of Word's formats ("lowerRoman": "iv"); decimal for one not known."""
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(count)
        return roman if form == "upperRoman" else roman.lower()
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 % 5 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form == "ordinal":
        return f"{count}º"
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    signs = []
    for value, sign in _ROMAN:
        signs.append(sign * (count // value))
        count %= value
    return "".join(signs)
