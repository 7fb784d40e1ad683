"""Files that trade their contents: a document stays while any file stands on it."""

import hashlib

import pytest

from appliance import library, trash
from appliance.jobs import discarding, intake, sync
from tests.jobs.office import Office, counts


def contents(office: Office) -> dict[str, str | None]:
    """By file: the document that it stands on, which has its content."""
    rows = office.database.rows(
        """
        select key, d.sha256 = e.sha256 as same, d.id from source_entries e
        left join documents d on d.id = e.document order by key
        """
    )
    assert all(row["same"] for row in rows), rows
    return {row["key"]: row["id"] for row in rows}


def test_two_files_that_swap_their_names_keep_both_documents(office: Office) -> None:
    office.write("a.txt", "Edital um.", age=60)
    office.write("b.txt", "Edital dois.", age=90)
    office.run()
    office.read()
    before = contents(office)

    (office.share / "a.txt").rename(office.share / "c.txt")
    (office.share / "b.txt").rename(office.share / "a.txt")
    (office.share / "c.txt").rename(office.share / "b.txt")
    run = office.run()
    office.read()

    assert (run.state, run.removed) == ("done", 0)
    assert contents(office) == {"a.txt": before["b.txt"], "b.txt": before["a.txt"]}
    assert trash.of_collection(office.database, office.collection) == []


@pytest.mark.parametrize("names", [("atual.txt", "velha.txt"), ("z-atual.txt", "velha.txt")])
def test_last_months_file_takes_the_name_of_the_one_before_and_keeps_its_document(
    office: Office, names: tuple[str, str]
) -> None:
    current, former = names
    office.write(former, "Tabela de janeiro.", age=90)
    office.write(current, "Tabela de fevereiro.", age=60)
    office.run()
    office.read()
    february = contents(office)[current]

    (office.share / current).replace(office.share / former)
    office.write(current, "Tabela de março.")
    office.run()
    office.read()

    assert contents(office)[former] == february
    assert len(office.documents()) == 2
    (thrown,) = trash.of_collection(office.database, office.collection)
    assert thrown.reason == "changed"


def test_a_file_whose_change_is_taken_back_is_still_the_sources_own(office: Office) -> None:
    office.write("ata.txt", "Primeira redação.", age=90)
    office.run()
    office.read()
    (first,) = office.documents()
    office.write("ata.txt", "Segunda redação.", age=60)
    office.run()

    office.write("ata.txt", "Primeira redação.", age=30)
    office.run()
    office.read()
    assert [document.id for document in office.documents()] == [first.id]

    office.write("outra.txt", "Outra ata.")
    (office.share / "ata.txt").unlink()
    office.run()
    assert office.names() == ["outra.txt"]


def test_a_file_that_was_empty_for_a_while_is_still_the_sources_own(office: Office) -> None:
    office.write("ata.txt", "Ata da reunião.", age=90)
    office.write("outra.txt", "Outra ata.")
    office.run()
    office.write("ata.txt", "", age=60)
    office.run()
    office.write("ata.txt", "Ata da reunião.", age=30)
    office.run()

    (office.share / "ata.txt").unlink()

    assert office.run().removed == 1
    assert office.names() == ["outra.txt"]


def test_of_one_content_in_two_files_that_both_change_only_one_is_its_next_version(
    office: Office,
) -> None:
    office.write("a.txt", "O mesmo texto.", age=60)
    office.write("b.txt", "O mesmo texto.", age=60)
    office.run()
    office.read()
    (shared,) = office.documents()

    office.write("a.txt", "Texto de a.")
    office.write("b.txt", "Texto de b.")
    office.run()

    assert shared.id in {document.id for document in office.documents()}
    followers = [one for one in office.documents() if one.supersedes == shared.id]
    assert len(followers) == 1
    office.read()
    assert office.names() == ["a.txt", "b.txt"]


