"""The children that the appliance keeps: started, watched, started again, ended."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from appliance.errors import sentences
from appliance.processes import ChildState, Supervised

LOG = logging.getLogger("tests.processes")
PYTHON = sys.executable
SLEEPER = [PYTHON, "-c", "import time; time.sleep(600)"]


def child(*argv: str, **options: float) -> Supervised:
    pauses = {"first_pause": 0.05, "longest_pause": 0.2} | options
    return Supervised("child", argv, {"GREETING": "bom dia"}, log=LOG, **pauses)


def until(happened: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def gone(pid: int) -> bool:
    """No such process, not even a zombie."""
    return not psutil.pid_exists(pid)


def test_a_child_runs_from_start_to_stop() -> None:
    kept = child(*SLEEPER)
    assert kept.state == ChildState(name="child", state="stopped")

    kept.start()
    until(lambda: kept.state.state == "running")
    pid = kept.state.pid
    assert pid is not None
    assert psutil.pid_exists(pid)

    kept.stop()
    assert kept.state == ChildState(name="child", state="stopped")
    assert gone(pid)


def test_a_child_gets_its_environment_on_top_of_ours(tmp_path: Path) -> None:
    code = (
        "import os, sys; open(sys.argv[1], 'w').write(os.environ['GREETING'] + os.environ['PATH'])"
    )
    note = tmp_path / "note"
    kept = child(PYTHON, "-c", f"{code}; import time; time.sleep(600)", str(note))

    kept.start()
    until(lambda: note.exists() and note.read_text() == "bom dia" + os.environ["PATH"])
    kept.stop()


def test_a_child_that_is_killed_is_started_again_and_says_by_what() -> None:
    kept = child(*SLEEPER)
    kept.start()
    until(lambda: kept.state.state == "running")
    first = kept.state.pid
    assert first is not None

    # Not before the shim has become the program: a signal to it is a signal too.
    os.kill(first, signal.SIGSEGV)

    until(lambda: kept.state.state == "running" and kept.state.pid != first)
    state = kept.state
    assert state.restarts == 1
    assert state.reason is not None
    assert (state.reason.code, state.reason.facts["signal"]) == ("child_killed", "SIGSEGV")
    assert gone(first)
    kept.stop()


def test_a_child_that_fails_at_once_is_tried_more_and_more_rarely(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = child(PYTHON, "-c", "raise SystemExit(7)")
    kept.start()
    until(lambda: kept.state.restarts >= 4)
    state = kept.state
    kept.stop()

    pauses = [record.args[-1] for record in caplog.records if "again in" in record.message]
    assert pauses[:4] == [0.05, 0.1, 0.2, 0.2]
    assert state.reason is not None
    assert (state.reason.code, state.reason.facts["status"]) == ("child_exited", 7)


@pytest.mark.guarantee("REL-10")
def test_a_child_that_fails_at_each_start_stands_still_also_while_it_starts() -> None:
    kept = child(PYTHON, "-c", "import time; time.sleep(0.1); raise SystemExit(7)")
    assert not kept.state.stands_still
    kept.start()
    until(lambda: kept.state.restarts >= 2)
    seen = []
    until(lambda: seen.append(kept.state) or kept.state.restarts >= 5)
    kept.stop()

    assert {one.state for one in seen} >= {"running", "restarting"}
    assert all(one.stands_still for one in seen)
    assert not kept.state.stands_still, "it was stopped"


@pytest.mark.guarantee("REL-10")
def test_a_child_that_came_back_to_stay_does_not_stand_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("appliance.processes.SETTLED_AFTER", 0.5)
    kept = child(*SLEEPER)
    kept.start()
    until(lambda: kept.state.state == "running")
    assert not kept.state.stands_still, "it never ended"
    first = kept.state.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    until(lambda: kept.state.stands_still)
    until(lambda: not kept.state.stands_still)
    state = kept.state
    kept.stop()

    assert (state.state, state.restarts) == ("running", 1)
    assert state.lived >= 0.5


def test_a_child_that_was_healthy_for_a_while_is_started_again_soon(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = child(PYTHON, "-c", "import time; time.sleep(0.1); raise SystemExit(3)", healthy_after=0)
    kept.start()
    until(lambda: kept.state.restarts >= 3)
    kept.stop()

    pauses = [record.args[-1] for record in caplog.records if "again in" in record.message]
    assert set(pauses[:3]) == {0.05}


def test_a_program_that_is_not_there_is_a_reason_and_not_an_exception() -> None:
    kept = child("/nowhere/at/all")
    kept.start()
    until(lambda: kept.state.restarts >= 1)
    state = kept.state
    kept.stop()

    assert state.reason is not None
    assert state.reason.code in {"child_exited", "child_not_started"}


def test_a_child_that_ignores_sigterm_is_killed_after_the_grace(tmp_path: Path) -> None:
    deaf = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "open(sys.argv[1], 'w').close(); time.sleep(600)"
    )
    ready = tmp_path / "ready"
    kept = child(PYTHON, "-c", deaf, str(ready))
    kept.start()
    until(ready.exists)
    pid = kept.state.pid
    assert pid is not None

    began = time.monotonic()
    kept.stop(grace=0.3)

    assert 0.3 <= time.monotonic() - began < 10
    assert gone(pid)
    assert kept.state.state == "stopped"


def test_what_a_child_started_itself_ends_with_it(tmp_path: Path) -> None:
    parent = (
        "import subprocess, sys, time; grandchild = subprocess.Popen([sys.executable, '-c',"
        "'import time; time.sleep(600)']); open(sys.argv[1], 'w').write(str(grandchild.pid));"
        "time.sleep(600)"
    )
    note = tmp_path / "grandchild"
    kept = child(PYTHON, "-c", parent, str(note))
    kept.start()
    until(lambda: note.exists() and note.read_text())
    grandchild = psutil.Process(int(note.read_text()))

    kept.stop()

    until(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


def test_stopping_while_it_waits_to_start_again_is_at_once() -> None:
    kept = child(PYTHON, "-c", "raise SystemExit(1)", first_pause=600, longest_pause=600)
    kept.start()
    until(lambda: kept.state.state == "restarting")

    began = time.monotonic()
    kept.stop()

    assert time.monotonic() - began < 5
    assert kept.state.state == "stopped"


def test_a_stopped_child_can_be_started_again() -> None:
    kept = child(*SLEEPER)
    for _ in range(2):
        kept.start()
        until(lambda: kept.state.state == "running")
        kept.stop()
    assert kept.state.state == "stopped"


def test_starting_or_stopping_twice_changes_nothing() -> None:
    kept = child(*SLEEPER)
    kept.stop()
    kept.start()
    until(lambda: kept.state.state == "running")
    pid = kept.state.pid
    kept.start()
    assert kept.state.pid == pid
    kept.stop()
    kept.stop()


def test_a_child_sits_in_a_session_of_its_own_so_ctrl_c_is_for_the_parent_alone() -> None:
    kept = child(*SLEEPER)
    kept.start()
    until(lambda: kept.state.state == "running")
    pid = kept.state.pid
    assert pid is not None

    assert os.getsid(pid) == pid != os.getsid(0)
    kept.stop()


KEEPER = """
import logging, sys, time
from appliance.processes import Supervised
kept = Supervised("child", [sys.executable, "-c", "import time; time.sleep(600)"],
                  log=logging.getLogger("keeper"))
