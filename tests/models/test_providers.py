"""The hosted providers, by LangChain's own chat models, over the one way out."""

import importlib.util
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from appliance.errors import Unavailable
from appliance.models import Prompt, Sampling, Turn, providers
from appliance.models.providers import HostedChat, Provider
from appliance.models.remote import EngineGenerator, EngineWriting, Used
from appliance.net import Gate
from tests.elsewhere import Provider as Server
from tests.elsewhere import closed, provider

KINDS: tuple[Provider, ...] = ("openai", "anthropic", "mistral")
KEY = "sk-9f1c-very-secret"
QUESTION = Prompt(
    system="Responda.",
    turns=(
        Turn(role="user", text="Oi"),
        Turn(role="assistant", text="Olá"),
        Turn(role="user", text="Quanto é a {multa}?"),
    ),
)
SAID = "A multa é de R$ 1,50 por dia."

each = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def server() -> Iterator[Server]:
    with provider() as opened:
        yield opened


def ask(kind: Provider, origin: str, *, opened: str = "", **sampling: Any) -> EngineWriting:
    address = origin if kind == "anthropic" else f"{origin}/v1"
    gate = Gate(purpose="generate", opened=frozenset({opened or origin}), record=lambda *_: None)
    chat = HostedChat("Nuvem", kind, address, "m", KEY, gate)
    generator = EngineGenerator("m", 8192, chat.stream, left=lambda: True)
    return generator.generate(QUESTION, Sampling(**sampling))


def refused(kind: Provider, origin: str, **more: Any) -> Unavailable:
    with pytest.raises(Unavailable) as failed:
        list(ask(kind, origin, **more))
    return failed.value


@each
def test_an_answer_comes_with_what_it_cost(server, kind) -> None:
    answer = ask(kind, server.origin)

    assert "".join(answer) == SAID
    assert answer.done == Used(70, 9)


@each
def test_an_answer_that_came_to_the_limit_of_tokens_says_so(server, kind) -> None:
    server.cut = True
    answer = ask(kind, server.origin, max_tokens=9)
    list(answer)

    assert answer.done == Used(70, 9, "length")


@each
def test_the_prompt_goes_out_as_it_is(server, kind) -> None:
    list(ask(kind, server.origin, max_tokens=33))

    ((path, headers, body),) = server.asked
    turns = [(one["role"], one["content"]) for one in body["messages"]]
    system = body.get("system") or turns.pop(0)[1]
    assert path == ("/v1/messages" if kind == "anthropic" else "/v1/chat/completions")
    assert system == "Responda."
    assert turns == [("user", "Oi"), ("assistant", "Olá"), ("user", "Quanto é a {multa}?")]
    assert (body["model"], body["stream"]) == ("m", True)
    assert 33 in (body.get("max_tokens"), body.get("max_completion_tokens"))
    assert KEY in headers.get("authorization", "") + headers.get("x-api-key", "")


@each
def test_nothing_comes_from_the_environment(server, kind, monkeypatch) -> None:
    with provider() as trap:
        for name in ("OPENAI", "ANTHROPIC", "MISTRAL", "LANGSMITH", "LANGCHAIN"):
            monkeypatch.setenv(f"{name}_API_KEY", "environment")
            monkeypatch.setenv(f"{name}_BASE_URL", trap.origin)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_PROXY", "ANTHROPIC_PROXY"):
            monkeypatch.setenv(name, trap.origin)
        monkeypatch.setenv("OPENAI_ORG_ID", "environment")
        monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "environment")
        monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "x-more: environment")
        monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
        if kind in ("openai", "anthropic"):
            monkeypatch.delenv(f"{kind.upper()}_PROXY")

        assert "".join(ask(kind, server.origin)) == SAID

        assert trap.asked == []
    assert "environment" not in str(server.asked)


@each
def test_the_machine_is_not_described_to_the_provider(server, kind) -> None:
    list(ask(kind, server.origin))

    ((_, headers, _),) = server.asked
    assert [name for name in headers if name.startswith("x-stainless")] == []
    assert sys.platform not in str(headers).lower()


@each
def test_a_host_that_is_not_open_gets_no_byte(server, kind) -> None:
    found = refused(kind, server.origin, opened="https://elsewhere.test")

    assert found.code == "host_not_open"
    assert server.asked == []


@each
def test_a_redirect_elsewhere_takes_neither_question_nor_key_along(server, kind) -> None:
    with provider() as other:
        server.goes_on_at = other.origin

        assert refused(kind, server.origin).code == "host_not_open"
        assert other.asked == []


@each
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "engine_key_refused"),
        (404, "engine_refuses"),
        (400, "engine_refuses"),
        (500, "engine_unwell"),
    ],
)
def test_what_a_provider_refuses_is_said_once_and_without_its_words(
    server, kind, status, code
) -> None:
    server.statuses = [status]

    found = refused(kind, server.origin)

    assert found.code == code
    assert KEY not in str(found)
    assert len(server.asked) == 1


@each
def test_a_provider_that_is_crowded_says_for_how_long(server, kind) -> None:
    server.statuses, server.headers = [429], {"Retry-After": "12"}

    found = refused(kind, server.origin)

    assert (found.code, found.retry_after) == ("engine_crowded", 12)


@each
def test_nobody_there_is_a_sentence(kind) -> None:
    assert refused(kind, closed()).code == "engine_unreachable"


@each
@pytest.mark.parametrize("body", [b"data: {{{\n\n", b"<html>Welcome</html>", b""])
def test_garbage_is_no_answer(server, kind, body) -> None:
    server.garbage = body

    assert refused(kind, server.origin).code in ("engine_garbled", "engine_broke_off")


@each
def test_an_answer_that_breaks_in_the_middle_says_so_after_what_came(server, kind) -> None:
    server.breaks_after = 2
    answer = ask(kind, server.origin)
    came = []

    with pytest.raises(Unavailable) as broke:
        came += answer
    assert broke.value.code == "engine_broke_off"


@each
def test_leaving_before_the_first_word_closes_the_connection(server, kind) -> None:
    server.hold = threading.Event()
    answer = ask(kind, server.origin)
    while not server.questions:
        server.left.wait(0.01)

    answer.close()

    assert server.left.wait(5)
    assert list(answer) == []


@each
def test_leaving_in_the_middle_closes_the_connection(server, kind) -> None:
    server.hold, server.held_after = threading.Event(), 2
    answer = ask(kind, server.origin)
    assert next(iter(answer))

    answer.close()

    assert server.left.wait(5)


@each
def test_neither_key_nor_question_is_in_the_log(server, kind, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        list(ask(kind, server.origin))
        server.statuses = [401]
        refused(kind, server.origin)

    assert KEY not in caplog.text
    assert "multa" not in caplog.text


@each
def test_a_package_that_is_not_installed_is_named(kind, monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    found = refused(kind, "http://127.0.0.1:1")

    assert found.code == "engine_not_installed"
    assert found.facts["package"] == providers.missing(kind) != ""


def test_the_packages_are_loaded_only_by_a_question() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import appliance.app, sys; print([m for m in sys.modules if m.startswith("
            "('langchain_openai', 'langchain_anthropic', 'langchain_mistralai', 'httpx2'))])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.strip() == "[]"
