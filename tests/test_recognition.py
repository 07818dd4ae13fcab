"""What a file is meant to be is found out even where its author made the commonest mistakes, so that the right rules speak."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher import desk, formats
from publisher.problems import PublisherError, Severity

LINKED = '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "The ferry"}'
PAGE = b'<!doctype html><html lang="en"><title>Not found</title><p>Not found</p></html>'
RSS_1 = (
    b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    b'<channel rdf:about="https://a.example/"><title>A</title></channel></rdf:RDF>'
)
FEED = b'{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": []}'
WRONG_QUOTES = b"{'@context': 'https://schema.org', '@type': 'NewsArticle'}"


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("feed.json", b'{"title": "A", "items": []}', "jsonfeed-version"),
        ("feed.json", b'{"version": "1.1", "home_page_url": "https://a.example/", "items": []}', "jsonfeed-version"),
        ("feed.json", b'{"version": "jsonfeed 1.1", "title": "A"}', "jsonfeed-items-missing"),
        ("feed.json", b'{"feed_url": "https://a.example/", "items": [{"id": "1"', "json-malformed"),
        ("feed.json", b"[" + FEED + b"]", "jsonfeed-in-list"),
        ("feed.atom", b"<feed><title>A</title></feed>", "atom-no-feed"),
        ("feed", b"<?xml version='1.0'?><!-- A --><feed><title>A</title></feed>", "atom-no-feed"),
        ("feed.xml", b'<feed xmlns="https://www.w3.org/2005/Atom"><title>A</title></feed>', "atom-no-feed"),
        ("feed.xml", b'<feed xmlns="http://www.w3.org/2005/atom"><title>A</title></feed>', "atom-no-feed"),
        ("feed.xml", b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>A</title></feed>', "atom-no-feed"),
        ("feed.atom", b'<entry xmlns="https://www.w3.org/2005/Atom"><title>A</title></entry>', "atom-no-feed"),
        ("feed.rss", RSS_1, "rss-1-0"),
        ("feed.xml", b"<RSS version='2.0'><channel><title>A</title></channel></RSS>", "rss-no-channel"),
        ("feed.xml", b"<channel><title>A</title></channel>", "rss-no-channel"),
        ("feed.rss", b"<feeds/>", "rss-no-channel"),
        ("feed.rss", b"Error 500", "xml-malformed"),
        ("feed.atom", b"Error 500", "xml-malformed"),
        ("a.jsonld", b'{"@type": "NewsArticle"}', "jsonld-context-missing"),
        ("a.json", b'{"@type": "NewsArticle"}', "jsonld-context-missing"),
        ("a.jsonld", WRONG_QUOTES, "jsonld-quotes-wrong"),
        ("a.jsonld", f'<script type="application/ld+json">{LINKED}</script>'.encode(), "jsonld-malformed"),
        ("a.jsonld", f"<!-- {LINKED} -->".encode(), "jsonld-comment"),
        ("a.jsonld", f"//<![CDATA[\n{LINKED}\n//]]>".encode(), "jsonld-cdata"),
        ("a.jsonld", f"\ufeff{LINKED}".encode(), "jsonld-author-missing"),
        ("a.json", LINKED.encode("utf-16"), "jsonld-author-missing"),
        ("a.jsonld", LINKED.encode("utf-16-be"), "jsonld-author-missing"),
        ("a.jsonld", b"no JSON", "jsonld-unquoted"),
        ("feed.rss", b"", "file-empty"),
        ("feed.xml", b"\xef\xbb\xbf\r\n", "file-empty"),
        ("feed.json", b"", "file-empty"),
        ("a.jsonld", b" \n", "file-empty"),
        ("a.epub", b"", "file-empty"),
        ("a.html", b"", "file-empty"),
        ("a.md", b"", "markdown-empty"),
        ("a.txt", b"", "clipping-empty"),
        ("a.epub", b"%PDF-1.7", "epub-not-a-zip"),
        ("feed.rss", PAGE, "html-instead"),
        ("feed.atom", PAGE, "html-instead"),
        ("feed.xml", b"\xef\xbb\xbf" + PAGE, "html-instead"),
        ("feed.json", PAGE, "html-instead"),
        ("feed.xml?page=2", PAGE, "html-instead"),
        ("search.json", b'[{"title": "A", "url": "/a"}]', "unknown-content"),
        ("package.json", b'{"name": "a", "version": "1.0.0"}', "unknown-content"),
        ("browserconfig.xml", b"<browserconfig/>", "unknown-content"),
        ("a", b'[{"title": "A"}]', "unknown-content"),
    ],
)
def test_the_commonest_mistakes_are_told_in_their_own_words(tmp_path: Path, name: str, body: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(body)
    assert code in {each.code for each in desk.check(tmp_path / name)}


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom", "feed.xml", "feed.json", "a.jsonld", "a.opml"])
@pytest.mark.parametrize("body", [b"", PAGE], ids=["empty", "page"])
def test_what_is_surely_something_else_is_one_error_with_advice(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    (found,) = desk.check(tmp_path / name)
    assert (found.severity, bool(found.hint), found.location.path) == (Severity.ERROR, True, str(tmp_path / name))


@pytest.mark.parametrize(("name", "body"), [("feed.rss", b""), ("feed.xml", PAGE), ("feed.json", b"[" + FEED + b"]")])
def test_reading_refuses_what_checking_refuses_in_the_same_words(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(PublisherError) as error:
        desk.read(tmp_path / name)
    assert list(error.value.problems) == desk.check(tmp_path / name)


def test_a_feed_without_version_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_bytes(b'{"title": "The Lantern", "items": [{"id": "1", "content_text": "Text."}]}')
    assert desk.read(tmp_path / "feed.json").publication.name == "The Lantern"


@pytest.mark.parametrize(
    ("body", "path", "name"),
    [
        (b"<rss version='2.0'><channel/></rss>", "feed.atom", "rss"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed.rss", "atom"),
        (b"<rss version='2.0'><channel/></rss>", "feed.json", "rss"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>".encode("utf-16"), "", "atom"),
        (FEED.decode().encode("utf-16"), "", "jsonfeed"),
        (FEED, "a.jsonld", "jsonfeed"),
        (PAGE, "a.md", "webpage"),
        (b"---\ntitle: On RSS\n---\nWrite `<rss version='2.0'>` first.\n", "a.md", "markdown"),
        (b"On RSS 1.0\n\nIt begins with " + RSS_1, "a.txt", "clipping"),
        (b"On sitemaps\n\nThe first tag is <urlset>.\n", "a.txt", "clipping"),
        (b"\n<rss version='2.0'><channel/></rss>", "a.txt", "rss"),
        (b"The tag <feed> is the root.", "", "clipping"),
        (b"[Picture: the quay]\n\nText.", "", "clipping"),
        (LINKED.replace("}", ', "items": []}').encode(), "", "newsarticle"),
    ],
)
def test_the_content_decides_before_the_name(body: bytes, path: str, name: str) -> None:
    assert name == formats.detect(body, path).NAME


@pytest.mark.parametrize("path", ["a.rss", "a.atom", "a.jsonld", "a.json", "a.xml", "a.epub", "a.opml", "a.html", "a.md", "a"])
@pytest.mark.parametrize(
    "body", [b"\0", b"\xff\xfe", b"\xff\xfe{", b"\xed\xa0\x80", b"[" * 5000, b'{"items":[' * 5000, b"<" * 5000, b"{'a'"]
)
def test_whatever_the_bytes_checking_never_raises(tmp_path: Path, body: bytes, path: str) -> None:
    (tmp_path / path).write_bytes(body)
    assert {each.location.path for each in desk.check(tmp_path / path)} - {"publisher.toml"}
