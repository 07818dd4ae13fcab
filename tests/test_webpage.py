"""Pages: what people, search engines and readers find in them, what we find in others', and the front page."""

from __future__ import annotations

import contextlib
import gc
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import cycle
from pathlib import Path
from typing import Any, cast

import html5lib
import pytest
from extruct.jsonld import JsonLdExtractor
from hypothesis import given
from hypothesis import strategies as st

from publisher import build, markup, schema
from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Publication
from publisher.formats import Alternate, Context, Target, webpage
from publisher.formats.webpage.page import Page
from publisher.linked import Document, graph
from publisher.markup import Element, parse_html
from publisher.newsstand import front as frontpage
from publisher.outputs import Output
from publisher.problems import Severity, Unreadable, rules_in
from publisher.surroundings import Surroundings, Theme
from publisher.text import url
from publisher.themes import pages, templates
from tests import strategies
from tests.judges import nu

THEME = Path(pages.__file__).parent / "newspaper"
HOUSE = Organization(
    name="The Lantern Press", url="https://lantern.example/about/", logo=Image(content_url="https://lantern.example/media/logo.png")
)
PUBLICATION = Publication(
    identifier="https://lantern.example/",
    name="The Lantern",
    url="https://lantern.example/",
    description="News from the edge of the map",
    in_language="en-GB",
    publisher=HOUSE,
    image=Image(content_url="https://lantern.example/media/banner.jpg", description="A lantern"),
    license="https://creativecommons.org/licenses/by/4.0/",
    copyright_notice="© 2026 The Lantern Press",
    date_modified=date(2026, 11, 22),
    sections=("World", "Opinion", "文化"),
)
EVERY_ELEMENT = markup.clean("""
    <p>The last ferry, <em>late</em>, <a href="https://lantern.example/articles/captain.html">sailed</a>.<sup><a href="#n1" id="r1"
    role="doc-noteref">1</a></sup></p><h2>Chalk</h2><p>Never <strong>cancelled</strong>; H<sub>2</sub>O; <kbd>K</kbd> <code>c</code>
    <mark>m</mark> <del datetime="2026-11-01">d</del> <ins>i</ins> <abbr title="Organization">O</abbr> <q>q</q> <small>s</small>
    <cite>c</cite> <dfn>d</dfn> <var>x</var> <samp>s</samp> <bdi>שלום</bdi> <ruby>渡<rt>わた</rt></ruby> <s>s</s> <u>u</u> <b>b</b>
    <i lang="la">i</i>
    <bdo dir="rtl">abc</bdo> long<wbr>word <time datetime="1931-05-02">2 May 1931</time> <span lang="nb">ferje</span><br>x</p>
    <blockquote cite="https://e.org/q"><p>Nobody owns a ferry.</p></blockquote><h3>Cost</h3>
    <figure><img src="https://lantern.example/media/light.jpg" alt="A lighthouse" width="1200" height="800">
    <figcaption>The light <small>R. A.</small></figcaption></figure>
    <table><caption>Coal</caption><tr><th>Decade<th>Tons<tr><td>1930s<td>14,210</table>
    <ul><li>nine<ul><li>one</li></ul></li></ul><ol start="3" reversed><li value="2">a</li></ol>
    <pre><code class="language-py">def depart():\n    return 1 &lt; 2</code></pre><dl><dt>Screw</dt><dd>A propeller.</dd></dl><hr>
    <p><audio src="https://lantern.example/media/horn.mp3"></audio>
    <video src="https://lantern.example/media/film.mp4" poster="https://lantern.example/media/p.jpg"></video></p>
    <p>See <a href="mailto:desk@lantern.example">us</a>, <a href="https://e.org/?a=1&amp;b=2">them</a>.</p>
    <div role="doc-endnotes"><ol><li id="n1">403. <a href="#r1" role="doc-backlink">↩</a></li></ol></div>""")
PICTURE = Image(
    content_url="https://lantern.example/media/harbour.jpg",
    encoding_format="image/jpeg",
    width=1600,
    height=1067,
    caption="The quay at Skerry Point.",
    description="A steamer at a stone quay",
    credit_text="Ruth Achterberg",
)
FERRY = Article(
    identifier="tag:lantern.example,2026:ferry",
    headline="The ferry that never stopped for fog",
    type="ReportageNewsArticle",
    url="https://lantern.example/articles/ferry.html",
    alternative_headline="Ninety-five years and one engine",
    description="On Saturday the last steam ferry tied up for good.",
    body=EVERY_ELEMENT,
    article_section="World",
    keywords=("ferries", "steam"),
    dateline="Skerry Point",
    in_language="en-GB",
    date_published=datetime(2026, 11, 21, 21, 40, tzinfo=timezone(timedelta(hours=1))),
    date_modified=datetime(2026, 11, 22, 9, 5, tzinfo=timezone(timedelta(hours=1))),
    author=(
        Person(name="Mara Lindqvist", url="https://lantern.example/people/mara/"),
        Person(name="Tomás Ó Briain", url="https://tomas.example/"),
    ),
    editor=(Person(name="Ruth Achterberg"),),
    contributor=(Person(name="Sven Dahl"),),
    publisher=HOUSE,
    image=(PICTURE,),
    associated_media=(
        Media(
            content_url="https://lantern.example/media/horn.mp3",
            type="AudioObject",
            encoding_format="audio/mpeg",
            duration=95,
            name="The whistle",
        ),
        Media(content_url="https://lantern.example/media/log.pdf", encoding_format="application/pdf", name="The log"),
    ),
    citation=(Link(url="https://lantern.example/articles/captain.html", name="At the wheel"), Link(name="The Sea Log, vol. 12")),
    translations=(Link(url="https://lantern.example/articles/ferry.ar.html", name="العبّارة", in_language="ar"),),
    corrections=(Correction(text="It was 1931, not 1913.", date_published=date(2026, 11, 22)),),
    license="https://creativecommons.org/licenses/by-sa/4.0/",
    copyright_holder=HOUSE,
    copyright_year=2026,
    is_accessible_for_free=True,
)
BARE = Article(identifier="tag:lantern.example,2026:bare", headline="Harbour dues rise")
FEEDS = (
    Alternate(url="https://lantern.example/feed.xml", media_type="application/rss+xml", title="RSS"),
    Alternate(url="https://lantern.example/the-lantern.epub", media_type="application/epub+zip", title="EPUB"),
)

