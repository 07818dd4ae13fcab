"""The judges work, and they can fail: each accepts something good and finds a defect planted in it."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from pyld import jsonld

from publisher.judges import JudgeFailed, Refused, program
from publisher.judges.worker import Worker
from publisher.problems import Severity
from tests.judges import ace, chromium, epubcheck, feeds, graphs, mupdf, nu
from tests.judges.test_graphs import strict

pytestmark = pytest.mark.judges

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Fähre</title>
<style>@media (prefers-color-scheme: dark) { body { background: #000 } }</style></head>
<body><h1>The ferry’s last trip</h1></body></html>
"""
IN_MAIN = (
    PAGE.replace("<h1>", "<main><h1>")
    .replace("</h1>", "</h1></main>")
    .replace("</style>", "h1 { color: #777; font-size: 3rem } .ink { color: #222 }</style>")
)
XHTML_PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>Fähre</title></head>
<body><p id="empty"/><p>The ferry’s last trip</p></body></html>
"""
XHTML = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><title>Contents</title></head><body><h1>The ferry’s last trip</h1>
<nav epub:type="toc"><ol><li><a href="nav.xhtml">Contents</a></li></ol></nav></body></html>
"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:example:1</dc:identifier><dc:title>Issue</dc:title>
<dc:language>en</dc:language><meta property="dcterms:modified">2026-11-23T00:00:00Z</meta></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>
<spine><itemref idref="nav"/></spine></package>
"""
CONTAINER = """<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
"""
ACCESSIBILITY = {
    "accessMode": "textual",
    "accessModeSufficient": "textual",
    "accessibilityFeature": "tableOfContents",
    "accessibilityHazard": "none",
    "accessibilitySummary": "All of it is text.",
}
RSS = """<rss version="2.0"><channel><title>Herald</title><link>https://example.org/</link><description>News</description>
<item><title>Fish &amp;amp; chips</title><guid isPermaLink="false">urn:example:1</guid></item></channel></rss>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:example:1</id><title>Herald</title><updated>2026-11-23T00:00:00Z</updated></feed>"""
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "items": [{"id": "1", "content_text": "Fish"}]}"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def book(path: Path, xhtml: str = XHTML, package: str = PACKAGE) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("book.opf", package)
        archive.writestr("nav.xhtml", xhtml)
    return path


def with_text(text: str) -> str:
    return XHTML.replace("</body>", f"{text}</body>")


def test_epubcheck_has_nothing_to_say_about_a_good_book(tmp_path: Path) -> None:
    assert epubcheck.check([book(tmp_path / "good.epub")]) == []


def test_epubcheck_tells_where_the_defect_is(tmp_path: Path) -> None:
    path = book(tmp_path / "bad.epub", with_text("\n<p><a href='#nowhere'>broken</a></p>"))
    (found,) = epubcheck.check([path])
    place = found.location
    assert (found.code, found.severity) == ("epubcheck-rsc-012", Severity.ERROR)
    assert (place.path, place.pointer, place.line) == (str(path), "nav.xhtml", 4)


def test_epubcheck_counts_more_than_the_locations_it_names(tmp_path: Path) -> None:
    links = "".join(f"<p><a href='#nowhere-{number}'>broken</a></p>\n" for number in range(40))
    assert len(epubcheck.check([book(tmp_path / "bad.epub", with_text(links))])) == 40


def test_epubcheck_tells_each_book_from_the_others(tmp_path: Path) -> None:
    good, bad = book(tmp_path / "good.epub"), book(tmp_path / "bad.epub", with_text("<center>old</center>"))
    assert {found.location.path for found in epubcheck.check([good, bad, good])} == {str(bad)}


def test_epubcheck_gives_notes_on_usage(tmp_path: Path) -> None:
    path = book(tmp_path / "odd.epub", with_text("<section epub:type='invented'><h2>Odd</h2></section>"))
    assert [(found.severity, found.code) for found in epubcheck.check([path])] == [(Severity.INFO, "epubcheck-opf-088")]


def test_epubcheck_finds_that_a_book_is_no_archive(tmp_path: Path) -> None:
    assert Severity.ERROR in {found.severity for found in epubcheck.check([write(tmp_path / "bad.epub", "no archive")])}


def accessible(path: Path, text: str = "") -> Path:
    """A book that says how accessible it is."""
    about = "".join(f'<meta property="schema:{name}">{value}</meta>' for name, value in ACCESSIBILITY.items())
    package = PACKAGE.replace("<package ", '<package xml:lang="en" ').replace("</metadata>", f"{about}</metadata>")
    return book(path, with_text(text).replace('epub:type="toc"', 'epub:type="toc" role="doc-toc"'), package)


def test_epubcheck_refuses_what_is_not_there_and_judges_the_next(tmp_path: Path) -> None:
    """It has no message about such a file, as if it were good."""
    missing, good = tmp_path / "missing.epub", book(tmp_path / "good.epub")
    assert [(found.code, found.location.path) for found in epubcheck.check([missing, good])] == [("epubcheck-refused", str(missing))]


