"""What builds remember: kept, sealed, and never more than a help."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher import records

KEY = b"k" * 32


def kept(path: Path, key: bytes = KEY) -> dict[str, bytes]:
    with records.opened(path, key) as found:
        return dict(found.every("article"))


def keep(path: Path, values: dict[str, bytes], key: bytes = KEY, *, gone: tuple[str, ...] = ()) -> None:
    with records.opened(path, key) as found:
        found.keep("article", values, gone)


def change_rows(path: Path, change: str) -> None:
    """Change one row as somebody does who has no key."""
    database = sqlite3.connect(path)
    with database:
        assert database.execute(change).rowcount == 1
    database.close()


def test_values_are_there_the_next_time(tmp_path: Path) -> None:
    keep(tmp_path / "r", {"b": b"2", "a": b"1", "caf\u00e9 '\"": b""})
    assert [*kept(tmp_path / "r").items()] == [("a", b"1"), ("b", b"2"), ("caf\u00e9 '\"", b"")]
    keep(tmp_path / "r", {"b": b"3"}, gone=("a", "never"))
    assert kept(tmp_path / "r") == {"b": b"3", "caf\u00e9 '\"": b""}


@pytest.mark.parametrize("start", [*range(3900, 4100, 13), 3947])
def test_a_file_that_is_damaged_anywhere_in_its_schema_is_made_anew(tmp_path: Path, start: int) -> None:
    """Python 3.13 cannot decode what SQLite says of some of them."""
    keep(tmp_path / "r", {"a": b"1"})
    body = (tmp_path / "r").read_bytes()
    (tmp_path / "r").write_bytes(body[:start] + b"\xff" * 64 + body[start + 64 :])
    keep(tmp_path / "r", {"b": b"2"})
    keep(tmp_path / "r", {"b": b"2"})
    assert kept(tmp_path / "r")["b"] == b"2"


def test_one_journal_serves_all_writes_and_is_gone_afterwards(tmp_path: Path) -> None:
    with records.opened(tmp_path / "r", KEY) as found:
        journals = set()
        for number in range(5):
            found.keep("article", {str(number): b"1"})
            journals.add((tmp_path / "r-journal").stat().st_ino)
        assert len(journals) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["r"]


def test_a_kind_knows_nothing_of_another(tmp_path: Path) -> None:
    with records.opened(tmp_path / "r", KEY) as found:
        found.keep("article", {"a": b"1"})
        found.keep("output", {"a": b"2"})
        assert (found.get("article", "a"), found.get("output", "a"), found.get("page", "a")) == (b"1", b"2", None)


def test_many_are_asked_for_at_once(tmp_path: Path) -> None:
    values = {f"{number:04}": b"%d" % number for number in range(1200)}
    with records.opened(tmp_path / "r", KEY) as found:
        found.keep("article", values)
        assert found.some("article", [*values, "none"]) == values


def test_a_long_value_is_kept_in_parts_of_which_each_is_written_before_the_next_is_made(tmp_path: Path) -> None:
    with records.opened(tmp_path / "r", KEY) as found:
        found.keep_long("census", "a", (b"%d" % number for number in range(12)))
        found.keep_long("census", "ab", [b"other", b"", b"one"])
        found.keep_long("frame", "a", [b"of another kind"])
        assert [found.get_long("census", each) for each in ("a", "ab", "b")] == [b"01234567891011", b"otherone", b""]
        found.keep_long("census", "a", [b"short"], gone=("ab", "never"))
        assert [found.get_long("census", each) for each in ("a", "ab")] == [b"short", b""]
        found.keep_long("census", "a", ())
        assert [found.get_long(kind, "a") for kind in ("census", "frame")] == [b"", b"of another kind"]


def test_values_that_come_one_after_the_other_are_written_some_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each writing makes and removes a journal; all of them in one would have to be in memory, or keep others waiting."""
    monkeypatch.setattr(records, "_TOGETHER", 10)
    seen: list[int] = []

    def values() -> Iterator[tuple[str, bytes]]:
        for number in range(5):
            seen.append(len(kept(tmp_path / "r")))
            yield str(number), b"%06d" % number

    keep(tmp_path / "r", {"old": b"1"})
    with records.opened(tmp_path / "r", KEY) as found:
        assert found.keep_each("article", values(), gone=iter(("old",)))
    assert seen == [1, 1, 3, 3, 5]
    assert kept(tmp_path / "r") == {str(number): b"%06d" % number for number in range(5)}
    with records.opened(tmp_path / "r", KEY) as found:
        assert found.keep_each("article", (), gone=("4",))
    assert [*kept(tmp_path / "r")] == ["0", "1", "2", "3"]


def test_values_that_come_one_after_the_other_and_cannot_be_kept_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_TOGETHER", 1)
    monkeypatch.setattr(records, "_WAIT", 0)
    keep(tmp_path / "r", {})
    with records.opened(tmp_path / "r", KEY) as found, sqlite3.connect(tmp_path / "r", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")

        def values() -> Iterator[tuple[str, bytes]]:
            yield "a", b"1"
            other.execute("COMMIT")
            yield "b", b"2"

        assert not found.keep_each("article", values())
        assert [*found.every("article")] == [("b", b"2")]
        assert not records.Records().keep_each("article", [("a", b"1")])


def test_what_an_earlier_version_has_kept_in_one_piece_goes(tmp_path: Path) -> None:
    with records.opened(tmp_path / "r", KEY) as found:
        found.keep("census", {"a": b"whole", "b": b"whole", "c": b"whole"})
        assert found.get_long("census", "a") == b""
        found.keep_long("census", "a", [b"part"], gone=("b",))
        assert sorted(found.keys("census")) == ["a 00000000", "a 00000001", "c"]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM record WHERE key LIKE '%0'",
        "DELETE FROM record WHERE key LIKE '%1'",
        "DELETE FROM record WHERE key LIKE '%2'",
        "UPDATE record SET value = value || x'00' WHERE key LIKE '%1'",
        "UPDATE record SET key = 'a 00000009' WHERE key LIKE '%1'",
    ],
)
def test_a_long_value_that_is_not_whole_is_not_there(tmp_path: Path, change: str) -> None:
    with records.opened(tmp_path / "r", KEY) as found:
        found.keep_long("census", "a", [b"one", b"two"])
    change_rows(tmp_path / "r", change)
    with records.opened(tmp_path / "r", KEY) as found:
        assert found.get_long("census", "a") == b""


