"""Feeds of the whole, of sections, authors and keywords; their archives, their list, and what makes them podcasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from publisher.article import Article, Person, Publication
from publisher.newsstand.options import SiteOptions
from publisher.newsstand.plan import Site

_DAY = datetime(2026, 11, 20, 8, tzinfo=UTC)


def article(number: int, **more: Any) -> Article:
    """Return the article of a day: a higher number is newer."""
    given: dict[str, Any] = {
        "identifier": f"tag:lantern.example,2026:{number}",
        "headline": f"Night {number} on the pier",
        "url": f"https://lantern.example/articles/night-{number}.html",
        "body": f"<p>The lamp was lit for the {number}th time.</p>",
        "date_published": _DAY + timedelta(days=number),
        "article_section": "Harbour",
        "author": (Person(name="Ines Calloway"),),
        "keywords": ("lamps",),
    }
    return Article(**{**given, **more})


def publication(*articles: Article) -> Publication:
    """Return the publication with these articles."""
    return Publication(
        identifier="tag:lantern.example,2026:lantern",
        name="The Lantern",
        url="https://lantern.example/",
        in_language="en",
        sections=("Harbour", "World"),
        articles=articles,
    )


def site(*articles: Article, formats: tuple[str, ...] = ("rss", "atom", "jsonfeed", "webpage"), **options: Any) -> Site:
    """Return the site with these articles."""
    return Site(publication=publication(*articles), options=SiteOptions(**options), formats=frozenset(formats))


# -- which feeds there are ------------------------------------------------------------------------------------------------


def test_a_section_has_feeds_the_best_first() -> None:
    given = site(article(1))
    assert [(each.url, each.media_type, each.title) for each in given.feeds_of(given.sections[0])] == [
        ("https://lantern.example/sections/harbour.json", "application/feed+json", "The Lantern – Harbour (JSON Feed 1.1)"),
        ("https://lantern.example/sections/harbour.atom", "application/atom+xml", "The Lantern – Harbour (Atom 1.0)"),
        ("https://lantern.example/sections/harbour.rss", "application/rss+xml", "The Lantern – Harbour (RSS 2.0)"),
    ]


def test_only_feeds_of_formats_that_are_written_are_there() -> None:
    given = site(article(1), formats=("atom", "webpage"))
    assert [each.url for each in given.feeds_of(given.sections[0])] == ["https://lantern.example/sections/harbour.atom"]


def test_which_lists_have_feeds_is_a_choice() -> None:
    given = site(article(1), article(2, keywords=("lamps", "piers")), keyword_feeds=("lamps",), author_feeds=False, keywords=1)
    assert [(each.kind, each.name) for each in given.collections if given.feeds_of(each)] == [("section", "Harbour"), ("keyword", "lamps")]
    other = site(article(1), section_feeds=False)
    assert [(each.kind, each.name) for each in other.collections if other.feeds_of(each)] == [("author", "Ines Calloway")]
