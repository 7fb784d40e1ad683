"""Intake: a document, its file and its job arrive together, and go together."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import collections, library
from appliance.database import Database
from appliance.errors import Conflict, NoSpace, NotFound, Unreadable
from appliance.jobs import intake, ledger
from appliance.jobs.queue import Queue
from appliance.records import Document, Job, Problem
from appliance.settings import Settings

TEXT = "O regimento interno vale para todos.\n"


class Desk:
    """Where uploads are handed in."""

    def __init__(
        self, database: Database, settings: Settings, queue: Queue, collection: str
    ) -> None:
        self.database, self.settings = database, settings
        self.queue, self.collection = queue, collection

    def arrived(self, text: str = TEXT, file_name: str = "regimento.txt") -> intake.Upload:
        """A file that has just been uploaded."""
        path = intake.incoming(self.settings) / f"upload-{len(text)}"
        path.write_text(text, encoding="utf-8")
        content = text.encode()
        return intake.Upload(
            path=path,
            file_name=file_name,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )

    def hand_in(self, text: str = TEXT, file_name: str = "regimento.txt") -> tuple[Document, Job]:
        upload = self.arrived(text, file_name)
        return intake.accept(self.database, self.settings, self.queue, self.collection, upload)

    def kept(self) -> list[Path]:
        """The files in the house."""
        return [path for path in (self.settings.data / "files").rglob("*") if path.is_file()]


@pytest.fixture
def desk(database: Database, settings: Settings, queue: Queue, collection: str) -> Iterator[Desk]:
    return Desk(database, settings, queue, collection)


def test_what_a_conversion_left_behind_is_swept_with_old_uploads(desk: Desk) -> None:
    folder = intake.incoming(desk.settings) / "converting-x"
    (folder / "made").mkdir(parents=True)
    (folder / "made" / "original.docx").write_text("x")

    assert intake.sweep_files(desk.database, desk.settings) == 0
    assert folder.exists()
    assert intake.sweep_files(desk.database, desk.settings, stale_seconds=-1) == 1
    assert not folder.exists()


def test_an_upload_becomes_a_document_with_its_file_and_its_job(desk: Desk) -> None:
    document, job = desk.hand_in()

    assert (document.state, document.title, document.bytes) == ("queued", "Regimento", 37)
    assert (job.state, job.kind, job.subject) == ("queued", "ingest", document.id)
    assert library.get(desk.database, document.id) == document
    assert intake.file_of(desk.settings, document.sha256).read_text("utf-8") == TEXT
    assert desk.queue.length == 1


def test_an_upload_leaves_nothing_among_the_incoming(desk: Desk) -> None:
    desk.hand_in()

    assert list(intake.incoming(desk.settings).iterdir()) == []


def test_only_the_owner_reads_the_files(desk: Desk) -> None:
    document, _ = desk.hand_in()

    place = intake.file_of(desk.settings, document.sha256)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_the_same_content_is_refused_and_the_document_that_has_it_is_named(desk: Desk) -> None:
    document, _ = desk.hand_in()

    with pytest.raises(Conflict) as refusal:
        desk.hand_in(file_name="copy.txt")

    assert refusal.value.code == "already_in_library"
    assert refusal.value.facts == {"document": document.id, "title": "Regimento"}
    assert list(intake.incoming(desk.settings).iterdir()) == []
    assert len(desk.kept()) == 1
    assert len(ledger.entries(desk.database)) == 1


def test_two_collections_with_the_same_content_share_its_file(desk: Desk) -> None:
    first, _ = desk.hand_in()
    with desk.database.write() as db:
        desk.collection = collections.create(db, "Other").id
    second, _ = desk.hand_in()
    assert len(desk.kept()) == 1

    intake.remove(desk.database, desk.settings, first.id)
    assert len(desk.kept()) == 1

    intake.remove(desk.database, desk.settings, second.id)
    assert desk.kept() == []


def test_an_empty_file_is_refused_and_removed(desk: Desk) -> None:
    with pytest.raises(Unreadable) as refusal:
        desk.hand_in(text="")

    assert refusal.value.code == "empty_file"
    assert list(intake.incoming(desk.settings).iterdir()) == []
    assert desk.kept() == []


def test_a_collection_that_does_not_exist_takes_nothing(desk: Desk) -> None:
    desk.collection = "nowhere"

    with pytest.raises(NotFound):
        desk.hand_in()

    assert desk.kept() == []
    assert ledger.entries(desk.database) == []


def test_a_full_disk_is_said_to_be_full(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)

    with pytest.raises(NoSpace):
        desk.hand_in()

    assert ledger.entries(desk.database) == []
    assert library.of_collection(desk.database, desk.collection) == []


def test_the_file_is_on_the_disk_before_its_row_is_committed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(descriptor: int) -> None:
        target = Path(f"/proc/self/fd/{descriptor}").readlink()
        happened.append(f"fsync {target.parent.name if target.is_file() else 'folder'}")
        fsync(descriptor)

    def watched_replace(self: Path, target: Path) -> Path:
        happened.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)

    def watched_statement(statement: str) -> None:
        if statement.lower() == "commit":
            happened.append("commit")

    with desk.database.connection() as db:
        db.conn.set_trace_callback(watched_statement)
        desk.hand_in()

    assert [act for act in happened if act != "fsync folder"] == [
        "fsync incoming",
        "rename",
        "commit",
    ]
    assert "fsync folder" in happened[happened.index("rename") : happened.index("commit")]


def test_a_text_becomes_a_document_under_its_title(desk: Desk) -> None:
    document, job = intake.accept_text(
        desk.database, desk.settings, desk.queue, desk.collection,
        title="Horários: verão 2026", text="A casa abre às oito.",
    )  # fmt: skip

    assert (document.title, document.media_type) == ("Horários: verão 2026", "text/plain")
    assert document.file_name == "Horários: verão 2026.txt"
    assert job.subject == document.id
    kept = intake.file_of(desk.settings, document.sha256)
    assert kept.read_text("utf-8") == "A casa abre às oito."


def test_a_document_that_is_read_again_waits_in_a_job_of_its_own(desk: Desk) -> None:
    document, job = desk.hand_in()
    claimed = ledger.claim(desk.database, job.id)
    assert claimed is not None
    ledger.close(desk.database, claimed, "succeeded")
    library.set_state(desk.database, document.id, "ready")

    again, second = intake.read_again(desk.database, desk.queue, document.id)

    assert again.state == "queued"
    assert (second.state, second.subject) == ("queued", document.id)
    assert second.id != job.id


def test_a_document_that_waits_already_gets_no_second_job(desk: Desk) -> None:
    document, job = desk.hand_in()

    assert intake.read_again(desk.database, desk.queue, document.id)[1] == job


def test_a_document_that_is_being_read_goes_on_being_read(desk: Desk) -> None:
    document, job = desk.hand_in()
    running = ledger.claim(desk.database, job.id)
    library.set_state(desk.database, document.id, "reading")

    again, current = intake.read_again(desk.database, desk.queue, document.id)

    assert (again.state, current) == ("reading", running)


def test_a_document_that_is_not_there_is_not_read_again(desk: Desk) -> None:
    with pytest.raises(NotFound):
        intake.read_again(desk.database, desk.queue, "nothing")


def test_a_removed_document_takes_its_file_and_its_waiting_job_along(desk: Desk) -> None:
    document, job = desk.hand_in()

    assert intake.remove(desk.database, desk.settings, document.id) == document

    assert library.find(desk.database, document.id) is None
    assert desk.kept() == []
    assert ledger.get(desk.database, job.id).state == "cancelled"


def test_a_removed_collection_takes_the_files_of_its_documents_along(desk: Desk) -> None:
    desk.hand_in("Um.", "um.txt")
    desk.hand_in("Dois.", "dois.txt")
    removed = desk.collection
    with desk.database.write() as db:
        desk.collection = collections.create(db, "Other").id
    kept, _ = desk.hand_in("Um.", "um.txt")

    intake.remove_collection(desk.database, desk.settings, removed)

    assert desk.kept() == [intake.file_of(desk.settings, kept.sha256)]
    assert library.of_collection(desk.database, removed) == []


def test_what_broke_off_is_swept_and_what_is_arriving_is_left(desk: Desk) -> None:
    broken, arriving = desk.arrived("half of it"), desk.arrived("this is coming in")
    os.utime(broken.path, (1, 1))

    assert intake.sweep_files(desk.database, desk.settings) == 1

    assert not broken.path.exists()
    assert arriving.path.exists()


def test_files_without_a_document_are_swept_and_the_others_stay(desk: Desk) -> None:
    document, _ = desk.hand_in()
    orphan = intake.file_of(desk.settings, "ab" + "0" * 62)
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_text("left by a crash between rename and commit")

    assert intake.sweep_files(desk.database, desk.settings) == 1

    assert desk.kept() == [intake.file_of(desk.settings, document.sha256)]


def test_a_document_given_up_says_why(desk: Desk) -> None:
    document, _ = desk.hand_in()

    intake.give_up(desk.database, document.id, Problem(code="encrypted"))

    failed = library.get(desk.database, document.id)
    assert (failed.state, failed.problem) == ("failed", Problem(code="encrypted"))
