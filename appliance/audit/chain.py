"""The chain that runs through the record of acts, so that a change to the past shows.

Each row carries ``hash``: the SHA-256 of the hash before it and of what the row says, as
the ASCII text of a JSON array without spaces (what Python's ``json.dumps`` gives for it
with ``separators=(",", ":")``):

    [previous, id, at, caller, act, subject, collections, name_digest, details_digest]

The name and the details are in it by their digests, SHA-256(salt + text), the salt being
32 hexadecimal digits of the row's own. So the right to be forgotten and the chain do not
fight: ``blank`` erases a text together with its salt, and what stays is a number that
nobody can try names against; the chain does not notice. ``caller`` and ``subject`` hold
ids, never names, and stay.

The first row follows "". Where old rows were removed (``forget_before``), a row
``audit.forget`` keeps the id and the hash of the last of them as its subject, "ID:HASH",
and the first row that is left follows that hash.

What a chain cannot show: whoever may write to the file can write it anew from some row to
its end, or cut off the end. Against that, its head ("ID:HASH") is kept elsewhere: it is in
the log at every start, and ``verify`` says whether the chain still runs through it.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from typing import Literal

from appliance.database import Database, Row, Writer
from appliance.errors import BadRequest
from appliance.records import Record

FORGET = "audit.forget"
PAGE = 2000  # rows in memory while a chain is looked through
HEAD = re.compile(r"(?P<id>[1-9][0-9]{0,17}):(?P<hash>[0-9a-f]{64})")

Fault = Literal["changed", "missing", "cut", "rewritten"]


class Head(Record, frozen=True):
    """A place in the chain: a row's id and its hash."""

    id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"


class Verdict(Record, frozen=True):
    """What a look through the whole chain found.

    ``broken`` is the id of the first row that is not as it was: ``changed`` (it, or its
    link to the one before), ``missing`` (it is gone), ``cut`` (the end is gone, by the head
    kept elsewhere) or ``rewritten`` (it is not the row that the kept head knew).
    ``blanked`` counts the rows with a name or details erased, ``forgotten`` is the id up
    to which old rows were removed, 0 for none.
    """

    intact: bool
    rows: int
    blanked: int
    forgotten: int
    head: Head | None
    broken: int | None = None
    fault: Fault | None = None


def digest(salt: str, text: str) -> str:
    """What stands in the chain for a text that may be erased."""
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def link(previous: str, row: Row) -> str:
    """The hash of a row that follows ``previous``."""
    names = ("id", "at", "caller", "act", "subject", "collections")
    said = [row[name] for name in names] + [row["name_digest"], row["details_digest"]]
    text = json.dumps([previous, *said], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(writer: Writer, act: Row) -> None:
    """Add an act (``at``, ``caller``, ``name``, ``act``, ``subject``, ``details`` and
    ``collections``, as the table has them) to the end of the chain."""
    last = complete(writer)
    row = _digested(act | {"id": last.id + 1 if last else 1})
    row["hash"] = link(last.hash if last else "", row)
    writer.run(
        """
        insert into audit (id, at, caller, name, name_salt, name_digest, act, subject,
            details, details_salt, details_digest, collections, hash)
        values (:id, :at, :caller, :name, :name_salt, :name_digest, :act, :subject,
            :details, :details_salt, :details_digest, :collections, :hash)
        """,
        row,
    )


def complete(writer: Writer) -> Head | None:
    """Take rows from before there was a chain into it; its head, None of an empty record."""
    last = writer.row("select id, hash from audit order by id desc limit 1")
    if last is None or last["hash"]:
        return Head(**last) if last else None
    previous = ""
    for row in writer.rows("select * from audit where hash = '' order by id"):
        row = _digested(row)
        previous = row["hash"] = link(previous, row)
        writer.run(
            """
            update audit set name_salt = :name_salt, name_digest = :name_digest,
                details_salt = :details_salt, details_digest = :details_digest, hash = :hash
            where id = :id
            """,
            row,
        )
    return Head(id=last["id"], hash=previous)


def _digested(row: Row) -> Row:
    salts = {f"{name}_salt": secrets.token_hex(16) for name in ("name", "details")}
    digests = {
        f"{name}_digest": digest(salts[f"{name}_salt"], row[name]) for name in ("name", "details")
    }
    return row | salts | digests


def head(database: Database) -> Head | None:
    """The end of the chain; None of an empty record."""
    row = database.row("select id, hash from audit order by id desc limit 1")
    return Head(**row) if row else None


def read_head(text: str) -> Head:
    """A head as somebody kept it, "ID:HASH". Raises ``BadRequest`` (``bad_head``)."""
    found = HEAD.fullmatch(text.strip().lower())
    if found is None:
        raise BadRequest("bad_head", head=text[:100])
    return Head(id=int(found["id"]), hash=found["hash"])


def start(database: Database) -> Head:
    """What the oldest row that is left follows: id 0 and "" where none was removed."""
    row = database.row(
        "select subject from audit where act = :forget order by id desc limit 1",
        {"forget": FORGET},
    )
    number, _, last = row["subject"].partition(":") if row else ("0", "", "")
    return Head(id=int(number), hash=last)


def verify(database: Database, kept: Head | None = None) -> Verdict:
    """Look through the whole chain, and whether it runs through ``kept``; 1 million rows
    take about fifteen seconds."""
    begun = at = start(database)
    rows = blanked = 0
    for row in _rows(database):
        if fault := _fault(at, row, kept):
            broken = at.id + 1 if fault == "missing" else row["id"]
            return _verdict(database, begun, rows, blanked, broken, fault)
        at = Head(id=row["id"], hash=row["hash"])
        rows += 1
        blanked += not (row["name_salt"] and row["details_salt"])
    if kept and kept.id > at.id:
        return _verdict(database, begun, rows, blanked, at.id + 1, "cut")
    return _verdict(database, begun, rows, blanked)


def _rows(database: Database) -> Iterator[Row]:
    after = 0
    while rows := database.rows(
        "select * from audit where id > :after order by id limit :page",
        {"after": after, "page": PAGE},
    ):
        yield from rows
        after = rows[-1]["id"]


def _fault(previous: Head, row: Row, kept: Head | None) -> Fault | None:
    """What is wrong with a row that should follow ``previous``."""
    if row["id"] != previous.id + 1:
        return "missing"
    whole = all(
        not row[f"{name}_salt"]
        or digest(row[f"{name}_salt"], row[name]) == row[f"{name}_digest"]
        for name in ("name", "details")
    )  # fmt: skip
    if not whole or row["hash"] != link(previous.hash, row):
        return "changed"
    if kept and row["id"] == kept.id and row["hash"] != kept.hash:
        return "rewritten"
    return None


def _verdict(
    database: Database,
    begun: Head,
    rows: int,
    blanked: int,
    broken: int | None = None,
    fault: Fault | None = None,
) -> Verdict:
    return Verdict(
        intact=broken is None,
        rows=rows,
        blanked=blanked,
        forgotten=begun.id,
        head=head(database),
        broken=broken,
        fault=fault,
    )
