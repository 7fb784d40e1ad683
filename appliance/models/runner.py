"""The model runner: a child process that holds the models and serves them on a socket.

What runs here can die (a llama.cpp assertion aborts, a file truncated while mapped
is a SIGBUS) and must not take the console with it. ``python -m appliance.models.runner
--socket PATH --folder FOLDER`` answers ``health`` within a second; the models load
meanwhile. The socket is for its owner alone.
"""

import os

# Before any heavy library loads. Passive waiting, because OpenMP's spinning decodes
# 20 times slower beside one busy process; a very short spin before it costs nothing there
# and writes a fifth quicker where nothing else runs. And ggml starts no debugger when it aborts.
os.environ.update(
    {
        "OMP_WAIT_POLICY": "passive",
        "GOMP_SPINCOUNT": "300",
        "GGML_NO_BACKTRACE": "1",
    }
)

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from appliance import logs, trail
from appliance.errors import BadRequest, Refusal, Unavailable
from appliance.models import hardware, sockets, wire
from appliance.models.engines import Engines
from appliance.models.post import Post
from appliance.models.wire import BadFrame, Event, Reply, Request
from appliance.precedence import Precedence
from appliance.records import settle

STALLED_SECONDS = 30.0  # a client that takes nothing for that long is let go
LOG = logging.getLogger("appliance.models")


class Connection:
    """One client: a request, its reply, the next request."""

    def __init__(
        self,
        engines: Engines,
        post: Post,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._engines = engines
        self._post = post
        self._reader = reader
        self._writer = writer

    async def serve(self) -> None:
        """Until the client closes, or sends what is no request."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            try:
                while (request := await self._read()) is not None:
                    await self._answer(request)
            except BadFrame as fault:
                LOG.warning("a client of the model runner was let go: %s", fault)
                await self._send(wire.failed(BadRequest("bad_request", reason=str(fault))))
        self._writer.close()

    async def _read(self) -> Request | None:
        try:
            head = await self._reader.readexactly(wire.LENGTH_BYTES)
            body = await self._reader.readexactly(wire.body_length(head))
        except asyncio.IncompleteReadError:
            return None
        return wire.request(body)

    async def _send(self, reply: Reply) -> None:
        self._writer.write(wire.frame(reply))
        async with asyncio.timeout(STALLED_SECONDS):
            await self._writer.drain()

    async def _answer(self, request: Request) -> None:
        try:
            match request:
                case wire.Health():
                    await self._send(self._engines.condition())
                case wire.Count(texts):
                    _bound(texts)
                    counts = await asyncio.to_thread(self._engines.count, texts)
                    await self._send(wire.Counted(counts))
                case wire.Embed():
                    await self._embed(request)
                case wire.Generate():
                    await self._generate(request)
                case wire.Warm(prompt):
                    tokens = await asyncio.to_thread(self._engines.warm, prompt)
                    await self._send(wire.Warming(tokens))
                case wire.Cancel():
                    pass  # it came after the end of what it was to stop
        except Refusal as refusal:
            await self._send(wire.failed(refusal))

    async def _embed(self, request: wire.Embed) -> None:
        _bound(request.texts)
        embedding = await asyncio.to_thread(self._engines.embeddings.named, request.model)
        future = await asyncio.to_thread(embedding.submit, request.texts, request.kind)
        work = asyncio.wrap_future(future)
        async with self._watch(work.cancel):
            await asyncio.wait({work})
        if work.cancelled():
            raise ConnectionResetError("left before its vectors were there")
        vectors = work.result()
        await self._send(
            wire.Embedded(
                rows=vectors.shape[0],
                dimensions=vectors.shape[1],
                data=vectors.astype("<f4").tobytes(),
                stamp=embedding.stamp,
            )
        )

    async def _generate(self, request: wire.Generate) -> None:
        events: asyncio.Queue[Event] = asyncio.Queue()

        def report(event: Event) -> None:
            self._post.send(events, event)

        ask = await asyncio.to_thread(
            self._engines.ask,
            request.prompt,
            request.sampling,
            report,
            person=request.person[: wire.LONGEST_PERSON],
            assistant=request.assistant[: wire.LONGEST_PERSON],
        )
        try:
            async with self._watch(lambda: self._engines.cancel(ask)):
                while True:
                    event = await events.get()
                    await self._send(event)
                    if isinstance(event, wire.Done | wire.Failed):
                        return
        finally:
            self._engines.cancel(ask)

    @contextlib.asynccontextmanager
    async def _watch(self, give_up: Callable[[], object]) -> AsyncIterator[None]:
        """Read on while something is under way: whatever comes, a frame or the end of
        the connection, means that the rest is not wanted."""

        async def listen() -> None:
            with contextlib.suppress(ConnectionError, BadFrame):
                await self._read()
            give_up()

        listening = asyncio.create_task(listen())
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.wait({listening})


def _bound(texts: list[str]) -> None:
    if len(texts) > wire.MOST_TEXTS:
        raise BadRequest("too_many_texts", count=len(texts), limit=wire.MOST_TEXTS)


async def serve(engines: Engines, path: Path) -> None:
    """Serve until SIGTERM or SIGINT."""
    listening = sockets.listen(path)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Passages may wait here for the embedder to load; a question must find a thread.
    loop.set_default_executor(ThreadPoolExecutor(64))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    post = Post(loop)

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Connection(engines, post, reader, writer).serve()

    server = await asyncio.start_unix_server(converse, sock=listening)
    engines.start()
    await stopping.wait()
    server.close()
    await asyncio.to_thread(engines.close)
    path.unlink(missing_ok=True)


def main(arguments: list[str]) -> None:
    """The process. Never returns: a decode that will not stop is left behind with it."""
    parser = argparse.ArgumentParser(prog="appliance.models.runner")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where weights lie")
    parser.add_argument("--embedder", default="minilm")
    parser.add_argument("--also", action="append", default=[], help="an embedder beside it")
    parser.add_argument("--language", default="", help="NAME, or NAME=PATH; else what is chosen")
    parser.add_argument("--answering", type=Path, help="the file that says somebody is answered")
    parser.add_argument("--threads", type=int, default=0, help="0: the physical cores")
    parser.add_argument("--log-level", default="info")
    chosen = parser.parse_args(arguments)
    settle()
    logs.begin(chosen.log_level)
    trail.begin(chosen.socket.parent, "runner")
    engines = Engines(
        embedder=chosen.embedder,
        also=chosen.also,
        language=chosen.language,
        folder=chosen.folder,
        threads=hardware.threads(chosen.threads),
        **({"answering": Precedence(chosen.answering).claimed} if chosen.answering else {}),
    )
    status = 0
    try:
        asyncio.run(serve(engines, chosen.socket))
    except Unavailable as refusal:
        LOG.error("%s", refusal)
        status = 1
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: C++ destructors under a running decode are a crash.
    os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1:])
