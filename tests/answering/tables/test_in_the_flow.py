"""A computed answer in the house: told, cited, stored, and only to whoever may read it."""

from typing import Any

import pytest

from appliance import assistants
from appliance.answering.events import Checked, Done, Passages, Token
from appliance.answering.tables import computing
from appliance.records import Caller
from tests.fakes import ScriptedGenerator
from tests.house import House

ANA = Caller(kind="person", id="ana", name="Ana")
CSV = (
    "Nome do aluno;Turma;Mensalidade\n"
    "Ana Prado;2º A;R$ 1.234,56\nBia Souza;2º A;R$ 1.000,00\nCaio Lima;2º B;R$ 500,10\n"
)
QUESTION = "Qual a soma das mensalidades da turma 2º A?"


@pytest.fixture
def assistant(house: House) -> dict[str, Any]:
    made = house.assistant()
    house.upload(made["collections"][0], CSV, "alunos.csv")
    return made


def test_the_figure_the_way_to_it_and_the_rows_are_told(house: House, assistant) -> None:
    answer = house.ask(assistant["id"], QUESTION)

    assert answer["state"] == "answered"
    assert answer["answer"] == (
        "Soma de “Mensalidade”: R$ 2.234,56. [1] [2] [3]\n"
        "Calculado na planilha “alunos” de “Alunos”, sobre 2 de 3 linhas em que Turma = 2º A."
    )
    assert [one["quote"] for one in answer["citations"]] == [
        "Nome do aluno | Turma | Mensalidade",
        "Ana Prado | 2º A | R$ 1.234,56",
        "Bia Souza | 2º A | R$ 1.000,00",
    ]


def test_each_citation_is_a_span_of_the_documents_text(house: House, assistant) -> None:
    answer = house.ask(assistant["id"], QUESTION)

    document = answer["citations"][0]["document"]["id"]
    text = house.client.get(f"/api/documents/{document}/pages").json()["items"][0]["text"]
    for one in answer["citations"]:
        assert text[one["start"] : one["end"]] == one["quote"]


def test_passages_come_first_and_each_sentence_is_told(house: House, assistant) -> None:
    events = [name for name, _ in house.stream(assistant["id"], QUESTION)]

    assert events == ["passages", "token", "sentence", "token", "sentence", "done"]


def test_the_answer_is_stored_with_its_collection(house: House, assistant) -> None:
    answer = house.ask(assistant["id"], QUESTION)

    (row,) = house.parts.database.rows(
        "select * from messages where id = :id", {"id": answer["message"]}
    )
    assert row["state"] == "answered"
    assert assistant["collections"][0] in row["collections"]


def test_no_model_has_a_part_in_a_figure(writing_house: House, writer: ScriptedGenerator) -> None:
    made = writing_house.assistant()
    writing_house.upload(made["collections"][0], CSV, "alunos.csv")

    answer = writing_house.ask(made["id"], QUESTION)

    assert "R$ 2.234,56" in answer["answer"]
    assert answer["mode"] == "quote"
    assert writer.prompts == []


def test_a_follow_up_is_computed_too(house: House, assistant) -> None:
    first = house.ask(assistant["id"], QUESTION)

    second = house.ask(
        assistant["id"],
        "quantos alunos tem a turma 2º B?",
        conversation=first["conversation"],
    )

    assert "Registros encontrados: 1." in second["answer"]


def test_a_table_that_the_assistant_does_not_read_is_not_used(house: House, assistant) -> None:
    other = house.assistant("Biblioteca")

    answer = house.ask(other["id"], QUESTION)

    assert answer["state"] == "refused"
    assert "2.234" not in answer["answer"]


def test_a_table_in_a_collection_that_is_closed_to_the_asker_is_not_used(
    house: House, assistant
) -> None:
    both = [*assistant["collections"], *house.assistant("Biblioteca")["collections"]]
    changed = house.client.patch(f"/api/assistants/{assistant['id']}", json={"collections": both})
    assert changed.status_code == 200, changed.text
    group = house.client.post("/api/groups", json={"name": "Direção"}).json()
    closed = house.client.patch(
        f"/api/collections/{assistant['collections'][0]}", json={"groups": [group["id"]]}
    )
    assert closed.status_code == 200, closed.text

    with house.as_a("member"):
        answer = house.ask(assistant["id"], QUESTION)

    assert answer["state"] == "refused"
    assert answer["note"] == ""
    assert "2.234" not in answer["answer"]


def test_a_removed_document_is_computed_from_no_more(house: House, assistant) -> None:
    document = house.ask(assistant["id"], QUESTION)["citations"][0]["document"]["id"]

    house.client.delete(f"/api/documents/{document}")

    answer = house.ask(assistant["id"], QUESTION)
    assert "2.234" not in answer["answer"]


def test_a_sum_that_could_not_be_understood_says_so_beside_the_passages(
    house: House, assistant
) -> None:
    answer = house.ask(assistant["id"], "quantos alunos da turma 2º A moram longe?")

    assert "planilha “alunos”" in answer["note"]
    assert answer["passages"]


def test_a_question_about_the_documents_has_no_note(house: House, assistant) -> None:
    house.upload(assistant["collections"][0])

    answer = house.ask(assistant["id"], "Qual é a multa por atraso na devolução de livros?")

    assert "R$ 1,50" in answer["answer"]
    assert answer["note"] == ""


def test_the_flow_tells_a_figure_as_it_tells_any_answer(house: House, assistant) -> None:
    record = assistants.get(house.parts.database, assistant["id"])
    events = list(house.parts.answering.stream(ANA, record, QUESTION))

    assert [type(event) for event in events] == [
        Passages,
        *(Token, Checked),
        *(Token, Checked),
        Done,
    ]
    text = events[-1].answer.answer
    for sentence in events[-1].answer.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.supported


def test_of_more_tables_than_are_tried_none_is_believed_and_that_is_said(
    house: House, assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "TABLES_MOST", 1)
    house.upload(assistant["collections"][0], "Item;Preço\nCaderno;12,50\n", "papelaria.csv")

    answer = house.ask(assistant["id"], QUESTION)

    assert "Calculado" not in answer["answer"]
    assert "alunos" in answer["note"]
