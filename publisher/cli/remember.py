"""What a build need not make again, since a build before it has left it as it would be made: decided by digests of all that goes in."""

from __future__ import annotations

import pickle
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from hashlib import blake2b
from itertools import chain, repeat
from pathlib import Path

from publisher import files
from publisher.article import Article
from publisher.build import Key
from publisher.cli.recall import Beside, Frame
from publisher.files import Body, Census, Placed, Stamp
from publisher.formats import no_media
from publisher.former import Entry, Former, Left, Shape, Shapes
from publisher.inputs import Inputs
from publisher.issues import Book
from publisher.meanwhile import Meanwhile
from publisher.outputs import KEY, Answer, Bundle, Content, Media, Output, Plan, Row, Sheaf, digest_of
from publisher.problems import Problem
from publisher.sources import Gathered
from publisher.tracing import shelf_number, text_digest

__all__ = ["Compiled", "Memory", "key_of", "sure"]

_COMPILED = "template"


class Memory:
    """What the builds before this one have left in its folder of exports, and what this one leaves."""

    def __init__(
        self,
        beside: Beside,
        exports: Path,
        seen: Census | None = None,
        asked: object = None,
        media: Media = no_media,
        *,
        keyed: bool = False,
        meanwhile: bool = False,
    ) -> None:
        """`seen` is what is in the exports, where that was looked at; `asked` what the settings ask of files that are copied.

        `media` gives the media that outputs are planned with. Where they are `keyed`, whoever makes outputs can give their keys, and
        `meanwhile` another process may look at what only the next build asks for.
        """
        self._beside = beside
        self._media = media
        self._is_keyed, self._has_others = keyed, meanwhile
        self._later: list[_Later] = []
        self._outlines: dict[str, bytes | None] = {}
        """Of all sheaves that were unfolded the digest of what they are made from, where their shapes are known."""
        self._asked = asked
        self._state = seen.stamp if seen else partial(_state, exports)
        self._version = files.installed()
        self._inputs = Inputs(self._version)
        self._plan = Plan()
        self._files: dict[str, bytes | None] = {}
        self._former = Former(beside.records, str(exports.resolve()), self._version)
        self._known = self._former.sheaves()

    def unfold(
        self, what: str, given: tuple[object, ...], articles: Sequence[Article], sheaves: Callable[..., Iterable[Sheaf]]
    ) -> Iterator[Bundle]:
        """Yield the outputs of sheaves; of those that were planned from the same before, only what they are called.

        What sheaves are made from is looked at first, all but texts: where that is the same, all of them are but for what texts they have,
        and only those are made that have another one.
        """
        found = _Sheaves(sheaves)
        shaped = partial(self._shaped, what, given, found, articles)
        if self.key and self._has_others:
            every = [*found.all()]
            self._later.append((what, shaped, Meanwhile(lambda: pickle.dumps(shaped())), articles, len(every)))
            yield from map(Sheaf.bundle, every)
            return
        outline, shapes = shaped()
        self._outlines[what] = outline
        if shapes is None:
            yield from map(Sheaf.bundle, sheaves())
            return
        key_in = _keys_in(articles)
        if self._known:
            found.make({each[0] for each in shapes if key_in(each) not in self._known})
        for each in shapes:
            name, _, _, of = each
            if (rows := self._known.get(key := key_in(each))) is None:
                yield found[name], [*map(self._row, found[name].outputs())], key
            else:
                yield _Again(found, name, None if of is None else articles[of]), rows, key

    def _keys_of(self, later: _Later) -> Iterator[bytes | None]:
        """Yield the keys of sheaves, which were looked at meanwhile."""
        what, shaped, meanwhile, articles, count = later
        found = meanwhile.result()
        self._outlines[what], shapes = pickle.loads(found) if found else shaped()  # noqa: S301 - of our own process
        yield from repeat(None, count) if shapes is None else map(_keys_in(articles), shapes)

    def close(self) -> None:
        """End what is done meanwhile."""
        for _, _, meanwhile, *_ in self._later:
            meanwhile.close()

    def _row(self, output: Output) -> Row:
        return output.path, output.format, output.is_made, None if self.key else self._inputs.key(output)

    @cached_property
    def key(self) -> Key | None:
        """What gives the keys of outputs to who makes them, who has put together anyway what they are made of; `None` where something is
        known: which of them are to be made is told by their keys then.
        """
        return _Keys(self._inputs) if self._is_keyed and self._beside.since and not self._known else None

    def _shaped(self, what: str, given: object, sheaves: _Sheaves, articles: Sequence[Article]) -> tuple[bytes | None, Shapes | None]:
        """Return the digest of what all sheaves are made from, and their shapes; nothing where these cannot be known."""
        outline = self._inputs.outline(given) if self._beside.since else None
        shapes = self._shapes_of(what, outline, sheaves, articles) if outline else None
        return (outline, shapes) if shapes is not None else (None, None)

    def _shapes_of(self, what: str, outline: bytes, sheaves: _Sheaves, articles: Sequence[Article]) -> Shapes | None:
        """Return the shapes of all sheaves, where those are known, or can be; what is new of them is kept and not held."""
        known, shapes = self._former.outline(what)
        if outline != known:
            before, shapes = shapes, Shapes()
            places = {id(each): place for place, each in enumerate(articles)}
            for each in sheaves.all():
                shape, texts = self._inputs.shape(each)
                if shape is None:
                    return None
                own = places[id(each.article)] if each.article else None
                shapes.append((each.name, shape, tuple(places[id(article)] for article in texts), own))
            self._former.keep_givens(before, shapes, sheaves, articles, self._media)
            self._former.keep_outline(what, (outline, shapes))
        return shapes

    def left(self, outputs: Plan, media: Mapping[str, Body], find: Callable[[str], bytes | None]) -> Left:
        """Return which files are there as they would be made; none where nothing is remembered."""
        if not self._beside.since:
            return Left({}, {})
        self._plan = outputs
        if self._later:
            outputs.learn_from(chain.from_iterable(map(self._keys_of, self._later)))
        self._files = {path: self._of_file(body) for path, body in media.items()}
        return self._former.left(lambda: ChainMap(self._files, self._outputs), self._state, find)

    @cached_property
    def _outputs(self) -> dict[str, bytes | None]:
        """The keys of all outputs; of those that are made of what has no name, nothing."""
        return dict(map(self._keyed, self._plan))

    def keep(self, placed: Placed, made: Mapping[str, tuple[tuple[Answer, ...], tuple[Problem, ...]]], *, complete: bool) -> None:
        """Remember what was placed, with what was asked and said as it was made; forget all else, where everything was placed."""

        others = [*self._files.items()]

        def entry_at(place: int) -> tuple[str, Entry] | None:
            """Return what is to be remembered of an output, or of another file: those count on after the outputs."""
            count = len(self._plan)
            path, key = self._keyed(self._plan[place]) if place < count else others[place - count]
            state = placed.states.near(place, path) if key else None
            return (path, Entry(key, state, *self._made(path, made))) if key and state else None

        self._former.keep(chain(self._plan.paths, self._files), entry_at, complete=complete)
        self._former.keep_sheaves(self._known, self._plan.bundles(), complete=complete)

    def frame(self, gathered: Gathered, books: Iterable[Book]) -> Frame | None:
        """Return what all that was planned depends on, but for the texts of articles; `None` when not all of it is known."""
        single = [*map(self._inputs.texts, self._plan.apart())]
        outlines = {what: outline for what, outline in self._outlines.items() if outline}
        if not outlines or len(outlines) < len(self._outlines) or None in single:
            return None
        apart = chain.from_iterable((*filter(None, single), *(each.articles for each in books)))
        return Frame(
            outlines,
            frozenset(each.identifier for each in apart if hasattr(each, "_late") or each.body),
            bytes(map(shelf_number, gathered.paths)),
        )

    def _keyed(self, output: Output) -> tuple[str, bytes | None]:
        key = self._inputs.key(output)
        if key and not output.key:
            self._plan.learn(output.path, key)
        return output.path, key

    def _of_file(self, body: Body) -> bytes | None:
        """Return the digest of a file that is copied; of one in a state that could be that of another content, none."""
        if isinstance(body, bytes):
            return digest_of(body)
        seen = files.state(body) if isinstance(body, Path) else None
        return (
            digest_of(repr((str(body), seen, self._asked)).encode(errors="surrogatepass"))
            if seen and _is_sure(seen, self._beside)
            else None
        )

    def _made(
        self, path: str, made: Mapping[str, tuple[tuple[Answer, ...], tuple[Problem, ...]]]
    ) -> tuple[tuple[Answer, ...], tuple[Problem, ...]]:
        answers, problems = made.get(path, ((), ()))
        return tuple(sure(each, self._beside) for each in answers), problems


