"""A source brings its collection to what it holds now: added, changed, renamed, removed."""

import os
from pathlib import Path

import pytest

from appliance import library, trash
from appliance.database import Database
from appliance.jobs import folders, intake, ledger
from appliance.jobs.queue import Queue
from appliance.records import Problem
from appliance.settings import Settings
from tests.jobs.office import Office, counts


def test_the_files_of_a_folder_become_documents_that_are_to_be_read(office: Office) -> None:
    office.write("Regimento.txt", "A multa é de R$ 1,50.")
    office.write("2026/Ata de março.md", "# Ata\n\nPresentes: todos.")

    run = office.run()

    assert (run.state, counts(run)) == ("done", (2, 0, 0, 0, 0, 0))
    assert office.names() == ["Ata de março.md", "Regimento.txt"]
    assert {document.title for document in office.documents()} == {"Ata de março", "Regimento"}
    assert [job.kind for job in ledger.entries(office.database)].count("ingest") == 2
    assert {line.key for line in office.log(run)} == {"Regimento.txt", "2026/Ata de março.md"}


def test_a_second_run_finds_nothing_to_do(office: Office) -> None:
    office.fill(3)
    office.run()

    run = office.run()

    assert counts(run) == (0, 0, 0, 0, 3, 0)
    assert office.log(run) == []


