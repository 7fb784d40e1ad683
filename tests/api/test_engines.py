"""Engines over HTTP, and the mark on what has left the building."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from appliance import audit, engines
from tests.elsewhere import Provider, closed, provider
from tests.fakes import WordEmbedder
from tests.house import House

SAID = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
QUESTION = "Quanto é a multa por atraso na devolução de livros?"
KEY = "sk-9f1c-very-secret"


@pytest.fixture
def server() -> Iterator[Provider]:
    with provider() as opened:
        opened.says = SAID.split(" ")[:1] + [f" {word}" for word in SAID.split(" ")[1:]]
        yield opened


@pytest.fixture
def open_house(settings, server) -> Iterator[House]:
    """A house whose administrator opened the server's host, and no other."""
    opened = msgspec.structs.replace(settings, open_hosts=f"{server.origin} https://api.openai.com")
    with House(opened, embedder=WordEmbedder()) as house:
        yield house


def create(house: House, **fields: Any) -> Any:
    return house.client.post("/api/engines", json={"name": "Nuvem", "model": "m"} | fields)


def hosted(house: House, server: Provider, kind: str = "openai", **fields: Any) -> dict[str, Any]:
    address = server.origin if kind == "anthropic" else f"{server.origin}/v1"
    made = create(house, kind=kind, addresses=[address], key=KEY, **fields)
    assert made.status_code == 201, made.text
    return dict(made.json())


def of_site(house: House, server: Provider) -> dict[str, Any]:
    made = create(house, name="Sala 2", kind="site", addresses=[server.origin])
    assert made.status_code == 201, made.text
    return dict(made.json())


