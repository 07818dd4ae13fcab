"""The preview over real HTTP: what is served, how it is asked for, what is refused, and what happens when sources change."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import pty
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from email.utils import formatdate
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO, Any

import brotli
import httpx2
import pytest
import segno

from publisher import build, cli, desk, formats, markup, whole
from publisher.article import Article, Image, Publication
from publisher.outputs import Output, Written
from publisher.problems import Problem, PublisherError
from publisher.server import asking, graph, hosts, kinds, pages, workshop
from publisher.server.app import App
from publisher.server.moving import change, moved
from publisher.server.store import Edition, Made, Store
from publisher.server.workshop import Order
from tests import papers
from tests.previews import BELLS, FERRY, ROOT, TOML, Served, publication, served
from tests.rights import PLAINLY, needs_rights, with_rights

DRAFT = "---\ntitle: Not yet\ndate: 2026-01-05\nauthor: Ada Byron\ndescription: A storm.\ndraft: true\n---\nWait.\n"
FEEDS = ("feed.atom", "feed.rss", "feed.json")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A preview whose sources nobody changes."""
    folder = publication(tmp_path_factory.mktemp("preview") / "sources")
    (folder / "storm.md").write_text(DRAFT)
    (folder / ".secret").write_text("hidden words")
    with served(folder) as found:
        yield found


