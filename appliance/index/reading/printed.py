"""Where a stretch of a scanned page's text stands on its picture, from the places of its words."""

from collections.abc import Iterable, Iterator

from appliance.index.reading.wire import Rectangle
from appliance.records import Word

_WHOLE = 10_000  # a word's edges are given in this many parts of the page
_SAME_LINE = 0.3  # of the lower box's height that two words share where they stand side by side


def lines(words: Iterable[Word], start: int, end: int) -> Iterator[Rectangle]:
    """One rectangle for each line that the text from ``start`` to ``end`` runs over.

    Whole words: OCR gives no places of letters.
    """
    current: Word | None = None
    for word in words:
        if word.end <= start or word.start >= end:
            continue
        if current is None or not _beside(current, word):
            if current is not None:
                yield _rectangle(current)
            current = word
        else:
            current = _both(current, word)
    if current is not None:
        yield _rectangle(current)


def _beside(line: Word, word: Word) -> bool:
    shared = min(line.bottom, word.bottom) - max(line.top, word.top)
    lower = min(line.bottom - line.top, word.bottom - word.top)
    return shared > _SAME_LINE * lower and word.left >= line.left


def _both(one: Word, other: Word) -> Word:
    return Word(
        one.start,
        other.end,
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
        min(one.confidence, other.confidence),
    )


def _rectangle(word: Word) -> Rectangle:
    left, top, right, bottom = (
        edge / _WHOLE for edge in (word.left, word.top, word.right, word.bottom)
    )
    return Rectangle(left=left, top=top, right=right, bottom=bottom)
