"""`check --judges`: what other people's programs say, in the same list as what we say."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from publisher import judges
from publisher.problems import PublisherError
from tests.test_exports import publisher
from tests.test_hostile import outputs

MODULES = Path(__file__).with_name("judges") / "node_modules"
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Ferry</title></head>
<body><h1>The ferry’s last trip</h1><p><center>It sailed.</center></p></body></html>
"""


def bad_book(path: Path) -> Path:
    """A small book of ours with a picture that is not there and says nothing to who cannot see it."""
    with zipfile.ZipFile(BytesIO(outputs()["epub"])) as good, zipfile.ZipFile(path, "w") as bad:
        for member in good.infolist():
            body = good.read(member)
            bad.writestr(
                member, body.replace(b"</body>", b"<img src='none.png'/></body>") if member.filename.endswith("title.xhtml") else body
            )
    return path


def without_programs(folder: Path, *names: str) -> dict[str, str]:
    """Return an environment in which only these programs can be found, and no package from npm."""
    for name in names:
        (folder / name).symlink_to(shutil.which(name) or name)
    return {"PATH": str(folder), "NODE_PATH": "", "JAVA_HOME": ""}


def test_without_any_judge_it_is_an_error_that_says_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    (tmp_path / "bin").mkdir()
    done = publisher("check", "page.html", "--judges", folder=tmp_path, **without_programs(tmp_path / "bin"))
    assert done.returncode == 1
    assert "error judges-missing: no judge is installed" in done.stderr
    assert "npm install --global vnu-jar" in done.stderr
    assert "pip install '.[judges]'" in done.stderr


def test_a_package_beside_the_file_is_no_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who made the file may have made the package too, to be run by who checks the file."""
    (tmp_path / "node_modules/vnu-jar").mkdir(parents=True)
    (tmp_path / "node_modules/vnu-jar/package.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NODE_PATH", "")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(judges.JudgeFailed):
        judges.npm_package("vnu-jar")


def test_without_the_option_nobody_is_asked(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    assert "Nu Html Checker" not in publisher("check", "page.html", folder=tmp_path).stderr


@pytest.mark.parametrize(("text", "code"), [("RSC-005", "rsc-005"), ("HTM_055", "htm-055"), ("Élan “x” — b", "lan-x-b"), ("—", "")])
def test_a_code_is_made_of_words(text: str, code: str) -> None:
    assert judges.words(text) == code


def test_every_judge_says_how_to_get_it() -> None:
    assert [name for name in judges.JUDGES if not judges.get(name).INSTALL] == []


def test_what_is_missing_is_told_as_an_exception_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("NODE_PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(PublisherError, match="no judge is installed"):
        judges.ask(["page.html"])


@pytest.mark.judges
def test_one_judge_is_asked_where_the_others_are_missing(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    (tmp_path / "bin").mkdir()
    environment = {**without_programs(tmp_path / "bin", "java"), "NODE_PATH": str(MODULES)}
    done = publisher("check", "page.html", "--judges", folder=tmp_path, **environment)
    column = PAGE.splitlines()[2].index("<center>") + 1
    assert f"page.html:3:{column}: error nu-the-element-is-obsolete-use-css-instead: The “center” element is obsolete" in done.stderr
    (line,) = (each for each in done.stderr.splitlines() if each.startswith("asked "))
    assert "the Nu Html Checker (1 file); Ace by DAISY lacks node, chromium: npm install --global @daisy/ace-core" in line


@pytest.mark.judges
def test_all_judges_are_heard_in_one_list(tmp_path: Path) -> None:
    bad_book(tmp_path / "issue.epub")
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    done = publisher("check", "issue.epub", "page.html", "--judges", "--json", folder=tmp_path, NODE_PATH=str(MODULES))
    assert done.returncode == 1
    assert "asked EPUBCheck (1 file), Ace by DAISY (1 file), the Nu Html Checker (1 file)\n" in done.stderr
    found = {each["code"]: each["location"] for each in map(json.loads, done.stdout.splitlines())}
    assert found["epubcheck-rsc-007"]["pointer"] == "EPUB/title.xhtml"
    assert found["epubcheck-rsc-007"]["line"] > 0
    assert found["ace-image-alt"]["path"] == "issue.epub"
    assert found["ace-image-alt"]["pointer"].startswith("EPUB/title.xhtml:")
    assert "nu-the-element-is-obsolete-use-css-instead" in found
    assert any(code.startswith("epub-") for code in found), "our own rules count too"


@pytest.mark.judges
def test_what_a_judge_says_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    done = publisher("check", "page.html", "--judges", "--select", "nu", "--ignore", "nu-the-element-is-obsolete,nu-no-", folder=tmp_path, NODE_PATH=str(MODULES))  # fmt: skip
    assert (done.returncode, "nu-the-element" in done.stderr) == (0, False), done.stderr


@pytest.mark.judges
def test_a_judge_that_breaks_is_an_error_in_the_list(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/java").write_text(f"#!{sys.executable}\nraise SystemExit('out of order')\n")
    (tmp_path / "bin/java").chmod(0o755)
    environment = {**without_programs(tmp_path / "bin"), "NODE_PATH": str(MODULES)}
    done = publisher("check", "page.html", "--judges", folder=tmp_path, **environment)
    assert "error judge-failed: the Nu Html Checker broke: out of order" in done.stderr
    assert done.returncode == 1
