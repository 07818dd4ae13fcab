"""Other people's readers read our feeds: those of the exports, and those of generated publications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest

from publisher import markup, text
from publisher.article import Date
from tests.judges import feeds
from tests.judges.examples import EXPORTS, exported, squeezed, written

pytestmark = pytest.mark.judges

NAMES = ("feed.rss", "feed.atom", "feed.json")


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom"])
def test_feedparser_reads_every_field_that_it_knows(name: str) -> None:
    found = feedparser.parse((EXPORTS / name).read_bytes())
    assert not found.bozo
    assert found.feed.title == exported().name
    assert found.feed.link == exported().url
    assert len(found.entries) == len(exported().articles)
    for entry, article in zip(found.entries, exported().articles, strict=True):
        assert (entry.title, entry.link, entry.id) == (article.headline, article.url, article.identifier)
        assert entry.published[:4].isdigit() or str(article.date_published.year if article.date_published else "") in entry.published
        assert [each.name for each in article.author] == (
            [each["name"] for each in entry.authors] if name == "feed.atom" else entry.author.split(", ")
        )
        assert [*filter(None, [article.article_section]), *article.keywords] == [each.term for each in entry.get("tags", [])]
        assert squeezed(markup.to_text(article.body)) in squeezed(markup.to_text(markup.clean(entry.content[0].value)))
        pictures = [each.content_url for each in article.image if each.content_url]
        assert [each["url"] for each in entry.get("media_content", []) if each.get("medium") == "image"] == pictures


@pytest.mark.parametrize("name", NAMES)
def test_a_parser_in_javascript_reads_the_same_articles(name: str) -> None:
    assert titles(feeds.parse(EXPORTS / name)) == [article.headline for article in exported().articles]


def titles(found: Mapping[str, Any]) -> list[str]:
    """Return the titles that feedsmith found; in Atom each is a text construct."""
    entries = found["feed"].get("items") or found["feed"].get("entries") or []
    return [each["title"]["value"] if isinstance(each["title"], dict) else each["title"] for each in entries]


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_reader_keeps_the_same_articles(name: str) -> None:
    (entries,) = feeds.kept([EXPORTS / name]).values()
    assert {each.id for each in entries} == {each.identifier for each in exported().articles}
    for entry in entries:
        article = next(each for each in exported().articles if each.identifier == entry.id)
        assert (entry.title, entry.link) == (article.headline, article.url)
        assert entry.published is not None
        assert entry.published.date() in days(article.date_published)
        assert {each.name for each in entry.authors} <= {each.name for each in article.author}
        assert entry.authors
        assert article.associated_media == () or entry.enclosures


def days(day: Date | None) -> set[date]:
    """Return the day here and in UTC."""
    return {day.date(), day.astimezone(UTC).date()} if isinstance(day, datetime) else {day} if day else set()


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_feedparser_finds_generated_feeds_well_formed(name: str, tmp_path: Path) -> None:
    for path, each in written(tmp_path, name).items():
        found = feedparser.parse(path.read_bytes())
        assert not found.bozo
        # In RSS feedparser guesses from tags and entities in a title whether it is HTML, and escapes it once more (6.0.14).
        assert [unescape(text.line(entry.title) or "") for entry in found.entries] == [
            mended(unescape(article.headline)) for article in each.articles
        ]


def mended(title: str) -> str:
    """Return the title as feedparser 6.0.14 has it: not even with hard spaces around it, and UTF-8 where that was taken for Latin-1."""
    try:
        return title.encode("latin-1").decode().strip()
    except UnicodeError:
        return title.strip()


@pytest.mark.parametrize("name", ["rss", "atom", "jsonfeed"])
def test_a_parser_in_javascript_reads_every_item_of_generated_feeds(name: str, tmp_path: Path) -> None:
    for path, publication in written(tmp_path, name).items():
        assert len(titles(feeds.parse(path))) == len(publication.articles), path.name


@pytest.mark.parametrize("name", ["rss", "atom", "jsonfeed"])
def test_a_feed_reader_keeps_every_item_of_generated_feeds(name: str, tmp_path: Path) -> None:
    given = written(tmp_path, name)
    for path, entries in feeds.kept(list(given)).items():
        assert len(entries) == len({each.identifier for each in given[path].articles}), path.name
