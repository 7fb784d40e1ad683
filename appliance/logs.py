"""The log: one line of JSON for one event, to standard error, from where journald takes it.

A line holds the moment, the level, the logger, the message, the request it belongs to, and
the trace of an exception. Two promises. Nothing that came from outside breaks a line or
commands a terminal: control characters, line separators and marks that turn the direction
of writing leave escaped, as JSON has it. And no line at ``info`` or above holds a question,
a document's text, a password or a token: requests are told by their route and never by
their address, so that what stands in it is not there either. The text of an exception that
nobody expected is told, in its trace; the house's own exceptions hold no such texts.
"""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from appliance.records import timestamp

# The number of the request that is being served here, "" outside of one.
REQUEST: ContextVar[str] = ContextVar("request", default="")

# What JSON leaves as it is and a terminal or an editor obeys: DEL and the C1 controls, marks
# without width, line and paragraph separators, directions, and halves of characters.
UNSAFE = re.compile("[\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


# They tell every address that they ask, with all that stands in it.
TALKATIVE = ("httpx", "httpcore", "openai", "urllib3")


class Lines(logging.Formatter):
    """An event as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        told: dict[str, Any] = {
            "at": timestamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := REQUEST.get():
            told["request"] = number
        told |= getattr(record, "facts", {})
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return UNSAFE.sub(_escaped, json.dumps(told, ensure_ascii=False, default=str))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def begin(level: str) -> None:
    """Write the log of this process so, from this level on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for library in TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)
