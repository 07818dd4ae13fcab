"""The list of feeds as readers import it: newsboat, and sfeed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from publisher.article import Article, Person, Publication
from publisher.build import render
from publisher.formats import no_media
from publisher.judges import program
from publisher.newsstand.plan import OPML
from publisher.planning import plan
from publisher.settings import read

HOME = "https://lantern.example/"
FEEDS = [
    "https://lantern.example/feed.atom",
    "https://lantern.example/sections/tea-news.atom",
    "https://lantern.example/authors/%E6%A3%AE%E5%B7%9D%E7%81%AF%E5%AD%90.atom",
]


@pytest.fixture
def subscriptions(tmp_path: Path) -> Path:
    article = Article(identifier="urn:x:1", headline="Steam", article_section="Tea & “News”", author=(Person(name="森川灯子"),))
    held = Publication(identifier=HOME, name="The Lantern <daily>", url=HOME, in_language="en", articles=(article,))
    settings, _ = read(None)
    (output,) = (each for each in plan(held, settings, no_media) if each.path == OPML)
    path = tmp_path / "feeds.opml"
    path.write_bytes(render(output).body)
    return path


def test_newsboat_imports_every_feed(subscriptions: Path) -> None:
    urls = subscriptions.with_name("urls")
    urls.touch()
    command = [program("newsboat"), "-u", str(urls), "-c", str(urls.with_name("cache.db")), "-i", str(subscriptions)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert [line.split()[0] for line in urls.read_text().splitlines() if line] == FEEDS


def test_sfeed_imports_every_feed_with_its_name(subscriptions: Path) -> None:
    command = [program("sfeed_opml_import")]
    found = subprocess.run(command, input=subscriptions.read_bytes(), check=True, capture_output=True, timeout=60).stdout.decode()
    lines = [line.strip() for line in found.splitlines() if line.strip().startswith("feed ")]
    assert [url for line in lines for url in FEEDS if f"'{url}'" in line] == FEEDS
    assert "'The Lantern <daily> – 森川灯子'" in lines[-1]
