"""The data subject's desk: found everywhere, handed over, erased with a receipt, and erased
again when an older copy of the data comes back."""

import contextlib
import io
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import docx
import pytest

from appliance import audit
from appliance.api import guards
from appliance.jobs import erasure
from appliance.records import Caller
from appliance.settings import Settings
from appliance.signin import sessions
from appliance.subjects import erasures, tombstones
from tests.fakes import WordEmbedder
from tests.house import House

REASON = "Pedido do titular, protocolo 77"
CANARY = "CANARIO-7f3c91bd"
PERSON = "Joaquim Sá de Souza"
PETITION = f"""# Petição

O autor, Joaquim Sá  de Souza, CPF 123.456.789-09, requer a devolução.
O código do processo é {CANARY}.

# Outro capítulo

Nada aqui fala dele; a multa é de R$ 1,50 por dia.
"""


def search(house: House, **sought: str) -> Any:
    return house.client.post("/api/subjects/search", json={"reason": REASON} | sought)


def erase(house: House, kind: str, subject: str) -> dict[str, Any]:
    sent = house.client.post(
        "/api/subjects/erasures", json={"kind": kind, "subject": subject, "reason": REASON}
    )
    assert sent.status_code == 202, sent.text
    house.work()
    found = house.client.get(f"/api/subjects/erasures/{sent.json()['erasure']['id']}")
    return dict(found.json())


def files_with(house: House, text: str) -> list[str]:
    """Every file of the data folder, but those of the models, that has a text in it."""
    data = Path(house.settings.data)
    return [
        str(file.relative_to(data))
        for file in data.rglob("*")
        if file.is_file() and text.encode() in file.read_bytes()
    ]


