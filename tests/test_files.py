"""The disk: what is written is written whole or not at all, and nothing outside the folders is touched."""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import files
from publisher.files import MANIFEST, SETTINGS, Folder, place, placing, put, seeing
from publisher.problems import PublisherError

SITE = "https://lantern.example/"


def tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder by its path, hidden ones and temporary ones too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def times(folder: Path) -> dict[str, int]:
    """Return when each file below a folder was last written."""
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def grow_old(folder: Path) -> None:
    """Date every file back, so that one that is written again is told from one that is not, however coarse the clock."""
    for path in folder.rglob("*"):
        os.utime(path, ns=(10**18, 10**18))


def fill(folder: Path, **written: str) -> None:
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def code_of(error: pytest.ExceptionInfo[PublisherError]) -> tuple[str, str]:
    (found,) = error.value.problems
    return found.code, found.location.path


# -- reading --------------------------------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(PublisherError) as error:
        files.read(tmp_path / "nowhere.md")
    assert code_of(error) == ("file-unreadable", str(tmp_path / "nowhere.md"))


def test_a_folder_cannot_be_read_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(PublisherError, match="is a directory"):
        files.read(tmp_path)


def kept_by_a_process(keep: files.Spool, path: str) -> None:
    keep(path, path.encode())


def test_each_process_keeps_what_it_makes_and_one_puts_it_in_place(tmp_path: Path) -> None:
    with files.spool(tmp_path / "exports") as keep:
        keep.open()
        for path in (both := ("a.html", "b/c.html")):
            each = multiprocessing.get_context("fork").Process(target=kept_by_a_process, args=(keep, path))
            each.start()
            each.join()
        place(tmp_path / "exports", dict.fromkeys(both, keep))
    assert tree(tmp_path / "exports") == {"a.html": b"a.html", "b/c.html": b"b/c.html", MANIFEST: b"a.html\nb/c.html\n"}


def test_a_build_that_fails_leaves_no_folder_where_there_was_none(tmp_path: Path) -> None:
    with files.spool(tmp_path / "site/exports") as keep:
        keep("a.html", b"a")
    assert [*tmp_path.iterdir()] == []


def test_what_a_build_keeps_is_taken_away_by_no_other_while_it_lasts(tmp_path: Path) -> None:
    with files.spool(tmp_path) as keep:
        keep("a.html", b"of one")
        with files.spool(tmp_path) as other:
            place(tmp_path, {"b.html": other("b.html", b"of the other")})
        place(tmp_path, {"a.html": keep("a.html", b"of one")})
    assert tree(tmp_path) == {"a.html": b"of one", MANIFEST: b"a.html\n"}


def test_what_was_kept_and_is_gone_leaves_everything_as_it_was(tmp_path: Path) -> None:
    place(tmp_path, {"a.html": b"old"})
    with files.spool(tmp_path) as keep:
        keep("a.html", b"new")
        with pytest.raises(PublisherError, match="no such file"):
            place(tmp_path, {"a.html": keep, "b.html": keep})
    assert tree(tmp_path) == {"a.html": b"old", MANIFEST: b"a.html\n"}


def test_a_file_too_large_for_memory_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.touch()
    os.truncate(path, 2**30)  # sparse: takes no space
    with pytest.raises(PublisherError, match="larger than 512 MB") as error:
        files.read(path)
    assert code_of(error) == ("file-too-large", str(path))


def test_home_is_the_nearest_folder_with_settings(tmp_path: Path) -> None:
    fill(tmp_path, **{SETTINGS: "", "news/2026/ferry.md": "", "blog/ferry.md": "", f"blog/{SETTINGS}": ""})
    homes = [files.home(tmp_path / path) for path in ("news/2026/ferry.md", "news", "blog/ferry.md", ".")]
    assert homes == [tmp_path, tmp_path, tmp_path / "blog", tmp_path]


def test_home_without_settings_is_the_folder_itself(tmp_path: Path) -> None:
    fill(tmp_path, **{"news/ferry.md": ""})
    assert [files.home(tmp_path / path) for path in ("news/ferry.md", "news")] == [tmp_path / "news"] * 2


