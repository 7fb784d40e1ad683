"""Our own children: the one place that starts them, watches them and ends them. (``finished``
runs one to its end; ``Supervised`` keeps one alive.)

A child that ends by itself is started again after 1, 2, 4 … 60 seconds, and after
one second again once it lived for a minute. Four promises: a child never outlives
this process, not even a ``kill -9`` of it; Ctrl-C in a terminal reaches the parent
alone; no zombie stays; and why a child ended is known by a stable code.
"""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal

import msgspec

from appliance.records import Problem

FIRST_PAUSE = 1.0  # seconds
LONGEST_PAUSE = 60.0
LOOK_SECONDS = 0.1
SETTLED_AFTER = 15.0  # by then one that fails at its start has failed again
HEALTHY_AFTER = 60.0  # a child that lived this long starts with the first pause again
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
OOM_SCORE = Path("/proc/self/oom_score_adj")
SACRIFICED_FIRST = 500  # of -1000 to 1000

State = Literal["starting", "running", "restarting", "stopped"]


class ChildState(msgspec.Struct, frozen=True, kw_only=True):
    """How a child is. ``reason`` says why it last ended by itself; None if it never did.
    ``lived`` is for how many seconds the present one has been running."""

    name: str
    state: State
    pid: int | None = None
    reason: Problem | None = None
    restarts: int = 0
    lived: float = 0.0

    @property
    def stands_still(self) -> bool:
        """Whether it ended by itself and has not come back to stay: one that fails at each
        start runs for a moment between its ends, and does nothing then."""
        settled = self.state == "running" and self.lived >= SETTLED_AFTER
        return self.reason is not None and self.state != "stopped" and not settled


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How a program ended: ``status`` as ``subprocess`` has it, None where its time was up;
    what it printed, and the last of what it complained of."""

    status: int | None
    printed: str
    complaint: str


def finished(
    argv: Sequence[str],
    environment: Mapping[str, str] | None = None,
    *,
    seconds: float = 60.0,
    look: Callable[[], None] = lambda: None,
) -> Ended:
    """Run a program to its end, or for so many seconds. ``environment`` is added to ours.

    ``look`` is called several times a second and may raise: then, and when the time is up,
    the program and its group are killed. Its own children end with it, as ours do.
    """
    bound = [sys.executable, "-m", __name__, str(os.getpid()), *argv]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(  # noqa: S603  (our own programs, by their paths)
            bound,
            env=os.environ | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=complaints,
            start_new_session=True,
        )
        try:
            status = _waited(child, time.monotonic() + seconds, look)
        finally:
            if child.returncode is None:
                _signal_group(child, signal.SIGKILL)
                child.wait()
        return Ended(status=status, printed=_read(out), complaint=_read(complaints)[-2000:])


def _waited(child: subprocess.Popen[bytes], until: float, look: Callable[[], None]) -> int | None:
    """Its status, None where it still runs ``until`` then. Not reaped before its group is
    signalled: nobody else may get its number meanwhile."""
    ended = os.WEXITED | os.WNOWAIT | os.WNOHANG
    while os.waitid(os.P_PID, child.pid, ended) is None:
        if time.monotonic() > until:
            return None
        look()
        time.sleep(LOOK_SECONDS)
    _signal_group(child, signal.SIGKILL)
    return child.wait()


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


class Supervised:
    """One child, kept alive from ``start`` to ``stop``. Thread-safe.

    ``argv[0]`` is a program's path; ``environment`` is added to this process's own.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        environment: Mapping[str, str] | None = None,
        *,
        log: logging.Logger,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
        healthy_after: float = HEALTHY_AFTER,
    ) -> None:
        self.name = name
        self._argv = tuple(argv)
        self._environment = dict(environment or {})
        self._log = log
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._healthy_after = healthy_after
        self._lock = threading.Lock()
        self._state = ChildState(name=name, state="stopped")
        self._born = 0.0
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._keeper: threading.Thread | None = None

    @property
    def state(self) -> ChildState:
        """How the child is now."""
        with self._lock:
            lived = time.monotonic() - self._born if self._state.state == "running" else 0.0
            return msgspec.structs.replace(self._state, lived=lived)

    def start(self) -> None:
        """Start the child and keep it. Does nothing when it is being kept already."""
        with self._lock:
            if self._keeper is not None:
                return
            self._stopping.clear()
            self._state = ChildState(name=self.name, state="starting")
            # The kernel ties the child to the thread that started it, not to the
            # process, so this thread starts every child and outlives each of them.
            self._keeper = threading.Thread(
                target=self._keep, name=f"keep-{self.name}", daemon=True
            )
            self._keeper.start()

    def stop(self, grace: float = 10.0) -> None:
        """SIGTERM, and SIGKILL to it and its own children after ``grace`` seconds.

        Returns when the child is gone; does nothing when there is none.
        """
        self._stopping.set()
        with self._lock:
            keeper, child = self._keeper, self._child
            if child is not None:
                _signal(child, signal.SIGTERM)
        if keeper is None:
            return
        keeper.join(grace)
        with self._lock:
            if self._child is not None:
                self._log.warning("%s did not stop within %s s and is killed", self.name, grace)
                _signal_group(self._child, signal.SIGKILL)
        keeper.join()
        with self._lock:
            self._keeper = None

    def _keep(self) -> None:
        pause = self._first_pause
        while not self._stopping.is_set():
            born = time.monotonic()
            reason = self._live()
            if self._stopping.is_set():
                break
            if time.monotonic() - born >= self._healthy_after:
                pause = self._first_pause
            self._change(state="restarting", pid=None, reason=reason)
            self._log.warning(
                "%s ended (%s %s); again in %s s", self.name, reason.code, reason.facts, pause
            )
            self._stopping.wait(pause)
            pause = min(2 * pause, self._longest_pause)
            if not self._stopping.is_set():
                self._change(state="starting", restarts=self.state.restarts + 1)
        self._change(state="stopped", pid=None)

    def _live(self) -> Problem:
        """One life of the child, from its start to the reason of its end."""
        with self._lock:
            if self._stopping.is_set():
                return Problem(code="child_stopped", facts={"name": self.name})
            try:
                self._child = child = self._spawn()
            except OSError as fault:
                facts = {"name": self.name, "reason": fault.strerror or str(fault)}
                return Problem(code="child_not_started", facts=facts)
        self._born = time.monotonic()
        self._change(state="running", pid=child.pid)
        self._log.info("%s runs as process %s", self.name, child.pid)
        # Waited for without reaping, so that nobody signals a process that only has
        # the same number; reaped under the lock.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        with self._lock:
            # What the child started itself and left behind goes with it.
            _signal_group(child, signal.SIGKILL)
            status = child.wait()
            self._child = None
        return _reason(self.name, status)

    def _spawn(self) -> subprocess.Popen[bytes]:
        bound = [sys.executable, "-m", __name__, str(os.getpid()), *self._argv]
        return subprocess.Popen(  # noqa: S603  (our own programs, by their paths)
            bound,
            env=os.environ | self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _change(self, **fields: object) -> None:
        with self._lock:
            self._state = msgspec.structs.replace(self._state, **fields)


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if child.returncode is None:
        child.send_signal(number)


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        return  # it has not become a group of its own yet, or nothing is left of it


def _reason(name: str, status: int) -> Problem:
    if status < 0:
        return Problem(
            code="child_killed", facts={"name": name, "signal": signal.Signals(-status).name}
        )
    return Problem(code="child_exited", facts={"name": name, "status": status})


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when the thread that started it is gone.

    ``parent`` is the process that should be alive; when it is not any more (it died
    before we could ask), this process ends at once with status 1. Holds across exec.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os._exit(1)


def die_first() -> None:
    """When memory runs out, let the kernel end this process rather than its parent.

    Everybody may raise their own score; where ``/proc`` is not there to write to, the
    kernel goes by size alone. Holds across exec.
    """
    with contextlib.suppress(OSError):
        OOM_SCORE.write_text(str(SACRIFICED_FIRST), "ascii")


def main(arguments: Sequence[str]) -> None:
    """``python -m appliance.processes PARENT PROGRAM …``: tie this process to its
    parent, then become the program. So the program needs to know nothing of it."""
    parent, *argv = arguments
    die_with_parent(int(parent))
    die_first()
    os.execv(argv[0], argv)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
