"""Folders elsewhere: sources and exports at addresses of fsspec, such as `s3://bucket/seeds`.

fsspec: https://filesystem-spec.readthedocs.io, 2026.9, read 2026-11-27.

A build works on folders of this machine. What is elsewhere has one of ours that mirrors it, kept from build to build: of sources only what
has changed is brought, of exports only what differs is sent, and what an earlier build made and this one does not is taken away. Names
that strangers gave are looked at before they become names of files. No lock keeps two machines from sending to one address at a time:
S3 has none that would be freed when its holder dies.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from publisher import files
from publisher.files import MANIFEST, SETTINGS, Placed
from publisher.problems import Problem, PublisherError, Severity, problem, shown

__all__ = ["Ends", "reached"]

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.ASCII)
_HERE = "file"
_FOLDER = "elsewhere"
"""Where mirrors are, in the folder for what can be had again."""
_MOST_TOLD = 20
_LONGEST_NAME, _LONGEST_PATH = 255, 1024
"""Bytes: of a name on most file systems, of a key on S3."""
_BATCH = 500
"""Files asked for or sent at a time."""
_LARGE = 32 * 2**20
"""Bytes of a file that is not looked into for what it is."""
_CONTENT_TYPES = {"s3": "ContentType", "s3a": "ContentType", "gs": "content_type", "gcs": "content_type"}
"""What fsspec's file systems call the type of what is sent; those that are not here guess it from the name, or have none."""
_STATES = frozenset(
    "size etag md5 md5hash content_md5 checksum crc32c generation version versionid version_id rev revision "
    "mtime modified modify last_modified lastmodified updated created".split()
)
"""What file systems say of a file that is other when the file is; in lower case."""
_PATTERN = re.compile(r"[*?\[\]]")
_MD5 = re.compile(r"[0-9a-f]{32}")

