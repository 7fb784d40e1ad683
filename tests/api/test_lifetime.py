"""Dates, versions and proposals over HTTP, and what answers make of them."""

from typing import Any

import pytest

from tests.house import House

RULES = "\n\n".join(
    f"Art. {n}. O aluno da turma {n} entrega o trabalho número {n} ao professor da disciplina {n}."
    for n in range(1, 12)
)
OLD = f"# Regimento\n\nA multa por atraso na biblioteca é de dois reais por dia.\n\n{RULES}\n"
NEW = OLD.replace("dois reais", "cinco reais")
QUESTION = "Qual é a multa por atraso na biblioteca?"


class Desk:
    def __init__(self, house: House) -> None:
        self.house = house
        self.assistant = house.assistant()
        (self.collection,) = self.assistant["collections"]

    def put(self, text: str, name: str, **fields: str) -> dict[str, Any]:
        sent = self.house.client.post(
            f"/api/collections/{self.collection}/documents",
            files={"file": (name, text.encode())},
            data=fields,
        )
        assert sent.status_code == 202, sent.text
        self.house.work()
        return self.now(sent.json()["documents"][0])

    def now(self, document: dict[str, Any]) -> dict[str, Any]:
        return dict(self.house.client.get(f"/api/documents/{document['id']}").json())

    def patch(self, document: dict[str, Any], **facts: Any) -> Any:
        return self.house.client.patch(f"/api/documents/{document['id']}", json=facts)

    def ask(self, **fields: Any) -> dict[str, Any]:
        return self.house.ask(self.assistant["id"], QUESTION, **fields)

    def proposals(self) -> list[dict[str, Any]]:
        path = f"/api/collections/{self.collection}/proposals"
        return list(self.house.client.get(path).json()["items"])


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


def test_a_document_tells_its_dates_and_whether_it_is_in_force(desk):
    one = desk.put(OLD, "regimento.md")
    assert (one["in_force"], one["versions"]) == (True, {"before": None, "after": None})

    sent = desk.patch(
        one, title="Regimento de 2019", valid_from="2019-01-01", valid_to="2019-12-31"
    )

    assert sent.status_code == 200
    assert sent.json() == desk.now(one)
    assert (sent.json()["title"], sent.json()["in_force"]) == ("Regimento de 2019", False)


def test_a_date_is_taken_away_by_null(desk):
    one = desk.put(OLD, "regimento.md", valid_to="2019-12-31")

    assert desk.patch(one, valid_to=None).json()["in_force"] is True


def test_what_is_left_out_of_a_change_stays(desk):
    one = desk.put(OLD, "regimento.md", valid_from="2019-01-01")

    after = desk.patch(one, language="es").json()

    assert (after["language"], after["valid_from"], after["title"]) == (
        "es", "2019-01-01", "Regimento",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "status", "code"),
    [
        ({"valid_from": "ontem"}, 400, "bad_date"),
        ({"valid_from": "2020-01-02", "valid_to": "2020-01-01"}, 400, "dates_reversed"),
        ({"supersedes": "nowhere"}, 400, "unknown_document"),
        ({"title": " "}, 400, "bad_request"),
        ({"state": "ready"}, 400, "unknown_field"),
    ],
)
def test_facts_that_cannot_be_are_refused_with_a_sentence(desk, facts, status, code):
    one = desk.put(OLD, "regimento.md")

    sent = desk.patch(one, **facts)

    assert (sent.status_code, sent.json()["code"]) == (status, code)
    assert len(sent.json()["detail"]) > 40
    assert desk.now(one) == one


def test_an_upload_with_a_date_that_is_none_is_refused_and_nothing_is_kept(desk):
    sent = desk.house.client.post(
        f"/api/collections/{desk.collection}/documents",
        files={"file": ("a.md", OLD.encode())},
        data={"valid_from": "31/12/2026"},
    )

    assert (sent.status_code, sent.json()["code"]) == (400, "bad_date")
    assert desk.house.file_count() == 0


def test_answers_use_what_is_in_force(desk):
    old = desk.put(OLD, "regimento-2025.md")
    assert "dois reais" in desk.ask()["answer"]

    new = desk.put(NEW, "regimento-2026.md", supersedes=old["id"])

    answer = desk.ask()
    assert "cinco reais" in answer["answer"]
    assert {one["document"]["id"] for one in answer["passages"]} == {new["id"]}
    assert answer["newer"] == []
    assert desk.now(old)["versions"]["after"] == {"id": new["id"], "title": new["title"]}
    assert desk.now(old)["in_force"] is False


def test_an_answer_about_an_earlier_day_uses_what_held_then_and_names_what_holds_now(desk):
    old = desk.put(OLD, "regimento-2025.md")
    new = desk.put(NEW, "regimento-2026.md", supersedes=old["id"], valid_from="2026-02-01")

    answer = desk.ask(as_of="2025-06-30")

    assert "dois reais" in answer["answer"]
    assert answer["as_of"] == "2025-06-30"
    (told,) = answer["newer"]
    assert (told["document"]["id"], told["newer"]["id"]) == (old["id"], new["id"])
    assert told["valid_from"] == "2026-02-01"


