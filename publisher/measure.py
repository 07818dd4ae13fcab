"""Facts about media, found in their bytes: media type, size, digest, and the pixels of a picture."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from warnings import catch_warnings, simplefilter

__all__ = ["Facts", "measure"]

# First bytes (WHATWG MIME Sniffing, 6) and the media type they mean.
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"%PDF-", "application/pdf"),
)
_ENDINGS = {"csv": "text/csv", "txt": "text/plain", "svg": "image/svg+xml", "vtt": "text/vtt", "json": "application/json"}
_PICTURES = frozenset("jpg jpeg png gif webp avif".split())
_ORIENTATION, _TURNED = 0x0112, (5, 6, 7, 8)
"""Tag and values of Exif (CIPA DC-008, 4.6.5) that mean a quarter turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the bytes of a medium say of it."""

    encoding_format: str | None
    content_size: int
    """Bytes."""
    sha256: str
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""


def measure(body: bytes, path: str) -> Facts:
    """Return the facts about a medium; `path` decides only where the bytes do not."""
    ending = path.rpartition(".")[2].lower()
    kind = next((kind for start, mark, kind in _SIGNATURES if body.startswith(mark, start)), _ENDINGS.get(ending))
    if not kind and ending in _PICTURES and _is_text(body):
        kind = "text/plain"  # what a server says in the place of a picture, and what Git LFS leaves there
    width, height = _pixels(body) if kind and kind.startswith("image/") and kind != "image/svg+xml" else (None, None)
    return Facts(encoding_format=kind, content_size=len(body), sha256=hashlib.sha256(body).hexdigest(), width=width, height=height)


def _is_text(body: bytes) -> bool:
    """Return whether bytes begin as plain text, and as no picture does, or there are none."""
    return all(8 < byte < 14 or 31 < byte < 128 for byte in body[:256])


def _pixels(body: bytes) -> tuple[int | None, int | None]:
    """Return width and height as the picture is seen: cameras say by an orientation how it is to be turned."""
    from PIL import Image  # here because importing it costs 60 ms

    with suppress(Exception), catch_warnings():  # broken pictures raise whatever a decoder stumbles over
        simplefilter("ignore")
        with Image.open(BytesIO(body)) as picture:  # reads the header only
            width, height = picture.size
            turned = "exif" in picture.info and picture.getexif().get(_ORIENTATION) in _TURNED
            return (height, width) if turned else (width, height)
    return None, None
