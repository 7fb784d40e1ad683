"""The gaps: questions that were refused or disliked, grouped, and what became of each group.

A group is of one assistant and has no words of its own: they stand in the messages, and what
ends there ends here, the group with its last question. Of minors a group is told once
five of them asked, and then without their sentences: only words that five of them used.
Nobody is told who asked.

    open ── settle ──► answered · dismissed · told ── a new question of the kind ──► open
     ▲                     │                          (but for a dismissed one)
     └────── undo ─────────┘
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound
from appliance.folding import plain
from appliance.reach import Reach
from appliance.records import Answer, Record, new_id, timestamp

State = Literal["open", "answered", "dismissed", "told"]
FEWEST = 5  # minors of whom something may be told together: k-anonymity
EXAMPLES = 20
_KEYS_ROWS = 64  # groups that one key may lead to: a word that leads to more tells nothing
_COMPARED = 24  # groups that share most keys with a question


class Gap(Record, frozen=True):
    """A group. ``question`` is its first one in reach, or what minors' questions have in
    common; ``questions`` of ``askers`` people, ``disliked`` of them answered all the same."""

    id: str
    assistant: str
    state: State
    question: str
    questions: int
    askers: int
    refused: int
    disliked: int
    first_asked_at: str
    last_asked_at: str
    answer: str | None  # the approved answer that was written for it
    document: str | None  # the document that was added for it
    undoable: bool


class Example(Record, frozen=True):
    """One question of a group, and what was said to it; not by whom."""

    message: str
    question: str
    asked_at: str
    state: str
    said: str
    reason: str  # why it did not help, of those to choose from


class Unsorted(Record, frozen=True):
    """A question that is in no group yet."""

    message: str
    assistant: str
    language: str
    question: str


class Leader(Record, frozen=True):
    """The first question of a group, which others are compared with."""

    gap: str
    question: str
    stamp: str | None
    vector: bytes | None


_UNANSWERED = "(m.state = 'refused' or m.good = 0)"


def unsorted(database: Database, most: int) -> list[Unsorted]:
    """Refused and disliked questions that are in no group, oldest first."""
    rows = database.rows(
        f"""
        select m.id as message, c.assistant, a.language, m.question
        from messages m join conversations c on c.id = m.conversation
        join assistants a on a.id = c.assistant
        where {_UNANSWERED} and m.id not in (select message from gap_questions)
        order by m.id limit :most
        """,  # noqa: S608 -- a constant
        {"most": most},
    )
    return [Unsorted(**row) for row in rows]


def near(database: Database, assistant: str, keys: Sequence[str]) -> list[Leader]:
    """The groups of an assistant that most of these keys lead to, oldest first."""
    found: Counter[str] = Counter()
    with database.connection():
        for key in keys:
            rows = database.rows(
                """
                select gap from gap_keys where assistant = :assistant and key = :key
                order by gap limit :most
                """,
                {"assistant": assistant, "key": key, "most": _KEYS_ROWS},
            )
            found.update(row["gap"] for row in rows)
        best = sorted(found, key=lambda gap: (-found[gap], gap))[:_COMPARED]
        rows = database.rows(
            """
            select k.gap, m.question, q.stamp, q.vector
            from (select distinct gap, message from gap_keys
                  where gap in (select value from json_each(:gaps))) k
            join gap_questions q on q.message = k.message
            join messages m on m.id = k.message order by k.gap
            """,
            {"gaps": json.dumps(best)},
        )
    return [Leader(**row) for row in rows]


def put(
    db: Writer,
    one: Unsorted,
    gap: str | None,
    *,
    keys: Sequence[str],
    stamp: str | None,
    vector: bytes | None,
) -> str:
    """Put a question into a group, or into a new one that is found by ``keys``; the group's
    id. A group that was settled is open again, unless it was dismissed."""
    now = timestamp()
    if gap is None:
        gap = new_id()
        db.run(
            "insert into gaps (id, assistant, created_at) values (:id, :assistant, :now)",
            {"id": gap, "assistant": one.assistant, "now": now},
        )
        known = False
    else:
        known = True
    added = db.run(
        """
        insert or ignore into gap_questions (message, gap, stamp, vector)
        select id, :gap, :stamp, :vector from messages where id = :message
        """,
        {"message": one.message, "gap": gap, "stamp": stamp, "vector": vector},
    )
    if known:
        db.run(
            """
            update gaps set state = 'open', former = null, changed_at = :now
            where id = :gap and state in ('answered', 'told')
                and changed_at < (select created_at from messages where id = :message)
            """,
            {"gap": gap, "now": now, "message": one.message},
        )
    elif added:
        lead(db, gap, one, keys)
    else:  # another process was quicker, or the question is gone
        db.run("delete from gaps where id = :id", {"id": gap})
    return gap


def lead(db: Writer, gap: str, one: Unsorted, keys: Sequence[str]) -> None:
    """Let a question of a group be the one that others are compared with."""
    db.many(
        """
        insert or ignore into gap_keys (assistant, key, gap, message)
        values (:assistant, :key, :gap, :message)
        """,
        [
            {"assistant": one.assistant, "key": key, "gap": gap, "message": one.message}
            for key in keys
        ],
    )


def leaderless(database: Database, most: int) -> list[tuple[str, Unsorted, Row]]:
    """Groups whose first question is gone: each with the oldest that is left, and its vector."""
    rows = database.rows(
        """
        select q.gap, min(q.message) as message, c.assistant, a.language, m.question,
            q.stamp, q.vector
        from gap_questions q join messages m on m.id = q.message
        join conversations c on c.id = m.conversation join assistants a on a.id = c.assistant
        where not exists (select 1 from gap_keys where gap = q.gap)
        group by q.gap limit :most
        """,
        {"most": most},
    )
    names = ("message", "assistant", "language", "question")
    return [
        (
            row["gap"],
            Unsorted(**{name: row[name] for name in names}),
            {"stamp": row["stamp"], "vector": row["vector"]},
        )
        for row in rows
    ]


def release(db: Writer) -> int:
    """Take out the questions whose reader found the answer good after all; how many."""
    return db.run(
        f"""
        delete from gap_questions where message in (
            select m.id from gap_questions q join messages m on m.id = q.message
            where not {_UNANSWERED})
        """  # noqa: S608 -- a constant
    )


# Walls: an assistant that reads a closed collection has no gaps for whoever is outside, and an
# answer that stood on one is no question of theirs. ``minors`` are visitors of one for minors.
_ASKED = """
    select q.gap, m.id as message, m.question, m.created_at, m.state, m.good, m.reason, m.answer,
        m.collections, c.owner, c.owner like 'visitor:%' and a.audience = 'minors' as minor
    from gap_questions q join gaps g on g.id = q.gap
    join messages m on m.id = q.message join conversations c on c.id = m.conversation
    join assistants a on a.id = c.assistant
    where (:gap = '' or q.gap = :gap) and (:assistant = '' or g.assistant = :assistant)
        and (:edited is null or g.assistant in (select value from json_each(:edited)))
        and not exists (select 1 from assistant_collections r where r.assistant = g.assistant
            and r.collection in (select value from json_each(:closed)))
        and (m.collections = '[]' or not exists (select 1 from json_each(m.collections) stood_on
            where stood_on.value in (select value from json_each(:closed))))
