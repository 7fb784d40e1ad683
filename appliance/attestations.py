"""The signed reports of what leaves this server, and the sealed key that signs them.

A report is kept as the file that was signed, byte for byte. The key is one for the life of
the installation: a new master key seals it anew and changes no signature.
"""

from appliance.database import Database, Row, Writer
from appliance.errors import NotFound
from appliance.records import Record, new_id, timestamp

PURPOSE = "egress.key"
KEY = "report"  # its name
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


def get(database: Database, report_id: str) -> Attestation:
    """A kept report. Raises ``NotFound``."""
    row = database.row("select * from egress_reports where id = :id", {"id": report_id})
    if row is None:
        raise NotFound
    return _attestation(row)


def sealed_key(database: Database) -> str | None:
    """The private key as it was sealed, None before the first report."""
    row = database.row("select sealed from egress_keys where name = :name", {"name": KEY})
    return str(row["sealed"]) if row else None


def keep_key(writer: Writer, sealed: str) -> None:
    """Keep the first key, sealed."""
    writer.run(
        "insert into egress_keys (name, sealed) values (:name, :sealed)",
        {"name": KEY, "sealed": sealed},
    )


def sealed_secrets(writer: Writer) -> dict[str, str]:
    """Every sealed key by its name, for sealing them anew."""
    return {row["name"]: row["sealed"] for row in writer.rows("select * from egress_keys")}


def seal_again(writer: Writer, name: str, sealed: str) -> None:
    """Keep the same key under another seal."""
    writer.run(
        "update egress_keys set sealed = :sealed where name = :name",
        {"name": name, "sealed": sealed},
    )


def _attestation(row: Row) -> Attestation:
    return Attestation(**row | {"passed": bool(row["passed"])})
