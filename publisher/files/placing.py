"""Files written whole or not at all: first where nobody looks, then moved, and moved back when one cannot be."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import stat
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from functools import cache, cached_property, partial
from hashlib import blake2b
from heapq import merge
from itertools import chain, compress, repeat, takewhile
from pathlib import Path
from typing import Any, Protocol

from publisher.files.reading import MANIFEST, STAGED, Stamp, is_inside, is_linked, is_plain, listed, manifest_of, state, stays_inside
from publisher.files.seeing import Placed, Stamps, is_past
from publisher.paths import folded, in_order
from publisher.problems import PublisherError, Severity, problem, shown

try:
    import fcntl
except ImportError:  # Windows: two builds at once are not kept apart there
    fcntl = None  # type: ignore[assignment]

__all__ = ["Body", "Spool", "adopt", "alone", "place", "put", "scratch", "spool", "write"]

_SHELVES = "0123456789abcdef"
"""Folders among which waiting outputs are divided: processes that make files in one and the same wait for each other."""
_WITH_OPTION = "name another folder with -o"


def write(path: Path, body: bytes) -> None:
    """Write one file, whole or not at all; raise `PublisherError` when that cannot be."""
    # A short name of its own: the file's name with an ending could be longer than a name may be.
    temporary = path.with_name(f"{STAGED}-{hashlib.sha256(path.name.encode(errors='surrogateescape')).hexdigest()[:16]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(body)
        os.replace(temporary, path)
    except (OSError, ValueError) as error:
        with suppress(OSError):
            temporary.unlink()
        raise _unwritable(error, path) from None


def _unwritable(error: OSError | ValueError, path: Path) -> PublisherError:
    reason = (error.strerror or "unknown").lower() if isinstance(error, OSError) else str(error)
    found = problem("file-unwritable", Severity.ERROR, f"cannot write: {reason}", hint="check the folder and the space on the disk")
    return PublisherError(found.at(str(getattr(error, "filename2", None) or getattr(error, "filename", None) or path)))


def _no_folder(error: OSError | ValueError, folder: Path, hint: str) -> PublisherError:
    """Return why nothing can be written into a folder: what has its name, or that of one above it, may be none."""
    there = next((each for each in (folder, *folder.parents) if os.path.lexists(each)), None)
    if not isinstance(error, FileExistsError | NotADirectoryError) or there is None or there.is_dir():
        return _unwritable(error, folder)
    message = f"{'this' if there == folder else shown(str(there))} is a file, and a folder is wanted here"
    return PublisherError(problem("folder-is-file", Severity.ERROR, message, hint=hint).at(str(folder)))


def _none(path: str) -> bool:
    return False


class Spool:
    """Keeps outputs until all of a build are made, on the disk where they are to be: then each has only to be renamed.

    Whichever process makes one keeps it; its path says where it is, so that nobody needs to be told.
    """

    def __init__(self, exports: Path) -> None:
        self._exports = exports
        self._folder = ""
        self._process = os.getpid()
        self._lock: int | None = None
        """Held by who has opened it: what nobody holds was left by a build that was killed."""
        self._made: list[Path] = []
        """Folders that were not there before."""

    def open(self) -> None:
        """Make room, before other processes are begun that keep something; raise `PublisherError` when that cannot be."""
        if self._folder:
            return
        try:
            self._made = [*takewhile(lambda each: not each.exists(), (self._exports, *self._exports.parents))]
            self._exports.mkdir(parents=True, exist_ok=True)
            _clear(self._exports)
            while not self._folder:
                folder = tempfile.mkdtemp(prefix=f"{STAGED}-", dir=self._exports)
                self._lock = self._locked(folder)  # unless another build has just taken it away
                self._folder = folder if fcntl is None or self._lock is not None else ""
            for each in _SHELVES:
                os.mkdir(f"{self._folder}/{each}")
        except (OSError, ValueError) as error:
            raise _no_folder(error, self._exports, _WITH_OPTION) from None

    @staticmethod
    def _locked(folder: str) -> int | None:
        try:
            return _held(folder)
        except OSError:  # a disk without locks
            os.rmdir(folder)
            raise

    def __call__(self, path: str, body: bytes) -> Spool:
        """Keep the bytes of an output; raise `PublisherError` when that cannot be."""
        self.open()
        if self._lock is not None and self._process != os.getpid():
            os.close(self._lock)  # a fork of who holds it
            self._lock = None
        try:
            with open(self.file(path), "wb") as file:
                file.write(body)
        except OSError as error:
            raise _unwritable(error, self._exports) from None
        return self

    def file(self, path: str) -> str:
        """Return where the bytes of an output are."""
        name = blake2b(path.encode(errors="surrogateescape"), digest_size=16).hexdigest()
        return f"{self._folder}/{name[0]}/{name[1:]}"

    def close(self) -> None:
        """Take away what is left, and folders that nothing has come into."""
        if self._folder:
            _surely(shutil.rmtree, self._folder, ignore_errors=True)
            self._folder = ""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        with suppress(OSError):  # not empty
            for each in self._made:
                each.rmdir()
        self._made = []

    def __reduce__(self) -> tuple[Callable[..., Spool], tuple[Path, str]]:
        return _same_spool, (self._exports, self._folder)


def _same_spool(exports: Path, folder: str) -> Spool:
    found = Spool(exports)
    found._folder = folder
    return found


def _held(folder: str) -> int | None:
    """Return what holds a folder until it is closed, `None` when somebody else does, it is gone, or this system has no such locks.

    Raises `OSError` when the disk has none.
    """
    if fcntl is None:
        return None
    handle = None
    try:
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.stat(folder)
    except OSError as error:
        if handle is not None:
            os.close(handle)
        if isinstance(error, (BlockingIOError, FileNotFoundError)):
            return None
        raise
    return handle


def _clear(folder: Path) -> None:
    """Take away what builds have left in a folder that were killed; without locks nobody can tell that from what is in use."""
    for each in filter(_is_spool, folder.glob(f"{STAGED}-????????/")):
        with suppress(OSError):
            if (held := _held(str(each))) is not None:
                shutil.rmtree(each, ignore_errors=True)
                os.close(held)


def _is_spool(folder: Path) -> bool:
    """Return whether there is nothing in a folder but what a build puts there."""
    try:
        return all(each.name in {*_SHELVES} and each.is_dir(follow_symlinks=False) for each in os.scandir(folder))
    except OSError:
        return False


Body = bytes | Path | Spool
"""What is to be in a file: the bytes, where they are, or what keeps them by the path of the file."""


class Paths(Protocol):
    """Paths of outputs, which are made when they are asked for."""

    @property
    def paths(self) -> Iterable[str]:
        """All of them."""

    def __len__(self) -> int: ...


class Spooled(Mapping[str, Body]):
    """What is to be placed: outputs that a spool keeps, and other files. There is no table of all, unless one is looked for."""

    def __init__(self, spool: Spool, outputs: Paths, others: Mapping[str, Body]) -> None:
        self._spool, self._outputs, self._others = spool, outputs, others

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._outputs.paths)

    def __contains__(self, path: object) -> bool:
        return path in self._others or path in self._known

    def __getitem__(self, path: str) -> Body:
        return self._others.get(path, self._spool)

    def __iter__(self) -> Iterator[str]:
        return merge(sorted(self._others), self._outputs.paths)

    def __len__(self) -> int:
        return len(self._others) + len(self._outputs)


class _Some(Collection[str]):
    """Some of many paths, by a flag for each of them: there is no second list of what is written, of which a large site has a million."""

    def __init__(self, every: Callable[[], Iterable[str]], flags: Iterable[int]) -> None:
        self._every, self._flags = every, bytearray(flags)

    def also(self, more: Collection[str]) -> _Some:
        """Return these, and more."""
        return _Some(lambda: chain(self._every(), more), chain(self._flags, repeat(True, len(more))))

    def __iter__(self) -> Iterator[str]:
        return compress(self._every(), self._flags)

    def __contains__(self, path: object) -> bool:
        return any(path == each for each in self)  # one after the other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Collection) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return self._flags.count(True)


@contextmanager
def spool(exports: Path) -> Iterator[Spool]:
    """Yield a `Spool` for a folder of exports; what is left in it goes at the end."""
    with closing(Spool(exports)) as kept:
        yield kept


def place(
    folder: Path,
    written: Mapping[str, Body],
    *,
    left: Collection[str] = (),
    before: Stamp | None = None,
    complete: bool = True,
    stays: Callable[[str], bool] = _none,
) -> Placed:
    """Make the files below `folder` what `written` says, and where that is `complete`, remove what an earlier build made besides.

    What a `Spool` keeps is taken out of it, and that is closed then. What is `left` is there already, and stays; `before` is the stamp
    of the manifest when that was seen. What `stays` by its path is never removed.
    Raise `PublisherError` when that cannot be; then nothing has changed.
    """
    try:
        _refuse_outside(folder, written)
        _refuse_links(folder, chain(written, left))
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if left:
                _refuse_changed(folder, before)
            return _place(folder, written, left, complete=complete, stays=stays)
    except (OSError, ValueError) as error:
        raise _no_folder(error, folder, _WITH_OPTION) from None


def put(folder: Path, written: Mapping[str, bytes]) -> tuple[str, ...]:
    """Make the files below `folder` what `written` says, whoever made those that are there; return the paths of those that have changed.

    Raise `PublisherError` when that cannot be; then nothing has changed.
    """
    try:
        _refuse_outside(folder, written)
        _refuse_links(folder, written)
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            changed = tuple(path for path, body in written.items() if not _is_same(folder, path, body))
            if changed:
                _exchange(folder, changed, map(written.__getitem__, changed), ())
            return changed
    except (OSError, ValueError) as error:
        raise _no_folder(error, folder, "name another folder") from None


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="publisher-") as name:
        yield Path(name)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make a folder and keep other builds out of it; raise `PublisherError` when one is in it, or it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(error, folder) from None
    with _alone(folder):
        yield


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other builds out of a folder; raise `PublisherError` when one is in it. A lock ends with the process that holds it."""
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        hint = "wait until it is done, and build again"
        raise PublisherError(problem("folder-locked", Severity.ERROR, "another build is writing here", hint=hint).at(str(folder))) from None
    finally:
        os.close(handle)


