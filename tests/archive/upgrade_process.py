"""An upgrade or a rollback in a process of its own, to be killed at a step of it."""

import os
import resource
from pathlib import Path

from appliance.archive import undoing, upgrading
from appliance.errors import Unavailable
from appliance.jobs import failpoint


def run(act: str, data: Path, crash_at: int) -> None:
    os.environ[failpoint.VARIABLE] = str(crash_at)
    {"upgrade": upgrading.upgrade, "rollback": undoing.undo}[act](data)


def run_on_a_full_disk(data: Path, most: int) -> None:
    """No file may grow beyond so many bytes. Exits 7 where the upgrade is refused."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        upgrading.upgrade(data)
    except Unavailable as refusal:
        os._exit(7 if refusal.code == "upgrade_failed" else 1)
