"""Legal holds: a document, a collection, a conversation or a person that must be kept.

While a hold stands nothing deletes what it is on: no button, no retention, no erasure at a
person's right, no cascade. The triggers of the schema see to it, whatever path a statement
comes by; they cannot tell a hold's name, so that whoever is about to delete calls ``check``
first, and the refusal says what to release.

A hold on a collection is on every document in it, in the trash too; one on a person is on
their account, their conversations and their acts. A held document may be moved to the trash
by a sync: it is not found any more, but its file stays until the hold is released.

``GET /api/holds`` → ``{"items": [Hold …], "next"}``; ``POST /api/holds`` takes
``{kind, subject, name, reason}`` → 201 Hold; ``DELETE /api/holds/{id}?reason=…`` → 204.
"""

from typing import Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.reach import EVERYWHERE, Reach
from appliance.records import Caller, Record, new_id, timestamp

Kind = Literal["document", "collection", "conversation", "person"]
Deleted = Literal["document", "collection", "conversation", "person", "assistant"]

# A hold exists for whoever may read what it is on: of a conversation, all that its assistant
# reads and all that its answers stand on.
_REACHED = """
    select holds.*, coalesce(
        (select title from documents where id = subject),
        (select title from trash where id = subject),
        (select name from collections where id = subject),
        (select name from people where id = subject), '') as title
    from holds
    where not exists (
        select 1 from json_each(:closed) closed where closed.value in (
            select subject
            union all select collection from documents where id = subject
            union all select collection from trash where id = subject
            union all select a.collection from conversations c
                join assistant_collections a on a.assistant = c.assistant where c.id = subject
            union all select stood_on.value from messages m, json_each(m.collections) stood_on
                where m.conversation = subject))
"""
# By what is deleted: the names of the holds that stand in the way.
_OVER: dict[Deleted, str] = {
    "document": """
        select name from holds where kind = 'document' and subject = :id
            or kind = 'collection' and subject in (
                select collection from documents where id = :id
                union select collection from trash where id = :id)
        order by placed_at
    """,
    "collection": """
        select name from holds where kind = 'collection' and subject = :id
            or kind = 'document' and subject in (
                select id from documents where collection = :id
                union select id from trash where collection = :id)
        order by placed_at
    """,
    "conversation": """
        select name from holds where kind = 'conversation' and subject = :id
            or kind = 'person' and 'person:' || subject =
                (select owner from conversations where id = :id)
        order by placed_at
    """,
    "person": """
        select name from holds where kind = 'person' and subject = :id
            or kind = 'conversation' and subject in (
                select id from conversations where owner = 'person:' || :id)
        order by placed_at
    """,
    "assistant": """
        select holds.name from holds join conversations c
            on kind = 'conversation' and subject = c.id
            or kind = 'person' and c.owner = 'person:' || subject
        where c.assistant = :id order by placed_at
    """,
}
_KNOWN: dict[Kind, str] = {
    "document": "select 1 from documents where id = :id union select 1 from trash where id = :id",
    "collection": "select 1 from collections where id = :id",
    "conversation": "select 1 from conversations where id = :id",
    "person": "select 1 from people where id = :id",
}


class Hold(Record, frozen=True):
    """One hold. ``name`` says for what, such as the number of a lawsuit; ``title`` is the
    held thing's own, "" for a conversation, whose title is its first question."""

    id: str
    kind: Kind
    subject: str
    title: str
    name: str
    reason: str
    placed_by: str
    placed_at: str


def place(
    writer: Writer, caller: Caller, *, kind: Kind, subject: str, name: str, reason: str
) -> Hold:
    """Put a hold on something. Raises ``NotFound`` for what is not there, ``BadRequest``
    (``hold_without_words``), ``Conflict`` (``already_on_hold``) for the same name again."""
    name, reason = " ".join(name.split()), reason.strip()
    if not name or not reason:
        raise BadRequest("hold_without_words")
    if writer.row(_KNOWN[kind], {"id": subject}) is None:
        raise NotFound
    values = {"id": new_id(), "kind": kind, "subject": subject, "name": name, "reason": reason}
    placed = writer.run(
        """
        insert into holds (id, kind, subject, name, reason, placed_by, placed_at)
        values (:id, :kind, :subject, :name, :reason, :by, :now)
        on conflict (kind, subject, name) do nothing
        """,
        values | {"by": f"{caller.kind}:{caller.id}", "now": timestamp()},
    )
    if not placed:
        raise Conflict("already_on_hold", hold=name)
    return _one(writer, values["id"], EVERYWHERE)


def release(writer: Writer, hold_id: str, *, reach: Reach = EVERYWHERE) -> Hold:
    """End a hold within reach; the hold as it was. Raises ``NotFound``."""
    hold = _one(writer, hold_id, reach)
    writer.run("delete from holds where id = :id", {"id": hold_id})
    return hold


def every(
    database: Database, *, reach: Reach = EVERYWHERE, before: str = "", limit: int = 50
) -> list[Hold]:
    """The holds within reach, the latest first, those before the cursor ``before``."""
    rows = database.rows(
        f"{_REACHED} and (:before = '' or holds.id < :before) order by holds.id desc limit :limit",
        {"closed": reach.values["closed"], "before": before, "limit": limit},
    )
    return [_hold(row) for row in rows]


def check(database: Database, what: Deleted, subject: str) -> None:
    """Raise ``Conflict`` (``on_hold``, with the hold's name) where a hold keeps something, or
    what would go with it, from being deleted. Of what is not there nothing is held."""
    held = database.row(_OVER[what], {"id": subject})
    if held is not None:
        raise Conflict("on_hold", hold=held["name"])


def _one(writer: Writer, hold_id: str, reach: Reach) -> Hold:
    row = writer.row(
        f"{_REACHED} and holds.id = :id",
        {"closed": reach.values["closed"], "id": hold_id},
    )
    if row is None:
        raise NotFound
    return _hold(row)


def _hold(row: Row) -> Hold:
    return msgspec.convert(row, Hold)
