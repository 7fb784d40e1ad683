"""Questions come first: the worker learns in two microseconds that somebody is answered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.precedence import LEASE_SECONDS, Precedence


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "answering"


def test_while_somebody_is_answered_the_worker_knows(place: Path) -> None:
    web, worker = Precedence(place), Precedence(place)

    before = worker.claimed()
    with web.answering():
        during = worker.claimed()

    assert (before, during, worker.claimed()) == (False, True, False)


def test_of_two_who_are_answered_at_once_the_last_one_ends_it(place: Path) -> None:
    web, worker = Precedence(place), Precedence(place)

    with web.answering():
        with web.answering():
            pass
        assert worker.claimed()
    assert not worker.claimed()


def test_an_answer_that_fails_ends_it_too(place: Path) -> None:
    web = Precedence(place)

    with pytest.raises(RuntimeError), web.answering():
        raise RuntimeError

    assert not web.claimed()


def test_a_web_process_that_died_while_answering_is_believed_for_a_while_only(place: Path) -> None:
    clock = Clock()
    Precedence(place, clock=clock)._count(1)
    worker = Precedence(place, clock=clock)

    assert worker.claimed()
    clock.now += LEASE_SECONDS + 1
    assert not worker.claimed()


def test_what_was_written_before_the_machine_started_anew_is_not_believed(place: Path) -> None:
    clock = Clock()
    clock.now = 1_000_000.0
    Precedence(place, clock=clock)._count(1)

    assert not Precedence(place, clock=Clock()).claimed()


def test_another_process_sees_it(place: Path) -> None:
    web = Precedence(place)
    look = (
        "import sys; from pathlib import Path; from appliance.precedence import Precedence\n"
        "print(Precedence(Path(sys.argv[1])).claimed())"
    )

    with web.answering():
        seen = subprocess.run(
            [sys.executable, "-c", look, place], capture_output=True, text=True, check=True
        )

    assert seen.stdout.strip() == "True"


def test_an_answer_that_outlives_the_house_writes_into_nobody_elses_file(place: Path) -> None:
    web = Precedence(place)
    with web.answering():
        web.close()
        taken = os.open(place.with_name("other"), os.O_RDWR | os.O_CREAT)  # the same number
    os.close(taken)
    web.close()

    assert place.with_name("other").read_bytes() == b""


def test_nobody_else_on_the_machine_may_say_it(place: Path) -> None:
    Precedence(place)

    assert place.stat().st_mode & 0o777 == 0o600
