"""Announcing: real services on this machine are told of what has changed, once."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from publisher import announcing, cli, fetch, files, settings
from publisher.announcing import Announced, Service, Thing
from publisher.formats import rss
from publisher.markup import parse_xml
from publisher.problems import PublisherError
from tests import hubs
from tests.hubs import Cloud, Index, Readers

KEY = "lantern-2026-key"
ARTICLE = "---\ntitle: {}\ndate: 2026-11-2{}\nauthor: Ines Calloway\n---\nThe ferry sailed at noon.\n"


class World:
    """A newsroom, its server, and all who want to hear of it."""

    def __init__(self, folder: Path, url: str, readers: Readers, index: Index, cloud: Cloud) -> None:
        self.folder, self.url, self.readers, self.index, self.cloud = folder, url, readers, index, cloud
        self.write("ferry", "The ferry sails", 1)
        self.write("bells", "Six bells", 2)
        (folder / "publisher.toml").write_text(
            f'[publication]\nname = "The Lantern"\nurl = "{url}"\nlanguage = "en"\nsince = "2026"\n'
            f'[feeds]\nhub = "{readers.hub}"\ncloud = "{cloud.url}"\n'
            f'[announce]\nindexnow = "{index.url}"\nindexnow_key = "{KEY}"\n'
        )

    def write(self, name: str, title: str, day: int) -> None:
        (self.folder / f"{name}.md").write_text(ARTICLE.format(title, day))

    def build(self) -> None:
        assert cli.main(["build", str(self.folder), "-o", str(self.folder / "public")]) == 0

    def announce(self, *more: str) -> int:
        return cli.main(["announce", str(self.folder), "-o", str(self.folder / "public"), "--allow-private", *more])

    @property
    def ledger(self) -> Path:
        return self.folder / files.ANNOUNCED


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Everything running, nothing announced."""
    newsroom, services = tmp_path / "newsroom", tmp_path / "services"
    newsroom.mkdir()
    services.mkdir()
    with (
        hubs.readers(services) as readers,
        hubs.index() as index,
        hubs.cloud() as cloud,
        hubs.site(newsroom / "public", readers.hub) as url,
    ):
        found = World(newsroom, url, readers, index, cloud)
        found.build()
        yield found


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fetch.post.__kwdefaults__ or {}, "pauses", (0, 0, 0))


def test_a_subscriber_gets_the_new_feed_from_the_hub(world: World) -> None:
    world.readers.subscribe(f"{world.url}feed.atom")
    assert world.announce() == 0
    (first,) = [body for topic, body in world.readers.received if topic == f"{world.url}feed.atom"]
    assert first == (world.folder / "public/feed.atom").read_bytes()
    world.write("lamp", "The lamp turns again", 3)
    world.build()
    assert world.announce() == 0
    assert [topic for topic, _ in world.readers.received] == [f"{world.url}feed.atom"] * 2
    assert b"The lamp turns again" in world.readers.received[-1][1]


