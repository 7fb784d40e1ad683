"""The decode thread: many answers in one batch, everybody told how it goes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from appliance.errors import BadRequest, Unavailable
from appliance.models import Prompt, Sampling, Turn
from appliance.models.ask import Ask
from appliance.models.llama import LlamaModel
from appliance.models.rows import Part, Reading
from appliance.models.steering import SHARED_MOST
from appliance.models.tuning import Tuning
from appliance.models.wire import Done, Event, Failed, Piece, Waiting
from tests.models.desk import (
    ENTRY,
    ONE,
    Desk,
    Gate,
    alone,
    asking,
    open_desk,
    open_gate,
)
from tests.models.make_probe import make
from tests.models.runners import PROBE

LONG = Sampling(max_tokens=300)
QUESTIONS = [f"pergunta {number} sobre o prazo " * (1 + number % 3) for number in range(8)]


@pytest.fixture
def gated() -> Iterator[tuple[Desk, Gate]]:
    with open_gate(longest=4) as desk_and_gate:
        yield desk_and_gate


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that never ends an answer, with room for long ones."""
    return make(tmp_path_factory.mktemp("model") / "endless.gguf", context=4096, endless=True)


@pytest.mark.parametrize("unified", [False, True])
def test_answers_written_together_are_those_written_alone(unified: bool) -> None:
    sampling = Sampling(max_tokens=40)
    expected = [alone(question, sampling) for question in QUESTIONS]
    with open_gate(tuning=Tuning(threads=1, unified=unified)) as (desk, gate):
        inboxes = [desk.ask(question, sampling)[1] for question in QUESTIONS]
        gate.let(10_000)
        together = [inbox.text() for inbox in inboxes]

    assert together == expected
    assert max(len(step) for step in gate.steps) == 8  # all of them, in one batch


def test_an_answer_is_its_pieces_and_then_what_it_cost(gated: tuple[Desk, Gate]) -> None:
    desk, gate = gated
    gate.let(100)
    ask, inbox = desk.ask("oi", Sampling(max_tokens=4))
    *pieces, done = inbox.to_the_end()

    assert pieces
    assert all(isinstance(piece, Piece) for piece in pieces)
    assert done == Done(prompt_tokens=len(ask.tokens), reused_tokens=0, tokens=4, ending="length")


def test_an_answer_ends_before_a_stop_string(gated: tuple[Desk, Gate]) -> None:
    desk, gate = gated
    gate.let(1000)
    whole, _ = desk.write("oi", LONG)
    stop = whole[5:8]

    text, outcome = desk.write("oi", Sampling(max_tokens=300, stop=("never", stop)))

    assert text == whole[: whole.index(stop)]
    assert outcome.ending == "end"


def test_a_joining_prompt_does_not_stop_running_answers(endless: Path) -> None:
    with open_gate(endless) as (desk, gate):
        running, inbox = desk.ask("oi", LONG)
        gate.let(5)
        for _ in range(3):
            inbox.piece()
        gate.wait(5)
        _, joined = desk.ask("x" * 1000)
        before = len(gate.steps)
        while running.outcome.tokens < 30:
            gate.let()
            gate.wait()
        steps = gate.steps[before:]

    reading = [step for step in steps if len(step) == 2 and max(len(p.tokens) for p in step) > 1]
    assert len(reading) >= 1000 // SHARED_MOST  # chunk by chunk, with a token of the other in each
    assert all(sum(len(part.tokens) for part in step) <= SHARED_MOST + 1 for step in reading)
    assert isinstance(joined.to_the_end()[-1], Done)


def test_a_long_prompt_is_read_in_large_chunks_while_nobody_writes(endless: Path) -> None:
    with open_gate(endless) as (desk, gate):
        gate.let(100)
        ask, inbox = desk.ask("x" * 1200)
        inbox.to_the_end()

    assert [len(step[0].tokens) for step in gate.steps][:3] == [512, 512, len(ask.tokens) - 1024]


