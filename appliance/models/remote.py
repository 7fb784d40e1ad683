"""A ``Generator`` on other machines, whatever language they speak.

``upstreams`` (servers of the site) and ``providers`` (hosted ones) say how an answer comes;
what is the same for all of them is here. Each answer has a thread with an event loop of its
own: closing it, from any thread, ends the task there and with it the connection, also while
the other side has not said a word. What goes wrong on the way comes out as ``Unavailable``,
so that the asker is answered with quotes, and holds nothing that the other side wrote.
"""

import asyncio
import contextlib
import queue
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Protocol

import msgspec

from appliance.errors import Refusal, Unavailable
from appliance.models import Counts, Ending, Prompt, Sampling, Waiting

SILENCE_SECONDS = 120.0  # a long prompt on a slow machine of the site, behind others
CONNECT_SECONDS = 4.0
LONGEST_WAIT = 3600.0

# Digits and signs are often a token each, letters come by two and a half at the least: an
# English vocabulary of 30,000 pieces, the worst that was tried, reads the tests' Portuguese
# handbook as 124 tokens, and this says 130. A little too many is a source less in the prompt;
# too few would be a refusal by the engine.
_LETTERS = re.compile(r"[^\W\d_]")
_SIGNS = re.compile(r"[\d_]|[^\w\s]")


class Used(msgspec.Struct, frozen=True):
    """What an answer cost, as the engine counts (0 where it does not say), and how it ended."""

    prompt_tokens: int
    tokens: int
    ending: Ending = "end"


class Door(Protocol):
    """What is needed of ``net.Gate``: httpx clients that can go nowhere else."""

    def client(self, *, silence: float, connect: float) -> Any: ...

    def async_client(self, *, silence: float, connect: float) -> Any: ...


# The pieces of an answer, and among the last of them perhaps what it cost.
Stream = Callable[[Prompt, Sampling], AsyncIterator[str | Used]]


class EngineGenerator:
    """A model on another machine, for one question. ``left`` says whether something was sent
    out of the building for it."""

    def __init__(
        self, name: str, context: int, stream: Stream, *, left: Callable[[], bool]
    ) -> None:
        self.name = name
        self.context = context
        self._stream = stream
        self._left = left

    @property
    def left_building(self) -> bool:
        """Whether something that it was asked has left the building."""
        return self._left()

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, estimated so that they are seldom fewer than they are."""
        return [estimate(text) for text in texts]

    def generate(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        person: str = "",
        assistant: str = "",
        on_waiting: Waiting | None = None,
    ) -> "EngineWriting":
        """Pieces of the answer as they come. Who asks is not told to the engine, and the
        engine tells of no line; ``top_k`` is not part of what all engines understand.
        Iterating raises ``Unavailable`` (``engine_unreachable``, ``engine_crowded`` …)."""
        read = sum(self.count([prompt.system, *(turn.text for turn in prompt.turns)]))
        return EngineWriting(self.name, lambda: self._stream(prompt, sampling), read)


class EngineWriting(Iterator[str]):
    """An answer that comes from another machine; see ``models.Writing``."""

    def __init__(
        self, name: str, pieces: Callable[[], AsyncIterator[str | Used]], prompt_tokens: int
    ) -> None:
        self.done: Counts | None = None
        self._name = name
        self._pieces = pieces
        self._used = Used(0, 0)
        self._estimated = prompt_tokens
        self._written = 0
        self._told: queue.SimpleQueue[str | Used | Refusal | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._stop: Callable[[], None] = lambda: None
        threading.Thread(target=self._run, name="engine", daemon=True).start()

    def __next__(self) -> str:
        while not self._closed.is_set():
            told = self._told.get()
            if self._closed.is_set():
                break
            if isinstance(told, str):
                self._written += 1
                return told
            if isinstance(told, Refusal):
                self.close()
                raise told
            if told is None:
                used = self._used
                read, written = used.prompt_tokens, used.tokens
                self.done = Used(read or self._estimated, written or self._written, used.ending)
                break
            self._used = told
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Stop the answer and its connection. Callable any number of times."""
        self._closed.set()
        self._stop()
        self._told.put(None)  # wakes a thread that waits for the next piece

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_pump(self._pieces, self._told, self._name, self._begun))

    def _begun(self, stop: Callable[[], None]) -> bool:
        """Take note of how to stop; False where that has been asked for already."""
        self._stop = stop
        return not self._closed.is_set()