def _refuse_changed(folder: Path, before: Stamp | None) -> None:
    """Raise `PublisherError` when another build has written here meanwhile: each that changes anything writes its manifest anew."""
    if state(folder / MANIFEST) != before:
        message, hint = "another build has written here while this one was at work", "build again"
        raise PublisherError(problem("file-changed", Severity.ERROR, message, hint=hint).at(str(folder)))


def _place(folder: Path, written: Mapping[str, Body], left: Collection[str], *, complete: bool, stays: Callable[[str], bool]) -> Placed:
    before = listed(folder)
    others = [path for path in before if path not in written and path not in left and is_plain(path) and _is_ours(folder, path)]
    removed = frozenset(
        path for path in others if complete and not stays(path) and is_inside(folder, path) and not _is_behind(folder, path)
    )
    stayed = [path for path in others if path not in removed]
    known = {*before}
    renamed = _renamed(folder, (path for path in written if path not in known), removed)
    lacks_folder = _lacking_folders(folder)
    _refuse_foreign(folder, written, {*before, *renamed, MANIFEST}, lacks_folder)
    made = _Some(written.__iter__, (not (isinstance(body, Path) and _is_itself(folder / path, body)) for path, body in written.items()))
    is_changed = (path in renamed or lacks_folder(path) or not _is_same(folder, path, body) for path, body in written.items())
    changed = _Some(written.__iter__, is_changed)
    manifest = manifest_of(made.also(left).also(stayed))
    bodies = map(written.__getitem__, changed)
    if changed or removed or not _is_same(folder, MANIFEST, manifest):
        _exchange(folder, changed.also((MANIFEST,)), chain(bodies, (manifest,)), sorted(removed))
    else:
        _exchange(folder, (), (), ())
    del manifest  # of a large site it has as many bytes as all stamps
    with _in_place():
        for each in {each for each in written.values() if isinstance(each, Spool)}:
            each.close()
        states = _states(folder, merge((MANIFEST,), in_order(made)))
    return Placed(changed=changed, removed=tuple(sorted(removed)), stayed=len(stayed) if complete else 0, states=states)