kept.start()
while kept.state.pid is None:
    time.sleep(0.01)
print(kept.state.pid, flush=True)
time.sleep(600)
"""


def test_a_child_dies_with_its_parent_even_by_kill_9() -> None:
    with subprocess.Popen([PYTHON, "-c", KEEPER], stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout is not None
        orphan = psutil.Process(int(keeper.stdout.readline()))
        keeper.kill()

    # Whoever adopts an orphan may leave it a zombie for a while; running it is not.
    until(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE)


def test_a_child_whose_parent_died_before_it_could_ask_ends_by_itself() -> None:
    not_my_parent = str(os.getpid() + 1)
    argv = [PYTHON, "-m", "appliance.processes", not_my_parent, *SLEEPER]

    assert subprocess.run(argv, timeout=60, check=False).returncode == 1


def test_every_reason_has_a_sentence_in_every_language() -> None:
    for language in ("pt", "en", "es"):
        assert {"child_exited", "child_killed", "child_not_started"} <= set(sentences(language))


def test_a_child_is_what_the_kernel_ends_first_when_memory_runs_out(tmp_path: Path) -> None:
    told = tmp_path / "score"
    script = f"cp /proc/self/oom_score_adj {told}.part && mv {told}.part {told} && sleep 600"
    supervised = child("/bin/sh", "-c", script)
    supervised.start()
    try:
        until(told.exists)
    finally:
        supervised.stop()

    assert int(told.read_text()) > int(Path("/proc/self/oom_score_adj").read_text())
