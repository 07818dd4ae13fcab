"""Substack's export becomes articles: the list says what they are, and a page each what they say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from publisher import formats
from publisher.article import Article, Media, Publication
from publisher.formats import Context, Reading, substack
from publisher.problems import Unreadable
from tests import platform_files
from tests.platform_files import told

EXPORT = platform_files.export("substack")
SITE = Publication(identifier="https://letters.example/", name="Letters", url="https://letters.example/", in_language="en")
CONTEXT = Context(publication=SITE)
HEAD = "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n"


def export(html: str, row: str = "1.a,2026-01-01T00:00:00Z,true,,newsletter,everyone,A,,") -> bytes:
    return platform_files.packed({"posts.csv": f"{HEAD}{row}\n", "posts/1.a.html": html})


def body_of(html: str) -> str:
    return substack.read(export(html), CONTEXT).publication.articles[0].body


@pytest.fixture(scope="module")
def reading() -> Reading:
    return substack.read(EXPORT, CONTEXT)


@pytest.fixture(scope="module")
def articles(reading: Reading) -> dict[str, Article]:
    return {each.headline: each for each in reading.publication.articles}


@pytest.mark.parametrize("path", ["export.zip", "book.epub", ""])
def test_it_is_recognized_from_its_content(path: str) -> None:
    assert formats.detect(EXPORT, path).NAME == "substack"


def test_a_post_keeps_what_is_known_of_it(articles: dict[str, Article]) -> None:
    found = articles["First, a letter"]
    assert (found.identifier, found.url) == ("tag:letters.example,2026:substack-140001", "https://letters.example/p/first-letter")
    assert (found.alternative_headline, found.date_published) == ("On beginnings", datetime(2026, 3, 10, 12, tzinfo=UTC))
    assert (found.type, articles["About"].type, found.in_language) == ("BlogPosting", "Article", "en")


def test_a_podcast_has_its_recording(articles: dict[str, Article]) -> None:
    episode = articles["An episode"]
    assert episode.associated_media == (Media(content_url="https://api.substack.com/feed/podcast/140003.mp3", type="AudioObject"),)
    assert episode.is_accessible_for_free is False


def test_cards_become_plain_and_notes_come_to_the_end(articles: dict[str, Article]) -> None:
    assert articles["First, a letter"].body == (
        '<p>Dear <em>reader</em>,<sup><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup> hello.</p>'
        '<figure><img alt="A desk" src="https://bucket.example/a.png"/><figcaption>My <strong>desk</strong></figcaption></figure>'
        '<p><a href="https://shop.example/">Buy the book</a></p>'
        '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></p>'
        '<p><a href="https://twitter.com/a/status/1">So it begins</a></p>'
        '<figure><figure><img alt="Rooms" src="https://bucket.example/1.png"/></figure><figure><img alt="Rooms" src="https://bucket.example/2.png"/></figure><figcaption>Two</figcaption></figure>'
        "<blockquote><p>Hello is a word.</p></blockquote><p><code>E=mc^2</code></p>"
        '<div role="doc-endnotes"><ol><li id="fn-1"><p>Or listener. <a href="#fnref-1" role="doc-backlink">↩</a></p></li></ol></div>'
    )


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ('<div class="vimeo-wrap" data-attrs=\'{"videoId":"7"}\'></div>', '<p><a href="https://vimeo.com/7">https://vimeo.com/7</a></p>'),
        ('<div class="embedded-post-wrap" data-attrs=\'{"url":"https://a.example/","title":"A"}\'>x</div>', '<p><a href="https://a.example/">A</a></p>'),
        ('<div class="embedded-post-wrap" data-attrs="{no">kept</div>', "<p>kept</p>"),
        ('<div class="captioned-image-container"><p>kept</p></div>', "<p>kept</p>"),
        ('<div class="captioned-image-container"><img src="https://a.example/a.jpg" alt="A"></div>', '<figure><img alt="A" src="https://a.example/a.jpg"/></figure>'),
        ('<div class="image-gallery-embed" data-attrs="[]">kept</div>', "<p>kept</p>"),
        ('<div class="poll-embed" data-attrs="{}"><p>Vote</p></div>', ""),
        ('<p class="button-wrapper"><a href="https://a.example/">Go</a></p>', '<p><a href="https://a.example/">Go</a></p>'),
        ('<p>With <span class="mention-wrap" data-attrs=\'{"name":"Amelia"}\'></span>.</p>', "<p>With Amelia.</p>"),
        ('<div class="preformatted-block"><label class="hide-text">Text within this block</label><pre>a  b</pre></div>', "<pre>a  b</pre>"),
        ('<p>A<a class="footnote-anchor" href="#footnote-1">1</a></p><div class="footnote" id="footnote-1"><a class="footnote-number">1</a><div class="footnote-content"><p>B</p><p>\n</p></div></div>',
         '<p>A<sup><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup></p><div role="doc-endnotes"><ol><li id="fn-1"><p>B <a href="#fnref-1" role="doc-backlink">↩</a></p></li></ol></div>'),
        ('<a href="%%half_price%%">Half price</a>', "<p>Half price</p>"),
    ],
)  # fmt: skip
def test_each_card_becomes_plain(html: str, body: str) -> None:
    assert body_of(html) == body


def test_what_is_not_published_is_a_draft(reading: Reading, articles: dict[str, Article]) -> None:
    assert reading.drafts == {articles[each].identifier for each in ("Rough idea", "Nobody lists me.")}
    assert (articles["Rough idea"].date_published, articles["Rough idea"].url) == (None, None)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("unpublished", "articles that are not published yet: 'Rough idea', 'stray'"),
        ("restricted", "articles only for those who pay or subscribe: 'An episode (only_paid)'"),
        ("text-missing", "posts without a text in the archive: 'Lost'"),
        ("not-listed", "texts not in posts.csv, so that nobody knows their titles and dates: '140009.stray'"),
        ("widgets", "what asks readers to subscribe, to share or to answer was left out: 'button-wrapper', 'subscription-widget-wrap'"),
        ("recordings", "recordings that only Substack plays were left out: 'Voice'"),
        ("people", "lists of subscribers and statistics were not read: 'email_list.letters.csv'"),
    ],
)
def test_each_loss_is_told_once(reading: Reading, code: str, message: str) -> None:
    assert told(reading, f"substack-{code}") == message


def test_a_post_without_a_date_is_told() -> None:
    assert "substack-without-date" in {
        each.code for each in substack.read(export("<p>x</p>", "1.a,,true,,newsletter,everyone,A,,")).problems
    }


def test_a_list_that_cannot_be_read_to_its_end_gives_what_it_can() -> None:
    found = substack.read(export("<p>x</p>", f"1.a,2026-01-01,true,,,,A,,\n2.b,2026-01-01,true,,,,{'B' * 200_000},,"))
    assert [each.headline for each in found.publication.articles] == ["A"]
    assert "substack-list-damaged" in {each.code for each in found.problems}


def test_a_damaged_text_takes_nothing_with_it() -> None:
    body = platform_files.packed(
        {
            "posts.csv": f"{HEAD}1.a,2026-01-01,true,,,,A,,\n2.b,2026-01-01,true,,,,B,,\n",
            "posts/1.a.html": "a" * 99,
            "posts/2.b.html": "<p>B</p>",
        }
    )
    place = body.index(b"posts/1.a.html") + 14
    found = substack.read(body[:place] + b"\xff\xff" + body[place + 2 :])
    assert [each.body for each in found.publication.articles] == ["", "<p>B</p>"]
    assert told(found, "substack-member-damaged") == "files of the archive that cannot be read: 'posts/1.a.html'"


def test_pictures_in_the_archive_come_along() -> None:
    members = {
        "posts.csv": f"{HEAD}1.a,2026-01-01,true,,,,A,,\n",
        "posts/1.a.html": '<img src="images/a.png" alt="A"><img src="images/b.png" alt="B">',
    }
    found = substack.read(platform_files.packed({**members, "posts/images/a.png": b"one", "posts/images/b.png": b"one"}), CONTEXT)
    first, second = [each for each in found.publication.articles[0].body.split('"') if each.startswith("https://letters.example/media/")]
    assert first == second
    assert found.media(first) == b"one"


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", platform_files.packed({"a.txt": b""})])
def test_what_is_no_export_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        substack.read(body)
    assert error.value.problems[0].code in ("substack-not-a-zip", "substack-no-posts")


def test_an_archive_in_a_folder_is_read() -> None:
    body = platform_files.packed({f"export/{name}": content for name, content in platform_files.members("substack").items()})
    assert formats.detect(body).NAME == "substack"
    assert substack.read(body, CONTEXT).publication == substack.read(EXPORT, CONTEXT).publication
