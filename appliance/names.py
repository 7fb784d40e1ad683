"""Names: what is called by the words that somebody types, while they type.

Each word has to stand somewhere in the name, in whatever case and without its accents;
names that begin with them come first, the newest before the oldest. SQLite knows no
accents: it leaves out what cannot be meant, and the rest is folded here. 26 to 64 ms of
10,000 documents.
"""

import heapq
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from appliance.database import Database, Row
from appliance.folding import plain
from appliance.reach import Reach
from appliance.records import Record

Kind = Literal["assistant", "collection", "document", "person", "conversation"]


LOOKED_AT = 20_000  # of the documents that may be meant, the newest

# Letters that may stand there with an accent: to SQLite any sign will do in their place. In a
# name with signs beyond these (an accent may be a sign of its own) anything may be meant.
_ACCENTED = re.compile(r"[^ -~]|[aceinouy%_]")
_BEYOND = "*[^ -~À-ÿ]*"


class Named(Record, frozen=True):
    """Something with a name. ``within`` is what tells it from another of the same name: a
    document's collection, a person's address. ``assistant`` is the one to look at it with."""

    kind: Kind
    id: str
    name: str
    within: str = ""
    assistant: str | None = None


def documents(database: Database, wanted: str, *, reach: Reach, limit: int) -> list[Named]:
    """The documents within reach whose title or file has these words."""
    rows = database.rows(
        """
        select d.id, d.title as name, c.name as within,
            case when d.file_name like d.title || '%' then '' else d.file_name end as also
        from documents d join collections c on c.id = d.collection
        where c.conversation is null
            and d.collection not in (select value from json_each(:closed))
            and (:within is null or d.collection in (select value from json_each(:within)))
            and (
                d.title || ' ' || d.file_name like :pattern
                or d.title || d.file_name glob :beyond)
        order by d.id desc limit :most
        """,
        reach.values | {"pattern": _pattern(wanted), "beyond": _BEYOND, "most": LOOKED_AT},
    )
    return _first("document", rows, wanted, limit)


def collections(database: Database, wanted: str, *, reach: Reach, limit: int) -> list[Named]:
    """The collections within reach that are called so."""
    rows = database.rows(
        "select id, name from collections where conversation is null order by id desc"
    )
    return _first("collection", (one for one in rows if reach.reads(one["id"])), wanted, limit)


def conversations(
    database: Database, wanted: str, *, owner: str, using: Iterable[str], limit: int
) -> list[Named]:
    """The conversations of ``owner``, and nobody else's, that begin with such a question, with
    the assistants that they are ``using`` still."""
    rows = database.rows(
        """
        select c.id, c.title as name, a.name as within, a.id as assistant
        from conversations c join assistants a on a.id = c.assistant
        where c.owner = :owner order by c.id desc
        """,
        {"owner": owner},
    )
    these = set(using)
    return _first("conversation", (r for r in rows if r["assistant"] in these), wanted, limit)


def matching(kind: Kind, given: Iterable[Row], wanted: str, *, limit: int) -> list[Named]:
    """Of what was fetched elsewhere, as rows with ``id`` and ``name``, those called so."""
    return _first(kind, given, wanted, limit)


def _pattern(wanted: str) -> str:
    """What a name with the longest of these words is like, whatever its accents."""
    longest = max(plain(wanted).split(), key=len, default="")
    return f"%{_ACCENTED.sub('_', longest)}%"


def _first(kind: Kind, rows: Iterable[Row], wanted: str, limit: int) -> list[Named]:
    found = heapq.nsmallest(limit, _ranked(rows, plain(wanted).split()), key=lambda one: one[:2])
    known = Named.__struct_fields__
    return [
        Named(kind=kind, **{name: row[name] for name in known if name in row})
        for _, _, row in found
    ]


def _ranked(rows: Iterable[Row], words: list[str]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Rank, place and row of each that has all the words: 0 for a name that begins with the
    first of them, 1 for one with a word that does, 2 for the rest."""
    if not words:
        return
    first, *_ = words
    for place, row in enumerate(rows):
        name = plain(row["name"])
        told = f"{name} {plain(row['also'])}" if row.get("also") else name
        if all(word in told for word in words):
            rank = 0 if name.startswith(first) else 1 if f" {first}" in told else 2
            yield rank, place, row
