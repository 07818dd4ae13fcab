"""RSS, element by element: a whole feed as it is written, what is left of it elsewhere, and how a show is offered."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from lxml import etree

from publisher import fidelity
from publisher.article import Article, Image, Link, Media, Organization, Person, Place, Publication
from publisher.channels import History, Podcast
from publisher.formats import Target, writer
from publisher.formats.rss.native import native
from publisher.problems import PublisherError, Severity
from tests.test_jsonfeed import BELLS, CHART, FERRY, HOME, HORN, LANTERN

rss = writer("rss")
ICON = Image(content_url=f"{HOME}icon.png")
VOICES = Media(content_url=f"{HOME}ferry.vtt", encoding_format="text/vtt")
SAILING = replace(
    FERRY,
    contributor=(Person(name="Dan"), Organization(name="The crew")),
    publisher=Organization(name="Harbour Press", url=HOME),
    copyright_notice="© Harbour Press",
    associated_media=(*FERRY.associated_media, VOICES),
)
SHOW = replace(
    LANTERN,
    image=ICON,
    license=f"{HOME}licence",
    copyright_notice="© 2026 The Lantern",
    publisher=Organization(name="Lantern Press", email="desk@lantern.example"),
    articles=(SAILING, BELLS),
)
TARGET = Target(
    url=f"{HOME}feed.rss",
    hub="https://hub.example/",
    cloud="https://cloud.example/rpc?x",
    history=History(older=f"{HOME}feed-1.rss"),
    podcast=Podcast(category=("News", "Daily News", "Politics"), explicit=True),
)
BARE = Publication(identifier=HOME, name="L & co", url=HOME, articles=(Article(identifier="1", headline="H"),))
WRITTEN = """\
  <channel>
    <title>The Lantern</title>
    <link>https://lantern.example/</link>
    <description>News of the coast</description>
    <copyright>© 2026 The Lantern</copyright>
    <docs>http://www.rssboard.org/rss-specification</docs>
    <generator>Publisher</generator>
    <language>en</language>
    <lastBuildDate>Thu, 05 Mar 2026 06:07:08 +0200</lastBuildDate>
    <dc:publisher>Lantern Press</dc:publisher>
    <atom:link rel="self" type="application/rss+xml" href="https://lantern.example/feed.rss"/>
    <atom:link rel="hub" href="https://hub.example/"/>
    <cloud domain="cloud.example" port="443" path="/rpc" registerProcedure="" protocol="https-post"></cloud>
    <atom:link rel="license" href="https://lantern.example/licence"/>
    <atom:link rel="prev-archive" href="https://lantern.example/feed-1.rss"/>
    <image>
      <url>https://lantern.example/icon.png</url>
      <title>The Lantern</title>
      <link>https://lantern.example/</link>
    </image>
    <itunes:author>Lantern Press</itunes:author>
    <itunes:image href="https://lantern.example/icon.png"/>
    <itunes:category text="News">
      <itunes:category text="Daily News"/>
    </itunes:category>
    <itunes:explicit>true</itunes:explicit>
    <itunes:owner>
      <itunes:name>Lantern Press</itunes:name>
      <itunes:email>desk@lantern.example</itunes:email>
    </itunes:owner>
    <podcast:guid>339fe6e6-4707-515f-8a74-4eb4d67cad99</podcast:guid>
    <item xml:lang="en-GB">
      <title>The ferry is back</title>
      <link>https://lantern.example/ferry.html</link>
      <description>It sails again.</description>
      <content:encoded>&lt;p&gt;It sails &lt;em&gt;again&lt;/em&gt;, and it’s said.&lt;/p&gt;</content:encoded>
      <guid isPermaLink="false">tag:lantern.example,2026:ferry</guid>
      <category domain="https://schema.org/articleSection">Harbour</category>
      <category>ferries</category>
      <category>weather</category>
      <enclosure url="https://lantern.example/horn.mp3" length="2048" type="audio/mpeg"/>
      <pubDate>Wed, 04 Mar 2026 00:00:00 +0000</pubDate>
      <dc:language>en-GB</dc:language>
      <dc:creator>Ada Byron, The desk, Bo, Cy</dc:creator>
      <dc:contributor>Dan</dc:contributor>
      <dc:contributor>The crew</dc:contributor>
      <dc:publisher>Harbour Press</dc:publisher>
      <dc:rights>© Harbour Press</dc:rights>
      <dcterms:modified>2026-03-05T06:07:08+02:00</dcterms:modified>
      <atom:link rel="via" href="https://agency.example/1"/>
      <itunes:duration>18</itunes:duration>
      <itunes:image href="https://lantern.example/quay.jpg"/>
      <podcast:transcript url="https://lantern.example/ferry.vtt" type="text/vtt" language="en-GB"/>
    </item>
    <item>
      <title>Bells</title>
      <guid isPermaLink="false">2</guid>
      <enclosure url="https://lantern.example/chart.png" length="0" type="image/png"/>
    </item>
  </channel>
