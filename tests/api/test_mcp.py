"""The official MCP client against the appliance, unchanged and over a real connection."""

import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from appliance import assistants, engines
from appliance.errors import sentence
from tests.api.served import FINE, Served, served
from tests.api.speaking import (
    DISCOVER,
    HANDSHAKE,
    called,
    spoken,
    text,
)

__all__ = ["served"]

QUESTION = "Qual é a multa por atraso na devolução de livros?"
ERAS = pytest.mark.parametrize("era", [HANDSHAKE, DISCOVER])


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


def test_what_left_the_building_is_told_before_and_after(served: Served) -> None:
    assistant = served.assistant()
    outside = engines.new(name="Nuvem", kind="openai", addresses=[], model="m")
    with served.house.parts.database.write() as db:
        engines.add(db, outside)
        assistants.change(db, assistant["id"], {"engine": outside.id})
    served.house.parts.answering.generator = lambda _: served.writer
    served.writer.left_building = True

    (listed,) = called(served, "list_assistants").structured_content["assistants"]
    told = called(served, "ask", question=QUESTION)

    assert listed["leaves_building"] is True
    assert told.structured_content["left_building"] is True
    assert sentence("answer_left_building", {}, "pt") in text(told)


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
