"""OPDS catalogues: each rule is broken once in a catalogue that is otherwise right, and raises its own code and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from publisher import desk, formats
from publisher.formats import opds, opds2
from publisher.problems import Unreadable, rules_in

ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
BOOKS = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/terms/" xmlns:opds="http://opds-spec.org/2010/catalog">
  <id>urn:uuid:433a5d6a-0b8c-4933-af65-4ca4f02763eb</id>
  <title>The Lantern</title>
  <updated>2026-11-24T08:00:00Z</updated>
  <author><name>The Lantern Press</name></author>
  <link rel="self" href="https://lantern.example/catalogue.xml" type="{ACQUISITION}"/>
  <link rel="start" href="https://lantern.example/catalogue.xml" type="{ACQUISITION}"/>
  <link rel="search" href="search.xml" type="application/opensearchdescription+xml"/>
  <link rel="http://opds-spec.org/facet" href="a.xml" title="By month" opds:facetGroup="Kinds" opds:activeFacet="true" type="{ACQUISITION}"/>
  <link rel="http://opds-spec.org/facet" href="b.xml" title="By section" opds:facetGroup="Kinds" type="{ACQUISITION}"/>
  <entry>
    <id>urn:uuid:6409a00b-7bf2-405e-826c-3fdff0fd0734</id>
    <title>The Lantern, November 2026</title>
    <updated>2026-11-24T08:00:00.5+01:00</updated>
    <summary>Six bells · The long way home</summary>
    <dc:issued>2026-11-24</dc:issued><dc:language>en</dc:language><dc:publisher>The Lantern Press</dc:publisher>
    <category term="Harbour"/>
    <link rel="http://opds-spec.org/image" href="https://lantern.example/11.jpg" type="image/jpeg"/>
    <link rel="http://opds-spec.org/acquisition/open-access" href="https://lantern.example/11.epub" type="application/epub+zip"/>
    <link rel="http://opds-spec.org/acquisition/buy" href="https://lantern.example/buy" type="text/html">
      <opds:price currencycode="EUR">4.99</opds:price>
    </link>
  </entry>
  <entry>
    <id>urn:uuid:7b595b0c-e15c-4755-bf9a-b7019f5c1dab</id>
    <title>The Lantern, October 2026</title>
    <updated>2026-10-31T08:00:00Z</updated>
    <content type="html">&lt;p&gt;Bells.</content>
    <link rel="http://opds-spec.org/acquisition" href="https://lantern.example/10.epub" type="application/epub+zip"/>
  </entry>
</feed>"""
FEEDS = f"""<feed xmlns="http://www.w3.org/2005/Atom">
  <id>urn:uuid:2853dacf-ed79-42f5-8e8a-a7bb3d1ae6a2</id>
  <title>The Lantern</title>
  <updated>2026-11-24T08:00:00Z</updated>
  <author><name>The Lantern Press</name></author>
  <link rel="self" href="/catalogue.xml" type="{NAVIGATION}"/>
  <link rel="start" href="/catalogue.xml" type="{NAVIGATION}"/>
  <entry>
    <id>urn:uuid:d49e8018-a0e0-499e-9423-7c175fa0c56e</id>
    <title>New</title>
    <updated>2026-11-24T08:00:00Z</updated>
    <link rel="http://opds-spec.org/sort/new" href="/new.xml" type="{ACQUISITION}"/>
  </entry>
</feed>"""
CATALOGUE: dict[str, Any] = {
    "metadata": {"title": "The Lantern", "numberOfItems": 1, "itemsPerPage": 30, "currentPage": 1},
    "links": [
        {"rel": "self", "href": "https://lantern.example/catalogue.json", "type": "application/opds+json"},
        {"rel": ["search"], "href": "search{?query}", "type": "application/opds+json", "templated": True},
    ],
    "publications": [
        {
            "metadata": {
                "@type": "http://schema.org/PublicationIssue",
                "identifier": "urn:uuid:6409a00b-7bf2-405e-826c-3fdff0fd0734",
                "title": "The Lantern, November 2026",
                "author": {"name": "The Lantern Press"},
                "contributor": ["Ines Calloway", {"name": {"en": "Tobias Wren"}}],
                "language": ["en"],
                "modified": "2026-11-24T08:00:00Z",
                "published": "2026-11-24",
                "belongsTo": {"series": {"name": "The Lantern", "position": 3}},
            },
            "links": [
                {"rel": "self", "href": "https://lantern.example/11.json", "type": "application/opds-publication+json"},
                {
                    "rel": "http://opds-spec.org/acquisition/buy",
                    "href": "https://lantern.example/11.epub",
                    "type": "application/epub+zip",
                    "properties": {"price": {"currency": "EUR", "value": 4.99}},
                },
            ],
            "images": [{"href": "https://lantern.example/11.jpg", "type": "image/jpeg", "width": 1600, "height": 2560}],
        }
    ],
    "facets": [
        {
            "metadata": {"title": "Kinds"},
            "links": [
                {"href": "a.json", "type": "application/opds+json", "title": "By month", "rel": "self"},
                {"href": "b.json", "type": "application/opds+json", "title": "By section", "properties": {"numberOfItems": 4}},
            ],
        }
    ],
    "groups": [{"metadata": {"title": "More"}, "navigation": [{"href": "c.json", "title": "All", "type": "application/opds+json"}]}],
}
GOOD = {"opds": BOOKS, "opds2": json.dumps(CATALOGUE, indent=1)}
FORMATS = {"opds": opds, "opds2": opds2}
FEED_LINKS = BOOKS[BOOKS.index('  <link rel="self"') : BOOKS.index('  <link rel="search"')]
SELF, START = FEED_LINKS.splitlines()
SECOND = BOOKS[BOOKS.rindex("  <entry>") : BOOKS.index("</feed>")]
BUY_TO_THE_END = BOOKS[BOOKS.index("      <opds:price") : BOOKS.index("    </link>")]

