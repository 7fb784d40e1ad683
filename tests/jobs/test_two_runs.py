"""Two who want the same source at once: one run, whoever is first, and nothing twice."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from appliance import trash
from appliance.errors import Conflict
from appliance.jobs import discarding, folders, ledger, sync
from appliance.jobs.listing import Entry, Gap, Way
from appliance.jobs.worker import Worker
from appliance.sources import runs
from tests.jobs.office import Office, counts


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """What became of acts that began together: "done", or the code of a refusal."""
    gate, said = threading.Barrier(len(acts)), []

    def one(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
            said.append("done")
        except Conflict as refusal:
            said.append(refusal.code)

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_of_two_people_who_order_a_run_at_once_one_gets_it(office: Office) -> None:
    said = at_once([lambda: sync.order(office.database, office.queue, office.source)] * 2)

    assert said == ["done", "source_already_running"]
    assert len(runs.entries(office.database, office.source.id)) == 1
    assert len([job for job in ledger.entries(office.database) if job.kind == sync.KIND]) == 1


def test_of_two_people_who_decide_otherwise_at_once_one_is_heard(office: Office) -> None:
    office.fill(3)
    office.run()
    for file in office.share.iterdir():
        file.unlink()
    assert office.run().state == "held"

    said = at_once(
        [
            lambda: sync.confirm(office.database, office.queue, office.source),
            lambda: sync.reject(office.database, office.source),
        ]
    )

    assert said == ["done", "source_not_held"]
    assert office.last().state in ("queued", "rejected")


def test_a_job_that_two_workers_were_given_is_done_once(office: Office) -> None:
    office.fill(30)
    _, job = sync.order(office.database, office.queue, office.source)
    worker = Worker(office.database, office.queue, {sync.KIND: office.sync})

    at_once([lambda: worker.run(job.id)] * 2)

    assert counts(office.last()) == (30, 0, 0, 0, 0, 0)
    assert len(office.log(office.last())) == 30
    assert len(office.documents()) == 30


def test_a_source_that_is_removed_in_the_middle_of_its_run_leaves_nothing_of_it(
    office: Office,
) -> None:
    office.fill(9)
    look = Way(allowed=str, look=folders.Folders(office.settings).look).look

    def removed_meanwhile(source: Any, **given: Any) -> Iterator[Entry | Gap]:
        yield from look(source, **given)
        sync.remove(office.database, office.source, with_documents=True)

    office.sync = office.syncing({"folder": Way(allowed=str, look=removed_meanwhile)})
    _, job = sync.order(office.database, office.queue, office.source)

    Worker(office.database, office.queue, {sync.KIND: office.sync}).run(job.id)

    assert ledger.get(office.database, job.id).state == "cancelled"
    assert office.documents() == []
    assert office.database.rows("select * from source_entries") == []
    assert list((office.settings.data / "scratch").iterdir()) == []


def test_two_sources_of_one_folder_bring_each_file_once(office: Office) -> None:
    office.fill(5)
    office.write("ano/ata.txt", "Ata do ano.")
    office.write("ano/pauta.txt", "Pauta do ano.")
    second = office.add(office.share / "ano")

    assert office.run().added == 7
    run = office.run(source=second)

    assert run.added == 2
    assert {line.problem and line.problem.code for line in office.log(run)} == {
        "already_in_library"
    }
    assert len(office.documents()) == 7

    (office.share / "ano" / "ata.txt").unlink()
    assert office.run().removed == 1
    assert len(office.documents()) == 7  # the second still has it
    assert office.run(source=second).removed == 1
    assert len(office.documents()) == 6


@pytest.mark.parametrize("fate", ["restored", "left"])
def test_what_a_person_restored_is_theirs_and_what_was_left_comes_back_with_its_file(
    office: Office, fate: str
) -> None:
    office.fill(2)
    office.run()
    (office.share / "ata-01.txt").unlink()
    office.run()
    (gone,) = trash.of_collection(office.database, office.collection)
    if fate == "restored":
        discarding.restore(office.database, office.queue, gone.id)
    office.fill(2)
    office.run()
    assert gone.id in {document.id for document in office.documents()}

    (office.share / "ata-01.txt").unlink()
    office.run()

    there = gone.id in {document.id for document in office.documents()}
    assert there == (fate == "restored")