_Later = tuple[str, Callable[[], tuple[bytes | None, Shapes | None]], Meanwhile, Sequence[Article], int]
"""What sheaves are called together, what looks at them, and does so meanwhile; the articles they are of, and how many there are."""


def _keys_in(articles: Sequence[Article]) -> Callable[[Shape], bytes]:
    """Return what gives the key of a sheaf of these articles by its shape."""
    texts = [*map(text_digest, articles)]
    return lambda shape: key_of(shape[1], map(texts.__getitem__, shape[2]))


class _Keys:
    """Gives the keys of outputs here and in forks.

    Another process, should there be one after all that is sent what outputs are made of, would spell anew for each of them what many
    have in common: it gives none.
    """

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs

    def __call__(self, form: str, content: Content) -> bytes | None:
        return self._inputs.made_of(form, content)

    def __reduce__(self) -> tuple[Callable[[], Key], tuple[()]]:
        return _keyless, ()


def _keyless() -> Key:
    return _none


def _none(form: str, content: Content) -> None:
    """Stand for the key of an output that somebody else is to give."""


class Compiled:
    """Templates that were compiled by this version, one of each name."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self._version = files.installed()

    def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, `None` when there is nothing."""
        with self._beside.records() as rows:
            found = rows.get(_COMPILED, key) or b""
        size = len(self._version)
        return found[size:] if found[:size] == self._version else None

    def keep(self, key: str, body: bytes) -> None:
        """Keep it, if that can be."""
        with self._beside.records() as rows:
            rows.keep(_COMPILED, {key: self._version + body})


