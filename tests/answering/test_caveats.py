"""An answer says which pages beside its evidence could not be read."""

from typing import Any

import pytest

from appliance import library, reviews
from appliance.records import Page
from tests.house import House
from tests.index.reading import papers

PAGES = (
    ["A multa por atraso na biblioteca é de dois reais por dia."],
    ["Cada aluno leva até três livros por vez para casa."],
    ["O uniforme é obrigatório em todas as aulas da escola."],
    ["As férias de julho começam na segunda semana do mês."],
    ["A cantina abre às nove horas e fecha às dezesseis."],
)
QUESTION = "Qual é a multa por atraso na biblioteca?"


class Desk:
    def __init__(self, house: House, content: bytes) -> None:
        self.house = house
        self.assistant = house.assistant()["id"]
        (collection,) = house.client.get(f"/api/assistants/{self.assistant}").json()["collections"]
        self.document = house.upload(collection, content, "regimento.pdf")["id"]

    def spoil(self, *numbers: int) -> None:
        """As if these pages could not have been read."""
        database = self.house.parts.database
        pages = [Page(number=number, how="unreadable", text="") for number in numbers]
        library.put_pages(database, self.document, pages)
        with database.write() as db:
            reviews.recount(db, self.document)

    def ask(self, question: str = QUESTION) -> dict[str, Any]:
        return self.house.ask(self.assistant, question)


@pytest.fixture
def desk(house: House, tmp_path) -> Desk:
    return Desk(house, papers.pdf(tmp_path / "a.pdf", *PAGES).read_bytes())


def test_an_answer_whose_neighbours_were_read_says_nothing(desk):
    answer = desk.ask()

    assert (answer["state"], answer["unread"], answer["newer"]) == ("answered", [], [])


def test_an_answer_names_the_page_beside_its_evidence_that_was_not_read(desk):
    desk.spoil(2, 4)

    answer = desk.ask()

    assert {one["page"] for one in answer["citations"]} == {1}
    (unread,) = answer["unread"]
    assert (unread["document"]["title"], unread["pages"]) == ("Regimento", [2])


def test_an_accepted_page_is_not_named(desk):
    desk.spoil(2)
    desk.house.client.patch(f"/api/documents/{desk.document}/pages/2", json={"accepted": True})

    assert desk.ask()["unread"] == []


def test_a_refusal_names_the_unread_pages_of_the_nearest_documents(desk):
    desk.spoil(4, 5)

    answer = desk.ask("Existe foguete lunar na biblioteca tropical subterrânea?")

    assert answer["state"] == "refused"
    assert [one["pages"] for one in answer["unread"]] == [[4, 5]]


def test_what_a_reader_has_to_know_is_stored_with_the_answer(desk):
    desk.spoil(2)
    answer = desk.ask()

    kept = desk.house.client.get(f"/api/conversations/{answer['conversation']}").json()

    assert kept["messages"][0]["answer"]["unread"] == answer["unread"]


def test_a_program_that_speaks_mcp_is_told_in_a_sentence(desk):
    desk.spoil(2)
    call = {"name": "ask", "arguments": {"question": QUESTION}}
    with desk.house.with_key(scopes=["ask"]) as client:
        told = client.post(
            "/mcp",
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
            headers={"accept": "application/json, text/event-stream"},
        ).text

    assert "páginas próximas não puderam ser lidas: 2" in told
