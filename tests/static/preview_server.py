"""How the preview serves: its routes, the stream with its odd cuts, the door that lets all in."""

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.static.preview_house import House, Json

STATIC = Path(__file__).parents[2] / "static"
CSP = "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; object-src 'none'"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css",
         ".svg": "image/svg+xml"}  # fmt: skip
ROUTES: list[tuple[str, re.Pattern[str], Callable[..., Any]]] = []


def route(method: str, path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares a handler; ``{}`` in the path is one part of it. Raises ``ValueError`` for one
    that is declared already: which of two answers would be left to the order of imports."""
    pattern = re.compile("^" + path.replace("{}", "([^/]+)") + "$")

    if (method, pattern) in [(one, known) for one, known, _ in ROUTES]:
        raise ValueError(f"{method} {path} is declared already")

    def keep(handler: Callable[..., Any]) -> Callable[..., Any]:
        ROUTES.append((method, pattern, handler))
        return handler

    return keep


class Preview(BaseHTTPRequestHandler):
    house: House
    pace: float  # seconds between events
    origins: bool  # whether the widget's site is allowed

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""

    def do(self) -> None:
        url = urlsplit(self.path)
        self.query = {key: values[0] for key, values in parse_qs(url.query).items()}
        for method, pattern, handler in ROUTES:
            match = pattern.match(url.path)
            if method == self.command and match:
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    handler(self, *match.groups())
                return
        self.problem(404, "not_found", "Não há nada neste endereço. Volte à lista.")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do

    def raw(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def body(self) -> Json:
        raw = self.raw()
        return dict(json.loads(raw)) if raw else {}

    def send(self, data: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        all_of_them = {"Content-Type": kind, "Content-Length": str(len(data))}
        for name, value in (all_of_them | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def json(self, value: Any, status: int = 200, **headers: str) -> None:
        self.send(json.dumps(value).encode(), "application/json", status, **headers)

    def problem(
        self, status: int, code: str, detail: str, /, fields: Any = None, **headers: str
    ) -> None:
        body = {"type": "about:blank", "title": code, "status": status, "code": code,
                "detail": detail, "request_id": "r1"}  # fmt: skip
        body |= {"fields": fields} if fields else {}
        self.send(json.dumps(body).encode(), "application/problem+json", status, **headers)

    def stream(self, events: Iterator[tuple[str, Any]], retry_ms: int = 0) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if retry_ms:
            self.wfile.write(f"retry: {retry_ms}\r\n\r\n".encode())
        for name, data in events:
            raw = f"event: {name}\r\ndata: {json.dumps(data, ensure_ascii=False)}\r\n\r\n".encode()
            for at in range(0, len(raw), 37):
                self.wfile.write(raw[at : at + 37])
            self.wfile.flush()
            # Thinking takes longer than saying: the passages can be looked at meanwhile.
            time.sleep(self.pace * (20 if name == "passages" else 1))

    def page(self, name: str) -> None:
        target = (STATIC / name).resolve()
        if not target.is_file() or STATIC not in target.parents:
            return self.problem(404, "not_found", "Não há nada neste endereço.")
        kind = TYPES.get(target.suffix, "application/octet-stream")
        return self.send(target.read_bytes(), f"{kind}; charset=utf-8")


class Server(ThreadingHTTPServer):
    """A browser opens a page's modules all at once: more than five may stand at the door.

    Those who still stand there at the end are let in: closing the door resets their
    connections, and a page that was being drawn again reported that as its own error.
    """

    request_queue_size = 128
    timeout = 0.0  # how long ``handle_request`` waits for somebody
    waited = False

    def handle_timeout(self) -> None:
        self.waited = True

    def serve_forever(self, poll_interval: float = 0.05) -> None:
        super().serve_forever(poll_interval)
        while not self.waited:
            self.handle_request()
