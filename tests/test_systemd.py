"""What systemd is told arrives at a real socket, and says nothing where there is none."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.systemd import Channel, channel


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The end at which systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(10)
        yield listening


def test_what_is_told_arrives_as_one_message(systemd: socket.socket) -> None:
    told = Channel(address=systemd.getsockname()).tell("READY=1", "STATUS=Atenção")

    assert told
    assert systemd.recv(1000).decode() == "READY=1\nSTATUS=Atenção"


def test_a_status_of_several_lines_stays_one_line(systemd: socket.socket) -> None:
    Channel(address=systemd.getsockname()).tell("STATUS=damaged\nMAINPID=1")

    assert systemd.recv(1000) == b"STATUS=damaged MAINPID=1"


def test_an_address_in_the_abstract_namespace_is_reached() -> None:
    name = f"balcao-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name)
        listening.settimeout(10)

        assert Channel(address="@" + name).tell("STOPPING=1")
        assert listening.recv(1000) == b"STOPPING=1"


def test_where_nobody_listens_nothing_happens(tmp_path: Path) -> None:
    assert not Channel().tell("READY=1")
    assert not Channel(address=str(tmp_path / "gone")).tell("READY=1")


def test_a_systemd_that_does_not_read_stops_nobody(systemd: socket.socket) -> None:
    way = Channel(address=systemd.getsockname())

    taken = [way.tell("WATCHDOG=1") for _ in range(2_000)]

    assert taken[0]
    assert not taken[-1]


def test_the_beat_comes_three_times_in_systemds_patience() -> None:
    found = channel({"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "30000000"})

    assert found == Channel(address="/run/x", beat=10.0)


@pytest.mark.parametrize("asked", [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "soon"}])
def test_without_a_watchdog_there_is_no_beat(asked: dict[str, str]) -> None:
    assert channel({**asked}).beat is None


def test_a_watchdog_that_is_meant_for_another_process_is_not_ours() -> None:
    ours, others = {"WATCHDOG_USEC": "3000000"}, str(os.getppid())

    assert channel({**ours, "WATCHDOG_PID": str(os.getpid())}).beat == 1.0
    assert channel({**ours, "WATCHDOG_PID": others}).beat is None


def test_the_processes_that_we_start_inherit_none_of_it() -> None:
    environment = {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "1", "A": "b"}

    channel(environment)

    assert environment == {"A": "b"}
