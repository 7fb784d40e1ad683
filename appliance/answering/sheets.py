"""Approved answers as a CSV file: to be edited elsewhere and brought back.

One line an answer: its questions, a line break between two, and what the columns of
``COLUMNS`` say. Spreadsheets that write semicolons are read as well. A file is brought in
whole or not at all, and an answer to a question that is approved already takes its place.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from appliance import cells
from appliance.approved import Approved, Draft
from appliance.errors import BadRequest, sentence
from appliance.records import Language

COLUMNS = ("questions", "answer", "active", "document", "page", "quote", "hits", "last_hit_at")
MOST_LINES = 2000
LONGEST_QUESTION = 500
LONGEST_ANSWER = 8000
MOST_VARIANTS = 50
_NO = frozenset(("0", "no", "não", "nao", "false", "falso"))


def written(answers: Iterable[Approved]) -> Iterator[str]:
    """The file, piece by piece."""
    yield cells.BEGINNING + cells.line(COLUMNS)
    for one in answers:
        cited = one.cited
        yield cells.line(
            [
                "\n".join(one.questions),
                one.text,
                int(one.active),
                cited.document.id if cited and cited.document else "",
                cited.page if cited else None,
                cited.quote if cited else "",
                one.hits,
                one.last_hit_at or "",
            ]
        )


def read(text: str, language: Language) -> list[Draft]:
    """The answers of a file. Raises ``BadRequest``: ``approved_csv_columns``,
    ``approved_csv_lines``, and ``approved_csv_line`` with the number of the first bad line."""
    text = text.removeprefix(cells.BEGINNING)
    head = text.partition("\n")[0]
    rows = csv.reader(
        io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    try:
        columns = [cells.meant(one).strip().lower() for one in next(rows, [])]
        if not {"questions", "answer"} <= set(columns):
            raise BadRequest("approved_csv_columns")
        found: list[Draft] = []
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(found) == MOST_LINES:
                raise BadRequest("approved_csv_lines", most=MOST_LINES)
            said = {name: cells.meant(cell) for name, cell in zip(columns, row, strict=False)}
            found.append(_draft(said, rows.line_num, language))
    except csv.Error as fault:
        raise BadRequest("approved_csv_columns") from fault
    return found


def _draft(said: dict[str, str], line: int, language: Language) -> Draft:
    questions = tuple(one.strip() for one in said["questions"].splitlines() if one.strip())
    answer = said.get("answer", "").strip()
    if not questions or not answer:
        raise _bad(line, "approved_csv_empty", language)
    long = len(answer) > LONGEST_ANSWER or len(questions) > MOST_VARIANTS
    if long or any(len(one) > LONGEST_QUESTION for one in questions):
        raise _bad(line, "approved_csv_long", language)
    page = said.get("page", "").strip()
    return Draft(
        questions=questions,
        text=answer,
        document=said.get("document", "").strip() or None,
        page=int(page) if page.isdecimal() and len(page) < 7 else None,
        quote=said.get("quote", "").strip(),
        active=said.get("active", "").strip().lower() not in _NO,
    )


def _bad(line: int, code: str, language: Language) -> BadRequest:
    facts = {"question": LONGEST_QUESTION, "answer": LONGEST_ANSWER}
    return BadRequest("approved_csv_line", line=line, reason=sentence(code, facts, language))
