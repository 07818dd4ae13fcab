"""A whole build: what is read, planned, made, put in place, and remembered for the next one."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publisher import build, cluster, desk, files, issues, planning
from publisher.cli import codes
from publisher.cli.recall import Beside, Said, Scene
from publisher.cli.remember import Memory
from publisher.cli.talk import ALIKE, count, failed, progress, report, say, spell, verdict
from publisher.desk import Press
from publisher.files import Body, Placed, Spool, Spooled, Store
from publisher.newsstand.pictures import Developed
from publisher.outputs import Answer, Media, Plan, Written
from publisher.problems import Problem, PublisherError, Severity
from publisher.tracing import made_of

if TYPE_CHECKING:
    from publisher.remote import Ends

__all__ = ["built"]

_MANY = 200
"""From so many outputs on a build uses all cores."""


def built(given: argparse.Namespace, spool: Spool, ends: Ends, beside: Beside, scene: Scene, today: date) -> str | None:
    """Build, and say what is wrong; return what was done, `None` when nothing was written."""
    scene.take_up()
    with ExitStack() as ending:
        return _built(_Build(given, ends, beside, scene, today, ending), given, spool, ends)


def _built(work: _Build, given: argparse.Namespace, spool: Spool, ends: Ends) -> str | None:
    work.fetch()
    work.make(spool)
    problems = work.problems()
    report(ends.named(problems), given.format, most=ALIKE)
    if failed(problems, strict=given.strict):
        say(f"{work.summary}, {verdict(problems)}: nothing was written")
        return None
    placed, sent = work.place(spool)
    there = count(work.placed, "file")
    with suppress(KeyboardInterrupt, PublisherError):  # all is in place; what is not remembered is made again
        work.keep(placed, Said(spell(problems, given.format, most=ALIKE), f"{work.summary}, {there} (0 changed), {verdict(problems)}"))
    removed = f", {len(sent.removed)} removed" if sent.removed else ""
    return f"{work.summary}, {there} ({len(sent.changed)} changed{removed}), {verdict(problems)}"


class _Build:
    """One build, from its sources to the plan at first, and then step by step."""

    def __init__(self, given: argparse.Namespace, ends: Ends, beside: Beside, scene: Scene, today: date, ending: ExitStack) -> None:
        """What is done meanwhile by others is over with `ending`."""
        self._given, self._ends, self._beside, self._scene, self._today = given, ends, beside, scene, today
        self._exports = Path(given.output)
        self._only = _formats_of(given)
        self._is_folder = all(Path(each).is_dir() for each in given.source)
        with ExitStack() as readers:
            mapper = partial(_mapper, readers, given.jobs)
            self._gathered, self._at = desk.gather(given.source, drafts=given.drafts, watch=progress, mapper=mapper)
        gc.freeze()  # what was read, and below what is planned from it, stays until the end
        self._publication = self._gathered.publication
        self._press = self._press_now()
        self._local = files.Cache(self._at.folder)
        self._inside = desk.inside(self._gathered, self._at.folder)
        # Workers would be sent what is inside sources with each output.
        find: Media = self._media_of if self._inside else self._local
        self._jobs = 1 if self._inside else given.jobs
        self._developed = self._developed_by(find) if self._has_pictures() else None
        self._find = cluster.Lent(find) if given.engine else find
        self._memory = self._begun_with(scene.exports)
        ending.callback(self._memory.close)
        self._outputs = self._planned()
        gc.freeze()
        self._missing: Sequence[Problem] = ()

    def _begun_with(self, exports: files.Census | None) -> Memory:
        from publisher.workers import forks

        keyed = not self._given.engine and forks()
        several = keyed and self._given.jobs != 1 and len(self._publication.articles) >= _MANY
        asked = self._at.settings.site.metadata
        return Memory(self._beside, self._exports, exports, asked, self._find, keyed=keyed, meanwhile=several)

    def _press_now(self) -> Press:
        if self._only and "epub" not in self._only:
            return Press()
        wanted = self._given.issue or ()
        return desk.press(
            self._publication, self._at, self._exports, wanted, whole=self._is_folder, today=self._today, paths=self._gathered.paths
        )

    def _media_of(self, url: str) -> bytes | None:
        return self._inside[url] if url in self._inside else self._local(url)

    def _has_pictures(self) -> bool:
        """Return whether pictures are shown in several sizes."""
        return self._at.settings.site.pictures and (not self._only or "webpage" in self._only)

    def _developed_by(self, find: Media) -> tuple[tuple[Developed, ...], Store]:
        """Return the pictures in several sizes, and what they are kept in; each takes a second to make and nothing when it is kept."""
        store = desk.pictures_kept()
        with ExitStack() as workers:
            several = _mapper(workers, self._jobs, _MANY)
            return desk.develop(self._publication, find, store, several, progress, self._at.folder), store

    def _planned(self) -> Plan:
        press = self._press
        return planning.plan(
            self._publication,
            self._at.settings,
            self._find,
            self._only,
            books=press.issues.books,
            out=press.out,
            held=press.held,
            kepub=self._given.kepub,
            developed=self._developed,
            unfold=self._memory.unfold,
        )

    def fetch(self) -> None:
        """Fetch the media that books want from elsewhere, where that is wished for."""
        given = self._given
        wanted = build.asked(self._outputs) if given.fetch or self._at.settings.fetch else ()
        robots = not given.ignore_robots
        self._missing = desk.fetch_media(wanted, self._local, private=given.allow_private, robots=robots, watch=progress)

    def make(self, spool: Spool) -> None:
        """Make what is not there as it would be made."""
        self._lying = desk.media_files(self._publication, self._at.folder, self._at.settings.site.podcast.image)
        self._media = self._lying | desk.unpacked(self._inside, self._at.folder)
        self._manifest = files.state(self._exports / files.MANIFEST)
        self._left = self._memory.left(self._outputs, self._media, self._find)
        self._todo = self._outputs.without(self._left.states)
        gc.freeze()
        # Whoever stops it: what waits on the disk is let go before its folder is taken away.
        with closing(self._rendered(spool)) as rendered:
            made = progress(rendered, len(self._todo), "writing")
            self._told: dict[str, tuple[tuple[Answer, ...], tuple[Problem, ...]]] = {
                each.path: (each.answers, each.problems) for each in made if each.answers or each.problems
            }
        self._changed = {path: where for path, where in self._lying.items() if path not in self._left.states}
        shown = desk.published(self._changed, self._at.settings, spool, self._exports)
        self._told |= {path: ((), problems) for path, (_, problems) in shown.items()}
        self._shown = {path: body for path, (body, _) in shown.items()}

    def _rendered(self, spool: Spool) -> Generator[Written]:
        with ExitStack() as workers:
            engine = self._given.engine
            mapper = _mapper(workers, self._jobs, len(self._todo), engine, self._find, in_order=False)
            # Workers are forks: what one output of each format has loaded, none of them loads again.
            first = {} if engine else build.samples(self._todo)
            # A book of everything takes as long as a thousand pages: were it begun last, all others would wait for it.
            rest = self._todo.without(first).starting_with("epub")
            if self._todo:
                spool.open()
            key = self._memory.key
            yield from self._noted(build.render_all(first.values(), keep=spool, key=key))
            # Whoever makes an output keeps it; what comes from other machines is kept here.
            made = build.render_all(rest, mapper, None if engine else spool, key)
            yield from map(partial(build.kept, spool), made) if engine else self._noted(made)

    def _noted(self, made: Iterable[Written]) -> Iterator[Written]:
        for each in made:
            if each.key:
                self._outputs.learn(each.path, each.key)
            yield each

    def problems(self) -> tuple[Problem, ...]:
        """Return all that is wrong."""
        said = {**self._left.problems, **{path: problems for path, (_, problems) in self._told.items()}}
        told = desk.seen(chain.from_iterable(said.get(path, ()) for path in self._lying))
        found = build.told((*told, *chain.from_iterable(said.get(path, ()) for path in self._outputs.paths)))
        clashes = build.clashes(self._publication, self._outputs, self._media)
        lacking = () if self._is_folder else build.shrunk(self._outputs, files.listed(self._exports))
        unusable = chain.from_iterable(each.problems for each in (self._developed[0] if self._developed else ()))
        moved = desk.seen(desk.moved(where) for where in self._changed.values() if self._beside.has_changed(where))
        known = (*self._gathered.problems, *self._press.issues.problems, *self._unmatched(), *self._missing)
        return build.without_echoes((*known, *unusable, *found, *clashes, *lacking, *moved))

    def _unmatched(self) -> Iterator[Problem]:
        """Yield what is in the settings and stands for nothing."""
        check = replace(self._at.settings.check, root=str(self._at.folder.root))
        yield from codes.in_settings(check, Severity.WARNING)  # which a check, and no build, cannot do without
        yield from desk.unmatched(self._publication, self._at, self._given.source, self._gathered.paths)

    @property
    def summary(self) -> str:
        """How many articles there are, and in how many formats."""
        formats = {each.format for each in self._outputs if not each.is_made}
        return f"{count(len(self._publication.articles), 'article')}, {count(len(formats), 'format')}"

    def place(self, spool: Spool) -> tuple[Placed, Placed]:
        """Put all in place; return what has changed here, and where it belongs."""
        others: dict[str, Body] = {path: body for path, body in self._media.items() if path not in self._left.states}
        written = Spooled(spool, self._todo, others | self._shown)
        complete, stays = self._is_complete(), issues.remaining(self._press.out)
        placed = files.place(self._exports, written, left=self._left.states, before=self._manifest, complete=complete, stays=stays)
        paths, rank = chain(written, self._left.states), build.rank(self._outputs)
        sent = self._ends.send(placed, paths, _media_type, rank, complete=complete, stays=stays)
        self.placed = len(written) + len(self._left.states) + placed.stayed
        return placed, sent

    def _is_complete(self) -> bool:
        """Return whether this is all that there is to be."""
        return not self._only and self._is_folder

    def keep(self, placed: Placed, said: Said) -> None:
        """Remember what was made and said, so that the next build need not do it again."""
        self._memory.keep(placed, self._told, complete=self._is_complete())
        settled = self._is_folder and not self._missing
        if settled and self._is_settled(placed):
            frame = self._memory.frame(self._gathered, self._press.issues.books) if self._is_known() else None
            self._scene.keep(said, placed, frame, ((each.identifier, made_of(each)) for each in self._publication.articles))

    def _is_settled(self, placed: Placed) -> bool:
        """Return whether the next build would make the same: what was placed may be an issue that is out from now on."""
        if not any(each.startswith(issues.FOLDER) for each in chain(placed.changed, placed.removed)):
            return True
        now = self._press_now()
        return now == self._press or (now.issues.problems == self._press.issues.problems and self._stock(now) == self._stock(self._press))

    def _stock(self, press: Press) -> object:
        return planning.stock(
            self._publication,
            self._at.settings,
            self._only,
            books=press.issues.books,
            out=press.out,
            held=press.held,
            kepub=self._given.kepub,
        )

    def _is_known(self) -> bool:
        """Return whether it can be told of a build after this one which outputs an article is in.

        What lies inside sources is only known when all of them are read, and the index of the search is planned from all texts.
        """
        sources = (Path(each).samefile(self._at.folder.root) for each in self._given.source)
        return self._is_complete() and not self._inside and not self._at.settings.site.search and all(sources)


def _media_type(path: str, body: bytes) -> str:
    from publisher.server.kinds import media_type

    return media_type(path, body)


def _formats_of(given: argparse.Namespace) -> tuple[str, ...]:
    """Return the formats to write, none for all: who names an issue wants this book, and everything else left as it is."""
    named = given.issue and "all" not in given.issue
    return tuple(dict.fromkeys([*(given.only or ()), *(["epub"] if named else [])]))


def _mapper(
    stack: ExitStack,
    jobs: int | None,
    work: int,
    engine: str | None = None,
    find: Media | None = None,
    in_order: bool = True,
) -> Callable[..., Iterable[Any]]:
    """Return the `map` that does the work: in this process, in as many as there are jobs, or by the workers of an engine.

    `find` gives them the files that lie here.
    """
    if engine and find and work:
        return stack.enter_context(cluster.mapper(engine, find))
    from publisher.workers import Workers, cores

    jobs = jobs or (cores() if work >= _MANY else 1)
    if jobs == 1 or work < 2:
        return map
    workers = Workers(min(jobs, work))
    stack.callback(workers.kill)
    return workers.map if in_order else workers.as_they_come
