"""The lifetime of documents: from when until when one is in force, and what takes its place.

A document is in force on a day that lies within its dates, both inclusive, as long as no
document that supersedes it is ready and has begun. One that supersedes another begins on
its own first day or, where it has none, on the day it arrived; any other has always been.
Promise: what supersedes what has no circles and no forks, within one collection.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

from appliance.database import Database, Row, Writer
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.records import DocumentName, Language, Newer, Record

_BEGINS = """
    coalesce({0}.valid_from,
        case when {0}.supersedes is not null then date({0}.created_at, 'localtime') end)
"""
# Over the few documents that have a date or a follower; all others are in force.
_OUT_OF_FORCE = f"""
    select d.id from documents d
    where d.collection in (select value from json_each(:collections))
        and (d.valid_from is not null or d.valid_to is not null or d.supersedes is not null)
        and (coalesce({_BEGINS.format("d")}, :day) > :day or coalesce(d.valid_to, :day) < :day)
    union
    select n.supersedes from documents n
    where n.supersedes is not null and n.state = 'ready'
        and n.collection in (select value from json_each(:collections))
        and {_BEGINS.format("n")} <= :day
"""  # noqa: S608 -- constant conditions


class Versions(Record, frozen=True):
    """The documents before and after one: what it supersedes, and what supersedes it."""

    before: DocumentName | None
    after: DocumentName | None


def today() -> str:
    """The day it is on this server, "2026-11-26"."""
    return datetime.now(UTC).astimezone().date().isoformat()


def out_of_force(database: Database, collections: Sequence[str], day: str) -> list[str]:
    """The ids of the documents of these collections that are not in force on a day."""
    rows = database.rows(_OUT_OF_FORCE, {"collections": json.dumps(list(collections)), "day": day})
    return sorted(row["id"] for row in rows)


def versions(database: Database, document_ids: Sequence[str]) -> dict[str, Versions]:
    """What stands before and after each of these documents."""
    rows = database.rows(
        """
        select d.id, before.id as before_id, before.title as before_title,
            after.id as after_id, after.title as after_title
        from json_each(:ids) as wanted
        cross join documents d on d.id = wanted.value
        left join documents before on before.id = d.supersedes
        left join documents after on after.supersedes = d.id
        """,
        {"ids": json.dumps(list(document_ids))},
    )
    return {
        row["id"]: Versions(before=_named(row, "before"), after=_named(row, "after"))
        for row in rows
    }


def newer(database: Database, document_ids: Sequence[str]) -> list[Newer]:
    """For each of these documents that something supersedes, the last in the line of those."""
    found = []
    for document_id in dict.fromkeys(document_ids):
        row = database.row(
            f"""
            with recursive line(id, depth) as (
                select :id, 0
                union all
                select documents.id, depth + 1
                from documents join line on documents.supersedes = line.id)
            select d.id, d.title, n.id as newer_id, n.title as newer_title,
                {_BEGINS.format("n")} as valid_from
            from line join documents n on n.id = line.id and depth > 0
            cross join documents d on d.id = :id
            order by depth desc limit 1
            """,  # noqa: S608 -- constant conditions
            {"id": document_id},
        )
        if row:
            found.append(
                Newer(
                    document=DocumentName(id=row["id"], title=row["title"]),
                    newer=DocumentName(id=row["newer_id"], title=row["newer_title"]),
                    valid_from=row["valid_from"],
                )
            )
    return found


def check(valid_from: str | None, valid_to: str | None) -> None:
    """Raises ``BadRequest``: ``bad_date`` for what is no day of the calendar as "2026-11-26",
    ``dates_reversed``."""
    for one in (valid_from, valid_to):
        if one is not None:
            day(one)
    if valid_from and valid_to and valid_from > valid_to:
        raise BadRequest("dates_reversed", valid_from=valid_from, valid_to=valid_to)


def day(text: str) -> str:
    """The day, if it is one. Raises ``BadRequest`` (``bad_date``)."""
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise BadRequest("bad_date", date=text[:20])


def change(
    db: Writer,
    document_id: str,
    *,
    title: str,
    language: Language | None,
    valid_from: str | None,
    valid_to: str | None,
    supersedes: str | None,
) -> None:
    """Give a document these facts, inside the caller's transaction.

    Raises ``NotFound``, and ``BadRequest`` and ``Conflict`` as ``check`` and ``may_follow`` do.
    """
    check(valid_from, valid_to)
    if supersedes is not None:
        may_follow(db, supersedes, follower=document_id)
    if not db.run(
        """
        update documents set title = :title, language = :language, valid_from = :valid_from,
            valid_to = :valid_to, supersedes = :supersedes
        where id = :id
        """,
        {
            "id": document_id,
            "title": title,
            "language": language,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "supersedes": supersedes,
        },
    ):
        raise NotFound


def may_follow(db: Database | Writer, former: str, *, follower: str | None = None) -> None:
    """Whether a document (``follower``, or a new one) may supersede another.

    Raises ``BadRequest``: ``unknown_document`` where it is not in the same collection,
    ``supersedes_itself`` where that would close a circle; and ``Conflict``
    (``already_superseded``), naming the one that took its place already.
    """
    if follower is not None:
        _check_line(db, former, follower)
    other = db.row(
        "select id, title from documents where supersedes = :former and id is not :follower",
        {"former": former, "follower": follower},
    )
    if other:
        raise Conflict("already_superseded", document=other["id"], title=other["title"])


def _check_line(db: Database | Writer, former: str, follower: str) -> None:
    if not db.row(
        """
        select 1 from documents a join documents b on b.collection = a.collection
        where a.id = :former and b.id = :follower
        """,
        {"former": former, "follower": follower},
    ):
        raise BadRequest("unknown_document", document=former[:60])
    circle = db.row(
        """
        with recursive line(id) as (
            select :former
            union
            select supersedes from documents join line using (id) where supersedes is not null)
        select 1 from line where id = :follower
        """,
        {"former": former, "follower": follower},
    )
    if circle:
        raise BadRequest("supersedes_itself")


def follow(db: Writer, follower: str, former: str) -> None:
    """Let one document take the place of another from its first day on: the former ends the
    day before. Raises as ``may_follow`` does."""
    may_follow(db, former, follower=follower)
    db.run(
        "update documents set supersedes = :former where id = :follower",
        {"former": former, "follower": follower},
    )
    db.run(
        f"""
        update documents set valid_to = max(coalesce(valid_from, ''), min(
            coalesce(valid_to, '9999-12-31'),
            (select date({_BEGINS.format("n")}, '-1 day') from documents n where n.id = :follower)))
        where id = :former
        """,  # noqa: S608 -- constant conditions
        {"former": former, "follower": follower},
    )


def _named(row: Row, which: str) -> DocumentName | None:
    if row[f"{which}_id"] is None:
        return None
    return DocumentName(id=row[f"{which}_id"], title=row[f"{which}_title"])
