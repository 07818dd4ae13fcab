"""A build makes only what has changed, and it is what a build that makes everything would have made, byte by byte and word by word."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, redirect_stderr
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from publisher import build, cli, desk, files, meanwhile, planning, records, sources, workers
from publisher import former as former_module
from publisher.article import Article, Publication
from publisher.cli.recall import Beside
from publisher.cli.remember import Memory
from publisher.files import seeing
from publisher.formats import no_media
from publisher.former import Former
from publisher.inputs import Inputs
from publisher.outputs import Bundle, Make, Output, Row, Sheaf
from publisher.schema import with_articles
from publisher.tracing import Texts, Trace, told_digest
from publisher.workers import Workers
from tests import papers
from tests.test_exports import publisher

TOML = '[publication]\nname = "{name}"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\n{more}'
NEWEST = '[[issues]]\nselect = "newest"\nsize = 1\n'
ISSUES = '[[issues]]\nselect = "month"\n[[issues]]\nselect = "all"\n'
SECTIONS = ("Harbour", "World", "")
OLD = 10**18
"""Long ago, in nanoseconds."""
SOURCES = ("a.md", "b.md", "deep/c.md", "deep/d.md")
PICTURES = ("media/quay.png", "deep/lamp.png")
OPTIONS = ((), (), (), ("--drafts",), ("--only", "webpage"), ("--only", "rss", "newsarticle"), ("--issue", "2026-01"), ("--strict",))


def source(title: str = "The ferry", day: int = 2, section: str = "Harbour", text: str = "It sailed.", more: str = "") -> str:
    place = f"section: {section}\n" if section else ""
    return f"---\ntitle: {title}\ndate: 2026-01-{day:02}\nauthor: Ada Byron\ndescription: It went.\n{place}{more}---\n{text}\n"


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def built(home: Path, *options: str) -> tuple[int, list[str]]:
    """Build in a folder; return the exit code and what was said, without how long it took."""
    said = io.StringIO()
    with inside(home / "sources"), redirect_stderr(said):
        code = cli.main(["build", ".", "-o", "../exports", *options])
    return code, re.sub(r" in \d+\.\d s$", "", said.getvalue(), flags=re.MULTILINE).splitlines()


def settle(folder: Path) -> None:
    """Wait until the clock of the disk has gone on: what was written in one step with the beginning of a build is not believed."""
    assert seeing.is_past(folder, files.moment(folder))


def tree(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def copied(home: Path, other: Path) -> None:
    """Make a folder that is the same, but for what builds remember."""
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(home, other, symlinks=True, ignore=shutil.ignore_patterns(files.CACHE))


class Newsroom(RuleBasedStateMachine):
    """Sources and exports to which anything may happen between two builds."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(tempfile.mkdtemp())
        self.home = self.top / "home"
        self.sources, self.exports = self.home / "sources", self.home / "exports"
        for name, text in {"publisher.toml": TOML.format(name="The Lantern", more=""), "a.md": source(), "b.md": source("Bells")}.items():
            self.put(name, text.encode())
        self.put("media/quay.png", papers.png())
        self.build(())

    def teardown(self) -> None:
        shutil.rmtree(self.top)

    def put(self, name: str, body: bytes, *, dated_back: bool = False) -> None:
        path = self.sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        if dated_back:
            os.utime(path, ns=(OLD, OLD))

    def of_exports(self, number: int) -> Path | None:
        there = sorted(each for each in self.exports.rglob("*") if each.is_file())
        return there[number % len(there)] if there else None

    # -- what happens to the sources

    @rule(
        name=st.sampled_from(SOURCES),
        title=st.sampled_from(("The ferry", "Bells", "A lamp")),
        day=st.integers(1, 4),
        section=st.sampled_from(SECTIONS),
        text=st.sampled_from(("It sailed.", "It sank.", "![quay](/media/quay.png) [b](/b.md)", "[gone](/c.md) ![](/media/none.png)")),
        more=st.sampled_from(("", "", "draft: true\n", "image: {src: /media/quay.png, alt: A quay}\n", "tags: [Sea, Lamps]\n")),
        dated_back=st.booleans(),
    )
    def write(self, name: str, title: str, day: int, section: str, text: str, more: str, *, dated_back: bool) -> None:
        self.put(name, source(title, day, section, text, more).encode(), dated_back=dated_back)

    @rule(name=st.sampled_from(SOURCES), more=st.sampled_from(("It came back.", "*Never*.", "[b](/b.md)")), dated_back=st.booleans())
    def correct(self, name: str, more: str, *, dated_back: bool) -> None:
        """Change a text and nothing else, as far as it names nothing."""
        if (path := self.sources / name).exists():
            self.put(name, path.read_bytes() + f"\n{more}\n".encode(), dated_back=dated_back)

    @rule(name=st.sampled_from(SOURCES[1:]))
    def delete(self, name: str) -> None:
        (self.sources / name).unlink(missing_ok=True)

    @rule(name=st.sampled_from(SOURCES[1:]), new=st.sampled_from(SOURCES))
    def rename(self, name: str, new: str) -> None:
        if (self.sources / name).exists():
            self.put(new, (self.sources / name).read_bytes())
            (self.sources / name).unlink()
            self.put("a.md", source().encode())

    @rule(name=st.sampled_from((*SOURCES, *PICTURES, "publisher.toml")), at=st.sampled_from((None, (1, 1))))
    def touch(self, name: str, at: tuple[int, int] | None) -> None:
        if (self.sources / name).exists():
            os.utime(self.sources / name, at)

    @rule(name=st.sampled_from(PICTURES), width=st.integers(1, 3), dated_back=st.booleans())
    def draw(self, name: str, width: int, *, dated_back: bool) -> None:
        self.put(name, papers.png(width, 4 - width), dated_back=dated_back)

    @rule(name=st.sampled_from(PICTURES))
    def lose(self, name: str) -> None:
        (self.sources / name).unlink(missing_ok=True)

    @rule(
        name=st.sampled_from(("The Lantern", "The Beacon")),
        more=st.sampled_from(
            ("", NEWEST, NEWEST, ISSUES, "[site]\nsearch = true\n", '[publisher]\nname = "The Press"\nlogo = "media/quay.png"\n')
        ),
    )
    def set(self, name: str, more: str) -> None:
        self.put("publisher.toml", TOML.format(name=name, more=more).encode())

    @rule(name=st.sampled_from(("extra.css", "look.css")), text=st.sampled_from(("p{color:red}", "p{color:tan}", None)))
    def dress(self, name: str, text: str | None) -> None:
        if text:
            self.put(f"theme/{name}", text.encode())
        else:
            (self.sources / "theme" / name).unlink(missing_ok=True)

    # -- what happens to the exports

    @precondition(lambda self: self.exports.exists())
    @rule(number=st.integers(0, 100), how=st.sampled_from(("gone", "edited", "same size", "dated back", "moved", "touched", "another")))
    def meddle(self, number: int, how: str) -> None:
        path = self.of_exports(number)
        if path is None:
            return
        body, seen = path.read_bytes(), path.stat()
        if how == "gone":
            path.unlink()
        elif how == "edited":
            path.write_bytes(body + b"!")
        elif how in ("same size", "dated back"):
            path.write_bytes(body[::-1])
        elif how == "moved":
            path.rename(path.with_name(f"{path.name}.moved"))
        elif how == "another":
            path.unlink()
            path.write_bytes(body[::-1])
        if how in ("dated back", "touched", "another"):
            os.utime(path, ns=(seen.st_atime_ns, OLD if how == "touched" else seen.st_mtime_ns))

    @rule()
    def clear(self) -> None:
        shutil.rmtree(self.exports, ignore_errors=True)

    @rule()
    def forget(self) -> None:
        for path in (self.sources / files.CACHE).rglob("records*"):
            path.write_bytes(b"no database")

    # -- and a build

    @rule(options=st.sampled_from(OPTIONS))
    def build(self, options: tuple[str, ...]) -> None:
        copied(self.home, self.top / "other")
        clean = built(self.top / "other", *options)
        assert built(self.home, *options) == clean
        assert tree(self.exports) == tree(self.top / "other" / "exports")

    @rule(options=st.sampled_from(OPTIONS))
    def build_twice(self, options: tuple[str, ...]) -> None:
        self.build(options)
        self.build(options)