Kind = Callable[[str, bytes], str]
"""Returns the media type of a file, from its path and its bytes."""
Rank = Callable[[str], int]
"""Returns when a file is sent: what others point to before what points to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Where a build reads and writes on this machine."""

    sources: tuple[str, ...]
    exports: str
    mirrors: tuple[_Mirror, ...]
    depot: _Depot | None
    """The exports, when they are elsewhere."""

    def send(self, placed: Placed, paths: Iterable[str], kind: Kind, rank: Rank, *, complete: bool, stays: Callable[[str], bool]) -> Placed:
        """Send what was placed, all `paths` of it, to where it belongs; return what has changed there.

        The rest is as with `files.place`. Raise `PublisherError` when that cannot be; what has arrived by then is not sent again.
        """
        if not self.depot:
            return placed
        changed, removed = self.depot.send(paths, kind, rank, stays if complete else _all)
        return replace(placed, changed=changed, removed=removed)

    def named(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems with the addresses of what they are about in place of our own copies."""
        return [self._named(each) for each in problems]

    def _named(self, found: Problem) -> Problem:
        path = Path(os.path.abspath(found.location.path)) if self.mirrors and found.location.path else None
        mirror = next((each for each in self.mirrors if path and path.is_relative_to(each.folder)), None)
        return found.at(mirror.address.shown(path.relative_to(mirror.folder).as_posix())) if mirror and path else found


def _all(path: str) -> bool:
    return True


@contextmanager
def reached(sources: Sequence[str], exports: str, parts: Sequence[str] = ()) -> Iterator[Ends]:
    """Give both ends of a build; what is elsewhere is mirrored here, and other builds of this machine are kept out of that meanwhile.

    `parts` are folders of the exports that a build reads, so that they are brought too. Raise `PublisherError` when something cannot be
    reached, or has a name that no file may have; errors of the block are given the addresses of what they are about.
    """
    with ExitStack() as held:
        gathered = _Sources(held)
        here = tuple(gathered(_path(each)) for each in sources)
        out = _path(exports)
        depot = _opened_depot(_address(out), gathered.mirrors, parts, held) if _is_address(out) else None
        mirrors = (*gathered.mirrors.values(), *((depot.mirror,) if depot else ()))
        ends = Ends(sources=here, exports=str(depot.mirror.folder) if depot else out, mirrors=mirrors, depot=depot)
        try:
            yield ends
        except PublisherError as error:
            raise type(error)(*ends.named(error.problems)) from None


# -- addresses --------------------------------------------------------------------------------------------------------------


def _is_address(text: str) -> bool:
    """Return whether this is an address of fsspec, and not a path, or a page on the web."""
    found = _ADDRESS.match(text)
    return found is not None and found[1] not in ("http", "https")


def _path(text: str) -> str:
    """Return the path that an address of this machine means; all else as it is."""
    scheme, _, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    if scheme != _HERE or not slash or host not in ("", "localhost"):
        return text
    from urllib.request import url2pathname  # here because it loads all that asks servers

    return url2pathname(slash + path)


@dataclass(frozen=True, slots=True, eq=False)
class _Address:
    """A folder elsewhere."""

    text: str
    fs: Any
    root: str
    """What its file system calls it."""

    def of(self, path: str) -> str:
        """Return what the file system calls a file below."""
        return f"{self.root}/{path}"

    def below(self, name: str) -> str:
        """Return the path below the folder of what the file system calls so."""
        return name.removeprefix(f"{self.root}/")

    def shown(self, path: str = "") -> str:
        """Return the address of a file below, or of the folder, without what may be a password in it."""
        return _without_password(self.text) + (f"/{path}" if path not in ("", ".") else "")

    def above(self) -> _Address | None:
        """Return the folder that this one is in, `None` when it is the uppermost."""
        root, _, name = self.root.rpartition("/")
        return replace(self, text=self.text.removesuffix(f"/{name}"), root=root) if root else None


def _without_password(text: str) -> str:
    return re.sub(r"//[^/@]*@", "//", text)


def _address(text: str) -> _Address:
    """Return the folder at an address; raise `PublisherError` when nothing here can reach it."""
    try:
        import fsspec
    except ImportError:
        what = "in the folder of Publisher's sources, pip install '.[scale]'"
        raise _missing(_without_password(text), "fsspec is not installed here", what) from None
    scheme = text.partition("://")[0]
    with _told(_without_password(text)):
        try:
            fsspec.get_filesystem_class(scheme)
        except ValueError:
            message = f"nothing here knows addresses that begin with {scheme}://"
            raise _nowhere(text, message, "write one that fsspec knows, such as s3://bucket/seeds") from None
        fs, root = fsspec.url_to_fs(text)
    if not root.strip("/"):
        raise _nowhere(text, "this address names nothing", "add the bucket or folder, as in s3://bucket/seeds")
    return _Address(text.rstrip("/"), fs, root.rstrip("/"))


def _nowhere(address: str, message: str, hint: str) -> PublisherError:
    return PublisherError(problem("remote-address", Severity.ERROR, message, hint=hint).at(_without_password(address)))


def _missing(address: str, message: str, what: str) -> PublisherError:
    return PublisherError(problem("remote-missing", Severity.ERROR, message, hint=f"install what it needs: {what}").at(address))


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Raise `PublisherError` for whatever goes wrong with an address; the errors of the many file systems have no class in common."""
    try:
        yield
    except PublisherError:
        raise
    except ImportError as error:  # fsspec knows the kind of address, and what is to be installed for it
        raise _missing(address, str(error), f"the package that fsspec wants for {address.partition(':')[0]}://") from None
    except Exception as error:
        message = f"this cannot be reached, read or written: {str(error).strip().partition(chr(10))[0] or type(error).__name__}"
        hint = "check the address, your rights and the network, and build again: what has arrived is not sent again"
        raise PublisherError(problem("remote-failed", Severity.ERROR, message, hint=hint).at(address)) from None


# -- what is there ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file elsewhere."""

    size: int
    state: str
    """Another one when the file is another; empty when nothing tells that."""
    md5: str
    """Of its bytes; empty when not known. S3 says so of what was sent in one part and is not encrypted with a key of one's own."""


def _listing(address: _Address) -> dict[str, _Entry]:
    """Return the files in a folder elsewhere, by their paths below it, in order."""
    with _told(address.shown()):
        address.fs.invalidate_cache()
        found = address.fs.find(address.root, detail=True)
    prefix = f"{address.root}/"
    return {address.below(name): _entry(info) for name, info in sorted(found.items()) if name.startswith(prefix) and _is_file(name, info)}


def _is_file(name: str, info: dict[str, Any]) -> bool:
    """Return whether this is a file; some programs put an empty object in the place of a folder."""
    return info.get("type") == "file" and not (name.endswith("/") and not info.get("size"))


def _entry(info: dict[str, Any]) -> _Entry:
    known = sorted((key.lower(), str(value)) for key, value in info.items() if key.lower() in _STATES)
    tag = str(info.get("ETag", "")).strip('"')
    state = hashlib.sha256(repr(known).encode()).hexdigest()[:32] if {key for key, _ in known} - {"size"} else ""
    return _Entry(int(info.get("size") or 0), state, tag if _MD5.fullmatch(tag) else "")


def _refuse_names(address: _Address, paths: Iterable[str]) -> None:
    """Raise `PublisherError` for names that no file of ours may have: a bucket takes any."""
    known = [*paths]
    folders = {str(parent) for path in known for parent in PurePosixPath(path).parents}
    wrong = ((path, why) for path in known if (why := _wrong(path) or ("is a folder too" if path in folders else "")))
    if found := [_misnamed(address, path, why) for path, why in islice(wrong, _MOST_TOLD)]:
        raise PublisherError(*found)


def _misnamed(address: _Address, path: str, why: str) -> Problem:
    found = problem("remote-name", Severity.ERROR, f"the name {shown(path)} {why}", hint="give the file another name")
    return found.at(address.shown())


def _wrong(path: str) -> str:
    """Return why a path is none below a folder, spelled in the one way there is; empty when it is one."""
    parts = path.split("/")
    if not {"", ".", ".."}.isdisjoint(parts):
        return "leads out of the folder, or has an empty part"
    if "\\" in path or PureWindowsPath(path).drive:
        return "has a backslash or a drive, which lead elsewhere on Windows"
    if re.search(r"[\0-\x1f\x7f\ud800-\udfff]", path):
        return "has characters that no name may have"
    if "?versionId=" in path:  # s3fs takes what follows for the version of a file
        return "means a version of another file"
    if len(path.encode()) > _LONGEST_PATH or max(len(each.encode()) for each in parts) > _LONGEST_NAME:
        return "is too long"
    return ""


# -- mirrors ----------------------------------------------------------------------------------------------------------------

_Copy = list[Any]
"""A file here that is what is elsewhere: state there, bytes, time of change here (ns)."""


class _Mirror:
    """A folder of ours with what is at an address, and a record of what of it is the same."""

    def __init__(self, address: _Address, held: ExitStack) -> None:
        self.address = address
        home = files.kept_folder().resolve() / _FOLDER / hashlib.sha256(address.text.encode(errors="surrogateescape")).hexdigest()[:32]
        self.folder = home / "files"
        self._record = home / "record.json"
        held.enter_context(files.alone(home))
        self.copies = self._remembered()

    def _remembered(self) -> dict[str, _Copy]:
        """Return what was the same after the last build; nothing when that is not known: then everything is brought, or compared."""
        with suppress(PublisherError, ValueError):
            found = json.loads(files.read(self._record))
            return found if isinstance(found, dict) else {}
        return {}

    def remember(self, listing: dict[str, _Entry]) -> None:
        """Keep what is the same, of what is still there."""
        kept = {path: copy for path, copy in self.copies.items() if path in listing}
        files.write(self._record, json.dumps(kept, separators=(",", ":")).encode())

    def is_copy(self, path: str, entry: _Entry) -> bool:
        """Return whether the file here is the one elsewhere, as far as neither has changed since."""
        known = self.copies.get(path)
        return bool(entry.state) and known is not None and known == self._copy(path, entry)

    def note(self, path: str, entry: _Entry) -> None:
        """Count the file here as the one elsewhere."""
        if copy := self._copy(path, entry):
            self.copies[path] = copy

    def _copy(self, path: str, entry: _Entry) -> _Copy | None:
        try:
            status = (self.folder / path).stat()
        except OSError:
            return None
        return [entry.state, status.st_size, status.st_mtime_ns]

    def bring(self, wanted: dict[str, _Entry], gone: Iterable[str], listing: dict[str, _Entry] | None = None) -> None:
        """Make the files here those elsewhere; raise `PublisherError` when that cannot be.

        What is the same stays known of all in the `listing`, where that has more than is wanted here.
        """
        _refuse_names(self.address, wanted)
        try:
            for path in gone:
                _remove(self.folder, path)
            lacking = [path for path, entry in wanted.items() if not self.is_copy(path, entry)]
            self.folder.mkdir(parents=True, exist_ok=True)
            self._refuse_large(sum(wanted[path].size for path in lacking))
            for start in range(0, len(lacking), _BATCH):
                self._fetch({path: wanted[path] for path in lacking[start : start + _BATCH]})
        finally:
            self.remember(wanted if listing is None else listing)

    def _refuse_large(self, size: int) -> None:
        free = shutil.disk_usage(self.folder).free
        if size > free:
            message = f"this has {size >> 20} MB to bring here, and there is room for {free >> 20} MB"
            hint = "make room, or set PUBLISHER_CACHE to a folder that has some"
            raise PublisherError(problem("remote-too-large", Severity.ERROR, message, hint=hint).at(self.address.shown()))

    def _fetch(self, wanted: dict[str, _Entry]) -> None:
        for path in wanted:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        with _told(self.address.shown()):  # lists on both sides: nothing in a name is taken for a pattern
            self.address.fs.get([self.address.of(path) for path in wanted], [str(self.folder / path) for path in wanted])
        for path, entry in wanted.items():
            if (self.folder / path).stat().st_size != entry.size:
                message, hint = "this has changed while it was brought here", "build again"
                raise PublisherError(problem("remote-changed", Severity.ERROR, message, hint=hint).at(self.address.shown(path)))
            self.note(path, entry)


def _remove(folder: Path, path: str) -> None:
    """Remove a file, and the folders that are empty then."""
    (folder / path).unlink(missing_ok=True)
    for parent in PurePosixPath(path).parents[:-1]:
        with suppress(OSError):
            (folder / parent).rmdir()


def _there(folder: Path) -> Iterator[str]:
    """Yield the paths of the files that were brought into a folder; what is hidden was made here."""
    for top, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        yield from (Path(top, each).relative_to(folder).as_posix() for each in names if not each.startswith(".") or each == MANIFEST)


# -- sources ----------------------------------------------------------------------------------------------------------------


class _Sources:
    """Gives paths of this machine for sources, each publication that is elsewhere brought once."""

    def __init__(self, held: ExitStack) -> None:
        self._held = held
        self.mirrors: dict[str, _Mirror] = {}

    def __call__(self, source: str) -> str:
        """Return the path of a source."""
        if not _is_address(source):
            return source
        address = _address(source)
        home = _home(address)
        if home.root not in self.mirrors:
            self.mirrors[home.root] = self._brought(home)
        rest = home.below(address.root) if address.root != home.root else ""
        if rest:
            _refuse_names(home, [rest])
        return str(self.mirrors[home.root].folder / rest)

    def _brought(self, home: _Address) -> _Mirror:
        mirror, listing = _Mirror(home, self._held), _listing(home)
        _refuse_names(home, listing)
        wanted = _of_sources(listing)
        mirror.bring(wanted, [path for path in _there(mirror.folder) if path not in wanted])
        return mirror


def _is_there(folder: _Address, name: str) -> bool:
    """Return whether there is a file; `isfile` would say no, too, where nobody could be asked."""
    try:
        return bool(folder.fs.info(folder.of(name)).get("type") == "file")
    except (FileNotFoundError, NotADirectoryError):
        return False


def _home(address: _Address) -> _Address:
    """Return the folder with the settings that is nearest above an address; raise `PublisherError` when there is none.

    Without settings it would be this machine's folder for caches that decides which publication these are the sources of.
    """
    folder: _Address | None = address
    with _told(address.shown()):
        address.fs.invalidate_cache()
        while folder:
            if _is_there(folder, SETTINGS):
                return folder
            folder = folder.above()
    message, hint = f"there is no {SETTINGS} here, or above", f"put a {SETTINGS} beside the sources, as `publisher settings` tells"
    raise PublisherError(problem("remote-no-settings", Severity.ERROR, message, hint=hint).at(address.shown()))


def _of_sources(listing: dict[str, _Entry]) -> dict[str, _Entry]:
    """Return what of a folder a build may read: nothing hidden, and nothing that another build has put there."""
    made = {str(parent) for path in listing if (parent := PurePosixPath(path).parent).name and path.endswith(f"/{MANIFEST}")}
    return {path: entry for path, entry in listing.items() if path == MANIFEST or not _is_left_out(PurePosixPath(path), made)}


def _is_left_out(path: PurePosixPath, made: Collection[str]) -> bool:
    return any(part.startswith(".") or part == "node_modules" for part in path.parts) or any(str(each) in made for each in path.parents)


# -- exports ----------------------------------------------------------------------------------------------------------------


def _opened_depot(address: _Address, sources: Collection[str], parts: Sequence[str], held: ExitStack) -> _Depot:
    """Return the exports at an address, what builds read of them brought here; raise `PublisherError` when that cannot be."""
    if address.root in sources:
        hint = "choose a folder of its own for the exports"
        raise PublisherError(problem("remote-twice", Severity.ERROR, "sources and exports are one folder", hint=hint).at(address.shown()))
    depot = _Depot(_Mirror(address, held))
    within = tuple(f"{each}/" for each in parts)
    wanted = {path: depot.listing[path] for path in depot.made if path.startswith(within) and path in depot.listing}
    depot.mirror.bring(
        wanted, [path for path in _there(depot.mirror.folder) if path.startswith(within) and path not in wanted], depot.listing
    )
    files.adopt(depot.mirror.folder, depot.made)
    return depot


class _Depot:
    """Exports elsewhere, as they were when the build began."""

    def __init__(self, mirror: _Mirror) -> None:
        self.mirror = mirror
        self.address = mirror.address
        self.listing = _listing(self.address)
        self.manifest = self._manifest_now() if MANIFEST in self.listing else b""
        self.made = [each for each in files.paths_in(self.manifest) if not _wrong(each) and each != MANIFEST]
        """Paths that are ours there, since a build has made them."""

    def send(self, paths: Iterable[str], kind: Kind, rank: Rank, stays: Callable[[str], bool]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Make what is elsewhere what is here; return which paths have changed there, and which were removed."""
        wanted = frozenset(paths)
        removed = tuple(each for each in self.made if each not in wanted and each in self.listing and not stays(each))
        kept = [each for each in self.made if each in self.listing and each not in removed]
        changed = tuple(sorted(each for each in wanted if not self._is_there(each)))
        self._refuse_foreign(changed)
        _refuse_names(self.address, changed)
        manifest = files.manifest_of({*wanted, *kept})
        if changed or removed or manifest != self.manifest:
            self._exchange(changed, removed, manifest, kind, rank)
        for path in wanted & self.listing.keys():
            self.mirror.note(path, self.listing[path])
        self.mirror.remember(self.listing)
        return changed, removed

    def _is_there(self, path: str) -> bool:
        """Return whether the same bytes are there; told by what is remembered, by a digest, or by asking for them."""
        entry, here = self.listing.get(path), self.mirror.folder / path
        if entry is None or entry.size != here.stat().st_size:
            return False
        if self.mirror.is_copy(path, entry):
            return True
        if entry.md5:
            with here.open("rb") as file:
                return hashlib.file_digest(file, _md5).hexdigest() == entry.md5
        with _told(self.address.shown(path)):
            return bool(self.address.fs.cat_file(self.address.of(path)) == here.read_bytes())

    def _refuse_foreign(self, changed: Iterable[str]) -> None:
        """Raise `PublisherError` when a file would be replaced that no build made."""
        ours = {*self.made}
        if foreign := next((each for each in changed if each in self.listing and each not in ours), None):
            hint = "choose another folder with -o, or take the file away"
            found = problem("file-foreign", Severity.ERROR, "this file is not ours to replace", hint=hint)
            raise PublisherError(found.at(self.address.shown(foreign)))

    def _exchange(self, changed: Sequence[str], removed: Sequence[str], manifest: bytes, kind: Kind, rank: Rank) -> None:
        """Send what has changed, what others point to first, then take away what is no longer pointed to.

        The manifest goes first, with what is there and what will be, and last: whenever we are stopped, all that is ours is in it.
        """
        self._refuse_moved()
        try:
            self._send(changed, removed, manifest, kind, rank)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"stopped; what has arrived at {self.address.shown()} stays there: build again to send the rest"
            ) from None
        self.listing = _listing(self.address)

    def _send(self, changed: Sequence[str], removed: Sequence[str], manifest: bytes, kind: Kind, rank: Rank) -> None:
        meanwhile = files.manifest_of({*self.made, *files.paths_in(manifest)})
        with _told(self.address.shown()):
            if changed and meanwhile != self.manifest:
                self._put_manifest(meanwhile)
            for group in self._groups(changed, kind, rank):
                self._put(*group)
            self._take_away(removed)
            if manifest != (meanwhile if changed else self.manifest):
                self._put_manifest(manifest)

    def _refuse_moved(self) -> None:
        """Raise `PublisherError` when another machine has built to here since we have looked; from now on we would not see it."""
        if self._manifest_now() != self.manifest:
            message, hint = "another build has written here meanwhile", "build again, one machine at a time"
            raise PublisherError(problem("remote-changed", Severity.ERROR, message, hint=hint).at(self.address.shown()))

    def _manifest_now(self) -> bytes:
        with _told(self.address.shown(MANIFEST)):
            try:
                return bytes(self.address.fs.cat_file(self.address.of(MANIFEST)))
            except FileNotFoundError:
                return b""

    def _groups(self, changed: Sequence[str], kind: Kind, rank: Rank) -> Iterator[tuple[str, list[str]]]:
        """Yield content types with the files that have them, in the order in which they are to be sent."""
        found = defaultdict[tuple[int, str], list[str]](list)
        for path in changed:
            here = self.mirror.folder / path
            found[rank(path), kind(path, here.read_bytes() if here.stat().st_size <= _LARGE else b"")].append(path)
        for (_, media_type), paths in sorted(found.items()):
            yield from ((media_type, paths[start : start + _BATCH]) for start in range(0, len(paths), _BATCH))

    def _put(self, media_type: str, paths: Sequence[str]) -> None:
        here, there = [str(self.mirror.folder / each) for each in paths], [self.address.of(each) for each in paths]
        self.address.fs.put(here, there, **self._typed(media_type))

    def _put_manifest(self, manifest: bytes) -> None:
        self.address.fs.pipe_file(self.address.of(MANIFEST), manifest, **self._typed("text/plain;charset=utf-8"))

    def _typed(self, media_type: str) -> dict[str, str]:
        protocol = self.address.fs.protocol
        name = _CONTENT_TYPES.get(protocol if isinstance(protocol, str) else protocol[0])
        return {name: media_type} if name else {}

    def _take_away(self, paths: Sequence[str]) -> None:
        """Remove files; of names in which fsspec would see a pattern each by itself, so that it takes no others for meant."""
        plain = [self.address.of(each) for each in paths if not _PATTERN.search(each)]
        for start in range(0, len(plain), _BATCH):
            self.address.fs.rm(plain[start : start + _BATCH])
        for each in filter(_PATTERN.search, paths):
            self.address.fs.rm_file(self.address.of(each))


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)
