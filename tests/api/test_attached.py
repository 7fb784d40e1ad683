"""A file beside a conversation: its answers read it, nobody else does, and it ends with it."""

from collections.abc import Sequence
from typing import Any

import pytest

from appliance import audit, library
from appliance.jobs import intake
from tests.house import House

CONTRACT = """# Contrato de locação

## Cláusula quinta

O inquilino Zeferino Quaresma paga o aluguel de R$ 2.750,00 até o dia 10 de cada mês.
A garantia é um seguro-fiança com a Seguradora Tamandaré.
"""
QUESTION = "Qual é o valor do aluguel que o inquilino Zeferino Quaresma paga?"


def attach(
    house: House,
    assistant: str,
    content: str | bytes = CONTRACT,
    name: str = "contrato.md",
    conversation: str = "",
) -> Any:
    """The response to a file that is laid beside a conversation."""
    data = content.encode() if isinstance(content, str) else content
    path = f"conversations/{conversation}" if conversation else f"assistants/{assistant}"
    return house.client.post(f"/api/{path}/files", files={"file": (name, data)})


def laid(house: House, assistant: str, **fields: Any) -> tuple[str, str]:
    """The conversation and the document of a file that was laid beside it, and read."""
    sent = attach(house, assistant, **fields)
    assert sent.status_code == 202, sent.text
    house.work()
    return sent.json()["conversation"], sent.json()["file"]["id"]


@pytest.fixture
def office(house: House) -> dict[str, Any]:
    """An assistant that answers from its regimento."""
    made = house.assistant()
    house.upload(made["collections"][0])
    return made


def titles(answer: dict[str, Any]) -> Sequence[str]:
    return [one["document"]["title"] for one in answer["passages"]]


def files(house: House, conversation: str) -> list[dict[str, Any]]:
    told = house.client.get(f"/api/conversations/{conversation}/files")
    assert told.status_code == 200, told.text
    return list(told.json()["items"])


def test_an_answer_of_that_conversation_cites_the_file_with_its_lines(
    house: House, office: dict[str, Any]
) -> None:
    conversation, document = laid(house, office["id"])

    told = house.ask(office["id"], QUESTION, conversation=conversation)

    assert told["state"] == "answered"
    assert "2.750,00" in told["answer"]
    (citation, *_) = told["citations"]
    assert citation["document"] == {"id": document, "title": "Contrato"}
    text = library.text(house.parts.database, document)
    assert "R$ 2.750,00" in text[citation["start"] : citation["end"]]


def test_it_answers_beside_the_documents_of_the_assistant(
    house: House, office: dict[str, Any]
) -> None:
    conversation, _ = laid(house, office["id"])

    told = house.ask(
        office["id"], "Qual é a multa por atraso na devolução?", conversation=conversation
    )

    assert "R$ 1,50" in told["answer"]


def test_another_conversation_of_the_same_person_knows_nothing_of_it(
    house: House, office: dict[str, Any]
) -> None:
    laid(house, office["id"])

    told = house.ask(office["id"], QUESTION)

    assert told["state"] == "refused"
    assert "Contrato" not in titles(told)


def test_nobody_finds_it_by_a_search(house: House, office: dict[str, Any]) -> None:
    with house.as_a("member"):
        _, document = laid(house, office["id"])
        own = house.client.get("/api/search/everywhere?q=contrato").json()
        reading = house.client.get(f"/api/documents/{document}").status_code

    assert reading == 200
    found = house.client.post(
        f"/api/assistants/{office['id']}/search", json={"query": QUESTION}
    ).json()
    assert "Contrato" not in titles(found)
    assert "Contrato" not in str(house.client.get("/api/search/everywhere?q=contrato").json())
    assert document not in str(own)


def test_for_an_administrator_it_does_not_exist(house: House, office: dict[str, Any]) -> None:
    with house.as_a("member"):
        conversation, document = laid(house, office["id"])
        shelf = house.client.get(f"/api/documents/{document}").json()["collection"]

    tried = [
        ("GET", f"/api/conversations/{conversation}/files"),
        ("DELETE", f"/api/conversations/{conversation}/files/{document}"),
        ("GET", f"/api/documents/{document}"),
        ("GET", f"/api/documents/{document}/original"),
        ("DELETE", f"/api/documents/{document}"),
        ("GET", f"/api/collections/{shelf}"),
        ("GET", f"/api/collections/{shelf}/documents"),
    ]
    assert {house.client.request(*one).status_code for one in tried} == {404}
    assert shelf not in str(house.client.get("/api/collections").json())
    assert document not in str(house.client.get("/api/jobs").json())


def test_its_shelf_is_in_no_list_not_even_its_owner_s_and_takes_nothing_else(
    house: House, office: dict[str, Any]
) -> None:
    _, document = laid(house, office["id"])
    shelf = house.client.get(f"/api/documents/{document}").json()["collection"]

    assert shelf not in str(house.client.get("/api/collections").json())
    assert house.send(shelf, "outro", "outro.txt").status_code == 403
    assert house.client.delete(f"/api/collections/{shelf}").status_code == 403
    given = house.client.patch(
        f"/api/assistants/{office['id']}", json={"collections": [*office["collections"], shelf]}
    )
    assert (given.status_code, given.json()["code"]) == (400, "unknown_collection")


