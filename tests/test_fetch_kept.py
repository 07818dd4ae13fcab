"""What is kept of answers: asked once as long as the server says, then whether it has changed; and no harm from a damaged file."""

from __future__ import annotations

import gzip
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher import cli, fetch
from publisher.fetch import Bounds, kept
from publisher.problems import PublisherError
from tests.servers import Answer, Asked, Server, answer, serving

QUICK = Bounds(pause=0)
BODY = b"<p>It sailed.</p>" * 9000


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({"/page": answer(BODY)}) as running:
        yield running


def get(server: Server, path: str = "/page", *, cache: bool = True, bounds: Bounds = QUICK) -> bytes:
    return fetch.get(server(path), private=True, robots=False, cache=cache, bounds=bounds).body


def with_validator(body: bytes, **headers: str) -> Answer:
    """Answer in full, or that nothing has changed for who has this already."""

    def write(asked: Asked) -> None:
        if asked.headers.get("If-None-Match") == headers.get("ETag", "none"):
            asked.head(304, Content_Length="0", ETag=headers["ETag"])
        elif asked.headers.get("If-Modified-Since") == headers.get("Last_Modified", "none"):
            asked.head(304, Content_Length="0")
        else:
            answer(body, **headers)(asked)

    return write


def at(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("headers", [{"ETag": '"a"'}, {"ETag": 'W/"a"'}, {"Last_Modified": "Thu, 26 Nov 2020 08:00:00 GMT"}])
def test_what_has_not_changed_is_not_sent_again(server: Server, headers: dict[str, str]) -> None:
    server.answers["/page"] = with_validator(BODY, **headers)
    assert [get(server) for _ in range(3)] == [BODY] * 3
    asked = [{"if-none-match", "if-modified-since"} & {each.lower() for each in headers} != set() for _, headers, _ in server.asked]
    assert asked == [False, True, True]


def test_what_has_changed_is(server: Server) -> None:
    server.answers["/page"] = with_validator(b"first", ETag='"1"')
    assert get(server) == b"first"
    server.answers["/page"] = with_validator(b"second", ETag='"2"')
    assert [get(server), get(server)] == [b"second", b"second"]


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({"Cache_Control": "max-age=60"}, 1),
        ({"Cache_Control": "public, MAX-AGE = 60, immutable"}, 1),
        ({"Cache_Control": 'private, max-age="60", community="UCI, x"'}, 1),
        ({"Cache_Control": "max-age=60, s-maxage=0"}, 1),
        ({"Cache_Control": "max-age=60", "Vary": "Accept-Encoding, User-Agent"}, 1),
        ({"Expires": at(100_000)}, 1),
        ({}, 2),
        ({"Last_Modified": "Thu, 26 Nov 2020 08:00:00 GMT"}, 2),
        ({"Cache_Control": "max-age=0"}, 2),
        ({"Cache_Control": "max-age=60", "Age": "61"}, 2),
        ({"Cache_Control": "no-cache, max-age=60"}, 2),
        ({"Cache_Control": "no-store, max-age=60"}, 2),
        ({"Cache_Control": "max-age=60", "Vary": "*"}, 2),
        ({"Cache_Control": "max-age=31536000", "Age": "86401"}, 2),
        ({"Cache_Control": "public"}, 2),
        ({"Cache_Control": "max-age=soon"}, 2),
        ({"Expires": "0"}, 2),
        ({"Expires": at(-1000)}, 2),
        ({"Expires": "Thu, 99 Zzz 2020 99:99:99"}, 2),
    ],
)
def test_an_answer_is_used_as_long_as_its_server_says(server: Server, headers: dict[str, str], asked: int) -> None:
    server.answers["/page"] = answer(BODY, **headers)
    assert [get(server), get(server)] == [BODY] * 2
    assert len(server.asked) == asked


def test_no_answer_is_used_for_longer_than_we_say(server: Server) -> None:
    server.answers["/page"] = answer(BODY, Cache_Control="max-age=31536000")
    get(server, bounds=Bounds(freshness=0))
    get(server)
    assert len(server.asked) == 2


def test_who_says_only_that_nothing_has_changed_changes_not_how_long_that_holds(server: Server) -> None:
    server.answers["/page"] = with_validator(BODY, ETag='"a"', Cache_Control="no-cache")
    get(server)
    assert get(server) == BODY
    server.answers["/page"] = lambda asked: asked.head(304, Content_Length="0", Cache_Control="max-age=60", ETag='"a"')
    assert [get(server), get(server), get(server)] == [BODY] * 3
    assert len(server.asked) == 3


def test_redirects_are_kept_where_they_are_for_ever(server: Server) -> None:
    server.answers["/moved"] = answer(b"It has moved.", 301, Location="/page", Cache_Control="max-age=60")
    assert [get(server, "/moved"), get(server, "/moved")] == [BODY] * 2
    assert server.paths == ["/moved", "/page", "/page"]


