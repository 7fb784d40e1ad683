"""The reading report over HTTP: what is told of each page, and what people settle about it."""

from typing import Any

import pytest

from appliance import library, reviews
from appliance.records import Page
from tests.house import House
from tests.index.reading import papers

TEXT = (["A multa é de R$ 2,00 por dia."], ["O prazo é de dez dias úteis."], ["Nada mais consta."])


@pytest.fixture
def document(house: House, tmp_path) -> dict[str, Any]:
    """Three pages, of which the second could not be read."""
    collection = house.assistant()["collections"][0]
    made = house.upload(
        collection, papers.pdf(tmp_path / "a.pdf", *TEXT).read_bytes(), "regimento.pdf"
    )
    spoil(house, made["id"], 2)
    return made


def spoil(house: House, document: str, number: int) -> None:
    """As if a page could not have been read."""
    database = house.parts.database
    library.put_pages(
        database, document, [Page(number=number, how="unreadable", text="", notes=("no_text",))]
    )
    with database.write() as db:
        reviews.recount(db, document)


def patch(house: House, document: dict[str, Any], number: int, **settled: Any) -> Any:
    return house.client.patch(f"/api/documents/{document['id']}/pages/{number}", json=settled)


def now(house: House, document: dict[str, Any]) -> dict[str, Any]:
    return dict(house.client.get(f"/api/documents/{document['id']}").json())


def test_the_report_sums_up_how_the_pages_were_read(house, document):
    summary = house.client.get(f"/api/documents/{document['id']}/report").json()

    assert summary == {
        "pages": 3, "digital": 2, "ocr": 0, "unreadable": 1, "to_check": 1, "accepted": 0,
        "corrected": 0, "confidence": None,
    }  # fmt: skip


def test_a_page_says_whether_it_needs_a_look_and_what_was_settled(house, document):
    first, second, _ = house.client.get(f"/api/documents/{document['id']}/pages").json()["items"]

    assert (first["to_check"], second["to_check"]) == (False, True)
    assert (second["accepted"], second["corrected"]) == (False, None)


def test_the_pages_that_need_a_look_can_be_asked_for_alone(house, document):
    listed = house.client.get(
        f"/api/documents/{document['id']}/pages", params={"only": "to_check"}
    ).json()

    assert [page["number"] for page in listed["items"]] == [2]
    assert listed["next"] is None


def test_the_list_of_many_pages_comes_in_parts_and_without_their_texts(house, document):
    path = f"/api/documents/{document['id']}/pages"

    part = house.client.get(path, params={"text": False, "limit": 2}).json()
    rest = house.client.get(path, params={"text": False, "cursor": part["next"]}).json()

    assert [page["number"] for page in [*part["items"], *rest["items"]]] == [1, 2, 3]
    assert "text" not in part["items"][0]


def test_only_is_a_word_that_is_known(house, document):
    sent = house.client.get(f"/api/documents/{document['id']}/pages", params={"only": "nice"})

    assert sent.status_code == 400


def test_accepting_a_page_makes_the_warning_go_away_and_can_be_undone(house, document):
    sent = patch(house, document, 2, accepted=True)

    assert (sent.status_code, sent.json()["accepted"], sent.json()["to_check"]) == (
        200,
        True,
        False,
    )
    assert (now(house, document)["pages_unreadable"], now(house, document)["pages_to_check"]) == (
        0,
        0,
    )
    assert now(house, document)["state"] == "ready"

    patch(house, document, 2, accepted=False)

    assert now(house, document)["pages_unreadable"] == 1


def test_a_corrected_page_is_found_by_its_new_words_without_being_read(house, document):
    sent = patch(house, document, 2, text="A matrícula custa cinquenta reais.")

    assert sent.json()["job"]["state"] == "queued"
    assert now(house, document)["state"] == "indexing"
    house.work()
    assistant = house.client.get("/api/assistants").json()["items"][0]["id"]
    answer = house.ask(assistant, "Quanto custa a matrícula?")
    assert "cinquenta reais" in answer["answer"]
    assert answer["citations"][0]["page"] == 2
    assert now(house, document)["pages_unreadable"] == 0