def test_files_are_walked_in_the_order_of_their_names(tmp_path: Path) -> None:
    fill(tmp_path, **dict.fromkeys(("b.md", "é.md", "a/z.md", "a/b/c.md", "A.md", "茶碗.md"), ""))
    assert list(files.walk(tmp_path)) == ["A.md", "b.md", "é.md", "茶碗.md", "a/z.md", "a/b/c.md"]


def test_hidden_files_and_packages_are_not_walked(tmp_path: Path) -> None:
    fill(tmp_path, **dict.fromkeys((".git/config", ".env", "node_modules/x/readme.md", "a/.obsidian/app.json", "a/b.md"), ""))
    assert list(files.walk(tmp_path)) == ["a/b.md"]


# -- a folder by its addresses --------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    fill(tmp_path, **{"secret.txt": "outside", "seeds/media/a dog.jpg": "dog", "seeds/media/茶碗.jpg": "bowl", "seeds/.env": "hidden"})
    fill(tmp_path / "seeds", **{SETTINGS: "settings"})
    return Folder(tmp_path / "seeds", SITE)


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("media/a%20dog.jpg", "media/a dog.jpg"),
        ("media/%E8%8C%B6%E7%A2%97.jpg", "media/茶碗.jpg"),
        ("media/a%20dog.jpg?size=2#top", "media/a dog.jpg"),
    ],
)
def test_an_address_below_the_publication_is_a_file(folder: Folder, reference: str, path: str) -> None:
    assert folder.path(f"{SITE}{reference}") == path


@pytest.mark.parametrize(
    "address",
    [
        SITE,
        f"{SITE}media/",
        f"{SITE}media",
        f"{SITE}media/cat.jpg",
        "https://elsewhere.example/media/a%20dog.jpg",
        "https://lantern.example.evil.example/media/a%20dog.jpg",
        "mailto:desk@lantern.example",
        "",
    ],
)
def test_other_addresses_are_no_files(folder: Folder, address: str) -> None:
    assert (folder.path(address), folder(address)) == (None, None)