@pytest.mark.parametrize("packing", ["gzip", "br"])
def test_what_is_packed_is_kept_packed(server: Server, packing: str, folder: Path) -> None:
    body = gzip.compress(BODY) if packing == "gzip" else brotli.compress(BODY)
    server.answers["/page"] = answer(body, Content_Encoding=packing, Cache_Control="max-age=60")
    assert [get(server), get(server)] == [BODY] * 2
    assert len(server.asked) == 1
    assert folder.joinpath("private.db").stat().st_size < len(BODY)


def test_nothing_is_kept_of_an_answer_that_ends_too_soon(server: Server) -> None:
    server.answers["/page"] = answer(b"half", Content_Length="500", Cache_Control="max-age=60", Connection="close")
    with pytest.raises(PublisherError):
        get(server)
    server.answers["/page"] = answer(b"whole", Cache_Control="max-age=60")
    assert get(server) == b"whole"


@pytest.mark.parametrize("cache", [True, False])
def test_an_answer_that_fails_makes_room_for_the_next(server: Server, *, cache: bool) -> None:
    """A place that was not given back would let the third address wait for ever."""
    server.answers["/half"] = answer(b"half", Content_Length="500", Connection="close")
    server.answers["/no-page"] = answer(BODY, 500)
    server.answers["/packed"] = answer(BODY, Content_Encoding="gzip")
    server.answers["/moved"] = answer(BODY, 301, Location="/page")
    paths = ["/half", "/no-page", "/packed", "/moved"] * 3
    bounds = Bounds(pause=0, at_once=1)
    found = list(fetch.get_each(map(server, paths), private=True, robots=False, cache=cache, bounds=bounds))
    assert [isinstance(each, fetch.Fetched) for _, each in found] == [False, False, False, True] * 3


def test_without_a_cache_the_server_is_asked_and_nothing_kept(server: Server, folder: Path) -> None:
    server.answers["/page"] = answer(BODY, Cache_Control="max-age=60")
    assert [get(server, cache=False), get(server, cache=False)] == [BODY] * 2
    assert len(server.asked) == 2
    assert not folder.exists()


def test_what_came_from_the_own_network_is_for_those_who_ask_for_it(server: Server, folder: Path) -> None:
    server.answers["/page"] = answer(BODY, Cache_Control="max-age=60")
    get(server)
    with pytest.raises(PublisherError, match="not public"):
        fetch.get(server("/page"))
    assert {each.name for each in folder.iterdir()} == {"private.db", "public.db"}


def test_many_are_kept_at_once(server: Server) -> None:
    for number in range(20):
        server.answers[f"/page{number}"] = answer(b"%d" % number, Cache_Control="max-age=60")
    urls = [server(f"/page{number}") for number in range(20)]
    for _ in range(2):
        found = [each for _, each in fetch.get_each(urls, private=True, robots=False, bounds=Bounds(pause=0, at_once=8))]
        assert [each.body for each in found if isinstance(each, fetch.Fetched)] == [b"%d" % number for number in range(20)]
    assert len(server.asked) == 20


def test_a_robots_txt_is_kept_like_all_else(server: Server) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private\n", Cache_Control="max-age=60")
    for _ in range(2):
        fetch.get(server("/page"), private=True, bounds=QUICK)
    assert [path for path, _, _ in server.asked] == ["/robots.txt", "/page", "/page"]


# -- the file -------------------------------------------------------------------------------------------------------------


def test_the_folder_is_that_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PUBLISHER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept.folder().name == "publisher"


def test_nobody_else_may_read_what_is_kept(server: Server, folder: Path) -> None:
    get(server)
    assert folder.stat().st_mode & 0o077 == 0


def test_the_oldest_goes_when_there_is_too_much(server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 300_000)
    monkeypatch.setattr(kept, "_IN_USE", -1)
    for number in range(20):
        server.answers[f"/page{number}"] = answer(random.Random(number).randbytes(50_000), Cache_Control="max-age=60")
        get(server, f"/page{number}")
    assert folder.joinpath("private.db").stat().st_size < 600_000
    get(server, "/page19")
    get(server, "/page0")
    assert server.paths[20:] == ["/page0"]


