"""The decode thread: one generation at a time, everybody told how it goes."""

import queue
import threading
from collections.abc import Iterator, Sequence

import pytest

from appliance.errors import Unavailable
from appliance.models import Sampling
from appliance.models.scheduler import Ask, Outcome, Scheduler, Stop
from appliance.models.wire import Done, Event, Failed, Piece, Waiting

SECONDS = 30


class Typewriter:
    """A writer that writes a letter for each token it is allowed, when a key is struck."""

    def __init__(self) -> None:
        self.keys = threading.Semaphore(0)
        self.writing = threading.Event()
        self.at_once = 0
        self.most_at_once = 0

    def strike(self, times: int = 1) -> None:
        self.keys.release(times)

    def write(
        self, tokens: Sequence[int], sampling: Sampling, outcome: Outcome, stop: Stop
    ) -> Iterator[str]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        outcome.prompt_tokens = len(tokens)
        self.writing.set()
        try:
            for _ in range(sampling.max_tokens):
                assert self.keys.acquire(timeout=SECONDS)
                if stop:
                    return
                outcome.tokens += 1
                yield "a"
            outcome.ending = "length"
        finally:
            self.at_once -= 1


class Broken:
    def write(
        self, tokens: Sequence[int], sampling: Sampling, outcome: Outcome, stop: Stop
    ) -> Iterator[str]:
        yield "a"
        raise RuntimeError("ggml said no")


class Inbox:
    """Where the events of one question arrive."""

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()

    def next(self) -> Event:
        return self.events.get(timeout=SECONDS)

    def to_the_end(self) -> list[Event]:
        events = [self.next()]
        while not isinstance(events[-1], Done | Failed):
            events.append(self.next())
        return events


def ask(scheduler: Scheduler, person: str = "ana", tokens: int = 2) -> tuple[Ask, Inbox]:
    inbox = Inbox()
    question = Ask([1, 2, 3], Sampling(max_tokens=tokens), inbox.events.put, person=person)
    scheduler.submit(question)
    return question, inbox


@pytest.fixture
def typewriter() -> Typewriter:
    return Typewriter()


@pytest.fixture
def scheduler(typewriter: Typewriter) -> Iterator[Scheduler]:
    scheduler = Scheduler(typewriter, longest=4)
    yield scheduler
    typewriter.strike(1000)
    scheduler.close()


def test_an_answer_is_its_pieces_and_then_what_it_cost(
    scheduler: Scheduler, typewriter: Typewriter
) -> None:
    _, inbox = ask(scheduler)
    typewriter.strike(2)

    assert inbox.to_the_end() == [
        Piece("a"),
        Piece("a"),
        Done(prompt_tokens=3, reused_tokens=0, tokens=2, ending="length"),
    ]


def test_who_need_not_wait_hears_nothing_of_a_line(
    scheduler: Scheduler, typewriter: Typewriter
) -> None:
    _, inbox = ask(scheduler)
    typewriter.strike(2)

    assert not any(isinstance(event, Waiting) for event in inbox.to_the_end())


def test_who_waits_hears_the_place_and_every_move_of_the_line(
    scheduler: Scheduler, typewriter: Typewriter
) -> None:
    _, first = ask(scheduler, "ana")
    assert typewriter.writing.wait(SECONDS)
    _, second = ask(scheduler, "rui")
    _, third = ask(scheduler, "eva")
    typewriter.strike(6)
    first.to_the_end()
    second.to_the_end()

    places = [event.position for event in third.to_the_end() if isinstance(event, Waiting)]
    assert places == [1, 0]


def test_one_generation_decodes_at_a_time(scheduler: Scheduler, typewriter: Typewriter) -> None:
    inboxes = [ask(scheduler, str(number))[1] for number in range(4)]
    typewriter.strike(8)
    for inbox in inboxes:
        inbox.to_the_end()

    assert typewriter.most_at_once == 1
    assert scheduler.totals.generations == 4
    assert scheduler.totals.tokens == 8


