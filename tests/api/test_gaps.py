"""The gap inbox: what could not be answered, corrected, and asked again."""

from typing import Any

import pytest

from tests.house import House

QUESTION = "A piscina da escola abre quando?"
POOL = "# Piscina\n\nA piscina da escola abre de terça a sábado, das 8h às 18h.\n"


@pytest.fixture
def made(house: House) -> dict[str, Any]:
    found = house.assistant()
    house.upload(found["collections"][0])
    assert house.ask(found["id"], QUESTION)["state"] == "refused"
    return found


def inbox(house: House, **which: str) -> list[dict[str, Any]]:
    sent = house.client.get("/api/gaps", params=which)
    assert sent.status_code == 200, sent.text
    return list(sent.json()["items"])


def gap(house: House) -> str:
    (found,) = inbox(house)
    return str(found["id"])


def test_a_refused_question_is_in_the_inbox_at_once(house: House, made: Any) -> None:
    (found,) = inbox(house)

    assert (found["assistant"], found["question"]) == (made["id"], QUESTION)
    assert (found["questions"], found["askers"], found["state"]) == (1, 1, "open")


def test_an_answered_question_is_not(house: House, made: Any) -> None:
    house.ask(made["id"], "Qual é a multa por atraso na devolução de livros?")

    assert len(inbox(house)) == 1


def test_a_disliked_answer_is_and_leaves_when_it_helped_after_all(house: House, made: Any) -> None:
    answer = house.ask(made["id"], "Qual é a multa por atraso na devolução de livros?")
    thumb = f"/api/messages/{answer['message']}/feedback"
    house.client.post(thumb, json={"good": False, "reason": "incomplete"})
    disliked = next(one for one in inbox(house) if one["disliked"])
    told = house.client.get(f"/api/gaps/{disliked['id']}").json()["examples"][0]
    assert (told["reason"], told["said"]) == ("incomplete", answer["answer"])

    house.client.post(thumb, json={"good": True})

    assert [one["question"] for one in inbox(house)] == [QUESTION]


def test_a_gap_tells_questions_and_answers_and_never_who_asked(house: House, made: Any) -> None:
    with house.as_a("member") as client:
        client.post(f"/api/assistants/{made['id']}/ask", json={"question": QUESTION})

    shown = house.client.get(f"/api/gaps/{gap(house)}")

    assert shown.json()["gap"]["askers"] == 2
    assert "Bia" not in shown.text
    assert "person" not in shown.text
    assert "conversation" not in shown.text


def test_an_approved_answer_closes_the_gap_for_the_same_question(house: House, made: Any) -> None:
    one = gap(house)

    sent = house.client.post(f"/api/gaps/{one}/answer", json={"text": "De terça a sábado."})

    assert sent.status_code == 201, sent.text
    assert sent.json()["approved"]["questions"] == [QUESTION]
    assert sent.json()["gap"]["state"] == "answered"
    assert inbox(house) == []
    assert house.ask(made["id"], QUESTION)["answer"] == "De terça a sábado."


def test_a_document_closes_the_gap_for_the_same_question(house: House, made: Any) -> None:
    one = gap(house)
    added = house.upload(made["collections"][0], POOL, "piscina.md")

    settled = house.client.patch(
        f"/api/gaps/{one}", json={"state": "answered", "document": added["id"]}
    )

    assert settled.json()["document"] == added["id"]
    assert "terça a sábado" in house.ask(made["id"], QUESTION)["answer"]


def test_asked_again_it_shows_before_and_after_and_keeps_nothing(house: House, made: Any) -> None:
    one = gap(house)
    house.upload(made["collections"][0], POOL, "piscina.md")
    before = house.parts.database.rows("select id from messages")

    shown = house.client.post(f"/api/gaps/{one}/again", json={}).json()

    assert shown["question"] == QUESTION
    assert shown["before"]["state"] == "refused"
    assert "terça a sábado" in shown["after"]["answer"]
    assert house.parts.database.rows("select id from messages") == before


