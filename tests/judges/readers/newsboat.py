"""newsboat, which keeps articles in SQLite and shows them in a terminal. It reads RSS and Atom, and no JSON Feed (2.36)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.judges.readers import Entry, names, run

__all__ = ["Newsboat"]


class Newsboat:
    """A cache for each feed: an article that is in two feeds is kept in one of them only."""

    NAME: str = "newsboat"
    FORMATS: tuple[str, ...] = ("rss", "atom")

    def __init__(self, folder: Path, urls: Sequence[str]) -> None:
        self._homes = {url: folder / str(number) for number, url in enumerate(urls)}
        for url, home in self._homes.items():
            home.mkdir(parents=True)
            (home / "config").write_text("")
            (home / "urls").write_text(f"{url}\n")

    def subscribe(self, opml: Path) -> list[str]:
        """Subscribe in the first cache to all that an OPML lists; return the URLs of all feeds that are followed then, in their order."""
        home = next(iter(self._homes.values()))
        run("newsboat", *self.options(home), "-i", str(opml), home=home)
        urls = [line.split()[0] for line in (home / "urls").read_text().splitlines() if line]
        self._homes |= dict.fromkeys(urls, home)
        return urls

    def poll(self) -> None:
        for home in dict.fromkeys(self._homes.values()):
            run("newsboat", *self.options(home), "-x", "reload", home=home)

    @staticmethod
    def options(home: Path) -> tuple[str, ...]:
        """Return how newsboat is told where all its files are."""
        return "-u", str(home / "urls"), "-c", str(home / "cache.db"), "-C", str(home / "config")

    def entries(self, url: str) -> list[Entry]:
        with closing(sqlite3.connect(self._homes[url] / "cache.db")) as cache:
            cache.row_factory = sqlite3.Row
            return [_entry(each) for each in cache.execute("select * from rss_item where feedurl = ? and deleted = 0", [url])]

    def key(self, identifier: str) -> str:
        return identifier

    def close(self) -> None:
        pass


def _entry(row: sqlite3.Row) -> Entry:
    media = (row["enclosure_url"],) if row["enclosure_url"] else ()
    is_picture = (row["enclosure_type"] or "").startswith("image/")
    return Entry(
        key=row["guid"],
        title=row["title"],
        link=row["url"],
        authors=names(row["author"]),
        content=row["content"],
        pictures=media if is_picture else (),
        recordings=() if is_picture else media,
        published=datetime.fromtimestamp(row["pubDate"], UTC),
    )
