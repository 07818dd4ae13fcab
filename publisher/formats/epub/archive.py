"""ZIP files: ours, the same bytes every time; those of strangers, looked at before anything in them is believed.

Open Container Format, EPUB 3.3, 4 (https://www.w3.org/TR/epub-33/#sec-ocf).
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from publisher.problems import Severity, Unreadable, problem

__all__ = ["CONTAINER", "MIMETYPE", "Archive", "Packer"]

MIMETYPE = b"application/epub+zip"
CONTAINER = "META-INF/container.xml"
_SPEC = "https://www.w3.org/TR/epub-33/#sec-ocf"
_SQUEEZED = (".jpg", ".png", ".gif", ".mp3", ".m4a", ".opus")
"""What is compressed already: deflating it again took half of the time for a book with pictures and saved nothing."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP file can name."""
_LEVEL = 6
_MOST_MEMBERS = 50_000
_MOST_BYTES = 1_000_000_000
_MOST_RATIO = 100
"""Deflate makes at most 1032 to 1; our fullest books reach 40."""
_SMALL = 50_000_000
"""Bytes that may come out whatever the ratio is."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""All that a container may use (EPUB 3.3, 4.2.6.2)."""
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, OverflowError)
_UNSAFE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|\x00|\\")


class Packer:
    """What `EbookLib` writes into in the place of a `ZipFile`: its members stand in the archive in one fixed order.

    `mimetype` is first and stored (EPUB 3.3, 4.2.6.3). What is added comes next, as it comes, so that pictures are in memory once;
    the rest at the end, by name. The directory, which is what programs list, has the container and then all by name.
    """

    def __init__(self) -> None:
        self._out = BytesIO()
        self._zip = zipfile.ZipFile(self._out, "w")
        self._members: dict[str, bytes] = {}
        self._added: set[str] = set()
        self.add("mimetype", MIMETYPE)

    @property
    def size(self) -> int:
        """How many bytes the archive has already."""
        return self._out.tell()

    def writestr(self, name: str, data: bytes | str) -> None:
        """Keep a member, unless it was added: EbookLib asks for every item of the book."""
        if name not in self._added:
            self._members[name] = data.encode() if isinstance(data, str) else data

    def add(self, name: str, data: bytes) -> None:
        """Add a member that says nothing about when and where it was made."""
        member = zipfile.ZipInfo(name, _EPOCH)
        member.create_system = 3  # Unix, wherever this runs
        member.external_attr = 0o644 << 16
        stored = name == "mimetype" or name.endswith(_SQUEEZED)
        self._zip.writestr(member, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED, None if stored else _LEVEL)
        self._added.add(name)

    def pack(self) -> bytes:
        """Return the archive; nothing can be put in afterwards."""
        for name in sorted(self._members, key=_place):
            self.add(name, self._members.pop(name))
        self._zip.filelist.sort(key=lambda each: _place(each.filename))
        self._zip.close()
        packed = self._out.getvalue()
        self._out.close()
        return packed


def _place(name: str) -> tuple[bool, bool, str]:
    return name != "mimetype", name != CONTAINER, name


class Archive:
    """A stranger's ZIP file that can do no harm; raises `Unreadable` when it could, or is none."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        try:
            self._zip = zipfile.ZipFile(BytesIO(body))
            self.members = self._zip.infolist()
        except _BROKEN:
            raise _unreadable("epub-not-a-zip", "this is not a whole ZIP file", "check that the file is complete") from None
        _refuse_harmful(self.members, len(body))
        self.names = {each.filename: each for each in self.members}

    def read(self, name: str) -> bytes:
        """Return a member's bytes; raise `KeyError` when there is none, and `Unreadable` when it is damaged."""
        member = self.names[name]
        try:
            if member.compress_type in _METHODS:
                return self._zip.read(member)
        except _BROKEN:
            pass
        hint = "get the file anew; one with copy protection cannot be read"
        raise _unreadable("epub-damaged", f"{name!r} cannot be unpacked", hint)

    def damaged(self) -> Iterator[str]:
        """Yield the names of the members that cannot be unpacked."""
        for name in self.names:
            try:
                self.read(name)
            except Unreadable:
                yield name


def _refuse_harmful(members: list[zipfile.ZipInfo], size: int) -> None:
    """Raise `Unreadable` for what is made to fill the memory or to be unpacked where it does not belong."""
    total = sum(each.file_size for each in members)
    if len(members) > _MOST_MEMBERS or total > _MOST_BYTES or total > max(_SMALL, _MOST_RATIO * size):
        message = f"this ZIP file unpacks to {total} bytes in {len(members)} files"
        raise _unreadable("epub-too-big", message, "check where it comes from")
    if unsafe := next((each.filename for each in members if _UNSAFE.search(each.filename)), None):
        raise _unreadable("epub-unsafe-name", f"{unsafe!r} is a file outside the book", "check where it comes from")


def _unreadable(code: str, message: str, hint: str) -> Unreadable:
    return Unreadable(problem(code, Severity.ERROR, message, hint=hint, spec=_SPEC))
