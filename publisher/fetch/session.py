"""One address after another asked, each to its end: redirects, what the server says, the body within its bounds."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache
from importlib import metadata
from types import TracebackType

import ada_url
import httpcore2
import httpx2

from publisher.fetch.guard import Guard, Transport
from publisher.fetch.kept import Kept, length_of
from publisher.fetch.manners import TOKEN, Polite, Robots
from publisher.fetch.terms import Bounds, Fetched
from publisher.problems import PublisherError, Severity, problem

__all__ = ["Session"]

_MEANT = (301, 302, 303, 307, 308)
_LONGEST_URL = 8000
"""Characters: what every server has to take (RFC 9110, 4.1)."""
_UNPACKED = frozenset(("gzip", "deflate", "br", "identity"))
_ALWAYS = 2**20
"""Bytes that an answer may unpack to, however small it is."""
_SHORT = 2**14
"""Bytes of a body that are read even if nobody wants it."""
_BROKEN = (
    httpx2.HTTPError,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
    httpcore2.ConnectionNotAvailable,
)
_BRACKETS = re.compile(r"^\[[^\]]*\] ?|(?:(?<!\s)\s++)?\(_ssl\.c:\d+\)$")


class Session:
    """Connections, manners and kept answers of one run; `ask` can be called from several threads."""

    def __init__(self, bounds: Bounds, *, private: bool, robots: bool, cache: bool) -> None:
        self._bounds, self._checked = bounds, robots
        self._guard = Guard(private=private)
        transport = Transport(self._guard, most=4 * bounds.together)
        self._polite = Polite(transport, bounds, Robots(self._robots_of))
        self._kept = Kept(self._polite, private=private, freshness=bounds.freshness) if cache else None

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        (self._kept or self._polite).close()

    def stop(self) -> None:
        """Let no thread wait for an answer any longer."""
        self._polite.stop()
        self._guard.hang_up()

    def ask(self, url: str, accept: str) -> tuple[Fetched, str]:
        """Return an answer, and the parameters of its media type; raise `PublisherError` when there is none that can be taken."""
        try:
            final, answer, body = self._followed(_address(url), accept, robots=self._checked)
        except PublisherError as error:
            raise error.at(url) from None
        if answer.status_code != 200:
            raise _refused(answer).at(url)
        kind, _, parameters = answer.headers.get("content-type", "").partition(";")
        return Fetched(url=final, media_type=kind.strip().lower(), body=body), parameters

    def send(self, url: str, body: bytes, media_type: str) -> Fetched:
        """Post bytes to an address and return the answer, whatever its status says of success (2xx); raise `PublisherError` else.

        Redirects are not followed: who moves has to say so to the person who has written the address down.
        """
        try:
            url = _address(url)
            answer, said = self._tried(url, "*/*", robots=False, body=body, media_type=media_type)
        except PublisherError as error:
            raise error.at(url) from None
        if not answer.is_success:
            raise _unwelcome(answer).at(url)
        return Fetched(url=url, media_type=answer.headers.get("content-type", "").partition(";")[0].strip().lower(), body=said)

    def _robots_of(self, url: str) -> tuple[int, bytes]:
        _, answer, body = self._followed(url, "text/plain, */*;q=0.5", robots=False)
        return answer.status_code, body

    def _followed(self, url: str, accept: str, *, robots: bool) -> tuple[str, httpx2.Response, bytes]:
        """Return the address that redirects lead to, its answer and, where that is one, its body."""
        seen = []
        while url not in seen:
            seen.append(url)
            answer, body = self._tried(url, accept, robots=robots)
            if answer.status_code not in _MEANT or not answer.headers.get("location"):
                return url, answer, body
            if len(seen) > self._bounds.redirects:
                raise _failed("fetch-redirects", f"there are more than {self._bounds.redirects} redirects", "check the address")
            url = _address(answer.headers["location"], url)
        raise _failed("fetch-redirects", "the redirects go round in a circle", "open the address in a browser, and give the one it ends at")

    def _tried(
        self, url: str, accept: str, *, robots: bool, body: bytes | None = None, media_type: str = ""
    ) -> tuple[httpx2.Response, bytes]:
        """Return an answer and its body, from the disk where it is kept; with `body`, the answer to that."""
        try:
            request = self._request(url, accept, robots=robots, body=body, media_type=media_type)
            return self._read((self._kept or self._polite).handle_request(request))
        except (httpx2.ConnectTimeout, httpcore2.ConnectTimeout):
            raise _failed("fetch-failed", f"nothing answers within {self._bounds.patience} s", _CHECK) from None
        except (httpx2.TimeoutException, httpcore2.TimeoutException):
            raise _failed("fetch-too-slow", "the answer does not come, or takes too long", "try again later") from None
        except _BROKEN as error:
            raise _failed("fetch-failed", f"the address cannot be read: {_reason(error)}", _CHECK) from None

    def _request(self, url: str, accept: str, *, robots: bool, body: bytes | None, media_type: str) -> httpx2.Request:
        headers = {"User-Agent": agent(), "Accept": accept, "Accept-Encoding": "gzip, deflate, br"}
        headers |= {"Content-Type": media_type} if body is not None else {}
        patience = self._bounds.patience
        timeouts = {"connect": patience, "read": patience, "write": patience, "pool": self._bounds.longest}
        try:
            method = "GET" if body is None else "POST"
            return httpx2.Request(method, url, headers=headers, content=body, extensions={"timeout": timeouts, "robots": robots})
        except (httpx2.InvalidURL, ValueError):
            raise _no_address() from None

    def _read(self, answer: httpx2.Response) -> tuple[httpx2.Response, bytes]:
        """Return the answer with its body, empty where it is none that anybody wants."""
        with closing(answer):
            if answer.status_code == 200:
                return answer, b"".join(self._limited(answer))
            if _is_short(answer):
                with suppress(*_BROKEN):
                    deque(answer.iter_raw(), maxlen=0)
            return answer, b""

    def _limited(self, answer: httpx2.Response) -> Iterator[bytes]:
        """Yield the body unpacked, in parts of at most a megabyte; raise `PublisherError` when it becomes too large."""
        packed = {each.lower() for each in answer.headers.get_list("content-encoding", split_commas=True)}
        if unknown := sorted(packed - _UNPACKED - {""}):
            raise _failed(
                "fetch-failed", f"the answer is packed as {unknown[0]!r}, which nobody asked for", "fetch it with another program"
            )
        size, most = 0, self._bounds.size
        if (length_of(answer) or 0) > most:
            raise _too_large(f"the answer is larger than {_megabytes(most)} MB")
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > max(_ALWAYS, self._bounds.ratio * answer.num_bytes_downloaded):
                raise _too_large(f"the answer unpacks to more than {self._bounds.ratio} times its size")
            if size > most:
                raise _too_large(f"the answer is larger than {_megabytes(most)} MB")
            yield chunk


def _is_short(answer: httpx2.Response) -> bool:
    """Return whether reading a body is worth it: the connection can be used again, and a redirect be kept."""
    length = length_of(answer)
    return length is not None and length <= _SHORT


_CHECK = "check the address, and that the server runs"


@cache
def agent() -> str:
    """Return who we say that we are (RFC 9110, 10.1.5), with the page of the project where it has one."""
    try:
        found = metadata.metadata("publisher")
    except metadata.PackageNotFoundError:
        return TOKEN
    pages = (each.partition(",")[2].strip() for each in found.get_all("Project-URL") or ())
    page = next(pages, "")
    return f"{TOKEN}/{found['Version']}" + (f" (+{page})" if page else "")


def _address(reference: str, base: str = "") -> str:
    """Return an address as browsers read it, without user name, password and fragment; raise `PublisherError` when it is none to ask."""
    try:
        url = ada_url.URL(reference, base) if base else ada_url.URL(reference)
        if url.protocol not in ("http:", "https:"):
            if not base:
                raise _no_address()
            raise _failed("fetch-failed", f"the server leads to an address of {url.protocol} that is not on the web", "check the address")
        url.username = url.password = url.hash = ""
    except ValueError:
        raise _no_address() from None
    if len(url.href) > _LONGEST_URL:
        raise _no_address()
    return str(url.href)


def _no_address() -> PublisherError:
    return _failed("fetch-failed", "this is no address that can be asked", "write it in full, with https://")


def _failed(code: str, message: str, hint: str) -> PublisherError:
    return PublisherError(problem(code, Severity.ERROR, message, hint=hint))


def _too_large(message: str) -> PublisherError:
    return _failed("fetch-too-large", message, "fetch it with another program, or set a larger `file` in [limits] of publisher.toml")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.3g}"


def _refused(answer: httpx2.Response) -> PublisherError:
    hint = "try again later" if answer.status_code in (429, 503) else "check the address"
    return _failed("fetch-refused", f"the server answers {answer.status_code} {answer.reason_phrase}".rstrip(), hint)


def _unwelcome(answer: httpx2.Response) -> PublisherError:
    """Return why what was posted was not taken: `fetch-busy` when it may be tried again."""
    said = f"the server answers {answer.status_code} {answer.reason_phrase}".rstrip()
    if answer.status_code in _MEANT and (where := answer.headers.get("location")):
        return _failed("fetch-refused", f"{said}, and has moved to {where}", "write the new address")
    if answer.status_code >= 500 or answer.status_code in (408, 425, 429):
        return _failed("fetch-busy", said, "try again later")
    return _failed("fetch-refused", said, "check the address, and what the server wants")


def _reason(error: Exception) -> str:
    """Return what went wrong in its own words, without numbers that say nothing to people."""
    return _BRACKETS.sub("", str(error)).rstrip(".") or type(error).__name__