TestNewsroom = Newsroom.TestCase
TestNewsroom.settings = settings(max_examples=settings().max_examples // 12, stateful_step_count=12)


def test_a_build_of_few_articles_writes_to_its_records_few_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is remembered in 256 parts: each writing makes and removes a journal."""
    (tmp_path / "sources").mkdir()
    for name, text in {"publisher.toml": TOML.format(name="The Lantern", more=""), "a.md": source(), "b.md": source("Bells")}.items():
        (tmp_path / "sources" / name).write_text(text, "utf-8")
    written: list[str] = []
    replaced = records.Records._replace

    def noted(self: records.Records, kind: str, *given: Any) -> bool:
        written.append(kind)
        return replaced(self, kind, *given)

    monkeypatch.setattr(records.Records, "_replace", noted)
    assert built(tmp_path, "--jobs", "1")[0] == 0
    assert 5 < len(written) < 50, written


# -- which are made -------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A newspaper of forty articles in four sections, as it was built."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/publisher.toml").write_text(TOML.format(name="The Lantern", more="[site]\npictures = false\n"), "utf-8")
    for number in range(40):
        text = source(
            f"Story {number}",
            number % 28 + 1,
            f"Section {number % 4}",
            more=f"id: tag:lantern.example,2026:{number}\nslug: story-{number}\ntags: [Tag {number % 5}]\n",
        )
        (tmp_path / f"sources/story-{number}.md").write_text(text, "utf-8")
    settle(tmp_path / "sources")
    code, said = built(tmp_path)
    assert code == 0, said
    return tmp_path


def edited(home: Path, number: int, change: Callable[[str], str]) -> tuple[int, list[str]]:
    path = home / f"sources/story-{number}.md"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    settle(home / "sources")
    return built(home, "--jobs", "1")


def test_where_nothing_has_changed_nothing_is_made(home: Path, rendered: list[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in (home / "exports").rglob("*") if path.is_file()}
    code, said = built(home, "--jobs", "1")
    assert (code, rendered) == (0, [])
    assert "(0 changed)" in said[-1]
    assert {path: path.stat().st_mtime_ns for path in (home / "exports").rglob("*") if path.is_file()} == before


def test_of_an_article_whose_text_has_changed_only_what_has_its_text_is_made(home: Path, rendered: list[str]) -> None:
    edited(home, 9, lambda text: text.replace("It sailed.", "It sank."))
    assert sorted(rendered) == [
        "articles/story-9.html",
        "articles/story-9.jsonld",
        "authors/ada-byron.atom",
        "authors/ada-byron.json",
        "authors/ada-byron.rss",
        "feed.atom",
        "feed.json",
        "feed.rss",
        "sections/section-1.atom",
        "sections/section-1.json",
        "sections/section-1.rss",
        "the-lantern.epub",
    ]


def naming(home: Path, number: int) -> set[str]:
    """Return the paths of the pages of articles that name an article, its own among them."""
    pages = (home / "exports/articles").glob("*.html")
    return {f"articles/{each.name}" for each in pages if f"story-{number}.html" in each.read_text("utf-8")}


def test_of_an_article_with_another_title_the_lists_and_neighbours_are_made_too(home: Path, rendered: list[str]) -> None:
    edited(home, 9, lambda text: text.replace("title: Story 9\n", "title: Story nine\n"))
    pages = {each for each in rendered if each.startswith("articles/") and each.endswith(".html")}
    assert pages == naming(home, 9)
    assert 1 < len(pages) <= 9, "its own, those of its neighbours, and those next to it in its section"
    beside = {each for each in rendered if not each.startswith(("articles/", "authors/", "feed", "sections/section-1", "archive/2026"))}
    covers = {"issues/the-lantern.jpg", "issues/the-lantern-small.jpg"}
    assert beside == {"index.html", "keywords/tag-4.html", "the-lantern.epub"} | covers
    assert not {each for each in rendered if "section-2" in each or "tag-3" in each}


@pytest.fixture
def unfolded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What all sheaves are of that are planned from now on."""
    found: list[str] = []
    outputs = Sheaf.outputs

    def noted(sheaf: Sheaf) -> tuple[Output, ...]:
        found.append(sheaf.article.headline if sheaf.article else sheaf.plan.__name__)
        return outputs(sheaf)

    monkeypatch.setattr(Sheaf, "outputs", noted)
    return found


def test_only_what_has_the_article_that_has_changed_is_planned_again(home: Path, unfolded: list[str]) -> None:
    edited(home, 9, lambda text: text.replace("It sailed.", "It sank."))
    assert sorted(unfolded) == ["Story 9", *["_newest"] * 3], "itself, and the feeds of all, of its section and its author"


def test_where_the_title_has_changed_neighbours_and_lists_are_planned_again(home: Path, unfolded: list[str]) -> None:
    edited(home, 9, lambda text: text.replace("title: Story 9\n", "title: Story nine\n"))
    assert len([each for each in unfolded if each.startswith("Story")]) == len(naming(home, 9)) <= 9
    assert [each for each in unfolded if not each.startswith("Story")] == ["_newest"] * 3 + ["_pages"] * 5 + ["outputs"] * 2 + ["_outputs"]
    unfolded.clear()
    built(home, "--jobs", "1", "--strict")
    assert unfolded == []


def test_an_article_may_be_called_as_anything_else_is(home: Path) -> None:
    names = ["archive", "opml", "sitemaps", "list section Section 1", "feed https://lantern.example/", "most"]
    for number, name in enumerate(names):
        path = home / f"sources/story-{number}.md"
        path.write_text(path.read_text("utf-8").replace(f"id: tag:lantern.example,2026:{number}\n", f'id: "{name}"\n'), "utf-8")
    assert built(home, "--jobs", "1")[0] == 0
    assert all((home / f"exports/articles/story-{number}.html").exists() for number in range(len(names)))
    with inside(home / "sources"):
        found, at = desk.gather(["."])
        planned: list[str] = []

        def unfold(name: str, given: object, articles: object, sheaves: Callable[..., Iterable[Sheaf]]) -> list[Bundle]:
            planned.extend(each.name for each in sheaves())
            return []

        planning.plan(found.publication, at.settings, no_media, unfold=unfold)
    assert {*names} <= {*planned}
    assert len({*planned}) == len(planned)


def test_what_is_known_of_a_plan_is_the_plan(home: Path) -> None:
    with inside(home / "sources"):
        found, at = desk.gather(["."])
        memory = Memory(Beside("."), Path("../exports"))
        known = planning.plan(found.publication, at.settings, no_media, unfold=memory.unfold)
        anew = planning.plan(found.publication, at.settings, no_media)
    keys = Inputs(files.installed())
    assert sum(each.key is not None for each in known) > 100
    for each, other in zip(known, anew, strict=True):
        assert (each.path, each.format, each.is_made) == (other.path, other.format, other.is_made)
        assert (each.article, each.content()) == (other.article, other.content())
        assert each.key in (None, keys.key(other))


@pytest.mark.parametrize("cores", [2, 1])
def test_what_is_looked_at_meanwhile_is_what_is_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr(meanwhile, "_cores", lambda: cores)
    with inside(home / "sources"):
        found, at = desk.gather(["."])
        beside = Beside(".")
        known: list[tuple[object, ...]] = []
        kept: dict[str, bytes] = {}
        for name in ("now", "meanwhile"):
            with closing(Memory(beside, Path("..", name), keyed=True, meanwhile=name == "meanwhile")) as memory:
                plan = planning.plan(found.publication, at.settings, no_media, unfold=memory.unfold)
                left = memory.left(plan, {}, no_media)
                for each in build.render_all(plan, keep=kept.__setitem__, key=memory.key):
                    if each.key:
                        plan.learn(each.path, each.key)
            former = Former(beside.records, str(Path("..", name).resolve()), files.installed())
            outlines = [(digest, [*shapes]) for digest, shapes in map(former.outline, ("most", "maps"))]
            articles = {each.identifier: each for each in found.publication.articles}
            givens = former.givens((shape[0] for _, shapes in outlines for shape in shapes), articles, no_media)
            known.append((left, dict(plan.bundles()), outlines, givens))
    assert known[0] == known[1]
    assert (len(plan.bundles()) > 50, len(givens) > 40) == (True, True)
    assert former_module._part("most") != former_module._part("maps"), "two forks may write at once what each replaces as a whole"


def test_the_same_is_remembered_whoever_makes_outputs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[dict[bytes, Sequence[Row]]] = []
    for name, method in (("alone", ""), ("forks", "fork"), ("others", "spawn")):
        monkeypatch.setattr(workers, "Workers", partial(Workers, method=method))
        with inside(home / "sources"), redirect_stderr(io.StringIO()):
            assert cli.main(["build", ".", "-o", f"../{name}", "--jobs", "2" if method else "1"]) == 0
            known.append(Former(Beside(".").records, str(Path(f"../{name}").resolve()), files.installed()).sheaves())
    assert known[0] == known[1] == known[2]
    assert [row[0] for rows in known[0].values() for row in rows if row[-1] is None] == []
    assert len(known[0]) > 50


def test_what_is_known_for_what_it_is_but_texts_asks_for_no_text(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of lists, sitemaps and indexes have no digest of a text: whoever plans one must not look at any."""
    with inside(home / "sources"):
        desk.gather(["."])
        found, at = desk.gather(["."])
        several: list[Sheaf] = []

        def unfold(name: str, given: object, articles: object, sheaves: Callable[..., Iterable[Sheaf]]) -> list[Bundle]:
            several.extend(sheaves())
            return []

        planning.plan(found.publication, at.settings, no_media, unfold=unfold)
        keys = Inputs(b"1")
        silent = [each for each in several if not keys.shape(each)[1]]
        assert {each.name.split()[0] for each in silent} == {"list", "moved", "archive", "opml", "sitemaps"}
        monkeypatch.setattr(Texts, "_read", None)
        monkeypatch.setattr(Texts, "_recent", {}, raising=False)
        assert all(keys.key(output) for each in silent for output in each.outputs())
        with pytest.raises(TypeError):
            _ = found.publication.articles[0].body


def test_an_output_that_somebody_has_changed_is_made_again_and_no_other(home: Path, rendered: list[str]) -> None:
    path = home / "exports/articles/story-3.html"
    before, seen = path.read_bytes(), path.stat()
    path.write_bytes(before.replace(b"sailed", b"sunken"))
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    built(home, "--jobs", "1")
    assert rendered == ["articles/story-3.html"]
    assert path.read_bytes() == before


def test_a_part_of_a_build_is_remembered_and_so_is_the_rest(home: Path, rendered: list[str]) -> None:
    edited(home, 9, lambda text: text.replace("It sailed.", "It sank."))
    rendered.clear()
    built(home, "--jobs", "1", "--only", "rss")
    built(home, "--jobs", "1")
    assert rendered == []


def test_what_another_version_has_made_is_made_again(home: Path, rendered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "installed", lambda: b"another version!")
    built(home, "--jobs", "1")
    assert len(rendered) > 100


def test_a_medium_that_a_book_has_inside_makes_the_book_again(home: Path, rendered: list[str]) -> None:
    (home / "sources/media").mkdir()
    (home / "sources/media/quay.png").write_bytes(papers.png(600, 400))
    more = "date: 2026-02-01\nimage: {src: media/quay.png, alt: A quay}\n"
    edited(home, 9, lambda text: re.sub(r"date: .*\n", more, text))
    rendered.clear()
    (home / "sources/media/quay.png").write_bytes(papers.png(600, 400) + b"\0")
    built(home, "--jobs", "1")
    assert {"the-lantern.epub", "issues/the-lantern.jpg", "issues/the-lantern-small.jpg"} <= {*rendered}
    assert "articles/story-8.html" not in rendered
    with ZipFile(home / "exports/the-lantern.epub") as book:
        inside_it = [book.read(each) for each in book.namelist()]
    assert (home / "exports/issues/the-lantern.jpg").read_bytes() in inside_it, "the cover beside a book is that inside"


# -- where nothing has changed --------------------------------------------------------------------------------------------


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are read from now on."""
    found: list[str] = []
    gather = desk.gather

    def noted(paths: list[str], **given: object) -> object:
        found.extend(paths)
        return gather(paths, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(desk, "gather", noted)
    return found


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are read without the others from now on."""
    found: list[str] = []
    corrected = sources.corrected

    def noted(former: Trace, *given: Any, **more: Any) -> Trace | None:
        found.append(former.path)
        return corrected(former, *given, **more)

    monkeypatch.setattr(sources, "corrected", noted)
    return found


def test_where_nothing_has_changed_nothing_is_read_and_the_same_is_said(home: Path, gathered: list[str]) -> None:
    (home / "sources/story-3.md").write_text(source("Story 3", more="slug: story-3\nimage: none.png\n"), "utf-8")
    settle(home / "sources")
    (code, said), again = built(home), built(home)
    assert gathered == ["."]
    assert (code, said[:-1]) == (again[0], again[1][:-1])
    assert any("source-media-missing" in each for each in said)
    assert again[1][-1] == re.sub(r"\(\d+ changed\)", "(0 changed)", said[-1])


def test_a_picture_of_the_settings_is_told_until_it_comes(home: Path, gathered: list[str]) -> None:
    settings_file = home / "sources/publisher.toml"
    settings_file.write_text(f'{settings_file.read_text("utf-8")}[publisher]\nlogo = "media/logo.png"\n', "utf-8")
    settle(home / "sources")

    def told(said: list[str]) -> list[str]:
        return [each for each in said if each.startswith("publisher.toml:") and "settings-media-missing" in each]

    def shown() -> bool:
        return any(b"media/logo.png" in body for body in tree(home / "exports").values())

    first, again = told(built(home)[1]), told(built(home)[1])
    assert len(first) == 1
    assert (again, gathered, shown()) == (first, ["."], False)
    (home / "sources/story-1.md").write_text(source("Story 1", text="It was corrected.", more="slug: story-1\n"), "utf-8")
    assert told(built(home)[1]) == first
    (home / "sources/media").mkdir(exist_ok=True)
    (home / "sources/media/logo.png").write_bytes(papers.png())
    assert (told(built(home)[1]), shown()) == ([], True)


@pytest.mark.parametrize(
    "path",
    [
        *("sources/story-1.md", "sources/new.md", "sources/publisher.toml", "sources/media/new.png", "sources/theme/extra.css"),
        *("exports/articles/story-1.html", "exports/issues/other.epub", "exports/.publisher"),
    ],
)
def test_whatever_changes_the_sources_are_read(home: Path, gathered: list[str], alone: list[str], path: str) -> None:
    before = (home / path).read_bytes() if (home / path).exists() else b""
    built(home)
    assert gathered == []
    (home / path).parent.mkdir(exist_ok=True)
    (home / path).write_bytes(before + b"\n")
    settle(home / "sources")
    built(home)
    assert [*gathered, *alone] == (["story-1.md"] if path == "sources/story-1.md" else ["."])


@pytest.mark.parametrize("options", [["--drafts"], ["--strict"], ["--only", "rss"], ["--format", "json"], ["--kepub"]])
def test_whatever_else_is_asked_for_the_sources_are_read(home: Path, gathered: list[str], options: list[str]) -> None:
    built(home, *options)
    assert gathered == ["."]
    built(home, "--jobs", "1")
    assert gathered == ["."] if options != ["--kepub"] else [".", "."]


def test_a_build_with_an_error_is_made_again(home: Path, gathered: list[str]) -> None:
    (home / "sources/broken.rss").write_text("<rss version='2.0'>\n<channel>\n<title>T</titl>", "utf-8")
    first, second = built(home), built(home)
    assert first == second
    assert first[0] == 1
    assert gathered == [".", "."]


# -- what is known of what is made ----------------------------------------------------------------------------------------


def test_keys_are_the_same_in_another_process_with_another_order_of_hashes(home: Path) -> None:
    code = (
        "from publisher import desk, planning; from publisher.inputs import Inputs; from publisher.formats import no_media;"
        "found, at = desk.gather(['.']); inputs = Inputs(b'1');"
        "print([(each.path, inputs.key(each)) for each in planning.plan(found.publication, at.settings, no_media)])"
    )
    root = str(Path(cli.__file__).parents[2])
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=home / "sources",
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert b", None)" not in said.pop()


def test_the_key_of_what_is_made_by_a_function_without_a_name_is_not_known() -> None:
    publication = Publication(identifier="urn:x", name="The Lantern", url="https://lantern.example/")
    keys = Inputs(b"1")
    assert keys.key(Output(path="a", format="code", publication=publication, make=Make(lambda: b""))) is None
    assert keys.key(Output(path="a", format="code", publication=publication, make=Make(bytes, b""))) is not None


def test_an_article_is_spelled_once_for_all_outputs_that_have_it(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    with inside(home / "sources"):
        found, at = desk.gather(["."])
    publication = with_articles(found.publication, map(replace, found.publication.articles))  # of which nothing is known
    outputs = planning.plan(publication, at.settings, no_media)
    keys = Inputs(b"1")
    spelled: list[str] = []

    def digest(article: Article) -> bytes:
        spelled.append(article.identifier)
        return told_digest(article)

    monkeypatch.setattr("publisher.inputs.told_digest", digest)
    for each in outputs:
        keys.key(each)
    assert sorted(spelled) == sorted(each.identifier for each in found.publication.articles)
    assert len(spelled) < len(outputs)


def test_where_nothing_can_be_remembered_everything_is_made(home: Path, rendered: list[str]) -> None:
    shutil.rmtree(home / "sources" / files.CACHE)
    (home / "sources" / files.CACHE).write_bytes(b"in the way")
    code, said = built(home, "--jobs", "1")
    assert (code, "(0 changed)" in said[-1]) == (0, True)
    assert len(rendered) > 100


def test_a_lone_file_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text(source(), "utf-8")
    done = publisher("build", "ferry.md", "-o", "exports", folder=tmp_path)
    assert done.returncode == 0
    assert sorted(os.listdir(tmp_path)) == ["exports", "ferry.md"]


# -- in the folders of strangers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", [files.CACHE, f"{files.CACHE}/records"])
def test_nothing_is_remembered_where_a_link_leads_elsewhere(home: Path, rendered: list[str], link: str) -> None:
    shutil.rmtree(home / "sources" / files.CACHE)
    outside = home / "outside"
    outside.mkdir()
    if link == files.CACHE:
        (home / "sources" / link).symlink_to(outside)
    else:
        (home / "sources" / files.CACHE).mkdir()
        (home / "sources" / link).symlink_to(outside / "records")
        shutil.copy(home / "sources/publisher.toml", outside / "records")
    before = tree(outside)
    assert built(home, "--jobs", "1")[0] == 0
    assert (tree(outside), len(rendered) > 100) == (before, True)


def test_what_is_behind_a_linked_folder_is_looked_at(home: Path, gathered: list[str]) -> None:
    (home / "look").mkdir()
    (home / "look/extra.css").write_text("a{color:red}", "utf-8")
    (home / "sources/theme").symlink_to(home / "look")
    settle(home / "sources")
    built(home)
    (home / "look/extra.css").write_text("a{color:tan}", "utf-8")
    built(home)
    assert b"tan" in (home / "exports/style.css").read_bytes()
    assert gathered == [".", "."]
