"""One's own password, asked for once more before what a browser left open must not do."""

from appliance import accounts, throttle
from appliance.database import Database
from appliance.errors import NotAllowed
from appliance.records import Caller
from appliance.signin import password

TRIES = 10  # wrong ones per fifteen minutes


def check(database: Database, caller: Caller, given: str) -> None:
    """Raise ``NotAllowed`` (``wrong_current_password``) for any other, and ``TooMany``."""
    places = throttle.take(database, throttle.bucket("own-password", caller.id, limit=TRIES))
    known = accounts.credentials(database, accounts.get(database, caller.id).email)
    if known is None or not password.matches(given, known[1]):
        raise NotAllowed("wrong_current_password")
    throttle.give_back(database, places)
