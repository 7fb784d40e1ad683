"""Answers from other machines, as what all kinds of them have in common."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from appliance.errors import NotAllowed, Unavailable
from appliance.models import Generator, Prompt, Sampling, Turn
from appliance.models.remote import (
    EngineGenerator,
    EngineWriting,
    Used,
    estimate,
    refusal,
    status_refusal,
)

QUESTION = Prompt(system="Responda.", turns=(Turn(role="user", text="Quanto é a multa?"),))


def writing(stream) -> EngineWriting:
    generator: Generator = EngineGenerator("m", 8192, stream, left=lambda: False)
    made = generator.generate(QUESTION, Sampling())
    assert isinstance(made, EngineWriting)
    return made


async def two_words(prompt: Prompt, sampling: Sampling) -> AsyncIterator[str | Used]:
    yield "Dois"
    yield " reais."


def test_the_pieces_come_as_they_were_written() -> None:
    assert list(writing(two_words)) == ["Dois", " reais."]


def test_an_engine_that_does_not_count_is_counted_for() -> None:
    answer = writing(two_words)
    assert answer.done is None
    list(answer)

    assert answer.done == Used(estimate("Responda.") + estimate("Quanto é a multa?"), 2)


def test_an_engine_s_own_counts_are_believed() -> None:
    async def counted(prompt: Prompt, sampling: Sampling) -> AsyncIterator[str | Used]:
        yield "Dois"
        yield Used(20, 1)

    answer = writing(counted)
    list(answer)

    assert answer.done == Used(20, 1)


def test_closing_from_another_thread_ends_a_wait_for_the_first_word() -> None:
    ended = threading.Event()

    async def silent(prompt: Prompt, sampling: Sampling) -> AsyncIterator[str | Used]:
        try:
            await asyncio.sleep(60)
            yield "nunca"
        finally:
            ended.set()

    answer = writing(silent)
    threading.Timer(0.1, answer.close).start()

    assert list(answer) == []
    assert ended.wait(5)
    assert answer.done is None


def test_an_answer_that_is_closed_before_it_begins_is_not_asked_for() -> None:
    asked = []

    async def never(prompt: Prompt, sampling: Sampling) -> AsyncIterator[str | Used]:
        asked.append(prompt)
        yield "nunca"

    for _ in range(20):
        answer = writing(never)
        answer.close()
        answer.close()
        assert list(answer) == []


def test_what_breaks_in_the_middle_says_so_after_what_came() -> None:
    async def broken(prompt: Prompt, sampling: Sampling) -> AsyncIterator[str | Used]:
        yield "Dois"
        raise OSError("cut")

    answer = writing(broken)

    assert next(answer) == "Dois"
    with pytest.raises(Unavailable) as failed:
        next(answer)
    assert failed.value.code == "engine_broke_off"
    assert list(answer) == []


def test_a_refusal_of_the_gate_is_an_engine_that_is_not_there() -> None:
    """So that the asker gets quotes; a refused request is no fault of theirs."""
    found = refusal("Sala 2", NotAllowed("host_not_open", origin="http://b.lan"))

    assert (found.code, found.status) == ("host_not_open", 503)
    assert found.facts == {"origin": "http://b.lan"}


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "engine_key_refused"),
        (403, "engine_key_refused"),
        (404, "engine_refuses"),
        (400, "engine_refuses"),
        (429, "engine_crowded"),
        (500, "engine_unwell"),
        (529, "engine_unwell"),
    ],
)
def test_a_status_says_what_is_wrong(status, code) -> None:
    assert status_refusal("x", status).code == code


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("86400", 3600.0), ("", None), ("soon", None), ("-1", None)],
)
def test_an_engine_s_wish_to_be_left_alone_is_passed_on(header, seconds) -> None:
    assert status_refusal("x", 429, header).retry_after == seconds


def test_a_fault_s_words_are_not_repeated() -> None:
    fault = ValueError("Incorrect API key provided: sk-secret")

    found = refusal("Nuvem", fault)

    assert found.code == "engine_garbled"
    assert "sk-secret" not in str(found)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 1), ("casas", 3), ("12/2026", 8), ("multa de 5", 5), ("日本", 3)],
)
def test_tokens_are_estimated_rather_too_many(text, tokens) -> None:
    assert estimate(text) == tokens
