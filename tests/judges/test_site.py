"""The demo as visitors meet it: built for the address that it is served at, on a real server, in a real browser.

`make judges` looks at each page, `make test` at two of each kind of list, and at all others.
"""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest

from publisher import cli, desk
from publisher.problems import Severity
from tests import strategies
from tests.judges import chromium, lighthouse, nu
from tests.judges.examples import squeezed
from tests.judges.hosting import caddy

pytestmark = pytest.mark.judges
SEEDS = Path(__file__).parents[2] / "seeds"
ARTICLE = "articles/tarn-skerry-turns-again.html"
MOST = 30_000
"""Bytes of a page without its pictures."""
LISTS = ("archive", "authors", "keywords", "sections")
SCRIPTED = re.compile("Copy")
"""What only scripts show: the buttons of the page to subscribe on."""


class Demo:
    """The demo on its server."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    @property
    def pages(self) -> list[str]:
        """The paths of all pages."""
        return sorted(each.relative_to(self.folder).as_posix() for each in self.folder.rglob("*.html"))

    @property
    def some(self) -> list[str]:
        """The paths of all pages, but of those of a kind of list only the largest and the smallest; of all where there is time."""
        kinds: dict[str, list[str]] = {}
        for path in sorted(self.pages, key=lambda each: ((self.folder / each).stat().st_size, each)):
            folder = path.rpartition("/")[0]
            kinds.setdefault(folder if folder in LISTS else path, []).append(path)
        return self.pages if strategies.THOROUGH else sorted({each for kind in kinds.values() for each in (kind[0], kind[-1])})

    def __call__(self, path: str) -> str:
        return f"{self.url}{quote(path)}"

    @cache  # noqa: B019 # one demo a process
    def look(self, path: str, width: int, *, dark: bool = False, script: bool = True) -> chromium.Look:
        """Return what a visitor sees of a page."""
        return chromium.look(self(path), width=width, dark=dark, script=script)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, built and served."""
    folder = tmp_path_factory.mktemp("demo")
    for each in (folder, *folder.parents[:3]):
        each.chmod(0o755)
    public, seeds, host = folder / "public", folder / "seeds", folder / "host"
    public.mkdir()
    host.mkdir()
    shutil.copytree(SEEDS, seeds)
    with caddy(host, public) as url:
        settings = (seeds / "publisher.toml").read_text("utf-8")
        (seeds / "publisher.toml").write_text(settings.replace('url = "https://lantern.example/"', f'url = "{url}"', 1), "utf-8")
        assert cli.main(["build", str(seeds), "-o", str(public)]) == 0
        yield Demo(public, url)


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1600, True)])
def test_every_page_is_shown_without_complaint_and_asks_nobody_else(demo: Demo, width: int, dark: bool) -> None:
    for path in demo.some:
        seen = demo.look(path, width, dark=dark)
        errors = [each for each in seen.errors if path != "404.html" or "404" not in each]
        assert (errors, seen.wider) == ([], 0), path
        assert [each for each in seen.requests if not each.startswith((demo.url, "data:"))] == [], path


def test_every_page_says_the_same_without_scripts(demo: Demo) -> None:
    for path in demo.some:
        with_, without = (squeezed(SCRIPTED.sub("", demo.look(path, 320, script=script).text)) for script in (True, False))
        assert len(without) > 100, path
        assert with_ == without or path == "search.html", path


def test_every_page_can_be_walked_by_keyboard(demo: Demo) -> None:
    for path in demo.some:
        stops, wanted = chromium.walk(demo(path))
        assert [each.text for each in stops if not each.visible] == [], path
        assert len(stops) >= wanted, path
        assert stops[0].name == "a", path


def test_axe_finds_no_violation_on_any_page(demo: Demo) -> None:
    assert {path: found for path in demo.some if (found := chromium.violations(demo(path), 1280, 320))} == {}


def test_some_pages_are_of_every_kind(demo: Demo) -> None:
    assert {each for each in demo.pages if each.startswith("articles/")} < {*demo.some} <= {*demo.pages}


def test_nu_has_nothing_to_say_of_any_page(demo: Demo) -> None:
    assert nu.check([demo.folder / path for path in demo.pages]) == []


@pytest.mark.parametrize("path", ["", ARTICLE])
def test_lighthouse_gives_nearly_everything_on_a_phone(demo: Demo, path: str) -> None:
    verdict = lighthouse.judge(demo(path))
    assert {name: score for name, score in verdict.scores.items() if score < 98} == {}, verdict.failed


def test_a_page_is_small(demo: Demo) -> None:
    sizes = {path: (demo.folder / path).stat().st_size for path in demo.pages}
    assert {path: size for path, size in sizes.items() if size > MOST} == {}


def test_little_is_sent_for_a_page_with_its_style_sheet_and_its_scripts(demo: Demo) -> None:
    shared = sum(len(gzip.compress(each.read_bytes())) for each in (*demo.folder.glob("*.css"), *demo.folder.glob("*.js")))
    sizes = {path: len(gzip.compress((demo.folder / path).read_bytes())) + shared for path in demo.pages}
    assert {path: size for path, size in sizes.items() if size > MOST / 2} == {}


def test_what_is_served_is_as_the_rules_want_it(demo: Demo) -> None:
    found = [each for each in desk.check_together(str(demo.folder)) if each.severity >= Severity.WARNING]
    assert [f"{each.location.path}: {each.message}" for each in found] == []
