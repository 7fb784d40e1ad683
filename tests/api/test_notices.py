"""A visitor reads the notice, accepts it, and only then asks (LGPD-01, LGPD-12)."""

from typing import Any

import pytest
from httpx import Response

from tests.api.visiting import accept
from tests.house import House

SITE = "https://www.escola.example"
QUESTION = "Qual é a multa por atraso na devolução de livros?"
Headers = dict[str, str]


@pytest.fixture
def assistant(house: House) -> dict[str, Any]:
    made = house.assistant(origins=[SITE], contact="secretaria@escola.example")
    house.upload(made["collections"][0])
    return made


def visit(house: House, assistant: dict[str, Any]) -> Headers:
    """A visitor who has read nothing yet."""
    path = f"/api/widget/{assistant['public_id']}/session"
    token = send(house, "POST", path, {"origin": SITE}).json()["token"]
    return {"authorization": f"Bearer {token}"}


def agree(house: House, assistant: dict[str, Any], visitor: Headers) -> None:
    with house.as_nobody() as client:
        accept(client, assistant["public_id"], visitor["authorization"].removeprefix("Bearer "))


def send(house: House, method: str, path: str, headers: Headers, **sent: Any) -> Response:
    with house.as_nobody() as client:
        return client.request(method, path, headers=headers, **sent)


def ask(house: House, assistant: dict[str, Any], visitor: Headers, **fields: Any) -> Response:
    path = f"/api/assistants/{assistant['id']}/ask"
    return send(house, "POST", path, visitor, json={"question": QUESTION} | fields)


def stored(house: House) -> list[dict[str, Any]]:
    return house.parts.database.rows("select * from conversations order by id")


def set_notice(house: House, assistant: dict[str, Any], **notice: str) -> dict[str, Any]:
    path = f"/api/assistants/{assistant['id']}/visitors"
    sent = house.client.patch(path, json={"notice": notice})
    assert sent.status_code == 200, sent.text
    return dict(sent.json()["notice"])


@pytest.mark.guarantee("LGPD-01")
def test_without_acceptance_nothing_is_sent_and_nothing_is_stored(house, assistant) -> None:
    visitor = visit(house, assistant)
    search = f"/api/assistants/{assistant['id']}/search"

    refused = [
        ask(house, assistant, visitor),
        ask(house, assistant, visitor, stream=True),
        send(house, "POST", search, visitor, json={"query": QUESTION}),
    ]

    assert {(one.status_code, one.json()["code"]) for one in refused} == {
        (403, "notice_not_accepted")
    }
    assert stored(house) == []
    assert house.parts.database.rows("select * from messages") == []


@pytest.mark.guarantee("LGPD-01")
def test_the_accepted_version_stands_with_the_conversation(house, assistant) -> None:
    visitor = visit(house, assistant)
    agree(house, assistant, visitor)
    first = ask(house, assistant, visitor).json()
    assert [one["notice"] for one in stored(house)] == [1]

    set_notice(house, assistant, text="Outro texto.")
    assert ask(house, assistant, visitor).status_code == 403, "asked again"
    agree(house, assistant, visitor)
    again = ask(house, assistant, visitor, conversation=first["conversation"])

    assert again.status_code == 200
    shown = send(house, "GET", f"/api/conversations/{first['conversation']}", visitor).json()
    assert shown["notice"] == 2


@pytest.mark.guarantee("LGPD-01")
def test_taking_consent_back_erases_what_the_visitor_asked_and_nothing_else(
    house, assistant
) -> None:
    set_notice(house, assistant, basis="consent")
    mine, other = visit(house, assistant), visit(house, assistant)
    for visitor in (mine, other):
        agree(house, assistant, visitor)
        assert ask(house, assistant, visitor).status_code == 200

    gone = send(house, "DELETE", "/api/widget/acceptance", mine)

    assert gone.status_code == 204
    assert len(stored(house)) == len(house.parts.database.rows("select * from messages")) == 1
    assert ask(house, assistant, mine).status_code == 403
    assert ask(house, assistant, other).status_code == 200
    acts = house.client.get("/api/audit", params={"act": "consent.take_back"}).json()["items"]
    assert [one["details"] for one in acts] == [{"conversations": 1}]


def test_where_no_consent_was_asked_none_is_taken_back(house, assistant) -> None:
    visitor = visit(house, assistant)
    agree(house, assistant, visitor)

    refused = send(house, "DELETE", "/api/widget/acceptance", visitor)

    assert (refused.status_code, refused.json()["code"]) == (409, "notice_is_no_consent")


def test_an_editor_reads_every_version_and_what_changed_is_on_record(house, assistant) -> None:
    path = f"/api/assistants/{assistant['id']}/notices"
    for text in ("Um.", "Dois.", "Dois."):
        set_notice(house, assistant, text=text)

    first = house.client.get(path, params={"limit": 2}).json()
    rest = house.client.get(path, params={"cursor": first["next"]}).json()

    assert [one["version"] for one in first["items"]] == [3, 2]
    assert ([one["version"] for one in rest["items"]], rest["next"]) == ([1], None)
    assert house.client.get(path, params={"cursor": "x"}).status_code == 400
    acts = house.client.get("/api/audit", params={"act": "notice.change"}).json()["items"]
    assert [one["details"]["version"] for one in acts] == [3, 2]


@pytest.mark.parametrize(
    "fields",
    [{"basis": "contract"}, {"link": "javascript:alert(1)"}, {"text": "x" * 4001}, {"more": "x"}],
)
def test_a_notice_that_cannot_be_is_refused(house, assistant, fields) -> None:
    path = f"/api/assistants/{assistant['id']}/visitors"

    assert house.client.patch(path, json={"notice": fields}).status_code == 400


@pytest.mark.guarantee("LGPD-01")
def test_how_long_is_kept_is_told_and_done(house, assistant) -> None:
    path = f"/api/assistants/{assistant['id']}/visitors"
    told = house.client.patch(path, json={"keep_days": 30}).json()
    assert told["keep_days"] == 30
    assert "30 dias" in told["notice"]["retention"]
    visitor = visit(house, assistant)
    agree(house, assistant, visitor)
    ask(house, assistant, visitor)
    with house.parts.database.write() as db:
        db.run("update conversations set updated_at = '2020-01-01T00:00:00.000Z'")

    sent = house.client.post("/api/retention/run", json={"confirmed": 9})

    assert (sent.status_code, stored(house)) == (200, [])
    assert house.client.patch(path, json={"keep_days": None}).json()["keep_days"] is None


@pytest.mark.guarantee("LGPD-12")
def test_every_answer_says_what_it_is_not_for_and_whom_to_ask(house, assistant) -> None:
    visitor = visit(house, assistant)
    agree(house, assistant, visitor)

    for answer in (ask(house, assistant, visitor).json(), house.ask(assistant["id"], QUESTION)):
        assert answer["caution"] == "Não use esta resposta para decidir sobre pessoas."
        assert answer["contact"] == "secretaria@escola.example"
    (told,) = [data for name, data in house.stream(assistant["id"], QUESTION) if name == "done"]
    assert told["contact"] == "secretaria@escola.example"
