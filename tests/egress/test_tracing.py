"""What a program tries to reach is seen, by strace and by the hook (ZE-02)."""

import shutil
import sys
from pathlib import Path

import pytest

from appliance.egress.tracing import Attempt, Trace, tracer
from appliance.processes import finished

pytestmark = pytest.mark.guarantee("ZE-02")

CONNECTS = """
import contextlib, socket
with contextlib.suppress(OSError), socket.socket() as tried:
    tried.settimeout(1)
    tried.connect(("192.0.2.1", 9))
with contextlib.suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as tried:
    text = b'sa_family=AF_INET sin_port=htons(1) inet_addr("203.0.113.9"'
    tried.sendto(text, ("2001:db8::1", 53))
with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname()).close()
with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as tried:
    tried.connect("/nowhere")
"""
GRANDCHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CONNECTS!r}])"
LOOKS_UP = "import socket; socket.gethostbyname('nome.invalid')"
ROOM = [sys.executable, "-m", "appliance.egress.room"]


def tried(code: str, by: str, folder: Path) -> list[Attempt]:
    trace = Trace(folder / "trace", by)
    finished([*ROOM, *trace.around([sys.executable, "-c", code])], trace.environment)
    return trace.attempts()


@pytest.mark.parametrize("code", [CONNECTS, GRANDCHILD], ids=["itself", "a child of it"])
@pytest.mark.parametrize(
    ("by", "connect", "send"),
    [("strace", "connect", "sendto"), ("hook", "socket.connect", "socket.sendto")],
)
def test_every_address_outside_is_seen_and_nothing_else(by, connect, send, code, tmp_path) -> None:
    assert tried(code, by, tmp_path) == [
        Attempt(host="192.0.2.1", port=9, by=connect, times=1),
        Attempt(host="2001:db8::1", port=53, by=send, times=1),
    ]


def test_a_question_for_a_name_is_seen_by_the_hook(tmp_path: Path) -> None:
    (asked,) = tried(LOOKS_UP, "hook", tmp_path)

    assert (asked.host, asked.port) == ("nome.invalid", 0)


def test_what_c_code_does_is_seen_by_strace_alone(tmp_path: Path) -> None:
    code = (
        "import ctypes, struct\n"
        "c = ctypes.CDLL(None)\n"
        "address = struct.pack('!HH4s8x', 0, 9, bytes([192, 0, 2, 1]))\n"
        "address = struct.pack('=H', 2) + address[2:]\n"
        "c.connect(c.socket(2, 2, 0), address, 16)"
    )

    (seen,) = tried(code, "strace", tmp_path)

    assert (seen.host, seen.port, seen.by) == ("192.0.2.1", 9, "connect")
    (tmp_path / "trace").unlink()
    assert tried(code, "hook", tmp_path) == []


def test_the_trace_holds_no_text_of_what_was_sent(tmp_path: Path) -> None:
    code = "import socket; a, b = socket.socketpair(); a.sendall(b'canary'); a.sendmsg([b'canary'])"

    tried(code, "strace", tmp_path)

    assert "sendto" in (tmp_path / "trace").read_text()
    assert "canary" not in (tmp_path / "trace").read_text()


def test_many_tries_of_one_address_are_one_line(tmp_path: Path) -> None:
    line = '7 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")'
    (tmp_path / "trace").write_text(f"{line}, 16) = 0\n{line}, 16 <unfinished ...>\n")

    (seen,) = Trace(tmp_path / "trace", "strace").attempts()

    assert (seen.host, seen.port, seen.times) == ("10.0.0.1", 53, 2)


def test_loopback_in_any_dress_is_this_machine(tmp_path: Path) -> None:
    lines = [
        '["socket.connect", "127.8.9.1", 80]',
        '["socket.connect", "::1", 80]',
        '["socket.connect", "::ffff:127.0.0.1", 80]',
        '["socket.getaddrinfo", "localhost", 0]',
        '["socket.connect", "::ffff:192.0.2.1", 80]',
    ]
    (tmp_path / "trace").write_text("\n".join(lines))

    seen = Trace(tmp_path / "trace", "hook").attempts()

    assert [one.host for one in seen] == ["::ffff:192.0.2.1"]


def test_without_strace_the_hook_has_to_do(monkeypatch) -> None:
    assert tracer() == "strace"

    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert tracer() == "hook"


def test_a_strace_that_may_not_trace_is_none(monkeypatch, tmp_path: Path) -> None:
    forbidden = tmp_path / "strace"
    forbidden.write_text("#!/bin/sh\nexit 1\n")
    forbidden.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    assert tracer() == "hook"
