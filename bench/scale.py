"""What each further article costs, by the difference of two newspapers, and what ten million would: `python -m bench.scale`.

Processor time, files and bytes of a build; processor time and memory of the one process that reads and plans; what a cluster of Dask
adds, and what goes through it; what S3 is asked. A difference of two sizes leaves out what is done once, and rounds off what grows faster.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from bench.measure import Cost, run
from bench.site import written
from bench.table import machine
from publisher.files import CACHE

__all__ = ["Measured", "each_more", "main", "measured", "requests"]

_MANY = 10_000_000
_WARM = 20
_ASKING = (20, 60)
"""Articles of the newspapers by which requests are counted; they grow with sources and files, and with nothing else."""
_BUILD = [sys.executable, "-m", "publisher.cli", "build"]
_PLAN = """
import sys
from pathlib import Path
from bench.measure import most_memory
from publisher import cluster, desk, files, planning
gathered, at = desk.gather([sys.argv[1]])
press = desk.press(gathered.publication, at, Path("nowhere"))
outputs = planning.plan(gathered.publication, at.settings, cluster.Lent(files.Cache(at.folder)), books=press.issues.books)
print(most_memory())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a newspaper takes; or, as a difference of two, what each further article does."""

    build: float
    """Seconds of CPU of a whole build in one process."""
    planning: float
    """Seconds of CPU of it for reading the sources and planning, which only one process can do."""
    memory: float
    """Bytes of memory of that process when it has planned."""
    sources: float
    """Bytes of the sources."""
    files: float
    """Files of the exports."""
    size: float
    """Bytes of the exports."""
    engine: float
    """Seconds of CPU of the process that hands the work to a cluster, all it does included."""
    workers: float
    """Seconds of CPU of the workers."""
    sent: float
    """Bytes that go to workers."""


_UNITS: dict[str, tuple[float, str, str]] = {
    "build": (1e3, "ms of CPU", "a whole build in one process, read back and checked"),
    "planning": (1e3, "ms of CPU", "of it reading and planning, in one process"),
    "memory": (1e-3, "kB", "memory of that process"),
    "sources": (1e-3, "kB", "sources"),
    "files": (1, "files", "exports"),
    "size": (1e-3, "kB", "exports"),
    "engine": (1e3, "ms of CPU", "with a cluster: the process that plans, hands out and places"),
    "workers": (1e3, "ms of CPU", "with a cluster: its workers"),
    "sent": (1e-3, "kB", "sent to workers, and about as much as the exports back"),
}
"""How each is shown: times what, of what, and what it is."""


def each_more(few: Measured, many: Measured, articles: int) -> Measured:
    """Return what each of so many articles more has taken."""
    return Measured(**{each.name: (getattr(many, each.name) - getattr(few, each.name)) / articles for each in fields(Measured)})


def measured(count: int, address: str, spent: Callable[[], float]) -> Measured:
    """Return what a newspaper of so many articles takes; `spent` tells the seconds of CPU of the cluster at an address."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder / "sources", count)
        own = {"PUBLISHER_CACHE": str(folder / "kept"), "PUBLISHER_DEBUG": "1"}
        source, given = str(folder / "sources"), sum(_sizes(folder / "sources"))
        run([*_BUILD, source, "-o", str(folder / "warm"), "--only", "webpage"], own)  # the pictures, which are kept
        planning = _anew(folder, [sys.executable, "-c", _PLAN, source], own)
        alone = _anew(folder, [*_BUILD, source, "-o", str(folder / "alone"), "--jobs", "1"], own)
        before = spent()
        engine = _anew(folder, [*_BUILD, source, "-o", str(folder / "engine"), "--engine", address], own)
        workers = spent() - before
        exports = _sizes(folder / "alone")
        return Measured(
            build=alone.cpu,
            planning=planning.cpu,
            memory=int(planning.said),
            sources=given,
            files=len(exports),
            size=sum(exports),
            engine=engine.cpu,
            workers=workers,
            sent=_sent(folder / "sources"),
        )


def _anew(folder: Path, command: list[str], own: dict[str, str]) -> Cost:
    """Run a program without what former builds have kept of the sources."""
    shutil.rmtree(folder / "sources" / CACHE, ignore_errors=True)
    return run(command, own)


def _sizes(folder: Path) -> list[int]:
    return [each.stat().st_size for each in folder.rglob("*") if each.is_file()]


def _sent(sources: Path) -> int:
    """Return the bytes of all outputs as they go to workers."""
    command = [sys.executable, "-c", f"{_PLAN}\nprint(sum(map(len, cluster.parcels(abs, outputs))))", str(sources)]
    return int(run(command).said.split()[-1])


def requests(count: int, asked: dict[str, int]) -> tuple[dict[str, int], dict[str, int], int]:
    """Return what the bucket of `tests.buckets` is asked by a build from it into it, and by the next one; and how many files there are."""
    import fsspec

    bucket = fsspec.filesystem("s3", skip_instance_cache=True)  # each server has another port
    where = f"s3://lantern/{count}"
    with tempfile.TemporaryDirectory() as name:
        written(Path(name) / "sources", count)
        bucket.put(f"{name}/sources", f"{where}/seeds", recursive=True)
        found = []
        for _ in range(2):
            asked.clear()
            run([*_BUILD, f"{where}/seeds", "-o", f"{where}/exports"], {"PUBLISHER_CACHE": f"{name}/kept"})
            found.append({**asked})
    bucket.invalidate_cache()
    return found[0], found[1], len(bucket.find(f"{where}/exports"))


@contextmanager
def _workers() -> Iterator[tuple[str, Callable[[], float]]]:
    """Give the address of a cluster of two workers on this machine, and what tells their seconds of CPU."""
    os.environ["DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED"] = "False"  # as docs/scale.md advises
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0") as made,
        Client(made) as client,
    ):
        yield made.scheduler_address.replace("tcp", "dask"), lambda: sum(client.run(time.process_time).values())


def main() -> None:
    """Measure two newspapers, and print what each article more has taken, and what ten million would."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("-n", "--articles", type=int, nargs=2, default=[1000, 3000], help="of the two newspapers (default: 1000 3000)")
    few, many = parser.parse_args().articles
    print(f"{machine()}; {few} and {many} articles.\n\n| | each article | ten million |\n|---|--:|--:|", flush=True)
    with _workers() as (address, spent):
        measured(_WARM, address, spent)  # the first work of a process costs more
        more = each_more(measured(few, address, spent), measured(many, address, spent), many - few)
    for name, (factor, unit, what) in _UNITS.items():
        value = getattr(more, name)
        print(f"| {what} | {factor * value:.3g} {unit} | {_large(name, value * _MANY)} |")
    print("\n| requests to S3 | read | listed | asked for | written |\n|---|--:|--:|--:|--:|")
    for count in _ASKING:
        for line in _requested(count):
            print(line, flush=True)


def _requested(count: int) -> Iterator[str]:
    from tests.buckets import bucket_server

    with bucket_server() as bucket:
        first, again, files = requests(count, bucket.asked)
    for what, asked in (("built anew", first), ("nothing changed", again)):
        numbers = " | ".join(str(asked.get(each, 0)) for each in ("GET", "LIST", "HEAD", "PUT"))
        yield f"| {count} articles, {files} files, {what} | {numbers} |"


def _large(name: str, value: float) -> str:
    if name in ("build", "planning", "engine", "workers"):
        return f"{value / 3600:.0f} hours of a core"
    return f"{value / 1e6:.0f} million" if name == "files" else f"{value / 1e9:.0f} GB"


if __name__ == "__main__":
    main()
