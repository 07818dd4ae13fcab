"""A build by a cluster: the same bytes, whoever dies on the way. A scheduler and workers in processes of their own, on this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from distributed import Client, Event, LocalCluster

from bench import site as newspaper
from publisher import build, cluster, desk, files, planning
from publisher.cli import main
from publisher.outputs import Output, Written
from publisher.problems import Problem, PublisherError
from tests import errands
from tests.buckets import bucket_server

ROOT = Path(__file__).parent.parent
WORKERS = 2


def nothing(url: str) -> bytes | None:
    return None


def workers_of(count: int) -> LocalCluster:
    return LocalCluster(
        n_workers=count, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
    )


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    with workers_of(WORKERS) as found:
        yield found


def address_of(found: LocalCluster) -> str:
    return str(found.scheduler_address).replace("tcp://", "dask://")


@pytest.fixture(scope="module")
def address(workers: LocalCluster) -> str:
    return address_of(workers)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper") / "sources"
    newspaper.written(folder, 12)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def plan(sources: Path, media: cluster.Lent) -> Sequence[Output]:
    found, at = desk.gather([str(sources)])
    return planning.plan(found.publication, at.settings, media)


def lent(sources: Path) -> cluster.Lent:
    return cluster.Lent(files.Cache(files.Folder(sources, "https://lantern.example/")))


def shown(written: Written) -> tuple[str, bytes, tuple[Problem, ...]]:
    """Return what becomes of an output; a worker cannot tell the states of our files."""
    return written.path, written.body, written.problems


def code(error: pytest.ExceptionInfo[PublisherError]) -> str:
    return error.value.problems[0].code


def wait_until_idle(workers: LocalCluster) -> bool:
    """Return whether the scheduler has forgotten all work, as soon as that is so."""
    end = monotonic() + 60
    while workers.scheduler.tasks and monotonic() < end:
        sleep(0.05)
    return not workers.scheduler.tasks


@contextmanager
def busy(workers: LocalCluster) -> Iterator[int]:
    """Keep all workers busy with so many tasks as this gives, so that no other one is done, however slow who has sent it is."""
    with Client(workers) as client:
        done = Event("done", client)
        tasks = [client.submit(errands.wait, done, workers=[each], pure=False) for each in client.scheduler_info()["workers"]]
        try:
            yield len(tasks)
        finally:
            done.set()
            client.gather(tasks)


# -- the same bytes ---------------------------------------------------------------------------------------------------------


def test_a_cluster_builds_what_one_process_builds(sources: Path, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Books with pictures inside, pictures in several sizes, pages, feeds, all of it."""
    assert main(["build", str(sources), "-o", str(tmp_path / "here"), "--jobs", "1", "--kepub"]) == 0
    here = capsys.readouterr().err
    assert main(["build", str(sources), "-o", str(tmp_path / "there"), "--engine", address, "--kepub"]) == 0
    assert capsys.readouterr().err.partition(" in ")[0] == here.partition(" in ")[0]
    assert tree(tmp_path / "there") == tree(tmp_path / "here")
    assert len(tree(tmp_path / "there")) > 100
    assert main(["build", str(sources), "-o", str(tmp_path / "there"), "--engine", address, "--kepub"]) == 0
    assert "(0 changed)" in capsys.readouterr().err


def test_a_cluster_builds_from_a_bucket_into_a_bucket(sources: Path, address: str, tmp_path: Path) -> None:
    given = ("--jobs", "1", "--only", "rss", "epub", "newsarticle")
    assert main(["build", str(sources), "-o", str(tmp_path / "here"), *given]) == 0
    with bucket_server() as bucket:
        for path, body in tree(sources).items():
            bucket.put(f"seeds/{path}", body)
        assert main(["build", "s3://lantern/seeds", "-o", "s3://lantern/exports", "--engine", address, *given]) == 0
        assert bucket.tree("exports/") == tree(tmp_path / "here")