BROKEN: dict[str, tuple[str, str]] = {
    "opds-element-missing": ("<title>The Lantern, October 2026</title>", ""),
    "opds-date-malformed": ("2026-10-31T08:00:00Z", "2026-10-32T08:00:00Z"),
    "opds-entry-repeated": ("7b595b0c-e15c-4755-bf9a-b7019f5c1dab", "6409a00b-7bf2-405e-826c-3fdff0fd0734"),
    "opds-author-missing": ("<author><name>The Lantern Press</name></author>", "<author><name> </name></author>"),
    "opds-no-self": (f"{SELF}\n", ""),
    "opds-no-start": (f"{START}\n", ""),
    "opds-entries-mixed": (SECOND, FEEDS[FEEDS.index("  <entry>") : FEEDS.index("</feed>")]),
    "opds-entry-without-link": (SECOND, SECOND[: SECOND.index("<link")] + "</entry>"),
    "opds-kind-contradicts": (SELF, SELF.replace("acquisition", "navigation")),
    "opds-link-without-profile": (START, START.replace("profile=opds-catalog;", "")),
    "opds-link-without-kind": (START, START.replace(";kind=acquisition", "")),
    "opds-address-malformed": ("https://lantern.example/10.epub", "https://lantern.example/October 2026.epub"),
    "opds-acquisition-without-type": ('href="https://lantern.example/10.epub" type="application/epub+zip"', 'href="10.epub"'),
    "opds-price-missing": (BUY_TO_THE_END, ""),
    "opds-price-malformed": ("4.99", "€ 4.99"),
    "opds-summary-with-markup": ("<summary>", '<summary type="html">'),
    "opds-no-description": ("<summary>Six bells · The long way home</summary>", "<summary/>"),
    "opds-image-type-unusual": ('href="https://lantern.example/11.jpg" type="image/jpeg"', 'href="11.svg" type="image/svg+xml"'),
    "opds-title-of-dublin-core": ("<dc:issued>", "<dc:title>November</dc:title><dc:issued>"),
    "opds-dublin-core-instead": ("<dc:issued>", "<dc:creator>Ines Calloway</dc:creator><dc:issued>"),
    "opds-facet-misplaced": (
        BOOKS,
        FEEDS.replace("  <entry>", f'<link rel="http://opds-spec.org/facet" href="a.xml" type="{ACQUISITION}"/><entry>'),
    ),
    "opds-facet-active-twice": (
        'href="b.xml" title="By section" opds:facetGroup="Kinds"',
        'href="b.xml" opds:facetGroup="Kinds" opds:activeFacet="true"',
    ),
    "opds-search-type-wrong": ("application/opensearchdescription+xml", "application/atom+xml"),
    "opds2-kind-wrong": (GOOD["opds2"], json.dumps({**CATALOGUE, "facets": "none"})),
    "opds2-nothing-listed": (GOOD["opds2"], json.dumps({key: CATALOGUE[key] for key in ("metadata", "links", "facets")})),
    "opds2-title-missing": ('"title": "The Lantern, November 2026"', '"title": " "'),
    "opds2-no-self": ('"rel": "self",\n   "href": "https://lantern.example/catalogue.json"', '"rel": "up",\n   "href": "up.json"'),
    "opds2-navigation-without-title": ('"title": "All"', '"title": ""'),
    "opds2-group-mixed": ('"navigation": [', '"publications": [], "navigation": ['),
    "opds2-facet-without-choice": (GOOD["opds2"], json.dumps({**CATALOGUE, "facets": [{"metadata": {"title": "A"}, "links": []}]})),
    "opds2-count-malformed": ('"currentPage": 1', '"currentPage": 0'),
    "opds2-search-without-query": ("search{?query}", "search{?q}"),
    "opds2-address-malformed": ("https://lantern.example/11.epub", "https://lantern.example/November 2026.epub"),
    "opds2-template-unmarked": ('"a.json"', '"a{?page}.json"'),
    "opds2-size-malformed": ('"width": 1600', '"width": "1600"'),
    "opds2-acquisition-without-type": ('"type": "application/epub+zip"', '"type": "epub"'),
    "opds2-price-malformed": ('"currency": "EUR"', '"currency": "€"'),
    "opds2-no-acquisition": ('"http://opds-spec.org/acquisition/buy"', '"alternate"'),
    "opds2-images-missing": ('"image/jpeg"', '"image/webp"'),
    "opds2-identifier-malformed": ('"urn:uuid:6409a00b-7bf2-405e-826c-3fdff0fd0734"', '"The Lantern"'),
    "opds2-identifier-repeated": (GOOD["opds2"], json.dumps({**CATALOGUE, "publications": CATALOGUE["publications"] * 2})),
    "opds2-language-malformed": ('"en"\n', '"English"\n'),
    "opds2-date-malformed": ('"modified": "2026-11-24T08:00:00Z"', '"modified": "2026-11-24"'),
    "opds2-contributor-malformed": ('"Ines Calloway"', "7"),
    "opds2-series-malformed": ('"position": 3', '"position": "3"'),
    "opds2-publication-type-wrong": ('"application/opds-publication+json"', '"application/opds+json"'),
}


