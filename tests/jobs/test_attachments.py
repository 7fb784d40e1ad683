"""Attachments: documents of their own, in the same collection, that come and go with a message."""

import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from appliance import collections, families, library
from appliance.answering.indexing import Indexer
from appliance.database import Database
from appliance.index.reading.wire import Attachment
from appliance.jobs import attachments, intake, ledger
from appliance.jobs.attachments import Attachments
from appliance.jobs.ingest import Ingestion
from appliance.jobs.queue import Queue
from appliance.jobs.worker import Worker
from appliance.records import Document, Job
from appliance.settings import Settings
from tests.jobs.house import FarEmbedder

PRICES = "A segunda via do diploma custa R$ 45,00.\n"


def message(subject: str, body: str = "Segue o que foi pedido.", **files: str | bytes) -> bytes:
    """A message with files; "tabela_txt" becomes tabela.txt."""
    made = EmailMessage()
    made["From"] = "Secretaria <secretaria@escola.example>"
    made["To"] = "Ana <ana@escola.example>"
    made["Subject"] = subject
    made.set_content(body)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        made.add_attachment(
            data,
            maintype="application",
            subtype="octet-stream",
            filename=".".join(name.rsplit("_", 1)),
        )
    return made.as_bytes()


class Bench:
    """A worker called by hand, over a real reader and a real index."""

    def __init__(
        self, database: Database, settings: Settings, queue: Queue, collection: str
    ) -> None:
        self.database, self.settings, self.queue = database, settings, queue
        self.collection = collection
        self.delivered: list[str] = []
        index = Indexer(database, FarEmbedder(), settings.data)
        ingestion = Ingestion(database, settings, index, deliver=self.delivered.append)
        self.worker = Worker(database, queue, {intake.KIND: ingestion})

    def take(self, name: str, content: bytes) -> tuple[Document, Job]:
        path = intake.incoming(self.settings) / "arrived"
        path.write_bytes(content)
        upload = intake.Upload(
            path=path,
            file_name=name,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        return intake.accept(self.database, self.settings, self.queue, self.collection, upload)

    def read(self, name: str, content: bytes) -> Document:
        """The document after it was read, its attachments waiting."""
        document, job = self.take(name, content)
        self.worker.run(job.id)
        return library.get(self.database, document.id)

    def read_all(self) -> None:
        """Read what waits, and what comes of it."""
        while waiting := ledger.due(self.database):
            for job in waiting:
                self.worker.run(job)

    def read_again(self, document: Document) -> None:
        _, job = intake.read_again(self.database, self.queue, document.id)
        self.worker.run(job.id)

    def replace(self, document: Document, content: bytes) -> None:
        """As if the message had always held ``content``: its file is another one now."""
        intake.file_of(self.settings, document.sha256).write_bytes(content)

    def children(self, document: Document) -> list[Document]:
        return library.children(self.database, document.id)

    def notes(self, document: Document) -> tuple[str, ...]:
        return library.page(self.database, document.id, 1).notes

    def files(self) -> list[Path]:
        return [path for path in (self.settings.data / "files").rglob("*") if path.is_file()]


@pytest.fixture
def bench(database: Database, settings: Settings, queue: Queue, collection: str) -> Iterator[Bench]:
    return Bench(database, settings, queue, collection)


def test_what_a_message_carries_becomes_a_document_in_the_same_collection(bench: Bench) -> None:
    mail = bench.read("pedido.eml", message("Preços", tabela_txt=PRICES))

    (child,) = bench.children(mail)
    assert (child.parent, child.collection) == (mail.id, bench.collection)
    assert (child.file_name, child.title) == ("tabela.txt", "Tabela — Pedido")
    assert child.media_type == "text/plain"
    assert child.state == "queued"
    assert len(bench.delivered) == 1

    bench.read_all()

    assert library.get(bench.database, child.id).state == "ready"
    assert library.text(bench.database, child.id) == PRICES.strip()


def test_an_attachment_is_in_force_as_long_as_its_message(bench: Bench) -> None:
    document, job = bench.take("pedido.eml", message("Preços", tabela_txt=PRICES))
    with bench.database.write() as db:
        db.run("update documents set valid_from = '2026-01-01', valid_to = '2026-12-31'")
    bench.worker.run(job.id)

    (child,) = bench.children(document)

    assert (child.valid_from, child.valid_to) == ("2026-01-01", "2026-12-31")


def test_a_message_read_again_takes_nothing_in_twice(bench: Bench) -> None:
    mail = bench.read("pedido.eml", message("Preços", tabela_txt=PRICES))
    before = bench.children(mail)

    bench.read_again(mail)

    assert bench.children(mail) == before
    assert bench.notes(mail) == ()


def test_what_the_message_no_longer_carries_is_removed_with_its_file(bench: Bench) -> None:
    mail = bench.read("pedido.eml", message("Preços", tabela_txt=PRICES, outra_txt="Outra tabela"))
    bench.replace(mail, message("Preços", outra_txt="Outra tabela"))

    bench.read_again(mail)

    assert [child.file_name for child in bench.children(mail)] == ["outra.txt"]
    assert len(bench.files()) == 2


def test_the_same_content_elsewhere_in_the_collection_is_noted_and_no_error(bench: Bench) -> None:
    there, _ = bench.take("tabela.txt", PRICES.encode())

    mail = bench.read("pedido.eml", message("Preços", copia_txt=PRICES))

    assert mail.state == "ready"
    assert bench.children(mail) == []
    assert bench.notes(mail) == (attachments.ELSEWHERE,)
    assert library.find(bench.database, there.id) is not None


@pytest.mark.parametrize(
    "files",
    [
        {"programa_exe": b"MZ\x90\x00" + bytes(100)},
        {"falso_pdf": b"PK\x03\x04" + bytes(100)},
        {"vazio_txt": b""},
    ],
    ids=["of a kind not read", "not what its name says", "empty"],
)
def test_an_attachment_that_is_not_read_here_never_fails_its_message(
    bench: Bench, files: dict[str, bytes]
) -> None:
    mail = bench.read("pedido.eml", message("Preços", tabela_txt=PRICES, **files))

    assert mail.state == "ready"
    assert [child.file_name for child in bench.children(mail)] == ["tabela.txt"]
    assert bench.notes(mail) == (attachments.SKIPPED,)


def test_removing_a_message_removes_what_came_with_it(bench: Bench) -> None:
    inner = message("De dentro", tabela_txt=PRICES)
    mail = bench.read("pedido.eml", message("Preços", dentro_eml=inner, outra_txt="Outra tabela"))
    bench.read_all()
    assert families.descendants(bench.database, mail.id) == 3

    intake.remove(bench.database, bench.settings, mail.id)

    assert library.of_collection(bench.database, bench.collection) == []
    assert bench.files() == []
    assert ledger.due(bench.database) == []


def test_removing_an_attachment_leaves_its_message(bench: Bench) -> None:
    mail = bench.read("pedido.eml", message("Preços", tabela_txt=PRICES))
    (child,) = bench.children(mail)

    intake.remove(bench.database, bench.settings, child.id)

    assert library.get(bench.database, mail.id).state == "ready"


def test_a_collection_of_messages_is_removed_whole(bench: Bench) -> None:
    bench.read("pedido.eml", message("Preços", tabela_txt=PRICES))

    intake.remove_collection(bench.database, bench.settings, bench.collection)

    assert collections.find(bench.database, bench.collection) is None
    assert bench.files() == []


def test_messages_within_messages_are_followed_three_deep_and_no_further(bench: Bench) -> None:
    content = message("Fundo", fundo_txt="O que está no fundo.")
    for depth in range(3):
        content = message(f"Nível {depth}", dentro_eml=content)

    mail = bench.read("pedido.eml", content)
    bench.read_all()

    assert families.descendants(bench.database, mail.id) == 3
    (deepest,) = [
        one
        for one in library.of_collection(bench.database, bench.collection)
        if families.origin(bench.database, one.id) == (mail.id, 3)
    ]
    assert bench.notes(deepest) == (attachments.SKIPPED,)


def test_of_one_file_no_more_documents_come_than_a_thousand(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST", 2)

    mail = bench.read("p.eml", message("Três", a_txt="Um.", b_txt="Dois.", c_txt="Três."))

    assert len(bench.children(mail)) == 2
    assert bench.notes(mail) == (attachments.SKIPPED,)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ana\\tabela.txt", "tabela.txt"),
        ("x" * 300 + ".txt", "x" * 150 + ".txt"),
        ("", "anexo"),
    ],
)
def test_an_attachments_name_is_a_name_and_never_a_path(bench: Bench, sent: str, kept: str) -> None:
    document, _ = bench.take("pedido.eml", message("Preços"))
    desk = Attachments(bench.database, bench.settings, document, bench.delivered.append)

    assert desk.take(Attachment(file_name=sent, content=PRICES.encode())) is None

    assert [child.file_name for child in bench.children(document)] == [kept]


def test_an_attachment_of_a_message_that_was_removed_meanwhile_is_not_kept(bench: Bench) -> None:
    document, _ = bench.take("pedido.eml", message("Preços"))
    desk = Attachments(bench.database, bench.settings, document, bench.delivered.append)
    intake.remove(bench.database, bench.settings, document.id)

    with pytest.raises(library.NotFound):
        desk.take(Attachment(file_name="tabela.txt", content=PRICES.encode()))

    assert bench.files() == []
    assert list(intake.incoming(bench.settings).iterdir()) == []


def test_the_note_reaches_a_page_that_is_stored_already(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.jobs.arrival.BATCH_SECONDS", -1.0)

    mail = bench.read("pedido.eml", message("Preços", programa_exe=b"MZ\x90\x00" + bytes(100)))

    assert bench.notes(mail) == (attachments.SKIPPED,)