AROUND = Surroundings(
    sheet="https://lantern.example/style.css",
    sections=(Link(url="https://lantern.example/sections/world.html", name="World"),),
    services=(("archive", "https://lantern.example/archive.html"), ("subscribe", "https://lantern.example/subscribe.html")),
    trail=(Link(url="https://lantern.example/sections/world.html", name="World"),),
    older=Link(url="https://lantern.example/articles/older.html", name="Older"),
    newer=Link(url="https://lantern.example/articles/newer.html", name="عبّارة", in_language="ar"),
    more=(Link(url="https://lantern.example/articles/fog.html", name="Fog", in_language="en-GB"),),
    lists={
        ("section", "World"): "https://lantern.example/sections/world.html",
        ("author", "Mara Lindqvist"): "https://lantern.example/authors/mara.html",
        ("keyword", "ferries"): "https://lantern.example/keywords/ferries.html",
    },
)
"""What a page is told of a site."""


def write(article: Article, publication: Publication = PUBLICATION, target: Target = Target(alternates=FEEDS)) -> bytes:
    return webpage.write(replace(publication, articles=(article,)), target)


def page(article: Article, publication: Publication = PUBLICATION, target: Target = Target(alternates=FEEDS)) -> Element:
    return parse_html(write(article, publication, target))


def front(*articles: Article, publication: Publication = PUBLICATION) -> Element:
    return parse_html(frontpage.write(replace(publication, articles=articles), Target(alternates=FEEDS)))


def elements(root: Element, path: str) -> list[Element]:
    return cast("list[Element]", root.xpath(path))


def find(root: Element, path: str) -> list[str]:
    """Return what an XPath finds: attributes, or the text of elements on one line."""
    return [each if isinstance(each, str) else " ".join("".join(map(str, each.itertext())).split()) for each in elements(root, path)]


def by_class(name: str) -> str:
    return f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"


def meta(root: Element, name: str) -> list[str]:
    return find(root, f"//head/meta[@name='{name}' or @property='{name}']/@content")


def linked(body: bytes) -> Any:
    (script,) = re.findall(rb'<script type="application/ld\+json">(.*?)</script>', body)
    return json.loads(script)


# -- the head -------------------------------------------------------------------------------------------------------------


def test_the_canonical_address_is_the_articles_own() -> None:
    assert find(page(FERRY), "//link[@rel='canonical']/@href") == ["https://lantern.example/articles/ferry.html"]


def test_the_canonical_address_of_a_republished_article_is_where_it_first_appeared() -> None:
    root = page(replace(FERRY, is_based_on="https://gazette.example/ferry"))
    assert find(root, "//link[@rel='canonical']/@href") == meta(root, "og:url") == ["https://gazette.example/ferry"]


def test_an_article_without_address_has_no_canonical_one() -> None:
    assert find(page(BARE), "//link[@rel='canonical']/@href") == meta(page(BARE), "og:url") == []


def test_feeds_are_announced_in_the_order_given() -> None:
    found = elements(page(FERRY), "//link[@rel='alternate' and @type]")
    assert [(each.get("href"), each.get("type"), each.get("title")) for each in found] == [
        (each.url, each.media_type, each.title) for each in FEEDS
    ]


def test_translations_are_announced_and_so_is_the_article_itself() -> None:
    found = elements(page(FERRY), "//link[@hreflang]")
    assert {each.get("hreflang"): each.get("href") for each in found} == {
        "ar": "https://lantern.example/articles/ferry.ar.html",
        "en-GB": "https://lantern.example/articles/ferry.html",
    }


def test_a_page_in_one_language_announces_none() -> None:
    assert elements(page(replace(FERRY, translations=())), "//link[@hreflang]") == []


def test_the_title_names_the_publication_too() -> None:
    assert find(page(FERRY), "//title") == ["The ferry that never stopped for fog – The Lantern"]


OPEN_GRAPH = {
    "og:type": ["article"],
    "og:title": ["The ferry that never stopped for fog"],
    "og:site_name": ["The Lantern"],
    "og:locale": ["en_GB"],
    "og:image": ["https://lantern.example/media/harbour.jpg"],
    "og:image:width": ["1600"],
    "og:image:height": ["1067"],
    "og:image:alt": ["A steamer at a stone quay"],
    "article:published_time": ["2026-11-21T21:40:00+01:00"],
    "article:modified_time": ["2026-11-22T09:05:00+01:00"],
    "article:author": ["https://lantern.example/people/mara/", "https://tomas.example/"],
    "article:section": ["World"],
    "article:tag": ["ferries", "steam"],
    "twitter:card": ["summary_large_image"],
    "robots": ["max-image-preview:large"],
    "author": ["Mara Lindqvist", "Tomás Ó Briain"],
    "description": ["On Saturday the last steam ferry tied up for good."],
}


@pytest.mark.parametrize("name", OPEN_GRAPH)
def test_the_head_says_it_to_those_who_read_no_linked_data(name: str) -> None:
    assert meta(page(FERRY), name) == OPEN_GRAPH[name]


def test_an_article_without_picture_is_shared_with_that_of_the_publication() -> None:
    assert meta(page(BARE), "og:image") == ["https://lantern.example/media/banner.jpg"]


def test_an_author_without_profile_is_no_article_author() -> None:
    assert meta(page(replace(FERRY, author=(Person(name="Reuters"),))), "article:author") == []


@pytest.mark.parametrize(
    ("tag", "locale"), [("de-AT", "de_AT"), ("de", "de_DE"), ("zh-Hant", "zh_TW"), ("zh-Hant-HK", "zh_HK"), ("gd", None)]
)
def test_the_locale_has_a_region(tag: str, locale: str | None) -> None:
    assert pages.locale(tag) == locale


# -- linked data ----------------------------------------------------------------------------------------------------------


def test_linked_data_is_the_graph_of_the_article() -> None:
    assert linked(write(FERRY)) == graph.of_article(FERRY, PUBLICATION)


@given(strategies.publications(least=1, most=1))
def test_three_parsers_find_the_same_one_block_in_any_page(publication: Publication) -> None:
    """A regular expression with json, html5lib as browsers do it, and extruct."""
    written = webpage.write(publication)
    scripts = html5lib.parse(written, transport_encoding="utf-8").iter("{http://www.w3.org/1999/xhtml}script")
    assert [json.loads(each.text or "") for each in scripts] == [linked(written)] == JsonLdExtractor().extract(written)


def test_no_script_can_run() -> None:
    """The policy allows the digest of the linked data, which is no script, and nothing else."""
    root = page(replace(FERRY, headline="</title><script>alert(1)</script>"))
    (policy,) = find(root, "//meta[@http-equiv='Content-Security-Policy']/@content")
    assert re.fullmatch(r"script-src 'sha256-[A-Za-z0-9+/]{43}='; object-src 'none'; base-uri 'none'; form-action 'none'", policy)
    assert find(root, "//script/@type") == ["application/ld+json"]