def _is_ours(folder: Path, path: str) -> bool:
    """Return whether a file is there, or may be behind a link for its folder, which may lead to a disk that is away."""
    return os.path.isfile(folder / path) or _is_behind(folder, path)


def _is_behind(folder: Path, path: str) -> bool:
    """Return whether a link stands for the folder of a file: it may be another one, and is not ours to remove."""
    parent = path.rpartition("/")[0]
    return bool(parent) and _is_away(folder, parent)


def _is_away(folder: Path, path: str) -> bool:
    # Where there is no link, only Windows has another way out: nothing is looked at twice for it elsewhere.
    return is_linked(folder, path) or (os.name == "nt" and not stays_inside(folder, path))


def _renamed(folder: Path, new: Iterable[str], removed: Collection[str]) -> set[str]:
    """Return which paths are there only under another spelling, which is to go: where A and a are one, or é in one letter and in two."""
    alike: dict[str, list[str]] = {}
    for path in removed:
        alike.setdefault(folded(path), []).append(path)
    pairs = ((path, old) for path in (new if alike else ()) for old in alike.get(folded(path), ()))
    return {path for path, old in pairs if _is_there(f"{folder}/{path}") and os.path.samefile(folder / path, folder / old)}


def _states(folder: Path, paths: Iterable[str]) -> Stamps:
    """Return the states of files, at paths in their order, where whatever changes one of them from now on changes its state."""
    base = str(folder)
    found = Stamps((path, state(f"{base}/{path}")) for path in paths)
    return found if found and is_past(folder, found.latest) else Stamps()


