"""The office approves an answer, and from then on exactly that is said."""

from typing import Any

import pytest

from tests.api.visiting import accept
from tests.house import House

QUESTION = "Qual é a multa por atraso na devolução de livros?"
SAID = "A multa é de R$ 1,50 por dia, *sem exceção*."


@pytest.fixture
def made(house: House) -> dict[str, Any]:
    found = house.assistant(suggestions=["Quais são os horários?"])
    house.upload(found["collections"][0])
    return found


def address(made: dict[str, Any], rest: str = "") -> str:
    return f"/api/assistants/{made['id']}/approved-answers{rest}"


def approve(house: House, made: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"questions": [QUESTION], "text": SAID} | fields
    sent = house.client.post(address(made), json=body)
    assert sent.status_code == 201, sent.text
    return dict(sent.json())


def document(house: House, made: dict[str, Any]) -> str:
    listed = house.client.get(f"/api/collections/{made['collections'][0]}/documents")
    return str(listed.json()["items"][0]["id"])


def test_an_approved_answer_is_given_word_for_word_and_says_so(house: House, made: Any) -> None:
    approve(house, made)

    answer = house.ask(made["id"], "qual e a multa por atraso na devolucao de livros")

    assert answer["answer"] == SAID
    assert (answer["said_by"], answer["state"], answer["mode"]) == ("office", "answered", "quote")
    assert (answer["sentences"], answer["citations"], answer["passages"]) == ([], [], [])


def test_it_is_given_to_the_same_question_in_other_words(house: House, made: Any) -> None:
    approve(house, made)

    answer = house.ask(made["id"], f"Boa tarde! Gostaria de saber: {QUESTION} Obrigada!")

    assert answer["answer"] == SAID


def test_another_question_is_answered_from_the_documents(house: House, made: Any) -> None:
    approve(house, made)

    answer = house.ask(made["id"], "Quantos livros cada aluno pode levar?")

    assert answer["said_by"] == "documents"
    assert "três livros" in answer["answer"]
    assert answer["offers"] == []


def test_a_close_question_is_offered_beside_the_answer(house: House, made: Any) -> None:
    approve(house, made)

    answer = house.ask(made["id"], "Qual é a multa por atraso na devolução de muitos livros?")

    assert answer["said_by"] == "documents"
    assert answer["offers"] == [QUESTION]
    assert house.ask(made["id"], answer["offers"][0])["answer"] == SAID


def test_it_is_told_as_a_stream_of_the_same_shape(house: House, made: Any) -> None:
    approve(house, made)

    events = house.stream(made["id"], QUESTION)

    assert [name for name, _ in events] == ["passages", "token", "done"]
    assert events[1][1]["text"] == SAID
    assert events[0][1]["answerable"] == 1.0


def test_it_counts_how_often_and_when_it_was_given(house: House, made: Any) -> None:
    one = approve(house, made)
    house.ask(made["id"], QUESTION)
    house.ask(made["id"], QUESTION)

    after = house.client.get(address(made, f"/{one['id']}")).json()

    assert after["hits"] == 2
    assert after["last_hit_at"] > one["created_at"]


def test_it_cites_the_very_words_of_the_page(house: House, made: Any) -> None:
    quote = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
    approve(house, made, document=document(house, made), page=1, quote=quote)

    answer = house.ask(made["id"], QUESTION)

    (citation,) = answer["citations"]
    assert citation["quote"] == quote
    assert answer["sentences"] == [
        {"text": SAID, "start": 0, "end": len(SAID), "supported": True, "citations": [1],
         "reason": None}
    ]  # fmt: skip
    shown = house.client.get(f"/api/documents/{citation['document']['id']}/pages").json()
    text = shown["items"][0]["text"]
    assert text[citation["start"] : citation["end"]] == quote


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"document": "nada"}, "approved_document_unknown"),
        ({"page": 7}, "approved_page_unknown"),
        ({"quote": "R$ 9,99"}, "approved_quote_missing"),
    ],
)
def test_a_citation_that_leads_nowhere_is_refused(
    house: House, made: Any, fields: dict[str, Any], code: str
) -> None:
    body = {"questions": [QUESTION], "text": SAID, "document": document(house, made)} | fields

    sent = house.client.post(address(made), json=body)

    assert (sent.status_code, sent.json()["code"]) == (400, code)
    assert house.client.get(address(made)).json()["items"] == []


def test_one_that_is_off_is_not_given(house: House, made: Any) -> None:
    one = approve(house, made)
    changed = house.client.patch(address(made, f"/{one['id']}"), json={"active": False})
    assert changed.json()["active"] is False

    assert house.ask(made["id"], QUESTION)["said_by"] == "documents"


def test_a_removed_one_is_not_given(house: House, made: Any) -> None:
    one = approve(house, made)

    assert house.client.delete(address(made, f"/{one['id']}")).status_code == 204
    assert house.ask(made["id"], QUESTION)["said_by"] == "documents"
    assert house.client.get(address(made, f"/{one['id']}")).status_code == 404


def test_what_was_right_on_another_day_is_looked_up_in_the_documents(
    house: House, made: Any
) -> None:
    approve(house, made)

    assert house.ask(made["id"], QUESTION, as_of="2024-05-01")["said_by"] == "documents"


def test_an_answer_of_another_assistant_does_not_open_here(house: House, made: Any) -> None:
    one = approve(house, made)
    other = house.assistant("Tesouraria")

    assert house.client.get(address(other, f"/{one['id']}")).status_code == 404
    assert house.ask(other["id"], QUESTION)["state"] == "refused"


