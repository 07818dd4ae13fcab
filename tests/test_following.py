"""Feeds of many documents, and texts taken from pages: from a real server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from publisher import desk, following
from publisher.article import Article, Publication
from publisher.formats import get
from publisher.problems import PublisherError, Severity

LONG = "The keeper climbs the stair at dusk and lights the lamp, and the harbour knows that it is evening. " * 12
PAGES: dict[str, tuple[str, str]] = {}


def item(number: int, more: str = "") -> str:
    return f"<item><guid>urn:x:{number}</guid><title>Cod {number}</title><link>/cod/{number}</link>{more}</item>"


def rss(*items: str, links: str = "") -> str:
    atom = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    return f'<rss version="2.0" {atom}><channel><title>Herald</title><link>https://e.org/</link>{links}{"".join(items)}</channel></rss>'


def link(rel: str, href: str) -> str:
    return f'<atom:link rel="{rel}" href="{href}"/>'


def page(text: str) -> str:
    head = '<!doctype html><html lang="en"><head><title>Cod 1</title><meta name="author" content="Ann Lee"></head>'
    return f"{head}<body><article><h1>Cod 1</h1><p>{text}</p></article></body></html>"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = PAGES.get(self.path, ("", ""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.end_headers()
        self.wfile.write(body.replace("HOST", f"http://{self.headers['Host']}").encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[str]:
    PAGES.clear()
    running = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


def serve(path: str, body: str, kind: str = "application/rss+xml") -> None:
    PAGES[path] = kind, body


def titles(found: Publication) -> list[str]:
    return [each.headline for each in found.articles]


def test_a_paged_feed_is_followed_to_its_end(server: str) -> None:
    for number in range(1, 5):
        serve(f"/feed?paged={number}", rss(item(number), links=link("next", f"/feed?paged={number + 1}") if number < 4 else ""))
    found = desk.follow(f"{server}/feed?paged=1", private=True)
    assert (titles(found.publication), found.problems) == (["Cod 1", "Cod 2", "Cod 3", "Cod 4"], ())


def test_an_archived_feed_is_followed_into_its_archive_and_not_its_pages(server: str) -> None:
    serve("/feed", rss(item(3), links=link("next", "/nowhere") + link("prev-archive", "HOST/2")))
    serve("/2", rss(item(2), item(3), links=link("prev-archive", "1")))
    serve("/1", rss(item(1)))
    found = desk.follow(f"{server}/feed", private=True)
    assert (titles(found.publication), found.problems) == (["Cod 3", "Cod 2", "Cod 1"], ())


def test_a_json_feed_is_followed_by_its_next_url(server: str) -> None:
    version = "https://jsonfeed.org/version/1.1"
    one = {"version": version, "title": "Herald", "next_url": "/2", "items": [{"id": "1", "content_text": "Cod"}]}
    serve("/1", json.dumps(one), "application/feed+json")
    serve(
        "/2", json.dumps({"version": version, "title": "Herald", "items": [{"id": "2", "content_text": "Hake"}]}), "application/feed+json"
    )
    assert titles(desk.follow(f"{server}/1", private=True).publication) == ["Cod", "Hake"]


def test_an_atom_feed_is_followed(server: str) -> None:
    entry = "<entry><id>urn:x:{0}</id><title>Cod {0}</title></entry>"
    space = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="HOST/a/">'
    serve("/a/1", f'{space}<link rel="next" href="2"/>{entry.format(1)}</feed>', "application/atom+xml")
    serve("/a/2", f"{space}{entry.format(2)}</feed>", "application/atom+xml")
    assert titles(desk.follow(f"{server}/a/1", private=True).publication) == ["Cod 1", "Cod 2"]


def test_a_feed_in_a_file_is_followed_on_the_web(server: str, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(rss(item(2), links=link("next", f"{server}/1")))
    serve("/1", rss(item(1)))
    assert titles(desk.follow(tmp_path / "feed.xml", private=True).publication) == ["Cod 2", "Cod 1"]


def test_an_address_that_nobody_announces_is_not_asked(server: str) -> None:
    serve("/feed", rss(item(2)))
    serve("/feed?paged=2", rss(item(1)))
    assert titles(desk.follow(f"{server}/feed", private=True).publication) == ["Cod 2"]


def test_a_loop_is_ended_and_told(server: str) -> None:
    serve("/1", rss(item(1), links=link("next", "/2")))
    serve("/2", rss(item(2), links=link("next", "/1#again")))
    found = desk.follow(f"{server}/1", private=True)
    assert titles(found.publication) == ["Cod 1", "Cod 2"]
    assert [(each.code, each.severity, each.location.path) for each in found.problems] == [
        ("feed-follow-loop", Severity.WARNING, f"{server}/1#again")
    ]


def test_a_document_that_cannot_be_had_leaves_those_before(server: str) -> None:
    serve("/1", rss(item(1), links=link("next", "/2")))
    found = desk.follow(f"{server}/1", private=True)
    assert titles(found.publication) == ["Cod 1"]
    assert [(each.code, each.severity, each.location.path) for each in found.problems] == [
        ("fetch-refused", Severity.WARNING, f"{server}/2")
    ]


def test_a_document_that_is_no_feed_leaves_those_before(server: str) -> None:
    serve("/1", rss(item(1), links=link("next", "/2")))
    serve("/2", '{"nothing": 1}', "application/json")
    found = desk.follow(f"{server}/1", private=True)
    assert titles(found.publication) == ["Cod 1"]
    assert [each.severity for each in found.problems] == [Severity.WARNING]


def test_a_feed_that_is_not_there_is_an_error(server: str) -> None:
    with pytest.raises(PublisherError):
        desk.follow(f"{server}/none", private=True)


# -- without a server -----------------------------------------------------------------------------------------------------


def documents(*bodies: str) -> tuple[following.Get, following.Read, list[str]]:
    """What gives a feed of these documents, at https://e.org/0 and so on, and the addresses that were asked."""
    asked: list[str] = []

    def answer(address: str) -> tuple[str, bytes]:
        asked.append(address)
        return address, bodies[min(int(address.rpartition("/")[2]), len(bodies) - 1)].encode()

    def read(address: str, body: bytes) -> following.Document:
        return following.Document(url=address, publication=get("rss").read(body).publication)

    return answer, read, asked


