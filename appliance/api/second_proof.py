"""A code of the second factor, asked for: at the door, and before what weakens it."""

from appliance import throttle
from appliance.database import Database
from appliance.errors import NotSignedIn
from appliance.records import Person
from appliance.signin import second_factor
from appliance.vault import Vault

GUESSES = 5  # wrong codes per fifteen minutes and person, by whoever knows the password


def prove(database: Database, vault: Vault, person: Person, code: str | None) -> None:
    """Let a person through whose password was right, if they have no second factor or show it.

    Raises ``NotSignedIn`` (``totp_required``, ``wrong_code``) and ``TooMany``.
    """
    found = second_factor.standing(database, person.id)
    if found is None or found.confirmed_at is None:
        return
    if not code:
        raise NotSignedIn("totp_required")
    if not accepted(database, vault, person.id, found.sealed, code):
        raise NotSignedIn("wrong_code")


def accepted(database: Database, vault: Vault, person_id: str, sealed: str, code: str) -> bool:
    """Whether a code is good, which it then no longer is. Raises ``TooMany``."""
    places = throttle.take(database, bucket(person_id))
    secret = vault.open(sealed, purpose=second_factor.PURPOSE)
    with database.write() as writer:
        right = second_factor.accept(writer, person_id, secret, code)
    if right:
        throttle.give_back(database, places)
    return right


def bucket(person_id: str) -> throttle.Bucket:
    """Where wrong codes of a person are counted."""
    return throttle.bucket("second-factor", person_id, limit=GUESSES)
