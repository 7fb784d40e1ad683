"""Which paragraphs of a document stand below which: a list below its lead-in, an inciso
below its article, rows below their table's header.

Owns the depth of every paragraph. Splitting cuts between the shallowest ones first, and
tells each piece what it stands below: the caput, the lead-in, the header.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.index.provisions import Mark, mark
from appliance.index.sentences import Span
from appliance.index.structure import ARTICLE, SEPARATOR
from appliance.records import Heading

LEAD_MOST = 300  # characters of each lead: the beginning says what the list is about
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\n")
_BULLET = re.compile(r"(?:[•●▪◦‣·*–—-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")
_ROW = re.compile(r"\S[ ]*\t|\S[ ]\|[ ]|^\|")
_TOP, _BELOW, _ITEM, _HEADER, _LINE = 0, 5, 70, 80, 90  # a provision's is ten times its own
_WRAPPED = 60  # a line shorter than this was ended by its writer, not by the margin


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, its depth, and those that it stands below, outermost first."""

    start: int
    end: int
    depth: int
    mark: Mark | None
    above: tuple["Paragraph", ...]


class Nesting:
    """The paragraphs of a document in order."""

    def __init__(self, text: str, headings: Sequence[Heading]) -> None:
        self.text = text
        tops = {one.start for one in headings if one.level < ARTICLE}
        self.paragraphs = list(_paragraphs(text, tops))
        self._starts = [one.start for one in self.paragraphs]

    def between(self, start: int, end: int) -> list[Paragraph]:
        """The paragraphs of a stretch, the first and the last cut to it."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        found = []
        for place in range(first, len(self.paragraphs)):
            one = self.paragraphs[place]
            if one.start >= end:
                break
            span = trimmed(self.text, max(one.start, start), min(one.end, end))
            if span is not None:
                found.append(Paragraph(*span, one.depth, one.mark, one.above))
        return found

    def standing(self, at: int) -> tuple[list[Paragraph], bool]:
        """What a piece that begins at a character stands below, outermost first, and whether
        it begins inside the last of these."""
        place = bisect_right(self._starts, at) - 1
        if place < 0:
            return [], False
        one = self.paragraphs[place]
        inside = one.start < at and one.mark is not None
        return [*one.above, *([one] if inside else [])], inside

    def lead(self, at: int) -> str:
        """The texts that a piece stands below: the caput of its article, the lead-in of its
        list, the header of its table; "" where it begins anew."""
        standing, _ = self.standing(at)
        return "\n".join(_beginning(self.text[one.start : one.end]) for one in standing)

    def path(self, at: int, heading: str) -> str:
        """A heading path, gone on with the provisions below the article that a piece is in."""
        standing, _ = self.standing(at)
        labels = [one.mark.label for one in standing if one.mark and one.mark.depth > 1]
        return SEPARATOR.join([one for one in (heading, *labels) if one])


def trimmed(text: str, start: int, end: int) -> Span | None:
    """A span without the white space at its ends; None where nothing is left."""
    body = text[start:end]
    if not body.strip():
        return None
    return start + len(body) - len(body.lstrip()), end - (len(body) - len(body.rstrip()))


def blocks(paragraphs: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Paragraphs gathered with those that lie deeper after them."""
    found: list[list[Paragraph]] = []
    for one in paragraphs:
        if found and one.depth > found[-1][0].depth:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LEAD_MOST else line[:LEAD_MOST].rpartition(" ")[0] + " …"


def _paragraphs(text: str, tops: set[int]) -> Iterator[Paragraph]:
    above: tuple[Paragraph, ...] = ()
    for start, end in _joined(text, tops):
        line = text[start:end].partition("\n")[0]
        if start in tops:
            above = ()
        opened = mark(line, start, [one.mark for one in above if one.mark])
        rows = bool(above) and above[-1].depth == _HEADER
        # A sheet's name has no line: its heading begins where the header of its table does.
        top = start in tops and opened is None and not _ROW.search(line)
        depth = _TOP if top else _depth(line, opened, above, rows=rows)
        above = tuple(one for one in above if one.depth < depth)
        one = Paragraph(start, end, depth, opened, above)
        yield one
        if opened is not None or depth == _HEADER or line.endswith(":"):
            above = (*above, one)


def _depth(line: str, opened: Mark | None, above: Sequence[Paragraph], *, rows: bool) -> int:
    if opened is not None:
        return 10 * opened.depth
    if _ROW.search(line):
        return _LINE if rows else _HEADER
    if _BULLET.match(line):
        return _ITEM
    # Just below the provision it belongs to: "São requisitos:" holds the items after it, and
    # the next paragraph of its kind ends it.
    return max((one.depth for one in above if one.mark), default=0) + _BELOW


def _joined(text: str, tops: set[int]) -> Iterator[Span]:
    """Paragraphs, those of a provision without the breaks that a margin put into them."""
    begin = stop = 0
    last = ""  # the line read before, where it belongs to a provision
    for (start, end), blank in _lines(text):
        line = text[start:end]
        if last and not blank and start not in tops and _goes_on(last, line):
            stop, last = end, line
            continue
        if stop:
            yield begin, stop
        begin, stop = start, end
        last = line if mark(line) else ""
    if stop:
        yield begin, stop


def _lines(text: str) -> Iterator[tuple[Span, bool]]:
    """The lines that are not empty, and whether an empty one or a page's end comes before."""
    begin, blank = 0, True
    for gap in [*_PARAGRAPH.finditer(text), None]:
        stop = gap.start() if gap else len(text)
        for part in _pages(text, begin, stop):
            if (span := trimmed(text, *part)) is not None:
                yield span, blank
            blank = True
        blank = gap is not None and gap.group() != "\n"
        begin = gap.end() if gap else stop


def _pages(text: str, start: int, end: int) -> Iterator[Span]:
    while (at := text.find("\f", start, end)) >= 0:
        yield start, at
        start = at + 1
    yield start, end


def _goes_on(last: str, line: str) -> bool:
    """Whether a line is the rest of a provision whose line the margin broke."""
    if last[-1] in ".;:!?" or mark(line) or _BULLET.match(line) or _ROW.search(line):
        return False
    return len(last) >= _WRAPPED or line[0].islower()
