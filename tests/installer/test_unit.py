"""The unit is as tight as it can be, and the whole main job is done under its limits."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.installer import limits
from tests.installer.conftest import CHECKOUT

UNIT = CHECKOUT / "installer" / "balcao.service"
LOOSEST = 2.0
PATIENCE = 200.0  # seconds; other tests are at work beside
# What torch and llama.cpp do, and readers of documents need, for which the unit stays open.
MEANT = {
    "MemoryDenyWriteExecute", "ProcSubset", "RestrictNamespaces_user", "RestrictNamespaces_pid",
    "RestrictNamespaces_net", "RestrictNamespaces_mnt", "SystemCallFilter_resources",
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The one folder that can be written to."""
    folder = tmp_path / "lib"
    folder.mkdir(mode=0o700)
    return folder


def under_limits(place: Path, *program: str, **environment: str) -> subprocess.Popen[str]:
    """A program of this Python, started as the unit would."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.installer.limits", str(UNIT), str(place),
         sys.executable, *program],
        cwd=CHECKOUT,
        env={"PATH": os.defpath, "TMPDIR": str(place), "HOME": str(place), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


TRIES = {
    "open(os.environ['HOME'] + '/x', 'w').close()": "done",
    "open('/etc/x', 'w')": "OSError 30",
    f"open({str(CHECKOUT / 'x')!r}, 'w')": "OSError 30",
    "socket.socket(socket.AF_INET).close()": "done",
    "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)": "OSError 97",
    "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)": "OSError 97",
    "call('unshare', 0x04000000)": "PermissionError 1",  # another name for the machine
    "call('mount', b'none', b'/mnt', b'tmpfs', 0, None)": "PermissionError 1",
    "call('ptrace', 0, 0, 0, 0)": "PermissionError 1",
    "os.chroot('/')": "PermissionError 1",
    "os.chown(os.environ['HOME'], 0, 0)": "PermissionError 1",
    "os.setuid(os.getuid())": "PermissionError 1",
    "os.nice(5)": "done",
}
SCRIPT = """
import ctypes, json, os, socket, sys
kernel = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(kernel, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)
def tried(code):
    try:
        exec(code)
    except OSError as fault:
        return f"{type(fault).__name__} {fault.errno}"
    return "done"
print(json.dumps({code: tried(code) for code in sys.argv[1:]}))
"""


@pytest.fixture(scope="module")
def tries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What came of each try under the limits."""
    child = under_limits(tmp_path_factory.mktemp("tries"), "-c", SCRIPT, *TRIES)
    said, complaint = child.communicate(timeout=PATIENCE)
    assert child.returncode == 0, complaint
    found: dict[str, str] = json.loads(said)
    return found


class Systemd:
    """The end at which systemd listens; like it, it takes everything at once."""

    def __init__(self, address: Path) -> None:
        self.address = str(address)
        self._told: queue.Queue[str] = queue.Queue()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while message := self._socket.recv(1000):
            for line in message.decode().splitlines():
                self._told.put(line)

    def hears(self, wanted: str) -> None:
        """Wait until it is told."""
        while self._told.get(timeout=PATIENCE) != wanted:
            pass

    def close(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ending:
            ending.sendto(b"", self.address)
        self._thread.join()
        self._socket.close()


@pytest.fixture
def systemd(place: Path) -> Iterator[Systemd]:
    listening = Systemd(place / "notify")
    yield listening
    listening.close()


def examined(*arguments: str) -> str:
    return subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", *arguments, str(UNIT)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def test_systemd_itself_finds_the_unit_tight() -> None:
    verdict = examined().splitlines()[-1]

    assert float(verdict.partition("service: ")[2].split()[0]) <= LOOSEST, verdict


def test_what_the_unit_leaves_open_is_what_the_programs_need() -> None:
    rows: list[dict[str, Any]] = json.loads(examined("--json=short"))
    # Without a network or the house's addresses it would be no server.
    of_a_server = ("RestrictAddressFamilies_AF_", "PrivateNetwork", "IPAddressDeny", "Root")
    open_left = {
        row["json_field"] for row in rows
        if row["set"] is False and not row["json_field"].startswith(of_a_server)
    }  # fmt: skip

    assert open_left - MEANT <= {"PrivateUsers", "DeviceAllow"}


def test_systemd_knows_every_directive() -> None:
    found = subprocess.run(
        ["systemd-analyze", "verify", str(UNIT)], capture_output=True, text=True, check=False
    )

    # The program is not there before the installation; nothing else is to be said.
    others = [line for line in found.stderr.splitlines() if "is not executable" not in line]
    assert [line for line in others if "balcao" in line] == []


def test_a_service_that_fails_or_stands_still_is_started_again() -> None:
    told = limits.directives(UNIT)

    assert (told["Type"], told["NotifyAccess"]) == (["notify"], ["main"])
    assert (told["Restart"], told["RestartSec"]) == (["on-failure"], ["2"])
    assert int(told["WatchdogSec"][0]) > 0


@pytest.mark.parametrize("code", TRIES)
def test_what_the_limits_forbid_is_forbidden(tries: dict[str, str], code: str) -> None:
    assert tries[code] == TRIES[code]


def test_no_right_of_root_is_left(place: Path) -> None:
    child = under_limits(place, "-c", "print(open('/proc/self/status').read())")
    said, _ = child.communicate(timeout=PATIENCE)
    status = dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)

    assert {int(status[name], 16) for name in ("CapPrm", "CapEff", "CapBnd")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


def test_readers_can_still_confine_themselves(place: Path) -> None:
    script = (
        "import os\n"
        "from appliance.index.reading import confinement\n"
        "print(sorted(confinement.confine(2**29, 20, os.getppid())))\n"
    )
    said, complaint = under_limits(place, "-B", "-c", script).communicate(timeout=PATIENCE)

    assert said.strip() == "['folders', 'network', 'parent']", complaint


def test_language_models_still_compute(place: Path) -> None:
    child = under_limits(place, "-B", "-m", "appliance.models.probe")
    _, complaint = child.communicate(timeout=PATIENCE)

    assert child.returncode == 0, complaint


def test_the_whole_main_job_is_done_under_the_limits(place: Path, systemd: Systemd) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    settings = {"APPLIANCE_DATA_DIR": str(place / "data"), "APPLIANCE_PORT": port}
    watched = {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "6000000"}
    server = under_limits(place, "-B", "-m", "appliance", "serve", **settings, **watched)
    try:
        systemd.hears("READY=1")
        systemd.hears("WATCHDOG=1")
        asking = under_limits(place, "-B", "-m", "appliance", "sample", "--check", **settings)
        answers, complaint = asking.communicate(timeout=PATIENCE)
        assert asking.returncode == 0, answers + complaint
        looking = under_limits(place, "-B", "-m", "appliance", "doctor", "--json", **settings)
        found = json.loads(looking.communicate(timeout=PATIENCE)[0])["findings"]
        well = {one["check"] for one in found if one["state"] == "ok"}
        assert {"runner", "embedder", "worker", "jobs", "documents", "index"} <= well
    finally:
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=PATIENCE)
    systemd.hears("STOPPING=1")
    assert server.returncode == -signal.SIGTERM, log
