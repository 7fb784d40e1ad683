"""Search everywhere: a few things of each kind that are called by what somebody types.

For people at the console, to get somewhere by typing. It tells names, and only of what the
lists of each kind would show the same person: the rules are in ``rights``.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from appliance import accounts, assistants, conversations, names
from appliance.api import rights
from appliance.api.guards import READERS
from appliance.database import Database
from appliance.names import Named
from appliance.reach import administers
from appliance.records import Caller

Words = Annotated[str, QueryParameter(max_length=200)]
Each = Annotated[int, QueryParameter(ge=1, le=20)]


@get("/api/search/everywhere", who=READERS, sync_to_thread=True)
def search_everywhere(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    q: Words,
    limit: Each = 5,
) -> dict[str, Any]:
    """What is called by these words, in any case and without accents: up to ``limit`` each of
    assistants, collections, documents, people (for administrators) and one's own
    conversations, those first whose name begins with them."""
    wanted = q.strip()
    return {"items": list(_found(database, caller, wanted, limit)) if wanted else [], "next": None}


def _found(database: Database, caller: Caller, wanted: str, limit: int) -> Iterator[Named]:
    reached = rights.reach(database, caller)
    every = assistants.every(database, these=reached.assistants, reach=reached, limit=-1)
    used = [rights.narrowed(one, reached) for one in every]
    rows = [{"id": one.id, "name": one.name} for one in reversed(used)]
    yield from names.matching("assistant", rows, wanted, limit=limit)
    for one in names.collections(database, wanted, reach=reached, limit=limit):
        reading = next((that.id for that in used if one.id in that.collections), None)
        yield Named(kind=one.kind, id=one.id, name=one.name, assistant=reading)
    yield from names.documents(database, wanted, reach=reached, limit=limit)
    if administers(caller):
        for person in accounts.listing(database, limit=limit, search=wanted):
            yield Named(kind="person", id=person.id, name=person.name, within=person.email)
    owner = conversations.owner(caller)
    using = [one.id for one in used]
    yield from names.conversations(database, wanted, owner=owner, using=using, limit=limit)


routes = [search_everywhere]