def test_a_large_answer_is_not_kept(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_LARGEST", 1000)
    server.answers["/page"] = answer(BODY, Cache_Control="max-age=60")
    assert [get(server), get(server)] == [BODY] * 2
    assert len(server.asked) == 2


def fill(server: Server, folder: Path) -> Path:
    """Keep some answers; return the file in which they are."""
    for number in range(10):
        server.answers[f"/page{number}"] = answer(BODY, Cache_Control="max-age=60", ETag=f'"{number}"')
        get(server, f"/page{number}")
    with sqlite3.connect(folder / "private.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder / "private.db"


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"no database",
        lambda _: b"",
        lambda body: body[: len(body) // 2],
        lambda body: body[:100] + bytes(len(body) - 100),
        lambda body: body[:4096] + random.Random(1).randbytes(len(body) - 4096),
        lambda body: body[: len(body) // 2] + random.Random(2).randbytes(len(body) - len(body) // 2),
    ],
    ids=["other", "empty", "half", "zeros", "random", "half-random"],
)
def test_a_damaged_file_does_no_harm_and_is_made_anew(
    server: Server, folder: Path, damage: object, capfd: pytest.CaptureFixture[str]
) -> None:
    path = fill(server, folder)
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))
    for _ in range(3):
        assert [get(server, f"/page{number}") for number in range(10)] == [BODY] * 10
    before = len(server.asked)
    assert [get(server, f"/page{number}") for number in range(10)] == [BODY] * 10
    assert len(server.asked) == before
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("packing", ["identity", "gzip"])
@pytest.mark.parametrize("kind", ["BLOB", "TEXT"])
def test_bytes_that_have_become_others_are_noticed(server: Server, folder: Path, packing: str, kind: str) -> None:
    body = BODY if packing == "identity" else gzip.compress(BODY)
    server.answers["/page"] = answer(body, Content_Encoding=packing, Cache_Control="max-age=60", ETag='"a"')
    get(server)
    connection = sqlite3.connect(folder / "private.db")
    with connection:
        connection.execute(f"UPDATE streams SET chunk_data = CAST(substr(chunk_data, 1, 40) || x'58' || substr(chunk_data, 42) AS {kind})")
    connection.close()
    assert [get(server), get(server), get(server)] == [BODY] * 3
    assert len(server.asked) == 3


def test_a_file_of_another_kind_is_made_anew(server: Server, folder: Path) -> None:
    folder.mkdir()
    with sqlite3.connect(folder / "private.db") as connection:
        connection.execute("CREATE TABLE entries (something)")
    connection.close()
    server.answers["/page"] = answer(BODY, Cache_Control="max-age=60")
    assert [get(server), get(server), get(server)] == [BODY] * 3
    assert len(server.asked) < 3


def test_a_folder_that_cannot_be_written_to_is_done_without(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder.write_bytes(b"a file in the way")
    assert get(server) == BODY
    monkeypatch.setenv("PUBLISHER_CACHE", "/proc/nowhere")
    assert get(server) == BODY
    assert capfd.readouterr().err == ""


def test_a_file_that_another_program_holds_is_done_without(server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_PATIENCE", 0.01)
    folder.mkdir()
    connection = sqlite3.connect(folder / "private.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    assert get(server) == BODY
    connection.execute("CREATE TABLE theirs (something)")
    connection.execute("COMMIT")
    connection.close()


HEADERS = ["Cache-Control", "Expires", "Date", "Age", "ETag", "Last-Modified", "Vary", "Content-Type", "Pragma", "Warning", "Retry-After"]
ODD = st.one_of(
    st.sampled_from(
        ["max-age=" + "9" * 500, "max-age=-1", "max-age=", "=,;=", '"', 'no-cache="', "no-cache=\x01", "Sun, 06 Nov 99999 08:49:37 GMT"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
)


@settings(max_examples=60)
@given(headers=st.lists(st.tuples(st.sampled_from(HEADERS), ODD), max_size=6), status=st.sampled_from([200, 301, 304, 404, 500]))
def test_whatever_a_server_says_is_an_answer_or_a_problem(odd: Server, headers: list[tuple[str, str]], status: int) -> None:
    def write(asked: Asked) -> None:
        asked.send_response_only(status)
        for name, value in [*headers, ("Content-Length", "0")]:
            asked.send_header(name, value)
        asked.end_headers()

    odd.answers["/odd"] = write
    for _ in range(2):
        ((_, found),) = fetch.get_each([odd("/odd")], private=True, robots=False, bounds=Bounds(pause=0, retry_after=0))
        if isinstance(found, PublisherError):
            assert found.problems[0].code in ("fetch-failed", "fetch-refused", "fetch-redirects")


@pytest.fixture(scope="module")
def odd() -> Iterator[Server]:
    with serving({}) as running:
        yield running


def test_the_command_line_can_ask_anew(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.answers["/page"] = answer(b"# A note\n\nIt rained.", Content_Type="text/plain", Cache_Control="max-age=60")
    for _ in range(2):
        assert cli.main(["show", server("/page"), "--allow-private"]) == 0
    assert server.paths == ["/page"]
    assert cli.main(["show", server("/page"), "--allow-private", "--no-cache"]) == 0
    assert server.paths == ["/page"] * 2
    assert capsys.readouterr().out.count("It rained.") == 3
