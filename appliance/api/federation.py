"""How it goes with the servers that vouch for people, for administrators: told, and tried out."""

from litestar import get, post
from litestar.di import NamedDependency

from appliance import audit
from appliance.api import guards
from appliance.database import Database
from appliance.errors import Conflict, Unavailable, sentence
from appliance.federation import contacts
from appliance.federation.contacts import Server
from appliance.federation.directories import Directories, Found
from appliance.federation.providers import Providers
from appliance.records import Caller, Record
from appliance.settings import Settings
from appliance.vault import Vault


class Standing(Record, frozen=True):
    """A server as it was met last: ``worked_at`` is its last answer, ``failed_at`` the last
    failure, whose cause is ``failure`` ("" for none), and ``away`` says that this came last.
    ``looked_at`` is when the house looked by itself; ``people`` may sign in by it, ``gone`` did
    and are vouched for no more."""

    enabled: bool
    away: bool
    worked_at: str | None
    failed_at: str | None
    failure: str
    looked_at: str | None
    people: int
    gone: int


class Federation(Record, frozen=True):
    """The company's directory (``ldap``) and the OpenID provider (``oidc``)."""

    ldap: Standing
    oidc: Standing


@get("/api/federation", who=guards.ADMINISTRATORS, sync_to_thread=True)
def index(
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    settings: NamedDependency[Settings],
) -> Federation:
    """How it goes with the directory and the provider."""
    directory, provider = Directories(database, vault), Providers(database, vault, settings)
    return Federation(
        ldap=_standing(database, caller, "directory", directory.is_on(), directory.checked_at()),
        oidc=_standing(database, caller, "provider", provider.is_on(), provider.checked_at()),
    )


def _standing(
    database: Database, caller: Caller, server: Server, enabled: bool, looked_at: str | None
) -> Standing:
    contact, count = contacts.read(database, server), contacts.count(database, server)
    why = contact.problem
    return Standing(
        enabled=enabled,
        away=contact.is_away,
        worked_at=contact.worked_at,
        failed_at=contact.failed_at,
        failure=sentence(why.code, why.facts, caller.language) if why else "",
        looked_at=looked_at,
        people=count.people,
        gone=count.gone,
    )


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


routes = [index, test_directory]
