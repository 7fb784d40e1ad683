"""The documents and their pages, as they were read.

Promises: a document's text is its pages joined by ``PAGE_BREAK``, so that every
offset handed out elsewhere can be checked against it; and removing a document
removes its pages and chunks in the same transaction.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound, sentence
from appliance.records import (
    PAGE_BREAK,
    Document,
    DocumentState,
    Language,
    Ocr,
    Page,
    Problem,
    Word,
    new_id,
    timestamp,
)


def add(
    db: Writer,
    *,
    collection: str,
    title: str,
    file_name: str,
    media_type: str,
    bytes: int,
    sha256: str,
    paged: bool,
    language: Language | None = None,
    valid_from: str | None = None,
    valid_to: str | None = None,
    supersedes: str | None = None,
    parent: str | None = None,
) -> Document:
    """A new document in state ``queued``, inside the caller's transaction.

    Raises ``Conflict("already_in_library")`` naming the document of the same
    collection that has the same content.
    """
    twin = db.row(
        "select id, title from documents where collection = :collection and sha256 = :sha256",
        {"collection": collection, "sha256": sha256},
    )
    if twin:
        raise Conflict("already_in_library", document=twin["id"], title=twin["title"])
    row = db.row(
        """
        insert into documents (id, collection, title, file_name, media_type, bytes, sha256, paged,
                               language, state, created_at, valid_from, valid_to, supersedes,
                               parent)
        values (:id, :collection, :title, :file_name, :media_type, :bytes, :sha256, :paged,
                :language, 'queued', :created_at, :valid_from, :valid_to, :supersedes, :parent)
        returning *
        """,
        {
            "id": new_id(),
            "collection": collection,
            "title": title,
            "file_name": file_name,
            "media_type": media_type,
            "bytes": bytes,
            "sha256": sha256,
            "paged": paged,
            "language": language,
            "created_at": timestamp(),
            "valid_from": valid_from,
            "valid_to": valid_to,
            "supersedes": supersedes,
            "parent": parent,
        },
    )
    assert row is not None  # noqa: S101 -- an insert that returns gives its row
    return from_row(row)


def find(database: Database, document_id: str) -> Document | None:
    """The document, or None."""
    row = database.row("select * from documents where id = :id", {"id": document_id})
    return from_row(row) if row else None


def get(database: Database, document_id: str) -> Document:
    """The document; raises ``NotFound``."""
    document = find(database, document_id)
    if document is None:
        raise NotFound
    return document


def of_collection(
    database: Database, collection: str, *, after: str = "", limit: int = 50
) -> list[Document]:
    """The collection's documents, oldest first, those after the cursor ``after``."""
    rows = database.rows(
        """
        select * from documents where collection = :collection and id > :after
        order by id limit :limit
        """,
        {"collection": collection, "after": after, "limit": limit},
    )
    return [from_row(row) for row in rows]


def children(database: Database, document_id: str) -> list[Document]:
    """The documents that came with this one, as its attachments, oldest first."""
    rows = database.rows(
        "select * from documents where parent = :id order by id", {"id": document_id}
    )
    return [from_row(row) for row in rows]


def put_pages(
    database: Database, document_id: str, pages: Sequence[Page], *, fresh: bool = False
) -> None:
    """Write pages in one transaction, each in the place of its former self.

    ``fresh`` removes all former pages first. Pages of a document that is gone
    are dropped in silence: its reader has not heard of the removal yet.
    """
    with database.write() as db:
        if not db.row("select 1 from documents where id = :id", {"id": document_id}):
            return
        if fresh:
            db.run("delete from pages where document = :id", {"id": document_id})
        db.many(
            """
            insert or replace into pages
                (document, number, how, confidence, text, notes, headings, words, removed)
            values (:document, :number, :how, :confidence, :text, :notes, :headings, :words,
                    :removed)
            """,
            [_page_values(document_id, page) for page in pages],
        )