@pytest.mark.parametrize("reference", ["../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "media/../../secret.txt", "%2Fetc/passwd"])
def test_no_address_leads_out_of_the_folder(folder: Folder, reference: str) -> None:
    assert folder(f"{SITE}{reference}") is None


def test_no_symbolic_link_leads_out_of_the_folder(folder: Folder) -> None:
    (folder.root / "link.txt").symlink_to(folder.root.parent / "secret.txt")
    (folder.root / "up").symlink_to(folder.root.parent)
    assert [folder(f"{SITE}{reference}") for reference in ("link.txt", "up/secret.txt")] == [None, None]


def test_a_symbolic_link_inside_the_folder_is_followed(folder: Folder) -> None:
    (folder.root / "link.jpg").symlink_to("media/a dog.jpg")
    assert folder(f"{SITE}link.jpg") == b"dog"


@pytest.mark.parametrize("reference", [".env", "publisher.toml", "media/../.env", "%2eenv"])
def test_hidden_files_and_the_settings_have_no_address(folder: Folder, reference: str) -> None:
    """Else a stranger's article with a link to `/.env` would publish it."""
    assert folder(f"{SITE}{reference}") is None


@pytest.mark.parametrize(
    "reference", ["a%00b", "x" * 300, "y/" * 3000, "http://[", "%FF%FE", "%ED%A0%80", "media//a%20dog.jpg", "./media/a%20dog.jpg"]
)
def test_an_address_that_can_be_no_name_is_no_file(folder: Folder, reference: str) -> None:
    assert folder(f"{SITE}{reference}") is None


# -- one file ---------------------------------------------------------------------------------------------------------------


def test_writing_makes_the_folders_on_the_way(tmp_path: Path) -> None:
    files.write(tmp_path / "a/b/feed.rss", b"new")
    assert tree(tmp_path) == {"a/b/feed.rss": b"new"}


def test_writing_where_a_folder_is_leaves_everything_as_it_was(tmp_path: Path) -> None:
    fill(tmp_path, **{"feed.rss/kept.txt": "kept"})
    with pytest.raises(PublisherError) as error:
        files.write(tmp_path / "feed.rss", b"new")
    assert code_of(error) == ("file-unwritable", str(tmp_path / "feed.rss"))
    assert tree(tmp_path) == {"feed.rss/kept.txt": b"kept"}


def test_writing_below_a_file_leaves_everything_as_it_was(tmp_path: Path) -> None:
    fill(tmp_path, exports="a file")
    with pytest.raises(PublisherError, match="cannot write"):
        files.write(tmp_path / "exports/feed.rss", b"new")
    assert tree(tmp_path) == {"exports": b"a file"}


@given(st.sets(st.text("abc/é", min_size=1, max_size=4)), st.lists(st.text("abc/é", min_size=1, max_size=4)), st.sampled_from([0, 2**70]))
def test_a_stamp_is_found_near_to_where_its_path_is_in_another_list(there: set[str], asked: list[str], more: int) -> None:
    stamps = {path: (number + more, 1, 2, number) for number, path in enumerate(sorted(there))}
    kept = seeing.Stamps(stamps.items())
    assert [kept.near(place, path) for place, path in enumerate(asked)] == [*map(stamps.get, asked)]
    assert [kept.near(place, path) for place, path in enumerate(sorted(there))] == [*stamps.values()]


def test_an_output_that_is_not_kept_leaves_all_as_it_was(tmp_path: Path) -> None:
    place(tmp_path, {"a.html": b"old", "b.html": b"old"})
    with files.spool(tmp_path) as spool:
        spool("a.html", b"new")
        with pytest.raises(PublisherError, match="cannot write: no such file"):
            place(tmp_path, {"a.html": spool, "b.html": spool, "c/d.html": b"new"})
    assert {each.name: each.read_bytes() for each in tmp_path.glob("*.html")} == {"a.html": b"old", "b.html": b"old"}
    assert not (tmp_path / "c").exists()


# -- all files of a build -------------------------------------------------------------------------------------------------


def test_placing_writes_bytes_and_copies_files(tmp_path: Path) -> None:
    fill(tmp_path, **{"seeds/a.jpg": "picture"})
    placed = place(tmp_path / "exports", {"feed.rss": b"feed", "media/a.jpg": tmp_path / "seeds/a.jpg"})
    assert placed == files.Placed(changed=("feed.rss", "media/a.jpg"), removed=())
    assert tree(tmp_path / "exports") == {"feed.rss": b"feed", "media/a.jpg": b"picture", MANIFEST: b"feed.rss\nmedia/a.jpg\n"}


def test_what_has_the_same_bytes_stays_untouched(tmp_path: Path) -> None:
    place(tmp_path, {"feed.rss": b"feed", "index.html": b"page"})
    grow_old(tmp_path)
    before = times(tmp_path)
    placed = place(tmp_path, {"feed.rss": b"feed", "index.html": b"other"})
    assert placed.changed == ("index.html",)
    assert {path for path, when in times(tmp_path).items() if when != before[path]} == {"index.html", MANIFEST}
    assert place(tmp_path, {"feed.rss": b"feed", "index.html": b"other"}).changed == ()


def test_bytes_of_the_same_length_are_told_apart(tmp_path: Path) -> None:
    place(tmp_path, {"feed.rss": b"one"})
    assert place(tmp_path, {"feed.rss": b"two"}).changed == ("feed.rss",)
    assert (tmp_path / "feed.rss").read_bytes() == b"two"


def test_what_is_no_longer_made_goes_with_its_empty_folders(tmp_path: Path) -> None:
    place(tmp_path, {"a/b/old.html": b"old", "a/new.html": b"new"})
    placed = place(tmp_path, {"a/new.html": b"new"})
    assert placed == files.Placed(changed=(), removed=("a/b/old.html",))
    assert sorted(path.name for path in tmp_path.rglob("*")) == [MANIFEST, "a", "new.html"]


def test_what_no_build_made_stays(tmp_path: Path) -> None:
    fill(tmp_path, **{"CNAME": "lantern.example", "articles/own.html": "own"})
    place(tmp_path, {"articles/a.html": b"a"})
    place(tmp_path, {})
    assert tree(tmp_path) == {"CNAME": b"lantern.example", "articles/own.html": b"own", MANIFEST: b""}


@pytest.mark.parametrize("line", ["../precious.txt", "/{outside}/precious.txt", "link/precious.txt"])
def test_a_forged_manifest_removes_nothing_outside(tmp_path: Path, line: str) -> None:
    fill(tmp_path, **{"precious.txt": "kept", "exports/feed.rss": "feed"})
    (tmp_path / "exports/link").symlink_to(tmp_path)
    fill(tmp_path, **{f"exports/{MANIFEST}": f"{line.format(outside=tmp_path)}\n"})
    assert place(tmp_path / "exports", {}).removed == ()
    assert (tmp_path / "precious.txt").read_text() == "kept"


@pytest.mark.parametrize("write", [place, put])
@pytest.mark.parametrize("target", ["../outside", "inside", "."])
def test_a_link_stands_for_no_folder_whatever_a_manifest_says(tmp_path: Path, write: Callable[..., object], target: str) -> None:
    manifest = "news/feed.rss\nnews/deep/feed.rss\ninside/feed.rss\n"
    fill(tmp_path, **{"outside/feed.rss": "kept", "exports/inside/feed.rss": "kept", f"exports/{MANIFEST}": manifest})
    (tmp_path / "exports/news").symlink_to(target)
    before = tree(tmp_path)
    for path in ("news/feed.rss", "news/deep/feed.rss"):
        with pytest.raises(PublisherError, match="a link stands for this folder"):
            write(tmp_path / "exports", {path: b"ours"})
    with pytest.raises(PublisherError, match="a link stands for this folder"):
        place(tmp_path / "exports", {"feed.rss": b"ours"}, left=("news/feed.rss",), before=files.state(tmp_path / "exports" / MANIFEST))
    assert tree(tmp_path) == before


@pytest.mark.parametrize("target", ["../elsewhere", "there"])
@pytest.mark.parametrize("is_away", [False, True])
def test_what_lies_behind_a_link_stays_ours_and_is_not_removed(tmp_path: Path, target: str, is_away: bool) -> None:
    exports, elsewhere = tmp_path / "exports", tmp_path / "exports" / target
    place(exports, {"issues/1.epub": b"1", "feed.rss": b"old"})
    (exports / "issues").rename(elsewhere)
    (exports / "issues").symlink_to(target)
    if is_away:
        elsewhere.rename(tmp_path / "away")
    for complete in (False, True):
        placed = place(exports, {"feed.rss": str(complete).encode()}, complete=complete)
        assert (placed.changed, placed.removed, placed.stayed) == (("feed.rss",), (), int(complete))
    (exports / "issues").unlink()
    (tmp_path / "away" if is_away else elsewhere).rename(exports / "issues")
    assert place(exports, {"issues/1.epub": b"2", "feed.rss": b"True"}).changed == ("issues/1.epub",)


@pytest.mark.parametrize("line", ["./a.html", "b/../a.html", "b//../a.html"])
def test_a_manifest_with_other_names_of_files_removes_none_that_was_just_made(tmp_path: Path, line: str) -> None:
    place(tmp_path, {"a.html": b"a", "b/c.html": b"c"})
    with (tmp_path / MANIFEST).open("a") as manifest:
        manifest.write(f"{line}\n")
    assert place(tmp_path, {"a.html": b"a2", "b/c.html": b"c"}).removed == ()
    assert tree(tmp_path)["a.html"] == b"a2"


def test_a_manifest_that_is_no_text_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(b"\xff\xfe\x00feed.rss\n")
    assert place(tmp_path, {"feed.rss": b"feed"}).changed == ("feed.rss",)


@pytest.mark.parametrize("name", ["a\nb.txt", "a\u2028b.txt", "a\rb.txt", "a\x85b.txt", "\x0cb.txt"])
def test_a_name_with_a_line_end_in_it_removes_only_its_own_file(tmp_path: Path, name: str) -> None:
    fill(tmp_path, **{"b.txt": "mine", "a": "mine too"})
    place(tmp_path, {name: b"made"})
    assert place(tmp_path, {}).removed == (name,)
    assert tree(tmp_path) == {"b.txt": b"mine", "a": b"mine too", MANIFEST: b""}


@pytest.mark.parametrize(
    ("in_the_way", "wanted"),
    [("feed.rss/kept.txt", "feed.rss"), ("articles", "articles/a.html"), (f"{MANIFEST}/kept.txt", "feed.rss")],
    ids=["a folder for a file", "a file for a folder", "a folder for the manifest"],
)
def test_when_one_file_cannot_be_written_nothing_has_changed(tmp_path: Path, in_the_way: str, wanted: str) -> None:
    place(tmp_path, {"about.html": b"old"}) if MANIFEST not in in_the_way else None
    fill(tmp_path, **{in_the_way: "in the way"})
    before = tree(tmp_path), times(tmp_path)
    with pytest.raises(PublisherError, match="cannot write"):
        place(tmp_path, {"about.html": b"new", wanted: b"x", "z.html": b"new"})
    assert (tree(tmp_path), times(tmp_path)) == before


def test_when_the_last_of_many_cannot_be_put_in_place_all_the_others_are_as_they_were(tmp_path: Path) -> None:
    place(tmp_path, {"a.html": b"old a", "b/c.html": b"old c", "gone/d.html": b"old d"})
    (tmp_path / "z.html").mkdir()
    before = tree(tmp_path), times(tmp_path), sorted(tmp_path.rglob("*"))
    with pytest.raises(PublisherError, match="is a directory"):
        place(tmp_path, {"a.html": b"new a", "b/c.html": b"new c", "new/folder/e.html": b"e", "z.html": b"z"})
    assert (tree(tmp_path), times(tmp_path), sorted(tmp_path.rglob("*"))) == before


@pytest.mark.parametrize("path", ["media//a.png", "./a.png", "/a.png", "../a.png", "a/../../b", "a/", "", ".", "a\0b", MANIFEST])
def test_only_plain_paths_below_the_folder_are_written(tmp_path: Path, path: str) -> None:
    with pytest.raises(PublisherError, match="leads out of the folder, or is no path"):
        place(tmp_path / "exports", {"feed.rss": b"x", path: b"x"})
    assert tree(tmp_path) == {}


def test_what_a_killed_build_left_behind_goes_with_the_next(tmp_path: Path) -> None:
    fill(tmp_path, **{".publisher-new/0": "half", ".publisher-new/old/a": "old", ".publisher-new-k3_9abcz/0/a": "made"})
    place(tmp_path, {"feed.rss": b"feed"})
    assert tree(tmp_path) == {"feed.rss": b"feed", MANIFEST: b"feed.rss\n"}


def test_a_folder_of_others_stays_whatever_it_is_called(tmp_path: Path) -> None:
    fill(tmp_path, **{".publisher-new-mine/a": "mine", ".publisher-new-12345678/a": "theirs"})
    place(tmp_path, {"feed.rss": b"feed"})
    assert {".publisher-new-mine/a", ".publisher-new-12345678/a"} <= tree(tmp_path).keys()


def test_outputs_are_kept_and_placed_where_a_system_has_no_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "fcntl", None)
    for body in (b"old", b"new"):
        with files.spool(tmp_path) as keep:
            assert place(tmp_path, {"feed.rss": keep("feed.rss", body)}).changed == ("feed.rss",)
    assert tree(tmp_path) == {"feed.rss": b"new", MANIFEST: b"feed.rss\n"}


def test_a_disk_without_locks_is_told_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(PublisherError, match="no locks available"), files.spool(tmp_path) as keep:
        keep("feed.rss", b"feed")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_takes_the_place_of_a_file_and_a_file_that_of_a_folder(tmp_path: Path) -> None:
    place(tmp_path, {"a": b"file", "b/c": b"in a folder"})
    placed = place(tmp_path, {"a/d": b"in a folder", "b": b"file"})
    assert placed == files.Placed(changed=("a/d", "b"), removed=("a", "b/c"))
    assert tree(tmp_path) == {"a/d": b"in a folder", "b": b"file", MANIFEST: b"a/d\nb\n"}


def test_a_build_is_not_disturbed_by_another(tmp_path: Path) -> None:
    place(tmp_path, {"feed.rss": b"old"})
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(PublisherError) as error:
        place(tmp_path, {"feed.rss": b"new"})
    assert code_of(error) == ("folder-locked", str(tmp_path))
    os.close(handle)
    assert place(tmp_path, {"feed.rss": b"new"}).changed == ("feed.rss",)


def place_all(folder: Path, mark: str, start: Barrier) -> None:
    start.wait()
    with suppress(PublisherError):
        place(folder, {f"{number}.html": mark.encode() * 300 for number in range(60)})


def test_of_two_builds_at_once_one_is_there_whole(tmp_path: Path) -> None:
    for _ in range(5):
        start = multiprocessing.get_context("fork").Barrier(2)
        builds = [multiprocessing.get_context("fork").Process(target=place_all, args=(tmp_path, mark, start)) for mark in "ab"]
        for each in builds:
            each.start()
        for each in builds:
            each.join()
        assert len({path.read_bytes() for path in tmp_path.glob("*.html")}) == 1
        assert len(tree(tmp_path)) == 61


def test_a_link_that_leads_nowhere_is_not_ours_to_replace(tmp_path: Path) -> None:
    (tmp_path / "index.html").symlink_to("nowhere")
    with pytest.raises(PublisherError, match="not ours to replace"):
        place(tmp_path, {"index.html": b"ours"})
    assert (tmp_path / "index.html").is_symlink()


def test_a_file_that_no_build_made_is_not_replaced(tmp_path: Path) -> None:
    fill(tmp_path, **{"index.html": "somebody's"})
    with pytest.raises(PublisherError, match="not ours to replace"):
        place(tmp_path, {"feed.rss": b"x", "index.html": b"ours"})
    assert tree(tmp_path) == {"index.html": b"somebody's"}


def test_a_medium_that_is_gone_leaves_everything_as_it_was(tmp_path: Path) -> None:
    place(tmp_path / "exports", {"feed.rss": b"old"})
    before = tree(tmp_path)
    with pytest.raises(PublisherError, match="no such file"):
        place(tmp_path / "exports", {"feed.rss": b"new", "a.jpg": tmp_path / "gone.jpg"})
    assert tree(tmp_path) == before


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    fill(tmp_path, exports="a file")
    with pytest.raises(PublisherError, match="a folder is wanted"):
        place(tmp_path / "exports", {"articles/a.html": b"a"})
    assert tree(tmp_path) == {"exports": b"a file"}


def test_the_longest_name_a_file_may_have_can_be_written(tmp_path: Path) -> None:
    assert place(tmp_path, {"x" * 255: b"long"}).changed == ("x" * 255,)


def test_a_medium_in_its_own_place_is_no_output(tmp_path: Path) -> None:
    """A build into the folder of the sources must never remove one of them later."""
    fill(tmp_path, **{"media/a.jpg": "mine"})
    place(tmp_path, {"feed.rss": b"feed", "media/a.jpg": tmp_path / "media/a.jpg"})
    place(tmp_path, {"feed.rss": b"feed"})
    assert (tmp_path / "media/a.jpg").read_text() == "mine"


def test_a_part_of_a_build_leaves_the_rest_and_a_whole_one_knows_of_it(tmp_path: Path) -> None:
    place(tmp_path, {"feed.rss": b"old", "index.html": b"old"})
    assert place(tmp_path, {"feed.rss": b"new"}, complete=False) == files.Placed(changed=("feed.rss",), removed=())
    assert tree(tmp_path) == {"feed.rss": b"new", "index.html": b"old", MANIFEST: b"feed.rss\nindex.html\n"}
    assert place(tmp_path, {"feed.rss": b"new"}).removed == ("index.html",)


def test_what_stays_is_removed_by_no_build_and_known_to_the_next(tmp_path: Path) -> None:
    place(tmp_path, {"issues/a.epub": b"a", "issues/b.epub": b"b", "feed.rss": b"feed"})
    done = place(tmp_path, {"issues/b.epub": b"new"}, stays=lambda path: path.startswith("issues/"))
    assert done == files.Placed(changed=("issues/b.epub",), removed=("feed.rss",), stayed=1)
    assert tree(tmp_path) == {"issues/a.epub": b"a", "issues/b.epub": b"new", MANIFEST: b"issues/a.epub\nissues/b.epub\n"}


def test_what_stays_and_was_taken_away_is_forgotten(tmp_path: Path) -> None:
    place(tmp_path, {"issues/a.epub": b"a"})
    (tmp_path / "issues/a.epub").unlink()
    place(tmp_path, {}, stays=bool)
    assert tree(tmp_path) == {MANIFEST: b""}


def test_what_is_left_is_not_written_and_stays_in_the_manifest(tmp_path: Path) -> None:
    states = place(tmp_path, {"a.html": b"page", "b.html": b"other"}).states
    placed = place(tmp_path, {"b.html": b"new"}, left={"a.html"}, before=states[MANIFEST])
    assert (placed.changed, placed.removed) == (("b.html",), ())
    assert files.listed(tmp_path) == ["a.html", "b.html"]


@pytest.mark.parametrize("other", [{"a.html": b"edit"}, {"a.html": b"page"}, {"c.html": b"new"}])
def test_another_build_that_has_changed_something_meanwhile_stops_a_build(tmp_path: Path, other: dict[str, bytes]) -> None:
    states = place(tmp_path, {"a.html": b"page", "b.html": b"other"}).states
    place(tmp_path, other)
    before = tree(tmp_path)
    with pytest.raises(PublisherError) as error:
        place(tmp_path, {"b.html": b"new"}, left={"a.html"}, before=states[MANIFEST])
    assert code_of(error) == ("file-changed", str(tmp_path))
    assert tree(tmp_path) == before


def test_another_build_that_has_changed_nothing_stops_none(tmp_path: Path) -> None:
    states = place(tmp_path, {"a.html": b"page", "b.html": b"other"}).states
    place(tmp_path, {"a.html": b"page"}, complete=False)
    assert place(tmp_path, {"b.html": b"new"}, left={"a.html"}, before=states[MANIFEST]).changed == ("b.html",)


def test_a_change_in_the_same_step_of_the_clock_is_seen(tmp_path: Path) -> None:
    """Of the same length, right after the build: the states that are told are of a step that has passed."""
    for number in range(20):
        seen = place(tmp_path, {"a.html": f"{number:04}".encode()}).states["a.html"]
        (tmp_path / "a.html").write_bytes(b"edit")
        assert files.state(tmp_path / "a.html") != seen


def test_a_census_sees_every_change_and_no_file_twice(tmp_path: Path) -> None:
    fill(tmp_path, **{"a.md": "a", "deep/b.md": "b", ".hidden": "c", "exports/c.html": "d"})
    first = seen_in(tmp_path)
    (tmp_path / ".hidden").write_text("e", "utf-8")
    (tmp_path / "exports/c.html").unlink()
    assert seen_in(tmp_path) == first
    (tmp_path / "deep/link.md").symlink_to("b.md")
    linked = seen_in(tmp_path)
    (tmp_path / "deep/link.md").unlink()
    (tmp_path / "deep/link.md").symlink_to("../a.md")
    assert len({first, linked, seen_in(tmp_path)}) == 3
    (tmp_path / "deep/link.md").unlink()
    assert seen_in(tmp_path) == first
    (tmp_path / "look").symlink_to("deep")
    assert files.census(tmp_path) is None
    assert files.census(tmp_path / "nowhere") is None


def seen_in(folder: Path) -> str:
    found = files.census(folder, without=folder / "exports")
    assert found
    return found.digest


def test_a_census_tells_the_stamps_of_files_and_not_those_behind_links(tmp_path: Path) -> None:
    fill(tmp_path, **{"a.md": "a", "deep/b.md": "b"})
    (tmp_path / "link.md").symlink_to("a.md")
    found = files.census(tmp_path)
    assert found
    stamps = [found.stamp(each) for each in ("a.md", "deep/b.md", "link.md", "deep", "none.md")]
    assert stamps == [files.state(tmp_path / "a.md"), files.state(tmp_path / "deep/b.md"), None, None, None]


def test_what_a_census_will_be_after_a_build_is_what_it_is(tmp_path: Path) -> None:
    place(tmp_path, {"a.html": b"page", "deep/b.html": b"other", "c.html": b"third"})
    before = files.census(tmp_path)
    placed = place(tmp_path, {"a.html": b"new", "c.html": b"third"})
    after = files.census(tmp_path)
    assert before
    assert after
    assert before.digest != after.digest
    assert before.after(placed).digest == after.digest
    (tmp_path / "c.html").write_bytes(b"touch")
    assert before.after(placed).digest != files.census(tmp_path).digest  # type: ignore[union-attr]


def test_one_member_of_an_archive_is_read_and_nothing_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a/b.txt", "text")
    assert files.member(tmp_path / "a.zip", "a/b.txt") == b"text"
    assert files.member(tmp_path / "a.zip", "a/c.txt") is None
    assert files.member(tmp_path / "b.zip", "a/b.txt") is None
    (tmp_path / "a.zip").write_bytes(b"PK\x05\x06" + bytes(18) + b"x")
    assert files.member(tmp_path / "a.zip", "a/b.txt") is None


def test_the_names_in_a_folder_are_those_of_files(tmp_path: Path) -> None:
    fill(tmp_path, **{"a.epub": "a", "deep/b.epub": "b"})
    assert files.names(tmp_path) == {"a.epub"}
    assert files.names(tmp_path / "nowhere") == frozenset()


def test_what_is_put_replaces_whatever_is_there_and_says_what_has_changed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / "b.txt").write_text("same")
    assert files.put(tmp_path, {"a.txt": b"new", "b.txt": b"same", "c/d.txt": b"deep"}) == ("a.txt", "c/d.txt")
    assert {each.name for each in tmp_path.iterdir()} == {"a.txt", "b.txt", "c"}
    assert (tmp_path / "a.txt").read_bytes() == b"new"