def test_nothing_is_loaded_but_the_articles_own_pictures_and_recordings() -> None:
    root = page(FERRY)
    assert elements(root, "//link[contains('stylesheet preload modulepreload', @rel)] | //iframe | //object | //embed") == []
    assert "@import" not in templates.sheet(Theme())
    assert "url(" not in templates.sheet(Theme())
    loaded = {url(each, str(FERRY.url)) for each in find(root, "//@src | //@poster")}
    given_ = {PICTURE.content_url, *(each.content_url for each in FERRY.associated_media), *markup.media(FERRY.body)}
    assert loaded <= given_


# -- what is shown --------------------------------------------------------------------------------------------------------


def test_the_headline_is_the_one_h1() -> None:
    assert find(page(FERRY), "//h1") == [FERRY.headline]


def test_there_is_one_of_each_landmark() -> None:
    root = page(FERRY)
    assert [
        len(elements(root, path)) for path in ("/html/body/header", "/html/body/main", "/html/body/main/article", "/html/body/footer")
    ] == [
        1,
        1,
        1,
        1,
    ]


def test_every_navigation_has_a_name() -> None:
    root = page(FERRY, target=Target(alternates=FEEDS, site=AROUND))
    labels = ["Sections", "You are here", "Before and after", "More of this publication", "Follow"]
    assert (find(root, "//nav/@aria-label"), len(elements(root, "//nav"))) == (labels, len(labels))


def test_the_way_to_the_article_is_shown() -> None:
    root = page(FERRY, target=Target(site=AROUND))
    assert find(root, "//article//nav[@class='trail']//li") == ["Front page", "World"]
    assert find(root, "//article//nav[@class='trail']//a/@href") == ["../", "../sections/world.html"]


def test_the_articles_before_and_after_are_a_link_away() -> None:
    root = page(FERRY, target=Target(site=AROUND))
    assert find(root, "//a[@rel='prev']") == ["Previous Older"]
    assert find(root, "//a[@rel='prev']/@href") == ["older.html"]
    assert find(root, "//a[@rel='next']") == ["Next عبّارة"]
    assert find(root, "//a[@rel='next']/b/@lang") == ["ar"]


def test_there_is_more_of_the_section_to_read() -> None:
    root = page(FERRY, target=Target(site=AROUND))
    assert find(root, "//section[@class='more']/h2") == ["More from World"]
    assert find(root, "//section[@class='more']//a/@href") == ["fog.html"]


def test_authors_and_keywords_lead_to_their_lists() -> None:
    root = page(FERRY, target=Target(site=AROUND))
    assert find(root, "//p[@class='byline']/a/@href") == ["../authors/mara.html", "https://tomas.example/"]
    assert find(root, "//ul[@class='keywords']//a/@href") == ["../keywords/ferries.html"]
    assert find(root, "//ul[@class='keywords']//li") == ["ferries", "steam"]


def test_the_style_sheet_is_linked_where_there_is_one() -> None:
    alone, within = page(FERRY), page(FERRY, target=Target(site=AROUND))
    assert (len(elements(alone, "//style")), find(alone, "//link[@rel='stylesheet']/@href")) == (1, [])
    assert (len(elements(within, "//style")), find(within, "//link[@rel='stylesheet']/@href")) == (0, ["../style.css"])


def test_a_long_article_says_how_long_reading_takes() -> None:
    long = replace(FERRY, body=markup.clean(f"<p>{'word ' * 1150}</p>"))
    assert find(page(long), "//p[@class='dates']/span[last()]") == ["5 min read"]
    assert find(page(replace(long, in_language="fa")), "//p[@class='dates']/span[last()]") == ["زمان مطالعه: ۵ دقیقه"]


def test_what_stands_around_an_article_does_not_become_part_of_it() -> None:
    publication = replace(PUBLICATION, articles=(FERRY,))
    assert webpage.read(webpage.write(publication, Target(alternates=FEEDS, site=AROUND))).publication == publication


def test_preformatted_text_keeps_its_lines_on_the_page() -> None:
    body = markup.clean("<pre>one\n\n\n    two  \n</pre><p>three</p>")
    assert body in write(replace(BARE, body=body)).decode()


def test_a_missing_picture_shows_nothing() -> None:
    missing = Image(caption="Donald Trump", credit_text="Kremlin.ru")
    written = write(replace(BARE, image=(missing,)))
    assert elements(parse_html(written), "//figure") == []
    assert "Kremlin" not in "".join(find(parse_html(written), "/html/body"))


def test_a_lead_picture_that_the_text_has_is_not_shown_twice() -> None:
    inside = replace(FERRY, body=f'<figure><img alt="" src="{PICTURE.content_url}"/></figure>')
    assert find(page(inside), "//img/@src") == ["../media/harbour.jpg"]


def test_the_lead_picture_has_caption_credit_and_size() -> None:
    root = page(FERRY)
    assert find(root, "//figure[@class='lead']/figcaption") == ["The quay at Skerry Point. Ruth Achterberg"]
    assert find(root, "//figure[@class='lead']/img/@width | //figure[@class='lead']/img/@height | //figure[@class='lead']/img/@alt") == [
        *("A steamer at a stone quay", "1600", "1067")
    ]


@pytest.mark.parametrize(
    ("kind", "label"), [("OpinionNewsArticle", "Opinion"), ("AdvertiserContentArticle", "Advertisement"), ("NewsArticle", "")]
)
def test_readers_are_told_what_is_opinion_and_what_is_paid_for(kind: str, label: str) -> None:
    assert find(page(replace(BARE, type=kind)), by_class("kicker")) == ([label] if label else [])


def test_authors_are_linked_to_their_profiles() -> None:
    assert find(page(FERRY), f"{by_class('byline')}//a/@href") == ["../people/mara/", "https://tomas.example/"]


def test_the_dates_are_shown_in_words_and_given_to_machines() -> None:
    root = page(FERRY)
    assert find(root, by_class("dates")) == ["Published 21 November 2026, 21:40 UTC+1 Updated 22 November 2026, 9:05 UTC+1"]
    assert find(root, f"{by_class('dates')}//time/@datetime") == ["2026-11-21T21:40:00+01:00", "2026-11-22T09:05:00+01:00"]


DATES = {
    "en": "24 October 2018, 8:05 UTC",
    "en-US": "October 24, 2018, 8:05 a.m. UTC",
    "fr": "24 octobre 2018 à 8 h 05 (UTC)",
    "de": "24. Oktober 2018, 8:05 UTC",
    "ru": "24 октября 2018, 8:05 UTC",
    "he": "24 באוקטובר 2018, 8:05 UTC",
    "ar": "24 أكتوبر 2018، 8:05 UTC",
    "fa": "۲۴ اکتبر ۲۰۱۸، ۸:۰۵ UTC",
    "ja": "2018年10月24日 8時05分（UTC）",
    "zh-TW": "2018年10月24日 8:05（UTC）",
    "gd": "2018-10-24, 8:05 UTC",
}


