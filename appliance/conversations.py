"""The conversations: questions, and the answers with their citations.

A question is stored before it is answered, so that a crash in between leaves a
question marked ``asked`` and never a lost one; an answer and its citations are
one value, stored in one statement.
"""

from typing import Any

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import NotFound
from appliance.folding import plain
from appliance.reach import BEFORE_THE_WALLS, Reach
from appliance.records import Answer, Caller, Record, new_id, timestamp


class Message(Record, frozen=True):
    """One question and, once there is one, its answer. ``good`` is the reader's thumb;
    ``collections`` are those that the answer's passages came from."""

    id: str
    conversation: str
    question: str
    state: str  # asked | answered | refused | stopped | failed | erased
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
    notice: int | None = None  # the version of the notice that a visitor had accepted


class Outline(Record, frozen=True):
    """What may be known of somebody's conversation without reading it: not its title, which
    is the first question. ``name`` is the owner's, "" where there is none any more. Of a
    visitor it is what their site calls them (``asked_name``), who is ``asked_by`` to it."""

    id: str
    assistant: str
    owner: str
    name: str
    questions: int | None  # None, as the next three: of a minor nothing is counted
    refused: int | None
    good: int | None
    bad: int | None
    created_at: str
    updated_at: str
    notice: int | None = None
    asked_by: str = ""
    asked_name: str = ""


class Sought(Record, frozen=True):
    """Which conversations; "" is any. The last question lies from ``since`` to before
    ``until`` (as ``timestamp`` writes moments), and one question is all of the rest: it was
    ``answered`` or ``refused`` (``outcome``), its thumb is ``good`` or ``bad``, and it holds
    every one of the ``words``, in whatever case and without accents."""

    assistant: str = ""
    since: str = ""
    until: str = ""
    outcome: str = ""
    thumb: str = ""
    words: str = ""

    @property
    def values(self) -> Row:
        """For a query; ``worded`` are the questions with the words, where they are asked for."""
        told: Row = msgspec.structs.asdict(self)
        asked = bool(self.outcome or self.thumb or self.words)
        good = {"good": 1, "bad": 0}.get(self.thumb)
        return told | {"asked": asked, "thumb": good, "worded": None}


EVERY = Sought()
# Constant text, of both lists: ``c`` is the conversation.
_SOUGHT = """
        (:assistant = '' or c.assistant = :assistant)
        and (:since = '' or c.updated_at >= :since)
        and (:until = '' or c.updated_at < :until)
        and (not :asked or exists (
            select 1 from messages m where m.conversation = c.id
                and (:outcome = '' or m.state = :outcome)
                and (:thumb is null or m.good = :thumb)
                and (:worded is null or m.id in (select value from json_each(:worded)))))
"""
WORDS_IN = 20_000  # of somebody's own questions, the newest, where words are looked for

_OUTLINES = f"""
    select c.id, c.assistant, c.owner, coalesce(people.name, keys.name, c.asked_name) as name,
        c.asked_by, c.asked_name,
        (select count(*) from messages where conversation = c.id) as questions,
        (select count(*) from messages where conversation = c.id and state = 'refused') as refused,
        (select count(*) from messages where conversation = c.id and good = 1) as good,
        (select count(*) from messages where conversation = c.id and good = 0) as bad,
        c.created_at, c.updated_at, c.notice,
        c.owner like 'visitor:%' and exists (select 1 from assistants
            where id = c.assistant and audience = 'minors') as minor
    from conversations c
    left join people on people.id = substr(c.owner, 8) and c.owner like 'person:%'
    left join keys on keys.id = substr(c.owner, 5) and c.owner like 'key:%'
    where (:id = '' or c.id = :id)
        and (:owner = '' or c.owner = :owner)
        and (:before = '' or c.id < :before)
        and {_SOUGHT}
        and (not :asked or not (c.owner like 'visitor:%' and exists (select 1 from assistants
            where id = c.assistant and audience = 'minors')))  -- of whom nothing is counted
        and {BEFORE_THE_WALLS}
    order by c.id desc limit :limit
"""  # noqa: S608 -- constant conditions
_OWN = f"""
    select c.* from conversations c
    where c.owner = :owner and (:before = '' or c.id < :before) and {_SOUGHT}
    order by c.id desc limit :limit
"""  # noqa: S608 -- constant conditions


_UNCOUNTED = {"questions": None, "refused": None, "good": None, "bad": None}


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
            update conversations set updated_at = :now, notice = coalesce(
                (select max(notice) from visitors where 'visitor:' || id = :owner), notice)
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


