"""The fail point: a crash where a test wants one, and nothing at all otherwise."""

import os
import signal
import subprocess
import sys

from appliance.jobs import failpoint

THREE_STEPS = """
from appliance.jobs.failpoint import step
for name in ("one", "two", "three"):
    step(name)
    print(name, flush=True)
"""


def run(**variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", THREE_STEPS],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_the_variable_every_step_is_passed() -> None:
    assert run().stdout.split() == ["one", "two", "three"]


def test_the_process_dies_at_the_step_with_the_number_asked_for_and_names_it() -> None:
    died = run(**{failpoint.VARIABLE: "2"})

    assert died.returncode == -signal.SIGKILL
    assert died.stdout.split() == ["one"]
    assert died.stderr == "crash at step 2: two\n"


def test_a_number_beyond_the_last_step_changes_nothing() -> None:
    assert run(**{failpoint.VARIABLE: "4"}).returncode == 0
