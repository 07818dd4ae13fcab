"""Feeds by others: every version of RSS and Atom, the modules, and what is broken in them."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import formats
from publisher.article import Article, Image, Link, Media, Organization, Person, Place
from publisher.feedreading import modules, rescue, values
from publisher.formats import Reading
from publisher.markup import Element
from publisher.problems import PublisherError, Severity, Unreadable
from tests.test_hostile import EXAMPLES, damaged, hold

SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "podcast": "https://podcastindex.org/namespace/1.0",
        "georss": "http://www.georss.org/georss",
        "gml": "http://www.opengis.net/gml",
        "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
        "wfw": "http://wellformedweb.org/CommentAPI/",
        "thr": "http://purl.org/syndication/thread/1.0",
        "cc": "http://web.resource.org/cc/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "xhtml": "http://www.w3.org/1999/xhtml",
    }.items()
)
TITLE = "<title>Cod and chips</title>"


def rss(*items: str, more: str = "", spaces: str = SPACES) -> str:
    every = "".join(f"<item>{each}</item>" for each in items)
    return f'<rss version="2.0" {spaces}><channel><title>Herald</title><link>https://e.org/</link>{more}{every}</channel></rss>'


def atom(*entries: str, more: str = "<title>Herald</title>") -> str:
    every = "".join(f"<entry>{each}</entry>" for each in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}>{more}{every}</feed>'


def read(feed: str | bytes, path: str = "feed.xml") -> Reading:
    body = feed if isinstance(feed, bytes) else feed.encode()
    return formats.detect(body, path).read(body)


def article(feed: str | bytes) -> Article:
    return read(feed).publication.articles[0]


def item(inner: str) -> Article:
    return article(rss(inner))


def entry(inner: str) -> Article:
    return article(atom(inner))


def codes(feed: str | bytes) -> list[str]:
    return [each.code for each in read(feed).problems]


# -- RSS 0.90 and 1.0 -----------------------------------------------------------------------------------------------------

RDF = f"""<?xml version="1.0"?>
<rdf:RDF xmlns="http://purl.org/rss/1.0/" {SPACES}>
<channel rdf:about="https://e.org/index.rdf"><title>Herald</title><link>https://e.org/</link><description>News &amp;amp; tides</description>
<dc:language>en-GB</dc:language><dc:date>2004-05-01T10:00:00Z</dc:date><dc:publisher>The Herald Press</dc:publisher>
<image rdf:resource="https://e.org/logo.png"/>
<items><rdf:Seq><rdf:li rdf:resource="https://e.org/1"/></rdf:Seq></items></channel>
<image rdf:about="https://e.org/logo.png"><title>Herald</title><url>https://e.org/logo.png</url><link>https://e.org/</link></image>
<item rdf:about="https://e.org/1"><title>Cod</title><link>https://e.org/1.html</link><description>Fish</description>
<content:encoded><![CDATA[<p>Cod &amp; chips</p>]]></content:encoded><dc:creator>Ann Lee</dc:creator><dc:creator>Bo Fox</dc:creator>
<dc:date>2004-05-01T10:00:00+01:00</dc:date><dc:subject>Fish</dc:subject><dc:subject>Potatoes</dc:subject></item>
<item rdf:about="https://e.org/2"><title>Hake</title><link>https://e.org/2.html</link></item>
</rdf:RDF>"""


def test_rss_1_0_is_recognized_and_read() -> None:
    assert formats.detect(RDF.encode(), "feed.rss").NAME == "rdf"
    publication = read(RDF).publication
    assert (publication.name, publication.url, publication.in_language) == ("Herald", "https://e.org/", "en-GB")
    assert publication.description == "News & tides"
    assert publication.publisher == Organization(name="The Herald Press")
    assert publication.image == Image(content_url="https://e.org/logo.png")
    assert publication.date_modified == datetime(2004, 5, 1, 10, tzinfo=UTC)
    first, second = publication.articles
    assert (first.identifier, first.url, first.headline) == ("https://e.org/1", "https://e.org/1.html", "Cod")
    assert (first.description, first.body, first.keywords) == ("Fish", "<p>Cod &amp; chips</p>", ("Fish", "Potatoes"))
    assert first.author == (Person(name="Ann Lee"), Person(name="Bo Fox"))
    assert first.date_published == datetime(2004, 5, 1, 9, tzinfo=UTC)
    assert second.headline == "Hake"


def test_rss_0_90_is_read() -> None:
    space = 'xmlns="http://my.netscape.com/rdf/simple/0.9/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    inner = "<channel><title>Herald</title><link>https://e.org/</link></channel><item><title>Cod</title><link>https://e.org/1</link></item>"
    body = f"<rdf:RDF {space}>{inner}</rdf:RDF>"
    assert formats.detect(body.encode()).NAME == "rdf"
    assert (article(body).headline, article(body).identifier) == ("Cod", "https://e.org/1")


def check_rdf(body: str) -> dict[str, Severity]:
    module: Any = formats.get("rdf")
    return {each.code: each.severity for each in module.check(body.encode())}


def test_checking_rss_1_0_advises_another() -> None:
    assert check_rdf(RDF) == {"rss-1-0": Severity.INFO}


def test_checking_rss_1_0_finds_what_is_missing() -> None:
    start = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    assert "rdf-no-channel" in check_rdf(f"{start}</rdf:RDF>")
    assert "rdf-item-incomplete" in check_rdf(f"{start}<channel/><item><title>Cod</title></item></rdf:RDF>")
    assert "xml-malformed" in check_rdf(start)


def test_rss_1_0_without_a_channel_is_refused() -> None:
    with pytest.raises(Unreadable) as error:
        read('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"/>')
    assert [each.code for each in error.value.problems] == ["rdf-no-channel"]


# -- Atom 0.3 -------------------------------------------------------------------------------------------------------------

ATOM_0_3 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en"><title mode="escaped" type="text/html">The &lt;b&gt;Herald&lt;/b&gt;</title>
<link rel="alternate" type="text/html" href="https://e.org/"/><tagline>News</tagline><modified>2003-12-13T18:30:02Z</modified>
<entry><title>Cod</title><link rel="alternate" type="text/html" href="https://e.org/1"/><id>tag:e.org,2003:1</id>
<issued>2003-12-13T08:29:29-04:00</issued><created>2003-12-12T08:29:29-04:00</created><modified>2003-12-13T18:30:02Z</modified>
<author><name>Ann Lee</name><url>https://e.org/ann</url><email>ann@e.org</email></author>
<content type="text/html" mode="escaped">&lt;p&gt;Cod&lt;/p&gt;</content></entry>
<entry><title>Hake</title><id>tag:e.org,2003:2</id><content type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml">
<em>Hake</em></div></content></entry>
<entry><title>Ling</title><id>tag:e.org,2003:3</id><content type="text/html" mode="base64">PHA+TGluZzwvcD4=</content></entry></feed>"""


