"""Documents over HTTP: what goes in, what is refused and how, what goes out."""

import hashlib
from email.message import EmailMessage

import pytest

from tests.house import HANDBOOK


@pytest.fixture
def assistant(house):
    return house.assistant()


@pytest.fixture
def collection(assistant):
    return assistant["collections"][0]


def test_an_upload_is_taken_in_and_read_by_a_job(house, collection):
    sent = house.send(collection, HANDBOOK, "regimento.md")

    (document,), (job,) = sent.json()["documents"], sent.json()["jobs"]
    assert sent.status_code == 202
    assert sent.headers["location"] == f"/api/jobs/{job['id']}"
    assert (document["state"], job["state"]) == ("queued", "queued")
    assert document["sha256"] == hashlib.sha256(HANDBOOK.encode()).hexdigest()

    house.work()

    ready = house.client.get(f"/api/documents/{document['id']}").json()
    assert (ready["state"], ready["problem"], ready["pages"]) == ("ready", None, 1)
    assert ready["chunks"] >= 3
    assert ready["ready_at"]


def test_a_document_has_every_field_of_the_contract(house, collection):
    document = house.upload(collection)

    assert set(document) == {
        "id", "collection", "title", "file_name", "media_type", "bytes", "sha256", "language",
        "state", "problem", "pages", "pages_unreadable", "chunks", "created_at", "ready_at",
        "valid_from", "valid_to", "supersedes", "parent", "pages_to_check", "ocr",
        "in_force", "versions", "downloadable", "editable",
    }  # fmt: skip


def test_what_a_message_carries_is_a_document_that_names_the_message(house, collection):
    message = EmailMessage()
    message["Subject"] = "Preços"
    message.set_content("Segue a tabela.")
    message.add_attachment("A segunda via custa R$ 45,00.", filename="tabela.txt")
    sent = house.send(collection, message.as_bytes(), "pedido.eml").json()["documents"][0]

    house.work()  # the message
    house.work()  # what it carries

    listed = house.client.get(f"/api/collections/{collection}/documents").json()["items"]
    assert [(one["file_name"], one["parent"], one["state"]) for one in listed] == [
        ("pedido.eml", None, "ready"),
        ("tabela.txt", sent["id"], "ready"),
    ]
    assert house.client.delete(f"/api/documents/{sent['id']}").status_code == 204
    assert house.client.get(f"/api/collections/{collection}/documents").json()["items"] == []


def test_the_same_file_twice_names_the_one_that_is_there(house, collection):
    document = house.upload(collection)

    again = house.send(collection, HANDBOOK, "outro-nome.md")

    assert (again.status_code, again.json()["code"]) == (409, "already_in_library")
    assert document["title"] in again.json()["detail"]
    assert house.file_count() == 1


