"""Nothing is lost or half written: builds that are killed, disks that are full or may not be written to, names too long.

What is mounted here is mounted in a name space of its own, and gone with its process. `make loss` kills more builds.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import dying
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
    done = run(sys.executable, "-m", "tests.dying", "--steps", "8", "--moments", "2")
    said = re.fullmatch(r"(\d+) steps on the disk; 10 builds, (\d+) killed, 0 with damage\n", done.stdout)
    assert said, done.stdout + done.stderr
    assert int(said[1]) > 100
    assert int(said[2]) >= 8


def test_damage_would_be_seen(home: Home) -> None:
    (home.exports / "feed.rss").write_bytes(home.states[0]["feed.rss"][:-1])
    (home.exports / "archive.html").unlink()
    (home.exports / "stray.html").write_bytes(b"")
    assert [each.partition(" ")[0] for each in home.damage()] == ["archive.html", "feed.rss", "stray.html"]


def test_each_step_of_a_build_could_be_its_last(home: Home) -> None:
    assert home.killed(step=1)[0]
    assert not home.killed(step=10**6)[0]
    assert home.killed(lasts=0)[0]


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
    assert (done.returncode, "long-1.md: error source-address-clash" in done.stderr) == (1, True), done.stderr
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
