"""feedparser, lemon24's reader, and feedsmith in Node: parsers and a store that other programs are made of."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import struct_time
from typing import Any

import feedparser
import reader

from publisher.judges import program
from publisher.judges.worker import Worker
from tests.judges.readers import Entry, names

__all__ = ["Feedparser", "Feedsmith", "Lemon"]


class Feedparser:
    """feedparser as its documentation shows it: ETag and date of the last answer go into the next question."""

    NAME: str = "feedparser"
    FORMATS: tuple[str, ...] = ("rss", "atom")

    def __init__(self, folder: Path, urls: Sequence[str]) -> None:
        self._known: dict[str, Any] = dict.fromkeys(urls)

    def poll(self) -> None:
        for url, known in self._known.items():
            found = feedparser.parse(url, etag=known and known.get("etag"), modified=known and known.get("modified"))
            assert not found.bozo
            if found.status != 304:
                self._known[url] = found

    def entries(self, url: str) -> list[Entry]:
        return [_parsed(each) for each in self._known[url].entries]

    def key(self, identifier: str) -> str:
        return identifier

    def close(self) -> None:
        pass


def _parsed(entry: Any) -> Entry:
    media = [(each.get("url") or each.get("href"), each.get("type", "")) for each in [*entry.get("media_content", []), *entry.enclosures]]
    return Entry(
        key=entry.id,
        title=entry.title,
        link=entry.link,
        authors=tuple(name for each in entry.get("authors", []) for name in names(each.get("name"))),
        summary=entry.get("summary"),
        content=entry.content[0].value,
        **_sorted(media),
        tags=tuple(each.term for each in entry.get("tags", [])),
        published=_moment(entry.get("published_parsed")),
        updated=_moment(entry.get("updated_parsed")),
    )


def _sorted(media: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return pictures and recordings, each once."""
    kinds = dict(media)
    pictures = tuple(url for url, kind in kinds.items() if kind.startswith("image/"))
    return {"pictures": pictures, "recordings": tuple(url for url in kinds if url not in pictures)}


def _moment(parsed: struct_time | None) -> datetime | None:
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None


class Lemon:
    """lemon24's reader, which keeps articles in SQLite and reads JSON Feed too."""

    NAME: str = "reader"
    FORMATS: tuple[str, ...] = ("rss", "atom", "json")

    def __init__(self, folder: Path, urls: Sequence[str]) -> None:
        folder.mkdir(parents=True)
        self._store = reader.make_reader(str(folder / "reader.sqlite"))
        for url in urls:
            self._store.add_feed(url)

    def poll(self) -> None:
        for result in self._store.update_feeds_iter(scheduled=False):  # else once an hour
            assert not isinstance(result.value, Exception), result

    def entries(self, url: str) -> list[Entry]:
        return [_kept(each) for each in self._store.get_entries(feed=url)]

    def key(self, identifier: str) -> str:
        return identifier

    def close(self) -> None:
        self._store.close()


def _kept(entry: reader.Entry) -> Entry:
    return Entry(
        key=entry.id,
        title=entry.title or "",
        link=entry.link or "",
        authors=tuple(name for each in entry.authors for name in names(each.name)),
        summary=entry.summary,
        content=entry.content[0].value if entry.content else "",
        **_sorted([(each.href, each.type or "") for each in entry.enclosures]),
        published=entry.published,
        updated=entry.updated,
    )


class Feedsmith:
    """feedsmith, a parser in JavaScript, fed by the fetch of Node.js."""

    NAME: str = "feedsmith"
    FORMATS: tuple[str, ...] = ("rss", "atom", "json")

    def __init__(self, folder: Path, urls: Sequence[str]) -> None:
        self._worker = Worker(program("node"), str(Path(__file__).with_name("feedsmith.mjs")), patience=60)
        self._urls = tuple(urls)
        self._known: dict[str, dict[str, Any]] = {}

    def poll(self) -> None:
        for url in self._urls:
            self._known[url] = self._worker.ask(url)

    def entries(self, url: str) -> list[Entry]:
        known = self._known[url]
        feed = known["feed"]
        return [_SMITHED[known["format"]](each) for each in feed.get("items") or feed.get("entries")]

    def key(self, identifier: str) -> str:
        return identifier

    def close(self) -> None:
        self._worker.stop()


def _rss(item: Mapping[str, Any]) -> Entry:
    media = [*item.get("media", {}).get("contents", []), *item.get("enclosures", [])]
    return Entry(
        key=item["guid"]["value"],
        title=item["title"],
        link=item["link"],
        authors=tuple(name for each in item["dc"].get("creators", []) for name in names(each)),
        summary=item.get("description"),
        content=item["content"]["encoded"],
        **_sorted([(each["url"], each.get("type", "")) for each in media]),
        tags=tuple(each["name"] for each in item.get("categories", [])),
        published=parsedate_to_datetime(item["pubDate"]),
        updated=_iso(next(iter(item.get("dcterms", {}).get("modified", [])), None)),
    )


def _atom(entry: Mapping[str, Any]) -> Entry:
    links = [(each["href"], each.get("type", "")) for each in entry["links"] if each.get("rel") == "enclosure"]
    media = [(each["url"], each.get("type", "")) for each in entry.get("media", {}).get("contents", [])]
    return Entry(
        key=entry["id"],
        title=_text(entry["title"]),
        link=next(each["href"] for each in entry["links"] if each.get("rel") == "alternate"),
        authors=tuple(each["name"] for each in entry.get("authors", [])),
        summary=_text(entry["summary"]) if "summary" in entry else None,
        content=_text(entry["content"]),
        **_sorted([*media, *links]),
        tags=tuple(each["term"] for each in entry.get("categories", [])),
        published=_iso(entry.get("published")),
        updated=_iso(entry["updated"]),
    )


def _json(item: Mapping[str, Any]) -> Entry:
    attached = [(each["url"], each["mime_type"]) for each in item.get("attachments", [])]
    return Entry(
        key=item["id"],
        title=item["title"],
        link=item["url"],
        authors=tuple(each["name"] for each in item.get("authors", [])),
        summary=item.get("summary"),
        content=item["content_html"],
        **_sorted([*([(item["image"], "image/")] if "image" in item else []), *attached]),
        tags=tuple(item.get("tags", [])),
        published=_iso(item.get("date_published")),
        updated=_iso(item.get("date_modified")),
    )


_SMITHED: Mapping[str, Callable[[Mapping[str, Any]], Entry]] = {"rss": _rss, "atom": _atom, "json": _json}


def _text(construct: Any) -> str:
    """Return the text of a text construct (RFC 4287, 3.1)."""
    return str(construct["value"] if isinstance(construct, dict) else construct)


def _iso(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