</rss>
"""
"""Without Media RSS and the lossless elements, which are tried by themselves."""


def written(publication: Publication = SHOW, target: Target = TARGET) -> Any:
    """The channel that is written."""
    return etree.fromstring(rss.write(publication, target))[0]


def others(target: Target = TARGET, **members: Any) -> dict[str, list[str]]:
    """What stands in the channel of a show with these members, by name: texts, or attributes as one text."""
    found: dict[str, list[str]] = {}
    for each in written(replace(SHOW, **members), target):
        found.setdefault(f"{each.prefix}:{etree.QName(each).localname}".removeprefix("None:"), []).append(
            each.text or str(dict(each.attrib))
        )
    return found


def test_a_feed_has_its_elements_in_their_order() -> None:
    body = rss.write(SHOW, TARGET).decode()
    plain = re.sub(
        r" *<media:content [^>]*/>\n| *<media:content.*?</media:content>\n| *<schema:.*?</schema:\w+>\n", "", body, flags=re.DOTALL
    )
    assert plain[plain.index("  <channel>") :].rstrip() + "\n" == WRITTEN


def test_the_lossless_element_says_only_what_no_element_does() -> None:
    plain = replace(SAILING, date_published=datetime(2026, 3, 4, 5, tzinfo=UTC), author=SAILING.author[-1:], contributor=(), image=())
    article = replace(plain, publisher=Organization(name="Harbour Press"), associated_media=(VOICES,))
    channel = written(replace(SHOW, articles=(article,), publisher=Organization(name="Lantern Press")))
    said = [json.loads(each.text).keys() for each in channel.iter("{https://schema.org/}*")]
    assert said == [{"@context", "@type", "identifier", "dateModified"}, {"@context", "@type", "dateline", "editor", "copyrightYear"}]


def test_what_is_absent_has_no_element() -> None:
    (channel,) = etree.fromstring(fidelity.native(rss, rss.write(BARE)))
    named = [etree.QName(each).localname for each in channel]
    assert named == ["title", "link", "description", "docs", "generator", "lastBuildDate", "item"]
    assert [each.text for each in list(channel)[:3]] == ["L & co", HOME, "L &amp; co"]
    assert channel.findtext("lastBuildDate") == "Thu, 01 Jan 1970 00:00:00 +0000"
    assert [(each.tag, each.text, dict(each.attrib)) for each in channel[-1]] == [
        ("title", "H", {}),
        ("guid", "1", {"isPermaLink": "false"}),
    ]
    assert list(channel.nsmap) == ["dc", "dcterms", "media", "georss", "creativeCommons", "schema", "atom", "content"]


@pytest.mark.parametrize(
    ("address", "attributes"),
    [
        ("https://e.org", {"domain": "e.org", "port": "443", "path": "/", "protocol": "https-post"}),
        ("http://e.org/rpc", {"domain": "e.org", "port": "80", "path": "/rpc", "protocol": "http-post"}),
        ("http://e.org:5337/rpc", {"domain": "e.org", "port": "5337", "path": "/rpc", "protocol": "http-post"}),
    ],
)
def test_an_rss_cloud_is_told_as_its_parts(address: str, attributes: dict[str, str]) -> None:
    cloud = written(BARE, Target(cloud=address)).find("cloud")
    assert dict(cloud.attrib) == {**attributes, "registerProcedure": ""}


def test_a_feed_says_whether_it_is_complete_or_an_archive() -> None:
    assert "fh:complete" in others(replace(TARGET, history=History()))
    assert "fh:archive" in others(replace(TARGET, history=History(current=f"{HOME}feed.rss")))
    assert not {"fh:complete", "fh:archive"} & others().keys()


def test_a_summary_without_a_text_is_the_description() -> None:
    article = Article(identifier="3", headline="T", description="A & b")
    (item,) = written(replace(SHOW, articles=(article,)), Target()).findall("item")
    assert [(each.tag, each.text) for each in list(item)[:-1]] == [("title", "T"), ("description", "A &amp; b"), ("guid", "3")]


def test_a_text_without_a_summary_is_no_description() -> None:
    (item,) = written(replace(SHOW, articles=(replace(SAILING, description=None),))).findall("item")
    assert item.find("description") is None
    assert item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") == "<p>It sails <em>again</em>, and it’s said.</p>"


def test_an_image_that_is_not_on_the_web_is_none() -> None:
    assert "image" not in others(image=Image(content_url="mailto:desk@lantern.example"))


def test_the_address_of_an_article_that_is_its_identifier_is_a_permalink() -> None:
    (item,) = written(replace(BARE, articles=(Article(identifier=f"{HOME}1", headline="H", url=f"{HOME}1"),))).findall("item")
    assert item.find("guid").get("isPermaLink") in (None, "true")


def test_an_address_that_browsers_do_not_open_is_no_permalink() -> None:
    letter = "mailto:desk@lantern.example"
    (item,) = written(replace(BARE, articles=(Article(identifier=letter, headline="H", url=letter),))).findall("item")
    assert item.find("guid").get("isPermaLink") == "false"


def test_all_of_it_comes_back() -> None:
    assert rss.carry(SHOW) == SHOW
    for target in (TARGET, Target()):
        reading = rss.read(rss.write(SHOW, target))
        assert (reading.publication, reading.problems) == (SHOW, ())


# -- read elsewhere -------------------------------------------------------------------------------------------------------


def test_who_does_not_know_the_lossless_element_reads_all_that_has_one_of_its_own() -> None:
    full = replace(
        SAILING,
        alternative_headline="Back again",
        content_location=(Place(name="Whitby", latitude=54.5, longitude=-0.6), Place(name="Hull")),
        license=f"{HOME}licence",
        citation=(Link(url=f"{HOME}1", name="One"),),
        date_modified=date(2026, 3, 5),
    )
    publication = replace(SHOW, articles=(full, BELLS, Article(identifier="3", headline="T", description="It’s short")))
    left = rss.read(fidelity.native(rss, rss.write(publication, TARGET))).publication
    assert left == native(publication)
    assert (left.identifier, left.publisher, left.image) == (HOME, Organization(name="Lantern Press"), ICON)
    assert (left.license, left.copyright_notice, left.description) == (SHOW.license, SHOW.copyright_notice, SHOW.description)
    assert (left.in_language, left.date_modified) == ("en", datetime(2026, 3, 5, tzinfo=UTC))
    ferry, bells, tide = left.articles
    assert ferry == Article(
        identifier=FERRY.identifier,
        headline=FERRY.headline,
        url=FERRY.url,
        alternative_headline="Back again",
        description=FERRY.description,
        body=FERRY.body,
        article_section="Harbour",
        keywords=("ferries", "weather"),
        content_location=full.content_location[:1],
        in_language="en-GB",
        date_published=datetime(2026, 3, 4, tzinfo=UTC),
        date_modified=date(2026, 3, 5),
        author=(Person(name="Ada Byron, The desk, Bo, Cy"),),
        contributor=(Person(name="Dan"), Person(name="The crew")),
        publisher=Organization(name="Harbour Press"),
        image=ferry.image,
        associated_media=ferry.associated_media,
        citation=full.citation,
        is_based_on=FERRY.is_based_on,
        license=full.license,
        copyright_notice="© Harbour Press",
    )
    assert bells == Article(identifier="2", headline="Bells", image=(CHART,))
    assert (tide.description, tide.body) == (None, "<p>It’s short</p>")


def test_what_is_left_of_what_has_little_says_what_is_required() -> None:
    left = rss.read(fidelity.native(rss, rss.write(BARE))).publication
    assert left == native(BARE) == replace(BARE, description="L & co", date_modified=datetime(1970, 1, 1, tzinfo=UTC))
    away = replace(BARE, image=Image(content_url="mailto:desk@lantern.example"), description="D")
    assert native(away) == replace(native(BARE), description="D")


# -- feeds of others ------------------------------------------------------------------------------------------------------


def feed(*items: str, channel: str = "<title>Herald</title><link>https://e.org/</link>") -> bytes:
    return f'<rss version="2.0"><channel>{channel}{"".join(f"<item>{each}</item>" for each in items)}</channel></rss>'.encode()


def test_a_feed_of_others_is_a_publication() -> None:
    reading = rss.read(
        feed(
            "<title>A</title><link>/a</link><guid>1</guid>",
            "<title>A</title><link>/a</link><guid>1</guid>",
            "<title>B</title><guid>2</guid><pubDate>04/03/2026</pubDate><mood>x</mood><description>&lt;h2>a&lt;/h2>&lt;h4>b&lt;/h4></description>",
            channel="<title>Herald</title><link>https://e.org/</link><language>en-US</language>",
        )
    )
    found = reading.publication
    assert (found.name, found.url, found.in_language) == ("Herald", "https://e.org/", "en-US")
    assert [(each.headline, each.url) for each in found.articles] == [("A", "https://e.org/a"), ("B", None)]
    assert found.articles[1].date_published == date(2026, 4, 3)
    assert {each.code for each in reading.problems} == {"feed-left-out", "feed-versions-left-out", "body-heading-level"}


@pytest.mark.parametrize(
    ("body", "root"),
    [("<a/>", "a"), ('<rss version="2.0"/>', "rss"), ("<html><item/></html>", "html"), ("<a><channel/></a>", "a")],
)
def test_what_has_no_channel_is_no_feed(body: str, root: str) -> None:
    with pytest.raises(PublisherError) as raised:
        rss.read(body.encode())
    (found,) = raised.value.problems
    assert (found.code, found.severity, found.message) == ("rss-no-channel", Severity.ERROR, f"the root is '{root}', without a channel")
    assert (found.hint, found.spec) == ("check that this is an RSS 2.0 feed", "https://www.rssboard.org/rss-specification")


def test_a_channel_without_its_root_is_a_feed() -> None:
    found = rss.read(b"<channel><title>Herald</title><item><title>A</title></item></channel>").publication
    assert (found.name, [each.headline for each in found.articles]) == ("Herald", ["A"])


def test_what_is_put_right_in_a_feed_of_ours_is_told() -> None:
    body = rss.write(replace(SHOW, articles=(SAILING,))).replace(b"&lt;p&gt;It sails", b"&lt;h2&gt;a&lt;/h2&gt;&lt;h5&gt;It sails")
    assert [each.code for each in rss.read(body).problems] == ["body-heading-level"]


def test_what_was_mended_to_read_a_feed_is_told() -> None:
    reading = rss.read(b"<rss version='2.0'><channel><title>A & B</title><item><title>One</title></item></channel></rss>")
    assert [each.headline for each in reading.publication.articles] == ["One"]
    assert "feed-not-well-formed" in {each.code for each in reading.problems}


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ("<rss>", True),
        ('<?xml version="1.0"?>\n<!-- a -->\n<rss\nversion="2.0">', True),
        ("<rss/>", True),
        ("<rssfeed>", False),
        ("<channel><title>A</title></channel>", True),
        ("<RSS version='2.0'>", True),
        ("<Channel>", True),
        ("<feed><title>rss</title></feed>", False),
        ("Warning: x\n<rss version='2.0'>", True),
        ("rss channel", False),
    ],
)
def test_a_feed_is_recognized_from_its_root(body: str, is_one: bool) -> None:
    assert rss.recognizes(body.encode(), "") is is_one


def test_what_the_format_is_called() -> None:
    assert (rss.NAME, rss.TITLE, rss.EACH) == ("rss", "RSS 2.0", "publication")
    assert (rss.PATH, rss.MEDIA_TYPE) == ("feed.rss", "application/rss+xml")
    assert rss.SPEC == "https://www.rssboard.org/rss-specification"


# -- shows ----------------------------------------------------------------------------------------------------------------


def test_the_guid_of_a_show_is_that_of_the_specification() -> None:
    """Its own example: podnews.net/rss (podcast namespace, "guid")."""
    for address in ("https://podnews.net/rss", "http://podnews.net/rss/"):
        assert others(replace(TARGET, url=address, history=None))["podcast:guid"] == ["9b024349-ccf0-5f69-a609-6b82873eab3c"]
    twice = replace(TARGET, url="https://e.org/feed?of=http://f.org/X", history=None)
    assert others(twice)["podcast:guid"] == [str(uuid5(UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6"), "e.org/feed?of=http://f.org/X"))]
    archive = replace(TARGET, url=f"{HOME}feed-1.rss", history=History(current="https://podnews.net/rss"))
    assert others(archive)["podcast:guid"] == ["9b024349-ccf0-5f69-a609-6b82873eab3c"]
    assert "podcast:guid" not in others(replace(TARGET, url=None))


def test_a_show_without_a_publisher_is_by_the_publication_and_has_no_owner() -> None:
    assert others(publisher=None)["itunes:author"] == ["The Lantern"]
    assert "itunes:owner" not in others(publisher=None)
    assert "itunes:owner" not in others(publisher=Organization(name="Lantern Press"))
    assert others(replace(TARGET, podcast=Podcast()))["itunes:explicit"] == ["false"]


SOME = Podcast()


def test_only_what_can_be_heard_is_a_show() -> None:
    def has(media: Media, podcast: Podcast | None = SOME, image: Image | None = ICON) -> bool:
        articles = (BELLS, replace(BELLS, identifier="3", associated_media=(media,)))
        names = others(replace(TARGET, podcast=podcast), articles=articles, image=image)
        (namespaces,) = {"itunes" in written(replace(SHOW, articles=articles, image=image), replace(TARGET, podcast=podcast)).nsmap}
        assert namespaces is any(each.startswith("itunes:") for each in names) is any(each.startswith("podcast:") for each in names)
        return namespaces

    assert has(HORN)
    assert has(replace(HORN, type="MediaObject"))
    assert has(Media(content_url=f"{HOME}a.MP3"))
    assert has(Media(content_url=f"{HOME}a", type="AudioObject"))
    assert not has(Media(content_url=f"{HOME}a.mp4"))
    assert not has(VOICES)
    assert not has(replace(HORN, content_url="mailto:horn@lantern.example"))
    assert not has(HORN, podcast=None)
    assert not has(HORN, image=None)
    assert has(HORN, podcast=Podcast(image=f"{HOME}show.jpg"), image=None)


@pytest.mark.parametrize(
    ("image", "is_taken"),
    [
        (Image(content_url=f"{HOME}a.jpg"), True),
        (Image(content_url=f"{HOME}a.JPEG?x"), True),
        (Image(content_url=f"{HOME}a.png"), True),
        (Image(content_url=f"{HOME}a.webp"), False),
        (Image(content_url=f"{HOME}a.png/b"), False),
        (Image(content_url=f"{HOME}apng"), False),
        (Image(content_url=f"{HOME}a", encoding_format="image/jpeg"), True),
        (Image(content_url=f"{HOME}a", encoding_format="image/png"), True),
        (Image(content_url=f"{HOME}a.png", encoding_format="image/webp"), False),
        (Image(content_url="mailto:a.png"), False),
        (Image(), False),
    ],
)
def test_the_picture_of_a_show_is_a_jpeg_or_png(image: Image, is_taken: bool) -> None:
    assert others(image=image).get("itunes:image") == ([str({"href": image.content_url})] if is_taken else None)


def test_the_picture_that_is_asked_for_comes_before_that_of_the_publication() -> None:
    asked = replace(TARGET, podcast=Podcast(image=f"{HOME}show.jpg"))
    assert others(asked)["itunes:image"] == [str({"href": f"{HOME}show.jpg"})]
    assert others(asked)["image"] == others()["image"]


SPACES = {"itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd", "podcast": "https://podcastindex.org/namespace/1.0"}


def episode(*media: Media, **members: Any) -> Any:
    """The item of an article with these recordings, in a show."""
    article = replace(BELLS, identifier="3", image=(), associated_media=media, **members)
    return written(replace(SHOW, articles=(SAILING, article))).findall("item")[1]


def test_an_episode_has_the_length_and_the_first_picture_that_can_be_shown() -> None:
    pictures = (Image(content_url=f"{HOME}a.webp"), Image(content_url=f"{HOME}b.jpg"), CHART)
    article = replace(BELLS, image=pictures, associated_media=(HORN,))
    (item,) = written(replace(SHOW, articles=(article,))).findall("item")
    assert (item.find("itunes:image", SPACES).get("href"), item.findtext("itunes:duration", None, SPACES)) == (f"{HOME}b.jpg", "18")
    bare = episode(replace(HORN, duration=0))
    assert (bare.find("itunes:image", SPACES), bare.find("itunes:duration", SPACES)) == (None, None)
    assert episode(replace(HORN, type="VideoObject")).findtext("itunes:duration", None, SPACES) == "18"


@pytest.mark.parametrize("kind", ["text/vtt", "application/x-subrip", "application/srt"])
def test_transcripts_are_told_with_their_language(kind: str) -> None:
    voices = replace(VOICES, encoding_format=kind)
    found = episode(HORN, voices, replace(voices, content_url="mailto:a@lantern.example"), in_language="fr").findall(
        "podcast:transcript", SPACES
    )
    assert [dict(each.attrib) for each in found] == [{"url": f"{HOME}ferry.vtt", "type": kind, "language": "fr"}]
    assert not episode(voices).findall("podcast:transcript", SPACES)
    assert not episode(HORN, replace(voices, encoding_format="text/plain")).findall("podcast:transcript", SPACES)


FILM = Media(content_url=f"{HOME}film", type="VideoObject", encoding_format="video/webm", content_size=9)


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ((VOICES, FILM, HORN), (f"{HOME}horn.mp3", "2048", "audio/mpeg")),
        ((VOICES, FILM), (f"{HOME}film", "9", "video/webm")),
        ((VOICES,), (f"{HOME}ferry.vtt", "0", "text/vtt")),
        ((Media(content_url=f"{HOME}numbers"),), (f"{HOME}numbers", "0", "application/octet-stream")),
        ((Media(content_url="mailto:a@lantern.example"),), None),
        ((), None),
        ((VOICES, Media(content_url=f"{HOME}a.ogg?x.y")), (f"{HOME}a.ogg?x.y", "0", "audio/ogg")),
        ((VOICES, Media(content_url=f"{HOME}a.b.MP4")), (f"{HOME}a.b.MP4", "0", "video/mp4")),
        *(
            ((Media(content_url=f"{HOME}a.{ending}"),), (f"{HOME}a.{ending}", "0", kind))
            for ending, kind in (("mp3", "audio/mpeg"), ("m4a", "audio/mp4"), ("opus", "audio/ogg"), ("wav", "audio/wav"))
        ),
    ],
)
def test_the_one_enclosure_is_what_can_be_heard_else_a_film_else_a_file(media: tuple[Media, ...], expected: tuple[str, ...] | None) -> None:
    enclosure = episode(*media).find("enclosure")
    assert (tuple(enclosure.attrib.values()) if expected else enclosure) == expected


def test_a_picture_is_the_enclosure_only_where_there_is_neither_sound_nor_film() -> None:
    def enclosure(*media: Media) -> str:
        (item,) = written(replace(SHOW, articles=(replace(BELLS, image=(CHART,), associated_media=media),))).findall("item")
        return str(item.find("enclosure").get("url"))

    assert enclosure(VOICES) == CHART.content_url
    assert enclosure(VOICES, FILM) == FILM.content_url
