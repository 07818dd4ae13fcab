"""The preview at work: a server, a process that builds, and eyes on the sources.

The process that builds is started before anything else, so that it has none of the server's threads. It ends with us, also when we are
killed. While it builds, the former edition is served; changes meanwhile are one more build.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from watchfiles import Change, DefaultFilter, awatch
from watchfiles._rust_notify import WatchfilesRustInternalError
from watchfiles.main import FileChange

from publisher import files
from publisher.problems import Severity, problem
from publisher.server import workshop
from publisher.server.app import App
from publisher.server.store import Edition, Made
from publisher.server.workshop import Order

__all__ = ["Builder", "Listener", "builder", "run"]

_DEBOUNCE = 400
"""Milliseconds that changes are waited for: an editor writes a file in several steps."""
_LOOK = 1.0
"""Seconds after which the process that builds looks whether we are still there, and we whether the sources are."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told what happens."""

    made: Callable[[Made, Edition | None], None]
    """Is told of each build, with the edition that was served before."""
    failed: Callable[[Exception], None]
    """Is told of a defect in an answer, or in what is done with a build."""


class Builder:
    """The process that builds."""

    def __init__(self) -> None:
        self._pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(1, initializer=_begin, initargs=(os.getpid(),))
        self._process = pool.submit(os.getpid)
        return pool

    async def __call__(self, function: Callable[..., Made], *arguments: Any) -> Made:
        """Return what a function gives there; when the process has ended, start another one, once."""
        try:
            return await self._called(function, *arguments)
        except BrokenProcessPool:
            self._pool = self._started()
        try:
            return await self._called(function, *arguments)
        except BrokenProcessPool:
            self._pool = self._started()
            message = "the process that builds was ended, perhaps because there is too little memory"
            return Made(edition=None, problems=(problem("build-ended", Severity.ERROR, message, hint="change a file to build again"),))

    async def _called(self, function: Callable[..., Made], *arguments: Any) -> Made:
        return await asyncio.wrap_future(self._pool.submit(function, *arguments))

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        with suppress(Exception):
            os.kill(self._process.result(1), signal.SIGTERM)
        # Without waiting, the end of the interpreter may wake up a thread whose pipe is closed by then (CPython 3.11).
        self._pool.shutdown(wait=True, cancel_futures=True)


def _begin(parent: int) -> None:
    """Prepare the process that builds: Ctrl-C, and the end of a terminal, are for who started it, and it ends with that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    waiting = threading.Event()
    while os.getppid() == parent:
        waiting.wait(_LOOK)
    os._exit(1)


@contextmanager
def builder() -> Iterator[Builder]:
    """Yield a process that builds, which is gone afterwards."""
    found = Builder()
    try:
        yield found
    finally:
        found.stop()


class _Server(uvicorn.Server):
    """A server that lets go of those who wait as soon as it is asked to stop."""

    def __init__(self, config: uvicorn.Config, stop: Callable[[], object]) -> None:
        super().__init__(config)
        self._stop = stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at the first signal."""
        super().handle_exit(sig, frame)
        self._stop()


def run(order: Order, listening: socket.socket, builder: Builder, listener: Listener, stop: threading.Event | None = None) -> None:
    """Serve until a signal or `stop` ends it; raise what leaves nobody to build or to be told."""
    asyncio.run(_run(order, listening, builder, listener, stop))


async def _run(order: Order, listening: socket.socket, builder: Builder, listener: Listener, stop: threading.Event | None) -> None:
    app = App(order.store, listener.failed)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    server = _Server(_config(app), lambda: loop.call_soon_threadsafe(ended.set))
    work = _Work(order, builder, app, listener)
    tasks = [asyncio.create_task(each) for each in (work.watch(), work.build(), _let_go(app, ended))]
    if stop:
        tasks.append(asyncio.create_task(_until(stop, server, ended)))

    def end_with(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception():  # a preview that stays as it is would be taken for the newest
            server.should_exit = True
            ended.set()

    for each in tasks:
        each.add_done_callback(end_with)
    try:
        await server.serve([listening])
    finally:
        for each in tasks:
            each.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for error in outcomes:
        if isinstance(error, Exception):
            raise error


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=32 * 1024,
    )


