"""A program that is run to its end: what it said, and that nothing of it stays."""

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from appliance.processes import finished

PYTHON = sys.executable


def test_what_it_printed_and_how_it_ended_are_told() -> None:
    code = "import sys; print('olá'); print('ai', file=sys.stderr); sys.exit(3)"

    ended = finished([PYTHON, "-c", code])

    assert (ended.status, ended.printed, ended.complaint) == (3, "olá\n", "ai\n")


def test_its_environment_comes_on_top_of_ours() -> None:
    code = "import os; print(os.environ['GREETING'], os.environ['PATH'])"

    ended = finished([PYTHON, "-c", code], {"GREETING": "bom dia"})

    assert ended.printed == f"bom dia {os.environ['PATH']}\n"


def test_a_signal_is_a_negative_status() -> None:
    assert finished([PYTHON, "-c", "import os; os.kill(os.getpid(), 9)"]).status == -9


def test_when_its_time_is_up_it_and_its_children_are_gone(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "time.sleep(600)"
    )

    def written() -> None:
        if note.exists() and note.read_text():
            raise TimeoutError

    with pytest.raises(TimeoutError):
        finished([PYTHON, "-c", code], look=written)

    until = time.monotonic() + 30
    while psutil.pid_exists(int(note.read_text())):
        assert time.monotonic() < until, "a child was left"


def test_without_an_end_in_time_there_is_no_status() -> None:
    began = time.monotonic()

    assert finished([PYTHON, "-c", "import time; time.sleep(600)"], seconds=0.3).status is None
    assert time.monotonic() - began < 60


def test_a_long_output_does_not_block_it() -> None:
    assert len(finished([PYTHON, "-c", "print('x' * 1_000_000)"]).printed) == 1_000_001