def written_by(house: House, engine: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An assistant with a document, for which the engine writes."""
    made = house.assistant(engine=engine["id"], **fields)
    house.upload(made["collections"][0])
    return made


def acts(house: House) -> list[tuple[str, dict[str, Any]]]:
    found = audit.newest(house.parts.database, limit=50)
    return [(one.act, one.details) for one in found if one.act.startswith("engine.")]


# ------------------------------------------------------------------- engines


def test_an_engine_is_shown_without_its_key(open_house, server) -> None:
    made = hosted(open_house, server)

    listed = open_house.client.get("/api/engines").json()["items"]

    assert listed == [made]
    assert (made["kind"], made["leaves_building"], made["has_key"]) == ("openai", True, True)
    assert made["reached"] == [
        {"address": f"{server.origin}/v1", "state": "unknown", "problem": None}
    ]
    assert KEY not in json.dumps(listed)
    assert server.asked == []


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"kind": "mistral", "key": KEY}, 403, "host_not_open"),
        ({"kind": "site", "addresses": ["http://10.0.0.9:8000"]}, 403, "host_not_open"),
        ({"kind": "openai"}, 400, "engine_key_missing"),
        ({"kind": "site"}, 400, "engine_without_address"),
        ({"kind": "site", "addresses": ["http://"]}, 400, None),
        ({"kind": "site", "addresses": ["ftp://a.test"]}, 400, None),
        ({"kind": "azure", "addresses": ["https://a.test"]}, 400, None),
        ({"kind": "openai", "key": "sk-1\r\nx-more: 1"}, 400, None),
        ({"kind": "openai", "key": KEY, "secret": "1"}, 400, None),
    ],
)
def test_an_engine_that_may_or_can_not_be_used_is_refused(open_house, fields, status, code) -> None:
    refused = create(open_house, **fields)

    assert refused.status_code == status
    assert code in (None, refused.json()["code"])
    assert KEY not in refused.text
    assert open_house.client.get("/api/engines").json()["items"] == []


def test_other_addresses_need_the_key_again(open_house, server) -> None:
    """Else whoever may not read it could have it sent to a place of their own."""
    made = hosted(open_house, server)
    there = f"/api/engines/{made['id']}"
    moved = {"addresses": ["https://api.openai.com/v1"]}

    assert open_house.client.patch(there, json=moved).json()["code"] == "engine_key_missing"
    assert open_house.client.patch(there, json={"model": "m2"}).json()["has_key"]
    after = open_house.client.patch(there, json=moved | {"key": "sk-2"})

    assert after.status_code == 200
    assert after.json()["addresses"] == moved["addresses"]


def test_an_engine_that_can_no_longer_be_used_says_why(open_house, server) -> None:
    made = hosted(open_house, server)
    assert made["problem"] is None
    engines.keep_key(open_house.settings.data, made["id"], "")

    (listed,) = open_house.client.get("/api/engines").json()["items"]

    assert listed["problem"]["code"] == "engine_key_missing"
    assert "“Nuvem” precisa da chave" in listed["problem"]["detail"]


def test_a_check_says_how_each_address_is(open_house, server) -> None:
    made = of_site(open_house, server)

    checked = open_house.client.post(f"/api/engines/{made['id']}/check").json()

    assert checked["problem"] is None
    assert checked["first_token_ms"] > 0
    assert [one["state"] for one in checked["engine"]["reached"]] == ["up"]


def test_a_check_that_fails_says_why_in_the_reader_s_language(open_house, server) -> None:
    made = hosted(open_house, server)
    server.statuses = [401]

    checked = open_house.client.post(f"/api/engines/{made['id']}/check")

    assert checked.json()["problem"]["code"] == "engine_key_refused"
    assert "não aceita sua chave" in checked.json()["problem"]["detail"]
    assert KEY not in checked.text


def test_an_engine_in_use_is_not_removed_and_says_by_whom(open_house, server) -> None:
    made = of_site(open_house, server)
    assistant = open_house.assistant("Biblioteca", engine=made["id"])
    there = f"/api/engines/{made['id']}"

    refused = open_house.client.delete(there)
    assert (refused.status_code, refused.json()["code"]) == (409, "engine_in_use")
    assert "1 assistente(s): “Biblioteca”" in refused.json()["detail"]

    open_house.client.patch(f"/api/assistants/{assistant['id']}", json={"engine": None})
    assert open_house.client.delete(there).status_code == 204
    assert open_house.client.get("/api/engines").json()["items"] == []


def test_an_assistant_behind_a_wall_is_counted_and_not_named(open_house, server) -> None:
    """SEC-22: an administrator whom a group keeps from all that it reads."""
    made = of_site(open_house, server)
    hidden = open_house.assistant("Fusão", engine=made["id"])
    me = open_house.client.get("/api/session").json()["person"]["id"]
    barred = open_house.client.post("/api/groups", json={"name": "Fora", "members": [me]}).json()
    open_house.client.patch(
        f"/api/collections/{hidden['collections'][0]}", json={"denied_groups": [barred["id"]]}
    )

    refused = open_house.client.delete(f"/api/engines/{made['id']}")

    assert refused.json()["code"] == "engine_in_use"
    assert "1 assistente" in refused.json()["detail"]
    assert "Fusão" not in refused.text


def test_what_is_done_to_engines_is_on_record_without_their_keys(open_house, server) -> None:
    made = hosted(open_house, server)
    there = f"/api/engines/{made['id']}"
    open_house.client.patch(there, json={"key": "sk-2-secret"})
    open_house.client.post(f"{there}/check")
    open_house.client.delete(there)

    told = acts(open_house)

    assert sorted(act for act, _ in told) == [
        "engine.change", "engine.check", "engine.create", "engine.remove",
    ]  # fmt: skip
    assert "secret" not in str(told)
    assert dict(told)["engine.change"]["fields"] == ["key"]


def test_engines_are_for_administrators(open_house, server) -> None:
    made = of_site(open_house, server)
    with open_house.as_a("editor") as editor:
        assert editor.get("/api/engines").status_code == 403
        assert editor.post("/api/engines", json={}).status_code == 403
        assert editor.post(f"/api/engines/{made['id']}/check").status_code == 403


# ---------------------------------------------------------------- assistants


def test_an_editor_does_not_say_where_questions_go(open_house, server) -> None:
    made = hosted(open_house, server)
    assistant = open_house.assistant()
    there = f"/api/assistants/{assistant['id']}"
    with open_house.as_a("editor") as editor:
        refused = editor.patch(there, json={"engine": made["id"]})
        fresh = editor.post("/api/assistants", json={"name": "x", "engine": made["id"]})
        same = editor.patch(there, json={"engine": None, "greeting": "Oi"})

    assert refused.json()["code"] == fresh.json()["code"] == "engine_for_administrators"
    assert same.status_code == 200


def test_everybody_sees_that_an_assistant_leaves_the_building(open_house, server) -> None:
    there = f"/api/assistants/{written_by(open_house, hosted(open_house, server))['id']}"
    with open_house.as_a("member") as member:
        shown = member.get(there).json()

    assert shown["leaves_building"] is True
    assert "engine" not in shown


def test_an_unknown_engine_is_refused(open_house) -> None:
    assistant = open_house.assistant()

    refused = open_house.client.patch(
        f"/api/assistants/{assistant['id']}", json={"engine": "none-such"}
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_engine")


# ------------------------------------------------------------------- answers


@pytest.mark.parametrize("kind", ["openai", "anthropic", "mistral"])
def test_an_answer_of_a_hosted_engine_is_marked_wherever_it_is_seen(
    open_house, server, kind
) -> None:
    assistant = written_by(open_house, hosted(open_house, server, kind))

    answer = open_house.ask(assistant["id"], QUESTION)

    assert answer["answer"].startswith(SAID)
    assert (answer["mode"], answer["left_building"]) == ("generate", True)
    assert answer["citations"]
    kept = open_house.client.get(f"/api/conversations/{answer['conversation']}").json()
    assert kept["messages"][0]["answer"]["left_building"] is True
    _, done = open_house.stream(assistant["id"], QUESTION)[-1]
    assert done["left_building"] is True


def test_programs_that_speak_openai_s_protocol_are_told_as_well(open_house, server) -> None:
    assistant = written_by(open_house, hosted(open_house, server))
    asked = {"model": assistant["slug"], "messages": [{"role": "user", "content": QUESTION}]}

    with open_house.with_key(scopes=["ask"]) as client:
        (model,) = client.get("/v1/models").json()["data"]
        whole = client.post("/v1/chat/completions", json=asked).json()
        streamed = client.post("/v1/chat/completions", json=asked | {"stream": True}).text

    assert model["leaves_building"] is True
    assert whole["left_building"] is True
    assert '"left_building":true' in streamed


def test_an_answer_of_the_site_s_engine_is_not_marked(open_house, server) -> None:
    assistant = written_by(open_house, of_site(open_house, server))

    answer = open_house.ask(assistant["id"], QUESTION)

    assert (answer["mode"], answer["left_building"]) == ("generate", False)
    assert "R$ 1,50" in server.questions[0]["messages"][-1]["content"]


def test_an_assistant_that_quotes_sends_nothing_to_its_engine(open_house, server) -> None:
    assistant = written_by(open_house, hosted(open_house, server), mode="quote")

    answer = open_house.ask(assistant["id"], QUESTION)

    assert (answer["mode"], answer["left_building"]) == ("quote", False)
    assert server.asked == []


def test_a_refusal_is_decided_here_and_nothing_is_sent(open_house, server) -> None:
    assistant = written_by(open_house, hosted(open_house, server))

    answer = open_house.ask(assistant["id"], "Qual é a capital da Mongólia?")

    assert (answer["state"], answer["left_building"]) == ("refused", False)
    assert server.asked == []


def test_where_the_engine_fails_the_answer_is_a_quote_and_still_marked(open_house, server) -> None:
    """The passages were sent, whatever came of it."""
    assistant = written_by(open_house, hosted(open_house, server))
    server.statuses = [500]

    answer = open_house.ask(assistant["id"], QUESTION)

    assert (answer["state"], answer["mode"]) == ("answered", "quote")
    assert answer["left_building"] is True


def test_where_all_addresses_are_down_the_answer_is_a_quote(settings) -> None:
    gone = closed()
    opened = msgspec.structs.replace(settings, open_hosts=gone)
    with House(opened, embedder=WordEmbedder()) as house:
        made = create(house, kind="site", addresses=[gone]).json()
        assistant = written_by(house, made)

        answer = house.ask(assistant["id"], QUESTION)

    assert (answer["state"], answer["mode"]) == ("answered", "quote")


def test_an_engine_that_breaks_off_is_a_problem_in_the_stream(open_house, server) -> None:
    assistant = written_by(open_house, of_site(open_house, server))
    server.breaks_after = 3

    told = open_house.stream(assistant["id"], QUESTION)

    assert told[-1][0] == "problem"
    assert told[-1][1]["code"] == "engine_broke_off"


def test_the_key_is_in_no_table_no_answer_and_no_log(open_house, server, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        assistant = written_by(open_house, hosted(open_house, server))
        answer = open_house.ask(assistant["id"], QUESTION)
        server.statuses = [401]
        open_house.ask(assistant["id"], QUESTION)

    with open_house.parts.database.connection() as db:
        db.conn.execute("pragma wal_checkpoint(truncate)")
    kept = open_house.settings.data
    holding = [
        file.relative_to(kept).parts[0]
        for file in kept.rglob("*")
        if file.is_file() and KEY.encode() in file.read_bytes()
    ]
    assert holding == ["secrets"]
    assert KEY not in caplog.text + json.dumps(answer)
