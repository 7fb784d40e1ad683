"""A model measured on this machine, by a job or in a terminal, and what is kept of it.

The model is loaded once more for it, in children of the worker at the lowest priority:
answers that are written meanwhile go first, and make the figures lower. That is noted, too.
"""

from collections.abc import Callable
from pathlib import Path

from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound, Unavailable
from appliance.jobs import ledger, pull
from appliance.jobs.download import Told
from appliance.jobs.watch import Watch
from appliance.models import advice, catalogue, choice, hardware, measuring, tuning
from appliance.models.catalogue import Entry
from appliance.models.client import RunnerClient
from appliance.models.measuring import Measured
from appliance.models.tuning import Figures
from appliance.records import Job, Problem, timestamp
from appliance.settings import Settings

CHECK = "check"
UNIT = "trials"
Doings = tuple[int, int, int]  # tokens written and read, and other jobs at work


def place(name: str, settings: Settings) -> tuple[Entry, Path]:
    """A language model's entry and file: for the one in use, the file that is run.

    Raises ``NotFound`` (``unknown_model``).
    """
    folder = pull.folder_of(settings)
    used = choice.wanted(settings.language_model, folder)
    same = choice.name_of(settings.language_model, folder) == name
    return catalogue.configured(used if same else name, folder)


def measure(
    entry: Entry,
    file: Path,
    settings: Settings,
    *,
    seconds: float = measuring.SECONDS,
    told: Told = lambda done, total: None,
    doings: Callable[[], Doings] = lambda: (0, 0, 0),
) -> tuple[Measured, list[Problem]]:
    """Measure a model, keep its best flags and its figures, and say which models this
    server can serve. The runner takes the flags over if it has the model.

    ``doings`` says what else this server has done so far. Raises what ``measuring.measure``
    raises, and what ``told`` raises.
    """
    before = doings()
    measured = measuring.measure(
        entry, file, pull.folder_of(settings), seconds=seconds, threads=settings.threads, told=told
    )
    after = doings()
    figures = Figures(
        read=measured.read,
        written=measured.written,
        memory_mb=measured.memory_mb,
        measured_at=timestamp(),
        disturbed=before != after or before[2] > 0,
    )
    found = tuning.Kept(
        key=tuning.key(entry, file),
        tuning=measured.tuning,
        because=measured.because,
        figures=figures,
    )
    tuning.keep(pull.folder_of(settings), file, found)
    return measured, advice.advice(measured, catalogue.offered("language"), hardware.memory())


def figures(entry: Entry, settings: Settings) -> Figures | None:
    """What was measured of a model on this machine, with the file that is here."""
    if entry.kind != "language":
        return None
    try:
        entry, file = place(entry.name, settings)
        found = tuning.kept(pull.folder_of(settings), file, tuning.key(entry, file))
    except (OSError, Unavailable):
        return None
    return found.figures if found else None


def latest(settings: Settings) -> Figures | None:
    """What was measured last on this machine, of whichever model is here."""
    found = [figures(entry, settings) for entry in catalogue.offered("language")]
    return max(filter(None, found), key=lambda one: one.measured_at, default=None)


def order(database: Database, settings: Settings, name: str) -> Job:
    """A new job that measures a model, within the caller's transaction.

    Raises ``NotFound`` (``unknown_model``), ``BadRequest`` (``not_a_language_model``),
    ``Conflict`` (``model_not_here``, ``check_already_running``) and ``Unavailable``
    (``processor_too_old``, ``model_too_big``, ``check_no_memory``).
    """
    if catalogue.find(name).kind != "language":
        raise BadRequest("not_a_language_model", name=name)
    entry, file = place(name, settings)
    if not file.is_file():
        raise Conflict("model_not_here", name=name)
    if running := under_way(database):
        raise Conflict("check_already_running", name=running.subject)
    try:
        hardware.require(entry)
    except Unavailable as refusal:
        # What takes the memory is most likely the model in use, and that can be left.
        if refusal.code == "model_too_big" and entry.ram_mb <= hardware.memory().total_mb:
            raise Unavailable("check_no_memory", **refusal.facts) from refusal
        raise
    return ledger.open(database, CHECK, name)


def under_way(database: Database, *, but: str = "") -> Job | None:
    """The measurement that waits or runs: two at once would spoil each other."""
    for state in ("queued", "running"):
        for job in ledger.entries(database, state=state, limit=200):
            if job.kind == CHECK and job.id != but:
                return job
    return None


def begin_again(database: Database, job: Job) -> bool:
    """Whether a retried job has something to do. Raises ``Conflict`` (``job_already_queued``)."""
    if under_way(database, but=job.id):
        raise Conflict("job_already_queued")
    try:
        return catalogue.find(job.subject).kind == "language"
    except NotFound:
        return False


class Measurements:
    """Does the jobs of the kind "check", whose subject is a model's name."""

    def __init__(self, settings: Settings, database: Database, client: RunnerClient) -> None:
        self.settings = settings
        self.database = database
        self.client = client

    def check(self, job: Job, watch: Watch) -> None:
        """Raises what ``Watch.check`` raises, and ``Unreadable`` for whatever was refused."""
        with pull.ended_by_refusals():
            entry, file = place(job.subject, self.settings)
            measure(
                entry,
                file,
                self.settings,
                told=watch.telling(UNIT),
                doings=lambda: self._doings(job),
            )

    def _doings(self, job: Job) -> Doings:
        others = [
            one
            for one in ledger.entries(self.database, state="running", limit=200)
            if one.id != job.id
        ]
        try:
            condition = self.client.health()
        except Unavailable:
            return (0, 0, len(others))
        return (condition.tokens, condition.prompt_tokens, len(others))
