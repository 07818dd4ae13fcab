"""Notes that stand beside the text become a list at its end, and links say that they lead to notes when they do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import formats, markup
from publisher.formats import Context, epub
from publisher.problems import Severity

ONE = '<a href="#n1" role="doc-noteref">1</a>'
CASES = {
    "as books have them": (
        '<p>a<a href="#n1" epub:type="noteref" role="doc-noteref">1</a></p><aside id="n1" epub:type="footnote" role="doc-footnote"><p>N</p></aside><p>b</p>',
        f'<p>a{ONE}</p><p>b</p><div role="doc-endnotes"><ol><li id="n1"><p>N</p></li></ol></div>',
    ),
    "one of the two ways to say it is enough": (
        '<p>a<a href="#n1" epub:type="noteref">1</a><a href="#n2" role="doc-noteref">2</a></p>'
        '<aside id="n2" role="doc-endnote">M</aside><aside id="n1" epub:type="z3998:note rearnote">N</aside>',
        f'<p>a{ONE}<a href="#n2" role="doc-noteref">2</a></p><div role="doc-endnotes"><ol><li id="n1">N</li><li id="n2">M</li></ol></div>',
    ),
    "a link to a note is one": (
        '<p>a<a href="#n1">1</a></p><aside id="n1" epub:type="footnote">N</aside>',
        f'<p>a{ONE}</p><div role="doc-endnotes"><ol><li id="n1">N</li></ol></div>',
    ),
    "but not in a note": (
        '<p>a<a href="#n1">1</a></p><aside id="n1" epub:type="footnote">N <a href="#n1">N</a></aside>',
        f'<p>a{ONE}</p><div role="doc-endnotes"><ol><li id="n1">N <a href="#n1">N</a></li></ol></div>',
    ),
    "where notes are held they stay, as Pandoc writes them": (
        '<p>a<a href="#n1" class="footnote-ref" id="r1" epub:type="noteref">1</a></p><section class="footnotes" epub:type="footnotes"><hr>'
        '<aside epub:type="footnote" role="doc-footnote" id="n1"><p>N<a href="#r1" role="doc-backlink">↩</a></p></aside></section><p>b</p>',
        '<p>a<a href="#n1" id="r1" role="doc-noteref">1</a></p><div role="doc-endnotes"><hr/><ol><li id="n1"><p>N<a href="#r1" '
        'role="doc-backlink">↩</a></p></li></ol></div><p>b</p>',
    ),
    "a list of notes is one, as Standard Ebooks writes it": (
        f'<p>a{ONE}</p><section epub:type="endnotes"><ol><li id="n1" epub:type="endnote"><p>N</p></li></ol></section>',
        f'<p>a{ONE}</p><div role="doc-endnotes"><ol><li id="n1"><p>N</p></li></ol></div>',
    ),
    "the text around a note stays apart": (
        '<p>a<a href="#n1">1</a><aside id="n1" role="doc-footnote">N</aside>b</p>',
        f'<p>a{ONE}</p><p>b</p><div role="doc-endnotes"><ol><li id="n1">N</li></ol></div>',
    ),
    "a note keeps its language": (
        '<p>a<a href="#n1">1</a></p><section lang="fr"><p>b</p><aside id="n1" role="doc-footnote">N</aside></section>',
        f'<p>a{ONE}</p><p lang="fr">b</p><div role="doc-endnotes"><ol><li id="n1" lang="fr">N</li></ol></div>',
    ),
    "a note in a note is another one": (
        '<p>a<a href="#n1">1</a></p><aside id="n1" role="doc-footnote" class="footnotes">N<a href="#n2" role="doc-noteref">2</a>'
        '<aside id="n2" role="doc-footnote">M</aside></aside>',
        f'<p>a{ONE}</p><div role="doc-endnotes"><ol><li id="n1">N<a href="#n2" role="doc-noteref">2</a></li><li id="n2">M</li></ol></div>',
    ),
    "what nothing refers to stays where it is": (
        '<p>a</p><aside id="n1" role="doc-footnote">N</aside><p>b</p>',
        "<p>a</p><p>N</p><p>b</p>",
    ),
    "a reference that leads to no note is a link": (f'<p>a{ONE}</p><p id="n1">b</p>', '<p>a<a href="#n1">1</a></p><p id="n1">b</p>'),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_notes_are_a_list(source: str, expected: str) -> None:
    assert markup.clean(source) == expected
    assert markup.clean(expected) == expected
    page = f'<body xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">{source.replace("<hr>", "<hr/>")}</body>'
    assert markup.fragment(markup.parse_xml(page.encode())) == expected


def test_a_note_that_is_all_there_is_stays() -> None:
    page = '<aside id="n1" role="doc-footnote">a<a href="#n1" role="doc-noteref">1</a><aside role="doc-footnote">b</aside></aside>'
    assert markup.fragment(markup.parse_xml(page.encode())) == "<p>a1</p><p>b</p>"


def test_what_was_moved_is_told_once() -> None:
    _, (repair,) = markup.mended(
        '<p>a<a href="#n1">1</a><a href="#n2">2</a></p><aside id="n2" role="doc-footnote">M</aside>'
        '<aside id="n1" role="doc-footnote">N</aside>'
    )
    found = repair.problem()
    assert (found.code, found.severity) == ("body-notes-gathered", Severity.INFO)
    assert found.message == "a note beside the text moved into a list at the end: 'N', and 1 more"


def test_a_page_with_notes_has_them_in_its_book() -> None:
    page = (
        '<!doctype html><html lang="en"><head><title>Notes</title><meta name="date" content="2026-11-20"></head><body><article>'
        '<h1>Notes</h1><p>Text<a href="#fn1" epub:type="noteref" role="doc-noteref">1</a>.</p>'
        '<aside id="fn1" epub:type="footnote" role="doc-footnote"><p>The note.</p></aside></article></body></html>'
    )
    reading = formats.get("webpage").read(page.encode(), Context())
    assert '<li id="fn1"><p>The note.</p></li>' in (reading.publication.articles[0].body or "")
    assert "body-notes-gathered" in [each.code for each in reading.problems]
    book = epub.write(reading.publication)
    assert epub.check(book) == []
    assert epub.read(book).publication.articles[0].body == reading.publication.articles[0].body


PIECES = (
    '<p>|</p>|<a href="#n1" epub:type="noteref">word</a>|<a href="#n2">word</a>|<aside id="n1" epub:type="footnote">|</aside>|'
    '<aside id="n2" role="doc-footnote" lang="fr">|<section epub:type="footnotes" id="n3">|</section>|<ol><li>|</li></ol>|<div dir="rtl">|'
    '</div>|<hr>|<table><tr><td>|</table>|<ul class="footnotes">|</ul>|<a href="#n3" role="doc-noteref">|</a>|<pre>|</pre>|<li id="n1">'
).split("|")


@given(st.lists(st.sampled_from(PIECES), max_size=16))
def test_no_word_in_or_beside_notes_is_lost_and_cleaning_twice_changes_nothing(pieces: list[str]) -> None:
    source = "".join(f"{each} word{number} " for number, each in enumerate(pieces))
    body = markup.clean(source)
    assert markup.clean(body) == body
    assert sorted(re.findall(r"word\d+", markup.to_text(body))) == sorted(f"word{each}" for each in range(len(pieces)))
    references = re.findall(r'<a href="#(\w+)"[^>]* role="doc-noteref"', body)
    assert set(references) <= set(re.findall(r'<li id="(\w+)"', body))
