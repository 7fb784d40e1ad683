"""One's own password, asked for once more before what a browser left open must not do."""

from appliance import accounts, throttle
from appliance.database import Database
from appliance.errors import NotAllowed
from appliance.federation.directories import Directories
from appliance.records import Caller, Person
from appliance.signin import password
from appliance.vault import Vault

TRIES = 10  # wrong ones per fifteen minutes


def check(database: Database, vault: Vault, caller: Caller, given: str) -> None:
    """Raise ``NotAllowed`` (``wrong_current_password`` for any other, ``no_password_here``
    for people of an OpenID provider), ``TooMany``, and ``Unavailable`` where the directory is
    to be asked and away."""
    person = accounts.get(database, caller.id)
    if person.origin == "oidc":
        raise NotAllowed("no_password_here")
    places = throttle.take(database, throttle.bucket("own-password", caller.id, limit=TRIES))
    if not _is_theirs(database, vault, person, given):
        raise NotAllowed("wrong_current_password")
    throttle.give_back(database, places)


def _is_theirs(database: Database, vault: Vault, person: Person, given: str) -> bool:
    if person.origin == "ldap":
        return Directories(database, vault).proves(person, given)
    known = accounts.credentials(database, person.email)
    return known is not None and password.matches(given, known[1])
