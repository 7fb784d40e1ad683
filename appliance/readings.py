"""The readings that have begun and not ended: what a later attempt need not read again.

A reading commits its pages in batches. One that is cut short, by a kill, by a
cancellation or by the worker's stop, goes on behind the last batch, as long as the file
and the reader are still those whose ``stamp`` the first batch left here; a reading that
ended leaves nothing. Promise: with a row here, all pages of the document are of this
reading.
"""

from appliance.database import Database, Writer
from appliance.records import Record


class Kept(Record, frozen=True):
    """How many pages, from the first on, are there already, and how many of them have no words."""

    pages: int = 0
    unreadable: int = 0


def begin(db: Writer, document: str, stamp: str) -> None:
    """Note a reading, in the transaction that puts its first pages in place of all others."""
    db.run(
        "insert or replace into readings (document, stamp) values (:document, :stamp)",
        {"document": document, "stamp": stamp},
    )


def end(db: Writer, document: str) -> None:
    """The reading is whole, or is to begin from the first page; one that is not there is no
    error."""
    db.run("delete from readings where document = :document", {"document": document})


def kept(database: Database, document: str, stamp: str) -> Kept:
    """What is there of an unfinished reading with this ``stamp``.

    Nothing counts while no page has words: whether a whole document has none is the
    reader's to say, and for that it has to see all of it.
    """
    row = database.row(
        """
        select count(*) as pages, coalesce(max(number), 0) as last,
               coalesce(sum(how = 'unreadable'), 0) as unreadable
        from pages where document = :document and exists (
            select 1 from readings where document = :document and stamp = :stamp)
        """,
        {"document": document, "stamp": stamp},
    )
    if row is None or row["pages"] != row["last"] or row["pages"] == row["unreadable"]:
        return Kept()
    return Kept(pages=row["pages"], unreadable=row["unreadable"])
