"""Readers follow what `publisher serve` serves, while somebody writes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.request import urlopen

import pytest

from publisher import desk
from publisher.article import Publication
from tests import previews
from tests.judges.readers import Entry, Reader
from tests.judges.readers.libraries import Feedparser, Feedsmith, Lemon
from tests.judges.readers.miniflux import Miniflux
from tests.judges.readers.news import SEEDS, edit
from tests.judges.readers.newsboat import Newsboat
from tests.judges.readers.sfeed import Sfeed
from tests.judges.readers.table import shown
from tests.served import Question, Served, listened

pytestmark = pytest.mark.judges

READERS: tuple[type[Reader], ...] = (Newsboat, Sfeed, Miniflux, Lemon, Feedparser, Feedsmith)
PAIRS = [(reader.NAME, kind) for reader in READERS for kind in reader.FORMATS]
NOTHING_NEW = (True, 304)
NEWS = (True, 200)


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What one reader had, by format, before and after the change, and what it asked."""

    before: dict[str, list[Entry]]
    unchanged: list[Question]
    asked: list[Question]
    after: dict[str, list[Entry]]
    reader: Reader


@dataclass(frozen=True, kw_only=True)
class Story:
    """What was written, and what each reader made of it."""

    base: str
    first: Publication
    later: Publication
    followed: dict[str, Followed]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    seeds = tmp_path_factory.mktemp("preview") / "seeds"
    shutil.copytree(SEEDS, seeds)
    with previews.served(seeds) as preview, listened(preview.base) as ear:
        folder = tmp_path_factory.mktemp("readers")
        readers = {made.NAME: made(folder / made.NAME, [f"{ear.url}feed.{kind}" for kind in made.FORMATS]) for made in READERS}
        try:
            first = desk.gather([str(seeds)])[0].publication
            for each in (*readers.values(), *readers.values()):
                each.poll()
            before = {name: kept(each, ear) for name, each in readers.items()}
            unchanged = {name: polled(each, ear) for name, each in readers.items()}
            edit(seeds / "bells.md", "title: Six bells, ", "slug: the-bells\ntitle: Seven bells & ")
            until_told(f"{preview.base}feed.atom", b"Seven bells &amp; ")
            later = desk.gather([str(seeds)])[0].publication
            asked = {name: polled(each, ear) for name, each in readers.items()}
            followed = {
                name: Followed(before=before[name], unchanged=unchanged[name], asked=asked[name], after=kept(each, ear), reader=each)
                for name, each in readers.items()
            }
            yield Story(base=preview.base, first=first, later=later, followed=followed)
        finally:
            for each in readers.values():
                each.close()


def until_told(url: str, words: bytes) -> None:
    """Wait until a feed says something: a build that was begun before an edit may end after it."""
    for _ in range(600):
        with urlopen(url) as answer:
            if words in answer.read():
                return
        time.sleep(0.1)
    raise AssertionError(f"{url} does not say {words!r}")


def polled(reader: Reader, ear: Served) -> list[Question]:
    start = len(ear.log)
    reader.poll()
    return ear.since(start)


def kept(reader: Reader, ear: Served) -> dict[str, list[Entry]]:
    return {kind: reader.entries(f"{ear.url}feed.{kind}") for kind in reader.FORMATS}


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_a_reader_of_the_preview_has_each_article_once_as_it_was_and_as_it_is(name: str, kind: str, story: Story) -> None:
    one = story.followed[name]
    for publication, entries in ((story.first, one.before[kind]), (story.later, one.after[kind])):
        wanted = {one.reader.key(each.identifier): each for each in publication.articles}
        assert sorted(each.key for each in entries) == sorted(wanted)
        for entry in entries:
            assert (entry.title, shown(entry.content)[0]) == (wanted[entry.key].headline, shown(wanted[entry.key].body)[0])
            assert entry.link.startswith(story.base)
    assert any(each.title.startswith("Seven bells & ") and each.link.endswith("/the-bells.html") for each in one.after[kind])


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_a_poll_of_the_preview_costs_nothing_until_there_is_news(name: str, kind: str, story: Story) -> None:
    one = story.followed[name]
    asked = [[(each.is_conditional, each.status) for each in polls if each.path == f"/feed.{kind}"] for polls in (one.unchanged, one.asked)]
    assert asked == [[NOTHING_NEW], [NEWS]]