@pytest.fixture(scope="module")
def built(up: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same publication as a build writes it."""
    out = tmp_path_factory.mktemp("preview") / "exports"
    assert cli.main(["build", str(up.folder), "-o", str(out)]) == 0
    return out


# -- what is served -------------------------------------------------------------------------------------------------------


def articles(body: bytes, path: str) -> tuple[Article, ...]:
    return formats.detect(body, path).read(body).publication.articles


@pytest.mark.parametrize("path", [*FEEDS, "the-lantern.epub"])
def test_the_identifiers_of_the_preview_are_those_of_the_publication(up: Served, built: Path, path: str) -> None:
    here, there = articles(up.get(path).content, path), articles((built / path).read_bytes(), path)
    assert len(here) == 3
    assert [each.identifier for each in here] == [each.identifier for each in there]


def test_the_catalogue_has_the_identifier_that_it_will_have(up: Served, built: Path) -> None:
    here, there = (markup.parse_xml(each)[0].text for each in (up.get("catalogue.xml").content, (built / "catalogue.xml").read_bytes()))
    assert here == there
    assert str(here).startswith("urn:uuid:")


@pytest.mark.parametrize("path", FEEDS)
def test_the_addresses_of_the_preview_are_its_own(up: Served, path: str) -> None:
    for each in articles(up.get(path).content, path):
        assert each.url
        assert each.url.startswith(up.base)
        assert up.get(each.url.removeprefix(up.base)).status_code == 200


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_of_the_preview_names_the_publication_only_by_its_identifier(up: Served, path: str) -> None:
    named = set(re.findall(r"https://lantern\.example/[\w./-]*", up.get(path).text))
    assert named <= {"https://lantern.example/"}


def test_the_book_has_the_identifier_that_it_will_have(up: Served, built: Path) -> None:
    def identifier(body: bytes) -> str:
        package = zipfile.ZipFile(BytesIO(body)).read("EPUB/content.opf").decode()
        return "".join(re.findall(r"<dc:identifier[^>]*>([^<]*)", package))

    assert identifier(up.get("the-lantern.epub").content) == identifier((built / "the-lantern.epub").read_bytes())


def test_everything_that_a_build_writes_is_served(up: Served, built: Path) -> None:
    paths = [each.relative_to(built).as_posix() for each in built.rglob("*") if each.is_file() and each.name[0] not in "._"]
    assert len(paths) > 10
    assert {path: up.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_problems_are_those_of_the_publication_and_not_of_the_address_of_the_preview(up: Served, built: Path) -> None:
    together = {each.message for each in desk.check_together(str(built))}
    found = up.get("_publisher/problems").json()
    assert [each["code"] for each in found if each["message"] not in together] == ["source-draft"]


@pytest.mark.parametrize("path", ["", "index.html", "2026/lamp/", "2026/lamp/index.html", "articles/ferry.html", "articles/ferry"])
def test_a_page_has_the_addresses_that_servers_of_files_give_it(up: Served, path: str) -> None:
    answer = up.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html;charset=utf-8")


def test_a_folder_without_its_stroke_leads_to_the_folder(up: Served) -> None:
    answer = up.get("2026/lamp")
    assert (answer.status_code, answer.headers["location"]) == (308, "/2026/lamp/")


@pytest.mark.parametrize("path", ["articles/", "media/", "media", "articles", "issues/"])
def test_a_folder_is_not_listed(up: Served, path: str) -> None:
    assert up.get(path).status_code == 404


# -- media types ----------------------------------------------------------------------------------------------------------

FEED = b'<?xml version="1.0"?><!-- a --><feed xmlns="http://www.w3.org/2005/Atom">'
TYPES = {
    "a.html": (b"<p>\xc3\xa9", "text/html;charset=utf-8"),
    "latin.html": (b"<p>\xe9", "text/html"),
    "a.css": (b"", "text/css;charset=utf-8"),
    "a.js": (b"", "text/javascript;charset=utf-8"),
    "robots.txt": (b"", "text/plain;charset=utf-8"),
    "a.csv": (b"", "text/csv;charset=utf-8"),
    "a.atom": (FEED, "application/atom+xml;charset=utf-8"),
    "a.rss": (b"<rss/>", "application/rss+xml;charset=utf-8"),
    "feed.xml": (b"<?xml version='1.0'?><rss version='2.0'/>", "application/rss+xml;charset=utf-8"),
    "atom.xml": (FEED, "application/atom+xml;charset=utf-8"),
    "catalogue.xml": (FEED + b'<link rel="http://opds-spec.org/sort/new"/>', "application/atom+xml;profile=opds-catalog;kind=navigation"),
    "new.xml": (FEED + b'<link rel="http://opds-spec.org/acquisition"/>', "application/atom+xml;profile=opds-catalog;kind=acquisition"),
    "sitemap.xml": (b"<urlset/>", "application/xml;charset=utf-8"),
    "search.xml": (b"<OpenSearchDescription/>", "application/opensearchdescription+xml;charset=utf-8"),
    "feeds.opml": (b"<opml/>", "text/x-opml;charset=utf-8"),
    "feed.json": (b'{"version": "https://jsonfeed.org/version/1.1"}', "application/feed+json"),
    "catalogue.json": (b'{"metadata": {}, "links": [], "publications": []}', "application/opds+json"),
    "a.json": (b"[" * 100_000, "application/json"),
    "list.json": (b"[]", "application/json"),
    "a.jsonld": (b"{}", "application/ld+json"),
    "a.webmanifest": (b"{}", "application/manifest+json"),
    "a.epub": (b"PK", "application/epub+zip"),
    "a.kepub.epub": (b"PK", "application/epub+zip"),
    "a.svg": (b"<svg/>", "image/svg+xml"),
    "a.webp": (b"", "image/webp"),
    "a.avif": (b"", "image/avif"),
    "a.JPG": (b"", "image/jpeg"),
    "a.m4a": (b"", "audio/mp4"),
    "a.mp3": (b"", "audio/mpeg"),
    "a.mp4": (b"", "video/mp4"),
    "a.vtt": (b"", "text/vtt;charset=utf-8"),
    "a.woff2": (b"", "font/woff2"),
    "a.wasm": (b"", "application/wasm"),
    "unknown": (b"", "application/octet-stream"),
    "a.html.bak": (b"", "application/octet-stream"),
}


@pytest.mark.parametrize("path", TYPES)
def test_a_file_is_said_to_be_what_it_is(path: str) -> None:
    assert kinds.media_type(path, TYPES[path][0]) == TYPES[path][1]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("feed.atom", "application/atom+xml;charset=utf-8"),
        ("feed.rss", "application/rss+xml;charset=utf-8"),
        ("feed.json", "application/feed+json"),
        ("articles/ferry.jsonld", "application/ld+json"),
        ("the-lantern.epub", "application/epub+zip"),
        ("media/six-bells.mp3", "audio/mpeg"),
    ],
)
def test_the_answer_says_so(up: Served, path: str, kind: str) -> None:
    answer = up.get(path)
    assert (answer.headers["content-type"], answer.headers["x-content-type-options"]) == (kind, "nosniff")


# -- what is there already ------------------------------------------------------------------------------------------------

PATHS = ["", "articles/ferry.html", *FEEDS, "the-lantern.epub", "media/six-bells.mp3", "media/readings.csv"]


@pytest.mark.parametrize("path", PATHS)
def test_who_has_it_already_is_sent_nothing(up: Served, path: str) -> None:
    first = up.get(path)
    etag = first.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*", f'"a,b" , W/{etag}'):
        answer = up.get(path, if_none_match=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
        assert "content-type" not in answer.headers
        assert answer.headers.get("vary") == first.headers.get("vary")


@pytest.mark.parametrize("path", PATHS[2:])
def test_who_has_it_since_its_date_is_sent_nothing(up: Served, path: str) -> None:
    modified = up.get(path).headers["last-modified"]
    assert up.get(path, if_modified_since=modified).status_code == 304
    assert up.get(path, if_modified_since="Thu, 01 Jan 2026 00:00:00 GMT").status_code == 200


@pytest.mark.parametrize("date", ["soon", "", "99999999999", "Mon, 32 Jan 2026 00:00:00 GMT", "Thu, 01 Jan 1 00:00:00 -9999"])
def test_a_date_that_is_none_is_not_there(up: Served, date: str) -> None:
    assert up.get("feed.atom", if_modified_since=date).status_code == 200


def test_an_entity_tag_goes_before_a_date(up: Served) -> None:
    modified = up.get("feed.atom").headers["last-modified"]
    assert up.get("feed.atom", if_none_match='"other"', if_modified_since=modified).status_code == 200


def test_what_is_expected_to_be_there_and_is_not_is_refused(up: Served) -> None:
    first = up.get("feed.atom")
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    assert [up.get("feed.atom", if_match=each).status_code for each in (etag, "*", f'"a", {etag}')] == [200, 200, 200]
    assert [up.get("feed.atom", if_match=each).status_code for each in ('"a"', f"W/{etag}")] == [412, 412]
    assert up.get("feed.atom", if_unmodified_since=modified).status_code == 200
    assert up.get("feed.atom", if_unmodified_since="Thu, 01 Jan 2026 00:00:00 GMT").status_code == 412


def test_a_page_with_what_it_shows_in_it_is_known_by_its_tag_alone(up: Served) -> None:
    page = up.get("articles/ferry.html")
    assert "last-modified" not in page.headers
    assert up.get("articles/ferry.html", if_modified_since=formatdate(time.time() + 60, usegmt=True)).status_code == 200
    assert up.get("articles/ferry.html", if_unmodified_since=formatdate(0, usegmt=True)).status_code == 200
    assert up.get("articles/ferry.html", if_none_match=page.headers["etag"]).status_code == 304


# -- encodings ------------------------------------------------------------------------------------------------------------

UNPACK: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize("coding", UNPACK)
@pytest.mark.parametrize("path", ["articles/ferry.html", *FEEDS, "articles/ferry.jsonld"])
def test_a_text_is_compressed_as_asked_for(up: Served, path: str, coding: str) -> None:
    plain = up.get(path)
    with httpx2.Client(trust_env=False) as client, client.stream("GET", up.base + path, headers={"accept-encoding": coding}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == coding
    assert UNPACK[coding](raw) == plain.content
    assert len(raw) < len(plain.content) / 2
    assert answer.headers["content-length"] == str(len(raw))
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert answer.headers["etag"] == plain.headers["etag"][:-1] + f'-{coding}"'


def test_each_encoding_is_known_by_its_own_tag_only(up: Served) -> None:
    tags = {each: up.get("feed.atom", accept_encoding=each).headers["etag"] for each in ("br", "gzip", "identity")}
    answers = {(asked, known): up.get("feed.atom", accept_encoding=asked, if_none_match=tags[known]) for asked in tags for known in tags}
    assert {pair for pair, answer in answers.items() if answer.status_code == 304} == {(each, each) for each in tags}


@pytest.mark.parametrize(
    ("asked", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("br;q=0, *", "gzip"),
        ("*;q=0", None),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", None),
        ("identity;q=1, gzip;q=0.2", None),
        ("gzip;q=nonsense", None),
        (",,, ;;", None),
        ("", None),
        (None, None),
    ],
)
def test_the_encoding_is_the_one_that_is_liked_best(asked: str | None, coding: str | None) -> None:
    assert asking.coding(asked) == coding


@pytest.mark.parametrize("path", ["media/six-bells.mp3", "the-lantern.epub", "media/quay.jpg"])
def test_what_is_compressed_already_is_sent_as_it_is(up: Served, path: str) -> None:
    answer = up.get(path, accept_encoding="gzip, br")
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers


# -- parts ----------------------------------------------------------------------------------------------------------------

SOUND = (ROOT / "seeds/media/six-bells.mp3").read_bytes()


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=10-19", slice(10, 20)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=-999999999", slice(0, None)),
        ("bytes=5-999999999", slice(5, None)),
        ("Bytes=3-3", slice(3, 4)),
        ("bytes=0-1, 999999999-", slice(0, 2)),
    ],
)
def test_one_part_is_sent_alone(up: Served, asked: str, part: slice) -> None:
    answer = up.get("media/six-bells.mp3", range=asked)
    start, end, _ = part.indices(len(SOUND))
    assert (answer.status_code, answer.content) == (206, SOUND[part])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(SOUND)}"
    assert answer.headers["content-length"] == str(end - start)


def test_several_parts_are_sent_as_one_answer_in_parts(up: Served) -> None:
    answer = up.get("media/six-bells.mp3", range="bytes=20-29, 0-4,-3")
    kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
    assert (answer.status_code, kind, answer.headers["content-length"]) == (206, "multipart/byteranges", str(len(answer.content)))
    before, *parts, after = answer.content.split(f"--{boundary}".encode())
    assert (before.strip(), after.strip()) == (b"", b"--")
    split = [part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n") for part in parts]
    assert [body for _, _, body in split] == [SOUND[20:30], SOUND[:5], SOUND[-3:]]
    size = len(SOUND)
    wanted = (f"20-29/{size}", f"0-4/{size}", f"{size - 3}-{size - 1}/{size}")
    assert [head.decode() for head, _, _ in split] == [f"Content-Type: audio/mpeg\r\nContent-Range: bytes {each}" for each in wanted]


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0", "bytes=999999999-, 888888888-"])
def test_a_part_beyond_the_end_cannot_be_sent(up: Served, asked: str) -> None:
    answer = up.get("media/six-bells.mp3", range=asked)
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(SOUND)}")


@pytest.mark.parametrize(
    "asked",
    [
        *("lines=1-2", "bytes", "bytes=", "bytes=a-b", "bytes=5-2", "bytes=-", "bytes=1-2,x", "bytes=1--2", "bytes=" + "9" * 40 + "-"),
        "bytes=" + ",".join(["0-0"] * 33),
        "bytes=" + ",".join(["0-"] * 9),
    ],
)
def test_parts_that_are_none_or_too_many_are_all_of_it(up: Served, asked: str) -> None:
    answer = up.get("media/six-bells.mp3", range=asked)
    assert (answer.status_code, len(answer.content), answer.headers["accept-ranges"]) == (200, len(SOUND), "bytes")


def test_a_part_is_sent_only_of_what_it_was_part_of(up: Served) -> None:
    first = up.get("media/six-bells.mp3")
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    codes = [up.get("media/six-bells.mp3", range="bytes=0-1", if_range=each).status_code for each in (etag, modified)]
    assert codes == [206, 206]
    others = (f"W/{etag}", '"other"', "Thu, 01 Jan 2026 00:00:00 GMT", formatdate(time.time() + 900, usegmt=True), "soon")
    assert {up.get("media/six-bells.mp3", range="bytes=0-1", if_range=each).status_code for each in others} == {200}


def test_a_part_of_a_text_is_one_of_its_own_bytes(up: Served) -> None:
    answer = up.get("feed.atom", range="bytes=0-4", accept_encoding="gzip, br")
    assert (answer.status_code, answer.content) == (206, b"<?xml")
    assert "content-encoding" not in answer.headers


# -- methods --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PATHS, "nowhere", "2026/lamp"])
def test_head_gives_the_headers_of_get_and_nothing_else(up: Served, path: str) -> None:
    get, head = up.get(path), up.get(path, "HEAD")
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}
    raw = up.say(b"HEAD /%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % path.encode())
    assert raw.endswith(b"\r\n\r\n")


def test_head_of_parts_and_of_compressed_texts_has_their_length(up: Served) -> None:
    for headers in ({"range": "bytes=0-1,4-5"}, {"range": "bytes=3-9"}):
        assert up.get("media/six-bells.mp3", "HEAD", **headers).headers == up.get("media/six-bells.mp3", **headers).headers
    get, head = (up.get("feed.atom", method, accept_encoding="gzip") for method in ("GET", "HEAD"))
    assert (head.headers["content-length"], head.headers["etag"]) == (get.headers["content-length"], get.headers["etag"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"])
@pytest.mark.parametrize("path", ["", "feed.atom", "_publisher/problems", "nowhere"])
def test_no_other_method_is_answered(up: Served, method: str, path: str) -> None:
    heard = up.say(method.encode(), b" /", path.encode(), b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 405 ")
    assert b"\r\nallow: GET, HEAD\r\n" in heard


# -- who is refused -------------------------------------------------------------------------------------------------------

TRAVERSALS = """
/../publisher.toml /..%2fpublisher.toml /%2e%2e/publisher.toml /%2e%2e%2fpublisher.toml /..%5cpublisher.toml /..\\publisher.toml
/%252e%252e%252fpublisher.toml /media/../../publisher.toml /media/..%2f..%2fpublisher.toml /%c0%ae%c0%ae/publisher.toml
/%uff0e%uff0e/publisher.toml /....//publisher.toml /media/%2e%2e/%2e%2e/%2e%2e/etc/passwd /%2fetc%2fpasswd //etc/passwd
/etc/passwd /.secret /%2esecret /media/.hidden /.publisher /publisher.toml /ferry.md /storm.md /articles/storm.html
/media/quay.jpg%00.html /%00 /media/quay.jpg/ /media//quay.jpg /media/./quay.jpg /./feed.atom /feed.atom/ /feed.atom%20 /FEED.ATOM
/file:///etc/passwd /_publisher/book/../../../etc/passwd /_publisher/book/the-lantern.epub/../../etc/passwd
/_publisher/book/the-lantern.epub/%2e%2e%2f%2e%2e%2fetc%2fpasswd /_publisher/book/feed.atom/x /_publisher/../.secret
/_publisher/preview.js /_publisher/app.py /_publisher/ /_publisher /%5Fpublisher/../publisher.toml /%ff%fe /%
""".split()


@pytest.mark.parametrize("target", TRAVERSALS)
def test_nothing_is_served_but_the_site(up: Served, target: str) -> None:
    heard = up.ask(target.encode())
    assert heard.split(b" ", 2)[1] in (b"404", b"400")
    assert not any(each in heard for each in (b"root:x:", b"since = ", b"hidden words", b"title: ", b"Wait."))


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = publication(tmp_path / "sources")
    (tmp_path / "private.txt").write_text("private")
    (folder / "media/list.csv").symlink_to(tmp_path / "private.txt")
    (folder / "more").symlink_to(tmp_path)
    (folder / "ferry.md").write_text(FERRY + "\n[a list](media/list.csv) [more](more/private.txt)\n")
    with served(folder) as up:
        assert [up.get(path).status_code for path in ("media/list.csv", "more/private.txt", "media/readings.csv")] == [404, 404, 200]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost:1", "LocalHost", "localhost.", "127.0.0.1:65535"])
def test_the_preview_is_called_by_the_names_of_this_machine(up: Served, host: str) -> None:
    assert up.ask(b"/feed.atom", host=host.encode()).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "host",
    "evil.example 127.0.0.1.evil.example localhost.evil.example evil.example:8000 localhost@evil.example evil@localhost 127.0.0.2 "
    "192.168.0.1 [::ffff:127.0.0.1] [::2] 0.0.0.0 127.1 2130706433 localhost/ localhost# localhost? localhost: localhost:x :8000 [".split(),
)
def test_the_preview_has_no_other_name(up: Served, host: str) -> None:
    for path in (b"/feed.atom", b"/", b"/_publisher/problems"):
        assert up.ask(path, host=host.encode()).startswith(b"HTTP/1.1 421 ")


def test_a_request_needs_one_host(up: Served) -> None:
    assert up.say(b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert up.say(b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 421 ")
    assert up.say(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_a_whole_address_in_a_request_says_which_host_is_meant(up: Served) -> None:
    own = f"http://127.0.0.1:{up.port}/feed.atom".encode()
    assert up.ask(own).startswith(b"HTTP/1.1 200 ")
    assert up.ask(own, host=b"evil.example").startswith(b"HTTP/1.1 200 ")
    for target in (
        b"http://evil.example/feed.atom",
        b"http://evil.example",
        b"http://localhost@evil.example/",
        b"HTTP://evil.example/feed.atom",
    ):
        assert up.ask(target, host=b"localhost").startswith(b"HTTP/1.1 421 ")
    for target in (b"https://localhost/feed.atom", b"*", b"localhost:80", b"feed.atom", b"ftp://localhost/"):
        assert up.ask(target, host=b"localhost").startswith(b"HTTP/1.1 400 ")


HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
SMUGGLED = {
    "two lengths": [b"Content-Length: 0\r\nContent-Length: 42\r\n\r\n"],
    "a list of lengths": [b"Content-Length: 0, 42\r\n\r\n"],
    "length and chunks": [b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    "chunks": [b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    "a coding that is none": [b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"],
    "two codings": [b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"],
    "a body": [b"Content-Length: %d\r\n\r\n" % len(HIDDEN)],
    "a length that is none": [b"Content-Length: -1\r\n\r\n"],
    "a length with a sign": [b"Content-Length: +0\r\n\r\n"],
    "a name with a space": [b"Content-Length : 5\r\n\r\n"],
    "a folded line": [b"X: 1\r\n\tTransfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n\r\n"],
    "a bare carriage return": [b"X: 1\rContent-Length: 5\r\n\r\n"],
    "a null": [b"X: \0\r\n\r\n"],
}


@pytest.mark.parametrize("trick", SMUGGLED)
@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_no_request_hides_another_one(up: Served, trick: str, method: bytes) -> None:
    heard = up.say(method, b" /feed.atom HTTP/1.1\r\nHost: localhost\r\n", *SMUGGLED[trick], HIDDEN)
    assert heard.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 405 "))
    assert heard.count(b"HTTP/1.1 ") == 1


def test_requests_on_one_connection_are_answered_one_after_the_other(up: Served) -> None:
    one = b"GET /media/readings.csv HTTP/1.1\r\nHost: localhost\r\n"
    heard = up.say(one, b"\r\n", one, b"Connection: close\r\n\r\n")
    assert heard.count(b"HTTP/1.1 200 ") == 2


def test_endless_headers_are_refused(up: Served) -> None:
    heard = up.say(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", b"a" * 200_000, b"\r\n\r\n")
    assert heard == b"" or heard.startswith(b"HTTP/1.1 400 ")
    assert up.get("feed.atom").status_code == 200


# -- headers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_names_itself_and_its_hub_and_is_open_to_readers_in_browsers(up: Served, path: str) -> None:
    headers = up.get(path, origin="https://reader.example").headers
    assert headers["link"] == f'<{up.base}{path}>; rel="self", <https://hub.lantern.example/>; rel="hub"'
    assert headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["", "articles/ferry.html", "the-lantern.epub", "media/quay.jpg", "nowhere", "_publisher/problems"])
def test_nothing_else_is_open_to_other_sites(up: Served, path: str) -> None:
    assert "access-control-allow-origin" not in up.get(path, origin="https://reader.example").headers


@pytest.mark.parametrize("path", [*PATHS, "nowhere", "_publisher/problems", "_publisher/drawer?path=articles/ferry.html", "2026/lamp"])
def test_every_answer_guards_itself(up: Served, path: str) -> None:
    headers = up.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] in ("no-cache", "no-store")
    assert "server" not in headers
    assert "content-security-policy" in headers or "json" in headers["content-type"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["problems", "state", "events", "drawer?path=index.html", "book/the-lantern.epub/mimetype", "entry"])
def test_what_is_for_the_editor_is_for_no_page_of_another_site(up: Served, path: str, site: str) -> None:
    assert up.get(f"_publisher/{path}", sec_fetch_site=site).status_code == 403


# -- pages ----------------------------------------------------------------------------------------------------------------


def test_a_page_is_the_built_one_with_one_script_more(up: Served, built: Path) -> None:
    body = up.get("articles/ferry.html").content
    assert len(re.findall(rb"<script(?! type=.application/ld\+json)", body)) == 1
    rest = re.sub(rb"<script data-path=.*?</script>\n", b"", body, flags=re.DOTALL)
    there = (built / "articles/ferry.html").read_bytes()
    there = re.sub(rb'<meta http-equiv="Content-Security-Policy"[^>]*>\n', b"", there)
    assert rest.replace(up.base.encode(), b"https://lantern.example/") == there


META = b"""<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'none'; img-src &#39;self&#39;"></head>
<body><script>own()</script><script type="application/ld+json">{}</script></body></html>"""


def test_the_policies_allow_the_script_of_the_preview_and_nothing_more() -> None:
    body, header = pages.injected(META, 'a"b.html', "1", "2")
    assert b"http-equiv" not in body
    assert b'data-path="a&quot;b.html"' in body
    own, said = header.split(", ")
    scripts = re.findall(r"script-src ([^;]*)", own)[0].split()
    assert len(scripts) == 1
    assert f"script-src {scripts[0]}" in said
    assert "connect-src 'self'" in said
    assert "img-src 'self'" in said
    assert "script-src 'none'" in pages.policies(META)


def test_a_page_without_scripts_may_run_none() -> None:
    assert "script-src 'none'" in pages.policies(b"<p>Quiet.</p><script type=application/ld+json>{}</script>")


def test_a_page_with_scripts_of_the_site_may_run_these() -> None:
    assert "script-src 'self';" in pages.policies(b"<script src=search.js defer></script>")


@pytest.mark.parametrize("part", [b"<meta ", b"<script>", b"<script ", b"</script", b"<meta http-equiv=content-security-policy content='"])
def test_no_page_takes_long(part: bytes) -> None:
    began = time.process_time()
    pages.policies(part * 40_000)
    pages.injected(part * 40_000, "a.html", "", "")
    assert time.process_time() - began < 5


def test_a_page_without_an_end_gets_the_script_too() -> None:
    assert b"<p>Open<script data-path" in pages.injected(b"<p>Open", "a.html", "1", "2")[0]


# -- the drawer -----------------------------------------------------------------------------------------------------------


def drawer(up: Served, path: str) -> str:
    return up.get(f"_publisher/drawer?path={path}").text


def test_the_drawer_shows_an_article_as_others_will(up: Served) -> None:
    shown = drawer(up, "articles/ferry.html")
    for each in (
        "Problems found",
        "As a search result",
        "As a social card",
        "As an entry in a feed reader",
        "As a page of the book",
        "JSON-LD",
    ):
        assert each in shown
    assert "lantern.example › articles › ferry" in shown
    assert 'src="/_publisher/entry?path=articles/ferry.html"' in shown
    assert "audio/mpeg: six-bells.mp3" in shown
    assert re.search(r"Title: \d+ of about 60", shown)
    assert re.search(r'<span class="edge">publisher</span> <strong>[\w ·]*Organization[\w ·]*</strong> The Lantern Press', shown)


def test_the_drawer_shows_the_chapter_with_the_style_of_the_book(up: Served) -> None:
    (source,) = re.findall(r'<iframe[^>]* title="The page of the book" src="([^"]+)"', drawer(up, "articles/ferry.html"))
    chapter = up.get(source[1:])
    assert chapter.headers["content-type"] == "application/xhtml+xml;charset=utf-8"
    assert "It sailed, as" in chapter.text
    sheet = up.get(source[1:].rpartition("/")[0] + "/style.css")
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "text/css;charset=utf-8")
    assert "script-src" not in chapter.headers["content-security-policy"]


def test_the_drawer_shows_the_text_of_the_feed(up: Served) -> None:
    entry = up.get("_publisher/entry?path=articles/ferry.html")
    assert "<p>It sailed, as <a href=" in entry.text
    assert up.get("_publisher/entry?path=index.html").status_code == 404


def test_the_drawer_of_another_page_shows_what_it_has(up: Served) -> None:
    shown = drawer(up, "index.html")
    assert "As a search result" in shown
    assert "As a page of the book" not in shown


def test_the_drawer_counts_notes_apart_from_what_is_wrong(tmp_path: Path) -> None:
    folder = publication(tmp_path / "sources")
    (folder / "odd.md").write_text(
        "---\ntitle: Odd\ndate: 2026-11-20\nimage: media/quay.jpg\nsumary: A slip\nupdated: 2026-11-19\n---\nText.\n"
    )
    with served(folder) as up:
        found = up.get("_publisher/problems").json()
        shown = drawer(up, "articles/bells.html")
    bad, notes = (sum((each["severity"] == "info") == is_note for each in found) for is_note in (False, True))
    assert min(bad, notes) > 0
    assert f"{bad} elsewhere, and {notes} note" in shown


def test_what_strangers_wrote_is_text_in_the_drawer(tmp_path: Path) -> None:
    folder = publication(tmp_path / "sources")
    (folder / "ferry.md").write_text(
        FERRY.replace("title: The ferry", "title: <script>alert(1)</script> & “x”").replace("boats", """'"><img src=x onerror=y>'""")
    )
    with served(folder) as up:
        path = up.get("feed.json").json()["items"][-1]["url"].removeprefix(up.base)
        shown = drawer(up, path)
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script" not in shown
        assert "<img src=x" not in shown


def test_a_graph_points_to_what_it_has_drawn_already() -> None:
    blocks: Any = [
        {
            "@graph": [
                {"@id": "#a", "@type": "NewsArticle", "publisher": {"@id": "#b"}},
                {"@id": "#b", "@type": "Organization", "parent": {"@id": "#a"}},
            ]
        }
    ]
    (top,) = graph.nodes(blocks)
    (publisher_,) = top.inside
    (again,) = publisher_.inside
    assert (top.type, publisher_.type, publisher_.edge, again.again, again.inside) == ("NewsArticle", "Organization", "publisher", True, [])
    assert graph.drawn([top]).count("<circle") == 3


def test_a_graph_without_end_is_cut() -> None:
    deep: Any = {"@type": "A"}
    for _ in range(90):
        deep = {"@type": "A", "b": deep, "c": [{"@type": "D"}] * 50}
    assert graph.drawn(graph.nodes([deep])).count("<circle") <= 250


# -- others on the network ------------------------------------------------------------------------------------------------


async def asked(
    app: App, path: str, client: str, here: str = "192.168.7.1", meanwhile: Callable[[], object] = lambda: None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Ask an application as a server does for somebody at the address `client`; `meanwhile` is done after each part of the answer."""
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)
        meanwhile()

    raw = path.partition("?")[0].encode()
    query = path.partition("?")[2].encode()
    given = [(b"host", here.encode()), *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())]
    scope = {"type": "http", "method": "GET", "path": raw.decode(), "raw_path": raw, "query_string": query, "headers": given}
    await app({**scope, "client": (client, 5), "server": (here, 8000), "scheme": "http", "http_version": "1.1"}, receive, send)
    heads = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], heads, b"".join(each.get("body", b"") for each in said[1:])


