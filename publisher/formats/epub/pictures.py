"""Pictures as every reading system shows them: decoded within limits, upright, in sRGB, no larger than screens, nothing told about them.

The limits, and whose they are:
- 5.6 megapixels: Apple Books Asset Guide 5.3, "Images" (2023).
- 5 MB each: Kindle Publishing Guidelines (2014). Kobo allows 10 MB for a page with all that is in it (kobolabs/epub-spec, 2025-08).
- 2560 pixels: the longest side of a cover in the shops, and more than any reader for books has (Kindle Scribe 2480, 2024).
  A strip, such as a long chart or a panorama, may be longer, up to 8192 pixels, as long as it is no larger in all.

JPEG and PNG that keep to this lose only what is told about them (`segments`). All else is written anew, as JPEG, or as PNG
when it is transparent or has the few colours of a chart. WebP is no exception: MuPDF 1.25 and Apple's guide do not take it.
What moves stands still: the first picture of a GIF, WebP or PNG. No e-reader shows the rest, Kobo takes no GIF, and what
flashes can harm (WCAG 2.2, 2.3.1), which nobody could promise without looking.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from publisher.formats.epub import colours
from publisher.formats.epub.decoding import ORIENTATION, TURNS, as_printed, opened, refuse_huge, refuse_long
from publisher.formats.epub.segments import Taken, Unfit, is_whole, taken

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["LEVELS", "Level", "Picture", "Unfit", "made", "picture_from", "shape", "within"]

_MOST_BYTES = 5_000_000
_EXACT = frozenset(("PNG", "GIF", "WEBP", "TIFF", "BMP"))
"""Formats of charts and screenshots, which JPEG would blur."""
_COLOURS, _GREYS = 256, 32
_GRAPHIC, _MUCH_LARGER = 1_000_000, 4
"""Pixels of a logo, and what is between: logos and charts have twice the bytes of a JPEG, photographs 5 to 8 times."""
_SMALL = 100_000
"""Bytes of a logo, which is in every book: it is remembered how it was written anew (0.15 s)."""
_NEARLY = 12
"""What lossy WebP makes of grey."""
_QUARTER_TURNS = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in a form that every reading system shows."""

    data: bytes
    media_type: str
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""
    had: tuple[int, int] | None = None
    """Pixels before it was made smaller."""
    was_moving: bool = False
    taken_out: tuple[tuple[str, int], ...] = ()
    """What a drawing had that does not draw, and how often."""
    level: int = 0
    """Which of the `LEVELS` was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How much of a picture is kept."""

    longest: int
    """Pixels of the longer side."""
    pixels: int
    quality: int
    """Of a JPEG, as libjpeg counts it."""


LEVELS = (
    Level(longest=2560, pixels=5_600_000, quality=85),
    Level(longest=2560, pixels=5_600_000, quality=70),
    Level(longest=1600, pixels=2_000_000, quality=70),
    Level(longest=1200, pixels=1_100_000, quality=65),
    Level(longest=800, pixels=500_000, quality=60),
)
"""The first is what every picture gets; the others are for books that would be too large: 1600 pixels fill a reader of 7 inches,
1200 one of 6 inches, 800 are enough to see what it is."""
_STRIP = 0.4
"""What the shorter side keeps, as a part of `longest`: a chart of 800 × 6000 would be a thread of 341 pixels."""


def picture_from(data: bytes) -> Picture | None:
    """Return the picture that the bytes are, written anew where it must be, or `None` when they are none that we can use."""
    try:
        return made(data)
    except Unfit:
        return None


def made(data: bytes, level: int = 0) -> Picture:
    """Return the picture that the bytes are, at one of the `LEVELS`; raise `Unfit` when they are none that we can use."""
    refuse_long(data)
    if data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _drawn(data)
    if known := taken(data):
        refuse_huge(known.width, known.height)
    if known and level == 0 and _stays(known):
        return Picture(data=known.data, media_type=known.media_type, width=known.width, height=known.height, was_moving=known.is_moving)
    return _remembered(data) if known and level == 0 and _may_be_logo(known) else _decoded(data, known, level)


def _may_be_logo(known: Taken) -> bool:
    return known.has_alpha and len(known.data) <= _SMALL and known.width * known.height <= _GRAPHIC


@lru_cache(maxsize=4)
def _remembered(data: bytes) -> Picture:
    return _decoded(data, taken(data), 0)


def shape(data: bytes) -> float | None:
    """Return how many times as high as wide a JPEG or PNG is shown, without decoding it; `None` where that is not to be seen."""
    try:
        known = taken(data)
    except Unfit:
        return None
    found = known.height / known.width if known and known.width and known.height else None
    return 1 / found if found and known and known.orientation in _QUARTER_TURNS else found


def _drawn(data: bytes) -> Picture:
    from publisher.formats.epub.drawings import drawing  # here because it needs lxml

    found = drawing(data)
    width, height = found.size or (None, None)
    return Picture(data=found.data, media_type="image/svg+xml", width=width, height=height, taken_out=found.taken_out)


def _stays(known: Taken) -> bool:
    """Return whether a picture needs nothing but to lose what is told about it."""
    size = known.width, known.height
    if not known.is_plain or known.has_alpha or known.orientation != 1 or len(known.data) > _MOST_BYTES:
        return False
    if within(size, LEVELS[0]) != size or not (known.profile is None or colours.is_srgb(known.profile, known.mode)):
        return False
    return known.media_type != "image/png" or is_whole(known.data)


