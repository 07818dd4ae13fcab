"""Pictures of anybody opened within limits, for books and for pages: whatever Pillow says of a damaged one, it is `Unfit`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from publisher.formats.epub.segments import Unfit

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["ORIENTATION", "TURNS", "as_printed", "opened", "refuse_huge", "refuse_long"]

_MOST_PIXELS, _MOST_BYTES = 64_000_000, 64_000_000
"""Decoded they are 256 MB. Photographs for print have 60 million; more is a bomb."""
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")
ORIENTATION = 0x0112  # Exif 2.32, 4.6.4.A
TURNS = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90"}
"""What Pillow has to do by the orientation."""


@contextmanager
def opened(data: bytes) -> Iterator[Image]:
    """Give the picture that the bytes are, not decoded yet; raise `Unfit` when they are none, also when that is seen while it is open."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about damaged tags, and pictures beyond Pillow's limit, which is above ours
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                yield image
    except Unfit:
        raise
    except Image.DecompressionBombError:
        raise Unfit(f"it has more than {_MOST_PIXELS // 1_000_000} million pixels") from None
    except Exception:  # a damaged file: Pillow 13 raises OSError, SyntaxError, struct.error, IndexError and others
        raise Unfit("it is no picture that we can read, or damaged") from None


def refuse_long(data: bytes) -> None:
    """Raise `Unfit` when the file is too large to be looked at."""
    if len(data) > _MOST_BYTES:
        raise Unfit(f"it has more than {_MOST_BYTES // 1_000_000} MB")


def refuse_huge(width: int, height: int) -> None:
    """Raise `Unfit` when it has no pixels, or too many to be decoded."""
    if not width or not height:
        raise Unfit("it is damaged")
    if width * height > _MOST_PIXELS:
        raise Unfit(f"it has {width} × {height}, more than {_MOST_PIXELS // 1_000_000} million pixels")


def as_printed(image: Image) -> Image:
    """Return a picture in CMYK with 255 for full ink.

    Photoshop writes the opposite into JPEG and says so in the segment `Adobe`; Pillow 13 takes all JPEG for Photoshop's.
    """
    from PIL import ImageChops

    return ImageChops.invert(image) if image.format in ("JPEG", "MPO") and "adobe" not in image.info else image
