"""What is not kept for ever: visitors' conversations at the end of their days, old counts.

Looked at every hour by the worker's rounds: a conversation may stay an hour longer than
the notice says, and never a day.
"""

import time

from appliance import conversations, widgets
from appliance.database import Database

EVERY_SECONDS = 3600.0


class Retention:
    """Erases what is over its time when ``look`` is called, at most once an hour."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._looked_at = -EVERY_SECONDS

    def look(self) -> int:
        """Erase, if it is time to look; how many conversations went."""
        if time.monotonic() - self._looked_at < EVERY_SECONDS:
            return 0
        self._looked_at = time.monotonic()
        with self.database.write() as db:
            widgets.sweep(db)
            return conversations.erase_old(db)
