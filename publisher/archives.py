"""ZIP files of strangers: looked at before anything in them is believed.

APPNOTE.TXT 6.3.10 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT); Open Container Format, EPUB 3.3, 4.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from publisher.problems import Severity, Unreadable, problem

__all__ = ["Archive", "Limits", "directory", "looks_like"]

_BEGINNING = b"PK\x03\x04"
_END = b"PK\x05\x06"
_SMALL = 50_000_000
"""Bytes that may come out whatever the ratio is."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""All that a container may use (EPUB 3.3, 4.2.6.2)."""
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, OverflowError)
_UNSAFE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|\x00|\\")
_OCF = "https://www.w3.org/TR/epub-33/#sec-ocf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a stranger is read: what is larger is refused, not cut. The table `[limits]` of `publisher.toml`."""

    file: int = 100_000_000
    """Bytes of one file, page or answer; an archive may have five times as much."""
    members: int = 50_000
    """Files in one archive."""
    unpacked: int = 1_000_000_000
    """Bytes that all files of an archive have together."""
    ratio: int = 100
    """How many times larger an archive becomes; deflate makes at most 1032 to 1, and our fullest books reach 40."""


class Archive:
    """A stranger's ZIP file that can do no harm; raises `Unreadable` when it could, or is none.

    The codes of its problems begin with `kind`, the name of a format.
    """

    def __init__(self, body: bytes, kind: str = "epub", limits: Limits = Limits()) -> None:
        self.body = body
        self._kind = kind
        try:
            self._zip = zipfile.ZipFile(BytesIO(body))
            self.members = self._zip.infolist()
        except _BROKEN:
            raise self._unreadable("not-a-zip", "this is not a whole ZIP file", "check that the file is complete") from None
        self._refuse_harmful(limits)
        self.names = {each.filename: each for each in self.members}
        self._whole: set[str] = set()
        """What has been unpacked and had its checksum."""

    def read(self, name: str) -> bytes:
        """Return a member's bytes; raise `KeyError` when there is none, and `Unreadable` when it is damaged."""
        member = self.names[name]
        try:
            if member.compress_type in _METHODS:
                body = self._zip.read(member)
                self._whole.add(name)
                return body
        except _BROKEN:
            pass
        hint = "get the file anew; one with copy protection cannot be read"
        raise self._unreadable("damaged", f"{name!r} cannot be unpacked", hint)

    def damaged(self) -> Iterator[str]:
        """Yield the names of the members that cannot be unpacked."""
        for name in [each for each in self.names if each not in self._whole]:
            try:
                self.read(name)
            except Unreadable:
                yield name

    def _refuse_harmful(self, limits: Limits) -> None:
        """Raise `Unreadable` for what is made to fill the memory or to be unpacked where it does not belong."""
        total = sum(each.file_size for each in self.members)
        most = min(limits.unpacked, max(_SMALL, limits.ratio * len(self.body)))
        if len(self.members) > limits.members or total > most:
            message = f"this ZIP file unpacks to {total} bytes in {len(self.members)} files"
            raise self._unreadable("too-big", message, "check where it comes from")
        if unsafe := next((each.filename for each in self.members if _UNSAFE.search(each.filename)), None):
            raise self._unreadable("unsafe-name", f"{unsafe!r} is a file outside the archive", "check where it comes from")

    def _unreadable(self, code: str, message: str, hint: str) -> Unreadable:
        return Unreadable(problem(f"{self._kind}-{code}", Severity.ERROR, message, hint=hint, spec=_OCF if self._kind == "epub" else ""))


def looks_like(body: bytes) -> bool:
    """Return whether the bytes begin as a ZIP file does."""
    return body.startswith(_BEGINNING)


def directory(body: bytes) -> bytes:
    """Return the bytes at the end of a ZIP file that list its members (APPNOTE.TXT, 4.3.12), all of them when there is no end."""
    end = body.rfind(_END)
    if end < 0 or len(body) < end + 20:
        return body
    (size,) = struct.unpack_from("<I", body, end + 12)
    return body[max(end - size, 0) : end]
