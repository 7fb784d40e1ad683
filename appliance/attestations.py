"""The signed reports of what leaves this server, and the sealed key that signs them.

A report is kept as the file that was signed, byte for byte. The key is one for the life of
the installation: a new master key seals it anew and changes no signature.
"""

from appliance import facts
from appliance.database import Database, Row, Writer
from appliance.records import Record, new_id, timestamp

PURPOSE = "egress.key"
KEY = "egress_key"  # the fact that holds it, sealed
KEPT = 50


class Attestation(Record, frozen=True):
    """A signed report: ``file`` is its text."""

    id: str
    made_at: str
    passed: bool
    file: str


def add(writer: Writer, *, passed: bool, file: str) -> Attestation:
    """Keep a report; only the newest ``KEPT`` stay."""
    row = writer.row(
        """
        insert into egress_reports (id, made_at, passed, file)
        values (:id, :now, :passed, :file) returning *
        """,
        {"id": new_id(), "now": timestamp(), "passed": passed, "file": file},
    )
    assert row is not None  # noqa: S101 - an insert returns its row
    writer.run(
        """
        delete from egress_reports where id not in
            (select id from egress_reports order by id desc limit :kept)
        """,
        {"kept": KEPT},
    )
    return _attestation(row)


def latest(database: Database) -> Attestation | None:
    """The newest report, None before the first."""
    row = database.row("select * from egress_reports order by id desc limit 1")
    return _attestation(row) if row else None


def sealed_key(database: Database) -> str | None:
    """The private key as it was sealed, None before the first report."""
    return facts.get(database, KEY)


def keep_key(writer: Writer, sealed: str) -> None:
    """Keep the sealed key."""
    facts.put(writer, KEY, sealed)


def sealed_secrets(writer: Writer) -> dict[str, str]:
    """The sealed key, for sealing it anew."""
    rows = writer.rows("select name, value from facts where name = :name", {"name": KEY})
    return {row["name"]: row["value"] for row in rows}


def seal_again(writer: Writer, name: str, sealed: str) -> None:
    """Keep the same key under another seal."""
    facts.put(writer, name, sealed)


def _attestation(row: Row) -> Attestation:
    return Attestation(**row | {"passed": bool(row["passed"])})
