"""How many questions a caller may ask: what keeps one of them from being everybody.

People are the house's own and are not counted; a widget's visitor and a key are, each by
itself, in rows that a restart does not forget.
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
