"""The files that somebody laid beside a conversation, and the shelf that they lie on.

The shelf is a collection like any other for the reader and for both engines, so the same
limits hold and the same citations come of it. What is its own: it is in no list, only the
conversation's owner reads it (``reach``), no assistant can be given it, and it ends with the
conversation.
"""

from collections.abc import Sequence

import msgspec

from appliance.database import Database, Writer
from appliance.reach import BEFORE_THE_WALLS
from appliance.records import new_id, timestamp

MOST = 10  # files beside one conversation


def shelf(database: Database, conversation: str) -> str | None:
    """The id of the conversation's shelf; None where nothing was ever laid there."""
    row = database.row("select id from collections where conversation = :id", {"id": conversation})
    return str(row["id"]) if row else None


def begin(db: Writer, conversation: str, name: str) -> str:
    """The id of the conversation's shelf, made where there is none. ``name`` is what it is
    called where a collection is named."""
    db.run(
        """
        insert or ignore into collections (id, name, created_at, conversation)
        values (:id, :name, :now, :conversation)
        """,
        {"id": new_id(), "name": name, "now": timestamp(), "conversation": conversation},
    )
    row = db.row("select id from collections where conversation = :id", {"id": conversation})
    assert row is not None  # noqa: S101 -- it was just made, or was there
    return str(row["id"])


def among(database: Database, collections: Sequence[str]) -> list[str]:
    """Those of these collections that are shelves beside conversations."""
    rows = database.rows(
        """
        select id from collections
        where conversation is not null and id in (select value from json_each(:ids))
        """,
        {"ids": msgspec.json.encode(list(collections)).decode()},
    )
    return [row["id"] for row in rows]


def tellable(database: Database, closed: frozenset[str]) -> frozenset[str]:
    """The shelves beside conversations that exist for somebody to whom these collections are
    closed: those of which neither the assistant nor an answer reads one of them."""
    rows = database.rows(
        f"""
        select s.id from collections s join conversations c on c.id = s.conversation
        where {BEFORE_THE_WALLS}
        """,  # noqa: S608 -- constant conditions
        {"closed": msgspec.json.encode(sorted(closed)).decode()},
    )
    return frozenset(row["id"] for row in rows)


def contents(database: Database, conversation: str) -> dict[str, str]:
    """The contents (SHA-256 in hexadecimal) on the conversation's shelf, by document."""
    rows = database.rows(
        """
        select d.id, d.sha256 from documents d join collections s on s.id = d.collection
        where s.conversation = :id order by d.id
        """,
        {"id": conversation},
    )
    return {row["id"]: row["sha256"] for row in rows}


def leftovers(database: Database) -> list[str]:
    """The contents (SHA-256 in hexadecimal) whose rows ended with their conversations."""
    return [row["sha256"] for row in database.rows("select sha256 from leftovers")]


def forget_leftover(db: Writer, sha256: str) -> None:
    """The file is gone, or another document stands on it."""
    db.run("delete from leftovers where sha256 = :sha256", {"sha256": sha256})