async def _let_go(app: App, ended: asyncio.Event) -> None:
    await ended.wait()
    await app.close()


async def _until(stop: threading.Event, server: uvicorn.Server, ended: asyncio.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(0.05)
    server.should_exit = True
    ended.set()


class _Work:
    """Builds when something has changed, one build after the other."""

    def __init__(self, order: Order, builder: Builder, app: App, listener: Listener) -> None:
        self.order = order
        self.builder = builder
        self.app = app
        self.listener = listener
        self.root = files.home(Path(order.sources[0])).resolve()
        self.changed = asyncio.Event()
        self.changed.set()

    async def watch(self) -> None:
        """Note changes below the folder of the sources, also after it was away; where the system does not tell, look again and again."""
        polling, is_whole = None, True
        while True:
            known = _identity(self.root)
            try:
                async with aclosing(self._looks(polling=polling) if is_whole else self._glimpses()) as looks:
                    await self._note(looks, known)
            except (ExceptionGroup, WatchfilesRustInternalError) as error:  # which looks at nothing where one folder may not be read
                if not _is_of_watching(error):
                    raise
                is_whole = False
            except OSError as error:
                polling = polling or (None if isinstance(error, FileNotFoundError) else True)
                await asyncio.sleep(_LOOK)
            while _identity(self.root) is None:
                await asyncio.sleep(_LOOK)
            self.changed.set()

    async def _note(self, looks: AsyncIterator[set[FileChange]], known: _Identity | None) -> None:
        """Note changes for as long as the folder is the one that is known."""
        async for found in looks:
            if found:
                self.changed.set()
            if _identity(self.root) != known:
                return

    def _looks(self, *, polling: bool | None) -> AsyncGenerator[set[FileChange], None]:
        """Yield what has changed; nothing after a while in which nothing has."""
        more: dict[str, Any] = {"rust_timeout": int(_LOOK * 1000), "yield_on_timeout": True, "force_polling": polling}
        return awatch(self.root, watch_filter=_Filter(self.root), debounce=_DEBOUNCE, **more)

    async def _glimpses(self) -> AsyncGenerator[set[FileChange], None]:
        """Yield again and again what has changed of that which can be seen: the folder, or nothing."""
        before = await asyncio.to_thread(files.glimpse, self.root)
        while True:
            await asyncio.sleep(_LOOK)
            found = await asyncio.to_thread(files.glimpse, self.root)
            yield {(Change.modified, str(self.root))} if found != before else set()
            before = found

    async def build(self) -> None:
        """Build at first, and after each change."""
        while True:
            await self.changed.wait()
            self.changed.clear()
            try:
                await self._build()
            except BrokenPipeError:
                raise  # nobody listens any more
            except Exception as error:  # the next change is built all the same
                self.listener.failed(error)

    async def _build(self) -> None:
        former = self.app.edition
        made = await self.builder(workshop.make, self.order)
        await self.app.publish(made)
        self.listener.made(made, former)
        if made.edition and not self.changed.is_set():
            more = await self.builder(workshop.examine, self.order, made.edition)
            more = replace(more, problems=tuple(each for each in more.problems if each not in made.problems))
            await self.app.publish(more)
            self.listener.made(more, former)


def _is_of_watching(error: Exception) -> bool:
    """Return whether an error is only that something cannot be watched."""
    return isinstance(error, WatchfilesRustInternalError) or (
        isinstance(error, ExceptionGroup) and error.split(WatchfilesRustInternalError)[1] is None
    )


_Identity = tuple[int, int]
"""Device and number of a folder there."""


def _identity(folder: Path) -> _Identity | None:
    """Return what another folder at the same path does not have; `None` when there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class _Filter(DefaultFilter):
    """Passes what may be a source: nothing hidden, and nothing that a build has written."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root

    def __call__(self, change: Change, path: str) -> bool:
        """Return whether a change may be one of the sources."""
        try:
            parts = Path(path).relative_to(self._root).parts
        except ValueError:
            return False
        folders = (self._root.joinpath(*parts[:number]) for number in range(1, len(parts)))
        is_hidden = any(each.startswith(".") for each in parts)
        return not is_hidden and super().__call__(change, path) and not any(files.state(each / files.MANIFEST) for each in folders)
