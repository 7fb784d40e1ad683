"""Lines of a page become paragraphs, list items, table rows and headings.

A line goes on in the next one when the next one's first word would not have
fitted on it (that is what a line break inside a paragraph is), or when a word
is cut between them. Everything else keeps its own line, and an empty line
stands where the page shows one. Wrong guesses cost a line break, never words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from appliance.index.reading import characters, hyphens
from appliance.index.reading.hyphens import Words
from appliance.index.reading.lines import Line
from appliance.records import Heading

_LARGER = 1.12  # a heading's letters, against the body's
_NEW_PARAGRAPH = 1.35  # a step down the page, against the usual one
_NEXT_ROW = 3.0  # rows of a ruled table stand further apart than lines
_TALL_ROW = 9.0  # rows of the same cells, some of them of several lines
_MANY_LINES = 600  # of one page; above, edges are those of the whole page
_ITEM = re.compile(
    r"(\(?[a-z]\)|[ivx]{1,5}\)|[IVXLC]{1,7}\s?[-–—.)]|\d{1,3}[.)]\s|\d{1,2}(\.\d{1,2}){1,4}\.?\s"
    r"|[•·▪■●○◦‣➢✓*–—-]\s|§|Art\.|Artigo |Parágrafo |Cap[íi]tulo |T[íi]tulo |Se[çc][ãa]o |Anexo "
    r"|CAP[ÍI]TULO|T[ÍI]TULO|SE[ÇC][ÃA]O|ANEXO|ART\.|Secci[óo]n |Art[íi]culo |Section |Chapter )"
)
_ENDS = tuple(".;:!?")
_HYPHENS = ("-", "\u2010", "\u00ad")  # at a line's end, where pdfium saw none
_NO_WORDS = Words()


def body_size(pages: list[list[Line]]) -> float:
    """The size, in points, of most letters on ``pages``; 0 when there are none."""
    letters: Counter[float] = Counter()
    for page in pages:
        for line in page:
            letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def written(
    page: list[Line], body: float, words: Words = _NO_WORDS
) -> tuple[str, tuple[Heading, ...]]:
    """The page's text and its headings; ``body`` is the size of the document's plain letters,
    ``words`` are those it is known to use."""
    text = ""
    headings: list[Heading] = []
    edges = _edges(page)
    for block in _blocks(page, body):
        lines = page[block.start : block.stop]
        tidied = characters.paragraphs(_joined(lines, edges[block.start : block.stop], words))
        if not tidied:
            continue
        text += "\n\n" if text else ""
        headings += _headings(tidied, len(text), _level(lines[0], body))
        text += tidied
    return text, tuple(headings)


def _headings(block: str, start: int, level: int) -> Iterator[Heading]:
    """Each line of a block of large letters, unless it is too long to name anything."""
    for line in block.split("\n"):
        if level and len(line) <= 200 and any(letter.isalpha() for letter in line):
            yield Heading(start=start, level=level, title=line.strip())
        start += len(line) + 1


def _level(line: Line, body: float) -> int:
    """1 to 3 for letters larger than the body's, 0 for the rest."""
    ratio = line.size / body if body else 0.0
    if ratio < _LARGER or len(line.cells) > 1:
        return 0
    return 1 if ratio >= 1.6 else 2 if ratio >= 1.3 else 3


def _blocks(page: list[Line], body: float) -> list[range]:
    """Lines parted where the page shows an empty line, a jump, or another size of letters."""
    usual = _usual_step(page)
    levels = [_level(line, body) for line in page]
    starts = [
        at
        for at, (above, below) in enumerate(pairwise(page), 1)
        if not _belongs(above, below, usual, is_level=levels[at - 1] == levels[at])
    ]
    return [range(start, stop) for start, stop in pairwise([0, *starts, len(page)] if page else [])]


