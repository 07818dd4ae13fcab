"""What a build need not make again, since a build before it has left it as it would be made: decided by digests of all that goes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from publisher import files, records
from publisher.desk import Desk
from publisher.files import Body, Placed, Stamp
from publisher.former import Entry, Former, Left
from publisher.inputs import Inputs
from publisher.outputs import Answer, Output, digest_of
from publisher.problems import Problem, PublisherError

__all__ = ["Memory"]


@contextmanager
def _records(folder: Path | None) -> Iterator[records.Records]:
    """Give what is kept beside the sources; nothing where that cannot be."""
    if folder is None:
        yield records.Records()
        return
    with records.opened(folder / files.CACHE / "records", records.secret(files.kept_folder())) as opened:
        yield opened


class Memory:
    """What the builds before this one have left in its folder of exports, and what this one leaves."""

    def __init__(self, at: Desk, exports: Path) -> None:
        self._exports = exports
        self._folder = at.folder.root if at.own and _is_ready(at.folder) else None  # a lone file has no folder of its own
        self._since = files.moment(at.folder.root / files.CACHE) if self._folder else 0
        self._version = files.installed()
        self._keys: dict[str, bytes | None] = {}

    def left(self, outputs: Sequence[Output], media: Mapping[str, Body], find: Callable[[str], bytes | None]) -> Left:
        """Return which files are there as they would be made; none where nothing is remembered."""
        if not self._since:
            return Left({}, {})
        inputs = Inputs(self._version)
        self._keys = {each.path: inputs.key(each) for each in outputs} | {path: self._of_file(body) for path, body in media.items()}
        with _records(self._folder) as rows:
            return self._former(rows).left(self._keys, self._state, _Found(find))

    def keep(self, placed: Placed, made: Mapping[str, tuple[tuple[Answer, ...], tuple[Problem, ...]]], *, complete: bool) -> None:
        """Remember what was placed, with what was asked and said as it was made; forget all else, where everything was placed."""
        entries = {path: Entry(key, seen, *self._made(path, made)) for path, seen in placed.states.items() if (key := self._keys.get(path))}
        if self._since:
            with _records(self._folder) as rows:
                self._former(rows).keep(entries, lambda path: complete and path not in self._keys)

    def _former(self, rows: records.Records) -> Former:
        return Former(rows, str(self._exports.resolve()), self._version)

    def _state(self, path: str) -> Stamp | None:
        return files.state(f"{self._exports}/{path}")

    def _of_file(self, body: Body) -> bytes | None:
        """Return the digest of a file that is copied; of one in a state that could be that of another content, none."""
        if isinstance(body, bytes):
            return digest_of(body)
        seen = files.state(body) if isinstance(body, Path) else None
        return (
            blake2b(repr((str(body), seen)).encode(errors="surrogatepass"), digest_size=16).digest()
            if seen and self._is_sure(seen)
            else None
        )

    def _is_sure(self, seen: Sequence[object]) -> bool:
        return all(isinstance(time, int) and time < self._since for time in seen[1:3])

    def _made(
        self, path: str, made: Mapping[str, tuple[tuple[Answer, ...], tuple[Problem, ...]]]
    ) -> tuple[tuple[Answer, ...], tuple[Problem, ...]]:
        answers, problems = made.get(path, ((), ()))
        return tuple(self._sure(each) for each in answers), problems

    def _sure(self, answer: Answer) -> Answer:
        """Return an answer without the state of its file, where that could be the state of another content: it is read the next time."""
        url, state, digest = answer
        return answer if isinstance(state, tuple) and self._is_sure(state[1:]) else (url, None, digest)


@dataclass(frozen=True, slots=True)
class _Found:
    """Gives media, with the states of their files where these are known."""

    find: Callable[[str], bytes | None]

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes of a medium."""
        return self.find(url)

    def state(self, url: str) -> object:
        """Return the state of its file."""
        known = getattr(self.find, "state", None)
        return known(url) if known else None


def _is_ready(folder: files.Folder) -> bool:
    """Return whether there is a folder for what is kept, made if need be."""
    try:
        if not (folder.root / files.CACHE).is_dir():
            files.Cache(folder).prepare()
    except PublisherError:
        return False
    return True
