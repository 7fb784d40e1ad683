"""The self-test: the appliance's main job, done once more where nothing can leave.

A copy of the appliance with an empty data folder takes in a document, reads and indexes it,
is asked, and answers: in a network namespace without a route where the kernel allows that,
and under a trace of every address that any of its processes tries. It passes when the answer
came and nothing outside this machine was tried. What could not be had is said, not skipped
in silence: ``isolated`` and ``tracer`` tell how it was done.
"""

import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from appliance.egress import tracing
from appliance.egress.tracing import Attempt, Trace, Tracer
from appliance.errors import Refusal
from appliance.models import catalogue, choice, hardware
from appliance.processes import Ended, finished
from appliance.records import Problem, Record
from appliance.settings import Settings

SECONDS = 110.0
ROOM = (sys.executable, "-m", "appliance.egress.room")


class Trial(Record, frozen=True):
    """What came of the self-test. ``model`` wrote the answer, "" where it was quoted;
    ``problem`` says why it did not pass."""

    passed: bool
    isolated: bool
    tracer: Tracer
    answered: bool
    model: str
    attempts: tuple[Attempt, ...]
    problem: Problem | None
    seconds: float


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the copy says of itself: an answer came that stands on the canary, or not."""

    answered: bool
    model: str


def run(
    settings: Settings,
    *,
    look: Callable[[], None] = lambda: None,
    seconds: float | None = None,
    tracer: Tracer | None = None,
    isolated: bool | None = None,
    program: tuple[str, ...] = (sys.executable, "-m", "appliance", "egress-trial"),
) -> Trial:
    """Do the main job once, in ``seconds`` (``SECONDS``) at most; ``look`` may raise to end it.

    ``tracer`` and ``isolated`` are the best that this machine allows when not given;
    ``program`` is called with the canary.
    """
    began = time.monotonic()
    alone = can_be_alone() if isolated is None else isolated
    canary = f"balcao{secrets.token_hex(6)}"
    with tempfile.TemporaryDirectory(prefix="balcao-egress-") as scratch:
        folder = Path(scratch)
        trace = Trace(folder / "trace", tracer or tracing.tracer())
        command = [*(ROOM if alone else ()), *trace.around([*program, canary])]
        environment = {**_settled(settings, folder / "data"), **trace.environment}
        ended = finished(command, environment, seconds=seconds or SECONDS, look=look)
        return _judged(ended, trace, alone, time.monotonic() - began)


def can_be_alone() -> bool:
    """Whether the kernel lets this user make a network namespace."""
    return finished([*ROOM, sys.executable, "-c", ""]).status == 0


def _judged(ended: Ended, trace: Trace, isolated: bool, took: float) -> Trial:
    attempts = tuple(trace.attempts())
    told = _told(ended)
    problem = _problem(ended, told, attempts)
    return Trial(
        passed=problem is None,
        isolated=isolated,
        tracer=trace.tracer,
        answered=told.answered,
        model=told.model,
        attempts=attempts,
        problem=problem,
        seconds=round(took, 1),
    )


def _told(ended: Ended) -> Told:
    lines = ended.printed.strip().splitlines()
    try:
        return msgspec.json.decode(lines[-1], type=Told)
    except (IndexError, msgspec.MsgspecError):
        return Told(answered=False, model="")


def _problem(ended: Ended, told: Told, attempts: tuple[Attempt, ...]) -> Problem | None:
    if attempts:
        hosts = ", ".join(dict.fromkeys(one.host for one in attempts))
        return Problem(code="egress_tried", facts={"hosts": hosts})
    if ended.status is None:
        return Problem(code="egress_slow", facts={})
    if ended.status != 0:
        last = ended.complaint.strip().splitlines()[-1:] or [f"status {ended.status}"]
        return Problem(code="egress_broke", facts={"reason": last[0][:300]})
    return None if told.answered else Problem(code="egress_no_answer", facts={})


def _settled(settings: Settings, data: Path) -> Mapping[str, str]:
    """The settings of the copy: these, with a folder of its own and this one's models."""
    (data / "models").mkdir(parents=True)
    kept = settings.data / "models"
    for file in kept.iterdir() if kept.is_dir() else ():
        if file.name != choice.FILE:  # what runs is said below
            (data / "models" / file.name).symlink_to(file)
    changes = {"data_dir": str(data), "language_model": _model(settings), "log_level": "error"}
    values = msgspec.structs.asdict(settings) | changes
    return {f"APPLIANCE_{name.upper()}": str(value) for name, value in values.items()}


def _model(settings: Settings) -> str:
    """The language model in use, if there is memory for it twice; "": answers are quoted."""
    wanted = choice.wanted(settings.language_model, settings.data / "models")
    try:
        entry, file = catalogue.configured(wanted, settings.data / "models")
        hardware.require(entry)
    except Refusal:
        return ""
    return f"{entry.name}={file.absolute()}" if file.is_file() else ""
