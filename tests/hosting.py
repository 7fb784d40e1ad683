"""A site that hosts files, with the faults that real ones have."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Site(ThreadingHTTPServer):
    """Serves ``files`` by path. ``asked`` are the requests that came, as (path, headers).

    ``cut_after`` ends a connection after so many bytes of a body, ``cuts`` times;
    ``ranges`` says whether parts of files are served, ``tag`` is the version it calls every
    file, ``redirects`` sends paths elsewhere, ``statuses`` are answered first, one a request;
    ``stall`` holds each body after its first bytes until it is set.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.redirects: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.statuses: list[int] = []
        self.tag = '"one"'
        self.ranges = True
        self.cut_after = 0
        self.cuts = 0
        self.stall: threading.Event | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def parts_asked(self) -> list[str | None]:
        """The Range header of each request for a file."""
        return [headers.get("range") for path, headers in self.asked if path in self.files]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no news."""


@contextmanager
def site() -> Iterator[Site]:
    """A site that is up for as long as the block."""
    server = Site()
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        if server.stall:
            server.stall.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Answers(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers))
        if self.server.statuses:
            self._head(self.server.statuses.pop(0), {"Content-Length": "0"})
        elif self.path in self.server.redirects:
            there = self.server.redirects[self.path]
            self._head(302, {"Location": there, "Content-Length": "0"} | self.server.headers)
        elif self.path in self.server.files:
            self._file(self.server.files[self.path], headers)
        else:
            self._head(404, {"Content-Length": "0"})

    do_POST = do_GET

    def _file(self, data: bytes, headers: dict[str, str]) -> None:
        start = self._start(headers)
        length = {"Content-Length": str(len(data) - start), "ETag": self.server.tag}
        if start >= len(data) > 0:
            self._head(416, {"Content-Range": f"bytes */{len(data)}", "Content-Length": "0"})
            return
        if start:
            place = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
            self._head(206, length | place)
        else:
            self._head(200, length | self.server.headers)
        self._body(data[start:])

    def _start(self, headers: dict[str, str]) -> int:
        asked = headers.get("range", "")
        same = headers.get("if-range", self.server.tag) == self.server.tag
        if not (self.server.ranges and same and asked.startswith("bytes=")):
            return 0
        return int(asked.removeprefix("bytes=").partition("-")[0])

    def _body(self, data: bytes) -> None:
        if self.server.cuts and self.server.cut_after < len(data):
            self.server.cuts -= 1
            data = data[: self.server.cut_after]
        self.wfile.write(data[:1000])
        self.wfile.flush()
        if self.server.stall:
            self.server.stall.wait(60)
        self.wfile.write(data[1000:])
        self.close_connection = True

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """``asked`` is the log."""