def test_atom_0_3_is_read() -> None:
    publication = read(ATOM_0_3).publication
    assert (publication.name, publication.description, publication.in_language) == ("The Herald", "News", "en")
    assert publication.date_modified == datetime(2003, 12, 13, 18, 30, 2, tzinfo=UTC)
    first, second, third = publication.articles
    assert first.date_published == datetime(2003, 12, 13, 12, 29, 29, tzinfo=UTC)
    assert first.author == (Person(name="Ann Lee", url="https://e.org/ann", email="ann@e.org"),)
    assert [each.body for each in (first, second, third)] == ["<p>Cod</p>", "<p><em>Hake</em></p>", "<p>Ling</p>"]


# -- Atom by others -------------------------------------------------------------------------------------------------------


def test_an_entry_without_authors_has_those_of_its_feed() -> None:
    feed = atom(TITLE, "<title>Hake</title><author><name>Bo</name></author>", more="<title>H</title><author><name>Ann Lee</name></author>")
    assert [each.author for each in read(feed).publication.articles] == [(Person(name="Ann Lee"),), (Person(name="Bo"),)]


def test_a_feed_is_looked_through_once_for_all_entries_without_authors(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has all entries in it: to go through it for each took time with their square."""
    looked: list[int] = []
    children = modules.children

    def noted(each: Element) -> modules.Children:
        looked.append(len(each))
        return children(each)

    monkeypatch.setattr(modules, "children", noted)
    read(
        atom(
            *(f"<id>urn:{number}</id><title>A</title>" for number in range(30)),
            more="<title>Herald</title><author><name>Zoë</name></author>",
        )
    )
    assert sum(length >= 30 for length in looked) == 2, "for the publication, and for the authors"


def test_an_entry_from_another_feed_has_the_authors_of_that() -> None:
    source = "<source><title>Gazette</title><author><name>Bo Fox</name></author></source>"
    found = article(atom(TITLE + source, more="<title>H</title><author><name>Ann Lee</name></author>"))
    assert (found.author, found.publisher) == ((Person(name="Bo Fox"),), Organization(name="Gazette"))


def test_of_several_alternates_the_page_in_the_own_language_is_the_address() -> None:
    links = (
        '<link rel="alternate" type="application/json" href="https://e.org/1.json"/>'
        '<link rel="alternate" hreflang="fr" href="https://e.org/fr/1"/><link rel="alternate" hreflang="en" href="https://e.org/1"/>'
    )
    found = article(atom(TITLE + links).replace("<entry>", '<entry xml:lang="en">'))
    assert found.url == "https://e.org/1"
    assert found.translations == (Link(url="https://e.org/fr/1", in_language="fr"),)


def test_an_id_that_is_an_address_stands_for_the_link() -> None:
    assert entry(f"{TITLE}<id>https://e.org/1</id>").url == "https://e.org/1"


def test_a_summary_in_html_is_the_text_where_there_is_no_other() -> None:
    found = entry(f'{TITLE}<summary type="html">&lt;p&gt;Cod&lt;/p&gt;</summary>')
    assert (found.body, found.description) == ("<p>Cod</p>", None)


def test_a_cdata_section_where_elements_should_be_is_html() -> None:
    assert entry(f'{TITLE}<content type="xhtml"><![CDATA[<p>Cod</p>]]></content>').body == "<p>Cod</p>"


def test_elements_where_escaped_text_should_be_are_read() -> None:
    assert entry(f'{TITLE}<content type="html"><p>Cod</p></content>').body == "<p>Cod</p>"


def test_a_title_of_no_kind_may_be_html() -> None:
    assert entry("<title>Cod &amp;amp; chips &lt;i&gt;today&lt;/i&gt;</title>").headline == "Cod & chips today"


def test_what_is_said_to_be_text_is_text() -> None:
    assert entry('<title type="text">The &lt;b&gt;b&lt;/b&gt; tag</title>').headline == "The <b>b</b> tag"


def test_drafts_are_told() -> None:
    control = '<app:control xmlns:app="http://www.w3.org/2007/app"><app:draft>yes</app:draft></app:control>'
    reading = read(atom(f"{TITLE}<id>urn:x:1</id>{control}", f"{TITLE}<id>urn:x:2</id>"))
    assert reading.drafts == {"urn:x:1"}
    assert reading.problems == ()


def test_what_programs_call_their_entries_is_no_keyword() -> None:
    kind = '<category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#post"/>'
    assert entry(f'{TITLE}{kind}<category term="fish"/>').keywords == ("fish",)


@pytest.mark.parametrize("space", ["http://www.w3.org/2005/atom", "https://www.w3.org/2005/Atom/", "http://example.org/", ""])
def test_a_wrong_namespace_of_atom_is_forgiven(space: str) -> None:
    assert article(f'<feed xmlns="{space}"><title>H</title><entry><title>Cod</title></entry></feed>').headline == "Cod"


# -- RSS by others --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelled", "headline"),
    [
        ("Cod &amp; chips", "Cod & chips"),
        ("Cod &amp;amp; chips", "Cod & chips"),
        ("<![CDATA[Cod &#8217;n&#8217; chips]]>", "Cod ’n’ chips"),
        ("&lt;b&gt;Cod&lt;/b&gt; and chips", "Cod and chips"),
        ("Cod<br/>and chips", "Codand chips"),
        ("1 &lt; 2 &amp; 3 &gt; 2", "1 < 2 & 3 > 2"),
        ("don&#146;t", "don’t"),
        ("&lt;![CDATA[Cod]]&gt;", "Cod"),
    ],
)
def test_a_title_is_plain_text_however_it_is_written(spelled: str, headline: str) -> None:
    assert item(f"<title>{spelled}</title>").headline == headline


def test_an_item_without_a_title_has_the_beginning_of_its_text() -> None:
    text = "The keeper climbs the stair at dusk and lights the lamp, and the harbour knows that it is evening."
    assert (
        item(f"<description>{text}</description>").headline
        == "The keeper climbs the stair at dusk and lights the lamp, and the harbour knows…"
    )


@pytest.mark.parametrize(
    ("spelled", "url"),
    [
        ("<link>/1</link>", "https://e.org/1"),
        ("<link><![CDATA[ https://e.org/1?a=1&b=2 ]]></link>", "https://e.org/1?a=1&b=2"),
        ('<link href="https://e.org/1"/>', "https://e.org/1"),
        ('<atom:link rel="alternate" href="https://e.org/1"/>', "https://e.org/1"),
        ("<guid>https://e.org/1</guid>", "https://e.org/1"),
        ('<guid isPermaLink="false">https://e.org/1</guid>', None),
        ("<guid>1</guid>", None),
        ("<link>https://feeds.e.org/~r/1</link><feedburner:origLink>https://e.org/1</feedburner:origLink>", "https://e.org/1"),
    ],
)
def test_an_address_is_found_wherever_it_is(spelled: str, url: str | None) -> None:
    assert item(TITLE + spelled).url == url


@pytest.mark.parametrize(
    ("spelled", "author"),
    [
        ("<author>ann@e.org (Ann Lee)</author>", (Person(name="Ann Lee", email="ann@e.org"),)),
        ("<author>Ann Lee &lt;ann@e.org&gt;</author>", (Person(name="Ann Lee", email="ann@e.org"),)),
        ("<author>ann@e.org</author>", (Person(name="ann@e.org", email="ann@e.org"),)),
        ("<author><name>Ann Lee</name><email>ann@e.org</email></author>", (Person(name="Ann Lee", email="ann@e.org"),)),
        ("<dc:creator>By Ann Lee and Bo Fox</dc:creator>", (Person(name="Ann Lee"), Person(name="Bo Fox"))),
        ("<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Fox</dc:creator>", (Person(name="Ann Lee"), Person(name="Bo Fox"))),
        ("<itunes:author>Ann Lee</itunes:author>", (Person(name="Ann Lee"),)),
        ("<atom:author><atom:name>Ann Lee</atom:name></atom:author>", (Person(name="Ann Lee"),)),
        ('<media:credit role="author">Ann Lee</media:credit>', (Person(name="Ann Lee"),)),
        ("<author>noreply@blogger.com (Ann Lee)</author>", (Person(name="Ann Lee"),)),
        ("<author>/u/ann_lee</author>", (Person(name="/u/ann_lee"),)),
        ("<dc:creator>De Correspondent</dc:creator>", (Organization(name="De Correspondent"),)),
        ("<dc:creator>Reuters</dc:creator>", (Organization(name="Reuters"),)),
        ("<author/>", ()),
    ],
)
def test_authors_are_found_however_they_are_written(spelled: str, author: tuple[Person | Organization, ...]) -> None:
    assert item(TITLE + spelled).author == author


@pytest.mark.parametrize(
    "spelled",
    [
        *("Thu, 01 Jan 2004 19:48:21 GMT", "Thu, 1 Jan 04 19:48:21 +0000", "Thu, 01 Jan 2004 14:48:21 EST", "2004-01-01T19:48:21Z"),
        *(
            "2004-01-01 19:48:21",
            "20040101T194821Z",
            "Thu Jan  1 19:48:21 2004",
            "January 1, 2004 7:48:21 PM",
            "Thursday, January 1, 2004 19:48:21 GMT",
        ),
        *("Thu, 1 Jan 2004 14:48:21 ET", "Thu, 01 Jan 2004 20:48:21 MET", "Thu, 01 Jan 2004 18:47:21 GMT-01:01"),
        *("1 January 2004 19:48:21 GMT", "jeudi 1 janvier 2004 19:48:21", "2004年1月1日 19:48:21", " Thu,01 Jan 2004 19:48:21 GMT "),
    ],
)
def test_a_date_is_read_in_whatever_form(spelled: str) -> None:
    assert item(f"{TITLE}<pubDate>{spelled}</pubDate>").date_published == datetime(2004, 1, 1, 19, 48, 21, tzinfo=UTC)


def test_a_date_of_a_module_does_where_there_is_no_other() -> None:
    assert item(f"{TITLE}<dc:date>2004-01-01</dc:date>").date_published == date(2004, 1, 1)
    assert item(f"{TITLE}<pubDate>soon</pubDate><dcterms:created>2004-01-02</dcterms:created>").date_published == date(2004, 1, 2)


def test_dates_that_cannot_be_read_are_told_once() -> None:
    reading = read(rss(f"{TITLE}<pubDate>yesterday</pubDate>", f"{TITLE}<pubDate>0000-00-00</pubDate>"))
    (found,) = (each for each in reading.problems if each.code == "feed-date-unread")
    assert found.message == "2 dates cannot be read, the first is 'yesterday'"
    assert found.location.line == 1
    assert len(reading.publication.articles) == 2


def test_a_month_is_no_date_and_told_to_lack_its_day() -> None:
    reading = read(rss(f"{TITLE}<dc:date>2003-02</dc:date>"))
    (found,) = (each for each in reading.problems if each.code == "feed-date-unread")
    assert (found.hint, reading.publication.articles[0].date_published) == ("write the day, too", None)


def test_items_without_identifier_and_address_are_told() -> None:
    reading = read(rss(TITLE, "<title>Hake</title>"))
    assert [each.code for each in reading.problems] == ["feed-item-unnamed"]
    assert len({each.identifier for each in reading.publication.articles}) == 2


def test_of_versions_of_an_entry_the_newest_stays() -> None:
    version = "<id>urn:x:1</id><title>{}</title><updated>2026-01-0{}T00:00:00Z</updated>"
    reading = read(atom(version.format("A", 1), "<id>urn:x:2</id><title>X</title>", version.format("B", 2), version.format("C", 1)))
    assert [each.headline for each in reading.publication.articles] == ["B", "X"]
    assert [each.message for each in reading.problems] == ["2 former versions of items are left out"]


def test_items_with_the_identifier_of_another_have_their_address_for_one() -> None:
    reading = read(rss(*(f"<guid isPermaLink='false'>1</guid><title>{each}</title><link>https://e.org/{each}</link>" for each in "ABB")))
    assert [each.identifier for each in reading.publication.articles] == ["1", "https://e.org/B"]
    assert [each.code for each in reading.problems] == ["feed-identifier-repeated", "feed-versions-left-out"]


@pytest.mark.parametrize(
    ("spelled", "body"),
    [
        ("<xhtml:body><p>Cod</p></xhtml:body>", "<p>Cod</p>"),
        ("<content:encoded>&lt;p&gt;Cod&lt;/p&gt;</content:encoded>", "<p>Cod</p>"),
        ("<description>&amp;lt;p&amp;gt;Cod&amp;lt;/p&amp;gt;</description>", "<p>Cod</p>"),
        ("<description><p>Cod</p></description>", "<p>Cod</p>"),
        ("<description>&lt;![CDATA[&lt;p&gt;Cod&lt;/p&gt;]]&gt;</description>", "<p>Cod</p>"),
        ("<itunes:summary>Cod</itunes:summary>", "<p>Cod</p>"),
        ("<description/><media:description>Cod</media:description>", "<p>Cod</p>"),
        (
            '<link>https://e.org/a/1</link><description>&lt;a href="2"&gt;Cod&lt;/a&gt;</description>',
            '<p><a href="https://e.org/a/2">Cod</a></p>',
        ),
    ],
)
def test_a_text_is_found_wherever_it_is(spelled: str, body: str) -> None:
    assert item(TITLE + spelled).body == body


def test_what_wordpress_adds_to_a_summary_is_left_out() -> None:
    summary = "<description>The tide came late. […] The post Tide appeared first on Herald.</description>"
    found = item(f"{TITLE}{summary}<content:encoded>The tide came late, again.</content:encoded>")
    assert found.description == "The tide came late. […]"


def test_names_in_other_letters_are_those_of_rss() -> None:
    body = "<RSS version='2.0'><Channel><Title>Herald</Title><Item><Title>Cod</Title><PubDate>2004-01-01</PubDate></Item></Channel></RSS>"
    assert (article(body).headline, article(body).date_published) == ("Cod", date(2004, 1, 1))


def test_other_names_of_namespaces_are_known() -> None:
    spaces = 'xmlns:media="http://search.yahoo.com/mrss" xmlns:itunes="http://www.itunes.com/DTDs/Podcast-1.0.dtd" xmlns:dc="http://purl.org/dc/elements/1.1"'
    inner = '<media:thumbnail url="https://e.org/a.jpg"/><itunes:author>Bo</itunes:author><dc:subject>fish</dc:subject>'
    found = article(rss(TITLE + inner, spaces=spaces))
    assert (found.image[0].content_url, found.author[0].name, found.keywords) == ("https://e.org/a.jpg", "Bo", ("fish",))


# -- modules --------------------------------------------------------------------------------------------------------------


def test_an_episode_of_a_podcast() -> None:
    found = item(
        TITLE + '<enclosure url="https://e.org/a.mp3" length="123" type="audio/mpeg"/><itunes:duration>1:02:03</itunes:duration>'
        '<itunes:image href="https://e.org/a.jpg"/><itunes:keywords>cod, chips</itunes:keywords><itunes:subtitle>Fish</itunes:subtitle>'
        '<podcast:person role="guest" href="https://e.org/bo">Bo Fox</podcast:person><podcast:person>Ann Lee</podcast:person>'
        '<podcast:license url="https://e.org/licence">cc-by-4.0</podcast:license>'
        '<podcast:location geo="geo:50.2,-5.5">Tarn Skerry</podcast:location>'
    )
    sound = Media(content_url="https://e.org/a.mp3", type="AudioObject", encoding_format="audio/mpeg", content_size=123, duration=3723)
    assert found.associated_media == (sound,)
    assert found.image == (Image(content_url="https://e.org/a.jpg"),)
    assert (found.keywords, found.license) == (("cod", "chips"), "https://e.org/licence")
    assert (found.author, found.contributor) == ((Person(name="Ann Lee"),), (Person(name="Bo Fox", url="https://e.org/bo"),))
    assert found.content_location == (Place(name="Tarn Skerry", latitude=50.2, longitude=-5.5),)


@pytest.mark.parametrize(
    ("spelled", "seconds"), [("62:03", 3723), ("3723", 3723), ("PT1H2M3S", 3723), ("01:02:03.5", 3723), ("long", None)]
)
def test_durations(spelled: str, seconds: int | None) -> None:
    assert values.duration(spelled) == seconds


def test_an_enclosure_without_a_type_has_that_of_its_ending() -> None:
    assert item(f'{TITLE}<enclosure url="https://e.org/a.MP3?x=1"/>').associated_media[0].encoding_format == "audio/mpeg"
    assert item(f'{TITLE}<enclosure url="https://e.org/a.png" type=""/>').image == (
        Image(content_url="https://e.org/a.png", encoding_format="image/png"),
    )


def test_of_renditions_the_best_is_kept_and_the_others_told() -> None:
    sizes = "".join(f'<media:content url="https://e.org/{width}.jpg" medium="image" width="{width}"/>' for width in (100, 800, 400))
    group = f"<media:group>{sizes}<media:title>Quay</media:title><media:credit>Bo</media:credit></media:group>"
    reading = read(rss(f"{TITLE}<guid>1</guid>{group}"))
    (found,) = reading.publication.articles
    assert found.image == (Image(content_url="https://e.org/800.jpg", width=800, description="Quay", credit_text="Bo"),)
    assert [each.message for each in reading.problems] == ["left out, as an article has no place for it: other renditions of media (2)"]


def test_a_film_of_youtube() -> None:
    group = (
        "<media:group><media:title>Cod</media:title><media:content url='https://e.org/v/1' type='application/x-shockwave-flash'/>"
        "<media:thumbnail url='https://e.org/1.jpg' width='480' height='360'/><media:description>How it is fried</media:description></media:group>"
    )
    found = entry(f"{TITLE}<id>yt:video:1</id>{group}")
    assert (found.description, found.image) == ("How it is fried", (Image(content_url="https://e.org/1.jpg", width=480, height=360),))


@pytest.mark.parametrize(
    "spelled",
    [
        "<georss:point>50.2 -5.5</georss:point>",
        "<georss:where><gml:Point><gml:pos>50.2 -5.5</gml:pos></gml:Point></georss:where>",
        "<geo:lat>50.2</geo:lat><geo:long>-5.5</geo:long>",
        "<geo:Point><geo:lat>50.2</geo:lat><geo:long>-5.5</geo:long></geo:Point>",
    ],
)
def test_places(spelled: str) -> None:
    assert item(TITLE + spelled).content_location == (Place(name="50.2, -5.5", latitude=50.2, longitude=-5.5),)


def test_rights_section_and_what_it_answers() -> None:
    found = item(
        TITLE + "<dc:rights>© Ann</dc:rights><slash:section>Fish</slash:section><source url='https://g.org/feed'>Gazette</source>"
        '<cc:license rdf:resource="https://e.org/licence"/><thr:in-reply-to ref="urn:x:0" href="https://e.org/0"/>'
    )
    assert (found.copyright_notice, found.article_section, found.license) == ("© Ann", "Fish", "https://e.org/licence")
    assert (found.publisher, found.citation) == (Organization(name="Gazette"), (Link(url="https://e.org/0"),))


def test_what_has_no_place_is_told_once_with_its_count() -> None:
    one = f"{TITLE}<guid>1</guid><comments>https://e.org/1#c</comments><slash:comments>7</slash:comments>"
    two = f"{TITLE}<guid>2</guid><comments>https://e.org/2#c</comments><x:mood xmlns:x='https://x.org/moods/'>grey</x:mood>"
    (found,) = read(rss(one, two)).problems
    assert (found.code, found.severity) == ("feed-left-out", Severity.INFO)
    assert found.message.endswith("addresses of comments (2), numbers of comments (1), x:mood (1)")


# -- what is broken -------------------------------------------------------------------------------------------------------

GOOD = f"{TITLE}<guid>1</guid>"
TWO = rss(GOOD, "<title>Hake</title><guid>2</guid>")


def titles(feed: str | bytes) -> list[str]:
    return [each.headline for each in read(feed).publication.articles]


@pytest.mark.parametrize(
    "broken",
    [
        rss("<title>Cod & chips</title><guid>1</guid>"),
        rss("<title>Cod &amp; chips &bogus</title><guid>1</guid>").replace(" &bogus", ""),
        rss("<title>Cod &amp; chips\x08</title><guid>1</guid>"),
        rss("<title>Cod &amp;&#0; chips</title><guid>1</guid>"),
        rss("<title>Cod &amp; chips</title><guid>1</guid><!-- a -- b -->"),
        "Warning: mysql is gone in line 7\n" + rss("<title>Cod &amp; chips</title><guid>1</guid>"),
        "\n\n" + "<?xml version='1.0'?>" + rss("<title>Cod &amp; chips</title><guid>1</guid>"),
        rss("<title>Cod &amp; chips</title><guid>1</guid>") + "<!-- made in 0.2 s --><script>x()</script>",
        '<?xml version="1.0" encoding="x-lantern"?>' + rss("<title>Cod &amp; chips</title><guid>1</guid>"),
        rss("<title>Cod &amp; chips</title><guid>1</guid><nope:x>1</nope:x>"),
        rss("<title>Cod &amp; chips</title><guid>1</guid><description><p>Fish<br>and</description>"),
        rss("<title>Cod &amp; chips</title><guid>1</guid><link>https://e.org/?a=1&b=2</link>"),
    ],
)
def test_the_commonest_damage_is_survived(broken: str) -> None:
    assert titles(broken) == ["Cod & chips"]


def test_what_is_not_well_formed_is_told_with_its_line() -> None:
    reading = read("\n" + rss("<title>Cod & chips</title><guid>1</guid>"))
    (found,) = reading.problems
    assert (found.code, found.severity, found.location.line) == ("feed-not-well-formed", Severity.WARNING, 1)
    assert "an & stands alone" in found.message


def test_a_broken_feed_without_items_is_read_when_all_of_it_can_be_mended() -> None:
    reading = read(rss().replace("Herald", "Fish & Chips"))
    assert (reading.publication.name, reading.publication.articles) == ("Fish & Chips", ())


def test_text_in_front_of_a_feed_is_told() -> None:
    (found,) = read("Warning: mysql\n" + TWO).problems
    assert found.message == "there is text before the feed: 'Warning: mysql'"


def test_a_damaged_item_leaves_the_others_whole() -> None:
    feed = rss(
        "<title>A</title><guid>1</guid>", "<title>B</titel><guid>2</guid><description><b>x</description>", "<title>C</title><guid>3</guid>"
    )
    assert titles(feed)[::2] == ["A", "C"]
    assert codes(feed)[:2] == ["feed-not-well-formed", "feed-item-damaged"]


def test_a_title_that_was_never_closed_does_not_take_the_next_item() -> None:
    feed = rss("<title>A</title><guid>1</guid>", "<title>B<guid>2</guid>", "<title>C</title><guid>3</guid>")
    assert [each.identifier for each in read(feed).publication.articles][::2] == ["1", "3"]


@pytest.mark.parametrize("feed", [TWO, atom(f"{TITLE}<id>1</id>", "<title>Hake</title><id>2</id>"), RDF.replace("Hake", "Hake")])
def test_of_a_feed_that_is_cut_off_the_whole_items_are_kept(feed: str) -> None:
    cut = feed[: feed.index("Hake") + 2]
    assert len(read(cut).publication.articles) == 1
    assert "feed-truncated" in codes(cut)


def test_a_feed_that_lacks_only_its_last_tags_is_whole() -> None:
    cut = TWO.removesuffix("</channel></rss>")
    assert titles(cut) == ["Cod and chips", "Hake"]
    assert "feed-truncated" not in codes(cut)


def test_a_section_that_nobody_closed_does_not_take_the_next_item() -> None:
    feed = rss(
        "<title>A & A</title><guid>1</guid><description><![CDATA[one</description>",
        "<title>B</title><guid>2</guid><description><![CDATA[two]]></description>",
    )
    assert titles(feed) == ["A & A", "B"]


def test_what_is_quoted_in_a_text_is_no_item() -> None:
    quoted = "<title>A & B</title><guid>1</guid><description><![CDATA[Write <item><title>X</title></item>.]]></description>"
    assert titles(rss(quoted)) == ["A & B"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "koi8-r", "shift_jis", "gb18030", "big5", "euc-kr"]
)
def test_every_encoding_is_read(encoding: str) -> None:
    word = {"koi8-r": "Треска", "shift_jis": "タラ", "gb18030": "鳕鱼", "big5": "鱈魚", "euc-kr": "대구"}.get(encoding, "Dorsché")
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    assert titles((declared + rss(f"<title>{word}</title><guid>1</guid>")).encode(encoding)) == [word]
    broken = (declared + rss(f"<title>{word} & co</title><guid>1</guid>")).encode(encoding)
    assert titles(broken) == [f"{word} & co"]


def test_bytes_of_windows_in_utf_8_are_read() -> None:
    assert titles(rss("<title>Dorsché XX</title><guid>1</guid>").encode().replace(b"XX", b"\x93a\x94")) == ["Dorsché “a”"]


def test_a_feed_that_is_not_in_the_encoding_that_it_says_is_read() -> None:
    title = "Le phare s’éteint à l’été, où la mer était déjà calme, là-bas, après la fête"
    body = '<?xml version="1.0" encoding="{}"?>' + rss(f"<title>{title}</title><guid>1</guid>")
    assert titles(body.format("utf-8").encode("cp1252")) == [title]
    assert titles(body.format("us-ascii").encode()) == [title]
    assert titles(body.format("utf-16").encode()) == [title]
    assert titles(b"\xef\xbb\xbf" + body.format("iso-8859-1").encode()) == [title]


def test_a_feed_in_which_nothing_is_whole_is_refused() -> None:
    for body in (
        "<rss><channel><title>x",
        "<rss",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry",
        "<rdf:RDF xmlns='http://purl.org/rss/1.0/'>",
    ):
        with pytest.raises(PublisherError):
            read(body)


def test_a_json_feed_that_is_cut_off_keeps_its_whole_items() -> None:
    whole = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "items": [{"id": "1", "title": "A"}, {"id": "2"}]}
    )
    reading = read(whole[:-8], "feed.json")
    assert ([each.headline for each in reading.publication.articles], reading.publication.name) == (["A"], "Herald")
    assert [each.code for each in reading.problems] == ["feed-truncated"]


def test_a_json_feed_in_the_words_of_others() -> None:
    members = {
        "version": "https://jsonfeed.org/version/1",
        "title": "Herald",
        "home_page_url": "https://e.org/",
        "items": [
            {
                "id": 7,
                "url": "/7",
                "image": "/7.jpg",
                "author": "Ann Lee",
                "tags": "cod, chips",
                "date_published": "1 January 2004",
                "mood": 1,
            }
        ],
    }
    reading = read(json.dumps(members), "feed.json")
    (found,) = reading.publication.articles
    assert (found.identifier, found.url, found.image[0].content_url) == ("7", "https://e.org/7", "https://e.org/7.jpg")
    assert (found.author, found.keywords, found.date_published) == ((Person(name="Ann Lee"),), ("cod", "chips"), date(2004, 1, 1))
    assert [each.code for each in reading.problems] == ["feed-left-out"]


def test_items_of_a_json_feed_without_id_are_kept_unless_they_say_nothing() -> None:
    items = [{"title": "A"}, {"content_text": "B"}, {"tags": ["C"]}, {"url": "https://e.org/d", "title": "D"}]
    reading = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "items": items}), "feed.json")
    assert [each.headline for each in reading.publication.articles] == ["A", "B", "D"]
    assert [(each.code, each.location.pointer) for each in reading.problems] == [("jsonfeed-no-id", "items[2]"), ("feed-item-unnamed", "")]


@pytest.mark.parametrize(("authors", "told"), [(50, []), (51, ["feed-authors-left-out"])])
def test_of_very_many_authors_of_a_feed_the_first_count_and_that_is_told(authors: int, told: list[str]) -> None:
    named = "".join(f"<author><name>Writer {each}</name></author>" for each in range(authors))
    entry = "<entry><id>urn:x:a</id><title>A</title><updated>2026-01-02T00:00:00Z</updated><summary>It sailed.</summary></entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>T</title><updated>2026-01-02T00:00:00Z</updated>{named}{entry}</feed>'
    reading = formats.get("atom").read(feed.encode())
    assert len(reading.publication.articles[0].author) == 50
    assert [each.code for each in reading.problems if "authors" in each.code] == told


@pytest.mark.parametrize("text", ["@" * 100_000, "a@b " * 50_000, "(" * 100_000, "<b>" * 50_000, " 1" * 100_000, "&#1" * 50_000])
def test_long_values_are_read_as_fast_as_they_are_long(text: str) -> None:
    before = time.process_time()
    values.people(text), values.moment(text), values.title(text), values.duration(text)
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "piece",
    [
        "<item>",
        "<![CDATA[",
        "<!--",
        "<title>",
        "</item>",
        "&#1;",
        "<a:b ",
        "<item><title>",
        "<!DOCTYPE",
        "<item><description><p>",
        "<title 'x",
    ],
)
def test_rescuing_takes_time_in_proportion(piece: str) -> None:
    start = '<rss version="2.0"><channel><title>A & B</title><item><guid>1</guid></item>'

    def seconds(count: int) -> float:
        body = (start + piece * count + "]]>").encode()
        before = time.process_time()
        with suppress(Unreadable):
            rescue.tree(body)
        return time.process_time() - before

    seconds(10)
    assert seconds(20_000) < 10 * seconds(4_000) + 0.3


EVERYTHING = rss(
    f"{TITLE}<link>/1</link><guid>1</guid><author>ann@e.org (Ann Lee)</author><pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate>"
    '<enclosure url="a.mp3" length="7"/><media:group><media:content url="b.jpg" medium="image" width="8"/><media:thumbnail url="c.jpg"/>'
    "<media:title>B</media:title></media:group><media:credit>Bo</media:credit><itunes:duration>1:02</itunes:duration>"
    "<georss:where><gml:Point><gml:pos>1 2</gml:pos></gml:Point></georss:where><dc:subject>x</dc:subject><slash:comments>1</slash:comments>"
    '<podcast:person img="d.jpg">Cy</podcast:person><dc:rights>r</dc:rights><description>&lt;p&gt;x&lt;/p&gt;</description>',
    f"{TITLE}<thr:in-reply-to href='/0'/><geo:lat>1</geo:lat><geo:long>2</geo:long><content:encoded><![CDATA[<b>x]]></content:encoded>",
    more="<itunes:author>Ann</itunes:author><itunes:image href='x.jpg'/><managingEditor>ed@e.org (Ed)</managingEditor>",
)


@pytest.mark.parametrize("feed", [RDF, ATOM_0_3, EVERYTHING, atom(f"{TITLE}<id>1</id><author>Bo</author><updated>soon</updated>")])
@given(data=st.data())
@EXAMPLES
def test_a_damaged_feed_of_others_is_read_or_refused(feed: str, data: st.DataObject) -> None:
    hold(data.draw(damaged(feed.encode())), "rss", "atom", "rdf")


# -- beside feedparser ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("feed", [RDF, ATOM_0_3, TWO, atom(f'{TITLE}<id>1</id><link href="https://e.org/1"/>')])
def test_feedparser_reads_the_same(feed: str) -> None:
    other = feedparser.parse(feed.encode())
    found = read(feed).publication
    assert titles(feed) == [each.title for each in other.entries]
    assert [each.identifier for each in found.articles] == [each.id for each in other.entries]
    linked = [each for each in other.entries if each.get("link", "").startswith("http")]  # else it is the id again
    assert [each.url for each in found.articles if each.url] == [each.link for each in linked]


def test_a_relative_address_is_taken_once_for_the_base_of_what_is_in_the_text() -> None:
    text = "<description>&lt;img src=&quot;i.png&quot;&gt;</description>"
    channel = f"<channel><title>X</title><link>http://x.example/</link><item><link>a/b.html</link>{text}</item></channel>"
    found = article(f'<rss version="2.0">{channel}</rss>')
    assert (found.url, "http://x.example/a/i.png" in found.body) == ("http://x.example/a/b.html", True)
