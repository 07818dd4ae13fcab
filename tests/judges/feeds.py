"""feedsmith, a feed parser in JavaScript: RSS, Atom, RDF and JSON Feed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from publisher.judges import program
from publisher.judges.worker import Worker

__all__ = ["parse"]


def parse(path: Path) -> dict[str, Any]:
    """Return `{"format": "rss", "feed": {…}}`, with the names of the feed's own format; raise `Refused` when it is no feed."""
    answer: dict[str, Any] = _feedsmith().ask(str(path.absolute()))
    return answer


@cache
def _feedsmith() -> Worker:
    return Worker(program("node"), str(Path(__file__).with_suffix(".mjs")))
