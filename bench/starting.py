"""From the command to its end, for what is asked of one file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.measure import PYTHON, middle, run
from bench.site import written
from bench.table import Row

__all__ = ["rows"]


def rows(count: int = 1) -> Iterator[Row]:
    """Yield what the smallest questions take."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        written(Path(name) / "sources", 1)
        article = next((Path(name) / "sources").glob("*/*.md"))
        for given, most in ((["--version"], 0.15), (["show", str(article)], 0.4)):
            cost = middle(partial(run, [PYTHON, "-m", "publisher.cli", *given]))
            yield Row(work=f"`publisher {given[0]}`", what="clock", ours=cost.clock, most=most, is_ratio=False)
