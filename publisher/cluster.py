"""A cluster as the `map` of a build: Dask's scheduler and its workers (https://distributed.dask.org, 2026.8, read 2026-11-27).

What is handed out, and again when a worker dies, is Dask's business. Ours: few chunks on their way at a time, results in the order
of the values, the same code on every worker, and files that lie here sent to who asks for them there.
"""

from __future__ import annotations

import io
import pickle
import re
import sys
import zlib
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager, suppress
from copyreg import dispatch_table
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from itertools import islice
from pathlib import Path, PosixPath, WindowsPath
from threading import Lock
from typing import TYPE_CHECKING, Any

from publisher.problems import PublisherError, Severity, problem

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["SCHEMES", "Lent", "identity", "mapper", "parcels"]

SCHEMES = {"dask": "tcp", "dask+tls": "tls"}
"""Ways to a scheduler, and what Dask calls them; certificates for TLS are where Dask's own settings say."""
_CHUNK = 50
"""Outputs handed out together: a fifth of a second of work, so that asking for it weighs little."""
_AHEAD = 2
"""Chunks on their way for each worker: one that it makes and one that waits there."""
_ROUNDS = 4
"""How often an output may ask for more files before it is made here: books ask for all of theirs at once."""
_CONNECT, _ARRIVE = 10, 30
"""Seconds to wait for the scheduler, and for the first worker."""

_UNREAD = "Error during deserialization of the task graph"
"""What the scheduler says when it cannot load our code: it unpacks all that it hands on."""

Media = Callable[[str], bytes | None]
Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Lent:
    """Files that lie here, by their URL: what goes to a worker with this inside asks there, and is sent what it has asked for."""

    find: Media

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes behind a URL."""
        return self.find(url)

    def state(self, url: str) -> Hashable:
        """Return what is other when the file behind a URL is, as far as who finds it tells that."""
        state = getattr(self.find, "state", None)
        return state(url) if state else None

    def __reduce__(self) -> tuple[Callable[[], _Borrowed], tuple[()]]:
        return _borrowed, ()


@contextmanager
def mapper(address: str, media: Media) -> Iterator[Map]:
    """Give the `map` that has the work done by the cluster at `address`; raise `PublisherError` when there is none, or it has other code.

    What it was not given the result of when it is closed is not done any more.
    """
    client = _connected(address)
    try:
        _refuse_others(address, _asked(client, address))
        yield partial(_mapped, client, address, media)
    finally:
        client.close()


def _connected(address: str) -> Client:
    try:
        import dask
        from distributed import Client
    except ImportError:
        hint = "install what it needs, in the folder of Publisher's sources: pip install '.[scale]'"
        raise PublisherError(problem("engine-missing", Severity.ERROR, "Dask is not installed here", hint=hint).at(address)) from None
    _hush()
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})  # chunks of pages are a few MB, and are meant to be
    scheme, _, place = address.partition("://")
    try:
        client = Client(f"{SCHEMES[scheme]}://{place}", timeout=_CONNECT, set_as_default=False, name="publisher")
    except (OSError, ValueError, TypeError) as error:
        message = f"the scheduler cannot be reached: {str(error).partition(chr(10))[0] or type(error).__name__}"
        hint = "check the address, and that `dask scheduler` runs there"
        raise PublisherError(problem("engine-unreachable", Severity.ERROR, message, hint=hint).at(address)) from None
    return _manned(client, address)


def _hush() -> None:
    """Keep Dask's log off the screen: what it says of workers that die and of what is cancelled, we say ourselves."""
    import logging

    for name in ("distributed", "distributed.client", "distributed.gc", "tornado.application"):  # each has a handler of its own
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _manned(client: Client, address: str) -> Client:
    try:
        client.wait_for_workers(1, timeout=_ARRIVE)
    except TimeoutError:
        client.close()
        hint = f"start some: dask worker {address.partition('://')[2]} --nthreads 1"
        raise PublisherError(problem("engine-empty", Severity.ERROR, "the cluster has no worker", hint=hint).at(address)) from None
    return client


# -- the same code ----------------------------------------------------------------------------------------------------------


@cache
def identity() -> dict[str, str]:
    """Return what has to be the same for the same bytes, by its name: Python, our code, and the libraries that write."""
    here = {"Python": f"{sys.version_info.major}.{sys.version_info.minor}", "zlib": zlib.ZLIB_RUNTIME_VERSION, "Publisher": _code()}
    return here | {name: _version(name) for name in sorted(_required())}