def _usual_step(page: list[Line]) -> float:
    """The distance between baselines inside a paragraph, in sizes of the letters: a low
    quartile, because a page of short paragraphs has more steps between them than in them."""
    steps = [
        (above.baseline - below.baseline) / above.size
        for above, below in pairwise(page)
        if above.size and 0.9 * above.size < above.baseline - below.baseline < 2.2 * above.size
    ]
    return sorted(steps)[len(steps) // 4] if steps else 1.2


def _belongs(above: Line, below: Line, usual: float, *, is_level: bool) -> bool:
    if _is_cut(above, below) or _goes_on(above, below):
        return True
    if not is_level:
        return False
    step = (above.baseline - below.baseline) / (above.size or 1.0)
    if len(above.cells) > 1 and len(below.cells) > 1:
        alike = len(above.cells) == len(below.cells) and abs(above.left - below.left) < 2
        return -0.2 <= step <= (_TALL_ROW if alike else _NEXT_ROW)
    return -0.2 <= step <= usual * _NEW_PARAGRAPH


def _goes_on(above: Line, below: Line) -> bool:
    """Whether a sentence plainly runs from one column or page part into the next."""
    if len(above.cells) + len(below.cells) > 2 or not below.cells[0][:1].islower():
        return False
    end = above.cells[0]
    return end[-1:].islower() and len(end) > 30 and abs(above.size - below.size) <= 0.1 * above.size


def _joined(block: list[Line], edges: list[float], words: Words) -> str:
    parts = [block[0].text]
    for (above, below), edge in zip(pairwise(block), edges, strict=False):
        if _is_cut(above, below):
            head = parts[-1] = parts[-1].rstrip("".join(_HYPHENS))
            keeps = hyphens.keeps(head, below.text, words)
            parts.append(("-" if keeps else "") + below.text)
        elif _continues(above, below, edge):
            parts.append(" " + below.text)
        else:
            parts.append("\n" + below.text)
    return "".join(parts) + ("-" if block[-1].cut else "")


def _is_cut(above: Line, below: Line) -> bool:
    """Whether a word goes on from a line's end to the next."""
    if above.cut:
        return True
    end = above.cells[-1]
    return end.endswith(_HYPHENS) and end[-2:-1].isalpha() and below.text[:1].islower()


def _continues(above: Line, below: Line, edge: float) -> bool:
    if len(above.cells) > 1 or len(below.cells) > 1:
        return False
    begins, ends = below.cells[0], above.cells[0]
    full = above.right + _first_word(below) > edge
    if begins[:1].islower() and not ends.endswith(_ENDS):
        return full or not _ITEM.match(begins)
    if not full:
        return False
    if _ITEM.match(begins):
        # "nos termos do / § 2º" is a reference inside a sentence, not a paragraph's mark.
        return ends[-1:].islower() and not ends.endswith((" e", " ou")) and begins[:1] in "§aA"
    return not (ends.endswith(_ENDS) and below.left > above.left + 0.8 * above.size)


def _first_word(line: Line) -> float:
    """The width of the line's first word and a space, from the average letter of the line."""
    text = line.text
    word = text.find(" ") if " " in text else len(text)
    return (word + 1) * (line.right - line.left) / max(len(text), 1)


def _edges(page: list[Line]) -> list[float]:
    """The right edge of the column that each line stands in."""
    if len(page) > _MANY_LINES:
        return [max(line.right for line in page[:_MANY_LINES])] * len(page)
    if not any(len(above.cells) == len(below.cells) == 1 for above, below in pairwise(page)):
        return [0.0] * len(page)  # rows of tables are not asked whether they reach it
    left = np.array([line.left for line in page])
    right = np.array([line.right for line in page])
    size = np.array([line.size for line in page])
    beside = (left < right[:, None]) & (right > left[:, None])
    # A title may run past the column under it.
    beside &= size <= 1.15 * size[:, None]
    np.fill_diagonal(beside, True)
    edges: list[float] = np.where(beside, right, -np.inf).max(axis=1, initial=-np.inf).tolist()
    return edges
