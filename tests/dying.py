"""Builds that are killed with SIGKILL or stopped with Ctrl-C, at each step that they do on the disk or at any moment, and two at once.

One process has everything imported, and each build is a fork of it: five hundred of them take minutes, not hours.
What must hold after each: every file of the exports is whole, the old one or the new one; and the next build repairs everything.
Who presses Ctrl-C, even thrice, is told what is so. Of two builds one at least makes everything, and one that does not says why.
`python -m tests.dying`, by `make loss`, prints a row for each in the table of docs/security.md.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from publisher.cli import main as publisher
from tests.forks import import_everything

__all__ = ["Home", "Row", "disturbed", "main", "tree"]

STEPS = frozenset(("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "sqlite3.connect"))
"""What Python tells an audit hook of, just before it does it (https://docs.python.org/3/library/audit_events.html)."""
SETTINGS = (
    '[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\n\n[[issues]]\nselect = "newest"\nsize = 9\n'
)


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder that people see, by their paths."""
    paths = (each for each in sorted(folder.rglob("*")) if each.is_file())
    names = {each.relative_to(folder).as_posix(): each for each in paths}
    return {name: path.read_bytes() for name, path in names.items() if not any(part.startswith(".") for part in name.split("/"))}


class Home:
    """A folder with sources in two states, and what builds of them are."""

    def __init__(self, folder: Path) -> None:
        self.sources, self.exports = folder / "sources", folder / "exports"
        self.kept = folder / "kept"
        self.states: list[dict[str, bytes]] = []
        import_everything()  # builds are forks
        for state in (0, 1):
            self.write(state)
            self.build(self.exports)
            self.states.append(tree(self.exports))
            shutil.copytree(self.exports, folder / f"state-{state}")

    def write(self, state: int) -> None:
        """Write the sources of a state: in the second an article is new, one is gone, one has another text, one another section."""
        shutil.rmtree(self.sources, ignore_errors=True)
        self.sources.mkdir()
        (self.sources / "publisher.toml").write_text(SETTINGS, "utf-8")
        for name in (("ferry", "bells", "tide"), ("bells", "tide", "harbour"))[state]:
            section = ("Town", "Harbour")[state] if name == "bells" else "Town"
            words = f"It is told {state} times." if name == "tide" else "It is told."
            head = f"---\ntitle: The {name}\ndate: 2026-01-02\nauthor: Ada Byron\nsection: {section}\ndescription: Of it.\n---\n"
            (self.sources / f"{name}.md").write_text(f"{head}{words}\n", "utf-8")

    def start(self, exports: Path, before: Callable[[], None] = lambda: None, said: str = os.devnull, sources: Path | None = None) -> int:
        """Begin to build in a process of its own that does something before, and return its number; `said` is a file for what it says."""
        sys.stdout.flush()
        child = os.fork()
        if not child:
            code = 70
            try:
                sys.stdout = sys.stderr = Path(said).open("a", encoding="utf-8")  # noqa: SIM115  (until the process ends)
                for stream in (1, 2):
                    os.dup2(sys.stderr.fileno(), stream)
                signal.signal(signal.SIGINT, signal.default_int_handler)  # who begins us in the background has it ignored
                before()
                code = publisher(["build", str(sources or self.sources), "-o", str(exports), "--jobs", "1"])
                sys.stderr.flush()
            finally:
                os._exit(code)
        return child

    def build(self, exports: Path, before: Callable[[], None] = lambda: None, lasts: float = math.inf, said: str = os.devnull) -> int:
        """Build as with `start`, and return how it has ended: a signal is negative.

        It is killed when it has not ended after some seconds.
        """
        child = self.start(exports, before, said)
        return _ended(child, time.monotonic() + lasts)

    def begin(self) -> None:
        """Put everything as it is before the second state is built."""
        shutil.rmtree(self.exports)
        shutil.copytree(self.exports.with_name("state-0"), self.exports)
        self.write(1)

    def damage(self) -> Iterator[str]:
        """Yield what is neither as it was nor as it should be."""
        old, new = self.states
        found = tree(self.exports)
        for path in sorted({*old, *new, *found}):
            if found.get(path) not in (old.get(path), new.get(path)):
                yield f"{path} is neither the old file nor the new one"

    def repaired(self) -> Iterator[str]:
        """Build again, and yield what is not as it should be then."""
        if code := self.build(self.exports):
            yield f"the next build ended with {code}"
        if tree(self.exports) != self.states[1]:
            yield "the next build has not made everything as it should be"
        if strays := [each.name for each in self.exports.iterdir() if each.name.startswith(".publisher-")]:
            yield f"the next build has left {strays}"

    def steps(self) -> int:
        """Return how many steps on the disk the build of the second state takes."""
        self.begin()
        reader, writer = os.pipe()
        self.build(self.exports, lambda: sys.addaudithook(_count(lambda _: os.write(writer, b"."))))
        os.close(writer)
        with open(reader, "rb") as counted:
            return len(counted.read())

    def clean(self) -> dict[str, bytes]:
        """Return what a build of the sources as they are makes that finds nothing of former ones on the disk."""
        with tempfile.TemporaryDirectory() as folder:
            sources, exports = Path(folder) / "sources", Path(folder) / "exports"
            shutil.copytree(self.sources, sources, ignore=shutil.ignore_patterns(".*"))
            said = f"{folder}/said"
            child = self.start(exports, lambda: os.environ.update(PUBLISHER_CACHE=f"{folder}/kept"), said, sources)
            assert _ended(child, math.inf) == 0, Path(said).read_text("utf-8")
            return tree(exports)

    def killed(self, step: int = 0, lasts: float = math.inf) -> tuple[bool, list[str]]:
        """Kill one build, at a step or after some seconds; return whether it was, and what is wrong afterwards."""
        self.begin()
        code = self.build(self.exports, lambda: sys.addaudithook(_count(_die_at(step))), lasts)
        return code == -signal.SIGKILL, [*self.damage(), *self.repaired()]

    def stopped(self, step: int, times: int = 1) -> tuple[bool, list[str]]:
        """Press Ctrl-C at a step and some after it; return whether the build ended by that, and what is wrong afterwards."""
        self.begin()
        said = self.exports.with_name("said")
        said.unlink(missing_ok=True)
        code = self.build(self.exports, lambda: sys.addaudithook(_count(_press_at(range(step, step + times)))), said=str(said))
        wrong = [*self.damage(), *self._untrue(code, said.read_text("utf-8")), *self.repaired()]
        return code == 130, wrong

    def _untrue(self, code: int, said: str) -> Iterator[str]:
        """Yield what a build that was stopped says and is not so."""
        state = 1 if code == 0 or "in place" in said else 0 if "nothing was changed" in said else None
        if code not in (0, 130) or state is None:
            yield f"it ended with {code}, and said {said.strip()[-200:]!r}"
        elif tree(self.exports) != self.states[state]:
            yield f"it is not so: {said.strip()[-200:]!r}"

    def together(self, lasts: float) -> tuple[bool, list[str]]:
        """Begin a build and another some seconds later; return whether one was refused, and what is wrong afterwards."""
        self.begin()
        says = [self.exports.with_name(f"said-{number}") for number in (1, 2)]
        for each in says:
            each.unlink(missing_ok=True)
        first = self.start(self.exports, said=str(says[0]))
        time.sleep(lasts)
        second = self.start(self.exports, said=str(says[1]))
        codes = [_ended(each, math.inf) for each in (first, second)]
        told = [each.read_text("utf-8") for each in says]
        wrong = [
            f"{code}, and nothing told: {each!r}" for code, each in zip(codes, told, strict=True) if code and not _REFUSED.search(each)
        ]
        wrong += ["neither has built"] if 0 not in codes else [] if tree(self.exports) == self.states[1] else ["not all is made"]
        return codes != [0, 0], [*wrong, *self.damage(), *self.repaired()]


_REFUSED = re.compile("error folder-locked: another build is writing here|error file-changed: this file has changed while")


def _count(each: Callable[[int], object]) -> Callable[[str, object], None]:
    """Return an audit hook that is told of each step that writes."""
    seen = 0

    def hook(event: str, arguments: object) -> None:
        nonlocal seen
        if event in STEPS and (event != "open" or _writes(arguments)):
            seen += 1
            each(seen)

    return hook


def _writes(arguments: object) -> bool:
    path, _, flags = arguments if isinstance(arguments, tuple) else (None, None, 0)
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) and path != os.devnull


def _die_at(step: int) -> Callable[[int], None]:
    def die(number: int) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


def _press_at(steps: range) -> Callable[[int], None]:
    def press(number: int) -> None:
        if number in steps:
            os.kill(os.getpid(), signal.SIGINT)

    return press


def _ended(child: int, until: float) -> int:
    """Wait for a process, and kill it at a moment; return how it has ended."""
    while until < math.inf:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            os.kill(child, signal.SIGKILL)
            break
        time.sleep(0.001)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of builds that were disturbed in one way."""

    way: str
    tried: int
    worked: int
    """How many of them ended otherwise than they would have."""
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return f"| {self.way} | {self.tried} | {self.worked} | {len(self.wrong)} |"


def disturbed(way: str, attempts: Iterable[tuple[str, Callable[[], tuple[bool, list[str]]]]]) -> Row:
    """Make attempts, each with its name, and return what became of them; print what is wrong as it is found."""
    tried, worked, wrong = 0, 0, []
    for name, attempt in attempts:
        ended, found = attempt()
        tried, worked = tried + 1, worked + ended
        if found:
            wrong.append(f"{way}, {name}: {'; '.join(found)}")
            print(wrong[-1], file=sys.stderr, flush=True)
    return Row(way=way, tried=tried, worked=worked, wrong=tuple(wrong))


def main() -> int:
    """Disturb builds, print what was tried and found; return 1 when anything was lost, damaged or told wrongly."""
    parser = argparse.ArgumentParser(prog="python -m tests.dying", description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=0, help="kill at so many of the steps on the disk (default: at each)")
    parser.add_argument("--kills", type=int, default=0, help="kill so many in all: the others at any moment")
    parser.add_argument("--stops", type=int, default=0, help="press Ctrl-C at so many of the steps")
    parser.add_argument("--pairs", type=int, default=0, help="let so many pairs of builds begin at once")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        os.environ["PUBLISHER_CACHE"] = str(Path(name) / "kept")
        home = Home(Path(name))
        every = range(1, home.steps() + 1)
        start = time.perf_counter()
        home.begin()
        home.build(home.exports)
        lasts = time.perf_counter() - start
        chosen = sorted(chance.sample(every, min(given.steps, len(every)))) if given.steps else every
        moments = [chance.uniform(0, lasts) for _ in range(given.kills - len(chosen))]
        stops = sorted(chance.sample(every, min(given.stops, len(every))))
        delays = [chance.uniform(0, lasts) for _ in range(given.pairs)]
        rows = [
            disturbed("killed at a step on the disk", ((f"step {each}", partial(home.killed, each)) for each in chosen)),
            disturbed("killed at any moment", ((f"{each:.3f} s", partial(home.killed, lasts=each)) for each in moments)),
            disturbed("stopped with Ctrl-C", ((f"step {each}", partial(home.stopped, each, 1 + each % 3)) for each in stops)),
            disturbed("two at once", ((f"{each:.3f} s", partial(home.together, each)) for each in delays)),
        ]
    print(f"{len(every)} steps on the disk\n\n| builds | tried | ended so | wrong |\n|---|--:|--:|--:|")
    print(*rows, sep="\n")
    has_worked = rows[0].worked and (rows[2].worked or not rows[2].tried)
    return 1 if any(each.wrong for each in rows) or not has_worked else 0


if __name__ == "__main__":
    sys.exit(main())