def test_a_correction_keeps_who_when_and_what_was_read(house, document):
    page = patch(house, document, 1, text="A multa é de R$ 3,00 por dia.").json()

    assert page["corrected"]["by"] == "Ana Prado"
    assert page["corrected"]["at"].startswith("20")
    assert "R$ 2,00" in page["corrected"]["read"]
    assert page["text"] == "A multa é de R$ 3,00 por dia."


def test_taking_a_correction_back_finds_what_was_read_again(house, document):
    patch(house, document, 1, text="Outra coisa.")
    house.work()

    page = patch(house, document, 1, text=None).json()
    house.work()

    assert "R$ 2,00" in page["text"]
    assert page["corrected"] is None
    assert now(house, document)["state"] == "ready"


def test_a_page_is_not_corrected_while_the_document_is_being_read(house, document):
    patch(house, document, 1, text="Outra coisa.")

    sent = patch(house, document, 3, text="Mais uma.")

    assert (sent.status_code, sent.json()["code"]) == (409, "being_read")


def test_a_page_that_is_not_there_is_not_settled(house, document):
    assert patch(house, document, 9, accepted=True).status_code == 404
    assert patch(house, document, 9, text="Nada.").status_code == 404
    assert now(house, document)["state"] == "ready"


def test_some_pages_are_read_again_and_the_others_stay(house, document):
    spoil(house, document["id"], 1)
    patch(house, document, 2, accepted=True)

    sent = house.client.post(
        f"/api/documents/{document['id']}/read-again",
        json={"pages": [2], "ocr": "always", "language": "es"},
    )
    house.work()

    assert sent.status_code == 202
    first, second, third = house.client.get(f"/api/documents/{document['id']}/pages").json()[
        "items"
    ]
    assert (first["how"], second["how"], third["how"]) == ("unreadable", "ocr", "digital")
    assert second["accepted"] is False
    after = now(house, document)
    assert (after["ocr"], after["language"], after["pages"]) == ("always", "es", 3)


def test_a_reading_from_the_first_page_forgets_the_wish_for_some(house, document):
    path = f"/api/documents/{document['id']}/read-again"
    house.client.post(path, json={"pages": [3], "ocr": "never"})
    house.work()

    house.client.post(path)
    house.work()

    assert now(house, document)["pages_unreadable"] == 0
    assert now(house, document)["ocr"] == "auto"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"pages": [4]}, "no_such_pages"),
        ({"pages": []}, "bad_request"),
        ({"ocr": "sometimes"}, "bad_request"),
        ({"scale": 3}, "unknown_field"),
    ],
)
def test_a_wish_that_cannot_be_done_is_refused_and_nothing_is_queued(house, document, wish, code):
    sent = house.client.post(f"/api/documents/{document['id']}/read-again", json=wish)

    assert (sent.status_code, sent.json()["code"]) == (400, code)
    assert now(house, document)["state"] == "ready"


def test_members_look_and_do_not_settle(house, document):
    with house.as_a("member") as client:
        path = f"/api/documents/{document['id']}"

        assert client.get(f"{path}/report").status_code == 200
        assert client.patch(f"{path}/pages/2", json={"accepted": True}).status_code == 403
        assert client.post(f"{path}/read-again", json={}).status_code == 403


def test_what_was_settled_is_written_down(house, document):
    patch(house, document, 2, accepted=True)
    patch(house, document, 1, text="Outra coisa.")

    newest, before = house.client.get("/api/audit").json()["items"][:2]

    assert (newest["act"], newest["details"]["number"]) == ("page.correct", 1)
    assert (before["act"], before["details"]["accepted"]) == ("page.accept", True)
