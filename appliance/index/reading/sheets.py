"""One page of an open PDF as pdfium has it: what can be seen on it, line by line.

Here the page is opened and closed. What is hidden on it is taken out, a page that lies on
its side is turned until its writing runs to the right, and writing that runs otherwise than
the rest (a stamp along the edge, a watermark) is kept apart from it.
"""

from collections import Counter
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from appliance.index.reading import hidden, spacing
from appliance.index.reading.lines import SLANTED, Line, Units, lines

_HIDDEN_KEPT = 2_000  # characters of hidden text that the report shows


class Sheet(NamedTuple):
    """A page's lines in the order of its content, and those that run otherwise in ``asides``.

    ``notes`` say what was seen: hidden_text, ocr_layer, rotated, fragmented, glued. ``hidden``
    is what was taken out; ``layered`` says that the words are mostly those of an OCR layer;
    ``top`` and ``bottom`` are the page's edges as shown, in points; ``annotated`` says that the
    page has fields or comments.
    """

    lines: list[Line]
    asides: tuple[list[Line], ...] = ()
    notes: tuple[str, ...] = ()
    hidden: str = ""
    layered: bool = False
    top: float = 0.0
    bottom: float = 0.0
    annotated: bool = False

    @property
    def text(self) -> str:
        """All that the page says, line by line, before it is laid out."""
        return "\n".join(line.text for part in (self.lines, *self.asides) for line in part)


BLANK = Sheet([])


def look(page: Any, *, closely: bool = False) -> Sheet:
    """What pdfium finds on an open page (``closely``: as in ``lines``). The page may be turned
    afterwards, and is for nothing else but to be closed."""
    quarters = pdfium.FPDFPage_GetRotation(page.raw) % 4
    found, notes, taken, layered = _seen(page, quarters, closely=closely)
    asides: list[list[Line]] = []
    if any(line.angle for line in found):
        found, quarters, asides, is_turned = _straight(page, found, quarters, closely)
        notes |= {"rotated"} if is_turned else set()
    bottom, top = _edges(page, quarters)
    return Sheet(
        found, tuple(asides), tuple(sorted(notes)), taken, layered, top, bottom, _is_annotated(page)
    )


def _seen(page: Any, quarters: int, *, closely: bool) -> tuple[list[Line], set[str], str, bool]:
    """The lines that can be seen, the notes, what was taken out, and whether OCR wrote most."""
    textpage = page.get_textpage()
    try:
        units = Units(textpage)
        notes: set[str] = set()
        taken, layered = "", False
        unseen = hidden.unseen(page, units) if len(units) else None
        if unseen is not None:
            taken = units.hide(unseen.hidden.tolist())
            layered = 2 * len(unseen.layer) > len(units) - len(unseen.hidden)
            notes |= {"hidden_text"} if taken else set()
            notes |= {"ocr_layer"} if len(unseen.layer) else set()
        found = lines(units, quarters, closely=closely)
        mended, spaced = spacing.mended(units, found, quarters)
        return mended, notes | spaced, taken[:_HIDDEN_KEPT], layered
    finally:
        textpage.close()


def _straight(
    page: Any, found: list[Line], quarters: int, closely: bool
) -> tuple[list[Line], int, list[list[Line]], bool]:
    """The lines that run as most do, read with the page turned for them, and the others."""
    directions = Counter[int]()
    for line in found:
        directions[line.angle] += len(line.cells[0])
    main = max((angle for angle in directions if angle != SLANTED), default=0, key=directions.get)  # type: ignore[arg-type]
    shown = (quarters + main) % 4
    asides = []
    for angle in sorted(set(directions) - {main}):
        if angle == SLANTED:
            asides.append(_slanted([line for line in found if line.angle == SLANTED]))
            continue
        asides.append(_turned_lines(page, (quarters + angle) % 4, closely))
    upright = [line for line in found if line.angle == 0] if main == 0 else []
    upright = upright or _turned_lines(page, shown, closely)
    return upright, shown, [aside for aside in asides if aside], main != 0


def _turned_lines(page: Any, quarters: int, closely: bool) -> list[Line]:
    """The lines that run to the right once the page is shown after ``quarters`` turns."""
    pdfium.FPDFPage_SetRotation(page.raw, quarters)
    found, _, _, _ = _seen(page, quarters, closely=closely)
    return [line for line in found if line.angle == 0]


def _slanted(found: list[Line]) -> list[Line]:
    """Slanted writing as one line: pdfium gives it letter by letter."""
    letters = [line.cells[0] for line in found]
    joint = "" if max(map(len, letters), default=0) <= 2 else " "
    return [found[0]._replace(cells=(joint.join(letters),))]


def _edges(page: Any, quarters: int) -> tuple[float, float]:
    """The heights of the page's lower and upper edge, as shown."""
    paper = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page.raw, paper):
        return 0.0, 0.0
    low, high = sorted((paper.bottom, paper.top))
    left, right = paper.left, paper.right
    return ((low, high), (-right, -left), (-high, -low), (left, right))[quarters]


def _is_annotated(page: Any) -> bool:
    """Whether the page has an annotation other than a link or a window of one."""
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), 1_000)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, at)
        if not annotation:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
            return True
    return False
