"""Whole newspapers: built from nothing, without proof, with one article changed, with nothing changed, on one core and on all, large."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import hugo
from bench.measure import PYTHON, Cost, aside, in_turn, middle, run, workplace
from bench.site import written
from bench.table import Row

__all__ = ["bare", "changed", "large", "whole"]

_MISSING = "Hugo: not installed; `make bench` brings it, or name it by `HUGO`"
_FEW = 24
"""Articles of the newspaper by which pictures are made in other sizes, once, as on a machine that has built before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Newspaper:
    """Sources, and where what is made of them goes."""

    folder: Path

    @property
    def sources(self) -> Path:
        return self.folder / "sources"

    def build(self, *given: str, module: str = "publisher.cli") -> Cost:
        """Build what is there, with what is kept from former builds."""
        command = [PYTHON, "-m", module, "build", str(self.sources), "-o", str(self.folder / "exports"), *given]
        # With its bytecode, as pip installs it: without, starting takes twice as long.
        return run(command, {"PUBLISHER_CACHE": str(self.folder / "kept"), "PUBLISHER_DEBUG": "1", "PYTHONDONTWRITEBYTECODE": ""})

    def anew(self, *given: str, module: str = "publisher.cli") -> Cost:
        """Build as if nothing had been built before; pictures in other sizes are kept."""
        aside(self.folder / "exports", self.folder / "kept")
        shutil.copytree(self.folder / "pictures", self.folder / "kept")
        for each in self.sources.glob(".publisher*"):
            aside(each.rename(self.folder / each.name))
        return self.build(*given, module=module)

    def change(self, number: int) -> Cost:
        """Add a word to the text of an article in the middle, and build."""
        paths = sorted(self.sources.glob("*/*.md"))
        path = paths[len(paths) // 2 + number]
        path.write_text(f"{path.read_text('utf-8')}\nCorrected.\n", "utf-8")
        return self.build()


def _newspaper(count: int) -> _Newspaper:
    place = workplace()
    few = _Newspaper(folder=place / "few")
    few.folder.mkdir()
    written(few.sources, _FEW)
    few.build("--only", "webpage")
    own = _Newspaper(folder=place / "own")
    own.folder.mkdir()
    written(own.sources, count)
    shutil.copytree(few.folder / "kept", own.folder / "pictures")
    return own


def whole(count: int) -> Iterator[Row]:
    """Yield what it takes to build all, beside Hugo's pages and feed, and beside one core."""
    own = _newspaper(count)
    build, whose = _hugo(own)
    unproven, alone = partial(own.anew, "--jobs", "1", module="bench.unproven"), partial(own.anew, "--jobs", "1")
    ours, less, one, *others = in_turn(own.anew, unproven, alone, *build)
    theirs = next(iter(others), None)
    work = f"{count:,} articles, everything"
    yield _beside(work, "CPU", ours, theirs, whose, 0.6)
    yield _beside(work, "clock", ours, theirs, whose, 1.0)
    yield _beside(work, "memory", ours, theirs, whose, 0.25)
    yield _beside(f"{work}, nothing read back", "CPU", less, theirs, whose, 0.4)
    yield Row(work=f"{work}, on all cores", what="clock", ours=ours.clock, theirs=one.clock, whose="on one", most=1 / 1.7)


def _beside(work: str, what: str, ours: Cost, theirs: Cost | None, whose: str, most: float | None) -> Row:
    own, other = ours.of(what), theirs.of(what) if theirs else None
    return Row(work=work, what=what, ours=own, theirs=other, whose=whose, most=most)


def _hugo(own: _Newspaper) -> tuple[list[Callable[[], Cost]], str]:
    """Return what builds the same articles by Hugo, and its name; nothing, and how to get it, where it is not there."""
    if not (program := hugo.program()):
        return [], _MISSING
    hugo.sources(own.sources, own.folder / "hugo")
    return [partial(hugo.build, program, own.folder / "hugo")], f"Hugo {hugo.version(program)}"


def bare(count: int) -> Iterator[Row]:
    """Yield what Python takes at least for what Hugo makes, and for all that the targets of `whole` name."""
    own = _newspaper(count)
    build, whose = _hugo(own)
    ours, named, *others = in_turn(partial(_bare, own), partial(_bare, own, "whole"), *build)
    theirs = next(iter(others), None)
    yield _beside(f"{count:,} articles, a page and one feed, bare in Python", "CPU", ours, theirs, whose, None)
    yield _beside(f"{count:,} articles, all that is named, bare in Python", "CPU", named, theirs, whose, None)


def _bare(own: _Newspaper, *given: str) -> Cost:
    aside(own.folder / "bare")
    return run([PYTHON, "-m", "bench.bare", str(own.sources), str(own.folder / "bare"), *given])


def changed(count: int) -> Iterator[Row]:
    """Yield what it takes to build again, after one article was changed and after nothing was."""
    own = _newspaper(count)
    full = own.anew()
    numbers = iter(range(count))
    one = middle(lambda: own.change(next(numbers)))
    work = f"one of {count:,} articles changed"
    yield Row(work=work, what="CPU", ours=one.cpu, theirs=full.cpu, whose="everything", most=1 / 30)
    yield Row(work=work, what="clock", ours=one.clock, most=1.0, is_ratio=False)
    nothing = middle(own.build)
    yield Row(work=f"none of {count:,} articles changed", what="clock", ours=nothing.clock, most=0.5, is_ratio=False)


def large(count: int) -> Iterator[Row]:
    """Yield what ten times as many articles take."""
    own = _newspaper(count // 10)
    tenth = middle(own.anew)
    own = _newspaper(count)
    cost = own.anew()
    work = f"{count:,} articles, everything"
    yield Row(work=work, what="CPU", ours=cost.cpu, theirs=tenth.cpu, whose=f"{count // 10:,} articles", most=11)
    yield Row(work=work, what="clock", ours=cost.clock, theirs=tenth.clock, whose=f"{count // 10:,} articles")
    yield Row(work=work, what="memory", ours=cost.memory, most=400e6, is_ratio=False)
