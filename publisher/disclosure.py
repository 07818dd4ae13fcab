"""Pictures as they are published: not a pixel is another, but what cameras and programs have noted about them is gone.

Gone are where and when a picture was taken, the numbers of camera and lens, names of owners, thumbnails, XMP, IPTC, comments, and what
follows the end of the file, such as the film of a moving photograph or a gain map. What is needed to show it stays, byte for byte: the
orientation, colour profile, resolution, animation. So does the copyright notice of Exif, which says itself that it is to be told; other
rights belong into the article. Of films and recordings in MP4 only the place goes, XMP, and tracks that are neither pictures nor sound;
of a drawing (SVG) only what would run, since a page that is nothing but the drawing runs scripts as any other.

JPEG: ITU-T T.81, annex B; Exif 2.32 (CIPA DC-008), 4.6. PNG 3 (https://www.w3.org/TR/png-3/), 11. GIF89a, 24 to 27. WebP: RFC 9649, 2.
TIFF 6.0, 2 and 8. JPEG XL: ISO/IEC 18181-2, 9. AVIF, HEIF, MP4: ISO/IEC 14496-12, 8.6 to 8.11; ISO/IEC 23008-12, annex A.
XMP: ISO 16684-3 (Adobe's part 3 of 2020), 1.1. Read 2026-11-27.
"""

from __future__ import annotations

import re
import struct
import sys
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import cast

from publisher.formats.epub.segments import Unfit, segments
from publisher.markup import Element, parse_xml
from publisher.problems import Unreadable

__all__ = ["Unfit", "Unsafe", "is_unstyled", "published"]


class Unsafe(Unfit):
    """The drawing could run something, for all that can be told; the message says why."""


def published(body: bytes, name: str = "") -> bytes:
    """Return a file as it is published: a picture without what is told about it, anything else as it is.

    Servers and browsers go by the end of its `name`, and so whatever ends in `.svg` is a drawing, or nothing that is published.
    The same object comes back when there is nothing to take out.
    Raise `Unfit` for a picture that is too damaged to tell, and `Unsafe` for such a drawing.
    """
    make = _drawn if _is_drawing(body, name) else next((make for is_one, make in _KINDS if is_one(body)), None)
    made = make(body) if make else body
    return body if made == body else made


# -- Exif -----------------------------------------------------------------------------------------------------------------

_ORIENTATION, _COPYRIGHT = 0x0112, 0x8298
_SHORT, _ASCII = 3, 2
_MOST_ENTRIES, _MOST_NOTICE = 1000, 2000


def _kept_exif(exif: bytes) -> bytes:
    """Return Exif with no more than how the picture is turned and the copyright notice, `b""` when it says neither (TIFF 6.0, 2)."""
    turned, notice = _told(exif)
    fields = [(_ORIENTATION, _SHORT, 1, struct.pack(">HH", turned, 0))] if turned in range(2, 9) else []
    end = 8 + 2 + 12 * (len(fields) + bool(notice)) + 4
    if notice:
        fields.append((_COPYRIGHT, _ASCII, len(notice), notice.ljust(4, b"\0") if len(notice) <= 4 else struct.pack(">I", end)))
    entries = b"".join(struct.pack(">HHI4s", *each) for each in fields)
    return (
        b"MM\0*\0\0\0\x08" + struct.pack(">H", len(fields)) + entries + bytes(4) + (notice if len(notice) > 4 else b"") if fields else b""
    )


def _told(exif: bytes) -> tuple[int, bytes]:
    """Return orientation and copyright notice, with a null character at its end; 0 and `b""` when it does not say.

    What stands before a field that is cut off counts, as in browsers, and nothing does that does not begin as Exif.
    """
    turned, notice = 0, b""
    if exif[:4] not in (b"MM\0*", b"II*\0"):
        return turned, notice
    order = ">" if exif.startswith(b"MM") else "<"
    with suppress(struct.error):
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for number in range(min(count, _MOST_ENTRIES)):
            at = start + 2 + 12 * number
            tag, kind, length = struct.unpack_from(f"{order}HHI", exif, at)
            if (tag, kind, length) == (_ORIENTATION, _SHORT, 1):
                (turned,) = struct.unpack_from(f"{order}H", exif, at + 8)
            elif (tag, kind) == (_COPYRIGHT, _ASCII) and length <= _MOST_NOTICE:
                (place,) = struct.unpack_from(f"{order}I", exif, at + 8) if length > 4 else (at + 8,)
                notice = exif[place : place + length].rstrip(b" \0")
    return turned, notice + b"\0" if notice.strip(b" \0") else b""


