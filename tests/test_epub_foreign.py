"""Other people's books: what becomes an article, in which section, with which pictures, and what is left out."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher import markup
from publisher.article import Article, Organization, Person
from publisher.formats import Reading, epub
from publisher.problems import PublisherError
from tests import papers

CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
DUBLIN = "<dc:creator>Ines Calloway</dc:creator>"
TEXT = "<p>The ferry sailed in the morning, and everybody was on the quay to see it go.</p>"


def entry(name: str, target: str = "", *inside: str) -> str:
    link = f'<a href="{target}">{name}</a>' if target else f"<span>{name}</span>"
    return f"<li>{link}{'<ol>' + ''.join(inside) + '</ol>' if inside else ''}</li>"


def point(name: str, target: str, *inside: str) -> str:
    return f'<navPoint><navLabel><text>{name}</text></navLabel><content src="{target}"/>{"".join(inside)}</navPoint>'


def book(
    pages: Mapping[str, str],
    *entries: str,
    landmarks: str = "",
    ncx: str = "",
    metadata: str = DUBLIN,
    tongue: str = "en",
    guide: str = "",
    members: Mapping[str, bytes | str] | None = None,
    not_in_order: tuple[str, ...] = (),
) -> bytes:
    """A book of pages, by name what is in their bodies; `entries` are its contents, `ncx` those of EPUB 2."""
    items = "".join(f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in pages)
    items += '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>' if entries else ""
    items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>' if ncx else ""
    order = "".join(f'<itemref idref="{name}"{" linear=" + chr(34) + "no" + chr(34) if name in not_in_order else ""}/>' for name in pages)
    nav = f'<nav epub:type="toc"><ol>{"".join(entries)}</ol></nav>' + (
        f'<nav epub:type="landmarks"><ol>{landmarks}</ol></nav>' if landmarks else ""
    )
    return papers.packed_as(
        "application/epub+zip",
        {
            "META-INF/container.xml": CONTAINER,
            "OPS/book.opf": (
                f'<package xmlns="http://www.idpf.org/2007/opf" version="{2 if ncx else 3}.0" unique-identifier="id">'
                '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
                f'<dc:identifier id="id">urn:isbn:1</dc:identifier><dc:title>Ferries</dc:title><dc:language>{tongue}</dc:language>{metadata}</metadata>'
                f"<manifest>{items}</manifest><spine{' toc=' + chr(34) + 'ncx' + chr(34) if ncx else ''}>{order}</spine><guide>{guide}</guide></package>"
            ),
            "OPS/nav.xhtml": page(nav),
            "OPS/toc.ncx": f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{ncx}</navMap></ncx>',
            **{f"OPS/{name}.xhtml": page(content) for name, content in pages.items()},
            **(members or {}),
        },
    )


def page(content: str) -> str:
    head, _, content = content.rpartition("</head>")
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title>'
        f"{head}</head><body>{content}</body></html>"
    )


def read(*given: object, **more: object) -> Reading:
    return epub.read(book(*given, **more))  # type: ignore[arg-type]


def said(*given: object, **more: object) -> list[tuple[str, str]]:
    return [(each.headline, each.body) for each in read(*given, **more).publication.articles]


def only(*given: object, **more: object) -> Article:
    (found,) = read(*given, **more).publication.articles
    return found


def message(code: str, *given: object, **more: object) -> str:
    return next((each.message for each in read(*given, **more).problems if each.code == code), "")


# -- which articles there are -----------------------------------------------------------------------------------------------


def test_each_entry_of_the_contents_is_an_article() -> None:
    pages = {"a": f"<h1>Out</h1>{TEXT}", "b": f"<h1>Back</h1>{TEXT}"}
    assert said(pages, entry("Out", "a.xhtml"), entry("Back", "b.xhtml")) == [("Out", TEXT), ("Back", TEXT)]


def test_the_contents_of_epub_2_count_as_well() -> None:
    pages = {"a": f"<p>Out</p>{TEXT}", "b": TEXT}
    assert said(pages, ncx=point("Out", "a.xhtml") + point("Back", "b.xhtml")) == [("Out", f"<p>Out</p>{TEXT}"), ("Back", TEXT)]


def test_entries_on_one_page_are_articles_that_begin_at_their_places() -> None:
    pages = {"a": f'<div id="x"><h2>Out</h2>{TEXT}<div><p>More.</p><h2 id="y">Back</h2></div>{TEXT}</div><p>End.</p>'}
    found = read(pages, entry("Out", "a.xhtml#x"), entry("Back", "a.xhtml#y"))
    assert [(each.headline, each.body) for each in found.publication.articles] == [
        ("Out", f"{TEXT}<p>More.</p>"),
        ("Back", f"{TEXT}<p>End.</p>"),
    ]
    assert [each.identifier for each in found.publication.articles] == ["urn:isbn:1#a.xhtml#x", "urn:isbn:1#a.xhtml#y"]


def test_what_stands_before_the_first_place_is_part_of_the_first_article() -> None:
    pages = {"a": f'<p>Before.</p><h2 id="x">Out</h2>{TEXT}<h2 id="y">Back</h2>{TEXT}'}
    assert said(pages, entry("Out", "a.xhtml#x"), entry("Back", "a.xhtml#y"))[0] == ("Out", f"<p>Before.</p>{TEXT}")


def test_entries_below_one_on_the_same_page_are_its_headings() -> None:
    pages = {"a": f'<h1>Ferries</h1><h2 id="x">Out</h2>{TEXT}<h2 id="y">Back</h2>{TEXT}'}
    contents = entry("Ferries", "a.xhtml", entry("Out", "a.xhtml#x"), entry("Back", "a.xhtml#y"))
    assert said(pages, contents) == [("Ferries", f'<h2 id="x">Out</h2>{TEXT}<h2 id="y">Back</h2>{TEXT}')]


def test_pages_without_an_entry_go_on_with_the_article_before() -> None:
    pages = {"a": f"<h1>Out</h1>{TEXT}", "a2": "<h2>Later</h2><p>Still out.</p>", "b": f"<h1>Back</h1>{TEXT}"}
    assert said(pages, entry("Out", "a.xhtml"), entry("Back", "b.xhtml"))[0] == ("Out", f"{TEXT}<h2>Later</h2><p>Still out.</p>")


def test_a_page_without_an_entry_that_has_a_title_of_its_own_is_an_article() -> None:
    pages = {"a": f"<h1>Out</h1>{TEXT}", "b": f"<h1>Back</h1>{TEXT}"}
    assert [headline for headline, _ in said(pages, entry("Out", "a.xhtml"))] == ["Out", "Back"]


def test_links_between_the_pages_of_one_article_stay_links() -> None:
    pages = {
        "a": '<h1>Out</h1><p>See <a href="a2.xhtml#n">below</a> and <a href="b.xhtml#n">there</a>.</p>',
        "a2": '<p id="n">Here.</p>',
        "b": "<h1>B</h1>",
    }
    (_, body), *_ = said(pages, entry("Out", "a.xhtml"), entry("B", "b.xhtml"))
    assert body == '<p>See <a href="#n">below</a> and there.</p><p id="n">Here.</p>'


def test_entries_above_others_are_sections() -> None:
    pages = {"s": "<h1>Harbour</h1>", "a": TEXT, "b": TEXT, "c": TEXT}
    found = read(
        pages,
        entry("Harbour", "s.xhtml", entry("Out", "a.xhtml"), entry("Back", "b.xhtml")),
        entry("Hill", "", entry("Up", "c.xhtml")),
    )
    assert found.publication.sections == ("Harbour", "Hill")
    assert [(each.headline, each.article_section) for each in found.publication.articles] == [
        ("Out", "Harbour"),
        ("Back", "Harbour"),
        ("Up", "Hill"),
    ]


def test_a_section_that_says_something_is_an_article_too() -> None:
    pages = {"s": f"<h1>Harbour</h1>{TEXT * 4}", "a": TEXT}
    assert said(pages, entry("Harbour", "s.xhtml", entry("Out", "a.xhtml")))[0] == ("Harbour", TEXT * 4)


# -- what is left out -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "more"),
    [
        (f'<section epub:type="copyright-page">{TEXT}</section>', {}),
        (f'<div epub:type="titlepage">{TEXT}</div>', {}),
        ("".join(f'<p><a href="a.xhtml#{n}">Chapter {n}</a></p>' for n in range(9)), {}),
        (TEXT, {"guide": '<reference type="cover" href="x.xhtml"/>'}),
        (TEXT, {"landmarks": '<li><a epub:type="copyright-page" href="x.xhtml">x</a></li>'}),
        (TEXT, {"not_in_order": ("x",)}),
    ],
)
def test_covers_contents_and_the_like_are_no_articles(content: str, more: dict[str, object]) -> None:
    pages = {"x": content, "a": f"<h1>Out</h1>{TEXT}"}
    assert said(pages, entry("Start", "x.xhtml"), entry("Out", "a.xhtml"), **more) == [("Out", TEXT)]
    assert "1 of 2 pages are no articles and were left out: x.xhtml" in message(
        "epub-pages-left-out", pages, entry("Start", "x.xhtml"), entry("Out", "a.xhtml"), **more
    )


def test_a_book_of_nothing_else_is_read_all_the_same() -> None:
    assert said({"x": f'<section epub:type="copyright-page">{TEXT}</section>'}, entry("Rights", "x.xhtml")) == [("Rights", TEXT)]


def test_a_page_without_text_is_told() -> None:
    assert message("epub-page-without-text", {"x": "<div></div>", "a": TEXT}, entry("Out", "a.xhtml")) == "1 of 2 pages have no text"


# -- what is said of them ---------------------------------------------------------------------------------------------------


def test_the_package_says_who_made_the_book() -> None:
    metadata = (
        '<dc:creator opf:role="aut">Ines Calloway</dc:creator><dc:creator id="e">Tom Reed</dc:creator>'
        '<meta refines="#e" property="role">edt</meta><dc:contributor opf:role="trl">Ana Díaz</dc:contributor>'
        '<dc:contributor opf:role="bkp">calibre (8.5.0)</dc:contributor><dc:creator>Unknown</dc:creator>'
        "<dc:subject>ferries</dc:subject><dc:subject>harbours</dc:subject>"
        '<dc:date opf:event="creation">2017-01-01</dc:date><dc:date opf:event="publication">2018-10-24</dc:date>'
    )
    found = only({"a": TEXT}, entry("Out", "a.xhtml"), metadata=metadata)
    assert (found.author, found.editor, found.contributor) == (
        (Person(name="Ines Calloway"),),
        (Person(name="Tom Reed"),),
        (Person(name="Ana Díaz"),),
    )
    assert (found.keywords, str(found.date_published)) == (("ferries", "harbours"), "2018-10-24")


def test_a_language_that_is_not_known_is_none() -> None:
    assert (only({"a": TEXT}).in_language, only({"a": TEXT}, tongue="und").in_language) == ("en", None)


def test_what_a_page_says_in_json_ld_comes_first() -> None:
    node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "The ferry sails",
        "author": {"@type": "Organization", "name": "Harbour News"},
        "datePublished": "2018-10-24",
    }
    found = only({"a": f'<script type="application/ld+json">{json.dumps(node)}</script></head><h1>Out</h1>{TEXT}'}, entry("Out", "a.xhtml"))
    assert (found.headline, found.author, str(found.date_published), found.body) == (
        "The ferry sails",
        (Organization(name="Harbour News"),),
        "2018-10-24",
        TEXT,
    )


def test_a_headline_keeps_its_words_together() -> None:
    assert said({"a": f"<h1>The f<i>e</i>rry<br/>sails</h1>{TEXT}"}, entry("x", "a.xhtml"))[0][0] == "The ferry sails"


def test_what_was_put_right_is_told_once_for_all_articles() -> None:
    pages = {name: f"<h1>{name}</h1><h4>Deep</h4>{TEXT}" for name in "abc"}
    told = [each for each in read(pages).problems if each.code == "body-heading-level"]
    assert len(told) == 1
    assert "and 2 more" in told[0].message
    assert not message("body-empty-heading", pages)


# -- pictures and notes -----------------------------------------------------------------------------------------------------


def test_pictures_are_published_at_a_place_of_the_book_and_unpacked_when_asked_for() -> None:
    members = {"OPS/images/a b.png": papers.png()}
    found = read({"a": f'{TEXT}<p><img src="images/a%20b.png" alt="A square"/></p>'}, entry("Out", "a.xhtml"), members=members)
    (address,) = markup.media(found.publication.articles[0].body)
    assert address == f"https://example.org/media/{hashlib.sha256(b'urn:isbn:1').hexdigest()[:16]}/OPS/images/a%20b.png"
    assert (found.media(address), found.media("https://example.org/other.png")) == (papers.png(), None)


def test_a_drawing_around_a_picture_is_the_picture() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="a.png"/></svg>'
    found = only({"a": f"{TEXT}<div>{drawing}</div>"}, entry("Out", "a.xhtml"), members={"OPS/a.png": papers.png()})
    assert '<img alt="" src="https://example.org/media/' in found.body


def test_notes_beside_the_text_become_notes_at_its_end() -> None:
    text = '<p>Out<a epub:type="noteref" href="#n">1</a>.</p><aside epub:type="footnote" id="n"><p>Or in.</p></aside>'
    assert only({"a": text}, entry("Out", "a.xhtml")).body == (
        '<p>Out<a href="#n" role="doc-noteref">1</a>.</p><div role="doc-endnotes"><ol><li id="n"><p>Or in.</p></li></ol></div>'
    )


def test_notes_on_a_page_of_their_own_come_with_the_text_that_refers_to_them() -> None:
    pages = {
        "a": '<h1>Out</h1><p>Out<a epub:type="noteref" href="n.xhtml#n1">1</a>.</p>',
        "n": '<section epub:type="endnotes"><ol><li id="n1"><p>Or in.</p></li></ol></section>',
    }
    assert said(pages, entry("Out", "a.xhtml"), entry("Notes", "n.xhtml")) == [
        (
            "Out",
            '<p>Out<a href="#note-1" role="doc-noteref">1</a>.</p><div role="doc-endnotes"><ol><li id="note-1">Or in.</li></ol></div>',
        )
    ]


# -- size -------------------------------------------------------------------------------------------------------------------


def test_a_page_with_thousands_of_places_is_taken_apart_in_time() -> None:
    places = range(3000)
    content = "".join(f'<h2 id="p{n}">{n}</h2><p>Text {n}.</p>' for n in places)
    start = time.process_time()
    found = read({"a": content}, *(entry(str(n), f"a.xhtml#p{n}") for n in places))
    assert len(found.publication.articles) == 3000
    assert time.process_time() - start < 30


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_books_are_read_or_refused(data: st.DataObject) -> None:
    pages = {
        "a": f'<h1 id="x">Out</h1>{TEXT}<h2 id="y">Back</h2><p><a epub:type="noteref" href="n.xhtml#n1">1</a></p>',
        "n": '<ol epub:type="endnotes"><li id="n1">x</li></ol>',
    }
    whole = book(pages, entry("All", "", entry("Out", "a.xhtml#x"), entry("Back", "a.xhtml#y")), ncx=point("Out", "a.xhtml"))
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != "mimetype"}
    name = data.draw(st.sampled_from(sorted(members)))
    start, length = data.draw(st.integers(0, len(members[name]))), data.draw(st.integers(0, 60))
    members[name] = members[name][:start] + data.draw(st.binary(max_size=4)) + members[name][start + length :]
    with contextlib.suppress(PublisherError):
        epub.read(papers.packed_as("application/epub+zip", members))


def test_a_page_with_names_that_xml_has_not_is_taken_apart() -> None:
    pages = {"a": f'<w:p epub:x:y="1"><h2 id="x">Out</h2>{TEXT}<br><h2 id="y">Back</h2>{TEXT}</w:p>'}
    assert [headline for headline, _ in said(pages, entry("Out", "a.xhtml#x"), entry("Back", "a.xhtml#y"))] == ["Out", "Back"]
