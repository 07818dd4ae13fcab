"""Functions run aside: in a process of their own, or here where there can be none, with the same result."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from publisher import programs

SOURCE = """
import os

def told(*given):
    return given, os.getpid()

def environment():
    return os.environ.get("LANTERN"), "site" in __import__("sys").modules

def failing(message):
    raise ValueError(message)
"""


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module that imports nothing of ours."""
    (tmp_path / "lantern_apart.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("lantern_apart")
    del sys.modules["lantern_apart"]


GIVEN = ("ſ’ש", b"\x00\xff", 7, None, (1.5, ("x",)))


def test_a_function_is_given_values_and_returns_some_from_another_process(apart: ModuleType) -> None:
    given, process = programs.aside(apart.told, *GIVEN, needs="PIL")
    assert given == GIVEN
    assert process != os.getpid()


@pytest.mark.parametrize("python", ["", "/there/is/none"])
def test_where_no_process_can_be_started_the_function_is_called_here(
    apart: ModuleType, monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    assert programs.aside(apart.told, *GIVEN, needs="PIL") == (GIVEN, os.getpid())


def test_what_goes_wrong_there_is_raised_here(apart: ModuleType) -> None:
    with pytest.raises(ValueError, match="fog"):
        programs.aside(apart.failing, "fog", needs="PIL")


def test_nothing_of_the_site_is_loaded_aside(apart: ModuleType) -> None:
    assert programs.aside(apart.environment, needs="PIL")[1] is False


WRITE = """
import sys
from importlib.resources import files
from publisher.article import Article, Publication
from publisher.formats import BookOptions, Target, epub
from publisher.formats.epub.cover import Front, Line, draw
assert draw(Front(name="The Lantern", headlines=(Line(text="Fog"),), picture=sys.stdin.buffer.read())).has_picture
font = files("manimgx_fonts").joinpath("NotoSans[wght].ttf").read_bytes()
target = Target(media={"https://e.org/a.ttf": font}.get, book=BookOptions(fonts=("https://e.org/a.ttf",)))
article = Article(identifier="x", headline="Fog", body="<p>Fog.</p>")
assert b"/fonts/" in epub.write(Publication(identifier="x", name="The Lantern", url="https://e.org/", articles=(article,)), target)
print(*sorted({"PIL", "typst", "fontTools"} & sys.modules.keys()))
"""


def test_who_writes_a_book_has_nothing_loaded_of_what_draws_its_cover_and_cuts_its_fonts() -> None:
    from tests.test_cover import picture

    command = [sys.executable, "-c", WRITE]
    done = subprocess.run(command, input=picture(1600, 1000), capture_output=True, check=True, cwd=Path(__file__).parents[1])
    assert done.stdout.split() == []
