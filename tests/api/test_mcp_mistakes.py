"""What goes wrong through MCP, told in sentences: limits, mistakes, bodies that are none."""

from collections.abc import Iterator

import pytest

from appliance.errors import Unavailable, sentence
from appliance.models import Prompt
from tests.api.served import Served, served
from tests.api.speaking import (
    called,
    refusal,
    request,
    sent,
    spoken,
)

__all__ = ["served"]

QUESTION = "Qual é a multa por atraso na devolução de livros?"


def test_a_key_that_asks_too_much_is_told_how_long_to_wait(served: Served) -> None:
    served.assistant()
    secret = served.secret()
    for _ in range(4):
        assert not called(served, "search", secret, query="multa").is_error

    told = refusal(called(served, "ask", secret, question=QUESTION))
    other = called(served, "search", query="multa")

    assert told == sentence("too_many", {"minutes": 1}, "pt")
    assert not other.is_error


@pytest.mark.parametrize(
    ("tool", "arguments", "code", "facts"),
    [
        ("ask", {"question": "a" * 4001}, "long_question", {"length": 4001, "limit": 4000}),
        ("ask", {"question": " "}, "empty_question", {}),
        ("search", {"query": ""}, "empty_question", {}),
        ("search", {"query": "a", "colour": 1}, "unknown_field", {"field": "colour"}),
        ("ask", {"question": "a", "conversation": "0000"}, "not_found", {}),
        (
            "search",
            {"query": "a", "limit": 51},
            "bad_request",
            {"reason": "Expected `int` <= 50 - at `$.limit`"},
        ),
        ("ask", {}, "bad_request", {"reason": "Object missing required field `question`"}),
    ],
)
def test_a_mistake_is_told_in_the_sentence_of_the_api(
    served: Served, tool: str, arguments: dict[str, object], code: str, facts: dict[str, object]
) -> None:
    served.assistant()

    told = refusal(called(served, tool, **arguments))

    assert told == sentence(code, facts, "pt")


def test_a_mistake_is_told_in_the_clients_language(served: Served) -> None:
    served.assistant()

    told = spoken(
        served,
        lambda session: session.call_tool("ask", {"question": ""}),
        **{"accept-language": "en-GB,en;q=0.9"},
    )

    assert refusal(told) == sentence("empty_question", {}, "en")


def test_a_tool_that_does_not_exist_is_an_error_of_the_protocol(served: Served) -> None:
    told = sent(served, served.secret(), request("tools/call", name="rm", arguments={}))

    assert '"code":-32602' in told.text
    assert "Unknown tool: rm" in told.text


def test_an_engine_that_dies_on_the_way_is_told(served: Served) -> None:
    served.assistant()

    def dies(prompt: Prompt) -> Iterator[str]:
        yield "A multa "
        raise Unavailable("engine_down")

    served.says = dies

    assert refusal(called(served, "ask", question=QUESTION)) == sentence("engine_down", {}, "pt")
    assert served.states() == ["failed"]


def test_what_nobody_expected_is_told_without_its_text(served: Served) -> None:
    served.assistant()

    def breaks(prompt: Prompt) -> str:
        raise ZeroDivisionError("segredo")

    served.says = breaks

    assert refusal(called(served, "ask", question=QUESTION)) == sentence("unexpected", {}, "pt")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b"3", b"[" * 100_000, b'{"jsonrpc": "2.0"}', b"null"],
)
@pytest.mark.parametrize("version", ["2025-11-25", "2026-07-28", "never"])
def test_garbage_is_refused(served: Served, content: bytes, version: str) -> None:
    headers = {"content-type": "application/json", "mcp-protocol-version": version}

    told = sent(served, served.secret(), headers=headers, content=content)

    assert 400 <= told.status_code < 500


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"content-type": "text/plain"}, b"{}", 415),
        ({"content-type": "application/json", "content-encoding": "gzip"}, b"{}", 415),
        ({"content-type": "application/json"}, b" " * 1_000_001, 413),
        ({"content-type": "application/json", "accept": "text/html"}, b"{}", 406),
    ],
)
def test_a_body_that_is_none_of_ours_is_refused(
    served: Served, headers: dict[str, str], content: bytes, status: int
) -> None:
    assert sent(served, served.secret(), headers=headers, content=content).status_code == status


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_no_session_to_open_or_to_end(served: Served, method: str) -> None:
    told = sent(served, served.secret(), method=method)

    assert told.status_code == 405
    assert "POST" in told.headers["allow"]
    assert told.json()["detail"] == sentence("method_not_allowed", {}, "pt")
