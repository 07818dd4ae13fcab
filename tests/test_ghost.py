"""Ghost's export becomes articles, whichever of its three forms a text is in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from publisher import formats
from publisher.article import Article, Image, Person, Publication
from publisher.formats import Context, Reading, ghost
from publisher.problems import Unreadable
from tests import platform_files
from tests.platform_files import told

EXPORT = platform_files.export("ghost")
SITE = Publication(identifier="https://rye.example/", name="The Rye Post", url="https://rye.example/")
CONTEXT = Context(publication=SITE)


def export(*posts: dict[str, Any], **tables: Any) -> bytes:
    rows = [
        {"id": str(number), "title": "Bread", "slug": "bread", "status": "published", "published_at": "2026-01-01T00:00:00.000Z"} | each
        for number, each in enumerate(posts)
    ]
    return json.dumps({"db": [{"meta": {"exported_on": 1, "version": "5"}, "data": {"posts": rows, **tables}}]}).encode()


def read(*posts: dict[str, Any], **tables: Any) -> Reading:
    return ghost.read(export(*posts, **tables), CONTEXT)


def only(**fields: Any) -> Article:
    (article,) = read(fields).publication.articles
    return article


def lexical(*nodes: dict[str, Any]) -> str:
    return only(lexical=json.dumps({"root": {"children": list(nodes)}})).body


@pytest.fixture(scope="module")
def reading() -> Reading:
    return ghost.read(EXPORT, CONTEXT)


@pytest.fixture(scope="module")
def articles(reading: Reading) -> dict[str, Article]:
    return {each.headline: each for each in reading.publication.articles}


@pytest.mark.parametrize("path", ["export.json", "", "feed.json"])
def test_it_is_recognized_from_its_content(path: str) -> None:
    assert formats.detect(EXPORT, path).NAME == "ghost"


@pytest.mark.parametrize(
    "body",
    [b'{"meta": {"exported_on": 1}, "data": {"posts": []}}', b'{"data": {"posts": []}}', b'\xef\xbb\xbf{"db":[{"data":{"posts":[]}}]}'],
)
def test_forms_of_other_programs_are_recognized(body: bytes) -> None:
    assert formats.detect(body).NAME == "ghost"
    assert ghost.read(body).publication.articles == ()


def test_a_post_keeps_what_is_known_of_it(articles: dict[str, Article]) -> None:
    found = articles["The bakery at four"]
    assert (found.identifier, found.url) == ("60a1f0c2d3e4b5a697887a01", "https://rye.example/the-bakery-at-four/")
    assert (found.description, found.is_based_on) == ("Before the town wakes", "https://elsewhere.example/bakery")
    assert (found.date_published, found.date_modified) == (datetime(2026, 2, 2, 4, tzinfo=UTC), datetime(2026, 2, 3, 5, tzinfo=UTC))
    assert (found.in_language, found.is_accessible_for_free) == ("en", False)


def test_the_primary_tag_is_the_section_and_internal_tags_are_told(reading: Reading, articles: dict[str, Article]) -> None:
    found = articles["The bakery at four"]
    assert (found.article_section, found.keywords) == ("Town", ("Bread",))
    assert told(reading, "ghost-internal-tags") == "internal tags were left out, since readers do not see them: '#wide'"


def test_authors_are_in_their_order_with_their_profiles(articles: dict[str, Article]) -> None:
    assert articles["The bakery at four"].author == (
        Person(
            name="Signe Holm",
            url="https://signe.example/",
            image=Image(content_url="https://rye.example/content/images/signe.jpg"),
            same_as=("https://twitter.com/signeholm", "https://www.facebook.com/signe.holm"),
        ),
        Person(name="Noah Idris"),
    )


def test_the_picture_above_a_post_has_its_caption_and_alternative_text(articles: dict[str, Article]) -> None:
    assert articles["The bakery at four"].image == (
        Image(content_url="https://rye.example/content/images/2026/02/bakery.jpg", caption="Four o’clock", description="A lit window"),
    )


def test_cards_in_finished_html_become_plain(articles: dict[str, Article]) -> None:
    assert articles["The bakery at four"].body == (
        '<p>Flour <em>first</em>.</p><figure><img alt="An oven" height="800" src="https://rye.example/content/images/2026/02/oven.jpg" width="1200"/><figcaption>The old oven</figcaption></figure>'
        '<figure><p><a href="https://bread.example/rye">On rye</a></p><p>All about it</p></figure>'
        "<hr/><p>💡 Bring a <b>bag</b>.</p><hr/><p><strong>Opening hours</strong></p><p>From four.</p>"
        '<figure><img alt="A" src="https://rye.example/content/images/a.jpg"/></figure><figure><img alt="B" src="https://rye.example/content/images/b.jpg"/></figure>'
        '<figure><a href="https://www.youtube.com/embed/dQw4w9WgXcQ">Kneading</a></figure>'
        '<figure><audio controls="controls" src="https://rye.example/content/media/bell.mp3"></audio><figcaption>The bell</figcaption></figure>'
        '<p><a href="https://rye.example/about/">About</a></p>'
    )


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ('<figure class="kg-card kg-video-card" data-kg-thumbnail="https://a.example/t.jpg"><div class="kg-video-container"><video src="https://a.example/v.mp4"></video><div class="kg-video-overlay"><button>Play</button></div></div><figcaption>Moving</figcaption></figure>',
         '<figure><video controls="controls" poster="https://a.example/t.jpg" src="https://a.example/v.mp4"></video><figcaption>Moving</figcaption></figure>'),
        ('<div class="kg-card kg-file-card"><a class="kg-file-card-container" href="https://a.example/f.pdf" download><div class="kg-file-card-contents"><div class="kg-file-card-title">Paper</div><div class="kg-file-card-caption">Read it</div></div></a></div>',
         '<p><a href="https://a.example/f.pdf">Paper</a> Read it</p>'),
        ('<div class="kg-card kg-file-card">None</div>', "<p>None</p>"),
        ('<figure class="kg-card kg-bookmark-card">None</figure>', "<figure>None</figure>"),
        ('<div class="kg-card kg-button-card kg-align-center"><a href="https://a.example/" class="kg-btn">Go</a></div>', '<p><a href="https://a.example/">Go</a></p>'),
        ("<!--kg-card-begin: html--><p>raw</p><!--kg-card-end: html-->", "<p>raw</p>"),
    ],
)  # fmt: skip
def test_each_card_in_finished_html_becomes_plain(html: str, body: str) -> None:
    assert only(html=html).body == body


def test_lexical_is_read_when_there_is_no_html(articles: dict[str, Article]) -> None:
    body = articles["In Lexical"].body
    for kept in (
        '<p><strong>Bold</strong> <em><strong>and both</strong></em><br/><a href="https://rye.example/x/">a link</a></p><h2>Part</h2>',
        '<ol start="3"><li>three</li></ol><blockquote><p>Quoted</p></blockquote><hr/>',
        '<figure><img alt="L" src="https://rye.example/content/images/l.jpg"/><figcaption>Cap</figcaption></figure>',
        '<figure><img alt="1" src="https://a.example/1.jpg"/></figure><figure><p><a href="https://b.example/">B</a></p><p>About b</p></figure>',
        '<p><strong>More</strong></p><p>Inside</p><p><a href="https://vimeo.com/1">Film</a></p>',
        "<figcaption>Sound</figcaption>",
        "<figcaption>Moving</figcaption>",
        '<p><a href="https://a.example/f.pdf">Paper</a> Read it</p><pre><code class="language-python">a &lt; b</code></pre>',
        "<p>raw</p><p><em>mark</em></p>",
        '<p><a href="https://go.example/">Go</a></p><h2>Head</h2><p>Sub</p><h3>Loaf</h3><p>Good</p><p><a href="https://shop.example/">Buy</a></p>',
        '<p>Come</p><p><a href="https://come.example/">Now</a></p>',
    ):
        assert kept in body


@pytest.mark.parametrize(
    ("node", "body"),
    [
        ({"type": "text", "text": "a", "format": 16}, "<p><code>a</code></p>"),
        ({"type": "text", "text": "a", "format": "x"}, "<p>a</p>"),
        ({"type": "text", "text": 5}, ""),
        ({"type": "paragraph", "children": [{"type": "text", "text": "<b>"}]}, "<p>&lt;b&gt;</p>"),
        ({"type": "heading", "tag": "script", "children": [{"type": "text", "text": "a"}]}, "<h2>a</h2>"),
        ({"type": "list", "listType": "bullet", "children": [{"type": "listitem", "children": [{"type": "text", "text": "a"}]}]}, "<ul><li>a</li></ul>"),
        ({"type": "link", "children": [{"type": "text", "text": "a"}]}, "<p>a</p>"),
        ({"type": "new", "children": [{"type": "text", "text": "a"}]}, "<p>a</p>"),
        ({"type": "embed", "html": "<p>x</p>"}, "<p>x</p>"),
        ({"type": "codeblock", "code": "a", "caption": "b"}, "<figure><pre><code>a</code></pre><figcaption>b</figcaption></figure>"),
        ({"type": "image"}, ""),
        ({"type": "gallery", "images": [5, {"src": "https://a.example/1.jpg", "alt": "1"}], "caption": "All"},
         '<figure><figure><img alt="1" src="https://a.example/1.jpg"/></figure><figcaption>All</figcaption></figure>'),
        ({"type": "bookmark", "metadata": 5}, ""),
        ({"children": 5}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_any_node_of_lexical_is_read_as_far_as_it_goes(node: dict[str, Any], body: str) -> None:
    assert lexical(node) == body


def test_mobiledoc_is_read_when_there_is_nothing_else(articles: dict[str, Article]) -> None:
    assert articles["In Mobiledoc"].body == (
        '<p>Plain <strong>strong <a href="https://a.example/">and linked</a></strong><br/>next</p><h2>Head</h2><ul><li>one</li><li>two</li></ul>'
        '<blockquote><p>Said</p></blockquote><figure><img alt="" src="https://rye.example/content/images/m.jpg"/><figcaption>Old</figcaption></figure>'
        "<p><strong>md</strong></p><pre><code>x</code></pre><hr/>"
    )


@pytest.mark.parametrize(
    ("document", "body"),
    [
        ({"sections": [[2, "https://a.example/a.jpg"]]}, '<figure><img alt="" src="https://a.example/a.jpg"/></figure>'),
        ({"sections": [[1, "script", [[0, [], 0, "a"]]]]}, "<p>a</p>"),
        ({"sections": [[3, "ol", [[[0, [], 0, "a"]]]]]}, "<ol><li>a</li></ol>"),
        ({"sections": [[1, "p", [[0, [0], 9, "a"]]]], "markups": [["b"]]}, "<p><b>a</b></p>"),
        ({"sections": [[1, "p", [[0, [0], 0, "a"]]]], "markups": [["script"]]}, "<p>a</p>"),
        ({"sections": [[1, "p", [[1, [], 0, 0]]]], "atoms": [["mention", "@bo", {}]]}, "<p>@bo</p>"),
        ({"sections": [[1, "p", [[0, ["x", 99, None], "y", 5]]], [10, 99], [10], [], 5, None]}, ""),
        ({"sections": 5}, ""),
    ],
)
def test_any_mobiledoc_is_read_as_far_as_it_goes(document: dict[str, Any], body: str) -> None:
    assert only(mobiledoc=json.dumps(document)).body == body


def test_drafts_and_what_is_scheduled_are_drafts(reading: Reading, articles: dict[str, Article]) -> None:
    assert reading.drafts == {articles[each].identifier for each in ("In Lexical", "In Mobiledoc")}
    assert articles["In Lexical"].date_published == datetime(2027, 1, 1, 8, tzinfo=UTC)
    assert (articles["In Mobiledoc"].date_published, articles["In Mobiledoc"].date_modified) == (None, datetime(2026, 3, 5, 2, tzinfo=UTC))
    assert (articles["In Mobiledoc"].type, articles["In Mobiledoc"].url) == ("Article", None)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("unpublished", "articles that are not published yet: 'In Lexical (scheduled)', 'In Mobiledoc (draft)'"),
        ("restricted", "articles only for members or for those who pay: 'The bakery at four (paid)'"),
        ("featured", "articles that were featured, and here are not: 'The bakery at four'"),
        ("cards", "cards that are no text were left out: 'signup', 'email', 'email-cta'"),
        ("code", "articles whose pages had code of their own, which was left out: 1"),
        ("email-only", "articles only sent by mail, so that they have no address: 'Only by mail'"),
        ("emails", "e-mail addresses of accounts left out, since no page shows them: 2"),
    ],
)
def test_each_loss_is_told_once(reading: Reading, code: str, message: str) -> None:
    assert told(reading, f"ghost-{code}") == message


def test_without_a_publication_it_is_told_that_the_site_is_unknown() -> None:
    assert told(ghost.read(EXPORT), "ghost-site-unknown") == "addresses on the site itself, which the export does not name: 9"
    assert ghost.read(EXPORT).publication.articles[0].url is None


def test_what_cannot_be_read_takes_nothing_with_it() -> None:
    body = export({"lexical": "{no"}, {"html": "<p>A</p>"}).replace(b'"posts": [', b'"posts": [5, null, ')
    found = ghost.read(body)
    assert [each.body for each in found.publication.articles] == ["", "<p>A</p>"]
    assert told(found, "ghost-malformed") == "entries that cannot be read: 3"


def test_early_versions_have_numbers_and_milliseconds() -> None:
    found = read({"id": 7, "published_at": 1388318120000, "author_id": 1, "image": "/content/a.jpg"}, users=[{"id": 1, "name": "Jo March"}])
    (article,) = found.publication.articles
    assert (article.identifier, article.date_published) == ("7", datetime(2013, 12, 29, 11, 55, 20, tzinfo=UTC))
    assert (article.author, article.image) == ((Person(name="Jo March"),), (Image(content_url="https://rye.example/content/a.jpg"),))


def test_a_post_without_a_date_is_told() -> None:
    assert told(read({"published_at": None}), "ghost-without-date") == "articles without a day or time that can be read: 'Bread'"


def test_pictures_in_an_archive_come_along() -> None:
    body = platform_files.packed(
        {"rye.json": export({"feature_image": "__GHOST_URL__/content/images/a.jpg"}), "content/images/a.jpg": b"picture"}
    )
    assert formats.detect(body, "rye.zip").NAME == "ghost"
    found = ghost.read(body, CONTEXT)
    address = found.publication.articles[0].image[0].content_url or ""
    assert address.startswith("https://rye.example/media/")
    assert found.media(address) == b"picture"
    assert found.media("https://rye.example/media/other.jpg") is None


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"db": []}', b'{"db": [{"data": {"posts": 5}}]}', b'{"db": [', b"\xff\xfe\x00", b""])
def test_what_is_no_export_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        ghost.read(body)


def test_json_without_posts_is_told() -> None:
    with pytest.raises(Unreadable) as error:
        ghost.read(b"{}")
    assert error.value.problems[0].code == "ghost-no-posts"
