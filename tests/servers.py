"""Real servers on this machine, that answer as a test tells them to and remember what they were asked."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Answer", "Asked", "Server", "answer", "serving"]

Answer = Callable[["Asked"], None]
"""Writes one answer."""


class Asked(BaseHTTPRequestHandler):
    """One question, and the means to answer it."""

    protocol_version = "HTTP/1.1"
    server_version = "Lantern"
    sys_version = ""
    server: _Running

    def do_GET(self) -> None:
        own = self.server.own
        with own.lock:
            own.asked.append((self.path, dict(self.headers.items()), time.monotonic()))
            own.now += 1
            own.most = max(own.most, own.now)
        try:
            with suppress(ConnectionError):  # who asked has heard enough
                own.answers.get(self.path.partition("?")[0], answer(b"nothing", 404))(self)
        finally:
            with own.lock:
                own.now -= 1

    def head(self, status: int = 200, /, **headers: str) -> None:
        """Write status and headers; the connection ends with the body when they do not say how long that is."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers and "Transfer_Encoding" not in headers:
            self.send_header("Connection", "close")
        self.end_headers()

    def write(self, body: bytes) -> None:
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class _Running(ThreadingHTTPServer):
    daemon_threads = True
    own: Server

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # the client has hung up; what that means is for the test to say


@dataclass
class Server:
    """What one server answers, by path, and what it was asked."""

    answers: dict[str, Answer]
    port: int = 0
    scheme: str = "http"
    asked: list[tuple[str, dict[str, str], float]] = field(default_factory=list)
    """Path, headers, moment."""
    now: int = 0
    most: int = 0
    """How many questions there were at once."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the URL of a path."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, but for robots.txt."""
        return [path for path, _, _ in self.asked if path != "/robots.txt"]

    def headers(self, path: str) -> dict[str, str]:
        """Return with which headers a path was asked for last."""
        return next(headers for asked, headers, _ in reversed(self.asked) if asked == path)

    def moments(self, *paths: str) -> list[float]:
        return [moment for path, _, moment in self.asked if path in paths or not paths]


def answer(body: bytes = b"", status: int = 200, /, **headers: str) -> Answer:
    """Return what answers with a body of known length."""

    def write(asked: Asked) -> None:
        asked.head(status, **{"Content_Length": str(len(body)), **headers})
        asked.write(body)

    return write


@contextmanager
def serving(answers: dict[str, Answer], context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server on all addresses of this machine."""
    running = _Running(("0.0.0.0", 0), Asked)
    if context:
        running.socket = context.wrap_socket(running.socket, server_side=True, do_handshake_on_connect=False)
    running.own = Server(answers, running.server_address[1], "https" if context else "http")
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield running.own
    finally:
        running.shutdown()
        running.server_close()