"""
_GAPS = f"""
    with asked as ({_ASKED}), counted as (
        select gap, count(*) as questions, count(distinct owner) as askers,
            sum(state = 'refused') as refused, sum(good is 0 and state != 'refused') as disliked,
            min(created_at) as first_asked_at, max(created_at) as last_asked_at,
            max(minor) as minors, count(distinct case when minor then owner end) as few,
            min(case when not minor then message end) as told
        from asked group by gap)
    select g.*, n.*, (select question from messages where id = n.told) as question
    from counted n join gaps g on g.id = n.gap
    where (:state = '' or g.state = :state)
        and (not n.minors or n.few >= :fewest)
        and (:most is null or n.questions < :most or (n.questions = :most and g.id < :before))
    order by n.questions desc, g.id desc limit :limit
"""  # noqa: S608 -- a constant


def every(
    database: Database,
    *,
    reach: Reach,
    assistant: str = "",
    state: str = "",
    cursor: str = "",
    limit: int = 50,
) -> list[Gap]:
    """The groups of the assistants that a caller may change, the largest first, those after
    the ``cursor`` (see ``cursor_of``)."""
    most, _, before = cursor.partition(".")
    values = _values(reach, assistant=assistant) | {
        "state": state,
        "most": int(most) if most.isdecimal() and len(most) < 10 else None,
        "before": before,
        "limit": limit,
    }
    return [_gap(database, row, values) for row in database.rows(_GAPS, values)]


def cursor_of(gap: Gap) -> str:
    """Where a group stands in the list."""
    return f"{gap.questions}.{gap.id}"


def get(database: Database, gap_id: str, *, reach: Reach) -> Gap:
    """One group; raises ``NotFound``, also where it is not the caller's to look after."""
    values = _values(reach, gap=gap_id) | {"state": "", "most": None, "before": "", "limit": 1}
    rows = database.rows(_GAPS, values) if gap_id else []
    if not rows:
        raise NotFound
    return _gap(database, rows[0], values)