# -- JPEG, PNG, GIF, WebP ----------------------------------------------------------------------------------------------------

_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_EXIF = b"Exif\0\0"


def _jpeg(body: bytes) -> bytes:
    try:
        return b"\xff\xd8" + b"".join(_kept_segment(code, segment) for code, segment in segments(body))
    except IndexError:
        raise Unfit("it is damaged") from None


def _kept_segment(code: int, segment: bytes) -> bytes:
    if code == _APP0 and segment.startswith(b"JFIF\0", 4) and len(segment) >= 18:
        return b"\xff\xe0\0\x10" + segment[4:16] + b"\0\0"  # without its thumbnail
    if code == _APP1 and segment.startswith(_EXIF, 4):
        exif = _kept_exif(segment[10:])
        return b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + _EXIF + exif if exif else b""
    if 0xE0 <= code <= 0xEF or code == 0xFE:
        is_shown = (code == _APP2 and segment.startswith(b"ICC_PROFILE\0", 4)) or (code == _APP14 and segment.startswith(b"Adobe", 4))
        return segment if is_shown else b""
    return segment


_PNG = b"\x89PNG\r\n\x1a\n"
_SHOWN_CHUNKS = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB cICP iCCP sBIT bKGD hIST pHYs sPLT mDCV cLLI acTL fcTL fdAT".split())


def _png(body: bytes) -> bytes:
    from zlib import crc32

    kept, at = [_PNG], len(_PNG)
    while at < len(body) and not kept[-1].startswith(b"IEND", 4):
        size, kind = _header(">I4s", body, at)
        chunk = body[at : at + size + 12]
        if kind == b"eXIf" and (exif := _kept_exif(chunk[8:-4])):
            kept.append(struct.pack(">I", len(exif)) + kind + exif + struct.pack(">I", crc32(kind + exif)))
        elif kind in _SHOWN_CHUNKS:
            kept.append(chunk)
        at += size + 12
    return b"".join(kept)


def _header(form: str, body: bytes, at: int) -> tuple[int, bytes]:
    try:
        return cast("tuple[int, bytes]", struct.unpack_from(form, body, at))
    except struct.error:
        raise Unfit("it is damaged") from None


_GIF_SHOWN = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_GIF_TRAILER, _GIF_IMAGE, _GIF_EXTENSION, _GIF_COMMENT, _GIF_APPLICATION = 0x3B, 0x2C, 0x21, 0xFE, 0xFF


def _gif(body: bytes) -> bytes:
    try:
        at = 13 + _table(body[10])
        kept = [body[:at]]
        while body[at] != _GIF_TRAILER:
            end = _blocks_end(body, at)
            is_told = body[at] == _GIF_EXTENSION and (
                body[at + 1] == _GIF_COMMENT or (body[at + 1] == _GIF_APPLICATION and body[at + 3 : at + 14] not in _GIF_SHOWN)
            )
            kept.append(b"" if is_told else body[at:end])
            at = end
    except IndexError:
        raise Unfit("it is damaged") from None
    return b"".join((*kept, b";"))


