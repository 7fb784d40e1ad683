"""Streams of named events: from a working thread to a reader who may leave.

The work runs in a thread of its own; its events cross into the event loop one by
one. A failure is an event like any other (``problem``), because a response that
has begun cannot change its status. When the reader leaves, the work is told by
its ``Stop`` and ends by itself; and so it is when they may no longer listen, which is
looked at every ``LOOK_SECONDS``.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import msgspec
from litestar.response import Stream

from appliance import disk
from appliance.answering.stopping import Stop
from appliance.errors import NotSignedIn, Refusal, Unavailable, sentence
from appliance.records import Language

HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS = 2.0  # between two looks at whether the reader may still listen
Named = tuple[str, bytes]  # an event's name and its data as JSON
Work = Callable[[Stop], Iterator[Named]]
EVENT_STREAM = {"text/event-stream": bytes}  # what a route gives that streams (``reference``)
Result = TypeVar("Result")

# Their own: a look must not wait behind the console's handlers.
LOOKING = ThreadPoolExecutor(2, thread_name_prefix="standing")

log = logging.getLogger(__name__)


class Dialect(msgspec.Struct, frozen=True):
    """How a stream says that its work failed, and that it has ended."""

    problem: Callable[[BaseException, Language], bytes]
    end: bytes = b""


class _End:
    """What the thread sends last: how the work ended."""

    def __init__(self, fault: BaseException | None) -> None:
        self.fault = fault


async def begin(
    work: Work,
    language: Language,
    dialect: Dialect | None = None,
    *,
    standing: Callable[[], bool] = lambda: True,
) -> Stream:
    """Start ``work(stop)`` and stream its events as ``text/event-stream``, for as long as
    ``standing`` says that the reader may listen, and does not refuse it.

    A refusal before the first event is raised here, so that it becomes an
    ordinary response with its status.
    """
    line: asyncio.Queue[Named | _End] = asyncio.Queue()
    stop = Stop()
    loop = asyncio.get_running_loop()

    def tell(item: Named | _End) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(line.put_nowait, item)

    def run() -> None:
        try:
            for event in work(stop):
                tell(event)
        except BaseException as fault:  # noqa: BLE001 -- told to the reader and logged there
            tell(_End(fault))
        else:
            tell(_End(None))

    threading.Thread(target=run, name="answer", daemon=True).start()
    first = await line.get()
    if isinstance(first, _End) and first.fault is not None:
        raise first.fault
    return Stream(
        _told(_items(first, line, standing), stop, language, dialect or EVENTS),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def apart(work: Callable[[], Result]) -> Result:
    """What ``work`` gives, from a thread of its own; raises what it raised.

    The threads of ``asyncio.to_thread`` are few and the console's handlers run in them:
    a handful of answers, which take minutes, would leave it none.
    """
    future: Future[Result] = Future()

    def run() -> None:
        try:
            result = work()
        except BaseException as fault:  # noqa: BLE001 -- raised where it is waited for
            future.set_exception(fault)
        else:
            future.set_result(result)

    future.set_running_or_notify_cancel()  # from here on, who waits may leave and not we
    threading.Thread(target=run, name="answer", daemon=True).start()
    return await asyncio.wrap_future(future)


async def _told(
    items: AsyncIterator["Named | _End | None"], stop: Stop, language: Language, dialect: Dialect
) -> AsyncIterator[bytes]:
    try:
        async for item in items:
            if not isinstance(item, _End):
                yield encoded(*item) if item else b": still here\n\n"
            elif item.fault is not None:
                yield dialect.problem(item.fault, language)
            elif dialect.end:
                yield dialect.end
    finally:
        stop.set()


async def _items(
    first: Named | _End, line: "asyncio.Queue[Named | _End]", standing: Callable[[], bool]
) -> AsyncIterator["Named | _End | None"]:
    """The events, None for each heartbeat, and at last how it ended."""
    item: Named | _End | None = first
    told_at = looked_at = time.monotonic()
    while True:
        if time.monotonic() - looked_at >= LOOK_SECONDS:
            looked_at = time.monotonic()
            if fault := await asyncio.get_running_loop().run_in_executor(LOOKING, _fault, standing):
                item = _End(fault)
        if item is not None or time.monotonic() - told_at >= HEARTBEAT_SECONDS:
            told_at = time.monotonic()
            yield item
        if isinstance(item, _End):
            return
        item = await _next(line)


def _fault(standing: Callable[[], bool]) -> Refusal | None:
    """Why the reader may not go on listening."""
    try:
        return None if standing() else NotSignedIn("not_signed_in")
    except Refusal as refusal:
        return refusal


async def _next(line: "asyncio.Queue[Named | _End]") -> Named | _End | None:
    try:
        return await asyncio.wait_for(line.get(), min(LOOK_SECONDS, HEARTBEAT_SECONDS))
    except TimeoutError:
        return None


def encoded(name: str, data: bytes) -> bytes:
    """One event, which may have no name; ``data`` is JSON on one line."""
    event = b"event: " + name.encode() + b"\n" if name else b""
    return event + b"data: " + data + b"\n\n"


def problem(fault: BaseException, language: Language) -> bytes:
    """``{code, detail}`` of a failure; what nobody expected is logged and not told."""
    refusal = told(fault)
    detail = sentence(refusal.code, refusal.facts, language)
    return msgspec.json.encode({"code": refusal.code, "detail": detail})


def told(fault: BaseException) -> Refusal:
    """What the reader may know of a failure; the rest goes to the log."""
    if isinstance(fault, Refusal):
        return fault
    if refusal := disk.refusal_of(fault):
        log.warning("a stream met the disk: %s", fault)
        return refusal
    log.error("a stream failed", exc_info=fault)
    return Unavailable("unexpected")


EVENTS = Dialect(lambda fault, language: encoded("problem", problem(fault, language)))
