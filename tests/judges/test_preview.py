"""Chromium in front of the preview: a page that follows its sources, and the drawer for the editor, by keyboard only."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from publisher.judges import CHROMIUM, program
from publisher.judges.worker import Worker
from tests.previews import FERRY, TOML, Served, publication, served

pytestmark = pytest.mark.judges


@cache
def _browser() -> Worker:
    return Worker(program("node"), str(Path(__file__).with_name("preview.mjs")), program(*CHROMIUM), patience=120)


def act(name: str, **given: Any) -> Any:
    """Do one thing in the page that is open."""
    return _browser().ask({"act": name, **given})


def visit(url: str, *, dark: bool = False, width: int = 1280) -> str:
    """Open a page; return its title."""
    title: str = act("open", url=url, dark=dark, width=width)
    return title


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A preview whose sources nobody changes."""
    with served(publication(tmp_path_factory.mktemp("preview") / "sources")) as found:
        yield found


PARTS = [
    "Problems found",
    "As a search result",
    "As a social card",
    "As an entry in a feed reader",
    "As a page of the book",
    "JSON-LD as a graph",
]


def test_the_drawer_is_opened_and_closed_by_keyboard(up: Served) -> None:
    visit(f"{up.base}articles/ferry.html")
    assert act("drawer") is None
    assert act("tabTo", text="Preview") >= 0
    act("press", key="Enter")
    assert [each.casefold() for each in act("drawer")] == [each.casefold() for each in PARTS]
    assert "It sailed, as the bells rang." in act("entry")
    assert "It sailed, as the bells rang." in act("book")
    assert act("pictures") == [True, True]
    act("press", key="Escape")
    assert act("drawer") is None
    assert act("focused").startswith("Preview")
    assert act("errors") == []


def test_the_drawer_changes_nothing_of_the_page(up: Served, tmp_path: Path) -> None:
    visit(f"{up.base}articles/ferry.html")
    closed = act("styles")
    act("tabTo", text="Preview")
    act("press", key="Enter")
    act("drawer")
    assert act("styles") == closed


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_in_the_drawer(up: Served, dark: bool, width: int) -> None:
    visit(f"{up.base}_publisher/drawer?path=articles/ferry.html", dark=dark, width=width)
    assert act("axe") == []
    assert act("errors") == []


def test_axe_finds_no_violation_in_a_page_with_the_drawer(up: Served) -> None:
    visit(f"{up.base}articles/ferry.html")
    assert act("axe") == []


def test_a_page_follows_its_source_and_keeps_the_drawer_open(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        visit(f"{up.base}articles/ferry.html")
        act("tabTo", text="Preview")
        act("press", key="Enter")
        act("drawer")
        (up.folder / "ferry.md").write_text(FERRY.replace("It sailed, as", "It sank, as"))
        assert act("waitFor", text="It sank, as")
        assert act("drawer")
        assert "It sank, as" in act("entry")
        assert act("errors") == []


def test_problems_are_shown_as_they_come_and_go_without_loading_the_page_anew(tmp_path: Path) -> None:
    with served(publication(tmp_path / "sources")) as up:
        visit(f"{up.base}articles/ferry.html")
        act("tabTo", text="Preview")
        act("press", key="Enter")
        act("drawer")
        (up.folder / "publisher.toml").write_text(TOML.replace("language", "langwidge"))
        assert act("waitInDrawer", text="langwidge")
        assert act("badge") == "1"
        (up.folder / "publisher.toml").write_text(TOML)
        assert act("waitInDrawer", text="None on this page.")


def test_a_site_that_could_not_be_built_appears_when_it_can(tmp_path: Path) -> None:
    folder = publication(tmp_path / "sources")
    (folder / "publisher.toml").write_text("[publication")
    with served(folder, wait=False) as up:
        assert visit(f"{up.base}articles/ferry.html") == "The build has failed"
        (folder / "publisher.toml").write_text(TOML)
        assert act("waitFor", text="It sailed, as")
