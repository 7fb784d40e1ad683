"""How much a caller may ask and send: what keeps one of them from being everybody.

People are the house's own, and their questions are not counted; a widget's visitor's and a
key's are, each by itself, in rows that a restart does not forget. Files are counted for
everybody: each is work for minutes.
"""

from appliance import throttle
from appliance.database import Database
from appliance.records import Caller
from appliance.settings import Settings

QUESTIONS = 20  # per visitor and five minutes
SECONDS = 300.0


def count_question(database: Database, settings: Settings, caller: Caller) -> None:
    """Count a visitor's or a key's question. Raises ``TooMany``."""
    if caller.kind == "visitor":
        throttle.take(database, throttle.bucket("ask", caller.id, limit=QUESTIONS, seconds=SECONDS))
    if caller.kind == "key":
        most = settings.key_questions_per_minute
        throttle.take(database, throttle.bucket("key", caller.id, limit=most, seconds=60.0))


def count_uploads(database: Database, settings: Settings, caller: Caller, files: int) -> None:
    """Count the files that somebody sends, all or none. Raises ``TooMany``.

    Whole shelves come by ``appliance ingest`` or from a folder, which nobody counts.
    """
    most = settings.uploads_per_hour
    bucket = throttle.bucket("upload", f"{caller.kind}:{caller.id}", limit=most, seconds=3600.0)
    throttle.take(database, bucket, places=files)