def endless(number: int) -> str:
    return rss(item(number), links=link("next", f"https://e.org/{number + 1}"))


def test_so_many_documents_are_asked_for_and_no_more() -> None:
    answer, read, asked = documents(*map(endless, range(50)))
    found = following.follow("https://e.org/0", answer, read, most=5)
    assert (len(asked), found.documents, len(found.publication.articles)) == (5, 5, 5)
    assert [each.code for each in found.problems] == ["feed-follow-too-many"]


def test_a_server_that_repeats_its_last_page_for_ever_is_left() -> None:
    answer, read, asked = documents(endless(0), endless(1))  # /2, /3, ... all give the second
    assert titles(following.follow("https://e.org/0", answer, read).publication) == ["Cod 0", "Cod 1"]
    assert len(asked) <= 3


def test_a_server_that_has_nothing_new_for_ever_is_left() -> None:
    same = [rss(item(0), f"<!-- {number} -->", links=link("next", f"https://e.org/{number + 1}")) for number in range(40)]
    answer, read, asked = documents(*same)
    assert titles(following.follow("https://e.org/0", answer, read).publication) == ["Cod 0"]
    assert len(asked) == 4


def dated(identifier: str, headline: str, day: int | None) -> Article:
    return Article(identifier=identifier, headline=headline, date_modified=datetime(2026, 1, day, tzinfo=UTC) if day else None)


def of(*articles: Article) -> Publication:
    return Publication(identifier="https://e.org/", name="Herald", url="https://e.org/", articles=articles)


@pytest.mark.parametrize(("one", "other", "kept"), [(2, 1, "A"), (1, 2, "B"), (1, 1, "A"), (None, None, "A"), (None, 2, "A")])
def test_of_two_versions_the_newer_wins(one: int | None, other: int | None, kept: str) -> None:
    found = following.merged([of(dated("x", "A", one)), of(dated("y", "Y", 1), dated("x", "B", other))])
    assert titles(found) == [kept, "Y"]


