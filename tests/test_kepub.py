"""Books for Kobo: the spans are where Kobo's own converter puts them, all else stays, and reading takes them out again."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import formats, markup
from publisher.article import Article, Publication
from publisher.cleaner import local_name
from publisher.formats import Target, epub
from publisher.formats.epub import kepub
from publisher.markup import Element
from tests import epub_cases, strategies
from tests.judges.examples import EPUB

PAGE = '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>a.b</title></head><body>{}</body></html>'
SPAN = re.compile(r'<span class="koboSpan" id="kobo\.(\d+)\.(\d+)">(.*?)</span>', re.DOTALL)


def spanned(body: str) -> str:
    """Return what becomes of the inside of a body."""
    page = kepub.spanned(PAGE.format(body).encode()).decode()
    assert page.startswith(PAGE.partition("{}")[0])
    start, end = '<div id="book-columns"><div id="book-inner">', "</div></div></body></html>"
    inner = page.removeprefix(PAGE.partition("{}")[0])
    assert (inner[: len(start)], inner[-len(end) :]) == (start, end)
    return inner[len(start) : -len(end)]


def short(body: str) -> str:
    """Return the same with `[P.S …]` for each span."""
    return SPAN.sub(r"[\1.\2 \3]", spanned(body))


# -- as kepubify 4 does (kepub/transform_test.go) -------------------------------------------------------------------------

KEPUBIFY = [
    ("<p>Sentence 1. Sentence 2. Sentence 3.</p>", "<p>[1.1 Sentence 1. ][1.2 Sentence 2. ][1.3 Sentence 3.]</p>"),
    (
        "<p>Sentence 1. Sentence 2.</p><p>Sentence 3.</p><ul><li>Sentence 4</li><li>Sentence 5</li></ul><ol><li>Sentence 6</li></ol>"
        "<table><tbody><tr><td>Test</td></tr><tr><td>Test</td></tr></tbody></table>",
        "<p>[1.1 Sentence 1. ][1.2 Sentence 2.]</p><p>[2.1 Sentence 3.]</p><ul><li>[3.1 Sentence 4]</li><li>[3.2 Sentence 5]</li></ul>"
        "<ol><li>[4.1 Sentence 6]</li></ol><table><tbody><tr><td>[5.1 Test]</td></tr><tr><td>[5.2 Test]</td></tr></tbody></table>",
    ),
    ("<p>Sentence 1. Stray text\nAnother sentence.</p>", "<p>[1.1 Sentence 1. ][1.2 Stray text\nAnother sentence.]</p>"),
    ("<p>Sentence 1. Sentence 2. Stray text</p>", "<p>[1.1 Sentence 1. ][1.2 Sentence 2. ][1.3 Stray text]</p>"),
    (
        "<p>This is a test.\n    This is another.<span> </span>Another sentence.</p>\n    <p>Another paragraph.</p><p> </p><p></p>",
        "<p>[1.1 This is a test.\n    ][1.2 This is another.]<span> </span>[1.3 Another sentence.]</p>\n    <p>[2.1 Another paragraph.]</p>"
        "<p>[3.1  ]</p><p></p>",
    ),
    (
        '<p>Sentence<b> 1. </b>Sentence <span>2. Se</span>nten<a href="test.html">ce 3. Another word</a></p>',
        '<p>[1.1 Sentence]<b>[1.2  1. ]</b>[1.3 Sentence ]<span>[1.4 2. ][1.5 Se]</span>[1.6 nten]<a href="test.html">[1.7 ce 3. ]'
        "[1.8 Another word]</a></p>",
    ),
    (
        "<ul><li>One.</li><li>Two.<ul><li>Three.</li><li>Four.</li></ul></li><li>Five.</li></ul><div> Six.</div>",
        "<ul><li>[1.1 One.]</li><li>[1.2 Two.]<ul><li>[2.1 Three.]</li><li>[2.2 Four.]</li></ul></li><li>[2.3 Five.]</li></ul>"
        "<div>[2.4  Six.]</div>",
    ),
    (
        "<p>Touch this.</p><script>not this</script><style>or this</style><pre>or this</pre><audio>or this</audio><video>or this</video>"
        "<p>Touch this.</p>",
        "<p>[1.1 Touch this.]</p><script>not this</script><style>or this</style><pre>or this</pre><audio>or this</audio>"
        "<video>or this</video><p>[2.1 Touch this.]</p>",
    ),
    ('<p>One.</p><img src="test"/><p>Three.</p>', '<p>[1.1 One.]</p>[2.1 <img src="test"/>]<p>[3.1 Three.]</p>'),
    (
        "<p>One.</p><p> </p><p><!-- comment. --></p><p>Two.</p><p><b>Three.</b></p>",
        "<p>[1.1 One.]</p><p>[2.1  ]</p><p><!-- comment. --></p><p>[3.1 Two.]</p><p><b>[4.1 Three.]</b></p>",
    ),
]


@pytest.mark.parametrize(("body", "expected"), KEPUBIFY)
def test_spans_are_where_kepubify_puts_them(body: str, expected: str) -> None:
    assert short(body) == expected


# -- where we know better -------------------------------------------------------------------------------------------------

OURS = [
    ("<p>He said &quot;No.&quot; Then he went.</p>", "<p>[1.1 He said &quot;No.&quot; ][1.2 Then he went.]</p>"),
    ("<p>Cod &amp; chips. A &lt; b: c.</p>", "<p>[1.1 Cod &amp; chips. ][1.2 A &lt; b: ][1.3 c.]</p>"),
    ("<h1>It sails</h1>", "<h1>[0.1 It sails]</h1>"),
    ("<p>空が晴れた。海も晴れた。</p>", "<p>[1.1 空が晴れた。海も晴れた。]</p>"),
    ("<ruby>渡<rp>(</rp><rt>わた</rt><rp>)</rp></ruby>", "<ruby>[0.1 渡]<rp>(</rp><rt>[0.2 わた]</rt><rp>)</rp></ruby>"),
    (
        "<svg><title>A star.</title><g><text>B.</text></g></svg><p>C.</p>",
        "<svg><title>A star.</title><g><text>B.</text></g></svg><p>[1.1 C.]</p>",
    ),
    ("<math><mi>x</mi></math>", "<math><mi>x</mi></math>"),
    ('<nav hidden="hidden"><ol><li>a</li></ol></nav><p>b</p>', '<nav hidden="hidden"><ol><li>a</li></ol></nav><p>[1.1 b]</p>'),
    ('<p id="kobo.1.1">a</p><p>b</p>', '<p id="kobo.1.1">[1.2 a]</p><p>[2.1 b]</p>'),
    ('<p title="a > b. c">d</p>', '<p title="a > b. c">[1.1 d]</p>'),
    ("<picture><source srcset='a.webp'/><img src='a.png'/></picture>", "<picture><source srcset='a.webp'/><img src='a.png'/></picture>"),
    ("<p>a<br/>b</p>", "<p>[1.1 a]<br/>[1.2 b]</p>"),
    ("<p>\u00a0</p><div>\u00a0</div>", "<p>[1.1 \u00a0]</p><div>\u00a0</div>"),
]


@pytest.mark.parametrize(("body", "expected"), OURS)
def test_spans_are_only_where_they_may_be(body: str, expected: str) -> None:
    assert short(body) == expected


def test_a_page_with_spans_gets_no_more() -> None:
    page = kepub.spanned(PAGE.format("<p>One. Two.</p>").encode())
    assert kepub.spanned(page) == page


def test_ids_of_the_wrapper_that_a_text_has_are_left_to_it() -> None:
    page = kepub.spanned(PAGE.format('<h2 id="book-inner">a</h2>').encode())
    assert page.endswith(b'<body><h2 id="book-inner"><span class="koboSpan" id="kobo.0.1">a</span></h2></body></html>')


@pytest.mark.parametrize("page", ["", "<html/>", "<html><body/></html>", "</body><body>"])
def test_a_page_without_text_stays_as_it_is(page: str) -> None:
    assert kepub.spanned(page.encode()) == page.encode()


# -- and back again -------------------------------------------------------------------------------------------------------


def shape(element: Element) -> list[object]:
    """Return a tree as lists, with neighbouring texts as one."""
    inside = [part for each in element for part in (shape(each), each.tail or "")]
    return [local_name(element), sorted(element.items()), element.text or "", *inside]


@given(strategies.bodies())
def test_what_was_put_in_is_taken_out_and_the_text_is_the_same(body: str) -> None:
    page = PAGE.format(body).encode()
    before, after = markup.parse_xml(page), markup.parse_xml(kepub.spanned(page))
    assert "".join(map(str, before.itertext())) == "".join(map(str, after.itertext()))
    kepub.unwrap(after)
    assert shape(after) == shape(before)


@given(strategies.bodies())
def test_no_id_is_there_twice(body: str) -> None:
    found = [each.get("id") for each in markup.parse_xml(kepub.spanned(PAGE.format(body).encode())).iter("*") if each.get("id")]
    assert len(found) == len(set(found))


@given(st.text(alphabet="ab.!?:'\"” \n&;<>/p=-", max_size=40))
def test_nothing_that_is_no_xhtml_makes_it_fail_or_lose_a_character(text: str) -> None:
    made = kepub.spanned(f"<body>{text}</body>".encode()).decode()
    assert re.sub(r'</span>|<span class="koboSpan" id="kobo[.\d]+">|</?div[^>]*>', "", made) == f"<body>{text}</body>"


def test_the_exported_issue_reads_back_the_same() -> None:
    issue = epub.read(EPUB.read_bytes()).publication
    book = epub.write(issue, Target(kepub=True))
    assert epub.read(book).publication == issue
    assert [each for each in epub.check(book, epub.TARGETS) if not each.code.startswith("epub-cover")] == []


def test_a_strangers_book_for_kobo_reads_as_the_same_book_for_others() -> None:
    plain = foreign("<h1>The ferry</h1><p>It <em>sailed</em>. It came back.</p>")
    kobo = foreign(kepub.spanned(b"<body><h1>The ferry</h1><p>It <em>sailed</em>. It came back.</p></body>").decode()[6:-7])
    assert b"koboSpan" in kobo
    assert epub.read(kobo).publication == epub.read(plain).publication


def foreign(body: str) -> bytes:
    members = dict(epub_cases.members("good"))
    page = members["EPUB/notes.xhtml"]
    members["EPUB/notes.xhtml"] = page[: page.index(b"<body>") + 6] + body.encode() + page[page.index(b"</body>") :]
    return epub_cases.packed(members, {})


def test_every_page_of_a_book_for_kobo_has_spans_and_the_list_for_reading_systems_has_none() -> None:
    article = Article(identifier="urn:x:1", headline="The ferry", body="<p>It sailed. It came back.</p>")
    issue = Publication(identifier="urn:x", name="The Lantern", url="https://lantern.example/", articles=(article,))
    with zipfile.ZipFile(BytesIO(epub.write(issue, Target(kepub=True)))) as book:
        pages = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xhtml")}
    nav = pages.pop("EPUB/nav.xhtml")
    assert "kobo" not in nav
    assert all('id="kobo.' in page and '<div id="book-columns"><div id="book-inner">' in page for page in pages.values())


def test_a_book_for_kobo_is_recognized_by_what_it_is() -> None:
    issue = replace(epub.read(EPUB.read_bytes()).publication, articles=())
    assert formats.detect(epub.write(issue, Target(kepub=True)), "exports/the-lantern.kepub.epub").NAME == "epub"
