"""Several processes at one map: in order, few results waiting, and nobody left, whatever happens."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from publisher import workers
from publisher.problems import PublisherError, Severity, problem
from publisher.workers import Workers
from tests.test_cli import obeying, times, tree
from tests.test_exports import ROOT
from tests.test_incremental import TOML, source

METHODS = ("fork", "spawn")


def squared(value: int) -> int:
    return value * value


def strange(value: int) -> int:
    if value == 3:
        raise ZeroDivisionError("nobody has thought of three")
    if value == 5:
        raise PublisherError(problem("file-odd", Severity.ERROR, "five is odd"))
    if value == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return value


def noted(path: Path) -> int:
    path.write_bytes(b"")
    return int(path.name)


def test_where_the_c_library_has_no_such_call_nothing_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def library(name: None) -> None:
        raise TypeError("argument of type 'NoneType' is not iterable")  # as on Windows

    monkeypatch.setattr(ctypes, "CDLL", library)
    monkeypatch.setattr(sys, "platform", "win32")
    workers._give_back()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    workers._give_back()


@pytest.mark.parametrize("method", METHODS)
def test_results_come_in_the_order_of_the_values(method: str) -> None:
    assert list(Workers(2, method).map(squared, range(300))) == [each * each for each in range(300)]


def test_there_may_be_fewer_values_than_processes_or_none() -> None:
    assert [*Workers(3).map(squared, [4])] == [16]
    assert [*Workers(3).map(squared, [])] == []


@pytest.mark.parametrize("method", METHODS)
def test_results_that_may_come_as_they_come_all_come_once(method: str) -> None:
    assert sorted(Workers(2, method).as_they_come(squared, range(300))) == [each * each for each in range(300)]
    assert [*Workers(3, method).as_they_come(squared, [])] == []
    assert [*Workers(3, method).as_they_come(squared, [4])] == [16]


_LAST = multiprocessing.Event()


def slow_first(value: int) -> tuple[int, bool]:
    """Return when the last of 2,000 values is done, for the first one; at once for all others."""
    if value == 1999:
        _LAST.set()
    return value, value > 0 or _LAST.wait(60)


def test_what_takes_long_keeps_nothing_else_waiting() -> None:
    found = [*Workers(2, "fork").as_they_come(slow_first, range(2000))]
    assert sorted(found) == [(number, True) for number in range(2000)]
    assert found[0][0] > 0


@pytest.mark.parametrize("method", METHODS)
def test_what_is_wrong_is_told_as_well_when_results_come_as_they_come(method: str) -> None:
    with pytest.raises(PublisherError, match="five is odd"):
        list(Workers(2, method).as_they_come(strange, [5, 1]))
    with pytest.raises(PublisherError) as error:
        list(Workers(2, method).as_they_come(strange, [7, 1, 2]))
    assert [each.code for each in error.value.problems] == ["worker-died"]


@pytest.mark.parametrize("method", METHODS)
def test_a_process_that_ends_is_told(method: str) -> None:
    with pytest.raises(PublisherError) as error:
        list(Workers(2, method).map(strange, [7, 1, 2]))
    (found,) = error.value.problems
    assert (found.code, found.message) == ("worker-died", "a process that makes outputs was ended by signal 9, perhaps for want of memory")


@pytest.mark.parametrize("method", METHODS)
def test_what_is_wrong_is_told_as_it_is_here(method: str) -> None:
    with pytest.raises(PublisherError, match="five is odd"):
        list(Workers(2, method).map(strange, [5]))
    with pytest.raises(RuntimeError, match="ZeroDivisionError: nobody has thought of three"):
        list(Workers(2, method).map(strange, [3]))


def test_no_more_is_made_than_a_few_chunks_ahead_of_who_takes_it(tmp_path: Path) -> None:
    many = workers._AHEAD * workers._CHUNK * 2 * 3
    team = Workers(2)
    results = team.map(noted, [tmp_path / f"{number}" for number in range(many)])
    assert next(results) == 0
    team.kill()
    assert len(os.listdir(tmp_path)) <= workers._AHEAD * workers._CHUNK * 2


def test_chunks_have_every_value_once_and_grow_small_at_the_end() -> None:
    chunks = list(workers._chunks(1000, 2))
    assert [each for start, end in chunks for each in range(start, end)] == list(range(1000))
    sizes = [end - start for start, end in chunks]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (32, 1)


def test_a_fork_is_sent_numbers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []
    send = Workers._send

    def noted(self: Workers, connection: object, chunk: object) -> None:
        sent.append(chunk)
        send(self, connection, chunk)  # type: ignore[arg-type]

    monkeypatch.setattr(Workers, "_send", noted)
    assert list(Workers(2, "fork").map(len, ["a long text " * 1000] * 10)) == [12000] * 10
    assert all(isinstance(each, tuple) and len(each) == 2 for each in sent)


def test_processes_end_when_who_has_started_them_is_killed() -> None:
    code = """
