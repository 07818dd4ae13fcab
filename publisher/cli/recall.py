"""Where nothing has changed since a build, what that build said is said again, and nothing is read, planned or made.

What a build depends on is seen without reading it: the states of all files below the sources and the exports, what was asked for,
the day, our own version and that of all packages, and the program that converts documents. Light to import, since that is most of the time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import zlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from publisher import files, records
from publisher.meanwhile import Meanwhile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from publisher.files import Stamp

__all__ = ["Beside", "Frame", "Last", "Said", "Scene"]

_KIND, _FRAME, _CENSUS, _LAST = "said", "frame", "census", "commands"
_MOST = 8
"""So many different commands are remembered: the last ones."""
_PART = 2**16
"""Bytes that are packed, unpacked and written together."""
_AT_ONCE = 5_000
"""Articles that are written together."""
_NO_MATTER = frozenset(("jobs", "command"))
"""What changes nothing of what a build makes or says."""


class Beside:
    """What is kept beside the sources of a build; nothing where they have no settings, since a lone file has no folder of its own."""

    def __init__(self, source: str) -> None:
        root = files.home(Path(source)) if Path(source).exists() else Path(source)
        self._path = files.Cache(files.Folder(root, "")).file("records") if (root / files.SETTINGS).is_file() else None
        self.root = root if self._path else None
        self.since = files.moment(root / files.CACHE) if self.root else 0
        """What has changed before is seen as it is; 0 where nothing can be kept."""

    def has_changed(self, path: Path) -> bool:
        """Return whether a file has changed since the build began; one of a later time than now was changed by another clock."""
        seen = files.state(path)
        return bool(self.root and self.since and seen and self.since < seen[2] <= files.moment(self.root / files.CACHE))

    def records(self) -> AbstractContextManager[records.Records]:
        """Give what is kept."""
        return records.kept(self._path if self.since else None, files.kept_folder())


@dataclass(frozen=True, slots=True)
class Said:
    """What a build has said."""

    problems: str
    """As it was written."""
    summary: str
    """The closing line as it would be when nothing has changed, without the time."""

    def after(self, changed: int) -> str:
        """Return the closing line when so many files were changed, and no other ones are there."""
        return self.summary.replace("(0 changed)", f"({changed} changed)", 1)


class Frame(NamedTuple):
    """What all that a build has made depends on, but for the texts of articles."""

    outlines: Mapping[str, bytes]
    """The digest of all that sheaves are made from, by what these are called together; see `former`."""
    apart: frozenset[str]
    """Identifiers of those articles whose texts are in more than sheaves."""
    shelves: bytes
    """In the order of the articles, where what is remembered of their sources is; see `tracing.shelf_number`."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last build of the same command."""

    said: Said
    frame: Frame
    articles: Mapping[str, bytes]
    """Of each article, by its identifier and in the order of the publication: digests of all but its text, and of its text."""
    changed: Mapping[str, Stamp]
    """The files below the sources that are others by now; none has come or gone."""


class _Waiting:
    """Bytes that are wanted when a build begins and when it ends, and are packed in between."""

    def __init__(self, body: bytes = b"") -> None:
        self._body, self._is_packed = body, False

    def pack(self) -> None:
        self._body, self._is_packed = self._body if self._is_packed else zlib.compress(self._body, 1), True

    def parts(self) -> Iterator[bytes]:
        """Yield all of it, some at a time."""
        unpack = zlib.decompressobj().decompress if self._is_packed else bytes
        return (unpack(self._body[start : start + _PART]) for start in range(0, len(self._body), _PART))


