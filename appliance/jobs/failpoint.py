"""Where the crash tests pull the plug.

Ingestion passes ``step`` after everything it commits. With ``APPLIANCE_CRASH_AT=n``
in the environment the process kills itself at the n-th of these steps; tests count
n up until a run survives, so that a new step is tested from the day it is written.
Without the variable a step does nothing.
"""

import itertools
import os
import signal
from functools import cache

VARIABLE = "APPLIANCE_CRASH_AT"

_steps = itertools.count(1)


def step(name: str) -> None:
    """Pass a step; ``name`` says in the process's output where a crash happened."""
    if (crash_at := _crash_at()) and next(_steps) == crash_at:
        os.write(2, f"crash at step {crash_at}: {name}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)


@cache
def _crash_at() -> int:
    return int(os.environ.get(VARIABLE, "0"))