def _refuse_outside(folder: Path, written: Iterable[str]) -> None:
    """Raise `PublisherError` when a path is none below the folder, spelled in the one way there is."""
    for path in written:
        if not is_plain(path):
            message = f"{path!r} leads out of the folder, or is no path"
            raise PublisherError(problem("file-outside", Severity.ERROR, message, hint="give the article another address").at(str(folder)))


def _refuse_links(folder: Path, paths: Iterable[str]) -> None:
    """Raise `PublisherError` when a link stands for the folder of a file: it would lie elsewhere, or in the place of another one."""
    for path in sorted({parent for path in paths if (parent := path.rpartition("/")[0])}):
        if _is_away(folder, path):
            message, hint = "a link stands for this folder, and files would be written elsewhere", "put a folder in the place of the link"
            raise PublisherError(problem("folder-linked", Severity.ERROR, message, hint=hint).at(str(folder / path)))


def _lacking_folders(folder: Path) -> Callable[[str], bool]:
    """Return what tells of a path whether there is no folder that its file could be in yet: each folder is looked for once."""

    @cache
    def is_missing(parent: str) -> bool:
        return not os.path.lexists(f"{folder}/{parent}")

    return lambda path: is_missing(path.rpartition("/")[0])


def _refuse_foreign(folder: Path, written: Mapping[str, Body], ours: Collection[str], lacks_folder: Callable[[str], bool]) -> None:
    """Raise `PublisherError` when a file would be replaced that no build made."""
    others = (path for path in written if path not in ours and not lacks_folder(path))
    base = str(folder)
    foreign = (path for path in others if _is_there(f"{base}/{path}") and not _is_same(folder, path, written[path]))
    for path in foreign:
        hint = "choose another folder with -o, or take the file away"
        raise PublisherError(problem("file-foreign", Severity.ERROR, "this file is not ours to replace", hint=hint).at(str(folder / path)))


def _is_there(path: str) -> bool:
    try:
        return not stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def adopt(folder: Path, paths: Iterable[str]) -> None:
    """Let paths below a folder count as made by the last build, besides those that do; raise `PublisherError` when that cannot be."""
    write(folder / MANIFEST, manifest_of({*listed(folder), *paths}))


def _is_itself(path: Path, body: Path) -> bool:
    """Return whether a medium lies where it would be copied to: no build made it, so none may remove it."""
    return path.exists() and path.samefile(body)


def _exchange(folder: Path, changed: Collection[str], bodies: Iterable[Body], removed: Iterable[str]) -> None:
    """Put `bodies` in place at the paths that are `changed`, and take `removed` away; when any of it fails, put everything back as it was.

    All is written before the first file is replaced, and what is replaced is kept until the last one is.
    Each file is replaced in one step, so that who reads the folder meanwhile finds the old one or the new one.
    """
    base, staged = str(folder), folder / STAGED
    shutil.rmtree(staged, ignore_errors=True)  # of a build that was killed
    _clear(folder)
    with _stopped_once(), ExitStack() as undo:
        undo.callback(_cleared, staged, done := [False])
        back: _Steps = []
        new = bytearray()
        try:
            ready = _stage(staged, bodies)
            for number, path in enumerate(removed):
                _keep(base, path, f"{staged}/removed-{number}", back)
                _remove(base, path)
            rooms: dict[str, bool] = {}
            for number, (path, body) in enumerate(zip(changed, ready, strict=True)):
                new.append(_make_room(base, path, rooms, back) or not _keep(base, path, f"{staged}/old-{number}", back))
                os.replace(body.file(path) if isinstance(body, Spool) else f"{staged}/{number}", f"{base}/{path}")
            back.clear()
            new.clear()
            done[0] = True
        except BaseException:
            _take_back(base, back, compress(changed, new))
            raise


