"""Readers that people subscribe with follow our feeds over HTTP, through changes, and docs/readers.md says what they take."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from publisher.article import Publication
from tests.judges.readers import Entry, Reader
from tests.judges.readers.libraries import Feedparser, Feedsmith, Lemon
from tests.judges.readers.miniflux import Miniflux
from tests.judges.readers.news import ADDED, CHANGED, CORRECTED, RETITLED, Paper, paper
from tests.judges.readers.newsboat import Newsboat
from tests.judges.readers.sfeed import Sfeed
from tests.judges.readers.table import marks, shown, table
from tests.served import Question

pytestmark = pytest.mark.judges

ROOT = Path(__file__).parents[2]
READERS: tuple[type[Reader], ...] = (Newsboat, Sfeed, Miniflux, Lemon, Feedparser, Feedsmith)
PAIRS = [(reader.NAME, kind) for reader in READERS for kind in reader.FORMATS]


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What one reader had and asked, poll by poll; feeds by their format."""

    first: dict[str, list[Entry]]
    again: list[Question]
    """What was asked when nothing had changed."""
    later: dict[str, list[Entry]]
    asked: list[Question]
    """What was asked when much had changed."""
    unchanged: list[Question]
    """What was asked when nothing had changed since that."""
    key: Callable[[str], str]


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    with paper(tmp_path_factory.mktemp("news")) as published:
        yield published


@pytest.fixture(scope="module")
def followed(news: Paper, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Followed]:
    """Let each reader subscribe to the feeds, one reader after the other."""
    return {made.NAME: follow(made, news, tmp_path_factory.mktemp("reader") / made.NAME) for made in READERS}


def follow(made: type[Reader], news: Paper, folder: Path) -> Followed:
    urls = {kind: f"{news.site.url}feed.{kind}" for kind in made.FORMATS}
    news.show(0)
    reader = made(folder, list(urls.values()))
    try:
        polled(reader, news)
        polled(reader, news)  # newsboat remembers of a feed what its state is only when it knows the feed already (2.36)
        first = {kind: reader.entries(url) for kind, url in urls.items()}
        again = polled(reader, news)
        news.show(1)
        asked = polled(reader, news)
        later = {kind: reader.entries(url) for kind, url in urls.items()}
        return Followed(first=first, again=again, later=later, asked=asked, unchanged=polled(reader, news), key=reader.key)
    finally:
        reader.close()


def polled(reader: Reader, news: Paper) -> list[Question]:
    start = len(news.site.log)
    reader.poll()
    return news.site.since(start)


def by_identifier(publication: Publication, entries: Sequence[Entry], key: Callable[[str], str]) -> dict[str, Entry]:
    """Return the entries by the identifiers of their articles, which must be the same ones, each once."""
    identifiers = {key(each.identifier): each.identifier for each in publication.articles}
    assert sorted(each.key for each in entries) == sorted(identifiers)
    return {identifiers[each.key]: each for each in entries}


# -- what they keep -------------------------------------------------------------------------------------------------------


def test_the_documentation_says_what_each_reader_takes_from_each_format(news: Paper, followed: dict[str, Followed]) -> None:
    measured = []
    for name, kind in PAIRS:
        entries = by_identifier(news.first, followed[name].first[kind], followed[name].key)
        measured.append((name, f"feed.{kind}", marks(news.first.articles, entries)))
    assert table(measured) in (ROOT / "docs/readers.md").read_text("utf-8"), f"the table of docs/readers.md has to be:\n{table(measured)}"


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_a_reader_has_title_link_text_authors_and_date_of_every_article(
    name: str, kind: str, news: Paper, followed: dict[str, Followed]
) -> None:
    found = marks(news.first.articles, by_identifier(news.first, followed[name].first[kind], followed[name].key))
    assert [found[each] for each in ("title", "link", "text")] == ["whole"] * 3
    assert found["authors"] in ("all", "all, by name") or (name, kind) in (("sfeed", "atom"), ("reader", "atom"))
    assert found["published"].startswith("to the second")
    assert not [each for each in found.values() if each.startswith("WRONG")]


def test_each_reader_has_a_picture_and_tags_from_one_format_at_least(followed: dict[str, Followed]) -> None:
    for name, each in followed.items():
        entries = [entry for found in each.first.values() for entry in found]
        assert any(entry.pictures for entry in entries), name
        assert any(entry.tags for entry in entries) or name in ("newsboat", "reader"), name


