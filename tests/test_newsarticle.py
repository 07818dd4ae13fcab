"""NewsArticle JSON-LD: whose article it is, and what is no article."""

from __future__ import annotations

import codecs
import json
from dataclasses import replace
from typing import Any

import pytest

from publisher import formats
from publisher.formats import Context, newsarticle
from publisher.minting import UNNAMED
from publisher.problems import Unreadable
from tests.test_schema import PUBLICATION

FERRY: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "identifier": "1",
    "headline": "The ferry’s last trip",
}


def body(**values: object) -> bytes:
    return json.dumps(FERRY | values).encode()


@pytest.mark.parametrize(
    ("values", "url", "name"),
    [
        ({"url": "https://lantern.example/articles/ferry.html"}, "https://lantern.example/", "lantern.example"),
        ({"url": ["https://lantern.example/a"], "publisher": {"name": "The Lantern"}}, "https://lantern.example/", "The Lantern"),
        ({"url": "mailto:desk@lantern.example"}, UNNAMED.url, UNNAMED.name),
        ({"url": {"@id": "x"}}, UNNAMED.url, UNNAMED.name),
        ({}, UNNAMED.url, UNNAMED.name),
        ({"url": "https://gazette.example/a", "isPartOf": PUBLICATION}, "https://lantern.example/", "The Lantern"),
        ({"isPartOf": {**PUBLICATION, "url": "mailto:desk@lantern.example"}}, UNNAMED.url, UNNAMED.name),
    ],
)
def test_an_article_that_does_not_say_where_it_appeared_is_its_sites(values: dict[str, Any], url: str, name: str) -> None:
    publication = newsarticle.read(body(**values)).publication
    assert (publication.url, publication.name) == (url, name)


def test_the_publication_that_it_is_read_for_comes_first() -> None:
    site = newsarticle.read(body(url="https://lantern.example/a")).publication
    assert newsarticle.read(body(url="https://gazette.example/a"), Context(publication=site)).publication.name == "lantern.example"


@pytest.mark.parametrize("wrap", ["[{}]", '{{"@graph": [{}]}}', '[[{{"@graph": {}}}]]'])
def test_an_article_is_found_in_lists_and_graphs(wrap: str) -> None:
    (article,) = newsarticle.read(wrap.format(body().decode()).encode()).publication.articles
    assert article.headline == "The ferry’s last trip"


@pytest.mark.parametrize("shown", ["<audio src='https://lantern.example/a.mp3'></audio>", "<img src='https://lantern.example/a.png'>"])
def test_pictures_and_recordings_alone_are_no_text(shown: str) -> None:
    publication = newsarticle.read(body(isPartOf=PUBLICATION, articleBody="It sailed.")).publication
    (article,) = publication.articles
    assert json.loads(newsarticle.write(publication))["articleBody"] == "It sailed."
    assert "articleBody" not in json.loads(newsarticle.write(replace(publication, articles=(replace(article, body=shown),))))


def test_an_article_with_a_byte_order_mark_is_one() -> None:
    written = codecs.BOM_UTF8 + body()
    assert formats.detect(written).NAME == "newsarticle"
    assert newsarticle.read(written).publication.articles[0].headline == "The ferry’s last trip"
    assert newsarticle.check(written)[0].code == "jsonld-byte-order-mark"


@pytest.mark.parametrize("hidden", [b"[" * 900 + b"]" * 900, b'{"@graph":' * 400 + b"{}" + b"}" * 400], ids=["lists", "graphs"])
def test_lists_in_lists_in_lists_are_refused(hidden: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        newsarticle.read(hidden)
    assert [each.code for each in error.value.problems] == ["json-too-deep"] == [each.code for each in newsarticle.check(hidden)]


@pytest.mark.parametrize("kinds", ['"Recipe"', "[]", "null", "{}", "5", '[null, ["NewsArticle"]]'])
def test_what_is_no_article_is_told(kinds: str) -> None:
    with pytest.raises(Unreadable) as error:
        newsarticle.read(f'{{"@type": {kinds}, "headline": "x", "identifier": "1"}}'.encode())
    assert [each.code for each in error.value.problems] == ["jsonld-no-article"]


@pytest.mark.parametrize(
    "written",
    [
        body(url="https://lantern.example/a", isPartOf=PUBLICATION),
        body(datePublished="yesterday"),
        body(wordCount=float("nan")),
        codecs.BOM_UTF8 + body(),
        body().decode().encode("utf-16"),
        body()[:-1] + b', "headline": "Twice"}',
    ],
)
def test_a_review_is_what_is_read_and_what_is_wrong(written: bytes) -> None:
    assert newsarticle.review(written) == (newsarticle.read(written), newsarticle.check(written))


@pytest.mark.parametrize("written", [b"", b"{", b"\xff{}", b"[]", b'{"@context": "https://schema.org"}'])
def test_a_review_of_what_is_no_article_ends_as_reading_does(written: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        newsarticle.read(written)
    with pytest.raises(Unreadable) as other:
        newsarticle.review(written)
    assert other.value.problems == error.value.problems