def test_a_worker_that_is_killed_halfway_changes_nothing(sources: Path, address: str, tmp_path: Path) -> None:
    media = lent(sources)
    outputs = plan(sources, media)
    dying = errands.Once(path=outputs[len(outputs) // 2].path, note=str(tmp_path / "killed"))
    with cluster.mapper(address, media) as elsewhere:
        made = list(elsewhere(dying, outputs))
    assert (tmp_path / "killed").exists()
    assert list(map(shown, made)) == [shown(build.render(each)) for each in outputs]


def test_books_are_made_by_the_workers_too(sources: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pictures inside are here, and are asked for; only what is kept on our disk is taken from there by ourselves."""
    media = lent(sources)
    books = [each for each in plan(sources, media) if each.format in ("epub", "cover")]
    with cluster.mapper(address, media) as elsewhere:
        monkeypatch.setattr(build, "_render", None)  # here
        bodies = [each.body for each in build.render_all(books, elsewhere)]
    assert all(bodies)
    assert any(b"media/" in each for each in bodies)


def test_only_pictures_that_are_kept_here_stay_here(sources: Path) -> None:
    """All else has no place on our disk in it, and goes to the workers."""
    found, at = desk.gather([str(sources)])
    store = desk.pictures_kept()
    media = lent(sources)
    developed = desk.develop(found.publication, media.find, store), store
    outputs = planning.plan(found.publication, at.settings, media, developed=developed)
    stay = {each.format for each in outputs if not list(cluster.parcels(build.render, [each]))}
    assert stay == {"rendition"}


# -- who does it ------------------------------------------------------------------------------------------------------------


def test_results_come_in_order_and_from_several_workers(address: str) -> None:
    with cluster.mapper(address, nothing) as elsewhere:
        assert list(elsewhere(errands.double, range(1000))) == [2 * each for each in range(1000)]
        by = set(elsewhere(errands.where, range(1000)))
    assert len(by) > 1
    assert os.getpid() not in by


def test_only_a_few_chunks_are_on_their_way_at_a_time(address: str) -> None:
    taken: list[int] = []

    def values() -> Iterator[int]:
        for each in range(100_000):
            taken.append(each)
            yield each

    with cluster.mapper(address, nothing) as elsewhere:
        assert next(iter(elsewhere(errands.double, values()))) == 0
    assert len(taken) <= cluster._CHUNK * (cluster._AHEAD * (WORKERS + 1) + 1)


def test_work_that_nobody_waits_for_any_more_is_cancelled(workers: LocalCluster, address: str) -> None:
    with cluster.mapper(address, nothing) as elsewhere:
        results = iter(elsewhere(errands.double, range(100_000)))
        next(results)
        results.close()  # type: ignore[attr-defined] # a generator
        assert wait_until_idle(workers)


def test_files_that_lie_here_are_sent_to_who_asks_for_them(address: str) -> None:
    bodies = {"a": b"lamp", "b": b"wick"}
    media = cluster.Lent(bodies.get)
    wanted = [("a",), ("a", "b"), ("none", "a"), (), ("b", "none")]
    with cluster.mapper(address, media) as elsewhere:
        made = list(elsewhere(errands.look_up, [errands.Errand(media, each) for each in wanted]))
    assert [found for _, found in made] == [[b"lamp"], [b"lamp", b"wick"], [None], [], [b"wick", None]]
    assert os.getpid() not in {by for by, _ in made}


def test_who_asks_again_and_again_is_answered_here(address: str) -> None:
    urls = tuple(str(each) for each in range(cluster._ROUNDS + 2))
    media = cluster.Lent(lambda url: url.encode())
    with cluster.mapper(address, media) as elsewhere:
        ((by, found),) = elsewhere(errands.look_up, [errands.Errand(media, urls)])
    assert (by, found) == (os.getpid(), [each.encode() for each in urls])


def test_what_has_a_place_on_our_disk_is_made_here_and_its_neighbours_are_not(address: str, tmp_path: Path) -> None:
    (tmp_path / "lamp.txt").write_text("lit", "utf-8")
    with cluster.mapper(address, nothing) as elsewhere:
        made = list(elsewhere(errands.read_kept, [None, errands.Kept(tmp_path), None]))
    assert [text for _, text in made] == ["", "lit", ""]
    assert [by == os.getpid() for by, _ in made] == [False, True, False]


# -- what goes wrong --------------------------------------------------------------------------------------------------------


def test_a_defect_on_a_worker_is_a_defect_here(address: str) -> None:
    with cluster.mapper(address, nothing) as elsewhere, pytest.raises(LookupError, match="no lamp 0"):
        list(elsewhere(errands.fail, range(3)))


def test_work_that_ends_every_worker_is_a_problem() -> None:
    with workers_of(1) as few:
        few.scheduler.allowed_failures = 0
        with cluster.mapper(address_of(few), nothing) as elsewhere, pytest.raises(PublisherError) as error:
            list(elsewhere(errands.die, range(1)))
    assert code(error) == "engine-died"


@contextmanager
def started(*given: str, folder: Path = ROOT) -> Iterator[subprocess.Popen[str]]:
    """Run one of Dask's programs as who runs a cluster does; it imports what is in the folder."""
    command = [sys.executable, "-m", "dask", *given, "--no-dashboard"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, cwd=folder) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def started_cluster(note: Path, scheduler: Path = ROOT, worker: Path = ROOT) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Give the address of a scheduler with one worker, and its process."""
    with (
        started("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(note), folder=scheduler) as running,
        started("worker", "--scheduler-file", str(note), "--nthreads", "1", "--no-nanny", folder=worker),
    ):
        while not (note.exists() and note.read_text().endswith("}")) and running.poll() is None:
            sleep(0.05)
        yield json.loads(note.read_text())["address"].replace("tcp://", "dask://"), running


@pytest.mark.parametrize("who", ["scheduler", "worker"])
def test_who_has_no_publisher_is_told_to_install_it(who: str, tmp_path: Path) -> None:
    (tmp_path / "publisher.py").write_text("", "utf-8")  # another program of that name
    given = started_cluster(tmp_path / "note.json", **{who: tmp_path})
    with given as (address, _), pytest.raises(PublisherError) as error, cluster.mapper(address, nothing) as elsewhere:
        list(elsewhere(errands.double, range(3)))
    assert code(error) == "engine-differs"
    assert "install the same Publisher on scheduler and workers" in error.value.problems[0].hint


def lose_after(count: int, results: Iterator[int], scheduler: subprocess.Popen[str]) -> None:
    for _ in zip(range(count), results, strict=False):
        pass
    scheduler.kill()
    scheduler.wait()
    list(results)


@pytest.mark.parametrize("count", [0, 3])
def test_a_scheduler_that_is_lost_is_a_problem(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Who has work left is told by Dask; who has none yet asks a scheduler that is not there, once and again."""
    monkeypatch.setattr(cluster, "_CONNECT", 2)
    given = started_cluster(tmp_path / "note.json")
    with given as (address, scheduler), pytest.raises(PublisherError) as error, cluster.mapper(address, nothing) as elsewhere:
        lose_after(count, elsewhere(errands.double, range(100_000)), scheduler)
    assert code(error) == "engine-lost"
    assert capfd.readouterr().err == ""


def once_closed(client: Client) -> Iterator[int]:
    """Yield a value when a client has looked for its scheduler for too long."""
    end = monotonic() + 60
    while client.status != "closed" and monotonic() < end:
        sleep(0.05)
    assert client.status == "closed"
    yield 1


def test_a_scheduler_that_is_lost_while_nothing_is_to_be_done_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT", 1)
    given = started_cluster(tmp_path / "note.json")
    with given as (address, scheduler), pytest.raises(PublisherError) as error, cluster.mapper(address, nothing) as elsewhere:
        lose_after(0, elsewhere(errands.double, once_closed(elsewhere.args[0])), scheduler)  # type: ignore[attr-defined] # a partial
    assert code(error) == "engine-lost"


def test_workers_with_other_code_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {**cluster.identity(), "lxml": "1.0"}
    monkeypatch.setattr(cluster, "identity", lambda: ours)
    with pytest.raises(PublisherError) as error, cluster.mapper(address, nothing):
        pass
    assert code(error) == "engine-differs"
    assert re.search(r"lxml \d\S*, here 1\.0$", str(error.value))


def test_workers_with_other_code_that_come_later_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster.mapper(address, nothing) as elsewhere:
        ours = {**cluster.identity(), "Publisher": "changed"}
        monkeypatch.setattr(cluster, "identity", lambda: ours)
        with pytest.raises(PublisherError) as error:
            list(elsewhere(errands.double, range(3)))
    assert code(error) == "engine-differs"
    assert "here changed" in str(error.value)


def test_a_line_changed_makes_other_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cluster.py").write_text("lamp = 1\n", "utf-8")
    monkeypatch.setattr(cluster, "__file__", str(tmp_path / "cluster.py"))
    before = cluster._code()
    (tmp_path / "cluster.py").write_text("lamp = 2\n", "utf-8")
    assert cluster._code() != before


def test_what_is_compared_names_the_libraries_that_write() -> None:
    assert {"Python", "zlib", "Publisher", "lxml", "Pillow", "typst", "EbookLib"} <= cluster.identity().keys()
    assert "epubcheck" not in cluster.identity()


def test_a_scheduler_that_is_not_there_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT", 1)
    with pytest.raises(PublisherError) as error, cluster.mapper("dask://127.0.0.1:1", nothing):
        pass
    assert code(error) == "engine-unreachable"


def test_a_cluster_without_workers_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ARRIVE", 0.1)
    with workers_of(0) as none, pytest.raises(PublisherError) as error, cluster.mapper(address_of(none), nothing):
        pass
    assert code(error) == "engine-empty"


def test_without_dask_the_build_says_what_to_install(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    given = ["build", str(sources), "-o", str(tmp_path / "out"), "--only", "rss", "--engine", "dask://127.0.0.1:1"]
    assert main(given) == 1
    said = capsys.readouterr().err
    assert "engine-missing" in said
    assert "pip install '.[scale]'" in said


@pytest.mark.parametrize(
    "text", ["spark://scheduler:8786", "dask://scheduler", "dask://", "scheduler:8786", "dask://a b:1", "dask://me@host:1"]
)
def test_what_is_no_address_of_a_cluster_is_wrong_usage(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["build", "seeds", "--engine", text])
    assert end.value.code == 2
    assert "such as dask://scheduler:8786" in capsys.readouterr().err


def test_who_stops_a_build_stops_the_work_of_the_cluster(sources: Path, workers: LocalCluster, address: str, tmp_path: Path) -> None:
    # A shell lets what it runs in the background ignore it.
    run = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from publisher.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "build", str(sources), "-o", str(tmp_path / "out"), "--engine", address]
    assert wait_until_idle(workers)
    with busy(workers) as held, subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as build_:
        try:
            while build_.poll() is None and len(workers.scheduler.tasks) <= held:
                sleep(0.01)
            build_.send_signal(signal.SIGINT)
            _, said = build_.communicate(timeout=60)
        finally:
            build_.kill()
    assert (build_.returncode, said) == (130, "stopped; nothing was changed\n")
    assert not (tmp_path / "out").exists()
    assert wait_until_idle(workers)