import os, signal
from publisher.workers import Workers
results = Workers(2).map(str, range(10000))
next(results)
os.kill(os.getpid(), signal.SIGKILL)
"""
    reading, writing = os.pipe()
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}, pass_fds=[writing], check=False)
    os.close(writing)
    assert done.returncode == -signal.SIGKILL
    assert os.read(reading, 1) == b"", "each of them holds the other end as long as it lives"
    os.close(reading)


# -- a build that is stopped ----------------------------------------------------------------------------------------------

STOP = """
import os, signal, sys
from publisher import build, cli, former
from publisher.files import placing
def stop_at(home, name, number, whole):
    real, calls = getattr(home, name), [0]
    def replaced(*given, **more):
        calls[0] += 1
        if calls[0] == number:
            os.killpg(os.getpgrp(), signal.SIGINT) if whole else os.kill(os.getpid(), signal.SIGINT)
        return real(*given, **more)
    setattr(home, name, replaced)
stop_at(*{"making": (build, "render", 5, True), "staging": (placing, "_stage", 1, False), "placing": (os, "replace", 20, False),
          "keeping": (former.Former, "keep", 1, False)}[sys.argv[1]])
sys.exit(cli.main(["build", ".", "-o", "../exports", "--jobs", "2", "--only", "webpage", "newsarticle"]))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Twenty articles, built once, and all of them changed since."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/publisher.toml").write_text(TOML.format(name="The Lantern", more=""), "utf-8")
    for text in ("It sailed.", "It sank."):
        for number in range(20):
            (tmp_path / f"sources/story-{number}.md").write_text(
                source(f"Story {number}", text=text, more=f"slug: story-{number}\n"), "utf-8"
            )
        if text == "It sailed.":
            assert stopped(tmp_path, "never").returncode == 0
    return tmp_path


def stopped(home: Path, moment: str) -> subprocess.CompletedProcess[str]:
    """Build, be stopped at a moment, and wait until all processes have ended."""
    reading, writing = os.pipe()
    code = STOP if moment != "never" else STOP.replace("stop_at(*", "(")
    done = subprocess.run(
        [sys.executable, "-c", code.replace("[sys.argv[1]]", ".get(sys.argv[1])"), moment],
        cwd=home / "sources",
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        pass_fds=[writing],
        start_new_session=True,
        preexec_fn=obeying,
    )
    os.close(writing)
    assert os.read(reading, 1) == b""
    os.close(reading)
    return done


@pytest.mark.parametrize("moment", ["making", "staging", "placing"])
def test_a_build_that_is_stopped_ends_and_leaves_the_exports_as_they_were(home: Path, moment: str) -> None:
    before = tree(home / "exports"), times(home / "exports/articles")
    done = stopped(home, moment)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, "stopped; nothing was changed")
    assert "Traceback" not in done.stderr
    assert (tree(home / "exports"), times(home / "exports/articles")) == before


def test_what_is_in_place_when_a_build_is_stopped_is_whole(home: Path) -> None:
    done = stopped(home, "keeping")
    assert done.returncode == 0
    assert "changed" in done.stderr.splitlines()[-1]
    assert b"It sank" in (home / "exports/articles/story-3.html").read_bytes()
    assert "(0 changed)" in stopped(home, "never").stderr.splitlines()[-1]
