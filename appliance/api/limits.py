"""How many questions a caller may ask: what keeps one visitor from being everybody.

People and keys are the house's own and are not counted; a widget's visitor is,
by session and by minute, in rows that a restart does not forget.
"""

from appliance import throttle
from appliance.database import Database
from appliance.records import Caller

QUESTIONS = 20  # per visitor and five minutes
SECONDS = 300.0


def count_question(database: Database, caller: Caller) -> None:
    """Count a visitor's question. Raises ``TooMany``."""
    if caller.kind == "visitor":
        throttle.take(database, throttle.bucket("ask", caller.id, limit=QUESTIONS, seconds=SECONDS))
