"""Real services on this machine that want to be told of news: a WebSub hub with a subscriber (Flask-WebSub), IndexNow, an rssCloud server.

The latter two have no package; they ask back as their specifications say, and answer as the real ones do.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import urlopen

from celery import Celery
from flask import Flask
from flask_websub.hub import Hub, SQLite3HubStorage
from flask_websub.subscriber import SQLite3SubscriberStorage, SQLite3TempSubscriberStorage, Subscriber, discover
from werkzeug.serving import make_server

__all__ = ["Cloud", "Index", "Readers", "cloud", "index", "readers", "site"]


# -- the site ---------------------------------------------------------------------------------------------------------------


@contextmanager
def site(folder: Path, hub: str = "") -> Iterator[str]:
    """Serve a folder, feeds with the links that a hub looks for (WebSub, 4); yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = folder / unquote(urlsplit(self.path).path.lstrip("/") or "index.html")
            body = path.read_bytes() if path.is_file() else b"nothing"
            self.send_response(200 if path.is_file() else 404)
            self.send_header("Content-Length", str(len(body)))
            if path.suffix in (".atom", ".rss", ".json") and hub:
                own = f"http://127.0.0.1:{running.server_port}{self.path}"
                self.send_header("Link", f'<{hub}>; rel="hub", <{own}>; rel="self"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with _running(running):
        yield f"http://127.0.0.1:{running.server_port}/"


@contextmanager
def _running(server: Any) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# -- WebSub -----------------------------------------------------------------------------------------------------------------


@dataclass
class Readers:
    """A hub, and somebody who subscribes through it."""

    app: Flask
    subscriber: Any
    url: str = ""
    received: list[tuple[str, bytes]] = field(default_factory=list)
    """Topic and what came."""

    @property
    def hub(self) -> str:
        """The hub's URL."""
        return f"{self.url}/hub"

    def subscribe(self, feed: str) -> None:
        """Find the hub of a feed, and ask it for news."""
        with self.app.test_request_context(base_url=self.url):
            self.subscriber.subscribe(**discover(feed))


@contextmanager
def readers(folder: Path) -> Iterator[Readers]:
    """Run a hub and a subscriber."""
    app = Flask(__name__)
    app.config["PUBLISH_SUPPORTED"] = True
    celery = Celery(broker_url="memory://", task_always_eager=True)
    hub = Hub(SQLite3HubStorage(str(folder / "hub.sqlite")), celery)
    subscriber = Subscriber(SQLite3SubscriberStorage(str(folder / "s.sqlite")), SQLite3TempSubscriberStorage(str(folder / "t.sqlite")))
    app.register_blueprint(hub.build_blueprint("/hub"))
    app.register_blueprint(subscriber.build_blueprint("/callbacks"))
    found = Readers(app, subscriber)
    subscriber.add_listener(lambda topic, _, body: found.received.append((topic, body)))
    running = make_server("127.0.0.1", 0, app, threaded=True)
    found.url = f"http://127.0.0.1:{running.server_port}"
    with _running(running):
        yield found


# -- IndexNow ---------------------------------------------------------------------------------------------------------------


@dataclass
class Index:
    """A search engine that takes part in IndexNow."""

    url: str = ""
    urls: list[str] = field(default_factory=list)
    """What it was told of."""
    busy: int = 0
    """How many questions it answers with 503 before it has time."""


@contextmanager
def index() -> Iterator[Index]:
    """Run a search engine that looks at the key as the documentation says."""
    found = Index()

    class Handler(_Post):
        def reply(self, body: bytes) -> tuple[int, bytes]:
            if found.busy:
                found.busy -= 1
                return 503, b""
            if self.headers["Content-Type"] != "application/json; charset=utf-8":
                return 400, b""
            return self.taken(json.loads(body))

        def taken(self, said: dict[str, Any]) -> tuple[int, bytes]:
            key, place, urls = said["key"], said["keyLocation"], said["urlList"]
            folder = place.rpartition("/")[0] + "/"
            if not re.fullmatch(r"[A-Za-z0-9-]{8,128}", key) or not 0 < len(urls) <= 10_000:
                return 422, b""
            if any(urlsplit(each).netloc != said["host"] or not each.startswith(folder) for each in urls):
                return 422, b""
            with urlopen(place) as answer:
                if answer.read().decode() != key:
                    return 403, b""
            found.urls += urls
            return 202, b""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{running.server_port}/indexnow"
    with _running(running):
        yield found


class _Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        status, body = self.reply(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reply(self, body: bytes) -> tuple[int, bytes]:
        raise NotImplementedError

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


# -- rssCloud ---------------------------------------------------------------------------------------------------------------


@dataclass
class Cloud:
    """An rssCloud server."""

    url: str = ""
    feeds: dict[str, bytes] = field(default_factory=dict)
    """What it has read, by address."""


@contextmanager
def cloud() -> Iterator[Cloud]:
    """Run a cloud that reads each feed that it is told of, and believes it only when that has changed."""
    found = Cloud()

    class Handler(_Post):
        def reply(self, body: bytes) -> tuple[int, bytes]:
            (url,) = parse_qs(body.decode())["url"]
            with urlopen(url) as answer:
                now = answer.read()
            if self.path != "/ping" or found.feeds.get(url) == now:
                return 200, b'<?xml version="1.0"?><result success="false" msg="The feed has not changed."/>'
            found.feeds[url] = now
            return 200, b'<?xml version="1.0"?><result success="true" msg="Thanks for the ping."/>'

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{running.server_port}/pleaseNotify"
    with _running(running):
        yield found
