"""The files that ended with their conversations: their rows went by a cascade, whoever deleted.

A trigger writes down which contents those were, in the transaction that removed the rows, so
that no way of deleting a conversation forgets them, and a crash in between leaves a file too
many that goes at the next look.
"""

from appliance import attached
from appliance.database import Database
from appliance.jobs import intake
from appliance.settings import Settings


def clear(database: Database, settings: Settings) -> int:
    """Remove the files on which no document stands any more; how many contents were looked at."""
    left = attached.leftovers(database)
    for sha256 in left:
        intake.remove_file(database, settings, sha256)
        with database.write() as db:
            attached.forget_leftover(db, sha256)
    return len(left)
