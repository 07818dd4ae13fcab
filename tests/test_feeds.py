"""RSS, Atom and JSON Feed: how an article looks in them, what other people's feeds give."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from publisher import feeds, formats, markup
from publisher.article import Article, Image, Media, Organization, Person, Publication
from publisher.formats import Target, Writer
from publisher.problems import PublisherError, Severity
from publisher.text import line

rss, atom, jsonfeed = (formats.writer(name) for name in ("rss", "atom", "jsonfeed"))
SPACES = {
    "a": "http://www.w3.org/2005/Atom",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "schema": "https://schema.org/",
}
HARBOUR = Image(
    content_url="https://lantern.example/media/harbour.jpg",
    encoding_format="image/jpeg",
    content_size=5120,
    width=1600,
    height=900,
    caption="Ellery Quay at dusk",
    description="Boats behind a wall",
    credit_text="Drawing: The Lantern",
)
SOUND = Media(
    content_url="https://lantern.example/media/horn.mp3",
    type="AudioObject",
    encoding_format="audio/mpeg",
    content_size=2048,
    duration=18,
)
LAMP = Article(
    identifier="tag:lantern.example,2026:lamp",
    headline="Fish & chips <on> the quay",
    url="https://lantern.example/articles/lamp.html",
    description="Salt & vinegar",
    body="<p>At 18:49 on <em>Saturday</em> …</p>",
    article_section="Harbour",
    keywords=("lighthouses", "volunteers"),
    in_language="en-GB",
    date_published=datetime(2026, 10, 4, 18, 49, tzinfo=timezone(timedelta(hours=1))),
    date_modified=datetime(2026, 10, 5, 8, 0, tzinfo=UTC),
    author=(Person(name="Ines Calloway", url="https://lantern.example/ines"), Person(name="Jonas Feldkamp")),
    publisher=Organization(name="The Lantern Press"),
    dateline="TARN SKERRY",
    image=(HARBOUR,),
)

DESK = "mailto:desk@lantern.example"
UNFETCHABLE = Article(identifier="urn:x:1", headline="H", image=(Image(content_url=DESK),), associated_media=(Media(content_url=DESK),))


def lantern(*articles: Article) -> Publication:
    return Publication(identifier="https://lantern.example/", name="The Lantern", url="https://lantern.example/", articles=articles)


def written(module: Writer, *articles: Article, target: Target = Target()) -> Any:
    """The one item, or entry, that a format makes of an article: an element or a JSON object."""
    body = module.write(lantern(*articles), target)
    if module.NAME == "jsonfeed":
        return json.loads(body)["items"][0]
    return etree.fromstring(body).find(".//item" if module.NAME == "rss" else "a:entry", SPACES)


def texts(element: Any, path: str) -> list[str | None]:
    return [each.text for each in element.findall(path, SPACES)]


def attributes(element: Any, path: str) -> list[dict[str, str]]:
    return [dict(each.attrib) for each in element.findall(path, SPACES)]


def first(module: Writer, body: str | bytes) -> Article:
    """The first article that a format reads."""
    return module.read(body if isinstance(body, bytes) else body.encode()).publication.articles[0]


def back(module: Writer, *articles: Article) -> tuple[Article, ...]:
    return module.read(module.write(lantern(*articles))).publication.articles


# -- how an article looks -------------------------------------------------------------------------------------------------


def test_rss_has_the_headline_as_text() -> None:
    assert texts(written(rss, LAMP), "title") == ["Fish & chips <on> the quay"]


def test_rss_has_the_summary_as_html_and_the_text_apart() -> None:
    item = written(rss, LAMP)
    assert texts(item, "description") == ["Salt &amp; vinegar"]
    assert texts(item, "content:encoded") == ["<p>At 18:49 on <em>Saturday</em> …</p>"]


def test_rss_has_all_authors_in_one_byline() -> None:
    assert texts(written(rss, LAMP), "dc:creator") == ["Ines Calloway, Jonas Feldkamp"]


def test_rss_has_the_section_as_a_category_of_a_domain() -> None:
    item = written(rss, LAMP)
    assert texts(item, "category") == ["Harbour", "lighthouses", "volunteers"]
    assert attributes(item, "category") == [{"domain": "https://schema.org/articleSection"}, {}, {}]


def test_rss_has_the_identifier_as_guid() -> None:
    assert attributes(written(rss, LAMP), "guid") == [{"isPermaLink": "false"}]
    assert texts(written(rss, LAMP), "guid") == ["tag:lantern.example,2026:lamp"]


def test_rss_has_both_dates() -> None:
    item = written(rss, LAMP)
    assert texts(item, "pubDate") == ["Sun, 04 Oct 2026 18:49:00 +0100"]
    assert texts(item, "dcterms:modified") == ["2026-10-05T08:00:00+00:00"]


def test_rss_has_the_picture_as_enclosure_when_there_is_no_recording() -> None:
    picture = {"url": "https://lantern.example/media/harbour.jpg", "length": "5120", "type": "image/jpeg"}
    sound = {"url": "https://lantern.example/media/horn.mp3", "length": "2048", "type": "audio/mpeg"}
    assert attributes(written(rss, LAMP), "enclosure") == [picture]
    assert attributes(written(rss, replace(LAMP, associated_media=(SOUND,))), "enclosure") == [sound]


def test_the_picture_is_described_inside_its_media_element() -> None:
    for module in (rss, atom):
        (content,) = written(module, LAMP).findall("media:content", SPACES)
        assert (content.get("width"), content.get("height"), content.get("fileSize")) == ("1600", "900", "5120")
        assert texts(content, "media:title") == ["Boats behind a wall"]
        assert texts(content, "media:description") == ["Ellery Quay at dusk"]
        assert texts(content, "media:credit") == ["Drawing: The Lantern"]


def test_atom_has_headline_summary_and_text_each_in_its_kind() -> None:
    entry = written(atom, LAMP)
    assert texts(entry, "a:title") == ["Fish & chips <on> the quay"]
    assert texts(entry, "a:summary") == ["Salt & vinegar"]
    assert attributes(entry, "a:content") == [{"type": "html"}]


def test_atom_has_each_author_with_an_address() -> None:
    entry = written(atom, LAMP)
    assert texts(entry, "a:author/a:name") == ["Ines Calloway", "Jonas Feldkamp"]
    assert texts(entry, "a:author/a:uri") == ["https://lantern.example/ines", "https://lantern.example/"]


def test_atom_has_an_enclosure_for_each_recording_and_picture() -> None:
    links = attributes(written(atom, replace(LAMP, associated_media=(SOUND,))), "a:link[@rel='enclosure']")
    assert [(each["href"], each["type"], each["length"]) for each in links] == [
        ("https://lantern.example/media/horn.mp3", "audio/mpeg", "2048"),
        ("https://lantern.example/media/harbour.jpg", "image/jpeg", "5120"),
    ]


def test_atom_has_one_alternate_in_the_language_of_the_article() -> None:
    link = {"rel": "alternate", "type": "text/html", "href": "https://lantern.example/articles/lamp.html", "hreflang": "en-GB"}
    assert attributes(written(atom, LAMP), "a:link[@rel='alternate']") == [link]


def test_atom_has_a_day_as_its_first_moment() -> None:
    entry = written(atom, replace(LAMP, date_published=date(2026, 10, 4), date_modified=None))
    assert texts(entry, "a:published") == texts(entry, "a:updated") == ["2026-10-04T00:00:00+00:00"]


def test_json_feed_has_plain_members() -> None:
    item = written(jsonfeed, LAMP)
    assert item["title"] == "Fish & chips <on> the quay"
    assert item["summary"] == "Salt & vinegar"
    assert item["authors"] == [{"name": "Ines Calloway", "url": "https://lantern.example/ines"}, {"name": "Jonas Feldkamp"}]
    assert item["tags"] == ["Harbour", "lighthouses", "volunteers"]
    assert item["date_published"] == "2026-10-04T18:49:00+01:00"
    assert item["image"] == "https://lantern.example/media/harbour.jpg"


def test_json_feed_has_recordings_as_attachments() -> None:
    item = written(jsonfeed, replace(LAMP, associated_media=(SOUND,)))
    wanted = {"url": SOUND.content_url, "mime_type": "audio/mpeg", "size_in_bytes": 2048, "duration_in_seconds": 18}
    assert item["attachments"][0] == wanted


def test_readers_that_keep_one_file_find_the_recording_then_the_picture_then_other_files() -> None:
    """sfeed and Atom's readers take the first enclosure, newsboat the last of Media RSS."""
    numbers = Media(content_url="https://lantern.example/media/readings.csv", encoding_format="text/csv")
    several = replace(LAMP, associated_media=(numbers, SOUND))
    wanted = [SOUND.content_url, HARBOUR.content_url, numbers.content_url]
    assert [each["href"] for each in attributes(written(atom, several), "a:link") if each["rel"] == "enclosure"] == wanted
    assert [each["url"] for each in attributes(written(rss, several), "enclosure")] == wanted[:1]
    for module in (rss, atom):
        assert [each["url"] for each in attributes(written(module, several), "media:content")] == wanted[::-1]