def test_nothing_is_told_twice(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert world.announce() == 0
    told = list(world.index.urls)
    assert {f"{world.url}articles/ferry.html", f"{world.url}articles/bells.html", world.url} <= set(told)
    assert world.announce() == 0
    assert "nothing has changed since the last time" in capsys.readouterr().err
    assert world.index.urls == told


def test_pages_that_changed_and_pages_that_went_are_told(world: World) -> None:
    world.announce()
    world.index.urls.clear()
    world.write("ferry", "The ferry sails again", 1)
    (world.folder / "bells.md").unlink()
    world.build()
    assert world.announce() == 0
    assert {f"{world.url}articles/ferry.html", f"{world.url}articles/bells.html"} <= set(world.index.urls)
    assert f"{world.url}articles/bells.html" not in world.ledger.read_text()


def test_a_new_article_is_no_news_of_those_beside_it(world: World) -> None:
    """Pages of articles name the one before, the one after and more of their section."""
    for name in ("ferry", "bells"):
        path = world.folder / f"{name}.md"
        path.write_text(path.read_text().replace("author:", "section: Harbour\nauthor:"))
    world.build()
    world.announce("--only", "indexnow")
    world.index.urls.clear()
    page = world.folder / "public/articles/bells.html"
    before = page.read_bytes()
    (world.folder / "lamp.md").write_text(ARTICLE.format("The lamp", 3).replace("author:", "section: Harbour\nauthor:"))
    world.build()
    assert world.announce("--only", "indexnow") == 0
    assert page.read_bytes() != before
    assert {each.removeprefix(world.url) for each in world.index.urls if "/articles/" in each} == {"articles/lamp.html"}
    assert {world.url, f"{world.url}sections/harbour.html"} <= set(world.index.urls)


def test_the_cloud_reads_the_feed_that_names_it(world: World) -> None:
    channel = parse_xml((world.folder / "public/feed.rss").read_bytes())[0]
    (cloud,) = channel.iterfind("cloud")
    assert f"http://{cloud.get('domain')}:{cloud.get('port')}{cloud.get('path')}" == world.cloud.url
    assert world.announce("--only", "rsscloud") == 0
    assert world.cloud.feeds[f"{world.url}feed.rss"] == (world.folder / "public/feed.rss").read_bytes()
    assert world.index.urls == []


def test_a_cloud_that_does_not_take_it_is_told_again(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.cloud.feeds[f"{world.url}feed.rss"] = (world.folder / "public/feed.rss").read_bytes()
    assert world.announce("--only", "rsscloud") == 1
    assert "announce-refused: the cloud did not take it: The feed has not changed." in capsys.readouterr().err
    assert not world.ledger.exists() or f"{world.url}feed.rss" not in world.ledger.read_text()


def test_who_is_busy_is_asked_again_and_who_stays_busy_is_told_the_next_time(world: World) -> None:
    world.index.busy = 2
    assert world.announce("--only", "indexnow") == 0
    told = len(world.index.urls)
    world.index.busy = 9
    assert world.announce("--only", "indexnow", "--all") == 1
    world.index.busy = 0
    assert world.announce("--only", "indexnow", "--all") == 0
    assert len(world.index.urls) == 2 * told


def test_a_hub_that_is_down_is_asked_once_and_all_that_is_left_is_said(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = world.folder / "publisher.toml"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        down = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    path.write_text(path.read_text().replace(world.readers.hub, down))
    asked: list[str] = []
    post = fetch.post

    def noted(url: str, *arguments: Any, **more: Any) -> fetch.Fetched:
        asked.append(url)
        return post(url, *arguments, **more)

    monkeypatch.setattr(fetch, "post", noted)
    assert world.announce() == 1
    said = capsys.readouterr().err
    assert asked.count(down) == 1
    assert said.count("fetch-failed") == 1
    assert "it was not told of 5 more feeds, since it does not answer" in said
    assert f"\n0 of 6 feeds to websub, 2 feeds to rsscloud, {len(world.index.urls)} pages to indexnow\n" in said
    assert world.index.urls


def test_nobody_is_told_of_what_is_not_uploaded(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    (world.folder / "public").rename(world.folder / "old")
    built = world.folder / "here"
    world.write("ferry", "The ferry sails twice", 1)
    cli.main(["build", str(world.folder), "-o", str(built)])
    (world.folder / "old").rename(world.folder / "public")
    assert cli.main(["announce", str(world.folder), "-o", str(built), "--allow-private"]) == 1
    said = capsys.readouterr().err
    assert "announce-not-uploaded" in said
    assert f"{world.url}feed.atom" in said
    assert "\n0 of 6 feeds to websub, 0 of 2 feeds to rsscloud" in said
    assert "nothing has changed" not in said
    assert (world.index.urls, world.readers.received, world.ledger.exists()) == ([], [], False)
    assert cli.main(["announce", str(world.folder), "-o", str(built), "--allow-private", "--force"]) == 0


def test_a_dry_run_tells_nobody(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert world.announce("--dry-run") == 0
    shown = capsys.readouterr()
    assert f"websub {world.readers.hub}\n  changed {world.url}feed.atom" in shown.out
    assert "nothing was sent" in shown.err
    assert (world.index.urls, world.cloud.feeds, world.ledger.exists()) == ([], {}, False)


def test_who_has_nobody_to_tell_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "publisher.toml").write_text('[publication]\nname = "A"\nurl = "https://a.example/"\nlanguage = "en"\nsince = "2026"\n')
    (tmp_path / "a.md").write_text(ARTICLE.format("A", 1))
    assert cli.main(["build", str(tmp_path), "-o", str(tmp_path / "out")]) == 0
    assert cli.main(["announce", str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert "announce-nobody" in capsys.readouterr().err


def test_where_nothing_was_built_nothing_is_announced(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    (world.folder / "empty").mkdir()
    for name, code in (("nowhere", 2), ("empty", 1)):
        assert cli.main(["announce", str(world.folder), "-o", str(world.folder / name)]) == code
        assert "announce-nothing" in capsys.readouterr().err


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"a": 1}', b'{"a": {"b": 1}}', b"\xff"])
def test_a_damaged_list_of_what_was_told_is_an_error_that_says_what_to_do(body: bytes) -> None:
    with pytest.raises(PublisherError, match="damaged") as error:
        Announced.read(body)
    assert error.value.problems[0].code == "announce-ledger-damaged"


def test_what_is_remembered_reads_back() -> None:
    service = Service(kind="indexnow", endpoint="https://index.example/", key=KEY)
    page = Thing(url="https://a.example/b.html", digest="1", sha256="2", media_type="text/html")
    publication = settings.read(None)[0].publication
    (first,) = announcing.announcements(service, publication, [page], ["https://a.example/gone.html"])
    told = Announced(digests={"https://index.example/": {"https://a.example/gone.html": "0"}}).after(first)
    assert Announced.read(told.to_bytes()) == told
    assert told.digests == {"https://index.example/": {page.url: "1"}}
    assert announcing.due(service, [page], told) == ((), ())


def test_pages_go_to_the_index_ten_thousand_at_a_time() -> None:
    service = Service(kind="indexnow", endpoint="https://index.example/", key=KEY)
    pages = [Thing(url=f"https://example.org/{each}.html", digest="1", sha256="1", media_type="text/html") for each in range(10_001)]
    sent = [*announcing.announcements(service, settings.read(None)[0].publication, pages)]
    assert [len(json.loads(each.body)["urlList"]) for each in sent] == [10_000, 1]


def test_copies_of_other_pages_and_pages_that_hide_are_no_news() -> None:
    publication = settings.read(None)[0].publication
    page = '<html><head><link rel="canonical" href="{}"><meta name="robots" content="{}"></head><main>a</main></html>'
    given: dict[str, str] = {
        "a.html": page.format("https://example.org/a.html", "max-image-preview:large"),
        "b.html": page.format("https://elsewhere.example/b", "all"),
        "404.html": page.format("https://example.org/404.html", "noindex"),
        "c/index.html": "<main>c</main>",
        "feed.json": '{"version": "https://jsonfeed.org/version/1.1"}',
        "other.json": "{}",
        "feed/1.json": '{"version": "https://jsonfeed.org/version/1.1"}',
    }
    found = announcing.things(((path, body.encode()) for path, body in given.items()), publication)
    assert [each.url for each in found] == ["https://example.org/feed.json", "https://example.org/a.html", "https://example.org/c/"]


def test_a_copy_does_not_hide_its_original() -> None:
    publication = settings.read(None)[0].publication
    page = '<link rel="canonical" href="https://example.org/{}"><main>{}</main>'
    given = {"a.html": page.format("a.html", "new"), "b.html": page.format("a.html", "old"), "c.html": page.format("d", "only")}
    found = {each.url: each for each in announcing.things(((path, body.encode()) for path, body in given.items()), publication)}
    assert list(found) == ["https://example.org/a.html", "https://example.org/d"]
    assert found["https://example.org/a.html"].sha256 == sha256(given["a.html"].encode()).hexdigest()


def test_a_feed_whose_name_is_a_number_is_no_archive() -> None:
    publication = settings.read(None)[0].publication
    paths = (
        "1984.rss",
        "feed.atom",
        "feed/1.atom",
        "feed/12.atom",
        "feed/2018-07--09.atom",
        "keywords/1984.atom",
        "keywords/1984/1990s.atom",
        "sections/2026.rss",
    )
    found = announcing.things(((each, b"<feed/>") for each in paths), publication)
    assert [each.url.removeprefix("https://example.org/") for each in found] == [
        "1984.rss",
        "feed.atom",
        "keywords/1984.atom",
        "sections/2026.rss",
    ]


def test_a_page_that_only_looks_otherwise_is_no_news() -> None:
    publication = settings.read(None)[0].publication
    before, after = (f"<style>{style}</style><main>Text</main>".encode() for style in ("a", "b"))
    (first,), (second,) = (tuple(announcing.things([("a.html", each)], publication)) for each in (before, after))
    assert first.digest == second.digest
    assert first.sha256 != second.sha256


ARTICLE_PAGE = """<main><nav>Harbour</nav><article class="article"><h1>The ferry</h1>{}<p>It sailed.</p></article>
<div class="onward">{}</div></main>
<script type="application/ld+json">{{"@graph":[{{"@type":"NewsArticle","headline":"The ferry","articleSection":"{}"}},{{"name":"{}"}}]}}</script>"""
PICTURE = """<picture>
<source type="image/avif" srcset="m/sized/a-480.{0}.avif 480w" sizes="100vw">
<img src="a.jpg" srcset="m/sized/a-480.{0}.jpg 480w" sizes="100vw" alt="A ferry">
</picture>"""


@pytest.mark.parametrize(
    ("picture", "onward", "section", "name", "is_news"),
    [
        (PICTURE.format("1a2b3c4d"), "", "Harbour", "The Lantern", False),
        ('<img src="a.jpg" alt="A ferry">', "", "Harbour", "The Lantern", False),
        (PICTURE.format("00000000"), "Another article", "Harbour", "The Lantern", False),
        (PICTURE.format("00000000"), "", "Harbour", "The New Lantern", False),
        (PICTURE.format("00000000"), "", "World", "The Lantern", True),
        (PICTURE.format("00000000").replace("A ferry", "The ferry"), "", "Harbour", "The Lantern", True),
        (f'{PICTURE.format("00000000")}<video><source src="a.mp4"></video>', "", "Harbour", "The Lantern", True),
    ],
)
def test_the_news_of_an_article_is_what_it_says_itself(picture: str, onward: str, section: str, name: str, is_news: bool) -> None:
    publication = settings.read(None)[0].publication
    first = ARTICLE_PAGE.format(PICTURE.format("00000000"), "", "Harbour", "The Lantern")
    pages = (each.encode() for each in (first, ARTICLE_PAGE.format(picture, onward, section, name)))
    before, after = (next(announcing.things([("a.html", each)], publication)).digest for each in pages)
    assert (before != after) is is_news


@pytest.mark.parametrize("part", [b"<meta ", b"<link rel=", b"<main ", b"<img ", b"<source srcset=", b"<article ", announcing._LINKED])
def test_no_page_takes_long(part: bytes) -> None:
    publication = settings.read(None)[0].publication
    began = time.process_time()
    assert len([*announcing.things([("a.html", part * 40_000)], publication)]) == 1
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("key", "fine"), [("a" * 7, False), ("a" * 8, True), ("a" * 129, False), ("a b c d e f", False), ("../../etc", False)]
)
def test_the_key_of_indexnow_is_one_that_it_takes(key: str, fine: bool) -> None:
    body = f'[publication]\nname = "A"\nurl = "https://a.example/"\nlanguage = "en"\nsince = "2026"\n[announce]\nindexnow_key = "{key}"\n'
    if fine:
        assert settings.read(body.encode())[0].site.indexnow_key == key
    else:
        with pytest.raises(PublisherError, match="is no key"):
            settings.read(body.encode())


def test_an_answer_of_a_cloud_that_says_nothing_is_no_refusal() -> None:
    service = Service(kind="rsscloud", endpoint="https://cloud.example/ping")
    answers = (b"", b"fine", b"<ok/>", b'<result success="true"/>')
    assert [announcing.refusal(service, each) for each in answers] == [None] * 4


def test_the_cloud_of_an_https_server_is_asked_there() -> None:
    from publisher.formats import Target

    publication = settings.read(None)[0].publication
    body = rss.write(publication, Target(cloud="https://cloud.example/rss/pleaseNotify", url="https://example.org/feed.rss"))
    (cloud,) = parse_xml(body).iter("cloud")
    assert {str(name): str(value) for name, value in cloud.items()} == {
        "domain": "cloud.example",
        "port": "443",
        "path": "/rss/pleaseNotify",
        "registerProcedure": "",
        "protocol": "https-post",
    }
    assert not [each for each in rss.check(body) if each.code.startswith("rss-cloud")]


def test_a_hub_on_the_own_machine_is_told_only_when_that_is_wanted(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    told = cli.main(["announce", str(world.folder), "-o", str(world.folder / "public"), "--force"])
    assert (told, "fetch-private" in capsys.readouterr().err, world.index.urls) == (1, True, [])
