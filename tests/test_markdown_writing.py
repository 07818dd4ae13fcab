"""Markdown that we write: what the reader takes up again as it was, and what people see of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import imports, manuscript, markup, settings
from publisher.article import Article, Image, Media, Organization, Party, Person, Place, Publication
from publisher.formats import Context, markdown
from publisher.formats.markdown import prose
from publisher.text import escape, line, url
from tests import strategies
from tests.test_laws import same

LANTERN = Publication(
    identifier="https://lantern.example/",
    name="The Lantern",
    url="https://lantern.example/",
    in_language="en",
    publisher=Organization(name="The Lantern Press", url="https://press.example/"),
)
KNOWN: dict[str, Party] = {
    "the lantern press": Organization(name="The Lantern Press", url="https://press.example/"),
    "a, b & c": Person(name="A, B & C", url="https://people.example/abc/", same_as=("https://social.example/@abc",)),
}
CONTEXTS = st.sampled_from(
    [
        Context(),
        Context(publication=LANTERN, path="harbour/ferry.md", parties=KNOWN, time_zone=ZoneInfo("Europe/Berlin")),
        Context(publication=LANTERN, path="2018-10-24-ferry.md", smart=True),
    ]
)


@given(strategies.publications(least=1, most=1), CONTEXTS)
def test_what_is_carried_comes_back_and_only_that(publication: Publication, context: Context) -> None:
    same(markdown.read(markdown.write(publication, context), context).publication, markdown.carry(publication, context), "markdown")


@given(strategies.publications(least=1, most=1), CONTEXTS)
def test_carrying_twice_is_carrying_once_and_leaves_the_same_bytes(publication: Publication, context: Context) -> None:
    carried = markdown.carry(publication, context)
    same(markdown.carry(carried, context), carried, "markdown")
    assert markdown.write(carried, context) == markdown.write(publication, context)


def test_an_address_that_ends_in_an_empty_query_keeps_it() -> None:
    recording = Media(content_url="https://lantern.example/a.mp3?", type="AudioObject")
    publication = replace(LANTERN, articles=(Article(identifier="urn:x", headline="Ferry", associated_media=(recording,)),))
    (article,) = markdown.read(markdown.write(publication)).publication.articles
    assert article.associated_media == (recording,)


# -- bodies ----------------------------------------------------------------------------------------------------------------

TEXTS = st.text(alphabet="ab 1.-#*_`~=[](){}<>!|:\\\"'&@^%+/\n$éن中“", max_size=24)
LEAVES = st.one_of(
    TEXTS.map(escape),
    st.sampled_from(
        [
            '<img alt="a *b* [c]" src="https://e.org/a(1).png"/>',
            "<br/>",
            "<code>a `b` |</code>",
            "<pre>a\n\n  b</pre>",
            "<hr/>",
            "https://e.org/ and desk@e.org, www.e.org",
            "{{< figure >}} {% raw %} [[note]] ==mark== %%hidden%% ^id",
            "1. one",
            "+++",
            "---",
        ]
    ),
)
TAGS = (
    "p|em|strong|del|sub|sup|mark|q|kbd|a href='https://e.org/?a=b&amp;copy=1'|a id='x' href='#x'|span lang='fr'|h2|h3 id='y'|blockquote"
    "|ul><li|ol start='3'><li|li|table><tr><td|td|th|tr|dl><dt|dd|dt|figure|figcaption|ruby|rt|abbr title='t'|div|section lang='ar' dir='rtl'"
).split("|")


def _around(tag: str, inside: list[str]) -> str:
    names = [each.split()[0] for each in tag.split("><")]
    return f"<{tag}>{''.join(inside)}{''.join(f'</{each}>' for each in reversed(names))}"


MARKUP = st.recursive(LEAVES, lambda parts: st.builds(_around, st.sampled_from(TAGS), st.lists(parts, max_size=4)), max_leaves=14)


def read_back(text: str, *, smart: bool = False) -> str:
    context = Context(smart=smart)
    source = f"---\ntitle: x\ndate: 2026-01-01\n---\n\n{text}\n"
    return markdown.read(source.encode(), context).publication.articles[0].body


@given(st.lists(MARKUP, max_size=5).map("".join), st.booleans())
def test_any_body_comes_back_the_same(source: str, smart: bool) -> None:
    body = markup.clean(source)
    assert read_back(prose.from_body(body, url, str, smart=smart), smart=smart) == body


@given(TEXTS.map(line).filter(bool), st.booleans())
def test_any_caption_comes_back_the_same(text: str, smart: bool) -> None:
    assert manuscript.to_text(prose.escaped(text, smart=smart), smart=smart) == text


SAME = [
    "## What the *fog* said\n\nIt is **thin**: `a` and `b`, ~~gone~~, H~2~O.",
    "A [link](https://e.org/), <https://e.org/> and ![a dog](https://e.org/dog.jpg).",
    "- one\n- two\n  1. three\n  2. four\n- five",
    "- one\n\n- two",
    "- one\n\n* another list",
    "> A quote.\n>\n> - with a list",
    "```py\nif a:\n    b()\n```",
    "| a | b |\n| --- | --- |\n| 1 | *2* \\| 3 |",
    '![A dog](https://e.org/dog.jpg "At *noon*, \\"they\\" say")',
    "Ferry\n: A boat.\n\nBell\n: Rings.\n: Is bronze.",
    "Seen.[^1] And again.[^2]\n\n[^1]: A *note*.\n\n[^2]: One.\n\n    Two.",
    "First line,\\\nsecond line.",
    "1\\. is no list, \\* no mark, \\[x\\] no link, snake_case is a word, AT&T too.",
    "---",
]


@pytest.mark.parametrize("text", SAME)
def test_what_markdown_can_say_is_written_as_people_write_it(text: str) -> None:
    assert prose.from_body(read_back(text), url, str) == text


HTML = {
    '<p lang="ar" dir="rtl">مرحبا</p>': '<p dir="rtl" lang="ar">مرحبا</p>',
    "<p>The <q>clock</q> <small>(late)</small>.</p>": "The <q>clock</q> <small>(late)</small>.",
    "<figure><img alt='A' src='https://e.org/a.jpg' width='1' height='2'/><figcaption>B <small>C</small></figcaption></figure>": (
        '<figure>\n<img alt="A" height="2" src="https://e.org/a.jpg" width="1"/>\n<figcaption>B <small>C</small></figcaption>\n</figure>'
    ),
    "<figure><pre>1 2\n\n3 4</pre><figcaption>Bells</figcaption></figure>": (
        "<figure>\n<pre>1 2\n\n3 4</pre>\n<figcaption>Bells</figcaption>\n</figure>"
    ),
    "<p>a<em>b</em>c</p><p>x</p>": "a*b*c\n\nx",
    "<p>a<em>“b”</em>c</p><p>*x*</p>": "a<em>“b”</em>c\n\n\\*x\\*",
}


@pytest.mark.parametrize(("source", "text"), HTML.items())
def test_what_markdown_cannot_say_is_html_and_nothing_else_is(source: str, text: str) -> None:
    assert prose.from_body(markup.clean(source), url, str) == text


def test_links_to_places_in_the_text_keep_their_places() -> None:
    body = markup.clean('<h2 id="why">Why</h2><p>See <a href="#why">above</a>.</p><p id="x">X</p><h3>x</h3><p><a href="#x">x</a></p>')
    assert read_back(prose.from_body(body, url, str)) == body


def test_a_picture_that_front_matter_has_too_is_not_taken_for_it() -> None:
    picture = Image(content_url="https://e.org/a.jpg")
    article = Article(identifier="a", headline="A", image=(picture,), body='<p><img alt="" src="https://e.org/a.jpg"/></p><p>x</p>')
    part = replace(LANTERN, articles=(article,))
    assert markdown.read(markdown.write(part)).publication == markdown.carry(part)


def test_long_texts_take_little_time() -> None:
    for block in (
        "<p>*_`[</p>",
        "<h2>a</h2>",
        "<ul><li>a</li></ul>",
        "<p>a@b.c</p>",
        "<p><em>a</em><strong>b</strong></p>",
        "<p>a<br/>b</p>",
    ):
        body = markup.clean(block * 3_000)
        started = process_time()
        assert read_back(prose.from_body(body, url, str)) == body
        assert process_time() - started < 20


# -- front matter ----------------------------------------------------------------------------------------------------------


def test_front_matter_says_what_settings_do_not() -> None:
    article = Article(
        identifier="tag:lantern.example,2026:ferry",
        url="https://lantern.example/articles/ferry.html",
        headline="The ferry: late",
        in_language="en",
        author=(Person(name="Ada Byron"), Person(name="Karl Marx for the Times", url="https://marx.example/")),
        publisher=LANTERN.publisher,
        image=(Image(content_url="https://lantern.example/media/a%20b.jpg", caption="2 * 3"),),
        content_location=(Place(name="Quay", latitude=1e-06, longitude=-3.5),),
        keywords=("null", "a, b", "- c"),
    )
    context = Context(publication=LANTERN, path="harbour/ferry.md")
    assert markdown.write(replace(LANTERN, articles=(article,)), context, draft=True).decode() == (
        '---\ntitle: "The ferry: late"\nauthor:\n  - Ada Byron\n  - name: Karl Marx for the Times\n    type: Person\n'
        '    url: https://marx.example/\ntags: ["null", "a, b", "- c"]\nlocation:\n  name: Quay\n  latitude: 0.000001\n  longitude: -3.5\n'
        "image:\n  src: ../media/a%20b.jpg\n  caption: 2 \\* 3\ndraft: true\n---\n"
    )


@pytest.mark.parametrize(
    ("matter", "article"),
    [
        ("author: {name: THE FERRY TEAM, type: Person}", {"author": (Person(name="THE FERRY TEAM"),)}),
        ("author: {name: Ada Byron, type: Organization}", {"author": (Organization(name="Ada Byron"),)}),
        (
            f"image: {{src: https://e.org/a.jpg, alt: A, media_type: image/jpeg, width: 3, height: 2, content_size: 9, sha256: {'0f' * 32}}}",
            {
                "image": (
                    Image(
                        content_url="https://e.org/a.jpg",
                        description="A",
                        encoding_format="image/jpeg",
                        width=3,
                        height=2,
                        content_size=9,
                        sha256="0f" * 32,
                    ),
                )
            },
        ),
        ("image: {src: https://e.org/a.jpg, width: wide, sha256: no}", {"image": (Image(content_url="https://e.org/a.jpg"),)}),
        (
            "media: {src: https://e.org/a.mp3, type: MediaObject, media_type: audio/mpeg, content_size: 9}",
            {"associated_media": (Media(content_url="https://e.org/a.mp3", encoding_format="audio/mpeg", content_size=9),)},
        ),
        ("date: 1066-10-14", {"date_published": date(1066, 10, 14)}),
    ],
)
def test_a_mapping_that_says_more_is_taken_at_its_word(matter: str, article: dict[str, object]) -> None:
    text = f"---\ntitle: x\ndate: 2026-01-01\n{matter}\n---\n" if not matter.startswith("date") else f"---\ntitle: x\n{matter}\n---\n"
    (found,) = markdown.read(text.encode()).publication.articles
    assert {key: getattr(found, key) for key in article} == article


# -- publisher.toml --------------------------------------------------------------------------------------------------------


@given(strategies.publications(most=2))
def test_settings_of_any_publication_can_be_read(publication: Publication) -> None:
    found = settings.read(imports.settings_file(publication))[0].publication
    assert found.name == publication.name
    assert found.in_language == (publication.in_language or "en")
    assert found.description == publication.description
    assert set(publication.sections) <= set(found.sections)
