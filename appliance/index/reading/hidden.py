"""Writing on a page that nobody who looks at the page can see.

Instructions to a language model hide there, in white on white, in letters of no size,
beyond the paper's edge; and what somebody blackened lies under the black. None of it is
text of the document. One kind is: the words that OCR puts, invisible, over a scan.

Each object of the page is asked what it looks like; only where one is suspect is the page
drawn, with it and without it: what changes nothing on the paper cannot be seen.
"""

import ctypes
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from appliance.index.reading import asking
from appliance.index.reading.asking import Floats
from appliance.index.reading.lines import Units

_OBJECTS = 20_000  # of one page that are looked at
_INVISIBLE, _CLIPPING = 3, 7  # render modes
_NEARLY_WHITE, _NEARLY_CLEAR = 225, 25  # of 255
_NO_SIZE = 1.6  # points of height of a character's box: letters of 1.4 points
_THIN = 4.0  # points; a rule or a frame's edge covers no words
_SHOWS = 12  # of 255: the least difference that an eye would find
_PIXELS = 2_000_000  # of the picture that decides
_COVERED = 0.8  # of a text's box, by a picture, for the text to be the picture's


class Unseen(NamedTuple):
    """The positions in the page's text that cannot be seen, and those that OCR laid over a
    picture."""

    hidden: NDArray[np.intp]
    layer: NDArray[np.intp]


class _Drawing(NamedTuple):
    texts: list[int]
    suspect: NDArray[np.bool_]  # of the texts
    pictures: Floats  # their edges
    later: dict[int, Floats]  # for each suspect text those drawn after it


def unseen(page: Any, units: Units) -> Unseen | None:
    """What of the page's text cannot be seen on it, or None where all can."""
    drawing = _drawing(page)
    if drawing is None:
        return None
    # A text's characters are found by the object that drew them; an invented space by none.
    owners = asking.owners(units.handle, units.characters)
    texts = [drawing.texts[at] for at in np.flatnonzero(drawing.suspect)]
    written = [np.flatnonzero(owners == np.uint64(one)) for one in texts]
    pairs = [(one, where) for one, where in zip(texts, written, strict=True) if len(where)]
    if not pairs:
        return None
    modes = asking.modes([one for one, _ in pairs])
    letters = [asking.places(units.handle, where.tolist()) for _, where in pairs]
    boxes = [_around(edges) for edges in letters]
    shows = _shows(page, [one for one, _ in pairs], boxes)
    hidden, layer = [], []
    for (one, where), mode, edges, box, is_seen in zip(
        pairs, modes, letters, boxes, shows, strict=True
    ):
        is_small = _is_small(edges)
        if is_seen and not is_small:
            continue
        # OCR writes in no ink over the picture it read, or in any ink under it.
        over = drawing.pictures if mode == _INVISIBLE else drawing.later[one]
        if not is_small and _share(box, over) >= _COVERED:
            layer.append(where)
        else:
            hidden.append(where)
    return Unseen(_positions(units, hidden), _positions(units, layer))


def _drawing(page: Any) -> _Drawing | None:
    """The page's texts, with which of them an eye might not see; None when it would see all."""
    count = min(pdfium.FPDFPage_CountObjects(page.raw), _OBJECTS)
    found, kinds, modes = asking.objects(page.raw, count)
    inside = 0
    if pdfium.FPDF_PAGEOBJ_FORM in kinds:
        found, kinds, inside = _with_inner(found, kinds)
    own = kinds[: len(kinds) - inside]
    places = [at for at, kind in enumerate(kinds) if kind == pdfium.FPDF_PAGEOBJ_TEXT]
    if not places:
        return None
    texts = [found[at] for at in places]
    placed = own.count(pdfium.FPDF_PAGEOBJ_TEXT)
    edges = asking.bounds(texts[:placed])
    modes = [modes[at] for at in places[:placed]] + asking.modes(texts[placed:])
    suspect = _suspect(page, texts, modes, edges)
    is_over = places[0] < len(own) and max(own[places[0] :]) > pdfium.FPDF_PAGEOBJ_TEXT
    if is_over:
        suspect[:placed] |= _covered(found, own, places[:placed], edges)
    if not suspect.any():
        return None
    pictures = [at for at, kind in enumerate(own) if kind == pdfium.FPDF_PAGEOBJ_IMAGE]
    frames = asking.bounds([found[at] for at in pictures])
    later = {
        texts[at]: frames[[one > places[at] for one in pictures]]
        for at in np.flatnonzero(suspect).tolist()
    }
    return _Drawing(texts, suspect, frames, later)


def _suspect(page: Any, texts: list[int], modes: list[int], edges: Floats) -> NDArray[np.bool_]:
    """Which texts have no ink, no size or no place on the paper; ``edges`` are those of the
    first ones, the others are inside objects that have edges of their own making."""
    fills = asking.fills(texts)
    red, green, blue, ink = fills.T
    suspect: NDArray[np.bool_] = np.minimum(np.minimum(red, green), blue) >= _NEARLY_WHITE
    suspect |= ink <= _NEARLY_CLEAR
    if _INVISIBLE in modes or _CLIPPING in modes:
        suspect |= np.isin(modes, (_INVISIBLE, _CLIPPING))
    suspect[: len(edges)] |= (edges[:, 3] - edges[:, 1] < _NO_SIZE) | _is_beyond(page, edges)
    return suspect