def test_ace_has_nothing_to_say_about_a_good_book(tmp_path: Path) -> None:
    assert ace.check([accessible(tmp_path / "good é.epub")]) == []


VIOLATIONS = {
    "ace-image-alt": "<p><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='/></p>",
    "ace-link-name": "<p><a href='nav.xhtml'></a></p>",
    "ace-empty-heading": "<h2></h2>",
    "ace-color-contrast": "<p style='color: #eee; background: #fff'>pale</p>",
}


@pytest.mark.parametrize("code", VIOLATIONS)
def test_ace_tells_where_the_violation_is(tmp_path: Path, code: str) -> None:
    path = accessible(tmp_path / "bad.epub", VIOLATIONS[code])
    (found,) = ace.check([path])
    assert (found.code, found.location.path) == (code, str(path))
    assert found.location.pointer.startswith("nav.xhtml:")


def test_ace_misses_what_the_package_does_not_say(tmp_path: Path) -> None:
    found = {each.code: each.severity for each in ace.check([book(tmp_path / "bad.epub")])}
    assert found["ace-metadata-accessmode"] == Severity.ERROR
    assert found["ace-metadata-accessibilitysummary"] == Severity.WARNING


def test_a_script_in_a_book_cannot_hide_it_from_ace(tmp_path: Path) -> None:
    script = "<script>document.querySelectorAll('h2').forEach(each => each.remove())</script>"
    assert [found.code for found in ace.check([accessible(tmp_path / "bad.epub", f"<h2></h2>{script}")])] == ["ace-empty-heading"]


def test_ace_refuses_a_book_and_judges_the_next(tmp_path: Path) -> None:
    bad, good = write(tmp_path / "bad.epub", "no archive"), accessible(tmp_path / "good.epub")
    assert [(found.code, found.location.path) for found in ace.check([bad, good])] == [("ace-refused", str(bad))]


def test_nu_has_nothing_to_say_about_good_pages(tmp_path: Path) -> None:
    pages = [write(tmp_path / "good é.html", PAGE), write(tmp_path / "good.xhtml", XHTML_PAGE)]
    assert nu.check(pages) == []


def test_nu_tells_where_the_defect_is(tmp_path: Path) -> None:
    good, bad = write(tmp_path / "good.html", PAGE), write(tmp_path / "bad é.html", PAGE.replace("<h1>", "<h1><center>"))
    found = nu.check([good, bad])
    assert {(each.location.path, each.severity, each.location.line) for each in found} == {(str(bad), Severity.ERROR, 4)}


def test_nu_reads_xhtml_as_xml(tmp_path: Path) -> None:
    found = nu.check([write(tmp_path / "bad.xhtml", XHTML_PAGE.replace("</p>", ""))])
    assert Severity.ERROR in {each.severity for each in found}


def test_nu_is_not_asked_about_a_page_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nu.check([tmp_path / "missing.html"])


def test_chromium_shows_the_text_of_a_page_without_errors(tmp_path: Path) -> None:
    seen = chromium.look(page := write(tmp_path / "good é.html", PAGE))
    assert (seen.text, seen.errors, seen.requests, seen.wider) == ("The ferry’s last trip", (), (page.as_uri(),), 0)


DEFECTS = ["<img alt='' src='missing.png'>", "<img alt='' src='https://example.org/a.png'>", "<script>nonsense()</script>"]


@pytest.mark.parametrize("defect", DEFECTS)
def test_chromium_tells_what_fails_on_a_page(tmp_path: Path, defect: str) -> None:
    page = write(tmp_path / "bad.html", PAGE.replace("</body>", f"{defect}</body>"))
    assert len(chromium.console_errors(page)) == 1


def test_chromium_tells_that_xhtml_is_ill_formed(tmp_path: Path) -> None:
    (error,) = chromium.console_errors(write(tmp_path / "bad.xhtml", XHTML_PAGE.replace("</p>", "")))
    assert "mismatch: p" in error


def test_chromium_shows_the_text_of_xhtml(tmp_path: Path) -> None:
    assert chromium.text_of(write(tmp_path / "good.xhtml", XHTML_PAGE)).strip() == "The ferry’s last trip"


def test_chromium_cannot_open_a_page_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        chromium.text_of(tmp_path / "missing.html")


@pytest.mark.parametrize(("dark", "corner"), [(False, (255, 255, 255)), (True, (0, 0, 0))])
def test_chromium_draws_a_page_by_day_and_by_night(tmp_path: Path, dark: bool, corner: tuple[int, ...]) -> None:
    page = write(tmp_path / "page.html", PAGE)
    with Image.open(chromium.screenshot(page, tmp_path / "page.png", 320, 200, dark=dark)) as picture:
        assert (picture.size, picture.convert("RGB").getpixel((0, 0))) == ((320, 200), corner)


def test_chromium_has_a_font_for_chinese(tmp_path: Path) -> None:
    """Without one, each character is the same empty box."""
    pages = [write(tmp_path / f"{number}.html", PAGE.replace("The", text)) for number, text in enumerate("漢字")]
    first, second = (chromium.screenshot(page, page.with_suffix(".png"), 320, 200).read_bytes() for page in pages)
    assert first != second


