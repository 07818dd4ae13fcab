"""The command line, run as a person runs it: what it says, what it writes, how it ends."""

from __future__ import annotations

import argparse
import atexit
import gc
import io
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
from contextlib import ExitStack, redirect_stderr, suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher import __version__, build, cli, files, formats
from publisher.cli import talk
from publisher.outputs import Output, Written
from publisher.problems import Problem, PublisherError, Severity, problem
from tests import epub_cases, papers, strategies
from tests.rights import PLAINLY, needs_rights, with_rights
from tests.test_exports import ROOT, newsroom, publisher

TOML = '[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\nimage = "media/quay.png"\n'
ARTICLE = "---\ntitle: {title}\ndate: 2026-01-02\nauthor: Ada Byron\ndescription: It sailed.\n---\nThe *ferry* sailed. {more}\n"
PROBLEM = re.compile(
    r"(?P<path>[^:]+)(:(?P<line>\d+))?(:\d+)?: (?P<severity>error|warning|info) (?P<code>[a-z0-9]+(-[a-z0-9]+)*): (?P<message>.+)"
)
SUMMARY = re.compile(
    r"(\d+) articles?, (\d+) formats?, (\d+) files? \((\d+) changed(, (\d+) removed)?\), (\d+) errors?, (\d+) warnings? in \d+\.\d s"
)
COLOUR = "\033["


def article(title: str = "The ferry", more: str = "", **keys: str) -> str:
    head = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return ARTICLE.format(title=title, more=more).replace("author:", f"{head}author:")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with settings, a picture and two articles."""
    return filled(tmp_path)


def filled(folder: Path) -> Path:
    (folder / "media").mkdir()
    (folder / "media/quay.png").write_bytes(papers.png(64, 64))  # too small for other sizes: there are some hundred builds
    for name, text in {"publisher.toml": TOML, "ferry.md": article(), "bells.md": article("The bells")}.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def covers_of(book: str) -> tuple[str, str]:
    """Return the pictures of a book's cover."""
    return book.replace(".epub", ".jpg"), book.replace(".epub", "-small.jpg")