def begin(db: Writer, caller: Caller, assistant_id: str, title: str) -> str:
    """A conversation without a question yet; its id."""
    return _begin(db, caller, assistant_id, title, timestamp())


def _begin(db: Writer, caller: Caller, assistant_id: str, question: str, now: str) -> str:
    made = new_id()
    db.run(
        """
        insert into conversations (id, assistant, owner, title, created_at, updated_at,
            asked_by, asked_name)
        select :id, :assistant, :owner, :title, :now, :now,
            coalesce(max(asked_by), ''), coalesce(max(asked_name), '')
        from visitors where 'visitor:' || id = :owner
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
    stands on: they outlive its documents, and may be closed to the asker one day. What lies
    beside the conversation itself is none of them: whoever may read the one may read what it
    was told from there."""
    documents = sorted({passage.document.id for passage in answer.passages})
    with database.write() as db:
        db.run(
            """
            update messages set state = :state, answer = :answer, collections = (
                select json_group_array(distinct d.collection)
                from documents d join collections c on c.id = d.collection
                where c.conversation is null
                    and d.id in (select value from json_each(:documents)))
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
    database: Database,
    caller: Caller,
    *,
    sought: Sought = EVERY,
    before: str = "",
    limit: int = 50,
) -> list[Conversation]:
    """The caller's own conversations, newest first, those before the cursor ``before``."""
    values = sought.values | {"owner": owner(caller), "before": before, "limit": limit}
    if sought.words.strip():
        values["worded"] = msgspec.json.encode(_worded(database, caller, sought.words)).decode()
    return [msgspec.convert(row, Conversation) for row in database.rows(_OWN, values)]


def _worded(database: Database, caller: Caller, words: str) -> list[str]:
    """The caller's own questions that hold all the words."""
    rows = database.rows(
        """
        select m.id, m.question from messages m join conversations c on c.id = m.conversation
        where c.owner = :owner order by m.id desc limit :most
        """,
        {"owner": owner(caller), "most": WORDS_IN},
    )
    wanted = plain(words).split()
    return [row["id"] for row in rows if all(one in plain(row["question"]) for one in wanted)]


def get(database: Database, caller: Caller, conversation_id: str) -> Conversation:
    """One of the caller's own conversations; raises ``NotFound``."""
    row = database.row(
        "select * from conversations where id = :id and owner = :owner",
        {"id": conversation_id, "owner": owner(caller)},
    )
    if row is None:
        raise NotFound
    return msgspec.convert(row, Conversation)


def outlines(
    database: Database,
    *,
    reach: Reach,
    owner: str = "",
    sought: Sought = EVERY,
    before: str = "",
    limit: int = 50,
) -> list[Outline]:
    """Everybody's conversations within reach, newest first, without their words. These are
    not looked for either: whoever finds a word has read it, and has given no reason."""
    values = msgspec.structs.replace(sought, words="").values
    values |= {"id": "", "owner": owner, "before": before, "limit": limit}
    return _outlined(database, reach, values)


def outline(database: Database, conversation_id: str, *, reach: Reach) -> Outline:
    """One of those; raises ``NotFound``."""
    values = EVERY.values | {"id": conversation_id, "owner": "", "before": "", "limit": 1}
    found = _outlined(database, reach, values)
    if not conversation_id or not found:
        raise NotFound
    return found[0]


def _outlined(database: Database, reach: Reach, values: Row) -> list[Outline]:
    rows = database.rows(_OUTLINES, values | {"closed": reach.values["closed"]})
    return [msgspec.convert(row | (_UNCOUNTED if row["minor"] else {}), Outline) for row in rows]


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


def erase_of(db: Writer, caller: Caller) -> int:
    """Erase all conversations of a caller; how many there were."""
    return db.run("delete from conversations where owner = :owner", {"owner": owner(caller)})


def rate(
    database: Database, caller: Caller, message_id: str, *, good: bool, reason: str, comment: str
) -> None:
    """Keep the reader's thumb; raises ``NotFound`` when the message is not the caller's.
    Of a visitor whose assistant is for minors the thumb alone is kept, and nothing typed."""
    with database.write() as db:
        minors = "select 1 as one from assistants where id = :id and audience = 'minors'"
        (only,) = (caller.assistants if caller.kind == "visitor" else None) or ("",)
        bare = db.row(minors, {"id": only}) is not None
        if not db.run(
            """
            update messages set good = :good,
                reason = case when :bare then '' else :reason end,
                comment = case when :bare then '' else :comment end
            where id = :id and conversation in (select id from conversations where owner = :owner)
            """,
            {
                "good": good,
                "bare": bare,
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
