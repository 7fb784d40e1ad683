"""Readers who ask all at once: each by a connection of its own, in one thread.

Written on plain sockets, because two hundred clients of a comfortable library take more of
the processor than the appliance they are to measure.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

SIGNS = ("token", "queue")  # what tells a reader that the appliance has heard the question


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks: the credential, the assistant, and the language of the browser."""

    secret: str
    assistant: str
    language: str = "pt"


class Heard(msgspec.Struct, kw_only=True):
    """What came of one question; times are seconds since it was sent.

    ``sign`` is the first of ``SIGNS`` or, where the answer was refused, ``refused``;
    None for a reader who was left without any. ``events`` are the names in their order.
    """

    status: int = 0
    retry_after: str = ""
    sign: str | None = None
    sign_after: float = 0.0
    first_token_after: float = 0.0
    events: list[str] = []
    problem: dict[str, Any] = {}
    broken: str = ""

    @property
    def ended(self) -> bool:
        """Whether the last event came."""
        return self.events[-1:] in (["done"], ["problem"])


async def ask(
    address: str,
    asker: Asker,
    question: str,
    leave: asyncio.Event | None = None,
    *,
    on_sign: Callable[[Heard], object] = lambda heard: None,
) -> Heard:
    """Ask for a stream and read it to its end, or until ``leave`` is set. ``on_sign`` is
    told when the first sign came, or when it ended without any."""
    heard = Heard(events=[])
    reading = asyncio.create_task(_read(address, asker, question, heard, on_sign))
    leaving = asyncio.create_task(leave.wait() if leave else asyncio.Event().wait())
    await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
    for task in (reading, leaving):
        task.cancel()
    await asyncio.wait({reading, leaving})
    if not reading.cancelled() and (fault := reading.exception()):
        heard.broken = f"{type(fault).__name__}: {fault}"
    if heard.sign is None:
        on_sign(heard)
    return heard


async def together(
    address: str,
    askers: Sequence[Asker],
    question: Callable[[int], str],
    *,
    until: Awaitable[object] | None = None,
    on_sign: Callable[[Heard], object] = lambda heard: None,
) -> list[Heard]:
    """All ask at the same moment; they stay to the end, or leave once ``until`` is there."""
    leave = asyncio.Event()
    asking = [
        asyncio.create_task(ask(address, asker, question(number), leave, on_sign=on_sign))
        for number, asker in enumerate(askers)
    ]
    if until is not None:
        await until
        leave.set()
    return list(await asyncio.gather(*asking))


async def _read(
    address: str,
    asker: Asker,
    question: str,
    heard: Heard,
    on_sign: Callable[[Heard], object],
) -> None:
    body = json.dumps({"question": question, "stream": True}).encode()
    place = urlsplit(address)
    head = (
        f"POST /api/assistants/{asker.assistant}/ask HTTP/1.1\r\nHost: {place.netloc}\r\n"
        f"Authorization: Bearer {asker.secret}\r\nAccept-Language: {asker.language}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    began = time.monotonic()
    async with connected(place.hostname or "", place.port or 80) as (reader, writer):
        writer.write(head.encode() + body)
        heard.status = int((await reader.readline()).split()[1])
        while (line := (await reader.readline()).strip().lower()) != b"":
            if line.startswith(b"retry-after:"):
                heard.retry_after = line.partition(b":")[2].strip().decode()
        if heard.status != 200:
            heard.sign, heard.sign_after = "refused", time.monotonic() - began
            heard.problem = json.loads(await reader.read())
            on_sign(heard)
            return
        await _listen(reader, heard, began, on_sign)


async def _listen(
    reader: asyncio.StreamReader, heard: Heard, began: float, on_sign: Callable[[Heard], object]
) -> None:
    # Events never share a line with the sizes of the chunks that they travel in.
    while line := await reader.readline():
        if line.startswith(b"event: "):
            name = line[7:].strip().decode()
            heard.events.append(name)
            after = time.monotonic() - began
            if name in SIGNS and heard.sign is None:
                heard.sign, heard.sign_after = name, after
                on_sign(heard)
            if name == "token" and not heard.first_token_after:
                heard.first_token_after = after
        elif line.startswith(b"data: ") and heard.events[-1:] == ["problem"]:
            heard.problem = json.loads(line[6:])


@contextlib.asynccontextmanager
async def connected(
    host: str, port: int, local: str | None = None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection, from the address ``local`` where one is named."""
    reader, writer = await asyncio.open_connection(
        host, port, local_addr=(local, 0) if local else None, limit=1 << 20
    )
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
