"""The ledger: what a job's row promises, whoever carries its id about."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance import collections
from appliance.database import Database
from appliance.errors import Conflict, NotFound
from appliance.jobs import ledger
from appliance.reach import EVERYWHERE, Reach
from appliance.records import Job, Problem, timestamp

BROKEN = Problem(code="job_broke", facts={"job": "7"})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "appliance.db")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def job(database: Database) -> Job:
    return ledger.open(database, "ingest", "document-1")


@pytest.fixture
def running(database: Database, job: Job) -> Job:
    claimed = ledger.claim(database, job.id)
    assert claimed is not None
    return claimed


def let_time_pass(database: Database, seconds: float) -> None:
    """Move the ledger's moments into the past, as if ``seconds`` had gone by."""
    for row in database.rows("select id, not_before, lease_until from jobs"):
        moments = {name: _earlier(row[name], seconds) for name in ("not_before", "lease_until")}
        with database.write() as db:
            db.run(
                "update jobs set not_before = :not_before, lease_until = :lease_until "
                "where id = :id",
                {"id": row["id"]} | moments,
            )


def _earlier(moment: str | None, seconds: float) -> str | None:
    if moment is None:
        return None
    return timestamp(datetime.fromisoformat(moment) - timedelta(seconds=seconds))


def test_a_new_job_waits_in_the_queue(database: Database, job: Job) -> None:
    assert (job.state, job.kind, job.subject, job.attempts) == ("queued", "ingest", "document-1", 0)
    assert ledger.get(database, job.id) == job
    assert ledger.due(database) == [job.id]


def test_a_job_opened_in_a_transaction_that_fails_was_never_there(database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), database.write():
        ledger.open(database, "ingest", "document-1")
        raise ZeroDivisionError

    assert ledger.entries(database) == []


def test_a_claimed_job_runs_and_its_attempt_counts(database: Database, job: Job) -> None:
    claimed = ledger.claim(database, job.id)

    assert claimed is not None
    assert (claimed.state, claimed.attempts) == ("running", 1)
    assert claimed.started_at is not None
    assert ledger.due(database) == []


def test_a_job_is_claimed_once(database: Database, running: Job) -> None:
    assert ledger.claim(database, running.id) is None


def test_of_many_workers_that_claim_at_the_same_moment_one_gets_the_job(
    database: Database, job: Job
) -> None:
    together = threading.Barrier(6)
    claims: list[Job | None] = []

    def claim() -> None:
        together.wait()
        claims.append(ledger.claim(database, job.id))

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(claim is not None for claim in claims) == 1


def test_a_job_that_does_not_exist_cannot_be_claimed(database: Database) -> None:
    assert ledger.claim(database, "nothing") is None


def test_progress_is_for_everyone_to_see(database: Database, running: Job) -> None:
    ledger.progress(database, running, 3, 12, "pages")

    seen = ledger.get(database, running.id)
    assert (seen.done, seen.total, seen.unit) == (3, 12, "pages")


def test_a_job_that_succeeded_says_when(database: Database, running: Job) -> None:
    closed = ledger.close(database, running, "succeeded")

    assert closed.state == "succeeded"
    assert closed.problem is None
    assert closed.ended_at is not None


def test_a_job_that_failed_keeps_its_reason(database: Database, running: Job) -> None:
    ledger.close(database, running, "failed", BROKEN)

    assert ledger.get(database, running.id).problem == BROKEN


def test_an_error_gives_the_job_another_attempt_after_a_rest(
    database: Database, running: Job
) -> None:
    after = ledger.error(database, running, BROKEN)

    assert (after.state, after.attempts, after.problem) == ("queued", 1, BROKEN)
    assert ledger.due(database) == []
    assert ledger.claim(database, running.id) is None
    let_time_pass(database, ledger.RETRY_SECONDS[0])
    assert ledger.due(database) == [running.id]


def test_the_third_error_is_the_last(database: Database, job: Job) -> None:
    states = []
    for _ in range(ledger.ATTEMPTS):
        let_time_pass(database, 3600)
        claimed = ledger.claim(database, job.id)
        assert claimed is not None
        states.append(ledger.error(database, claimed, BROKEN).state)

    assert states == ["queued", "queued", "failed"]
    assert ledger.claim(database, job.id) is None


