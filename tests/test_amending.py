"""Where only texts have changed, what has these texts is made anew without a look at the rest, and is what a whole build would make."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from publisher import desk, files, planning, sources
from publisher.cli import recall
from publisher.formats import no_media
from publisher.themes import templates
from publisher.tracing import Texts, Trace
from tests import papers
from tests.test_incremental import TOML, built, copied, inside, settle, source, tree

NEWEST = '[[issues]]\nselect = "newest"\nsize = 2\n'
COUNT = 12


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A newspaper of twelve articles with links, pictures and a book of the newest two, as it was built."""
    folder = tmp_path / "home"
    (folder / "sources/media").mkdir(parents=True)
    (folder / "sources/publisher.toml").write_text(TOML.format(name="The Lantern", more=NEWEST), "utf-8")
    (folder / "sources/media/quay.png").write_bytes(papers.png())
    for number in range(COUNT):
        text = f"It sailed for the {number}th time. ![The quay](/media/quay.png) See [the other](story-{(number + 5) % COUNT}.md)."
        more = f"id: tag:lantern.example,2026:{number}\nslug: story-{number}\ntags: [Sea]\n"
        (folder / f"sources/story-{number}.md").write_text(source(f"Story {number}", number + 1, text=text, more=more), "utf-8")
    (folder / "sources/draft.md").write_text(source("Not yet", more="draft: true\n"), "utf-8")
    settle(folder / "sources")
    code, said = built(folder)
    assert code == 0, said
    return folder


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """How often all sources are read from now on."""
    found: list[object] = []
    gather = desk.gather

    def noted(*given: Any, **more: Any) -> Any:
        found.append(given)
        return gather(*given, **more)

    monkeypatch.setattr(desk, "gather", noted)
    return found


def edited(home: Path, name: str, change: Callable[[str], str]) -> None:
    path = home / "sources" / name
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    settle(home / "sources")


def corrected(text: str) -> str:
    return text.replace("It sailed", "It did not sail")


def as_a_whole_build(home: Path, *options: str) -> None:
    """Build, and hold what comes of it against a build that knows nothing of former ones."""
    other = home.parent / "other"
    copied(home, other)
    clean = built(other, *options)
    assert built(home, *options) == clean
    assert tree(home / "exports") == tree(other / "exports")


