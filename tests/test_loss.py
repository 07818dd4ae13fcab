"""Nothing is lost or half written: builds that are killed, disks that are full or may not be written to, names too long.

What is mounted here is mounted in a name space of its own, and gone with its process. `make loss` kills more builds.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import dying, targets
from tests.dying import Home, tree

ROOT = Path(__file__).parent.parent
PUBLISHER = [sys.executable, "-m", "publisher"]
ALONE = ["unshare", "--mount"] if os.name == "posix" and os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A publication in two states."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("loss")
        patch.setenv("PUBLISHER_CACHE", str(folder / "kept"))
        yield Home(folder)


@pytest.fixture
def home(states: Home) -> Home:
    """A publication whose first state was built, and whose sources are in the second."""
    states.begin()
    return states


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1", **variables}
    return subprocess.run([*map(str, command)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)


def mounted(folder: Path, options: str, what: str, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run shell commands where a file system with what is in the folder is mounted on it, and copy what is there afterwards back."""
    script = f"""
        set -e
        cp -a "$1" "$1.before"
        mount -t tmpfs -o {options} none "$1"
        cp -a "$1.before/." "$1"
        shift
        code=0
        ( {what} ) || code=$?
        rm -rf "$0.before" "$0.after"
        cp -a "$0" "$0.after"
        exit $code
    """
    done = run(*ALONE, "sh", "-c", script, folder, folder, *arguments, **variables)
    shutil.rmtree(folder)
    folder.with_name(f"{folder.name}.after").rename(folder)
    return done


BUILD = '"$@"'


def build(home: Home) -> list[str | Path]:
    return [*PUBLISHER, "build", home.sources, "-o", home.exports, "--jobs", "1"]


def test_a_build_that_is_killed_leaves_every_file_whole_and_the_next_one_repairs_all() -> None:
    done = run(sys.executable, "-m", "tests.dying", "--steps", "5", "--kills", "6", "--stops", "2", "--pairs", "1")
    said = re.search(r"(\d+) steps on the disk\n", done.stdout)
    rows = re.findall(r"^\| ([a-z -]+) \| (\d+) \| (\d+) \| (\d+) \|$", done.stdout.replace("Ctrl-C", "ctrl-c"), re.MULTILINE)
    assert said, done.stdout + done.stderr
    assert int(said[1]) > 100
    assert [(int(tried), int(wrong)) for _, tried, _, wrong in rows] == [(5, 0), (1, 0), (2, 0), (1, 0)], done.stderr
    assert int(rows[0][2]) == 5


def test_damage_would_be_seen(home: Home) -> None:
    (home.exports / "feed.rss").write_bytes(home.states[0]["feed.rss"][:-1])
    (home.exports / "archive.html").unlink()
    (home.exports / "stray.html").write_bytes(b"")
    assert [each.partition(" ")[0] for each in home.damage()] == ["archive.html", "feed.rss", "stray.html"]


def test_each_step_of_a_build_could_be_its_last(home: Home) -> None:
    assert home.killed(step=1)[0]
    assert not home.killed(step=10**6)[0]
    assert home.killed(lasts=0)[0]


def test_who_stops_a_build_in_its_last_moments_is_told_that_all_is_in_place(home: Home) -> None:
    """The last step of the disk that changes the exports is the one that takes the old files away."""
    said = home.exports.with_name("said")
    said.unlink(missing_ok=True)
    code = home.build(
        home.exports, lambda: sys.addaudithook(_once("shutil.rmtree", 2, lambda: os.kill(os.getpid(), signal.SIGINT))), said=str(said)
    )
    assert (code, said.read_text("utf-8").splitlines()[-1]) == (130, "stopped; but everything was in place already")
    assert tree(home.exports) == home.states[1]
    assert [*home.repaired()] == []


def _once(event: str, number: int, act: Callable[[], object], about: str = "") -> Callable[[str, object], None]:
    """Return an audit hook that does something when an event comes for that time, of those that are about a path."""
    seen = 0

    def hook(found: str, arguments: object) -> None:
        nonlocal seen
        if found == event and about in str(arguments):
            seen += 1
            if seen == number:
                act()

    return hook


