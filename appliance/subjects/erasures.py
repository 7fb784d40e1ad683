"""The erasures table: what was erased at whose word, and the receipt.

A receipt counts and names no one: the subject is an id that means nothing any more.
"""

from typing import Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import NotFound
from appliance.records import Caller, Record, new_id, timestamp

Kind = Literal["person", "visitor", "conversation", "document"]


class Erasure(Record, frozen=True):
    """``removed`` counts rows, files and the like by their names; ``done_at`` is None until
    the last trace is gone; ``backups_forget_at`` is the day from which no copy is left."""

    id: str
    kind: Kind
    subject: str
    reason: str
    asked_by: str
    asked_at: str
    done_at: str | None
    removed: dict[str, int]
    backups_forget_at: str | None = None


def store(writer: Writer, erasure: Erasure) -> None:
    """Write an erasure down, in place of what stood there."""
    writer.run(
        """
        insert or replace into erasures
            (id, kind, subject, reason, asked_by, asked_at, done_at, receipt)
        values (:id, :kind, :subject, :reason, :asked_by, :asked_at, :done_at, :receipt)
        """,
        {
            "id": erasure.id,
            "kind": erasure.kind,
            "subject": erasure.subject,
            "reason": erasure.reason,
            "asked_by": erasure.asked_by,
            "asked_at": erasure.asked_at,
            "done_at": erasure.done_at,
            "receipt": msgspec.json.encode(
                {"removed": erasure.removed, "backups_forget_at": erasure.backups_forget_at}
            ).decode(),
        },
    )


def begun(kind: Kind, subject: str, caller: Caller, reason: str) -> Erasure:
    """An erasure that has removed nothing yet."""
    return Erasure(
        id=new_id(), kind=kind, subject=subject, reason=reason,
        asked_by=f"{caller.kind}:{caller.id}", asked_at=timestamp(), done_at=None, removed={},
    )  # fmt: skip


def get(database: Database, erasure_id: str) -> Erasure:
    """One erasure; raises ``NotFound``."""
    row = database.row("select * from erasures where id = :id", {"id": erasure_id})
    if row is None:
        raise NotFound
    return _erasure(row)


def newest(database: Database, *, before: str = "", limit: int = 50) -> list[Erasure]:
    """The erasures, the last one first, those before the cursor ``before``."""
    rows = database.rows(
        """
        select * from erasures where (:before = '' or id < :before)
        order by id desc limit :limit
        """,
        {"before": before, "limit": limit},
    )
    return [_erasure(row) for row in rows]


def known(database: Database) -> frozenset[str]:
    """The ids of all erasures that this database knows of."""
    return frozenset(row["id"] for row in database.rows("select id from erasures"))


def _erasure(row: Row) -> Erasure:
    kept = {name: row[name] for name in row if name != "receipt"}
    return Erasure(**kept | msgspec.json.decode(row["receipt"]))
