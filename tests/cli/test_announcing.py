"""A served application tells systemd: ready when the port is open, alive while it is, stopping."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from appliance.cli.announcing import Announced
from appliance.systemd import Channel

PATIENCE = 30.0  # seconds; other tests are at work beside


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The end at which systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(PATIENCE)
        yield listening


class Application:
    """Answers nothing; ``loop`` is the event loop that it is served on, ``port`` where."""

    loop: asyncio.AbstractEventLoop
    port = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            self.loop = asyncio.get_running_loop()
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})


@contextmanager
def served(systemd: socket.socket, *, ailment: Callable[[], str] = str) -> Iterator[Application]:
    """An application that is served on a thread, telling ``systemd`` ten times a second."""
    application = Application()
    with socket.create_server(("127.0.0.1", 0)) as free:
        application.port = free.getsockname()[1]
    config = uvicorn.Config(application, port=application.port, log_config=None)
    way = Channel(address=systemd.getsockname(), beat=0.1)
    server = Announced(config, way, status="Serving", ailment=ailment)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield application
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
    assert not thread.is_alive()


def heard(systemd: socket.socket, wanted: str) -> list[str]:
    """What was told until ``wanted`` was told, which is the last."""
    told: list[str] = []
    while wanted not in told:
        told += systemd.recv(1000).decode().splitlines()
    return told


def forget(systemd: socket.socket) -> None:
    """Take what has been told so far."""
    systemd.setblocking(False)
    try:
        while systemd.recv(1000):
            pass
    except BlockingIOError:
        systemd.settimeout(PATIENCE)


def test_it_is_ready_when_its_port_is_open(systemd: socket.socket) -> None:
    with served(systemd) as application:
        assert systemd.recv(1000) == b"READY=1\nSTATUS=Serving"
        socket.create_connection(("127.0.0.1", application.port), PATIENCE).close()


def test_a_port_that_is_taken_is_never_ready(systemd: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = uvicorn.Config(Application(), port=taken.getsockname()[1], log_config=None)
        server = Announced(config, Channel(address=systemd.getsockname(), beat=0.1), status="")

        with pytest.raises(SystemExit):
            server.run()

    systemd.setblocking(False)
    with pytest.raises(BlockingIOError):
        systemd.recv(1000)


def test_it_says_that_it_lives_again_and_again_and_then_that_it_stops(
    systemd: socket.socket,
) -> None:
    with served(systemd):
        heard(systemd, "WATCHDOG=1")
        heard(systemd, "WATCHDOG=1")

    assert "READY=1" not in heard(systemd, "STOPPING=1")


def test_an_event_loop_that_stands_still_does_not_say_that_it_lives(
    systemd: socket.socket,
) -> None:
    go, stands = threading.Event(), threading.Event()

    def stand() -> None:
        stands.set()
        go.wait(PATIENCE)

    with served(systemd) as application:
        heard(systemd, "WATCHDOG=1")
        application.loop.call_soon_threadsafe(stand)
        assert stands.wait(PATIENCE)
        forget(systemd)
        systemd.settimeout(1.0)  # ten beats

        with pytest.raises(TimeoutError):
            systemd.recv(1000)

        systemd.settimeout(PATIENCE)
        go.set()
        heard(systemd, "WATCHDOG=1")


def test_with_an_ailment_it_says_which_and_not_that_it_lives(systemd: socket.socket) -> None:
    ailments = iter(["", "The model runner is silent", "The model runner is silent"])

    with served(systemd, ailment=lambda: next(ailments, "")):
        heard(systemd, "WATCHDOG=1")
        told = heard(systemd, "WATCHDOG=1")

    assert told.count("STATUS=The model runner is silent") == 2
    assert told.index("WATCHDOG=1") > told.index("STATUS=The model runner is silent")


def test_a_slow_look_at_the_runner_holds_up_nobody(systemd: socket.socket) -> None:
    looks, go = threading.Event(), threading.Event()

    def slow() -> str:
        looks.set()
        go.wait(PATIENCE)
        return ""

    with served(systemd, ailment=slow) as application:
        assert looks.wait(PATIENCE)
        time_there = asyncio.sleep(0, time.monotonic())
        done = asyncio.run_coroutine_threadsafe(time_there, application.loop)
        assert done.result(PATIENCE) > 0
        go.set()
