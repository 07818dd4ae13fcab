"""Pages of one form are judged once: what is known of one changes no verdict on another, and nothing that is read of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import alike, build, schema
from publisher.article import Article, Image, Link, Organization, Person, Publication
from publisher.formats import Alternate, Reading, Target, webpage
from publisher.formats.webpage import forms
from publisher.formats.webpage.page import parsed
from publisher.formats.webpage.reader import read_page
from publisher.formats.webpage.rules import check_page
from publisher.linked import forms as linked_forms
from publisher.outputs import Output
from publisher.problems import Problem, Severity, Unreadable, at_least
from publisher.surroundings import Surroundings
from tests import strategies

ROOT = Path(__file__).parent.parent
HOME = "https://lantern.example/"
PAPER = Publication(
    identifier=HOME, name="The Lantern & Wick", url=HOME, in_language="en-GB", publisher=Organization(name="The Press", url=HOME)
)
SITE = Surroundings(
    sheet=f"{HOME}style.css",
    sections=(Link(url=f"{HOME}sections/harbour.html", name="Harbour"),),
    trail=(Link(url=f"{HOME}sections/harbour.html", name="Harbour"),),
    older=Link(url=f"{HOME}articles/old.html", name="Before"),
    more=(Link(url=f"{HOME}articles/more.html", name="Another", in_language="en-GB"),),
)
FEED = Alternate(url=f"{HOME}feed.rss", media_type="application/rss+xml", title="RSS")
TEXT = '<p>They rang <em>{0}</em> times, as <a href="https://lantern.example/articles/0.html">ever</a>.</p><h2>Part {0}</h2><ul><li>a</li></ul>'


def article(number: int) -> Article:
    """Return an article with other words, addresses and dates for each number."""
    return Article(
        identifier=f"tag:lantern.example,2026:{number}",
        headline=f"Bells № {number}, the keeper’s",
        url=f"{HOME}articles/{number}.html",
        description=f"All {number} of them.",
        body=TEXT.format(number),
        article_section=f"Harbour {number}",
        keywords=("bells", f"the {number}"),
        in_language="en-GB",
        date_published=datetime(2026, 7, number, 12, tzinfo=UTC),
        date_modified=datetime(2026, 8, number, 12, tzinfo=UTC),
        author=(Person(name=f"Ada Ng {number}", url=f"https://ada.example/{number}"), Person(name=f"Bo {number}")),
        image=(Image(content_url=f"{HOME}media/{number}.jpg", width=1200 + number, height=800, description=f"Bell {number}"),),
    )


def page(held: Article) -> bytes:
    return webpage.write(
        schema.with_articles(PAPER, (held,)),
        Target(url=held.url, site=SITE, alternates=(FEED,)),
    )


Review = tuple[Reading, list[Problem]] | tuple[Problem, ...]


def review(body: bytes) -> Review:
    """Return what a build is told of a page."""
    with at_least(Severity.WARNING):
        try:
            return webpage.review(body)
        except Unreadable as error:
            return error.problems


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (forms, linked_forms):
        monkeypatch.setattr(module, "_FORMS", {})
    alike.forget()


def in_full(body: bytes) -> Review:
    """Return what a build is told of a page that it parses."""
    with at_least(Severity.WARNING):
        try:
            seen = parsed(body)
            problems = check_page(seen)
            return read_page(seen, known=seen.exact), problems
        except Unreadable as error:
            return error.problems


def know() -> None:
    assert review(page(article(1)))[1] == []
    assert forms._FORMS


def is_known(body: bytes) -> bool:
    with at_least(Severity.WARNING):
        return forms.known(body) is not None


def test_a_form_is_judged_once() -> None:
    assert not is_known(page(article(1)))
    review(page(article(1)))
    assert [is_known(page(article(number))) for number in (1, 2, 3)] == [True] * 3


def test_what_is_known_is_read_as_it_is() -> None:
    for number in range(1, 28):
        held = article(number)
        assert review(page(held)) == (Reading(publication=schema.with_articles(PAPER, (held,))), [])
    assert len(forms._FORMS) == 1


ODD = (
    *(
        "",
        " ",
        "\n",
        "x",
        "#",
        "#nowhere",
        "/",
        "a b",
        "a\nb",
        "\x00",
        "\x1f",
        "\r",
        "\xa0",
        "é 茶",
        "\ud7ff",
        "&",
        "&amp;",
        "&copy;",
        "&#60;",
        "'",
    ),
    *("<", ">", '"', "</p>", "<b>", "<!--", "-->", "</div>", '" id="_main', '"><h1>x</h1><a href="', "</script>", "<script>", "</title>"),
    *(
        "http://localhost/",
        "https://lantern.example/articles/7.html",
        "https://lantern.example/articles/3.html#x",
        "//x",
        "a.html#b",
        "a:b",
    ),
    *(
        "2026-07-03T12:00:00+00:00",
        "2026-07-03",
        "2026-13-01",
        "2031-01-01T00:00:00+00:00",
        "1.7.2026",
        "By Ada Ng",
        "Bells № 3, the keeper’s",
    ),
    *(
        "en_GB",
        "noindex",
        "canonical",
        "stylesheet",
        "application/ld+json",
        "text/xml",
        "_main",
        "body e-content",
        "0",
        "12px",
        "1200",
        "\\",
        "\\u0041",
    ),
)
"""What may be wrong, here or there."""


def changes(body: bytes, step: int = 9 if strategies.THOROUGH else 29) -> Iterator[bytes]:
    """Yield the page with some of the odd values in the place of each value: whatever is between quotes, or between tags."""
    text = body.decode()
    for number, found in enumerate(re.finditer(r'(?<=[">])[^"<>]*(?=["<])', text)):
        for odd in ODD[number % step :: step]:
            yield f"{text[: found.start()]}{odd}{text[found.end() :]}".encode()


@pytest.mark.hypothesis  # `make laws` has three times as many
@pytest.mark.parametrize("part", range(4))
def test_a_known_form_changes_no_verdict_on_any_value(part: int) -> None:
    know()
    for number, body in enumerate(changes(page(article(3)))):
        if number % 4 == part:
            assert review(body) == in_full(body), body


@given(st.lists(strategies.articles(), min_size=2, max_size=5))
def test_articles_of_all_kinds_are_read_alike(held: list[Article]) -> None:
    pages = [page(each) for each in held if each.url]
    alone = [in_full(each) for each in pages]
    assert [review(each) for each in (*pages, *pages)] == [*alone, *alone]


@given(strategies.bodies())
def test_a_text_is_read_as_a_tree_says(body: str) -> None:
    know()
    changed = page(replace(article(3), body=body))
    assert review(changed) == in_full(changed)


@pytest.mark.parametrize("path", sorted((ROOT / "exports/articles").glob("*.html")), ids=lambda path: path.stem)
def test_our_own_pages_are_judged_alike(path: Path) -> None:
    body = path.read_bytes()
    alone = in_full(body)
    assert [review(body), review(body)] == [alone, alone]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<h2>Part 3</h2>", "<h3>Part 3</h3>"),
        ("<h2>Part 3</h2>", "<h1>Part 3</h1>"),
        ("<h2>Part 3</h2>", '<p id="_main">Part 3</p>'),
        ("</ul></div>", "</ul></div><div>more</div>"),
        ("<p>They", "<p hidden>They"),
        ("<li>a</li>", '<li><a href="#nowhere">a</a></li>'),
        ("<li>a</li>", '<li><img src="a.jpg"></li>'),
    ],
)
def test_a_text_that_is_not_simple_is_read_in_full(old: str, new: str) -> None:
    body = page(article(3)).decode()
    assert old in body
    changed = body.replace(old, new, 1).encode()
    know()
    assert review(changed) == in_full(changed)


# -- pages of which nothing is read ---------------------------------------------------------------------------------------


def know_whole(*held: Article) -> None:
    for each in held:
        publication, target = schema.with_articles(PAPER, (each,)), Target(url=each.url, site=SITE, alternates=(FEED,))
        assert build.render(Output(path="a.html", format="webpage", publication=publication, target=target)).problems == ()


def is_taken(body: bytes, held: Article) -> bool:
    with at_least(Severity.WARNING):
        return webpage.is_known(body, schema.with_articles(PAPER, (held,)))


def is_right(body: bytes, held: Article) -> bool:
    found = in_full(body)
    return len(found) == 2 and found == (Reading(publication=schema.with_articles(PAPER, (held,))), [])


def test_nothing_is_read_of_a_page_that_is_of_a_form_and_says_what_it_has_to() -> None:
    assert not is_taken(page(article(2)), article(2))
    know_whole(article(1))
    assert [is_taken(page(article(number)), article(number)) for number in (1, 2, 3)] == [True] * 3
    assert not is_taken(page(article(2)), article(3))
    assert not is_taken(page(article(2)), replace(article(2), body="<p>Other</p>"))
    assert not webpage.is_known(page(article(2)), schema.with_articles(replace(PAPER, name="Another"), (article(2),)))


@pytest.mark.parametrize("part", range(4))
def test_no_other_value_in_a_page_is_taken_for_right(part: int) -> None:
    know_whole(article(1), article(2))
    for number, body in enumerate(changes(page(article(3)), step=2)):
        if number % 4 == part and is_taken(body, article(3)):
            assert is_right(body, article(3)), body


@given(st.lists(strategies.articles(), min_size=2, max_size=4))
def test_whatever_page_is_taken_for_right_is_right(held: list[Article]) -> None:
    pages = [(page(each), each) for each in held if each.url]
    for _, each in pages:
        publication, target = schema.with_articles(PAPER, (each,)), Target(url=each.url, site=SITE, alternates=(FEED,))
        build.render(Output(path="a.html", format="webpage", publication=publication, target=target))
    for body, each in pages:
        if is_taken(body, each):
            assert is_right(body, each)


def test_no_form_is_kept_where_something_is_wrong() -> None:
    broken = page(article(1)).replace(b"<h1 ", b'<h1 id="_main" ')
    assert review(broken)[1]
    assert forms._FORMS == {}


def test_advice_is_given_of_every_page() -> None:
    know()
    bare = page(article(3)).replace(b'<link rel="alternate" href="https://lantern.example/feed.rss"', b'<link rel="next" href="x"')
    assert "page-feed-missing" in {each.code for each in webpage.review(bare)[1]}


def test_no_more_forms_are_kept_than_a_site_has() -> None:
    for number in range(300):
        review(page(replace(article(1), keywords=("a",) * number)))
    assert 0 < len(forms._FORMS) <= 256