def examples(database: Database, gap_id: str, *, reach: Reach) -> list[Example]:
    """The newest questions of a group, each once; minors' are not told."""
    rows = database.rows(
        f"select * from ({_ASKED}) where not minor order by message desc limit 200",  # noqa: S608
        _values(reach, gap=gap_id),
    )
    known: dict[str, Example] = {}
    for row in rows:
        answer = row["answer"] and msgspec.json.decode(row["answer"], type=Answer)
        known.setdefault(
            plain(row["question"]),
            Example(
                message=row["message"],
                question=row["question"],
                asked_at=row["created_at"],
                state=row["state"],
                said=answer.answer if answer else "",
                reason=row["reason"] or "",
            ),
        )
    return list(known.values())[:EXAMPLES]


def settle(
    db: Writer, gap: Gap, state: State, *, answer: str | None = None, document: str | None = None
) -> None:
    """Say what became of a group, with the approved answer or document that did it."""
    db.run(
        """
        update gaps set former = state, state = :state, changed_at = :now,
            answer = coalesce(:answer, answer), document = coalesce(:document, document)
        where id = :id
        """,
        {"id": gap.id, "state": state, "now": timestamp(), "answer": answer, "document": document},
    )


def undo(db: Writer, gap: Gap) -> str | None:
    """Take the last change back; the id of the approved answer that was written with it, which
    is the caller's to remove. Raises ``Conflict`` (``gap_not_undoable``)."""
    row = db.row("select former, answer, state from gaps where id = :id", {"id": gap.id})
    if row is None or row["former"] is None:
        raise Conflict("gap_not_undoable")
    written = row["answer"] if row["state"] == "answered" else None
    db.run(
        """
        update gaps set state = former, former = null, changed_at = :now,
            answer = case when state = 'answered' then null else answer end,
            document = case when state = 'answered' then null else document end
        where id = :id
        """,
        {"id": gap.id, "now": timestamp()},
    )
    return written


def _values(reach: Reach, *, gap: str = "", assistant: str = "") -> dict[str, Any]:
    edited = None if reach.edited is None else json.dumps(sorted(reach.edited))
    return {
        "gap": gap,
        "assistant": assistant,
        "edited": edited,
        "closed": reach.values["closed"],
        "fewest": FEWEST,
    }


def _gap(database: Database, row: Row, values: dict[str, Any]) -> Gap:
    question = row["question"] or _in_common(database, values | {"gap": row["id"]})
    return msgspec.convert(
        {name: row[name] for name in _COUNTED}
        | {"question": question, "undoable": row["former"] is not None},
        Gap,
    )


_COUNTED = [name for name in Gap.__struct_fields__ if name not in ("question", "undoable")]


def _in_common(database: Database, values: dict[str, Any]) -> str:
    """The words that enough minors used, in the order of the alphabet: no sentence of one."""
    rows = database.rows(
        f"select owner, question from ({_ASKED}) where minor",  # noqa: S608 -- a constant
        values,
    )
    used: Counter[str] = Counter()
    said = {row["owner"]: set[str]() for row in rows}
    for row in rows:
        said[row["owner"]] |= set("".join(
            sign if sign.isalpha() else " " for sign in row["question"].lower()
        ).split())  # fmt: skip
    for words in said.values():
        used.update(word for word in words if len(word) > 3)
    return " · ".join(sorted(word for word, people in used.items() if people >= FEWEST)) or "…"
