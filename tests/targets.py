"""What writers are told beside the publication, for the laws: nothing, and all there is to tell."""

from __future__ import annotations

import struct
import zlib
from datetime import date

from publisher.formats import Alternate, Edition, Target, Writer

__all__ = ["targets"]


def _png(width: int, height: int) -> bytes:
    """Return a black picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + bytes(width)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


PICTURE = _png(12, 8)
SOUND = b"\xff\xfb\x90\x00" + bytes(413)  # one frame of silence: MPEG-1 layer III, 128 kbit/s, 44.1 kHz


def _at_hand(url: str) -> bytes | None:
    """Return the bytes behind some of the URLs that the strategies draw."""
    return PICTURE if url.endswith((".png", ".jpg")) else SOUND if url.endswith(".mp3") else None


def targets(module: Writer) -> tuple[Target, ...]:
    """Return the target that says nothing, one that says where, with what else, and gives the bytes of media; for books the one of Kobo."""
    where = f"https://lantern.example/{module.PATH.format(slug='one')}"
    feed = Alternate(url="https://lantern.example/feed.atom", media_type="application/atom+xml", title="Atom")
    edition = Edition(key="2026-W47", name="One", issue_number=1, first_day=date(2026, 11, 16), last_day=date(2026, 11, 22))
    every = Target(url=where, hub="https://hub.lantern.example/", alternates=(feed,), media=_at_hand, edition=edition)
    return (Target(), every, Target(media=_at_hand, kepub=True)) if module.NAME == "epub" else (Target(), every)