@pytest.mark.guarantee("SEC-06")
@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "vazio.pdf", 422, "empty_file"),
        (b"MZ\x90\x00" + b"\x00" * 500, "programa.pdf", 422, "type_mismatch"),
        (b"\x7fELF" + b"\x00" * 500, "programa.exe", 415, "unsupported_type"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_nothing_is_kept(
    house, collection, content, name, status, code
):
    sent = house.send(collection, content, name)

    assert (sent.status_code, sent.json()["code"]) == (status, code)
    assert len(sent.json()["detail"]) > 40
    assert house.file_count() == 0
    assert house.client.get(f"/api/collections/{collection}/documents").json()["items"] == []


def test_a_document_that_cannot_be_read_says_why_and_what_to_do(house, collection):
    document = house.upload(collection, b"%PDF-1.7\ngarbage", "quebrado.pdf")

    assert document["state"] == "failed"
    assert document["problem"]["code"] == "damaged"
    assert len(document["problem"]["detail"]) > 40


def test_several_files_come_in_one_request(house, collection):
    sent = house.client.post(
        f"/api/collections/{collection}/documents",
        files=[("file", ("a.txt", b"Primeiro texto.")), ("file", ("b.txt", b"Segundo texto."))],
    )

    assert sent.status_code == 202
    assert [one["title"] for one in sent.json()["documents"]] == ["A", "B"]


def test_a_language_can_be_given_and_an_unknown_one_is_refused(house, collection):
    def send(language):
        return house.client.post(
            f"/api/collections/{collection}/documents",
            files={"file": ("a.txt", b"Some text.")},
            data={"language": language},
        )

    assert send("fr").status_code == 400
    assert send("en").json()["documents"][0]["language"] == "en"


@pytest.mark.parametrize(
    ("files", "data", "code"),
    [
        ({"attachment": ("a.txt", b"x")}, {}, "unknown_field"),
        ({"file": ("a.txt", b"x")}, {"owner_id": "me"}, "unknown_field"),
    ],
)
def test_a_part_that_does_not_exist_is_refused_by_name(house, collection, files, data, code):
    sent = house.client.post(f"/api/collections/{collection}/documents", files=files, data=data)

    assert (sent.status_code, sent.json()["code"]) == (400, code)
    assert house.file_count() == 0


def test_a_body_that_is_no_form_is_refused(house, collection):
    sent = house.client.post(f"/api/collections/{collection}/documents", json={"file": "x"})

    assert sent.status_code == 415


def test_a_form_that_breaks_off_leaves_nothing(house, collection):
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf'

    sent = house.client.post(
        f"/api/collections/{collection}/documents",
        content=body,
        headers={"content-type": "multipart/form-data; boundary=b"},
    )

    assert (sent.status_code, sent.json()["code"]) == (400, "broken_upload")
    assert list((house.settings.data / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../../../tmp/p.md", "..\\..\\p.md", "/etc/cron.d/p.md", "a" * 300 + ".md", ".md"]
)
def test_a_file_name_is_text_and_never_a_path(house, collection, name):
    sent = house.send(collection, HANDBOOK, name)

    assert sent.status_code == 202
    document = sent.json()["documents"][0]
    assert "/" not in document["file_name"]
    kept = [path for path in (house.settings.data / "files").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [document["sha256"]]


def test_a_text_becomes_a_document(house, collection):
    sent = house.client.post(
        f"/api/collections/{collection}/texts",
        json={"title": "Aviso", "text": "A escola fecha dia 15 de novembro."},
    )
    house.work()

    document = house.client.get(f"/api/documents/{sent.json()['documents'][0]['id']}").json()
    assert (sent.status_code, document["title"], document["state"]) == (202, "Aviso", "ready")


def test_the_reading_report_says_where_each_page_begins(house, collection):
    document = house.upload(collection)

    (page,) = house.client.get(f"/api/documents/{document['id']}/pages").json()["items"]

    assert (page["number"], page["how"], page["start"]) == (1, "digital", 0)
    assert "R$ 1,50" in page["text"]
    one = house.client.get(f"/api/documents/{document['id']}/pages/1").json()
    assert one == page
    assert house.client.get(f"/api/documents/{document['id']}/pages/2").status_code == 404


def test_a_format_without_pages_has_no_picture(house, collection):
    document = house.upload(collection)

    assert house.client.get(f"/api/documents/{document['id']}/pages/1/image").status_code == 404


@pytest.mark.guarantee("SEC-07")
def test_the_original_comes_back_as_a_harmless_download(house, collection):
    document = house.upload(collection, HANDBOOK, "regimento ação.md")

    sent = house.client.get(f"/api/documents/{document['id']}/original")

    assert sent.content == HANDBOOK.encode()
    assert sent.headers["content-disposition"].startswith("attachment; filename*=UTF-8''regimento")
    assert sent.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert sent.headers["x-content-type-options"] == "nosniff"


def test_a_removed_document_leaves_no_file_and_no_row(house, collection):
    document = house.upload(collection)

    gone = house.client.delete(f"/api/documents/{document['id']}")

    assert gone.status_code == 204
    assert house.file_count() == 0
    assert house.client.get(f"/api/documents/{document['id']}").status_code == 404
    for table in ("pages", "chunks", "documents"):
        assert house.parts.database.rows(f"select 1 from {table}") == []


def test_a_removed_collection_takes_documents_and_files_along(house, collection):
    house.upload(collection)

    assert house.client.delete(f"/api/collections/{collection}").status_code == 204
    assert house.file_count() == 0
    assert house.parts.database.rows("select 1 from chunks") == []


def test_a_document_can_be_read_again(house, collection):
    document = house.upload(collection)

    sent = house.client.post(f"/api/documents/{document['id']}/read-again", json={})
    house.work()

    assert sent.status_code == 202
    again = house.client.get(f"/api/documents/{document['id']}").json()
    assert (again["state"], again["chunks"]) == ("ready", document["chunks"])


def test_every_change_leaves_a_row_in_the_audit(house, collection):
    document = house.upload(collection)
    house.client.delete(f"/api/documents/{document['id']}")

    acts = [entry["act"] for entry in house.client.get("/api/audit").json()["items"]]

    assert acts[:3] == ["document.remove", "document.add", "assistant.create"]


def test_an_upload_into_a_collection_that_is_not_there_keeps_nothing(house):
    sent = house.send("nowhere", HANDBOOK, "a.md")

    assert sent.status_code == 404
    assert house.file_count() == 0