def application(folder: Path, **bodies: bytes) -> tuple[App, Edition]:
    store = Store(folder)
    resources = {name.replace("_", "."): store.keep(name.replace("_", "."), body) for name, body in bodies.items()}
    told: list[Exception] = []
    app = App(store, told.append)
    return app, Edition(name="The Lantern", base="http://192.168.7.1:8000/", home="https://lantern.example/", resources=resources)


def test_others_on_the_network_see_the_site_and_nothing_of_the_editor(tmp_path: Path) -> None:
    async def look() -> None:
        app, edition = application(tmp_path, index_html=b"<p>Hello</p>", feed_json=b'{"version": "https://jsonfeed.org/version/1.1"}')
        await app.publish(Made(edition=edition, problems=()))
        status, headers, body = await asked(app, "/", "192.168.7.9")
        assert (status, body) == (200, b"<p>Hello</p>")
        assert "script-src 'none'" in headers["content-security-policy"]
        assert (await asked(app, "/feed.json", "192.168.7.9"))[0] == 200
        assert (await asked(app, "/_publisher/problems", "192.168.7.9"))[0] == 403
        assert b"publisher-preview" in (await asked(app, "/", "192.168.7.1"))[2]
        assert (await asked(app, "/_publisher/problems", "192.168.7.1"))[0] == 200
        assert (await asked(app, "/", "192.168.7.9", here="evil.example"))[0] == 200  # the address that it came in at
        assert not hosts.is_allowed("192.168.7.2", "192.168.7.1")

    asyncio.run(look())


