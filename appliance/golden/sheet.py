"""Golden questions as a table that a spreadsheet opens, and back.

Columns: question, document, page, phrases (one a line), must_refuse (yes or nothing). What
is read may come from a spreadsheet of any language: its separator is found out, the
apostrophe that kept a cell from being a formula is taken away.
"""

import csv
import io
from collections.abc import Iterable

from appliance import cells
from appliance.errors import BadRequest
from appliance.golden import MOST, GoldenQuestion, Wanted

COLUMNS = ("question", "document", "page", "phrases", "must_refuse")
LONGEST = {"question": 2000, "document": 300, "phrases": 5000}
YES = {"yes", "sim", "sí", "si", "true", "1", "x"}


def written(questions: Iterable[GoldenQuestion]) -> str:
    """The file."""
    lines = [cells.BEGINNING + cells.line(COLUMNS)]
    for one in questions:
        refuse = "yes" if one.must_refuse else ""
        lines.append(
            cells.line([one.question, one.document, one.page, "\n".join(one.phrases), refuse])
        )
    return "".join(lines)


def read(text: str) -> list[Wanted]:
    """The questions of a file; lines without one are passed over.

    Raises ``BadRequest``: ``golden_no_column`` without a column "question", ``golden_bad_line``
    that names the line, ``golden_too_many``.
    """
    text = text.removeprefix(cells.BEGINNING)
    separator = ";" if text.partition("\n")[0].count(";") else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as fault:
        raise BadRequest("golden_bad_line", line=1) from fault
    names = [name.strip().lower() for name in rows[0]] if rows else []
    if "question" not in names:
        raise BadRequest("golden_no_column")
    found = []
    for number, row in enumerate(rows[1:], start=2):
        told = {name: _plain(cell) for name, cell in zip(names, row, strict=False)}
        if told.get("question"):
            found.append(_wanted(told, number))
    if len(found) > MOST:
        raise BadRequest("golden_too_many", most=MOST)
    return found


def _wanted(told: dict[str, str], number: int) -> Wanted:
    page = told.get("page", "")
    if any(len(told.get(name, "")) > most for name, most in LONGEST.items()):
        raise BadRequest("golden_bad_line", line=number)
    if page and not (page.isascii() and page.isdigit() and 0 < int(page) < 1_000_000):
        raise BadRequest("golden_bad_line", line=number)
    phrases = [one.strip() for one in told.get("phrases", "").splitlines()]
    return Wanted(
        question=told["question"],
        document=told.get("document", ""),
        page=int(page) if page else None,
        phrases=tuple(one for one in phrases if one)[:20],
        must_refuse=told.get("must_refuse", "").lower() in YES,
    )


def _plain(cell: str) -> str:
    """The cell as it was before it was made harmless."""
    return cell.removeprefix("'").strip() if cell[1:].startswith(cells.FORMULA) else cell.strip()
