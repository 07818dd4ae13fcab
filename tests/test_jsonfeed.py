"""JSON Feed, member by member: a whole feed as it is written, what is left of it elsewhere, and feeds of others."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from publisher import fidelity, schema
from publisher.article import Article, Image, Media, Organization, Person, Publication
from publisher.channels import History
from publisher.formats import Target, writer
from publisher.formats.jsonfeed.native import native
from publisher.problems import PublisherError, Severity

jsonfeed = writer("jsonfeed")
HOME = "https://lantern.example/"
PHOTO = Image(content_url=f"{HOME}quay.jpg", encoding_format="image/jpeg", content_size=5120, width=1600, height=900, caption="The quay")
CHART = Image(content_url=f"{HOME}chart.png", encoding_format="image/png")
HORN = Media(
    content_url=f"{HOME}horn.mp3",
    type="AudioObject",
    encoding_format="audio/mpeg",
    content_size=2048,
    duration=18,
    name="The horn",
    license=f"{HOME}licence",
)
NUMBERS = Media(content_url=f"{HOME}numbers")
PLAN = Media(content_url=f"{HOME}plan.svg", encoding_format="image/svg+xml", content_size=7)
FERRY = Article(
    identifier="tag:lantern.example,2026:ferry",
    headline="The ferry is back",
    type="ReportageNewsArticle",
    url=f"{HOME}ferry.html",
    description="It sails again.",
    body="<p>It sails <em>again</em>, and it’s said.</p>",
    article_section="Harbour",
    keywords=("ferries", "weather"),
    dateline="WHITBY",
    in_language="en-GB",
    date_published=date(2026, 3, 4),
    date_modified=datetime(2026, 3, 5, 6, 7, 8, tzinfo=timezone(timedelta(hours=2))),
    author=(
        Person(name="Ada Byron", url=f"{HOME}ada", email="ada@lantern.example", image=Image(content_url=f"{HOME}ada.jpg", width=9)),
        Organization(name="The desk", logo=Image(content_url=f"{HOME}desk.png")),
        Person(name="Bo", image=Image(content_url="mailto:bo@lantern.example")),
        Person(name="Cy"),
    ),
    editor=(Person(name="Cleo"),),
    image=(PHOTO, Image(content_url=f"{HOME}bare"), CHART, Image(content_url="mailto:desk@lantern.example")),
    associated_media=(HORN, NUMBERS, PLAN, Media(content_url="mailto:desk@lantern.example")),
    is_based_on="https://agency.example/1",
    copyright_year=2026,
)
BELLS = Article(identifier="2", headline="Bells", image=(Image(content_url="mailto:desk@lantern.example"), CHART))
LANTERN = Publication(
    identifier="tag:lantern.example,2026:",
    name="The Lantern",
    url=HOME,
    description="News of the coast",
    in_language="en",
    publisher=Organization(name="Lantern Press", url="https://press.example/", logo=Image(content_url=f"{HOME}logo.png", width=5)),
    image=Image(content_url=f"{HOME}icon.png", width=512),
    articles=(FERRY, BELLS),
)
TARGET = Target(url=f"{HOME}feed.json", hub="https://hub.example/", history=History(older=f"{HOME}feed-1.json"))


def written(publication: Publication = LANTERN, target: Target = TARGET) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(jsonfeed.write(publication, target))
    return found


def without_ours(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name != "_schema"}


# -- written --------------------------------------------------------------------------------------------------------------


def test_a_feed_says_what_it_is_in_the_order_of_the_specification() -> None:
    expected = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Lantern",
        "home_page_url": HOME,
        "feed_url": f"{HOME}feed.json",
        "next_url": f"{HOME}feed-1.json",
        "description": "News of the coast",
        "icon": f"{HOME}icon.png",
        "authors": [{"name": "Lantern Press", "url": "https://press.example/", "avatar": f"{HOME}logo.png"}],
        "language": "en",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    }
    found = without_ours(written())
    del found["items"]
    assert list(found.items()) == list(expected.items())


def test_an_item_says_what_it_is_in_the_order_of_the_specification() -> None:
    expected = {
        "id": "tag:lantern.example,2026:ferry",
        "url": f"{HOME}ferry.html",
        "external_url": "https://agency.example/1",
        "title": "The ferry is back",
        "content_html": "<p>It sails <em>again</em>, and it’s said.</p>",
        "summary": "It sails again.",
        "image": f"{HOME}quay.jpg",
        "date_published": "2026-03-04T00:00:00+00:00",
        "date_modified": "2026-03-05T06:07:08+02:00",
        "authors": [
            {"name": "Ada Byron", "url": f"{HOME}ada", "avatar": f"{HOME}ada.jpg"},
            {"name": "The desk", "avatar": f"{HOME}desk.png"},
            {"name": "Bo"},
            {"name": "Cy"},
        ],
        "tags": ["Harbour", "ferries", "weather"],
        "language": "en-GB",
        "attachments": [
            {
                "url": f"{HOME}horn.mp3",
                "mime_type": "audio/mpeg",
                "title": "The horn",
                "size_in_bytes": 2048,
                "duration_in_seconds": 18,
            },
            {"url": f"{HOME}numbers", "mime_type": "application/octet-stream"},
            {"url": f"{HOME}plan.svg", "mime_type": "image/svg+xml", "size_in_bytes": 7},
            {"url": f"{HOME}quay.jpg", "mime_type": "image/jpeg", "size_in_bytes": 5120},
            {"url": f"{HOME}chart.png", "mime_type": "image/png"},
        ],
    }
    assert list(without_ours(written()["items"][0]).items()) == list(expected.items())


def test_what_is_absent_has_no_member() -> None:
    bare = Publication(identifier=HOME, name="L", url=HOME, articles=(Article(identifier="1", headline="H"),))
    assert written(bare, Target()) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "L",
        "home_page_url": HOME,
        "items": [{"id": "1", "title": "H", "content_html": ""}],
    }
    assert list(written(replace(bare, articles=()), Target())) == ["version", "title", "home_page_url", "items"]


def test_a_picture_that_is_not_on_the_web_is_passed_over() -> None:
    bells = written()["items"][1]
    assert (bells["image"], [each["url"] for each in bells["attachments"]]) == (f"{HOME}chart.png", [f"{HOME}chart.png"])
    assert "icon" not in written(replace(LANTERN, image=Image(content_url="mailto:desk@lantern.example")))


def test_the_extension_says_what_it_is_about_and_only_what_no_member_does() -> None:
    document = written()
    assert list(document["_schema"]) == ["about", *(each for each in document["_schema"] if each != "about")]
    assert document["_schema"]["about"] == document["items"][0]["_schema"]["about"] == "https://schema.org/"
    assert document["_schema"].keys() == {"about", "@context", "@type", "identifier", "publisher", "image"}
    plain = replace(FERRY, date_published=datetime(2026, 3, 4, 5, tzinfo=UTC), author=FERRY.author[-1:], article_section=None)
    (item,) = written(replace(LANTERN, articles=(replace(plain, image=(), associated_media=()),)))["items"]
    assert item["_schema"].keys() == {"about", "@context", "@type", "dateline", "editor", "copyrightYear"}


def test_a_feed_is_indented_and_ends_with_a_line_end() -> None:
    body = jsonfeed.write(LANTERN, TARGET).decode()
    assert body.startswith('{\n  "version": "https://jsonfeed.org/version/1.1",\n  "title"')
    assert body.endswith("\n}\n")
    assert "’" in body


def test_the_publisher_is_the_author_of_items_without_one() -> None:
    signed = replace(LANTERN, articles=(FERRY,))
    assert "authors" not in written(signed)
    assert "authors" in written(replace(LANTERN, articles=()))
    assert native(signed).publisher is None
    assert native(replace(LANTERN, articles=())).publisher is not None


def test_all_of_it_comes_back() -> None:
    assert jsonfeed.carry(LANTERN) == LANTERN
    reading = jsonfeed.read(jsonfeed.write(LANTERN, TARGET))
    assert (reading.publication, reading.problems) == (LANTERN, ())


# -- read elsewhere -------------------------------------------------------------------------------------------------------

PLAIN_FERRY = Article(
    identifier=FERRY.identifier,
    headline=FERRY.headline,
    url=FERRY.url,
    description=FERRY.description,
    body=FERRY.body,
    keywords=("Harbour", "ferries", "weather"),
    in_language="en-GB",
    date_published=datetime(2026, 3, 4, tzinfo=UTC),
    date_modified=FERRY.date_modified,
    author=(
        Person(name="Ada Byron", url=f"{HOME}ada", image=Image(content_url=f"{HOME}ada.jpg")),
        Person(name="The desk", image=Image(content_url=f"{HOME}desk.png")),
        Person(name="Bo"),
        Person(name="Cy"),
    ),
    image=(
        Image(content_url=f"{HOME}quay.jpg", encoding_format="image/jpeg", content_size=5120),
        Image(content_url=f"{HOME}plan.svg", encoding_format="image/svg+xml", content_size=7),
        Image(content_url=f"{HOME}chart.png", encoding_format="image/png"),
    ),
    associated_media=(replace(HORN, license=None), NUMBERS),
    is_based_on="https://agency.example/1",
)
PLAIN = Publication(
    identifier=HOME,
    name="The Lantern",
    url=HOME,
    description="News of the coast",
    in_language="en",
    publisher=Person(name="Lantern Press", url="https://press.example/", image=Image(content_url=f"{HOME}logo.png")),
    image=Image(content_url=f"{HOME}icon.png"),
    articles=(PLAIN_FERRY, Article(identifier="2", headline="Bells", image=(CHART,))),
)


def test_who_does_not_know_the_extension_reads_all_that_has_a_member() -> None:
    assert jsonfeed.read(fidelity.native(jsonfeed, jsonfeed.write(LANTERN, TARGET))).publication == native(LANTERN) == PLAIN


def test_what_is_left_of_what_has_little_is_as_little() -> None:
    bare = Publication(identifier=HOME, name="L", url=HOME, articles=(Article(identifier="1", headline="H"),))
    assert native(bare) == jsonfeed.read(jsonfeed.write(bare)).publication == bare
    bodiless = replace(bare, image=Image(content_url="mailto:desk@lantern.example"), articles=())
    assert native(bodiless) == replace(bodiless, image=None)


def test_an_untyped_recording_stays_untyped() -> None:
    untyped = Media(content_url=f"{HOME}x", encoding_format="application/octet-stream")
    found = native(replace(LANTERN, articles=(replace(BELLS, associated_media=(untyped,)),))).articles[0]
    assert found.associated_media == (Media(content_url=f"{HOME}x"),)


# -- feeds of others ------------------------------------------------------------------------------------------------------


def feed(*items: Any, **members: Any) -> bytes:
    """A feed of others, with these items and members."""
    start = {"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "home_page_url": "https://e.org/"}
    return json.dumps({**start, **members, "items": items}).encode()


def item(**members: Any) -> Article:
    """What is read of an item of others."""
    (found,) = jsonfeed.read(feed(members)).publication.articles
    return found


def test_a_feed_of_others_is_a_publication() -> None:
    body = feed(
        description=" News ",
        icon="https://e.org/i.png",
        language="en_gb",
        user_comment="x",
        authors=[{"name": " "}, {"name": "Ann", "url": "https://e.org/ann", "avatar": "https://e.org/a.png"}, {"name": "Bo"}],
    )
    reading = jsonfeed.read(b"\xef\xbb\xbf" + body)
    assert reading.publication == Publication(
        identifier="https://e.org/",
        name="Herald",
        url="https://e.org/",
        description="News",
        in_language="en-GB",
        image=Image(content_url="https://e.org/i.png"),
        publisher=Person(name="Ann", url="https://e.org/ann", image=Image(content_url="https://e.org/a.png")),
    )
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("members", "address", "name"),
    [
        ({"home_page_url": "ftp://e.org/", "feed_url": "https://e.org/feed"}, "https://e.org/feed", "Herald"),
        ({"home_page_url": "mailto:a@e.org", "title": 7}, "https://example.org/", "https://example.org/"),
        ({"feed_url": "https://e.org/feed", "title": " "}, "https://e.org/", "https://e.org/"),
    ],
)
def test_a_feed_without_a_name_or_an_address_gets_one(members: dict[str, Any], address: str, name: str) -> None:
    found = jsonfeed.read(feed(**members)).publication
    assert (found.url, found.identifier, found.name) == (address, address, name)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"items": {}}', b'{"items": "x"}'])
def test_what_has_no_list_of_items_is_no_feed(body: bytes) -> None:
    with pytest.raises(PublisherError) as raised:
        jsonfeed.read(body)
    (found,) = raised.value.problems
    assert (found.code, found.severity, found.message) == ("jsonfeed-no-items", Severity.ERROR, "there is no list of items")
    assert (found.hint, found.spec) == ("check that this is a JSON Feed", "https://www.jsonfeed.org/version/1.1/")


def test_an_item_of_others_is_an_article() -> None:
    found = item(
        id="7",
        url="https://e.org/7",
        external_url="https://f.org/7",
        title=" A  cod ",
        content_html='<p>See <a href="8">more</a></p>',
        content_text="not this",
        summary=" Short ",
        image="https://e.org/7.jpg",
        banner_image="https://e.org/b.jpg",
        date_published="2026-01-02T03:04:05Z",
        date_modified="2026-01-03T03:04:05-05:00",
        authors=[{"url": "https://e.org/ann"}, {"name": "Bo"}, {"avatar": "https://e.org/c.png"}],
        tags=["cod", " ", 7, "chips "],
        language="fr",
        attachments=[
            {"url": "https://e.org/a", "mime_type": "audio/MPEG", "title": " T ", "size_in_bytes": 5.0, "duration_in_seconds": 61.9},
            {"url": "https://e.org/7.jpg", "mime_type": "image/jpeg", "size_in_bytes": 0},
            {"url": "https://e.org/9.png", "mime_type": "image/png", "size_in_bytes": -1},
            {"url": "https://e.org/v", "mime_type": "application/octet-stream", "size_in_bytes": True, "duration_in_seconds": 2**53},
            {"mime_type": "audio/mpeg"},
            "https://e.org/x",
        ],
    )
    assert found == Article(
        identifier="7",
        headline="A cod",
        url="https://e.org/7",
        is_based_on="https://f.org/7",
        description="Short",
        body='<p>See <a href="https://e.org/8">more</a></p>',
        keywords=("cod", "chips"),
        in_language="fr",
        date_published=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        date_modified=datetime(2026, 1, 3, 3, 4, 5, tzinfo=timezone(timedelta(hours=-5))),
        author=(Person(name="https://e.org/ann", url="https://e.org/ann"), Person(name="Bo")),
        image=(
            Image(content_url="https://e.org/7.jpg", encoding_format="image/jpeg", content_size=0),
            Image(content_url="https://e.org/9.png", encoding_format="image/png"),
        ),
        associated_media=(
            Media(
                content_url="https://e.org/a",
                type="AudioObject",
                encoding_format="audio/mpeg",
                name="T",
                content_size=5,
                duration=61,
            ),
            Media(content_url="https://e.org/v"),
        ),
    )


def test_what_others_write_in_another_way_is_read_too() -> None:
    found = item(
        id=7,
        url="/7",
        external_url="/8",
        title=7,
        content_text="Cod\n\nand chips",
        image="x:y",
        banner_image="/b.jpg",
        date_published=20260102,
        date_modified="4 March 2026",
        author="Ann Lee",
        authors=["Bo Day", "Cy Fox"],
        tags="cod, ,chips",
    )
    assert found == Article(
        identifier="7",
        headline="Cod and chips",
        url="https://e.org/7",
        is_based_on="https://e.org/8",
        body="<p>Cod</p><p>and chips</p>",
        image=(Image(content_url="https://e.org/b.jpg"),),
        date_published=date(2026, 1, 2),
        date_modified=date(2026, 3, 4),
        author=(Person(name="Bo Day"), Person(name="Cy Fox"), Person(name="Ann Lee")),
        keywords=("cod", "chips"),
    )
    assert item(id="1", title="A", authors="Bo Day").author == (Person(name="Bo Day"),)
    assert item(id="1", title="A", author={"name": "Bo Day"}).author == (Person(name="Bo Day"),)
    assert item(id="1", title="A", author={"name": "Bo"}, authors=[{"name": "Cy"}]).author == (Person(name="Cy"),)
    assert item(id="1", title="A", date_published=True).date_published is None
    assert item(id="1", image="/a.jpg", banner_image="/b.jpg").image == (Image(content_url="https://e.org/a.jpg"),)


def test_a_headline_is_the_beginning_of_the_text_or_the_identifier() -> None:
    assert item(id="1", content_html=f"<p>{'a' * 90}</p>").headline == "a" * 80
    assert item(id="1").headline == "1"


def test_an_item_without_an_id_is_known_by_its_address_or_by_all_that_it_says() -> None:
    assert item(url="https://e.org/7", title="A").identifier == "https://e.org/7"
    some = [item(title="A", summary="B"), item(title="A", summary="C"), item(summary="B", title="A")]
    assert some[0].identifier == some[2].identifier == "urn:uuid:b2acad30-05d1-5d14-8f20-76e20946b731"
    assert some[0].identifier != some[1].identifier
    for name in ("title", "content_html", "content_text", "summary"):
        assert item(**{name: "A"}).identifier.startswith("urn:uuid:")


def test_an_item_that_says_nothing_is_left_out_and_the_others_are_read() -> None:
    reading = jsonfeed.read(feed({"id": "1"}, {"title": " ", "tags": ["a"]}, {"id": [2]}, {"id": "3"}))
    assert [each.identifier for each in reading.publication.articles] == ["1", "3"]
    told = [(each.code, each.severity, each.message, each.hint, each.spec, each.location.pointer) for each in reading.problems[:2]]
    said = ("jsonfeed-no-id", Severity.ERROR, "the item has no id and says nothing", "give it an id that never changes, and a text")
    assert told == [(*said, "https://www.jsonfeed.org/version/1.1/", f"items[{number}]") for number in (1, 2)]


def told(*items: Any, **members: Any) -> list[tuple[str, str, str]]:
    reading = jsonfeed.read(feed(*items, **members))
    return [(each.code, each.message, each.location.pointer) for each in reading.problems]


def test_what_nobody_reads_is_told() -> None:
    every = (
        "id url external_url title content_html content_text summary image banner_image date_published date_modified author authors tags"
    )
    known = dict.fromkeys(f"{every} language attachments".split(), "x")
    assert told(known | {"date_published": "", "date_modified": "", "_mine": 1}) == []
    ((code, message, _),) = told({"id": "1", "mood": 1, "_mine": 1})
    assert code == "feed-left-out"
    assert "mood" in message
    assert "_mine" not in message


def test_a_date_that_cannot_be_read_is_told() -> None:
    assert [each[0] for each in told({"id": "1", "date_published": "soon"})] == ["feed-date-unread"]
    assert [each[0] for each in told({"id": "1", "date_modified": "soon"})] == ["feed-date-unread"]


def test_an_item_without_id_and_address_is_told() -> None:
    assert [each[0] for each in told({"title": "A"})] == ["feed-item-unnamed"]
    assert told({"title": "A", "url": "https://e.org/1"}) == []


def test_the_language_of_the_feed_says_how_a_date_is_read() -> None:
    reading = jsonfeed.read(feed({"id": "1", "date_published": "04/03/2026"}, language="en-US"))
    assert reading.publication.articles[0].date_published == date(2026, 4, 3)


def test_what_is_put_right_in_a_text_is_told_with_its_place() -> None:
    found = told({"id": "1"}, {"id": "2", "content_html": "<h2>a</h2><h4>b</h4>"})
    assert [each[2] for each in found] == ["items[1].content_html"]


def test_an_extension_of_somebody_else_is_nothing_of_ours() -> None:
    ours = {"about": "https://schema.org/", "dateline": "WHITBY"}
    assert item(id="1", _schema=ours).dateline == "WHITBY"
    assert item(id="1", _schema={**ours, "about": "https://e.org/"}).dateline is None
    assert item(id="1", _schema=[ours]).dateline is None
    assert jsonfeed.read(feed(_schema={"about": "https://schema.org/", "alternateName": "H"})).publication.alternate_name == "H"


# -- recognized -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ('{"version": "https://jsonfeed.org/version/1"', True),
        (' {"title": 1, "VERSION"\n:\t"HTTPS://JSONFEED.ORG/version/1.1"}', True),
        ('{"version": "' + "x" * 41 + 'jsonfeed"}', False),
        ('["version", {"version": "https://jsonfeed.org/version/1"}]', False),
        ('{"items": [], "title": "A"}', True),
        ('{"items": [], "home_page_url": "https://e.org/"}', True),
        ('{"items": [], "feed_url": "https://e.org/"}', True),
        ('{"items" : [], "description": "A"}', False),
        ('{"items": [], "title": 7}', False),
        ('{"items": [], "title": "A", "@context": "https://schema.org/"}', False),
        ('{"a": {"items": []}, "title": "A"}', False),
        ('{"items":\n[ {"title": "A}, "home_page_url" : "https://e.org/"', True),
        ('{"items": [ {"title": "A}, "feed_url": "https://e.org/"', True),
        ('{"items": [ {"title": "A}, "title": "https://e.org/"', False),
    ],
)
def test_a_feed_is_recognized_from_its_version_or_its_members(body: str, is_one: bool) -> None:
    assert jsonfeed.recognizes(body.encode(), "") is is_one
    assert jsonfeed.recognizes(b"\xef\xbb\xbf" + body.encode(), "") is is_one
    assert jsonfeed.recognizes(body.encode("utf-16-le"), "") is is_one


def test_a_feed_is_recognized_by_its_members_in_another_encoding_too() -> None:
    assert jsonfeed.recognizes('{"items": [], "title": "Café"}'.encode("latin-1"), "")


def test_what_the_format_is_called() -> None:
    assert (jsonfeed.NAME, jsonfeed.TITLE, jsonfeed.EACH) == ("jsonfeed", "JSON Feed 1.1", "publication")
    assert (jsonfeed.PATH, jsonfeed.MEDIA_TYPE) == ("feed.json", "application/feed+json")  # version 1.1, "Discovery"
    assert jsonfeed.SPEC == "https://www.jsonfeed.org/version/1.1/"


def test_the_smallest_extension_is_none() -> None:
    assert schema.rest(PLAIN, PLAIN) is None
    assert "_schema" not in written(PLAIN)