def test_who_is_in_the_middle_of_a_file_gets_it_whole_whatever_is_built(tmp_path: Path) -> None:
    async def look() -> None:
        recording = bytes(range(256)) * 4096
        app, edition = application(tmp_path, bells_mp3=recording)
        await app.publish(Made(edition=edition, problems=()))
        status, _, body = await asked(app, "/bells.mp3", "192.168.7.9", meanwhile=app.store.clear)
        assert (status, body == recording) == (200, True)
        assert [*tmp_path.iterdir()] == []

    asyncio.run(look())


def test_what_is_not_there_is_told_by_the_page_for_that(tmp_path: Path) -> None:
    async def look() -> None:
        app, edition = application(tmp_path, **{"404_html": b"<body><h1>Not here</h1></body>"})
        await app.publish(Made(edition=edition, problems=()))
        status, headers, body = await asked(app, "/articles/gone", "127.0.0.1")
        assert (status, headers["content-type"]) == (404, "text/html;charset=utf-8")
        assert b"<h1>Not here</h1>" in body
        assert b'data-path="articles/gone" data-page=""' in body
        again = await asked(app, "/articles/gone", "127.0.0.1", if_none_match=headers["etag"])
        assert again[0] == 404

    asyncio.run(look())


def test_before_there_is_anything_to_show_it_is_said_why(tmp_path: Path) -> None:
    async def look() -> None:
        app, _ = application(tmp_path)
        await app.publish(Made(edition=None, problems=()))
        assert (await asked(app, "/", "192.168.7.9"))[0] == 503
        status, _, body = await asked(app, "/", "127.0.0.1")
        assert status == 503
        assert b"the build has failed" in body

    asyncio.run(look())


