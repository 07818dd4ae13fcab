"""Readers of feeds: feedsmith, a parser in JavaScript (RSS, Atom, RDF and JSON Feed), and lemon24's reader, which keeps entries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from reader import Entry, make_reader

from publisher.judges import Refused, program
from publisher.judges.worker import Worker

__all__ = ["kept", "parse"]


def parse(path: Path) -> dict[str, Any]:
    """Return `{"format": "rss", "feed": {…}}`, with the names of the feed's own format; raise `Refused` when it is no feed."""
    answer: dict[str, Any] = _feedsmith().ask(str(path.absolute()))
    return answer


@cache
def _feedsmith() -> Worker:
    return Worker(program("node"), str(Path(__file__).with_suffix(".mjs")))


def kept(paths: Sequence[Path]) -> dict[Path, list[Entry]]:
    """Return the entries that reader keeps of each feed in one folder; raise `Refused` when it takes one of them for no feed."""
    (folder,) = {path.parent for path in paths}
    with make_reader(":memory:", feed_root=str(folder.absolute())) as store:
        for path in paths:
            store.add_feed(path.name)
        for result in store.update_feeds_iter():
            if isinstance(result.value, Exception):
                raise Refused(f"{result.url}: {result.value}")
        return {path: list(store.get_entries(feed=path.name)) for path in paths}