@pytest.mark.parametrize("name", ["rss", "atom", "jsonfeed"])
def test_a_caption_is_on_a_line_of_its_own_where_captions_are_unknown(name: str) -> None:
    """newsboat ran it into the description of the picture, and into the first row of the table."""
    figure = '<figure><img alt="A lamp" src="https://lantern.example/lamp.jpg"/><figcaption>The lamp</figcaption></figure>'
    table = "<table><caption>Lamps</caption><tbody><tr><td>1868</td></tr></tbody></table>"
    body = formats.writer(name).write(lantern(replace(LAMP, body=figure + table)))
    spelled = unescape(body.decode()).replace('\\"', '"')
    assert 'src="https://lantern.example/lamp.jpg"><br><figcaption>The lamp</figcaption>' in spelled
    assert "<caption>Lamps<br></caption>" in spelled
    assert formats.writer(name).read(body).publication.articles[0].body == figure + table


@pytest.mark.parametrize("authors", [(), LAMP.author])
def test_the_publisher_is_author_of_a_json_feed_only_when_an_article_has_none(authors: tuple[Person, ...]) -> None:
    """miniflux takes it for an author of every article."""
    publication = replace(
        lantern(LAMP, replace(LAMP, identifier="urn:x:2", author=authors)), publisher=Organization(name="The Lantern Press")
    )
    assert ("authors" in json.loads(jsonfeed.write(publication))) is not bool(authors)
    assert jsonfeed.read(jsonfeed.write(publication)).publication.publisher == publication.publisher


