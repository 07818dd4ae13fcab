"""What every export has to be made into: moments, names, identifiers, headlines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from publisher import feeds, markup, schema
from publisher.article import Article, Date
from publisher.platforms.ledger import Ledger
from publisher.text import line

__all__ = ["distinct", "headline", "later", "moment", "plain", "unique"]

_FARTHEST = timedelta(hours=14)
_STEP = timedelta(minutes=15)
"""Every offset in use is a multiple of this; with another one of the two times was changed alone."""


def plain(text: str | None) -> str | None:
    """Return what may be HTML as one line of plain text."""
    return feeds.plain(text) if text and ("<" in text or "&" in text) else line(text)


def moment(local: str, universal: str) -> Date | None:
    """Return the moment that is written as `2018-10-24 08:00:00` both in local and in universal time: its offset is between them."""
    here, there = _naive(local), _naive(universal)
    if there is None:
        return None
    offset = here - there if here else timedelta()
    offset = timedelta(minutes=round(offset / timedelta(minutes=1)))
    zone = timezone(offset) if offset and abs(offset) <= _FARTHEST and not offset % _STEP else UTC
    return schema.parse_date(there.replace(tzinfo=UTC).astimezone(zone).isoformat())


def _naive(text: str) -> datetime | None:
    """Return a time without zone, `None` for what is none, as `0000-00-00 00:00:00`."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.replace(tzinfo=None, microsecond=0) if 1000 < found.year < 9998 else None


def later(modified: Date | None, published: Date | None) -> Date | None:
    """Return when an article was changed, `None` when that was not after it was published."""
    if modified and published and schema.begin(modified) <= schema.begin(published):
        return None
    return modified


def headline(title: str | None, body: str, otherwise: str) -> str:
    """Return the title, else how the text begins."""
    return title or line(markup.to_text(body)[:80]) or line(otherwise) or "Untitled"


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return what is there, each once whatever its capitals, in order."""
    found: dict[str, str] = {}
    for each in values:
        if each:
            found.setdefault(each.casefold(), each)
    return tuple(found.values())


def distinct(articles: Iterable[Article], ledger: Ledger) -> tuple[Article, ...]:
    """Return the articles, each with an identifier of its own; that two had the same is noted."""
    seen: dict[str, int] = {}
    found = []
    for each in articles:
        seen[each.identifier] = count = seen.get(each.identifier, 0) + 1
        if count > 1:
            ledger.note("duplicate", each.identifier)
            each = _renamed(each, count, seen)
        found.append(each)
    return tuple(found)


def _renamed(article: Article, count: int, seen: dict[str, int]) -> Article:
    identifier = f"{article.identifier}#{count}"
    while identifier in seen:
        identifier += "-"
    seen[identifier] = 1
    return replace(article, identifier=identifier)
