"""Feeds of the whole, of sections, authors and keywords; their archives, their list, and what makes them podcasts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import feedparser
import listparser
import pytest
from hypothesis import given as draw
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree

from publisher import desk, formats, settings
from publisher.article import Article, Image, Media, Organization, Person, Publication
from publisher.build import render
from publisher.channels import Podcast, category
from publisher.feeds import ATOM
from publisher.formats import Alternate
from publisher.newsstand import opml
from publisher.newsstand.feeds import sheaves
from publisher.newsstand.options import SiteOptions
from publisher.newsstand.plan import Site
from publisher.outputs import Output
from publisher.problems import PublisherError, Severity
from tests.servers import Answer, answer, serving
from tests.strategies import gathered, publications

_DAY = datetime(2026, 11, 20, 8, tzinfo=UTC)


def outputs(given: Site) -> list[Output]:
    """Return every document of every feed."""
    return [output for sheaf in sheaves(given) for output in sheaf.outputs()]


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


# -- the feed of a list ---------------------------------------------------------------------------------------------------


def planned(given: Site) -> dict[str, Output]:
    """Return the documents of all feeds by their paths."""
    return {each.path: each for each in outputs(given)}


def test_the_feed_of_a_section_is_a_publication_of_its_own() -> None:
    given = site(article(1), article(2, article_section="World"), article(3))
    harbour = planned(given)["sections/harbour.atom"].publication
    assert (harbour.name, harbour.url) == ("The Lantern – Harbour", "https://lantern.example/sections/harbour.html")
    assert (harbour.sections, [each.headline for each in harbour.articles]) == (
        ("Harbour",),
        ["Night 3 on the pier", "Night 1 on the pier"],
    )


def test_no_two_feeds_have_one_identifier() -> None:
    given = site(article(1, article_section="Tea", author=(Person(name="Tea"),), keywords=("Tea",)), keyword_feeds=("Tea",))
    identifiers = {each.publication.identifier for path, each in planned(given).items() if path.endswith(".atom")}
    assert len(identifiers) == 4


def test_the_identifier_of_a_feed_depends_on_nothing_that_may_change() -> None:
    first, later = site(article(1)), site(article(1), article(2, article_section="harbour"), article(3, body="<p>New.</p>"))
    moved = Site(publication=replace(later.publication, url="https://elsewhere.example/", name="L"), formats=later.formats)
    one, *others = (planned(each)["sections/harbour.atom"].publication.identifier for each in (first, later, moved))
    assert set(others) == {one}


def test_an_author_feed_shows_the_author() -> None:
    face = Image(content_url="https://lantern.example/media/ines.jpg")
    given = site(article(1, author=(Person(name="Ines Calloway", image=face),)))
    assert planned(given)["authors/ines-calloway.rss"].publication.image == face


def entries(body: bytes) -> dict[str, bytes]:
    """Return the entries of an Atom feed by their ids."""
    found = etree.fromstring(body).iterfind(f"{ATOM}entry")
    return {each.findtext(f"{ATOM}id") or "": etree.tostring(each, with_tail=False) for each in found}


def test_an_entry_is_the_same_in_each_feed() -> None:
    """Also when its identifier is no IRI, so that Atom's is made of the publication's address, and its author has no address."""
    given = site(article(1, identifier="night 1"), article(2), article(3))
    documents = planned(given)
    whole, part, author = (
        entries(render(documents[path]).body) for path in ("feed.atom", "sections/harbour.atom", "authors/ines-calloway.atom")
    )
    assert whole == part == author
    assert "https://lantern.example/#night%201" in whole


def test_what_is_read_of_a_feed_of_a_section_are_the_articles_of_the_whole() -> None:
    given = site(article(1), article(2))
    for name in ("atom", "rss", "json"):
        document = planned(given)[f"sections/harbour.{name}"]
        written = render(document)
        assert [each.code for each in written.problems] == []
        assert formats.detect(written.body).read(written.body).publication.articles == given.articles


def test_real_parsers_take_the_feed_of_a_section() -> None:
    documents = planned(site(article(1), article(2)))
    for name in ("atom", "rss"):
        found = feedparser.parse(render(documents[f"sections/harbour.{name}"]).body)
        assert not found.bozo
        assert (found.feed.title, found.feed.link) == ("The Lantern – Harbour", "https://lantern.example/sections/harbour.html")
        assert [each.id for each in found.entries] == ["tag:lantern.example,2026:2", "tag:lantern.example,2026:1"]


# -- archives (RFC 5005) --------------------------------------------------------------------------------------------------


def held(given: Site, stem: str = "feed") -> dict[str, list[int]]:
    """Return the numbers of the articles in each document of an Atom feed."""
    found = {path: each for path, each in planned(given).items() if path.startswith(stem) and path.endswith(".atom")}
    return {path: [int(each.identifier.rpartition(":")[2]) for each in document.publication.articles] for path, document in found.items()}


NEW, OLD = "feed/2026-11-26--30", "feed/2026-11-21--25"
THIRTEEN = [article(number) for number in range(1, 14)]


def test_older_articles_are_in_archives_of_one_period_each() -> None:
    given = site(*THIRTEEN, feed_size=5)
    assert held(given) == {"feed.atom": [13, 12, 11, 10, 9], f"{NEW}.atom": [10, 9, 8, 7, 6], f"{OLD}.atom": [5, 4, 3, 2, 1]}
    assert held(given, "sections/harbour") == {
        "sections/harbour.atom": [13, 12, 11, 10, 9],
        "sections/harbour/2026-11-26--30.atom": [10, 9, 8, 7, 6],
        "sections/harbour/2026-11-21--25.atom": [5, 4, 3, 2, 1],
    }


def test_a_feed_that_fits_into_one_document_says_that_it_is_complete() -> None:
    written = {name: render(planned(site(article(1)))[f"feed.{name}"]).body for name in ("atom", "rss", "json")}
    assert b"<fh:complete/>" in written["atom"]
    assert b"<fh:complete/>" in written["rss"]
    assert b"next_url" not in written["json"]


def links(body: bytes) -> dict[str, str]:
    """Return the addresses of the documents beside this one, by relation."""
    wanted = ("self", "current", "prev-archive", "next-archive", "hub")
    found = (each for each in etree.fromstring(body).iter(f"{ATOM}link") if each.get("rel") in wanted)
    return {each.get("rel") or "": (each.get("href") or "").removeprefix("https://lantern.example/") for each in found}


def test_documents_lead_to_each_other() -> None:
    given = planned(site(*THIRTEEN, feed_size=5, hub="https://hub.example/"))
    for name in ("atom", "rss"):
        found = {path: links(render(each).body) for path, each in given.items() if path.startswith("feed") and path.endswith(name)}
        assert found == {
            f"feed.{name}": {"self": f"feed.{name}", "hub": "https://hub.example/", "prev-archive": f"{NEW}.{name}"},
            f"{OLD}.{name}": {"self": f"{OLD}.{name}", "current": f"feed.{name}", "next-archive": f"{NEW}.{name}"},
            f"{NEW}.{name}": {"self": f"{NEW}.{name}", "current": f"feed.{name}", "prev-archive": f"{OLD}.{name}"},
        }
        assert b"<fh:archive/>" in render(given[f"{OLD}.{name}"]).body
        assert b"fh:" not in render(given[f"feed.{name}"]).body
    pages = [json.loads(render(given[path]).body).get("next_url") for path in ("feed.json", f"{NEW}.json", f"{OLD}.json")]
    assert pages == [f"https://lantern.example/{NEW}.json", f"https://lantern.example/{OLD}.json", None]


def changed(before: Site, after: Site) -> set[str]:
    """Return the paths of the documents of the whole that are not what they were."""
    one, other = planned(before), planned(after)
    return {path for path in one if path.startswith("feed") and render(one[path]).body != render(other[path]).body}


def test_a_new_article_changes_no_archive() -> None:
    more = article(14, article_section="Brand new", in_language="ar")
    assert changed(site(*THIRTEEN, feed_size=5), site(*THIRTEEN, more, feed_size=5)) == {"feed.atom", "feed.rss", "feed.json"}


def test_a_new_archive_changes_only_the_link_of_the_one_before() -> None:
    """JSON Feed has no link to what is newer, so there nothing changes."""
    before, after = site(*THIRTEEN[:10], feed_size=5), site(*THIRTEEN[:11], feed_size=5)
    assert changed(before, after) == {"feed.atom", "feed.rss", "feed.json", f"{OLD}.atom", f"{OLD}.rss"}
    one, other = (render(planned(each)[f"{OLD}.atom"]).body.splitlines() for each in (before, after))
    assert [each for each in other if each not in one] == [
        f'  <link rel="next-archive" href="https://lantern.example/{NEW}.atom"/>'.encode()
    ]
    assert [each for each in one if each not in other] == []


def test_an_article_less_changes_only_the_archive_of_its_period() -> None:
    without = [each for each in THIRTEEN if each != article(3)]
    found = changed(site(*THIRTEEN, feed_size=5), site(*without, feed_size=5))
    assert found == {f"{OLD}.{each}" for each in ("atom", "rss", "json")}


def test_a_corrected_article_of_an_archive_is_told_with_the_newest() -> None:
    """Who has read an archive need not read it again (RFC 5005, 4.1)."""
    corrected = article(2, date_modified=_DAY + timedelta(days=12, hours=1))
    found = held(site(*(corrected if each == article(2) else each for each in THIRTEEN), feed_size=5))
    assert found == {"feed.atom": [13, 12, 11, 10, 9, 2], f"{NEW}.atom": [10, 9, 8, 7, 6], f"{OLD}.atom": [5, 4, 3, 2, 1]}


def test_when_all_articles_were_changed_only_some_are_told_again() -> None:
    many = [article(number, date_modified=_DAY + timedelta(days=200, minutes=number)) for number in range(1, 50)]
    assert held(site(*many, feed_size=3))["feed.atom"] == [49, 48, 47, *range(46, 36, -1)]


def test_an_article_without_a_date_reaches_all_and_changes_no_archive() -> None:
    nine, note = list(map(article, range(1, 10))), article(0, date_published=None)
    before, after = site(*nine, feed_size=2), site(*nine, note, feed_size=2)
    assert changed(before, after) == {"feed.atom", "feed.rss", "feed.json"}
    assert held(after)["feed.atom"] == [9, 8, 0]


def test_where_more_have_no_date_than_fill_a_document_none_is_missing() -> None:
    undated = [article(number, date_published=None) for number in range(1, 8)]
    for given, newest in (((*undated, article(8)), [8, 1, 2, 3]), (undated, [1, 2, 3])):
        found = held(site(*given, feed_size=3))
        assert found.pop("feed.atom") == newest
        assert all(re.fullmatch(r"feed/undated-[0-3]+[.]atom", path) and len(each) <= 3 for path, each in found.items())
        assert sorted(number for each in found.values() for number in each) == [*range(1, 8)]


def test_a_late_article_that_says_when_it_came_reaches_all() -> None:
    late = article(0, date_published=_DAY + timedelta(days=3, hours=1), date_modified=_DAY + timedelta(days=9, hours=1))
    assert held(site(*map(article, range(1, 10)), late, feed_size=2))["feed.atom"] == [9, 8, 0]


def test_a_late_article_changes_only_the_archive_of_its_period() -> None:
    late = article(0, date_published=_DAY + timedelta(days=5, hours=1))
    before = [each for each in THIRTEEN if each != article(3)]
    found = changed(site(*before, feed_size=5), site(*before, late, feed_size=5))
    assert found == {f"{OLD}.{each}" for each in ("atom", "rss", "json")}


def test_a_day_with_more_articles_than_fill_a_document_is_not_archived_before_it_is_over() -> None:
    days = [_DAY.date() + timedelta(days=each) for each in (0, 0, 0, 0, 1, 1, 1, 1, 1)]
    nine = [article(number, date_published=day) for number, day in enumerate(days, 1)]
    before, after = site(*nine, feed_size=2), site(*nine, article(0, date_published=days[-1]), feed_size=2)
    assert changed(before, after) == {"feed.atom", "feed.rss", "feed.json"}
    assert held(after)["feed.atom"] == [0, 5, 6, 7, 8, 9]


@draw(st.integers(0, 25), st.integers(1, 6), st.randoms(use_true_random=False))
def test_no_article_is_missing_from_the_documents_of_a_feed(count: int, size: int, random: Random) -> None:
    articles = [article(number, date_published=_DAY + timedelta(days=random.randrange(5))) for number in range(count)]
    found = held(site(*articles, feed_size=size))
    assert {number for numbers in found.values() for number in numbers} == set(range(count))
    days = [str(each.date_published) for each in articles]
    today = days.count(max(days, default=""))
    assert min(count, size) <= len(found["feed.atom"]) <= max(size, today)
    old = [{days[number] for number in numbers} for path, numbers in found.items() if path != "feed.atom"]
    assert len(set().union(*old)) == sum(map(len, old)), "no two archives have articles of one day"
    assert max(days, default="") not in set().union(*old)
    assert all(len(numbers) <= size or len({days[number] for number in numbers}) == 1 for numbers in found.values())


@draw(publications(), st.booleans())
@hypothesis_settings(max_examples=25, deadline=None)
def test_whatever_a_feed_holds_comes_back_from_each_of_its_documents(held_: Publication, whole: bool) -> None:
    """The laws hold with all that is said of the feed itself: `render` reads back and compares."""
    names = frozenset(("rss", "atom", "jsonfeed"))
    given = Site(publication=gathered(held_), options=SiteOptions(feed_size=1, section_feeds=whole, author_feeds=whole), formats=names)
    for each in outputs(given):
        problems = [found for found in render(each).problems if found.severity == Severity.ERROR]
        assert problems == []


@pytest.mark.parametrize("name", ["atom", "rss", "json"])
@pytest.mark.parametrize("stem", ["feed", "sections/harbour"])
def test_a_reader_gets_all_articles_through_the_archives(name: str, stem: str) -> None:
    answers: dict[str, Answer] = {}
    with serving(answers) as server:
        home = server("/")
        many = tuple(article(number, url=f"{home}articles/{number}.html") for number in range(1, 24))
        names = frozenset(("rss", "atom", "jsonfeed"))
        given = Site(publication=replace(publication(*many), url=home), options=SiteOptions(feed_size=5), formats=names)
        for path, each in planned(given).items():
            answers[f"/{path}"] = answer(render(each).body, 200, Content_Type="application/xml")
        found = desk.follow(f"{home}{stem}.{name}", private=True)
        assert len(server.paths) == 5
    assert found.problems == ()
    assert sorted(found.publication.articles, key=lambda each: each.url or "") == sorted(many, key=lambda each: each.url or "")


# -- the list of feeds ----------------------------------------------------------------------------------------------------


def subscriptions(given: Site) -> bytes:
    """Return the list of feeds."""
    (output,) = opml.outputs(given)
    written = render(output)
    assert written.problems == ()
    return written.body


def whole(*articles: Article, **options: Any) -> Site:
    """Return a site that announces its feeds."""
    given = site(*articles, **options)
    modules = (formats.writer(each) for each in ("jsonfeed", "atom", "rss"))
    found = (Alternate(url=f"https://lantern.example/{each.PATH}", media_type=each.MEDIA_TYPE, title=each.TITLE) for each in modules)
    return replace(given, alternates=tuple(found))


def test_the_list_has_every_feed_once_in_its_folder() -> None:
    found = etree.fromstring(subscriptions(whole(article(1), article(2, article_section="World"), keyword_feeds=("lamps",))))
    outlines = [(each.get("text"), each.get("xmlUrl")) for each in found.iter("outline")]
    assert outlines == [
        ("The Lantern", "https://lantern.example/feed.atom"),
        ("Sections", None),
        ("The Lantern – Harbour", "https://lantern.example/sections/harbour.atom"),
        ("The Lantern – World", "https://lantern.example/sections/world.atom"),
        ("Contributors", None),
        ("The Lantern – Ines Calloway", "https://lantern.example/authors/ines-calloway.atom"),
        ("Topics", None),
        ("The Lantern – lamps", "https://lantern.example/keywords/lamps.atom"),
    ]


def test_the_list_of_a_publication_without_lists_has_its_feed() -> None:
    found = etree.fromstring(subscriptions(whole()))
    assert [each.get("xmlUrl") for each in found.iter("outline")] == ["https://lantern.example/feed.atom"]


def test_there_is_no_list_where_no_feeds_are_written() -> None:
    assert list(opml.outputs(site(article(1), formats=("webpage",)))) == []


def test_an_importer_takes_the_list() -> None:
    found = listparser.parse(subscriptions(whole(article(1, article_section="“A & B” <x>"))).decode())
    assert not found.bozo
    assert [(each.title, each.url, each.categories) for each in found.feeds] == [
        ("The Lantern", "https://lantern.example/feed.atom", []),
        ("The Lantern – “A & B” <x>", "https://lantern.example/sections/a-b-x-36d5a144.atom", [["Sections"]]),
        ("The Lantern – Ines Calloway", "https://lantern.example/authors/ines-calloway.atom", [["Contributors"]]),
    ]


# -- podcasts -------------------------------------------------------------------------------------------------------------

_SETTINGS = """[publication]
name = "The Lantern"
url = "https://lantern.example/"
language = "en"
since = "2026"
[feeds]
podcast_category = "News > Politics"
podcast_explicit = true
podcast_image = "media/show.png"
"""
ITUNES, PODCAST = "{http://www.itunes.com/dtds/podcast-1.0.dtd}", "{https://podcastindex.org/namespace/1.0}"
BELLS = Media(
    content_url="https://lantern.example/media/bells.mp3",
    type="AudioObject",
    encoding_format="audio/mpeg",
    content_size=31_245,
    duration=83,
)
_SHOW = Podcast()
LENS = Image(content_url="https://lantern.example/media/lens.webp", encoding_format="image/webp")
TOWER = Image(content_url="https://lantern.example/media/tower.jpg")


def heard(*articles: Article, show: Podcast = _SHOW, image: Image | None = TOWER) -> Any:
    """Return the channel of the RSS feed with these articles."""
    desk_ = Organization(name="The Lantern Press", email="desk@lantern.example")
    given = site(*articles, podcast=show)
    given = replace(given, publication=replace(given.publication, publisher=desk_, image=image))
    written = render(planned(given)["feed.rss"])
    assert [found for found in written.problems if found.severity == Severity.ERROR or "podcast" in found.code] == []
    return etree.fromstring(written.body).find("channel")


def test_a_feed_with_something_to_hear_has_what_apple_requires() -> None:
    channel = heard(article(1, associated_media=(BELLS,)), article(2), show=Podcast(category=("News", "Daily News")))
    category = channel.find(f"{ITUNES}category")
    assert (category.get("text"), category[0].get("text")) == ("News", "Daily News")
    assert channel.find(f"{ITUNES}image").get("href") == TOWER.content_url
    assert (channel.findtext(f"{ITUNES}explicit"), channel.findtext("language")) == ("false", "en")
    assert channel.findtext(f"{ITUNES}author") == "The Lantern Press"
    assert channel.findtext(f"{ITUNES}owner/{ITUNES}email") == "desk@lantern.example"
    assert channel.findtext(f"{PODCAST}guid") == str(uuid5(UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6"), "lantern.example/feed.rss"))


def test_an_episode_says_how_long_it_is_and_has_an_enclosure() -> None:
    words = Media(content_url="https://lantern.example/media/bells.vtt", encoding_format="text/vtt")
    channel = heard(article(1, associated_media=(words, BELLS), image=(LENS, TOWER)))
    (item,) = channel.iterfind("item")
    assert dict(item.find("enclosure").attrib) == {"url": BELLS.content_url, "length": "31245", "type": "audio/mpeg"}
    assert item.findtext(f"{ITUNES}duration") == "83"
    assert item.find(f"{ITUNES}image").get("href") == TOWER.content_url, "Apple takes no WebP"
    assert dict(item.find(f"{PODCAST}transcript").attrib) == {"url": words.content_url, "type": "text/vtt"}


def test_a_recording_of_unknown_type_has_that_of_its_name() -> None:
    unknown = Media(content_url="https://lantern.example/media/bells.mp3?v=2", type="AudioObject")
    (item,) = heard(article(1, associated_media=(unknown,))).iterfind("item")
    assert dict(item.find("enclosure").attrib) == {"url": unknown.content_url, "length": "0", "type": "audio/mpeg"}


@pytest.mark.parametrize(
    ("media", "image"),
    [((), TOWER), ((Media(content_url="https://e.org/a.mp4", type="VideoObject"),), TOWER), ((BELLS,), None), ((BELLS,), LENS)],
    ids=["silent", "film only", "no picture", "a picture that Apple does not take"],
)
def test_a_feed_that_nobody_would_list_is_no_podcast(media: tuple[Media, ...], image: Image | None) -> None:
    channel = heard(article(1, associated_media=media), image=image)
    assert [each.tag for each in channel.iter("*") if str(each.tag).startswith((ITUNES, PODCAST))] == []


def test_the_picture_and_the_words_of_the_settings_are_taken() -> None:
    channel = heard(
        article(1, associated_media=(BELLS,)), show=Podcast(explicit=True, image="https://lantern.example/show.png"), image=None
    )
    assert (channel.findtext(f"{ITUNES}explicit"), channel.find(f"{ITUNES}image").get("href")) == (
        "true",
        "https://lantern.example/show.png",
    )


def test_the_archives_are_of_the_same_show() -> None:
    given = site(*(article(number, associated_media=(BELLS,)) for number in range(1, 5)), feed_size=2)
    given = replace(given, publication=replace(given.publication, image=TOWER))
    found = {
        etree.fromstring(render(planned(given)[path]).body).findtext(f"channel/{PODCAST}guid")
        for path in ("feed.rss", "feed/2026-11-21.rss")
    }
    assert len(found) == 1


def test_a_podcast_changes_nothing_that_parsers_of_feeds_find() -> None:
    silent, sounding = (
        site(article(1, associated_media=(BELLS,), description="Six bells.", author=(Person(name="A"), Person(name="B")))),
    ) * 2
    sounding = replace(sounding, publication=replace(sounding.publication, image=TOWER))
    one, other = (feedparser.parse(render(planned(each)["feed.rss"]).body).entries[0] for each in (silent, sounding))
    names = ("title", "link", "id", "summary", "authors", "published", "content", "tags", "links")
    assert {name: one.get(name) for name in names} == {name: other.get(name) for name in names}
    assert other.itunes_duration == "83"


@draw(publications(least=1), st.sampled_from(["audio/mpeg", "audio/mp4", None]))
@hypothesis_settings(max_examples=25, deadline=None)
def test_what_makes_a_podcast_changes_no_article(held_: Publication, kind: str | None) -> None:
    recording = replace(BELLS, encoding_format=kind)
    first, *others = held_.articles
    sounding = replace(held_, image=TOWER, articles=(replace(first, associated_media=(*first.associated_media, recording)), *others))
    (each,) = (each for each in outputs(Site(publication=sounding, formats=frozenset(("rss",)))) if each.path == "feed.rss")
    written = render(each)
    assert [found for found in written.problems if found.severity == Severity.ERROR] == []
    assert b"<itunes:category" in written.body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("News", ("News",)),
        (" News >  Daily News ", ("News", "Daily News")),
        ("Kids & Family>Parenting", ("Kids & Family", "Parenting")),
        ("News > Baseball", None),
        ("Newspapers", None),
        ("", None),
    ],
)
def test_a_category_is_one_of_apple(text: str, expected: tuple[str, ...] | None) -> None:
    assert category(text) == expected


def test_what_settings_say_of_the_podcast() -> None:
    known, problems = settings.read(_SETTINGS.encode())
    assert known.site.podcast == Podcast(category=("News", "Politics"), explicit=True, image="https://lantern.example/media/show.png")
    assert problems == ()


def test_a_category_that_apple_does_not_have_is_told_where_it_is() -> None:
    with pytest.raises(PublisherError) as raised:
        settings.read(_SETTINGS.replace("Politics", "Tides").encode())
    assert [(each.code, each.location.line) for each in raised.value.problems] == [("settings-bad-value", 7)]
