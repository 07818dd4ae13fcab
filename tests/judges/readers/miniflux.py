"""miniflux, a reader in the browser that keeps articles in PostgreSQL. It reads RSS, Atom and JSON Feed.

Both run only as long as the test does: PostgreSQL with a data folder of its own and no network, from Debian's binaries,
and as nobody where we are root, since it refuses root.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from publisher.judges import JudgeFailed, program
from tests.judges.readers import Entry, names

__all__ = ["Miniflux"]

ADMIN = ("lantern", "keeper of the light")
_PATIENCE = 30


class Miniflux:
    """miniflux with one user, asked by its API."""

    NAME: str = "miniflux"
    FORMATS: tuple[str, ...] = ("rss", "atom", "json")

    def __init__(self, folder: Path, urls: Sequence[str]) -> None:
        with ExitStack() as stack:
            self._api = stack.enter_context(_miniflux(stack, _database(stack)))
            self._ids = {url: self._ask("POST", "feeds", feed_url=url)["feed_id"] for url in urls}
            self._stack = stack.pop_all()

    def poll(self) -> None:
        # Subscribing has asked already, and so does every poll after that.
        for number in self._ids.values():
            self._ask("PUT", f"feeds/{number}/refresh")

    def entries(self, url: str) -> list[Entry]:
        return [_entry(each) for each in self._ask("GET", f"feeds/{self._ids[url]}/entries?limit=1000")["entries"]]

    def key(self, identifier: str) -> str:
        return hashlib.sha256(identifier.encode()).hexdigest()

    def subscribe(self, opml: bytes) -> None:
        """Subscribe to all that an OPML lists."""
        self._api.post("import", content=opml).raise_for_status()
        self._ids = {each["feed_url"]: each["id"] for each in self._ask("GET", "feeds")}

    def followed(self) -> list[str]:
        """Return the URLs of all feeds."""
        return list(self._ids)

    def close(self) -> None:
        self._stack.close()

    def _ask(self, method: str, path: str, **values: str) -> Any:
        answer = self._api.request(method, path, json=values or None)
        assert answer.is_success, f"miniflux: {method} {path}: {answer.text[:500]}"
        return answer.json() if answer.content else None


def _entry(given: dict[str, Any]) -> Entry:
    media = given["enclosures"] or []
    pictures = tuple(each["url"] for each in media if each["mime_type"].startswith("image/"))
    return Entry(
        key=given["hash"],
        title=given["title"],
        link=given["url"],
        authors=names(given["author"]),
        content=given["content"],
        pictures=pictures,
        recordings=tuple(each["url"] for each in media if each["url"] not in pictures),
        tags=tuple(given["tags"] or ()),
        published=datetime.fromisoformat(given["published_at"]),
    )


# -- what runs ------------------------------------------------------------------------------------------------------------


def _database(stack: ExitStack) -> str:
    """Start PostgreSQL and return what programs connect to it with."""
    folder = Path(tempfile.mkdtemp(prefix="readers-"))  # not pytest's, which is closed to others, nor long: a socket has 107 letters
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    data, user = folder / "data", _nobody()
    data.mkdir()
    if user:
        folder.chmod(0o755)
        shutil.chown(folder, **user)
        shutil.chown(data, **user)
    switch: dict[str, Any] = {**user, "extra_groups": []} if user else {}
    begin = [_postgres("initdb"), "-D", str(data), "-U", "miniflux", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"]
    subprocess.run(begin, check=True, stdout=subprocess.DEVNULL, cwd=folder, **switch)
    server = [_postgres("postgres"), "-D", str(data), "-k", str(folder), "-h", "", "-F"]
    _start(stack, server, folder / "log", cwd=folder, **switch)
    return f"user=miniflux dbname=postgres host={folder} sslmode=disable"


def _nobody() -> dict[str, str]:
    """Return as whom to run what refuses root."""
    return {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}


def _postgres(name: str) -> str:
    """Return the path of a program of PostgreSQL: Debian has them beside the path, by version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda each: int(each.parts[4]))
    return str(versions[-1]) if versions else program(name)


def _miniflux(stack: ExitStack, database: str) -> httpx2.Client:
    """Start miniflux and return what asks its API."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{chosen.getsockname()[1]}"
    name, password = ADMIN
    settings = {
        "DATABASE_URL": database,
        "LISTEN_ADDR": address,
        "RUN_MIGRATIONS": "1",
        "CREATE_ADMIN": "1",
        "ADMIN_USERNAME": name,
        "ADMIN_PASSWORD": password,
        "MEDIA_PROXY_MODE": "none",  # else the text shows pictures by way of miniflux
        "DISABLE_SCHEDULER_SERVICE": "1",
        "FETCHER_ALLOW_PRIVATE_NETWORKS": "1",  # versions after Debian 13's ask no machine of one's own unless told
    }
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    end = time.monotonic() + _PATIENCE
    while True:
        # PostgreSQL may not be up yet: then miniflux ends at once, and is started again.
        started = _start(stack, [program("miniflux")], folder / "log", cwd=folder, env={"PATH": os.environ["PATH"], **settings})
        while started.poll() is None:
            if _is_up(f"http://{address}/healthcheck"):
                return httpx2.Client(base_url=f"http://{address}/v1/", auth=ADMIN, timeout=_PATIENCE)
            time.sleep(0.02)
            _give_up(end, folder / "log")
        _give_up(end, folder / "log")


def _give_up(end: float, log: Path) -> None:
    if time.monotonic() > end:
        raise JudgeFailed(f"miniflux does not start: {log.read_text(errors='replace')[-1000:]}")


def _is_up(url: str) -> bool:
    try:
        return httpx2.get(url).is_success
    except httpx2.TransportError:
        return False


def _start(stack: ExitStack, command: Sequence[str], log: Path, **options: Any) -> subprocess.Popen[bytes]:
    output = stack.enter_context(log.open("ab"))
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)
    stack.callback(_stop, running)
    return running


def _stop(running: subprocess.Popen[bytes]) -> None:
    """End a program; PostgreSQL takes SIGINT for the order to end now and leave nothing behind."""
    if running.poll() is None:
        running.send_signal(2)
    try:
        running.wait(timeout=10)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()
