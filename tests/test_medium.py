"""Medium's export becomes articles: its pages say in microformats what is what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from publisher import formats
from publisher.article import Article, Image, Person
from publisher.formats import Context, Reading, medium
from publisher.problems import Unreadable
from tests import platform_files
from tests.platform_files import told

EXPORT = platform_files.export("medium")


def page(content: str, footer: str = "", title: str = "Swans") -> bytes:
    header = f'<header><h1 class="p-name">{title}</h1></header>'
    return f'<html><body><article class="h-entry">{header}<section class="e-content">{content}</section><footer>{footer}</footer></article></body></html>'.encode()


def read(*pages: bytes) -> Reading:
    return medium.read(
        platform_files.packed({f"posts/2026-01-0{number}_A-4c0ffee1234{number}.html": each for number, each in enumerate(pages)})
    )


@pytest.fixture(scope="module")
def reading() -> Reading:
    return medium.read(EXPORT)


@pytest.fixture(scope="module")
def articles(reading: Reading) -> dict[str, Article]:
    return {each.headline: each for each in reading.publication.articles}


def test_it_is_recognized_from_its_content() -> None:
    assert formats.detect(EXPORT, "a.zip").NAME == "medium"
    assert formats.detect(platform_files.packed({"posts/a.html": page("x")})).NAME == "medium"


def test_pages_without_entries_are_no_export() -> None:
    assert not medium.recognizes(platform_files.packed({"posts/a.html": "<p>x</p>"}), "")


def test_a_post_keeps_what_is_known_of_it(articles: dict[str, Article]) -> None:
    found = articles["Counting swans"]
    assert (found.identifier, found.url) == ("https://medium.com/p/4c0ffee1234a", "https://medium.com/@raalto/counting-swans-4c0ffee1234a")
    assert (found.alternative_headline, found.date_published) == ("A winter on the lake", datetime(2026, 2, 11, 11, 23, 34, tzinfo=UTC))
    assert found.author == (Person(name="Riikka Aalto", url="https://medium.com/@raalto"),)


def test_the_picture_before_the_text_is_the_lead_picture(articles: dict[str, Article]) -> None:
    address = "https://cdn-images-1.medium.com/max/2560/1*abc.jpeg"
    assert articles["Counting swans"].image == (
        Image(content_url=address, caption="Forty of them. Photo: R. Aalto", description="Swans on ice"),
    )
    assert address not in articles["Counting swans"].body


def test_the_text_has_neither_the_title_again_nor_names_that_nobody_links_to(articles: dict[str, Article]) -> None:
    assert articles["Counting swans"].body == (
        '<p>I counted <em>forty</em>.</p><figure><img alt="" src="https://cdn-images-1.medium.com/max/800/1*def.jpeg"/><figcaption>The shore</figcaption></figure>'
        '<figure><p><a href="https://birds.example/">Birds</a></p><p>All of them</p></figure>'
        '<figure><a href="https://gist.github.com/r/1">https://gist.github.com/r/1</a><figcaption>The numbers</figcaption></figure>'
        '<figure><a href="https://www.youtube.com/embed/x">https://www.youtube.com/embed/x</a></figure><hr/><blockquote><p>Then they left.</p></blockquote>'
    )


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ('<h3 class="graf graf--h3 graf--title">Other</h3><p class="graf">x</p>', "<h2>Other</h2><p>x</p>"),
        ('Text <figure class="graf"><img src="https://a.example/a.jpg" alt="A"></figure>', '<p>Text</p><figure><img alt="A" src="https://a.example/a.jpg"/></figure>'),
        ('<figure class="graf"><iframe src="https://a.example/"></iframe></figure>', '<figure><a href="https://a.example/">https://a.example/</a></figure>'),
        ('<p class="graf" id="x">a</p><p class="graf" id="y"><a href="#x">up</a></p>', '<p id="x">a</p><p><a href="#x">up</a></p>'),
        ('<div class="graf--mixtapeEmbed">none</div>', "<p>none</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_any_content_becomes_a_text(content: str, body: str) -> None:
    assert read(page(content)).publication.articles[0].body == body


@pytest.mark.parametrize(("summary", "subtitle"), [("Forty swans", None), ("Forty swa…", None), ("On ice", "On ice"), ("", None)])
def test_a_subtitle_that_only_repeats_the_text_is_none(summary: str, subtitle: str | None) -> None:
    entry = page("<p>Forty swans came.</p>").replace(b"</header>", f'</header><section class="p-summary">{summary}</section>'.encode())
    assert read(entry).publication.articles[0].alternative_headline == subtitle


def test_tags_are_keywords() -> None:
    footer = '<p class="p-tags">Tagged in <a class="p-tag" href="https://medium.com/tag/b">Birds</a>, <a class="p-tag">Lakes</a></p>'
    assert read(page("x", footer)).publication.articles[0].keywords == ("Birds", "Lakes")


def test_known_authors_are_as_they_are_known() -> None:
    known = Person(name="Riikka Aalto", url="https://lake.example/riikka")
    assert medium.read(EXPORT, Context(parties={"riikka aalto": known})).publication.articles[0].author == (known,)


def test_drafts_are_drafts(reading: Reading, articles: dict[str, Article]) -> None:
    assert reading.drafts == {"https://medium.com/p/5d0ffee1234b"}
    assert (articles["Geese"].url, articles["Geese"].body) == (None, "<p>Louder.</p>")
    assert told(reading, "medium-unpublished") == "articles that are not published yet: 'Geese'"


def test_what_is_no_article_is_told(reading: Reading) -> None:
    assert told(reading, "medium-not-articles") == "what is no article was left out: 'claps', 'profile'"


def test_a_page_without_an_entry_takes_nothing_with_it() -> None:
    found = read(page("x"), b"<p>no</p>", b"")
    assert len(found.publication.articles) == 1
    assert told(found, "medium-no-entry").startswith("pages without an entry of Medium in them: 'posts/2026-01-01_A-4c0ffee12341.html'")


def test_a_damaged_page_takes_nothing_with_it() -> None:
    body = platform_files.packed({"posts/a-4c0ffee12340.html": page("x" * 99), "posts/b-4c0ffee12341.html": page("y")})
    place = body.index(b".html") + 5
    found = medium.read(body[:place] + b"\xff\xff" + body[place + 2 :])
    assert told(found, "medium-member-damaged") == "files of the archive that cannot be read: 'posts/a-4c0ffee12340.html'"
    assert len(found.publication.articles) == 1


def test_a_post_without_a_date_is_told() -> None:
    assert told(read(page("x")), "medium-without-date") == "articles without a day or time that can be read: 'Swans'"


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", platform_files.packed({"a.txt": b""})])
def test_what_is_no_export_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        medium.read(body)
    assert error.value.problems[0].code in ("medium-not-a-zip", "medium-no-posts")
