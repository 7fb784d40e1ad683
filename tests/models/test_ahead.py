"""Instructions are read while nobody asks anything, and are in nobody's way."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from appliance.errors import BadRequest, Unavailable
from appliance.models import Sampling
from appliance.models.ask import Ask
from appliance.models.line import LONGEST
from appliance.models.llama import LlamaModel
from appliance.models.prefixes import Prefixes
from appliance.models.rows import Part, Reading
from appliance.models.wire import Piece
from tests.models.desk import ENTRY, ONE, PROBE, SECONDS, Desk, alone, asking, open_desk, open_gate
from tests.whole.running import eventually

SYSTEM = "Responda apenas com base nas fontes, e cite a fonte de cada frase."


def ahead(desk: Desk, system: str = SYSTEM) -> Ask:
    """A prefix to be read in the background."""
    prompt, one = asking("-", system), Sampling(max_tokens=1)
    tokens = desk.model.prompt_tokens(prompt, one)
    prefix = desk.model.prefix(prompt, tokens)
    ask = Ask(tokens[: prefix + 1], one, print, prefix=prefix, background=True)
    desk.scheduler.warm(ask)
    return ask


def is_kept(folder: Path) -> None:
    eventually(lambda: list(folder.glob("[!.]*")), "nothing was kept")


def test_what_was_read_ahead_the_first_question_need_not_read(tmp_path: Path) -> None:
    with open_desk(prefixes=Prefixes(tmp_path, "")) as desk:
        prefix = ahead(desk).prefix
        is_kept(tmp_path)
        text, outcome = desk.write(asking("primeira pergunta?", SYSTEM))

    assert outcome.reused_tokens == prefix >= len(SYSTEM)
    assert text == alone(asking("primeira pergunta?", SYSTEM))


def test_a_question_breaks_off_what_is_read_ahead_and_its_turn_comes_again(
    tmp_path: Path,
) -> None:
    with open_gate(prefixes=Prefixes(tmp_path, "")) as (desk, gate):
        background = ahead(desk)
        gate.wait()
        _, inbox = desk.ask(asking("oi?", "outro assistente"))
        halted = bool(gate.halt)
        gate.let(1000)
        inbox.to_the_end()
        is_kept(tmp_path)

    assert halted, "the step at hand went on"
    assert len(gate.steps[0]) == 1
    assert gate.steps[1][0].tokens != gate.steps[0][0].tokens, "it did not give way"
    assert background.outcome.prompt_tokens == len(background.tokens)


def test_what_is_read_ahead_is_no_generation_and_nobody_waits_for_it(tmp_path: Path) -> None:
    with open_gate(prefixes=Prefixes(tmp_path, "")) as (desk, gate):
        ahead(desk)
        gate.wait()
        before = (
            desk.scheduler.active,
            desk.scheduler.waiting,
            desk.scheduler.totals.prompt_tokens,
        )
        ask, inbox = desk.ask(asking("oi?", "outro assistente"))
        gate.let(1000)
        events = inbox.to_the_end()
        is_kept(tmp_path)
        totals = desk.scheduler.totals

    assert before == (0, 0, 0)
    assert isinstance(events[0], Piece), "it was told that it waits"
    assert (totals.generations, totals.stopped) == (1, 0)
    assert totals.prompt_tokens == ask.outcome.prompt_tokens
    assert totals.tokens == ask.outcome.tokens


def test_what_is_known_from_before_is_not_read_ahead_again(tmp_path: Path) -> None:
    with open_desk(prefixes=Prefixes(tmp_path, "")) as desk:
        desk.write(asking("primeira?", SYSTEM))
    with open_gate(prefixes=Prefixes(tmp_path, "")) as (desk, gate):
        ahead(desk)
        gate.let(1000)
        desk.write(asking("segunda?", "outro"))

    assert {len(step) for step in gate.steps} == {1}
    assert sum(part.start == 0 for step in gate.steps for part in step) == 1


class Failing(LlamaModel):
    """A model whose first step fails; ``steps`` counts all."""

    steps = 0
    fault: Reading | Exception = "full"

    def read(self, parts: Sequence[Part]) -> Reading:
        self.steps += 1
        if self.steps > 1:
            return super().read(parts)
        if isinstance(self.fault, Exception):
            raise self.fault
        return self.fault


@pytest.mark.parametrize("fault", ["full", Unavailable("engine_failed"), ValueError("native")])
def test_one_that_the_model_fails_at_is_given_up_and_the_next_one_is_read(
    tmp_path: Path, fault: Reading | Exception
) -> None:
    model = Failing(ENTRY, PROBE, tuning=ONE)
    model.fault = fault
    desk = Desk(model, prefixes=Prefixes(tmp_path, ""))
    ahead(desk, SYSTEM + " Seja breve.")
    read = ahead(desk)
    is_kept(tmp_path)
    text, outcome = desk.write(asking("e agora?", SYSTEM))
    desk.scheduler.close()

    assert outcome.reused_tokens >= read.prefix
    assert text == alone(asking("e agora?", SYSTEM))
    assert len(list(tmp_path.glob("[!.]*"))) == 1, "the first one was tried again"
    model.close()


def test_of_too_many_the_first_are_forgotten() -> None:
    with open_gate() as (desk, gate):
        ahead(desk)
        gate.wait()
        forgotten, *others = (ahead(desk, f"{SYSTEM} Número {n}.") for n in range(LONGEST + 1))
        gate.let(10_000)
        eventually(lambda: others[-1].outcome.tokens == 1, "they were not read")

    assert forgotten.outcome.prompt_tokens == 0
    assert all(one.outcome.tokens == 1 for one in others)


def test_what_does_not_fit_is_refused() -> None:
    with open_desk() as desk, pytest.raises(BadRequest) as refusal:
        tokens = [5] * desk.model.context
        desk.scheduler.warm(Ask(tokens, Sampling(max_tokens=1), print, background=True))

    assert refusal.value.code == "prompt_too_long"


def test_a_scheduler_that_ends_takes_no_more_and_breaks_off_what_it_reads() -> None:
    with open_gate() as (desk, gate):
        ahead(desk)
        ahead(desk, SYSTEM + " Seja breve.")
        gate.wait()
        closing = threading.Thread(target=desk.scheduler.close, args=(SECONDS,))
        closing.start()
        eventually(lambda: bool(gate.halt), "the step at hand went on")
        with pytest.raises(Unavailable):
            ahead(desk)
        gate.let(1000)
        closing.join()

    assert len(gate.steps) == 1
