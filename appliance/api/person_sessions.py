"""Where somebody is signed in: for themselves, and for administrators, who may end it."""

from typing import Any

from litestar import Request, delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from appliance import accounts, audit
from appliance.api import guards
from appliance.api.people import seen
from appliance.database import Database
from appliance.records import Caller
from appliance.settings import Settings
from appliance.signin import sessions

THEMSELVES = guards.person() | guards.key("admin")


@get("/api/people/{person_id:str}/sessions", who=THEMSELVES, sync_to_thread=True)
def index(
    person_id: FromPath[str],
    request: Request[Any, Any, Any],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> dict[str, Any]:
    """The sessions of a person, the one used last first."""
    seen(caller, person_id)
    accounts.get(database, person_id)
    token = request.cookies.get(guards.cookie_name(settings), "")
    return {"items": sessions.listing(database, person_id, token=token), "next": None}


@delete(
    "/api/people/{person_id:str}/sessions/{session_id:str}", who=THEMSELVES, sync_to_thread=True
)
def end(
    person_id: FromPath[str],
    session_id: FromPath[str],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
) -> None:
    """End one session of a person."""
    seen(caller, person_id)
    with database.write() as writer:
        sessions.end_one(writer, person_id, session_id)
        audit.record(writer, caller, "session.end", person_id)


@delete("/api/people/{person_id:str}/sessions", who=THEMSELVES, sync_to_thread=True)
def end_all(
    person_id: FromPath[str],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
) -> None:
    """Sign a person out everywhere, here too if it is oneself."""
    seen(caller, person_id)
    accounts.get(database, person_id)
    with database.write() as writer:
        ended = sessions.end_all(writer, person_id)
        audit.record(writer, caller, "session.end_all", person_id, sessions=ended)


routes = [index, end, end_all]
