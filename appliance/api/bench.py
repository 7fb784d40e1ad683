"""The retrieval bench over HTTP, for those who may change an assistant."""

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance.answering.bench import Report
from appliance.answering.flow import Answering
from appliance.api import rights
from appliance.api.guards import EDITORS, key
from appliance.database import Database
from appliance.records import Caller


class Trial(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    query: str


@post(
    "/api/assistants/{assistant_id:str}/bench",
    who=EDITORS | key("admin"),
    status_code=200,
    sync_to_thread=True,
)
def try_search(
    assistant_id: FromPath[str],
    data: JSONBody[Trial],
    database: NamedDependency[Database],
    answering: NamedDependency[Answering],
    caller: NamedDependency[Caller],
) -> Report:
    """One search laid open. For a question that leans on its conversation ``query`` is what
    its answer says was searched."""
    assistant = rights.assistant(database, caller, assistant_id, to_change=True)
    return answering.bench(assistant, data.query)


routes = [try_search]
