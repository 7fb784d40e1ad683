"""The runs of a source: one at a time, cancelled, retried, and what remains when it goes."""

import pytest

from appliance import trash
from appliance.errors import Conflict
from appliance.jobs import ledger, outcomes, sync
from appliance.jobs.worker import Worker
from appliance.sources import runs
from tests.jobs.office import Office, counts


def test_a_second_run_is_refused_while_one_waits(office: Office) -> None:
    sync.order(office.database, office.queue, office.source)

    with pytest.raises(Conflict) as refusal:
        sync.order(office.database, office.queue, office.source)

    assert refusal.value.code == "source_already_running"


def test_a_cancelled_run_says_so_and_the_next_one_goes_on(office: Office) -> None:
    office.fill(2)
    _, job = sync.order(office.database, office.queue, office.source)

    outcomes.cancel(office.database, job.id)

    assert office.last().state == "cancelled"
    assert counts(office.run()) == (2, 0, 0, 0, 0, 0)


def test_a_failed_run_that_is_retried_is_a_new_run(office: Office) -> None:
    office.share.rmdir()
    failed = office.run()
    office.fill(1)

    outcomes.retry(office.database, office.job().id)
    run = office.work()

    assert (failed.state, run.state, run.added) == ("failed", "done", 1)
    assert run.id != failed.id


def test_a_source_can_go_and_leave_its_documents(office: Office) -> None:
    office.fill(3)
    office.run()

    assert sync.remove(office.database, office.source, with_documents=False) == 0

    assert len(office.documents()) == 3
    assert office.database.rows("select * from source_entries") == []
    assert trash.of_collection(office.database, office.collection) == []


def test_a_source_can_go_with_its_documents_which_lie_in_the_trash(office: Office) -> None:
    office.fill(3)
    office.run()

    assert sync.remove(office.database, office.source, with_documents=True) == 3

    assert office.documents() == []
    gone = trash.of_collection(office.database, office.collection)
    assert [one.reason for one in gone] == ["source"] * 3


def test_a_run_whose_source_was_removed_ends_by_itself(office: Office) -> None:
    _, job = sync.order(office.database, office.queue, office.source)
    with office.database.write() as db:
        db.run("delete from sources")

    Worker(office.database, office.queue, {sync.KIND: office.sync}).run(job.id)

    assert ledger.get(office.database, job.id).state == "cancelled"


def test_only_the_last_two_hundred_runs_are_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs.prune, "__defaults__", (3,))

    for _ in range(5):
        office.run()

    assert len(runs.entries(office.database, office.source.id)) == 3