def test_the_former_version_is_found_until_each_of_its_files_has_a_new_one(
    office: Office,
) -> None:
    office.write("a.txt", "O mesmo texto.", age=60)
    office.write("b.txt", "O mesmo texto.", age=60)
    office.run()
    office.read()
    (shared,) = office.documents()
    office.write("a.txt", "Texto de a.")
    office.write("b.txt", "Texto de b.")
    office.run()

    (a,) = [document for document in office.documents() if document.file_name == "a.txt"][-1:]
    library.set_state(office.database, a.id, "ready")
    office.sync.look()

    assert shared.id in {document.id for document in office.documents()}
    office.read()
    assert shared.id not in {document.id for document in office.documents()}


def test_a_file_that_comes_back_under_another_name_brings_its_document_that_name(
    office: Office,
) -> None:
    office.fill(3)
    office.run()
    before = {document.id for document in office.documents()}
    (office.share / "ata-01.txt").unlink()
    office.run()

    office.write("Ata da assembleia.txt", "Ata da reunião número 1.")
    run = office.run()

    assert counts(run) == (1, 0, 0, 0, 2, 0)
    assert {document.id for document in office.documents()} == before
    (line,) = office.log(run)
    document = library.get(office.database, str(line.document))
    assert (document.file_name, document.title) == ("Ata da assembleia.txt", "Ata da assembleia")


def test_what_two_sources_hold_stays_until_the_second_of_them_goes_too(office: Office) -> None:
    office.fill(2)
    deep = office.share / "ano"
    deep.mkdir()
    (office.share / "ata-00.txt").rename(deep / "ata-00.txt")
    second = office.add(deep)
    office.run()
    office.run(source=second)
    assert len(office.documents()) == 2

    assert sync.remove(office.database, office.source, with_documents=True) == 1
    assert office.names() == ["ata-00.txt"]

    assert sync.remove(office.database, second, with_documents=True) == 1
    assert office.documents() == []


def test_an_attachment_that_is_a_file_besides_outlives_its_message(office: Office) -> None:
    office.write("pedido.eml", "Subject: Segunda via\n\nSegue a tabela.", age=60)
    office.fill(1)
    office.run()
    office.read()
    message = next(one for one in office.documents() if one.file_name == "pedido.eml")
    text = "Segunda via: R$ 45,00."
    place = intake.incoming(office.settings) / "anexo"
    place.write_text(text)
    upload = intake.Upload(
        path=place, file_name="tabela.txt", bytes=len(text), title="Tabela",
        sha256=hashlib.sha256(text.encode()).hexdigest(), parent=message.id,
    )  # fmt: skip
    attachment, _ = intake.keep(office.database, office.settings, office.collection, upload)
    office.write("tabela salva.txt", text)
    office.run()

    (office.share / "pedido.eml").unlink()
    office.run()
    assert office.names() == ["ata-00.txt", "tabela.txt"]
    assert library.get(office.database, attachment.id).parent is None

    (office.share / "tabela salva.txt").unlink()
    office.run()
    assert office.names() == ["ata-00.txt"]


def test_a_source_leaves_what_was_uploaded_before_it(office: Office) -> None:
    office.write("ata.txt", "Ata da reunião.")
    intake.accept_text(
        office.database, office.settings, office.queue, office.collection,
        title="Ata", text="Ata da reunião.",
    )  # fmt: skip
    office.run()

    assert sync.remove(office.database, office.source, with_documents=True) == 0
    assert office.names() == ["Ata.txt"]


def test_a_version_that_was_never_read_is_restored_beside_its_successor_not_in_its_place(
    office: Office,
) -> None:
    office.write("tabela.txt", "Um.", age=90)
    office.run()
    office.read()
    (first,) = office.documents()
    office.write("tabela.txt", "Dois.", age=60)
    office.run()
    office.write("tabela.txt", "Três.", age=30)
    office.run()
    (unread,) = trash.of_collection(office.database, office.collection)

    discarding.restore(office.database, office.queue, unread.id)

    followers = [one for one in office.documents() if one.supersedes == first.id]
    assert [one.id == unread.id for one in followers] == [False]