@contextmanager
def _stopped_once() -> Iterator[None]:
    """Let who wants to stop the program do so once: that is answered meanwhile, and nothing else disturbs it.

    Only the main thread is stopped so, and has to set how.
    """
    stopped: list[int] = []

    def stop(former: Callable[..., object], number: int, frame: object) -> None:
        if not stopped:
            stopped.append(number)
            former(number, frame)

    former = {}
    if threading.current_thread() is threading.main_thread():
        former = {each: handler for each in (signal.SIGINT, signal.SIGTERM) if callable(handler := signal.getsignal(each))}
    try:
        for each, handler in former.items():
            signal.signal(each, partial(stop, handler))
        yield
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)


@contextmanager
def _in_place() -> Iterator[None]:
    """Let who stops the program from now on be told that all is in place."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt("stopped; but everything was in place already") from None


def _cleared(staged: Path, done: list[bool]) -> None:
    """Take away what was kept meanwhile; who wants to stop that is told what is so."""
    with _in_place() if done[0] else nullcontext():
        _surely(shutil.rmtree, staged, ignore_errors=True)


def _surely(work: Callable[..., object], *given: Any, **more: Any) -> None:
    """Do what has to be done to the end, however often somebody wants to stop it meanwhile."""
    stopped: KeyboardInterrupt | None = None
    while True:
        try:
            work(*given, **more)
            break
        except KeyboardInterrupt as error:
            stopped = error
    if stopped:
        raise stopped


_Steps = list[tuple[Callable[..., None], *tuple[str, ...]]]
"""Calls that take back what was done."""


def _take_back(base: str, steps: _Steps, new: Iterable[str]) -> None:
    """Remove what was put where none was, and take back each step, the last first, also when that fails with one of them.

    No path is both: what was put where something was is a step.

    Calls in a stack from the beginning would take half a kilobyte for each file.
    """
    with ExitStack() as back:
        for step, *given in steps:
            back.callback(step, *given)
        for path in new:
            back.callback(_unlink, base, path)


def _stage(staged: Path, bodies: Iterable[Body]) -> list[Spool | None]:
    """Write each file under its number, but those that are kept already; return what keeps them."""
    staged.mkdir()
    return [_staged(f"{staged}/{number}", body) for number, body in enumerate(bodies)]


def _staged(place: str, body: Body) -> Spool | None:
    if isinstance(body, Spool):
        return body
    if isinstance(body, Path):
        shutil.copyfile(body, place)
    else:
        Path(place).write_bytes(body)
    return None


def _make_room(base: str, path: str, rooms: dict[str, bool], back: _Steps) -> bool:
    """Make the folders above a path, each once; `back` removes those again that were not there. Return whether the last of them was not."""
    parent = path.rpartition("/")[0]
    if not parent:
        return False
    if parent not in rooms:
        _make_room(base, parent, rooms, back)
        rooms[parent] = False
        with suppress(FileExistsError):
            os.mkdir(f"{base}/{parent}")
            back.append((_rmdir, base, parent))
            rooms[parent] = True
    return rooms[parent]


def _keep(base: str, path: str, old: str, back: _Steps) -> bool:
    """Keep a file under another name until all is done; `back` restores it. Return whether there was one."""
    place = f"{base}/{path}"
    try:
        os.link(place, old)
    except FileNotFoundError:
        return False
    except OSError:
        if os.path.isdir(place):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), place) from None
        shutil.copy2(place, old)  # file systems without hard links
    back.append((_restore, base, path, old))
    return True


def _restore(base: str, path: str, old: str) -> None:
    os.makedirs(os.path.dirname(f"{base}/{path}"), exist_ok=True)
    with suppress(FileNotFoundError):  # done already
        os.replace(old, f"{base}/{path}")


def _unlink(base: str, path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(f"{base}/{path}")


def _rmdir(base: str, path: str) -> None:
    with suppress(OSError):  # another program has put something there
        os.rmdir(f"{base}/{path}")


def _is_same(folder: Path, path: str, body: Body) -> bool:
    """Return whether a file is there with these bytes; it is read only when it has as many."""
    seen = state(place := f"{folder}/{path}")
    if not seen:
        return False
    if isinstance(body, Path) and _is_itself(Path(place), body):
        return True
    source = body.file(path) if isinstance(body, Spool) else body
    if seen[0] != (len(source) if isinstance(source, bytes) else os.stat(source).st_size):
        return False
    with open(place, "rb") as file:
        return file.read() == (source if isinstance(source, bytes) else Path(source).read_bytes())


def _remove(base: str, path: str) -> None:
    """Remove a file, and the folders that are empty then."""
    os.unlink(f"{base}/{path}")
    with suppress(OSError):  # not empty
        while path := path.rpartition("/")[0]:
            os.rmdir(f"{base}/{path}")
