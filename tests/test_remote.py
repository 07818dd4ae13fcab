"""Sources and exports elsewhere: the same bytes as here, nothing sent twice, nothing foreign touched, no name believed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest
from fsspec.registry import _registry as REGISTRY  # noqa: N812

from bench import site as newspaper
from publisher import files, remote
from publisher.cli import main
from publisher.problems import PublisherError
from tests.buckets import Bucket, bucket_server

SEEDS, EXPORTS = "s3://lantern/seeds", "s3://lantern/exports"
SETTINGS = b'[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\n'
FERRY = b"---\ntitle: The ferry\ndate: 2026-11-24\nid: tag:lantern.example,2026:ferry\n---\n\nIt sailed.\n"
LAMP = FERRY.replace(b"ferry", b"lamp")
Say = Callable[[], str]


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with bucket_server() as found:
        yield found


@pytest.fixture
def bucket(server: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """An empty bucket, asked by a machine that has never asked before."""
    server.clear()
    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path / "cache"))
    return server


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    found = fsspec.filesystem("memory")
    yield found
    found.store.clear()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Say:
    return lambda: str(capsys.readouterr().err)


def build(sources: object, exports: object, *given: str) -> int:
    return main(["build", str(sources), "-o", str(exports), "--jobs", "1", *given])


def tree(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def fill(bucket: Bucket, more: dict[str, bytes] | None = None) -> None:
    """Put a publication with one article into the bucket."""
    for path, body in {"publisher.toml": SETTINGS, "ferry.md": FERRY, **(more or {})}.items():
        bucket.put(f"seeds/{path}", body)


def another_machine(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE", str(folder))


# -- the same as here -------------------------------------------------------------------------------------------------------


def test_sources_and_exports_in_buckets_give_the_same_bytes_as_here(bucket: Bucket, tmp_path: Path, said: Say) -> None:
    newspaper.written(tmp_path / "sources", 6)
    for path, body in tree(tmp_path / "sources").items():
        bucket.put(f"seeds/{path}", body)
    assert build(tmp_path / "sources", tmp_path / "here") == 0
    here = said().splitlines()[-1]
    assert build(SEEDS, EXPORTS) == 0, said()
    assert said().splitlines()[-1].partition(" in ")[0] == here.partition(" in ")[0]
    assert bucket.tree("exports/") == tree(tmp_path / "here")
    assert len(bucket.keys("exports/")) > 60


def test_a_second_build_brings_and_sends_nothing(bucket: Bucket, said: Say) -> None:
    fill(bucket)
    assert build(SEEDS, EXPORTS) == 0, said()
    said()
    bucket.asked.clear()
    assert build(SEEDS, EXPORTS) == 0, said()
    assert "(0 changed)" in said()
    assert {what: count for what, count in bucket.asked.items() if what not in ("LIST", "HEAD")} == {"GET": 1}  # the manifest


def test_each_source_is_asked_for_once_and_each_file_sent_once(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few at a time; the manifest too, which is written first, when all that will be there is known."""
    fill(bucket, {f"media/{number}.bin": b"x" for number in range(10)})
    monkeypatch.setattr(remote, "_BATCH", 4)
    bucket.asked.clear()
    assert build(SEEDS, EXPORTS) == 0, said()
    assert bucket.asked["GET"] == len(bucket.keys("seeds/"))
    assert bucket.asked["PUT"] == len(bucket.keys("exports/"))
    assert bucket.asked["LIST"] < 10


def test_only_what_has_changed_is_brought_and_sent(bucket: Bucket, said: Say) -> None:
    fill(bucket, {"lamp.md": LAMP})
    assert build(SEEDS, EXPORTS, "--only", "newsarticle") == 0
    bucket.put("seeds/lamp.md", LAMP.replace(b"sailed", b"burned"))
    bucket.asked.clear()
    said()
    assert build(SEEDS, EXPORTS, "--only", "newsarticle") == 0
    assert "(1 changed)" in said()
    assert (bucket.asked["GET"], bucket.asked["PUT"]) == (1 + 1 + 1, 1)  # the source, the manifest before and before sending
    assert b"burned" in bucket.get("exports/articles/lamp.jsonld")


