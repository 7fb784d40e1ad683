"""The official MCP client against the appliance, unchanged and over a real connection."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from jsonschema import Draft202012Validator

from appliance.api import mcp_server
from appliance.errors import Unavailable, sentence
from appliance.models import Prompt
from appliance.settings import Settings
from tests.api.served import FINE, Served, served
from tests.api.speaking import (
    DISCOVER,
    HANDSHAKE,
    SPOKEN,
    called,
    refusal,
    request,
    sent,
    speaking,
    spoken,
    text,
)
from tests.whole.running import eventually

__all__ = ["served"]

QUESTION = "Qual é a multa por atraso na devolução de livros?"
ERAS = pytest.mark.parametrize("era", [HANDSHAKE, DISCOVER])


@pytest.fixture
def busy(settings: Settings) -> Iterator[Served]:
    """A house whose keys may ask often."""
    opened = Served(Settings(data_dir=settings.data_dir, key_questions_per_minute=1000))
    yield opened
    opened.stop()


def slowly(prompt: Prompt) -> Iterator[str]:
    """An answer that takes a quarter of an hour."""
    for _ in range(3000):
        yield f"{FINE} "
        time.sleep(0.3)


# ------------------------------------------------------------------ what there is


@ERAS
def test_a_client_sees_the_tools_with_what_they_take_and_give(served: Served, era: str) -> None:
    listed = spoken(served, lambda session: session.list_tools(), era=era)

    tools = {tool.name: tool for tool in listed.tools}
    assert list(tools) == ["list_assistants", "search", "ask", "read_page"]
    assert tools["ask"].input_schema["required"] == ["question"]
    assert tools["search"].input_schema["properties"]["limit"]["maximum"] == 50
    assert [tool.annotations.read_only_hint for tool in listed.tools] == [True, True, False, True]
    for tool in listed.tools:
        for schema in (tool.input_schema, tool.output_schema):
            Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
        assert tool.description


def test_the_tools_describe_themselves_in_the_clients_language(served: Served) -> None:
    def titles(**headers: str) -> list[str]:
        listed = spoken(served, lambda session: session.list_tools(), **headers)
        return [tool.title for tool in listed.tools]

    assert titles()[1] == "Buscar nos documentos"
    assert titles(**{"accept-language": "es-AR"})[1] == "Buscar en los documentos"
    assert titles(**{"accept-language": "en"})[1] == "Search the documents"


@ERAS
def test_the_server_says_who_it_is_and_how_to_use_it(served: Served, era: str) -> None:
    async def introduced(session):
        return session.server_info, session.instructions, session.server_capabilities

    info, instructions, can = spoken(served, introduced, era=era)

    assert (info.name, info.title) == ("balcao", "Balcão")
    assert instructions == sentence("mcp_instructions", {}, "pt")
    assert can.tools is not None
    assert can.prompts is None


def test_importing_the_application_does_not_import_the_library() -> None:
    script = (
        "import sys, appliance.app\n"
        "print([name for name in ('mcp', 'mcp_types', 'starlette') if name in sys.modules])"
    )

    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert printed.stdout.strip() == "[]"


# ------------------------------------------------------------------ finding and asking


@ERAS
def test_a_search_tells_passages_with_their_document_and_text(served: Served, era: str) -> None:
    served.assistant()

    told = called(served, "search", era=era, assistant="secretaria", query=QUESTION, limit=2)

    assert not told.is_error
    first = told.structured_content["passages"][0]
    assert "R$ 1,50" in first["text"]
    assert "R$ 1,50" in text(told)
    assert first["document"]["title"] in text(told)
    assert first["document"]["id"] in text(told)
    assert len(told.structured_content["passages"]) <= 2


@ERAS
def test_an_answer_comes_with_its_citations_and_that_it_is_supported(
    served: Served, era: str
) -> None:
    served.assistant()

    told = called(served, "ask", era=era, assistant="secretaria", question=QUESTION)

    data = told.structured_content
    assert data["answer"].startswith(FINE)
    assert (data["state"], data["supported"]) == ("answered", True)
    (cited,) = data["citations"]
    assert "R$ 1,50" in cited["quote"]
    assert cited["page"] is None  # the handbook has no pages
    assert cited["url"].startswith("http://")
    assert f"[{cited['n']}] {cited['document']['title']}: “{cited['quote']}”" in text(told)
    assert data["nearest"] == []


def test_what_the_passages_do_not_say_is_told_as_unsupported(served: Served) -> None:
    served.assistant()
    loose = "A multa por atraso na devolução de livros é de R$ 9,75 por hora."
    served.says = lambda prompt: loose

    told = called(served, "ask", question=QUESTION)

    assert told.structured_content["supported"] is False
    assert sentence("answer_unsupported", {"sentences": f"“{loose}”"}, "pt") in text(told)


def test_a_refusal_is_an_answer_with_what_lay_nearest(served: Served) -> None:
    served.assistant(refusal="Não sei dizer.")

    told = called(served, "ask", question="Quem descobriu a penicilina, e a multa?")

    data = told.structured_content
    assert (data["state"], data["supported"], data["citations"]) == ("refused", False, [])
    assert text(told).startswith("Não sei dizer.")
    for passage in data["nearest"]:
        assert passage["text"] in text(told)


def test_a_question_may_follow_on_another(served: Served) -> None:
    served.assistant()
    secret = served.secret()

    first = called(served, "ask", secret, question=QUESTION)
    conversation = first.structured_content["conversation"]
    second = called(
        served, "ask", secret, question="E quantos livros posso levar?", conversation=conversation
    )

    assert second.structured_content["conversation"] == conversation
    assert served.writer.prompts[-1].turns[0].text == QUESTION


def test_the_page_of_a_citation_can_be_read(served: Served) -> None:
    served.assistant()
    secret = served.secret()
    (cited,) = called(served, "ask", secret, question=QUESTION).structured_content["citations"]

    told = called(served, "read_page", secret, document=cited["document"]["id"], page=cited["page"])

    data = told.structured_content
    assert cited["quote"] in data["text"]
    assert (data["document"], data["page"], data["next"]) == (cited["document"], None, None)
    assert data["text"] in text(told)


def test_a_long_page_is_read_in_parts(served: Served) -> None:
    made = served.house.assistant("Atas")
    whole = "# Ata\n\n" + "".join(f"Item {n} da ata. " for n in range(4000))
    served.house.upload(made["collections"][0], whole, "ata.md")
    secret = served.secret()
    found = called(served, "search", secret, query="Item 7 da ata").structured_content
    document = found["passages"][0]["document"]["id"]

    parts, start = [], 0
    while start is not None:
        told = called(served, "read_page", secret, document=document, start=start)
        parts.append(told.structured_content["text"])
        start = told.structured_content["next"]

    assert len(parts) > 2
    assert "Item 3999 da ata." in "".join(parts)
    assert "".join(parts).count("Item 1733 da ata") == 1


# ------------------------------------------------------------------ rights


def test_the_assistants_of_the_key_are_listed_by_the_names_the_tools_take(served: Served) -> None:
    served.assistant()
    other = served.assistant("Biblioteca")

    everything = called(served, "list_assistants").structured_content["assistants"]
    own = called(served, "list_assistants", served.secret(assistants=[other["id"]]))

    assert [one["assistant"] for one in everything] == ["secretaria", "biblioteca"]
    assert [one["name"] for one in own.structured_content["assistants"]] == ["Biblioteca"]
    assert "secretaria" not in text(own)


def test_one_assistant_goes_without_saying_and_of_several_one_must_be_named(
    served: Served,
) -> None:
    served.assistant()
    alone = called(served, "search", query=QUESTION)
    served.assistant("Biblioteca")

    told = refusal(called(served, "search", query=QUESTION))

    assert not alone.is_error
    assert told == sentence("which_assistant", {"names": "secretaria, biblioteca"}, "pt")


@pytest.mark.parametrize(
    ("tool", "argument"), [("search", {"query": QUESTION}), ("ask", {"question": QUESTION})]
)
def test_an_assistant_beyond_the_keys_reach_is_one_that_never_was(
    served: Served, tool: str, argument: dict[str, str]
) -> None:
    served.assistant()
    secret = served.secret(assistants=[served.assistant("Biblioteca")["id"]])

    hidden = refusal(called(served, tool, secret, assistant="secretaria", **argument))
    never = refusal(called(served, tool, secret, assistant="portaria", **argument))

    assert hidden.replace("secretaria", "portaria") == never
    assert "list_assistants" in never
    assert served.states() == []


def test_a_document_beyond_the_keys_reach_is_one_that_never_was(served: Served) -> None:
    served.assistant()
    document = called(served, "search", query=QUESTION).structured_content["passages"][0]
    hidden_id = document["document"]["id"]
    secret = served.secret(assistants=[served.house.assistant("Vazia")["id"]])

    hidden = refusal(called(served, "read_page", secret, document=hidden_id))
    never = refusal(called(served, "read_page", secret, document="0000"))
    beyond = refusal(called(served, "read_page", document=hidden_id, page=99))

    assert hidden.replace(hidden_id, "0000") == never
    assert "99" in beyond


def test_a_walled_collection_does_not_exist_for_a_key(served: Served) -> None:
    made = served.assistant()
    group = served.house.client.post("/api/groups", json={"name": "Sócios"}).json()
    served.house.client.patch(
        f"/api/collections/{made['collections'][0]}", json={"groups": [group["id"]]}
    )

    listed = called(served, "list_assistants").structured_content
    told = refusal(called(served, "ask", assistant="secretaria", question=QUESTION))

    assert listed == {"assistants": []}
    assert told == sentence("unknown_assistant_here", {"name": "secretaria"}, "pt")


@pytest.mark.parametrize(
    ("scope", "tools"),
    [
        ("search", ["list_assistants", "search", "read_page"]),
        ("ask", ["list_assistants", "ask", "read_page"]),
        ("documents:read", ["read_page"]),
        ("admin", ["list_assistants", "search", "ask", "read_page"]),
    ],
)
def test_a_key_sees_the_tools_of_its_scopes(served: Served, scope: str, tools: list[str]) -> None:
    secret = served.secret(scopes=[scope])

    listed = spoken(served, lambda session: session.list_tools(), secret)

    assert [tool.name for tool in listed.tools] == tools


def test_a_tool_of_another_scope_is_refused(served: Served) -> None:
    served.assistant()
    secret = served.secret(scopes=["search"])

    told = sent(served, secret, request("tools/call", name="ask", arguments={"question": QUESTION}))

    assert sentence("not_allowed", {}, "pt") in told.text
    assert '"isError":true' in told.text
    assert served.states() == []


@pytest.mark.parametrize("secret", ["bk_nothing", "sk-nothing", ""])
def test_without_a_good_key_nothing_is_served(served: Served, secret: str) -> None:
    told = sent(served, secret, request("tools/list"))

    assert (told.status_code, told.json()["code"]) == (401, "not_signed_in")


def test_a_key_without_any_of_the_scopes_is_refused(served: Served) -> None:
    told = sent(served, served.secret(scopes=["documents:write"]), request("tools/list"))

    assert (told.status_code, told.json()["code"]) == (403, "not_allowed")


def test_a_wrong_key_is_an_error_to_the_client(served: Served) -> None:
    with pytest.raises(BaseExceptionGroup) as failed:
        called(served, "search", "bk_nothing", query=QUESTION)

    assert failed.group_contains(Exception, match="error")


def test_a_person_who_is_signed_in_has_no_part_in_it(served: Served) -> None:
    told = served.house.client.post("/mcp", json=request("tools/list"), headers=SPOKEN)

    assert told.status_code == 403


def test_a_page_of_another_site_is_refused_even_with_a_key(served: Served) -> None:
    secret = served.secret()
    body = request("tools/list")

    foreign = sent(served, secret, body, headers={"origin": "https://evil.example"})
    rebound = sent(served, secret, body, headers={"host": "evil.example"})
    own = sent(served, secret, body, headers={"origin": served.address})

    assert (foreign.status_code, foreign.json()["code"]) == (403, "cross_site")
    assert (rebound.status_code, rebound.json()["code"]) == (400, "unknown_host")
    assert own.status_code == 200


# ------------------------------------------------------------------ limits and mistakes


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


# ------------------------------------------------------------------ leaving, and many at once


@ERAS
def test_a_client_that_leaves_stops_the_model(served: Served, era: str) -> None:
    served.assistant()
    served.says = slowly
    secret = served.secret()

    async def leaves() -> None:
        async with speaking(served, secret, era) as session:
            asking = asyncio.create_task(session.call_tool("ask", {"question": QUESTION}))
            await asyncio.to_thread(eventually, lambda: served.writer.writings, "nobody asked")
            asking.cancel()

    asyncio.run(leaves())

    eventually(lambda: served.writer.writings[0].closed.is_set(), "the model went on", 5)
    eventually(lambda: served.states() == ["stopped"], "the answer was not kept", 5)


def test_a_connection_that_breaks_stops_the_model(served: Served) -> None:
    served.assistant()
    served.says = slowly
    body = request("tools/call", name="ask", arguments={"question": QUESTION})

    with httpx.stream(
        "POST",
        f"{served.address}/mcp",
        json=body,
        headers=SPOKEN | {"authorization": f"Bearer {served.secret()}"},
        trust_env=False,
    ):
        eventually(lambda: served.writer.writings, "nobody asked")

    eventually(lambda: served.writer.writings[0].closed.is_set(), "the model went on", 5)
    eventually(lambda: served.states() == ["stopped"], "the answer was not kept", 5)


@ERAS
def test_a_client_that_wants_to_know_hears_that_it_goes_on(
    served: Served, era: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mcp_server, "BEAT_SECONDS", 0.1)
    served.assistant()
    heard: list[float] = []

    def thinks(prompt: Prompt) -> Iterator[str]:
        eventually(lambda: len(heard) > 2, "no progress was told", 20)
        yield FINE

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append(progress)

    served.says = thinks
    told = spoken(
        served,
        lambda session: session.call_tool("ask", {"question": QUESTION}, progress_callback=hear),
        era=era,
    )

    assert not told.is_error
    assert heard == sorted(set(heard))


def test_twenty_ask_at_once_and_somebody_searches_meanwhile(busy: Served) -> None:
    busy.assistant()
    secret = busy.secret()
    searched = []

    def together(prompt: Prompt) -> Iterator[str]:
        eventually(lambda: len(busy.writer.prompts) == 20, "they do not run side by side")
        eventually(lambda: searched, "the search waits for the answers")
        yield FINE

    async def one(era: str) -> bool:
        async with speaking(busy, secret, era) as session:
            told = await session.call_tool("ask", {"question": QUESTION})
            return bool(told.structured_content["supported"])

    async def search() -> None:
        await asyncio.to_thread(eventually, lambda: len(busy.writer.prompts) == 20, "not all ask")
        async with speaking(busy, secret) as session:
            told = await session.call_tool("search", {"query": "multa"})
            searched.append(told.structured_content["passages"])

    async def all_of_them() -> list[bool]:
        eras = [HANDSHAKE, DISCOVER] * 10
        *told, _ = await asyncio.gather(*(one(era) for era in eras), search())
        return told

    busy.says = together

    assert asyncio.run(all_of_them()) == [True] * 20
    assert busy.states() == ["answered"] * 20


def test_nothing_is_left_of_a_request(busy: Served) -> None:
    busy.assistant()
    secret = busy.secret()
    tasks: list[int] = []

    async def count() -> None:
        tasks.append(len(asyncio.all_tasks()))

    for _ in range(2):
        for _ in range(10):
            sent(busy, secret, request("tools/list"))
        loop = busy.server.servers[0].get_loop()
        asyncio.run_coroutine_threadsafe(count(), loop).result(10)

    assert tasks[0] == tasks[1]
