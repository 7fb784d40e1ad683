"""The daily look through everything that is kept for a time (``keeping`` says what, and when
it waits): removed is what is over its time, and nothing else.

It counts as an act: what was removed is on record by its numbers, and so is what waits.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from appliance import audit, keeping, options, throttle
from appliance.database import Database
from appliance.errors import Conflict
from appliance.jobs import discarding, leftovers
from appliance.keeping import Lot, Retention, Waits
from appliance.records import ITSELF, Caller
from appliance.settings import Settings

EVERY = timedelta(days=1)
LOOK_EVERY_SECONDS = 600.0

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Keeping:
    """Removes what is over its time: ``look`` is called by the worker's rounds, ``run`` by
    whoever does not wait for them."""

    def __init__(
        self, database: Database, settings: Settings, *, clock: Callable[[], datetime] = _now
    ) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock
        self._looked_at = -LOOK_EVERY_SECONDS

    def lots(self) -> list[Lot]:
        """Every lot as it stands now."""
        wanted = options.read(self.database, Retention)
        return keeping.lots(
            self.database, wanted, trash_days=self.settings.trash_days, now=self.clock()
        )

    def look(self) -> None:
        """Run once a day; where no conversations are kept, remove them at every look."""
        if time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
            return
        self._looked_at = time.monotonic()
        leftovers.clear(self.database, self.settings)
        last = keeping.last_ran_at(self.database)
        if last is None or abs(self.clock() - last) >= EVERY:
            self.run()
        elif not options.read(self.database, Retention).keep_conversations:
            self._remove(self.lots()[0], ITSELF)

    def run(self, *, confirmed: int | None = None, by: Caller = ITSELF) -> list[Lot]:
        """Look through every lot; the lots as they are then.

        ``confirmed``: how many an administrator has seen due, all lots together; as many may
        go, whatever their share and the clock. Raises ``Conflict`` (``retention_grew``,
        nothing is removed) where more are due by now.
        """
        found = self.lots()
        due = sum(lot.due for lot in found)
        if confirmed is not None and due > confirmed:
            raise Conflict("retention_grew", due=due, confirmed=confirmed)
        moved = confirmed is None and self._clock_moved()
        for lot in found:
            if why := self._waits(lot, moved=moved, confirmed=confirmed is not None):
                self._wait(lot, why, by)
            else:
                self._remove(lot, by)
        if not moved:
            throttle.sweep(self.database)  # failed tries of yesterday, with their addresses
        return self.lots()

    def _clock_moved(self) -> bool:
        last = keeping.last_ran_at(self.database)
        return last is not None and abs(self.clock() - last) > keeping.CLOCK

    def _waits(self, lot: Lot, *, moved: bool, confirmed: bool) -> Waits | None:
        if confirmed or lot.days == 0:  # none are kept: that was the decision
            return None
        if moved:
            return "clock"
        return "many" if keeping.too_many(self.database, lot) else None

    def _wait(self, lot: Lot, why: Waits, by: Caller) -> None:
        with self.database.write() as writer:
            if keeping.wait(writer, lot, why, self.clock()):
                log.warning("retention: %d of %d %s wait (%s)", lot.due, lot.total, lot.name, why)
                audit.record(writer, by, "retention.wait", lot.name, due=lot.due, why=why)

    def _remove(self, lot: Lot, by: Caller) -> None:
        now = self.clock()
        if lot.name == keeping.TRASH:
            # Its files go after the commit of its rows, so that it is not within another.
            removed = discarding.empty(self.database, self.settings, now)
        with self.database.write() as writer:
            if lot.name == keeping.AUDIT:
                before = keeping.acts_before(self.database, lot, now)
                removed = audit.forget_before(writer, by, before) if lot.due else 0
            elif lot.name != keeping.TRASH:
                removed = keeping.remove(writer, lot, now)
            if removed and lot.days:
                audit.record(
                    writer, by, "retention.remove", lot.name, removed=removed, days=lot.days
                )
            keeping.ran(writer, lot, removed, now)
        leftovers.clear(self.database, self.settings)
