"""The table: what was done, ours, theirs, the ratio, and what we want it to be; as text, and in `docs/benchmarks.md`."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

__all__ = ["HEAD", "Row", "line", "machine", "put"]

_VARIES = re.compile(r"^[\d.]+ (m?s|MB) ?|:.*| [\d.]+$")
"""What they took, their version, and how to get them."""
HEAD = "| work | | ours | theirs | ratio | target | |\n|---|---|--:|--:|--:|---|---|\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    work: str
    what: str
    """What is measured of it: `CPU`, `clock` or `memory`."""
    ours: float
    """Seconds, or bytes of memory."""
    theirs: float | None = None
    whose: str = ""
    """Who they are and in which version, or how to get them."""
    most: float | None = None
    """The target: what `ours`, or the ratio, may be at most."""
    is_ratio: bool = True
    """Whether the target is one for the ratio."""

    @property
    def ratio(self) -> float | None:
        """Ours divided by theirs."""
        return None if self.theirs is None else self.ours / self.theirs

    @property
    def verdict(self) -> str:
        """Whether the target is reached; `""` when there is none, or nobody to compare with."""
        reached = self.ratio if self.is_ratio else self.ours
        return "" if self.most is None or reached is None else "reached" if reached <= self.most else "**missed**"


def line(row: Row) -> str:
    """Return a row as a line of Markdown."""
    ratio = "" if row.ratio is None else _short(row.ratio)
    theirs = "" if row.theirs is None else _quantity(row.theirs, row.what)
    whose = f"{theirs} {row.whose}".strip()
    return f"| {row.work} | {row.what} | {_quantity(row.ours, row.what)} | {whose} | {ratio} | {_target(row)} | {row.verdict} |"


def _target(row: Row) -> str:
    if row.most is None:
        return ""
    if not row.is_ratio:
        return f"≤ {_quantity(row.most, row.what)}"
    return f"≤ {_short(row.most)}" if row.most > 0.2 else f"≤ 1/{round(1 / row.most)}"


def _quantity(value: float, what: str) -> str:
    if what == "memory":
        return f"{value / 1e6:.0f} MB"
    return f"{_short(value)} s" if value >= 0.1 else f"{_short(1000 * value)} ms"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def machine() -> str:
    """Return what this was measured on, in one sentence."""
    info = Path("/proc/cpuinfo").read_text()
    model = next((each.partition(":")[2].strip() for each in info.splitlines() if each.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{date.today()}, {os.cpu_count()} cores of {model}, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"  # noqa: DTZ011 - a day is enough


def put(document: Path, name: str, heading: str, rows: Iterable[Row]) -> None:
    """Put rows in the place of those that the part `name` of a document has; those that were not measured now stay."""
    text = document.read_text("utf-8")
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    former = text.partition(start)[2].partition(end)[0]
    lines = {_key(each): each for each in former.splitlines() if each.startswith("| ") and not each.startswith("| work ")}
    lines |= {_key(each): each for each in map(line, rows)}
    made = f"{heading}\n\n{HEAD}" + "".join(f"{each}\n" for each in lines.values())
    pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    document.write_text(pattern.sub(lambda _: f"{start}{made}{end}", text), "utf-8")


def _key(written: str) -> tuple[str, str, str]:
    """Return what makes a line another one: the work, what is measured, and beside whom, whatever version that has."""
    _, work, what, _, whose, *_ = (each.strip() for each in written.split("|"))
    return work, what, _VARIES.sub("", whose)