def pages(
    database: Database, document_id: str, *, after: int = 0, limit: int = 1_000_000
) -> list[Page]:
    """The pages read so far, in order, those after page number ``after``; where a person
    corrected one (see ``reviews``), with that text. They come without ``words``: those of a
    long scan would take twenty times the memory of its text."""
    rows = database.rows(
        """
        select pages.document, pages.number, how, confidence, pages.text, notes, headings, removed,
               reviews.text as corrected
        from pages left join reviews using (document, number)
        where document = :document and number > :after
        order by number limit :limit
        """,
        {"document": document_id, "after": after, "limit": limit},
    )
    return [_page(row) for row in rows]


def page(database: Database, document_id: str, number: int) -> Page:
    """One page; raises ``NotFound``."""
    for found in pages(database, document_id, after=number - 1, limit=1):
        if found.number == number:
            return found
    raise NotFound


def words(database: Database, document_id: str, number: int) -> tuple[Word, ...]:
    """Where the words of a page stand that OCR read; none for a page read otherwise, or whose
    text is a person's."""
    row = database.row(
        """
        select words from pages left join reviews using (document, number)
        where document = :document and number = :number and reviews.text is null
        """,
        {"document": document_id, "number": number},
    )
    if row is None or row["words"] is None:
        return ()
    return msgspec.msgpack.decode(row["words"], type=tuple[Word, ...])


def page_starts(database: Database, document_id: str) -> dict[int, int]:
    """Where each page begins in the document's text, by page number, in characters."""
    starts, at = {}, 0
    for row in database.rows(
        """
        select number, length(coalesce(reviews.text, pages.text)) as size
        from pages left join reviews using (document, number)
        where document = :id order by number
        """,
        {"id": document_id},
    ):
        starts[row["number"]] = at
        at += row["size"] + len(PAGE_BREAK)
    return starts


def text(database: Database, document_id: str) -> str:
    """The document's text: its pages joined by ``PAGE_BREAK``."""
    return PAGE_BREAK.join(found.text for found in pages(database, document_id))


def set_state(
    database: Database,
    document_id: str,
    state: DocumentState,
    *,
    problem: Problem | None = None,
    **facts: Any,
) -> None:
    """Move the document on; ``facts`` may set title, language, paged, pages,
    pages_unreadable and chunks. ``ready`` stamps ``ready_at``."""
    unknown = set(facts) - _SETTABLE.keys()
    if unknown:
        raise ValueError(f"no such facts of a document: {sorted(unknown)}")
    with database.write() as db:
        values = {
            "id": document_id,
            "state": state,
            "problem": msgspec.json.encode(problem).decode() if problem else None,
            "ready_at": timestamp() if state == "ready" else None,
        }
        db.run(
            """
            update documents set state = :state, problem = :problem,
                ready_at = coalesce(:ready_at, ready_at)
            where id = :id
            """,
            values,
        )
        for name, value in facts.items():
            db.run(_SETTABLE[name], {"value": value, "id": document_id})


def wish(
    db: Writer,
    document_id: str,
    *,
    language: Language | None = None,
    ocr: Ocr = "auto",
    pages: Sequence[int] | None = None,
) -> None:
    """How the document is to be read next: which of its pages (None: all), whether by OCR, and
    in which language where that is not to stay as it is."""
    db.run(
        """
        update documents set ocr = :ocr, rereading = :pages,
            language = coalesce(:language, language)
        where id = :id
        """,
        {
            "id": document_id,
            "ocr": ocr,
            "pages": None if pages is None else json.dumps(sorted(set(pages))),
            "language": language,
        },
    )


def rereading(database: Database, document_id: str) -> frozenset[int] | None:
    """The pages that the next reading replaces; None for all."""
    row = database.row("select rereading from documents where id = :id", {"id": document_id})
    return frozenset(json.loads(row["rereading"])) if row and row["rereading"] else None