def test_json_feed_has_pictures_as_attachments_too() -> None:
    """miniflux and lemon24's reader take them from there only."""
    (attached,) = written(jsonfeed, LAMP)["attachments"]
    assert attached == {"url": "https://lantern.example/media/harbour.jpg", "mime_type": "image/jpeg", "size_in_bytes": 5120}


def test_what_has_no_element_is_json_ld_in_one_element_without_attributes() -> None:
    for module in (rss, atom):
        (element,) = written(module, LAMP).findall("schema:NewsArticle", SPACES)
        assert json.loads(element.text)["dateline"] == "TARN SKERRY"
        assert not element.attrib
    assert written(jsonfeed, LAMP)["_schema"]["dateline"] == "TARN SKERRY"


def test_the_lossless_element_holds_nothing_that_an_element_says() -> None:
    for module in (rss, atom):
        rest = json.loads(written(module, LAMP).findtext("schema:NewsArticle", namespaces=SPACES))
        assert not {"headline", "description", "url", "articleSection", "keywords", "inLanguage", "articleBody"} & set(rest)


def test_a_feed_says_its_own_address_and_its_hub() -> None:
    target = Target(url="https://lantern.example/feed", hub="https://hub.example/")
    for module in (rss, atom):
        links = etree.fromstring(module.write(lantern(LAMP), target)).iter("{http://www.w3.org/2005/Atom}link")
        found = {each.get("rel"): each.get("href") for each in links}
        assert (found["self"], found["hub"]) == ("https://lantern.example/feed", "https://hub.example/")
    document = json.loads(jsonfeed.write(lantern(LAMP), target))
    assert document["feed_url"] == "https://lantern.example/feed"
    assert document["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


# -- what native elements may say -----------------------------------------------------------------------------------------


def test_years_have_four_digits_in_rss() -> None:
    item = written(rss, replace(LAMP, date_published=date(999, 2, 3)))
    assert texts(item, "pubDate") == ["Sun, 03 Feb 0999 00:00:00 +0000"]


def test_an_early_year_is_not_taken_for_one_of_our_time() -> None:
    body = rss_item("<pubDate>Mon, 01 Jan 0099 00:00:00 +0000</pubDate><guid>https://e.org/1</guid>")
    assert first(rss, body).date_published is None


def test_a_year_of_two_digits_is_one_of_our_time() -> None:
    body = rss_item("<pubDate>Wed, 24 Oct 18 08:00:00 GMT</pubDate><guid>https://e.org/1</guid>")
    assert first(rss, body).date_published == datetime(2018, 10, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize("module", [rss, atom])
def test_media_elements_leave_out_sizes_of_nothing(module: Writer) -> None:
    nothing = replace(LAMP, image=(replace(HARBOUR, content_size=0, width=0, height=0),))
    (content,) = attributes(written(module, nothing), "media:content")
    assert not {"fileSize", "width", "height"} & set(content)
    assert back(module, nothing) == (nothing,)


@pytest.mark.parametrize("module", [rss, atom])
@pytest.mark.parametrize("text", ["a <b>bold</b> claim", "AT&amp;T as written", "x < y"])
def test_a_caption_that_looks_like_html_is_written_as_html(module: Writer, text: str) -> None:
    (content,) = written(module, replace(LAMP, image=(replace(HARBOUR, caption=text),))).findall("media:content", SPACES)
    assert attributes(content, "media:description") == [{"type": "html"}]
    assert back(module, replace(LAMP, image=(replace(HARBOUR, caption=text),)))[0].image[0].caption == text


def test_a_caption_that_does_not_look_like_html_is_plain() -> None:
    (content,) = written(rss, replace(LAMP, image=(replace(HARBOUR, caption="Fish & chips"),))).findall("media:content", SPACES)
    assert attributes(content, "media:description") == [{"type": "plain"}]


@pytest.mark.parametrize("module", [rss, atom])
def test_feedparser_shows_a_caption_exactly(module: Writer) -> None:
    caption = "AT&T <b>bold</b> &amp; x"
    plain = Article(identifier="urn:x:1", headline="H", image=(replace(HARBOUR, caption=caption),))
    (entry,) = feedparser.parse(module.write(lantern(plain))).entries
    shown = etree.fromstring(f"<p>{entry.summary}</p>")  # the caption, since there is neither summary nor text
    assert entry.summary_detail.type == "text/html"
    assert "".join(map(str, shown.itertext())) == caption


@pytest.mark.parametrize("module", [rss, atom])
def test_only_web_addresses_are_media_elements(module: Writer) -> None:
    item = written(module, UNFETCHABLE)
    assert not item.findall("media:content", SPACES)
    assert not item.findall("enclosure") + item.findall("a:link[@rel='enclosure']", SPACES)
    assert back(module, UNFETCHABLE) == (UNFETCHABLE,)


def test_only_web_addresses_are_attachments() -> None:
    assert not {"image", "attachments"} & set(written(jsonfeed, UNFETCHABLE))
    assert back(jsonfeed, UNFETCHABLE) == (UNFETCHABLE,)


def test_an_article_with_only_a_summary_shows_it_and_has_no_text() -> None:
    article = Article(identifier="urn:x:1", headline="H", description="A lighthouse & more")
    item = written(rss, article)
    assert texts(item, "description") == ["A lighthouse &amp; more"]
    assert not item.findall("content:encoded", SPACES)
    assert back(rss, article) == (article,)


# -- RSS by others --------------------------------------------------------------------------------------------------------


def rss_item(inside: str, *, version: str = "2.0", spaces: str = "", channel: str = "") -> str:
    return (
        f'<rss version="{version}"{spaces}><channel><title>Herald</title><link>https://herald.example/</link>'
        f"<description>News</description>{channel}<item>{inside}</item></channel></rss>"
    )


def test_a_description_alone_is_the_text() -> None:
    article = first(rss, rss_item("<title>Fish</title><description>&lt;p&gt;Cod &lt;b&gt;and&lt;/b&gt; chips&lt;/p&gt;</description>"))
    assert article.body == "<p>Cod <b>and</b> chips</p>"
    assert article.description is None


def test_a_description_without_tags_is_a_paragraph() -> None:
    assert first(rss, rss_item("<description>Cod &amp;amp; chips</description>")).body == "<p>Cod &amp; chips</p>"


def test_a_description_beside_a_text_is_the_summary() -> None:
    spaces = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    inside = "<description>Cod</description><content:encoded>&lt;p&gt;Cod and chips&lt;/p&gt;</content:encoded>"
    article = first(rss, rss_item(inside, spaces=spaces))
    assert (article.description, article.body) == ("Cod", "<p>Cod and chips</p>")


def test_an_empty_text_beside_a_description_says_nothing() -> None:
    spaces = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    article = first(rss, rss_item("<description>Cod</description><content:encoded><![CDATA[ ]]></content:encoded>", spaces=spaces))
    assert (article.description, article.body) == (None, "<p>Cod</p>")


def test_markup_that_nobody_escaped_is_markup() -> None:
    article = first(rss, rss_item("<title>Cod <i>and</i> chips</title><description><p>Cod <b>and</b> chips</p></description>"))
    assert (article.headline, article.body) == ("Cod and chips", "<p>Cod <b>and</b> chips</p>")


def test_items_without_guid_and_link_are_articles_of_their_own() -> None:
    items = "<description>Cod</description></item><item><description>Hake</description>"
    one, other = rss.read(rss_item(items).encode()).publication.articles
    assert one.identifier != other.identifier


def test_an_item_without_guid_and_link_is_always_the_same_article() -> None:
    one = first(rss, rss_item('<description>Cod</description><category domain="a">x</category>'))
    later = "<guid>https://e.org/new</guid></item>\n<item>\n <description> Cod </description>\n <category domain='a'>x</category>\n"
    _, again = rss.read(rss_item(later).encode()).publication.articles
    assert one.identifier == again.identifier
    assert one.identifier.startswith("urn:uuid:")


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0"])
def test_every_version_of_rss_is_read(version: str) -> None:
    inside = "<title>Cod</title><link>https://herald.example/cod</link><description>Cod and chips</description>"
    assert formats.detect(rss_item(inside, version=version).encode()).NAME == "rss"
    article = first(rss, rss_item(inside, version=version))
    assert (article.headline, article.url, article.body) == ("Cod", "https://herald.example/cod", "<p>Cod and chips</p>")


def test_the_characters_that_rss_091_names_are_read() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    assert first(rss, doctype + rss_item("<title>Caf&eacute; au lait</title>", version="0.91")).headline == "Café au lait"


def test_names_of_characters_are_read_without_a_dtd() -> None:
    assert first(rss, rss_item("<title>Cod&nbsp;&amp;&nbsp;chips</title>")).headline == "Cod\xa0&\xa0chips"


def test_rss_in_a_namespace_is_read() -> None:
    body = rss_item("<title>Cod</title>", spaces=' xmlns="http://backend.userland.com/rss2"')
    assert first(rss, body).headline == "Cod"


def test_prefixes_that_nobody_declared_mean_what_they_usually_do() -> None:
    inside = "<dc:creator>Ann Lee</dc:creator><content:encoded>&lt;p&gt;Cod&lt;/p&gt;</content:encoded><x:y z:a='1'/>"
    article = first(rss, rss_item(inside))
    assert (article.author, article.body) == ((Person(name="Ann Lee"),), "<p>Cod</p>")


def test_check_does_not_forgive_prefixes_that_nobody_declared() -> None:
    assert [each.code for each in rss.check(rss_item("<dc:creator>Ann Lee</dc:creator>").encode())] == ["xml-malformed"]


def test_an_enclosure_is_a_recording_or_a_picture() -> None:
    sound = first(rss, rss_item('<enclosure url="https://e.org/a.mp3" length="7" type="audio/mpeg"/>'))
    picture = first(rss, rss_item('<enclosure url="https://e.org/a.png" length="7" type="image/png"/>'))
    assert sound.associated_media == (
        Media(content_url="https://e.org/a.mp3", type="AudioObject", encoding_format="audio/mpeg", content_size=7),
    )
    assert picture.image == (Image(content_url="https://e.org/a.png", encoding_format="image/png", content_size=7),)


def test_references_in_rss_are_relative_to_xml_base() -> None:
    body = rss_item('<link>cod</link><description>&lt;a href="map"&gt;Map&lt;/a&gt;</description>', spaces=' xml:base="https://e.org/a/"')
    article = first(rss, body)
    assert (article.url, article.body) == ("https://e.org/a/cod", '<p><a href="https://e.org/a/map">Map</a></p>')


ENCODED = {
    "a byte order mark": b"\xef\xbb\xbf" + rss_item("<title>Caf\u00e9 \u2019s</title>").encode(),
    "UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>' + rss_item("<title>Caf\u00e9 \u2019s</title>")).encode("utf-16"),
    "windows-1252": ('<?xml version="1.0" encoding="windows-1252"?>' + rss_item("<title>Caf\u00e9 \u2019s</title>")).encode("cp1252"),
    "space in front": ('\n <?xml version="1.0"?>' + rss_item("<title>Caf\u00e9 \u2019s</title>")).encode(),
}


@pytest.mark.parametrize("name", ENCODED)
def test_a_feed_is_recognized_and_read_in_any_encoding(name: str) -> None:
    assert formats.detect(ENCODED[name]).NAME == "rss"
    assert first(rss, ENCODED[name]).headline == "Café ’s"


# -- Atom by others -------------------------------------------------------------------------------------------------------


def atom_entry(inside: str, *, feed: str = "", head: str = "") -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"{feed}><id>urn:x:feed</id><title>Herald</title>{head}'
        f"<entry><id>urn:x:1</id><title>Cod</title>{inside}</entry></feed>"
    )


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<content>Cod &amp; &lt;b&gt;</content>", "<p>Cod &amp; &lt;b&gt;</p>"),
        ('<content type="html">Cod &lt;b&gt;and&lt;/b&gt; chips</content>', "<p>Cod <b>and</b> chips</p>"),
        ('<content type="text/html">&lt;b&gt;Cod&lt;/b&gt;</content>', "<p><b>Cod</b></p>"),
        ('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Cod</p></div></content>', "<p>Cod</p>"),
    ],
)
def test_each_kind_of_content_is_read(content: str, body: str) -> None:
    assert first(atom, atom_entry(content)).body == body


