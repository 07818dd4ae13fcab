"""Entries of feeds of one form are read once: what is taken for right without being read is right when it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import alike, build, compare, entries, formats, schema
from publisher.article import Article, Image, Link, Media, Organization, Person, Publication
from publisher.formats import Target, newsarticle
from publisher.outputs import Output
from publisher.problems import Severity, Unreadable, at_least
from tests import strategies

HOME = "https://lantern.example/"
PAPER = Publication(
    identifier="tag:lantern.example,2026:paper",
    name="The Lantern",
    url=HOME,
    in_language="en-GB",
    publisher=Organization(name="The Press", url="https://press.example/"),
)
NAMES = ("rss", "atom", "jsonfeed")
TEXT = (
    '<p>They rang <em>{0}</em> times, as <a href="https://lantern.example/articles/0.html">ever</a>, and the keeper counted them, one by'
    " one, from the gallery of the light, until the wind had turned.</p><h2>Part {0}</h2><ul><li>a</li><li>b</li></ul>"
)


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    entries.forget()
    yield
    entries.forget()


def article(number: int, **members: Any) -> Article:
    """Return an article with other words, addresses and dates for each number."""
    held = Article(
        identifier=f"tag:lantern.example,2026:{number}",
        headline=f"Bells № {number}, the keeper’s",
        url=f"{HOME}articles/{number}.html",
        alternative_headline=f"Or {number}",
        description=f"All {number} of them.",
        body=TEXT.format(number),
        article_section=f"Harbour {number}",
        keywords=(f"bells {number}", f"the {number}"),
        in_language="en-GB",
        date_published=datetime(2026, 7, number, 12, tzinfo=UTC),
        date_modified=datetime(2026, 8, number, 12, tzinfo=timezone(timedelta(hours=1))),
        author=(Person(name=f"Ada Ng {number}", url=f"https://ada.example/{number}"), Person(name=f"Bo {number}")),
        image=(
            Image(
                content_url=f"{HOME}media/{number}.jpg",
                encoding_format="image/jpeg",
                width=1200 + number,
                height=800,
                caption=f"A {number}",
            ),
        ),
        associated_media=(
            Media(type="AudioObject", content_url=f"{HOME}media/{number}.mp3", encoding_format="audio/mpeg", content_size=number),
        ),
        citation=(Link(url=f"{HOME}articles/{number + 40}.html", name=f"Other {number}"),),
        license=f"https://licence.example/{number}",
    )
    return replace(held, **members)


def feed(name: str, *held: Article) -> bytes:
    return formats.writer(name).write(schema.with_articles(PAPER, held), Target(url=f"{HOME}feed.{name}"))


def is_right(name: str, document: bytes, *held: Article) -> bool:
    """Return whether the last entry of a feed is taken for right."""
    layout = formats.layout(name)
    assert layout
    found = layout.cut(document)
    if not found or len(found.entries) != len(held):
        return False
    parts = entries._parts(found.entries[-1], layout.spelled(held[-1].body))
    return entries._is_alike(sha256(layout.around(found)).digest(), parts, held[-1])


def is_right_when_read(name: str, document: bytes, *held: Article) -> bool:
    """Return whether a whole feed is right."""
    reviewer = formats.reviewer(name)
    assert reviewer
    with at_least(Severity.WARNING):
        reading, problems = reviewer.review(document)
    wanted = formats.writer(name).carry(schema.with_articles(PAPER, held))
    return not [each for each in problems if each.severity > Severity.INFO] and not [*compare.differences(wanted, reading.publication)]


def know(name: str, *held: Article) -> None:
    """Let a build prove a feed."""
    publication = schema.with_articles(PAPER, held)
    assert build.render(Output(path="feed", format=name, publication=publication, target=Target(url=f"{HOME}feed.{name}"))).problems == ()


@pytest.mark.parametrize("name", NAMES)
def test_one_entry_of_a_form_is_read(name: str) -> None:
    document = feed(name, article(1), article(3))
    assert not is_right(name, document, article(1), article(3))
    know(name, article(1), article(2))
    assert is_right(name, document, article(1), article(3))


@pytest.mark.parametrize("name", NAMES)
def test_a_build_reads_the_first_entry_and_those_unlike_it(name: str) -> None:
    layout = formats.layout(name)
    assert layout
    held = [*map(article, range(1, 9)), article(9, keywords=("one",)), article(10, headline="A & B")]
    know(name, article(1), article(2))
    part = entries.unread(layout, schema.with_articles(PAPER, held), feed(name, *held))
    assert part
    assert part.publication.articles == (held[0], held[8], held[9])


ODD = (
    *(
        "",
        " ",
        "x",
        "a b",
        "a  b",
        " a",
        "a\tb",
        "\x00",
        "\x1f",
        "\x85",
        "\xa0",
        "é 茶",
        "\u200b",
        "Ã¤lter",
        "â€™",
        "&",
        "&amp;",
        "&lt;b&gt;",
        "'",
        "\\n",
    ),
    *(
        "<",
        ">",
        '"',
        "<b/>",
        "</p>",
        "]]>",
        "<!--",
        "http://localhost/",
        "https://lantern.example/articles/3.html",
        "https://lantern.example/",
    ),
    *("//x", "a.html", "javascript:a", "https://lantern.example/undefined", "https://LANTERN.example/a", "https://lantern.example/a/../b"),
    *("https://lantern.example/%c3", "tag:lantern.example,2026:3", "tag:lantern.example,2026:9", "urn:x:y", "2026-07-03T12:00:00+00:00"),
    *(
        "2026-07-03",
        "2026-13-01",
        "Fri, 03 Jul 2026 12:00:00 +0000",
        "Sat, 03 Jul 2026 12:00:00 +0000",
        "Bells № 3, the keeper’s",
        "Ada Ng 3",
    ),
    *(
        "By Ada Ng",
        "Ada Ng and Bo",
        "Ng, Ada",
        "en_GB",
        "title",
        "author",
        "category",
        "html",
        "0",
        "-1",
        "1203",
        "image/png",
        "false",
        "{",
        ":",
    ),
)
"""What may be wrong, here or there."""


@pytest.mark.parametrize("name", NAMES)
def test_no_other_byte_of_an_entry_is_taken_for_right(name: str) -> None:
    held = article(1), article(3)
    know(name, article(1), article(2))
    whole = feed(name, *held)
    layout = formats.layout(name)
    found = layout.cut(whole) if layout else None
    assert found
    entry, tail = found.entries[-1].decode(), whole[whole.rindex(found.entries[-1]) + len(found.entries[-1]) :]
    head = whole[: -len(found.entries[-1]) - len(tail)]
    places = [0, *(number + 1 for number, each in enumerate(entry) if each in '<>"')]
    for first, last in pairwise(places):
        for odd in ODD:
            changed = b"".join((head, f"{entry[:first]}{odd}{entry[last - 1 :]}".encode(), tail))
            if changed != whole and is_right(name, changed, *held):
                assert is_right_when_read(name, changed, *held), changed


FIELDS = (
    "identifier",
    "headline",
    "url",
    "alternative_headline",
    "description",
    "article_section",
    "in_language",
    "license",
    "dateline",
    "body",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "field", [*FIELDS, "keywords", "author", "date_published", "date_modified", "image", "associated_media", "citation"]
)
def test_what_is_odd_is_read(name: str, field: str) -> None:
    know(name, article(1), article(2))
    for odd in ODD:
        for value in odd_values(field, odd):
            with suppress(ValueError):  # what no XML can have
                held = article(1), article(3, **{field: value})
                document = feed(name, *held)
                if is_right(name, document, *held):
                    assert is_right_when_read(name, document, *held), value


def odd_values(field: str, odd: str) -> Iterator[object]:
    image, media = article(3).image[0], article(3).associated_media[0]
    if field in FIELDS:
        yield odd
    elif field == "keywords":
        yield from ((odd, "the 3"), (odd,), ("the 3", "the 3"))
    elif field == "author":
        yield from (
            (Person(name=odd, url="https://ada.example/3"), Person(name="Bo 3")),
            (Person(name="Ada", url=odd), Person(name="Bo 3")),
        )
        yield (Organization(name=odd, url="https://ada.example/3"), Person(name="Bo 3"))
    elif field == "image":
        yield from ((replace(image, caption=odd),), (replace(image, content_url=odd),), (replace(image, content_url=f"{HOME}a.mp3"),))
    elif field == "associated_media":
        yield from ((replace(media, content_url=odd),), (replace(media, name=odd),), (replace(media, content_url=f"{HOME}a.jpg"),))
    elif field == "citation":
        yield from ((Link(url=odd, name="Other 3"),), (Link(url=f"{HOME}a", name=odd),))
    else:
        yield from (
            date(2026, 7, 3),
            datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            article(3).date_published,
            None,
        )


@given(st.lists(strategies.articles(), min_size=1, max_size=4), st.sampled_from(NAMES))
def test_whatever_is_taken_for_right_is_right(held: list[Article], name: str) -> None:
    entries.forget()
    numbered = [replace(each, identifier=f"tag:lantern.example,2026:{number}") for number, each in enumerate(held, 50)]
    more = [replace(each, headline=f"Other {number}") for number, each in enumerate(numbered)]
    build.render(Output(path="feed", format=name, publication=schema.with_articles(PAPER, [article(1), *numbered]), target=Target()))
    for each in (*numbered, *more):
        document = feed(name, article(1), each)
        if is_right(name, document, article(1), each):
            assert is_right_when_read(name, document, article(1), each)


@pytest.mark.parametrize(
    "body",
    ['<p><img alt="A" src="https://lantern.example/a.jpg"/></p>', "<p>a\u0085b</p>", "<p>Ã¤lter</p>", '<p><a href="a.html">a</a></p>'],
)
def test_a_text_that_rules_look_at_is_read(body: str) -> None:
    know("rss", article(1), article(2))
    held = article(1), article(3, body=TEXT.format(3) + body)
    assert not is_right("rss", feed("rss", *held), *held)


# -- lone JSON-LD ---------------------------------------------------------------------------------------------------------


def paper(held: Article) -> Publication:
    return schema.with_articles(PAPER, (held,))


def know_alone(*held: Article) -> None:
    for each in held:
        output = Output(path="a.jsonld", format="newsarticle", publication=paper(each), target=Target())
        assert build.render(output).problems == ()


def is_known(document: bytes, held: Article) -> bool:
    with at_least(Severity.WARNING):
        return newsarticle.is_known(document, paper(held))


def is_right_alone(document: bytes, held: Article) -> bool:
    with at_least(Severity.WARNING):
        reading, problems = newsarticle.review(document)
    lost = [*compare.differences(newsarticle.carry(paper(held)), reading.publication)]
    return not lost and not [each for each in problems if each.severity > Severity.INFO]


def test_one_document_of_a_form_is_read() -> None:
    documents = {number: newsarticle.write(paper(article(number))) for number in (1, 2, 3)}
    assert not is_known(documents[2], article(2))
    know_alone(article(1))
    assert [is_known(documents[number], article(number)) for number in (1, 2, 3)] == [True] * 3
    assert not is_known(documents[2], article(3))
    assert not newsarticle.is_known(documents[2], replace(paper(article(2)), name="Another"))


def test_no_other_byte_of_a_document_is_taken_for_right() -> None:
    know_alone(article(1), article(2))
    held = article(3)
    whole = newsarticle.write(paper(held)).decode()
    places = [0, *(number + 1 for number, each in enumerate(whole) if each in '<>":,')]
    for first, last in pairwise(places):
        for odd in ODD:
            changed = f"{whole[:first]}{odd}{whole[last - 1 :]}".encode()
            if changed != whole.encode() and is_known(changed, held):
                assert is_right_alone(changed, held), changed


@pytest.mark.parametrize(
    "field", [*FIELDS, "keywords", "author", "date_published", "date_modified", "image", "associated_media", "citation"]
)
def test_what_is_odd_is_read_alone(field: str) -> None:
    know_alone(article(1), article(2))
    for odd in ODD:
        for value in odd_values(field, odd):
            held, document = article(3, **{field: value}), b""
            with suppress(Unreadable):  # a body that is none
                document = newsarticle.write(paper(held))
            if document and is_known(document, held):
                assert is_right_alone(document, held), value


@given(st.lists(strategies.articles(), min_size=2, max_size=5))
def test_whatever_document_is_taken_for_right_is_right(held: list[Article]) -> None:
    entries.forget()
    for each in held:
        build.render(Output(path="a.jsonld", format="newsarticle", publication=paper(each), target=Target()))
    for each in (*held, *(replace(each, headline=f"Other {number}") for number, each in enumerate(held))):
        document = newsarticle.write(paper(each))
        if is_known(document, each):
            assert is_right_alone(document, each)


def test_no_more_forms_are_kept_than_a_site_has() -> None:
    for number in range(300):
        know(
            "jsonfeed",
            article(1),
            article(2, identifier=f"tag:lantern.example,2026:a{number}", keywords=tuple(f"k{each}" for each in range(number))),
        )
    assert 0 < len(alike._FORMS) <= 256