def test_another_s_conversation_takes_no_file(house: House, office: dict[str, Any]) -> None:
    told = house.ask(office["id"], "Qual é a multa por atraso?")
    with house.as_a("member"):
        sent = attach(house, office["id"], conversation=told["conversation"])

    assert sent.status_code == 404
    assert house.file_count() == 1


def test_it_is_taken_away_with_one_call_from_answers_and_from_the_disk(
    house: House, office: dict[str, Any]
) -> None:
    conversation, document = laid(house, office["id"])

    gone = house.client.delete(f"/api/conversations/{conversation}/files/{document}")

    assert gone.status_code == 204
    assert files(house, conversation) == []
    assert house.file_count() == 1
    assert house.ask(office["id"], QUESTION, conversation=conversation)["state"] == "refused"


def test_a_document_of_the_library_is_not_taken_away_by_that_door(
    house: House, office: dict[str, Any]
) -> None:
    conversation, _ = laid(house, office["id"])
    kept = house.client.get(f"/api/collections/{office['collections'][0]}/documents").json()
    (document,) = (one["id"] for one in kept["items"])

    tried = house.client.delete(f"/api/conversations/{conversation}/files/{document}")

    assert tried.status_code == 404
    assert house.client.get(f"/api/documents/{document}").status_code == 200


def test_a_refused_file_begins_no_conversation_and_says_why(
    house: House, office: dict[str, Any]
) -> None:
    sent = attach(house, office["id"], b"MZ\x90\x00\x03", "programa.exe")

    assert sent.status_code == 415
    assert sent.json()["detail"]
    assert house.client.get("/api/conversations").json()["items"] == []
    assert house.file_count() == 1


def test_a_file_that_cannot_be_read_says_so_in_the_list(
    house: House, office: dict[str, Any]
) -> None:
    conversation, _ = laid(house, office["id"], content=b"%PDF-1.4\nnada", name="quebrado.pdf")

    (shown,) = files(house, conversation)
    assert shown["state"] == "failed"
    assert shown["problem"]["detail"].strip()


def test_the_same_file_twice_is_refused_with_its_name(house: House, office: dict[str, Any]) -> None:
    conversation, _ = laid(house, office["id"])

    again = attach(house, office["id"], conversation=conversation)

    assert (again.status_code, again.json()["code"]) == (409, "already_in_library")
    assert len(files(house, conversation)) == 1


def test_there_are_ten_at_most(house: House, office: dict[str, Any]) -> None:
    first = attach(house, office["id"], "arquivo 0", "0.txt").json()["conversation"]
    for number in range(1, 10):
        sent = attach(house, office["id"], f"arquivo {number}", f"{number}.txt", first)
        assert sent.status_code == 202, sent.text

    eleventh = attach(house, office["id"], "mais um", "mais.txt", first)

    assert (eleventh.status_code, eleventh.json()["code"]) == (409, "too_many_attached")
    assert "10" in eleventh.json()["detail"]


def test_two_files_in_one_request_are_refused_whole(house: House, office: dict[str, Any]) -> None:
    sent = house.client.post(
        f"/api/assistants/{office['id']}/files",
        files=[("file", ("a.txt", b"um")), ("file", ("b.txt", b"dois"))],
    )

    assert (sent.status_code, sent.json()["code"]) == (400, "one_file_alone")
    assert house.client.get("/api/conversations").json()["items"] == []
    assert list(intake.incoming(house.settings).iterdir()) == []


def test_in_exam_time_none_is_taken(house: House, office: dict[str, Any]) -> None:
    exam = {"on": True, "begins": "2020-01-01T00:00", "ends": "2099-01-01T00:00"}
    changed = house.client.patch(f"/api/assistants/{office['id']}/flows", json={"exam": exam})
    assert changed.status_code == 200, changed.text

    sent = attach(house, office["id"])

    assert (sent.status_code, sent.json()["code"]) == (403, "exam_now")


def test_files_count_against_what_one_may_send_in_an_hour(
    house: House, office: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    monkeypatch.setattr(
        "appliance.api.limits.count_uploads",
        lambda database, settings, caller, files: counted.append(files),
    )

    attach(house, office["id"])

    assert counted == [1]


@pytest.mark.parametrize("who", ["key", "nobody"])
def test_programs_and_strangers_attach_nothing(
    house: House, office: dict[str, Any], who: str
) -> None:
    if who == "nobody":
        with house.as_nobody():
            assert attach(house, office["id"]).status_code == 401
    else:
        with house.with_key(scopes=["ask", "documents:write"]):
            assert attach(house, office["id"]).status_code == 403


def test_it_is_on_record_by_the_conversation_and_without_its_name(
    house: House, office: dict[str, Any]
) -> None:
    conversation, document = laid(house, office["id"])
    house.client.delete(f"/api/conversations/{conversation}/files/{document}")

    acts = audit.newest(house.parts.database, audit.wanted(subject=conversation), limit=9)
    assert [one.act for one in acts] == ["conversation.detach", "conversation.attach"]
    assert "contrato" not in str(acts).lower()


def test_a_table_beside_a_conversation_is_computed_with(
    house: House, office: dict[str, Any]
) -> None:
    sheet = "Setor;Despesa\nLimpeza;100\nLimpeza;250\nSegurança;70\n"
    conversation, _ = laid(house, office["id"], content=sheet, name="despesas.csv")

    told = house.ask(
        office["id"], "Qual é a soma da despesa do setor Limpeza?", conversation=conversation
    )

    assert "350" in told["answer"]