def test_a_question_asked_again_is_about_the_same_day(desk):
    old = desk.put(OLD, "regimento-2025.md")
    desk.put(NEW, "regimento-2026.md", supersedes=old["id"], valid_from="2026-02-01")
    message = desk.ask(as_of="2025-06-30")["message"]

    again = desk.house.client.post(f"/api/messages/{message}/regenerate", json={}).json()

    assert (again["as_of"], "dois reais" in again["answer"]) == ("2025-06-30", True)


def test_a_search_looks_at_a_day_too(desk):
    desk.put(OLD, "regimento-2025.md", valid_to="2025-12-31")
    path = f"/api/assistants/{desk.assistant['id']}/search"

    today = desk.house.client.post(path, json={"query": QUESTION}).json()
    then = desk.house.client.post(path, json={"query": QUESTION, "as_of": "2025-12-31"}).json()

    assert (today["passages"], len(then["passages"]) > 0) == ([], True)


@pytest.mark.parametrize("verb", ["ask", "search"])
def test_a_day_that_is_none_is_refused(desk, verb):
    words = {"question" if verb == "ask" else "query": QUESTION, "as_of": "2025-13-01"}

    sent = desk.house.client.post(f"/api/assistants/{desk.assistant['id']}/{verb}", json=words)

    assert (sent.status_code, sent.json()["code"]) == (400, "bad_date")


def test_a_new_version_is_proposed_and_accepted(desk):
    old = desk.put(OLD, "regimento-2025.md")
    new = desk.put(NEW, "regimento-2026.md")
    (proposal,) = desk.proposals()
    assert (proposal["document"]["id"], proposal["older"]["id"]) == (new["id"], old["id"])
    assert proposal["similarity"] > 0.5

    sent = desk.house.client.post(f"/api/proposals/{proposal['id']}/accept", json={})

    assert (sent.status_code, sent.json()["state"]) == (200, "accepted")
    assert desk.now(new)["supersedes"] == old["id"]
    assert desk.now(old)["valid_to"] < desk.now(new)["created_at"][:10]
    assert desk.proposals() == []
    assert "cinco reais" in desk.ask()["answer"]


def test_a_proposal_that_is_dismissed_does_not_come_back(desk):
    desk.put(OLD, "regimento-2025.md")
    new = desk.put(NEW, "regimento-2026.md")
    (proposal,) = desk.proposals()

    sent = desk.house.client.post(f"/api/proposals/{proposal['id']}/dismiss", json={})
    desk.house.client.post(f"/api/documents/{new['id']}/read-again", json={})
    desk.house.work()

    assert (sent.status_code, desk.proposals()) == (200, [])
    assert desk.now(new)["supersedes"] is None


def test_a_proposal_is_decided_once(desk):
    desk.put(OLD, "regimento-2025.md")
    desk.put(NEW, "regimento-2026.md")
    (proposal,) = desk.proposals()
    desk.house.client.post(f"/api/proposals/{proposal['id']}/dismiss", json={})

    sent = desk.house.client.post(f"/api/proposals/{proposal['id']}/accept", json={})

    assert (sent.status_code, sent.json()["code"]) == (409, "proposal_decided")


def test_a_document_that_was_replaced_is_not_replaced_by_another(desk):
    old = desk.put(OLD, "regimento-2025.md")
    desk.put(NEW, "regimento-2026.md", supersedes=old["id"])

    sent = desk.house.client.post(
        f"/api/collections/{desk.collection}/documents",
        files={"file": ("outro.md", b"# Outro\n\nOutro texto.")},
        data={"supersedes": old["id"]},
    )

    assert (sent.status_code, sent.json()["code"]) == (409, "already_superseded")
    assert "Regimento 2026" in sent.json()["detail"]


def test_members_see_dates_and_change_none(desk):
    one = desk.put(OLD, "regimento.md", valid_from="2019-01-01")
    with desk.house.as_a("member") as client:
        path = f"/api/documents/{one['id']}"

        assert client.get(path).json()["valid_from"] == "2019-01-01"
        assert client.patch(path, json={"valid_from": None}).status_code == 403
        assert client.get(f"/api/collections/{desk.collection}/proposals").status_code == 403


def test_every_change_is_written_down_with_what_was_given(desk):
    one = desk.put(OLD, "regimento-2025.md")
    desk.patch(one, valid_from="2019-01-01")
    desk.put(NEW, "regimento-2026.md")
    desk.house.client.post(f"/api/proposals/{desk.proposals()[0]['id']}/accept", json={})

    entries = desk.house.client.get("/api/audit").json()["items"]

    told = {entry["act"]: entry["details"] for entry in entries}
    assert told["document.change"]["valid_from"] == "2019-01-01"
    assert told["document.change"]["title"].startswith("Regimento")
    assert told["document.supersede"]["supersedes"] == one["id"]