async def _pump(
    pieces: Callable[[], AsyncIterator[str | Used]],
    told: "queue.SimpleQueue[str | Used | Refusal | None]",
    name: str,
    begun: Callable[[Callable[[], None]], bool],
) -> None:
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None  # noqa: S101

    def stop() -> None:
        with contextlib.suppress(RuntimeError):  # it has ended, and its loop with it
            loop.call_soon_threadsafe(task.cancel)

    if not begun(stop):
        return
    said = False
    try:
        async with aclosing(_generator(pieces())) as coming:
            async for piece in coming:
                said = said or bool(piece)
                told.put(piece)
    except Exception as fault:  # noqa: BLE001 -- three libraries' errors, none imported here
        told.put(refusal(name, fault, said=said))
    finally:
        told.put(None)


def _generator(pieces: AsyncIterator[str | Used]) -> Any:
    """Streams are written as async generators, and those can be closed."""
    return pieces


def refusal(name: str, fault: BaseException, *, said: bool = False) -> Unavailable:
    """What went wrong with the engine ``name``, after something was ``said`` or before.

    Nothing of the other side's text is in it: that may hold a piece of the key, or of what
    people asked.
    """
    for one in _causes(fault):
        if isinstance(one, Unavailable):
            return one
        if isinstance(one, Refusal):  # of the gate: a redirect elsewhere, an address outside
            return Unavailable(one.code, **one.facts)
    if said:
        return Unavailable("engine_broke_off", name=name)
    for one in _causes(fault):
        if status := _status(one):
            return status_refusal(name, status, _headers(one).get("retry-after", ""))
    if any(_is_of_the_network(one) for one in _causes(fault)):
        return Unavailable("engine_unreachable", name=name)
    return Unavailable("engine_garbled", name=name)


def status_refusal(name: str, status: int, retry_after: str = "") -> Unavailable:
    """What an HTTP status of 300 or more says about the engine ``name``."""
    if status in (401, 403):
        return Unavailable("engine_key_refused", name=name)
    if status == 429:
        wait = min(float(retry_after), LONGEST_WAIT) if retry_after.isdecimal() else None
        return Unavailable("engine_crowded", name=name, retry_after=wait)
    if status >= 500:
        return Unavailable("engine_unwell", name=name, status=status)
    return Unavailable("engine_refuses", name=name, status=status)


def estimate(text: str) -> int:
    """How many tokens a text has, rather too many: two for five letters, one for each digit,
    sign and letter beyond Latin."""
    letters: list[str] = _LETTERS.findall(text)
    latin = sum(letter < "ɐ" for letter in letters)
    return -(-2 * latin // 5) + (len(letters) - latin) + len(_SIGNS.findall(text)) + 1


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while fault is not None and fault not in seen:
        seen.append(fault)
        yield fault
        fault = fault.__cause__ or fault.__context__


def _status(fault: BaseException) -> int:
    for one in (fault, getattr(fault, "response", None)):
        status: object = getattr(one, "status_code", None)
        if isinstance(status, int):
            return status
    return 0


def _headers(fault: BaseException) -> Mapping[str, str]:
    found: Mapping[str, str] = getattr(getattr(fault, "response", None), "headers", {})
    return found


def _is_of_the_network(fault: BaseException) -> bool:
    """By the names that httpx and the libraries built on it give such errors."""
    names = {kind.__name__ for kind in type(fault).__mro__}
    return bool(names & {"TransportError", "APIConnectionError", "OSError"})