def _table(flags: int) -> int:
    """Return how many bytes a table of colours has."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(body: bytes, at: int) -> int:
    """Return where a picture or an extension ends; raise `IndexError` when it does not."""
    if body[at] == _GIF_IMAGE:
        at += 11 + _table(body[at + 9])
    elif body[at] == _GIF_EXTENSION:
        at += 2
    else:
        raise IndexError
    while body[at]:
        at += body[at] + 1
    return at + 1


_WEBP_SHOWN = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_PICTURES = frozenset((b"VP8 ", b"VP8L", b"ANMF"))
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
"""Flags of the chunk VP8X (RFC 9649, 2.7)."""


def _webp(body: bytes) -> bytes:
    size, _ = _header("<I4s", body, 4)
    chunks = list(_webp_chunks(body[: size + 8]))
    if size + 8 > len(body) + 1 or _WEBP_PICTURES.isdisjoint(kind for kind, _ in chunks):
        raise Unfit("it is damaged")
    exif = next((found for kind, content in chunks if kind == b"EXIF" and (found := _kept_exif(content.removeprefix(_EXIF)))), b"")
    kept = [
        (kind, _flagged(content, has_exif=bool(exif)) if kind == b"VP8X" else content) for kind, content in chunks if kind in _WEBP_SHOWN
    ]
    whole = b"".join(map(_webp_chunk, [*kept, (b"EXIF", exif)] if exif else kept))
    return b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WEBP" + whole


def _webp_chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(body):
        kind, (size, _) = body[at : at + 4], _header("<I0s", body, at + 4)
        if at + 8 + size > len(body):
            raise Unfit("it is damaged")
        yield kind, body[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _webp_chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, content = chunk
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _flagged(content: bytes, *, has_exif: bool) -> bytes:
    return bytes([content[0] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if has_exif else 0)]) + content[1:] if content else content


# -- TIFF: written anew from what shows it ---------------------------------------------------------------------------------------

_TIFF = (b"II*\0", b"MM\0*")
_BIG_TIFF = (b"II+\0", b"MM\0+")
_TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of one value of each type."""
_TIFF_SHOWN = frozenset((
    *range(254, 260), *range(262, 267), 273, 274, *range(277, 285), 286, 287, *range(290, 294), 296, 297, 301, *range(317, 326),
    332, 334, 336, *range(338, 343), 346, 347, *range(529, 533), _COPYRIGHT, 34675,
))  # fmt: skip
"""What says how a picture is to be shown, the notice of copyright, and the colour profile."""
_TIFF_PARTS = {273: 279, 324: 325}
"""Where strips or tiles are, and how many bytes each has."""
_TIFF_INSIDE = {330: "it has pictures inside pictures", 513: "it is a JPEG of the old kind"}
_MOST_PAGES = 1000
_Field = tuple[int, int, int, bytes]
"""Tag, type, count, and the values."""


def _tiff(body: bytes) -> bytes:
    if body.startswith(_BIG_TIFF):
        raise Unfit("it is a BigTIFF")
    order = ">" if body.startswith(b"MM") else "<"
    try:
        pages = list(_pages(body, order))
    except struct.error:
        raise Unfit("it is damaged") from None
    made, link = bytearray(body[:4] + bytes(4)), 4
    for fields, parts in pages:
        link = _put_page(made, link, order, fields, parts)
    return bytes(made)


class _Room:
    """How many bytes are left in a file whose parts do not lie over each other."""

    def __init__(self, size: int) -> None:
        self.left = size

    def take(self, size: int) -> None:
        """Take some of it; raise `Unfit` when there is less."""
        self.left -= size
        if self.left < 0:
            raise Unfit("its parts lie over each other")


def _pages(body: bytes, order: str) -> Iterator[tuple[list[_Field], list[bytes]]]:
    """Yield the fields of each page that say how to show it, and its strips or tiles."""
    (at,) = struct.unpack_from(f"{order}I", body, 4)
    seen, room = set[int](), _Room(len(body))
    while at:
        if at in seen or len(seen) >= _MOST_PAGES:
            raise Unfit("its pages go round in a circle, or are too many")
        seen.add(at)
        (count,) = struct.unpack_from(f"{order}H", body, at)
        room.take(12 * count)
        entries = [struct.unpack_from(f"{order}HHI4s", body, at + 2 + 12 * number) for number in range(count)]
        shown = {tag: (kind, length, value) for tag, kind, length, value in entries if _is_shown(tag)}
        fields = {tag: (tag, kind, length, _values(body, order, kind, length, value, room)) for tag, (kind, length, value) in shown.items()}
        yield [*fields.values()], _parts(body, order, fields, room)
        (at,) = struct.unpack_from(f"{order}I", body, at + 2 + 12 * count)


