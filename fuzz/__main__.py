"""Fuzz every target, one after the other, each in a process of its own; print a table: `make fuzz`.

Ends with 1 when anything broke, and says where its bytes are: they belong into `tests/cases/fuzz`, called after the target.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fuzz import targets

__all__ = ["Fuzzed", "fuzzed", "main", "table"]

ROOM = 512
"""Megabytes that a process may have, Python and all libraries included."""
_SLOW = 60
"""Seconds for one file: far beyond what is linear, also on a busy machine."""
_APART = ("sh", "-c", '"$@"; exit $?', "sh")
"""Begins a program from a small process: Linux counts the memory of the one that forks as if the program had had it (`ru_maxrss`)."""
_DONE = re.compile(r"^(?:Done|stat::number_of_executed_units:)\s+(\d+)", re.MULTILINE)
_PEAK = re.compile(r"^stat::peak_rss_mb:\s+(\d+)", re.MULTILINE)
_LAST = re.compile(r"^#(\d+)\s", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """What became of one target."""

    name: str
    runs: int
    peak: int
    """Megabytes."""
    seconds: float
    """Of processor time that the slowest file took, with coverage being noted."""
    size: int
    """Bytes of that file."""
    seeds: int
    kept: int
    """Files that reach something of their own, seeds included."""
    covered: tuple[int, int]
    """Lines of the target's modules that these reach, and how many there are."""
    broke: str = ""
    """What was said last, when something broke."""


def fuzzed(name: str, folder: Path, *, runs: int = 0, seconds: int = 0) -> Fuzzed:
    """Fuzz one target, for so many runs or seconds."""
    options = [f"-runs={runs or -1}", f"-max_total_time={seconds}", f"-rss_limit_mb={ROOM}", f"-timeout={_SLOW}"]
    options += ["-seed=1", "-max_len=65536", "-print_final_stats=1", "-verbosity=1"]
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for each in targets.seeds(name):  # not there: making bombs takes more memory than reading them
        (folder / "corpus" / sha256(each).hexdigest()[:16]).write_bytes(each)
    command = [sys.executable, "-m", "fuzz.one", name, str(folder), *options]
    done = subprocess.run([*_APART, *command], capture_output=True, text=True, errors="replace")
    said = done.stderr + done.stdout
    slowest = folder / "slowest"
    took, size = (slowest.read_text() if slowest.is_file() else "0 0").split()
    kept = [each.read_bytes() for each in sorted((folder / "corpus").glob("*"))]
    return Fuzzed(
        name=name,
        runs=max(map(int, [*_DONE.findall(said), *_LAST.findall(said), "0"])),
        peak=max(map(int, [*_PEAK.findall(said), "0"])),
        seconds=float(took),
        size=int(size),
        seeds=len(targets.seeds(name)),
        kept=len(kept),
        covered=targets.covered(name, kept),
        broke="" if done.returncode == 0 else said[-3000:],
    )


def table(found: Sequence[Fuzzed]) -> str:
    """Return what was tried, in Markdown."""
    head = "| target | files tried | seeds | kept | lines reached | most memory | slowest file | broke |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    reached, lines = (sum(each.covered[which] for each in found) for which in (0, 1))
    peak, seconds = max(each.peak for each in found), max(each.seconds for each in found)
    sums = f"{sum(each.runs for each in found):,} | {sum(each.seeds for each in found):,} | {sum(each.kept for each in found):,}"
    broke = sum(bool(each.broke) for each in found)
    whole = f"| **all** | {sums} | {100 * reached // max(lines, 1)} % | {peak} MB | {seconds:.2f} s | {broke} |"
    return "\n".join((head, *map(_row, found), whole))


def _row(each: Fuzzed) -> str:
    reached, lines = each.covered
    percent = f"{reached} of {lines}, {100 * reached // max(lines, 1)} %"
    slowest = f"{each.seconds:.2f} s, {-(-each.size // 1024)} KB"
    sums = f"{each.runs:,} | {each.seeds} | {each.kept} | {percent}"
    return f"| {each.name} | {sums} | {each.peak} MB | {slowest} | {'yes' if each.broke else 0} |"


def main(given: Sequence[str] | None = None) -> int:
    """Fuzz what is asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("names", nargs="*", metavar="target", help=", ".join(targets.TARGETS))
    parser.add_argument("--runs", type=int, default=0, help="files to try of each target; 2000 when neither is given")
    parser.add_argument("--seconds", type=int, default=0, help="seconds for each target")
    parser.add_argument("--folder", type=Path, default=Path(".cache/fuzz"), help="where corpora are kept from run to run")
    options = parser.parse_args(given)
    runs = options.runs or (0 if options.seconds else 2000)
    found = []
    for name in options.names or targets.TARGETS:
        found.append(fuzzed(name, options.folder / name, runs=runs, seconds=options.seconds))
        print(_row(found[-1]), file=sys.stderr, flush=True)
        print(found[-1].broke, end="", file=sys.stderr, flush=True)
    print(table(found))
    return int(any(each.broke for each in found))


if __name__ == "__main__":
    sys.exit(main())