# -- two at once --------------------------------------------------------------------------------------------------------------


def test_a_build_while_another_one_writes_is_refused_and_changes_nothing(home: Home) -> None:
    child = home.start(home.exports, lambda: sys.addaudithook(_once("os.link", 1, lambda: os.kill(os.getpid(), signal.SIGSTOP))))
    os.waitpid(child, os.WUNTRACED)
    done = run(*build(home))
    assert (done.returncode, "error folder-locked: another build is writing here" in done.stderr) == (1, True), done.stderr
    assert "wait until it is done" in done.stderr
    assert tree(home.exports) == home.states[0]
    os.kill(child, signal.SIGCONT)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert tree(home.exports) == home.states[1]
    assert [*home.repaired()] == []


def test_a_build_while_another_one_still_reads_is_not_undone_by_it(home: Home) -> None:
    """Both make the same of the same sources; the slower one finds its files in place, or says that they have changed."""
    child = home.start(home.exports, lambda: sys.addaudithook(_once("open", 2, lambda: os.kill(os.getpid(), signal.SIGSTOP), ".md")))
    os.waitpid(child, os.WUNTRACED)
    assert home.build(home.exports) == 0
    os.kill(child, signal.SIGCONT)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in (0, 1)
    assert tree(home.exports) == home.states[1]
    assert [*home.repaired()] == []


# -- sources that change meanwhile --------------------------------------------------------------------------------------------


PICTURES = [targets._png(12, 8), targets._png(8, 12)]


@pytest.mark.parametrize("name", ["tide.md", "bells.png"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_file_that_changes_while_it_is_read_is_built_as_it_is_now_the_next_time(home: Home, name: str, number: int) -> None:
    """It changes right before it is opened for the nth time, and has as many bytes as before; the build never mixes the two."""
    (home.sources / "media").mkdir()
    (home.sources / "media/bells.png").write_bytes(PICTURES[0])
    with (home.sources / "bells.md").open("a", encoding="utf-8") as text:
        text.write("\n![Bells](media/bells.png)\n")
    path = home.sources / ("media/bells.png" if name == "bells.png" else name)
    old = path.read_bytes()
    new = PICTURES[1] if name == "bells.png" else old.replace(b"told 1", b"told 7")
    assert len(new) == len(old)
    assert new != old

    def hook(event: str, arguments: Any, seen: list[int] = []) -> None:  # noqa: B006  (of one process)
        if event == "open" and str(arguments[0]) == str(path) and isinstance(arguments[2], int) and not arguments[2] & os.O_WRONLY:
            seen.append(1)
            if len(seen) == number:
                path.write_bytes(new)

    before = home.clean()
    assert home.build(home.exports, lambda: sys.addaudithook(hook)) in (0, 1)
    made = tree(home.exports)
    path.write_bytes(new)
    after = home.clean()
    assert made in (home.states[0], before, after)
    assert home.build(home.exports) == 0
    assert tree(home.exports) == after


# -- clocks -------------------------------------------------------------------------------------------------------------------

FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), Path("/usr/lib/faketime/libfaketime.so.1"))


@pytest.mark.parametrize("stated", ["0", "1"], ids=["times of files too", "only the clock"])
@pytest.mark.parametrize("away", ["-400d", "-1h", "+400d"])
def test_a_clock_that_goes_astray_loses_nothing(home: Home, away: str, stated: str) -> None:
    """A build at another time, of sources in their second state, after one at the right time; and then one at the right time again."""
    assert FAKETIME.is_file(), "install libfaketime, as .ci/programs does"
    done = run(*build(home), LD_PRELOAD=str(FAKETIME), FAKETIME=away, NO_FAKE_STAT=stated, FAKETIME_DONT_FAKE_MONOTONIC="1")
    assert done.returncode == 0, done.stderr
    assert tree(home.exports) == home.states[1]
    (home.sources / "tide.md").write_text((home.sources / "tide.md").read_text("utf-8").replace("told 1", "told 5"), "utf-8")
    assert home.build(home.exports) == 0
    assert tree(home.exports) == home.clean()


