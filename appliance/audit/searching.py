"""Finding acts again: by who, what, on what, when, and by any word.

A million rows are searched through an index each: of the words (FTS5), of the acts, the
subjects and the moments.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from appliance.database import Database, Row
from appliance.errors import BadRequest
from appliance.reach import EVERYWHERE, Reach
from appliance.records import Record, timestamp

PAGE = 1000  # rows in memory while an export is written
WORD = re.compile(r"\w+")
MOST_WORDS = 12

_COLUMNS = """
    audit.id, audit.at, audit.caller, audit.name, audit.act, audit.subject, audit.details,
    audit.hash
"""
_ALL = "audit"
_WORDED = "audit_words join audit on audit.id = audit_words.rowid"
_REACHED = """
    (audit.collections = '[]' or exists (
        select 1 from json_each(audit.collections)
        where value not in (select value from json_each(:closed))))
"""


class Entry(Record, frozen=True):
    """One act. ``caller`` is "kind:id"; ``name`` is the caller's name as it was then, "" once
    it is erased; ``hash`` is the row's place in the chain."""

    id: str
    at: str
    caller: str
    name: str
    act: str
    subject: str
    details: dict[str, Any]
    hash: str


class Wanted(Record, frozen=True):
    """Which acts: ``who`` is words of a name, or "kind:id"; ``act`` an act or its family
    ("key" for "key.create"); ``subject`` an id; ``words`` of anything; ``since`` and
    ``until`` moments as ``timestamp`` writes them, the second exclusive. "" is any."""

    who: str = ""
    act: str = ""
    subject: str = ""
    words: str = ""
    since: str = ""
    until: str = ""


def wanted(
    *, who: str = "", act: str = "", subject: str = "", words: str = "",
    since: str = "", until: str = "",
) -> Wanted:  # fmt: skip
    """What somebody looks for. Dates are days of UTC, the last one included; moments are
    RFC 3339. Raises ``BadRequest`` (``bad_moment``)."""
    return Wanted(
        who=who.strip(),
        act=act.strip(),
        subject=subject.strip(),
        words=words,
        since=moment(since, day_after=False),
        until=moment(until, day_after=True),
    )


def newest(
    database: Database,
    wanted: Wanted | None = None,
    *,
    reach: Reach = EVERYWHERE,
    limit: int,
    before: str = "",
) -> list[Entry]:
    """The latest acts within reach first; ``before`` is the id after which to go on.

    An id that is no number is the end of the list, not an error.
    """
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        return []
    sql, values = _query(wanted or Wanted(), reach, before=int(before) if before else None)
    values["limit"] = limit
    return [_entry(row) for row in database.rows(f"{sql} desc limit :limit", values)]


def walk(database: Database, wanted: Wanted, *, reach: Reach = EVERYWHERE) -> Iterator[list[Entry]]:
    """All acts within reach, oldest first, a page at a time."""
    after = 0
    while True:
        sql, values = _query(wanted, reach, after=after)
        values["limit"] = PAGE
        rows = database.rows(f"{sql} limit :limit", values)
        if not rows:
            return
        yield [_entry(row) for row in rows]
        after = rows[-1]["id"]


def following(database: Database, after: int, limit: int) -> list[Entry]:
    """The acts after the one with this id, oldest first."""
    sql, values = _query(Wanted(), EVERYWHERE, after=after)
    return [_entry(row) for row in database.rows(f"{sql} limit :limit", values | {"limit": limit})]


def known_acts(database: Database) -> list[str]:
    """Every act that is in the record by its name, in order."""
    # From name to name along the index: over a million rows, as fast as over ten.
    rows = database.rows(
        """
        with recursive known(act) as (
            select min(act) from audit
            union all
            select (select min(act) from audit where act > known.act) from known
            where known.act is not null
        )
        select act from known where act is not null
        """
    )
    return [row["act"] for row in rows]


def _query(
    wanted: Wanted, reach: Reach, *, before: int | None = None, after: int | None = None
) -> tuple[str, dict[str, Any]]:
    """The statement up to its order, made of constant pieces, and its values."""
    matching = _matching(wanted)
    family = wanted.act and "." not in wanted.act
    # In order of the words' table where there is one, so that its rows come as they are.
    place = "audit_words.rowid" if matching else "audit.id"
    known = {
        "audit_words match :match": bool(matching),
        f"{place} < :before": before is not None,
        f"{place} > :after": after is not None,
        "audit.act = :act": bool(wanted.act) and not family,
        "audit.act > :act || '.' and audit.act < :act || '/'": bool(family),  # "/" follows "."
        "audit.subject = :subject": bool(wanted.subject),
        "audit.at >= :since": bool(wanted.since),
        "audit.at < :until": bool(wanted.until),
        _REACHED: bool(reach.closed),
    }
    conditions = [one for one, holds in known.items() if holds] or ["true"]
    pieces = [
        "select", _COLUMNS, "from", _WORDED if matching else _ALL,
        "where", " and ".join(conditions), "order by", place,
    ]  # fmt: skip
    values = msgspec.structs.asdict(wanted)
    values |= {"match": matching, "before": before, "after": after}
    return " ".join(pieces), values | {"closed": reach.values["closed"]}


def _matching(wanted: Wanted) -> str:
    """The words as FTS5 takes them, each quoted and open at its end; "" for none."""
    who = " ".join(_words(wanted.who))
    anything = " ".join(_words(wanted.words))
    return " AND ".join(  # in capitals, or FTS5 takes it for a word
        part
        for part in (who and f"{{name caller}} : ({who})", anything and f"({anything})")
        if part
    )


def _words(text: str) -> list[str]:
    return [f'"{word}" *' for word in WORD.findall(text)[:MOST_WORDS]]


def _entry(row: Row) -> Entry:
    return Entry(**row | {"id": str(row["id"]), "details": msgspec.json.decode(row["details"])})


def moment(given: str, *, day_after: bool) -> str:
    """What an address says of a moment, as ``timestamp`` writes it; "" stays. A date is a day
    of UTC: its beginning, or with ``day_after`` its end. Raises ``BadRequest`` (``bad_moment``)."""
    if not given:
        return ""
    try:
        if len(given) == len("2026-11-26"):
            day = datetime.combine(date.fromisoformat(given), datetime.min.time(), UTC)
            return timestamp(day + timedelta(days=1) if day_after else day)
        told = datetime.fromisoformat(given)
        return timestamp(told if told.tzinfo else told.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as fault:
        raise BadRequest("bad_moment", moment=given[:60]) from fault
