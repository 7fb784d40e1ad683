"""A command of a process of its own, to be killed: forked from one that has loaded it all."""

import os
from collections.abc import Sequence

from appliance.cli import appliance
from appliance.cli import backup as _loaded  # noqa: F401 - before the fork, a second each
from appliance.jobs import failpoint


def run(words: Sequence[str], crash_at: int, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    os.environ[failpoint.VARIABLE] = str(crash_at)
    appliance(list(words), prog_name="appliance")