@pytest.mark.parametrize("year", [0, 1 << 32])
def test_a_source_is_read_again_whatever_time_it_says_it_has_changed(home: Home, year: int) -> None:
    path = home.sources / "tide.md"
    for times in range(2, 6):
        path.write_text(path.read_text("utf-8").replace(f"told {times - 1}", f"told {times}"), "utf-8")
        os.utime(path, (year, year))
        assert home.build(home.exports) == 0
        assert f"told {times} times".encode() in tree(home.exports)["articles/tide.html"]


# -- names that are one on some disks -------------------------------------------------------------------------------------------


@pytest.fixture
def caseless(tmp_path: Path) -> Iterator[Path]:
    """A disk on which A and a are one name: NTFS, as Windows has it."""
    image, folder = tmp_path / "disk", tmp_path / "mounted"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    made = run("/sbin/mkntfs", "-F", "-Q", "-q", image)
    assert made.returncode == 0, made.stderr
    owner = f"uid={os.getuid()},gid={os.getgid()}"
    done = run(*rights, "lowntfs-3g", "-o", f"ignore_case,windows_names,allow_other,{owner}", image, folder)
    assert done.returncode == 0, f"install ntfs-3g, as .ci/programs does: {done.stderr}"
    (folder / "A").touch()
    assert (folder / "a").exists()
    (folder / "A").unlink()
    yield folder
    run(*rights, "umount", "--lazy", folder)


def test_a_publication_is_built_on_a_disk_without_case(home: Home, caseless: Path) -> None:
    for state in (0, 1):
        home.write(state)
        done = run(*PUBLISHER, "build", home.sources, "-o", caseless / "out", "--jobs", "1")
        assert done.returncode == 0, done.stderr
        assert tree(caseless / "out") == home.states[state]


@pytest.mark.parametrize("body", [PICTURES[0], PICTURES[1]], ids=["the same", "another"])
def test_a_picture_whose_name_changes_only_in_case_is_not_lost(home: Home, caseless: Path, body: bytes) -> None:
    (home.sources / "media").mkdir()
    for name, content in (("Bells.PNG", PICTURES[0]), ("bells.png", body)):
        for each in (home.sources / "media").iterdir():
            each.unlink()
        (home.sources / "media" / name).write_bytes(content)
        text = (home.sources / "bells.md").read_text("utf-8").partition("\n![")[0]
        (home.sources / "bells.md").write_text(f"{text}\n![Bells](media/{name})\n", "utf-8")
        done = run(*PUBLISHER, "build", home.sources, "-o", caseless / "out", "--jobs", "1")
        assert done.returncode == 0, done.stderr
        assert tree(caseless / "out") == {path.lower(): content for path, content in home.clean().items()}, "it writes names in lower case"


def test_a_file_of_somebody_else_is_left_alone_whatever_its_case(home: Home, caseless: Path) -> None:
    (caseless / "out/ARTICLES").mkdir(parents=True)
    (caseless / "out/ARTICLES/Tide.HTML").write_text("mine")
    done = run(*PUBLISHER, "build", home.sources, "-o", caseless / "out", "--jobs", "1")
    assert (done.returncode, "error file-foreign" in done.stderr) == (1, True), done.stderr
    assert tree(caseless / "out") == {"articles/tide.html": b"mine"}


@pytest.mark.parametrize("names", [("Café", "CAFÉ"), ("caf\u00e9", "cafe\u0301"), ("STRASSE", "straße")], ids=ascii)
def test_two_articles_whose_names_are_one_on_some_disks_are_told_and_nothing_written(home: Home, names: tuple[str, str]) -> None:
    for number, name in enumerate(names):
        head = f"---\ntitle: One\ndate: 2026-01-03\nurl: https://lantern.example/{name}.html\n---\n"
        (home.sources / f"one-{number}.md").write_text(f"{head}It is told {number} times.\n", "utf-8")
    done = run(*build(home))
    assert done.returncode == 1
    assert "clash" in done.stderr or "path-twice" in done.stderr
    assert tree(home.exports) == home.states[0]


