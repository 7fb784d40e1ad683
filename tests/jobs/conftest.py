"""A house for the tests of work done later: a database, a queue and a collection."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from appliance import collections
from appliance.database import Database
from appliance.jobs import queue as queue_module
from appliance.jobs.queue import Queue
from appliance.settings import Settings
from tests.jobs.office import office
from tests.town import canary, here, web

__all__ = ["canary", "here", "office", "web"]


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.data / "appliance.db")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def queue(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setattr(queue_module, "SWEEP_SECONDS", 0.1)
    queue = Queue(settings.data / "queue.db")
    yield queue
    queue.close()


@pytest.fixture
def collection(database: Database) -> str:
    with database.write() as db:
        return collections.create(db, "Regulations").id


def eventually(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for another thread or process to make something true."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        pause.wait(0.05)