class Scene:
    """All that a build sees before it begins."""

    def __init__(self, given: argparse.Namespace, beside: Beside, today: date, colours: object) -> None:
        self._beside = beside
        self._exports = Path(given.output)
        self._sources = [Path(each) for each in given.source]
        converter = shutil.which("pandoc")
        asked = {name: value for name, value in vars(given).items() if name not in _NO_MATTER}
        around = [os.getcwd(), today.isoformat(), colours, files.installed().hex(), converter, converter and files.state(converter)]
        self._command = _digest(json.dumps([asked, around], default=repr))
        self._meanwhile = Meanwhile(self._of_exports) if beside.since and self._exports.exists() else None
        """Looks at the exports meanwhile, which are most of all files."""
        self._spelled = _Waiting()
        """The census of the sources."""
        self._seen = self._of_sources()

    @cached_property
    def exports(self) -> files.Census | None:
        """What is in the exports before anything is done there; `None` when not all of it can be seen."""
        if self._meanwhile and (spelled := self._meanwhile.result()):
            return files.Census(spelled)
        return files.census(self._exports) if self._exports.exists() else files.Census({})

    def _of_exports(self) -> bytes | None:
        found = files.census(self._exports)
        return found.spelled if found else None

    def close(self) -> None:
        """End what is done meanwhile."""
        if self._meanwhile:
            self._meanwhile.close()

    def take_up(self) -> None:
        """Take up what was seen of the exports, as later the garbage collector would look at much else meanwhile; and put away the rest."""
        if self.exports:
            self.exports.stamp("")
        self._spelled.pack()

    def said(self) -> Said | None:
        """Return what the last build has said, when it saw the same as this one and left what is there."""
        return Said(*self._known[2:]) if self._seen and self._known[:1] == [self._seen] and self.is_as_left() else None

    def last(self) -> Last | None:
        """Return the last build of this command, where it is remembered what that was made of, and no file has come or gone since."""
        if not self._seen or not self._known:
            return None
        with self._beside.records() as rows:
            body, spelled = rows.get_long(_FRAME, self._command), rows.get_long(_CENSUS, self._command)
        seen, frame, articles = _unpacked(body) if body else ("", (), {})
        is_of_it = seen == self._known[0] and seen.startswith(f"{files.digest_of(spelled)} ")
        changed = files.Census(b"".join(self._spelled.parts())).others(files.Census(spelled)) if is_of_it else None
        return Last(Said(*self._known[2:]), Frame(*frame), articles, changed) if changed else None

    def is_as_left(self) -> bool:
        """Return whether the exports are as the last build has left them."""
        return bool(self.exports and self._known[1] == self.exports.digest)

    @cached_property
    def _known(self) -> list[str]:
        """What is remembered of the last build of this command, if anything."""
        with self._beside.records() as rows:
            found: list[str] = json.loads(rows.get(_KIND, self._command) or b"[]")
            return found

    def keep(self, said: Said, placed: files.Placed, frame: Frame | None = None, articles: Iterable[tuple[str, bytes]] = ()) -> None:
        """Remember what was said, where the next build would say it again if nothing changes, and every change would be seen.

        With `frame`, and what `Last` has of all `articles`, it is remembered what all that was made depends on, too.
        """
        exports = self.exports.after(placed) if self.exports else None
        if self._seen and exports and placed.states and exports.latest < files.moment(self._exports):
            value = json.dumps([self._seen, exports.digest, said.problems, said.summary]).encode()
            with self._beside.records() as rows:
                others = [each for each in (rows.get(_LAST, "all") or b"").decode().split() if each != self._command]
                kept, gone = others[: _MOST - 1], others[_MOST - 1 :]
                rows.keep(_KIND, {self._command: value}, gone)
                rows.keep_long(_CENSUS, self._command, self._spelled.parts() if frame else (), gone)
                rows.keep_long(_FRAME, self._command, _packed(self._seen, frame, articles) if frame else (), gone)
                rows.keep(_LAST, {"all": " ".join((self._command, *kept)).encode()})

    def _of_sources(self) -> str | None:
        """Return a digest of the files below the sources, `None` when one of them could change without being seen."""
        root, exports = self._beside.root, self._exports.resolve()
        if root is None or not self._beside.since or any(not each.is_dir() for each in self._sources):
            return None
        homes = [str(files.home(each).resolve()) for each in self._sources]
        if any(each != str(root.resolve()) for each in homes):
            return None
        seen = files.census(root.resolve(), without=exports)
        if not seen or seen.latest >= self._beside.since:
            return None
        self._spelled = _Waiting(spelled := seen.spelled)
        return f"{files.digest_of(spelled)} {homes}"


def _packed(seen: str, frame: Frame, articles: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield what a build depends on as bytes, in parts."""
    import pickle  # who says again what was said has no need of it

    rows = iter(articles)
    yield pickle.dumps((seen, *frame), protocol=5)
    while some := dict(islice(rows, _AT_ONCE)):
        yield pickle.dumps(some, protocol=5)


def _unpacked(body: bytes) -> tuple[str, tuple[Any, ...], dict[str, bytes]]:
    import pickle

    file, articles = BytesIO(body), dict[str, bytes]()
    seen, *frame = pickle.load(file)  # noqa: S301 - sealed
    while file.tell() < len(body):
        articles |= pickle.load(file)  # noqa: S301
    return seen, tuple(frame), articles


def _digest(text: str) -> str:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