def test_every_rule_has_a_case() -> None:
    assert set(BROKEN) == {each.code for module in FORMATS.values() for each in rules_in(vars(module))}


@pytest.mark.parametrize("text", [*GOOD.values(), FEEDS], ids=["books", "opds2", "feeds"])
def test_a_good_catalogue_has_no_problems(text: str) -> None:
    module = formats.detect(text.encode())
    assert module.NAME in FORMATS
    assert isinstance(module, formats.Checker)
    assert module.check(text.encode()) == []


@pytest.mark.parametrize("code", BROKEN)
def test_what_is_broken_raises_its_own_code(code: str) -> None:
    name = code.partition("-")[0]
    old, new = BROKEN[code]
    assert old in GOOD[name]
    broken = GOOD[name].replace(old, new, 1).encode()
    found = FORMATS[name].check(broken)
    assert {each.code for each in found} == {code}
    assert name == formats.detect(broken).NAME


def test_a_single_publication_is_checked_as_one() -> None:
    one = json.dumps(CATALOGUE["publications"][0])
    assert formats.detect(one.encode()).NAME == "opds2"
    assert opds2.check(one.encode()) == []
    assert [each.code for each in opds2.check(one.replace("image/jpeg", "image/webp").encode())] == ["opds2-images-missing"]