def test_axe_has_nothing_to_say_about_a_good_page(tmp_path: Path) -> None:
    assert chromium.violations(write(tmp_path / "good.html", IN_MAIN)) == []


INACCESSIBLE = {
    "image-alt": "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "link-name": "<a href='https://example.org/'></a>",
    "heading-order": "<h4>Too deep</h4>",
    "color-contrast": "<p style='color: #eee; background: #fff'>pale</p>",
    "color-contrast by night": "<p class='ink'>nearly black on black</p>",
    "valid-lang": "<p lang='xx-nowhere!'>what</p>",
}


@pytest.mark.parametrize("rule", INACCESSIBLE)
def test_axe_finds_what_is_inaccessible(tmp_path: Path, rule: str) -> None:
    page = write(tmp_path / "bad.html", IN_MAIN.replace("</main>", f"{INACCESSIBLE[rule]}</main>"))
    assert any(each.startswith(f"{rule} ") for each in chromium.violations(page))


def test_mupdf_reads_the_text_of_a_book(tmp_path: Path) -> None:
    assert "The ferry’s last trip" in mupdf.text(book(tmp_path / "good.epub"))


def test_mupdf_has_nothing_to_say_about_a_good_book(tmp_path: Path) -> None:
    assert mupdf.warnings(book(tmp_path / "good.epub")) == []


def test_mupdf_tells_of_a_picture_that_it_cannot_load(tmp_path: Path) -> None:
    assert mupdf.warnings(book(tmp_path / "bad.epub", with_text("<p><img src='missing.png' alt=''/></p>"))) != []


def test_mupdf_draws_pages(tmp_path: Path) -> None:
    (page,) = mupdf.render(book(tmp_path / "good.epub"), tmp_path, "1")
    with Image.open(page) as picture:
        assert picture.size == (576, 768)


def test_mupdf_refuses_what_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        mupdf.text(write(tmp_path / "bad.epub", "no archive"))


@pytest.mark.parametrize(("name", "text"), [("rss", RSS), ("atom", ATOM), ("json", JSON_FEED)])
def test_feedsmith_knows_each_kind_of_feed(tmp_path: Path, name: str, text: str) -> None:
    assert feeds.parse(write(tmp_path / "feed", text))["format"] == name


def test_feedsmith_takes_an_escaped_title_for_text(tmp_path: Path) -> None:
    (item,) = feeds.parse(write(tmp_path / "feed.xml", RSS))["feed"]["items"]
    assert item["title"] == "Fish &amp; chips"


def test_feedsmith_refuses_what_is_no_feed(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        feeds.parse(write(tmp_path / "page.html", PAGE))


def test_a_feed_reader_keeps_what_a_feed_has(tmp_path: Path) -> None:
    paths = [write(tmp_path / "feed.rss", RSS), write(tmp_path / "feed.json", JSON_FEED)]
    assert [[each.id for each in entries] for entries in feeds.kept(paths).values()] == [["urn:example:1"], ["1"]]


def test_a_feed_reader_refuses_what_is_no_feed(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"page\.html"):
        feeds.kept([write(tmp_path / "feed.rss", RSS), write(tmp_path / "page.html", PAGE)])


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "The ferry",
    "author": [{"@type": "Person", "name": "Ada"}],
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_two_processors_agree_on_a_good_document() -> None:
    assert len(graphs.graph({**ARTICLE, "contentLocation": {"latitude": 0.0, "longitude": 48.856613}})) == 8


@pytest.mark.parametrize(
    "other",
    [{"headline": "The Ferry"}, {"author": [{"@type": "Organization", "name": "Ada"}]}, {"url": "https://example.org/"}],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_graphs_that_differ_are_not_the_same(other: dict[str, object]) -> None:
    assert graphs.same(graphs.graph(ARTICLE), graphs.graph(dict(reversed(ARTICLE.items()))))
    assert not graphs.same(graphs.graph(ARTICLE), graphs.graph(ARTICLE | other))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize(
    "other",
    [{"@context": "https://example.org/context"}, {"@context": None}, {"@type": [], "headline": None, "author": []}],
)
def test_two_processors_refuse_what_means_nothing(other: dict[str, object]) -> None:
    with pytest.raises((Refused, jsonld.JsonLdError)):
        graphs.graph(ARTICLE | other)


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": 1,}', "{'a': 1}", '{"a": "\t"}', '{"a": 1}; //'])
def test_a_strict_reader_refuses_what_is_no_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        strict(text)


def test_a_judge_that_is_not_installed_is_an_error() -> None:
    with pytest.raises(JudgeFailed, match="no-such-judge is not installed"):
        program("no-such-judge")


@pytest.mark.parametrize("code", ["raise SystemExit('out of order')", "input(); raise SystemExit('out of order')"])
def test_a_judge_that_breaks_is_an_error(code: str) -> None:
    with pytest.raises(JudgeFailed, match="out of order"):
        Worker(sys.executable, "-c", code).ask("anything")