def test_members_approve_nothing(house: House, made: Any) -> None:
    with house.as_a("member") as client:
        sent = client.post(address(made), json={"questions": ["Oi?"], "text": "Olá"})

    assert sent.status_code == 403


def test_what_an_editor_does_is_on_record_without_its_words(house: House, made: Any) -> None:
    one = approve(house, made)
    house.client.patch(address(made, f"/{one['id']}"), json={"text": "Outra."})
    house.client.delete(address(made, f"/{one['id']}"))

    acts = house.client.get("/api/audit", params={"subject": made["id"]}).json()["items"]

    told = [entry for entry in acts if entry["act"].startswith("approved.")]
    assert [entry["act"] for entry in told] == [
        "approved.remove", "approved.change", "approved.create",
    ]  # fmt: skip
    assert "multa" not in str(told)


def test_a_file_comes_in_whole_and_replaces_what_is_approved(house: House, made: Any) -> None:
    approve(house, made)
    file = house.client.get(address(made, "/export"))
    assert file.headers["content-type"].startswith("text/csv")
    text = file.text.replace("R$ 1,50", "R$ 2,00") + "Onde fica a secretaria?,No térreo.\r\n"

    sent = house.client.post(address(made, "/import"), json={"csv": text})

    assert sent.json() == {"added": 1, "changed": 1}
    assert "R$ 2,00" in house.ask(made["id"], QUESTION)["answer"]
    assert house.ask(made["id"], "Onde fica a secretaria?")["answer"] == "No térreo."


def test_a_file_with_one_bad_line_changes_nothing(house: House, made: Any) -> None:
    sent = house.client.post(
        address(made, "/import"), json={"csv": "questions,answer\nUm?,1\nDois?,\n"}
    )

    assert (sent.status_code, sent.json()["code"]) == (400, "approved_csv_line")
    assert "linha 3" in sent.json()["detail"]
    assert house.client.get(address(made)).json()["items"] == []


def test_two_answers_to_one_question_in_a_file_change_nothing(house: House, made: Any) -> None:
    sent = house.client.post(
        address(made, "/import"), json={"csv": "questions,answer\nUm?,1\num,2\n"}
    )

    assert (sent.status_code, sent.json()["code"]) == (409, "question_approved")
    assert house.client.get(address(made)).json()["items"] == []


def test_a_greeting_is_answered_by_the_greeting_with_the_suggestions(
    house: House, made: Any
) -> None:
    house.client.patch(f"/api/assistants/{made['id']}", json={"greeting": "Bem-vindo!"})

    answer = house.ask(made["id"], "Bom dia!")

    assert (answer["answer"], answer["said_by"]) == ("Bem-vindo!", "house")
    assert answer["offers"] == ["Quais são os horários?"]
    assert answer["passages"] == []


def test_a_follow_up_leans_on_the_question_before_the_thanks(house: House, made: Any) -> None:
    first = house.ask(made["id"], "Quantos livros cada aluno pode levar?")
    talk = {"conversation": first["conversation"]}
    assert house.ask(made["id"], "Obrigado!", **talk)["said_by"] == "house"

    answer = house.ask(made["id"], "E por quantos dias?", **talk)

    assert answer["said_by"] == "documents"
    assert "quinze dias" in answer["answer"]


def test_a_visitor_gets_it_too(house: House, made: Any) -> None:
    site = "https://escola.example"
    house.client.patch(f"/api/assistants/{made['id']}", json={"origins": [site]})
    approve(house, made)
    token = house.client.post(
        f"/api/widget/{made['public_id']}/session", headers={"origin": site}
    ).json()["token"]
    with house.as_nobody() as client:
        headers = accept(client, made["public_id"], token)
        sent = client.post(
            f"/api/assistants/{made['id']}/ask", json={"question": QUESTION}, headers=headers
        )

    assert sent.json()["answer"] == SAID


def test_an_approved_answer_that_names_somebody_is_found_and_handed_over(house: House) -> None:
    person = "Joaquim Sá de Souza"
    wanted = {"name": person, "reason": "Pedido do titular, protocolo 77"}
    made = house.assistant("Processos")
    house.client.post(
        f"/api/assistants/{made['id']}/approved-answers",
        json={"questions": ["Quem assina?"], "text": f"O chefe.\nHoje: {person}.\nOu o vice."},
    )

    (found,) = house.client.post("/api/subjects/search", json=wanted).json()["approved"]

    assert (found["assistant"], found["line"]) == (made["id"], f"Hoje: {person}.")
    handed = house.client.post("/api/subjects/export", json=wanted).json()
    assert handed["approved"] == [{"assistant": made["id"], "line": f"Hoje: {person}."}]


def test_so_is_a_golden_question(house: House) -> None:
    person = "Joaquim Sá de Souza"
    wanted = {"name": person, "reason": "Pedido do titular, protocolo 77"}
    made = house.assistant("Processos")
    house.client.post(
        "/api/golden",
        json={
            "assistant": made["id"],
            "question": "Quem assina?",
            "phrases": ["o vice", f"Hoje: {person}"],
        },
    )

    (found,) = house.client.post("/api/subjects/search", json=wanted).json()["golden"]

    assert (found["assistant"], found["line"]) == (made["id"], f"Hoje: {person}")
    handed = house.client.post("/api/subjects/export", json=wanted).json()
    assert handed["golden"] == [{"assistant": made["id"], "line": f"Hoje: {person}"}]
