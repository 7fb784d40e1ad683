"""Answers taken back: waiting, while their prompt is read, while they are written."""

import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from appliance.errors import Unavailable
from appliance.models import Sampling
from appliance.models.ask import Stop
from appliance.models.llama import LlamaModel
from appliance.models.rows import Part, Reading
from appliance.models.tuning import Tuning
from appliance.models.wire import Done, Failed
from tests.models.desk import (
    ENTRY,
    ONE,
    SECONDS,
    Desk,
    Gate,
    alone,
    open_gate,
)
from tests.models.runners import PROBE

LONG = Sampling(max_tokens=300)
QUESTIONS = [f"pergunta {number} sobre o prazo " * (1 + number % 3) for number in range(8)]


@pytest.fixture
def gated() -> Iterator[tuple[Desk, Gate]]:
    with open_gate(longest=4) as desk_and_gate:
        yield desk_and_gate


@pytest.mark.guarantee("REL-12")
def test_a_cancelled_answer_leaves_the_others_unharmed(gated: tuple[Desk, Gate]) -> None:
    desk, gate = gated
    first, told = desk.ask("uma pergunta", LONG)
    _, other = desk.ask("outra pergunta", LONG)
    gate.let(10)
    gate.wait(10)

    desk.scheduler.cancel(first)
    gate.let(1000)

    done = told.to_the_end()[-1]
    assert isinstance(done, Done)
    assert done.ending == "stopped"
    assert done.tokens < 12
    assert other.text() == alone("outra pergunta", LONG)
    assert desk.scheduler.totals.stopped == 1


class Slow(LlamaModel):
    """A model whose reading of a prompt does not end before it is told to halt."""

    def __init__(self) -> None:
        super().__init__(ENTRY, PROBE, tuning=ONE)
        self.reading = threading.Event()
        self.halted = False

    def read(self, parts: Sequence[Part]) -> Reading:
        if not self.halted and len(parts[0].tokens) > 100:
            self.reading.set()
            deadline = time.monotonic() + SECONDS
            while not self.halt:
                assert time.monotonic() < deadline
                time.sleep(0.001)
            self.halted = True
        return super().read(parts)  # with halt set, llama.cpp itself says that it stopped


@pytest.mark.guarantee("REL-12")
def test_a_cancelled_prompt_is_broken_off_inside_its_batch() -> None:
    model = Slow()
    desk = Desk(model)
    ask, inbox = desk.ask("uma pergunta sem fim " * 12)
    assert model.reading.wait(SECONDS)

    desk.scheduler.cancel(ask)

    done = inbox.to_the_end()[-1]
    assert isinstance(done, Done)
    assert (done.tokens, done.ending) == (0, "stopped")
    assert desk.write("outra")[0] == alone("outra", Sampling(max_tokens=24))
    desk.scheduler.close()
    model.close()


def test_a_step_that_was_broken_off_leaves_every_sequence_as_it_was() -> None:
    model = LlamaModel(ENTRY, PROBE, tuning=ONE)
    model.read([Part(0, 0, [5, 6]), Part(1, 0, [7])])
    batch = [Part(0, 2, [8], 1), Part(1, 1, [9], 1)]
    model.halt.set()
    assert model.read(batch) == "stopped"
    model.halt.clear()

    assert model.read(batch) == "read"
    model.close()


def test_a_step_that_was_broken_off_leaves_nothing_in_the_gaps() -> None:
    model = LlamaModel(ENTRY, PROBE, tuning=ONE)
    for slot in range(3):
        model.read([Part(slot, 0, [5, 6])])
    model.halt.set()
    assert model.read([Part(0, 2, [8], 1), Part(2, 2, [9], 1)]) == "stopped"
    model.halt.clear()

    assert model.read([Part(slot, 2, [8], 1) for slot in range(3)]) == "read"
    model.close()


def test_a_question_that_was_taken_back_before_its_first_step_reads_nothing(
    gated: tuple[Desk, Gate],
) -> None:
    desk, gate = gated
    first, _ = desk.ask("oi", LONG)
    gate.wait()
    second, inbox = desk.ask("nunca lida")

    desk.scheduler.cancel(second)

    assert inbox.to_the_end()[-1] == Done(
        prompt_tokens=0, reused_tokens=0, tokens=0, ending="stopped"
    )
    assert desk.scheduler.waiting == 0
    gate.let(1000)
    desk.scheduler.cancel(first)


def test_taking_back_a_question_that_ended_changes_nothing(gated: tuple[Desk, Gate]) -> None:
    desk, gate = gated
    gate.let(100)
    ask, inbox = desk.ask("oi", Sampling(max_tokens=2))
    inbox.to_the_end()

    desk.scheduler.cancel(ask)

    assert inbox.events.empty()
    assert desk.scheduler.totals.stopped == 0


def test_closing_stops_the_running_and_refuses_the_waiting() -> None:
    with open_gate(tuning=Tuning(threads=1, slots=1)) as (desk, gate):
        _, running = desk.ask("oi", LONG)
        gate.let(3)
        assert running.piece()
        _, waiting = desk.ask("ola")
        closing = threading.Thread(target=desk.scheduler.close, args=(SECONDS,))
        closing.start()
        refused = waiting.to_the_end()[-1]
        gate.let(3)
        closing.join(SECONDS)

        assert isinstance(refused, Failed)
        assert refused.code == "engine_down"
        stopped = running.to_the_end()[-1]
        assert isinstance(stopped, Done)
        assert stopped.ending == "stopped"
        with pytest.raises(Unavailable):
            desk.ask("oi")


def test_the_stop_flag_reads_as_c_reads_it() -> None:
    stop = Stop()
    assert not stop
    assert stop.flag.value == b""  # strlen: 0

    stop.set()
    stop.set()
    assert stop
    assert len(stop.flag.value) == 1  # strlen: 1

    stop.clear()
    assert not stop