def test_of_what_is_put_all_is_there_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(PublisherError, match="cannot write: is a directory"):
        files.put(tmp_path, {"a.txt": b"new", "b.txt": b"new"})
    assert (tmp_path / "a.txt").read_text() == "mine"
    for path in ("../x", "/x", "a//b", "."):
        with pytest.raises(PublisherError, match="leads out of the folder"):
            files.put(tmp_path, {path: b"new"})


def test_a_scratch_folder_is_gone_afterwards() -> None:
    with files.scratch() as folder:
        (folder / "a").write_text("x")
    assert not folder.exists()


class Planned(list[str]):
    @property
    def paths(self) -> Iterator[str]:
        return iter(self)


def test_what_a_spool_keeps_and_other_files_come_in_one_order(tmp_path: Path) -> None:
    outputs = Planned(("a.html", "c/d.html", "\u00e9.html"))
    with files.spool(tmp_path) as keep:
        every = files.Spooled(keep, outputs, {"z.jpg": b"", "b.jpg": b"one"})
        assert [*every] == ["a.html", "b.jpg", "c/d.html", "z.jpg", "\u00e9.html"]
        assert (len(every), every["b.jpg"], every["a.html"], "z.jpg" in every, "y" in every) == (5, b"one", keep, True, False)


def test_each_step_is_taken_back_the_last_first_though_one_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "put").touch()
    done: list[str] = []

    def take_back(step: str) -> None:
        done.append(step)
        if step == "second":
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        placing._take_back(str(tmp_path), [(take_back, "first"), (take_back, "second"), (take_back, "third")], ["put", "gone"])
    assert done == ["third", "second", "first"]
    assert not (tmp_path / "put").exists()


