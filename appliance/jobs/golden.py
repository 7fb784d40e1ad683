"""The job that asks an assistant its golden questions after whatever could change an answer:
documents, settings, the model, the embedder, this program's version, the questions themselves.

Nobody orders it: what the last run stood on is compared with what holds now. So a thousand
changes are one run, once nothing moves any more; it begins when no other job waits, and
stands still while somebody is being answered.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from appliance import __version__, assistants, gates, golden, lifetime
from appliance.database import Database
from appliance.embedders import Embedders
from appliance.errors import Conflict, NotFound
from appliance.gates import Held
from appliance.golden import GoldenQuestion, basis, runs
from appliance.golden.basis import Basis
from appliance.golden.judging import Result, judge
from appliance.golden.runs import Run
from appliance.jobs import gate, ledger
from appliance.jobs.pace import Pace, unhurried
from appliance.jobs.queue import Queue
from appliance.jobs.watch import SubjectGone, Watch
from appliance.records import Answer, Assistant, Job, timestamp

KIND = "golden"
UNIT = "questions"
LOOK_EVERY_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 900.0  # for documents that are still on their way
REST_SECONDS = 600.0  # after somebody cancelled it, or it failed for good
STILL_SECONDS = 0.05  # between two looks whether somebody is still being answered
NO_PART = {"id", "slug", "public_id", "created_at", "accent", "origins", "access", "groups",
           "editors", "greeting", "suggestions", "contact"}  # fmt: skip


class Rehearse(Protocol):
    """Answers a question without keeping it; ``answering.rehearsing.Rehearsal`` is one."""

    def __call__(
        self, assistant: Assistant, question: str, check: Callable[[], None] = ...
    ) -> Answer:
        """The answer. ``check`` may raise to end it."""
        ...


class Engines(Protocol):
    """What a rehearsal needs; ``answering.rehearsing.Parts`` is one."""

    def model(self, assistant: Assistant) -> str:
        """The name of what writes for an assistant, "" where it quotes."""
        ...

    def wait(self, assistant: Assistant) -> None:
        """Raises ``Unavailable`` while something is on its way."""
        ...


class Golden:
    """Opens the jobs of kind "golden" (``look``) and does them (``__call__``)."""

    def __init__(
        self,
        database: Database,
        queue: Queue,
        rehearse: Rehearse,
        engines: Engines,
        *,
        pace: Pace = unhurried,
        look_every: float = LOOK_EVERY_SECONDS,
    ) -> None:
        self.database = database
        self.queue = queue
        self.rehearse = rehearse
        self.engines = engines
        self.pace = pace
        self.look_every = look_every
        self._looked_at = -look_every
        self._seen: dict[str, str] = {}  # what each assistant stood on at the last look

    def look(self) -> None:
        """Open a job for each assistant whose questions have to be asked again: one that
        stands on something else than at its last run, and on the same as at the last look."""
        if time.monotonic() - self._looked_at < self.look_every:
            return
        self._looked_at = time.monotonic()
        seen, self._seen = self._seen, {}
        for assistant_id in golden.asked_of(self.database):
            assistant = assistants.get(self.database, assistant_id)
            token = self._seen[assistant.id] = self.token(assistant)
            if self._held(assistant.id):
                self._open(assistant.id)
                continue
            last = runs.latest_token(self.database, assistant.id)
            if last and last[0] == token:
                continue
            waited = _seconds_since(last[1]) if last else 0.0
            moves = self._moves(assistant) or (last and seen.get(assistant.id) != token)
            if not moves or waited > LONGEST_WAIT_SECONDS:
                self._open(assistant.id)

    def _held(self, assistant_id: str) -> Held | None:
        """The change at the gate whose questions are still to be asked."""
        held = gates.find(self.database, assistant_id)
        return held if held and held.state == "asking" else None

    def _moves(self, assistant: Assistant) -> bool:
        return bool(basis.outline(self.database, assistant.collections)["coming"])

    def _open(self, assistant_id: str) -> None:
        if ledger.due(self.database, limit=1):
            return
        job = ledger.open_once(self.database, KIND, assistant_id, rest_seconds=REST_SECONDS)
        if job is not None:
            self.queue.deliver(job.id)

    def token(self, assistant: Assistant) -> str:
        """What the assistant stands on, in short: one row and a few hashes."""
        outline = basis.outline(self.database, assistant.collections) | {"coming": 0}
        standing = self._basis(assistant, documents={})
        return basis.mark([outline, self._out_of_force(assistant), msgspec.to_builtins(standing)])

    def __call__(self, job: Job, watch: Watch) -> None:
        """Ask them all, and keep what came of it. Raises what ``Watch.check`` raises, and
        ``Unavailable`` while an engine is away or loads."""
        try:
            assistant = assistants.get(self.database, job.subject)
        except NotFound:
            raise SubjectGone from None
        self.engines.wait(assistant)
        if held := self._held(assistant.id):
            self._judge(held, watch)
            return
        self.run(assistant, check=watch.check, told=watch.telling(UNIT))

    def _judge(self, held: Held, watch: Watch) -> None:
        """Ask the questions of the assistant as the change would make it, and publish the
        change or keep it held."""
        candidate = gate.tried(self.database, held.assistant, gate.read(held))
        results = self.results(candidate, check=watch.check, told=watch.telling(UNIT))
        red = gate.turned_red(self.database, held.assistant, results)
        if self._held(held.assistant) != held:
            return  # dropped or published meanwhile
        if red:
            with self.database.write() as db:
                gates.stop(db, held.assistant, red)
        else:
            gate.publish(self.database, held)

    def run(
        self,
        assistant: Assistant,
        *,
        check: Callable[[], None] = lambda: None,
        told: Callable[[int, int], None] = lambda done, total: None,
    ) -> Run:
        """Ask an assistant's golden questions and keep the run."""
        began, token = timestamp(), self.token(assistant)
        before = basis.documents(
            self.database, assistant.collections, self._out_of_force(assistant)
        )
        return runs.store(
            self.database,
            assistant.id,
            token=token,
            basis=self._basis(assistant, documents=before),
            collections=assistant.collections,
            results=self.results(assistant, check=check, told=told),
            started_at=began,
        )

    def results(
        self,
        assistant: Assistant,
        *,
        check: Callable[[], None] = lambda: None,
        told: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[Result]:
        """How each golden question goes now; nothing is kept."""
        questions = golden.every(self.database, assistant.id)
        found = []
        for done, one in enumerate(questions):
            told(done, len(questions))
            self._give_way(check)
            found.append(self._result(assistant, one, check))
        told(len(questions), len(questions))
        return found

    def _result(
        self, assistant: Assistant, one: GoldenQuestion, check: Callable[[], None]
    ) -> Result:
        answer = self.rehearse(assistant, one.question, check)
        named = golden.documents_named(self.database, assistant.collections, one.document)
        return judge(one, answer, named if one.document else frozenset())

    def _give_way(self, check: Callable[[], None]) -> None:
        while self.pace():
            check()
            time.sleep(STILL_SECONDS)

    def _basis(self, assistant: Assistant, *, documents: dict[str, tuple[str, str]]) -> Basis:
        settings = msgspec.to_builtins(assistant)
        in_force = Embedders(self.database).in_force()
        return Basis(
            documents=documents,
            settings={
                name: basis.mark(value) for name, value in settings.items() if name not in NO_PART
            },
            questions={one.id: one.changed_at for one in golden.every(self.database, assistant.id)},
            model=self.engines.model(assistant),
            embedder=in_force.name if in_force else "",
            version=__version__,
        )

    def _out_of_force(self, assistant: Assistant) -> list[str]:
        return lifetime.out_of_force(self.database, assistant.collections, lifetime.today())


def order(database: Database, assistant_id: str) -> Job:
    """A new queued job at a person's wish. Raises ``Conflict`` (``job_already_queued``,
    ``golden_none`` where there is nothing to ask)."""
    with database.write():
        if not golden.every(database, assistant_id, limit=1):
            raise Conflict("golden_none")
        if ledger.current(database, KIND, assistant_id):
            raise Conflict("job_already_queued")
        return ledger.open(database, KIND, assistant_id)


def asked_now(database: Database) -> frozenset[str]:
    """The ids of the assistants whose golden questions are being asked, or are to be next."""
    rows = database.rows(
        """
        select subject from jobs
        where kind = :kind and state in ('queued', 'running') and cancel_asked = 0
        """,
        {"kind": KIND},
    )
    return frozenset(row["subject"] for row in rows)


def begin_again(database: Database, job: Job) -> bool:
    """Whether a retried job has something to do: its assistant is still there.

    Raises ``Conflict`` (``job_already_queued``) when another job does the same.
    """
    if ledger.current(database, KIND, job.subject, but=job.id):
        raise Conflict("job_already_queued")
    return assistants.find(database, job.subject) is not None


def _seconds_since(moment: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
