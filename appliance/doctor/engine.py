"""The other processes: the worker that reads, the runner that embeds and writes."""

import fcntl
import json
from pathlib import Path

from appliance import trail
from appliance.doctor import Finding, Patient, failed, ok, warning
from appliance.errors import Unavailable
from appliance.models import choice
from appliance.models.wire import Condition
from appliance.records import Problem


def worker(patient: Patient) -> Finding:
    """Whether the worker lives: it holds its lock as long as it does. Where it does not, what
    it ended by last stands in its trail."""
    file = patient.settings.data / "worker.lock"
    try:
        with file.open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return ok("doctor_worker")
    except OSError:
        pass
    return failed("doctor_worker_away", because=_last_fault(patient.settings.data))


def _last_fault(data: Path) -> Problem | None:
    """What the worker met last, if its trail ends with that: a type and a line of code."""
    lines = trail.lines(data).get("worker", b"").splitlines()
    told = json.loads(lines[-1]) if lines else {}
    if not told.get("faults"):
        return None
    fault = told["faults"][0]
    facts = {"at": told["at"], "type": fault["type"], "place": (fault["at"] or ["?"])[-1]}
    return Problem(code="doctor_worker_fault", facts=facts)


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