def test_every_address_that_a_reader_has_leads_somewhere(news: Paper, followed: dict[str, Followed]) -> None:
    news.show(0)
    entries = [entry for each in followed.values() for found in each.first.values() for entry in found]
    addresses = {url for each in entries for url in (each.link, *each.pictures, *each.recordings, *shown(each.content)[1])}
    own = sorted(url for url in addresses if url.startswith(news.site.url))
    assert len(own) > 2 * len(news.first.articles)
    for url in own:
        with urlopen(Request(url, method="HEAD"), timeout=10) as answer:
            assert answer.status == 200, url


# -- what becomes of it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_no_article_is_lost_and_none_is_there_twice_after_a_change(
    name: str, kind: str, news: Paper, followed: dict[str, Followed]
) -> None:
    before = by_identifier(news.first, followed[name].first[kind], followed[name].key)
    after = by_identifier(news.later, followed[name].later[kind], followed[name].key)
    assert after.keys() - before.keys() == {news.named(ADDED).identifier}
    assert not before.keys() - after.keys()


@pytest.mark.parametrize(("name", "kind"), PAIRS)
@pytest.mark.parametrize("article", [CHANGED, RETITLED, CORRECTED, ADDED])
def test_what_has_changed_arrives(article: str, name: str, kind: str, news: Paper, followed: dict[str, Followed]) -> None:
    wanted = news.named(article)
    entry = by_identifier(news.later, followed[name].later[kind], followed[name].key)[wanted.identifier]
    assert (entry.title, entry.link, shown(entry.content)) == (wanted.headline, wanted.url, shown(wanted.body))


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_all_is_still_right_after_a_change(name: str, kind: str, news: Paper, followed: dict[str, Followed]) -> None:
    before = marks(news.first.articles, by_identifier(news.first, followed[name].first[kind], followed[name].key))
    after = marks(news.later.articles, by_identifier(news.later, followed[name].later[kind], followed[name].key))
    assert after == before


def test_the_changes_are_what_they_are_called(news: Paper) -> None:
    before = {each.identifier: each for each in news.first.articles}
    changed, retitled, corrected = (news.named(each) for each in (CHANGED, RETITLED, CORRECTED))
    assert changed.headline != before[changed.identifier].headline
    assert changed.body != before[changed.identifier].body
    assert retitled.url != before[retitled.identifier].url
    assert corrected.corrections
    assert news.named(ADDED).identifier not in before


def test_sfeed_without_configuration_keeps_each_title_that_an_article_has_had(news: Paper, tmp_path: Path) -> None:
    """Which is why docs/readers.md shows a configuration."""
    url = f"{news.site.url}feed.atom"
    reader = Sfeed(tmp_path / "sfeed", [url], functions="")
    for state in (0, 1):
        news.show(state)
        asked = polled(reader, news)
        assert [(each.is_conditional, each.status) for each in asked] == [(False, 200)]
    kept = Counter(each.key for each in reader.entries(url))
    twice = {news.named(each).identifier for each in (CHANGED, RETITLED)}
    assert kept == {each.identifier: 2 if each.identifier in twice else 1 for each in news.later.articles}


def test_newsboat_keeps_an_article_in_the_feed_that_was_asked_last(news: Paper, tmp_path: Path) -> None:
    """Which docs/readers.md says, since people may follow a section beside the whole."""
    urls = [f"{news.site.url}feed.{kind}" for kind in Newsboat.FORMATS]
    reader = Newsboat(tmp_path / "newsboat", urls[:1])
    (home,) = tmp_path.glob("newsboat/*")
    (home / "config").write_text("reload-threads 1\n")
    (home / "urls").write_text("".join(f"{each}\n" for each in urls))
    reader.poll()
    with closing(sqlite3.connect(home / "cache.db")) as cache:
        kept = cache.execute("select feedurl, count(*) from rss_item group by feedurl").fetchall()
    assert kept == [(urls[1], len(news.later.articles))]


# -- what they ask --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_a_poll_without_news_costs_nothing(name: str, kind: str, followed: dict[str, Followed]) -> None:
    for asked in (followed[name].again, followed[name].unchanged):
        polls = [each for each in asked if each.path == f"/feed.{kind}"]
        assert [(each.is_conditional, each.status) for each in polls] == [(True, 304)]


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_a_poll_with_news_brings_them(name: str, kind: str, followed: dict[str, Followed]) -> None:
    polls = [each for each in followed[name].asked if each.path == f"/feed.{kind}"]
    assert [(each.is_conditional, each.status) for each in polls] == [(True, 200)]
