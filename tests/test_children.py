"""The model runner is given up where it runs and says nothing, and nowhere else."""

import msgspec
import pytest

from appliance.children import PATIENCE_SECONDS, Watch
from appliance.errors import Unavailable
from appliance.processes import ChildState


class Runner:
    """A runner as its keeper and its client see it, and a clock: all three as a test sets them."""

    def __init__(self) -> None:
        self.state = ChildState(name="runner", state="running", pid=1)
        self.answers = True
        self.now = 0.0

    def health(self) -> None:
        if not self.answers:
            raise Unavailable("engine_down")

    def becomes(self, **changes: object) -> None:
        self.state = msgspec.structs.replace(self.state, **changes)


@pytest.fixture
def runner() -> Runner:
    return Runner()


@pytest.fixture
def watch(runner: Runner) -> Watch:
    return Watch(runner, runner, clock=lambda: runner.now)  # type: ignore[arg-type]


def silent(runner: Runner, watch: Watch, *, seconds: float, looks: int = 12) -> float:
    """How long it is held to have been silent, after looks during so many seconds."""
    found = 0.0
    for _ in range(looks):
        runner.now += seconds / looks
        found = watch.silent_for()
    return found


def test_one_that_answers_lives(runner: Runner, watch: Watch) -> None:
    assert silent(runner, watch, seconds=10 * PATIENCE_SECONDS) == 0.0


def test_one_that_runs_and_stays_silent_is_given_up(runner: Runner, watch: Watch) -> None:
    watch.silent_for()
    runner.answers = False

    assert silent(runner, watch, seconds=PATIENCE_SECONDS) == 0.0
    assert silent(runner, watch, seconds=1, looks=1) == PATIENCE_SECONDS + 1


def test_one_that_answers_again_in_time_starts_afresh(runner: Runner, watch: Watch) -> None:
    runner.answers = False
    silent(runner, watch, seconds=PATIENCE_SECONDS - 1)
    runner.answers = True
    watch.silent_for()
    runner.answers = False

    assert silent(runner, watch, seconds=PATIENCE_SECONDS - 1) == 0.0


def test_one_that_ended_is_left_to_its_keeper(runner: Runner, watch: Watch) -> None:
    runner.answers = False
    runner.becomes(state="restarting", pid=None)

    assert silent(runner, watch, seconds=100 * PATIENCE_SECONDS) == 0.0


def test_one_that_was_started_again_has_its_time_to_start(runner: Runner, watch: Watch) -> None:
    runner.answers = False
    silent(runner, watch, seconds=PATIENCE_SECONDS - 1)
    runner.becomes(pid=2)

    assert silent(runner, watch, seconds=PATIENCE_SECONDS, looks=1) == 0.0
    assert silent(runner, watch, seconds=PATIENCE_SECONDS, looks=1) == 0.0
    assert silent(runner, watch, seconds=2, looks=1) > PATIENCE_SECONDS
