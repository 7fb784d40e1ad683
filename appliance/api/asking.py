"""Asking, whichever door the question comes through: rights, the limit, and the reader who leaves.

``/api``, ``/v1`` and ``/mcp`` differ in what they write, and in nothing that happens here.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from litestar import Request
from litestar.response import Stream

from appliance import notices, widgets
from appliance.answering import events
from appliance.answering.events import Done, Event
from appliance.answering.flow import Answering
from appliance.answering.prompts import Exchange
from appliance.answering.stopping import Stop
from appliance.answering.writing import UNBOUND, Bounds
from appliance.api import guards, limits, rights, streams
from appliance.database import Database
from appliance.errors import NotSignedIn, sentence
from appliance.records import Answer, Assistant, Caller, Language
from appliance.settings import Settings

Telling = Callable[[Stop], Iterator[Event]]


def admitted(database: Database, settings: Settings, caller: Caller, name: str) -> Assistant:
    """The assistant, for a caller who may ask it now; the question counts from here on.

    Raises ``NotFound``, ``NotAllowed`` (``notice_not_accepted``) and ``TooMany``.
    """
    assistant = rights.assistant(database, caller, name)
    notices.check(database, caller)
    limits.count_question(database, settings, caller)
    return _for_its_readers(database, assistant)


def _for_its_readers(database: Database, assistant: Assistant) -> Assistant:
    """The assistant with what it is told about minors, where they are who asks."""
    if widgets.audience(database, assistant.id) != "minors":
        return assistant
    told = sentence("minors_instruction", {}, assistant.language)
    instructions = f"{assistant.instructions}\n{told}".strip()
    return msgspec.structs.replace(assistant, instructions=instructions)


def telling(
    answering: Answering,
    caller: Caller,
    admit: Callable[[], Assistant],
    question: str,
    conversation: str | None = None,
    *,
    earlier: Sequence[Exchange] | None = None,
    bounds: Bounds = UNBOUND,
    as_of: str | None = None,
) -> Telling:
    """The answer's events, once somebody asks for them.

    ``admit`` gives the assistant, as ``admitted`` does, and is called with the first of
    them, in the thread that waits for the answer: counting a question writes to the disk,
    which the event loop must not wait for.
    """

    def tell(stop: Stop) -> Iterator[Event]:
        with limits.turn(answering.database, caller):
            assistant = admit()
            yield from answering.stream(
                caller,
                assistant,
                question,
                conversation,
                earlier=earlier,
                bounds=bounds,
                stop=stop,
                as_of=as_of,
            )

    return tell


def listening(
    request: Request[Any, Any, Any], database: Database, caller: Caller, name: str
) -> Callable[[], bool]:
    """What tells, while an answer is written, whether whoever asked may still hear it. It
    raises ``NotFound`` once the assistant does not exist for them any more."""

    def look() -> bool:
        if not guards.still_stands(request):
            return False
        rights.assistant(database, caller, name)
        return True

    return look


async def streamed(tell: Telling, language: Language, may_hear: Callable[[], bool]) -> Stream:
    """The events under their names, while whoever asked may listen (``listening``)."""
    return await streams.begin(
        lambda stop: map(events.as_json, tell(stop)), language, standing=may_hear
    )


async def whole(
    request: Request[Any, Any, Any], tell: Telling, may_hear: Callable[[], bool]
) -> Answer | None:
    """The answer once it is there; None for a reader who left before: the model stops then.

    Raises ``NotSignedIn`` or ``NotFound`` where whoever asked may not hear it any more.
    """
    stop = Stop()
    watch = asyncio.create_task(_watch(request, stop))
    try:
        answer = await streams.apart(lambda: heard(tell, stop))
    finally:
        watch.cancel()
    if not await asyncio.to_thread(may_hear):
        raise NotSignedIn("not_signed_in")
    return answer


def heard(tell: Telling, stop: Stop) -> Answer | None:
    """The answer once it is there; None where ``stop`` was set before."""
    last = None
    for event in tell(stop):
        last = event
    return last.answer if isinstance(last, Done) else None


async def _watch(request: Request[Any, Any, Any], stop: Stop) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue
    stop.set()
