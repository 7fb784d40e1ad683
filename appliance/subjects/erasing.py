"""The rows of a person, a visitor or a conversation, and their end.

Everything happens in the caller's transaction, and what is removed is counted by name. What
these rows leave in the files of the database goes in ``clear``.
"""

import shutil
from collections import Counter
from pathlib import Path

from appliance import places
from appliance.database import Database, Writer
from appliance.errors import Unavailable

# Where the deletion of somebody's row leaves their name behind, and of their keys' row.
_OF_PERSON = {
    "sessions": "person = :id",
    "devices": "person = :id",
    "resets": "person = :id",
    "second_factors": "person = :id",
    "recovery_codes": "person = :id",
    "group_members": "person = :id",
    "keys": "owner = :id",
    "invitations": "email = (select email from people where id = :id)",
}


def person(writer: Writer, person_id: str) -> Counter[str]:
    """Everything of a person but their own row and the record of acts."""
    callers = owners(writer, person_id)
    removed = sum((conversations_of(writer, one) for one in callers), Counter[str]())
    for table, whose in _OF_PERSON.items():
        removed[table] = writer.run(
            f"delete from {table} where {whose}",  # noqa: S608 - constants
            {"id": person_id},
        )
    for owner in callers:
        removed["names_in_versions"] += writer.run(
            "update assistant_versions set author = '' where author = :owner", {"owner": owner}
        )
    removed["names_in_reviews"] = writer.run(
        "update reviews set name = '' where caller = 'person:' || :id and name != ''",
        {"id": person_id},
    )
    return removed


_OWNERS = """
    select 'person:' || :id as owner
    union all select 'key:' || id from keys where owner = :id
"""


def owners(writer: Writer, person_id: str) -> list[str]:
    """The callers ("kind:id") that a person is, in person and by their keys."""
    return [row["owner"] for row in writer.rows(_OWNERS, {"id": person_id})]


def visitor(writer: Writer, visitor_id: str) -> Counter[str]:
    """A visitor's session and conversations."""
    removed = conversations_of(writer, f"visitor:{visitor_id}")
    removed["visitors"] = writer.run("delete from visitors where id = :id", {"id": visitor_id})
    return removed


def conversations_of(writer: Writer, owner: str) -> Counter[str]:
    """All conversations of a caller ("kind:id")."""
    by = conversations_by(writer, owner)
    return sum((conversation(writer, one) for one in by), Counter[str]())


def conversations_by(writer: Writer, owner: str) -> list[str]:
    """The ids of a caller's conversations."""
    rows = writer.rows("select id from conversations where owner = :owner", {"owner": owner})
    return [row["id"] for row in rows]


def conversation(writer: Writer, conversation_id: str) -> Counter[str]:
    """A conversation with its messages, and whom its visitor's site said they are."""
    names = writer.run(
        """
        update visitors set asked_by = '', asked_name = '' where asked_by != '' and
            'visitor:' || id = (select owner from conversations where id = :id)
        """,
        {"id": conversation_id},
    )
    messages = writer.run("delete from messages where conversation = :id", {"id": conversation_id})
    gone = writer.run("delete from conversations where id = :id", {"id": conversation_id})
    return Counter({"messages": messages, "conversations": gone, "names_of_visitors": names})


def quoting(writer: Writer, document: str) -> list[str]:
    """The conversations in which an answer quotes a document."""
    rows = writer.rows(
        """
        select distinct conversation from messages
        where answer is not null and instr(answer, :document)
        """,
        {"document": document},
    )
    return [row["conversation"] for row in rows]


def answers_from(writer: Writer, document: str) -> int:
    """Take back the answers that quote a document: their questions stay, and say so. How many."""
    return writer.run(
        """
        update messages set answer = null, state = 'erased'
        where answer is not null and instr(answer, :document)
        """,
        {"document": document},
    )


def traces_of_document(writer: Writer, document: str) -> Counter[str]:
    """What is left of a document once its row is gone: its place in the trash, its ended jobs,
    and what sources noted down about it."""
    return Counter(
        trash=writer.run("delete from trash where id = :id", {"id": document}),
        jobs=writer.run("delete from jobs where subject = :id", {"id": document}),
        source_log=writer.run("delete from source_log where document = :id", {"id": document}),
    )


def weight(database: Database, document: str) -> Counter[str]:
    """How many pages, chunks and vectors a document has."""
    row = database.row(
        """
        select (select count(*) from pages where document = :id) as pages,
            (select count(*) from chunks where document = :id) as index_entries,
            (select count(*) from vectors join chunks on chunks.id = vectors.chunk
                where chunks.document = :id) as vectors
        """,
        {"id": document},
    )
    return Counter(row or {})


def copies(data: Path) -> int:
    """Remove what an upgrade, or its undoing, left beside the database: nobody can be taken out
    of a copy, so that the way back ends here. How many copies."""
    found = (f"{places.SNAPSHOTS}/*", f"{places.ROLLED_BACK}*", places.UPGRADING)
    left = [folder for pattern in found for folder in data.glob(pattern)]
    for folder in left:
        shutil.rmtree(folder)
    return len(left)


def clear(database: Database) -> None:
    """Take what was deleted out of the files: the dead words of the full-text indexes, the
    free pages, and the log of changes. Takes a copy of the database's size and some seconds
    a gigabyte; nobody writes meanwhile.

    Raises ``Unavailable`` (``still_read``) while a reader holds the log of changes.
    """
    with database.write() as db:
        for table in ("chunk_terms", "audit_words"):
            db.run(f"insert into {table}({table}) values ('optimize')")  # noqa: S608 - constants
    with database.connection() as db:
        db.conn.execute("vacuum")
        busy, *_ = db.conn.execute("pragma wal_checkpoint(truncate)").fetchone()
    if busy:
        raise Unavailable("still_read")
