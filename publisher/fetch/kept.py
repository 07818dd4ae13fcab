"""Answers kept on the disk, so that a server says once what has not changed since (RFC 9111, by hishel).

An answer is used without asking for as long as its server says, at most a day, and after that when the server says that it is the same
(`ETag`, `Last-Modified`). hishel would guess how long where a server says nothing; we ask. What came from the own network is kept apart:
it is for those who ask for that network.

Everything is in one file of SQLite, in the folder that `PUBLISHER_CACHE` names, else in the user's folder for such things. The oldest goes
when there is too much. A file that is damaged is taken away, and one that cannot be written is done without.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email.utils import formatdate, parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

import httpx2
from hishel import CacheOptions, CacheStatus, SqliteStorage
from hishel.httpx2 import CacheTransport

__all__ = ["Kept", "folder", "length_of"]

_DAMAGE = (sqlite3.Error, RuntimeError)
"""What hishel raises when it reads a damaged file."""
_DIGEST = "Publisher-Digest"
"""Header of what is kept, with the SHA-256 of its bytes: SQLite does not notice when those of a value are others."""
_MOST = 256 * 2**20
"""Bytes of all answers."""
_LARGEST = 16 * 2**20
"""Bytes of one answer."""
_UNUSED = 30 * 86400
"""Seconds after which goes what nobody has asked for."""
_IN_USE = 180
"""Seconds for which what was asked for does not go: who reads it may not be at its end."""
_PATIENCE = 2
"""Seconds to wait for another program that has locked the file."""
_RULES = CacheOptions(shared=False, supported_methods=["GET"], allow_stale=False)
_MAX_AGE = re.compile(r"""(?:^|[\s,])max-age\s*=\s*"?(\d+)""", re.IGNORECASE)
_AGES = re.compile(r"""(?:^|,)\s*(?:max-age|s-maxage|stale-while-revalidate|stale-if-error)\s*=[^,]*""", re.IGNORECASE)


