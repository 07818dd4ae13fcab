"""How strangers' servers are asked: what their robots.txt allows, few at once, and later when they say so.

RFC 9309 (https://www.rfc-editor.org/rfc/rfc9309, read 2026-11-26), with Protego for the rules themselves. Its robots.txt is asked once for
each scheme, host and port. `Crawl-delay` is no part of the RFC, but what its author wants. A robots.txt that cannot be reached because
nothing of the server can be is told as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from threading import BoundedSemaphore, Event, Lock
from time import monotonic
from typing import TYPE_CHECKING

import httpx2

from publisher.fetch.guard import until
from publisher.fetch.terms import Bounds
from publisher.problems import PublisherError, Severity, problem

if TYPE_CHECKING:
    from protego import Protego


__all__ = ["ROBOTS", "TOKEN", "Polite", "Robots"]

TOKEN = "Publisher"  # noqa: S105 # RFC 9309 calls it so
"""Our name in a robots.txt (RFC 9309, 2.2.1)."""
ROBOTS = "/robots.txt"
_SPEC = "https://www.rfc-editor.org/rfc/rfc9309#name-access-results"
_PARSED = 500 * 2**10
"""Bytes of a robots.txt that count (RFC 9309, 2.5)."""
_BUSY = (429, 503)


class Polite(httpx2.BaseTransport):
    """Asks for one address after another, as its server wants to be asked."""

    def __init__(self, transport: httpx2.BaseTransport, bounds: Bounds, robots: Robots | None) -> None:
        self._transport, self._bounds, self._robots = transport, bounds, robots
        self._hosts: dict[str, _Host] = {}
        self._lock = Lock()
        self._stopped = Event()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer, asked for a second time when the server says soon when; raise `PublisherError` when robots may not ask."""
        delay = self._bounds.pause
        if request.extensions.get("robots") and self._robots:
            delay = max(delay, min(self._robots.delay(request.url), self._bounds.crawl_delay))
        host = self._host(request.url)
        answer = self._ask(request, host, delay)
        wait = _waiting(answer)
        if wait is None or wait > self._bounds.retry_after:
            return answer
        answer.close()
        host.hold(wait)
        return self._ask(request, host, delay)

    def _host(self, url: httpx2.URL) -> _Host:
        with self._lock:
            return self._hosts.setdefault(url.host, _Host(self._bounds.at_once, self._stopped))

    def _ask(self, request: httpx2.Request, host: _Host, delay: float) -> httpx2.Response:
        host.enter(delay)
        try:
            until(monotonic() + self._bounds.longest)
            answer = self._transport.handle_request(request)
        except BaseException:
            host.leave()
            raise
        answer.stream = _Released(answer, host.leave)
        return answer

    def stop(self) -> None:
        """Let nobody wait any longer."""
        self._stopped.set()

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()


class _Released(httpx2.SyncByteStream):
    """A body that tells once when nobody reads it any more."""

    def __init__(self, answer: httpx2.Response, release: Callable[[], None]) -> None:
        self._stream, self._release, self._lock = answer.stream, release, Lock()

    def __iter__(self) -> Iterator[bytes]:
        assert isinstance(self._stream, httpx2.SyncByteStream)
        yield from self._stream

    def close(self) -> None:
        assert isinstance(self._stream, httpx2.SyncByteStream)
        if self._lock.acquire(blocking=False):
            try:
                self._stream.close()
            finally:
                self._release()


class _Host:
    """How many are asking one host, and when it may be asked next."""

    def __init__(self, at_once: int, stopped: Event) -> None:
        self._room, self._stopped = BoundedSemaphore(at_once), stopped
        self._lock, self._next = Lock(), 0.0

    def enter(self, pause: float) -> None:
        """Wait until the host may be asked; the next one waits `pause` seconds more."""
        self._room.acquire()
        with self._lock:
            start = max(monotonic(), self._next)
            self._next = start + pause
        if self._stopped.wait(max(0, start - monotonic())):
            self.leave()
            raise PublisherError(problem("fetch-failed", Severity.ERROR, "stopped", hint="ask again"))

    def leave(self) -> None:
        self._room.release()

    def hold(self, seconds: float) -> None:
        """Let nobody ask the host for so many seconds."""
        with self._lock:
            self._next = max(self._next, monotonic() + seconds)


def _waiting(answer: httpx2.Response) -> float | None:
    """Return after how many seconds a busy server wants to be asked again, or `None` when it does not say (RFC 9110, 10.2.3)."""
    said = answer.headers.get("retry-after", "").strip() if answer.status_code in _BUSY else ""
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:  # by the clock of the server
        return max(0.0, (parsedate_to_datetime(said) - parsedate_to_datetime(answer.headers.get("date", ""))).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one robots.txt says; with neither rules nor refusal everything is allowed."""

    parsed: Protego | None = None
    refusal: PublisherError | None = None


class Robots:
    """The robots.txt of every server that is asked, each asked for once."""

    def __init__(self, ask: Callable[[str], tuple[int, bytes]]) -> None:
        self._ask = ask
        """Returns status and body; raises `PublisherError` when there are none."""
        self._known: dict[str, _Rules] = {}
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()

    def delay(self, url: httpx2.URL) -> float:
        """Return how many seconds the server wants between two requests; raise `PublisherError` when it wants none for this address."""
        if url.path == ROBOTS:
            return 0
        rules = self._rules(f"{url.scheme}://{url.netloc.decode('ascii')}")
        if rules.refusal:
            raise PublisherError(*rules.refusal.problems)
        if rules.parsed is None:
            return 0
        if not rules.parsed.can_fetch(str(url), TOKEN):
            raise _refused("the server's robots.txt asks programs not to fetch this address")
        return rules.parsed.crawl_delay(TOKEN) or 0

    def _rules(self, origin: str) -> _Rules:
        with self._lock:
            own = self._locks.setdefault(origin, Lock())
        with own:  # who comes second waits for the answer to the first
            if origin not in self._known:
                self._known[origin] = self._read(origin)
            return self._known[origin]

    def _read(self, origin: str) -> _Rules:
        try:
            status, body = self._ask(origin + ROBOTS)
        except PublisherError as error:
            lost = error.problems[0].code == "fetch-redirects"  # "unavailable" too: RFC 9309, 2.3.1.2
            return _Rules() if lost else _Rules(refusal=error)
        if status >= 500:
            return _Rules(refusal=_refused(f"the server answers {status} for its robots.txt, so that nobody knows what it allows"))
        if status != 200:
            return _Rules()  # "unavailable": RFC 9309, 2.3.1.3
        from protego import Protego

        return _Rules(parsed=Protego.parse(body[:_PARSED].decode("utf-8-sig", "replace")))


def _refused(message: str) -> PublisherError:
    hint = "ask who runs the server, or use --ignore-robots when you may fetch it all the same"
    return PublisherError(problem("fetch-robots", Severity.ERROR, message, hint=hint, spec=_SPEC))
