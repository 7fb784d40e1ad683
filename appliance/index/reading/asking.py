"""pdfium asked about many characters or objects of a page at once.

A question through ctypes' ordinary functions costs 1.2 µs, and a page has 3,000
characters; pdfium itself reads it in 1.3 ms. So the questions are put by ``map``, without
ctypes' checks, for 0.1 µs each. The answers land in pieces of memory that are made once, and
pointers are made before they are passed on: ctypes takes them as they are, where it would make
and unmake an address for each piece. Every pointer here is one that pdfium gave for the page in
hand. One thread may ask at a time.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pointer = Any  # made by ctypes, and passed on as it is

_POINTER, _INT, _FLOAT = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
_TEXT = pdfium.FPDF_PAGEOBJ_TEXT
_BATCH = 1024  # questions that are asked before their answers are fetched


def _bare(function: Any, result: Any, *kinds: Any) -> Callable[..., Any]:
    """The function called with arguments of ``kinds``, and after these whatever passes as it
    is: small numbers, pointers that are made already."""
    address = ctypes.cast(function, _POINTER).value
    made: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *kinds)(address or 0)
    return made


_place = _bare(pdfium.FPDFText_GetLooseCharBox, None)
_index = _bare(pdfium.FPDFText_GetCharIndexFromTextIndex, _INT)
_size = _bare(pdfium.FPDFText_GetFontSize, ctypes.c_double)
_matrix = _bare(pdfium.FPDFText_GetMatrix, None)
_owner = _bare(pdfium.FPDFText_GetTextObject, _POINTER)
_text = _bare(pdfium.FPDFText_GetText, _INT, _POINTER, _INT, _INT, _POINTER)
_runs = _bare(pdfium.FPDFText_CountRects, _INT)
_run = _bare(pdfium.FPDFText_GetRect, _INT, _POINTER, _INT, *[_POINTER] * 4)
_object = _bare(pdfium.FPDFPage_GetObject, _POINTER)
_kind = _bare(pdfium.FPDFPageObj_GetType, _INT)
_mode = _bare(pdfium.FPDFTextObj_GetTextRenderMode, _INT)
_fill = _bare(pdfium.FPDFPageObj_GetFillColor, None)
_bounds = _bare(pdfium.FPDFPageObj_GetBounds, None)


class _Answers:
    """Memory for ``_BATCH`` answers of ``width`` numbers each, which pdfium is given piece by
    piece: an answer, or (``apart``) each of its numbers."""

    def __init__(self, kind: Any, width: int, *, apart: bool = False) -> None:
        self._width = width
        if apart:
            columns = (kind * 1 * _BATCH * width)()
            self._pieces = [list(map(ctypes.byref, column)) for column in columns]
            self._numbers = np.ctypeslib.as_array(columns)[:, :, 0].T
            return
        rows = (kind * width * _BATCH)()
        self._pieces = [list(map(ctypes.byref, rows))]
        self._numbers = np.ctypeslib.as_array(rows)

    def to(
        self, call: Callable[..., Any], asked: Sequence[Any], *of: Pointer, unknown: Any = 0
    ) -> NDArray[Any]:
        """The answers to ``call``, one row for each of the things ``asked`` about (characters
        ``of`` a page's text, or objects); ``unknown`` where pdfium gives none."""
        found = np.empty((len(asked), self._width), self._numbers.dtype)
        for start in range(0, len(asked), _BATCH):
            part = asked[start : start + _BATCH]
            own = slice(len(part))
            self._numbers[own] = unknown
            _all(map(call, *map(repeat, of), part, *self._pieces))
            found[start : start + len(part)] = self._numbers[own]
        return found


_PLACES, _MATRICES = _Answers(_FLOAT, 4), _Answers(_FLOAT, 6)
_FILLS, _BOUNDS = _Answers(ctypes.c_uint, 4, apart=True), _Answers(_FLOAT, 4, apart=True)


def _address(handle: Any) -> int:
    return ctypes.addressof(handle.contents)  # a tenth of what casting it takes


def _pointer(handle: Any) -> Pointer:
    return _POINTER.from_param(_address(handle))


def _pointers(addresses: Iterable[int]) -> list[Pointer]:
    return list(map(_POINTER.from_param, addresses))


def _all(calls: Iterable[Any]) -> None:
    deque(calls, maxlen=0)


def indexes(textpage: Any, positions: Sequence[int]) -> list[int]:
    """For positions in the page's text the numbers of their characters, or -1."""
    return list(map(_index, repeat(_pointer(textpage)), positions))


def places(textpage: Any, characters: Sequence[int]) -> Floats:
    """Left, bottom, right and top of characters in points, one row each; zeros where unknown."""
    answers = _PLACES.to(_place, characters, _pointer(textpage))
    found = answers.astype(np.float64)
    found[:, 1], found[:, 3] = answers[:, 3], answers[:, 1]
    return found


def sizes(textpage: Any, characters: Sequence[int]) -> Floats:
    """The sizes of the characters' fonts, before the page's own scale."""
    return np.array(list(map(_size, repeat(_pointer(textpage)), characters)), np.float64)


def matrices(textpage: Any, characters: Sequence[int]) -> Floats:
    """The characters' matrices, a to f, one row each."""
    return _MATRICES.to(_matrix, characters, _pointer(textpage)).astype(np.float64)


def owners(textpage: Any, count: int) -> NDArray[np.uint64]:
    """For the first ``count`` characters the address of the object each was drawn by, or 0."""
    found = map(_owner, repeat(_pointer(textpage)), range(count))
    return np.array([owner or 0 for owner in found], np.uint64)


def text(textpage: Any, count: int) -> NDArray[np.uint16]:
    """The page's text, ``count`` characters of it at most, in units of UTF-16."""
    units = np.empty(2 * count + 2, np.uint16)
    written = _text(_address(textpage), 0, count, units.ctypes.data)
    return units[: max(written - 1, 0)]


def runs_of_all(textpage: Any) -> int:
    """How many stretches of the page's text were drawn by one object each."""
    count: int = _runs(_pointer(textpage), 0, -1)
    return count


def runs(textpage: Any, spans: Sequence[tuple[int, int]]) -> tuple[list[int], Floats]:
    """How many objects drew each of the spans (start, end) of characters, and where the runs
    of those that more than one drew are: left, bottom, right, top, one row each."""
    handle, owner = _address(textpage), _pointer(textpage)
    counts: list[int] = []
    whole: list[Floats] = []
    for start, end in spans:
        count = _runs(owner, start, end - start)
        counts.append(count)
        if count > 1:
            part = np.zeros((count, 4))
            base = part.ctypes.data
            for row in range(count):
                at = base + 32 * row
                _run(handle, row, at, at + 24, at + 16, at + 8)
            whole.append(part)
    return counts, np.concatenate(whole) if whole else np.zeros((0, 4))


def objects(page: Any, count: int) -> tuple[list[int], list[int], list[int]]:
    """The addresses of a page's first ``count`` objects, in the order they are drawn, their
    kinds (``FPDF_PAGEOBJ_TEXT`` …) and their ``modes``."""
    found = [one or 0 for one in map(_object, repeat(_pointer(page)), range(count))]
    told = modes(found)
    if min(told, default=0) >= 0:  # most pages are texts, and a mode says what its kind would
        return found, [_TEXT] * len(found), told
    asked = zip(_pointers(found), told, strict=True)
    return found, [_kind(one) if mode < 0 else _TEXT for one, mode in asked], told


def modes(objects: Sequence[int]) -> list[int]:
    """The render modes of text objects, 3 is invisible; -1 of objects that are no text."""
    return list(map(_mode, _pointers(objects)))


def fills(objects: Sequence[int]) -> NDArray[np.uint32]:
    """Red, green, blue and opacity (0 to 255) that objects are filled with; black where unknown."""
    return _FILLS.to(_fill, _pointers(objects), unknown=(0, 0, 0, 255))


def bounds(objects: Sequence[int]) -> Floats:
    """Left, bottom, right and top of objects in points, one row each."""
    return _BOUNDS.to(_bounds, _pointers(objects)).astype(np.float64)
