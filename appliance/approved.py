"""The approved answers: what the office has an assistant say word for word, to which questions.

A question has one answer: whoever approves a second one is told of the first. An answer may
cite a page of a document that the assistant reads; for somebody who may not read that, it does
not exist. How often it was given is counted, and to whom is not.
"""

import json
import re
from collections.abc import Iterable, Sequence

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.folding import plain
from appliance.reach import EVERYWHERE, Reach
from appliance.records import DocumentName, Record, new_id, timestamp

MOST_QUESTIONS = 2000  # of an assistant: they are compared one by one
_WORD = re.compile(r"[^\W_]+")


class Cited(Record, frozen=True):
    """The page that an answer names. ``page`` is None for a format without pages; ``quote``
    stands on it, "" for the whole page. ``document`` is None once it is gone."""

    document: DocumentName | None
    page: int | None
    quote: str


class Approved(Record, frozen=True):
    """One answer with its questions, the first of which names it."""

    id: str
    assistant: str
    questions: tuple[str, ...]
    text: str
    cited: Cited | None
    active: bool
    hits: int
    last_hit_at: str | None
    created_at: str
    updated_at: str


class Variant(Record, frozen=True):
    """A question to compare with: its answer's id, and its vector where it has one."""

    id: int
    answer: str
    text: str
    stamp: str | None
    vector: bytes | None


class Draft(Record, frozen=True):
    """An answer as somebody writes it."""

    questions: tuple[str, ...]
    text: str
    document: str | None = None
    page: int | None = None
    quote: str = ""
    active: bool = True


def folded(question: str) -> str:
    """The words of a question without case, accents and marks."""
    return " ".join(_WORD.findall(plain(question)))


def create(db: Writer, assistant: str, draft: Draft) -> Approved:
    """A new answer, inside the caller's transaction. Raises ``BadRequest`` (``no_question``,
    ``wordless_question``, ``approved_full``) and ``Conflict`` (``question_approved``)."""
    made = new_id()
    now = timestamp()
    db.run(
        """
        insert into approved_answers
            (id, assistant, text, cites, document, page, quote, active, created_at, updated_at)
        values (:id, :assistant, :text, :cites, :document, :page, :quote, :active, :now, :now)
        """,
        {"id": made, "assistant": assistant, "now": now} | _values(draft),
    )
    _ask(db, assistant, made, draft.questions)
    return _one(db.rows(_BY_ID, {"id": made}))


def change(db: Writer, approved: Approved, draft: Draft) -> Approved:
    """Put a draft in the place of what an answer is; its counts stay. Raises as ``create``."""
    db.run(
        """
        update approved_answers set text = :text, cites = :cites, document = :document,
            page = :page, quote = :quote, active = :active, updated_at = :now
        where id = :id
        """,
        {"id": approved.id, "now": timestamp()} | _values(draft),
    )
    if draft.questions != approved.questions:
        db.run("delete from approved_questions where answer = :id", {"id": approved.id})
        _ask(db, approved.assistant, approved.id, draft.questions)
    return _one(db.rows(_BY_ID, {"id": approved.id}))


def remove(db: Writer, approved_id: str) -> None:
    """Remove an answer with its questions."""
    db.run("delete from approved_answers where id = :id", {"id": approved_id})


def get(database: Database, approved_id: str, *, reach: Reach = EVERYWHERE) -> Approved:
    """One answer; raises ``NotFound``, also where it cites what is closed to the reader."""
    found = _one(database.rows(_BY_ID, {"id": approved_id}))
    if not every(database, found.assistant, reach=reach, at=approved_id, limit=1):
        raise NotFound
    return found


def every(
    database: Database,
    assistant: str,
    *,
    reach: Reach = EVERYWHERE,
    words: str = "",
    at: str = "",
    before: str = "",
    limit: int = 50,
) -> list[Approved]:
    """An assistant's answers, the newest first, those before the cursor ``before``; with
    ``words``, those in whose text or questions they stand."""
    rows = database.rows(
        f"""
        {_ANSWERS}
        where a.assistant = :assistant and (:at = '' or a.id = :at)
            and (:before = '' or a.id < :before)
            and (d.collection is null or d.collection not in (select value from json_each(:closed)))
            and (:words = '' or instr(lower(a.text), :words) or exists (
                select 1 from approved_questions q
                where q.answer = a.id and instr(q.plain, :plain)))
        order by a.id desc limit :limit
        """,  # noqa: S608 -- a constant above
        {
            "assistant": assistant,
            "at": at,
            "before": before,
            "words": words.strip().lower(),
            "plain": folded(words),
            "closed": reach.values["closed"],
            "limit": limit,
        },
    )
    return [_record(row) for row in rows]