def _with_inner(found: list[int], kinds: list[int]) -> tuple[list[int], list[int], int]:
    """The page's objects and their kinds, behind them those inside forms, and how many these
    are."""
    inner = [
        pair
        for one, kind in zip(found, kinds, strict=True)
        if kind == pdfium.FPDF_PAGEOBJ_FORM
        for pair in _inside(one, 0)
    ]
    more = [one for one, _ in inner], [kind for _, kind in inner]
    return found + more[0], kinds + more[1], len(inner)


def _inside(form: int, depth: int) -> Iterator[tuple[int, int]]:
    handle = ctypes.cast(form, pdfium.FPDF_PAGEOBJECT)
    for at in range(min(max(pdfium.FPDFFormObj_CountObjects(handle), 0), _OBJECTS)):
        inner = pdfium.FPDFFormObj_GetObject(handle, at)
        kind = pdfium.FPDFPageObj_GetType(inner)
        address = ctypes.cast(inner, ctypes.c_void_p).value or 0
        yield address, kind
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 8:
            yield from _inside(address, depth + 1)


def _is_beyond(page: Any, edges: Floats) -> NDArray[np.bool_]:
    paper = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, paper)
    across, up = (edges[:, 0] + edges[:, 2]) / 2, (edges[:, 1] + edges[:, 3]) / 2
    beyond: NDArray[np.bool_] = (across < paper.left) | (across > paper.right)
    beyond |= (up < min(paper.bottom, paper.top)) | (up > max(paper.bottom, paper.top))
    return beyond


def _covered(
    found: list[int], kinds: list[int], texts: list[int], edges: Floats
) -> NDArray[np.bool_]:
    """Which texts, at the places ``texts`` among the objects ``found``, have a filled shape or a
    picture drawn over them later."""
    result = np.zeros(len(texts), bool)
    kinds_over = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
    later = [at for at in range(texts[0], len(kinds)) if kinds[at] in kinds_over]
    frames = asking.bounds([found[at] for at in later])
    broad = (frames[:, 2] - frames[:, 0] > _THIN) & (frames[:, 3] - frames[:, 1] > _THIN)
    for one in np.flatnonzero(broad)[:500].tolist():
        at, (left, bottom, right, top) = later[one], frames[one]
        under = edges[: int(np.searchsorted(texts, at))]
        over = (under[:, 0] < right - 1) & (under[:, 2] > left + 1)
        over &= (under[:, 1] < top - 1) & (under[:, 3] > bottom + 1)
        if over.any() and (kinds[at] == pdfium.FPDF_PAGEOBJ_IMAGE or _is_filled(found[at])):
            result[: len(over)] |= over
    return result


def _is_filled(path: int) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(ctypes.cast(path, pdfium.FPDF_PAGEOBJECT), mode, stroke)
    return mode.value != 0 and asking.fills([path])[0, 3] > _NEARLY_CLEAR


def _around(boxes: Floats) -> Floats:
    return np.concatenate((boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))


def _is_small(letters: Floats) -> bool:
    """Whether letters are too small to be seen, whichever way they run."""
    sides = letters[:, 2:] - letters[:, :2]
    return float(np.median(sides.max(axis=1))) < _NO_SIZE


def _share(box: Floats, pictures: Floats) -> float:
    """How much of ``box`` the picture that covers the most of it covers."""
    wide = np.minimum(box[2], pictures[:, 2]) - np.maximum(box[0], pictures[:, 0])
    high = np.minimum(box[3], pictures[:, 3]) - np.maximum(box[1], pictures[:, 1])
    both = np.clip(wide, 0, None) * np.clip(high, 0, None)
    whole = max(float((box[2] - box[0]) * (box[3] - box[1])), 1e-6)
    return float(both.max(initial=0.0)) / whole


def _shows(page: Any, texts: list[int], boxes: list[Floats]) -> list[bool]:
    """For each text whether the page looks different without it."""
    with_them = _picture(page)
    handles = [ctypes.cast(one, pdfium.FPDF_PAGEOBJECT) for one in texts]
    modes = asking.modes(texts)
    for handle in handles:
        pdfium.FPDFTextObj_SetTextRenderMode(handle, _INVISIBLE)
    without = _picture(page)
    for handle, mode in zip(handles, modes, strict=True):
        pdfium.FPDFTextObj_SetTextRenderMode(handle, mode)
    change = np.abs(with_them.astype(np.int16) - without.astype(np.int16)) >= _SHOWS
    return [_is_seen(page, change, box) for box in boxes]


def _picture(page: Any) -> NDArray[np.uint8]:
    """The page in shades of grey."""
    width, height = page.get_size()
    scale = min(1.5, math.sqrt(_PIXELS / max(width * height, 1.0)))
    drawn = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    shades: NDArray[np.uint8] = drawn.to_numpy().reshape(drawn.height, drawn.width).copy()
    return shades


def _is_seen(page: Any, change: NDArray[np.bool_], box: Floats) -> bool:
    high, wide = change.shape
    corners = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, wide, high, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (x1, x2), (y1, y2) = (sorted(pair) for pair in zip(*corners, strict=True))
    part = change[max(y1, 0) : max(y2, 0) + 1, max(x1, 0) : max(x2, 0) + 1]
    return bool(part.any())


def _positions(units: Units, characters: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    """The positions in the page's text of pdfium's characters."""
    if not characters:
        return np.zeros(0, np.intp)
    wanted = np.concatenate(characters)
    if units.is_whole:
        return wanted
    numbers = np.array(units.numbers(range(len(units))))
    return np.flatnonzero(np.isin(numbers, wanted))