def test_a_defect_is_an_answer_and_is_told(tmp_path: Path) -> None:
    async def look() -> None:
        told: list[Exception] = []
        app, edition = application(tmp_path, index_html=b"<p>Hello</p>")
        app._tell = told.append
        await app.publish(Made(edition=edition, problems=()))
        for each in tmp_path.iterdir():
            each.unlink()
        assert (await asked(app, "/", "127.0.0.1"))[0] == 500
        assert isinstance(told[0], PublisherError)

    asyncio.run(look())


# -- addresses ------------------------------------------------------------------------------------------------------------


def test_addresses_move_and_identifiers_and_texts_stay() -> None:
    to_here = change("https://lantern.example/", "http://127.0.0.1:8000/")
    article = Article(
        identifier="https://lantern.example/a",
        headline="https://lantern.example/ is one year old",
        url="https://lantern.example/a",
        body='<p>See <a href="https://lantern.example/b">https://lantern.example/b</a>.</p>',
        image=(Image(content_url="https://lantern.example/media/a.jpg", caption="https://lantern.example/"),),
        is_based_on="https://elsewhere.example/https://lantern.example/",
    )
    found = moved(
        Publication(identifier="https://lantern.example/", name="The Lantern", url="https://lantern.example", articles=(article,)), to_here
    )
    here = found.articles[0]
    assert (found.identifier, found.url) == ("https://lantern.example/", "http://127.0.0.1:8000/")
    assert (here.identifier, here.headline, here.is_based_on) == (article.identifier, article.headline, article.is_based_on)
    assert (here.url, here.image[0].content_url) == ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/media/a.jpg")
    assert here.image[0].caption == "https://lantern.example/"
    assert here.body == '<p>See <a href="http://127.0.0.1:8000/b">https://lantern.example/b</a>.</p>'
    assert markup.clean(here.body) == here.body


