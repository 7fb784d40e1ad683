"""Golden questions: what an assistant must answer from its documents, and what it must refuse.

Each names, as far as its editor knows it, the document and the page that the answer stands
on and phrases that it has to hold. A document is named as people name it, by its title or
its file's name, so that a new copy of it counts as the same one.
"""

import json
from collections.abc import Sequence

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound
from appliance.records import Record, new_id, timestamp

MOST = 200  # questions of an assistant: each costs an answer after every change


class GoldenQuestion(Record, frozen=True):
    """``document`` is a title, a file's name or an id, "" for any; ``must_refuse`` says that
    the documents hold no answer, and that the assistant has to say so."""

    id: str
    assistant: str
    question: str
    document: str
    page: int | None
    phrases: tuple[str, ...]
    must_refuse: bool
    created_at: str
    changed_at: str


class Wanted(Record, frozen=True):
    """What a person says about a golden question."""

    question: str
    document: str = ""
    page: int | None = None
    phrases: tuple[str, ...] = ()
    must_refuse: bool = False


def add(db: Writer, assistant_id: str, wanted: Wanted) -> GoldenQuestion:
    """A new golden question, inside the caller's transaction.

    Raises ``Conflict``: ``golden_known`` where the assistant has it already, ``golden_many``
    beyond ``MOST``.
    """
    row = db.row(
        "select count(*) as count from golden_questions where assistant = :assistant",
        {"assistant": assistant_id},
    )
    if row and row["count"] >= MOST:
        raise Conflict("golden_many", most=MOST)
    _unknown(db, assistant_id, wanted.question)
    now = timestamp()
    db.run(
        """
        insert into golden_questions (id, assistant, question, document, page, phrases,
            must_refuse, created_at, changed_at)
        values (:id, :assistant, :question, :document, :page, :phrases, :must_refuse, :now, :now)
        """,
        _values(wanted) | {"id": (made := new_id()), "assistant": assistant_id, "now": now},
    )
    return _one(db.row(_BY_ID, {"id": made}))


def change(db: Writer, golden_id: str, wanted: Wanted) -> GoldenQuestion:
    """Say it anew. Raises ``NotFound``, ``Conflict`` (``golden_known``)."""
    before = _one(db.row(_BY_ID, {"id": golden_id}))
    _unknown(db, before.assistant, wanted.question, but=golden_id)
    db.run(
        """
        update golden_questions set question = :question, document = :document, page = :page,
            phrases = :phrases, must_refuse = :must_refuse, changed_at = :now
        where id = :id
        """,
        _values(wanted) | {"id": golden_id, "now": timestamp()},
    )
    return _one(db.row(_BY_ID, {"id": golden_id}))


def remove(db: Writer, golden_id: str) -> None:
    """Remove one; what earlier runs found of it stays in them."""
    db.run("delete from golden_questions where id = :id", {"id": golden_id})


def get(database: Database, golden_id: str) -> GoldenQuestion:
    """One of them. Raises ``NotFound``."""
    return _one(database.row(_BY_ID, {"id": golden_id}))


def every(
    database: Database, assistant_id: str, *, after: str = "", limit: int = MOST
) -> list[GoldenQuestion]:
    """Those of an assistant, oldest first, behind the cursor ``after``."""
    rows = database.rows(
        """
        select * from golden_questions where assistant = :assistant and id > :after
        order by id limit :limit
        """,
        {"assistant": assistant_id, "after": after, "limit": limit},
    )
    return [_record(row) for row in rows]


def by_question(database: Database, assistant_id: str) -> dict[str, GoldenQuestion]:
    """Those of an assistant by their words."""
    return {one.question: one for one in every(database, assistant_id)}


def asked_of(database: Database) -> list[str]:
    """The ids of the assistants that have any."""
    rows = database.rows("select distinct assistant from golden_questions order by assistant")
    return [row["assistant"] for row in rows]


def documents_named(database: Database, collections: Sequence[str], name: str) -> frozenset[str]:
    """The ids of the documents that somebody means by a title, a file's name or an id."""
    rows = database.rows(
        """
        select id from documents
        where collection in (select value from json_each(:collections))
            and (id = :name or title = :name collate nocase or file_name = :name collate nocase)
        """,
        {"collections": json.dumps(list(collections)), "name": name},
    )
    return frozenset(row["id"] for row in rows)


_BY_ID = "select * from golden_questions where id = :id"


def _unknown(db: Writer, assistant_id: str, question: str, but: str = "") -> None:
    if db.row(
        """
        select 1 from golden_questions
        where assistant = :assistant and question = :question and id != :but
        """,
        {"assistant": assistant_id, "question": question, "but": but},
    ):
        raise Conflict("golden_known", question=question[:80])


def _values(wanted: Wanted) -> Row:
    phrases = json.dumps(list(wanted.phrases), ensure_ascii=False)
    return msgspec.structs.asdict(wanted) | {"phrases": phrases}


def _one(row: Row | None) -> GoldenQuestion:
    if row is None:
        raise NotFound
    return _record(row)


def _record(row: Row) -> GoldenQuestion:
    told = {"phrases": json.loads(row["phrases"]), "must_refuse": bool(row["must_refuse"])}
    return msgspec.convert(row | told, GoldenQuestion)