def test_references_are_relative_to_the_xml_base_around_them() -> None:
    inside = '<link href="cod"/><content type="html" xml:base="pictures/">&lt;img src="cod.jpg" alt="Cod"&gt;</content>'
    article = first(atom, atom_entry(inside, feed=' xml:base="https://e.org/a/"'))
    assert article.url == "https://e.org/a/cod"
    assert 'src="https://e.org/a/pictures/cod.jpg"' in article.body


def test_references_inside_xhtml_are_relative_to_the_nearest_xml_base() -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml" xml:base="b/"><p><a href="x">x</a></p><p xml:base="/c/"><a href="y">y</a></p></div>'
    article = first(atom, atom_entry(f'<content type="xhtml" xml:base="https://e.org/a/">{div}</content>'))
    assert article.body == '<p><a href="https://e.org/a/b/x">x</a></p><p><a href="https://e.org/c/y">y</a></p>'


def test_references_without_xml_base_are_relative_to_the_feed() -> None:
    article = first(atom, atom_entry('<link href="/cod"/>', head='<link rel="self" href="https://e.org/feed.atom"/>'))
    assert article.url == "https://e.org/cod"


def test_an_xml_base_that_is_no_address_changes_nothing() -> None:
    assert first(atom, atom_entry('<link href="https://e.org/cod" xml:base="http://[::"/>')).url == "https://e.org/cod"


