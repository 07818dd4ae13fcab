"""Blogger's backup becomes articles, in its old form and in that of Takeout."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from publisher import formats
from publisher.article import Article, Person, Place, Publication
from publisher.formats import Context, Reading, blogger
from publisher.problems import Unreadable
from tests import platform_files
from tests.platform_files import told

EXPORT = platform_files.export("blogger")
TAKEOUT = (platform_files.HERE / "blogger-takeout.atom").read_bytes()
SITE = Publication(identifier="https://tides.example/", name="Tides", url="https://tides.example/")


@pytest.fixture(scope="module")
def reading() -> Reading:
    return blogger.read(EXPORT)


@pytest.fixture(scope="module")
def articles(reading: Reading) -> dict[str, Article]:
    return {each.headline: each for each in reading.publication.articles}


@pytest.mark.parametrize("body", [EXPORT, TAKEOUT])
def test_it_is_recognized_before_atom(body: bytes) -> None:
    assert formats.detect(body, "feed.atom").NAME == "blogger"


def test_an_atom_feed_is_none() -> None:
    assert formats.detect(b'<feed xmlns="http://www.w3.org/2005/Atom"><generator>Blogger</generator></feed>').NAME == "atom"


def test_the_feed_is_the_publication(reading: Reading) -> None:
    assert (reading.publication.name, reading.publication.url) == ("Tide tables", "https://tides.example/")


def test_a_post_keeps_what_is_known_of_it(articles: dict[str, Article]) -> None:
    found, zone = articles["High water & low"], timezone(timedelta(hours=2))
    assert (found.identifier, found.url) == ("tag:blogger.com,1999:blog-100.post-1", "https://tides.example/2026/04/high-water.html")
    assert repr(found.date_published) == repr(datetime(2026, 4, 1, 8, 30, tzinfo=zone))
    assert repr(found.date_modified) == repr(datetime(2026, 4, 2, 9, 0, tzinfo=zone))
    assert (found.keywords, found.content_location) == (("moon", "Spring tides"), (Place(name="Porto, Portugal"),))
    assert found.author == (Person(name="Ines Duarte", url="https://www.blogger.com/profile/1"),)


def test_two_line_breaks_are_the_end_of_a_paragraph(articles: dict[str, Article]) -> None:
    assert articles["High water & low"].body == (
        '<p><a href="https://blogger.googleusercontent.com/img/a.jpg"><img alt="Flooded steps" src="https://blogger.googleusercontent.com/img/s320/a.jpg"/></a></p>'
        '<p>The moon is near.</p><p>So is the water, see <a href="https://tides.example/2025/tides.html">last year</a>.</p>'
    )


def test_a_picture_in_a_table_with_its_caption_is_a_figure() -> None:
    table = (
        "<table class='tr-caption-container'><tbody><tr><td><a href='https://a.example/big.jpg'><img alt='Tide' src='https://a.example/a.jpg'/></a></td></tr>"
        "<tr><td class='tr-caption'>At <i>noon</i></td></tr></tbody></table>One<br /><br />two<table class='tr-caption-container'><tr><td>No picture</td></tr></table>"
    )
    content = table.replace("&", "&amp;").replace("<", "&lt;")
    found = blogger.read(TAKEOUT.replace(b"&lt;p&gt;The moon is near.&lt;/p&gt;", content.encode())).publication.articles[0]
    assert found.body == (
        '<figure><a href="https://a.example/big.jpg"><img alt="Tide" src="https://a.example/a.jpg"/></a><figcaption>At <i>noon</i></figcaption></figure>'
        "<p>One</p><p>two</p><table><tbody><tr><td>No picture</td></tr></tbody></table>"
    )


def test_a_page_is_an_article_and_nobody_wrote_it(articles: dict[str, Article]) -> None:
    assert (articles["About"].type, articles["About"].author, articles["About"].date_modified) == ("Article", (), None)


def test_a_draft_is_a_draft(reading: Reading, articles: dict[str, Article]) -> None:
    assert reading.drafts == {"tag:blogger.com,1999:blog-100.post-3"}
    assert articles["Neap tides, a draft"].date_published is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("unpublished", "articles that are not published yet: 'Neap tides, a draft'"),
        ("not-articles", "what is no article was left out: 'template', 'settings'"),
        ("comments", "comments left out, since an article has no place for them: 1"),
        ("left-out", "what a text cannot hold was left out: <select>"),
    ],
)
def test_each_loss_is_told_once(reading: Reading, code: str, message: str) -> None:
    assert told(reading, f"blogger-{code}") == message


def test_takeout_says_the_same_in_other_words() -> None:
    found = blogger.read(TAKEOUT, Context(publication=SITE))
    first, second = found.publication.articles
    assert (first.url, first.description, first.keywords) == (
        "https://tides.example/2026/04/high-water.html",
        "What the moon does",
        ("moon",),
    )
    assert (first.date_published, first.date_modified) == (datetime(2026, 4, 1, 6, 30, tzinfo=UTC), None)
    assert first.content_location == (Place(name="Porto"),)
    assert (second.date_published, second.url) == (datetime(2027, 4, 2, 6, 30, tzinfo=UTC), None)
    assert found.drafts == {second.identifier}
    assert told(found, "blogger-trash") == "articles left out, since they are in the bin: 1"


def test_without_a_publication_takeout_has_no_addresses() -> None:
    assert blogger.read(TAKEOUT).publication.articles[0].url is None


def test_the_archive_of_takeout_is_read() -> None:
    body = platform_files.packed({"Takeout/archive_browser.html": "<html>", "Takeout/Blogger/Blogs/Tides/feed.atom": TAKEOUT})
    assert formats.detect(body, "takeout.zip").NAME == "blogger"
    assert blogger.read(body).publication == blogger.read(TAKEOUT).publication


def test_a_damaged_blog_of_an_archive_takes_nothing_with_it() -> None:
    body = platform_files.packed({"Blogger/Blogs/A/feed.atom": TAKEOUT, "Blogger/Blogs/B/feed.atom": TAKEOUT})
    place = body.index(b"feed.atom") + 9
    found = blogger.read(body[:place] + b"\xff\xff" + body[place + 2 :])
    assert told(found, "blogger-member-damaged") == "files of the archive that cannot be read: 'Blogger/Blogs/A/feed.atom'"
    assert len(found.publication.articles) == 2


def test_of_a_file_that_ends_early_all_that_is_there_is_read() -> None:
    found = blogger.read(EXPORT[: EXPORT.index(b"page-2")])
    assert found.publication.articles[0].headline == "High water & low"
    assert "blogger-damaged" in {each.code for each in found.problems}


def test_a_post_without_a_date_is_told() -> None:
    found = blogger.read(TAKEOUT.replace(b"<published>2026-04-01T06:30:00Z</published>", b""))
    assert told(found, "blogger-without-date") == "articles without a day or time that can be read: 'High water'"


@pytest.mark.parametrize("body", [b"", b"<feed/>", b"<a/>", b"no", platform_files.packed({"a/feed.atom": b"<a/>"})])
def test_what_is_no_backup_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        blogger.read(body)


def test_xml_that_is_no_feed_is_told() -> None:
    with pytest.raises(Unreadable) as error:
        blogger.read(b"<a/>")
    assert error.value.problems[0].code == "blogger-no-feed"
