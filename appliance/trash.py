"""The trash: documents that a sync or a person removed, for as long as ``trash_days`` says.

Promises: from the commit on a document in the trash can be neither found nor cited, for its
pages and chunks are gone with its row; its file stays, and whoever restores it gets the same
document back, to be read again.
"""

from typing import Literal

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound
from appliance.records import Record, timestamp

Reason = Literal["missing", "changed", "source", "removed"]


class Trashed(Record, frozen=True):
    """A removed document. ``origin`` is the address of its source; ``reason`` says why: its
    file is missing there, a changed one took its place, or the source was removed; a document
    that a person ``removed`` has no origin."""

    id: str
    collection: str
    title: str
    file_name: str
    media_type: str
    bytes: int
    sha256: str
    reason: Reason
    origin: str
    trashed_at: str


def put(db: Writer, document: str, *, reason: Reason, origin: str) -> bool:
    """Move the document there, inside the caller's transaction; False when it was gone."""
    db.run(
        """
        insert or replace into trash
            (id, collection, title, file_name, media_type, bytes, sha256, paged, language,
             valid_from, valid_to, supersedes, created_at, reason, origin, trashed_at)
        select id, collection, title, file_name, media_type, bytes, sha256, paged, language,
               valid_from, valid_to, supersedes, created_at, :reason, :origin, :now
        from documents where id = :id
        """,
        {"id": document, "reason": reason, "origin": origin, "now": timestamp()},
    )
    return db.run("delete from documents where id = :id", {"id": document}) > 0


def restore(db: Writer, document: str) -> Trashed:
    """Bring the document back as a queued one, inside the caller's transaction. What it took
    the place of may have another successor by now, and keeps that one.

    Raises ``NotFound``, and ``Conflict`` (``already_in_library``) naming the document of
    the same collection that has the same content by now.
    """
    trashed = get_in(db, document)
    twin = db.row(
        "select id, title from documents where collection = :collection and sha256 = :sha256",
        {"collection": trashed.collection, "sha256": trashed.sha256},
    )
    if twin:
        raise Conflict("already_in_library", document=twin["id"], title=twin["title"])
    db.run(
        """
        insert into documents
            (id, collection, title, file_name, media_type, bytes, sha256, paged, language,
             valid_from, valid_to, supersedes, created_at, state)
        select id, collection, title, file_name, media_type, bytes, sha256, paged, language,
               valid_from, valid_to,
               case when not exists (
                   select 1 from documents other where other.supersedes = trash.supersedes
               ) then supersedes end,
               created_at, 'queued'
        from trash where id = :id
        """,
        {"id": document},
    )
    db.run("delete from trash where id = :id", {"id": document})
    return trashed


def find(database: Database, document: str) -> Trashed | None:
    """The document in the trash, or None."""
    row = database.row("select * from trash where id = :id", {"id": document})
    return _trashed(row) if row else None


def get_in(db: Writer, document: str) -> Trashed:
    """The document in the trash; raises ``NotFound``."""
    row = db.row("select * from trash where id = :id", {"id": document})
    if row is None:
        raise NotFound
    return _trashed(row)


def with_content(db: Writer, collection: str, sha256: str) -> Trashed | None:
    """The document of this content that the collection lost last, or None."""
    row = db.row(
        """
        select * from trash where collection = :collection and sha256 = :sha256
        order by trashed_at desc
        """,
        {"collection": collection, "sha256": sha256},
    )
    return _trashed(row) if row else None


def of_collection(
    database: Database, collection: str, *, before: str = "", limit: int = 50
) -> list[Trashed]:
    """The collection's trash, the document that was made last first."""
    rows = database.rows(
        """
        select * from trash where collection = :collection and (:before = '' or id < :before)
        order by id desc limit :limit
        """,
        {"collection": collection, "before": before, "limit": limit},
    )
    return [_trashed(row) for row in rows]


def remove_older(db: Writer, than: str) -> list[str]:
    """Forget what was put there before a moment, but for what is under a legal hold; the
    contents (sha256) that it had."""
    rows = db.rows(
        """
        delete from trash where trashed_at < :than
            and id not in (select subject from holds where kind = 'document')
            and collection not in (select subject from holds where kind = 'collection')
        returning sha256
        """,
        {"than": than},
    )
    return [row["sha256"] for row in rows]


def _trashed(row: Row) -> Trashed:
    return Trashed(**{name: row[name] for name in Trashed.__struct_fields__})
