"""Writing an act down, in the transaction of the change that it tells of.

``record`` takes the writer of the change itself, so that an act and its row are
committed together or not at all. Details hold names and ids, never secrets,
passwords or what people asked.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from appliance.audit import chain
from appliance.database import Database, Writer
from appliance.records import Caller, Document, timestamp

READ = "document.read"
# Whoever turns forty pages reads one document.
ONE_READING = timedelta(hours=1)


def record(
    writer: Writer,
    caller: Caller,
    act: str,
    subject: str,
    /,
    *,
    collections: Sequence[str] = (),
    **details: Any,
) -> None:
    """Append an act ("person.create") on a subject (its id) to the record.

    ``collections`` are those it was about: where all of them are closed to somebody, the
    act is not told to them. Nobody is shown the list.
    """
    chain.append(
        writer,
        {
            "at": timestamp(),
            "caller": f"{caller.kind}:{caller.id}",
            "name": caller.name,
            "act": act,
            "subject": subject,
            "details": msgspec.json.encode(details).decode(),
            "collections": msgspec.json.encode(list(collections)).decode(),
        },
    )


def of_document(
    writer: Writer, caller: Caller, act: str, document: Document, /, **details: Any
) -> None:
    """Append an act on a document, with its title as it was."""
    told = {"title": document.title} | details
    record(writer, caller, act, document.id, collections=[document.collection], **told)


def read_document(database: Database, caller: Caller, document: Document) -> None:
    """Write down that the caller reads a document's pages: one row for an hour of it."""
    since = timestamp(datetime.now(UTC) - ONE_READING)
    known = database.row(
        """
        select 1 from audit
        where subject = :document and act = :read and caller = :caller and at > :since
        """,
        {
            "document": document.id,
            "read": READ,
            "caller": f"{caller.kind}:{caller.id}",
            "since": since,
        },
    )
    if known is None:
        with database.write() as writer:
            of_document(writer, caller, READ, document)