# -- disks ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.02, 0.12, 0.25])
def test_a_full_disk_leaves_everything_as_it_was(home: Home, share: float) -> None:
    blocks = sum(-(-len(body) // 4096) for body in home.states[0].values()) + 60  # folders, and what is hidden, take some
    room = 4 * int(blocks * (1 + share))
    done = mounted(home.exports, f"size={room}k", BUILD, *build(home))
    assert (done.returncode, "no space left on device" in done.stderr.lower()) == (1, True), done.stderr
    assert "Traceback" not in done.stderr
    assert tree(home.exports) == home.states[0]
    assert not [each.name for each in home.exports.iterdir() if each.name.startswith(".publisher-")]


def test_a_disk_with_room_enough_is_no_obstacle(home: Home) -> None:
    done = mounted(home.exports, "size=100m", BUILD, *build(home))
    assert done.returncode == 0, done.stderr
    assert tree(home.exports) == home.states[1]


def test_no_room_for_what_is_kept_between_builds_is_no_obstacle(home: Home) -> None:
    done = mounted(home.sources, "size=24k", BUILD, *build(home), PUBLISHER_CACHE="/proc/none")
    assert done.returncode == 0, done.stderr
    assert tree(home.exports) == home.states[1]


def test_exports_that_may_not_be_written_to_are_told(home: Home) -> None:
    done = mounted(home.exports, "size=100m", f'mount -o remount,ro "$0" && {BUILD}', *build(home))
    assert (done.returncode, "read-only file system" in done.stderr.lower()) == (1, True), done.stderr
    assert "Traceback" not in done.stderr
    assert tree(home.exports) == home.states[0]


def test_sources_that_may_not_be_written_to_are_no_obstacle(home: Home) -> None:
    done = mounted(home.sources, "size=100m", f'mount -o remount,ro "$0" && {BUILD}', *build(home))
    assert done.returncode == 0, done.stderr
    assert tree(home.exports) == home.states[1]


def longest(home: Home, *slugs: str) -> subprocess.CompletedProcess[str]:
    for number, slug in enumerate(slugs):
        head = f"---\ntitle: Long\ndate: 2026-01-03\nslug: {slug}\n---\n"
        (home.sources / f"long-{number}.md").write_text(f"{head}It is told {number} times.\n", "utf-8")
    return run(*build(home))


def test_a_slug_longer_than_a_name_may_be_is_made_shorter(home: Home) -> None:
    done = longest(home, "a" * 300)
    assert done.returncode == 0, done.stderr
    assert len([*(home.exports / "articles").glob("aaa*.html")]) == 1


def test_two_slugs_that_are_one_when_made_shorter_are_told_and_nothing_written(home: Home) -> None:
    done = longest(home, "a" * 251 + "b", "a" * 251 + "c")
    assert (done.returncode, "long-1.md:4: error source-address-clash" in done.stderr) == (1, True), done.stderr
    assert tree(home.exports) == home.states[0]


def test_an_address_longer_than_a_name_may_be_is_told_and_nothing_written(home: Home) -> None:
    head = f"---\ntitle: Long\ndate: 2026-01-03\nurl: https://lantern.example/{'a' * 300}.html\n---\n"
    (home.sources / "long.md").write_text(f"{head}It is told.\n", "utf-8")
    done = run(*build(home))
    assert (done.returncode, "file name too long" in done.stderr.lower()) == (1, True), done.stderr
    assert "Traceback" not in done.stderr
    assert tree(home.exports) == home.states[0]


def test_many_files_that_are_no_sources_are_left_alone(home: Home) -> None:
    heap = home.sources / "heap"
    heap.mkdir()
    for number in range(50_000):
        os.close(os.open(heap / f"{number}.bin", os.O_CREAT))
    done = run(*build(home))
    assert done.returncode == 0, done.stderr
    assert tree(home.exports) == home.states[1]
    assert len(os.listdir(heap)) == 50_000


def test_steps_are_those_that_write() -> None:
    seen: list[int] = []
    hook = dying._count(seen.append)
    for event, arguments in (("open", ("a", "r", os.O_RDONLY)), ("open", ("a", "w", os.O_WRONLY)), ("os.rename", ("a", "b")), ("exec", ())):
        hook(event, arguments)
    assert seen == [1, 2]
