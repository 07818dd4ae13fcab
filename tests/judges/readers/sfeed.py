"""sfeed, a parser that keeps articles as lines of text; `sfeed_update` fetches with curl. It reads RSS and Atom.

By itself it asks for everything every time and keeps an article twice that has got another title: docs/readers.md has the
configuration, used here too, that does neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.judges.readers import Entry, names, run

__all__ = ["Sfeed", "configuration"]

PAGE = Path(__file__).parents[3] / "docs/readers.md"
_ESCAPED = {r"\n": "\n", r"\t": "\t", r"\\": "\\"}


def configuration() -> str:
    """Return the functions of the sfeedrc that the documentation shows."""
    found = re.search(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


class Sfeed:
    """One `sfeedrc` for all feeds."""

    NAME: str = "sfeed"
    FORMATS: tuple[str, ...] = ("rss", "atom")

    def __init__(self, folder: Path, urls: Sequence[str], functions: str | None = None) -> None:
        self._home = folder
        self._names = {url: f"feed{number}" for number, url in enumerate(urls)}
        feeds = "\n".join(f"feed {name} {url}" for url, name in self._names.items())
        (folder / ".sfeed").mkdir(parents=True)
        shown = configuration() if functions is None else functions
        (folder / ".sfeed/sfeedrc").write_text(f"{shown}\nfeeds() {{\n{feeds}\n}}\n")

    def poll(self) -> None:
        run("sfeed_update", home=self._home)

    def entries(self, url: str) -> list[Entry]:
        return [_entry(line) for line in (self._home / ".sfeed/feeds" / self._names[url]).read_text("utf-8").splitlines()]

    def key(self, identifier: str) -> str:
        return identifier

    def close(self) -> None:
        pass


def _entry(line: str) -> Entry:
    """Return the entry on a line, whose fields have tabs between them (sfeed(5))."""
    moment, title, link, content, _, identifier, author, enclosure, category = line.split("\t")
    is_picture = bool(re.search(r"\.(jpg|png|webp)$", enclosure))
    return Entry(
        key=identifier,
        title=title,
        link=link,
        authors=names(author),
        content=re.sub(r"\\[nt\\]", lambda found: _ESCAPED[found[0]], content),
        pictures=(enclosure,) if is_picture else (),
        recordings=(enclosure,) if enclosure and not is_picture else (),
        tags=tuple(filter(None, category.split("|"))),
        published=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(moment)) if moment else None,
    )
