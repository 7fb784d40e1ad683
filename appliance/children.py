"""The processes that ``serve`` keeps beside its own: the model runner and the worker."""

import contextlib
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from appliance.errors import Unavailable
from appliance.models.client import RunnerClient
from appliance.models.hardware import LARGE_PAGES
from appliance.processes import Supervised
from appliance.settings import Settings

# A runner that starts imports its libraries first, half a minute on a slow disk.
PATIENCE_SECONDS = 120.0

log = logging.getLogger("appliance")


def runner(settings: Settings, *, also: Sequence[str] = ()) -> Supervised:
    """The model runner as a child; ``also`` names embedders beside that of the settings."""
    return Supervised(
        "runner",
        [
            sys.executable, "-m", "appliance.models.runner",
            "--socket", str(socket_path(settings)),
            "--folder", str(settings.data / "models"),
            "--embedder", settings.embedder,
            "--answering", str(answering_path(settings)),
            *(word for name in also for word in ("--also", name)),
            "--language", settings.language_model,
            "--threads", str(settings.threads),
            "--log-level", settings.log_level,
        ],
        LARGE_PAGES,
        log=log,
    )  # fmt: skip


def worker(settings: Settings) -> Supervised:
    """The worker as a child. It gets its settings as they are here, by environment."""
    values = {f"APPLIANCE_{name.upper()}": str(value) for name, value in _as_dict(settings)}
    return Supervised("worker", [sys.executable, "-m", "appliance", "work"], values, log=log)


class Watch:
    """Whether the model runner, where it runs, still answers. One that ended is started
    again by whoever keeps it, and is no matter here; one that stands still is."""

    def __init__(
        self,
        child: Supervised,
        client: RunnerClient,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._child = child
        self._client = client
        self._clock = clock
        self._pid: int | None = None
        self._lived_at = clock()

    def silent_for(self) -> float:
        """For how many seconds it has been silent, 0.0 while that is within patience.
        Asks it, which takes some seconds where it does not answer."""
        state = self._child.state
        if state.state != "running" or state.pid != self._pid or self._answers():
            self._pid, self._lived_at = state.pid, self._clock()
        silent = self._clock() - self._lived_at
        return silent if silent > PATIENCE_SECONDS else 0.0

    def _answers(self) -> bool:
        try:
            self._client.health()
        except Unavailable:
            return False
        return True


@contextlib.contextmanager
def kept(children: list[Supervised]) -> Iterator[None]:
    """Start the children, and stop them at the end, the last one first."""
    for child in children:
        child.start()
    try:
        yield
    finally:
        for child in reversed(children):
            child.stop(grace=5.0)


def socket_path(settings: Settings) -> Path:
    """Where the model runner listens."""
    return settings.data / "runner.sock"


def answering_path(settings: Settings) -> Path:
    """Where it stands that somebody is being answered."""
    return settings.data / "answering"


def _as_dict(settings: Settings) -> list[tuple[str, object]]:
    values = msgspec.structs.asdict(settings) | {"data_dir": str(settings.data)}
    return list(values.items())
