"""Sources are read once: what is remembered gives the same as reading all anew, and only what has to be is read."""

from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PIL import Image as Picture

from publisher import build, desk, files, formats, markup, packing, schema, sources, tracing
from publisher.article import Article, Named, Place, Publication
from publisher.files import seeing
from publisher.measure import measure
from publisher.newsstand import pictures
from publisher.outputs import Output
from publisher.problems import PublisherError, Severity, problem
from publisher.sources import Gathered
from publisher.workers import Workers
from tests import strategies

SITE = "https://lantern.example/"
TOML = """[publication]
name = "The Lantern"
url = "https://lantern.example/"
language = "en"
{more}
[publisher]
name = "The Lantern Press"
logo = "media/b.png"
[authors."Ines Calloway"]
image = "media/a.png"
"""


def picture(size: int) -> bytes:
    Picture.new("RGB", (size, 10)).save(made := BytesIO(), "PNG")
    return made.getvalue()


BOOK = formats.writer("epub").write(
    Publication(
        identifier=SITE,
        name="The Lantern",
        url=SITE,
        in_language="en",
        articles=(Article(identifier="urn:book", headline="Of a book", body="<p>Text.</p>", url=f"{SITE}articles/book.html"),),
    )
)
FEED = formats.writer("atom").write(
    Publication(
        identifier=SITE,
        name="The Lantern",
        url=SITE,
        articles=(
            Article(
                identifier="urn:1", headline="Of a feed", body=f'<p>See <a href="{SITE}a.md">this</a>.</p>', url=f"{SITE}articles/f.html"
            ),
            Article(identifier="urn:2", headline="Another"),
        ),
    )
)


def book_with_a_picture() -> bytes:
    article = Article(
        identifier="urn:book", headline="A book", body=f'<p>A picture. <img alt="x" src="{SITE}x.png"/></p>', url=f"{SITE}b.html"
    )
    publication = Publication(identifier=SITE, name="The Lantern", url=SITE, in_language="en", articles=(article,))
    return formats.writer("epub").write(publication, formats.Target(media={f"{SITE}x.png": picture(12)}.get))


TEXTS = ("a.md", "b.md", "news/a.md", "news/c d.md", "e.txt")
OTHERS = {
    "feed.atom": FEED,
    "book.epub": BOOK,
    "c.epub": book_with_a_picture(),
    "page.html": b"<!doctype html><title>A page</title><h1>A page</h1><p>Some text on it.</p>",
}
MEDIA = ("media/a.png", "media/b.png", "news/c.png", "media/d.pdf")
PICTURES = (picture(10), picture(20), b"no picture", b"")
TARGETS = (
    *("a.md", "/b.md", "c%20d.md#place", "e.txt", "feed.atom", "made/x.html", "/node_modules/n.md"),
    *("https://lantern.example/articles/one.html", "/articles/two.html", "media/a.png", "/media/d.pdf"),
)
NAMES = ("a", "b", "c d", "a.png", "d.pdf", "news/a", "n")


def source(title: str, slug: str, day: int, target: str, name: str, image: str, *, draft: bool) -> bytes:
    """Return a text that asks about others: by a link, by a name, by pictures."""
    return (
        f"---\ntitle: {title}\nslug: {slug}\ndate: 2026-01-0{day}\nauthor: Ines Calloway\ndraft: {str(draft).lower()}\n"
        f"image: {image}\nrelated: [{target}]\n---\n"
        f"See [this]({target}), [[{name}]] and ![x]({image}).\n"
    ).encode()


SOURCE = st.builds(
    source,
    title=st.sampled_from(["One", "Two"]),
    slug=st.sampled_from(["one", "two"]),
    day=st.integers(1, 2),
    target=st.sampled_from(TARGETS),
    name=st.sampled_from(NAMES),
    image=st.sampled_from(["media/a.png", "/media/b.png", "c.png", "gone.png", "/x.png"]),
    draft=st.sampled_from([False, False, True]),
)
MORE = (
    "",
    "since = '2026'\ntime_zone = 'Asia/Tokyo'",
    "time_zone = 'Europe/Berlin'",
    "description = 'News'",
    "sections = ['Town']",
    "since = '2025'",
    "license = 'CC BY 4.0'",
)


def said(found: Gathered) -> tuple[str, ...]:
    """Return all that was gathered, spelled so that nothing that differs looks alike."""
    urls = sorted({*build.media_of(found.publication), *(f"{SITE}{each}" for each in MEDIA)})
    media = [(url, found.media(url)) for url in urls]
    return (
        *map(repr, found.publication.articles),
        *map(repr, found.problems),
        repr(replace(found.publication, articles=())),
        repr((sorted(found.drafts), found.origins, found.written, media)),
    )


def is_round(path: Path) -> bool:
    """Whether a link leads back to itself, after it was renamed to what it led to: nothing can be written there."""
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


