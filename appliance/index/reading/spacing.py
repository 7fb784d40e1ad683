"""Words whose letters a page sets apart ("p r a z o"), or that it glues ("prazodeentrega").

Spaces in a PDF are often none: a gap on the paper is all there is, and a reader guesses.
Where the guess is plainly wrong the gaps are measured again, within the line itself.
"""

import numpy as np

from appliance.index.reading import judging
from appliance.index.reading.asking import Floats
from appliance.index.reading.lines import Line, Units, turned

_WORD_GAP = 0.11  # of the size, between letters that stand side by side in no word
_LONGEST_MEAN = 14  # letters in a word, on average, where words are words


def mended(units: Units, lines: list[Line], quarters: int) -> tuple[list[Line], set[str]]:
    """The lines with their words as the gaps on the paper part them, and the notes to make."""
    notes: set[str] = set()
    if _is_usual(units):
        return lines, notes
    result = []
    for line in lines:
        text = " ".join(line.cells)
        note = _note(text) if line.at >= 0 else ""
        better = _by_gaps(units, line, quarters) if note else text
        if better != text:
            line = line._replace(cells=(better,), spans=())
            notes.add(note)
        result.append(line)
    return result, notes


def _is_usual(units: Units) -> bool:
    """Whether the page has neither a very long word nor five single letters in a row."""
    blank = (units.codes == 0x20) | (units.codes < 0x10)
    ends = np.flatnonzero(blank)
    if len(ends) < 2:
        return False
    steps = ends[1:] - ends[:-1]
    if max(ends[0], steps.max()) > judging.SUSPECT_WORD:
        return False
    single = steps == 2
    return not (single[:-4] & single[1:-3] & single[2:-2] & single[3:-1] & single[4:]).any()


def _note(text: str) -> str:
    if judging.is_fragmented(text):
        return "fragmented"
    return "glued" if judging.is_glued(text) else ""


def _by_gaps(units: Units, line: Line, quarters: int) -> str:
    """The line's text with a space wherever two letters stand far apart for this line."""
    letters = [at for at in range(line.at, line.end) if not units.data[at].isspace()]
    if len(letters) < 5:
        return " ".join(line.cells)
    edges = turned(units.places(letters), quarters)
    gaps = edges[1:, 0] - edges[:-1, 2]
    far = gaps > max(_least_gap(gaps), float(np.median(gaps)) + _WORD_GAP * line.size)
    text = "".join(
        units.data[at] + (" " if is_far else "")
        for at, is_far in zip(letters, [*far.tolist(), False], strict=True)
    )
    words = text.split()
    return text if len(text) <= _LONGEST_MEAN * len(words) else " ".join(line.cells)


def _least_gap(gaps: Floats) -> float:
    """Where the gaps between words begin: at the widest step up among the wider half of all.

    Letters set at one pitch leave gaps as different as the letters are wide.
    """
    wider = np.sort(gaps)[len(gaps) // 2 :]
    steps = np.diff(wider)
    if not len(steps):
        return float("inf")
    return float(wider[int(steps.argmax())] + steps.max() / 2)
