"""The retrieval bench over HTTP: for those who may change an assistant, and nobody else."""

import pytest

from tests.house import HANDBOOK

QUESTION = "Qual é a multa por atraso na devolução de livros?"


@pytest.fixture
def assistant(house):
    made = house.assistant()
    house.upload(made["collections"][0])
    return made["id"]


def bench(client, assistant, query=QUESTION, **fields):
    return client.post(f"/api/assistants/{assistant}/bench", json={"query": query} | fields)


def test_a_search_is_laid_open_in_one_answer(house, assistant):
    sent = bench(house.client, assistant)

    assert sent.status_code == 200
    assert set(sent.json()) == {
        "query", "language", "words", "ignored", "keywords", "meaning", "fused",
        "candidates", "answerable", "facts", "levels", "strictness", "took_ms",
    }  # fmt: skip


def test_a_query_is_searched_as_it_is(house, assistant):
    assert bench(house.client, assistant).json()["query"] == QUESTION


def test_the_fused_list_has_passages_in_the_shape_of_a_search(house, assistant):
    found = house.client.post(
        f"/api/assistants/{assistant}/search", json={"query": QUESTION}
    ).json()

    told = bench(house.client, assistant).json()

    assert [one["passage"] for one in told["fused"]] == found["passages"]
    (first, *_) = told["fused"]
    assert set(first) == {"passage", "snippet", "keywords", "meaning", "codes", "shares"}
    assert first["snippet"] == told["keywords"][0]["snippet"]
    assert set(first["shares"][0]) == {"signal", "value", "weight", "share"}
    assert told["answerable"] == found["answerable"]


def test_the_engines_and_the_words_have_their_shapes(house, assistant):
    told = bench(house.client, assistant).json()

    seen = {"rank", "document", "page", "heading", "snippet", "score"}
    assert set(told["keywords"][0]) == set(told["meaning"][0]) == seen
    assert told["keywords"][0]["snippet"] in HANDBOOK
    assert set(told["words"][0]) == {"text", "idf", "found"}
    assert set(told["levels"][0]) == {"strictness", "threshold", "answers"}
    assert told["took_ms"] > 0


def test_nothing_is_stored(house, assistant):
    bench(house.client, assistant)

    assert house.client.get("/api/conversations").json()["items"] == []


def test_a_key_that_may_administer_may_look(house, assistant):
    with house.with_key(scopes=["admin"]) as client:
        assert bench(client, assistant).status_code == 200


@pytest.mark.parametrize("scope", ["ask", "search", "documents:read", "documents:write"])
def test_a_key_that_may_only_ask_may_not(house, assistant, scope):
    with house.with_key(scopes=[scope]) as client:
        sent = bench(client, assistant)

    assert (sent.status_code, sent.json()["code"]) == (403, "not_allowed")


def test_an_unknown_assistant_is_not_there(house):
    sent = bench(house.client, "nobody")

    assert (sent.status_code, sent.json()["code"]) == (404, "not_found")


def test_nobody_may_not(house, assistant):
    with house.as_nobody() as client:
        assert bench(client, assistant).status_code == 401


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 200), ("editor", 200), ("member", 403), ("auditor", 403)]
)
def test_only_people_who_may_edit_may_look(house, assistant, role, status):
    with house.as_a(role) as client:
        assert bench(client, assistant).status_code == status


def test_a_visitor_of_the_widget_may_not(house):
    made = house.assistant(origins=["http://127.0.0.1:8080"])
    with house.as_nobody() as client:
        token = client.post(
            f"/api/widget/{made['public_id']}/session",
            json={},
            headers={"origin": "http://127.0.0.1:8080"},
        ).json()["token"]
        sent = client.post(
            f"/api/assistants/{made['id']}/bench",
            json={"query": QUESTION},
            headers={"authorization": f"Bearer {token}"},
        )

    assert (sent.status_code, sent.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"query": ""}, 400, "empty_question"),
        ({"query": " \n\t "}, 400, "empty_question"),
        ({"query": "a" * 100_000}, 400, "long_question"),
        ({"query": "Oi?", "limit": 3}, 400, "unknown_field"),
        ({"query": 7}, 400, "bad_request"),
        ({}, 400, "bad_request"),
    ],
)
def test_a_bad_query_gets_its_sentence(house, assistant, body, status, code):
    sent = house.client.post(f"/api/assistants/{assistant}/bench", json=body)

    assert (sent.status_code, sent.json()["code"]) == (status, code)
    assert len(sent.json()["detail"]) > 30


def test_an_assistant_without_documents_has_an_empty_report(house):
    told = bench(house.client, house.assistant()["id"]).json()

    assert (told["fused"], told["keywords"], told["meaning"]) == ([], [], None)
    assert told["answerable"] == 0


def test_only_the_assistants_own_collections_are_looked_into(house, assistant):
    other = house.assistant("Portaria")
    house.upload(other["collections"][0], "O porteiro abre às 6h.", "portaria.txt")

    told = bench(house.client, assistant, "Quando o porteiro abre?").json()

    titles = {one["passage"]["document"]["title"] for one in told["fused"]}
    assert "portaria" not in {title.lower() for title in titles}
