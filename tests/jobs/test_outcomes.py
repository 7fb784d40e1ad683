"""How a job ends, and what that means for the document it is about."""

from collections.abc import Callable

import pytest

from appliance import library
from appliance.database import Database
from appliance.errors import Conflict, NotFound
from appliance.jobs import intake, ledger, outcomes
from appliance.jobs.queue import Queue
from appliance.records import Document, Job, Problem
from appliance.settings import Settings

BROKEN = Problem(code="job_broke", facts={"job": "7"})


@pytest.fixture
def arrival(
    database: Database, settings: Settings, queue: Queue, collection: str
) -> tuple[Document, Job]:
    return intake.accept_text(
        database, settings, queue, collection, title="Horários", text="A casa abre às oito."
    )


@pytest.fixture
def document_now(
    database: Database, arrival: tuple[Document, Job]
) -> Callable[[], tuple[str, Problem | None]]:
    def now() -> tuple[str, Problem | None]:
        document = library.get(database, arrival[0].id)
        return document.state, document.problem

    return now


Now = Callable[[], tuple[str, Problem | None]]


def claimed(database: Database, job: Job) -> Job:
    found = ledger.claim(database, job.id)
    assert found is not None
    return found


def test_cancelling_a_waiting_job_says_so_on_its_document(
    database: Database, arrival: tuple[Document, Job], document_now: Now
) -> None:
    assert outcomes.cancel(database, arrival[1].id).state == "cancelled"

    assert document_now() == ("failed", Problem(code="reading_cancelled"))


def test_cancelling_a_running_job_leaves_the_document_to_its_worker(
    database: Database, arrival: tuple[Document, Job], document_now: Now
) -> None:
    running = claimed(database, arrival[1])
    outcomes.cancel(database, running.id)
    assert document_now() == ("queued", None)

    outcomes.end_cancelled(database, running)

    assert document_now() == ("failed", Problem(code="reading_cancelled"))
    assert ledger.get(database, running.id).state == "cancelled"


def test_cancelling_what_has_ended_leaves_the_document_alone(
    database: Database, arrival: tuple[Document, Job], document_now: Now
) -> None:
    ledger.close(database, claimed(database, arrival[1]), "succeeded")
    library.set_state(database, arrival[0].id, "ready")

    outcomes.cancel(database, arrival[1].id)
    outcomes.cancel(database, arrival[1].id)

    assert document_now() == ("ready", None)


def test_a_failed_job_and_its_document_give_the_same_reason(
    database: Database, arrival: tuple[Document, Job], document_now: Now
) -> None:
    outcomes.fail(database, claimed(database, arrival[1]), BROKEN)

    assert document_now() == ("failed", BROKEN)
    assert ledger.get(database, arrival[1].id).problem == BROKEN


def test_a_document_fails_with_the_last_attempt_and_not_before(
    database: Database, arrival: tuple[Document, Job], document_now: Now,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(ledger, "RETRY_SECONDS", (0.0,))

    states = []
    for _ in range(ledger.ATTEMPTS):
        outcomes.error(database, claimed(database, arrival[1]), BROKEN)
        states.append(document_now()[0])

    assert states == ["queued", "queued", "failed"]


def test_a_document_whose_worker_died_three_times_fails_with_the_reason(
    database: Database, arrival: tuple[Document, Job], document_now: Now
) -> None:
    for _ in range(ledger.ATTEMPTS):
        claimed(database, arrival[1])
        outcomes.recover(database, all_running=True)

    assert document_now() == ("failed", Problem(code="job_worker_died", facts={"attempts": 3}))


def test_a_cancelled_job_whose_worker_died_is_cancelled_with_its_document(
    database: Database, arrival: tuple[Document, Job], document_now: Now
) -> None:
    outcomes.cancel(database, claimed(database, arrival[1]).id)

    outcomes.recover(database, all_running=True)

    assert document_now() == ("failed", Problem(code="reading_cancelled"))


def test_a_retried_job_makes_its_document_wait_again(
    database: Database, arrival: tuple[Document, Job], document_now: Now
) -> None:
    outcomes.fail(database, claimed(database, arrival[1]), BROKEN)

    assert outcomes.retry(database, arrival[1].id).state == "queued"

    assert document_now() == ("queued", None)


def test_a_job_is_not_retried_when_another_waits_for_the_same_document(
    database: Database, arrival: tuple[Document, Job], queue: Queue
) -> None:
    outcomes.cancel(database, arrival[1].id)
    intake.read_again(database, queue, arrival[0].id)

    with pytest.raises(Conflict) as refusal:
        outcomes.retry(database, arrival[1].id)

    assert refusal.value.code == "job_already_queued"
    assert ledger.get(database, arrival[1].id).state == "cancelled"


def test_a_job_is_not_retried_when_its_document_is_gone(
    database: Database, settings: Settings, arrival: tuple[Document, Job]
) -> None:
    intake.remove(database, settings, arrival[0].id)

    with pytest.raises(NotFound):
        outcomes.retry(database, arrival[1].id)

    assert ledger.get(database, arrival[1].id).state == "cancelled"


def test_a_job_of_another_kind_has_no_document_to_speak_of(database: Database) -> None:
    job = ledger.open(database, "backup", "tonight")

    assert outcomes.cancel(database, job.id).state == "cancelled"
    assert outcomes.retry(database, job.id).state == "queued"
