"""Real model runners in processes of their own, for the tests that talk to one."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.errors import Unavailable
from appliance.models.client import RunnerClient
from appliance.models.wire import Condition
from appliance.processes import Supervised

PROBE = Path(__file__).parents[2] / "models" / "probe.gguf"
MISTRAL = "mistral-7b-instruct-v0.3"
MOST_SECONDS = 120.0  # on a machine that is busy with other things
LOG = logging.getLogger("tests.runners")


@contextmanager
def running(folder: Path, *options: str) -> Iterator[tuple[RunnerClient, Supervised]]:
    """A supervised runner whose socket and models lie in ``folder``, one thread each."""
    path = folder / "runner.sock"
    argv = [sys.executable, "-m", "appliance.models.runner", "--socket", str(path)]
    argv += ["--folder", str(folder / "models"), "--threads", "1", *options]
    child = Supervised("runner", argv, {"OMP_NUM_THREADS": "1"}, log=LOG, first_pause=0.2)
    child.start()
    try:
        yield RunnerClient(path), child
    finally:
        child.stop(grace=10)


def until(client: RunnerClient, wanted: Callable[[Condition], bool]) -> Condition:
    """The runner's health, asked again until it is as wanted."""
    deadline = time.monotonic() + MOST_SECONDS
    seen: object = None
    while time.monotonic() < deadline:
        try:
            seen = condition = client.health()
            if wanted(condition):
                return condition
        except Unavailable as refusal:
            seen = refusal
        time.sleep(0.05)
    raise AssertionError(f"still {seen!r} after {MOST_SECONDS} s")


def settled(condition: Condition) -> bool:
    """Neither model is being loaded any more."""
    return "loading" not in (condition.embedder.state, condition.language.state)
