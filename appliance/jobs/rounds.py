"""What the worker's rounds call again and again, and which itself looks only every so often."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from appliance.database import Database
from appliance.jobs.queue import Queue
from appliance.settings import Settings
from appliance.vault import Vault


def now() -> datetime:
    """The moment, with its zone."""
    return datetime.now(UTC)


class Round:
    """``look`` is called in each round; at most once in ``look_every`` seconds it is ``due``."""

    EVERY_SECONDS = 60.0

    def __init__(
        self,
        database: Database,
        settings: Settings,
        queue: Queue,
        vault: Vault,
        *,
        clock: Callable[[], datetime] = now,
        look_every: float | None = None,
    ) -> None:
        self.database = database
        self.settings = settings
        self.queue = queue
        self.vault = vault
        self.clock = clock
        self.look_every = self.EVERY_SECONDS if look_every is None else look_every
        self._looked_at = -self.look_every

    def due(self) -> bool:
        """Whether it is time to look; asked once, it is not again for ``look_every``."""
        moment = time.monotonic()
        if moment - self._looked_at < self.look_every:
            return False
        self._looked_at = moment
        return True
