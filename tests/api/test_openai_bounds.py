"""How long an answer may be under OpenAI's API, and how many are waited for at once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from appliance.answering.writing import MOST_TOKENS
from appliance.models import Prompt
from appliance.settings import Settings
from tests.api.served import FINE, Served, served
from tests.api.test_openai import ASKED
from tests.whole.running import eventually

__all__ = ["served"]


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_an_answer_ends_after_the_tokens_that_the_program_wants(served: Served, name: str) -> None:
    served.assistant(strictness="balanced")

    told = served.client().chat.completions.create(model="secretaria", messages=ASKED, **{name: 3})
    chunks = list(
        served.client().chat.completions.create(
            model="secretaria", messages=ASKED, stream=True, **{name: 3}
        )
    )

    said = "".join(one.choices[0].delta.content or "" for one in chunks)
    assert FINE.startswith(said)
    assert told.choices[0].message.content.startswith(said.strip())
    assert FINE not in told.choices[0].message.content
    assert told.choices[0].finish_reason == chunks[-1].choices[0].finish_reason == "length"
    assert told.usage.completion_tokens == 3


def test_no_program_makes_an_answer_longer_than_the_assistant_would(served: Served) -> None:
    served.assistant()

    told = served.client().chat.completions.create(
        model="secretaria", messages=ASKED, max_tokens=100_000
    )

    assert served.writer.samplings[-1].max_tokens == MOST_TOKENS
    assert told.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("stop", [" por dia", ["nunca", " por dia"]])
def test_an_answer_ends_before_a_stop_text(served: Served, stop: Any) -> None:
    served.assistant(strictness="balanced")

    told = served.client().chat.completions.create(model="secretaria", messages=ASKED, stop=stop)

    assert told.choices[0].message.content.startswith(FINE.removesuffix(" por dia."))
    assert "por dia" not in told.choices[0].message.content
    assert told.choices[0].finish_reason == "stop"


def test_many_whole_answers_wait_for_the_model_and_nothing_waits_for_them(
    settings: Settings,
) -> None:
    many = 40  # eight times the threads that two processors are given
    opened = Served(Settings(data_dir=settings.data_dir, key_questions_per_minute=many))
    going = threading.Event()

    def waits(prompt: Prompt) -> Iterator[str]:
        going.wait(60)
        yield FINE

    def ask() -> str:
        told = client.chat.completions.create(model="secretaria", messages=ASKED)
        return str(told.choices[0].message.content)

    try:
        opened.assistant()
        opened.says = waits
        client = opened.client()
        with ThreadPoolExecutor(many) as askers:
            asked = [askers.submit(ask) for _ in range(many)]
            eventually(lambda: len(opened.writer.writings) == many, "some stand behind others")
            assert opened.house.client.get("/api/assistants").status_code == 200
            assert not any(one.done() for one in asked)
            going.set()
            assert all(one.result(60).startswith(FINE) for one in asked)
    finally:
        going.set()
        opened.stop()