def test_a_postponed_job_does_not_use_up_an_attempt(database: Database, running: Job) -> None:
    down = Problem(code="engine_down")

    after = ledger.postpone(database, running, 30, down)

    assert (after.state, after.attempts, after.problem) == ("queued", 0, down)
    assert ledger.due(database) == []


def test_cancelling_a_queued_job_ends_it_at_once(database: Database, job: Job) -> None:
    cancelled = ledger.cancel(database, job.id)

    assert cancelled.state == "cancelled"
    assert cancelled.ended_at is not None
    assert ledger.claim(database, job.id) is None


def test_cancelling_a_running_job_asks_it_to_end(database: Database, running: Job) -> None:
    assert not ledger.cancel_asked(database, running)

    assert ledger.cancel(database, running.id).state == "running"

    assert ledger.cancel_asked(database, running)


def test_cancelling_an_ended_job_changes_nothing(database: Database, running: Job) -> None:
    closed = ledger.close(database, running, "succeeded")

    assert ledger.cancel(database, running.id) == closed


def test_a_failed_job_is_queued_again_with_all_its_attempts(
    database: Database, running: Job
) -> None:
    ledger.close(database, running, "failed", BROKEN)

    again = ledger.retry(database, running.id)

    assert (again.state, again.attempts, again.problem) == ("queued", 0, None)
    assert again.ended_at is None
    assert ledger.claim(database, running.id) is not None


def test_a_cancelled_job_can_be_queued_again(database: Database, job: Job) -> None:
    ledger.cancel(database, job.id)
    ledger.retry(database, job.id)

    claimed = ledger.claim(database, job.id)
    assert claimed is not None
    assert not ledger.cancel_asked(database, claimed)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_job_that_has_not_ended_is_not_retried(database: Database, job: Job, state: str) -> None:
    if state == "running":
        ledger.claim(database, job.id)

    with pytest.raises(Conflict) as refusal:
        ledger.retry(database, job.id)
    assert refusal.value.code == "job_not_ended"


def test_a_job_that_succeeded_is_not_retried(database: Database, running: Job) -> None:
    ledger.close(database, running, "succeeded")

    with pytest.raises(Conflict) as refusal:
        ledger.retry(database, running.id)
    assert refusal.value.code == "job_succeeded"


@pytest.mark.parametrize("act", [ledger.get, ledger.cancel, ledger.retry])
def test_a_job_that_does_not_exist_is_not_found(database: Database, act: object) -> None:
    with pytest.raises(NotFound):
        act(database, "nothing")  # type: ignore[operator]


def test_a_job_whose_lease_ran_out_is_queued_again(database: Database, running: Job) -> None:
    assert ledger.recover(database) == []
    let_time_pass(database, ledger.LEASE_SECONDS + 1)

    (recovered,) = ledger.recover(database)

    assert (recovered.state, recovered.attempts) == ("queued", 1)
    assert recovered.problem == Problem(code="job_worker_died", facts={"attempts": 1})
    assert ledger.claim(database, running.id) is not None


def test_a_lease_that_is_renewed_does_not_run_out(database: Database, running: Job) -> None:
    let_time_pass(database, ledger.LEASE_SECONDS - 1)
    ledger.renew(database, running)
    let_time_pass(database, ledger.LEASE_SECONDS - 1)

    assert ledger.recover(database) == []


def test_a_worker_that_starts_takes_over_what_still_says_running(
    database: Database, running: Job
) -> None:
    assert [job.id for job in ledger.recover(database, all_running=True)] == [running.id]


def test_the_job_that_this_process_runs_is_left_alone(database: Database, running: Job) -> None:
    assert ledger.recover(database, all_running=True, but=[running.id]) == []


def test_a_job_that_killed_three_workers_fails_with_the_reason(
    database: Database, job: Job
) -> None:
    for _ in range(ledger.ATTEMPTS):
        ledger.claim(database, job.id)
        ledger.recover(database, all_running=True)

    dead = ledger.get(database, job.id)
    assert dead.state == "failed"
    assert dead.problem == Problem(code="job_worker_died", facts={"attempts": 3})


def test_a_cancelled_job_whose_worker_died_stays_cancelled(
    database: Database, running: Job
) -> None:
    ledger.cancel(database, running.id)

    (recovered,) = ledger.recover(database, all_running=True)

    assert recovered.state == "cancelled"