def test_undo_takes_the_written_answer_back(house: House, made: Any) -> None:
    one = gap(house)
    house.client.post(f"/api/gaps/{one}/answer", json={"text": "De terça a sábado."})

    undone = house.client.post(f"/api/gaps/{one}/undo", json={})

    assert undone.json()["state"] == "open"
    assert house.ask(made["id"], QUESTION)["state"] == "refused"
    again = house.client.post(f"/api/gaps/{one}/undo", json={})
    assert (again.status_code, again.json()["code"]) == (409, "gap_not_undoable")


@pytest.mark.parametrize("state", ["dismissed", "told"])
def test_what_was_settled_is_found_under_its_state(house: House, made: Any, state: str) -> None:
    one = gap(house)
    house.client.patch(f"/api/gaps/{one}", json={"state": state})

    assert inbox(house) == []
    assert [each["id"] for each in inbox(house, state=state)] == [one]
    assert [each["id"] for each in inbox(house, state="")] == [one]
    assert inbox(house, state=state, assistant="another") == []


def test_a_document_of_elsewhere_is_refused(house: House, made: Any) -> None:
    other = house.assistant("Tesouraria")
    elsewhere = house.upload(other["collections"][0], POOL, "piscina.md")

    sent = house.client.patch(
        f"/api/gaps/{gap(house)}", json={"state": "answered", "document": elsewhere["id"]}
    )

    assert (sent.status_code, sent.json()["code"]) == (400, "unknown_document")
    assert inbox(house)[0]["state"] == "open"


def test_an_editor_of_another_assistant_finds_nothing(house: House, made: Any) -> None:
    one = gap(house)
    with house.as_a("editor") as client:
        assert [each["id"] for each in client.get("/api/gaps").json()["items"]] == [one]
    house.client.patch(f"/api/assistants/{made['id']}", json={"editors": []})
    with house.parts.database.write() as db:
        db.run("update people set email = 'x@escola.example' where role = 'editor'")
        db.run("delete from assistant_editors")
    with house.as_a("editor") as client:
        house.parts.database.write()
        with house.parts.database.write() as db:
            db.run("delete from assistant_editors")
        assert client.get("/api/gaps").json()["items"] == []
        for method, path, body in (
            ("GET", "", None), ("PATCH", "", {"state": "told"}), ("POST", "/undo", {}),
            ("POST", "/again", {}), ("POST", "/answer", {"text": "Não."}),
        ):  # fmt: skip
            sent = client.request(method, f"/api/gaps/{one}{path}", json=body)
            assert sent.status_code == 404, path


def test_erasing_the_conversation_erases_the_gap(house: House, made: Any) -> None:
    one = gap(house)
    (talk,) = house.client.get("/api/conversations").json()["items"]
    house.client.post(
        "/api/subjects/erasures",
        json={"kind": "conversation", "subject": talk["id"], "reason": "Pedido do titular, 77"},
    )
    house.work()

    assert house.client.get(f"/api/gaps/{one}").status_code == 404
    data = [file for file in house.settings.data.rglob("*") if file.is_file()]
    assert [file for file in data if b"piscina" in file.read_bytes()] == []


def test_what_an_editor_does_is_on_record_without_its_words(house: House, made: Any) -> None:
    one = gap(house)
    house.client.post(f"/api/gaps/{one}/answer", json={"text": "De terça a sábado."})
    house.client.patch(f"/api/gaps/{one}", json={"state": "told"})
    house.client.post(f"/api/gaps/{one}/undo", json={})

    acts = house.client.get("/api/audit", params={"subject": made["id"]}).json()["items"]

    assert [entry["act"] for entry in acts][:3] == ["gap.undo", "gap.settle", "approved.create"]
    assert "piscina" not in str(acts)


def test_the_worker_sorts_what_nobody_looks_at(house: House, made: Any) -> None:
    house.parts.worker().rounds()

    assert len(house.parts.database.rows("select * from gap_questions")) == 1