def _is_shown(tag: int) -> bool:
    if tag in _TIFF_INSIDE:
        raise Unfit(_TIFF_INSIDE[tag])
    return tag in _TIFF_SHOWN


def _values(body: bytes, order: str, kind: int, count: int, value: bytes, room: _Room) -> bytes:
    size = _TIFF_SIZES.get(kind, 0) * count
    room.take(size if size > 4 else 0)
    (place,) = struct.unpack(f"{order}I", value)
    found = value[:size] if size <= 4 else body[place : place + size]
    if not size or len(found) < size:
        raise Unfit("it is damaged")
    return found


def _parts(body: bytes, order: str, fields: dict[int, _Field], room: _Room) -> list[bytes]:
    found = next((each for each in _TIFF_PARTS.items() if fields.keys() >= {*each}), None)
    if not found:
        raise Unfit("it is damaged")
    places, sizes = (_numbers(order, fields[tag]) for tag in found)
    room.take(sum(sizes))
    parts = [body[place : place + size] for place, size in zip(places, sizes, strict=False)]
    if len(places) != len(sizes) or [*map(len, parts)] != sizes:
        raise Unfit("it is damaged")
    return parts


def _numbers(order: str, field: _Field) -> list[int]:
    _, kind, count, values = field
    if kind not in (_SHORT, _LONG):
        raise Unfit("it is damaged")
    return list(struct.unpack(f"{order}{count}{'H' if kind == _SHORT else 'I'}", values))


_LONG = 4


def _put_page(made: bytearray, link: int, order: str, fields: list[_Field], parts: list[bytes]) -> int:
    """Append one page, and say where `link` is that it is there; return where the next one is to be said."""
    places = []
    for each in parts:
        places.append(len(made))
        made += each + bytes(len(each) % 2)
    entries = []
    for tag, kind, count, values in sorted(fields):
        if tag in _TIFF_PARTS:
            kind, values = _LONG, struct.pack(f"{order}{count}I", *places)
        place = struct.pack(f"{order}I", len(made)) if len(values) > 4 else values.ljust(4, b"\0")
        made += values + bytes(len(values) % 2) if len(values) > 4 else b""
        entries.append(struct.pack(f"{order}HHI4s", tag, kind, count, place))
    struct.pack_into(f"{order}I", made, link, len(made))
    made += struct.pack(f"{order}H", len(entries)) + b"".join(entries) + bytes(4)
    return len(made) - 4


# -- JPEG XL -------------------------------------------------------------------------------------------------------------------

_JXL = b"\0\0\0\x0cJXL \r\n\x87\n"
_JXL_PICTURES = frozenset((b"jxlc", b"jxlp"))
_JXL_SHOWN = _JXL_PICTURES | {b"JXL ", b"ftyp", b"jxll", b"jxli"}
"""How it is turned, and its colours, are said in the picture itself. What would make the JPEG again that it was has notes, too."""


def _jxl(body: bytes) -> bytes:
    kept, begin, kinds = [], 0, set()
    for kind, _, end in _boxes(body, 0, len(body)):
        kinds.add(kind)
        kept.append(body[begin:end] if kind in _JXL_SHOWN else b"")
        begin = end
    if kinds.isdisjoint(_JXL_PICTURES):
        raise Unfit("it is damaged")
    return b"".join(kept)


# -- AVIF and HEIF, MP4: overwritten where it is, so that nothing else moves ---------------------------------------------------

_MOST_BOXES, _DEEPEST = 20_000, 10
_FILM, _TRACK, _HOLDERS = b"moov", b"trak", (b"trak", b"udta", b"ilst")
_NOTED = (b"\xa9xyz", b"loci", b"XMP_", b"uuid", b"free", b"skip")
"""Boxes that say where a film was made (of QuickTime, and of 3GPP, TS 26.244, 8.10), XMP, what is some program's own, leftovers."""
_SHOWN_UUIDS = frozenset(map(bytes.fromhex, ("ffcc8263f8554a938814587a02521fdd", "d08a4f1810f34a82b6c832d8aba183d3")))
"""How a film all around is to be shown, and how a protected one is opened."""
_NOTHING = bytes(4) + b"MM\0*\0\0\0\x08" + bytes(6)
"""Exif that says nothing, as an item of a picture."""


