"""The jobs of the pretend appliance: a few that ended, and those that somebody begins, which
move on while somebody listens to the stream of all of them."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.static.preview_house import NOW, Json
from tests.static.preview_server import Preview, route

ENDED = ("succeeded", "failed", "cancelled")
DETAIL = "O arquivo está protegido por senha. Envie uma cópia sem senha."
REFUSED: Json = {"code": "wrong_credentials", "detail": DETAIL}


def old(number: int, kind: str, state: str, **more: Any) -> Json:
    """A job from before anybody looked; its id sorts before those that are begun later."""
    one = {"id": f"0j{number}", "kind": kind, "subject": "", "about": "", "state": state,
           "done": 0, "total": 0, "unit": "", "problem": None, "created_at": NOW,
           "started_at": NOW, "ended_at": NOW if state in ENDED else None}  # fmt: skip
    return one | more


PAST = (
    old(7, "sync", "running", about="https://escola.example/", done=12, total=0, unit="files"),
    old(6, "ingest", "failed", about="Contrato de 2019", problem=REFUSED),
    old(5, "pull", "cancelled", about="qwen3-4b", done=10_000_000, total=491_400_032, unit="bytes"),
    old(4, "reembed", "running", done=1200, total=4800, unit="chunks"),
    old(3, "ingest", "succeeded", about="Regimento interno", done=12, total=12, unit="pages"),
    old(2, "mail", "succeeded"),
    old(1, "ingest", "queued", about="Ata do conselho de pais e mestres, de 12 de março"),
)


Told = Iterator[tuple[str, Json]]
MOVERS: list[
    Callable[[Preview], Told]
] = []  # of jobs that other parts keep: a step for each coming


def every(self: Preview) -> list[Json]:
    """Newest first. What was begun before moves only when somebody acts on it."""
    if not self.house.past:
        self.house.past = {one["id"]: dict(one) for one in PAST}
    begun = sorted(self.house.jobs.values(), key=lambda one: one["id"], reverse=True)
    return begun + list(self.house.past.values())


@route("GET", "/api/jobs")
def index(self: Preview) -> None:
    wanted, subject = self.query.get("state", ""), self.query.get("subject", "")
    found = [
        one
        for one in every(self)
        if wanted in ("", one["state"]) and subject in ("", one["subject"])
    ]
    self.json({"items": found, "next": None})


@route("GET", "/api/jobs/events")
def events(self: Preview) -> None:
    def moving() -> Iterator[tuple[str, Json]]:
        yield "jobs", {"items": [one for one in every(self) if one["state"] not in ENDED]}
        for job in [one for one in self.house.jobs.values() if not one["ended_at"]]:
            yield from moved(self, job)
        for mover in MOVERS:
            yield from mover(self)

    # It ends when nothing moves, and the page comes again: a test may wait for quiet between.
    self.stream(moving(), retry_ms=700)


def moved(self: Preview, job: Json) -> Iterator[tuple[str, Json]]:
    """The job from its first step to its end."""
    for done in range(5):
        job.update(state="running", done=done)
        yield "job", job
    job.update(state="succeeded", ended_at=NOW)
    if job["subject"] in self.house.documents:
        self.house.documents[job["subject"]].update(state="ready", ready_at=NOW)
    yield "job", job


def cancel(self: Preview, one: str) -> Json:
    """The job as it is after somebody asked it to end; {} for one that is not here."""
    job = next((each for each in every(self) if each["id"] == one), None)
    if job and job["state"] not in ENDED:
        job.update(state="cancelled", ended_at=NOW)
    return job or {}


@route("POST", "/api/jobs/{}/retry")
def retry(self: Preview, one: str) -> None:
    job = next(each for each in every(self) if each["id"] == one)
    job.update(state="queued", problem=None, ended_at=None, done=0)
    self.json({"job": job}, 202)
