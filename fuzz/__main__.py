"""Fuzz every target, one after the other, each in processes of its own; print a table: `make fuzz`.

Each is fuzzed in two goes: with short files, of which thousands are tried in a second, and with long ones.
Ends with 1 when anything broke or takes longer than is linear, and says where its bytes are: they belong into `tests/cases/fuzz`, called
after the target. What earlier runs have tried in the same folder counts too.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from fuzz import targets
from fuzz.growth import LINEAR, growth

__all__ = ["Fuzzed", "fuzzed", "main", "table"]

ROOM = 512
"""Megabytes that a process may have, Python and all libraries included."""
_SLOW = 60
"""Seconds for one file: far beyond what is linear, also on a busy machine."""
_APART = ("sh", "-c", '"$@"; exit $?', "sh")
"""Begins a program from a small process: Linux counts the memory of the one that forks as if the program had had it (`ru_maxrss`)."""
_LONG = 65_536
"""Bytes of a file of the second go."""
_GOES = {"short": (0.9, 0.75), "long": (0.1, 0.25)}
"""The part of all files that each tries, and that of the time that it has."""
_JUDGED = 4
"""Files that ran most of our functions, and as many that did for their length, which are made longer; and the slowest of each go."""
_LONGEST_JUDGED = 8_000
_DONE = re.compile(r"^(?:Done|stat::number_of_executed_units:)\s+(\d+)", re.MULTILINE)
_PEAK = re.compile(r"^stat::peak_rss_mb:\s+(\d+)", re.MULTILINE)
_LAST = re.compile(r"^#(\d+)\s", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """What became of one target."""

    name: str
    runs: int
    peak: int
    """Megabytes of the process that had most."""
    seconds: float
    """Of processor time that the slowest file took, with coverage being noted."""
    size: int
    """Bytes of that file."""
    seeds: int
    kept: int
    """Files that reach something of their own, seeds included."""
    covered: tuple[int, int]
    """Lines that these reach, of those that the target may run in its modules."""
    grows: float
    """How many times the steps it takes when something is there twice as often, of the file that grows most."""
    broke: str = ""
    """What was said last, when something broke, and of what grows where it is."""


def fuzzed(name: str, folder: Path, goes: Iterable[str] = tuple(_GOES), *, runs: int = 0, seconds: int = 0) -> Fuzzed:
    """Fuzz one target, for so many runs or seconds, and judge all that was kept in the folder, now and before."""
    asked = goes if runs or seconds else ()
    broke = "".join(_go(name, folder, go, runs=_part(runs, _GOES[go][0]), seconds=_part(seconds, _GOES[go][1])) for go in asked)
    told = [json.loads(line) for line in (folder / "tally").read_text().splitlines()] if (folder / "tally").is_file() else []
    kept = {each.name: each.read_bytes() for each in sorted(folder.glob("*/corpus/*"))}
    seen = targets.seen(name, [*kept.values()])
    grows, where = max(_growths(name, folder, kept, seen.calls), default=(1.0, ""))
    return Fuzzed(
        name=name,
        runs=sum(each["runs"] for each in told),
        peak=max((each["peak"] for each in told), default=0),
        **_slowest(folder),
        seeds=len(targets.seeds(name)),
        kept=len(kept),
        covered=(seen.reached, seen.lines),
        grows=grows,
        broke=broke + (f"{where} takes {grows:.1f} times the steps with twice the text\n" if grows > LINEAR else ""),
    )


def _part(number: int, part: float) -> int:
    """Return a part of a number, at least one, and none of nothing."""
    return max(1, round(number * part)) if number else 0


def _go(name: str, folder: Path, go: str, *, runs: int, seconds: int) -> str:
    """Fuzz with short files or long ones; note how many, and return what was said when something broke."""
    place, most = folder / go, targets.short(name) if go == "short" else _LONG
    (place / "corpus").mkdir(parents=True, exist_ok=True)
    for each in targets.seeds(name):  # not there: making bombs takes more memory than reading them
        if len(each) <= most:
            (place / "corpus" / sha256(each).hexdigest()[:16]).write_bytes(each)
    number = len((folder / "tally").read_text().splitlines()) + 1 if (folder / "tally").is_file() else 1
    options = [f"-runs={runs or -1}", f"-max_total_time={seconds}", f"-rss_limit_mb={ROOM}", f"-timeout={_SLOW}"]
    options += [f"-seed={number}", f"-max_len={most}", "-print_final_stats=1", "-verbosity=1"]
    done = subprocess.run(
        [*_APART, sys.executable, "-m", "fuzz.one", name, str(place), *options], capture_output=True, text=True, errors="replace"
    )
    said = done.stderr + done.stdout
    tried = max(map(int, [*_DONE.findall(said), *_LAST.findall(said), "0"]))
    peak = max(map(int, [*_PEAK.findall(said), "0"]))
    with (folder / "tally").open("a") as tally:
        tally.write(json.dumps({"go": go, "runs": tried, "peak": peak}) + "\n")
    return "" if done.returncode == 0 else said[-3000:]


def _slowest(folder: Path) -> dict[str, Any]:
    """Return seconds and size of the slowest file."""
    found = [each.read_text().split() for each in folder.glob("*/slowest")]
    seconds, size = max(((float(took), int(size)) for took, size in found), default=(0.0, 0))
    return {"seconds": seconds, "size": size}


def _growths(name: str, folder: Path, kept: dict[str, bytes], calls: Sequence[int]) -> Iterator[tuple[float, str]]:
    """Yield how much some files grow, with their names: those that take most, for themselves or for their length."""
    counted = [(count, count / (len(body) + 100), each) for (each, body), count in zip(kept.items(), calls, strict=True)]
    most = {each[2] for which in (0, 1) for each in sorted(counted, key=lambda each: each[which])[-_JUDGED:]}
    chosen = {each: kept[each] for each in sorted(most)} | {str(each): each.read_bytes() for each in folder.glob("*/slowest-file")}
    for each, body in chosen.items():
        yield growth(partial(targets.tried, name), (targets.unpacked(body) or body)[:_LONGEST_JUDGED]), each


def table(found: Sequence[Fuzzed]) -> str:
    """Return what was tried, in Markdown."""
    columns = "target", "files tried", "seeds", "kept", "lines reached", "most memory", "slowest file", "twice as long", "broke"
    head = f"| {' | '.join(columns)} |\n|---{'|--:' * (len(columns) - 1)}|"
    reached, lines = (sum(each.covered[which] for each in found) for which in (0, 1))
    peak, seconds = max(each.peak for each in found), max(each.seconds for each in found)
    sums = f"{sum(each.runs for each in found):,} | {sum(each.seeds for each in found):,} | {sum(each.kept for each in found):,}"
    grows, broke = max(each.grows for each in found), sum(bool(each.broke) for each in found)
    whole = f"| **all** | {sums} | {100 * reached // max(lines, 1)} % | {peak} MB | {seconds:.2f} s | {grows:.1f} times | {broke} |"
    return "\n".join((head, *map(_row, found), whole))


def _row(each: Fuzzed) -> str:
    reached, lines = each.covered
    percent = f"{reached} of {lines}, {100 * reached // max(lines, 1)} %"
    slowest = f"{each.seconds:.2f} s, {-(-each.size // 1024)} KB"
    sums = f"{each.runs:,} | {each.seeds} | {each.kept} | {percent}"
    return f"| {each.name} | {sums} | {each.peak} MB | {slowest} | {each.grows:.1f} times | {'yes' if each.broke else 0} |"


def main(given: Sequence[str] | None = None) -> int:
    """Fuzz what is asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("names", nargs="*", metavar="target", help=", ".join(targets.TARGETS))
    parser.add_argument("--runs", type=int, default=0, help="files to try of each target; 2000 when neither is given")
    parser.add_argument("--tell", action="store_true", help="try nothing, tell what was tried before")
    parser.add_argument("--seconds", type=int, default=0, help="seconds for each target")
    parser.add_argument("--folder", type=Path, default=Path(".cache/fuzz"), help="where corpora are kept from run to run")
    options = parser.parse_args(given)
    runs = options.runs or (0 if options.seconds or options.tell else 2000)
    found = []
    for name in options.names or targets.TARGETS:
        found.append(fuzzed(name, options.folder / name, runs=runs, seconds=options.seconds))
        print(_row(found[-1]), file=sys.stderr, flush=True)
        print(found[-1].broke, end="", file=sys.stderr, flush=True)
    print(table(found))
    return int(any(each.broke for each in found))


if __name__ == "__main__":
    sys.exit(main())