def remove(db: Writer, document_id: str) -> bool:
    """Remove the document, its pages and its chunks, inside the caller's transaction.

    From the commit on it can be neither found nor cited. Gives False when it
    was not there. The file under ``files/`` is the caller's to remove.
    """
    return db.run("delete from documents where id = :id", {"id": document_id}) > 0


def shared_content(database: Database, sha256: str) -> bool:
    """Whether any document, or one in the trash, still stands on the file with this content."""
    row = database.row(
        """
        select 1 from documents where sha256 = :sha256
        union all select 1 from trash where sha256 = :sha256
        """,
        {"sha256": sha256},
    )
    return row is not None


def holds(db: Writer, collection: str, sha256: str) -> bool:
    """Whether a document of the collection has this content."""
    row = db.row(
        "select 1 from documents where collection = :collection and sha256 = :sha256",
        {"collection": collection, "sha256": sha256},
    )
    return row is not None


def rename(db: Writer, document_id: str, file_name: str) -> None:
    """The document's file has another name now, and so has the document, unless somebody
    gave it a title of its own."""
    row = db.row("select title, file_name from documents where id = :id", {"id": document_id})
    if row is None:
        return
    named_by_file = row["title"] == title_of(row["file_name"])
    db.run(
        "update documents set file_name = :file_name, title = :title where id = :id",
        {
            "file_name": file_name,
            "title": title_of(file_name) if named_by_file else row["title"],
            "id": document_id,
        },
    )


def is_paged(database: Database, document_id: str) -> bool:
    """Whether the document's pages are pages on paper, which citations name."""
    row = database.row("select paged from documents where id = :id", {"id": document_id})
    return bool(row and row["paged"])


def title_of(file_name: str) -> str:
    """A readable title from a file's name: no folders, no ending, no underscores."""
    name = re.split(r"[\\/]", file_name)[-1]
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    readable = re.sub(r"[\s_]+", " ", re.sub(r"(?<=\w)-(?=\w)", " ", stem)).strip()
    return readable[:1].upper() + readable[1:200] if readable else name[:200]


def as_json(document: Document, language: Language) -> dict[str, Any]:
    """The document as the API gives it, its problem as a sentence in ``language``."""
    shown: dict[str, Any] = msgspec.to_builtins(document)
    if problem := document.problem:
        detail = sentence(problem.code, problem.facts, language)
        shown["problem"] = {"code": problem.code, "detail": detail}
    return shown


def from_row(row: Row) -> Document:
    """The record of a row of ``documents``."""
    problem = row["problem"] and msgspec.json.decode(row["problem"], type=Problem)
    return msgspec.convert(row | {"problem": problem}, Document)


_SETTABLE = {
    name: f"update documents set {name} = :value where id = :id"  # noqa: S608 -- fixed names
    for name in ("title", "language", "paged", "pages", "pages_unreadable", "chunks")
}


def _page_values(document_id: str, page: Page) -> Row:
    return {
        "document": document_id,
        "number": page.number,
        "how": page.how,
        "confidence": page.confidence,
        "text": page.text,
        "notes": json.dumps(page.notes),
        "headings": msgspec.json.encode(page.headings).decode(),
        "words": msgspec.msgpack.encode(page.words) if page.words else None,
        "removed": json.dumps(page.removed),
    }


def _page(row: Row) -> Page:
    lists = {name: json.loads(row[name]) for name in ("notes", "headings", "removed")}
    page = msgspec.convert(row | lists, Page)
    return page if row["corrected"] is None else _corrected(page, row["corrected"])


def _corrected(page: Page, text: str) -> Page:
    """The page with a person's text; a heading stays where its words still stand."""
    headings, at = [], 0
    for heading in page.headings:
        start = text.find(heading.title, at)
        if start >= 0:
            headings.append(msgspec.structs.replace(heading, start=start))
            at = start + len(heading.title)
    return msgspec.structs.replace(page, text=text, headings=tuple(headings))