def within(size: tuple[int, int], level: Level) -> tuple[int, int]:
    """Return the size, or the largest one of the same shape that the level allows."""
    longer, shorter = max(size), min(size)
    scale = max(level.longest / longer, min(_STRIP * level.longest / shorter, 3.2 * level.longest / longer))
    scale = min(1.0, scale, (level.pixels / (longer * shorter)) ** 0.5)
    width, height = (max(1, int(each * scale + 1e-6)) for each in size)
    return width, height


# -- decoding -------------------------------------------------------------------------------------------------------------


def _decoded(data: bytes, known: Taken | None, level: int) -> Picture:
    """Return the picture written anew."""
    with opened(known.data if known else data) as image:
        return _written_anew(image, known, level)


def _written_anew(image: Image, known: Taken | None, level: int) -> Picture:
    from PIL.Image import Transpose

    refuse_huge(*image.size)
    size, moving = image.size, known.is_moving if known else bool(getattr(image, "is_animated", False)) and image.format != "TIFF"
    image.draft(None, within(size, LEVELS[level]))  # a big JPEG is decoded at half its size or less
    image.load()  # which turns a TIFF, and says so (Pillow 13)
    orientation = known.orientation if known else image.getexif().get(ORIENTATION, 1)
    exact = image.format in _EXACT
    plain = _plain(image, known)
    if known and level == 0 and plain.mode in ("LA", "RGBA") and _stays(replace(known, has_alpha=False)):
        return Picture(data=known.data, media_type=known.media_type, width=size[0], height=size[1], was_moving=moving)
    graphic = _graphic(plain) if exact and image.has_transparency_data else None
    few = bool(graphic) or (exact and _is_chart(plain))
    if turn := TURNS.get(orientation):
        plain = plain.transpose(Transpose[turn])
    upright = size[::-1] if orientation in _QUARTER_TURNS else size
    found = _encoded(plain, few=few, level=level, ready=None if turn else graphic)
    return replace(found, had=upright if upright != (found.width, found.height) else None, was_moving=moving, level=level)


def _is_chart(image: Image) -> bool:
    """Return whether a picture without alpha has the few colours of a chart; a grey photograph has 256 at most, and is none."""
    found = image.getcolors(_COLOURS) if image.mode in ("L", "RGB") else None
    is_grey = image.mode == "L" or all(max(each) - min(each) <= _NEARLY for _, each in found or () if isinstance(each, tuple))
    return found is not None and len(found) <= (_GREYS if is_grey else _COLOURS)


def _graphic(image: Image) -> bytes | None:
    """Return a picture that was put on paper as PNG when it is a logo rather than a photograph: that is not much larger than a JPEG."""
    if image.mode not in ("L", "RGB") or image.width * image.height > _GRAPHIC:
        return None
    found = _png(image)
    return found if len(found) <= _MUCH_LARGER * len(_jpeg(image, LEVELS[0].quality)) else None


def _plain(image: Image, known: Taken | None) -> Image:
    """Return the picture in sRGB, with alpha (`LA`, `RGBA`) only where that is of use, else as `L` or `RGB`."""
    profile = known.profile if known else image.info.get("icc_profile")
    plain = colours.eight_bits(image)
    if plain.has_transparency_data:
        plain = plain if plain.mode == "LA" else plain.convert("RGBA")
        if plain.getchannel("A").getextrema()[0] == 255:
            plain = plain.convert(plain.mode[:-1])
    elif plain.mode == "CMYK":
        plain = as_printed(plain)
    elif plain.mode not in ("L", "RGB"):
        plain = plain.convert("L" if plain.mode in ("1", "F") else "RGB")
    plain = colours.to_srgb(plain, profile, known.gamma if known else None)
    return colours.on_paper(plain) if plain.mode in ("LA", "RGBA") and colours.vanishes(plain) else plain


# -- encoding -------------------------------------------------------------------------------------------------------------


def _encoded(plain: Image, *, few: bool, level: int, ready: bytes | None) -> Picture:
    """Return the picture as a file, at the first level from this one on at which it is no larger than one may be.

    `ready` is the PNG of it, as large as it is.
    """
    from PIL.Image import Resampling

    for each in LEVELS[level:]:
        size = within(plain.size, each)
        image = plain if size == plain.size else plain.resize(size, Resampling.LANCZOS, reducing_gap=3.0)
        as_png = few or image.mode in ("LA", "RGBA")
        data = (ready if ready and image is plain else _png(image)) if as_png else _jpeg(image, each.quality)
        if len(data) <= _MOST_BYTES:
            return Picture(data=data, media_type="image/png" if as_png else "image/jpeg", width=size[0], height=size[1])
    raise Unfit(f"it cannot be made smaller than {_MOST_BYTES // 1_000_000} MB")


def _jpeg(image: Image, quality: int) -> bytes:
    out = BytesIO()
    image.info.clear()  # else Pillow writes the comment again
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _png(image: Image) -> bytes:
    """Return a PNG, with a palette when it says all, which is a third of the size."""
    from PIL import Image as Pillow

    out = BytesIO()
    image.info.clear()
    if image.mode == "RGB" and image.getcolors(_COLOURS):
        short = image.convert("P", palette=Pillow.Palette.ADAPTIVE, colors=_COLOURS)
        image = short if short.convert("RGB").tobytes() == image.tobytes() else image
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
