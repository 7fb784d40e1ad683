"""The audit table: who did what to what, appended and never changed.

``record`` takes the writer of the change itself, so that an act and its row are
committed together or not at all. Details hold names and ids, never secrets,
passwords or what people asked.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from appliance.database import Database, Writer
from appliance.records import EVERYWHERE, Caller, Document, Reach, Record, timestamp


class Entry(Record, frozen=True):
    """One act. ``caller`` is "kind:id"; ``name`` is the caller's name as it was then."""

    id: str
    at: str
    caller: str
    name: str
    act: str
    subject: str
    details: dict[str, Any]


def record(
    writer: Writer,
    caller: Caller,
    act: str,
    subject: str,
    /,
    *,
    collections: Sequence[str] = (),
    **details: Any,
) -> None:
    """Append an act ("person.create") on a subject (its id) to the record.

    ``collections`` are those it was about: where all of them are closed to somebody, the
    act is not told to them. Nobody is shown the list.
    """
    writer.run(
        """
        insert into audit (at, caller, name, act, subject, details, collections)
        values (:at, :caller, :name, :act, :subject, :details, :collections)
        """,
        {
            "at": timestamp(),
            "caller": f"{caller.kind}:{caller.id}",
            "name": caller.name,
            "act": act,
            "subject": subject,
            "details": msgspec.json.encode(details).decode(),
            "collections": msgspec.json.encode(list(collections)).decode(),
        },
    )


def of_document(
    writer: Writer, caller: Caller, act: str, document: Document, /, **details: Any
) -> None:
    """Append an act on a document, with its title as it was."""
    told = {"title": document.title} | details
    record(writer, caller, act, document.id, collections=[document.collection], **told)


def newest(
    database: Database, *, reach: Reach = EVERYWHERE, limit: int, before: str = ""
) -> list[Entry]:
    """The latest entries within reach first; ``before`` is the id after which to go on.

    An id that is no number is the end of the list, not an error.
    """
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        return []
    rows = database.rows(
        """
        select id, at, caller, name, act, subject, details from audit
        where (:before is null or id < :before)
          and (collections = '[]' or exists (
              select 1 from json_each(audit.collections)
              where value not in (select value from json_each(:closed))))
        order by id desc limit :limit
        """,
        {
            "before": int(before) if before else None,
            "closed": reach.values["closed"],
            "limit": limit,
        },
    )
    return [
        Entry(**row | {"id": str(row["id"]), "details": msgspec.json.decode(row["details"])})
        for row in rows
    ]