def folder() -> Path:
    """Return the folder of the answers."""
    if named := os.environ.get("PUBLISHER_CACHE"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("publisher", appauthor=False)


class Kept(httpx2.BaseTransport):
    """Answers from the disk where they may be used, else from the network."""

    def __init__(self, transport: httpx2.BaseTransport, *, private: bool, freshness: int) -> None:
        self._path = folder() / ("private.db" if private else "public.db")
        self._transport = _Dated(transport, freshness)
        self._through: httpx2.BaseTransport = transport
        self._ear, self._spoilt = _Ear(), False
        self._connection = _opened(self._path)
        if self._connection:
            logging.getLogger("hishel").addHandler(self._ear)
            self._through = CacheTransport(self._transport, _storage(self._connection), rfc=_RULES)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer to a request; from the network, when what is kept of it is damaged."""
        try:
            return _proved(self._through.handle_request(request))
        except _DAMAGE:
            self._spoilt = True
            return self._transport.handle_request(request)

    def close(self) -> None:
        """Close the file, and take it away when it is damaged."""
        logging.getLogger("hishel").removeHandler(self._ear)
        damaged = self._spoilt or bool(self._connection and self._ear.heard and not _is_whole(self._connection))
        self._through.close()
        if damaged:
            _take_away(self._path)


class _Ear(logging.Handler):
    """Hears what hishel only writes into its log, where nobody who runs a program wants to read it: that a file is damaged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard = False

    def emit(self, record: logging.LogRecord) -> None:
        self.heard = True


class _Dated(httpx2.BaseTransport):
    """Says with each answer for how long it may be used without asking, by our clock; what a server says can be too long, or nothing.

    hishel (2.0.0) takes an answer without `Date` for new as long as it keeps it, and does not look at `Age`.
    """

    def __init__(self, transport: httpx2.BaseTransport, freshness: int) -> None:
        self._transport, self._freshness = transport, freshness

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = self._transport.handle_request(request)
        try:
            _date(answer, self._freshness)
            return _sealed(answer) if answer.status_code == 200 else answer
        except BaseException:
            answer.close()
            raise

    def close(self) -> None:
        self._transport.close()


def _date(answer: httpx2.Response, most: int) -> None:
    said = answer.headers.get("cache-control", "")
    lifetime = _lifetime(answer, said)
    if lifetime is not None:
        fresh = max(0, min(lifetime, most) - _seconds(answer.headers.get("age")))
        answer.headers["cache-control"] = ", ".join(filter(None, [_AGES.sub("", said).strip(", "), f"max-age={fresh}"]))
    elif answer.status_code != 304:  # which leaves as it is what was said before
        answer.headers["cache-control"] = f"{said}, no-cache".lstrip(", ")
    answer.headers.pop("expires", None)
    answer.headers["date"] = formatdate(usegmt=True)


def _sealed(answer: httpx2.Response) -> httpx2.Response:
    """Return an answer with the digest of its bytes, where it is not too large to be kept."""
    if (length_of(answer) or 0) > _LARGEST:
        return answer
    rest, taken = answer.iter_raw(), bytearray()
    for chunk in rest:
        taken += chunk
        if len(taken) > _LARGEST:
            break
    else:
        answer.headers[_DIGEST] = sha256(taken).hexdigest()
    body = _Taken(bytes(taken), rest, answer)
    return httpx2.Response(answer.status_code, headers=answer.headers, stream=body, extensions=answer.extensions)


class _Taken(httpx2.SyncByteStream):
    """A body of which the beginning is there already."""

    def __init__(self, taken: bytes, rest: Iterator[bytes], answer: httpx2.Response) -> None:
        self._taken, self._rest, self._answer = taken, rest, answer

    def __iter__(self) -> Iterator[bytes]:
        yield self._taken
        yield from self._rest

    def close(self) -> None:
        self._answer.close()


def _proved(answer: httpx2.Response) -> httpx2.Response:
    """Return an answer, its bytes being those that were kept where it was; raise `RuntimeError` when they are not."""
    status: CacheStatus | None = answer.extensions.get("caching")
    if answer.status_code != 200 or not (status and status["from_cache"]):
        return answer
    try:
        body = b"".join(answer.iter_raw())
    except (TypeError, ValueError) as error:  # a value of another type than was kept
        raise RuntimeError(str(error)) from None
    if sha256(body).hexdigest() != answer.headers.get(_DIGEST):
        raise RuntimeError("other bytes than were kept")
    return httpx2.Response(200, headers=answer.headers, stream=httpx2.ByteStream(body), extensions=answer.extensions)


def _lifetime(answer: httpx2.Response, said: str) -> int | None:
    """Return for how many seconds an answer may be used, as its server says, or `None` when it does not say (RFC 9111, 4.2.1)."""
    if found := _MAX_AGE.search(said):
        return _seconds(found[1])
    if "expires" not in answer.headers:
        return None
    try:
        return int((_moment(answer, "expires") - _moment(answer, "date")).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return 0  # "0" and all that is no date is over already (RFC 9111, 5.3)


def _moment(answer: httpx2.Response, name: str) -> datetime:
    return parsedate_to_datetime(answer.headers.get(name, ""))


def length_of(answer: httpx2.Response) -> int | None:
    """Return how many bytes an answer has, packed, or `None` when its server does not say."""
    said = answer.headers.get("content-length", "")
    return int(said[:18]) if said.isascii() and said.isdigit() else None


def _seconds(text: str | None) -> int:
    return int(text[:9]) if text and text.isascii() and text.isdigit() else 0


def _storage(connection: sqlite3.Connection) -> SqliteStorage:
    return SqliteStorage(connection=connection, default_tti=_UNUSED, max_stream_size=_LARGEST, max_size=_MOST, soft_delete_ttl=_IN_USE)


def _opened(path: Path) -> sqlite3.Connection | None:
    """Return the file opened, made anew when it is none of SQLite, or `None` when there cannot be one."""
    for _ in range(2):
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _connected(path)
        except (OSError, sqlite3.OperationalError):  # no right to write, no room, locked
            return None
        except sqlite3.DatabaseError:
            _take_away(path)
    return None


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_whole(connection: sqlite3.Connection) -> bool:
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError:  # another program has locked it
        return True
    except sqlite3.DatabaseError:
        return False


def _take_away(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)