def test_between_the_sequences_that_decode_no_gap_is_left(gated: tuple[Desk, Gate]) -> None:
    desk, gate = gated
    asks = [desk.ask(f"{number} pergunta", LONG) for number in range(3)]
    gate.let(6)
    gate.wait(6)
    desk.scheduler.cancel(asks[1][0])
    gate.let(20)
    asks[1][1].to_the_end()

    assert {0, 2} in [{part.slot for part in step} for step in gate.steps]
    gate.let(1000)
    texts = [inbox.text() for _, inbox in (asks[0], asks[2])]
    assert texts[1] == alone("2 pergunta", LONG)
    assert asks[0][0].outcome.tokens == 300


def test_the_next_turn_reads_only_what_is_new(gated: tuple[Desk, Gate]) -> None:
    desk, gate = gated
    gate.let(1000)
    question = "qual e o prazo de entrega da garantia, e quem a pede?"
    answer, first = desk.write(question)
    for number in range(3):
        desk.write(f"{number} entre uma e outra")
    turns = (
        Turn(role="user", text=question),
        Turn(role="assistant", text=answer),
        Turn(role="user", text="e depois?"),
    )

    _, second = desk.write(Prompt(system="", turns=turns))

    assert second.reused_tokens >= first.prompt_tokens


def test_what_two_assistants_prompts_share_is_copied_from_one_slot_to_another(
    gated: tuple[Desk, Gate],
) -> None:
    desk, gate = gated
    gate.let(2000)
    system = "Responda apenas com base nas fontes."
    first, told = desk.ask(asking("primeira " * 10, system), LONG)
    told.piece()
    text, outcome = desk.write(asking("segunda?", system))

    assert outcome.reused_tokens >= len(system)
    with open_desk() as other:
        assert other.write(asking("segunda?", system))[0] == text
    desk.scheduler.cancel(first)


def test_who_need_not_wait_hears_nothing_of_a_line(gated: tuple[Desk, Gate]) -> None:
    desk, gate = gated
    gate.let(100)
    _, inbox = desk.ask("oi")

    assert not any(isinstance(event, Waiting) for event in inbox.to_the_end())


def test_who_is_read_for_long_hears_for_how_long(gated: tuple[Desk, Gate]) -> None:
    desk, gate = gated
    gate.let(100)
    desk.scheduler._pace.read(5000)
    _, inbox = desk.ask("oi")

    told = [event for event in inbox.to_the_end() if isinstance(event, Waiting)]

    assert [event.position for event in told] == [0]
    assert 4000 < told[0].eta_ms <= 5000


def test_who_waits_hears_the_place_and_every_move_of_the_line() -> None:
    with open_gate(tuning=Tuning(threads=1, slots=1)) as (desk, gate):
        desk.ask("oi", person="ana")
        gate.wait()
        desk.ask("oi", person="rui")
        _, third = desk.ask("oi", person="eva")
        gate.let(1000)
        events = third.to_the_end()

    places = [event.position for event in events if isinstance(event, Waiting)]
    assert places == [1, 0]
    assert all(event.eta_ms >= 0 for event in events if isinstance(event, Waiting))


def test_a_full_line_refuses_with_a_time_to_come_back(gated: tuple[Desk, Gate]) -> None:
    desk, gate = gated
    desk.ask("first")
    gate.wait()
    for number in range(4):
        desk.ask(str(number))

    with pytest.raises(Unavailable) as refusal:
        desk.ask("one too many")

    assert refusal.value.code == "engine_busy"
    assert refusal.value.retry_after is not None
    assert refusal.value.retry_after >= 1


def test_what_does_not_fit_into_a_slot_never_reaches_the_others(
    gated: tuple[Desk, Gate],
) -> None:
    desk, gate = gated
    gate.let(1000)
    _, running = desk.ask("oi", LONG)
    for tokens in ([], [5] * 500):
        with pytest.raises(BadRequest):
            desk.scheduler.submit(Ask(tokens, Sampling(max_tokens=24), print))

    assert isinstance(running.to_the_end()[-1], Done)