def test_a_full_line_refuses_with_a_time_to_come_back(
    scheduler: Scheduler, typewriter: Typewriter
) -> None:
    ask(scheduler, "first")
    assert typewriter.writing.wait(SECONDS)
    for number in range(4):
        ask(scheduler, str(number))

    with pytest.raises(Unavailable) as refusal:
        ask(scheduler, "one too many")

    assert refusal.value.code == "engine_busy"
    assert refusal.value.retry_after is not None
    assert refusal.value.retry_after >= 1


def test_a_running_answer_stops_at_the_next_token(
    scheduler: Scheduler, typewriter: Typewriter
) -> None:
    question, inbox = ask(scheduler, tokens=100)
    typewriter.strike()
    assert inbox.next() == Piece("a")

    scheduler.cancel(question)
    typewriter.strike()

    assert inbox.to_the_end()[-1] == Done(
        prompt_tokens=3, reused_tokens=0, tokens=1, ending="stopped"
    )
    assert scheduler.totals.stopped == 1


def test_a_question_taken_back_in_line_is_never_decoded(
    scheduler: Scheduler, typewriter: Typewriter
) -> None:
    _, first = ask(scheduler, "ana")
    assert typewriter.writing.wait(SECONDS)
    question, second = ask(scheduler, "rui")

    scheduler.cancel(question)

    assert second.to_the_end()[-1] == Done(
        prompt_tokens=0, reused_tokens=0, tokens=0, ending="stopped"
    )
    assert scheduler.waiting == 0
    typewriter.strike(2)
    first.to_the_end()
    assert scheduler.totals.generations == 1


def test_taking_back_a_question_that_ended_changes_nothing(
    scheduler: Scheduler, typewriter: Typewriter
) -> None:
    question, inbox = ask(scheduler)
    typewriter.strike(2)
    inbox.to_the_end()

    scheduler.cancel(question)

    assert inbox.events.empty()
    assert scheduler.totals.stopped == 0


def test_the_totals_move_while_an_answer_is_written(
    scheduler: Scheduler, typewriter: Typewriter
) -> None:
    _, inbox = ask(scheduler, tokens=50)
    typewriter.strike(3)
    for _ in range(3):
        inbox.next()

    assert scheduler.totals.tokens == 3
    assert scheduler.active == 1


def test_a_fault_of_the_library_is_one_failed_answer_and_the_next_is_served(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scheduler = Scheduler(Broken())
    for _ in range(2):
        _, inbox = ask(scheduler)
        last = inbox.to_the_end()[-1]
        assert isinstance(last, Failed)
        assert last.code == "engine_failed"
    scheduler.close()

    assert "ggml said no" in caplog.text


def test_closing_stops_the_running_and_refuses_the_waiting(typewriter: Typewriter) -> None:
    scheduler = Scheduler(typewriter)
    _, running = ask(scheduler, "ana", tokens=100)
    assert typewriter.writing.wait(SECONDS)
    _, waiting = ask(scheduler, "rui")
    typewriter.strike()  # the piece at hand
    assert isinstance(running.next(), Piece)

    closing = threading.Thread(target=scheduler.close)
    closing.start()
    refused = waiting.to_the_end()[-1]
    typewriter.strike()
    closing.join(SECONDS)

    assert isinstance(refused, Failed)
    assert refused.code == "engine_down"
    stopped = running.to_the_end()[-1]
    assert isinstance(stopped, Done)
    assert stopped.ending == "stopped"
    with pytest.raises(Unavailable):
        ask(scheduler)


def test_the_stop_flag_reads_as_c_reads_it() -> None:
    stop = Stop()
    assert not stop
    assert stop.flag.value == b""  # strlen: 0

    stop.set()
    stop.set()

    assert stop
    assert len(stop.flag.value) == 1  # strlen: 1
