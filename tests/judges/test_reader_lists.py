"""Readers subscribe to all feeds at once by the list of them, follow sections, and find old articles in archives, all over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import feedparser
import pytest
from lxml import etree

from publisher.article import Article, Publication
from publisher.settings import read
from tests.judges.readers import run
from tests.judges.readers.miniflux import Miniflux
from tests.judges.readers.news import SEEDS, SIZE, newsstand
from tests.judges.readers.newsboat import Newsboat
from tests.judges.readers.table import marks
from tests.served import Served

pytestmark = pytest.mark.judges

Stand = tuple[Served, Publication]
OPML = "feeds.opml"
KEYWORDS = read((SEEDS / "publisher.toml").read_bytes())[0].site.keyword_feeds


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with newsstand(tmp_path_factory.mktemp("stand")) as made:
        yield made


@pytest.fixture(scope="module")
def miniflux(stand: Stand, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Miniflux]:
    """Return miniflux, which follows all feeds of the list and has asked for them."""
    reader = Miniflux(tmp_path_factory.mktemp("reader"), [])
    try:
        reader.subscribe(got(stand, OPML))
        reader.poll()
        yield reader
    finally:
        reader.close()


def got(stand: Stand, path: str) -> bytes:
    with urlopen(stand[0].url + path, timeout=10) as answer:
        body: bytes = answer.read()
        return body


def listed(stand: Stand) -> list[str]:
    """Return the URLs of the feeds in the list."""
    return [str(each.get("xmlUrl")) for each in etree.fromstring(got(stand, OPML)).iter("outline") if each.get("xmlUrl")]


def newest(stand: Stand, belongs: Callable[[Article], bool] = lambda _: True) -> list[Article]:
    """Return the articles that a feed has: the newest of those that belong to it."""
    return [each for each in stand[1].articles if belongs(each)][:SIZE]


def test_the_list_has_the_feed_of_the_whole_and_one_of_each_section_and_author(stand: Stand) -> None:
    sections = {each.article_section for each in stand[1].articles if each.article_section}
    authors = {party.name for each in stand[1].articles for party in each.author}
    assert len(listed(stand)) == len(set(listed(stand))) == 1 + len(sections) + len(authors) + len(KEYWORDS)


def test_miniflux_imports_the_list(stand: Stand, miniflux: Miniflux) -> None:
    assert sorted(miniflux.followed()) == sorted(listed(stand))


def test_newsboat_imports_the_list_and_gets_every_feed(stand: Stand, tmp_path: Path) -> None:
    site, _ = stand
    (tmp_path / OPML).write_bytes(got(stand, OPML))
    reader = Newsboat(tmp_path / "newsboat", [f"{site.url}feed.atom"])
    assert sorted(reader.subscribe(tmp_path / OPML)) == sorted(listed(stand))
    start = len(site.log)
    reader.poll()
    assert sorted((site.url + each.path[1:], each.status) for each in site.since(start)) == sorted((url, 200) for url in listed(stand))


def test_sfeed_imports_the_list(stand: Stand, tmp_path: Path) -> None:
    (tmp_path / OPML).write_bytes(got(stand, OPML))
    made = run("sh", "-c", f"sfeed_opml_import < {OPML}", home=tmp_path)
    assert [line.split("'")[3] for line in made.splitlines() if line.strip().startswith("feed '")] == listed(stand)


def test_the_feed_of_a_section_or_an_author_has_their_newest_articles(stand: Stand, miniflux: Miniflux) -> None:
    """And all that miniflux knows of them, as in the feed of the whole."""
    site, _ = stand
    whole = {each.key: each for each in miniflux.entries(f"{site.url}feed.atom")}
    for path, belongs in {
        "sections/harbour.atom": lambda each: each.article_section == "Harbour",
        "sections/culture.atom": lambda each: each.article_section == "Culture",
        "authors/ines-calloway.atom": lambda each: "Ines Calloway" in {party.name for party in each.author},
    }.items():
        wanted = newest(stand, belongs)
        entries = {each.key: each for each in miniflux.entries(site.url + path)}
        assert entries.keys() == {miniflux.key(each.identifier) for each in wanted}
        found = marks(wanted, {each.identifier: entries[miniflux.key(each.identifier)] for each in wanted})
        assert not [each for each in found.values() if each.startswith("WRONG")]
        assert [found[each] for each in ("title", "link", "text", "picture")] == ["whole"] * 3 + ["all"]
        assert {key: whole[key] for key in entries.keys() & whole.keys()} == {key: entries[key] for key in entries.keys() & whole.keys()}
    assert whole.keys() == {miniflux.key(each.identifier) for each in newest(stand)}


def test_a_poll_of_all_feeds_without_news_costs_nothing(stand: Stand, miniflux: Miniflux) -> None:
    site, _ = stand
    start = len(site.log)
    miniflux.poll()
    assert sorted((each.path, each.status) for each in site.since(start)) == sorted(
        (f"/{url.removeprefix(site.url)}", 304) for url in listed(stand)
    )


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_who_goes_back_through_the_archives_finds_every_article(kind: str, stand: Stand) -> None:
    """As RFC 5005, section 4, says; read with feedparser. What is in two documents counts once there."""
    site, publication = stand
    url, seen, documents = f"{site.url}feed.{kind}", list[str](), 0
    while url:
        found = feedparser.parse(url)
        assert (found.bozo, found.status) == (False, 200)
        seen += [each.id for each in found.entries]
        documents += 1
        assert documents < 20, "the archives go round in circles"
        url = next((each.href for each in found.feed.links if each.rel == "prev-archive"), "")
    assert set(seen) == {each.identifier for each in publication.articles}
    assert documents > len(publication.articles) // SIZE


def test_who_follows_next_url_finds_every_article_of_the_json_feed(stand: Stand) -> None:
    site, publication = stand
    path, seen = "feed.json", list[str]()
    while path:
        feed = json.loads(got(stand, path))
        seen += [each["id"] for each in feed["items"]]
        path = feed.get("next_url", "").removeprefix(site.url)
    assert set(seen) == {each.identifier for each in publication.articles}