def _boxed(body: bytes) -> bytes:
    changed = bytearray(body)
    for kind, start, end in _boxes(body, 0, len(body)):
        for first, last in _notes(body, start, end) if kind == b"meta" else ():
            changed[first:last] = _NOTHING.ljust(last - first, b"\0")[: last - first]
        inside = _film_places(body, start, end) if kind == _FILM else _own(body, start + 4, end) if kind == b"meta" else ()
        for first, last in (*inside, *([(start, end)] if _is_noted(body, kind, start) else ())):
            # A box with a long size has that there.
            changed[first - 4 : first] = b"free" if body[first - 4 : first] in (*_NOTED, b"meta", b"----") else body[first - 4 : first]
            changed[first:last] = bytes(last - first)
        for first, last in _tracked(body, start, end) if kind == _FILM else ():
            changed[first:last] = bytes(last - first)
    return bytes(changed)


def _is_noted(body: bytes, kind: bytes, first: int) -> bool:
    return kind in _NOTED and not (kind == b"uuid" and body[first : first + 16] in _SHOWN_UUIDS)


def _own(body: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield beginning and end of the boxes right here that say what is not to be told."""
    yield from ((first, last) for kind, first, last in _boxes(body, start, end) if _is_noted(body, kind, first))


def _boxes(body: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, and beginning and end of the content, of each box."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        size, kind = _header(">I4s", body, start)
        head = 16 if size == 1 and start + 16 <= end else 8
        size = struct.unpack_from(">Q", body, start + 8)[0] if head == 16 else size or end - start
        if size < head or start + size > end:
            raise Unfit("it is damaged")
        yield kind, start + head, start + size
        start += size
    raise Unfit("it has more boxes than any film")


def _film_places(body: bytes, start: int, end: int, depth: int = _DEEPEST) -> Iterator[tuple[int, int]]:
    """Yield beginning and end of each box in a film that says where it was made, or what nobody who sees it needs."""
    if not depth:
        raise Unfit("its boxes are nested too deep")
    for kind, first, last in _boxes(body, start, end):
        if kind in _HOLDERS:
            yield from _film_places(body, first, last, depth - 1)
        elif _is_noted(body, kind, first) or _names_place(body, kind, first, last):
            yield first, last
        elif kind == b"meta":  # of QuickTime without version and flags
            yield from _film_places(body, first if body[first + 4 : first + 8] == b"hdlr" else first + 4, last, depth - 1)


def _names_place(body: bytes, kind: bytes, first: int, last: int) -> bool:
    """Return whether a list of keys of QuickTime has one of places, or a key of iTunes is one."""
    return (kind == b"meta" and body.find(b".location.", first, last) >= 0) or (kind == b"----" and bool(_PLACE.search(body, first, last)))


_PLACE = re.compile(rb"\blocation\b|\bgps", re.IGNORECASE)


def _tracked(body: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where in the file the samples are of tracks that are data: cameras note so where they were, second by second."""
    left = len(body)
    for kind, first, last in _boxes(body, start, end):
        found = _inner(body, first, last, b"mdia") if kind == _TRACK else None
        handler = _inner(body, *found, b"hdlr") if found else None
        if not found or not handler or body[handler[0] + 8 : handler[0] + 12] != b"meta":
            continue
        for begin, size in _samples(body, *found):
            left -= size
            if left < 0:
                raise Unfit("its parts lie over each other")
            yield begin, begin + size


def _inner(body: bytes, start: int, end: int, *path: bytes) -> tuple[int, int] | None:
    """Return beginning and end of the first box of a kind, in the first of another, and so on."""
    for name in path:
        found = next(((first, last) for kind, first, last in _boxes(body, start, end) if kind == name), None)
        if not found:
            return None
        start, end = found
    return start, end


def _samples(body: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield beginning and bytes of each chunk of a track, as its tables say (ISO/IEC 14496-12, 8.7.3 to 8.7.5)."""
    table = _inner(body, start, end, b"minf", b"stbl")
    boxes = {kind: first for kind, first, _ in _boxes(body, *table)} if table else {}
    try:
        places = _entries(body, boxes[b"stco"], "I") if b"stco" in boxes else _entries(body, boxes[b"co64"], "Q")
        runs = _entries(body, boxes[b"stsc"], "III")
        each, count = struct.unpack_from(">II", body, boxes[b"stsz"] + 4)
        sizes = array("I", b"" if each else _cut(body, boxes[b"stsz"] + 12, 4 * count))
    except (KeyError, struct.error):
        raise Unfit("it is damaged") from None
    if sys.byteorder == "little":
        sizes.byteswap()
    sample, run, ahead = 0, next(runs, None), next(runs, None)
    for number, (place,) in enumerate(places, 1):
        while ahead and ahead[0] <= number:
            run, ahead = ahead, next(runs, None)
        many = min(run[1] if run else 0, count - sample)
        size = each * many if each else sum(sizes[sample : sample + many])
        sample += many
        yield place, max(min(size, len(body) - place), 0)


def _entries(body: bytes, at: int, form: str) -> Iterator[tuple[int, ...]]:
    """Return the rows of a table, after its version and flags and their number."""
    (count,) = struct.unpack_from(">I", body, at + 4)
    return struct.iter_unpack(f">{form}", _cut(body, at + 8, count * struct.calcsize(f">{form}")))


def _cut(body: bytes, at: int, size: int) -> bytes:
    if at + size > len(body):
        raise Unfit("it is damaged")
    return body[at : at + size]


def _notes(body: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return where in the file the Exif and XMP of a picture are, as its table of items says (ISO/IEC 14496-12, 8.11.3 and 8.11.6)."""
    try:
        return list(_noted(body, start, end))
    except (IndexError, struct.error):
        raise Unfit("it is damaged") from None


def _noted(body: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    boxes = {kind: (first, last) for kind, first, last in _boxes(body, start + 4, end)}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return
    told = set(_told_items(body, *boxes[b"iinf"]))
    for item, method, first, last in _places(body, boxes[b"iloc"][0]):
        base = boxes.get(b"idat", (0, 0))[0] if method == 1 else 0
        if item in told and method in (0, 1) and first + base < last + base <= len(body):
            yield first + base, last + base


def _told_items(body: bytes, start: int, end: int) -> Iterator[int]:
    """Yield the numbers of the items that are Exif or, as `mime`, XMP."""
    at = start + (6 if body[start] == 0 else 8)
    for kind, first, _ in _boxes(body, at, end):
        if kind == b"infe" and body[first] in (2, 3):
            form, skip = (">H", 2) if body[first] == 2 else (">I", 4)
            (item,) = struct.unpack_from(form, body, first + 4)
            if body[first + 6 + skip : first + 10 + skip] in (b"Exif", b"mime"):
                yield item


def _places(body: bytes, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield number, method, beginning and end of each part of each item."""
    version = body[at]
    offsets, lengths, bases, indexes = body[at + 4] >> 4, body[at + 4] & 15, body[at + 5] >> 4, body[at + 5] & 15
    wide = version == 2
    (count,) = struct.unpack_from(">I" if wide else ">H", body, at + 6)
    at += 10 if wide else 8
    for _ in range(min(count, _MOST_BOXES)):
        (item,) = struct.unpack_from(">I" if wide else ">H", body, at)
        at += 4 if wide else 2
        method = 0
        if version:
            method = struct.unpack_from(">H", body, at)[0] & 15
            at += 2
        base = int.from_bytes(body[at + 2 : at + 2 + bases])
        (parts,) = struct.unpack_from(">H", body, at + 2 + bases)
        at += 4 + bases
        each = (indexes if version else 0) + offsets + lengths
        if parts > 1 and (not each or parts * each > len(body) - at):
            raise Unfit("it is damaged")
        for _ in range(parts):
            at += indexes if version else 0
            offset, length = int.from_bytes(body[at : at + offsets]), int.from_bytes(body[at + offsets : at + offsets + lengths])
            at += offsets + lengths
            yield item, method, base + offset, base + offset + length


# -- drawings ---------------------------------------------------------------------------------------------------------------

_RUNS = frozenset("script iframe object embed handler listener audio video base meta link".split())
_ADDRESSES = frozenset("href src action formaction data to from by values".split())
_SCHEME = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|data(?!:image/)):", re.IGNORECASE)
_SCHEME_OR_DRAWING = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|data(?!:image/(?!svg))):", re.IGNORECASE)
_SHOWN = frozenset(("image", "feImage"))
"""Elements that show another drawing as a picture, in which nothing runs; `use` makes it a part of this one."""
_DECLARED = re.compile(rb"<!(?:ATTLIST|ENTITY)|<\?xml-stylesheet")
"""What can run something and is in no tree: the parser leaves instructions out. Without null bytes UTF-16 and UTF-32 spell it so, too."""
_MOST_DRAWN = 20_000_000


def _drawn(body: bytes) -> bytes:
    """Return a drawing without what runs: as it is when nothing does, else written anew.

    Anything with a document type of its own, or told by an instruction how to be shown, is written anew: both can run something.
    """
    from lxml import etree

    if len(body) > _MOST_DRAWN:
        raise Unsafe(f"it is a drawing of more than {_MOST_DRAWN // 1_000_000} MB")
    try:
        root = parse_xml(body, entities=True)
    except Unreadable as error:
        raise Unsafe(f"it is a drawing, and {error.problems[0].message}") from None
    if str(root.tag).rpartition("}")[2] != "svg":
        raise Unsafe("it is no drawing")
    active = [each for each in root.iter() if isinstance(each.tag, str) and _is_active(each)]
    attributes = [
        (each, str(name)) for each in root.iter() for name, value in each.items() if _is_active_attribute(each, str(name), str(value))
    ]
    is_plain = not _DECLARED.search(body.replace(b"\0", b""))
    if not active and not attributes and is_plain:
        return body
    for each, name in attributes:
        del each.attrib[name]
    for each in active:
        if each.getparent() is None:
            raise Unsafe("it is no drawing")
        each.tag = "gone"
    etree.strip_elements(root, "gone", etree.Entity, with_tail=False)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def is_unstyled(body: bytes, made: bytes) -> bool:
    """Return whether a drawing has lost a style sheet that an instruction named."""
    plain = body.replace(b"\0", b"") if made is not body else b""
    return b"<?xml-stylesheet" in plain and b"<?xml-stylesheet" in _COMMENT.sub(b"", plain)


_COMMENT = re.compile(rb"<!--(?:(?!-->).)*+(?:-->)?", re.DOTALL)


def _is_active(element: Element) -> bool:
    """Return whether an element runs something, or could make an attribute that does."""
    name = str(element.tag).rpartition("}")[2].lower()
    changed = (element.get("attributeName") or "").lower().rpartition(":")[2]
    return name in _RUNS or changed == "href" or changed.startswith("on")


def _is_active_attribute(element: Element, name: str, value: str) -> bool:
    plain = name.rpartition("}")[2].lower()
    if plain.startswith("on") or plain == "srcdoc":
        return True
    address = re.sub(r"[\t\n\r]", "", value) if plain in _ADDRESSES else ""
    shown = str(element.tag).rpartition("}")[2] in _SHOWN
    return bool(_SCHEME.match(address) if shown else _SCHEME_OR_DRAWING.match(address))


_KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], bytes]], ...] = (
    (lambda body: body.startswith(b"\xff\xd8\xff"), _jpeg),
    (lambda body: body.startswith(_PNG), _png),
    (lambda body: body.startswith((b"GIF87a", b"GIF89a")), _gif),
    (lambda body: body.startswith(b"RIFF") and body.startswith(b"WEBP", 8), _webp),
    (lambda body: body.startswith((*_TIFF, *_BIG_TIFF)), _tiff),
    (lambda body: body.startswith(_JXL), _jxl),
    (lambda body: body.startswith(b"ftyp", 4), _boxed),
)


def _is_drawing(body: bytes, name: str) -> bool:
    """Return whether a browser may take a file for a drawing: by its name, and where that says nothing by what it begins with."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return ending == "svg" or (not ending and body.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"))