def _code() -> str:
    """Return a digest of all files of ours: versions do not change with each line."""
    root, found = Path(__file__).parent, sha256()
    for path in sorted(each for each in root.rglob("*") if each.is_file() and "__pycache__" not in each.parts):
        found.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _required() -> Iterator[str]:
    from importlib import metadata  # here because importing it costs 20 ms

    with suppress(metadata.PackageNotFoundError):  # run from its folder
        for each in metadata.requires("publisher") or ():
            if "extra ==" not in each:
                yield re.split(r"[^\w.-]", each, maxsplit=1)[0]


def _version(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def _asked(client: Client, address: str) -> dict[str, dict[str, str]]:
    """Return what each worker is."""
    try:
        return dict(client.run(_introduced))
    except Exception as error:  # Dask hands on what it can of what a worker says
        raise _without(address, error) from None


def _refuse_others(address: str, workers: dict[str, dict[str, str]]) -> None:
    """Raise `PublisherError` when what a worker is differs from what we are: its bytes could be others."""
    for worker, theirs in sorted(workers.items()):
        if differing := [_told(name, theirs) for name in sorted({*identity(), *theirs}) if theirs.get(name) != identity().get(name)]:
            message = f"the worker {worker} is not as this machine: {', '.join(differing[:5])}"
            hint = "install the same Publisher and the same libraries there, and start it anew"
            raise PublisherError(problem("engine-differs", Severity.ERROR, message, hint=hint).at(address))


def _told(name: str, theirs: dict[str, str]) -> str:
    return f"{name} {theirs.get(name, 'none')}, here {identity().get(name, 'none')}"


# -- here -------------------------------------------------------------------------------------------------------------------


class _Stays(Exception):
    """This has a place on our disk in it, which means nothing elsewhere."""


def _refuse(path: Path) -> Any:
    raise _Stays


_REFUSING = {**dispatch_table, PosixPath: _refuse, WindowsPath: _refuse}


def _sealed(function: Callable[[Any], Any], values: tuple[Any, ...]) -> bytes | None:
    """Return what a worker needs for the work, `None` when that can only be done here."""
    out = io.BytesIO()
    pickler = pickle.Pickler(out, protocol=5)
    pickler.dispatch_table = _REFUSING
    try:
        pickler.dump((function, values))
    except _Stays:
        return None
    return out.getvalue()


def parcels(function: Callable[[Any], Any], values: Iterable[Any]) -> Iterator[bytes]:
    """Yield what would go to workers, one chunk after the other, without what stays here."""
    for chunk in _chunks(values):
        whole = _sealed(function, chunk)
        each = [whole] if whole is not None or len(chunk) == 1 else [_sealed(function, (value,)) for value in chunk]
        yield from (found for found in each if found is not None)


@dataclass(frozen=True, slots=True, eq=False)
class _Sent:
    """Values, and what becomes of them elsewhere; nothing when they stay here."""

    values: tuple[Any, ...]
    future: Future | None


class _Post:
    """Sends values to the cluster and gives the results."""

    def __init__(self, client: Client, address: str, media: Media, function: Callable[[Any], Any]) -> None:
        self.client = client
        self.address = address
        self.media = media
        self.function = function

    @property
    def most(self) -> int:
        """How many chunks may be on their way."""
        with _held(self.address, OSError, RuntimeError):  # the scheduler is asked each time
            return _AHEAD * max(1, len(self.client.nthreads()))

    def send(self, values: tuple[Any, ...], given: dict[str, bytes | None] | None = None) -> Iterator[_Sent]:
        """Hand values out together; those that have to stay here, and their neighbours, each for itself."""
        sealed = _sealed(self.function, values)
        if sealed is None and len(values) > 1:
            for each in values:
                yield from self.send((each,))
            return
        yield _Sent(values, self._submitted(sealed, given or {}) if sealed is not None else None)

    def _submitted(self, sealed: bytes, given: dict[str, bytes | None]) -> Future:
        from distributed.client import ClosedClientError

        with _held(self.address, ClosedClientError):  # it closes when it has looked for the scheduler for too long
            # Not scattered: what is scattered is lost with its worker, while a task is given to another one, with all that is in it.
            return self.client.submit(_work, identity(), sealed, given, pure=False)

    def results(self, sent: _Sent) -> Iterator[Any]:
        """Yield the results of values that were sent, each with the files that it has asked for."""
        if sent.future is None:
            yield from map(self.function, sent.values)
            return
        found = zip(sent.values, self._result(sent.future), strict=True)
        # All that lack something are sent before the first is waited for.
        for value, result, again in [(value, each, self._again(value, each, {})) for value, each in found]:
            yield result if again is None else self._completed(value, *again)

    def _again(self, value: Any, result: Any, given: dict[str, bytes | None]) -> tuple[_Sent, dict[str, bytes | None]] | None:
        if not isinstance(result, _Lacking):
            return None
        given = {**given, **{url: self.media(url) for url in result.urls}}
        return next(self.send((value,), given)), given

    def _completed(self, value: Any, sent: _Sent, given: dict[str, bytes | None]) -> Any:
        for _ in range(_ROUNDS):
            if sent.future is None:
                break
            (result,) = self._result(sent.future)
            if (again := self._again(value, result, given)) is None:
                return result
            sent, given = again
        return self.function(value)

    def _result(self, future: Future) -> tuple[Any, ...]:
        """Return what a worker has made; raise `PublisherError` when none can."""
        from distributed import KilledWorker

        try:
            with _held(self.address):
                found = future.result()
        except KilledWorker:
            message, hint = (
                "the same work has ended several workers, one after the other",
                "give them more memory, and look into their logs",
            )
            raise PublisherError(problem("engine-died", Severity.ERROR, message, hint=hint).at(self.address)) from None
        except (ImportError, AttributeError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not str(error).startswith(_UNREAD):
                raise
            raise _without(self.address, error) from None
        if isinstance(found, _Stranger):
            _refuse_others(self.address, {found.worker: found.identity})
        return tuple(found)


def _mapped(client: Client, address: str, media: Media, function: Callable[[Any], Any], values: Iterable[Any]) -> Iterator[Any]:
    """Yield the result of each value in order, while at most `_AHEAD` chunks for each worker are on their way."""
    post, waiting = _Post(client, address, media, function), deque[_Sent]()
    try:
        for chunk in _chunks(values):
            waiting.extend(post.send(chunk))
            while len(waiting) > post.most:
                yield from post.results(waiting.popleft())
        while waiting:
            yield from post.results(waiting.popleft())
    finally:
        if client.status == "running":  # else all is cancelled already
            with suppress(OSError):
                client.cancel([each.future for each in waiting if each.future is not None], force=True)


@contextmanager
def _held(address: str, *also: type[Exception]) -> Iterator[None]:
    """Raise `PublisherError` when the scheduler is lost; also when one of `also` is raised, where only that raises it."""
    from distributed import CancelledError
    from distributed.comm.core import CommClosedError

    try:
        yield
    except (CancelledError, CommClosedError, *also) as error:
        message, hint = "the scheduler was lost on the way", "see why it has ended, and build again"
        raise PublisherError(problem("engine-lost", Severity.ERROR, message, hint=hint).at(address)) from error


def _chunks(values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    rest = iter(values)
    while chunk := tuple(islice(rest, _CHUNK)):
        yield chunk


def _without(address: str, error: Exception) -> PublisherError:
    message = f"a worker or the scheduler has no Publisher, or another one: {str(error).partition(chr(10))[0]}"
    hint = "install the same Publisher on scheduler and workers, and start them anew"
    return PublisherError(problem("engine-differs", Severity.ERROR, message, hint=hint).at(address))


# -- there ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lacking:
    """Instead of a result: addresses of files that it was made without."""

    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stranger:
    """Instead of results: who was asked is another than who asks."""

    worker: str
    identity: dict[str, str]


class _Borrowed:
    """The files that were sent along; remembers what else was asked for."""

    def __init__(self) -> None:
        self.given: dict[str, bytes | None] = {}
        self.asked: dict[str, None] = {}

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes behind a URL, `None` when they were not sent."""
        if url not in self.given:
            self.asked[url] = None
        return self.given.get(url)


_BORROWED = _Borrowed()
_ALONE = Lock()
"""One chunk at a time in each process: more threads would make nothing faster, and take the files of others for theirs."""


def _introduced() -> dict[str, str]:
    return identity()


def _borrowed() -> _Borrowed:
    return _BORROWED


def _work(who: dict[str, str], sealed: bytes, given: dict[str, bytes | None]) -> tuple[Any, ...] | _Stranger:
    """Do the work on a worker."""
    if who != identity():
        from distributed import get_worker

        return _Stranger(get_worker().address, identity())
    with _ALONE:
        _BORROWED.given = given
        function, values = pickle.loads(sealed)  # noqa: S301 - whoever can hand out work here can do anything here
        return tuple(_done(function, each) for each in values)


def _done(function: Callable[[Any], Any], value: Any) -> Any:
    _BORROWED.asked.clear()
    result = function(value)
    return _Lacking(tuple(_BORROWED.asked)) if _BORROWED.asked else result
