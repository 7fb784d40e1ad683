"""A server that speaks as OpenAI's, Anthropic's and Mistral's do, with the faults of real ones."""

import json
import select
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Provider(ThreadingHTTPServer):
    """Answers with the words ``says``. ``asked`` are the requests, as (path, headers, body).

    ``statuses`` are answered first, one a request, with ``headers``; ``breaks_after`` ends a
    connection after so many words; ``hold`` keeps the answer back until it is set, after the
    first ``held_after`` words; ``garbage`` is sent as the whole body; ``goes_on_at`` sends
    each request elsewhere; ``well`` is whether it says that it is. ``left`` counts the
    clients that went away in the middle.
    """

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Answers)
        self.says: Sequence[str] = ("A multa", " é de", " R$ 1,50", " por dia.")
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.breaks_after: int | None = None
        self.cut = False  # whether the answer comes to the limit of tokens
        self.hold: threading.Event | None = None
        self.held_after = 0
        self.garbage: bytes | None = None
        self.goes_on_at = ""
        self.well = True
        self.left = threading.Event()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def questions(self) -> list[Any]:
        """The bodies of the requests for an answer."""
        return [body for _, _, body in self.asked if body is not None]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no news."""


@contextmanager
def provider(port: int = 0) -> Iterator[Provider]:
    """A provider that is up for as long as the block."""
    server = Provider(port)
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        if server.hold:
            server.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()


def closed() -> str:
    """The origin of a server that is not there any more."""
    with provider() as gone:
        return gone.origin


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        self._note(None)
        models = json.dumps({"object": "list", "data": [{"id": "m", "object": "model"}]}).encode()
        self._whole(200 if self.server.well else 503, models, "application/json")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._note(body)
        if self.server.goes_on_at:
            self.send_response(307)
            self.send_header("Location", self.server.goes_on_at + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.server.statuses:
            key = self.headers.get("authorization", "")
            text = json.dumps({"error": {"message": f"no: {key} {body}", "type": "x"}}).encode()
            self._whole(self.server.statuses.pop(0), text, "application/json")
        elif self.server.garbage is not None:
            self._whole(200, self.server.garbage, "text/event-stream")
        else:
            self._stream(_anthropic if self.path.endswith("/messages") else _openai)

    def _note(self, body: Any) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers, body))

    def _whole(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": kind} | self.server.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, dialect: Any) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.end_headers()
        before, pieces, after = dialect(self.server.says, self.server.cut)
        self._send(before)
        for number, piece in enumerate(pieces):
            if number == self.server.held_after:
                self._hold()
            if number == self.server.breaks_after:
                return
            self._send(piece)
        if self.server.breaks_after is None:
            self._send(after)

    def _hold(self) -> None:
        """Wait, and notice a client that goes away meanwhile."""
        while self.server.hold and not self.server.hold.wait(0.02):
            if select.select([self.connection], [], [], 0)[0]:
                self.server.left.set()
                return

    def _send(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """``asked`` is the log."""


def _openai(says: Sequence[str], cut: bool) -> tuple[str, list[str], str]:
    """OpenAI's stream, which Mistral's and the servers of a site follow."""

    def chunk(choices: list[Any], **more: Any) -> str:
        head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return f"data: {json.dumps(head | {'choices': choices} | more)}\n\n"

    def choice(delta: dict[str, str], end: str | None = None) -> list[Any]:
        return [{"index": 0, "delta": delta, "finish_reason": end}]

    usage = {"prompt_tokens": 70, "completion_tokens": 9, "total_tokens": 79}
    return (
        ": a comment\n\n" + chunk(choice({"role": "assistant", "content": ""})),
        [chunk(choice({"content": word})) for word in says],
        chunk(choice({"content": ""}, "length" if cut else "stop"), usage=usage)
        + "data: [DONE]\n\n",
    )


def _anthropic(says: Sequence[str], cut: bool) -> tuple[str, list[str], str]:
    def event(kind: str, **more: Any) -> str:
        return f"event: {kind}\ndata: {json.dumps({'type': kind} | more)}\n\n"

    message = {
        "id": "m", "type": "message", "role": "assistant", "content": [], "model": "m",
        "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": 70, "output_tokens": 1},
    }  # fmt: skip
    end = {"stop_reason": "max_tokens" if cut else "end_turn", "stop_sequence": None}
    usage = {"input_tokens": 70, "output_tokens": 9}
    return (
        event("message_start", message=message)
        + event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        [
            event("content_block_delta", index=0, delta={"type": "text_delta", "text": word})
            for word in says
        ],
        event("content_block_stop", index=0)
        + event("message_delta", delta=end, usage=usage)
        + event("message_stop"),
    )
