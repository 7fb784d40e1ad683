"""The record of acts, told to a log server act by act, while an administrator wants that.

No act waits for it: what was written down is sent by the worker, seconds later, and what cannot
be sent waits where it is, in the record. The place up to which it was told is a fact, so that
a server that was away, a restart and the switch itself leave no gap; after an interruption
the last batch may be told twice. What was before the first time that it was switched on is
left to ``appliance audit export``.
"""

import logging
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from appliance import audit, facts, options, outgoing, syslog
from appliance.audit import searching
from appliance.audit.messages import message
from appliance.database import Database
from appliance.errors import Unavailable
from appliance.records import Problem, Record, timestamp
from appliance.settings import Settings
from appliance.syslog import Syslog

FACT = "syslog"
AT_ONCE = 500
BATCHES = 20  # in one look: the worker has other things to do
FIRST_REST, LONGEST_REST = 15.0, 300.0  # seconds, after a server that did not take them

log = logging.getLogger(__name__)


class Standing(Record, frozen=True):
    """Up to which act the record was told, and when; ``problem`` is why no more was, since
    ``failed_at``."""

    told: int
    told_at: str | None = None
    problem: Problem | None = None
    failed_at: str | None = None


def standing(database: Database) -> Standing | None:
    """How it stands; None where it was never switched on."""
    noted = facts.get(database, FACT)
    return msgspec.json.decode(noted, type=Standing) if noted else None


def waiting(database: Database) -> int:
    """How many acts have not been told yet."""
    known, head = standing(database), audit.head(database)
    return max(0, head.id - known.told) if known and head else 0


class Relaying:
    """``look`` is called in the worker's rounds, by any of its threads."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.database = database
        self.host = urlsplit(settings.address).hostname or ""
        self._clock = clock
        self._lock = threading.Lock()
        self._rest = 0.0
        self._again_at = 0.0

    def look(self) -> None:
        """Tell what was not told yet; where the server does not take it, later."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            section = options.read(self.database, Syslog)
            if section.enabled and self._clock() >= self._again_at:
                self._tell(section)
        finally:
            self._lock.release()

    def _tell(self, section: Syslog) -> None:
        known = standing(self.database) or Standing(told=_before_it_was_wanted(self.database))
        try:
            for _ in range(BATCHES):
                entries = searching.following(self.database, known.told, AT_ONCE)
                if not entries:
                    break
                syslog.send(
                    section,
                    [message(one, self.host) for one in entries],
                    record=lambda origin, purpose: outgoing.record(self.database, origin, purpose),
                )
                known = self._note(Standing(told=int(entries[-1].id), told_at=timestamp()))
            self._rest = self._again_at = 0.0
        except Unavailable as refusal:
            self._rest = min(max(FIRST_REST, 2 * self._rest), LONGEST_REST)
            self._again_at = self._clock() + self._rest
            log.warning("the log server did not take the record: %s", refusal)
            since = known.failed_at or timestamp()
            self._note(msgspec.structs.replace(known, problem=refusal.problem, failed_at=since))

    def _note(self, known: Standing) -> Standing:
        with self.database.write() as db:
            facts.put(db, FACT, msgspec.json.encode(known, enc_hook=str).decode())
        return known


def _before_it_was_wanted(database: Database) -> int:
    """The act before the one by which it was switched on, which is the first to be told."""
    row = database.row(
        """
        select max(id) as id from audit where act = 'settings.change' and subject = :section
        """,
        {"section": Syslog.SECTION},
    )
    head = audit.head(database)
    return row["id"] - 1 if row and row["id"] else (head.id if head else 0)
