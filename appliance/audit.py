"""The audit table: who did what to what, appended and never changed.

``record`` takes the writer of the change itself, so that an act and its row are
committed together or not at all. Details hold names and ids, never secrets,
passwords or what people asked.
"""

from typing import Any

import msgspec

from appliance.database import Database, Writer
from appliance.records import Caller, Record, timestamp


class Entry(Record, frozen=True):
    """One act. ``caller`` is "kind:id"; ``name`` is the caller's name as it was then."""

    id: str
    at: str
    caller: str
    name: str
    act: str
    subject: str
    details: dict[str, Any]


def record(writer: Writer, caller: Caller, act: str, subject: str, /, **details: Any) -> None:
    """Append an act ("person.create") on a subject (its id) to the record."""
    writer.run(
        """
        insert into audit (at, caller, name, act, subject, details)
        values (:at, :caller, :name, :act, :subject, :details)
        """,
        {
            "at": timestamp(),
            "caller": f"{caller.kind}:{caller.id}",
            "name": caller.name,
            "act": act,
            "subject": subject,
            "details": msgspec.json.encode(details).decode(),
        },
    )


def newest(database: Database, *, limit: int, before: str = "") -> list[Entry]:
    """The latest entries first; ``before`` is the id after which to go on.

    An id that is no number is the end of the list, not an error.
    """
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        return []
    rows = database.rows(
        """
        select * from audit where :before is null or id < :before
        order by id desc limit :limit
        """,
        {"before": int(before) if before else None, "limit": limit},
    )
    return [
        Entry(**row | {"id": str(row["id"]), "details": msgspec.json.decode(row["details"])})
        for row in rows
    ]
