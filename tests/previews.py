"""A preview of a small publication, served for real, and what asks it: a client, and a socket that can say anything."""

from __future__ import annotations

import queue
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from publisher.server import hosts, running
from publisher.server.store import Edition, Made, Store
from publisher.server.workshop import Order
from tests.forks import import_everything

__all__ = ["ROOT", "Served", "publication", "served"]

ROOT = Path(__file__).parent.parent
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Knows nobody and is not asked: else each client would read all certificates that are trusted, a fifth of the time of these tests."""
TOML = """[publication]
name = "The Lantern"
url = "https://lantern.example/"
description = "A small newspaper."
language = "en"
since = "2026"
image = "media/logo.png"
sections = ["Harbour"]

[publisher]
name = "The Lantern Press"
logo = { src = "media/logo.png", alt = "A lantern" }

[feeds]
hub = "https://hub.lantern.example/"
"""
FERRY = """---
title: The ferry
date: 2026-01-02
author: Ada Byron
section: Harbour
description: It sailed.
tags: [boats, harbour]
image: media/quay.jpg
image_alt: The quay
audio: media/six-bells.mp3
---
It sailed, as [the bells](bells.md) rang. See [the list](https://lantern.example/media/readings.csv).
"""
BELLS = "---\ntitle: The bells\ndate: 2026-01-03\nauthor: Ada Byron\ndescription: They rang.\n---\nThey rang.\n"
BIDDEN = "---\ntitle: Éire’s ‘lamp’\nurl: https://lantern.example/2026/lamp/\ndate: 2026-01-04\nauthor: Ines Vega\ndescription: It shone.\n---\nIt shone.\n"
MEDIA = {"logo.png": "logo.png", "quay.jpg": "harbour.jpg", "six-bells.mp3": "six-bells.mp3", "readings.csv": "readings.csv"}


def publication(folder: Path) -> Path:
    """Write the sources of a publication with three articles, a picture, a recording and a table; return the folder."""
    (folder / "media").mkdir(parents=True)
    for name, original in MEDIA.items():
        shutil.copy(ROOT / "seeds/media" / original, folder / "media" / name)
    for name, text in {"publisher.toml": TOML, "ferry.md": FERRY, "bells.md": BELLS, "lamp.md": BIDDEN}.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@dataclass
class Served:
    """A preview that is up."""

    folder: Path
    port: int
    builds: queue.Queue[Made] = field(default_factory=queue.Queue)
    defects: list[Exception] = field(default_factory=list)
    spoiled: list[Exception] = field(default_factory=list)
    """What is raised by who is told of the next builds."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def get(self, path: str = "", method: str = "GET", **headers: str) -> httpx2.Response:
        """Ask for a path, without saying of ourselves which encodings we take."""
        sent = {"accept-encoding": "identity", **{name.replace("_", "-"): value for name, value in headers.items()}}
        with httpx2.Client(trust_env=False, timeout=30, verify=PLAIN) as client:
            return client.request(method, f"{self.base}{path}", headers=sent)

    def say(self, *said: bytes) -> bytes:
        """Send bytes as they are; return all that comes back until the server ends the connection, or has said nothing for a while."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(b"".join(said))
            connection.settimeout(1.5)
            heard = b""
            try:
                while got := connection.recv(65536):
                    heard += got
            except (TimeoutError, ConnectionResetError):
                pass
            return heard

    def ask(self, target: bytes, *headers: bytes, host: bytes = b"127.0.0.1") -> bytes:
        """Return the raw answer to a request for a target as it is spelled."""
        lines = [b"GET " + target + b" HTTP/1.1", b"Host: " + host, b"Connection: close", *headers]
        return self.say(b"\r\n".join(lines) + b"\r\n\r\n")

    def built(self, about: str = "all", seconds: float = 60) -> Made:
        """Return the next thing that a build has given."""
        while True:
            made = self.builds.get(timeout=seconds)
            if made.about == about:
                return made


@contextmanager
def served(folder: Path, *, wait: bool = True, drafts: bool = False) -> Iterator[Served]:
    """Serve the publication in a folder, on a port that is free."""
    import_everything()  # builders are forks where the system has these
    stop = threading.Event()
    with TemporaryDirectory() as store, running.builder() as builder, closing(hosts.bound(0)) as listening:
        up = Served(folder, listening.getsockname()[1])

        def made(each: Made, former: Edition | None) -> None:
            up.builds.put(each)
            if up.spoiled:
                raise up.spoiled.pop()

        order = Order(sources=(str(folder),), base=up.base, store=Store(Path(store)), today=date(2026, 11, 27), drafts=drafts)
        listener = running.Listener(made, up.defects.append)
        server = threading.Thread(target=running.run, args=(order, listening, builder, listener, stop))
        server.start()
        try:
            if wait:
                up.built()
                up.built("more")
            yield up
        finally:
            stop.set()
            server.join(20)
    assert up.defects == []
    assert not server.is_alive()
