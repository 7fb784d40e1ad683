"""All the work that somebody may know of, as one stream: what a console listens to.

It begins with a snapshot (``jobs``), then tells each change (``job``) and what is no longer to
be told (``gone``: erased, or out of reach). Whoever looks after the appliance is told, too, how
the language model stands (``language_model``), whose loading is nobody's job. Every event's id
is the moment of the look, so that a reader who comes back with ``Last-Event-ID`` (or ``after``)
hears in the snapshot what ended meanwhile. Bounded: so many jobs at once, so many streams of
one person, an hour at a time; it ends when the session does. Who reaches what is worked out
again at each change.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from appliance.api import guards, rights, streams
from appliance.api.jobs import LOOKERS, job_json
from appliance.database import Database, Row
from appliance.errors import NotSignedIn, TooMany
from appliance.jobs import ledger, naming
from appliance.records import Caller, Job, timestamp
from appliance.status import Standing, Status

LOOK_SECONDS = 0.5
LIFE_SECONDS = 3600.0  # then the reader comes again, and goes on where it was
MOST_JOBS = 200
MOST_STREAMS = 12  # of one person or key: windows of a browser, and some forgotten ones
OVERLAP = timedelta(seconds=30)  # an ending is dated before it is committed
REACH_BACK = timedelta(hours=1)

After = Annotated[str, QueryParameter(max_length=40)]


class Watch:
    """What one reader was told, and what has changed since."""

    def __init__(
        self,
        database: Database,
        caller: Caller,
        after: str = "",
        *,
        standing: Callable[[], Standing] = Standing,
    ) -> None:
        self.database = database
        self.caller = caller
        self.since = _since(after)
        self._told: dict[str, Job] = {}
        self._pulse: Row | None = None
        self._standing = standing
        self._stood = Standing()

    def first(self) -> bytes:
        """The snapshot as an event, and how the language model stands where there is one."""
        self._pulse = ledger.pulse(self.database, since=self.since)
        jobs = self._seen()
        self._told = {job.id: job for job in jobs}
        return _event("jobs", {"items": self._shown(jobs)}) + b"".join(self._model())

    def next(self) -> list[bytes]:
        """The events of what changed since the last look."""
        return self._jobs() + self._model()

    def _model(self) -> list[bytes]:
        before, self._stood = self._stood, self._standing()
        return [_event("language_model", self._stood)] if self._stood != before else []

    def _jobs(self) -> list[bytes]:
        self.since = _since("")
        pulse = ledger.pulse(self.database, since=self.since)
        if pulse == self._pulse:
            return []
        self._pulse = pulse
        before, jobs = self._told, self._seen()
        self._told = {job.id: job for job in jobs}
        changed = self._shown([job for job in jobs if before.get(job.id) != job])
        gone = [one.id for one in before.values() if not one.ended_at and one.id not in self._told]
        told = [_event("job", job) for job in changed]
        return told + [_event("gone", {"id": one}) for one in gone]

    def _seen(self) -> list[Job]:
        reach = rights.reach(self.database, self.caller).tending
        return ledger.watched(self.database, since=self.since, reach=reach, limit=MOST_JOBS)

    def _shown(self, jobs: list[Job]) -> list[dict[str, Any]]:
        names = naming.names(self.database, jobs)
        return [job_json(job, self.caller.language) | {"about": names[job.id]} for job in jobs]


class Open:
    """How many streams each caller has open."""

    def __init__(self) -> None:
        self._streams: Counter[str] = Counter()

    def check(self, caller: Caller) -> None:
        """Raise ``TooMany`` (``too_many_streams``) for one more than there may be."""
        if self._streams[caller.id] >= MOST_STREAMS:
            raise TooMany("too_many_streams", most=MOST_STREAMS)

    @contextlib.contextmanager
    def counted(self, caller: Caller) -> Iterator[None]:
        self._streams[caller.id] += 1
        try:
            yield
        finally:
            self._streams[caller.id] -= 1
            self._streams += Counter()  # forgets who has none


OPEN = Open()


@get("/api/jobs/events", who=LOOKERS, gives=streams.EVENT_STREAM)
async def events(
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    status: NamedDependency[Status],
    after: After = "",
) -> Stream:
    """Every job that the caller may know of, in one stream: ``jobs`` (what runs, waits, or ended
    a moment ago), then ``job`` at each change and ``gone``; for administrators
    ``language_model``, its name and how it stands. ``after`` does what the header
    ``Last-Event-ID`` does: it says up to when the reader has heard."""
    OPEN.check(caller)
    heard = request.headers.get("last-event-id") or after
    standing = status.standing if rights.reach(database, caller).house else Standing
    watch = Watch(database, caller, heard, standing=standing)
    return Stream(
        _told(request, watch),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _told(request: Request[Any, Any, Any], watch: Watch) -> AsyncIterator[bytes]:
    began = heard_at = time.monotonic()
    with OPEN.counted(watch.caller):
        try:
            yield await asyncio.to_thread(watch.first)
            while time.monotonic() - began < LIFE_SECONDS:
                await asyncio.sleep(LOOK_SECONDS)
                for event in await asyncio.to_thread(_look, request, watch):
                    heard_at = time.monotonic()
                    yield event
                if time.monotonic() - heard_at >= streams.HEARTBEAT_SECONDS:
                    heard_at = time.monotonic()
                    yield b": still here\n\n"
        except Exception as fault:  # noqa: BLE001 - a stream tells its failure as an event
            yield streams.encoded("problem", streams.problem(fault, watch.caller.language))


def _look(request: Request[Any, Any, Any], watch: Watch) -> list[bytes]:
    if not guards.still_stands(request):
        raise NotSignedIn("not_signed_in")
    return watch.next()


def _since(after: str) -> str:
    """From when on endings are told: a little before the moment, an hour ago at the earliest."""
    now = datetime.now(UTC)
    heard = now
    with contextlib.suppress(ValueError):
        heard = datetime.fromisoformat(after).astimezone(UTC)
    return timestamp(max(min(heard, now) - OVERLAP, now - REACH_BACK))


def _event(name: str, data: object) -> bytes:
    return f"id: {timestamp()}\n".encode() + streams.encoded(name, msgspec.json.encode(data))


routes = [events]