class Folder(RuleBasedStateMachine):
    """A folder of sources in which anything may happen."""

    @initialize(text=SOURCE, other=SOURCE)
    def begin(self, text: bytes, other: bytes) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.settle("")
        self.put("a.md", text)
        self.put("news/c d.md", other)
        for path, body in zip(MEDIA, PICTURES, strict=True):
            self.put(path, body)
        self.put("made/.publisher", b"x.html\n")
        self.put("made/x.html", b"<!doctype html><title>Made</title><p>Made before.</p>")
        self.put("node_modules/n.md", b"---\ntitle: N\n---\nText.\n")

    def teardown(self) -> None:
        shutil.rmtree(getattr(self, "root", "/nonexistent"), ignore_errors=True)

    def put(self, path: str, body: bytes) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).unlink(missing_ok=True)
        (self.root / path).write_bytes(body)

    @rule(path=st.sampled_from(TEXTS), text=SOURCE)
    def write(self, path: str, text: bytes) -> None:
        self.put(path, text)

    @rule(path=st.sampled_from(TEXTS), text=SOURCE)
    def write_in_place_with_an_old_date(self, path: str, text: bytes) -> None:
        before = (self.root / path).stat().st_mtime_ns if (self.root / path).exists() else 10**18
        if is_round(self.root / path):
            (self.root / path).unlink()
        (self.root / path).write_bytes(text)
        os.utime(self.root / path, ns=(before, before))

    @rule(path=st.sampled_from([*TEXTS, *MEDIA]))
    def change_a_byte_in_place(self, path: str) -> None:
        """As long as before, and as old."""
        if body := (self.root / path).read_bytes() if (self.root / path).is_file() else b"":
            self.write_in_place_with_an_old_date(path, body.replace(b"One", b"Two") if b"One" in body else body.replace(b"Two", b"One"))

    @rule(path=st.sampled_from([*OTHERS]))
    def write_another(self, path: str) -> None:
        self.put(path, OTHERS[path])

    @rule(path=st.sampled_from(MEDIA), body=st.sampled_from(PICTURES))
    def write_media(self, path: str, body: bytes) -> None:
        self.put(path, body)

    @rule(path=st.sampled_from([*TEXTS[1:], *OTHERS, *MEDIA]))
    def delete(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    @rule(path=st.sampled_from([*TEXTS[1:], *MEDIA]), other=st.sampled_from([*TEXTS, *MEDIA, "news/new.md", "old/a.md"]))
    def rename(self, path: str, other: str) -> None:
        if (self.root / path).exists() and path != other:
            (self.root / other).parent.mkdir(exist_ok=True)
            (self.root / path).rename(self.root / other)

    @rule(path=st.sampled_from([*TEXTS, *MEDIA]), second=st.sampled_from([0, 10**9, 4 * 10**9]))
    def date(self, path: str, second: int) -> None:
        if (self.root / path).exists():
            os.utime(self.root / path, (second, second))

    @rule(path=st.sampled_from([*TEXTS[1:], *MEDIA]), other=st.sampled_from([*TEXTS, *MEDIA, "/etc/hostname", "gone"]))
    def link(self, path: str, other: str) -> None:
        if path != other:
            (self.root / path).unlink(missing_ok=True)
            (self.root / path).symlink_to(self.root / other)

    @rule(more=st.sampled_from(MORE))
    def settle(self, more: str) -> None:
        (self.root / "publisher.toml").write_text(TOML.format(more=more), "utf-8")

    @rule(path=st.sampled_from([f"{files.CACHE}/records", files.CACHE]))
    def forget(self, path: str) -> None:
        shutil.rmtree(self.root / path) if (self.root / path).is_dir() else (self.root / path).unlink(missing_ok=True)

    @rule(start=st.integers(0, 40_000))
    def damage(self, start: int) -> None:
        if (path := self.root / files.CACHE / "records").exists():
            body = path.read_bytes()
            path.write_bytes(body[:start] + b"\xff" * 64 + body[start + 64 :])

    @rule(path=st.sampled_from(TEXTS))
    def gather_one(self, path: str) -> None:
        if (self.root / path).is_file():
            desk.gather([str(self.root / path)])

    @rule()
    def gather_with_drafts(self) -> None:
        self.compare(drafts=True)

    @invariant()
    def gathers_what_a_clean_one_does(self) -> None:
        if hasattr(self, "root"):
            self.compare(drafts=False)

    def compare(self, *, drafts: bool) -> None:
        remembered = desk.gather([str(self.root)], drafts=drafts)[0]
        clean = desk.gather([str(self.root)], drafts=drafts, remember=False)[0]
        assert said(remembered) == said(clean)


Folder.TestCase.settings = settings(
    max_examples=300 if strategies.THOROUGH else 12,
    stateful_step_count=50 if strategies.THOROUGH else 20,
    deadline=None,
    derandomize=not strategies.THOROUGH,
    suppress_health_check=[*HealthCheck],
)
TestFolder = Folder.TestCase


# -- only what has to be is read ------------------------------------------------------------------------------------------


def text(title: str, more: str = "", body: str = "Text.") -> bytes:
    return f"---\ntitle: {title}\n{more}---\n{body}\n".encode()


PAPER = {
    "publisher.toml": TOML.format(more="").encode(),
    "link.md": text("Link", body="See [this](bells.md)."),
    "related.md": text("Related", "related: [bells.md]\n"),
    "page.md": text("Page", body="See [this](/articles/bells.html)."),
    "name.md": text("Name", body="See [[d.pdf]] and [[ferry]]."),
    "picture.md": text("Picture", "image: news/c.png\n"),
    "portrait.md": text("Portrait", "author: Ines Calloway\n"),
    "to-draft.md": text("To a draft", body="See [this](draft.md)."),
    "draft.md": text("Draft", "draft: true\n"),
    "alone.md": text("Alone"),
    "bells.md": text("Bells", "slug: bells\n"),
    "broken.json": b"{",
    "feed.atom": FEED,
    "media/a.png": picture(10),
    "media/b.png": picture(20),
    "media/d.pdf": b"%PDF-1.4",
    "news/c.png": picture(30),
}
SOURCES = {each for each in PAPER if sources.is_source(each)}


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A folder that was gathered once, a while ago."""
    for path, body in PAPER.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(body)
    settled(tmp_path)
    desk.gather([str(tmp_path)])
    return tmp_path


def settled(root: Path) -> None:
    """Wait until the clock of the disk has gone on, so that what was just written is no longer taken for what may change unseen."""
    cache = files.Cache(files.Folder(root, SITE))
    cache.prepare()
    begin = cache.moment()
    while cache.moment() == begin:
        pass


def work(root: Path, monkeypatch: pytest.MonkeyPatch, *, drafts: bool = False) -> tuple[set[str], set[str]]:
    """Gather, and return which sources were read and which media were measured; it gives the same as reading all."""
    read, measured = Counter[str](), Counter[str]()
    was_read, was_measured = sources._read, measure

    def reading(path: str, *given: Any) -> Any:
        read[path] += 1
        return was_read(path, *given)

    def measuring(body: bytes, url: str) -> Any:
        measured[url.removeprefix(SITE)] += 1
        return was_measured(body, url)

    with monkeypatch.context() as patch:
        patch.setattr(sources, "_read", reading)
        patch.setattr("publisher.sources.measure", measuring)
        found = desk.gather([str(root)], drafts=drafts)[0]
    assert {*read.values(), *measured.values()} <= {1}
    assert said(found) == said(desk.gather([str(root)], drafts=drafts, remember=False)[0])
    return {*read}, {*measured}


CHANGES: dict[str, tuple[dict[str, bytes | None], set[str], set[str]]] = {
    "nothing": ({}, set(), set()),
    "the same bytes again": ({"bells.md": PAPER["bells.md"], "media/d.pdf": PAPER["media/d.pdf"]}, set(), set()),
    "a text": ({"bells.md": text("Bells", "slug: bells\n", "Another.")}, {"bells.md"}, set()),
    "a headline": ({"bells.md": text("The bells", "slug: bells\n")}, {"bells.md", "link.md", "related.md"}, set()),
    "an address": ({"bells.md": text("Bells", "slug: ring\n")}, {"bells.md", "link.md", "related.md", "page.md"}, set()),
    "a source that went": ({"bells.md": None}, {"link.md", "related.md", "page.md"}, set()),
    "a source that nobody asked for": ({"new.md": text("New")}, {"new.md"}, set()),
    "a source that was asked for": ({"old/ferry.md": text("Ferry")}, {"old/ferry.md", "name.md"}, set()),
    "a draft": ({"draft.md": text("Draft")}, {"draft.md", "to-draft.md"}, set()),
    "a picture": ({"news/c.png": picture(31)}, {"picture.md"}, {"news/c.png"}),
    "a picture that went": ({"news/c.png": None}, {"picture.md"}, set()),
    "a picture with other bytes that nobody measures": ({"media/d.pdf": b"%PDF-1.5"}, set(), set()),
    "a file that went": ({"media/d.pdf": None}, {"name.md"}, set()),
    "a portrait": ({"media/a.png": picture(11)}, {"portrait.md"}, {"media/a.png"}),
    "the logo, which all articles have": (
        {"media/b.png": picture(21)},
        SOURCES - {"draft.md", "broken.json", "feed.atom"},
        {"media/b.png"},
    ),
    "settings of the site": ({"publisher.toml": PAPER["publisher.toml"] + b"[site]\nsize = 9\n"}, set(), set()),
    "settings that readers know": (
        {"publisher.toml": TOML.format(more="since = '2024'").encode()},
        SOURCES,
        {"media/a.png", "media/b.png", "news/c.png"},
    ),
    "what is broken": ({"broken.json": b"{{"}, {"broken.json"}, set()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_what_depends_on_a_change_is_read_again(paper: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    files_changed, read, measured = CHANGES[change]
    for path, body in files_changed.items():
        (paper / path).parent.mkdir(exist_ok=True)
        (paper / path).unlink() if body is None else (paper / path).write_bytes(body)
    settled(paper)
    assert work(paper, monkeypatch) == (read, measured)
    assert work(paper, monkeypatch) == (set(), set())


def anew(root: Path) -> Path:
    """Forget all that is remembered of a folder."""
    shutil.rmtree(root / files.CACHE)
    return root


def test_of_what_was_read_only_what_it_gives_stays_in_memory(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole: list[sources._Work] = []
    together = sources._together

    def noted(works: list[sources._Work], *given: Any) -> Gathered:
        whole.extend(works)
        return together(works, *given)

    with monkeypatch.context() as patch:
        patch.setattr(sources, "_together", noted)
        found = desk.gather([str(anew(paper))])[0]
    assert {work.path for work in whole} == SOURCES
    assert not [work.path for work in whole if work.trace or work.source or work.files]
    assert said(found) == said(desk.gather([str(paper)], remember=False)[0])
    assert work(paper, monkeypatch) == (set(), set())


def test_what_was_kept_when_a_gathering_ended_midway_is_not_read_again(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    trace = sources._trace

    def four(work: sources._Work, memory: tracing.Memory) -> tracing.Trace:
        if len(done) == 4:
            raise KeyboardInterrupt
        done.append(work.path)
        return trace(work, memory)

    with monkeypatch.context() as patch:
        patch.setattr(sources, "_trace", four)
        with pytest.raises(KeyboardInterrupt):
            desk.gather([str(anew(paper))])
    kept: list[int] = []
    saved = tracing.Memory.saved

    def noted(memory: tracing.Memory, number: int, traces: dict[str, tracing.Trace]) -> bool:
        if done := saved(memory, number, traces):
            kept.append(number)
        return done

    with monkeypatch.context() as patch:
        patch.setattr(tracing.Memory, "saved", noted)
        read, _ = work(paper, monkeypatch)
    assert SOURCES - {*done} <= read < SOURCES
    assert {*map(tracing.shelf_number, SOURCES - {*done})} <= {*kept}, "all others are kept part by part, too"


def test_whether_a_translation_is_returned_is_known_without_reading_its_source_again(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def after(path: str, more: str) -> tuple[set[str], list[str]]:
        (paper / path).write_bytes(text("Bells", more))
        settled(paper)
        read, _ = work(paper, monkeypatch)
        problems = desk.gather([str(paper)])[0].problems
        return read, [Path(each.location.path).name for each in problems if each.code == "source-translation-not-returned"]

    german, back = "slug: glocken\nlang: de\ntranslations: {en: bells.md}\n", "slug: bells\nlang: en\ntranslations: {de: alone.md}\n"
    assert after("bells.md", "slug: bells\nlang: en\n")[1] == []
    assert after("alone.md", german) == ({"alone.md"}, ["alone.md"])
    assert after("bells.md", back) == ({"bells.md"}, [])
    assert after("alone.md", "slug: glocken\nlang: de\n") == ({"alone.md"}, ["bells.md"])


def test_drafts_are_remembered_apart(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert work(paper, monkeypatch, drafts=True)[0] == SOURCES
    assert work(paper, monkeypatch, drafts=True) == work(paper, monkeypatch) == (set(), set())


def test_another_publisher_python_or_library_reads_all_anew(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "installed", lambda: b"another")
    assert work(paper, monkeypatch)[0] == SOURCES


def test_what_is_installed_is_known_by_versions_and_by_our_own_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    house, libraries = tmp_path / "house", tmp_path / "libraries"
    (house / "formats").mkdir(parents=True)
    (libraries / "lxml-6.0.dist-info").mkdir(parents=True)
    for name in ("seeing.py", "formats/rss.py"):
        (house / name).write_bytes(b"1")
    monkeypatch.setattr(seeing, "__file__", str(house / "files" / "seeing.py"))
    monkeypatch.syspath_prepend(str(libraries))
    found = [files.installed.__wrapped__()]
    (house / "formats" / "rss.py").write_bytes(b"12")
    found.append(files.installed.__wrapped__())
    (libraries / "lxml-6.0.dist-info").rename(libraries / "lxml-6.1.dist-info")
    found.append(files.installed.__wrapped__())
    assert len({*found}) == 3
    assert found[-1] == files.installed.__wrapped__()


def test_what_another_user_remembers_is_not_believed(
    paper: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path_factory.mktemp("other")))
    assert work(paper, monkeypatch)[0] == SOURCES


@pytest.mark.parametrize("body", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 9000])
def test_what_is_damaged_is_not_believed(paper: Path, monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    (paper / files.CACHE / "records").write_bytes(body)
    assert work(paper, monkeypatch)[0] == SOURCES
    assert work(paper, monkeypatch)[0] == set()


def test_a_part_that_is_damaged_is_read_anew(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = sqlite3.connect(paper / files.CACHE / "records")
    with database:
        database.execute("UPDATE record SET value = x'00' WHERE kind = 'source' AND key = ?", (tracing.shelf("alone.md"),))
    database.close()
    assert work(paper, monkeypatch)[0] == {each for each in SOURCES if tracing.shelf(each) == tracing.shelf("alone.md")}


def test_where_nothing_can_be_remembered_all_is_read(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(paper / files.CACHE)
    (paper / files.CACHE).write_bytes(b"in the way")
    assert work(paper, monkeypatch)[0] == SOURCES
    assert work(paper, monkeypatch)[0] == SOURCES


def test_without_settings_nothing_is_remembered(paper: Path) -> None:
    (paper / "publisher.toml").unlink()
    shutil.rmtree(paper / files.CACHE)
    desk.gather([str(paper)])
    assert not (paper / files.CACHE).exists()


def test_what_is_gathered_in_part_is_read_and_what_is_remembered_stays(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, together = desk.gather([str(paper / "link.md")])[0], desk.gather([str(paper)])[0]
    assert alone.publication.articles[0] in together.publication.articles
    assert work(paper, monkeypatch) == (set(), set())


def test_what_was_changed_in_the_instant_of_reading_is_read_again(paper: Path) -> None:
    """Its stamp may be the same after another change in that instant."""
    folder = files.Folder(paper, SITE)
    said = (paper / "alone.md").stat()
    at = max(said.st_mtime_ns, said.st_ctime_ns)
    url = f"{SITE}alone.md"
    assert [files.Inventory(folder, moment).stamp("alone.md") is None for moment in (at - 1, at, at + 1)] == [True, True, False]
    assert [files.Inventory(folder, moment).state(url) is None for moment in (at - 1, at, at + 1)] == [True, True, False]


@pytest.mark.parametrize("number", [2**63, 2**127])
def test_a_disk_may_number_its_files_with_more_than_64_bits(paper: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    stamp = (10, 20, 30, number)
    monkeypatch.setattr(seeing, "_stamp", lambda entry: stamp if entry.name == "alone.md" else (1, 2, 3, 4))
    found = files.Inventory(files.Folder(paper, SITE), 100)
    assert (found.stamp("alone.md"), found.stamp("link.md")) == (stamp, (1, 2, 3, 4))
    assert found.state(f"{SITE}alone.md") == stamp


def test_a_file_that_is_dated_into_the_future_is_read_every_time(paper: Path) -> None:
    os.utime(paper / "alone.md", (4 * 10**9, 4 * 10**9))
    settled(paper)
    cache = files.Cache(files.Folder(paper, SITE))
    assert files.Inventory(cache.folder, cache.moment()).stamp("alone.md") is None


def test_what_could_not_be_read_is_asked_for_every_time(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be readable the next time without having changed."""
    was = files.Folder.__call__

    def refuse(folder: files.Folder, url: str) -> bytes | None:
        if url.endswith("news/c.png"):
            raise PublisherError(problem("file-unreadable", Severity.ERROR, "no").at("news/c.png"))
        return was(folder, url)

    (paper / "news/c.png").write_bytes(picture(33))
    settled(paper)
    with monkeypatch.context() as patch:
        patch.setattr(files.Folder, "__call__", refuse)
        assert work(paper, monkeypatch) == ({"picture.md"}, set())
        assert work(paper, monkeypatch) == ({"picture.md"}, set())
    assert work(paper, monkeypatch) == ({"picture.md"}, {"news/c.png"})
    assert work(paper, monkeypatch) == (set(), set())


def test_what_is_inside_a_book_is_there_as_when_all_is_read(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (paper / "book.epub").write_bytes(book_with_a_picture())
    settled(paper)
    assert work(paper, monkeypatch)[0] == {"book.epub"}
    found = desk.gather([str(paper)])[0]
    (address,) = (each for article in found.publication.articles for each in markup.media(article.body))
    assert (found.media(address) or b"").startswith(b"\x89PNG")


def test_what_is_inside_a_book_is_there_for_sources_before_it(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when they were done with before anybody knew of it; what else they were told of is told once, where it is in a clean build."""
    shutil.rmtree(paper / files.CACHE)
    (paper / "a.md").write_bytes(text("A", "image: [x.png, media/gone.png, news/c.png]\n"))
    (paper / "b.md").write_bytes(text("B", "image: [x.png, news/c.png]\n"))
    (paper / "z.epub").write_bytes(book_with_a_picture())
    settled(paper)
    was = files.Folder.__call__

    def refuse(folder: files.Folder, url: str) -> bytes | None:
        if url.endswith("news/c.png"):
            raise PublisherError(problem("file-unreadable", Severity.ERROR, "no").at("news/c.png"))
        return was(folder, url)

    monkeypatch.setattr(files.Folder, "__call__", refuse)
    found, clean = (desk.gather([str(paper)], remember=each)[0] for each in (True, False))
    assert said(found) == said(clean)
    assert {each.headline: each.image[0].width for each in found.publication.articles if each.headline in "AB"} == {"A": 12, "B": 12}
    assert [Path(each.location.path).name for each in found.problems if each.code == "file-unreadable"] == ["c.png"]
    assert said(desk.gather([str(paper)])[0]) == said(clean)


def test_a_source_is_done_with_its_media_before_the_next_is_read(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that of a large archive not all waits in full until the last is read."""
    shutil.rmtree(paper / files.CACHE)
    done: list[str] = []
    was_read, was_completed = sources._read, sources._complete

    def reading(path: str, *given: Any) -> Any:
        done.append(path)
        return was_read(path, *given)

    def completing(source: Any, *given: Any) -> Any:
        done.append(f"media of {source.path}")
        return was_completed(source, *given)

    monkeypatch.setattr(sources, "_read", reading)
    monkeypatch.setattr(sources, "_complete", completing)
    desk.gather([str(paper)])
    without = {"broken.json", "draft.md"}
    assert done == [each for path in sorted(SOURCES) for each in (path, *([f"media of {path}"] if path not in without else []))]


def test_little_of_a_large_archive_waits_until_all_is_read(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even the first texts, and of what articles have in common one for all."""
    shutil.rmtree(paper / files.CACHE)
    for name in ("a.md", "z.md"):
        (paper / name).write_bytes(text(name, "author: Ada Byron\ntags: [Fine weather]\nsection: Town\n"))
    settled(paper)
    waiting: dict[str, Article] = {}
    was = sources._read_each

    def read_each(*given: Any) -> Any:
        works, done = was(*given)
        assert done == len(works)
        waiting.update((work.path, each) for work in works for each in work.articles)
        return works, done

    monkeypatch.setattr(sources, "_read_each", read_each)
    monkeypatch.setattr(tracing, "_ROOM", sum((paper / each).stat().st_size for each in [*SOURCES, "a.md", "z.md"]) - 1)
    desk.gather([str(paper)])
    assert all(hasattr(each, "_late") for each in waiting.values())
    first, last = waiting["a.md"], waiting["z.md"]
    assert first.author is last.author
    assert first.keywords[0] is last.keywords[0] == "Fine weather"
    assert first.article_section is last.article_section


def gather_and_say(root: str) -> tuple[str, ...]:
    return said(desk.gather([root])[0])


def test_builds_at_once_give_the_same(paper: Path) -> None:
    for number in range(30):
        (paper / f"more-{number}.md").write_bytes(text(f"More {number}", body=f"See [this](more-{(number + 1) % 30}.md)."))
    with multiprocessing.get_context("fork").Pool(3) as pool:
        found = {*pool.map(gather_and_say, [str(paper)] * 6, chunksize=1)}
    assert found == {said(desk.gather([str(paper)], remember=False)[0])}
    assert {gather_and_say(str(paper))} == found


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_several_processes_read_the_same(paper: Path, method: str) -> None:
    """Also what cannot be sent from one to another, or not be read at all."""
    (paper / "book.epub").write_bytes(book_with_a_picture())
    (paper / "broken.epub").write_bytes(b"PK\x03\x04")
    (paper / "outside.md").symlink_to("/etc/hostname")
    (paper / "draft.md").write_bytes(text("Not yet", more="draft: true\n"))
    asked: list[int] = []

    def mapper(work: int) -> Callable[..., Iterable[Any]]:
        asked.append(work)
        return Workers(2, method).map

    alone = desk.gather([str(paper)], remember=False)[0]
    several = desk.gather([str(paper)], mapper=mapper)[0]
    assert said(several) == said(alone)
    (address,) = (each for article in several.publication.articles for each in markup.media(article.body) if each.endswith("x.png"))
    assert several.media(address) == alone.media(address) is not None
    assert asked == [4], "what is not remembered"


# -- texts ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[list[bytes]]:
    """The texts that are asked for together, in each question from now on."""
    found: list[list[bytes]] = []
    was = tracing.Texts._read

    def reading(texts: tracing.Texts, names: Sequence[bytes]) -> dict[bytes, str]:
        found.append([*names])
        return was(texts, names)

    monkeypatch.setattr(tracing.Texts, "_read", reading)
    return found


def test_texts_are_not_in_memory_until_they_are_asked_for(paper: Path, questions: list[list[bytes]]) -> None:
    found = desk.gather([str(paper)])[0].publication.articles
    assert questions == []
    assert [each.body for each in found] == [each.body for each in desk.gather([str(paper)], remember=False)[0].publication.articles]
    assert sum(map(len, questions)) == len({each.body for each in found})


def feed_of(name: str, publication: Publication) -> Output:
    return Output(path="feed", format=name, publication=publication)


@pytest.mark.parametrize("name", ["rss", "atom", "jsonfeed"])
def test_the_texts_of_a_feed_are_asked_for_together(name: str, paper: Path, questions: list[list[bytes]]) -> None:
    found = desk.gather([str(paper)])[0].publication
    whole = desk.gather([str(paper)], remember=False)[0].publication
    assert build.render(feed_of(name, found)) == build.render(feed_of(name, whole))
    assert [len(each) for each in questions] == [len({each.body for each in whole.articles})] > [1]


def test_texts_that_are_at_hand_stay_so_while_others_of_a_feed_are_asked_for(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when they are more than are at hand else, and empty ones among them."""
    (paper / "empty.md").write_bytes(text("Nothing yet", body=""))
    desk.gather([str(paper)])
    monkeypatch.setattr(tracing, "_RECENT", 2)
    found = desk.gather([str(paper)])[0].publication.articles
    bodies = [each.body for each in found]
    assert "" in bodies
    tracing.at_hand(found[:2])
    tracing.at_hand(found)
    monkeypatch.setattr(tracing.Texts, "_read", None)
    assert [each.body for each in found] == bodies


def publication_of(articles: tuple[Article, ...]) -> Publication:
    return Publication(identifier=SITE, name="The Lantern", url=SITE, articles=articles)


def test_an_article_without_its_text_is_like_any_other(paper: Path) -> None:
    late, whole = (desk.gather([str(paper)], remember=each)[0].publication.articles for each in (True, False))
    assert late == whole
    assert {*map(hash, late)} == {*map(hash, whole)}
    assert pickle.loads(pickle.dumps(late)) == whole
    assert [replace(each, headline="Another").body for each in late] == [each.body for each in whole]
    assert schema.dump(publication_of(late)) == schema.dump(publication_of(whole))
    assert not hasattr(late[0], "no_field")
    assert not hasattr(replace(late[0], body=""), "_late")


def test_what_is_known_of_an_article_without_its_text_is_what_its_text_says(paper: Path) -> None:
    (paper / "shown.md").write_bytes(text("Shown", body="![A quay](media/a.png)"))
    desk.gather([str(paper)])
    late, whole = (desk.gather([str(paper)], remember=each)[0].publication.articles for each in (True, False))
    for each, other in zip(late, (replace(each) for each in whole), strict=True):
        assert not hasattr(other, "_known")
        assert tracing.told_digest(each) == tracing.told_digest(other) == tracing.told_digest(replace(each, body=""))
        assert tracing.named_in(each) == tracing.named_in(other) == markup.named(other.body)
    assert {url for each in late for url in tracing.named_in(each).media}
    assert {url for each in late for url in tracing.named_in(each).links}


def test_who_asks_what_articles_name_reads_none_of_their_texts(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.gather([str(paper)])
    found, at = desk.gather([str(paper)])
    monkeypatch.setattr(tracing.Texts, "_read", None)
    assert desk.media_files(found.publication, at.folder)
    assert desk.inside(found, at.folder) == {}
    assert pictures.shown(found.publication)


def test_where_there_are_many_they_are_not_in_memory_while_they_are_read(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "_ROOM", 0)
    monkeypatch.setattr(tracing, "_AT_ONCE", 3)
    monkeypatch.setattr(tracing, "_RECENT", 2)
    shutil.rmtree(paper / files.CACHE)
    found = desk.gather([str(paper)])[0]
    assert all(hasattr(each, "_late") for each in found.publication.articles)
    assert said(found) == said(desk.gather([str(paper)], remember=False)[0])
    assert work(paper, monkeypatch) == (set(), set())


def test_those_that_are_tied_together_are_asked_for_together(
    paper: Path, questions: list[list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, more in (("_ROOM", 0), ("_AT_ONCE", 3), ("_SHELVES", 1)):
        monkeypatch.setattr(tracing, name, more)
    shutil.rmtree(paper / files.CACHE)
    desk.gather([str(paper)])
    first, *others = map(len, questions)
    assert first > max(1, sum(others))


def test_texts_that_cannot_be_kept_stay_in_memory(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "_ROOM", 0)
    monkeypatch.setattr(tracing, "_AT_ONCE", 3)
    shutil.rmtree(paper / files.CACHE)
    with monkeypatch.context() as patch:
        patch.setattr("publisher.records.Records.keep", lambda *_: False)
        assert work(paper, monkeypatch)[0] == SOURCES
    assert work(paper, monkeypatch)[0] == SOURCES


def test_a_text_that_is_lost_is_read_from_its_source(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = sqlite3.connect(paper / files.CACHE / "records")
    with database:
        lost = database.execute("UPDATE record SET value = x'00' WHERE kind = 'text'").rowcount
    assert lost > 0
    assert work(paper, monkeypatch)[0] == set()
    assert database.execute("SELECT count(*) FROM record WHERE value = x'00'").fetchone() == (0,)
    assert database.execute("SELECT count(*) FROM record WHERE kind = 'text'").fetchone() == (lost,)
    database.close()
    assert work(paper, monkeypatch)[0] == set()


def test_a_text_that_is_lost_with_its_source_is_told(paper: Path) -> None:
    found = desk.gather([str(paper)])[0].publication.articles
    (paper / files.CACHE / "records").unlink()
    (paper / "name.md").write_bytes(text("Name", body="Another."))
    (late,) = (each for each in found if each.headline == "Name")
    with pytest.raises(PublisherError, match="changed while"):
        assert late.body


def kept_texts(root: Path) -> int:
    with desk.kept(desk.desk_of(root)) as found:
        return len([*found.keys("text")])


def test_texts_that_nothing_has_any_more_are_forgotten_but_not_at_once(paper: Path) -> None:
    """Another build may be writing them."""
    before = kept_texts(paper)
    seen = []
    for number in range(3):
        (paper / "alone.md").write_bytes(text("Alone", body=f"Number {number}."))
        desk.gather([str(paper)])
        seen.append(kept_texts(paper) - before)
    assert seen == [1, 2, 2]
    (paper / "publisher.toml").write_text(TOML.format(more="since = '2024'"), "utf-8")
    desk.gather([str(paper)])
    assert kept_texts(paper) == before + 1


def test_what_a_body_names_is_known_apart() -> None:
    body = '<p><img src="a.jpg" alt=""/> <audio src="b.mp3" controls="controls"></audio> <a href="c.html">c</a></p>'
    article = Article(identifier="1", headline="Lamp", body=body)
    named, told = tracing.named_in(article), tracing.told_digest(article)
    assert (named.pictures, named.links) == (("a.jpg",), ("c.html",))
    assert set(named.media) == {"a.jpg", "b.mp3"}
    known = tracing.known(article)
    assert (tracing.named_in(known), tracing.told_digest(known)) == (named, told)
    assert (tracing.named_in(tracing.light(known)), tracing.told_digest(tracing.light(known))) == (Named(), told)


def test_several_texts_that_are_lost_are_read_from_their_sources_at_once(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.gather([str(paper)])
    with sqlite3.connect(paper / files.CACHE / "records") as database:
        database.execute("DELETE FROM record WHERE kind = 'text'")
    asked: list[str] = []
    was = desk._texts_anew

    def anew(at: desk.Desk, *, drafts: bool) -> dict[bytes, str]:
        asked.append("all")
        return was(at, drafts=drafts)

    monkeypatch.setattr(desk, "_texts_anew", anew)
    found = desk.gather([str(paper)])[0].publication.articles
    tracing.at_hand(found)
    assert [each.body for each in found] == [each.body for each in desk.gather([str(paper)], remember=False)[0].publication.articles]
    assert asked == ["all"]


# -- what an article says ---------------------------------------------------------------------------------------------------

MOMENT = datetime(2026, 11, 24, 8, tzinfo=UTC)
PLAIN = Article(identifier="tag:lantern.example,2026:a", headline="Fog")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"date_published": MOMENT}, {"date_published": MOMENT.astimezone(timezone(timedelta(hours=1)))}),
        ({"date_published": MOMENT}, {"date_modified": MOMENT}),
        ({"date_published": MOMENT.date()}, {"date_published": datetime(2026, 11, 24, tzinfo=UTC)}),
        ({"content_location": (Place(name="Sound", latitude=1.0, longitude=-1.0),)},) * 1
        + ({"content_location": (Place(name="Sound", latitude=1.0, longitude=-2.0),)},),
        ({"copyright_notice": "1", "license": None}, {"copyright_notice": None, "license": "1"}),
        ({"keywords": ("a", "b")}, {"keywords": ("ab",)}),
    ],
)
def test_articles_that_differ_in_anything_have_other_digests(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = (replace(PLAIN, **{"date_published": None, "date_modified": None, **each}) for each in (one, other))
    assert tracing.made_of(first) != tracing.made_of(second)
    assert tracing.made_of(late(first)) != tracing.made_of(late(second))


def late(article: Article) -> Article:
    """Return an article as a build has it: its text is where it is kept."""
    known = tracing.known(replace(article))
    found = packing.blank(known, "body")
    tracing._SET_LATE(found, (lambda _: article.body, tracing.text_digest(article)))
    tracing._SET_KNOWN(found, known._known)
    return found


@given(strategies.articles())
def test_an_article_whose_text_is_elsewhere_has_the_same_digests(article: Article) -> None:
    assert late(article) == article
    assert tracing.made_of(late(article)) == tracing.made_of(article)
    others = [replace(article, body=f"{article.body}<p>x</p>"), replace(article, headline=f"{article.headline}x")]
    assert len({tracing.made_of(late(each)) for each in (article, *others)}) == 3
