"""The appliance with a language model: written answers, and a model that is killed.

The copyist, a real model made for tests, writes through the real llama.cpp in the real
runner. Covers the fall back to quotes and the way back from it.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from appliance.answering.prompts import RULES
from appliance.models.client import RunnerClient
from tests.models.make_probe import make
from tests.models.runners import MISTRAL
from tests.whole.running import Running, eventually, running

COPYIST = Path(__file__).parents[1] / "tiny" / "copyist.gguf"
README = Path(__file__).parents[2] / "README.md"
RUNNER = "appliance.models.runner"
TEXT = (
    "Os livros podem ser emprestados por 14 dias. "
    "O atraso na devolução de livros gera multa de R$ 2,00 por dia. "
    "O leitor com multa em aberto não pode retirar outro livro."
)
QUESTION = "Qual é a multa por atraso na devolução de livros?"
pytestmark = pytest.mark.crash


def ready(appliance: Running) -> dict[str, Any]:
    """The status page, once the language model and the embedder are ready."""

    def look() -> dict[str, Any] | None:
        told = status(appliance)
        models = [told["language_model"], told["embedder"]]
        return told if all(one and one["state"] == "ready" for one in models) else None

    return eventually(look, f"the model did not become ready: {status(appliance)}", 90)


def status(appliance: Running) -> dict[str, Any]:
    return dict(appliance.client.get("/api/system").json())


def library(appliance: Running) -> str:
    """An assistant that knows the library's rules."""
    made = appliance.assistant()
    document = appliance.upload(made["collections"][0], "biblioteca.txt", TEXT.encode())
    assert appliance.read(document)["state"] == "ready"
    return str(made["id"])


def ask(appliance: Running, assistant: str) -> dict[str, Any]:
    sent = appliance.client.post(f"/api/assistants/{assistant}/ask", json={"question": QUESTION})
    assert sent.status_code == 200, sent.text
    return dict(sent.json())


def stream(appliance: Running, assistant: str) -> Iterator[tuple[str, Any]]:
    """The events of an answer, each as soon as it arrives."""
    with appliance.client.stream(
        "POST", f"/api/assistants/{assistant}/ask", json={"question": QUESTION, "stream": True}
    ) as response:
        assert response.status_code == 200
        name = ""
        for line in response.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))


@pytest.fixture(scope="module")
def copyist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    data = tmp_path_factory.mktemp("generate") / "data"
    with running(data, APPLIANCE_LANGUAGE_MODEL=f"copyist={COPYIST}") as appliance:
        assistant = library(appliance)
        ready(appliance)
        yield appliance, assistant


def test_the_status_page_names_the_model_that_writes(copyist: tuple[Running, str]) -> None:
    told = status(copyist[0])

    model = told["language_model"]
    assert (model["name"], model["state"], model["reason"]) == ("copyist", "ready", None)


def test_the_model_writes_the_answer_and_the_answer_is_cited(
    copyist: tuple[Running, str],
) -> None:
    answer = ask(*copyist)

    assert (answer["mode"], answer["state"]) == ("generate", "answered")
    assert "R$ 2,00" in answer["answer"]
    sentence = next(one for one in answer["sentences"] if "2,00" in one["text"])
    assert sentence["supported"]
    assert answer["citations"]


def test_a_written_answer_comes_word_by_word_after_its_passages(
    copyist: tuple[Running, str],
) -> None:
    events = list(stream(*copyist))
    names = [name for name, _ in events]
    said = "".join(data["text"] for name, data in events if name == "token")

    assert names.index("passages") < names.index("token") < names.index("sentence")
    assert names.count("token") > 5
    assert names[-1] == "done"
    assert "R$ 2,00" in said
    assert all(data["text"] for name, data in events if name == "token")


def test_openais_client_is_told_the_same_answer_and_the_tokens_that_the_engine_counted(
    copyist: tuple[Running, str],
) -> None:
    appliance, assistant = copyist
    secret = appliance.client.headers["authorization"].removeprefix("Bearer ")

    with openai.OpenAI(base_url=f"{appliance.address}/v1", api_key=secret) as client:
        (model,) = client.models.list().data
        told = client.chat.completions.create(
            model=model.id, messages=[{"role": "user", "content": QUESTION}]
        )
        vector = client.embeddings.create(model=model.id, input=QUESTION).data[0].embedding

    answer = ask(appliance, assistant)
    assert told.choices[0].message.content == answer["answer"]
    assert told.model_extra["citations"] == answer["citations"]
    took = answer["took"]
    assert told.usage.prompt_tokens == took["prompt_tokens"] > 50
    assert told.usage.completion_tokens == took["tokens"] > 5
    assert abs(sum(one * one for one in vector) - 1) < 1e-3


