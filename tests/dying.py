"""Builds that are killed with SIGKILL, at each step that they do on the disk or at any moment: `python -m tests.dying`.

One process has everything imported, and each build is a fork of it: five hundred of them take minutes, not hours.
What must hold after each: every file of the exports is whole, the old one or the new one; and the next build repairs everything.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from publisher.cli import main as publisher

__all__ = ["Home", "main", "tree"]

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

    def build(self, exports: Path, before: Callable[[], None] = lambda: None, lasts: float = math.inf) -> int:
        """Build in a process of its own that does something before, and return how it has ended: a signal is negative.

        It is killed when it has not ended after some seconds.
        """
        sys.stdout.flush()
        child = os.fork()
        if not child:
            code = 70
            try:
                before()
                silent = os.open(os.devnull, os.O_WRONLY)
                os.dup2(silent, 1)
                os.dup2(silent, 2)
                code = publisher(["build", str(self.sources), "-o", str(exports), "--jobs", "1"])
            finally:
                os._exit(code)
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

    def killed(self, step: int = 0, lasts: float = math.inf) -> tuple[bool, list[str]]:
        """Kill one build, at a step or after some seconds; return whether it was, and what is wrong afterwards."""
        self.begin()
        code = self.build(self.exports, lambda: sys.addaudithook(_count(_die_at(step))), lasts)
        return code == -signal.SIGKILL, [*self.damage(), *self.repaired()]


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


def main() -> int:
    """Kill builds, print what was tried and found; return 1 when anything was lost or damaged."""
    parser = argparse.ArgumentParser(prog="python -m tests.dying", description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=0, help="kill at so many of the steps on the disk (default: at each)")
    parser.add_argument("--moments", type=int, default=0, help="and so many times at any moment")
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
        chosen = sorted(chance.sample(every, given.steps)) if given.steps else every
        deaths = [*((each, math.inf) for each in chosen), *((0, chance.uniform(0, lasts)) for _ in range(given.moments))]
        killed, lost = 0, 0
        for step, seconds in deaths:
            died, wrong = home.killed(step, seconds)
            killed, lost = killed + died, lost + bool(wrong)
            for each in wrong:
                print(f"killed {f'at step {step}' if step else f'after {seconds:.3f} s'}: {each}")
    print(f"{len(every)} steps on the disk; {len(deaths)} builds, {killed} killed, {lost} with damage")
    return 1 if lost or not killed else 0


if __name__ == "__main__":
    sys.exit(main())
