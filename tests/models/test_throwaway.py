"""Work in a child that may die: what it printed, or how it ended."""

import signal
import sys
from pathlib import Path

import pytest

from appliance.models import throwaway


def interpreter(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the child be a shell script instead of Python."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


def descriptors() -> int:
    """How many this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_what_a_child_prints_is_its_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter(tmp_path, monkeypatch, 'echo "$1 $2 $3"')

    ended = throwaway.run("some.module", "a b", seconds=60)

    assert ended == (0, b"-m some.module a b\n")


def test_its_threads_do_not_spin_and_no_debugger_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter(tmp_path, monkeypatch, 'echo "$OMP_WAIT_POLICY $GGML_NO_BACKTRACE"')

    assert throwaway.run("m", seconds=60).printed == b"passive 1\n"


def test_a_crash_is_an_answer_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter(tmp_path, monkeypatch, "echo half; kill -ABRT $$")

    ended = throwaway.run("m", seconds=60)

    assert (ended.status, ended.reason, ended.printed) == (-signal.SIGABRT, "SIGABRT", b"half\n")


def test_a_child_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter(tmp_path, monkeypatch, "exec sleep 600")

    assert throwaway.run("m", seconds=0.2).reason == "SIGKILL"


def test_no_descriptor_is_left_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter(tmp_path, monkeypatch, "exit 3")
    before = descriptors()

    assert throwaway.run("m", seconds=60).reason == "exit 3"
    assert descriptors() == before


def test_a_program_that_is_not_there_raises_and_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    before = descriptors()

    with pytest.raises(FileNotFoundError):
        throwaway.run("m", seconds=60)
    assert descriptors() == before


def test_who_waits_may_give_up_and_the_child_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter(tmp_path, monkeypatch, f"echo $$ > {tmp_path}/pid; exec sleep 600")
    monkeypatch.setattr(throwaway, "LOOK_SECONDS", 0.05)
    before = descriptors()

    def look() -> None:
        if (tmp_path / "pid").exists():
            raise InterruptedError

    with pytest.raises(InterruptedError):
        throwaway.run("m", seconds=60, look=look)

    pid = int((tmp_path / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()
    assert descriptors() == before
