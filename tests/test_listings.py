"""OPML and sitemaps: each rule is broken once in a file that is otherwise right, and raises its own code and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher import desk, formats
from publisher.formats import opml, sitemap
from publisher.listings import is_w3c_date
from publisher.problems import Unreadable, rules_in

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>The Lantern</title><dateCreated>Tue, 24 Nov 2026 08:00:00 GMT</dateCreated></head>
  <body>
    <outline text="Sections">
      <outline text="Harbour" type="rss" xmlUrl="https://lantern.example/harbour.rss" htmlUrl="https://lantern.example/harbour/"/>
      <outline text="World" type="rss" xmlUrl="https://lantern.example/world.atom"/>
    </outline>
    <outline text="All" type="rss" xmlUrl="https://lantern.example/feed.json"/>
  </body>
</opml>"""
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <loc>https://lantern.example/articles/bells.html?a=1&amp;b=2</loc>
    <lastmod>2026-11-23T18:04:00+01:00</lastmod><changefreq>daily</changefreq><priority>0.8</priority>
    <news:news>
      <news:publication><news:name>The Lantern</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>2026-11-23</news:publication_date><news:title>Six bells</news:title>
    </news:news>
  </url>
  <url><loc>https://lantern.example/</loc><lastmod>2026-11</lastmod>
    <xhtml:link rel="alternate" hreflang="en" href="https://lantern.example/"/>
    <xhtml:link rel="alternate" hreflang="x-default" href="https://lantern.example/de/"/>
    <image:image><image:loc>https://lantern.example/a.jpg</image:loc></image:image></url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://lantern.example/sitemap-1.xml</loc></sitemap></sitemapindex>"""
GOOD = {"opml": OPML, "sitemap": SITEMAP}
ENTRY = "<url><loc>https://lantern.example/{}</loc></url>"

BROKEN: dict[str, tuple[str, str]] = {
    "opml-version-unknown": (' version="2.0"', ' version="3"'),
    "opml-structure": ("<head><title>The Lantern</title><dateCreated>Tue, 24 Nov 2026 08:00:00 GMT</dateCreated></head>", ""),
    "opml-body-empty": (OPML[OPML.index("<body>") : OPML.index("</opml>")], "<body></body>"),
    "opml-outline-without-text": ('text="World" ', ""),
    "opml-feed-without-address": ('"https://lantern.example/world.atom"', '"world.atom"'),
    "opml-feed-without-type": ('"All" type="rss"', '"All" type="atom"'),
    "opml-feed-repeated": ("world.atom", "harbour.rss"),
    "opml-date-malformed": ("Tue, 24 Nov 2026 08:00:00 GMT", "2026-11-24T08:00:00Z"),
    "sitemap-namespace-wrong": (SITEMAP, "<urlset><url><loc>https://lantern.example/</loc></url></urlset>"),
    "sitemap-too-large": ("</urlset>", "".join(ENTRY.format(number) for number in range(50_000)) + "</urlset>"),
    "sitemap-empty": (SITEMAP[SITEMAP.index("<url>") : SITEMAP.index("</urlset>")], ""),
    "sitemap-address-malformed": ("https://lantern.example/</loc>", "/about/</loc>"),
    "sitemap-hosts-differ": ("</urlset>", ENTRY.format("a") + ENTRY.format("b").replace("lantern", "beacon") + "</urlset>"),
    "sitemap-element-unknown": ("<lastmod>2026-11</lastmod>", "<lastMod>2026-11</lastMod>"),
    "sitemap-address-with-fragment": ("https://lantern.example/</loc>", "https://lantern.example/#top</loc>"),
    "sitemap-address-repeated": ("</urlset>", ENTRY.format("") + "</urlset>"),
    "sitemap-date-malformed": ("2026-11-23T18:04:00+01:00", "2026-11-31"),
    "sitemap-frequency-unknown": ("daily", "Daily"),
    "sitemap-priority-out-of-range": ("0.8", "1.2"),
    "sitemap-news-incomplete": ("<news:title>Six bells</news:title>", ""),
    "sitemap-news-language-unknown": ("<news:language>en<", "<news:language>English<"),
    "sitemap-news-too-many": (
        "</urlset>",
        (
            "<url><loc>https://lantern.example/{}</loc>"
            + SITEMAP[SITEMAP.index("<news:news>") : SITEMAP.index("</news:news>")]
            + "</news:news></url>"
        )
        * 1000
        + "</urlset>",
    ),
}
BROKEN |= {
    "sitemap-element-ignored": ("<news:title>", "<news:keywords>bells</news:keywords><news:title>"),
    "sitemap-picture-without-address": ("https://lantern.example/a.jpg", "a.jpg"),
    "sitemap-pictures-too-many": (
        "<image:image>",
        "<image:image><image:loc>https://lantern.example/b.jpg</image:loc></image:image>" * 1000 + "<image:image>",
    ),
    "sitemap-language-malformed": ('hreflang="x-default"', 'hreflang="german"'),
    "sitemap-language-without-own": ('hreflang="en" href="https://lantern.example/"', 'hreflang="en" href="https://lantern.example/en/"'),
}
ALSO = {
    "sitemap-news-too-many": {"sitemap-address-repeated"},
    "sitemap-address-malformed": {"sitemap-language-without-own"},
    "sitemap-address-with-fragment": {"sitemap-language-without-own"},
}
FORMATS = {"opml": opml, "sitemap": sitemap}


