"""A document in a few of its own sentences over HTTP, each with its place."""

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from appliance import audit
from appliance.answering import condensing, summarising
from appliance.answering.condensing import Whole
from appliance.api import rights
from appliance.api.documents import LOOKERS
from appliance.database import Database
from appliance.errors import Conflict
from appliance.records import Caller


class SummaryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of the document, word for word. ``start`` and ``end`` count in its text;
    ``page`` is None where the format has none."""

    text: str
    page: int | None
    start: int
    end: int


class Condensed(msgspec.Struct, frozen=True, kw_only=True):
    """``read`` says which pages it stands on; no line where the document tells nothing."""

    read: str
    lines: list[SummaryLine]


@get("/api/documents/{document_id:str}/summary", who=LOOKERS, sync_to_thread=True)
def show(
    document_id: FromPath[str], database: NamedDependency[Database], caller: NamedDependency[Caller]
) -> Condensed:
    """The most telling sentences of a document, from its beginning to its end; no language
    model has a part in it. 409 while it is not ready."""
    document = rights.document(database, caller, document_id)
    if document.state != "ready":
        raise Conflict("being_read")
    parts = condensing.chain().invoke(Whole(database=database, document=document))
    audit.read_document(database, caller, document)
    best = [part.best for part in parts]
    return Condensed(
        read=summarising.read(database, document, parts, caller.language),
        lines=[
            SummaryLine(
                text=" ".join(one.text.split()),
                page=one.passage.page,
                start=one.start,
                end=one.end,
            )
            for one in best
        ],
    )


routes = [show]
