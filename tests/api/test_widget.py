"""A visitor of a school's page: let in, answered, shown the page, and nothing more."""

import pytest

from tests.api.visiting import accept
from tests.house import House

SITE = "https://www.escola.example"


@pytest.fixture
def assistant(house: House) -> dict:
    made = house.assistant(origins=[SITE], greeting="Olá!")
    house.upload(made["collections"][0])
    return made


def visit(house: House, public_id: str, origin: str = SITE):
    with house.as_nobody() as client:
        return client.post(f"/api/widget/{public_id}/session", json={}, headers={"origin": origin})


def as_visitor(house: House, assistant: dict) -> dict[str, str]:
    token = visit(house, assistant["public_id"]).json()["token"]
    with house.as_nobody() as client:
        return accept(client, assistant["public_id"], token)


def test_a_visitor_of_an_allowed_site_asks_and_is_answered(house, assistant):
    headers = as_visitor(house, assistant)

    answer = house.client.post(
        f"/api/assistants/{assistant['id']}/ask",
        json={"question": "Qual é a multa por atraso na devolução de livros?"},
        headers=headers,
    ).json()

    assert answer["state"] == "answered"
    told = house.client.get(f"/api/conversations/{answer['conversation']}", headers=headers)
    assert told.status_code == 200


def test_a_visitor_is_shown_the_page_of_an_answer_but_not_the_original(house, assistant):
    headers = as_visitor(house, assistant)
    collection = assistant["collections"][0]
    (document,) = house.client.get(f"/api/collections/{collection}/documents").json()["items"]

    page = house.client.get(f"/api/documents/{document['id']}/pages/1", headers=headers)
    original = house.client.get(f"/api/documents/{document['id']}/original", headers=headers)

    assert page.status_code == 200
    assert original.status_code == 403


def test_a_visitor_sees_no_other_assistant(house, assistant):
    other = house.assistant("Diretoria")
    document = house.upload(other["collections"][0], "Segredo da diretoria.", "s.txt")
    headers = as_visitor(house, assistant)

    hidden = [
        house.client.post(
            f"/api/assistants/{other['id']}/ask", json={"question": "Oi?"}, headers=headers
        ),
        house.client.get(f"/api/documents/{document['id']}", headers=headers),
    ]

    assert {sent.status_code for sent in hidden} == {404}


def test_one_visitor_does_not_read_what_another_asked(house, assistant):
    answer = house.client.post(
        f"/api/assistants/{assistant['id']}/ask",
        json={"question": "Qual é a multa?"},
        headers=as_visitor(house, assistant),
    ).json()

    other = house.client.get(
        f"/api/conversations/{answer['conversation']}", headers=as_visitor(house, assistant)
    )

    assert other.status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://escola.example", ""])
def test_a_site_that_is_not_listed_gets_no_session(house, assistant, origin):
    sent = visit(house, assistant["public_id"], origin)

    assert sent.status_code == 403
    assert "access-control-allow-origin" not in sent.headers


def test_a_visitor_who_asks_too_much_is_asked_to_wait(house, assistant):
    headers = as_visitor(house, assistant)

    sent = [
        house.client.post(
            f"/api/assistants/{assistant['id']}/search", json={"query": "multa"}, headers=headers
        )
        for _ in range(21)
    ]

    assert {one.status_code for one in sent[:20]} == {200}
    assert (sent[20].status_code, sent[20].json()["code"]) == (429, "too_many")
    assert int(sent[20].headers["retry-after"]) > 0


def test_the_loader_may_be_loaded_by_other_sites_and_the_chat_framed_by_the_listed(
    house, assistant
):
    loader = house.client.get("/widget.js")
    chat = house.client.get(f"/w/{assistant['public_id']}")
    closed = house.client.get(f"/w/{house.assistant('Fechada')['public_id']}")

    assert loader.headers["content-type"].startswith("text/javascript")
    assert loader.headers["cross-origin-resource-policy"] == "cross-origin"
    assert f"frame-ancestors {SITE}" in chat.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in closed.headers["content-security-policy"]