class Office:
    """A house with a petition that names somebody, whom a member has asked about."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.assistant = house.assistant("Processos")
        self.collection = self.assistant["collections"][0]
        self.document = house.upload(self.collection, PETITION, "peticao.md")
        self.answer = house.ask(self.assistant["id"], "O que requer o autor, e qual é o código?")
        with house.as_a("member") as client:
            told = client.post(
                f"/api/assistants/{self.assistant['id']}/ask",
                json={"question": f"Sou {PERSON}; qual é a multa por dia?"},
            )
            self.conversation = told.json()["conversation"]
        (row,) = house.parts.database.rows("select id from people where role = 'member'")
        self.member = row["id"]


@pytest.fixture
def office(house: House) -> Office:
    return Office(house)


@pytest.mark.guarantee("LGPD-03")
@pytest.mark.parametrize("cpf", ["123.456.789-09", "12345678909"])
def test_a_document_is_found_with_its_page_and_line(office: Office, cpf: str) -> None:
    (mention,) = search(office.house, cpf=cpf).json()["documents"]

    assert (mention["document"], mention["page"]) == (office.document["id"], 1)
    assert mention["line"].startswith("O autor, Joaquim")


@pytest.mark.guarantee("LGPD-03")
def test_somebody_is_found_in_every_place(office: Office) -> None:
    house = office.house
    house.client.post("/api/invitations", json={"email": "joaquim@casa.test", "name": PERSON})
    house.client.patch(f"/api/people/{office.member}", json={"name": PERSON})
    house.client.post("/api/groups", json={"name": PERSON})

    found = search(house, name="joaquim sa de souza").json()

    assert [one["id"] for one in found["accounts"]] == [office.member]
    assert found["accounts"][0]["conversations"] == 1
    assert [one["email"] for one in found["invitations"]] == ["joaquim@casa.test"]
    assert {(one["id"], one["own"]) for one in found["conversations"]} >= {
        (office.conversation, True)
    }
    assert [one["document"] for one in found["documents"]] == [office.document["id"]]
    assert {"person.change", "group.create"} <= {one["act"] for one in found["audit"]}
    assert found["cut"] == []


def test_nobody_else_is_found(office: Office) -> None:
    found = search(office.house, name="Maria Joaquina").json()

    places = ("accounts", "invitations", "conversations", "documents", "audit")
    assert [found[place] for place in places] == [[], [], [], [], []]


def test_a_document_behind_a_wall_does_not_exist_for_the_desk(office: Office) -> None:
    house = office.house
    group = house.client.post("/api/groups", json={"name": "Impedidos"}).json()
    (me,) = house.parts.database.rows("select id from people where role = 'admin'")
    house.client.put(f"/api/groups/{group['id']}/members/{me['id']}")
    house.client.patch(f"/api/groups/{group['id']}", json={"members": [me["id"]]})
    house.client.patch(
        f"/api/collections/{office.collection}", json={"denied_groups": [group["id"]]}
    )

    found = search(house, cpf="12345678909").json()

    assert found["documents"] == []
    refused = house.client.post(
        "/api/subjects/erasures",
        json={"kind": "document", "subject": office.document["id"], "reason": REASON},
    )
    assert refused.status_code == 404


@pytest.mark.guarantee("LGPD-03")
def test_the_statement_holds_the_persons_conversations_and_nobody_elses(office: Office) -> None:
    house = office.house
    house.client.patch(f"/api/people/{office.member}", json={"name": PERSON})

    sent = house.client.post("/api/subjects/export", json={"name": PERSON, "reason": REASON})

    told = sent.json()
    assert sent.headers["content-disposition"] == 'attachment; filename="titular.json"'
    (talk,) = told["conversations"]
    assert talk["id"] == office.conversation
    assert talk["messages"][0]["question"].startswith("Sou Joaquim")
    assert told["accounts"][0]["role"] == "member"
    assert "O que requer o autor" not in sent.text  # another's question
    assert "Ana Prado" not in sent.text


def test_the_statement_is_a_document_too(office: Office) -> None:
    sent = office.house.client.post(
        "/api/subjects/export?format=docx", json={"cpf": "12345678909", "reason": REASON}
    )

    paper = docx.Document(io.BytesIO(sent.content))
    assert paper.paragraphs[0].text == "Dados tratados sobre o titular"
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert any(cell.startswith("O autor, Joaquim") for cell in cells)


@pytest.mark.parametrize("reason", ["", "  ", "teste"])
def test_whoever_looks_for_somebody_says_why(office: Office, reason: str) -> None:
    for path in ("search", "export"):
        sent = office.house.client.post(
            f"/api/subjects/{path}", json={"name": PERSON, "reason": reason}
        )
        assert (sent.status_code, sent.json()["code"]) == (403, "desk_reason_needed")


def test_the_record_says_that_somebody_was_looked_for_and_not_whom(office: Office) -> None:
    search(office.house, name="Fulano Beltrano")

    (act,) = audit.newest(office.house.parts.database, audit.wanted(act="subject.search"), limit=9)
    assert REASON in str(act.details)
    assert "Fulano" not in str(act.details)


def test_the_desk_is_for_administrators_in_person(office: Office) -> None:
    for role in ("editor", "auditor"):
        with office.house.as_a(role) as client:  # type: ignore[arg-type]
            assert client.get("/api/subjects/erasures").status_code in (403, 404)
    with office.house.with_key(scopes=["admin"]) as client:
        assert client.get("/api/subjects/erasures").status_code in (403, 404)


@pytest.mark.guarantee("LGPD-02")
def test_an_erased_document_is_in_no_file_any_more(office: Office) -> None:
    house = office.house
    for name in ("snapshots/20260101", "snapshots/20260202", "rolled-back-20260303", ".upgrading"):
        (folder := house.settings.data / name).mkdir(parents=True)  # of upgrades and their undoing
        (folder / "appliance.db").write_text(f"{CANARY} was here", "utf-8")
    assert files_with(house, CANARY)

    receipt = erase(house, "document", office.document["id"])

    assert files_with(house, CANARY) == []
    assert receipt["done_at"]
    assert receipt["backups_forget_at"] > receipt["done_at"]
    removed = receipt["removed"]
    assert (removed["documents"], removed["pages"], removed["files"]) == (1, 1, 1)
    assert removed["index_entries"] == removed["vectors"] == office.document["chunks"]
    assert removed["answers"] == 2
    assert (removed["vector_files"], removed["copies"]) == (1, 4)


@pytest.mark.guarantee("LGPD-02")
def test_deleting_with_erase_does_the_same_and_names_the_receipt(office: Office) -> None:
    house = office.house

    sent = house.client.delete(f"/api/documents/{office.document['id']}?erase=true")
    assert sent.status_code == 204
    house.work()

    assert files_with(house, CANARY) == []
    assert house.client.get(sent.headers["location"]).json()["done_at"]


def test_a_question_whose_answer_quoted_the_document_says_what_became_of_it(
    office: Office,
) -> None:
    erase(office.house, "document", office.document["id"])

    talk = office.house.client.get(f"/api/conversations/{office.answer['conversation']}").json()
    (message,) = talk["messages"]
    assert (message["state"], message["answer"]) == ("erased", None)


def test_other_documents_and_their_answers_stay(office: Office) -> None:
    house = office.house
    other = house.upload(office.collection)
    kept = house.ask(office.assistant["id"], "Quando atende a secretaria?")

    erase(house, "conversation", office.conversation)
    erase(house, "document", office.document["id"])

    assert house.client.get(f"/api/documents/{other['id']}").json()["state"] == "ready"
    again = house.ask(office.assistant["id"], "Quando atende a secretaria?")
    assert again["answer"] == kept["answer"]
    assert again["state"] == "answered"


@pytest.mark.guarantee("LGPD-02")
def test_an_erased_person_leaves_neither_name_nor_words(office: Office) -> None:
    house = office.house
    house.client.patch(f"/api/people/{office.member}", json={"name": "Zulmira Quintanilha"})
    erase(house, "document", office.document["id"])

    receipt = erase(house, "person", office.member)

    for trace in ("Zulmira", "member@escola.example", "Sou Joaquim"):
        assert files_with(house, trace) == []
    assert receipt["removed"]["accounts"] == receipt["removed"]["conversations"] == 1
    assert house.client.get(f"/api/people/{office.member}").status_code == 404
    assert audit.verify(house.parts.database).intact


def test_a_session_of_an_erased_person_is_over(office: Office) -> None:
    house = office.house
    with house.as_nobody() as client:
        with house.parts.database.write() as db:
            token = sessions.begin(db, office.member, hours=1)
        cookie = {"cookie": f"{guards.cookie_name(house.settings)}={token}"}
        assert client.get("/api/session", headers=cookie).status_code == 200
    erase(house, "person", office.member)
    with house.as_nobody() as client:
        assert client.get("/api/session", headers=cookie).status_code == 401


def test_the_last_administrator_and_oneself_stay(house: House) -> None:
    (me,) = house.parts.database.rows("select id from people")

    sent = house.client.post(
        "/api/subjects/erasures", json={"kind": "person", "subject": me["id"], "reason": REASON}
    )

    assert (sent.status_code, sent.json()["code"]) == (403, "not_oneself")
    assert list(tombstones.read(Path(house.settings.data))) == []


@pytest.mark.parametrize("kind", ["person", "visitor", "conversation", "document"])
def test_what_is_not_there_is_not_erased(house: House, kind: str) -> None:
    sent = house.client.post(
        "/api/subjects/erasures", json={"kind": kind, "subject": "nobody", "reason": REASON}
    )

    assert sent.status_code == 404
    assert house.client.get("/api/subjects/erasures").json()["items"] == []
    assert list(tombstones.read(Path(house.settings.data))) == []


def test_receipts_are_listed_the_last_one_first(office: Office) -> None:
    first = erase(office.house, "conversation", office.conversation)
    second = erase(office.house, "document", office.document["id"])

    listed = office.house.client.get("/api/subjects/erasures").json()["items"]
    assert [one["id"] for one in listed] == [second["id"], first["id"]]


def test_the_job_done_twice_changes_nothing(office: Office) -> None:
    house = office.house
    sent = house.client.delete(f"/api/documents/{office.document['id']}?erase=true")
    house.work()
    before = house.client.get(sent.headers["location"]).json()

    with house.parts.database.write():
        job = erasure.ledger.open(house.parts.database, erasure.KIND, before["id"])
    house.work()

    after = house.client.get(sent.headers["location"]).json()
    assert after["removed"] == before["removed"]
    assert erasure.ledger.get(house.parts.database, job.id).state == "succeeded"


@pytest.fixture
def copied(settings: Settings, tmp_path: Path) -> Path:
    """A copy of the data from before the erasure; afterwards the document is erased."""
    copy = tmp_path / "copy"
    with House(settings, embedder=WordEmbedder()) as house:
        office = Office(house)
        with contextlib.closing(sqlite3.connect(house.parts.database.path)) as db:
            db.execute("vacuum into ?", (str(tmp_path / "appliance.db"),))
        shutil.copytree(Path(settings.data) / "files", copy / "files")
        shutil.copy(tmp_path / "appliance.db", copy / "appliance.db")
        erase(house, "document", office.document["id"])
        erase(house, "person", office.member)
    return copy


def put_back(settings: Settings, copy: Path) -> None:
    data = Path(settings.data)
    for name in ("appliance.db-wal", "appliance.db-shm"):
        (data / name).unlink(missing_ok=True)
    shutil.copy(copy / "appliance.db", data / "appliance.db")
    shutil.copytree(copy / "files", data / "files", dirs_exist_ok=True)


@pytest.mark.guarantee("LGPD-02")
def test_an_older_copy_is_erased_again_at_the_next_start(settings: Settings, copied: Path) -> None:
    put_back(settings, copied)
    assert CANARY.encode() in (Path(settings.data) / "appliance.db").read_bytes()

    with House(settings, embedder=WordEmbedder()) as house:
        house.work()
        assert files_with(house, CANARY) == []
        assert files_with(house, "member@escola.example") == []
        receipts = house.client.get("/api/subjects/erasures").json()["items"]
        assert [bool(one["done_at"]) for one in receipts] == [True, True]
        assert len(list(tombstones.read(Path(settings.data)))) == 4  # both, and both again


def test_a_copy_that_never_had_it_is_only_told(settings: Settings) -> None:
    ana = Caller(kind="person", id="p1", name="Ana")
    Path(settings.data).mkdir(parents=True, exist_ok=True)
    tombstones.add(Path(settings.data), erasures.begun("document", "gone", ana, ""))

    with House(settings, embedder=WordEmbedder()) as house:
        (known,) = house.client.get("/api/subjects/erasures").json()["items"]
        assert (known["subject"], known["removed"]) == ("gone", {})
        assert known["done_at"]


def test_the_tombstone_is_written_before_the_rows_are_gone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tombstones, "add", full)
    with pytest.raises(OSError, match="No space"):
        erasure.erase(
            office.house.parts.database, office.house.settings, office.house.parts.queue,
            Caller(kind="person", id="p", name=""), "document", office.document["id"], REASON,
        )  # fmt: skip

    kept = office.house.client.get(f"/api/documents/{office.document['id']}")
    assert kept.json()["state"] == "ready"


def test_a_receipt_names_nobody(office: Office) -> None:
    receipt = erase(office.house, "person", office.member)

    told = json.dumps(receipt | {"reason": ""})
    assert "Bia" not in told
    assert "member@escola.example" not in told
