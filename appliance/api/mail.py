"""A letter to oneself, to see whether the mail server that was set takes letters."""

from datetime import datetime

from litestar import post
from litestar.di import NamedDependency

from appliance import accounts, audit, facts, letters
from appliance.api import guards
from appliance.database import Database
from appliance.errors import Conflict, Unavailable
from appliance.jobs import post as post_office
from appliance.mail import Letter
from appliance.records import Caller, Record
from appliance.vault import Vault


class Tried(Record, frozen=True):
    """Where the letter went."""

    to: str


@post("/api/settings/mail/test", who=guards.person("admin"), status_code=200, sync_to_thread=True)
def test(
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
) -> Tried:
    """Send a letter to one's own address, now; a refusal (409) says what the server said."""
    to = accounts.get(database, caller.id).email
    organization = facts.get(database, "organization") or "Balcão"
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    told = {"organization": organization, "name": caller.name, "now": now}
    text = letters.written("test", told, caller.language)
    letter = Letter(to=to, subject=text.subject, text=text.text)
    try:
        post_office.send_now(database, vault, letter)
    except Unavailable as fault:  # another's server is away, not this one
        raise Conflict(fault.code, **fault.facts) from fault
    with database.write() as writer:
        audit.record(writer, caller, "mail.test", "mail")
    return Tried(to=to)


routes = [test]
