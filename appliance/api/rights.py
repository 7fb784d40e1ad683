"""What exists for a caller: the one place where things are fetched under rights.

Every handler that takes an id from outside gets its object here, and every list is
asked for within ``reach``. What a caller may not see does not exist: the answer is the
same 404 as for an id never given, and it takes the same steps. That is why ``reach``
comes first, before anything is looked up. What they may see and not change (``to_change``)
is no secret: the answer is a 403 that says whose it is to change.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import msgspec

from appliance import (
    assistants,
    collections,
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
from appliance.reach import Reach, administers, reach_of
from appliance.records import Access, Assistant, Caller, Collection, Document, Job
from appliance.sources import Source
from appliance.trash import Trashed


class _Kept(Protocol):
    """What lies in a collection."""

    @property
    def collection(self) -> str: ...


Kept = TypeVar("Kept", bound=_Kept)
OPENNESS: dict[Access, int] = {"groups": 0, "signed_in": 1, "everyone": 2}


def reach(database: Database, caller: Caller) -> Reach:
    """What exists for the caller; the rules are in ``reach``."""
    return reach_of(database, caller)


def assistant(
    database: Database, caller: Caller, assistant_id: str, *, to_change: bool = False
) -> Assistant:
    """The assistant, for those who may use it. An id, slug or public id names it.

    It comes with the collections that the caller may read and no others, so that a
    search passes only these to either engine. Without one of them it does not exist.
    """
    reached = reach(database, caller)
    found = assistants.find(database, assistant_id)
    # Names are for the terminal: two assistants may share one.
    if found is None or assistant_id not in (found.id, found.slug, found.public_id):
        raise NotFound
    if not reached.sees(found.id):
        raise NotFound
    shown = narrowed(found, reached)
    if found.collections and not shown.collections:
        raise NotFound
    if to_change and not reached.edits(found.id):
        raise NotAllowed("not_its_editor", name=found.name)
    return shown


def narrowed(found: Assistant, reached: Reach) -> Assistant:
    """The assistant with only the collections within reach."""
    readable = tuple(one for one in found.collections if reached.reads(one))
    return msgspec.structs.replace(found, collections=readable)


def collection(
    database: Database, caller: Caller, collection_id: str, *, to_change: bool = False
) -> Collection:
    """The collection, if it is within the caller's reach."""
    reached = reach(database, caller)
    found = collections.find(database, collection_id)
    if found is None or not reached.reads(found.id):
        raise NotFound
    if to_change:
        _tended(database, reached, found.id)
    return found


def document(
    database: Database, caller: Caller, document_id: str, *, to_change: bool = False
) -> Document:
    """The document, if its collection is within the caller's reach."""
    reached = reach(database, caller)
    found = _within(reached, library.find(database, document_id))
    if to_change:
        _tended(database, reached, found.collection)
    return found


def original(database: Database, caller: Caller, document_id: str) -> Document:
    """The document, for those who may take its file along. Raises ``NotAllowed``
    (``originals_for_editors``) for those who may only read it here."""
    found = document(database, caller, document_id)
    if not downloadable(database, caller, [found.collection]):
        raise NotAllowed("originals_for_editors", title=found.title)
    return found


def downloadable(database: Database, caller: Caller, ids: Sequence[str]) -> set[str]:
    """Those of these collections whose originals the caller may download."""
    reached = reach(database, caller)
    writes = caller.kind != "key" or caller.may("documents:write")
    return {
        one.id
        for one in collections.these(database, ids)
        if reached.reads(one.id)
        and (one.originals == "everyone" or (writes and reached.tends(one.id)))
    }


def proposal(database: Database, caller: Caller, proposal_id: str) -> Proposal:
    """The proposal, if its collection is the caller's to look after."""
    reached = reach(database, caller).tending
    found, of_collection = proposals.get(database, proposal_id)
    if not reached.reads(of_collection):
        raise NotFound
    return found


def trashed(database: Database, caller: Caller, document_id: str) -> Trashed:
    """The document in the trash, if its collection is the caller's to look after."""
    return _within(reach(database, caller).tending, trash.find(database, document_id))


def source(database: Database, caller: Caller, source_id: str) -> Source:
    """The source, if its collection is the caller's to look after."""
    return _within(reach(database, caller).tending, sources.find(database, source_id))


def _within(reached: Reach, found: Kept | None) -> Kept:
    if found is None or not reached.reads(found.collection):
        raise NotFound
    return found


def _tended(database: Database, reached: Reach, collection_id: str) -> None:
    if not reached.tends(collection_id):
        (found,) = collections.these(database, [collection_id])
        raise NotAllowed("not_its_editor", name=found.name)


def job(database: Database, caller: Caller, job_id: str) -> Job:
    """The job, if what it is about is the caller's to look after."""
    return ledger.get(database, job_id, reach=reach(database, caller).tending)


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
    is not the caller's to give it, and ``NotAllowed`` (``opens_wider``) where an editor would
    let more people read one than the assistants do that read it now.
    """
    reached = reach(database, caller)
    before = [] if of is None else assistants.get(database, of.id).collections
    known = collections.known(database, ids, reached)
    for one in ids:
        if one not in known or not (reached.tends(one) or one in before):
            raise BadRequest("unknown_collection", collection=one[:60])
    if not administers(caller):
        _no_wider(database, [one for one in ids if one not in before], of)
    return [*ids, *(one for one in before if not reached.reads(one))]


def _no_wider(database: Database, added: Sequence[str], of: Assistant | None) -> None:
    readers = assistants.readers(database, added)
    for one in added:
        now = [reader for reader in readers if one in reader.collections]
        if now and not any(_as_open(reader, of) for reader in now):
            raise NotAllowed("opens_wider", name=now[0].name)


def _as_open(reader: Assistant, other: Assistant | None) -> bool:
    """Whether everybody who may use ``other`` (None: a new one, open to everyone) may use
    ``reader``."""
    access, named = ("everyone", ()) if other is None else (other.access, other.groups)
    if reader.access != access or access != "groups":
        return OPENNESS[reader.access] >= OPENNESS[access]
    return set(named) <= set(reader.groups)


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
    """Raise ``NotAllowed`` for whoever may not say who uses or changes an assistant, which
    groups open or close a collection, nor which folders of the server are read."""
    if not administers(caller):
        raise NotAllowed("not_allowed")
