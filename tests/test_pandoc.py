"""Documents that pandoc reads for us: with the real pandoc."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher import formats, programs
from publisher.article import Article, Person
from publisher.formats import Context, Reading, pandoc
from publisher.problems import PublisherError, Unreadable
from tests import papers
from tests.papers import png

RST = """\
================
The tram is back
================

:author: Ines Calloway
:date: 2018-10-24

It **runs** [1]_, see `the map <https://lantern.example/map>`_.

.. [1] So the company says.

.. include:: /etc/passwd

.. image:: /etc/passwd
"""
LATEX = r"""
% a comment
\documentclass{article}
\title{The tram is back}\author{Ines Calloway}\date{24 October 2018}
\begin{document}\maketitle
\section{Why} It \emph{runs}.\footnote{So the company says.}
\end{document}
"""
OFFICE = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "style": "style",
            "meta": "meta",
        }.items()
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def odt(text: str = "", meta: str = "") -> bytes:
    content = (
        f'<office:document-content {OFFICE} office:version="1.3"><office:automatic-styles>'
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/></office:automatic-styles><office:body>'
        f'<office:text><text:p text:style-name="P1">The tram is back</text:p>{text}</office:text></office:body></office:document-content>'
    )
    return papers.packed_as(
        "application/vnd.oasis.opendocument.text",
        {
            "content.xml": content,
            "meta.xml": f"<office:document-meta {OFFICE}><office:meta>{meta}</office:meta></office:document-meta>",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            "Pictures/a.png": png(),
        },
    )


def read(body: str | bytes, path: str = "") -> Reading:
    return pandoc.read(body.encode() if isinstance(body, str) else body, Context(path=path))


def article(body: str | bytes, path: str = "") -> Article:
    return read(body, path).publication.articles[0]


def codes(body: bytes, path: str = "") -> set[str]:
    return {each.code for each in read(body, path).problems}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (odt(), "a.zip"),
        (rb"{\rtf1 It runs.}", "a.doc"),
        (LATEX.encode(), "a.txt"),
        (b"#+TITLE: The tram\n\nIt runs.", "notes"),
        (RST.encode(), "a.rst"),
        (b"h1. The tram\n\nIt *runs*.", "a.textile"),
        (b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "a.json"),
        (
            b'<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><body><section><p>x</p></section></body></FictionBook>',
            "a.xml",
        ),
        (b'<article xmlns="http://docbook.org/ns/docbook" version="5.0"><title>x</title><para>y</para></article>', "a.xml"),
        (b'<article dtd-version="1.3" article-type="news"><body><p>x</p></body></article>', "a.xml"),
    ],
)
def test_what_pandoc_reads_is_recognized(body: bytes, path: str) -> None:
    assert formats.detect(body, path) is pandoc
    assert read(body, path).publication.articles


@pytest.mark.parametrize(("body", "path"), [(b"It runs.", "a.md"), (b"\x89PNG\0\0", "a.rst"), (b"", "a.tex"), (b"<html>", "a.rst")])
def test_what_it_does_not_is_not(body: bytes, path: str) -> None:
    assert not pandoc.recognizes(body, path)


def test_restructured_text_says_title_author_and_date() -> None:
    found = article(RST, "2018/tram.rst")
    assert (found.headline, found.author, found.date_published) == ("The tram is back", (Person(name="Ines Calloway"),), date(2018, 10, 24))
    assert '<p>It <strong>runs</strong><sup><a href="#fn1" id="fnref1" role="doc-noteref">1</a></sup>' in found.body
    assert '<a href="https://lantern.example/map">the map</a>' in found.body


def test_no_file_of_this_machine_is_read() -> None:
    assert "root:" not in str(read(RST, "a.rst"))


def test_latex_says_title_author_and_date() -> None:
    found = article(LATEX)
    assert (found.headline, found.author, found.date_published) == ("The tram is back", (Person(name="Ines Calloway"),), date(2018, 10, 24))
    assert found.body.startswith("<h2>Why</h2>")
    assert 'role="doc-endnotes"' in found.body


def test_a_date_that_is_none_is_told() -> None:
    assert "pandoc-date-unreadable" in codes(LATEX.replace("24 October 2018", "soon").encode())


def test_a_headline_that_had_to_be_guessed_is_told() -> None:
    assert (article(rb"{\rtf1 The tram is back\par It runs.\par}").headline, "pandoc-headline-guessed" in codes(rb"{\rtf1 It runs.}")) == (
        "The tram is back",
        True,
    )


def test_a_heading_below_the_top_of_rtf_is_that_of_a_section() -> None:
    body = rb"{\rtf1 {\pard The tram is back\par}{\pard\outlinelevel0 Morning\par}{\pard It runs.\par}}"
    assert (article(body).headline, article(body).body) == ("The tram is back", "<h2>Morning</h2><p>It runs.</p>")
    assert "pandoc-headline-guessed" in codes(body)
    at_top = rb"{\rtf1 {\pard\outlinelevel0 The tram is back\par}{\pard It runs.\par}}"
    assert (article(at_top).headline, article(at_top).body) == ("The tram is back", "<p>It runs.</p>")


def test_only_headings_that_something_links_to_keep_their_names() -> None:
    found = article("#+TITLE: The tram\n\n* Morning\n:PROPERTIES:\n:CUSTOM_ID: dawn\n:END:\nIt runs.\n\n* Evening\nSee [[#dawn]].", "a.org")
    assert ('<h2 id="dawn">Morning</h2>' in found.body, "<h2>Evening</h2>" in found.body) == (True, True)


def test_the_word_image_describes_no_picture() -> None:
    assert "image" not in article("The tram\n========\n\nIt runs.\n\n.. image:: https://l.example/a.png\n", "a.rst").body.replace(
        "<img", ""
    )


def test_a_document_without_text_is_told() -> None:
    assert "pandoc-empty" in codes(odt())


def test_pictures_in_rtf_are_taken_out() -> None:
    found = read(rb"{\rtf1 The tram\par {\pict\pngblip\picw2\pich2 " + png().hex().encode() + rb"}\par}")
    address = found.publication.articles[0].body.partition('src="')[2].partition('"')[0]
    assert found.media(address) == png()


def test_open_document_has_title_head_of_table_and_picture() -> None:
    table = (
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Line</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row></table:table>"
    )
    frame = '<text:p><draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:desc>A grey square</svg:desc></draw:frame></text:p>'
    found = read(odt(f"<text:p>It runs.</text:p>{table}{frame}"))
    (said,) = found.publication.articles
    assert (said.headline, said.body.count("<th"), "Line" in said.body) == ("The tram is back", 2, True)
    address = said.body.partition('src="')[2].partition('"')[0]
    assert (found.media(address), 'alt="A grey square"' in said.body) == (png(), True)


def test_open_document_says_who_and_when() -> None:
    meta = "<meta:initial-creator>Ines Calloway</meta:initial-creator><meta:creation-date>2018-10-24T08:00:00</meta:creation-date><meta:keyword>tram, hill</meta:keyword>"
    found = article(odt("<text:p>It runs.</text:p>", meta))
    assert (found.author, found.keywords, str(found.date_published)) == (
        (Person(name="Ines Calloway"),),
        ("tram", "hill"),
        "2018-10-24 08:00:00+00:00",
    )
    assert "pandoc-date-guessed" in codes(odt("", meta))


def test_comments_and_changes_in_open_document_are_told() -> None:
    changes = (
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><text:p>It stands.</text:p></text:deletion></text:changed-region>'
        "</text:tracked-changes>"
    )
    text = f"{changes}<text:p>It <office:annotation><text:p>really?</text:p></office:annotation>runs.</text:p>"
    assert article(odt(text)).body == "<p>It runs.</p>"
    assert codes(odt(text)) >= {"pandoc-comments", "pandoc-changes"}


def test_a_picture_that_is_not_there_is_told() -> None:
    assert "pandoc-picture" in codes(odt('<text:p><draw:frame><draw:image xlink:href="Pictures/b.png"/></draw:frame></text:p>'))


# -- what cannot be read ----------------------------------------------------------------------------------------------------


def refusal(body: bytes, path: str = "") -> str:
    with pytest.raises(Unreadable) as refused:
        read(body, path)
    return refused.value.problems[0].code


def test_without_pandoc_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.path", [])
    with pytest.raises(Unreadable) as refused:
        read(LATEX)
    assert refused.value.problems[0].code == "pandoc-missing"
    assert "install pandoc" in refused.value.problems[0].hint


def test_a_program_inside_a_package_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pypandoc" / "files").mkdir(parents=True)
    (tmp_path / "pypandoc" / "__init__.py").write_text("")
    (tmp_path / "pypandoc" / "files" / "pandoc").write_text("")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    assert programs.find("pandoc", "pypandoc", "files/pandoc") == str(tmp_path / "pypandoc" / "files" / "pandoc")


def test_what_pandoc_does_not_understand_is_refused() -> None:
    assert refusal(rb"\documentclass{article}\begin{document}\begin{x") == "pandoc-failed"


def test_a_name_that_says_nothing_is_refused() -> None:
    assert refusal(b"It runs.", "a.txt") == "pandoc-unknown-kind"


def test_half_an_open_document_is_refused() -> None:
    assert refusal(odt()[:200]) == "pandoc-not-a-zip"


def test_a_program_that_takes_too_long_is_ended() -> None:
    with pytest.raises(programs.Failed, match="took too long"):
        programs.run(("sleep", "30"), b"", seconds=0.1, most=10)


def test_a_program_that_says_too_much_is_ended() -> None:
    with pytest.raises(programs.Failed, match="far more"):
        programs.run(("cat", "/dev/zero"), b"", seconds=10, most=1000)


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_damaged_documents_are_read_or_refused(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from([odt("<text:p>It runs.</text:p>"), LATEX.encode(), rb"{\rtf1 The tram\par It runs.}"]))
    start = data.draw(st.integers(0, len(body)))
    damaged = body[:start] + data.draw(st.binary(max_size=5)) + body[start + data.draw(st.integers(0, 50)) :]
    with contextlib.suppress(PublisherError):
        read(damaged)