def test_an_entry_alone_is_checked_as_one() -> None:
    start = BOOKS[BOOKS.index("<feed ") + len("<feed ") : BOOKS.index(">\n  <id>")]
    body = BOOKS[BOOKS.index("<entry>") + len("<entry>") : BOOKS.index("</entry>")]
    entry = f"<entry {start}><author><name>The Lantern Press</name></author>{body}</entry>"
    assert formats.detect(entry.encode()).NAME == "opds"
    assert opds.check(entry.encode()) == []


@pytest.mark.parametrize("text", [BOOKS, GOOD["opds2"]], ids=["opds", "opds2"])
def test_a_catalogue_says_that_it_lists_books_and_holds_no_article(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        desk.read_bytes(text.encode(), "catalogue")
    (found,) = caught.value.problems
    assert (found.code, found.message) == ("no-articles", "an OPDS catalogue lists books and holds no article")


def test_a_feed_that_only_announces_a_catalogue_is_a_feed() -> None:
    announced = f'<link rel="related" href="https://lantern.example/catalogue.xml" type="{ACQUISITION}"/>'
    feed = (Path(__file__).parent.parent / "exports" / "feed.atom").read_text(encoding="utf-8")
    assert formats.detect(feed.replace("<title", f"{announced}<title", 1).encode()).NAME == "atom"


def test_a_json_feed_that_speaks_of_catalogues_is_a_feed() -> None:
    item = {
        "id": "1",
        "content_text": 'Write "application/opds+json" and "publications": [] and "rel": "self".',
        "tags": ["http://opds-spec.org/"],
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Lantern", "items": [item]}
    assert formats.detect(json.dumps(feed).encode()).NAME == "jsonfeed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_catalogue_is_known_in_every_encoding_of_xml(encoding: str) -> None:
    assert formats.detect(BOOKS.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding)).NAME == "opds"


def test_a_problem_is_told_with_its_place() -> None:
    (found,) = opds2.check(GOOD["opds2"].replace('"currentPage": 1', '"currentPage": 0').encode())
    assert (found.location.line, found.location.pointer) == (6, "/metadata/currentPage")
    (found,) = opds.check(BOOKS.replace("4.99", "free").encode())
    assert found.location.pointer == "/feed/entry[1]/link[3]/opds:price"


@pytest.mark.parametrize(
    "body",
    [
        b'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="http://opds-spec.org/image"',
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="http://opds-spec.org/acquisition/buy"/></entry></feed>',
        b'{"metadata": {}, "publications": [1, {"links": 3, "images": [[]]}], "x": "http://opds-spec.org/", "links": [{"rel": "self"}]}',
        b'{"metadata": {"title": {}}, "groups": [{"metadata": 4}], "links": [{"rel": "self", "type": "application/opds+json"}]}',
        b'{"publications": [{"metadata": "application/opds+json", "links": [{"rel": "self"',
    ],
)
def test_whatever_the_bytes_there_are_problems(body: bytes) -> None:
    module = formats.detect(body)
    assert module.NAME in FORMATS
    assert isinstance(module, formats.Checker)
    assert module.check(body)