@pytest.mark.parametrize("tag", DATES)
def test_dates_are_written_as_the_language_writes_them(tag: str) -> None:
    assert pages.in_words(datetime(2018, 10, 24, 8, 5, tzinfo=UTC), pages.words(tag)) == DATES[tag]


def test_the_first_of_a_month_is_special_in_french() -> None:
    assert pages.in_words(date(2018, 10, 1), pages.words("fr-CA")) == "1er octobre 2018"


@pytest.mark.parametrize(
    ("minutes", "zone"), [(0, "UTC"), (60, "UTC+1"), (-210, "UTC−3:30"), (345, "UTC+5:45")], ids=lambda each: str(each)
)
def test_a_moment_is_shown_in_the_offset_it_was_given_in(minutes: int, zone: str) -> None:
    value = datetime(2018, 10, 24, 12, 0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert pages.in_words(value, pages.words("en")) == f"24 October 2018, 12:00 {zone}"


def test_noon_and_midnight_are_twelve_in_american_english() -> None:
    times = [pages.in_words(datetime(2018, 10, 24, hour, 0, tzinfo=UTC), pages.words("en-US")) for hour in (0, 12)]
    assert times == ["October 24, 2018, 12:00 a.m. UTC", "October 24, 2018, 12:00 p.m. UTC"]


@pytest.mark.parametrize("tag", tomllib.loads((THEME / "words.toml").read_text("utf-8")))
def test_every_language_has_every_word(tag: str) -> None:
    known = tomllib.loads((THEME / "words.toml").read_text("utf-8"))
    names = {each.name for each in fields(pages.Words)} - {"language"}
    assert set(known[tag]) <= names
    if "autonym" in known[tag]:
        given_ = set(known[tag]) | {"date", "time", "moment", "halves", "digits", "first"}
        assert names - given_ <= ({"months"} if "{month}" not in known[tag].get("date", "{month}") else set())
        assert len(known[tag].get("months", known["en"]["months"]).split()) == 12


@pytest.mark.parametrize(
    ("tag", "way"),
    [("ar", "rtl"), ("he", "rtl"), ("fa-IR", "rtl"), ("ur", "rtl"), ("en", "ltr"), ("az-Arab", "rtl"), ("ar-Latn", "ltr"), (None, "auto")],
)
def test_the_language_decides_the_direction(tag: str | None, way: str) -> None:
    root = page(replace(BARE, in_language=tag), replace(PUBLICATION, in_language=None))
    assert (root.get("lang"), root.get("dir")) == (tag or "", way)


def test_the_masthead_keeps_the_language_of_the_publication() -> None:
    (masthead,) = elements(page(replace(FERRY, in_language="ar")), "/html/body/header")
    assert (masthead.get("lang"), masthead.get("dir")) == ("en-GB", "ltr")


def test_words_in_a_language_we_have_none_in_are_marked_as_english() -> None:
    assert set(find(page(replace(FERRY, in_language="gd")), "//h2/@lang")) == {"en"}


def test_below_the_text_stand_corrections_related_reading_and_rights() -> None:
    root = page(replace(FERRY, is_based_on="https://www.gazette.example/ferry"))
    assert find(root, "//footer[@class='about']") == [
        "Corrections 22 November 2026 It was 1931, not 1913. Related At the wheel The Sea Log, vol. 12 In other languages العبّارة "
        "First published at gazette.example/ferry Edited by Ruth Achterberg With Sven Dahl Topics ferries steam "
        "© 2026 The Lantern Press · CC BY-SA 4.0"
    ]


def test_a_recording_has_a_player_and_other_files_have_a_link() -> None:
    root = page(FERRY)
    assert find(root, "//figure[@class='media']/audio/@preload") == ["none"]
    assert find(root, "//figure[@class='media']/figcaption") == ["The whistle – 1:35"]
    assert find(root, "//div[@class='media']//a/@href") == ["../media/log.pdf"]


def test_the_page_gives_an_h_entry() -> None:
    """What mf2py finds, which reads the classes of microformats2."""
    import mf2py  # type: ignore[import-untyped]

    (entry,) = mf2py.parse(doc=write(FERRY).decode(), url=FERRY.url)["items"]
    found = entry["properties"]
    assert (entry["type"], found["name"], found["summary"]) == (["h-entry"], [FERRY.headline], [FERRY.description])
    assert [each["properties"]["name"] for each in found["author"]] == [["Mara Lindqvist"], ["Tomás Ó Briain"]]
    assert found["category"] == ["World", "ferries", "steam"]


# -- links ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("https://lantern.example/", "../"),
        ("https://lantern.example/media/a.jpg", "../media/a.jpg"),
        ("https://lantern.example/articles/two.html#x", "two.html#x"),
        ("https://lantern.example/articles/", "./"),
        ("https://lantern.example/?q=a/b", "../?q=a/b"),
        ("https://lantern.example/a//b", "https://lantern.example/a//b"),
        ("https://lantern.example/articles/a:b", "https://lantern.example/articles/a:b"),
        ("https://other.example/media/a.jpg", "https://other.example/media/a.jpg"),
        ("mailto:desk@lantern.example", "mailto:desk@lantern.example"),
    ],
)
def test_links_within_the_publication_are_relative(address: str, seen: str) -> None:
    assert pages.near(address, "https://lantern.example/articles/ferry.html", PUBLICATION) == seen


@given(
    st.lists(st.sampled_from(["a", "b.html", "..", "", "é", "x:y", "https:", "?q", "#f", ";p", "%2e", "/"]), max_size=6), strategies.urls()
)
def test_a_relative_link_leads_where_the_absolute_one_does(parts: list[str], here: str) -> None:
    address = url("https://lantern.example/" + "/".join(parts))
    assert address
    for each in (here, "https://lantern.example/articles/ferry.html"):
        assert url(pages.near(address, each, PUBLICATION), each) == address


def test_links_are_absolute_on_a_page_that_is_published_elsewhere() -> None:
    root = page(FERRY, target=Target(url="https://mirror.example/1.html"))
    assert "https://lantern.example/media/harbour.jpg" in find(root, "//img/@src")
    assert [each for each in find(root, "//body//@href") if not each.startswith(("http", "mailto:", "#"))] == []


# -- reading what we wrote ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("article", [FERRY, BARE], ids=["rich", "bare"])
def test_all_comes_back(article: Article) -> None:
    publication = replace(PUBLICATION, articles=(article,))
    assert webpage.read(webpage.write(publication)).publication == publication


def test_the_body_comes_back_from_the_page_not_from_the_data() -> None:
    assert b"articleBody" not in write(FERRY)
    assert webpage.read(write(FERRY)).publication.articles[0].body == FERRY.body