def test_what_is_no_feed_leads_nowhere() -> None:
    for body in (
        b"",
        b"{",
        b"<",
        b"<html><head><link rel='next' href='/2'></head></html>",
        b'{"next_url": 5, "items": []}',
        b"\xff\xfe\x00",
    ):
        assert following.onward(body, "https://e.org/") is None


def test_only_addresses_of_the_web_are_followed() -> None:
    for href in ("file:///etc/passwd", "javascript:1", "mailto:a@e.org", "http://["):
        assert following.onward(rss(links=link("next", href)).encode(), "https://e.org/") is None


# -- the text of summaries ------------------------------------------------------------------------------------------------


def test_the_text_of_a_summary_is_taken_from_its_page(server: str) -> None:
    serve("/feed", rss(item(1, "<description>The keeper climbs …</description>").replace("/cod/", "HOST/cod/")))
    serve("/cod/1", page(LONG), "text/html; charset=utf-8")
    found = desk.full_text(desk.read(f"{server}/feed", private=True), private=True)
    (article,) = found.publication.articles
    assert (article.headline, article.identifier, article.description) == ("Cod 1", "urn:x:1", "The keeper climbs …")
    assert article.body.count("The keeper climbs the stair") == 12
    assert found.problems == ()


def test_a_page_that_fails_leaves_its_article_and_the_others(server: str) -> None:
    serve("/feed", rss(item(1), item(2)).replace("/cod/", "HOST/cod/"))
    serve("/cod/2", page(LONG), "text/html; charset=utf-8")
    found = desk.full_text(desk.read(f"{server}/feed", private=True), private=True)
    assert [bool(each.body) for each in found.publication.articles] == [False, True]
    assert [(each.code, each.severity, each.location.path) for each in found.problems] == [
        ("fetch-refused", Severity.WARNING, f"{server}/cod/1")
    ]


def test_a_page_without_more_text_is_told_once(server: str) -> None:
    short = "<description>The keeper climbs the stair.</description>"
    serve("/feed", rss(item(1, short), item(2, short)).replace("/cod/", "HOST/cod/"))
    for number in (1, 2):
        serve(f"/cod/{number}", page("The keeper climbs the stair."), "text/html; charset=utf-8")
    found = desk.full_text(desk.read(f"{server}/feed", private=True), private=True)
    assert [(each.code, each.severity) for each in found.problems if each.code.startswith("feed")] == [
        ("feed-full-text-none", Severity.INFO)
    ]
    assert found.publication == desk.read(f"{server}/feed", private=True).publication


def test_full_texts_are_left_alone(server: str) -> None:
    serve("/feed", rss(item(1, f"<description>{LONG}</description>").replace("/cod/", "HOST/cod/")))
    before = desk.read(f"{server}/feed", private=True)
    assert desk.full_text(before, private=True) == before


@pytest.mark.parametrize(
    "end",
    ["…", "[...]", "[&#8230;]", "Continue reading →", "Read more", "The post Cod appeared first on Herald."],
)
def test_a_text_that_goes_on_elsewhere_is_a_summary(end: str) -> None:
    article = Article(identifier="x", headline="X", url="https://e.org/x", body=f"<p>{LONG}</p><p>{end}</p>")
    assert following.wanting(of(article)) == [article]


def test_dates_of_feed_and_page_do_not_contradict_each_other() -> None:
    modified = datetime(2026, 5, 1, 9, tzinfo=UTC)
    summary = Article(identifier="1", headline="Cod", date_modified=modified)
    whole = Article(identifier="1", headline="Cod", body=f"<p>{LONG}</p>", date_published=datetime(2026, 5, 1, 10, tzinfo=UTC))
    full = following.filled(summary, whole)
    assert full
    assert (full.date_published, full.date_modified) == (whole.date_published, None)
    day = following.filled(summary, replace(whole, date_published=date(2026, 5, 1)))
    assert day
    assert day.date_modified == modified
