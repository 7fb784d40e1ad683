"""Golden questions asked of a copy: what they found before must be found in it.

They go by keywords, as ``references`` do, and nobody answers: it is judged whether the document
and the page that an editor expects are among the passages. So no model need run where a backup
is proven, and a question that found nothing before stops nobody.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from appliance import golden, lifetime
from appliance.answering.finding import Finder
from appliance.archive.contents import Expected
from appliance.database import Database, Row

MOST = 100  # questions in all, of each assistant the oldest first
SECONDS = 30.0  # then no further one is asked
PASSAGES = 8
NAMED = 5  # of those lost, in a sentence


def taken(
    database: Database, data: Path, look: Callable[[], None] = lambda: None
) -> tuple[Expected, ...] | None:
    """The golden questions that find what they expect now; None where the database is of a
    version whose tables this program's search does not read. ``look`` is called before each
    and may raise to end it."""
    today, until = lifetime.today(), time.monotonic() + SECONDS
    found = []
    try:
        finder = Finder(database, None, data)
        for row in _questions(database):
            if time.monotonic() > until:
                break
            look()
            one = Expected(**row, collections=_collections(database, row), as_of=today)
            if _finds(finder, one):
                found.append(one)
    except sqlite3.OperationalError as fault:
        if "no such" not in str(fault):
            raise
        return None
    return tuple(found)


def lost(
    database: Database,
    data: Path,
    before: Iterable[Expected],
    look: Callable[[], None] = lambda: None,
) -> list[Expected]:
    """Those that find it no longer; ``look`` as ``taken`` has it."""
    finder, different = Finder(database, None, data), []
    for one in before:
        look()
        if not _finds(finder, one):
            different.append(one)
    return different


def named(questions: Sequence[Expected]) -> str:
    """The first of them, as a sentence names them."""
    told = [f"“{one.question[:80]}”" for one in questions[:NAMED]]
    return ", ".join([*told, "…"] if len(questions) > NAMED else told)


def _finds(finder: Finder, one: Expected) -> bool:
    passages = finder.search(
        one.collections, one.question, limit=PASSAGES, as_of=one.as_of
    ).passages
    if one.document:
        meant = golden.documents_named(finder.database, one.collections, one.document)
        passages = tuple(passage for passage in passages if passage.document.id in meant)
    pages = {passage.page for passage in passages}
    return bool(passages) and (one.page is None or one.page in pages)


def _questions(database: Database) -> list[Row]:
    """Those that expect something of the documents, spread over the assistants."""
    return database.rows(
        """
        with turns as (
            select *, row_number() over (partition by assistant order by id) as turn
            from golden_questions
            where must_refuse = 0 and (document != '' or page is not null)
        )
        select assistant, question, document, page from turns
        order by turn, assistant limit :most
        """,
        {"most": MOST},
    )


def _collections(database: Database, row: Row) -> tuple[str, ...]:
    rows = database.rows(
        "select collection from assistant_collections where assistant = :assistant"
        " order by collection",
        {"assistant": row["assistant"]},
    )
    return tuple(one["collection"] for one in rows)
