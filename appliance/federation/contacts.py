"""How it went with the servers that vouch for people: a fact for each, for the status page.

What counts is the last answer and the last failure, whoever asked: somebody who signed in,
an administrator who tried, or the house that looks now and then.
"""

from typing import Literal

import msgspec

from appliance import facts
from appliance.database import Database
from appliance.records import Origin, Problem, Record, timestamp

Server = Literal["directory", "provider"]
_PEOPLE_OF: dict[Server, Origin] = {"directory": "ldap", "provider": "oidc"}


class Contact(Record, frozen=True):
    """When a server answered last, and when and why it last did not. ``ends_at`` is where
    somebody who signed in by it is signed out over there, "" where it says nothing of that."""

    worked_at: str | None = None
    failed_at: str | None = None
    problem: Problem | None = None
    ends_at: str = ""

    @property
    def is_away(self) -> bool:
        """Whether the failure came last."""
        return self.failed_at is not None and self.failed_at > (self.worked_at or "")


class Count(Record, frozen=True):
    """``people`` of another server who may sign in here; ``gone`` are those it no longer
    vouches for."""

    people: int
    gone: int


def read(database: Database, server: Server) -> Contact:
    """How it went last; nothing at all for a server that was never asked."""
    noted = facts.get(database, f"{server}_contact")
    return msgspec.json.decode(noted, type=Contact) if noted else Contact()


def worked(database: Database, server: Server, *, ends_at: str = "") -> None:
    """Note an answer."""
    before = read(database, server)
    _note(database, server, msgspec.structs.replace(before, worked_at=timestamp(), ends_at=ends_at))


def failed(database: Database, server: Server, problem: Problem) -> None:
    """Note why there was none."""
    before = read(database, server)
    _note(database, server, msgspec.structs.replace(before, failed_at=timestamp(), problem=problem))


def count(database: Database, server: Server) -> Count:
    """The people of a server, as they stand here."""
    row = database.row(
        """
        select coalesce(sum(people.active), 0) as people, count(identities.gone_at) as gone
        from identities join people on people.id = identities.person
        where identities.origin = :origin
        """,
        {"origin": _PEOPLE_OF[server]},
    )
    return msgspec.convert(row, Count)


def _note(database: Database, server: Server, contact: Contact) -> None:
    with database.write() as writer:
        facts.put(writer, f"{server}_contact", msgspec.json.encode(contact).decode())


__all__ = ["Contact", "Count", "Server", "count", "failed", "read", "worked"]
