"""Holding the data folder, and bringing older data to this version while nobody else has it."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from appliance import audit
from appliance.archive import upgrading
from appliance.archive.upgrading import Snapshot
from appliance.database import Database
from appliance.errors import Conflict
from appliance.jobs.worker import only_one
from appliance.records import Caller

ACT = "data.upgrade"


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold the data folder. Raises ``Conflict`` (``already_running``): two appliances on
    one folder would each believe that they own it."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("already_running", folder=str(data)) from None
        yield


def brought_up(data: Path, caller: Caller) -> Snapshot | None:
    """Upgrade the data where it is an older version's; whoever calls holds the folder.

    Raises as ``upgrading.upgrade``, and ``Conflict`` where a worker is at work.
    """
    if not upgrading.pending(data):
        return None
    with only_one(data):
        made = upgrading.upgrade(data)
    if made:
        database = Database(data / "appliance.db")
        try:
            with database.write() as db:
                audit.record(db, caller, ACT, made.id, steps=len(upgrading.applied(database.path)))
        finally:
            database.close()
    return made


def ready(data: Path, caller: Caller) -> None:
    """For a command: upgrade older data, which a running older program may not be at.

    Raises ``Conflict`` (``already_running``) where one is.
    """
    if upgrading.pending(data):
        with alone(data):
            brought_up(data, caller)
