"""What exists for a key through MCP, and who has no part in it."""

import pytest

from appliance.errors import sentence
from tests.api.served import Served, served
from tests.api.speaking import (
    SPOKEN,
    called,
    refusal,
    request,
    sent,
    spoken,
    text,
)

__all__ = ["served"]

QUESTION = "Qual é a multa por atraso na devolução de livros?"


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


@pytest.mark.parametrize("secret", ["bk_nothing", "sk-nothing", "bw_nothing"])
def test_without_a_good_key_nothing_is_served(served: Served, secret: str) -> None:
    told = sent(served, secret, request("tools/list"))

    assert (told.status_code, told.json()["code"]) == (401, "not_signed_in")
    assert told.json()["detail"] == sentence("not_signed_in", {}, "pt")


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
