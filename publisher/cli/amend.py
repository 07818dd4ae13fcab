"""Where only texts of articles have changed since a build, what has these texts is made anew, and nothing else is read or planned.

A build of ten thousand articles knows of each what was planned from its text (`recall.Last`, `former`). That still holds when no file
has come or gone, when those that have changed give the same articles but for their texts, and when the exports are as they were left.
Where any of that is not so, or anything else is to be said than the last time, `amended` gives nothing, and all is built as ever.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from publisher import build, desk, files, sources
from publisher.article import Article
from publisher.cli.recall import Beside, Last, Said, Scene
from publisher.cli.remember import key_of, sure
from publisher.desk import Desk
from publisher.files import Placed
from publisher.former import Entry, Former, Given, Shape
from publisher.inputs import Inputs
from publisher.outputs import Output, Sheaf, Written
from publisher.problems import PublisherError
from publisher.tracing import Memory, Trace, made_of, text_digest

__all__ = ["amended"]

_MOST = 200
"""Of so many outputs and more, several processes had better make them, as in any other build."""
_TEXT = 16
"""Where the digest of the text begins in those of an article."""


@dataclass(frozen=True, slots=True)
class _Anew:
    """A sheaf that has other texts."""

    before: bytes
    """Its former key."""
    key: bytes
    outputs: tuple[Output, ...]


_OF_ALL = ("source-ahead", "source-author-near")
"""Codes of what is told of an article beside all others, with a line of its source."""


def amended(given: argparse.Namespace, beside: Beside, scene: Scene) -> tuple[Said, Placed] | None:
    """Make what has other texts since the last build, and put it in place; return what that has said, and what was done."""
    last = None if given.engine else scene.last()
    if last is None or not all(map(sources.is_source, last.changed)):
        return None
    at = desk.desk_of(Path(given.source[0]))
    with desk.kept(at) as records, closing(desk.memory_of(at, records, drafts=given.drafts, only=last.changed)) as memory:
        traces = {path: found for path in last.changed if (found := _corrected(path, last, at, memory, drafts=given.drafts))}
        if len(traces) < len(last.changed) or not scene.is_as_left():
            return None
        new = {each.identifier: each for trace in traces.values() for each in trace.articles if _is_new(each, last)}
        if not last.frame.apart.isdisjoint(new):
            return None
        version = files.installed()
        former = Former(beside.records, str(Path(given.output).resolve()), version)
        sheaves = _planned(last, former, Inputs(version), memory, new, files.Cache(at.folder))
        written = None if sheaves is None else _made(sheaves, former)
        if sheaves is None or written is None:
            return None
        placed = _placed(Path(given.output), scene, written)
        with suppress(KeyboardInterrupt, PublisherError):  # all is in place; what is not remembered is made again
            if memory.exchange(traces):
                _keep(former, beside, sheaves, written, placed)
                articles = {**last.articles, **{name: made_of(each) for name, each in new.items()}}
                scene.keep(last.said, placed, last.frame, articles.items())
        return last.said, placed


# -- what has changed -----------------------------------------------------------------------------------------------------


def _corrected(path: str, last: Last, at: Desk, memory: Memory, *, drafts: bool) -> Trace | None:
    """Return what a source gives now, when only texts are others than in the last build."""
    former = memory.last(path)
    if (
        former is None
        or _is_told_by_its_line(path, last)
        or any(last.articles.get(each.identifier) != made_of(each) for each in former.articles)
    ):
        return None
    try:
        return sources.corrected(former, at.folder.open(path), at.settings, last.changed[path], drafts=drafts)
    except PublisherError:
        return None


def _is_told_by_its_line(path: str, last: Last) -> bool:
    """Return whether something was said of a line of a source that is none of the source alone: it may stand in another line now."""
    said, name = last.said.problems, path.rpartition("/")[2]
    is_spelled_so = re.fullmatch(r"[\w.-]+", name, re.ASCII)  # in every format that a build tells problems in
    return any(code in said for code in _OF_ALL) and (not is_spelled_so or name in said)


def _is_new(article: Article, last: Last) -> bool:
    return last.articles[article.identifier] != made_of(article)


# -- what is made of it ---------------------------------------------------------------------------------------------------


def _planned(
    last: Last, former: Former, inputs: Inputs, memory: Memory, new: Mapping[str, Article], media: files.Cache
) -> list[_Anew] | None:
    """Return the sheaves that have new texts; `None` when one of them is not known."""
    frame = last.frame
    outlines = {what: former.outline(what) for what in frame.outlines}
    if any(outlines[what][0] != outline for what, outline in frame.outlines.items()):
        return None
    names = [*last.articles]
    places = {place for place, name in enumerate(names) if name in new}
    shapes = [each for what in frame.outlines for each in outlines[what][1] if not places.isdisjoint(each[2])]
    numbers = {frame.shelves[place] for each in shapes for place in each[2]}
    articles = {each.identifier: each for trace in memory.take_up_more(numbers) for each in trace.articles} | dict(new)
    givens = former.givens((name for name, *_ in shapes), articles, media)
    found = [_anew(each, givens.get(each[0]), names, articles, last, inputs) for each in shapes]
    several = [each for each in found if each]
    return several if len(several) == len(found) else None


def _anew(
    shape: Shape, given: Given | None, names: Sequence[str], articles: Mapping[str, Article], last: Last, inputs: Inputs
) -> _Anew | None:
    """Return a sheaf of this shape, `None` when what is known of it is not what it was planned from."""
    name, spelled, places, own = shape
    of = [names[each] for each in places]
    if given is None or any(each not in articles or articles[each] is None for each in of):
        return None
    sheaf = Sheaf(name, given[1], *given[2], article=None if own is None else articles.get(names[own]))
    found, met = inputs.shape(sheaf)
    if found != spelled or [each.identifier for each in met] != of:
        return None
    before, texts = [last.articles[each][_TEXT:] for each in of], [*map(text_digest, met)]
    outputs = sheaf.outputs()
    for each in outputs:
        each.key = inputs.key(each)
    return _Anew(key_of(spelled, before), key_of(spelled, texts), outputs)


def _made(sheaves: Sequence[_Anew], former: Former) -> dict[str, Written] | None:
    """Return what is another now; `None` when there is too much of it, or anything else is said of it than the last time."""
    known = former.sheaves_of(each.before for each in sheaves)
    todo: list[Output] = []
    for each in sheaves:
        rows = known.get(each.before, ())
        if [row[:-1] for row in rows] != [(one.path, one.format, one.is_made) for one in each.outputs]:
            return None
        todo += (one for one, row in zip(each.outputs, rows, strict=True) if one.key is None or one.key != row[-1])
    if len(todo) >= _MOST:
        return None
    entries = former.entries(each.path for each in todo)
    written = {each.path: each for each in build.render_all(todo)}
    return written if all(path in entries and entries[path].problems == each.problems for path, each in written.items()) else None


# -- where it goes --------------------------------------------------------------------------------------------------------


def _placed(exports: Path, scene: Scene, written: Mapping[str, Written]) -> Placed:
    """Put files in place, and leave all others there."""
    before = scene.exports.stamp(files.MANIFEST) if scene.exports else None
    bodies = {path: each.body for path, each in written.items()}
    return files.place(exports, bodies, left=frozenset(files.listed(exports)) - bodies.keys(), before=before, complete=False)


def _keep(former: Former, beside: Beside, sheaves: Sequence[_Anew], written: Mapping[str, Written], placed: Placed) -> None:
    """Remember what was made, in the place of what is no more."""
    keys = {each.path: each.key for several in sheaves for each in several.outputs if each.key}
    entries = {
        path: Entry(keys[path], placed.states[path], tuple(sure(answer, beside) for answer in each.answers), each.problems)
        for path, each in written.items()
        if path in keys and path in placed.states
    }
    former.keep(entries, [*entries.items()].__getitem__, complete=False)
    former.exchange_sheaves({each.before: (each.key, each.outputs) for each in sheaves})
