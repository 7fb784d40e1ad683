"""Asking over HTTP: found, answered, cited, remembered, and the caller's alone."""

import pytest

from tests.house import HANDBOOK


@pytest.fixture
def assistant(house):
    made = house.assistant()
    house.upload(made["collections"][0])
    return made["id"]


def test_an_answer_cites_the_words_it_stands_on(house, assistant):
    answer = house.ask(assistant, "Qual é a multa por atraso na devolução de livros?")

    assert (answer["state"], answer["mode"]) == ("answered", "quote")
    assert "R$ 1,50" in answer["answer"]
    (first, *_) = answer["citations"]
    assert "R$ 1,50" in first["quote"]
    pages = house.client.get(f"/api/documents/{first['document']['id']}/pages").json()["items"]
    assert pages[0]["text"][first["start"] : first["end"]] == first["quote"]
    assert first["url"].startswith(f"/#/documents/{first['document']['id']}?")


def test_every_sentence_stands_where_it_says_it_stands(house, assistant):
    answer = house.ask(assistant, "Quando os recibos devem ser entregues ao financeiro?")

    assert answer["sentences"]
    for sentence in answer["sentences"]:
        assert answer["answer"][sentence["start"] : sentence["end"]] == sentence["text"]
        assert sentence["supported"]
        assert sentence["citations"]


def test_what_the_documents_do_not_say_is_refused_with_the_nearest_passages(house, assistant):
    answer = house.ask(assistant, "Quem descobriu a penicilina?")

    assert answer["state"] == "refused"
    assert answer["citations"] == []
    assert "documentos" in answer["answer"]


def test_a_refusal_uses_the_assistants_own_words_and_names_whom_to_ask(house):
    made = house.assistant(refusal="Não sei dizer.", contact="secretaria@escola.example")

    answer = house.ask(made["id"], "Quem descobriu a penicilina?")

    assert answer["answer"].startswith("Não sei dizer.")
    assert "secretaria@escola.example" in answer["answer"]


def test_a_stream_tells_passages_first_then_words_then_the_whole(house, assistant):
    events = house.stream(assistant, "Qual é a multa por atraso na devolução de livros?")

    names = [name for name, _ in events]
    assert names[0] == "passages"
    assert names[-1] == "done"
    assert names.count("done") == 1
    assert names.index("token") < names.index("sentence")
    done = events[-1][1]
    assert done["sentences"] == [data for name, data in events if name == "sentence"]


def test_a_search_gives_passages_in_the_shape_of_the_contract(house, assistant):
    found = house.client.post(
        f"/api/assistants/{assistant}/search", json={"query": "multa livros", "limit": 2}
    ).json()

    assert set(found) == {"passages", "answerable", "took_ms"}
    first = found["passages"][0]
    assert set(first) == {
        "n", "document", "page", "heading", "text", "start", "end", "score", "found_by",
        "place",
    }  # fmt: skip
    assert first["n"] == 1
    assert first["page"] is None, "a markdown file has no pages"
    assert "Biblioteca" in first["heading"]
    assert first["text"] in HANDBOOK.replace("# ", "").replace("#", "") or first["text"]


def test_a_removed_document_is_never_cited_again(house, assistant):
    before = house.ask(assistant, "Qual é a multa por atraso na devolução de livros?")
    document = before["citations"][0]["document"]["id"]

    gone = house.client.delete(f"/api/documents/{document}")
    after = house.ask(assistant, "Qual é a multa por atraso na devolução de livros?")

    assert gone.status_code == 204
    assert (after["state"], after["citations"], after["passages"]) == ("refused", [], [])


def test_a_conversation_is_there_when_one_comes_back(house, assistant):
    first = house.ask(assistant, "Qual é a multa por atraso na devolução de livros?")
    house.ask(assistant, "Quantos livros posso levar?", conversation=first["conversation"])

    listed = house.client.get("/api/conversations", params={"assistant": assistant}).json()
    told = house.client.get(f"/api/conversations/{first['conversation']}").json()

    assert [one["id"] for one in listed["items"]] == [first["conversation"]]
    assert [message["question"] for message in told["messages"]] == [
        "Qual é a multa por atraso na devolução de livros?",
        "Quantos livros posso levar?",
    ]
    assert told["messages"][0]["answer"] == first