def test_a_small_batch_still_serves_every_slot() -> None:
    with open_desk(tuning=Tuning(threads=1, batch=2)) as desk:
        inboxes = [desk.ask(question)[1] for question in QUESTIONS]
        assert [inbox.text() for inbox in inboxes] == [alone(text) for text in QUESTIONS]


def test_the_persons_take_turns_at_the_slots() -> None:
    ended: list[str] = []
    with open_gate(tuning=Tuning(threads=1, slots=1)) as (desk, gate):
        desk.ask("oi", person="ana")
        gate.wait()
        inboxes = []
        for number, person in enumerate(("ana", "ana", "rui")):
            ask, inbox = desk.ask(f"pergunta {number}", person=person)
            inboxes.append(inbox)
            tell = ask.report

            def report(event: Event, tell=tell, person=person) -> None:
                if isinstance(event, Done):
                    ended.append(person)
                tell(event)

            ask.report = report
        gate.let(1000)
        for inbox in inboxes:
            inbox.to_the_end()

    assert ended == ["ana", "rui", "ana"]


def test_the_totals_move_while_answers_are_written(endless: Path) -> None:
    with open_gate(endless) as (desk, gate):
        _, first = desk.ask("oi", LONG)
        _, second = desk.ask("ola", LONG)
        gate.let(12)
        gate.wait(13)
        totals = desk.scheduler.totals

        assert totals.tokens == 12 + 11  # the second joined a step later
        assert totals.generations == 0
        assert desk.scheduler.active == 2
        gate.let(1000)
        first.to_the_end()
        second.to_the_end()
        assert desk.scheduler.totals.tokens == 600
        assert desk.scheduler.totals.generations == 2


class Broken(LlamaModel):
    def read(self, parts: Sequence[Part]) -> Reading:
        raise RuntimeError("ggml said no")


def test_a_fault_of_the_library_is_one_failed_answer_and_the_next_is_served(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk(Broken(ENTRY, PROBE, tuning=ONE))
    for _ in range(2):
        last = desk.ask("oi")[1].to_the_end()[-1]
        assert isinstance(last, Failed)
        assert last.code == "engine_failed"
    desk.scheduler.close()

    assert "ggml said no" in caplog.text


class Crowded(LlamaModel):
    """A model that has no cells left while more than one sequence holds something."""

    def read(self, parts: Sequence[Part]) -> Reading:
        others = [length for slot, length in enumerate(self._lengths) if slot != parts[0].slot]
        return "full" if any(others) or len(parts) > 1 else super().read(parts)


def test_when_the_cells_run_out_an_idle_slot_makes_room() -> None:
    desk = Desk(Crowded(ENTRY, PROBE, tuning=ONE))
    desk.write("uma conversa")
    text, outcome = desk.write("outra muito diferente")
    desk.scheduler.close()

    assert outcome.ending in {"end", "length"}
    assert text == alone("outra muito diferente", Sampling(max_tokens=24))


def test_when_there_is_no_idle_slot_the_youngest_is_told_to_come_back() -> None:
    desk = Desk(Crowded(ENTRY, PROBE, tuning=ONE))
    _, first = desk.ask("uma conversa", LONG)
    first.piece()
    _, second = desk.ask("outra muito diferente", LONG)

    refused = second.to_the_end()[-1]
    assert isinstance(refused, Failed)
    assert refused.code == "engine_busy"
    done = first.to_the_end()[-1]
    assert isinstance(done, Done)
    assert done.ending == "length"
    desk.scheduler.close()


def test_in_one_cache_for_all_only_as_many_are_let_in_as_have_room() -> None:
    entry_cells = 512 * 2
    with open_gate(tuning=Tuning(threads=1, unified=True, slots=2)) as (desk, gate):
        assert gate.cells == entry_cells
        desk.scheduler._slots._cells = 400
        inboxes = [desk.ask(f"{number}", LONG)[1] for number in range(2)]
        gate.let(1000)
        for inbox in inboxes:
            assert isinstance(inbox.to_the_end()[-1], Done)

    assert all(len(step) == 1 for step in gate.steps)