def test_a_page_of_ours_is_known_by_its_start() -> None:
    assert webpage.recognizes(write(BARE))
    assert webpage.recognizes(b"\xef\xbb\xbf\n<!-- saved -->\n<!doctype HTML><title>x</title>")
    assert webpage.recognizes(b"<p>fragment</p>", "a.HTM")
    assert not webpage.recognizes(b"<p>fragment</p>", "a.md")
    assert not webpage.recognizes(b"<rss/>", "a.xml")


# -- reading pages of others ----------------------------------------------------------------------------------------------

GOOD_BLOCK = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Fog","url":"https://e.org/fog"}</script>'
TEXT = f"<article><header><h1>Fog</h1><p>By Ann</p></header><p>{'The boats were never cancelled for fog. ' * 9}</p></article>"


def read(head: str, body: str = TEXT) -> Article:
    (article,) = webpage.read(f"<!DOCTYPE html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()).publication.articles
    return article


@pytest.mark.parametrize(
    "bad",
    ['{"a": ,}', "", "{'a': 1}", '{"a": "</b>', "[" * 3000, "&quot;", "\x00", '{"@type": "NewsArticle"'],
    ids=lambda each: str(each)[:12],
)
def test_a_malformed_block_does_not_take_the_good_one_with_it(bad: str) -> None:
    assert read(f'<script type="application/ld+json">{bad}</script>{GOOD_BLOCK}').url == "https://e.org/fog"


@pytest.mark.parametrize(
    "block",
    [
        GOOD_BLOCK.replace("ld+json", "LD+JSON; charset=utf-8"),
        GOOD_BLOCK.replace("{", "<![CDATA[{", 1).replace("}</s", "}]]></s"),
        GOOD_BLOCK.replace("}</s", "};</s"),
        GOOD_BLOCK.replace("{", "// comment\n{", 1),
        GOOD_BLOCK.replace("{", "[[{", 1).replace("}</s", "}]]</s"),
        GOOD_BLOCK.replace('"@type"', '"@graph":[{"@type"', 1).replace("}</s", "}]}</s"),
        GOOD_BLOCK.replace('"@type"', '"@type":"WebPage","mainEntity":{"@type"', 1).replace("}</s", "}}</s"),
    ],
    ids=["type in another spelling", "CDATA", "semicolon", "comment", "lists", "graph", "main entity"],
)
def test_linked_data_is_read_as_people_write_it(block: str) -> None:
    assert (read(block).headline, read(block).url) == ("Fog", "https://e.org/fog")


def test_linked_data_is_found_however_deep_it_stands() -> None:
    assert read("", "<div>" * 400 + GOOD_BLOCK + TEXT).url == "https://e.org/fog"


def test_references_to_other_nodes_of_the_page_are_followed() -> None:
    """As the most common plug-in writes it; references in circles end somewhere."""
    graph = {
        "@graph": [
            {"@type": "Article", "@id": "#a", "headline": "Fog", "author": {"@id": "#p"}, "isPartOf": {"@id": "#w"}},
            {"@type": "Person", "@id": "#p", "name": "Ann Ward", "url": "https://e.org/ann"},
            {"@type": "WebPage", "@id": "#w", "mainEntity": {"@id": "#a"}},
        ]
    }
    article = read(f'<script type="application/ld+json">{json.dumps(graph)}</script>')
    assert article.author == (Person(name="Ann Ward", url="https://e.org/ann"),)


def test_among_several_articles_the_one_with_the_pages_address_counts() -> None:
    nodes = [{"@type": "NewsArticle", "headline": name, "url": f"https://e.org/{name}"} for name in ("Other", "Fog")]
    head = f'<link rel=canonical href="https://e.org/Fog"><script type="application/ld+json">{json.dumps(nodes)}</script>'
    assert read(head).headline == "Fog"


def test_without_linked_data_the_metadata_is_read() -> None:
    article = read(
        '<meta property="og:title" content="Fog | E"><link rel="canonical" href="https://e.org/fog"><meta name="author" content="Ann">'
        '<meta property="article:published_time" content="2026-11-21T21:40:00+01:00"><meta name="og:image" content="https://e.org/a.jpg">'
        '<meta name="description" content="Boats."><meta property="article:tag" content="sea"><meta property="article:tag" content="fog">'
    )
    assert article == Article(
        identifier="https://e.org/fog",
        url="https://e.org/fog",
        headline="Fog",
        description="Boats.",
        in_language="en",
        keywords=("sea", "fog"),
        author=(Person(name="Ann"),),
        date_published=datetime(2026, 11, 21, 21, 40, tzinfo=timezone(timedelta(hours=1))),
        image=(Image(content_url="https://e.org/a.jpg"),),
        body=f"<p>{'The boats were never cancelled for fog. ' * 8}The boats were never cancelled for fog.</p>",
    )


def test_what_was_guessed_is_said() -> None:
    reading = webpage.read(f"<title>Fog</title>{TEXT}".encode())
    assert [each.code for each in reading.problems] == ["page-body-guessed", "page-fields-guessed"]


def test_an_article_of_unknown_address_has_the_same_identifier_every_time() -> None:
    first, second = (read("<title>x</title>").identifier for _ in range(2))
    assert first == second
    assert first.startswith("urn:uuid:")


def test_links_of_a_page_are_resolved_against_its_address() -> None:
    body = TEXT.replace("The boats", '<a href="../b">The boats</a>', 1)
    assert 'href="https://e.org/b"' in read('<link rel=canonical href="https://e.org/a/fog">', body).body


def test_the_context_gives_the_publication_of_a_page_that_names_none() -> None:
    assert webpage.read(f"<title>Fog</title>{TEXT}".encode(), Context(publication=PUBLICATION)).publication.name == "The Lantern"


def test_a_page_in_another_encoding_is_read_as_it_says() -> None:
    text = "<meta charset=windows-1251><h1>Туман</h1><p>Паром</p>"
    (article,) = webpage.read(text.encode("cp1251")).publication.articles
    assert (article.headline, article.body) == ("Туман", "<p>Паром</p>")


@pytest.mark.parametrize("body", [b"", b" \n", b"<html></html>", b"<p>text without any title", b"\x00\x01"])
def test_a_page_without_article_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        webpage.read(body)


PIECES = st.sampled_from(
    [b"</script>", b"<!--", b"{", b'"', b"\x00", b"\x0c", b"\xff", b"]]>", b"<h1>", b"<meta charset=utf-7>", b"//", b"[" * 2000]
)


@given(st.lists(st.tuples(st.integers(0, 8000), PIECES), max_size=8))
def test_a_damaged_page_is_read_or_refused_and_always_checked(damage: list[tuple[int, bytes]]) -> None:
    body = bytearray(write(FERRY))
    for place, piece in damage:
        body[place:place] = piece
    webpage.check(bytes(body))
    with contextlib.suppress(Unreadable):
        webpage.read(bytes(body))


# -- checking -------------------------------------------------------------------------------------------------------------


def changed(old: str, new: str = "", article: Article = FERRY) -> bytes:
    text = write(article).decode()
    assert old in text
    return text.replace(old, new).encode()


def without(pattern: str) -> bytes:
    text, count = re.subn(pattern, "", write(FERRY).decode())
    assert count
    return text.encode()


def with_data(**given_: schema.Json) -> bytes:
    data = {**schema.to_linked(FERRY, PUBLICATION, body=False), **given_}
    return re.sub(rb'(ld\+json">).*?(?=</script>)', lambda found: found[1] + schema.to_script(data).encode(), write(FERRY))


BLOCK = r'<script type="application/ld\+json">.*?</script>\n'
DATA = re.search(BLOCK, write(FERRY).decode())
assert DATA
CASES = {
    "page-encoding-wrong": changed('charset="utf-8"', 'charset="iso-8859-1"'),
    "page-lang-missing": changed('<html lang="en-GB"', "<html"),
    "page-lang-invalid": changed('<html lang="en-GB"', '<html lang="english"'),
    "page-title-empty": without(r"(?<=<title>).*?(?=</title>)"),
    "page-title-twice": changed("</title>", "</title><title>The ferry</title>"),
    "page-time-malformed": changed('<time datetime="1931-05-02">', '<time datetime="5/2/1931">'),
    "page-h1-not-one": changed("<h2>Chalk</h2>", "<h1>Chalk</h1><h2>Chalk</h2>"),
    "page-heading-level-skipped": changed("<h2>Chalk</h2>", "<h4>Chalk</h4>"),
    "page-id-duplicate": changed("<h2>Chalk</h2>", '<h2 id="n1">Chalk</h2>'),
    "page-image-without-alt": changed(' alt="A lighthouse"'),
    "page-link-without-address": changed(
        '<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/">', '<link rel="license" href=" ">'
    ),
    "page-viewport-missing": without(r'<meta name="viewport".*\n'),
    "page-description-missing": without(r'<meta name="description".*\n'),
    "page-preview-small": without(r'<meta name="robots".*\n'),
    "page-canonical-missing": without(r'<link rel="canonical".*\n'),
    "page-canonical-relative": changed('rel="canonical" href="https://lantern.example/articles/', 'rel="canonical" href="/articles/'),
    "page-canonical-twice": changed("</head>", '<link rel="canonical" href="https://e.org/"></head>'),
    "page-feed-missing": without(r'<link rel="alternate".*rss.*\n'),
    "page-feed-untitled": changed(' title="RSS"'),
    "page-open-graph-without-image": without(r'<meta property="og:image".*\n'),
    "page-open-graph-incomplete": without(r'<meta property="og:url".*\n'),
    "page-json-ld-malformed": changed('"headline":', '"headline",'),
    "page-json-ld-cut-short": changed('"The ferry that never stopped', '"The </script> ferry that never stopped'),
    "page-json-ld-swallows-the-page": changed('"The ferry that never stopped', '"The <!-- <script> ferry that never stopped'),
    "page-json-ld-after-html": changed("</html>", f"</html>{DATA[0]}"),
    "page-json-ld-missing": without(BLOCK),
    "page-json-ld-not-an-article": changed('"@type":["NewsArticle","ReportageNewsArticle"]', '"@type":"Recipe"'),
    "page-headline-differs": changed("The ferry that never stopped for fog</h1>", "The ferry</h1>"),
    "page-date-without-zone": with_data(datePublished="2026-11-21T21:40:00"),
    "page-modified-before-published": with_data(dateModified="2026-11-20T21:40:00+01:00"),
    "page-author-without-name": with_data(author=[{"@type": "Person", "name": " ", "url": "https://e.org/"}]),
    "page-author-without-url": with_data(author=[{"@type": "Person", "name": "Ann"}]),
    "page-image-relative": with_data(image="/media/harbour.jpg"),
    "page-image-without-size": with_data(image={"@type": "ImageObject", "contentUrl": "https://e.org/a.jpg"}),
}
FOLLOWS = {
    "page-json-ld-cut-short": {"page-h1-not-one"},
    "page-json-ld-swallows-the-page": {"page-h1-not-one"},
}
"""What a browser, too, gets wrong after a break-out, if it does."""


def test_a_page_of_ours_leaves_nothing_to_wish() -> None:
    assert webpage.check(write(FERRY)) == []


@pytest.mark.parametrize("code", CASES)
def test_the_rule_finds_its_defect_and_no_other_error(code: str) -> None:
    found = webpage.check(CASES[code])
    assert code in {each.code for each in found}
    assert {each.code for each in found if each.severity == Severity.ERROR} <= {code}


def test_every_rule_has_a_case() -> None:
    assert {each.code for each in rules_in(vars(webpage.rules))} == set(CASES)


def test_a_problem_tells_its_line() -> None:
    (found,) = webpage.check(CASES["page-image-without-alt"])
    assert "A lighthouse" in write(FERRY).decode().splitlines()[found.location.line - 1]


def test_a_day_is_not_before_a_moment_of_the_same_day() -> None:
    published = datetime(2026, 11, 21, 21, 40, tzinfo=UTC)
    assert "page-modified-before-published" not in {
        each.code for each in webpage.check(write(replace(FERRY, date_published=published, date_modified=date(2026, 11, 21))))
    }


@given(st.binary(max_size=200))
def test_checking_anything_gives_problems_not_exceptions(body: bytes) -> None:
    webpage.check(body)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://www.e.org/a/", "e.org/a"),
        ("http://e.org/?a=b", "e.org/?a=b"),
        ("mailto:desk@e.org", "mailto:desk@e.org"),
        ("https://e.org/www.x", "e.org/www.x"),
    ],
)
def test_addresses_are_shown_as_people_write_them(address: str, shown: str) -> None:
    assert pages.shortened(address) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(59, "0:59"), (83, "1:23"), (3723, "1:02:03"), (0, ""), (None, "")])