def test_every_rule_has_a_case() -> None:
    assert set(BROKEN) == {each.code for module in FORMATS.values() for each in rules_in(vars(module))}


@pytest.mark.parametrize("text", [OPML, SITEMAP, INDEX], ids=["opml", "sitemap", "index"])
def test_a_good_file_has_no_problems(text: str) -> None:
    module = formats.detect(text.encode())
    assert isinstance(module, formats.Checker)
    assert module.check(text.encode()) == []


@pytest.mark.parametrize("code", BROKEN)
def test_what_is_broken_raises_its_own_code(code: str) -> None:
    name = code.partition("-")[0]
    old, new = BROKEN[code]
    assert old in GOOD[name]
    found = FORMATS[name].check(GOOD[name].replace(old, new, 1).encode())
    assert {each.code for each in found} - ALSO.get(code, set()) == {code}


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("<lastmod>2026-11</lastmod>", "<lastMod>2026-11</lastMod>", "did you mean 'lastmod'?"),
        ("<changefreq>daily</changefreq>", "<prio>1</prio>", "did you mean 'priority'?"),
        ("<url><loc>https://lantern.example/</loc>", "<entry/><url><loc>https://lantern.example/</loc>", ""),
    ],
)
def test_an_unknown_element_of_a_sitemap_gets_the_right_one_as_hint(old: str, new: str, hint: str) -> None:
    (found,) = sitemap.check(SITEMAP.replace(old, new, 1).encode())
    assert (found.code, found.hint) == ("sitemap-element-unknown", hint or "take it out, or write an element of the protocol")


def test_elements_of_other_namespaces_are_no_concern_of_the_protocol() -> None:
    picture = '<i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><i:loc>https://lantern.example/a.jpg</i:loc></i:image>'
    assert sitemap.check(SITEMAP.replace("<lastmod>2026-11</lastmod>", picture).encode()) == []


def test_of_a_sitemap_in_a_wrong_namespace_nothing_else_is_said() -> None:
    found = sitemap.check(SITEMAP.replace("schemas/sitemap/0.9", "schemas/sitemap/0.8").encode())
    assert [each.code for each in found] == ["sitemap-namespace-wrong"]


def test_a_problem_is_told_with_line_column_and_path() -> None:
    (found,) = opml.check(OPML.replace("world.atom", "harbour.rss").encode())
    assert (found.location.line, found.location.column, found.location.pointer) == (7, 7, "/opml/body/outline[1]/outline[2]")


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("Cod & chips", 19, "write &amp; for &"),
        ("Cod < chips", 19, "write &lt; for <"),
        ("Cod&nbsp;chips", 23, "write &#160; for &nbsp;"),
        ("&Eacute;", 22, "write &#201; for &Eacute;"),
        ("<b>Cod", 28, "close every element, the inner one first"),
    ],
)
def test_what_is_no_xml_is_told_with_line_column_and_what_to_write(text: str, column: int, hint: str) -> None:
    (found,) = opml.check(f"<opml>\n<head><title>{text}</title></head></opml>".encode())
    assert (found.code, found.location.line, found.location.column, found.hint) == ("opml-malformed", 2, column, hint)


@pytest.mark.parametrize(
    "body", [b"<opml", b"<urlset><url></urlset>", b"<sitemapindex/>", b"<opml/>", b"<opml version='2.0'><body><outline/></body></opml>"]
)
def test_whatever_the_bytes_there_are_problems_and_no_articles(body: bytes) -> None:
    module = formats.detect(body)
    assert isinstance(module, formats.Checker)
    assert module.check(body)
    with pytest.raises(Unreadable):
        module.read(body)


@pytest.mark.parametrize("value", ["2026", "2026-11", "2026-11-24", "2026-11-24T08:00Z", "2026-11-24T08:00:00.5+05:30"])
def test_dates_of_the_note(value: str) -> None:
    assert is_w3c_date(value)


@pytest.mark.parametrize(
    "value", ["", "26", "2026-13", "2026-02-30", "2026-11-24 08:00", "2026-11-24T08:00", "24.11.2026", "2026-11-24T25:00Z"]
)
def test_what_is_no_date_of_the_note(value: str) -> None:
    assert not is_w3c_date(value)


def test_among_sources_a_sitemap_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text(SITEMAP)
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2026-11-24\n---\nText.\n")
    found, _ = desk.gather([str(tmp_path)])
    assert [each.headline for each in found.publication.articles] == ["A"]
    assert [(each.code, str(each.severity)) for each in found.problems if each.location.path.endswith(".xml")] == [
        ("no-articles", "warning")
    ]
