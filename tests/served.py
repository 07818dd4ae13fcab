"""A folder on the web, as a careful server has it: strong ETags, Last-Modified, 304, HEAD; and what it was asked is remembered."""

from __future__ import annotations

import hashlib
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["Question", "Served", "listened", "served"]

TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request, and how it was answered."""

    method: str
    path: str
    headers: dict[str, str]
    """By lower-case name."""
    status: int

    @property
    def is_conditional(self) -> bool:
        """Whether who asked has a copy, and says which."""
        return bool({"if-none-match", "if-modified-since"} & self.headers.keys())


@dataclass
class Served:
    """A folder that is served, or another server that is listened to, and the log of what was asked."""

    folder: Path
    url: str = ""
    """Of the folder, with a slash at its end."""
    behind: str = ""
    """Of the server that answers in truth, if there is one."""
    log: list[Question] = field(default_factory=list)

    def since(self, start: int) -> list[Question]:
        """Return what was asked after the first `start` questions."""
        return self.log[start:]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer(self._found())

    def do_HEAD(self) -> None:
        self._answer(self._found())

    def _found(self) -> Path | None:
        root = self.server.own.folder.resolve()
        path = (root / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
        path = path / "index.html" if path.is_dir() else path
        return path if path.is_relative_to(root) and path.is_file() else None

    def _answer(self, path: Path | None) -> None:
        body = path.read_bytes() if path else b"not found"
        tag, changed = f'"{hashlib.sha256(body).hexdigest()[:32]}"', int(path.stat().st_mtime) if path else 0
        status = 404 if not path else 304 if self._is_known(tag, changed) else 200
        self.send_response(status)
        if path:
            self.send_header("ETag", tag)
            self.send_header("Last-Modified", formatdate(changed, usegmt=True))
        if status != 304:
            kind = path and (TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0])
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
        # Before the answer is on its way, so that the log is whole when the reader is done.
        self._log(status)
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(body)

    def _log(self, status: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.own.log.append(Question(method=self.command, path=self.path, headers=headers, status=status))

    def _is_known(self, tag: str, changed: int) -> bool:
        """Return whether who asks has this already; ETags go before dates (RFC 9110, 13.2.2)."""
        if tags := self.headers["If-None-Match"]:
            return tag in [each.strip().removeprefix("W/") for each in tags.split(",")]
        since = self.headers["If-Modified-Since"]
        return bool(since) and changed <= parsedate_to_datetime(since).timestamp()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    own: Served


class _Passing(_Handler):
    """Asks another server, and hands on what that says as it is."""

    def do_GET(self) -> None:
        self._pass_on()

    def do_HEAD(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        other = HTTPConnection(urlsplit(self.server.own.behind).netloc, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        other.request(self.command, self.path, headers=headers)
        answer = other.getresponse()
        body = answer.read()
        self._log(answer.status)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection", "date", "server"):
                self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        other.close()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve a folder, which need not be there yet, on this machine only."""
    with _running(Served(folder), _Handler) as site:
        yield site


@contextmanager
def listened(url: str) -> Iterator[Served]:
    """Stand in front of another server, and remember what that is asked and how it answers."""
    with _running(Served(Path(), behind=url), _Passing) as site:
        yield site


@contextmanager
def _running(own: Served, handler: type[_Handler]) -> Iterator[Served]:
    server = _Server(("127.0.0.1", 0), handler)
    server.own = own
    own.url = f"http://127.0.0.1:{server.server_address[1]}/"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server.own
    finally:
        server.shutdown()
        server.server_close()