def test_a_machine_that_has_built_nothing_yet_sends_nothing_either(bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bucket)
    assert build(SEEDS, EXPORTS) == 0, said()
    another_machine(monkeypatch, tmp_path / "other")
    bucket.asked.clear()
    assert build(SEEDS, EXPORTS) == 0, said()
    assert bucket.asked["PUT"] == 0


def test_what_a_source_made_goes_with_it(bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Say) -> None:
    """Also when another machine made it, and only what a build has made."""
    fill(bucket, {"lamp.md": LAMP})
    assert build(SEEDS, EXPORTS) == 0, said()
    bucket.put("exports/articles/of-mine.html", b"<p>Mine</p>")
    assert "exports/articles/lamp.html" in bucket.tree("")
    another_machine(monkeypatch, tmp_path / "other")
    bucket.client.delete_object(Bucket="lantern", Key="seeds/lamp.md")
    said()
    assert build(SEEDS, EXPORTS) == 0, said()
    assert " removed)" in said()
    assert {each for each in bucket.keys("exports/articles/") if each.endswith(".html")} == {
        "exports/articles/ferry.html",
        "exports/articles/of-mine.html",
    }
    assert b"lamp" not in bucket.get("exports/.publisher")


def test_a_build_of_some_formats_leaves_the_others(bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bucket)
    assert build(SEEDS, EXPORTS) == 0, said()
    before = bucket.tree("exports/")
    another_machine(monkeypatch, tmp_path / "other")
    assert build(SEEDS, EXPORTS, "--only", "rss") == 0
    assert bucket.tree("exports/") == before


def test_an_issue_that_is_out_stays_as_it_is_on_every_machine(bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    october = FERRY.replace(b"2026-11-24", b"2026-10-24")
    fill(bucket, {"publisher.toml": SETTINGS + b'[[issues]]\nselect = "month"\n', "ferry.md": october, "lamp.md": LAMP})
    assert build(SEEDS, EXPORTS) == 0, said()
    issue = "exports/issues/the-lantern-2026-10.epub"
    before = bucket.get(issue)
    another_machine(monkeypatch, tmp_path / "other")
    bucket.put("seeds/ferry.md", october.replace(b"sailed", b"sank"))
    assert build(SEEDS, EXPORTS) == 0, said()
    assert b"sank" in bucket.get("exports/feed.rss")
    assert bucket.get(issue) == before


def test_each_file_is_sent_as_what_it_is(bucket: Bucket) -> None:
    fill(bucket)
    assert build(SEEDS, EXPORTS) == 0, said()
    types = {each: bucket.type_of(f"exports/{each}") for each in ("feed.rss", "feed.atom", "feed.json", "index.html", "style.css")}
    assert types == {
        "feed.rss": "application/rss+xml;charset=utf-8",
        "feed.atom": "application/atom+xml;charset=utf-8",
        "feed.json": "application/feed+json",
        "index.html": "text/html;charset=utf-8",
        "style.css": "text/css;charset=utf-8",
    }


def test_one_article_is_a_source_of_the_publication_above_it(bucket: Bucket, tmp_path: Path) -> None:
    fill(bucket, {"2026/lamp.md": LAMP})
    assert build(f"{SEEDS}/2026/lamp.md", tmp_path / "out", "--only", "newsarticle") == 0
    assert b"The Lantern" in (tmp_path / "out/articles/lamp.jsonld").read_bytes()
    assert not (tmp_path / "out/articles/ferry.jsonld").exists()


def test_exports_below_the_sources_are_no_sources(bucket: Bucket, said: Say) -> None:
    fill(bucket)
    assert build(SEEDS, f"{SEEDS}/out") == 0
    said()
    assert build(SEEDS, f"{SEEDS}/out") == 0
    assert "\n1 article," in said()


def test_an_address_of_this_machine_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "my seeds").mkdir()
    (tmp_path / "my seeds/publisher.toml").write_bytes(SETTINGS)
    (tmp_path / "my seeds/ferry.md").write_bytes(FERRY)
    assert build((tmp_path / "my seeds").as_uri(), (tmp_path / "out").as_uri(), "--only", "rss") == 0
    assert (tmp_path / "out/feed.rss").exists()


