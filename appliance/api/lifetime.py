"""The lifetime of documents over HTTP: their dates, what they take the place of, and what
looks like a new version of what."""

from typing import Annotated, Any

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from appliance import audit, library, lifetime, proposals
from appliance.api import documents, rights
from appliance.api.guards import EDITORS, key
from appliance.api.lists import Cursor, Limit, listed
from appliance.database import Database
from appliance.proposals import Proposal
from appliance.records import Caller, Language

WRITERS = EDITORS | key("documents:write")

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
Day = Annotated[str, msgspec.Meta(max_length=20)]
Id = Annotated[str, msgspec.Meta(max_length=64)]


class Facts(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays; null takes a date or a former document away."""

    title: Title | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    valid_from: Day | UnsetType | None = UNSET
    valid_to: Day | UnsetType | None = UNSET
    supersedes: Id | UnsetType | None = UNSET


@patch("/api/documents/{document_id:str}", who=WRITERS, sync_to_thread=True)
def change_document(
    document_id: FromPath[str],
    data: JSONBody[Facts],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Change what a document is called, its language, its dates, or what it supersedes."""
    found = rights.document(database, caller, document_id, to_change=True)
    given = {
        name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET
    }
    facts = {name: getattr(found, name) for name in Facts.__struct_fields__} | given
    with database.write() as db:
        lifetime.change(db, found.id, **facts)
        audit.of_document(db, caller, "document.change", found, **given)
    return documents.shown(database, library.get(database, found.id), caller)


@get("/api/collections/{collection_id:str}/proposals", who=WRITERS, sync_to_thread=True)
def list_proposals(
    collection_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Documents that look like new versions of others, oldest first."""
    rights.collection(database, caller, collection_id, to_change=True)
    found = proposals.of_collection(database, collection_id, after=cursor, limit=limit + 1)
    return listed(found, limit)


@post("/api/proposals/{proposal_id:str}/accept", who=WRITERS, status_code=200, sync_to_thread=True)
def accept_proposal(
    proposal_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Proposal:
    """The document takes the place of the older one, which ends the day before it begins."""
    found = rights.proposal(database, caller, proposal_id)
    with database.write() as db:
        proposals.decide(db, found.id, "accepted")
        lifetime.follow(db, found.document.id, found.older.id)
        document = library.get(database, found.document.id)
        audit.of_document(db, caller, "document.supersede", document, supersedes=found.older.id)
    return msgspec.structs.replace(found, state="accepted")


@post("/api/proposals/{proposal_id:str}/dismiss", who=WRITERS, status_code=200, sync_to_thread=True)
def dismiss_proposal(
    proposal_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Proposal:
    """The two documents are different things; they are not proposed again."""
    found = rights.proposal(database, caller, proposal_id)
    with database.write() as db:
        proposals.decide(db, found.id, "dismissed")
        document = library.get(database, found.document.id)
        audit.of_document(db, caller, "proposal.dismiss", document, older=found.older.id)
    return msgspec.structs.replace(found, state="dismissed")


routes = [change_document, list_proposals, accept_proposal, dismiss_proposal]
