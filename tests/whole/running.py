"""A real appliance for a test: ``appliance serve`` with its children, as a person starts it."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

Found = TypeVar("Found")
ENDED = {"ready", "failed"}


class Running:
    """An appliance over ``data``; ``start`` again after it died. ``folder`` holds another
    copy of the product than this checkout, ``within`` is what its processes are started by
    and ``beside`` what a command beside them is."""

    def __init__(
        self,
        data: Path,
        *,
        folder: Path | None = None,
        within: Sequence[str] = (),
        beside: Callable[[int], Sequence[str]] = lambda pid: (),
        **environment: str,
    ) -> None:
        self.data = data
        self.folder = folder
        self.within = within
        self.beside = beside
        self.port = _free_port()
        self.environment = {
            "APPLIANCE_DATA_DIR": str(data),
            "APPLIANCE_PORT": str(self.port),
            "APPLIANCE_LOG_LEVEL": "warning",
        } | environment
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.client = httpx.Client(base_url=self.address, timeout=60, trust_env=False)

    def start(self) -> float:
        """Start, and wait until questions can be asked; the seconds that took."""
        began = time.monotonic()
        self.begin()
        eventually(self.is_ready, "the appliance did not become ready")
        return time.monotonic() - began

    def begin(self) -> None:
        """Start, and wait for nothing."""
        self.process = subprocess.Popen(
            [*self.within, sys.executable, "-m", "appliance", "serve"],
            env=os.environ | self.environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )

    def asked(self, path: str) -> httpx.Response | None:
        """What it answers to a GET, None while nobody listens."""
        try:
            return self.client.get(path)
        except httpx.TransportError:
            return None

    def stop(self) -> None:
        """End it as systemd would."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        self.client.close()

    def command(self, *arguments: str) -> str:
        """Run a command beside it; what it printed."""
        beside = self.beside(self.process.pid) if self.process else ()
        done = subprocess.run(
            [*beside, sys.executable, "-m", "appliance", *arguments],
            env=os.environ | self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def with_key(self) -> None:
        """Let the client call with an administrator's key."""
        printed = self.command("key", "create", "--name", "test", "--scope", "admin", "--json")
        secret = re.search(r'"secret":\s*"([^"]+)"', printed)
        assert secret, printed
        self.client.headers["authorization"] = f"Bearer {secret[1]}"

    def child(self, module: str) -> psutil.Process | None:
        """The descendant that runs a module, if it lives."""
        assert self.process
        with contextlib.suppress(psutil.NoSuchProcess):
            for one in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    if module in " ".join(one.cmdline()):
                        return one
        return None

    def kill(self, module: str) -> None:
        """``kill -9`` of the web process ("") or of the descendant that runs a module."""
        assert self.process
        if not module:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            return
        found = eventually(lambda: self.child(module), f"{module} does not run")
        found.kill()

    def system(self) -> dict[str, Any]:
        """The status page."""
        return dict(self.client.get("/api/system").json())

    def part(self, name: str) -> dict[str, Any]:
        """A process as the status page has it: ``runner`` or ``worker``."""
        return next(part for part in self.system()["parts"] if part["name"] == name)

    def assistant(self, name: str = "Secretaria") -> dict[str, Any]:
        """A new assistant."""
        return dict(self.client.post("/api/assistants", json={"name": name}).json())

    def upload(self, collection: str, name: str, content: bytes) -> str:
        """Upload a file; the document's id."""
        sent = self.client.post(
            f"/api/collections/{collection}/documents", files={"file": (name, content)}
        )
        assert sent.status_code == 202, sent.text
        return str(sent.json()["documents"][0]["id"])

    def document(self, document: str) -> dict[str, Any]:
        """A document as it is now."""
        return dict(self.client.get(f"/api/documents/{document}").json())

    def read(self, document: str, seconds: float = 120) -> dict[str, Any]:
        """A document when its reading has ended."""

        def ended() -> dict[str, Any] | None:
            found = self.document(document)
            return found if found["state"] in ENDED else None

        return eventually(ended, f"{document} was not read", seconds)

    def line(self) -> http.client.HTTPConnection:
        """A connection of its own, which fails soon."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)

    def is_ready(self) -> bool:
        """Whether questions can be asked; raises where it has ended."""
        assert self.process
        assert self.process.poll() is None, "the appliance ended"
        connection = self.line()
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextlib.contextmanager
def running(data: Path, **environment: str) -> Iterator[Running]:
    """A started appliance with a key, stopped at the end."""
    appliance = Running(data, **environment)
    appliance.start()
    try:
        appliance.with_key()
        yield appliance
    finally:
        appliance.stop()


def eventually(look: Callable[[], Found | None], otherwise: str, seconds: float = 60) -> Found:
    """What ``look`` finds, asked every 50 ms until it is something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(otherwise)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
