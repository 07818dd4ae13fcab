"""The network: the one door to it.

What comes in is what a stranger sends: no address of the own machine or network is asked, whatever a name or a redirect says (`guard`),
and no answer is endless. Strangers' servers are asked as they want to be (`manners`), and once for what has not changed since (`kept`).
Everything here is imported only when something is fetched: with its libraries it takes a tenth of a second.
"""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, TypeVar

from publisher.fetch.terms import Bounds, Fetched
from publisher.problems import PublisherError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from publisher.fetch.session import Session

__all__ = ["DOCUMENTS", "MEDIA", "PASSING", "Bounds", "Fetched", "asking", "get", "get_each", "is_url", "media", "media_each", "post"]

Value = TypeVar("Value")
PASSING = frozenset(("fetch-busy", "fetch-failed", "fetch-too-slow"))
"""Codes of what may be otherwise a little later: it says something of the server, and nothing of what it was asked."""


DOCUMENTS = Bounds()
MEDIA = Bounds(size=32_000_000, at_once=4, pause=0)
_DOCUMENTS = "text/html, application/feed+json, application/atom+xml, application/rss+xml, application/epub+zip, */*;q=0.5"
_MEDIA = "image/jpeg, image/png, image/svg+xml, image/*;q=0.8, audio/mpeg, audio/mp4, audio/*;q=0.8, */*;q=0.1"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_url(path: str) -> bool:
    """Return whether this is an address on the web rather than a path."""
    return path.lower().startswith(("http://", "https://"))


def get(url: str, *, private: bool = False, robots: bool = True, cache: bool = True, bounds: Bounds = DOCUMENTS) -> Fetched:
    """Return what is at an address; raise `PublisherError` when that is nothing, too much, too slow, not public or not for programs.

    With `private`, addresses of the own machine and network are asked too. Without `robots`, nobody's robots.txt is read.
    Without `cache`, the server is asked whatever is kept, and nothing is kept.
    """
    with _session(bounds, private=private, robots=robots, cache=cache) as session:
        return _document(session, url)


def media(url: str, *, private: bool = False, robots: bool = True, bounds: Bounds = MEDIA) -> bytes:
    """Return the bytes of the picture or recording at an address, as they are; raise `PublisherError` as `get` does. Nothing is kept."""
    with _session(bounds, private=private, robots=robots, cache=False) as session:
        return _medium(session, url)


def get_each(
    urls: Iterable[str], *, private: bool = False, robots: bool = True, cache: bool = True, bounds: Bounds = DOCUMENTS
) -> Iterator[tuple[str, Fetched | PublisherError]]:
    """Yield each address with what is there, or with why it cannot be had, in the order of the addresses.

    Several are asked at once, but never more than `bounds.together` beyond the one that was taken last.
    """
    with _session(bounds, private=private, robots=robots, cache=cache) as session:
        yield from _each(session, _document, urls, bounds.together)


def media_each(
    urls: Iterable[str], *, private: bool = False, robots: bool = True, bounds: Bounds = MEDIA
) -> Iterator[tuple[str, bytes | PublisherError]]:
    """Yield each address with the bytes of the picture or recording there, or with why it cannot be had, as `get_each` does."""
    with _session(bounds, private=private, robots=robots, cache=False) as session:
        yield from _each(session, _medium, urls, bounds.together)


@contextmanager
def asking(
    *, private: bool = False, robots: bool = True, cache: bool = True, bounds: Bounds = DOCUMENTS
) -> Iterator[Callable[[str], Fetched]]:
    """Give a `get` that several threads may use, for addresses that are not known from the start: all share one set of manners."""
    with _session(bounds, private=private, robots=robots, cache=cache) as session:
        try:
            yield partial(_document, session)
        finally:
            session.stop()


def post(
    url: str,
    body: bytes,
    media_type: str,
    *,
    private: bool = False,
    bounds: Bounds = DOCUMENTS,
    pauses: Iterable[float] = (1, 4, 16),
    wait: Callable[[float], None] = sleep,
) -> Fetched:
    """Post bytes to an address and return the answer; raise `PublisherError` when it is no success (2xx, RFC 9110, 15.3).

    A server that is busy or does not answer is asked again after each of `pauses`, in seconds.
    """
    with _session(bounds, private=private, robots=False, cache=False) as session:
        for pause in pauses:
            try:
                return session.send(url, body, media_type)
            except PublisherError as error:
                if error.problems[0].code not in PASSING:
                    raise
            wait(pause)
        return session.send(url, body, media_type)


def _session(bounds: Bounds, *, private: bool, robots: bool, cache: bool) -> Session:
    from publisher.fetch.session import Session

    return Session(bounds, private=private, robots=robots, cache=cache)


def _document(session: Session, url: str) -> Fetched:
    found, parameters = session.ask(url, _DOCUMENTS)
    return replace(found, body=_in_utf_8(found.body, parameters))


def _medium(session: Session, url: str) -> bytes:
    return session.ask(url, _MEDIA)[0].body


def _each(
    session: Session, one: Callable[[Session, str], Value], urls: Iterable[str], together: int
) -> Iterator[tuple[str, Value | PublisherError]]:
    asked: deque[tuple[str, Future[Value | PublisherError]]] = deque()
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(together)
    try:
        for url in urls:
            asked.append((url, pool.submit(_tried, session, one, url)))
            if len(asked) >= together:
                yield _first(asked)
        while asked:
            yield _first(asked)
    finally:
        session.stop()  # nobody waits for what nobody takes any more
        pool.shutdown(cancel_futures=True)


def _first(asked: deque[tuple[str, Future[Value | PublisherError]]]) -> tuple[str, Value | PublisherError]:
    url, future = asked.popleft()
    return url, future.result()


def _tried(session: Session, one: Callable[[Session, str], Value], url: str) -> Value | PublisherError:
    try:
        return one(session, url)
    except PublisherError as error:
        return error


def _in_utf_8(body: bytes, parameters: str) -> bytes:
    """Return a document in the encoding of its header as UTF-8; its byte order mark goes before that (HTML, 13.2.3.2)."""
    from webencodings import lookup

    names = (each.partition("=")[2].strip(" \"'") for each in parameters.split(";") if each.strip().lower().startswith("charset="))
    found = lookup(next(names, ""))
    if found is None or found.name in ("utf-8", "replacement") or body.startswith(_MARKS):
        return body
    return codecs.BOM_UTF8 + found.codec_info.decode(body, "replace")[0].encode("utf-8", "replace")
