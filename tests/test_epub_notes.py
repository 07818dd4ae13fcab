"""Notes: there and back again."""

from __future__ import annotations

from _collections_abc import dict_values
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import markup
from publisher.article import Article, Publication
from publisher.formats import Target, epub
from publisher.formats.epub.notes import _TAG, _Notes, with_ways_back
from tests.test_markup import soups

ISSUE = Publication(identifier="x", name="Notes", url="https://bare.example/", in_language="en")
BACK = ' <a data-element="none" href="#{}" role="doc-backlink">↩\ufe0e</a></li>'
THERE = '<p>a<sup><a href="#n1" role="doc-noteref">1</a></sup> b<a href="#n1" role="doc-noteref">1</a></p>'
NAMED = THERE.replace('href="#n1"', 'href="#n1" id="r1"', 1)


def notes(inside: str, there: str = THERE) -> str:
    return f'{there}<div role="doc-endnotes"><ol><li id="n1">{inside}</li><li id="n2">c</li></ol></div>'


CASES = {
    "a note without a way back gets one": (notes("N", NAMED), notes("N", NAMED).replace("</li>", BACK.format("r1"), 1)),
    "the first reference gets a name for it": (
        notes("N"),
        notes("N").replace('href="#n1"', 'href="#n1" id="_ref-n1"', 1).replace("</li>", BACK.format("_ref-n1"), 1),
    ),
    "a way back that is there is enough": (notes('N <a href="#r1">^</a>', NAMED), notes('N <a href="#r1">^</a>', NAMED)),
    "also in an item of a list in it": (
        notes('N<ul><li>m <a href="#r1" role="doc-backlink">^</a></li></ul>', NAMED),
        notes('N<ul><li>m <a href="#r1" role="doc-backlink">^</a></li></ul>', NAMED),
    ),
    "what is no note stays": ('<ul><li id="a">b</li></ul>', '<ul><li id="a">b</li></ul>'),
}


@pytest.mark.parametrize(("body", "expected"), CASES.values(), ids=CASES)
def test_the_way_back(body: str, expected: str) -> None:
    assert markup.clean(body) == body
    assert with_ways_back(body) == expected


class Asked(dict[str, str]):
    """References that count how often all of them are gone through."""

    times = 0

    def values(self) -> dict_values[str, str]:
        self.times += 1
        return super().values()


def test_no_link_is_looked_for_among_all_references() -> None:
    """So many notes and so many links took the square of them."""
    references = Asked({f"n{each}": f"r{each}" for each in range(99)})
    notes = _Notes(references)
    for found in _TAG.finditer('<a href="#x">x</a>' * 99):
        notes.tag(found)
    assert references.times == 1


SOURCES = ["N", "<p>N</p><p>O</p>", "N<ul><li>m</li></ul>", "N <a href='https://e.org/'>x</a> "]


@pytest.mark.parametrize("inside", SOURCES)
def test_a_book_with_ways_back_is_in_order_and_gives_the_body_back(inside: str) -> None:
    body = markup.clean(notes(inside))
    issue = replace(ISSUE, articles=(Article(identifier="1", headline="H", in_language="en", body=body),))
    for book in (epub.write(issue), epub.write(issue, Target(kepub=True))):
        assert epub.read(book).publication.articles[0].body == body
        assert epub.check(book) == []


@given(st.lists(soups(), max_size=3))
def test_no_way_back_changes_what_comes_back(sources: list[str]) -> None:
    body = markup.clean(notes("".join(sources)))
    read = markup.parse_xml(f'<div xmlns="http://www.w3.org/1999/xhtml">{with_ways_back(body)}</div>'.encode())
    for each in list(read.iter("{*}a")):
        if each.get("data-element"):
            each.text = ""
    assert markup.fragment(read) == body