def test_lengths_are_shown_as_on_a_clock(seconds: int | None, shown: str) -> None:
    assert pages.length(seconds) == shown


# -- pages made to do harm ------------------------------------------------------------------------------------------------


def steps(body: bytes) -> int:
    """Return how many calls reading a page takes."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        webpage.read(body)
    finally:
        sys.setprofile(None)
    return count


def data_page(nodes: list[dict[str, Any]]) -> bytes:
    """A page with these nodes in a graph."""
    data = json.dumps({"@context": "https://schema.org", "@graph": nodes})
    return f'<!DOCTYPE html><title>x</title><h1>Ferry</h1><script type="application/ld+json">{data}</script>'.encode()


def knot(size: int) -> bytes:
    """A page whose every node refers to every other one, `size` times."""
    people = [{"@id": f"#{n}", "name": "x", "sameAs": [{"@id": f"#{(n + 1) % 9}"}] * size} for n in range(9)]
    return data_page([{"@type": "NewsArticle", "headline": "Ferry", "author": [{"@id": "#0"}] * size}, *people])


def nest(depth: int) -> bytes:
    """A page of articles in articles, with a paragraph in each."""
    return f"<html><body><h1>Ferry</h1>{'<article><p>It sailed.</p>' * depth}{'</article>' * depth}".encode()


@pytest.mark.parametrize(("made", "small"), [(knot, 40), (nest, 50)], ids=["references", "nested articles"])
def test_twice_as_much_takes_twice_as_many_steps(made: Callable[[int], bytes], small: int) -> None:
    webpage.read(made(1))  # what is imported at first use is not counted
    assert steps(made(2 * small)) < 3 * steps(made(small))


def test_references_are_followed_in_circles_no_further_than_once() -> None:
    people = [{"@id": "#a", "name": "A", "image": {"@id": "#b"}}, {"@id": "#b", "url": "https://e.org/b.png", "author": {"@id": "#a"}}]
    (article,) = webpage.read(
        data_page([{"@type": "NewsArticle", "headline": "Ferry", "author": {"@id": "#a"}}, *people])
    ).publication.articles
    assert article.author == (Person(name="A", image=Image(content_url="https://e.org/b.png")),)


def test_the_longest_of_articles_in_an_article_is_the_text() -> None:
    teaser = "<article><p>Teaser.</p></article>"
    body = f"<html><body><h1>Ferry</h1><main>{teaser}<article>{'<p>It sailed at noon.</p>' * 20}</article>{teaser}</main>"
    (article,) = webpage.read(body.encode()).publication.articles
    assert article.body == "<p>It sailed at noon.</p>" * 20


@pytest.mark.parametrize("start", ["<!---->", "<?xml >", " \n", "<!-- a --> "])
def test_what_begins_with_a_thousand_comments_is_soon_known_to_be_no_page(start: str) -> None:
    """Tried in every way, this would take until the sun is cold."""
    assert not webpage.recognizes(f"{start * 500}x".encode())
    assert webpage.recognizes(f"{start * 300}<html>".encode())


@pytest.mark.parametrize(
    ("text", "swallows"),
    [
        ("<!-- <script>", True),
        ("<!-- --> <!-- <SCRIPT", True),
        ("<!-- --> <script", False),
        ("<script <!-- ", False),
        ("<!--" * 100_000, False),
        ("<!---->" * 100_000, False),
        ("<!---->" * 100_000 + "<script", False),
        ("<script" * 100_000, False),
    ],
)
def test_a_comment_swallows_the_page_only_with_a_script_in_it(text: str, swallows: bool) -> None:
    page_ = f'<!DOCTYPE html><title>x</title><script type="application/ld+json">"{text}"</script>'
    assert ("page-json-ld-swallows-the-page" in {each.code for each in webpage.check(page_.encode())}) is swallows


def test_many_scripts_after_the_end_are_looked_at_once() -> None:
    codes = {each.code for each in webpage.check(b"<html></html>" + b"<script " * 100_000)}
    assert "page-json-ld-after-html" not in codes


def test_data_nested_too_deep_is_told_and_left() -> None:
    deep = '{"@type": "NewsArticle", "headline": "x", "image": ' + "[" * 500 + "]" * 500 + "}"
    page_ = f'<html><title>Ferry</title><script type="application/ld+json">{deep}</script><p>It sailed.'.encode()
    assert webpage.read(page_).publication.articles[0].headline == "Ferry"
    assert "page-json-ld-malformed" in {each.code for each in webpage.check(page_)}


# -- the style sheets -----------------------------------------------------------------------------------------------------


def test_the_style_of_a_page_is_under_10_kilobytes() -> None:
    assert len(templates.sheet(Theme(), "page.css").encode()) < 10_000


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_the_paper(scheme: int) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1, also on tinted ground."""
    found = re.findall(r"--(paper|ink|soft|tint|accent):(#[0-9a-f]{6})", templates.sheet(Theme(), "page.css"))
    colours = dict(found[5 * scheme : 5 * scheme + 5])
    assert min(contrast(colours[text], colours[ground]) for text in ("ink", "soft", "accent") for ground in ("paper", "tint")) >= 4.5


