"""Who begins a run when nobody does: the worker, by the schedule, once."""

from datetime import UTC, datetime, timedelta

import pytest

from appliance import sources
from appliance.jobs import ledger, sync
from appliance.sources import runs
from tests.jobs.office import Office


@pytest.fixture
def hourly(office: Office) -> sources.Source:
    with office.database.write() as db:
        sources.change(db, office.source.id, schedule="hourly")
        sources.put_off(db, sources.get(office.database, office.source.id), office.clock)
    return sources.get(office.database, office.source.id)


def begun(office: Office) -> int:
    office.sync.look()
    return len(runs.entries(office.database, office.source.id))


def test_a_source_without_a_schedule_waits_for_people(office: Office) -> None:
    office.clock += timedelta(days=400)

    assert begun(office) == 0


@pytest.mark.usefixtures("hourly")
def test_a_run_begins_when_it_is_due_and_not_before(office: Office) -> None:
    office.clock += timedelta(minutes=59)
    assert begun(office) == 0

    office.clock += timedelta(minutes=1)
    assert begun(office) == 1
    assert office.work().state == "done"


@pytest.mark.usefixtures("hourly")
def test_runs_that_were_missed_are_one_run(office: Office) -> None:
    office.clock += timedelta(days=10)

    assert begun(office) == 1
    office.work()
    assert begun(office) == 1

    office.clock += timedelta(hours=1)
    assert begun(office) == 2


@pytest.mark.usefixtures("hourly")
def test_a_due_run_is_passed_over_while_another_is_under_way(office: Office) -> None:
    sync.order(office.database, office.queue, office.source)
    office.clock += timedelta(hours=1)

    assert begun(office) == 1
    office.work()
    assert begun(office) == 1
    office.clock += timedelta(hours=1)
    assert begun(office) == 2


@pytest.mark.usefixtures("hourly")
def test_a_clock_that_jumped_ahead_and_back_leaves_nobody_waiting_for_years(
    office: Office,
) -> None:
    right = office.clock
    office.clock += timedelta(days=4000)
    begun(office)
    office.work()

    office.clock = right
    assert begun(office) == 1
    office.clock += timedelta(hours=1)
    assert begun(office) == 2


@pytest.mark.usefixtures("hourly")
def test_a_clock_that_is_set_a_little_back_begins_nothing(office: Office) -> None:
    office.clock -= timedelta(seconds=30)
    assert begun(office) == 0

    office.clock += timedelta(hours=1)
    assert begun(office) == 1


def test_a_held_source_is_looked_at_again_by_its_schedule(
    office: Office, hourly: sources.Source
) -> None:
    office.fill(3)
    office.run()
    office.share.rename(office.share.parent / "away")
    assert office.run().state == "held"

    (office.share.parent / "away").rename(office.share)
    office.clock += timedelta(hours=1)
    office.sync.look()

    assert office.work().state == "done"
    assert runs.newest(office.database, hourly.id, "held") is None


def test_the_worker_looks_round_and_begins_what_is_due(office: Office) -> None:
    office.clock = datetime.now(UTC)
    with office.database.write() as db:
        sources.change(db, office.source.id, schedule="hourly")
        db.run("update sources set due_at = '2020-01-01T00:00:00.000Z'")

    office.sync.look()

    (job,) = [job for job in ledger.entries(office.database) if job.kind == sync.KIND]
    assert job.subject == office.source.id
    assert office.queue.length == 1