def test_other_file_systems_of_fsspec_do(memory: fsspec.AbstractFileSystem, tmp_path: Path, said: Say) -> None:
    memory.pipe({"/seeds/publisher.toml": SETTINGS, "/seeds/ferry.md": FERRY, "/seeds/lamp.md": LAMP})
    assert build("memory://seeds", "memory://out", "--only", "newsarticle") == 0
    memory.rm_file("/seeds/lamp.md")
    memory.pipe_file("/seeds/ferry.md", FERRY.replace(b"sailed", b"lies at"))
    assert build("memory://seeds", "memory://out", "--only", "newsarticle") == 0
    assert build("memory://seeds", tmp_path / "here", "--only", "newsarticle") == 0
    assert memory.cat_file("/out/articles/ferry.jsonld") == (tmp_path / "here/articles/ferry.jsonld").read_bytes()
    assert not (tmp_path / "here/articles/lamp.jsonld").exists()


# -- what is believed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        *("../evil.md", "a/../../evil.md", "./evil.md", "a//evil.md", "/etc/evil.md", "a\\evil.md", "C:evil.md", "evil.md?versionId=1"),
        *(f"{'e' * 300}.md", "ev\x7fil.md", ".git/../evil.md", "ferry.md/evil.md"),
    ],
)
def test_a_name_that_no_file_may_have_stops_the_build(key: str, bucket: Bucket, tmp_path: Path, said: Say) -> None:
    fill(bucket, {key: b"# Evil\n\nIt came."})
    assert build(SEEDS, tmp_path / "out") == 1
    told = said()
    assert "remote-name" in told
    assert "Traceback" not in told
    assert not list(tmp_path.rglob("*evil*"))


def test_a_path_that_is_too_long_is_refused() -> None:
    """S3 takes none, others do."""
    assert remote._wrong("/".join(["lamp"] * 250)) == "is too long"
    assert remote._wrong("/".join(["lamp"] * 200)) == ""


def test_what_is_hidden_in_a_bucket_is_not_brought(bucket: Bucket, tmp_path: Path) -> None:
    """What builds keep beside sources is not taken from strangers."""
    fill(bucket, {".publisher-cache/records": b"forged", ".env": b"secret", "node_modules/x.md": FERRY})
    assert build(SEEDS, tmp_path / "out", "--only", "rss") == 0
    found = {each.read_bytes() for each in (tmp_path / "cache").rglob("*") if each.is_file()}
    assert not {b"forged", b"secret"} & found


def test_objects_in_the_place_of_folders_are_none(bucket: Bucket, tmp_path: Path) -> None:
    fill(bucket, {"media/": b"", "": b""})
    assert build(SEEDS, tmp_path / "out", "--only", "rss") == 0


def test_names_with_patterns_mean_themselves(bucket: Bucket, tmp_path: Path) -> None:
    fill(
        bucket, {"*.md": FERRY.replace(b"ferry", b"star"), "[ab].md": FERRY.replace(b"ferry", b"ab"), "a.md": FERRY.replace(b"ferry", b"a")}
    )
    assert build(SEEDS, tmp_path / "out", "--only", "newsarticle") == 0
    assert {each.name for each in (tmp_path / "out/articles").iterdir()} == {
        f"{each}.jsonld" for each in ("the-a", "the-ab", "ferry", "the-star")
    }


def test_a_manifest_of_a_stranger_takes_nothing_away_but_below_the_exports(bucket: Bucket, tmp_path: Path) -> None:
    fill(bucket)
    (tmp_path / "precious").write_bytes(b"mine")
    bucket.put("exports/.publisher", f"../seeds/ferry.md\n{tmp_path}/precious\n../../../precious\nmedia/*\n.publisher\n".encode())
    bucket.put("exports/media/*", b"pattern")
    bucket.put("exports/media/mine.jpg", b"mine")
    assert build(SEEDS, EXPORTS) == 0, said()
    assert bucket.get("seeds/ferry.md") == FERRY
    assert (tmp_path / "precious").exists()
    assert bucket.keys("exports/media/") == ["exports/media/mine.jpg"]
    assert ".." not in bucket.get("exports/.publisher").decode()


def test_a_file_that_no_build_has_made_is_not_replaced(bucket: Bucket, said: Say) -> None:
    fill(bucket)
    bucket.put("exports/index.html", b"<p>Mine</p>")
    assert build(SEEDS, EXPORTS) == 1
    assert "s3://lantern/exports/index.html: error file-foreign" in said()
    assert bucket.keys("exports/") == ["exports/index.html"]