def times(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*")}


def counts(stderr: str) -> tuple[int, ...]:
    """Return articles, formats, files, changed, removed, errors and warnings of the closing line."""
    found = SUMMARY.fullmatch(stderr.splitlines()[-1])
    assert found, stderr
    return tuple(int(found[number] or 0) for number in (1, 2, 3, 4, 6, 7, 8))


def no_traceback(done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr
    assert "defect" not in done.stderr
    assert done.returncode in (0, 1, 2)


def plainly(*arguments: str, folder: Path) -> tuple[int, str]:
    """Run the tool as who may read no more than the rights of files say; return how it ends, and what is told first."""
    command = [*PLAINLY, sys.executable, "-c", "import sys; from publisher.cli import main; sys.exit(main())", *arguments]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    return done.returncode, next(each for each in done.stderr.splitlines() if ": error " in each or "defect" in each)


# -- rights ---------------------------------------------------------------------------------------------------------------


@needs_rights
@pytest.mark.parametrize("command", ["build", "check .", "convert . feed.atom", "import . -o imported"])
@pytest.mark.parametrize("path", ["secret", "media", "exports"])
def test_a_folder_that_may_not_be_read_is_told(home: Path, command: str, path: str) -> None:
    (home / path).mkdir(exist_ok=True)
    with with_rights(home / path, 0):
        assert plainly(*command.split(), folder=home) == (
            1,
            f"{path}: error folder-unreadable: the folder cannot be read: permission denied",
        )


@needs_rights
def test_a_folder_whose_files_may_not_be_looked_at_is_told(home: Path) -> None:
    with with_rights(home / "media", 0o644):
        code, said = plainly("build", folder=home)
    assert (code, said) == (1, "media: error folder-unreadable: the folder cannot be read: permission denied")


@needs_rights
@pytest.mark.parametrize("command", ["build", "check", "serve", "show"])
def test_a_source_in_a_folder_that_may_not_be_read_is_told(home: Path, command: str) -> None:
    (home / "secret").mkdir()
    (home / "secret/ferry.md").write_text(article())
    with with_rights(home / "secret", 0):
        code, said = plainly(command, "secret/ferry.md", folder=home)
    assert (code, said.partition(": ")[0]) == (1, "secret/ferry.md")
    assert said.endswith("permission denied")


# -- help -----------------------------------------------------------------------------------------------------------------


def test_without_a_command_it_shows_its_help_and_ends_with_2(tmp_path: Path) -> None:
    done = publisher(folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(f"\n    {name} " in done.stderr for name in cli.COMMANDS)


def test_it_tells_its_version(tmp_path: Path) -> None:
    assert publisher("--version", folder=tmp_path).stdout == f"publisher {__version__}\n"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert cli.COMMANDS[name].summary in " ".join(shown.split())
    assert cli.COMMANDS[name].examples
    assert all(f"\n  {each}\n" in shown for each in cli.COMMANDS[name].examples)


# What serves does so until somebody ends it: see test_serve.
@pytest.mark.parametrize("example", [each for name, command in cli.COMMANDS.items() for each in command.examples if name != "serve"])
def test_every_example_works(example: str, tmp_path: Path) -> None:
    folder = shutil.copytree(newsroom(), tmp_path / "newsroom")
    program, *arguments = shlex.split(example)
    done = publisher(*arguments, folder=folder)
    assert program == "publisher"
    assert done.returncode == 0, done.stderr
    assert done.stdout or done.stderr
    no_traceback(done)


# -- exit codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["build", "--nonsense"], "unrecognized arguments: --nonsense"),
        (["show"], "the following arguments are required: file"),
        (["build", "--only", "pdf"], "there is no format 'pdf'"),
        (["build", "--only", "pdf"], "use one of epub, rss, atom, jsonfeed, spelling, ninjs, newsml, nitf, newsarticle, webpage\n"),
        (["build", "--only", "clipping"], "clipping is a format that we only read"),
        (["build", "--only", "atom", "tests"], "sources go before --only"),
        (["build", "--jobs", "0"], "'0' is not a whole number from 1 up"),
        (["build", "--jobs", "many"], "'many' is not a whole number from 1 up"),
        (
            ["check", "book.epub", "--target", "kindle,nook"],
            "there is no target 'nook': use one of kindle, kobo, apple, google, koreader or all",
        ),
    ],
)
def test_wrong_usage_is_2(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


NOWHERE = [["build"], ["show"], ["check"], ["import"], ["diff", "empty.rss"], ["convert", "out.rss"]]


@pytest.mark.parametrize(
    ("arguments", "code"), [*(([each[0], "nowhere", *each[1:]], 2) for each in NOWHERE), (["build", "empty"], 1), (["check", "empty"], 1)]
)
def test_nothing_to_read_is_1_and_2_where_it_is_not_there(arguments: list[str], code: int, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = publisher(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(f"{arguments[1]}: error ")
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_1_says_that_two_files_differ_and_2_that_one_cannot_be_read(tmp_path: Path) -> None:
    for name, headline in (("a", "One"), ("b", "Two")):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {headline}\ndate: 2026-11-01\nid: urn:x:1\n---\nText.\n", "utf-8")
    (tmp_path / "broken.rss").write_text("<rss>", "utf-8")
    compared = [("a.md", "a.md"), ("a.md", "b.md"), ("a.md", "broken.rss"), (".", "a.md")]
    assert [publisher("diff", *each, folder=tmp_path).returncode for each in compared] == [0, 1, 2, 2]


def test_a_file_that_something_else_names_is_no_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/gone.html").symlink_to("nowhere.html")
    done = publisher("check", "out", folder=tmp_path)
    assert (done.returncode, "gone.html: error file-unreadable" in done.stderr) == (1, True), done.stderr
    (tmp_path / "file").write_text("", "utf-8")
    assert publisher("show", "file/inside.rss", folder=tmp_path).returncode == 2


def test_our_own_defect_is_3_and_one_line_says_what_to_do(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUBLISHER_DEBUG", raising=False)
    assert cli._guarded(lambda _: 1 // 0, argparse.Namespace(command="schema")) == 3
    said = capsys.readouterr().err
    assert said.startswith("this is a defect of Publisher: ZeroDivisionError: ")
    assert "PUBLISHER_DEBUG=1" in said
    assert "Traceback" not in said


def test_two_articles_at_one_address_stop_the_build(home: Path) -> None:
    for name, path in (("one", "story/"), ("two", "story/index.html")):
        (home / f"{name}.md").write_text(f"---\ntitle: {name}\nurl: /{path}\ndate: 2026-11-01\n---\n{name}.\n", "utf-8")
    done = publisher("build", folder=home)
    assert done.returncode == 1
    assert "story/index.html: error path-twice: this would be the webpage of 'one' and the webpage of 'two'" in done.stderr
    assert not (home / "exports").exists()


def test_two_sources_with_one_address_are_told_once_and_where(home: Path) -> None:
    for name in ("one", "two"):
        (home / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-11-01\nslug: same\n---\n{name}.\n", "utf-8")
    done = publisher("build", folder=home)
    told = [line for line in done.stderr.splitlines() if ": error " in line or "sitemap-address" in line]
    assert (done.returncode, len(told)) == (1, 1), done.stderr
    assert told[0].startswith("two.md:4: error source-address-clash")


def test_an_article_that_is_there_twice_is_told_once(home: Path) -> None:
    for name in ("one", "two"):
        (home / f"{name}.md").write_text(
            "---\ntitle: Whale\ndate: 2026-11-01\nid: tag:lantern.example,2026:w\nslug: whale\n---\nText.\n", "utf-8"
        )
    done = publisher("build", folder=home)
    told = [line for line in done.stderr.splitlines() if ": error " in line or ": warning " in line]
    assert (done.returncode, len(told)) == (1, 1), done.stderr
    assert told[0].startswith(
        "two.md:4: error source-identifier-clash: the identifier 'tag:lantern.example,2026:w' and the address 'https://"
    )


def test_a_feed_of_what_is_in_the_folder_is_told_once(home: Path) -> None:
    for name in ("one", "two", "three", "four"):
        (home / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-11-01\n---\n{name}.\n", "utf-8")
    assert publisher("build", folder=home).returncode == 0
    (home / "exports/feed.rss").rename(home / "copy.rss")
    done = publisher("build", ".", "copy.rss", "-o", "again", folder=home)
    told = [line for line in done.stderr.splitlines() if ": error " in line or ": warning " in line]
    assert (done.returncode, len(told)) == (1, 1), done.stderr
    assert told[0].startswith("copy.rss: error source-identifier-clash: all its articles have the identifier or the address of another")


def test_what_is_told_of_a_source_is_not_told_of_all_outputs_too(home: Path) -> None:
    front = "title: A <b>bold</b> word\ndate: 2026-11-20\nupdated: 2026-11-10"
    (home / "one.md").write_text(f"---\n{front}\n---\n", "utf-8")
    done = publisher("build", folder=home)
    told = [line.split(": ")[:2] for line in done.stderr.splitlines() if ": warning " in line]
    assert told == [
        ["one.md:2", "warning markdown-markup"],
        ["one.md:4", "warning markdown-modified-before-published"],
        ["one.md:6", "warning markdown-no-text"],
    ], done.stderr


def test_an_article_of_days_to_come_is_told_where_its_date_is(home: Path) -> None:
    (home / "later.md").write_text("---\ntitle: Later\ndate: 2999-11-01\n---\nText.\n", "utf-8")
    assert "later.md:3: info source-ahead: 'Later' is of days to come" in publisher("build", folder=home).stderr


def test_an_author_a_letter_from_one_of_the_settings_is_told_where_the_article_names_them(home: Path) -> None:
    (home / "publisher.toml").write_text(
        f"{(home / 'publisher.toml').read_text('utf-8')}\n[authors.'Ines Calloway']\nurl = 'https://lantern.example/ines'\n", "utf-8"
    )
    for name, author in (("a", "Ines Calloway"), ("b", "Ines Caloway"), ("c", "Ines Caloway")):
        (home / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-11-01\nauthor: {author}\n---\nText.\n", "utf-8")
    for command in (["build"], ["build", "--only", "webpage"], ["check"]):
        told = publisher(*command, folder=home).stderr
        assert "b.md:4: info source-author-near: 'Ines Caloway' is a letter away from 'Ines Calloway'" in told
        assert told.count("source-author-near") == 1
    (home / "b.md").write_text((home / "b.md").read_text("utf-8").replace("title", "\ntitle"), "utf-8")
    assert "b.md:5: info source-author-near" in publisher("build", folder=home).stderr


def test_a_check_of_all_sources_finds_what_none_has_alone_and_says_it_once(home: Path) -> None:
    for name in ("one", "two"):
        (home / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-11-01\nslug: same\nauhtor: A\n---\n[x](none.md)\n", "utf-8")
    checked = publisher("check", folder=home)
    assert not (home / files.CACHE).exists()  # a check writes nothing
    built = publisher("build", folder=home)
    assert checked.returncode == built.returncode == 1
    for said in (checked.stderr, built.stderr):
        assert "two.md:4: error source-address-clash: " in said
        assert said.count("markdown-unknown-key") == said.count("source-link-dead") == 2


def test_a_check_says_once_that_times_have_no_zone_and_says_it_as_a_build_does(home: Path) -> None:
    for name, more in (("one", ""), ("a-draft", "draft: true\n"), ("two", "")):
        (home / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-11-01 08:00\n{more}---\nText.\n", "utf-8")
    told = {}
    for command in (["build"], ["check"], ["check", "one.md", "two.md"]):
        lines = publisher(*command, folder=home).stderr.splitlines()
        told[" ".join(command)] = [line.partition(": ")[2] for line in lines if "date-without-zone" in line]
    assert len(told["build"]) == 1
    assert told["check"] == told["check one.md two.md"] == told["build"]


def test_a_picture_that_nobody_can_decode_is_told_by_check_and_build_with_who_shows_it(home: Path) -> None:
    (home / "quay.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (home / "one.md").write_text("---\ntitle: One\ndate: 2026-11-01\n---\nText ![A quay](quay.png)\n", "utf-8")
    checked, built = publisher("check", "one.md", folder=home), publisher("build", folder=home)
    assert "one.md: warning picture-unusable: no smaller pictures can be made of 'quay.png': " in checked.stderr
    assert "quay.png: warning picture-unusable: no smaller pictures can be made of 'quay.png': " in built.stderr
    assert "; 'One' shows it" in built.stderr


def test_a_drawing_that_no_build_would_publish_is_told_by_a_check(home: Path) -> None:
    (home / "chart.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><g></svg>", "utf-8")
    for name in ("one", "two"):
        (home / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-11-01\n---\nText ![A chart](chart.svg)\n", "utf-8")
    for done in (publisher("check", ".", str(home), folder=home), publisher("build", folder=home)):
        assert "chart.svg: error media-unsafe: this drawing is not published: " in done.stderr
        assert done.stderr.count("media-unsafe") == done.returncode == 1


def test_a_keyword_of_the_settings_that_no_article_has_is_told_of_a_whole_folder(home: Path) -> None:
    (home / "publisher.toml").write_text('[publication]\nname = "N"\nurl = "https://n.example/"\n\n[feeds]\nkeywords = ["rivver"]\n')
    (home / "one.md").write_text("---\ntitle: One\ndate: 2026-11-01\ntags: [river]\n---\nText.\n", "utf-8")
    assert "publisher.toml:6: warning settings-keyword-unused" in publisher("build", folder=home).stderr
    assert "settings-keyword-unused" not in publisher("build", "one.md", "-o", "other", folder=home).stderr


def test_a_result_that_cannot_be_written_is_told() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "publisher.cli", "schema"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "cannot write the result: no space left on device\n")


BROKEN_FEED = """<?xml version="1.0"?>
<rss version="2.0"><channel><title>A & B</title><link>https://e.org/</link><description>d</description>
<item><title>One</title><guid>urn:x:1</guid><pubDate>2026-11-20T08:00:00Z</pubDate></item>
</channel></rss>
"""


def test_what_has_one_sure_repair_is_repaired_and_shown(tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_text(BROKEN_FEED)
    done = publisher("check", "feed.rss", "--fix", folder=tmp_path)
    assert '+<rss version="2.0"><channel><title>A &amp; B</title>' in done.stdout
    assert (
        '<guid isPermaLink="false">urn:x:1</guid><pubDate>Fri, 20 Nov 2026 08:00:00 +0000</pubDate>' in (tmp_path / "feed.rss").read_text()
    )
    assert (done.returncode, "0 errors" in done.stderr) == (0, True)
    assert publisher("check", "feed.rss", "--fix", folder=tmp_path).stdout == ""


def test_a_repair_can_be_looked_at_first(tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_text(BROKEN_FEED)
    done = publisher("check", "feed.rss", "--fix", "--dry-run", folder=tmp_path)
    assert "A &amp; B" in done.stdout
    assert (tmp_path / "feed.rss").read_text() == BROKEN_FEED
    assert done.returncode == 1


@pytest.mark.parametrize("target", [["kindle,kobo"], ["kobo", "--target", "kindle"], ["all"]], ids=" ".join)
def test_a_book_is_checked_for_a_device_when_asked(tmp_path: Path, target: list[str]) -> None:
    (tmp_path / "book.epub").write_bytes(epub_cases.recipe(epub_cases.CASES / "epub-kindle-image-format.fail.toml"))
    assert "epub-kindle-" not in publisher("check", "book.epub", folder=tmp_path).stderr
    done = publisher("check", "book.epub", "--target", *target, folder=tmp_path)
    assert "book.epub:37:73: error epub-kindle-image-format: 'media/a.webp' is 'image/webp'" in done.stderr
    assert done.returncode == 1


def test_a_device_asks_nothing_of_what_is_no_book(tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_text(BROKEN_FEED)
    without, asked = (publisher("check", "feed.rss", *more, folder=tmp_path) for more in ([], ["--target", "all"]))
    assert (without.returncode, without.stderr) == (asked.returncode, asked.stderr)


def test_rules_of_devices_are_selected_and_ignored_as_others_are(tmp_path: Path) -> None:
    (tmp_path / "book.epub").write_bytes(epub_cases.recipe(epub_cases.CASES / "epub-kindle-image-format.fail.toml"))
    done = publisher("check", "book.epub", "--target", "kindle", "--select", "epub-kindle", folder=tmp_path)
    assert (done.returncode, done.stderr.count("epub-")) == (1, 1)
    done = publisher("check", "book.epub", "--target", "kindle", "--ignore", "epub-kindle-image", folder=tmp_path)
    assert (done.returncode, "epub-kindle" in done.stderr) == (0, False)


def test_a_rule_says_for_which_device_it_holds(tmp_path: Path) -> None:
    done = publisher("rules", "epub-kindle-image-format", folder=tmp_path)
    assert done.stdout.startswith("epub-kindle-image-format (error, with --target kindle)\n")


def test_a_misspelt_code_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_text(BROKEN_FEED)
    done = publisher("check", "feed.rss", "--select", "rss-guid-mising", folder=tmp_path)
    assert done.returncode == 2
    assert "no code begins with 'rss-guid-mising'\n  did you mean 'rss-guid-missing'?" in done.stderr


def test_a_misspelt_code_in_the_settings_is_told_where_it_is(home: Path) -> None:
    with (home / "publisher.toml").open("a") as file:
        file.write('\n[check]\nignore = ["nonsense-code"]\n')
    line = (home / "publisher.toml").read_text().split("\n").index('ignore = ["nonsense-code"]') + 1
    (home / "one.md").write_text("---\ntitle: One\ndate: 2026-11-01\n---\nText.\n", "utf-8")
    done = publisher("check", "one.md", folder=home)
    assert (done.returncode, f"publisher.toml:{line}: error unknown-rule: no code begins with 'nonsense-code'" in done.stderr) == (1, True)
    done = publisher("build", folder=home)
    assert (done.returncode, f"publisher.toml:{line}: warning unknown-rule" in done.stderr) == (0, True), done.stderr


def test_a_folder_is_nothing_to_show(tmp_path: Path) -> None:
    done = publisher("show", ".", folder=tmp_path)
    assert (done.returncode, "name a file; `publisher check` takes folders" in done.stderr) == (2, True)


def test_diff_is_0_for_the_same_and_1_for_others(home: Path) -> None:
    assert cli.main(["build", str(home), "-o", str(home / "exports")]) == 0
    same = publisher("diff", "exports/feed.rss", "exports/feed.json", folder=home)
    assert (same.returncode, same.stdout) == (0, "")
    text = (home / "exports/feed.json").read_text("utf-8").replace("ferry", "fairy")
    (home / "other.json").write_text(text, "utf-8")
    other = publisher("diff", "exports/feed.rss", "other.json", "--json", folder=home)
    assert other.returncode == 1
    assert {"pointer", "first", "second"} == set(json.loads(other.stdout.splitlines()[0]))


def test_diff_reads_a_copy_outside_of_the_folder_with_its_settings(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    away = tmp_path_factory.mktemp("away") / "ferry.md"
    away.write_bytes((home / "ferry.md").read_bytes().replace(b"ferry", b"fairy"))
    done = publisher("diff", "ferry.md", str(away), "--json", folder=home)
    assert {json.loads(line)["pointer"].rpartition(".")[2] for line in done.stdout.splitlines()} <= {"headline", "body"}
    assert done.returncode == 1
    assert publisher("diff", str(away), str(away), folder=home).returncode == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names there")
def test_diff_takes_what_another_program_writes_for_another_version(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    pipe = tmp_path_factory.mktemp("away") / "63"
    os.mkfifo(pipe)
    with subprocess.Popen(["cp", str(home / "ferry.md"), str(pipe)]):
        done = publisher("diff", str(pipe), "ferry.md", folder=home)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names there")
def test_what_two_programs_write_is_the_same_when_it_is(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    pipes = [tmp_path_factory.mktemp("away") / each for each in ("62", "63")]
    with ExitStack() as writers:
        for pipe in pipes:
            os.mkfifo(pipe)
            writers.enter_context(subprocess.Popen(["cp", str(home / "ferry.md"), str(pipe)]))
        done = publisher("diff", *map(str, pipes), folder=home)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


LONG = "a" * 300


@pytest.mark.parametrize("arguments", [("check", LONG), ("build", LONG), ("build", ".", "-o", LONG), ("import", LONG), ("announce", LONG)])
def test_a_name_that_no_file_can_have_is_wrong_usage(home: Path, arguments: tuple[str, ...]) -> None:
    done = publisher(*arguments, folder=home)
    assert (done.returncode, "file name too long" in done.stderr, "no file has so long a name" in done.stderr) == (2, True, True), (
        done.stderr
    )


def obeying() -> None:
    """Let a process stop when it is told to, also where the tests run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_build_seldom_looks_for_garbage_and_leaves_the_collector_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gc.unfreeze()
    before, seen = (gc.get_threshold(), gc.get_freeze_count()), set()

    def render(output: Output, key: build.Key | None = None) -> Written:
        seen.add((gc.get_threshold(), gc.get_freeze_count() > before[1]))
        return written(output, key)

    written = build.render
    monkeypatch.setattr(build, "render", render)
    with redirect_stderr(io.StringIO()):
        assert cli.main(["build", str(home), "-o", str(home / "exports"), "--jobs", "1"]) == 0
    assert seen == {(cli._SELDOM, True)}
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_an_interrupted_build_leaves_the_exports_as_they_were(home: Path) -> None:
    assert cli.main(["build", str(home), "-o", str(home / "exports"), "--only", "atom"]) == 0
    before = tree(home / "exports"), times(home / "exports")
    os.mkfifo(home / "slow.md")
    command = [sys.executable, "-m", "publisher.cli", "build", "ferry.md", "slow.md"]
    running = subprocess.Popen(
        command, cwd=home, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True, preexec_fn=obeying
    )
    with open(home / "slow.md", "wb"):  # opens when it is read, so here the build waits for its second source
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert (running.returncode, said.splitlines()[-1]) == (130, "stopped; nothing was changed")
    assert (tree(home / "exports"), times(home / "exports")) == before


def test_who_stops_reading_gets_no_traceback(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "publisher.cli", "schema"]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


# -- problems -------------------------------------------------------------------------------------------------------------


def wrong(folder: Path) -> Path:
    """Return a folder with something wrong in every way."""
    (folder / "ferry.md").write_text(article(more="![](media/gone.png) [dead](#)", colour="red"), "utf-8")
    (folder / "broken.rss").write_text("<rss version='2.0'>\n<channel>\n<title>T</titl>", "utf-8")
    return folder


def test_a_problem_is_one_line_with_its_hint_below(home: Path) -> None:
    done = publisher("build", folder=wrong(home))
    *problems, summary = done.stderr.splitlines()
    found = [match for each in problems if (match := PROBLEM.fullmatch(each))]
    hints = [each for each in problems if each.startswith("  ")]
    assert len(found) + len(hints) == len(problems)
    assert {match["severity"] for match in found} == {"error", "warning", "info"}
    assert ("broken.rss", "3", "xml-malformed") in {(match["path"], match["line"], match["code"]) for match in found}
    assert "  check the path, which begins where the source is" in hints
    assert summary == "2 articles, 6 formats, 1 error, 1 warning: nothing was written"


def told(*problems: Problem, most: int | None = None) -> list[str]:
    with redirect_stderr(io.StringIO()) as said:
        talk.report(problems, most=most)
    return said.getvalue().splitlines()


def test_of_many_remarks_of_one_kind_a_build_tells_the_first() -> None:
    def some(count: int, code: str = "slug", severity: Severity = Severity.INFO) -> list[Problem]:
        return [problem(code, severity, f"it is the {number}.") for number in range(count)]

    assert told(*some(20), most=10) == [*told(*some(10)), "… and 10 more of info slug: `publisher build --format json` has all of them"]
    assert told(*some(11), most=10) == told(*some(11))
    assert told(*some(20, severity=Severity.ERROR), most=10) == told(*some(20, severity=Severity.ERROR))
    assert len(told(*some(20), *some(20, "other"), *some(2), most=10)) == 22
    assert len(told(*some(20))) == 20


def test_as_json_problems_are_results(home: Path) -> None:
    done = publisher("build", "--json", "--only", "atom", folder=wrong(home))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    (broken,) = (each for each in found if each["severity"] == "error")
    assert {"code", "severity", "message", "hint", "spec", "location"} == set(broken)
    assert broken["location"] == {"path": "broken.rss", "line": 3, "column": 16, "pointer": ""}
    assert done.stderr == "2 articles, 1 format, 1 error, 1 warning: nothing was written\n"


@pytest.mark.parametrize("command", ["build", "check"])
def test_as_json_even_what_stops_us_is_a_result(command: str, tmp_path: Path) -> None:
    done = publisher(command, "nowhere", "--json", folder=tmp_path)
    assert [json.loads(line)["code"] for line in done.stdout.splitlines()] == ["file-missing"]
    assert (done.returncode, done.stderr) == (2, "")


def test_checking_tells_the_same_as_text_and_as_json(home: Path) -> None:
    as_text, as_json = publisher("check", "broken.rss", folder=wrong(home)), publisher("check", "broken.rss", "--json", folder=home)
    shown = PROBLEM.fullmatch(as_text.stderr.splitlines()[0])
    assert shown is not None
    assert [each["message"] for each in map(json.loads, as_json.stdout.splitlines())] == [shown["message"]]
    assert as_text.stderr.splitlines()[-1] == as_json.stderr.strip() == "1 file, 1 error, 0 warnings"
    assert as_text.returncode == as_json.returncode == 1


def test_strict_lets_warnings_count(home: Path) -> None:
    (home / "ferry.md").write_text(article(more="![A quay](media/gone.png)"), "utf-8")
    done = publisher("build", "--strict", "--only", "atom", folder=home)
    assert done.returncode == 1
    assert not (home / "exports").exists()
    assert publisher("build", "--only", "atom", folder=home).returncode == 0


def test_what_is_shown_is_for_people_or_json(home: Path) -> None:
    for_people, as_json = publisher("show", "ferry.md", folder=home), publisher("show", "ferry.md", "--json", folder=home)
    assert for_people.stdout.splitlines()[:4] == [
        "The Lantern · https://lantern.example/ · 1 article",
        "",
        "The ferry",
        "  identifier: tag:lantern.example,2026:ferry",
    ]
    assert list(json.loads(as_json.stdout)) == ["publication", "articles"]
    assert for_people.stderr == as_json.stderr == ""


def test_show_explains_where_each_field_was_taken_from(home: Path) -> None:
    head = '<title>Fog | The Lantern</title><meta property="og:title" content="Fog"><meta name="author" content="Ann Lee">'
    text = "<p>The ferry was never cancelled for fog, and nobody on the island remembers a day without her.</p>" * 3
    (home / "fog.html").write_text(f"<!DOCTYPE html>{head}<h1>Fog</h1>{text}", "utf-8")
    lines = publisher("show", "fog.html", "--explain", folder=home).stdout.splitlines()
    assert "Fog ← h1, as meta og:title" in lines
    assert '  author: [{"@type":"Person","name":"Ann Lee"}] ← meta author' in lines
    assert "←" not in publisher("show", "fog.html", folder=home).stdout


def test_output_is_utf_8_wherever_it_goes(home: Path) -> None:
    (home / "茶碗.md").write_text(article("茶碗の話"), "utf-8")
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = publisher("show", "茶碗.md", "--json", folder=home, **ascii_only)
    assert json.loads(done.stdout)["articles"][0]["headline"] == "茶碗の話"


@pytest.mark.parametrize("name", formats.FORMATS)
def test_every_format_is_listed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["formats"]) == 0
    assert name in {line.split()[0] for line in capsys.readouterr().out.splitlines()}


def test_the_schema_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


# -- on a terminal --------------------------------------------------------------------------------------------------------


def on_a_terminal(*arguments: str, folder: Path, **environment: str) -> str:
    """Return what is shown on a terminal by one run of the command line."""
    ours, theirs = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    command = [sys.executable, "-m", "publisher.cli", *arguments]
    running = subprocess.Popen(
        command,
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(ROOT), "COLUMNS": "100", "TERM": "xterm"} | environment,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = read_all(ours)
    running.wait()
    return shown


def read_all(end: int) -> str:
    shown = bytearray()
    with suppress(OSError):  # how Linux says that the other end of a terminal was closed
        while part := os.read(end, 65536):
            shown += part
    os.close(end)
    return shown.decode()


def test_severities_are_coloured_on_a_terminal(home: Path) -> None:
    assert f"{COLOUR}1;31merror{COLOUR}0m xml-malformed" in on_a_terminal("check", "broken.rss", folder=wrong(home))


@pytest.mark.parametrize("said", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=lambda said: next(iter(said)))
def test_nothing_is_coloured_where_somebody_does_not_want_it(home: Path, said: dict[str, str]) -> None:
    shown = on_a_terminal("check", "broken.rss", folder=wrong(home), **said)
    assert ": error xml-malformed:" in shown
    assert COLOUR not in shown


def test_nothing_is_coloured_where_no_terminal_is(home: Path) -> None:
    assert COLOUR not in publisher("check", "broken.rss", folder=wrong(home)).stderr


def check_slowly(folder: Path, *, terminal: bool) -> str:
    """Return what is shown while a file is checked that takes over a second to read."""
    os.mkfifo(folder / "slow.md")
    ours, theirs = pty.openpty() if terminal else os.pipe()
    if terminal:
        termios.tcsetwinsize(ours, (24, 80))  # a new one has no columns, and nothing is drawn on that
    command = [sys.executable, "-m", "publisher.cli", "check", "slow.md", "ferry.md"]
    running = subprocess.Popen(command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=theirs)
    os.close(theirs)
    with open(folder / "slow.md", "wb") as slow:  # opens when it is read, so here the check waits for us
        select.select([ours], [], [], 1.1)
        slow.write(article().encode())
    running.wait(timeout=60)
    return read_all(ours)


def test_work_over_a_second_shows_how_far_it_is(home: Path) -> None:
    assert "checking:  50%" in check_slowly(home, terminal=True)


def test_short_work_shows_no_progress(home: Path) -> None:
    assert on_a_terminal("check", "ferry.md", folder=home) == "1 file, 0 errors, 0 warnings\r\n"


def test_no_progress_is_shown_where_no_terminal_is(home: Path) -> None:
    assert check_slowly(home, terminal=False) == "2 files, 0 errors, 0 warnings\n"


# -- what a build writes --------------------------------------------------------------------------------------------------


def test_a_second_build_changes_nothing(home: Path) -> None:
    first, second = publisher("build", folder=home), None
    before = tree(home / "exports"), times(home / "exports")
    second = publisher("build", folder=home)
    assert counts(first.stderr) == (2, 6, 36, 36, 0, 0, 0)
    assert counts(second.stderr) == (2, 6, 36, 0, 0, 0, 0)
    assert (tree(home / "exports"), times(home / "exports")) == before


def test_two_processes_write_the_same_bytes_as_one(home: Path) -> None:
    assert [
        publisher("build", "-o", jobs, "--jobs", jobs, "--only", "epub", "--only", "webpage", folder=home).returncode for jobs in ("1", "2")
    ] == [0, 0]
    assert tree(home / "1") == tree(home / "2")


def test_a_source_that_is_gone_takes_its_files_along_and_nothing_else(home: Path) -> None:
    publisher("build", folder=home)
    (home / "exports/CNAME").write_text("lantern.example")
    (home / "exports/articles/own.html").write_text("own")
    (home / "bells.md").unlink()
    before = set(tree(home / "exports"))
    done = publisher("build", folder=home)
    assert before - set(tree(home / "exports")) == {f"articles/bells.{each}" for each in ("html", "jsonld", "oembed.json")}
    assert counts(done.stderr)[4] == 3


BREAKS = {
    "a source that is no XML": ("ferry.rss", b"<rss version='2.0'><channel>"),
    "a source that is no text": ("ferry.md", bytes(range(32)) * 9),
    "two articles with one identifier": ("deep/ferry.md", article().encode()),
    "settings with a slip": ("publisher.toml", TOML.replace("name", "nam").encode()),
    "settings that are no TOML": ("publisher.toml", b"[publication\n"),
}


@pytest.mark.parametrize(("name", "body"), BREAKS.values(), ids=BREAKS)
def test_a_broken_source_leaves_the_former_exports_whole(home: Path, name: str, body: bytes) -> None:
    assert cli.main(["build", str(home), "-o", str(home / "exports"), "--only", "atom", "--only", "webpage"]) == 0
    before = tree(home / "exports"), times(home / "exports")
    (home / name).parent.mkdir(exist_ok=True)
    (home / name).write_bytes(body)
    done = publisher("build", folder=home)
    assert done.returncode == 1
    assert (tree(home / "exports"), times(home / "exports")) == before
    no_traceback(done)


NO_FOLDERS = {
    "file": "file: error folder-is-file: this is a file, and a folder is wanted here",
    "file/below": "file/below: error folder-is-file: 'file' is a file, and a folder is wanted here",
    os.devnull: f"{os.devnull}: error folder-is-file: this is a file, and a folder is wanted here",
}


@pytest.mark.parametrize(("output", "says"), NO_FOLDERS.items())
def test_what_is_no_folder_takes_no_exports(output: str, says: str, home: Path) -> None:
    (home / "file").write_text("a file")
    done = publisher("build", "ferry.md", "-o", output, "--only", "rss", folder=home)
    assert (done.returncode, f"{says}\n  name another folder with -o\n" in done.stderr) == (2, True), done.stderr
    assert (home / "file").read_text() == "a file"


@pytest.mark.parametrize("arguments", [("import", "ferry.md", "-o", "file"), ("convert", "ferry.md", "file/feed.rss")])
def test_what_is_no_folder_takes_no_sources_and_no_file(arguments: tuple[str, ...], home: Path) -> None:
    (home / "file").write_text("a file")
    done = publisher(*arguments, folder=home)
    assert (done.returncode, "file: error folder-is-file: this is a file, and a folder is wanted here" in done.stderr) == (2, True), (
        done.stderr
    )


def test_where_nothing_can_be_written_it_is_told(home: Path) -> None:
    """By a folder where a file is needed: the superuser may write anywhere."""
    (home / "taken/feed.rss").mkdir(parents=True)
    done = publisher("build", "ferry.md", "-o", "taken", "--only", "rss", folder=home)
    assert done.returncode == 1
    assert " error file-unwritable: cannot write: " in done.stderr
    assert tree(home / "taken") == {}
    no_traceback(done)


def test_drafts_are_published_when_asked_for(home: Path) -> None:
    (home / "secret.md").write_text(article("A secret", draft="true"), "utf-8")
    done = publisher("build", "--only", "atom", folder=home)
    assert "secret.md: info source-draft: this is a draft: left out" in done.stderr
    assert b"A secret" not in (home / "exports/feed.atom").read_bytes()
    publisher("build", "--only", "atom", "--drafts", folder=home)
    assert b"A secret" in (home / "exports/feed.atom").read_bytes()


def test_a_link_publishes_neither_a_draft_nor_what_is_hidden(home: Path) -> None:
    links = "[a](draft.md) [b](/.env) [c](/publisher.toml) [d](../outside.txt) [e](media/quay.png)"
    (home / "draft.md").write_text(article("A secret", draft="true"), "utf-8")
    (home / ".env").write_text("PASSWORD=1")
    (home / "ferry.md").write_text(article(more=links), "utf-8")
    assert publisher("build", folder=home).returncode == 0
    made = tree(home / "exports")
    assert "media/quay.png" in made
    assert [name for name in made if any(each in name for each in ("draft", ".env", "publisher.toml", "outside"))] == []
    assert [name for name, body in made.items() if b"PASSWORD" in body or b"A secret" in body] == []


def test_what_is_added_to_an_address_of_a_picture_hides_it_not(home: Path) -> None:
    (home / "media/tide.csv").write_text("6 ft")
    (home / "ferry.md").write_text(article(more="![Quay](media/quay.png?v=1.md) [tide](media/tide.csv#notes.txt)"), "utf-8")
    assert publisher("build", folder=home).returncode == 0
    assert {"media/quay.png", "media/tide.csv"} <= tree(home / "exports").keys()


def test_exports_whose_manifest_is_a_link_are_built_again(home: Path) -> None:
    assert publisher("build", folder=home).returncode == 0
    manifest = home / "exports" / files.MANIFEST
    manifest.rename(home / "exports/.kept")
    manifest.symlink_to(".kept")
    (home / "ferry.md").write_text(article(more="Corrected."), "utf-8")
    done = publisher("build", folder=home)
    assert (done.returncode, "file-changed" in done.stderr) == (0, False)


def test_only_what_is_asked_for_is_written(home: Path) -> None:
    publisher("build", "--only", "atom", "--only", "jsonfeed", folder=home)
    feeds = {f"{name}.{each}" for name in ("feed", "authors/ada-byron") for each in ("atom", "json")}
    assert set(tree(home / "exports")) == {".publisher", "media/quay.png", *feeds}


def test_writing_only_one_format_leaves_the_others(home: Path) -> None:
    publisher("build", folder=home)
    before = tree(home / "exports")
    (home / "bells.md").write_text(article("The bells ring"), "utf-8")
    publisher("build", "--only", "atom", folder=home)
    after = tree(home / "exports")
    assert {name for name in after if after[name] != before[name]} == {"feed.atom", "authors/ada-byron.atom"}
    assert set(after) == set(before)


def test_building_beside_the_sources_removes_none_of_them(home: Path) -> None:
    before = tree(home)
    assert publisher("build", "-o", ".", folder=home).returncode == 0
    assert counts(publisher("build", "-o", ".", folder=home).stderr)[3:5] == (0, 0)
    (home / "publisher.toml").write_text(TOML.replace('image = "media/quay.png"\n', ""))  # so the picture is not needed any more
    publisher("build", "-o", ".", folder=home)
    after = tree(home)
    assert {name: after.get(name) for name in before if name != "publisher.toml"} == {
        name: before[name] for name in before if name != "publisher.toml"
    }


NAMES = [
    "two words.md", "quote'\".md", "a#b?c&d.md", "100%.md", "%2e%2e%2fescape.md", "..md", "-o.md", "--help.md", "new\nline.md", "ret\rurn.md",
    "emoji👩‍🚀.md", "שלום.md", "\u202eabc.md", "e\u0301te\u0301.md", "x" * 240 + ".md", "CON.md", "a.b.c.md", "tab\there.md", "$(touch hacked).md",
    "; rm -rf ~.md", "\\back\\slash.md", "aux..md", "caf\udce9.md", "INDEX.md", "feed.md",
]  # fmt: skip


def test_no_name_of_a_source_stops_a_build_or_leads_out_of_the_exports(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number, name in enumerate(NAMES):
        (seeds / name).write_text(article(f"Article {number}"), "utf-8")
    done = publisher("build", "seeds", "--json", "--only", "newsarticle", folder=tmp_path)
    assert [line for line in done.stdout.splitlines() if json.loads(line)["severity"] == "error"] == []
    seen = len(NAMES) - 1  # one is hidden
    assert counts(done.stderr)[:4] == (seen, 1, seen, seen)
    assert {path.name for path in tmp_path.iterdir()} == {"seeds", "exports"}
    assert {path.parent for path in (tmp_path / "exports").rglob("*.jsonld")} == {tmp_path / "exports/articles"}
    no_traceback(done)


@pytest.mark.parametrize("name", ["new\nline.md", "\x1b[2Jclear.md", "\u202eabc.md", "caf\udce9.md"])
def test_a_terminal_obeys_nothing_in_a_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("---\ntitle: x\nco\x1b[2Jlour: y\n---\n")
    *problems, _ = publisher("check", name, folder=tmp_path).stderr.splitlines()
    assert problems
    assert all(each.startswith("  ") or PROBLEM.fullmatch(each) for each in problems)
    assert all(each.isprintable() for each in problems)


# -- anything at all ------------------------------------------------------------------------------------------------------

STARTS = [
    b"", b"---\n", b"+++\n", b"# ", b"{", b'{"version": "https://jsonfeed.org/version/1.1", "items": [', b'{"publication": {', b'{"@context": "https://schema.org", ',
    b"<rss version='2.0'><channel>", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<!DOCTYPE html><html>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss>&a;",
    b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"\x89PNG\r\n\x1a\n", b"---\ntitle: x\nimage: ",
]  # fmt: skip


@pytest.mark.parametrize("command", [["show"], ["check"], ["build", "-o", "out"]], ids=lambda command: command[0])
@given(
    start=st.sampled_from(STARTS),
    rest=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode(errors="replace"))),
)
@settings(max_examples=100 if strategies.THOROUGH else 20)
def test_no_bytes_bring_us_down(command: list[str], start: bytes, rest: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "a").write_bytes(start + rest)
    name, *options = command
    options = [str(folder / each) if each == "out" else each for each in options]
    assert cli.main([name, str(folder / "a"), *options]) in (0, 1)


@pytest.mark.parametrize("severity", Severity)
def test_a_problem_without_a_place_is_still_one_line(severity: Severity, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(given_: argparse.Namespace) -> int:
        raise PublisherError(problem("some-code", severity, "something is wrong"))

    assert cli._guarded(stop, argparse.Namespace(command="schema")) == 1
    assert capsys.readouterr().err == f"-: {severity} some-code: something is wrong\n"


# -- issues ---------------------------------------------------------------------------------------------------------------

WEEKLY = TOML + '[[issues]]\nselect = "week"\n'
FIRST, SECOND = "issues/the-lantern-2026-W46.epub", "issues/the-lantern-2026-W47.epub"


def dated(title: str, day: str) -> str:
    return article(title).replace("2026-01-02", day)


@cache
def finished_weekly() -> Path:
    """Return a folder with a weekly of two issues, of which one is out and older than anything; nobody may change it."""
    home = filled(Path(tempfile.mkdtemp(prefix="weekly-")))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (home / "publisher.toml").write_text(WEEKLY, "utf-8")
    (home / "ferry.md").write_text(dated("The ferry", "2026-11-12"), "utf-8")
    (home / "bells.md").write_text(dated("The bells", "2026-11-19"), "utf-8")
    assert publisher("build", folder=home).returncode == 0
    assert set(issues_in(home)) == {FIRST, SECOND}
    for path in (home / "exports").rglob("*"):
        os.utime(path, ns=(10**18, 10**18))
    return home


@pytest.fixture
def weekly(tmp_path: Path) -> Path:
    """The finished weekly, in a folder of its own."""
    return Path(shutil.copytree(finished_weekly(), tmp_path / "weekly"))


def issues_in(home: Path) -> dict[str, bytes]:
    return {name: body for name, body in tree(home / "exports").items() if name.endswith(".epub")}


def test_an_issue_that_is_out_stays_as_it_is_when_a_new_article_comes(weekly: Path) -> None:
    before = tree(weekly / "exports"), times(weekly / "exports")
    (weekly / "whale.md").write_text(dated("The whale", "2026-11-26"), "utf-8")
    done = publisher("build", folder=weekly)
    assert "issue-" not in done.stderr
    after = tree(weekly / "exports"), times(weekly / "exports")
    assert set(issues_in(weekly)) == {FIRST, SECOND, "issues/the-lantern-2026-W48.epub"}
    assert [after[0][each] for each in (FIRST, SECOND)] == [before[0][each] for each in (FIRST, SECOND)]
    assert [after[1][each] for each in (FIRST, SECOND)] == [before[1][each] for each in (FIRST, SECOND)]


def test_the_last_issue_takes_a_new_article_of_its_days(weekly: Path) -> None:
    before = issues_in(weekly)
    (weekly / "whale.md").write_text(dated("The whale", "2026-11-20"), "utf-8")
    publisher("build", folder=weekly)
    assert {name for name, body in issues_in(weekly).items() if body != before[name]} == {SECOND}


CHANGES = {
    "back-dated": ("whale.md", dated("The whale", "2026-11-10"), "this issue is out and stays as it is, without 'The whale'"),
    "withdrawn": ("ferry.md", None, "this issue is out and stays as it is, still with 'The ferry'"),
    "edited": (
        "ferry.md",
        dated("The ferry!", "2026-11-12"),
        "this issue is out and stays as it is, with a former version of its articles",
    ),
}


@pytest.mark.parametrize(("name", "text", "message"), CHANGES.values(), ids=CHANGES)
def test_an_issue_that_is_out_and_has_other_articles_by_now_is_told(weekly: Path, name: str, text: str | None, message: str) -> None:
    before, when = issues_in(weekly), times(weekly / "exports")
    (weekly / name).unlink(missing_ok=True)
    if text:
        (weekly / name).write_text(text, "utf-8")
    done = publisher("build", folder=weekly)
    severity = "info" if text else "warning"
    assert done.stderr.count(" issue-outdated: ") == 1
    assert f"exports/{FIRST}: {severity} issue-outdated: {message}\n" in done.stderr
    assert issues_in(weekly)[FIRST] == before[FIRST]
    assert times(weekly / "exports")[FIRST] == when[FIRST]
    assert publisher("check", "exports", folder=weekly).returncode == 0


def test_an_issue_is_made_anew_when_it_is_asked_for_and_everything_else_stays(weekly: Path) -> None:
    (weekly / "ferry.md").write_text(dated("The ferry!", "2026-11-12"), "utf-8")
    before = tree(weekly / "exports")
    done = publisher("build", "--issue", "2026-W46", ".", folder=weekly)
    assert done.returncode == 0, done.stderr
    assert {name for name, body in tree(weekly / "exports").items() if body != before.get(name)} == {FIRST, *covers_of(FIRST)}
    assert "issue-outdated" not in publisher("build", folder=weekly).stderr


@pytest.mark.parametrize("key", ["2026-W46", "all"])
def test_an_issue_that_is_out_is_not_made_anew_of_one_of_its_articles(weekly: Path, key: str) -> None:
    (weekly / "whale.md").write_text(dated("The whale", "2026-11-13"), "utf-8")
    before = tree(weekly / "exports")
    done = publisher("build", "whale.md", "--issue", key, folder=weekly)
    assert done.returncode == 1
    assert ".epub: error issue-partial: " in done.stderr
    assert tree(weekly / "exports") == before


def test_what_there_is_for_kobo_goes_with_the_book(weekly: Path) -> None:
    publisher("build", "--kepub", folder=weekly)
    twin = FIRST.replace(".epub", ".kepub.epub")
    before = issues_in(weekly)
    (weekly / "whale.md").write_text(dated("The whale", "2026-11-13"), "utf-8")
    assert publisher("build", folder=weekly).stderr.count(" info issue-outdated: ") == 2
    publisher("build", "--issue", "2026-W46", folder=weekly)
    changed = {name for name, body in issues_in(weekly).items() if body != before[name]}
    assert changed == {FIRST, twin}
    (weekly / "exports" / FIRST).unlink()
    (weekly / "whale.md").unlink()
    publisher("build", folder=weekly)
    assert issues_in(weekly) == before


def test_what_is_so_with_several_books_is_told_once(weekly: Path) -> None:
    (weekly / "publisher.toml").write_text(WEEKLY + '[epub]\ncover = { src = "media/none.jpg", alt = "None" }\n', "utf-8")
    (weekly / "media").mkdir(exist_ok=True)
    (weekly / "media/none.jpg").write_bytes(b"none")
    done = publisher("build", "--issue", "all", "--kepub", folder=weekly)
    (line,) = (each for each in done.stderr.splitlines() if "epub-cover-unusable" in each)
    assert line.endswith("it is no JPEG or PNG that can be read (and so in 3 more books)")


def test_all_issues_are_made_anew_with_everything_else_when_all_are_asked_for(weekly: Path) -> None:
    (weekly / "ferry.md").write_text(dated("The ferry!", "2026-11-12"), "utf-8")
    before = tree(weekly / "exports")
    publisher("build", "--issue", "all", folder=weekly)
    changed = {name for name, body in tree(weekly / "exports").items() if body != before.get(name)}
    assert changed > {FIRST, "feed.rss", "articles/ferry.html"}
    assert SECOND not in changed


def test_an_issue_that_was_taken_away_is_made_again(weekly: Path) -> None:
    before = issues_in(weekly)
    (weekly / "exports" / FIRST).unlink()
    publisher("build", folder=weekly)
    assert issues_in(weekly) == before


def test_a_clean_build_gives_the_same_issues_as_one_after_the_other(weekly: Path) -> None:
    (weekly / "whale.md").write_text(dated("The whale", "2026-11-26"), "utf-8")
    publisher("build", folder=weekly)
    publisher("build", "-o", "clean", folder=weekly)
    assert tree(weekly / "clean") == tree(weekly / "exports")


def test_issues_stay_when_they_are_planned_no_more(weekly: Path) -> None:
    before = issues_in(weekly)
    (weekly / "publisher.toml").write_text(TOML, "utf-8")
    assert counts(publisher("build", folder=weekly).stderr)[4] == 0
    assert {name: issues_in(weekly).get(name) for name in before} == before
    assert set(issues_in(weekly)) - set(before) == {"the-lantern.epub"}


def test_the_newest_as_of_a_day_stay_when_there_are_newer_ones(home: Path) -> None:
    (home / "publisher.toml").write_text(TOML + '[[issues]]\nselect = "newest"\nsize = 1\n', "utf-8")
    publisher("build", folder=home)
    first = issues_in(home)
    (home / "whale.md").write_text(dated("The whale", "2026-11-26"), "utf-8")
    publisher("build", folder=home)
    assert {name: issues_in(home)[name] for name in first} == first
    assert set(issues_in(home)) == {"issues/the-lantern-newest-2026-01-02.epub", "issues/the-lantern-newest-2026-11-26.epub"}


def test_a_broken_build_leaves_every_issue_whole(weekly: Path) -> None:
    before = tree(weekly / "exports"), times(weekly / "exports")
    (weekly / "whale.md").write_text(dated("The whale", "2026-11-26"), "utf-8")
    (weekly / "broken.rss").write_text("<rss version='2.0'><channel>")
    assert publisher("build", folder=weekly).returncode == 1
    assert (tree(weekly / "exports"), times(weekly / "exports")) == before


def test_an_issue_that_nothing_is_in_is_told_with_those_that_there_are(weekly: Path) -> None:
    done = publisher("build", "--issue", "2026-W50", folder=weekly)
    assert done.returncode == 2
    assert done.stderr == "-: error issue-unknown: no article is in an issue '2026-W50'\n  choose one of '2026-W47', '2026-W46'\n"


def test_a_mistake_in_an_issue_is_told_where_it_is_written(home: Path) -> None:
    (home / "publisher.toml").write_text(TOML + '[[issues]]\nselect = "list"\nname = "Best"\narticles = ["fery.md"]\n', "utf-8")
    done = publisher("build", folder=home)
    assert done.returncode == 1
    assert "publisher.toml:10: error issue-article-unknown: there is no article 'fery.md'\n  did you mean 'ferry'?\n" in done.stderr


def test_one_source_alone_makes_no_issue(weekly: Path) -> None:
    before = issues_in(weekly)
    publisher("build", "bells.md", folder=weekly)
    assert {name: body for name, body in issues_in(weekly).items() if name.startswith("issues/")} == before


def test_formats_without_books_say_nothing_of_issues(weekly: Path) -> None:
    (weekly / "ferry.md").write_text(dated("The ferry!", "2026-11-12"), "utf-8")
    assert "issue-" not in publisher("build", "--only", "atom", folder=weekly).stderr


def test_pages_announce_the_last_issue_where_there_is_no_book_of_everything(weekly: Path) -> None:
    page = (weekly / "exports/index.html").read_text("utf-8")
    assert f"https://lantern.example/{SECOND}" in page
    assert ".epub" not in page.replace(SECOND, "")
    assert ".epub" not in (weekly / "exports/articles/ferry.html").read_text("utf-8")


def test_books_for_kobo_are_made_besides(home: Path) -> None:
    publisher("build", "--only", "epub", "--kepub", folder=home)
    assert set(issues_in(home)) == {"the-lantern.epub", "the-lantern.kepub.epub"}


def test_who_names_nothing_checks_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "feed.rss").write_text("<rss>")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check"]) == 1
    assert "feed.rss:1:6: error xml-malformed" in capsys.readouterr().err


def test_nothing_is_repaired_that_nobody_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "--fix"]) == 2
    assert "--fix wants to be told what to repair" in capsys.readouterr().err
