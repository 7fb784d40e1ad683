"""The other processes: the worker that reads, the runner that embeds and writes."""

import fcntl
import json
import time
from pathlib import Path

from appliance import trail
from appliance.doctor import Finding, Patient, failed, ok, warning
from appliance.errors import Unavailable
from appliance.models import choice
from appliance.models.wire import Condition
from appliance.records import Problem

# The server is ready before the worker has read its libraries in: whoever starts the service,
# as the doctor told them, and asks again at once would be told the same.
_STARTING_SECONDS = 10
_PAUSE_SECONDS = 0.5


def worker(patient: Patient) -> Finding:
    """Whether the worker lives: it holds its lock as long as it does. Where it does not, what
    it ended by last stands in its trail."""
    data = patient.settings.data
    patience = time.monotonic() + _STARTING_SECONDS
    while not _is_held(data / "worker.lock"):
        if time.monotonic() > patience or not _is_held(data / "serve.lock"):
            return failed("doctor_worker_away", because=_last_fault(data))
        time.sleep(_PAUSE_SECONDS)
    return ok("doctor_worker")


def _is_held(file: Path) -> bool:
    try:
        with file.open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


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
