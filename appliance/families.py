"""Which documents came with which: the attachments of messages, and theirs."""

from appliance.database import Database, Writer
from appliance.errors import NotFound


def origin(database: Database, document_id: str) -> tuple[str, int]:
    """The document that nobody brought along, from which this one came, and how many steps
    away it is; the document itself and 0 when it came alone. Raises ``NotFound``."""
    row = database.row(
        """
        with recursive above (id, parent, steps) as (
            select id, parent, 0 from documents where id = :id
            union all
            select documents.id, documents.parent, steps + 1
            from documents join above on documents.id = above.parent
        )
        select id, steps from above where parent is null
        """,
        {"id": document_id},
    )
    if row is None:
        raise NotFound
    return str(row["id"]), int(row["steps"])


def descendants(database: Database, document_id: str) -> int:
    """How many documents came with this one, with those, and so on."""
    row = database.row(
        """
        with recursive below (id) as (
            select id from documents where parent = :id
            union all
            select documents.id from documents join below on documents.parent = below.id
        )
        select count(*) as n from below
        """,
        {"id": document_id},
    )
    return int(row["n"]) if row else 0


def part(db: Writer, document_id: str) -> None:
    """The document did not only come with another: it stays when that one goes."""
    db.run("update documents set parent = null where id = :id", {"id": document_id})