def test_a_copy_that_was_damaged_is_brought_again(bucket: Bucket, tmp_path: Path) -> None:
    fill(bucket)
    assert build(SEEDS, tmp_path / "out", "--only", "newsarticle") == 0
    (copy,) = (tmp_path / "cache").rglob("ferry.md")
    copy.write_bytes(b"---\ntitle: Forged\n---\n\nForged.\n")
    (copy.parent / "added.md").write_bytes(b"---\ntitle: Added\n---\n\nAdded.\n")
    assert build(SEEDS, tmp_path / "out", "--only", "newsarticle") == 0
    assert {each.name for each in (tmp_path / "out/articles").iterdir()} == {"ferry.jsonld"}


# -- what goes wrong --------------------------------------------------------------------------------------------------------


def test_problems_are_told_with_the_address_of_the_source(bucket: Bucket, tmp_path: Path, said: Say) -> None:
    fill(bucket, {"lamp.md": b"---\ntitle: [\n---\n\nIt burns.\n"})
    assert build(SEEDS, tmp_path / "out") == 1
    told = said()
    assert "s3://lantern/seeds/lamp.md:" in told
    assert str(tmp_path) not in told


def test_errors_that_end_a_build_are_told_with_the_address_too(bucket: Bucket, tmp_path: Path, said: Say) -> None:
    fill(bucket, {"publisher.toml": b"[publication"})
    assert build(SEEDS, tmp_path / "out") == 1
    assert said().startswith("s3://lantern/seeds/publisher.toml:")


class Broken(Exception):
    """The network is gone."""


def test_what_was_sent_before_the_network_broke_is_not_sent_again(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, said: Say) -> None:
    """What is pointed to goes first, so that whoever reads meanwhile finds all that is named."""
    fill(bucket)
    put, sent = remote._Depot._put, list[str]()

    def breaking(self: remote._Depot, media_type: str, paths: list[str]) -> None:
        if "feed.rss" in paths:
            raise Broken("connection reset")
        put(self, media_type, paths)
        sent.extend(paths)

    monkeypatch.setattr(remote._Depot, "_put", breaking)
    assert build(SEEDS, EXPORTS) == 1
    told = said()
    assert "s3://lantern/exports: error remote-failed: this cannot be reached, read or written: connection reset" in told
    assert "build again" in told
    assert "articles/ferry.html" in sent
    assert not {"index.html", "sitemap.xml", "robots.txt"} & {*sent}
    monkeypatch.setattr(remote._Depot, "_put", put)
    bucket.asked.clear()
    assert build(SEEDS, EXPORTS) == 0, said()
    changed = int(said().partition("files (")[2].partition(" ")[0])
    assert bucket.asked["PUT"] == changed
    assert {f"exports/{each}" for each in sent} <= {*bucket.keys("exports/")}


def test_a_build_that_fails_forgets_no_copy_of_what_is_there(bucket: Bucket, said: Say) -> None:
    fill(bucket)
    assert build(SEEDS, EXPORTS) == 0, said()
    (record,) = (each for each in (files.kept_folder() / "elsewhere").glob("*/record.json") if b"feed.rss" in each.read_bytes())
    known = json.loads(record.read_bytes())
    bucket.put("seeds/broken.md", b"---\ntitle: [\n---\n")
    assert build(SEEDS, EXPORTS) == 1
    assert json.loads(record.read_bytes()) == known
    assert len(known) > 10