def test_who_lost_the_lease_changes_nothing_any_more(database: Database, running: Job) -> None:
    ledger.recover(database, all_running=True)
    second = ledger.claim(database, running.id)
    assert second is not None

    for act in (
        lambda: ledger.progress(database, running, 9, 9, "pages"),
        lambda: ledger.renew(database, running),
        lambda: ledger.cancel_asked(database, running),
        lambda: ledger.close(database, running, "succeeded"),
        lambda: ledger.error(database, running, BROKEN),
        lambda: ledger.postpone(database, running, 1),
    ):
        with pytest.raises(ledger.Lost):
            act()
    assert ledger.get(database, running.id) == second


def test_jobs_are_listed_newest_first_page_by_page(database: Database) -> None:
    made = [ledger.open(database, "ingest", f"document-{n}").id for n in range(5)]

    listed: list[str] = []
    for _ in range(3):
        listed += [
            job.id for job in ledger.entries(database, limit=2, before=listed[-1] if listed else "")
        ]

    assert listed == sorted(made, reverse=True)


def test_jobs_are_listed_by_state_and_subject(database: Database, running: Job) -> None:
    other = ledger.open(database, "ingest", "document-2")

    assert ledger.entries(database, state="running") == [running]
    assert ledger.entries(database, subject="document-2") == [other]
    assert ledger.entries(database, state="running", subject="document-2") == []


def test_jobs_are_listed_by_the_collections_of_their_documents(
    database: Database, running: Job
) -> None:
    assert ledger.entries(database) == [running]
    assert ledger.entries(database, reach=EVERYWHERE) == [], "its document is gone"
    with pytest.raises(NotFound):
        ledger.get(database, running.id, reach=EVERYWHERE)


def test_a_job_of_a_collection_is_listed_for_those_who_read_it(database: Database) -> None:
    with database.write() as db:
        kept = collections.create(db, name="Atas").id
    job = ledger.open(database, "upkeep", kept)

    def seen_by(reach: Reach) -> list[Job]:
        return ledger.entries(database, reach=reach)

    assert seen_by(Reach(closed=frozenset(), within=None)) == [job]
    assert seen_by(Reach(closed=frozenset(), within=frozenset([kept]))) == [job]
    assert seen_by(Reach(closed=frozenset([kept]), within=None, house=True)) == []
    assert seen_by(Reach(closed=frozenset(), within=frozenset(), house=False)) == []


def test_a_job_of_the_whole_house_is_listed_for_those_who_look_after_it(
    database: Database,
) -> None:
    jobs = [ledger.open(database, kind, "minilm@1") for kind in ledger.HOUSE_KINDS]

    assert ledger.entries(database, reach=EVERYWHERE) == jobs[::-1]
    assert ledger.get(database, jobs[0].id, reach=EVERYWHERE) == jobs[0]
    assert ledger.entries(database, reach=Reach(closed=frozenset(), within=None)) == []


def test_the_current_job_of_a_subject_is_the_one_that_waits_or_runs(
    database: Database, running: Job
) -> None:
    assert ledger.current(database, "ingest", "document-1") == running
    assert ledger.current(database, "ingest", "document-1", but=running.id) is None
    assert ledger.current(database, "ingest", "document-2") is None

    ledger.cancel(database, running.id)
    assert ledger.current(database, "ingest", "document-1") is None


def test_moments_are_compared_as_text_and_have_one_form(database: Database) -> None:
    early = timestamp(datetime(2026, 1, 1, tzinfo=UTC))
    late = timestamp(datetime(2026, 1, 1, 0, 0, 0, 1000, tzinfo=UTC))

    assert early < late


def test_a_job_that_nobody_ordered_is_opened_once(database: Database) -> None:
    first = ledger.open_once(database, "upkeep", "c", rest_seconds=3600)

    assert first is not None
    assert ledger.open_once(database, "upkeep", "c", rest_seconds=3600) is None
    assert ledger.open_once(database, "upkeep", "d", rest_seconds=3600) is not None
    assert ledger.open_once(database, "ingest", "c", rest_seconds=3600) is not None


def test_a_job_that_nobody_ordered_rests_after_somebody_cancelled_it(database: Database) -> None:
    first = ledger.open_once(database, "upkeep", "c", rest_seconds=3600)
    assert first is not None
    ledger.cancel(database, first.id)

    assert ledger.open_once(database, "upkeep", "c", rest_seconds=3600) is None
    with database.write() as db:
        db.run("update jobs set ended_at = '2020-01-01T00:00:00.000Z'")
    assert ledger.open_once(database, "upkeep", "c", rest_seconds=3600) is not None
