"""Whether the servers that vouch for people can be asked, tried out by an administrator."""

from litestar import post
from litestar.di import NamedDependency

from appliance import audit
from appliance.api import guards
from appliance.database import Database
from appliance.errors import Conflict, Unavailable
from appliance.federation.directories import Directories, Found
from appliance.records import Caller
from appliance.vault import Vault


@post("/api/settings/ldap/test", who=guards.person("admin"), status_code=200, sync_to_thread=True)
def test_directory(
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
) -> Found:
    """Ask the directory for everybody, now, whether or not people sign in by it yet; a refusal
    (409) says what does not work."""
    try:
        found = Directories(database, vault).test()
    except Unavailable as fault:  # another's server is away, not this one
        raise Conflict(fault.code, **fault.facts) from fault
    with database.write() as writer:
        audit.record(writer, caller, "ldap.test", "ldap", people=found.people)
    return found


routes = [test_directory]
