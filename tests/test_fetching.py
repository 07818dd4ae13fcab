"""Pictures from the web for books: asked for once, of a real server on this machine, and a link where there is none."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as Pillow

from publisher import cli, desk, fetch, files
from publisher.files import CACHE, Cache, Folder
from tests.test_cli import tree

SETTINGS = '[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\n{}'
ARTICLE = "---\ntitle: The ferry\ndate: 2026-01-02\nauthor: Ada Byron\ndescription: It sailed.\n---\nIt sailed.\n\n{}\n"


def photograph() -> bytes:
    out = BytesIO()
    Pillow.effect_noise((90, 60), 40).save(out, "JPEG", comment=b"\xe9")
    return out.getvalue()


PHOTOGRAPH = photograph()
"""With a byte that a server which speaks of Latin 1 must not make two of."""
ANSWERS = {
    "/ferry.jpg": (200, "image/jpeg; charset=iso-8859-1", PHOTOGRAPH),
    "/bells.mp3": (200, "application/octet-stream", b"\xff\xfb\x90\x64" + bytes(600)),
    "/forbidden.jpg": (200, "image/jpeg", b"<html>Please log in.</html>"),
    "/chart.svg": (200, "text/plain", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect/></svg>'),
    "/signin.svg": (200, "image/svg+xml", b"<!DOCTYPE html><html><body><svg xmlns='http://www.w3.org/2000/svg'/>Sign in</body></html>"),
    "/illustrator.svg": (
        200,
        "text/plain",
        b'<?xml version="1.0"?>\n<!-- Made by hand -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [\n<!ENTITY a "b">\n]>\n<svg/>',
    ),
    "/large.jpg": (200, "image/jpeg", PHOTOGRAPH + bytes(10_000)),
}


class Answers(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        if self.path != "/robots.txt":
            self.asked.append(self.path)
        status, kind, body = ANSWERS.get(self.path, (404, "text/plain", b"nothing"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Answers.asked = []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


Write = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path, server: str) -> Write:
    def write(*names: str, settings: str = "") -> Path:
        (tmp_path / "publisher.toml").write_text(SETTINGS.format(settings), "utf-8")
        pictures = "\n\n".join(f"![What it shows]({server}/{each})" for each in names)
        (tmp_path / "ferry.md").write_text(ARTICLE.format(pictures), "utf-8")
        return tmp_path

    return write


def build(folder: Path, *arguments: str) -> int:
    return cli.main(["build", str(folder), "-o", str(folder / "exports"), *arguments])


def inside(folder: Path) -> list[str]:
    """The endings of the media in the book."""
    (book,) = (folder / "exports").glob("*.epub")
    with zipfile.ZipFile(book) as archive:
        return sorted(name.rpartition(".")[2] for name in archive.namelist() if "/media/" in name)


def test_pictures_are_fetched_when_somebody_asks_for_it(home: Write) -> None:
    folder = home("ferry.jpg", "chart.svg")
    assert build(folder, "--fetch", "--allow-private") == 0
    assert inside(folder) == ["jpg", "png", "svg"]  # the PNG is the cover


def test_nothing_is_fetched_when_nobody_asks_for_it(home: Write, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home("ferry.jpg")
    assert build(folder) == 0
    assert Answers.asked == []
    assert "info epub-picture-elsewhere" in capsys.readouterr().err
    assert {each.name for each in (folder / CACHE).iterdir()} == {".gitignore", "records"}


def test_the_settings_can_ask_for_it(home: Write) -> None:
    folder = home("ferry.jpg", settings="[epub]\nfetch = true\n")
    assert build(folder, "--allow-private") == 0
    assert Answers.asked == ["/ferry.jpg"]


def test_an_address_is_asked_once_for_all_builds(home: Write) -> None:
    folder = home("ferry.jpg", "ferry.jpg")
    assert build(folder, "--fetch", "--allow-private") == 0
    before = tree(folder / "exports")
    assert build(folder, "--fetch", "--allow-private") == 0
    assert Answers.asked == ["/ferry.jpg"]
    assert tree(folder / "exports") == before


def test_what_was_fetched_stays_in_the_book_when_nobody_asks_again(home: Write) -> None:
    folder = home("ferry.jpg")
    build(folder, "--fetch", "--allow-private")
    before = tree(folder / "exports")
    assert build(folder) == 0
    assert tree(folder / "exports") == before


def test_parts_of_an_address_are_one_address(home: Write) -> None:
    folder = home("ferry.jpg#left", "ferry.jpg#right", "ferry.jpg")
    build(folder, "--fetch", "--allow-private")
    assert Answers.asked == ["/ferry.jpg"]
    assert inside(folder) == ["jpg", "png"]


def test_a_page_with_a_drawing_in_it_is_no_drawing(tmp_path: Path, server: str) -> None:
    (found,) = desk.fetch_media([f"{server}/signin.svg"], cache(tmp_path), private=True)
    assert found.code == "fetch-no-media"
    assert desk.fetch_media([f"{server}/illustrator.svg"], cache(tmp_path), private=True) == []


def test_what_is_fetched_changes_nothing_but_the_book(home: Write) -> None:
    folder = home("ferry.jpg")
    build(folder)
    before = tree(folder / "exports")
    build(folder, "--fetch", "--allow-private")
    assert {path for path, body in tree(folder / "exports").items() if before[path] != body} == {"the-lantern.epub"}


def test_pictures_reach_the_books_in_other_processes(home: Write) -> None:
    folder = home("ferry.jpg")
    build(folder, "--fetch", "--allow-private")
    alone = tree(folder / "exports")
    assert build(folder, "--fetch", "--allow-private", "--jobs", "2") == 0
    assert tree(folder / "exports") == alone


@pytest.mark.parametrize(
    ("name", "says"), [("gone.jpg", "fetch-refused: the server answers 404"), ("forbidden.jpg", "fetch-no-media: this is no picture")]
)
def test_what_cannot_be_had_is_told_and_a_link(home: Write, server: str, name: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home(name, "ferry.jpg")
    assert build(folder, "--fetch", "--allow-private") == 0
    assert inside(folder) == ["jpg", "png"]
    assert f"{server}/{name}: warning {says}" in capsys.readouterr().err


def test_what_could_not_be_had_is_asked_for_again(home: Write) -> None:
    folder = home("forbidden.jpg")
    build(folder, "--fetch", "--allow-private")
    build(folder, "--fetch", "--allow-private")
    assert Answers.asked == ["/forbidden.jpg"] * 2


def test_a_picture_that_cannot_be_had_fails_a_strict_build(home: Write) -> None:
    assert build(home("gone.jpg"), "--fetch", "--allow-private", "--strict") == 1


def test_an_address_of_the_own_network_is_not_asked(home: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(home("ferry.jpg"), "--fetch") == 0
    assert Answers.asked == []
    assert "warning fetch-private: the address 127.0.0.1 is not public" in capsys.readouterr().err


def test_what_robots_may_not_fetch_is_told_and_a_link(
    home: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(ANSWERS, "/robots.txt", (200, "text/plain", b"User-agent: *\nDisallow: /\n"))
    folder = home("ferry.jpg")
    assert build(folder, "--fetch", "--allow-private") == 0
    assert Answers.asked == []
    assert "warning fetch-robots" in capsys.readouterr().err
    assert build(folder, "--fetch", "--allow-private", "--ignore-robots") == 0
    assert Answers.asked == ["/ferry.jpg"]


def test_bytes_come_as_they_are_whatever_the_server_says_of_them(server: str) -> None:
    assert fetch.media(f"{server}/ferry.jpg", private=True) == PHOTOGRAPH


def test_a_picture_is_not_endless(server: str, tmp_path: Path) -> None:
    bounds = fetch.Bounds(size=len(PHOTOGRAPH), pause=0)
    found = desk.fetch_media([f"{server}/large.jpg", f"{server}/ferry.jpg"], cache(tmp_path), private=True, bounds=bounds)
    assert [each.code for each in found] == ["fetch-too-large"]


def test_a_build_does_not_fill_the_disk(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(desk, "_MOST_FETCHED", 100)
    bounds = fetch.Bounds(together=1)
    found = desk.fetch_media([f"{server}/ferry.jpg", f"{server}/bells.mp3"], cache(tmp_path), private=True, bounds=bounds)
    assert Answers.asked == ["/ferry.jpg"]
    assert [each.code for each in found] == ["fetch-too-large"]


def cache(folder: Path) -> Cache:
    return Cache(Folder(folder, "https://lantern.example/"))


def test_problems_come_in_the_order_of_the_addresses(server: str, tmp_path: Path) -> None:
    urls = [f"{server}/{each}" for each in range(20)]
    assert [each.location.path for each in desk.fetch_media(urls, cache(tmp_path), private=True)] == urls


def test_only_addresses_on_the_web_are_asked(tmp_path: Path) -> None:
    assert desk.fetch_media(["file:///etc/passwd", "tag:lantern.example,2026:a", ""], cache(tmp_path)) == []
    assert not (tmp_path / CACHE).exists()


def test_a_file_of_the_folder_goes_before_what_was_fetched(tmp_path: Path) -> None:
    kept = cache(tmp_path)
    kept.keep("https://lantern.example/a.jpg", b"fetched")
    assert kept("https://lantern.example/a.jpg") == b"fetched"
    (tmp_path / "a.jpg").write_bytes(b"own")
    assert kept("https://lantern.example/a.jpg") == b"own"


def test_what_was_fetched_is_no_source_and_not_for_git(home: Write) -> None:
    folder = home("ferry.jpg")
    build(folder, "--fetch", "--allow-private")
    assert (folder / CACHE / ".gitignore").read_text() == "*\n"
    assert not any(CACHE in each for each in files.walk(folder))


def test_a_cache_that_leads_out_of_the_folder_is_not_used(home: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home("ferry.jpg")
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    (folder / CACHE).symlink_to(elsewhere)
    assert build(folder, "--fetch", "--allow-private") == 0
    assert list(elsewhere.iterdir()) == []
    assert f"warning link-outside: {CACHE} leads out of the folder" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_stops_no_build(home: Write, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home("ferry.jpg")
    (folder / CACHE).write_bytes(b"a file in the way")
    assert build(folder, "--fetch", "--allow-private") == 0
    assert "warning file-unwritable" in capsys.readouterr().err