def test_the_readme_s_langchain_program_runs_as_it_stands(copyist: tuple[Running, str]) -> None:
    appliance, assistant = copyist
    (program,) = re.findall(r"```python\n(import httpx\n.*?)```", README.read_text("utf-8"), re.S)
    slug = appliance.client.get(f"/api/assistants/{assistant}").json()["slug"]
    for written, meant in (
        ("http://127.0.0.1:8080", appliance.address),
        ("the key", appliance.client.headers["authorization"].removeprefix("Bearer ")),
        ("secretaria", slug),
        ("Quando são as férias de julho?", QUESTION),
        ('"férias de julho"', '"multa por atraso"'),
    ):
        assert written in program
        program = program.replace(written, meant)

    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    ).stdout

    found, _, answer = said.partition("\n")
    assert found == "Biblioteca None"
    assert "R$ 2,00" in answer
    assert ask(appliance, assistant)["answer"].startswith(answer)


def test_the_same_question_is_answered_alike_at_temperature_0(
    copyist: tuple[Running, str],
) -> None:
    assert ask(*copyist)["answer"] == ask(*copyist)["answer"]


def test_a_runner_killed_between_two_answers_comes_back_and_the_page_says_why(
    copyist: tuple[Running, str],
) -> None:
    appliance, assistant = copyist
    before = runner(appliance)["restarts"]

    appliance.kill(RUNNER)

    # Words are enough to find it, and what is found is quoted, with the same number.
    quoted = ask(appliance, assistant)
    assert "R$ 2,00" in quoted["answer"]
    eventually(lambda: runner(appliance)["restarts"] > before, "the runner stayed away")
    ready(appliance)
    assert "SIGKILL" in runner(appliance)["reason"]

    def written() -> bool:
        return ask(appliance, assistant)["mode"] == "generate"

    eventually(written, "the model did not write again")


def runner(appliance: Running) -> dict[str, Any]:
    return next(part for part in status(appliance)["parts"] if part["name"] == "runner")


def test_a_runner_killed_in_the_middle_of_an_answer_ends_it_with_a_problem(
    tmp_path: Path,
) -> None:
    # Sixty layers and no end: an answer of seconds, on any machine.
    slow = make(tmp_path / "slow.gguf", context=4096, layers=60, endless=True)
    chosen = f"{MISTRAL}={slow}"
    with running(tmp_path / "data", APPLIANCE_LANGUAGE_MODEL=chosen) as appliance:
        assistant = library(appliance)
        ready(appliance)
        process = appliance.child(RUNNER)
        assert process is not None

        events = []
        for name, data in stream(appliance, assistant):
            events.append((name, data))
            if name == "token" and process.is_running():
                os.kill(process.pid, signal.SIGKILL)
                process.wait(10)

        assert events[0][0] == "passages"
        assert events[-1][0] == "problem"
        assert events[-1][1]["code"] == "engine_down"
        assert "done" not in [name for name, _ in events]

        ready(appliance)
        assert runner(appliance)["restarts"] == 1
        after = stream(appliance, assistant)
        assert next(data for name, data in after if name == "token")["text"]
        after.close()  # type: ignore[attr-defined]


def test_the_first_person_waits_for_no_more_than_what_is_new(tmp_path: Path) -> None:
    endless = make(tmp_path / "m.gguf", context=4096, endless=True)
    data = tmp_path / "data"
    with running(data, APPLIANCE_LANGUAGE_MODEL=f"{MISTRAL}={endless}") as appliance:
        assistant = library(appliance)
        ready(appliance)
        kept = data / "models" / "prefixes"
        eventually(lambda: list(kept.glob("[!.]*")), "nothing was read ahead")
        client = RunnerClient(data / "runner.sock")
        before = client.health()

        took = ask(appliance, assistant)["took"]

        after = client.health()
        (rules,) = client.generator.count([RULES["pt"]])
    reused = after.reused_tokens - before.reused_tokens
    assert before.generations == 0
    assert reused >= rules > 100
    assert after.prompt_tokens - before.prompt_tokens == took["prompt_tokens"] - reused


def test_a_model_that_is_not_there_leaves_quotes_and_a_reason(tmp_path: Path) -> None:
    missing = f"copyist={tmp_path}/nowhere.gguf"
    with running(tmp_path / "data", APPLIANCE_LANGUAGE_MODEL=missing) as appliance:
        assistant = library(appliance)

        def failed() -> dict[str, Any] | None:
            told = status(appliance)["language_model"]
            return told if told and told["state"] == "failed" else None

        told = eventually(failed, "the missing model was not noticed")
        answer = ask(appliance, assistant)

    assert "nowhere.gguf" in told["reason"]
    assert answer["mode"] == "quote"
    assert "R$ 2,00" in answer["answer"]
