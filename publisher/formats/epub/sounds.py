"""Recordings as every reading system plays them (EPUB 3.3, 3.2): known by their bytes, and nothing told about them.

What is played stays byte for byte. Gone are titles, comments, pictures and places, which telephones write into recordings: the tags of
MP3 (ID3v1; ID3v2.4, https://id3.org/id3v2.4.0-structure; APEv2; Lyrics3), of MP4 the boxes for what users say (ISO/IEC 14496-12,
8.10.1, 8.11 and 11.1), and the comments of Opus (RFC 7845, 5.2). In MP4 and Opus they are overwritten where they are, so that
nothing else moves: the places of all samples are in the file, too. Read 2026-11-26.

Deviations: a track beside the sound, such as one of chapters, stays; one with places over time would, but only films have been seen
to have it, and these are in no book.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from publisher.formats.epub.segments import Unfit

__all__ = ["Recording", "recording_from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Sound in a form that every reading system plays."""

    data: bytes
    media_type: str


_HANDLER = re.compile(rb"hdlr.{8}(soun|vide)", re.DOTALL)  # ISO/IEC 14496-12, 8.4.3


def recording_from(data: bytes) -> Recording:
    """Return the sound with its core media type, found in its bytes; raise `Unfit` when it has none or is damaged."""
    if (frames := _frames(data)) is not None:
        return Recording(data=frames, media_type="audio/mpeg")
    if data[4:8] == b"ftyp" and b"mp4a" in data and set(_HANDLER.findall(data)) == {b"soun"}:
        return Recording(data=_without_user_data(data), media_type="audio/mp4")
    if data[:4] == b"OggS" and data[28:36] == b"OpusHead":
        return Recording(data=_without_comments(data), media_type="audio/ogg; codecs=opus")
    raise Unfit("it is no sound, or none that every reader for books plays")


# -- MP3 ------------------------------------------------------------------------------------------------------------------

_ID3, _APE, _ID3V1 = 10, 32, 128
"""Bytes before what a tag holds, of ID3v2 and of APEv2, and of all of ID3v1."""
_FILL = re.compile(rb"\0{0,4096}")
_MOST_TAGS = 100


def _frames(data: bytes) -> bytes | None:
    """Return the frames of an MP3 without the tags around them, `None` when none of layer III is where the first should be."""
    start, end = 0, len(data)
    for _ in range(_MOST_TAGS):
        if not (size := _size_before(data, start)):
            break
        start += size
    found = _FILL.match(data, start)
    start = found.end() if found and start else start
    if len(data) < start + 2 or data[start] != 0xFF or data[start + 1] & 0xE6 != 0xE2:
        return None
    for _ in range(_MOST_TAGS):
        if not (size := _size_after(data, end)):
            break
        end = max(end - size, start)
    return data[start:end]


def _size_before(data: bytes, start: int) -> int:
    """Return how many bytes the tag has that begins at a place, 0 when none does."""
    if data[start : start + 3] == b"ID3" and len(data) > start + _ID3:
        return _id3_size(data[start : start + _ID3])
    if data[start : start + 8] == b"APETAGEX" and len(data) > start + _APE:
        return _APE + int.from_bytes(data[start + 12 : start + 16], "little")
    return 0


def _size_after(data: bytes, end: int) -> int:
    """Return how many bytes the tag has that ends at a place, 0 when none does."""
    if data[end - _ID3V1 : end - _ID3V1 + 3] == b"TAG" and end >= _ID3V1:
        return _ID3V1
    if data[end - 227 : end - 223] == b"TAG+" and end >= 227:
        return 227
    if data[end - 9 : end] == b"LYRICS200" and data[end - 15 : end - 9].isdigit():
        return 15 + int(data[end - 15 : end - 9])
    if data[end - _ID3 : end - 7] == b"3DI" and end >= _ID3:
        return _id3_size(data[end - _ID3 : end])
    if data[end - _APE : end - 24] == b"APETAGEX" and end >= _APE:
        size, flags = struct.unpack("<I4xI", data[end - 20 : end - 8])
        return int(size) + (_APE if flags >> 31 else 0)
    return 0