def test_the_browsers_bars_have_the_colour_of_the_paper() -> None:
    papers = re.findall(r"--paper:(#[0-9a-f]{6})", templates.sheet(Theme(), "page.css"))
    assert meta(page(BARE), "theme-color") == papers[:2]


# -- the front page -------------------------------------------------------------------------------------------------------


def dated(name: str, day: int, **given_: str | None) -> Article:
    address = f"https://lantern.example/articles/{name}.html"
    article = Article(identifier=name, headline=name, url=address, date_published=date(2026, 11, day))
    return replace(article, **given_)  # type: ignore[arg-type]


def test_the_newest_article_with_a_picture_is_on_top() -> None:
    old, new, newest = dated("old", 1), replace(dated("new", 2), image=(PICTURE,)), dated("newest", 3)
    root = front(old, new, newest)
    assert find(root, "//article[contains(@class, 'top')]//h2") == ["new"]
    assert find(root, "//article[contains(@class, 'top')]//img/@src") == ["media/harbour.jpg"]


def test_sections_stand_in_their_order_then_the_rest_and_in_each_the_newest_is_first() -> None:
    root = front(
        replace(dated("top", 9), image=(PICTURE,)),
        dated("o1", 1, article_section="Opinion"),
        dated("o2", 2, article_section="Opinion"),
        dated("w1", 3, article_section="World"),
        dated("x", 4, article_section="Weather"),
        dated("undated", 1, date_published=None),
    )
    assert find(root, "//section/h2") == ["World", "Opinion", "More"]
    assert find(root, "//section//h3") == ["w1", "o2", "o1", "x", "undated"]


def test_every_article_can_be_reached_from_the_front_page() -> None:
    articles = [dated(f"n{number}", number % 28 + 1, article_section="World") for number in range(40)]
    assert set(find(front(*articles), "//main//a/@href")) == {f"articles/{each.identifier}.html" for each in articles}


def site_of(*sections: str) -> Surroundings:
    """Return what a front page is told of a site with these sections."""
    links = tuple(Link(url=f"https://lantern.example/sections/{each.lower()}.html", name=each) for each in sections)
    return replace(AROUND, sections=links, trail=())


