"""Tables in plain text: csv and tsv, their separator, quotes and encoding found out.

The separator is the one under which most lines have equally many cells, more than one; a
first line "sep=;" (Excel's) is believed. Quotes count unless one of them, never closed,
would swallow the rest of the file.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO, Literal

from appliance.errors import Unreadable
from appliance.index.reading import encodings, tabular
from appliance.index.reading.regions import Grid
from appliance.index.reading.sheet import TEXT_LIMIT
from appliance.index.reading.wire import Found

BYTES_LIMIT = 128 * 2**20  # a million rows of five columns are 40 MB
SEPARATORS = ";\t,|"
_SAMPLE = 100  # lines
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
csv.field_size_limit(BYTES_LIMIT)  # Python's own would refuse a file for one long cell
_NAMED = re.compile(r"sep=(.)\n", re.IGNORECASE)


def read(file: BinaryIO, name: str) -> Iterator[Found]:
    """Outline, one page, at most a few tables. Raises ``Unreadable``: type_mismatch
    (binary), too_long, no_words."""
    data = file.read(BYTES_LIMIT + 1)
    if len(data) > BYTES_LIMIT:
        raise Unreadable("too_long", name=name, limit=TEXT_LIMIT)
    text = encodings.decode(data)
    if text is None:
        raise Unreadable("type_mismatch", name=name, claimed="CSV", found="binary")
    del data
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    named = _NAMED.match(text)
    separator = named[1] if named else _separator(text)
    begin = named.end() if named else 0
    quoting = _quoting(text, begin, separator)

    def rows() -> Iterator[list[str]]:
        return csv.reader(_lines(text, begin), delimiter=separator, quoting=quoting)

    grid = Grid(name=PurePath(name.replace("\\", "/")).stem, rows=rows, titled=False)
    yield from tabular.read([grid], name)


def _lines(text: str, begin: int = 0) -> Iterator[str]:
    return (found.group() for found in _LINE.finditer(text, begin))


def _separator(text: str) -> str:
    """The sign that parts the first lines most evenly; "," where none parts them at all."""
    lines = [line for line in islice(_lines(text), _SAMPLE) if line.strip()]

    def evenness(separator: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if row)
        width, times = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
        return (times / widths.total(), width) if width > 1 else (0.0, 0)

    best = max(SEPARATORS, key=evenness)
    return best if evenness(best)[1] else ","


def _quoting(text: str, begin: int, separator: str) -> Literal[0, 3]:
    """How quotes are read: not at all where one that is never closed would take the rest."""
    for row in csv.reader(_lines(text, begin), delimiter=separator):
        if any(cell.count("\n") > _SAMPLE for cell in row):
            return csv.QUOTE_NONE
    return csv.QUOTE_MINIMAL