def test_nested_bases_are_put_together_once_for_all_references_in_them() -> None:
    entry = '<entry xml:base="b/"><content xml:base="c/"/></entry>'
    root = feeds.parse_foreign(f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.org/a/">{entry}</feed>'.encode())
    bases = [each.get("{http://www.w3.org/XML/1998/namespace}base") for each in root.iter()]
    assert bases == ["https://e.org/a/", "https://e.org/a/b/", "https://e.org/a/b/c/"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_bases_are_found_in_each_encoding(encoding: str) -> None:
    feed = '<rss xml:base="https://e.org/a/"><channel xml:base="b/"/></rss>'
    root = feeds.parse_foreign(f'<?xml version="1.0" encoding="{encoding}"?>{feed}'.encode(encoding))
    assert [each.get("{http://www.w3.org/XML/1998/namespace}base") for each in root.iter()] == ["https://e.org/a/", "https://e.org/a/b/"]


def test_bases_do_not_grow_without_end() -> None:
    def size(depth: int) -> int:
        nested = f'<a xml:base="{"b" * 50}/">' * depth + "</a>" * depth
        return len(etree.tostring(feeds.parse_foreign(f'<rss xml:base="https://e.org/">{nested}</rss>'.encode())))

    assert size(200) - size(150) < 1.2 * (size(150) - size(100))  # so much more for each element, and no more for the deeper ones


@pytest.mark.parametrize("name", ["xml:base", "%xml&#58;base"])
def test_a_base_that_a_document_type_gives_is_not_longer(name: str) -> None:
    def address(base: str) -> str | None:
        given = f"<!ATTLIST channel {name.removeprefix('%')} CDATA '{base}'>"
        said = f'<!ENTITY % p "{given}">%p;' if name.startswith("%") else given
        item = "<item><link>cod</link><title>Cod</title></item>"
        return first(rss, f'<!DOCTYPE rss [{said}]><rss version="2.0"><channel>{item}</channel></rss>'.encode()).url

    assert address("https://e.org/a/") == "https://e.org/a/cod"
    assert len(address(f"https://e.org/{'a' * 2000}/") or "") < 1100


def test_a_text_that_is_elsewhere_is_a_link_and_a_problem() -> None:
    reading = atom.read(atom_entry('<content type="text/html" src="https://e.org/cod?a=1&amp;b=2"/>').encode())
    (article,) = reading.publication.articles
    assert article.body == '<p><a href="https://e.org/cod?a=1&amp;b=2">https://e.org/cod?a=1&amp;b=2</a></p>'
    assert [(each.code, each.severity) for each in reading.problems] == [("atom-content-elsewhere", Severity.WARNING)]


def test_a_recording_that_is_the_content_is_kept() -> None:
    reading = atom.read(atom_entry('<content type="audio/mpeg" src="https://e.org/cod.mp3"/>').encode())
    (article,) = reading.publication.articles
    assert article.associated_media == (Media(content_url="https://e.org/cod.mp3", type="AudioObject", encoding_format="audio/mpeg"),)
    assert [each.code for each in reading.problems] == ["atom-content-elsewhere"]


def test_a_content_that_is_no_text_is_a_problem_and_not_the_text() -> None:
    reading = atom.read(atom_entry('<content type="image/png">iVBORw0KGgo=</content>').encode())
    assert reading.publication.articles[0].body == ""
    assert [each.message for each in reading.problems] == ["the content of the entry is 'image/png', no text"]


def test_an_enclosure_of_an_entry_is_read() -> None:
    article = first(atom, atom_entry('<link rel="enclosure" type="video/mp4" href="https://e.org/cod.mp4"/>'))
    assert article.associated_media == (Media(content_url="https://e.org/cod.mp4", type="VideoObject", encoding_format="video/mp4"),)


def test_entries_without_id_and_link_are_articles_of_their_own() -> None:
    entries = "<title>Cod</title></entry><entry><title>Hake</title>"
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title><entry>{entries}</entry></feed>'
    one, other = atom.read(body.encode()).publication.articles
    assert one.identifier != other.identifier


def test_atom_with_a_prefix_is_recognized_and_read() -> None:
    body = b'<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:entry><atom:title>Cod</atom:title></atom:entry></atom:feed>'
    assert formats.detect(body).NAME == "atom"
    assert first(atom, body).headline == "Cod"


def test_an_entry_alone_is_read_with_the_feed_it_comes_from() -> None:
    source = "<source><id>urn:x:feed</id><title>Herald</title></source>"
    body = f'<entry xmlns="http://www.w3.org/2005/Atom"><id>urn:x:1</id><title>Cod</title>{source}</entry>'.encode()
    publication = atom.read(body).publication
    assert formats.detect(body).NAME == "atom"
    assert (publication.name, publication.articles[0].headline) == ("Herald", "Cod")


def test_an_entry_may_be_there_once_for_each_change() -> None:
    twice = (
        "<updated>2026-01-01T00:00:00Z</updated></entry><entry><id>urn:x:1</id><title>Cod</title><updated>2026-01-02T00:00:00Z</updated>"
    )
    assert "atom-id-repeated" not in {each.code for each in atom.check(atom_entry(twice).encode())}


# -- JSON Feed by others --------------------------------------------------------------------------------------------------


def json_feed(item: dict[str, Any], version: str = "https://jsonfeed.org/version/1.1") -> bytes:
    return json.dumps({"version": version, "title": "Herald", "items": [item]}).encode()


def test_json_feed_1_0_has_one_author() -> None:
    body = json_feed({"id": "1", "content_text": "Cod\n\nand chips", "author": {"name": "Ann Lee"}}, "https://jsonfeed.org/version/1")
    article = first(jsonfeed, body)
    assert formats.detect(body).NAME == "jsonfeed"
    assert (article.author, article.body) == ((Person(name="Ann Lee"),), "<p>Cod</p><p>and chips</p>")


def test_json_feed_1_1_has_authors() -> None:
    article = first(jsonfeed, json_feed({"id": "1", "content_html": "Cod", "authors": [{"name": "Ann Lee"}, {"name": "Bo"}]}))
    assert article.author == (Person(name="Ann Lee"), Person(name="Bo"))


@pytest.mark.parametrize(("given", "identifier"), [(17, "17"), (0, "0"), (1.5, "1.5")])
def test_an_id_may_be_a_number(given: float, identifier: str) -> None:
    assert first(jsonfeed, json_feed({"id": given, "content_html": "Cod"})).identifier == identifier


def test_a_json_feed_with_a_byte_order_mark_is_recognized_and_read() -> None:
    body = b"\xef\xbb\xbf" + json_feed({"id": "1", "content_html": "Cod"})
    assert formats.detect(body).NAME == "jsonfeed"
    assert first(jsonfeed, body).identifier == "1"


# -- hostile feeds --------------------------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10))
BOMBS = {
    "billion laughs": f'<!DOCTYPE rss [<!ENTITY a0 "{"A" * 100}">{LAUGHS}]>' + rss_item("<title>&a9;</title>"),
    "laughs in an attribute": f'<!DOCTYPE rss [<!ENTITY a0 "{"A" * 100}">{LAUGHS}]>' + rss_item('<guid isPermaLink="&a9;">x</guid>'),
    "quadratic blow-up": f'<!DOCTYPE rss [<!ENTITY a "{"A" * 100_000}">]>' + rss_item(f"<title>{'&a;' * 10_000}</title>"),
    "an entity in itself": '<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]>' + rss_item('<guid isPermaLink="&a;">x</guid>'),
    "a text of 11 MB": rss_item(f"<title>{'A' * 11_000_000}</title>"),
    "a CDATA section of 11 MB": rss_item(f"<title><![CDATA[{'A' * 11_000_000}]]></title>"),
    "a text of 11 MB where entities may be": "<!DOCTYPE rss>" + rss_item(f"<title>{'A' * 11_000_000}</title>"),
    "elements nested deep": rss_item("<a>" * 5000 + "</a>" * 5000),
    "nothing": "",
    "prefixes without end": "<rss>" + "".join(f"<p{number}:x/>" for number in range(1000)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_a_problem(name: str) -> None:
    for module in (rss, atom):
        with pytest.raises(PublisherError):
            module.read(BOMBS[name].encode())
        assert [each.severity for each in module.check(BOMBS[name].encode())][:1] == [Severity.ERROR]


@pytest.mark.parametrize("name", [name for name in BOMBS if "11 MB" in name])
def test_the_limit_of_a_text_is_said(name: str) -> None:
    with pytest.raises(PublisherError, match="longer than 10 MB"):
        rss.read(BOMBS[name].encode())


def test_nothing_outside_a_feed_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    doctype = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    article = first(rss, doctype + rss_item("<title>Cod &a; chips</title><description>&a;</description>"))
    assert (article.headline, article.body) == ("Cod chips", "")


def test_an_entity_that_a_feed_declares_for_itself_is_left_out() -> None:
    assert first(rss, '<!DOCTYPE rss [<!ENTITY a "A">]>' + rss_item("<title>Cod &a; chips</title>")).headline == "Cod chips"


@given(
    st.one_of(st.text(), st.lists(st.sampled_from([*"&;<>/ \n\xa0\x00x", "&amp;", "&lt;", "&quot;", "b>", "<!--", "&#65;"])).map("".join))
)
def test_a_text_without_markup_needs_no_parser(text: str) -> None:
    assert feeds.plain(text) == line(markup.to_text(markup.clean(text)))
