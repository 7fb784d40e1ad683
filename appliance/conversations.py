"""The conversations: questions, and the answers with their citations.

A question is stored before it is answered, so that a crash in between leaves a
question marked ``asked`` and never a lost one; an answer and its citations are
one value, stored in one statement.
"""

from typing import Any

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import NotFound
from appliance.records import Answer, Caller, Record, new_id, timestamp


class Message(Record, frozen=True):
    """One question and, once there is one, its answer. ``good`` is the reader's thumb;
    ``collections`` are those that the answer's passages came from."""

    id: str
    conversation: str
    question: str
    state: str  # asked | answered | refused | stopped | failed
    answer: Answer | None
    good: bool | None
    reason: str | None
    comment: str | None
    collections: tuple[str, ...]
    created_at: str


class Conversation(Record, frozen=True):
    id: str
    assistant: str
    title: str
    created_at: str
    updated_at: str


def owner(caller: Caller) -> str:
    """Whose conversations a caller's are."""
    return f"{caller.kind}:{caller.id}"


def ask(
    database: Database, caller: Caller, assistant_id: str, question: str, conversation: str | None
) -> Message:
    """Store a question, in the caller's conversation or in a new one.

    Raises ``NotFound`` when the conversation is not the caller's or belongs to
    another assistant.
    """
    now = timestamp()
    with database.write() as db:
        found = conversation or _begin(db, caller, assistant_id, question, now)
        if not db.run(
            """
            update conversations set updated_at = :now
            where id = :id and owner = :owner and assistant = :assistant
            """,
            {"now": now, "id": found, "owner": owner(caller), "assistant": assistant_id},
        ):
            raise NotFound
        message = Message(
            id=new_id(), conversation=found, question=question, state="asked", answer=None,
            good=None, reason=None, comment=None, collections=(), created_at=now,
        )  # fmt: skip
        db.run(
            """
            insert into messages (id, conversation, question, state, created_at)
            values (:id, :conversation, :question, :state, :created_at)
            """,
            {
                name: getattr(message, name)
                for name in ("id", "conversation", "question", "state", "created_at")
            },
        )
    return message


def _begin(db: Writer, caller: Caller, assistant_id: str, question: str, now: str) -> str:
    made = new_id()
    db.run(
        """
        insert into conversations (id, assistant, owner, title, created_at, updated_at)
        values (:id, :assistant, :owner, :title, :now, :now)
        """,
        {
            "id": made,
            "assistant": assistant_id,
            "owner": owner(caller),
            "title": " ".join(question.split())[:80],
            "now": now,
        },
    )
    return made


def answered(database: Database, answer: Answer) -> None:
    """Store an answer with its citations beside its question, and the collections it
    stands on: they outlive its documents, and may be closed to the asker one day."""
    documents = sorted({passage.document.id for passage in answer.passages})
    with database.write() as db:
        db.run(
            """
            update messages set state = :state, answer = :answer, collections = (
                select json_group_array(distinct collection) from documents
                where id in (select value from json_each(:documents)))
            where id = :id
            """,
            {
                "state": answer.state,
                "answer": msgspec.json.encode(answer).decode(),
                "documents": msgspec.json.encode(documents).decode(),
                "id": answer.message,
            },
        )


def failed(database: Database, message_id: str) -> None:
    """Mark a question that could not be answered, so that it can be asked again."""
    with database.write() as db:
        db.run(
            "update messages set state = 'failed' where id = :id and state = 'asked'",
            {"id": message_id},
        )


def recover(database: Database) -> int:
    """At start-up: questions that a dead process left without an answer become
    ``failed``. Gives how many there were."""
    with database.write() as db:
        return db.run("update messages set state = 'failed' where state = 'asked'")


def every(
    database: Database, caller: Caller, *, assistant: str = "", before: str = "", limit: int = 50
) -> list[Conversation]:
    """The caller's own conversations, newest first, those before the cursor ``before``."""
    rows = database.rows(
        """
        select * from conversations
        where owner = :owner and (:assistant = '' or assistant = :assistant)
            and (:before = '' or id < :before)
        order by id desc limit :limit
        """,
        {"owner": owner(caller), "assistant": assistant, "before": before, "limit": limit},
    )
    return [msgspec.convert(row, Conversation) for row in rows]


def get(database: Database, caller: Caller, conversation_id: str) -> Conversation:
    """One of the caller's own conversations; raises ``NotFound``."""
    row = database.row(
        "select * from conversations where id = :id and owner = :owner",
        {"id": conversation_id, "owner": owner(caller)},
    )
    if row is None:
        raise NotFound
    return msgspec.convert(row, Conversation)


def messages(database: Database, conversation_id: str) -> list[Message]:
    """The messages of a conversation, oldest first."""
    rows = database.rows(
        "select * from messages where conversation = :id order by id", {"id": conversation_id}
    )
    return [_message(row) for row in rows]


def remove(db: Writer, caller: Caller, conversation_id: str) -> bool:
    """Remove one of the caller's own conversations with its messages."""
    return (
        db.run(
            "delete from conversations where id = :id and owner = :owner",
            {"id": conversation_id, "owner": owner(caller)},
        )
        > 0
    )


def rate(
    database: Database, caller: Caller, message_id: str, *, good: bool, reason: str, comment: str
) -> None:
    """Keep the reader's thumb; raises ``NotFound`` when the message is not the caller's."""
    with database.write() as db:
        if not db.run(
            """
            update messages set good = :good, reason = :reason, comment = :comment
            where id = :id and conversation in (select id from conversations where owner = :owner)
            """,
            {
                "good": good,
                "reason": reason,
                "comment": comment,
                "id": message_id,
                "owner": owner(caller),
            },
        ):
            raise NotFound


def own_message(database: Database, caller: Caller, message_id: str) -> tuple[Message, str]:
    """One of the caller's own messages and its assistant's id; raises ``NotFound``."""
    row = database.row(
        """
        select m.*, c.assistant from messages m join conversations c on c.id = m.conversation
        where m.id = :id and c.owner = :owner
        """,
        {"id": message_id, "owner": owner(caller)},
    )
    if row is None:
        raise NotFound
    return _message(row), str(row["assistant"])


def _message(row: Row) -> Message:
    answer = row["answer"] and msgspec.json.decode(row["answer"], type=Answer)
    good: Any = None if row["good"] is None else bool(row["good"])
    collections = msgspec.json.decode(row["collections"])
    return msgspec.convert(
        row | {"answer": answer, "good": good, "collections": collections}, Message
    )
