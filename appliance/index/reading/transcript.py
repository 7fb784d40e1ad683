"""What tesseract wrote about a picture becomes a page: its text, and where each word stands.

Lines of a paragraph are joined where the next one's first word would not have
fitted, as in ``layout``; words cut between lines are joined. What tesseract sees
in photographs, stamps and specks is no text: blocks that it hardly believes in
itself are left out, and a page of nothing else is unreadable.
"""

import math
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from appliance.index.reading.characters import one_line
from appliance.index.reading.hyphens import Words, keeps
from appliance.index.reading.wire import Scan
from appliance.records import Page, Word

# Measured on pages made worse and worse: at a confidence of 0.8 four words in five are right, at
# 0.45 one in three. What tesseract sees in textures stays under 0.3.
NOISE = 0.4  # a block below this is no writing
POOR = 0.5  # and a page below this is not to be quoted
_BLANK = 500e-6  # of the page: fewer marks than twenty letters have
_CELL = 2.0  # a gap between words, in heights of the line, that parts the cells of a row
_MOST_WORDS = 50_000
_HYPHENS = ("-", "‐", "¬")


class Printed(NamedTuple):
    """A word as tesseract saw it: its line, its box in the picture's pixels, 0 to 1, itself."""

    line: tuple[int, int, int]  # block, paragraph, line
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    text: str


def parsed(tsv: str) -> list[Printed]:
    """The words of tesseract's TSV, in its reading order. Rows that are none are left out."""
    rows = (row.split("\t") for row in tsv.split("\n") if row.startswith("5\t"))
    return [word for row in rows if (word := _printed(row)) is not None][:_MOST_WORDS]


def _printed(row: list[str]) -> Printed | None:
    try:
        _, _, block, paragraph, line, _, left, top, width, height, sureness, text = row
        place = (int(left), int(top), int(left) + int(width), int(top) + int(height))
        confidence = float(sureness) / 100
    except ValueError:
        return None
    text = one_line(text)
    if not text or not confidence >= 0:  # nan is neither
        return None
    return Printed((int(block), int(paragraph), int(line)), *place, min(confidence, 1.0), text)


def sureness(words: list[Printed]) -> float:
    """The mean confidence of the words, 0 to 1, long ones counting more; 0 without any letter."""
    letters = [sum(map(str.isalnum, word.text)) for word in words]
    total = sum(letters)
    if not total:
        return 0.0
    return sum(word.confidence * n for word, n in zip(words, letters, strict=True)) / total


def page(scan: Scan, words: list[Printed]) -> Page:
    """The page that ``scan`` shows, out of its words.

    Blank when nothing was read and hardly anything is on it; unreadable with the
    note poor_scan when what was read is noise, or as good as that.
    """
    blocks = [list(block) for _, block in groupby(words, key=lambda word: word.line[0])]
    kept = [block for block in blocks if sureness(block) >= NOISE]
    sure = sureness([word for block in kept for word in block])
    notes = (scan.note,) if scan.note else ()
    if not kept and scan.ink < _BLANK:
        return Page(number=scan.number, how="digital", text="", notes=("blank",))
    if not kept or sure < POOR:
        return Page(number=scan.number, how="unreadable", text="", notes=(*notes, "poor_scan"))
    writing = _Writing(scan)
    for block in kept:
        writing.add(block)
    return Page(
        number=scan.number,
        how="ocr",
        text=writing.text,
        confidence=round(sure, 4),
        notes=notes,
        words=tuple(writing.words),
    )


class _Writing:
    """The text of a page as it grows, block by block, and the places of its words."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.text = ""
        self.words: list[Word] = []

    def add(self, block: list[Printed]) -> None:
        """Put a block under what is there, parted by an empty line."""
        lines = [list(line) for _, line in groupby(block, key=lambda word: word.line)]
        edge = max(word.right for word in block)
        self.text += "\n\n" if self.text else ""
        self._line(lines[0])
        for above, below in pairwise(lines):
            self._break(above, below, edge)
            self._line(below)

    def _line(self, line: list[Printed]) -> None:
        height = median(word.bottom - word.top for word in line)
        for number, word in enumerate(line):
            if number:
                gap = word.left - line[number - 1].right
                self.text += " | " if gap > _CELL * height else " "
            start = len(self.text)
            self.text += word.text
            box = _on_page(self.scan, word)
            self.words.append(Word(start, len(self.text), *box, round(word.confidence * 100)))

    def _break(self, above: list[Printed], below: list[Printed], edge: int) -> None:
        first, last = below[0], above[-1]
        cut = last.text.endswith(_HYPHENS) and len(last.text) > 2 and last.text[-2].isalnum()
        if cut and first.text[:1].isalnum():
            if not keeps(last.text[:-1], first.text, Words()):
                self.text = self.text[:-1]
                former = self.words.pop()
                self.words.append(_shorter(former))
            return
        if above[0].line[:2] != below[0].line[:2]:
            self.text += "\n\n"
            return
        room = edge - last.right
        letter = (first.right - first.left) / max(len(first.text), 1)
        fits = room > first.right - first.left + letter
        ended = last.text.endswith((".", ";", ":", "!", "?"))
        self.text += "\n" if fits and (ended or not first.text[:1].islower()) else " "


def _shorter(word: Word) -> Word:
    """The word without the hyphen that it ended in."""
    return Word(*(word.start, word.end - 1), *_edges(word), word.confidence)


def _edges(word: Word) -> tuple[int, int, int, int]:
    return word.left, word.top, word.right, word.bottom


def _on_page(scan: Scan, word: Printed) -> tuple[int, int, int, int]:
    """The word's box as ten-thousandths of the page, turned back to how the page shows it."""
    sine, cosine = math.sin(math.radians(scan.skew)), math.cos(math.radians(scan.skew))
    corners = [
        (x - scan.width / 2, y - scan.height / 2)
        for x in (word.left, word.right)
        for y in (word.top, word.bottom)
    ]
    across = [(x * cosine - y * sine) / scan.page_width + 0.5 for x, y in corners]
    down = [(x * sine + y * cosine) / scan.page_height + 0.5 for x, y in corners]
    left, top, right, bottom = map(_whole, (min(across), min(down), max(across), max(down)))
    return left, top, right, bottom


def _whole(fraction: float) -> int:
    return round(10_000 * min(max(fraction, 0.0), 1.0))