def test_a_port_that_is_taken_is_passed_over() -> None:
    with hosts.bound(0) as first:
        port = first.getsockname()[1]
        with hosts.bound(port) as second:
            assert second.getsockname()[1] != port
            assert second.getsockname()[0] == "127.0.0.1"


def test_a_port_that_may_not_be_had_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(host: str, port: int) -> socket.socket:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(hosts, "_listening", refused)
    with pytest.raises(PublisherError, match="cannot listen on port 80: permission denied"):
        hosts.bound(80)


def test_the_addresses_of_this_machine_are_none_that_only_it_has() -> None:
    assert [each for each in hosts.addresses() if each.startswith("127.")] == []


# -- what changes ---------------------------------------------------------------------------------------------------------


class Events:
    """What a page is told."""

    def __init__(self, up: Served, path: str) -> None:
        self._client = httpx2.Client(trust_env=False, timeout=60)
        request = self._client.build_request("GET", f"{up.base}_publisher/events?path={path}")
        self._answer = self._client.send(request, stream=True)
        self._lines = self._answer.iter_lines()
        assert self._answer.headers["content-type"] == "text/event-stream"

    def next(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(next(each for each in self._lines if each.startswith("data: "))[6:])
        return found

    def close(self) -> None:
        self._answer.close()
        self._client.close()


def test_what_was_changed_is_built_anew_and_told_and_nothing_else_is(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        paths = ("feed.atom", "articles/ferry.html", "articles/bells.html", "media/quay.jpg")
        before = {path: up.get(path).headers["etag"] for path in paths}
        events = Events(up, "articles/ferry.html")
        first = events.next()
        (up.folder / "ferry.md").write_text(FERRY.replace("It sailed, as", "It sank, as"))
        up.built()
        told = events.next()
        while told["page"] == first["page"]:
            told = events.next()
        assert told["looks"] == first["looks"]
        assert "It sank, as" in up.get("articles/ferry.html").text
        assert "It sank, as" in up.get("feed.atom").text
        after = {path: up.get(path, if_none_match=etag).status_code for path, etag in before.items()}
        assert after == {"feed.atom": 200, "articles/ferry.html": 200, "articles/bells.html": 304, "media/quay.jpg": 304}
        feed = up.get("feed.atom").headers
        assert up.get("feed.atom", if_none_match=feed["etag"]).status_code == 304
        assert up.get("feed.atom", if_modified_since=feed["last-modified"]).status_code == 304
        up.built("more")
        (up.folder / "media/quay.jpg").write_bytes((ROOT / "seeds/media/rope.webp").read_bytes())
        up.built()
        while events.next()["looks"] == first["looks"]:
            pass
        events.close()
        assert up.get("media/quay.jpg", if_none_match=before["media/quay.jpg"]).status_code == 200


def test_what_comes_back_after_something_else_is_new_again(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        for said in ("They were still.", "They rang."):
            former = up.get("feed.atom").headers
            (up.folder / "bells.md").write_text(BELLS.replace("They rang.", said))
            while said not in up.get("feed.atom").text:
                up.built()
            assert up.get("feed.atom", if_modified_since=former["last-modified"]).status_code == 200
            assert up.get("media/quay.jpg", if_modified_since=former["last-modified"]).status_code == 304


def test_what_is_new_within_a_second_waits_for_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, naps, disk = publication(tmp_path / "sources"), list[float](), iter((100.25, 100.5, 101.0, 40.0))
    (tmp_path / "store").mkdir()
    monkeypatch.setattr(workshop, "_MEMORY", workshop._Memory())
    monkeypatch.setattr(Store, "now", lambda _: next(disk))
    monkeypatch.setattr(time, "sleep", naps.append)
    order = Order(sources=(str(folder),), base="http://127.0.0.1:8000/", store=Store(tmp_path / "store"), today=date(2026, 11, 27))
    modified = []
    for said in ("They rang.", "They were still.", "They rang again."):  # the clock goes backwards before the third
        (folder / "bells.md").write_text(BELLS.replace("They rang.", said))
        made = workshop.make(order).edition
        assert made
        modified.append(made.resources["feed.atom"].modified)
    assert (modified, naps) == ([100.25, 101.0, 40.0], [0.5])


def test_articles_come_and_go(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        (up.folder / "harvest.md").write_text(BELLS.replace("The bells", "The new bells"))
        up.built()
        assert up.get("articles/harvest.html").status_code == 200
        (up.folder / "harvest.md").unlink()
        up.built()
        assert up.get("articles/harvest.html").status_code == 404


def test_a_build_that_fails_keeps_the_former_site_and_says_why(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        etag = up.get("feed.atom").headers["etag"]
        (up.folder / "publisher.toml").write_text(TOML.replace("language", "langwidge"))
        made = up.built()
        assert made.edition is None
        assert up.get("feed.atom", if_none_match=etag).status_code == 304
        assert up.get("_publisher/state?path=index.html").json()["errors"] == 1
        assert "langwidge" in drawer(up, "articles/ferry.html")
        (up.folder / "publisher.toml").write_text(TOML)
        up.built()
        assert up.get("_publisher/state?path=index.html").json()["errors"] == 0


def test_a_site_whose_first_build_fails_is_there_as_soon_as_that_is_mended(tmp_path: Path) -> None:
    folder = publication(tmp_path / "sources")
    (folder / "publisher.toml").write_text("[publication")
    with served(folder, wait=False) as up:
        assert up.built().edition is None
        answer = up.get("articles/ferry.html")
        assert answer.status_code == 503
        assert "the build has failed" in answer.text
        (folder / "publisher.toml").write_text(TOML)
        up.built()
        assert up.get("articles/ferry.html").status_code == 200


def test_who_asks_before_the_first_build_is_done_waits_for_it(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources"), wait=False) as up:
        assert up.get("articles/ferry.html").status_code == 200


def test_many_changes_at_once_are_few_builds(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        for number in range(40):
            (up.folder / f"chimes-{number}.md").write_text(BELLS.replace("The bells", f"Bells {number}"))
        found = up.built()
        while found.edition and "articles/chimes-39.html" not in found.edition.resources:
            found = up.built()
        assert up.builds.qsize() <= 2


def test_what_a_build_writes_below_the_sources_is_no_change(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        assert cli.main(["build", str(up.folder), "-o", str(up.folder / "exports"), "--only", "atom"]) == 0
        (up.folder / "exports/feed.atom").touch()
        (up.folder / ".hidden").write_text("")
        (up.folder / "bells.md").write_text(BELLS.replace("They rang.", "They rang once."))
        up.built()
        up.built("more")
        (up.folder / "exports/feed.atom").touch()
        time.sleep(1)
        assert up.builds.empty()


def test_after_a_defect_the_next_change_is_built_all_the_same(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        up.spoiled.append(ValueError("a defect"))
        for text in ("They rang once.", "They rang twice."):
            (up.folder / "bells.md").write_text(BELLS.replace("They rang.", text))
            up.built()
        assert "They rang twice." in up.get("feed.atom").text
        assert [str(each) for each in up.defects] == ["a defect"]
        up.defects.clear()


def test_a_defect_in_the_look_at_all_files_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(*_: object) -> list[Problem]:
        raise ValueError("'[y' is no host")

    monkeypatch.setattr(whole, "check", check)
    app, edition = application(tmp_path, index_html=b"<p>Hello</p>")
    order = Order(sources=(), base=edition.base, store=app.store, today=date(2026, 11, 27))
    made = workshop.examine(order, edition)
    assert [(each.code, each.message) for each in made.problems] == [
        ("build-defect", "this is a defect of Publisher: ValueError: '[y' is no host")
    ]


def test_another_picture_for_the_cover_makes_the_books_anew_and_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources, rendered = tmp_path / "sources", list[str]()
    (sources / "media").mkdir(parents=True)
    (tmp_path / "store").mkdir()
    text = '[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nsince = "2026"\n[epub]\ncover = "media/cover.png"\n'
    (sources / "publisher.toml").write_text(text, "utf-8")
    (sources / "ferry.md").write_text("---\ntitle: The ferry\ndate: 2026-11-02\nauthor: Ines Calloway\n---\nIt sailed.\n", "utf-8")
    (sources / "media/cover.png").write_bytes(papers.png(640, 1000))
    order = Order(sources=(str(sources),), base="http://127.0.0.1:8000/", store=Store(tmp_path / "store"), today=date(2026, 11, 27))
    monkeypatch.setattr(workshop, "_MEMORY", workshop._Memory())
    render = build.render

    def noted(output: Output) -> Written:
        rendered.append(output.path)
        return render(output)

    monkeypatch.setattr(build, "render", noted)
    first = workshop.make(order).edition
    rendered.clear()
    again = workshop.make(order).edition
    assert rendered == []
    (sources / "media/cover.png").write_bytes(papers.png(660, 1000))
    other = workshop.make(order).edition
    assert {*rendered} == {"the-lantern.epub", "issues/the-lantern.jpg", "issues/the-lantern-small.jpg"}
    assert first
    assert again
    assert other
    books = [each.resources["the-lantern.epub"].digest for each in (first, again, other)]
    assert books[0] == books[1] != books[2]
    (tmp_path / "another").mkdir()
    elsewhere = workshop.make(replace(order, store=Store(tmp_path / "another"))).edition
    assert elsewhere
    assert all((tmp_path / "another" / each.digest).is_file() for each in elsewhere.resources.values())


def test_sources_that_go_away_and_come_back_are_watched_as_before(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        up.folder.rename(tmp_path / "elsewhere")
        time.sleep(1.5)
        (tmp_path / "elsewhere/bells.md").write_text(BELLS.replace("They rang.", "They rang elsewhere."))
        (tmp_path / "elsewhere").rename(up.folder)
        for text in ("They rang elsewhere.", "They rang here again."):
            while text not in up.get("feed.atom").text:
                up.built()
            (up.folder / "bells.md").write_text(BELLS.replace("They rang.", "They rang here again."))


def test_drafts_are_shown_when_asked_for(tmp_path: Path) -> None:
    folder = publication(tmp_path / "sources")
    (folder / "storm.md").write_text(DRAFT)
    with served(folder, drafts=True) as up:
        assert "Not yet" in up.get("feed.atom").text


# -- the command ----------------------------------------------------------------------------------------------------------

COMMAND = [sys.executable, "-c", "import sys; from publisher.cli import main; sys.exit(main())", "serve"]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return publication(tmp_path / "sources")


def children(process: int) -> set[int]:
    return {int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


def is_running(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


@contextmanager
def running(*command: str, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a command, which is gone afterwards, whatever the test has found."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, **{"stdout": pipe, "stderr": pipe, "text": True, "cwd": ROOT, **more}) as process:
        try:
            yield process
        finally:
            process.kill()


def started(*arguments: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return running(*COMMAND, *arguments)


def line_that_begins(stream: IO[str] | None, start: str) -> str:
    assert stream
    return next(each for each in stream if each.startswith(start))


def listed(process: subprocess.Popen[str], lines: int = 4) -> list[list[str]]:
    """Return the lines of the welcome, as address and what is there."""
    assert process.stdout
    return [re.split(r"\s{2,}", process.stdout.readline().strip()) for _ in range(lines)]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_preview_says_where_it_is_and_ends_quietly_at_once(sources: Path, tmp_path: Path, sign: signal.Signals) -> None:
    (tmp_path / "scratch").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    with running("env", "--default-signal=HUP", *COMMAND, str(sources), "--port", "0", env=environment) as process:
        addresses = listed(process)
        base = addresses[0][0]
        assert addresses[0][1] == "The Lantern"
        assert [each[0].removeprefix(base) for each in addresses[1:]] == ["feed.json", "feed.atom", "feed.rss"]
        assert httpx2.get(f"{base}feed.atom", trust_env=False).status_code == 200
        waiting = socket.create_connection(("127.0.0.1", int(base.rstrip("/").rpartition(":")[2])))
        waiting.sendall(b"GET /_publisher/events?path=index.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert waiting.recv(100).startswith(b"HTTP/1.1 200 ")
        workers = children(process.pid)
        assert workers
        asked_at = time.monotonic()
        process.send_signal(sign)
        out, said = process.communicate(timeout=10)
        assert time.monotonic() - asked_at < 3
        waiting.close()
    assert (process.returncode, out) == (0, "")
    assert re.search(r"^\d+ files, 0 errors, 0 warnings; Ctrl-C ends it$", said, re.MULTILINE)
    assert "Traceback" not in said
    assert "stopped" not in said
    assert [each for each in workers if is_running(each)] == []
    assert [*(tmp_path / "scratch").iterdir()] == []


def test_the_preview_ends_while_it_builds(sources: Path) -> None:
    with started(str(sources), "--port", "0") as process:
        deadline = time.monotonic() + 20
        while not children(process.pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    assert "Traceback" not in said
    assert process.returncode == 0


def test_nothing_is_left_of_a_preview_that_was_killed(sources: Path) -> None:
    with started(str(sources), "--port", "0") as process:
        listed(process)
        workers = children(process.pid)
        process.kill()
    deadline = time.monotonic() + 10
    while any(map(is_running, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [each for each in workers if is_running(each)] == []


def test_a_preview_that_nobody_listens_to_ends_quietly(sources: Path) -> None:
    reading, writing = os.pipe()
    with running(*COMMAND, str(sources), "--port", "0", stdout=writing, stderr=writing) as process:
        os.close(writing)
        os.close(reading)
        assert process.wait(60) == 0


def test_a_port_that_is_taken_is_told(sources: Path) -> None:
    with hosts.bound(0) as taken:
        wanted = taken.getsockname()[1]
        with started(str(sources), "--port", str(wanted)) as process:
            port = listed(process)[0][0].rstrip("/").rpartition(":")[2]
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=10)
    assert f"port {wanted} is taken; this is {port}\n" in said


def test_what_has_changed_is_said_in_a_line(sources: Path) -> None:
    with started(str(sources), "--port", "0") as process:
        listed(process)
        (sources / "bells.md").write_text(BELLS.replace("They rang.", "They rang once."))
        said = line_that_begins(process.stderr, "built anew")
        assert re.fullmatch(r"built anew: \d+ files changed, 0 errors, 0 warnings\n", said)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)


@needs_rights
def test_where_a_folder_may_not_be_read_the_preview_waits_for_a_change(sources: Path) -> None:
    (sources / "secret").mkdir()
    with running(*PLAINLY, *COMMAND, str(sources), "--port", "0") as process:
        with with_rights(sources / "secret", 0):
            assert "/secret: error folder-unreadable: " in line_that_begins(process.stderr, "")
            line_that_begins(process.stderr, "1 error, 0 warnings: waiting for a change")
            time.sleep(3)  # until it has seen that not all can be watched
        assert listed(process)[0][1] == "The Lantern"
        (sources / "bells.md").write_text(BELLS.replace("They rang.", "They rang once."))
        line_that_begins(process.stderr, "built anew")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    assert (process.returncode, "Traceback" in said) == (0, False)


@pytest.mark.parametrize("port", ["-1", "65536", "x", "", "1.5", "٣"])
def test_what_is_no_port_is_wrong_usage(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["serve", "--port", port])
    assert "is not a port" in capsys.readouterr().err


def test_sources_that_are_not_there_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", str(tmp_path / "nowhere")]) == 2
    assert "there is no such file or folder" in capsys.readouterr().err


NETWORK = """
import sys
from publisher.server import hosts
bound = hosts.bound
hosts.bound = lambda port, lan=False: bound(port)
hosts.addresses = lambda: {addresses}
from publisher.cli import main
sys.exit(main({arguments}))
"""
"""Listens on this machine only, since no test is for others."""


@pytest.mark.parametrize("example", cli.COMMANDS["serve"].examples)
def test_every_example_works(example: str, tmp_path: Path) -> None:
    publication(tmp_path / "seeds")
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho $1 > {tmp_path}/opened\n")
    browser.chmod(0o755)
    code = NETWORK.format(addresses=["127.0.0.1"], arguments=shlex.split(example)[1:])
    env = {**os.environ, "BROWSER": f"{browser} %s", "PYTHONPATH": str(ROOT)}
    with running(sys.executable, "-c", code, env=env, cwd=tmp_path) as process:
        base = listed(process)[0][0]
        deadline = time.monotonic() + 10
        while "--open" in example and not (tmp_path / "opened").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    assert (process.returncode, "Traceback" in said) == (0, False)
    assert "--open" not in example or (tmp_path / "opened").read_text() == f"{base}\n"


def test_others_on_the_network_are_shown_the_way_by_a_code(sources: Path) -> None:
    ours, theirs = pty.openpty()
    code = NETWORK.format(addresses=["127.0.0.1", "127.0.0.2"], arguments=["serve", str(sources), "--lan", "--port", "0"])
    with running(sys.executable, "-c", code, stdout=theirs) as process:
        os.close(theirs)
        said = b""
        base = None
        while not base or b"subscribe.html\r\n" not in said:
            said += os.read(ours, 65536)
            base = next(iter(re.findall(r"http://127\.0\.0\.1:\d+/", said.decode(errors="ignore"))), None)
        process.send_signal(signal.SIGINT)
        process.wait(10)
    os.close(ours)
    shown = said.decode().replace("\r\n", "\n")
    assert re.search(r"http://127\.0\.0\.2:\d+/ +The Lantern, on another network of this machine\n", shown)
    out = StringIO()
    segno.make(f"{base}subscribe.html", error="l", micro=False).terminal(out, compact=True, border=2)
    assert out.getvalue() in shown


def test_without_a_network_there_is_none_to_be_shown(sources: Path) -> None:
    code = NETWORK.format(addresses=[], arguments=["serve", str(sources), "--lan"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=30, check=False)
    assert done.returncode == 1
    assert "serve-no-network" in done.stderr