def sure(answer: Answer, beside: Beside) -> Answer:
    """Return an answer without the state of its file, where that could be the state of another content: it is read the next time."""
    url, state, digest = answer
    return answer if isinstance(state, tuple) and _is_sure(state[1:], beside) else (url, None, digest)


def _is_sure(seen: Sequence[object], beside: Beside) -> bool:
    return all(isinstance(time, int) and time < beside.since for time in seen[1:3])


def _state(exports: Path, path: str) -> Stamp | None:
    return files.state(f"{exports}/{path}")


class _Sheaves(dict[str, Sheaf]):
    """Sheaves by their names, made when they are asked for: those that are known to be wanted first, and all when another one is."""

    def __init__(self, sheaves: Callable[..., Iterable[Sheaf]]) -> None:
        self._sheaves = sheaves
        self._is_whole = False

    def make(self, names: set[str]) -> None:
        """Make sheaves of some names."""
        if not names <= self.keys():
            self.update((each.name, each) for each in self._sheaves(wanted=names))

    def all(self) -> Iterable[Sheaf]:
        """Return all of them, in their order."""
        if not self._is_whole:
            self.update((each.name, each) for each in self._sheaves())
            self._is_whole = True
        return self.values()

    def __missing__(self, name: str) -> Sheaf:
        return {each.name: each for each in self.all()}[name]


def key_of(shape: bytes, texts: Iterable[bytes]) -> bytes:
    """Return the key of a sheaf."""
    return blake2b(b"".join(texts), digest_size=KEY, key=shape).digest()


class _Again:
    """A sheaf by its name, which is planned only when somebody asks what an output of it is made of."""

    __slots__ = ("_name", "_sheaves", "article")

    def __init__(self, sheaves: _Sheaves, name: str, article: Article | None) -> None:
        self._sheaves, self._name, self.article = sheaves, name, article

    def content(self, number: int) -> Content:
        return self._sheaves[self._name].outputs()[number].content()
