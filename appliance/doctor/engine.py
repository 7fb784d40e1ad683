"""The other processes: the worker that reads, the runner that embeds and writes."""

import fcntl

from appliance.doctor import Finding, Patient, failed, ok, warning
from appliance.errors import Unavailable
from appliance.models import choice
from appliance.models.wire import Condition


def worker(patient: Patient) -> Finding:
    """Whether the worker lives: it holds its lock as long as it does."""
    file = patient.settings.data / "worker.lock"
    try:
        with file.open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return ok("doctor_worker")
    except FileNotFoundError:
        pass
    return failed("doctor_worker_away")


def runner(patient: Patient) -> Finding:
    """Whether the model runner answers."""
    return ok("doctor_runner") if _condition(patient) else failed("doctor_runner_away")


def embedder(patient: Patient) -> Finding:
    """Whether questions are searched by meaning too."""
    condition = _condition(patient)
    if condition is None:
        return warning("doctor_embedder_unknown")
    part = condition.embedder
    if part.state == "failed":
        return failed("doctor_embedder_failed", name=part.name, because=part.problem)
    return ok("doctor_embedder", name=part.name)


def language_model(patient: Patient) -> Finding:
    """Whether the language model that was chosen writes."""
    folder = patient.settings.data / "models"
    found = choice.in_use(patient.settings.language_model, folder, _condition(patient))
    if found.state == "none":
        return ok("doctor_model_none")
    if found.state in ("failed", "away"):
        return failed("doctor_model_failed", name=found.name, because=found.problem)
    return ok("doctor_model", name=found.name)


def _condition(patient: Patient) -> Condition | None:
    try:
        return patient.client.health() if patient.client else None
    except Unavailable:
        return None
