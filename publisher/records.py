"""What builds remember from one to the next: values by kind and key, in one SQLite file, each sealed.

All of it can be had again. What is damaged, or was sealed by somebody else, counts as not there: values may be pickles, and a
stranger's folder must not bring its own. With `files`, `fetch` and `post` this is the edge of the house.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from itertools import chain
from pathlib import Path

__all__ = ["Records", "kept", "opened", "secret"]

_SEAL = 16
"""Bytes of a seal."""
_AT_ONCE = 500
"""Keys in one question: SQLite takes 999 in its older versions."""
_TOGETHER = 1 << 20
"""Bytes of values that are written at once: of what each writing replaces a journal is kept meanwhile."""
_WAIT = 5.0
"""Seconds for another build to finish writing; then it is done without."""
_IS_PART = "kind = ? AND key >= ? AND key < ?"
"""Which rows have parts of a long value, or all of it, as those of earlier versions."""
_TABLE = "CREATE TABLE record (kind TEXT, key TEXT, value BLOB, PRIMARY KEY (kind, key))"
"""Its keys are in an index apart: `WITHOUT ROWID` rows of a few thousand bytes would make a deep tree, with four on each page."""
_MAKE = _TABLE.replace("TABLE", "TABLE IF NOT EXISTS")
_SCHEMA = [(_TABLE,), (None,)]
"""The table, and the index that is of it."""


class Records:
    """Values by kind and key; what cannot be read or kept is done without."""

    def __init__(self, database: sqlite3.Connection | None = None, key: bytes = b"") -> None:
        self.damaged = False
        """Whether more than a value was not readable, so that the whole had better be made anew."""
        self._database = database
        self._key = key

    def every(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield all values of a kind with their keys, in the order of the keys."""
        yield from self._found("SELECT key, value FROM record WHERE kind = ? ORDER BY key", kind)

    def keys(self, kind: str) -> Iterator[str]:
        """Yield the keys of all values of a kind, also of those that cannot be read."""
        if self._database is None:
            return
        with suppress(sqlite3.Error):
            yield from (key for (key,) in self._database.execute("SELECT key FROM record WHERE kind = ?", (kind,)))

    def some(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return those values of a kind that are there, by their keys."""
        wanted, found = [*keys], dict[str, bytes]()
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            found.update(self._found(f"SELECT key, value FROM record WHERE kind = ? AND key IN ({marks})", kind, *part))  # noqa: S608
        return found

    def get(self, kind: str, key: str) -> bytes | None:
        """Return one value, `None` when it is not there."""
        return self.some(kind, (key,)).get(key)

    def get_long(self, kind: str, key: str) -> bytes:
        """Return one value that was kept in parts, nothing when it is not there, or not whole."""
        found = dict(self._found(f"SELECT key, value FROM record WHERE {_IS_PART} ORDER BY key", kind, *_between(key)))  # noqa: S608
        is_whole = [*found] == [_part(key, number) for number in range(len(found))] and b"" in found.values()
        return b"".join(found.values()) if is_whole else b""

    def keep(self, kind: str, values: Mapping[str, bytes], gone: Iterable[str] = ()) -> bool:
        """Keep values, and forget those with keys that are `gone`: all of it or, when that cannot be, nothing; return whether it was."""
        return self._replace(kind, values.items(), "DELETE FROM record WHERE kind = ? AND key = ?", ((kind, key) for key in gone))

    def keep_each(self, kind: str, values: Iterable[tuple[str, bytes]], gone: Iterable[str] = ()) -> bool:
        """Keep values as they come, a megabyte at a time, so that other builds need not wait; then forget those with keys that are `gone`,
        which are others. Return whether all of it was; what was written before something failed stays.
        """
        waiting, size, done = dict[str, bytes](), 0, True
        for key, value in values:
            waiting[key] = value
            size += len(value)
            if size >= _TOGETHER:
                done = self.keep(kind, waiting) and done
                waiting, size = {}, 0
        return self.keep(kind, waiting, gone) and done

    def keep_long(self, kind: str, key: str, parts: Iterable[bytes], gone: Iterable[str] = ()) -> bool:
        """Keep one value in parts, of which each is written before the next is made, and forget other ones of that kind; as `keep`.

        Behind the last part is an empty one.
        """
        rows = ((_part(key, number), part) for number, part in enumerate(chain(filter(None, parts), (b"",))))
        return self._replace(kind, rows, f"DELETE FROM record WHERE {_IS_PART}", ((kind, *_between(each)) for each in (key, *gone)))  # noqa: S608

    def _replace(self, kind: str, new: Iterable[tuple[str, bytes]], delete: str, gone: Iterable[tuple[str, ...]]) -> bool:
        if self._database is None:
            return False
        rows = ((kind, key, self._seal(kind, key, value) + value) for key, value in new)
        try:
            with self._database:
                self._database.executemany(delete, gone)
                self._database.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", rows)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self._note(error)
            return False
        return True

    def _found(self, question: str, kind: str, *keys: str) -> Iterator[tuple[str, bytes]]:
        if self._database is None:
            return
        try:
            for key, sealed in self._database.execute(question, (kind, *keys)):
                value = sealed[_SEAL:]
                if hmac.compare_digest(sealed[:_SEAL], self._seal(kind, key, value)):
                    yield key, value
        except (sqlite3.Error, TypeError, ValueError) as error:
            self._note(error)

    def _note(self, error: Exception) -> None:
        """Note that the file is damaged when that is why: a disk that is full or another build's lock are no reason to make it anew."""
        is_of_file = isinstance(error, (sqlite3.DatabaseError, UnicodeDecodeError))
        self.damaged |= is_of_file and not isinstance(error, sqlite3.OperationalError)

    def _seal(self, kind: str, key: str, value: bytes) -> bytes:
        found = blake2b(f"{len(kind)} {kind}{key}\0".encode(errors="surrogateescape"), key=self._key, digest_size=_SEAL)
        found.update(value)  # which may be large: not copied for this
        return found.digest()


def _part(key: str, number: int) -> str:
    return f"{key} {number:08}"


def _between(key: str) -> tuple[str, str]:
    """Return from which key on, and before which one, those of all parts are."""
    return key, f"{key}!"


@contextmanager
def opened(path: Path, key: bytes) -> Iterator[Records]:
    """Give what is kept in a file, made when there is none; nothing when it cannot be opened. `key` is that of `secret`."""
    try:
        database = _database(path) if key else None
    except (sqlite3.Error, OSError):
        database = None
    if database is None:
        yield Records()
        return
    found = Records(database, key)
    with closing(database):
        yield found
        with suppress(sqlite3.Error):
            database.execute("PRAGMA journal_mode = DELETE")  # and the journal with it
    if found.damaged:
        path.unlink(missing_ok=True)


@contextmanager
def kept(path: Path | None, user: Path) -> Iterator[Records]:
    """Give what is kept in a file, where there is a place for one; the key is in a folder of the `user`."""
    if path is None:
        yield Records()
        return
    with opened(path, secret(user)) as found:
        yield found


def _database(path: Path) -> sqlite3.Connection:
    try:
        return _connected(path)
    except sqlite3.OperationalError:  # a folder that may not be written to, another build: it is no less whole for that
        raise
    except (
        sqlite3.DatabaseError,
        UnicodeDecodeError,
    ):  # damaged, or another; Python 3.13 decodes what SQLite says of it
        path.unlink()
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    # Used by one thread alone, and perhaps closed by another: the collector of garbage runs in those of fsspec and Dask, too.
    database = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False)
    try:
        # A process that is killed leaves the file whole all the same; after a power cut it may be damaged, and is made anew.
        database.execute("PRAGMA synchronous = OFF")
        # Else each of a large site's hundreds of writes makes a file and takes it away again, which costs more than what is written.
        database.execute("PRAGMA journal_mode = TRUNCATE")
        database.execute(_MAKE)
        database.commit()
        # A stranger's file may have a view of that name, which is asked without end, or triggers.
        if database.execute("SELECT sql FROM sqlite_master LIMIT 3").fetchall() != _SCHEMA:
            raise sqlite3.DatabaseError
    except BaseException:
        database.close()
        raise
    return database


def secret(folder: Path) -> bytes:
    """Return the key of this user's seals, made at the first time and kept in a folder of the user's; empty when that cannot be."""
    path = folder / "seal"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(2):
            with suppress(FileExistsError):
                _written(path, secrets.token_bytes(32))
            if len(found := path.read_bytes()) == 32:
                return found
            path.unlink()  # damaged: nothing that was sealed with it can be told from what is not
    return b""


def _written(path: Path, key: bytes) -> None:
    """Write a key for its owner alone, whole or not at all; raise `FileExistsError` when there is one."""
    if path.exists():
        raise FileExistsError(path)
    own = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(key)
        os.link(own, path)  # fails where another process was first
    finally:
        own.unlink()