def test_a_thumb_is_kept(house, assistant):
    answer = house.ask(assistant, "Qual é a multa por atraso na devolução de livros?")

    given = house.client.post(
        f"/api/messages/{answer['message']}/feedback", json={"good": False, "reason": "velho"}
    )
    told = house.client.get(f"/api/conversations/{answer['conversation']}").json()

    assert given.status_code == 200
    assert told["messages"][0]["feedback"] == {"good": False, "reason": "velho", "comment": ""}


def test_a_question_can_be_asked_again(house, assistant):
    first = house.ask(assistant, "Qual é a multa por atraso na devolução de livros?")

    again = house.client.post(f"/api/messages/{first['message']}/regenerate", json={}).json()

    assert again["conversation"] == first["conversation"]
    assert again["message"] != first["message"]
    assert again["answer"] == first["answer"]


def test_a_removed_conversation_is_gone(house, assistant):
    answer = house.ask(assistant, "Qual é a multa por atraso na devolução de livros?")
    address = f"/api/conversations/{answer['conversation']}"

    assert house.client.delete(address).status_code == 204
    assert house.client.get(address).status_code == 404
    assert house.client.delete(address).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": ""}, 400, "empty_question"),
        ({"question": " \n\t\x00 "}, 400, "empty_question"),
        ({"question": "a" * 100_000}, 400, "long_question"),
        ({"question": "Oi?", "model": "/etc/passwd"}, 400, "unknown_field"),
        ({"question": "Oi?", "conversation": "not-mine"}, 404, "not_found"),
        ({"question": 7}, 400, "bad_request"),
        ({}, 400, "bad_request"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_bad_question_gets_its_sentence(house, assistant, body, status, code, stream):
    sent = house.client.post(f"/api/assistants/{assistant}/ask", json=body | {"stream": stream})

    problem = sent.json()
    assert (sent.status_code, problem["code"]) == (status, code)
    assert sent.headers["content-type"] == "application/problem+json"
    assert len(problem["detail"]) > 30


def test_an_unknown_assistant_is_not_there(house):
    sent = house.client.post("/api/assistants/nobody/ask", json={"question": "Oi?"})

    assert (sent.status_code, sent.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query", ['"', 'a" OR 1=1 --', "NEAR(", "col:x", "*", "'; DROP", "palavra " * 400, "🙂" * 900]
)
def test_search_syntax_in_a_question_is_text(house, assistant, query):
    sent = house.client.post(f"/api/assistants/{assistant}/search", json={"query": query})

    assert sent.status_code == 200


def test_with_a_language_model_the_answer_is_written_and_cited_by_code(writing_house, writer):
    made = writing_house.assistant()
    writing_house.upload(made["collections"][0])

    answer = writing_house.ask(made["id"], "Qual é a multa por atraso na devolução de livros?")

    assert (answer["state"], answer["mode"]) == ("answered", "generate")
    assert answer["sentences"][0]["supported"]
    assert answer["citations"][0]["quote"].startswith("A multa por atraso")
    assert len(writer.prompts) == 1
    assert "R$ 1,50" in writer.prompts[0].turns[-1].text


def test_the_model_sees_what_was_said_before(writing_house, writer):
    made = writing_house.assistant()
    writing_house.upload(made["collections"][0])
    first = writing_house.ask(made["id"], "Qual é a multa por atraso na devolução de livros?")

    writing_house.ask(
        made["id"], "Quantos livros cada aluno pode levar?", conversation=first["conversation"]
    )

    turns = writer.prompts[-1].turns
    assert turns[0].text == "Qual é a multa por atraso na devolução de livros?"
    assert turns[1].role == "assistant"
    assert "[1]" not in turns[1].text


def test_an_assistant_may_be_told_to_quote_although_there_is_a_model(writing_house, writer):
    made = writing_house.assistant(mode="quote")
    writing_house.upload(made["collections"][0])

    answer = writing_house.ask(made["id"], "Qual é a multa por atraso na devolução de livros?")

    assert answer["mode"] == "quote"
    assert writer.prompts == []


def test_the_model_is_not_asked_what_the_documents_do_not_answer(writing_house, writer):
    made = writing_house.assistant()
    writing_house.upload(made["collections"][0])

    answer = writing_house.ask(made["id"], "Quem descobriu a penicilina?")

    assert answer["state"] == "refused"
    assert writer.prompts == []