def variants(database: Database, assistant: str, collections: Sequence[str]) -> list[Variant]:
    """The questions of answers that are on, and stand on nothing but these collections."""
    rows = database.rows(
        """
        select q.id, q.answer, q.text, q.stamp, q.vector
        from approved_questions q join approved_answers a on a.id = q.answer
        left join documents d on d.id = a.document
        where a.assistant = :assistant and a.active
            and (a.document is null or (d.state = 'ready'
                and d.collection in (select value from json_each(:collections))))
        order by q.id
        """,
        {"assistant": assistant, "collections": json.dumps(list(collections))},
    )
    return [Variant(**row) for row in rows]


def embedded(database: Database, stamp: str, vectors: Iterable[tuple[int, bytes]]) -> None:
    """Keep the vectors of questions; the next one needs no embedder for them."""
    with database.write(fleeting=True) as db:
        db.many(
            "update approved_questions set stamp = :stamp, vector = :vector where id = :id",
            [{"id": one, "stamp": stamp, "vector": vector} for one, vector in vectors],
        )


def hit(database: Database, approved_id: str) -> None:
    """Count that an answer was given."""
    with database.write(fleeting=True) as db:
        db.run(
            "update approved_answers set hits = hits + 1, last_hit_at = :now where id = :id",
            {"id": approved_id, "now": timestamp()},
        )


def draft(approved: Approved) -> Draft:
    """An answer as it could be written anew."""
    cited = approved.cited
    return Draft(
        questions=approved.questions,
        text=approved.text,
        document=cited.document.id if cited and cited.document else None,
        page=cited.page if cited else None,
        quote=cited.quote if cited else "",
        active=approved.active,
    )


def _ask(db: Writer, assistant: str, answer: str, questions: Sequence[str]) -> None:
    """Let these be the questions of an answer."""
    said = {folded(question): question for question in reversed(questions)}
    if not said:
        raise BadRequest("no_question")
    if "" in said:
        raise BadRequest("wordless_question", question=said[""][:60])
    taken = db.row(
        """
        select q.text from approved_questions q join approved_answers a on a.id = q.answer
        where a.assistant = :assistant and q.plain in (select value from json_each(:plain))
        """,
        {"assistant": assistant, "plain": json.dumps(list(said))},
    )
    if taken:
        raise Conflict("question_approved", question=taken["text"][:120])
    db.many(
        "insert into approved_questions (answer, text, plain) values (:answer, :text, :plain)",
        [{"answer": answer, "text": said[one], "plain": one} for one in reversed(said)],
    )
    count = db.row(
        """
        select count(*) as questions from approved_questions q
        join approved_answers a on a.id = q.answer where a.assistant = :assistant
        """,
        {"assistant": assistant},
    )
    if count and count["questions"] > MOST_QUESTIONS:
        raise BadRequest("approved_full", most=MOST_QUESTIONS)


def _values(draft: Draft) -> Row:
    return {
        "text": draft.text,
        "cites": draft.document is not None,
        "document": draft.document,
        "page": draft.page if draft.document else None,
        "quote": draft.quote if draft.document else "",
        "active": draft.active,
    }


_ANSWERS = """
    select a.*, d.title, (select json_group_array(text) from
        (select text from approved_questions where answer = a.id order by id)) as questions
    from approved_answers a left join documents d on d.id = a.document
"""
_BY_ID = f"{_ANSWERS} where a.id = :id"


def _one(rows: Sequence[Row]) -> Approved:
    if not rows:
        raise NotFound
    return _record(rows[0])


def _record(row: Row) -> Approved:
    named = DocumentName(id=row["document"], title=row["title"]) if row["document"] else None
    cited = Cited(document=named, page=row["page"], quote=row["quote"]) if row["cites"] else None
    questions = json.loads(row["questions"])
    return msgspec.convert(
        row | {"cited": cited, "active": bool(row["active"]), "questions": questions}, Approved
    )