def test_a_long_value_that_cannot_be_made_leaves_the_former_one(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    with records.opened(tmp_path / "r", KEY) as found:
        found.keep_long("census", "a", [b"whole"])
        with pytest.raises(KeyboardInterrupt):
            found.keep_long("census", "a", parts())
        assert found.get_long("census", "a") == b"whole"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record SET value = value || x'00'",
        "UPDATE record SET value = 'text'",
        "UPDATE record SET value = NULL",
        "UPDATE record SET value = x'00'",
        "UPDATE record SET key = 'b'",
        "UPDATE record SET kind = 'article' WHERE kind = 'other'",
    ],
)
def test_what_was_not_sealed_so_is_not_there(tmp_path: Path, change: str) -> None:
    with records.opened(tmp_path / "r", KEY) as found:
        found.keep("other" if "other" in change else "article", {"a": b"1"})
    change_rows(tmp_path / "r", change)
    assert kept(tmp_path / "r") == {}


def test_what_another_has_sealed_is_not_there(tmp_path: Path) -> None:
    keep(tmp_path / "r", {"a": b"1"}, b"x" * 32)
    assert kept(tmp_path / "r") == {}


@pytest.mark.parametrize("body", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_made_anew(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "r").write_bytes(body)
    keep(tmp_path / "r", {"a": b"1"})
    assert kept(tmp_path / "r") == {"a": b"1"}


def test_a_file_that_is_damaged_inside_is_made_anew(tmp_path: Path) -> None:
    values = {f"{number:04}": b"%d" % number * 500 for number in range(200)}
    keep(tmp_path / "r", values)
    body = bytearray((tmp_path / "r").read_bytes())
    body[8192:40960] = b"\xff" * (40960 - 8192)
    (tmp_path / "r").write_bytes(body)
    assert kept(tmp_path / "r") != values
    keep(tmp_path / "r", values)
    assert kept(tmp_path / "r") == values


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE record (kind)",
        "CREATE TABLE other (kind)",
        "CREATE TABLE record (kind TEXT, key TEXT, value BLOB, PRIMARY KEY (kind, key)) WITHOUT ROWID",  # that of before
        f"{records._TABLE}; CREATE INDEX more ON record (value)",
        f"{records._TABLE}; CREATE TRIGGER more AFTER INSERT ON record BEGIN DELETE FROM record; END",
        "CREATE VIEW record AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT 'article' kind, n key, n value FROM r",
    ],
)
def test_a_file_with_anything_else_in_it_is_made_anew(tmp_path: Path, schema: str) -> None:
    database = sqlite3.connect(tmp_path / "r")
    database.executescript(schema)
    database.close()
    keep(tmp_path / "r", {"a": b"1"})
    assert kept(tmp_path / "r") == {"a": b"1"}
    assert sqlite3.connect(tmp_path / "r").execute("SELECT sql FROM sqlite_master").fetchall() == records._SCHEMA


def test_a_file_in_which_nothing_can_be_kept_any_more_is_made_anew(tmp_path: Path) -> None:
    """Its table is whole, and the index of its keys is not."""
    keep(tmp_path / "r", {f"{number:04}": b"" for number in range(200)})
    database = sqlite3.connect(tmp_path / "r")
    (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE type = 'index'").fetchone()
    database.close()
    body = bytearray((tmp_path / "r").read_bytes())
    body[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    (tmp_path / "r").write_bytes(body)
    keep(tmp_path / "r", {"a": b"1"})
    assert kept(tmp_path / "r") == {}
    keep(tmp_path / "r", {"a": b"1"})
    assert kept(tmp_path / "r") == {"a": b"1"}


def test_a_trigger_goes_with_the_file(tmp_path: Path) -> None:
    keep(tmp_path / "r", {"a": b"1"})
    database = sqlite3.connect(tmp_path / "r")
    database.execute("CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END")
    database.close()
    keep(tmp_path / "r", {"b": b"2"})
    assert kept(tmp_path / "r") == {"b": b"2"}


def test_where_nothing_can_be_kept_it_is_done_without(tmp_path: Path) -> None:
    keep(tmp_path / "no such folder" / "r", {"a": b"1"})
    keep(tmp_path, {"a": b"1"})
    keep(tmp_path / "r", {"a": b"1"}, b"")
    assert not [*tmp_path.iterdir()]


def test_the_secret_stays_the_same_and_is_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "user" / "publisher"
    first = records.secret(folder)
    assert len(first) == 32
    assert records.secret(folder) == first != records.secret(tmp_path / "another")
    assert [(each.name, stat.S_IMODE(each.stat().st_mode)) for each in folder.iterdir()] == [("seal", 0o600)]


def test_processes_that_begin_at_once_have_one_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert len({*pool.map(records.secret, [tmp_path / "user"] * 9, chunksize=1)}) == 1


def test_a_secret_that_cannot_be_kept_seals_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert records.secret(tmp_path / "file") == b""


def test_a_damaged_secret_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "seal").write_bytes(b"short")
    found = records.secret(tmp_path)
    assert len(found) == 32
    assert records.secret(tmp_path) == found
