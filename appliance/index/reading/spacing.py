"""Words whose letters a page sets apart ("p r a z o"), or that it glues ("prazodeentrega").

Spaces in a PDF are often none: a gap on the paper is all there is, and a reader guesses.
Where the guess is plainly wrong the gaps are measured again, within the line itself.
"""

import numpy as np

from appliance.index.reading import judging
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
        text = line.cells[0]
        note = _note(text)
        if note and line.at >= 0 and len(line.cells) == 1:
            better = _by_gaps(units, line, quarters)
            if better != text:
                line = line._replace(cells=(better,))
                notes.add(note)
        result.append(line)
    return result, notes


def _is_usual(units: Units) -> bool:
    """Whether the page has neither a very long word nor five single letters in a row."""
    blank = (units.codes == 0x20) | (units.codes < 0x10)
    ends = np.flatnonzero(blank)
    if np.diff(ends, prepend=-1, append=len(blank)).max() > judging.SUSPECT_WORD:
        return False
    single = blank[:-2] & blank[2:] & ~blank[1:-1]
    return not (single[:-8] & single[2:-6] & single[4:-4] & single[6:-2] & single[8:]).any()


def _note(text: str) -> str:
    if judging.is_fragmented(text):
        return "fragmented"
    return "glued" if judging.is_glued(text) else ""


def _by_gaps(units: Units, line: Line, quarters: int) -> str:
    """The line's text with a space wherever two letters stand far apart for this line."""
    end = line.at + len(line.cells[0])
    letters = [at for at in range(line.at, end) if not units.data[at].isspace()]
    if len(letters) < 5:
        return line.cells[0]
    edges = turned(units.places(letters), quarters)
    gaps = edges[1:, 0] - edges[:-1, 2]
    usual = float(np.median(gaps))
    far = gaps > usual + max(_WORD_GAP * line.size, 0.6 * max(usual, 0.0))
    text = "".join(
        units.data[at] + (" " if is_far else "")
        for at, is_far in zip(letters, [*far.tolist(), False], strict=True)
    )
    words = text.split()
    return text if len(text) <= _LONGEST_MEAN * len(words) else line.cells[0]