def test_a_file_that_was_only_touched_is_hashed_once_and_is_unchanged(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = office.write("ata.txt", "Ata da reunião.")
    office.run()
    os.utime(file, (1_700_000_000, 1_700_000_000))
    hashed: list[str] = []
    fetch = folders._fetch
    monkeypatch.setattr(
        folders,
        "_fetch",
        lambda root, path, place: (hashed.append(path), fetch(root, path, place))[1],
    )

    assert counts(office.run()) == (0, 0, 0, 0, 1, 0)
    assert counts(office.run()) == (0, 0, 0, 0, 1, 0)
    assert hashed == ["ata.txt"]


def test_a_changed_file_replaces_its_document_only_when_the_new_one_is_ready(
    office: Office,
) -> None:
    office.write("tabela.txt", "A mensalidade é de R$ 900.", age=60)
    office.run()
    office.read()
    (old,) = office.documents()

    office.write("tabela.txt", "A mensalidade é de R$ 950.")
    run = office.run()

    assert counts(run) == (0, 1, 0, 0, 0, 0)
    assert [(one.id == old.id, one.state) for one in office.documents()] == [
        (True, "ready"),
        (False, "queued"),
    ]
    assert office.documents()[1].supersedes == old.id
    office.read()
    (new,) = office.documents()
    assert new.id != old.id
    (trashed,) = trash.of_collection(office.database, office.collection)
    assert (trashed.id, trashed.reason) == (old.id, "changed")


def test_while_the_new_version_cannot_be_read_the_old_one_stays(office: Office) -> None:
    office.write("tabela.txt", "A mensalidade é de R$ 900.", age=60)
    office.run()
    office.read()
    (old,) = office.documents()
    office.write("tabela.txt", "A mensalidade é de R$ 950.", age=30)
    office.run()
    bad = office.documents()[1]
    library.set_state(office.database, bad.id, "failed", problem=Problem(code="damaged"))
    office.sync.look()

    assert [document.id for document in office.documents()] == [old.id, bad.id]

    # A third version: the one that was never read goes, the one that people find stays.
    office.write("tabela.txt", "A mensalidade é de R$ 960.")
    office.run()
    assert old.id in {document.id for document in office.documents()}
    assert bad.id not in {document.id for document in office.documents()}
    office.read()
    assert [document.file_name for document in office.documents()] == ["tabela.txt"]
    assert office.documents()[0].id not in (old.id, bad.id)


def test_a_file_that_became_unreadable_leaves_its_document_as_it_was(office: Office) -> None:
    office.write("tabela.txt", "A mensalidade é de R$ 900.", age=60)
    office.run()
    office.read()
    before = office.documents()

    office.write("tabela.txt", "")
    run = office.run()

    assert counts(run) == (0, 0, 0, 0, 0, 1)
    (line,) = office.log(run)
    assert line.problem is not None
    assert line.problem.code == "empty_file"
    assert office.documents() == before
    assert counts(office.run()) == (0, 0, 0, 0, 1, 0)  # said once
    assert office.documents() == before


def test_a_renamed_file_keeps_its_document_which_gets_the_new_name(office: Office) -> None:
    office.write("rascunho.txt", "Contrato de locação.")
    office.fill(3)
    office.run()
    office.read()
    before = {document.id for document in office.documents()}

    (office.share / "pronto").mkdir()
    (office.share / "rascunho.txt").rename(office.share / "pronto" / "Contrato da sede.txt")
    run = office.run()

    assert counts(run) == (0, 0, 0, 1, 3, 0)
    (line,) = office.log(run)
    assert (line.former, line.key) == ("rascunho.txt", "pronto/Contrato da sede.txt")
    assert {document.id for document in office.documents()} == before
    document = library.get(office.database, str(line.document))
    assert (document.file_name, document.title) == ("Contrato da sede.txt", "Contrato da sede")
    assert document.state == "ready"
    assert counts(office.run()) == (0, 0, 0, 0, 4, 0)


def test_a_title_that_somebody_gave_survives_the_renaming_of_its_file(office: Office) -> None:
    office.write("doc1.txt", "Contrato de locação.")
    office.run()
    (document,) = office.documents()
    library.set_state(office.database, document.id, "ready", title="Contrato da sede")

    (office.share / "doc1.txt").rename(office.share / "doc2.txt")
    office.run()

    (document,) = office.documents()
    assert (document.file_name, document.title) == ("doc2.txt", "Contrato da sede")


def test_a_whole_folder_that_was_renamed_is_no_reason_to_stop(office: Office) -> None:
    for number in range(30):
        office.write(f"2025/ata-{number}.txt", f"Ata número {number}.")
    office.run()
    before = {document.id for document in office.documents()}

    (office.share / "2025").rename(office.share / "arquivo")
    run = office.run()

    assert (run.state, counts(run)) == ("done", (0, 0, 0, 30, 0, 0))
    assert {document.id for document in office.documents()} == before


def test_a_removed_file_takes_its_document_to_the_trash(office: Office) -> None:
    office.fill(4)
    office.run()
    office.read()

    (office.share / "ata-02.txt").unlink()
    run = office.run()

    assert (run.state, counts(run)) == ("done", (0, 0, 1, 0, 3, 0))
    assert office.names() == ["ata-00.txt", "ata-01.txt", "ata-03.txt"]
    (trashed,) = trash.of_collection(office.database, office.collection)
    assert (trashed.file_name, trashed.reason) == ("ata-02.txt", "missing")
    assert trashed.origin == str(office.share)
    assert intake.file_of(office.settings, trashed.sha256).exists()


def test_a_file_that_comes_back_is_the_same_document_again(office: Office) -> None:
    office.fill(2)
    office.run()
    before = {document.id for document in office.documents()}
    (office.share / "ata-01.txt").unlink()
    office.run()

    office.fill(2)
    run = office.run()

    assert counts(run) == (1, 0, 0, 0, 1, 0)
    assert {document.id for document in office.documents()} == before
    assert trash.of_collection(office.database, office.collection) == []


def test_two_files_with_the_same_content_are_one_document_until_both_are_gone(
    office: Office,
) -> None:
    office.fill(3)
    office.write("cópia.txt", (office.share / "ata-00.txt").read_text())

    run = office.run()

    assert counts(run) == (4, 0, 0, 0, 0, 0)
    assert len(office.documents()) == 3
    (office.share / "cópia.txt").unlink()
    assert office.run().removed == 1
    assert len(office.documents()) == 3
    (office.share / "ata-00.txt").unlink()
    assert office.run().removed == 1
    assert len(office.documents()) == 2


def test_of_two_files_with_the_same_content_one_changes_and_the_other_keeps_the_document(
    office: Office,
) -> None:
    office.write("a.txt", "O mesmo texto.", age=60)
    office.write("b.txt", "O mesmo texto.", age=60)
    office.run()
    office.read()
    (shared,) = office.documents()

    office.write("b.txt", "Outro texto.")
    office.run()
    office.read()

    assert shared.id in {document.id for document in office.documents()}
    assert len(office.documents()) == 2


def test_a_document_that_was_uploaded_before_is_never_removed_by_a_source(
    office: Office,
) -> None:
    intake.accept_text(
        office.database, office.settings, office.queue, office.collection,
        title="Ata", text="Ata da reunião.",
    )  # fmt: skip
    office.write("ata.txt", "Ata da reunião.")
    office.fill(2)
    run = office.run()
    assert {line.problem.code for line in office.log(run) if line.problem} == {"already_in_library"}

    (office.share / "ata.txt").unlink()
    office.run()

    assert "Ata.txt" in office.names()


def test_a_document_that_a_person_removed_does_not_come_back_before_its_file_changes(
    office: Office,
) -> None:
    office.write("ata.txt", "Ata da reunião.", age=60)
    office.run()
    intake.remove(office.database, office.settings, office.documents()[0].id)

    assert counts(office.run()) == (0, 0, 0, 0, 1, 0)
    assert office.documents() == []

    office.write("ata.txt", "Ata da reunião, corrigida.")
    office.run()
    assert office.names() == ["ata.txt"]


def test_what_is_no_document_is_said_with_its_reason_and_not_fetched_again(
    office: Office,
) -> None:
    office.write("ata.txt", "Ata da reunião.")
    (office.share / "programa.exe").write_bytes(b"MZ" + bytes(200))
    os.utime(office.share / "programa.exe", (1_700_000_000, 1_700_000_000))

    run = office.run()

    assert (run.state, counts(run)) == ("done", (1, 0, 0, 0, 0, 1))
    reasons = {line.key: line.problem and line.problem.code for line in office.log(run)}
    assert reasons == {"ata.txt": None, "programa.exe": "unsupported_type"}
    assert counts(office.run()) == (0, 0, 0, 0, 2, 0)


def test_a_file_over_the_limit_is_not_even_opened(office: Office, settings: Settings) -> None:
    with (office.share / "filme.txt").open("wb") as file:
        file.truncate((settings.upload_limit_mb << 20) + 1)
    os.utime(office.share / "filme.txt", (1_700_000_000, 1_700_000_000))

    run = office.run()

    (line,) = office.log(run)
    assert (line.act, line.problem and line.problem.code) == ("fail", "source_file_too_large")


def test_only_what_the_patterns_name_is_taken(office: Office) -> None:
    office.write("ata.txt", "Ata.")
    office.write("ata.md", "Outra ata.")
    office.write("rascunhos/ata.txt", "Ainda não é uma ata.")
    source = office.add(office.share.parent, include=("*.txt",), exclude=("rascunhos",))

    office.run(source=source)

    assert office.names() == ["ata.txt"]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(office: Office) -> None:
    office.fill(5)
    office.run()
    office.read()
    office.write("ata-00.txt", "Outro texto.", age=-60)
    (office.share / "ata-01.txt").unlink()
    (office.share / "ata-02.txt").rename(office.share / "ata-99.txt")
    office.write("nova.txt", "Nova ata.")
    before = office.census()

    run = office.run(dry_run=True)

    assert (run.state, counts(run)) == ("done", (1, 1, 1, 1, 2, 0))
    assert office.census() == before
    log = {(line.act, line.key) for line in office.log(run)}
    assert log == {
        ("change", "ata-00.txt"),
        ("remove", "ata-01.txt"),
        ("rename", "ata-99.txt"),
        ("add", "nova.txt"),
    }
    assert all(line.planned for line in office.log(run))
    assert counts(office.run()) == (1, 1, 1, 1, 2, 0)


def test_a_dry_run_of_a_folder_that_is_not_there_says_so_and_holds_nothing(
    office: Office,
) -> None:
    office.fill(2)
    office.run()
    office.share.rename(office.share.parent / "elsewhere")

    run = office.run(dry_run=True)

    assert run.state == "done"
    assert run.problem is not None
    assert run.problem.code == "source_folder_missing"
    assert len(office.documents()) == 2


def test_a_folder_that_was_never_there_fails_with_its_reason(office: Office) -> None:
    office.share.rmdir()

    run = office.run()

    assert run.state == "failed"
    assert run.problem is not None
    assert run.problem.code == "source_folder_missing"
    assert office.job().state == "failed"


def test_a_folder_that_was_closed_by_the_administrator_is_not_read_any_more(
    office: Office, database: Database, queue: Queue, tmp_path: Path
) -> None:
    office.fill(3)
    office.run()
    closed = Settings(data_dir=office.settings.data_dir)
    later = Office(database, queue, closed, office.collection, tmp_path / "other")
    later.source = office.source

    run = later.run()

    assert run.state == "failed"
    assert run.problem is not None
    assert run.problem.code == "source_folder_not_open"
    assert len(office.documents()) == 3
