"""The ZIP file that a book is: the same bytes every time.

Open Container Format, EPUB 3.3, 4 (https://www.w3.org/TR/epub-33/#sec-ocf). Members are deflated by libdeflate, which the package
`deflate` brings along: the same release gives the same bytes on every machine, which zlib, of which each system has another one,
does not; and it takes half of the time.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from deflate import deflate_compress

__all__ = ["CONTAINER", "MIMETYPE", "Packer"]

MIMETYPE = b"application/epub+zip"
CONTAINER = "META-INF/container.xml"
_SQUEEZED = (".jpg", ".png", ".gif", ".mp3", ".m4a", ".opus")
"""What is compressed already: deflating it again took half of the time for a book with pictures and saved nothing."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP file can name."""
_LEVEL = 1
"""Of libdeflate: 3 to 5 % larger than level 6, in half of its time; pictures, most of what a book has, are not deflated at all."""


class Packer:
    """What `EbookLib` writes into in the place of a `ZipFile`: its members stand in the archive in one fixed order.

    `mimetype` is first and stored (EPUB 3.3, 4.2.6.3). Pages and pictures come next, as they are added, so that none is in memory twice;
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
        packed: bytes | bytearray = data
        if name != "mimetype" and not name.endswith(_SQUEEZED):
            member.compress_type, packed = zipfile.ZIP_DEFLATED, deflate_compress(data, _LEVEL)
        member.CRC, member.file_size, member.compress_size = zlib.crc32(data), len(data), len(packed)
        self._append(member, packed)

    def _append(self, member: zipfile.ZipInfo, packed: bytes | bytearray) -> None:
        """Do what `ZipFile.writestr` does, which takes only what it deflates itself (CPython 3.11 to 3.14)."""
        member.header_offset = self._out.tell()
        self._out.write(member.FileHeader())
        self._out.write(packed)
        self._zip.filelist.append(member)
        self._zip.start_dir = self._out.tell()
        self._added.add(member.filename)

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
