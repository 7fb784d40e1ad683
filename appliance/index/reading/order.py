"""Pages of text and pages from OCR leave in their order, few pictures at a time."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress

from appliance.index.reading.ocr import Desk
from appliance.index.reading.process import POLL, Stopped
from appliance.index.reading.wire import Found
from appliance.records import Page

_MOST_WAITING = 64  # things behind a page that OCR still reads


def in_order(
    found: Iterator[Found | Future[Page]], desk: Desk, stop: Callable[[], bool]
) -> Iterator[Found]:
    """What was found, in its order; the next is not asked for while all desks are taken."""
    waiting: deque[Found | Future[Page]] = deque()
    for one in found:
        waiting.append(one)
        while waiting and (_is_done(waiting[0]) or _is_full(waiting, desk.places)):
            yield _waited_for(waiting.popleft(), stop)
    while waiting:
        yield _waited_for(waiting.popleft(), stop)


def _is_done(one: Found | Future[Page]) -> bool:
    return not isinstance(one, Future) or one.done()


def _is_full(waiting: Sequence[Found | Future[Page]], places: int) -> bool:
    return len(waiting) > _MOST_WAITING or sum(not _is_done(one) for one in waiting) > places


def _waited_for(one: Found | Future[Page], stop: Callable[[], bool]) -> Found:
    if not isinstance(one, Future):
        return one
    while not stop():
        with suppress(TimeoutError):
            return one.result(timeout=POLL)
    raise Stopped