_STOPPED = """
import os, signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it runs in the background ignore it
from publisher import files
former, exchanged = os.replace, 0
def replace(*given):
    global exchanged
    exchanged += 1
    if exchanged == 200:
        print("now", flush=True)
        while True:
            pass
    former(*given)
os.replace = replace
files.place(Path(sys.argv[1]), {f"{number % 7}/{number}": f"new{number}".encode() for number in range(300)})
"""


def test_who_is_stopped_again_and_again_takes_everything_back(tmp_path: Path) -> None:
    """Ctrl-C while files are exchanged, and as fast as can be while that is taken back."""
    old = {f"{number % 7}/{number}": f"old{number}".encode() for number in range(300)}
    place(tmp_path, old)
    command = [sys.executable, "-c", _STOPPED, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as building:
        assert building.stdout
        assert building.stdout.readline() == "now\n"
        while building.poll() is None:
            building.send_signal(signal.SIGINT)
    assert building.returncode
    assert {path: body for path, body in tree(tmp_path).items() if path in old} == old
    assert place(tmp_path, dict.fromkeys(old, b"new")).changed


def test_what_has_no_end_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.files.reading._LARGEST", 2**21)
    with pytest.raises(PublisherError) as raised:
        files.read(Path("/dev/zero"))
    assert [each.code for each in raised.value.problems] == ["file-too-large"]