def _id3_size(head: bytes) -> int:
    """Return how many bytes a tag has, with its head and the foot that it may have (3.1 and 3.4)."""
    size = sum((each & 0x7F) << 7 * place for place, each in enumerate(reversed(head[6:10])))
    return size + _ID3 * (2 if head[5] & 0x10 else 1)


# -- MP4 ------------------------------------------------------------------------------------------------------------------

_BOXES = frozenset((b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf", b"udta", b"meta"))
"""Boxes with nothing but boxes inside."""
_SAYING = frozenset((b"udta", b"meta"))
"""Those for what anybody says about the recording; only what kind of thing that would be stays in them."""
_TOLD = frozenset((b"uuid", b"free", b"skip", b"pnot"))
"""Boxes for what is told by others, and for what was left where something else had been."""
_MOST_BOXES = 20_000


def _without_user_data(data: bytes) -> bytes:
    """Return the file with such boxes free, in the place and of the size that they had."""
    out = bytearray(data)
    waiting, seen = [(b"", 0, len(data))], 0
    while waiting:
        around, at, until = waiting.pop()
        for kind, start, inside, end in _boxes(data, at, until):
            seen += 1
            if end > inside and (kind in _TOLD or (around in _SAYING and kind not in (b"meta", b"hdlr"))):
                out[start + 4 : start + 8] = b"free"
                out[inside:end] = bytes(end - inside)
            elif kind in _BOXES:
                is_full = kind == b"meta" and data[inside + 4 : inside + 8] != b"hdlr"  # not so in QuickTime
                waiting.append((kind, inside + 4 * is_full, end))
        if seen > _MOST_BOXES:
            raise Unfit("it has too many parts")
    return bytes(out)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield kind, beginning, beginning of the content, and end of each box (4.2); the last may be shorter than it says."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        inside = at + 8
        if size == 1 and at + 16 <= end:
            size, inside = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        size = size or end - at
        if size < inside - at:
            raise Unfit("it is damaged")
        yield kind, at, inside, min(at + size, end)
        at += size


# -- Opus -----------------------------------------------------------------------------------------------------------------

_HEAD = 27
"""Bytes of a page before its table of segments (RFC 3533, 6)."""
_VENDOR = b"publisher"
_NO_COMMENTS = b"OpusTags" + struct.pack("<I", len(_VENDOR)) + _VENDOR + bytes(4)


_MIRRORED = bytes(int(f"{each:08b}"[::-1], 2) for each in range(256))


def _without_comments(data: bytes) -> bytes:
    """Return the file with nothing in the second packet; what is left of its length are zeros, which say that they mean nothing."""
    out, fresh = bytearray(data), _NO_COMMENTS
    at = _page(data, 0)[1]
    while True:
        inside, end = _page(data, at)
        table = data[at + _HEAD : inside]
        lacing = next((number for number, each in enumerate(table) if each < 255), len(table) - 1)
        size = sum(table[: lacing + 1])
        out[inside : inside + size] = fresh[:size].ljust(size, b"\0")
        fresh = fresh[size:]
        _sign(out, at, end)
        if not table or table[lacing] < 255:
            break
        at = end
    if fresh:
        raise Unfit("it is damaged")
    return bytes(out)


def _page(data: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the page at a place begins, and where the page ends."""
    if data[at : at + 4] != b"OggS" or len(data) < at + _HEAD:
        raise Unfit("it is damaged")
    inside = at + _HEAD + data[at + 26]
    end = inside + sum(data[at + _HEAD : inside])
    if end > len(data):
        raise Unfit("it is damaged")
    return inside, end


def _sign(out: bytearray, at: int, end: int) -> None:
    """Write the checksum of a page: that of ZIP with all bits the other way round, and without the ones that this begins with."""
    out[at + 22 : at + 26] = bytes(4)
    crc = zlib.crc32(out[at:end].translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    out[at + 22 : at + 26] = crc.to_bytes(4, "big").translate(_MIRRORED)