def test_a_build_that_is_stopped_between_leaves_all_that_is_ours_in_the_manifest(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, said: Say
) -> None:
    fill(bucket)

    def stopped(self: remote._Depot, paths: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(remote._Depot, "_take_away", stopped)
    assert build(SEEDS, EXPORTS) == 130
    assert said().endswith("stopped; what has arrived at s3://lantern/exports stays there: build again to send the rest\n")
    listed = bucket.get("exports/.publisher").decode().split()
    assert {f"exports/{each}" for each in listed} >= {*bucket.keys("exports/")} - {"exports/.publisher"}


def test_a_build_of_another_machine_meanwhile_is_seen(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, said: Say) -> None:
    fill(bucket)
    groups = remote._Depot.send

    def late(self: remote._Depot, *given: object) -> object:
        bucket.put("exports/.publisher", b"theirs.html\n")
        return groups(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(remote._Depot, "send", late)
    assert build(SEEDS, EXPORTS) == 1
    assert "remote-changed: another build has written here meanwhile" in said()
    assert bucket.keys("exports/") == ["exports/.publisher"]


def test_another_build_of_this_machine_is_kept_out(bucket: Bucket, said: Say) -> None:
    fill(bucket)
    with remote.reached([SEEDS], EXPORTS):
        assert build(SEEDS, EXPORTS) == 1
    assert "folder-locked" in said()
    assert build(SEEDS, EXPORTS) == 0, said()


@pytest.mark.parametrize(
    ("sources", "code"),
    [
        ("s3://nowhere/seeds", "remote-no-settings"),
        ("s3://lantern/empty", "remote-no-settings"),
        ("s3://", "remote-address"),
        ("lamp://seeds", "remote-address"),
        ("https://lantern.example/seeds", "file-missing"),
    ],
)
def test_sources_that_are_not_there_are_wrong_usage(sources: str, code: str, bucket: Bucket, tmp_path: Path, said: Say) -> None:
    assert build(sources, tmp_path / "out") == 2
    assert f"{sources}: error {code}" in said()


def test_exports_that_cannot_be_reached_are_told_before_anything_is_built(bucket: Bucket, said: Say) -> None:
    fill(bucket)
    assert build(SEEDS, "s3://nowhere/exports") == 1
    assert "s3://nowhere/exports: error remote-failed" in said()


def test_sources_and_exports_may_not_be_one_folder(bucket: Bucket, said: Say) -> None:
    fill(bucket)
    assert build(SEEDS, f"{SEEDS}/") == 2
    assert "remote-twice" in said()


def test_a_disk_without_room_is_told_before_anything_is_brought(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, said: Say) -> None:
    fill(bucket)
    monkeypatch.setattr("publisher.remote.shutil.disk_usage", lambda _: _Full())
    assert build(SEEDS, EXPORTS) == 1
    assert "remote-too-large" in said()


class _Full:
    free = 10


def test_what_changes_while_it_is_brought_is_a_problem(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, said: Say) -> None:
    fill(bucket)
    listing = remote._listing

    def outdated(address: remote._Address) -> dict[str, remote._Entry]:
        found = listing(address)
        bucket.put("seeds/ferry.md", FERRY + b"It came back.\n")
        return found

    monkeypatch.setattr(remote, "_listing", outdated)
    assert build(SEEDS, EXPORTS) == 1
    assert "s3://lantern/seeds/ferry.md: error remote-changed" in said()


@pytest.mark.parametrize("lacking", ["fsspec", "s3fs"])
def test_what_is_not_installed_is_named(lacking: str, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, said: Say) -> None:
    monkeypatch.setitem(sys.modules, lacking, None)
    monkeypatch.delitem(REGISTRY, "s3", raising=False)
    assert build(SEEDS, EXPORTS) == 1
    told = said()
    assert "remote-missing" in told
    assert lacking in told.lower()


def test_passwords_in_addresses_are_not_shown() -> None:
    address = remote._Address("ftp://keeper:lamp@lantern.example/seeds", None, "/seeds")
    assert address.shown("ferry.md") == "ftp://lantern.example/seeds/ferry.md"


def test_what_nothing_tells_the_state_of_is_never_taken_for_the_same() -> None:
    assert remote._entry({"name": "a", "size": 3, "type": "file"}).state == ""
    assert remote._entry({"name": "a", "size": 3, "mtime": 7}).state != remote._entry({"name": "a", "size": 3, "mtime": 8}).state


def test_a_path_is_no_address(tmp_path: Path) -> None:
    given = ("seeds", str(tmp_path), "//[lamp", "s3:/seeds", "file:seeds")
    with remote.reached(given, "exports") as ends:
        assert (ends.sources, ends.exports, ends.mirrors) == (given, "exports", ())


def test_an_error_of_a_block_is_the_one_that_was_raised() -> None:
    with pytest.raises(PublisherError) as error, remote.reached(["seeds"], "exports"):
        raise PublisherError()
    assert error.value.problems == ()
