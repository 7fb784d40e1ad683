"""The proposals: documents that look like new versions of older ones, for a person to decide.

Owns the signatures of texts, by which documents are compared, and the pairs that were
found. A pair that was dismissed is never proposed again; one that can no longer be
accepted, because either document has found its place otherwise, is no longer shown.
"""

from typing import Any, Literal

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound
from appliance.records import DocumentName, Record, new_id, timestamp

State = Literal["open", "accepted", "dismissed"]


class Proposal(Record, frozen=True):
    """That ``document`` is a new version of ``older``; ``similarity`` of their texts, 0 to 1."""

    id: str
    document: DocumentName
    older: DocumentName
    similarity: float
    state: State
    created_at: str


class Signed(Record, frozen=True):
    """A document that can be compared: its names and its signature."""

    id: str
    title: str
    file_name: str
    signature: bytes


_SELECT = """
    select p.id, p.similarity, p.state, p.created_at, d.collection,
        d.id as document_id, d.title as document_title,
        o.id as older_id, o.title as older_title
    from proposals p
    join documents d on d.id = p.document
    join documents o on o.id = p.older
"""


def sign(db: Writer, document_id: str, signature: bytes | None) -> None:
    """Keep a document's signature; None forgets it: too short a text to be compared."""
    if signature is None:
        db.run("delete from signatures where document = :id", {"id": document_id})
        return
    db.run(
        """
        insert or replace into signatures (document, signature)
        select id, :signature from documents where id = :id
        """,
        {"id": document_id, "signature": signature},
    )


def comparable(database: Database, document_id: str) -> list[Signed]:
    """The ready documents of the same collection that arrived before this one and that nothing
    supersedes, the oldest first."""
    rows = database.rows(
        """
        select o.id, o.title, o.file_name, signature
        from documents d
        join documents o on o.collection = d.collection and o.id < d.id and o.state = 'ready'
        join signatures on signatures.document = o.id
        where d.id = :id
            and o.id not in (select supersedes from documents where supersedes is not null)
        order by o.id
        """,
        {"id": document_id},
    )
    return [Signed(**row) for row in rows]


def propose(db: Writer, document_id: str, older: str, similarity: float) -> None:
    """Propose that a document is a new version of another, unless that was done before."""
    db.run(
        """
        insert into proposals (id, document, older, similarity, state, created_at)
        values (:id, :document, :older, :similarity, 'open', :now)
        on conflict (document, older) do nothing
        """,
        {
            "id": new_id(),
            "document": document_id,
            "older": older,
            "similarity": round(similarity, 3),
            "now": timestamp(),
        },
    )


def of_collection(
    database: Database, collection: str, *, after: str = "", limit: int = 50
) -> list[Proposal]:
    """The proposals that wait for a decision, oldest first, those after the cursor ``after``."""
    rows = database.rows(
        f"""
        {_SELECT}
        where p.state = 'open' and d.collection = :collection and p.id > :after
            and d.supersedes is null
            and o.id not in (select supersedes from documents where supersedes is not null)
        order by p.id limit :limit
        """,  # noqa: S608 -- constant
        {"collection": collection, "after": after, "limit": limit},
    )
    return [_proposal(row) for row in rows]


def get(database: Database, proposal_id: str) -> tuple[Proposal, str]:
    """The proposal and its collection's id; raises ``NotFound``."""
    row = database.row(f"{_SELECT} where p.id = :id", {"id": proposal_id})
    if row is None:
        raise NotFound
    return _proposal(row), str(row["collection"])


def decide(db: Writer, proposal_id: str, state: Literal["accepted", "dismissed"]) -> None:
    """Close a proposal; raises ``Conflict`` (``proposal_decided``) when it is not open."""
    if not db.run(
        "update proposals set state = :state where id = :id and state = 'open'",
        {"id": proposal_id, "state": state},
    ):
        raise Conflict("proposal_decided")


def _proposal(row: Row) -> Proposal:
    facts: dict[str, Any] = {
        name: row[name] for name in ("id", "similarity", "state", "created_at")
    }
    return Proposal(
        document=DocumentName(id=row["document_id"], title=row["document_title"]),
        older=DocumentName(id=row["older_id"], title=row["older_title"]),
        **facts,
    )
