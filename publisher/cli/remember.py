"""What a build need not make again, since a build before it has left it as it would be made: decided by digests of all that goes in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from publisher import files, issues
from publisher.cli.recall import Beside
from publisher.desk import Press
from publisher.files import Body, Census, Placed, Stamp
from publisher.former import Entry, Former, Left
from publisher.inputs import Inputs
from publisher.outputs import Answer, Content, Output, Sheaf, digest_of
from publisher.problems import Problem

__all__ = ["Memory"]


class Memory:
    """What the builds before this one have left in its folder of exports, and what this one leaves."""

    def __init__(self, beside: Beside, exports: Path, seen: Census | None = None, asked: object = None) -> None:
        """`seen` is what is in the exports, where that was looked at; `asked` what the settings ask of files that are copied."""
        self._beside = beside
        self._asked = asked
        self._state = seen.stamp if seen else partial(_state, exports)
        self._version = files.installed()
        self._inputs = Inputs(self._version)
        self._sheaves: dict[bytes, Sequence[Output]] = {}
        self._keys: dict[str, bytes | None] = {}
        self._outputs: dict[str, bytes | None] = {}
        self._former = Former(beside.records, str(exports.resolve()), self._version)
        self._known = self._former.sheaves()

    def unfold(self, sheaf: Sheaf) -> Sequence[Output]:
        """Return the outputs of a sheaf; where these were planned from the same before, only what they are called."""
        key = self._inputs.key_of(sheaf) if self._beside.since else None
        if key is None:
            return sheaf.outputs()
        found: Sequence[Output]
        if known := self._known.get(key):
            found = [_again(sheaf, number, *each) for number, each in enumerate(known)]
        else:
            found = sheaf.outputs()
            for each in found:
                each.key = self._inputs.key(each)
        self._sheaves[key] = found
        return found

    def left(self, outputs: Sequence[Output], media: Mapping[str, Body], find: Callable[[str], bytes | None]) -> Left:
        """Return which files are there as they would be made; none where nothing is remembered."""
        if not self._beside.since:
            return Left({}, {})
        self._outputs = self._of_outputs(outputs)
        self._keys = self._outputs | {path: self._of_file(body) for path, body in media.items()}
        return self._former.left(self._keys, self._state, _Found(find))

    def keep(self, placed: Placed, made: Mapping[str, tuple[tuple[Answer, ...], tuple[Problem, ...]]], *, complete: bool) -> None:
        """Remember what was placed, with what was asked and said as it was made; forget all else, where everything was placed."""
        entries = {path: Entry(key, seen, *self._made(path, made)) for path, seen in placed.states.items() if (key := self._keys.get(path))}
        self._former.keep(entries, complete=complete)
        self._former.keep_sheaves(self._known, self._sheaves, complete=complete)

    def is_settled(self, press: Press, placed: Placed, press_now: Callable[[], Press], plan: Callable[[Press], Sequence[Output]]) -> bool:
        """Return whether the next build would make the same: what was placed may be an issue that is out from now on."""
        if not any(each.startswith(issues.FOLDER) for each in (*placed.changed, *placed.removed)):
            return True
        now = press_now()
        return now == press or (now.issues.problems == press.issues.problems and self._of_outputs(plan(now)) == self._outputs)

    def _of_outputs(self, outputs: Sequence[Output]) -> dict[str, bytes | None]:
        return {each.path: each.key or self._inputs.key(each) for each in outputs}

    def _of_file(self, body: Body) -> bytes | None:
        """Return the digest of a file that is copied; of one in a state that could be that of another content, none."""
        if isinstance(body, bytes):
            return digest_of(body)
        seen = files.state(body) if isinstance(body, Path) else None
        return digest_of(repr((str(body), seen, self._asked)).encode(errors="surrogatepass")) if seen and self._is_sure(seen) else None

    def _is_sure(self, seen: Sequence[object]) -> bool:
        return all(isinstance(time, int) and time < self._beside.since for time in seen[1:3])

    def _made(
        self, path: str, made: Mapping[str, tuple[tuple[Answer, ...], tuple[Problem, ...]]]
    ) -> tuple[tuple[Answer, ...], tuple[Problem, ...]]:
        answers, problems = made.get(path, ((), ()))
        return tuple(self._sure(each) for each in answers), problems

    def _sure(self, answer: Answer) -> Answer:
        """Return an answer without the state of its file, where that could be the state of another content: it is read the next time."""
        url, state, digest = answer
        return answer if isinstance(state, tuple) and self._is_sure(state[1:]) else (url, None, digest)


def _state(exports: Path, path: str) -> Stamp | None:
    return files.state(f"{exports}/{path}")


def _again(sheaf: Sheaf, number: int, path: str, name: str, url: str | None, is_made: bool, key: bytes | None) -> Output:
    """Return an output of a sheaf by what it is called; what it is made of is planned only when somebody asks for it."""
    article = None if is_made else sheaf.article
    return Output.late(path, name, url, _content, sheaf, number, article=article, is_made=is_made, key=key)


def _content(sheaf: Sheaf, number: int) -> Content:
    return sheaf.outputs()[number].content()


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
