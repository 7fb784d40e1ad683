"""A room without a door: a network of its own, in which only loopback is up (ZE-01)."""

import os
import socket
import sys
from pathlib import Path

import pytest

from appliance.egress import room
from appliance.processes import finished

IN_THE_ROOM = [sys.executable, "-m", "appliance.egress.room"]
pytestmark = pytest.mark.guarantee("ZE-01")


def inside(code: str) -> str:
    ended = finished([*IN_THE_ROOM, sys.executable, "-c", code])
    assert ended.status == 0, ended.complaint
    return ended.printed.strip()


def test_nothing_outside_can_be_reached() -> None:
    code = (
        "import socket\n"
        "with socket.socket() as tried:\n"
        "    tried.settimeout(5)\n"
        "    print(tried.connect_ex(('192.0.2.1', 9)))"
    )

    assert os.strerror(int(inside(code))) == "Network is unreachable"


def test_a_server_of_this_machine_is_not_there_either() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = (
            "import socket\n"
            "with socket.socket() as tried:\n"
            f"    print(tried.connect_ex(('127.0.0.1', {port})))"
        )

        assert os.strerror(int(inside(code))) == "Connection refused"


@pytest.mark.parametrize(("family", "address"), [("AF_INET", "127.0.0.1"), ("AF_INET6", "::1")])
def test_its_own_loopback_is_up(family: str, address: str) -> None:
    code = (
        "import socket\n"
        f"with socket.create_server(({address!r}, 0), family=socket.{family}) as server:\n"
        f"    socket.create_connection(({address!r}, server.getsockname()[1])).close()\n"
        "    print('met')"
    )

    assert inside(code) == "met"


def test_files_are_still_ours(tmp_path: Path) -> None:
    file = tmp_path / "made"

    inside(f"import pathlib; pathlib.Path({str(file)!r}).write_text('x')")

    assert file.stat().st_uid == os.getuid()


def test_where_the_kernel_allows_no_room_nothing_is_started(monkeypatch, tmp_path: Path) -> None:
    file = tmp_path / "made"
    monkeypatch.setattr(room, "enter", lambda: False)

    with pytest.raises(SystemExit) as ended:
        room.main([sys.executable, "-c", f"open({str(file)!r}, 'w')"])

    assert ended.value.code == room.CLOSED
    assert not file.exists()
