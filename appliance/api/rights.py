"""What exists for a caller: the one place where things are fetched under rights.

Every handler that takes an id from outside gets its object here, and every list is
asked for within ``reach``. What a caller may not see does not exist: the answer is the
same 404 as for an id never given, and it takes the same steps. That is why ``reach``
comes first, before anything is looked up.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import msgspec

from appliance import (
    assistants,
    collections,
    groups,
    library,
    lifetime,
    proposals,
    sources,
    trash,
)
from appliance.database import Database
from appliance.errors import BadRequest, NotAllowed, NotFound
from appliance.jobs import ledger
from appliance.proposals import Proposal
from appliance.records import Assistant, Caller, Collection, Document, Job, Reach
from appliance.sources import Source
from appliance.trash import Trashed


class _Kept(Protocol):
    """What lies in a collection."""

    @property
    def collection(self) -> str: ...


Kept = TypeVar("Kept", bound=_Kept)


def reach(database: Database, caller: Caller) -> Reach:
    """Which collections exist for the caller; the rule is in ``groups``."""
    return groups.reach(database, caller)


def assistant(database: Database, caller: Caller, assistant_id: str) -> Assistant:
    """The assistant, for those who may see it. An id, slug or public id names it.

    It comes with the collections that the caller may read and no others, so that a
    search passes only these to either engine. Without one of them it does not exist.
    """
    reached = reach(database, caller)
    found = assistants.find(database, assistant_id)
    # Names are for the terminal: two assistants may share one.
    if found is None or assistant_id not in (found.id, found.slug, found.public_id):
        raise NotFound
    if not caller.sees(found.id):
        raise NotFound
    shown = narrowed(found, reached)
    if found.collections and not shown.collections:
        raise NotFound
    return shown


def narrowed(found: Assistant, reached: Reach) -> Assistant:
    """The assistant with only the collections within reach."""
    readable = tuple(one for one in found.collections if reached.reads(one))
    return msgspec.structs.replace(found, collections=readable)


def collection(database: Database, caller: Caller, collection_id: str) -> Collection:
    """The collection, if it is within the caller's reach."""
    reached = reach(database, caller)
    found = collections.find(database, collection_id)
    if found is None or not reached.reads(found.id):
        raise NotFound
    return found


def document(database: Database, caller: Caller, document_id: str) -> Document:
    """The document, if its collection is within the caller's reach."""
    return _within(reach(database, caller), library.find(database, document_id))


def proposal(database: Database, caller: Caller, proposal_id: str) -> Proposal:
    """The proposal, if its collection is within the caller's reach."""
    reached = reach(database, caller)
    found, of_collection = proposals.get(database, proposal_id)
    if not reached.reads(of_collection):
        raise NotFound
    return found


def trashed(database: Database, caller: Caller, document_id: str) -> Trashed:
    """The document in the trash, if its collection is within the caller's reach."""
    return _within(reach(database, caller), trash.find(database, document_id))


def source(database: Database, caller: Caller, source_id: str) -> Source:
    """The source, if its collection is within the caller's reach."""
    return _within(reach(database, caller), sources.find(database, source_id))


def _within(reached: Reach, found: Kept | None) -> Kept:
    if found is None or not reached.reads(found.collection):
        raise NotFound
    return found


def job(database: Database, caller: Caller, job_id: str) -> Job:
    """The job, if what it is about exists for the caller."""
    return ledger.get(database, job_id, reach=reach(database, caller))


def visitors_welcome(database: Database, public_id: str) -> Assistant:
    """The assistant as a widget's visitor sees it. Raises ``NotFound`` where it has nothing
    that one may read."""
    return assistant(database, Caller(kind="visitor", id="", name=""), public_id)


def chosen_collections(
    database: Database, caller: Caller, ids: Sequence[str], *, of: Assistant | None = None
) -> list[str]:
    """The collections that an assistant (``of``, or a new one) is to read at the caller's wish.

    Those that it reads already beyond the caller's reach stay: whoever does not see them
    cannot have meant them. Raises ``BadRequest`` (``unknown_collection``) for one that
    does not exist for the caller.
    """
    reached = reach(database, caller)
    known = collections.known(database, ids, reached)
    for one in ids:
        if one not in known:
            raise BadRequest("unknown_collection", collection=one)
    hidden = [] if of is None else assistants.get(database, of.id).collections
    return [*ids, *(one for one in hidden if not reached.reads(one))]


def chosen_assistants(database: Database, caller: Caller, ids: Sequence[str] | None) -> None:
    """Raise ``BadRequest`` (``unknown_assistant``) for one that does not exist for the caller."""
    for one in ids or ():
        try:
            assistant(database, caller, one)
        except NotFound as fault:
            raise BadRequest("unknown_assistant", assistant=one[:60]) from fault


def superseded(
    database: Database, caller: Caller, collection_id: str, document_id: str
) -> str | None:
    """The document that a new one of the same collection takes the place of, None for none.

    Of the same collection, so that whoever reads the one may know of the other. Raises
    ``BadRequest`` (``unknown_document``), and ``Conflict`` (``already_superseded``).
    """
    if not document_id:
        return None
    try:
        found = document(database, caller, document_id)
    except NotFound:
        found = None
    if found is None or found.collection != collection_id:
        raise BadRequest("unknown_document", document=document_id[:60])
    lifetime.may_follow(database, found.id)
    return found.id


def only_administrators(caller: Caller) -> None:
    """Raise ``NotAllowed`` for whoever may not say which groups open or close a collection,
    nor which folders of the server are read."""
    if caller.role != "admin" and not caller.may("admin"):
        raise NotAllowed("not_allowed")
