"""The reviews: what people settle about pages that were read badly, or not at all.

A page that needs a look is one that could not be read, that OCR was unsure of, or whose
text is suspect. Three promises: what a person settled stays, also when the document is
read again, until that very page is; what was read is kept beside what a person wrote; and
the counts of the document's row are those of its pages.
"""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import NotFound
from appliance.records import PAGE_BREAK, Caller, Record, Review, timestamp

UNSURE = 0.75  # confidence of OCR from which on a page needs no look
SUSPECT = ("hidden_text",)  # what was left out might have been meant; what was mended is fine
MOST_SHOWN = 20  # pages named beside an answer

_SETTLED = "(coalesce(reviews.accepted, 0) or reviews.text is not null)"
_JOINED = "pages left join reviews using (document, number)"
_SUSPECT = ", ".join(f"'{note}'" for note in SUSPECT)
_TO_CHECK = f"""
    (not {_SETTLED} and (pages.how = 'unreadable'
        or (pages.how = 'ocr' and pages.confidence < {UNSURE})
        or exists (select 1 from json_each(pages.notes) where value in ({_SUSPECT}))))
"""  # noqa: S608 -- constant notes
_UNREADABLE = f"(pages.how = 'unreadable' and not {_SETTLED})"


class Summary(Record, frozen=True):
    """How a document was read, in pages. ``confidence`` is the mean of those read by OCR."""

    pages: int
    digital: int
    ocr: int
    unreadable: int
    to_check: int
    accepted: int
    corrected: int
    confidence: float | None


def settle(
    db: Writer,
    caller: Caller,
    document_id: str,
    number: int,
    *,
    accepted: bool | None = None,
    text: str | msgspec.UnsetType | None = msgspec.UNSET,
) -> None:
    """Accept a page as it is, or give it another text (None: as it was read), inside the
    caller's transaction. What is not given stays. Raises ``NotFound``."""
    key = {"document": document_id, "number": number}
    if not db.row("select 1 from pages where document = :document and number = :number", key):
        raise NotFound
    db.run(
        """
        insert into reviews (document, number, caller, name, at)
        values (:document, :number, :caller, :name, :at)
        on conflict (document, number) do update
            set caller = excluded.caller, name = excluded.name, at = excluded.at
        """,
        key | {"caller": f"{caller.kind}:{caller.id}", "name": caller.name, "at": timestamp()},
    )
    if accepted is not None:
        db.run(
            """
            update reviews set accepted = :accepted
            where document = :document and number = :number
            """,
            key | {"accepted": accepted},
        )
    if text is not msgspec.UNSET:
        db.run(
            "update reviews set text = :text where document = :document and number = :number",
            key | {"text": None if text is None else sound(text)},
        )
    recount(db, document_id)


def forget(db: Writer, document_id: str, numbers: Sequence[int]) -> None:
    """Settle nothing about these pages any more: they are read again."""
    db.run(
        """
        delete from reviews where document = :document
            and number in (select value from json_each(:numbers))
        """,
        {"document": document_id, "numbers": json.dumps(list(numbers))},
    )
    recount(db, document_id)


def recount(db: Writer, document_id: str) -> None:
    """Bring the document's counts in line with its pages and what was settled about them."""
    db.run(
        f"""
        update documents set
            pages_unreadable = (select count(*) from {_JOINED}
                where pages.document = documents.id and {_UNREADABLE}),
            pages_to_check = (select count(*) from {_JOINED}
                where pages.document = documents.id and {_TO_CHECK})
        where id = :id
        """,  # noqa: S608 -- constant conditions
        {"id": document_id},
    )


def of(database: Database, document_id: str, numbers: Sequence[int]) -> dict[int, Review]:
    """What was settled about these pages, by number."""
    rows = database.rows(
        """
        select reviews.*, pages.text as read
        from reviews join pages using (document, number)
        where document = :document and number in (select value from json_each(:numbers))
            and (accepted or reviews.text is not null)
        """,
        {"document": document_id, "numbers": json.dumps(list(numbers))},
    )
    return {row["number"]: _review(row) for row in rows}


def to_check(
    database: Database,
    document_id: str,
    *,
    among: Sequence[int] | None = None,
    after: int = 0,
    limit: int = 1_000_000,
) -> list[int]:
    """The numbers of the pages that need a look, in order, those after ``after``; with
    ``among``, of these pages alone."""
    rows = database.rows(
        f"""
        select pages.number from {_JOINED}
        where pages.document = :document and pages.number > :after and {_TO_CHECK}
            and (:among is null or pages.number in (select value from json_each(:among)))
        order by pages.number limit :limit
        """,  # noqa: S608 -- constant conditions
        {
            "document": document_id,
            "after": after,
            "limit": limit,
            "among": None if among is None else json.dumps(list(among)),
        },
    )
    return [row["number"] for row in rows]


def unreadable(
    database: Database, document_id: str, *, near: Sequence[int] | None = None
) -> list[int]:
    """The numbers of pages that could not be read and that nobody settled, in order, the first
    ``MOST_SHOWN``; with ``near``, those among them or beside one of them."""
    wanted = None if near is None else {page + step for page in near for step in (-1, 0, 1)}
    rows = database.rows(
        f"""
        select pages.number from {_JOINED}
        where pages.document = :document and {_UNREADABLE}
            and (:wanted is null or pages.number in (select value from json_each(:wanted)))
        order by pages.number limit :limit
        """,  # noqa: S608 -- constant conditions
        {
            "document": document_id,
            "wanted": None if wanted is None else json.dumps(sorted(wanted)),
            "limit": MOST_SHOWN,
        },
    )
    return [row["number"] for row in rows]


def summary(database: Database, document_id: str) -> Summary:
    """How the document was read, counted over all its pages."""
    row = database.row(
        f"""
        select count(*) as pages,
            count(*) filter (where how = 'digital') as digital,
            count(*) filter (where how = 'ocr') as ocr,
            count(*) filter (where how = 'unreadable') as unreadable,
            count(*) filter (where {_TO_CHECK}) as to_check,
            count(*) filter (where reviews.accepted) as accepted,
            count(*) filter (where reviews.text is not null) as corrected,
            avg(confidence) filter (where how = 'ocr') as confidence
        from {_JOINED} where pages.document = :document
        """,  # noqa: S608 -- constant conditions
        {"document": document_id},
    )
    return msgspec.convert(row, Summary)


def sound(text: str) -> str:
    """A person's text as a page may hold it: NFC, one kind of line end, no page break."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace(PAGE_BREAK, "\n")
    readable = "".join(sign for sign in lines if sign in "\n\t" or sign.isprintable())
    return unicodedata.normalize("NFC", readable)


def _review(row: Row) -> Review:
    corrected = row["text"] is not None
    facts: dict[str, Any] = {
        "number": row["number"],
        "accepted": bool(row["accepted"]),
        "corrected": corrected,
        "read": row["read"] if corrected else None,
        "by": row["name"],
        "at": row["at"],
    }
    return Review(**facts)
