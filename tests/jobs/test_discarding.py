"""The trash: what a sync removed can be brought back until its time is over."""

from datetime import UTC, datetime, timedelta

import pytest

from appliance import library, trash
from appliance.errors import Conflict, NotFound
from appliance.jobs import discarding, intake, ledger
from tests.jobs.office import Office


def discarded(office: Office) -> trash.Trashed:
    """A document whose file was removed."""
    office.fill(2)
    office.run()
    office.read()
    (office.share / "ata-01.txt").unlink()
    office.run()
    (found,) = trash.of_collection(office.database, office.collection)
    return found


def test_a_discarded_document_is_no_document_any_more(office: Office) -> None:
    gone = discarded(office)

    assert library.find(office.database, gone.id) is None
    rows = office.database.rows("select 1 from pages where document = :id", {"id": gone.id})
    assert rows == []


def test_the_reading_of_a_document_that_is_discarded_is_cancelled(office: Office) -> None:
    office.fill(2)
    office.run()
    (office.share / "ata-01.txt").unlink()

    office.run()

    (gone,) = trash.of_collection(office.database, office.collection)
    (job,) = ledger.entries(office.database, subject=gone.id)
    assert job.state == "cancelled"


def test_a_restored_document_is_the_same_and_is_read_again(office: Office) -> None:
    gone = discarded(office)

    document, job = discarding.restore(office.database, office.queue, gone.id)

    assert (document.id, document.title, document.state) == (gone.id, gone.title, "queued")
    assert (job.kind, job.subject) == (intake.KIND, gone.id)
    assert trash.find(office.database, gone.id) is None
    with pytest.raises(NotFound):
        discarding.restore(office.database, office.queue, gone.id)


def test_a_restored_document_belongs_to_no_source_and_stays(office: Office) -> None:
    gone = discarded(office)
    discarding.restore(office.database, office.queue, gone.id)

    office.run()

    assert gone.id in {document.id for document in office.documents()}


def test_what_is_in_the_library_again_cannot_be_restored_beside_it(office: Office) -> None:
    gone = discarded(office)
    intake.accept_text(
        office.database, office.settings, office.queue, office.collection,
        title="Ata", text="Ata da reunião número 1.",
    )  # fmt: skip

    with pytest.raises(Conflict) as refusal:
        discarding.restore(office.database, office.queue, gone.id)

    assert refusal.value.code == "already_in_library"
    assert trash.find(office.database, gone.id) is not None


def test_a_discarded_document_keeps_its_file_through_a_sweep(office: Office) -> None:
    gone = discarded(office)

    intake.sweep_files(office.database, office.settings)

    assert intake.file_of(office.settings, gone.sha256).exists()


def test_after_its_time_a_discarded_document_is_gone_for_good_with_its_file(
    office: Office,
) -> None:
    gone = discarded(office)
    days = timedelta(days=office.settings.trash_days)

    assert discarding.empty(office.database, office.settings, datetime.now(UTC)) == 0
    later = datetime.now(UTC) + days + timedelta(seconds=1)
    assert discarding.empty(office.database, office.settings, later) == 1

    assert trash.find(office.database, gone.id) is None
    assert not intake.file_of(office.settings, gone.sha256).exists()


def test_a_content_that_another_document_has_keeps_its_file(office: Office) -> None:
    gone = discarded(office)
    intake.accept_text(
        office.database, office.settings, office.queue, office.collection,
        title="Ata", text="Ata da reunião número 1.",
    )  # fmt: skip

    discarding.empty(office.database, office.settings, datetime.now(UTC) + timedelta(days=4000))

    assert intake.file_of(office.settings, gone.sha256).exists()


def test_a_removed_collection_takes_its_trash_along(office: Office) -> None:
    gone = discarded(office)

    intake.remove_collection(office.database, office.settings, office.collection)
    intake.sweep_files(office.database, office.settings)

    assert trash.find(office.database, gone.id) is None
    assert not intake.file_of(office.settings, gone.sha256).exists()
    assert office.database.rows("select * from sources") == []
