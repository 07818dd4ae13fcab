"""Builds on disks as Macs have them, on which é in one letter and in two is one name: HFS+, which takes names apart, and APFS, which does not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher import build, desk
from publisher.outputs import Output, Written
from tests import papers
from tests.maclike import KINDS
from tests.test_incremental import TOML, built, settle, source

ROOT = Path(__file__).parent.parent
ONE, TWO = "café", "cafe\u0301"
PAGE = "exports/articles/café.html"
assert (unicodedata.normalize("NFC", TWO), len(ONE), len(TWO)) == (ONE, 4, 5)


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which Mac's."""
    return str(request.param)


@pytest.fixture(scope="module")
def disk(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of that kind."""
    folder, place = (tmp_path_factory.mktemp(name) for name in ("disk", "mounted"))
    served = subprocess.Popen([sys.executable, "-m", "tests.maclike", kind, folder, place], cwd=ROOT, stdout=subprocess.PIPE)
    assert served.stdout
    assert served.stdout.readline() == b"mounted\n", "install fuse3, as .ci/programs does"
    yield place
    subprocess.run(["fusermount3", "-u", "-z", place], check=True)
    served.terminate()  # files that a build of this process has open would keep it there
    served.wait(timeout=60)


@pytest.fixture
def home(disk: Path) -> Path:
    """A newspaper with an article and a picture that have an accent, as it was built."""
    home = disk / f"home-{len(os.listdir(disk))}"
    (home / "sources/media").mkdir(parents=True)
    (home / "sources/publisher.toml").write_text(TOML.format(name="The Lantern", more=""), "utf-8")
    (home / f"sources/media/{ONE}.png").write_bytes(papers.png())
    write(home, ONE)
    code, said = rebuilt(home)
    assert code == 0, said
    return home


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The outputs that are made, and the folders whose sources are read, from now on."""
    found: list[str] = []
    render, gather = build.render, desk.gather

    def rendered(output: Output, key: build.Key | None = None) -> Written:
        found.append(output.path)
        return render(output, key)

    def gathered(paths: list[str], **given: object) -> object:
        found.extend(paths)
        return gather(paths, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "render", rendered)
    monkeypatch.setattr(desk, "gather", gathered)
    return found


def write(home: Path, name: str, text: str = "It is open.", picture: str = ONE) -> None:
    """Write an article whose file, slug and picture are spelled in some way."""
    body = source("The café", text=f"{text}\n\n![It](media/{picture}.png)\n", more=f"url: https://lantern.example/articles/{name}.html\n")
    (home / f"sources/{name}.md").write_text(body, "utf-8")


def rebuilt(home: Path) -> tuple[int, list[str]]:
    settle(home / "sources")
    return built(home, "--jobs", "1")


def paths(home: Path) -> list[str]:
    """Return the files of the exports in one spelling."""
    found = (each.relative_to(home / "exports").as_posix() for each in (home / "exports").rglob("*") if each.is_file())
    return sorted(unicodedata.normalize("NFC", each) for each in found if not each.startswith("."))


def test_a_name_has_one_file_however_it_is_spelled(disk: Path) -> None:
    """The disk is what it is meant to be."""
    (disk / ONE).write_text("1")
    (disk / TWO).write_text("22")
    assert ((disk / "CAFÉ").read_text(), (disk / ONE).samefile(disk / TWO)) == ("22", True)
    (disk / "Cafe\u0301").unlink()
    assert not (disk / ONE).exists()


def test_hfs_takes_names_apart_and_apfs_does_not(kind: str, disk: Path) -> None:
    (disk / ONE).touch()
    assert {*os.listdir(disk)} & {ONE, TWO} == ({TWO} if kind == "hfs" else {ONE})
    (disk / ONE).unlink()


def test_where_nothing_has_changed_nothing_is_made_nor_read(home: Path, made: list[str]) -> None:
    before = paths(home)
    for _ in range(2):
        assert rebuilt(home)[1][-1].endswith("(0 changed), 0 errors, 0 warnings")
    assert (made, paths(home)) == ([], before)


def test_what_has_changed_replaces_what_was_there(home: Path) -> None:
    before = paths(home)
    write(home, TWO, "It is shut.")
    code, said = rebuilt(home)
    assert (code, paths(home)) == (0, before), said
    assert "It is shut." in (home / PAGE).read_text("utf-8")


@pytest.mark.parametrize("name", [TWO, "Café"], ids=ascii)
def test_a_name_that_is_spelled_in_another_way_has_its_file(home: Path, name: str) -> None:
    """Neither is the file lost with the old name, nor is there another one; and then nothing has changed."""
    before = paths(home)
    write(home, name, "It is shut.", picture=name)
    code, said = rebuilt(home)
    assert (code, sorted(each.lower() for each in paths(home))) == (0, before), said
    assert "It is shut." in (home / PAGE).read_text("utf-8")
    assert rebuilt(home)[1][-1].endswith("(0 changed), 0 errors, 0 warnings")


def test_what_is_no_longer_meant_is_taken_away(home: Path) -> None:
    (home / f"sources/{TWO}.md").unlink()
    (home / "sources/open.md").write_text(source("It is open"), "utf-8")
    code, said = rebuilt(home)
    assert code == 0, said
    assert not [each for each in paths(home) if "caf" in each]


def test_a_file_of_somebody_else_is_not_replaced(home: Path) -> None:
    (home / "exports").rename(home / "before")
    (home / "exports/articles").mkdir(parents=True)
    (home / f"exports/articles/{TWO}.html").write_text("mine")
    code, said = rebuilt(home)
    assert (code, any("error file-foreign" in each for each in said)) == (1, True)
    assert (paths(home), (home / PAGE).read_text("utf-8")) == (["articles/café.html"], "mine")


def test_two_articles_with_one_name_are_told_and_nothing_is_written(home: Path) -> None:
    before = {path: (home / "exports" / path).read_bytes() for path in paths(home)}
    write(home, TWO)
    other = (home / f"sources/{TWO}.md").read_text("utf-8").replace("The café", "Another")
    (home / "sources/other.md").write_text(other.replace(TWO, ONE), "utf-8")
    code, said = rebuilt(home)
    assert code == 1
    assert any(re.search(r"path-twice|clash", each) for each in said), said
    assert {path: (home / "exports" / path).read_bytes() for path in paths(home)} == before