def test_a_corrected_text_is_in_all_that_has_it_and_nothing_else_is_read(
    home: Path, gathered: list[object], rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(home, "story-3.md", corrected)
    code, said = built(home)
    assert (code, gathered) == (0, [])
    assert {each.partition(".")[0] for each in rendered} == {"articles/story-3", "authors/ada-byron", "feed", "sections/harbour"}
    assert f"({len(rendered)} changed)" in said[-1]
    monkeypatch.undo()
    as_a_whole_build(home)


def test_corrections_one_after_another_are_known_and_so_is_what_comes_after_them(home: Path, gathered: list[object]) -> None:
    for number in (3, 4, 3):
        edited(home, f"story-{number}.md", lambda text: text.replace("sailed", "sailed and sailed"))
        as_a_whole_build(home)
    del gathered[:]
    built(home)
    assert gathered == [], "nothing has changed since"
    edited(home, "story-5.md", lambda text: text.replace("title: Story 5", "title: Story five"))
    as_a_whole_build(home)
    edited(home, "story-5.md", corrected)
    edited(home, "story-6.md", corrected)
    del gathered[:]
    built(home)
    assert gathered == []
    as_a_whole_build(home)


def test_of_a_large_site_all_is_remembered_in_parts(home: Path, gathered: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "_AT_ONCE", 5)
    monkeypatch.setattr(recall, "_PART", 100)
    edited(home, "story-5.md", lambda text: text.replace("title: Story 5", "title: Story five"))
    built(home)
    del gathered[:]
    for number in (3, 4):
        edited(home, f"story-{number}.md", corrected)
        assert built(home)[0] == 0
    assert gathered == []
    as_a_whole_build(home)


def test_a_text_that_is_as_it_was_once_is_there(home: Path) -> None:
    before = (home / "sources/story-3.md").read_text("utf-8")
    edited(home, "story-3.md", corrected)
    built(home)
    edited(home, "story-3.md", lambda _: before)
    as_a_whole_build(home)
    edited(home, "story-4.md", lambda text: text.replace("title: Story 4", "title: Story four"))
    as_a_whole_build(home)


def test_a_source_that_is_only_touched_makes_nothing(home: Path, gathered: list[object], rendered: list[str]) -> None:
    (home / "sources/story-3.md").touch()
    (home / "sources/draft.md").touch()
    settle(home / "sources")
    assert "(0 changed)" in built(home)[1][-1]
    assert gathered == rendered == []


CHANGES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "another title": ("story-3.md", lambda text: text.replace("title: Story 3", "title: Story three")),
    "another day": ("story-3.md", lambda text: text.replace("2026-01-04", "2026-01-09")),
    "a link more": ("story-3.md", lambda text: f"{text}\n[more](story-1.md)\n"),
    "a link that is dead": ("story-3.md", lambda text: f"{text}\n[more](nowhere.md)\n"),
    "a picture less": ("story-3.md", lambda text: text.replace("![The quay](/media/quay.png)", "")),
    "a text in a book": ("story-11.md", corrected),
    "a draft no more": ("draft.md", lambda text: text.replace("draft: true\n", "")),
    "a draft again": ("story-3.md", lambda text: text.replace("slug:", "draft: true\nslug:")),
    "nothing left": ("story-3.md", lambda _: ""),
    "other settings": ("publisher.toml", lambda text: text.replace("The Lantern", "The Beacon")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_where_more_than_texts_has_changed_all_is_built(home: Path, gathered: list[object], change: str) -> None:
    edited(home, *CHANGES[change])
    copied(home, home.parent / "other")
    clean = built(home.parent / "other")
    del gathered[:]
    assert built(home) == clean
    assert len(gathered) == 1
    assert tree(home / "exports") == tree(home.parent / "other" / "exports")


def meddled(home: Path) -> None:
    (home / "exports/feed.rss").write_bytes(b"mine")


def lost(home: Path) -> None:
    (home / "exports/articles/story-7.html").unlink()


def added(home: Path) -> None:
    (home / "sources/new.md").write_text(source("New"), "utf-8")


def removed(home: Path) -> None:
    (home / "sources/story-7.md").unlink()


def drawn(home: Path) -> None:
    (home / "sources/media/quay.png").write_bytes(papers.png(3, 3))


def forgotten(home: Path) -> None:
    shutil.rmtree(home / "sources" / files.CACHE)


def linked(home: Path) -> None:
    (home / "elsewhere.md").write_text((home / "sources/story-3.md").read_text("utf-8"), "utf-8")
    (home / "sources/story-3.md").unlink()
    (home / "sources/story-3.md").symlink_to(home / "elsewhere.md")


@pytest.mark.parametrize("happens", [meddled, lost, added, removed, drawn, forgotten, linked])
def test_where_anything_else_has_happened_all_is_built(home: Path, gathered: list[object], happens: Callable[[Path], None]) -> None:
    happens(home)
    edited(home, "story-4.md", corrected)
    as_a_whole_build(home)
    assert len(gathered) == 2


@pytest.mark.parametrize(
    "more", [NEWEST + "[site]\nsearch = true\n", "", '[[issues]]\nselect = "month"\n'], ids=["search", "a book of all", "books of months"]
)
def test_where_all_texts_are_in_one_output_all_is_built(home: Path, gathered: list[object], more: str) -> None:
    (home / "sources/publisher.toml").write_text(TOML.format(name="The Lantern", more=more), "utf-8")
    settle(home / "sources")
    built(home)
    edited(home, "story-3.md", corrected)
    del gathered[:]
    as_a_whole_build(home)
    assert len(gathered) == 2


@pytest.mark.parametrize("options", [("--drafts",), ("--only", "rss"), ("--format", "json"), ("--kepub",), ("--jobs", "2")])
def test_with_other_options_the_same_is_made(home: Path, options: tuple[str, ...]) -> None:
    edited(home, "story-3.md", corrected)
    as_a_whole_build(home, *options)
    edited(home, "story-4.md", corrected)
    as_a_whole_build(home, *options)
    edited(home, "story-5.md", corrected)
    as_a_whole_build(home)


def test_what_another_folder_has_learned_meanwhile_is_not_taken_for_the_last_build(home: Path) -> None:
    with inside(home / "sources"):
        edited(home, "story-3.md", lambda text: text.replace("title: Story 3", "title: Story three"))
        assert desk.gather(["."])[0].publication.articles, "what is known of the source is of another title now"
    edited(home, "story-3.md", lambda text: corrected(text.replace("title: Story three", "title: Story 3")))
    as_a_whole_build(home)


def test_what_was_planned_from_is_not_believed_when_it_comes_to_something_else(home: Path, gathered: list[object]) -> None:
    with sqlite3.connect(home / "sources" / files.CACHE / "records") as database:
        database.execute("UPDATE record SET value = (SELECT max(value) FROM record WHERE kind LIKE 'given %') WHERE kind LIKE 'given %'")
    edited(home, "story-3.md", corrected)
    as_a_whole_build(home)
    assert len(gathered) == 2


def test_a_source_that_changes_while_it_is_looked_at_is_seen_the_next_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edited(home, "story-3.md", corrected)
    known = sources.corrected

    def late(former: Trace, body: bytes, *given: Any, **more: Any) -> Trace | None:
        path = home / "sources" / former.path
        path.write_bytes(body.replace(b"did not", b"never did"))
        return known(former, path.read_bytes(), *given, **more)

    monkeypatch.setattr(sources, "corrected", late)
    built(home)
    monkeypatch.undo()
    settle(home / "sources")
    as_a_whole_build(home)


def test_what_is_to_be_told_anew_is_told_by_a_whole_build(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edited(home, "story-3.md", lambda text: f"{text}\n<h1>A heading</h1>\n\n[ ](story-8.md)\n")
    as_a_whole_build(home)


def test_plans_read_no_text_but_for_the_search(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with inside(home / "sources"):
        found, at = desk.gather(["."])
    searched = replace(at.settings, site=replace(at.settings.site, search=True))

    def read(_: Texts, name: bytes) -> str:
        raise AssertionError(name)

    monkeypatch.setattr(Texts, "__call__", read)
    assert len(planning.plan(found.publication, at.settings, no_media)) > 50
    with pytest.raises(AssertionError):
        planning.plan(found.publication, searched, no_media)


def test_compiled_templates_are_kept_by_their_text_and_read_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jinja2 import Environment

    compiled: list[str | None] = []
    anew = Environment.compile

    def noted(self: Environment, *given: Any, **more: Any) -> Any:
        compiled.append(given[1])
        return anew(self, *given, **more)

    monkeypatch.setattr(Environment, "compile", noted)
    for name in ("story-2.md", "story-3.md"):
        templates._environment.cache_clear()
        del compiled[:]
        edited(home, name, corrected)
        built(home)
    assert compiled == []
    with sqlite3.connect(home / "sources" / files.CACHE / "records") as database:
        database.execute("UPDATE record SET value = x'00' WHERE kind = 'template'")
    templates._environment.cache_clear()
    edited(home, "story-4.md", corrected)
    built(home)
    assert "article.html" in compiled
    (home / "sources/theme").mkdir()
    (home / "sources/theme/article.html").write_text('{% extends "newspaper/article.html" %}', "utf-8")
    settle(home / "sources")
    del compiled[:]
    as_a_whole_build(home)
    assert "article.html" in compiled, "one of another text"