def test_sections_lead_to_their_pages() -> None:
    articles = (dated("a", 2, article_section="Opinion"), dated("b", 1, article_section="World"), dated("c", 1, article_section="Opinion"))
    publication = replace(PUBLICATION, articles=articles)
    root = parse_html(frontpage.write(publication, Target(site=site_of("World", "Opinion"))))
    assert find(root, "//header//nav//a/@href") == ["sections/world.html", "sections/opinion.html"]
    assert find(root, "//section/h2/a/@href") == ["sections/world.html", "sections/opinion.html"]


def many(count: int) -> Publication:
    """Return a publication with as many articles in each of two sections."""
    made = (
        dated(f"{section}-{number}", number % 28 + 1, article_section=section, description="Told in a few words. " * 5)
        for section in ("World", "Opinion")
        for number in range(count)
    )
    return replace(PUBLICATION, articles=tuple(made))


LETTERS = "ABCDEFGHI"


def shared_out(count: int) -> Iterator[Article]:
    """Yield the articles of many sections."""
    for article, letter in zip(many(count).articles, cycle(LETTERS), strict=False):
        yield replace(article, article_section=letter)


def test_a_front_page_does_not_grow_with_its_articles() -> None:
    assert len(frontpage.write(replace(many(30), articles=tuple(shared_out(30))), Target(site=site_of(*LETTERS[:9])))) < 30_000
    few, all_ = (frontpage.write(many(count), Target(alternates=FEEDS, site=site_of("World", "Opinion"))) for count in (20, 400))
    assert len(all_) < len(few) + 1_000
    assert len(all_) < 30_000
    assert find(parse_html(all_), "//p[@class='all']/a") == ["Archive", "All of World", "All of Opinion"]


def test_the_newest_stand_beside_the_one_on_top() -> None:
    root = parse_html(frontpage.write(many(8), Target(site=site_of("World", "Opinion"))))
    assert len(find(root, "//section[@class='latest']//li")) == 5
    assert find(front(dated("a", 1), dated("b", 2)), "//section[@class='latest']") == []


def test_a_translation_stands_with_its_original() -> None:
    original = replace(dated("a", 1), translations=(Link(url="https://lantern.example/articles/b.html", in_language="de"),))
    root = front(original, dated("b", 2, in_language="de"), dated("c", 3, in_language="de"))
    assert find(root, "//article//h2 | //article//h3") == ["a", "c"]
    assert find(root, "//a[@hreflang='de']/@href") == ["articles/b.html"]


@pytest.mark.parametrize("address", [None, "https://lantern.example/", "https://lantern.example/index.html"])
def test_links_of_the_front_page_work_from_a_disk(address: str | None) -> None:
    written = frontpage.write(replace(PUBLICATION, articles=(dated("a", 1),)), Target(url=address))
    assert find(parse_html(written), "//main//a/@href") == ["articles/a.html"]


def test_the_front_page_names_the_site_and_lists_the_articles() -> None:
    written = frontpage.write(replace(PUBLICATION, articles=(dated("a", 1), dated("b", 2))))
    collection, *_, site = linked(written)["@graph"]
    assert (site["@type"], site["name"], site["url"]) == ("WebSite", "The Lantern", "https://lantern.example/")
    assert [each["name"] for each in collection["mainEntity"]["itemListElement"]] == ["b", "a"]


def test_an_empty_publication_has_a_front_page() -> None:
    assert find(front(), "//h1") == ["The Lantern"]


@given(strategies.publications())
def test_any_publication_has_a_front_page_without_errors(publication: Publication) -> None:
    written = frontpage.write(publication, Target(alternates=FEEDS))
    assert [each for each in webpage.check(written) if each.severity == Severity.ERROR] == []
    assert frontpage.write(publication, Target(alternates=FEEDS)) == written


# -- what others say ------------------------------------------------------------------------------------------------------


@pytest.mark.judges
def test_the_nu_html_checker_has_nothing_to_say(tmp_path: Path) -> None:
    """Not about a rich article in any language that we have words in, nor about a bare one, nor about front pages."""
    tags = tomllib.loads((THEME / "words.toml").read_text("utf-8"))
    written = {f"{tag}.html": write(replace(BARE, in_language=tag, date_published=date(2026, 11, 22))) for tag in tags if tag != "und"}
    written |= {
        "rich.html": write(FERRY),
        "around.html": write(FERRY, target=Target(alternates=FEEDS, site=replace(AROUND, sheet=None))),
        "turned.html": write(replace(FERRY, in_language="ar"), target=Target(alternates=FEEDS, site=replace(AROUND, sheet=None))),
        "many.html": frontpage.write(many(20), Target(alternates=FEEDS, site=replace(site_of("World", "Opinion"), sheet=None))),
        "front.html": frontpage.write(replace(PUBLICATION, articles=(FERRY, BARE)), Target(alternates=FEEDS)),
    }
    for name, body in written.items():
        (tmp_path / name).write_bytes(body)
    assert nu.check([tmp_path / name for name in written]) == []


# -- read and checked -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((Path(__file__).parent.parent / "exports/articles").glob("*.html")), ids=lambda path: path.stem)
def test_a_review_is_what_is_read_and_what_is_wrong(path: Path) -> None:
    body = path.read_bytes()
    assert webpage.review(body) == (webpage.read(body), webpage.check(body))


def test_a_review_of_a_page_without_an_article_ends_as_reading_does() -> None:
    with pytest.raises(Unreadable):
        webpage.review(b"<html><body><p>Nothing")


def test_a_page_is_parsed_once_when_it_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []

    def counted(source: bytes) -> Element:
        parsed.append(source)
        return parse_html(source)

    monkeypatch.setattr(markup, "parse_html", counted)
    written = build.render(Output(path="ferry.html", format="webpage", publication=replace(PUBLICATION, articles=(FERRY,))))
    assert parsed == [written.body]
    assert written.problems == ()


@pytest.mark.parametrize(
    ("name", "shown", "expected"),
    [
        ("Ada Byron", "<p>Ada Byron</p>", True),
        ("Ada Byron", "<p>Ada <b>Byron</b></p>", False),
        ("Ada Byron", "<style>Ada Byron</style>", False),
        ("Ada Byron", "<style>Ada Byron</style><p>By Ada Byron</p>", True),
        ("Ada\0Byron", "<p>Ada</p><p>Byron</p>", False),
    ],
)
def test_a_text_is_shown_where_people_see_it(name: str, shown: str, expected: bool) -> None:
    source = f"<html><body>{shown}</body></html>"
    assert Page(source.encode(), source, markup.parse_html(source.encode())).shows(name) is expected


def test_a_page_that_was_checked_is_left_to_no_garbage_collector() -> None:
    body = (Path(__file__).parent.parent / "exports/index.html").read_bytes()
    gc.collect()
    gc.disable()
    try:
        webpage.check(body)
        assert not [each for each in gc.get_objects() if isinstance(each, Page | Document)]
    finally:
        gc.enable()
