"""What exists for a caller: the one place where things are fetched under rights.

Every handler that takes an id from outside gets its object here. What a caller
may not see does not exist: the answer is the same 404 as for an id never given.
"""

from appliance import assistants, collections, library
from appliance.database import Database
from appliance.errors import NotFound
from appliance.records import Assistant, Caller, Collection, Document


def assistant(database: Database, caller: Caller, assistant_id: str) -> Assistant:
    """The assistant, for those who may see it. An id, slug or public id names it."""
    found = assistants.named(database, assistant_id)
    if assistant_id == found.name and assistant_id not in (found.id, found.slug, found.public_id):
        raise NotFound  # names are for the terminal: two assistants may share one
    if not caller.sees(found.id):
        raise NotFound
    return found


def collection(database: Database, caller: Caller, collection_id: str) -> Collection:
    """The collection, if the caller sees an assistant that reads it (or sees everything)."""
    found = collections.get(database, collection_id)
    if not reads(database, caller, found.id):
        raise NotFound
    return found


def document(database: Database, caller: Caller, document_id: str) -> Document:
    """The document, if its collection exists for the caller."""
    found = library.get(database, document_id)
    if not reads(database, caller, found.collection):
        raise NotFound
    return found


def reads(database: Database, caller: Caller, collection_id: str) -> bool:
    """Whether the caller sees an assistant that reads the collection (or sees everything)."""
    if caller.assistants is None:
        return True
    return not caller.assistants.isdisjoint(assistants.reading(database, collection_id))
