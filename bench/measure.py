"""What programs cost: CPU of the whole tree of processes, time on the clock, memory of the largest of them (Linux)."""

from __future__ import annotations

import atexit
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

__all__ = [
    "PYTHON",
    "ROOT",
    "Cost",
    "aside",
    "both",
    "in_turn",
    "inside",
    "middle",
    "most_memory",
    "most_memory_of_all",
    "run",
    "spent",
    "workplace",
]

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
_LONG = 90.0
"""Seconds on the clock: what takes longer is measured once, since the table has to be done in a quarter of an hour."""
_TIMES = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """What a program took."""

    cpu: float
    """Seconds, of user and system, of all its processes."""
    clock: float
    """Seconds."""
    memory: int
    """Bytes: the most that the largest of its processes had."""
    said: str = ""
    """What it wrote to its standard output."""

    def of(self, what: str) -> float:
        """Return one of `CPU`, `clock` and `memory`."""
        return {"CPU": self.cpu, "clock": self.clock, "memory": float(self.memory)}[what]


def workplace() -> Path:
    """Return a new folder for what is measured, which is there until all is measured.

    ext4 without a journal, as virtual machines have it, takes no inode again for five minutes: each new file looks through all that
    were deleted, and costs up to fifteen times as much. So nothing is deleted in between.
    """
    name = tempfile.mkdtemp(prefix="bench-")
    atexit.register(shutil.rmtree, name, ignore_errors=True)
    return Path(name)


def aside(*paths: Path) -> None:
    """Put files and folders out of the way, each with a number behind its name; they are not deleted, see `workplace`."""
    for path in paths:
        if path.exists():
            free = next(each for number in count() if not (each := path.with_name(f"{path.name}~{number}")).exists())
            path.rename(free)


def run(command: Sequence[str], more: Mapping[str, str] | None = None, folder: Path = ROOT) -> Cost:
    """Run a program to its end in a folder, with `more` in its environment, and return its cost; end when it fails.

    This process has to stay small: the memory of a program begins with that of who starts it (Linux, `getrusage`).
    """
    environment = {**os.environ, **(more or {})}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        start = perf_counter()
        started = subprocess.Popen(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=told)  # noqa: S603 - our own
        _, status, used = os.wait4(started.pid, 0)
        clock = perf_counter() - start
        started.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told.seek(0)
        if started.returncode:
            sys.stderr.write(told.read().decode(errors="replace")[-4000:])
            raise SystemExit(f"{command[0]} has ended with {started.returncode}: {' '.join(command)[:500]}")
        return Cost(used.ru_utime + used.ru_stime, clock, used.ru_maxrss * 1024, out.read().decode(errors="replace"))


def middle(measured: Callable[[], Cost]) -> Cost:
    """Return the medians of three runs, or what the first one took when that is long."""
    return in_turn(measured)[0]


def in_turn(*measured: Callable[[], Cost]) -> list[Cost]:
    """Return the medians of three rounds in which each is run in turn, so that a machine that is slow for a minute is so for all of them.

    What takes long in the first round is not run again.
    """
    costs = [[each()] for each in measured]
    for _ in range(_TIMES - 1):
        for each, found in zip(measured, costs, strict=True):
            if found[0].clock < _LONG:
                found.append(each())
    return [_median(found) for found in costs]


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(each.cpu for each in costs),
        median(each.clock for each in costs),
        round(median(each.memory for each in costs)),
        costs[-1].said,
    )


def inside(work: str, count: int, times: int = 1) -> Cost:
    """Return what a piece of work of `bench.inside` costs in a process of its own; its memory is that of all of this.

    `times` makes the texts of the articles longer.
    """
    cpu, clock, memory = json.loads(run([PYTHON, "-m", "bench.inside", work, str(count), str(times)]).said)
    return Cost(cpu, clock, memory)


def both(ours: str, theirs: str, count: int, times: int = 1) -> tuple[Cost, Cost]:
    """Return what two pieces of work of `bench.inside` cost that were done in turn."""
    first, second = in_turn(partial(inside, ours, count, times), partial(inside, theirs, count, times))
    return first, second


def most_memory() -> int:
    """Return the most bytes that this process ever had; `getrusage` would count those of the one that started it (Linux)."""
    return next(int(line.split()[1]) * 1024 for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))


def most_memory_of_all() -> int:
    """Return the most bytes that the largest of this process and of those had that it started and that have ended (Linux)."""
    return max(most_memory(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)


def spent() -> float:
    """Return the seconds of CPU, of user and system, of this process and of those that it started and that have ended."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
