"""Pictures in several sizes and types, as browsers want them: AVIF and WebP (HTML, 4.8.4.2.1), in sRGB, upright, nothing told about them.

The same bytes on every machine: one thread, a fixed effort, no tiles. What the bytes depend on is the `recipe`.
What is small already, moves, or would be no smaller, is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from publisher.formats.epub import colours
from publisher.formats.epub.decoding import ORIENTATION, TURNS, as_printed, opened, refuse_huge, refuse_long
from publisher.formats.epub.segments import Unfit

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["WIDTHS", "Encoded", "Unfit", "encode", "missing", "recipe", "refuse_damaged"]

WIDTHS = (480, 960, 1600)
"""Pixels: a phone or a column, a phone with fine pixels, a whole page."""
_CLOSE = 1.2
"""The original's own width is none besides when it is no more than this much larger than the next."""
_AVIF: Mapping[str, object] = {"quality": 55, "speed": 6, "max_threads": 1, "autotiling": False, "subsampling": "4:2:0"}
_WEBP: Mapping[str, object] = {"quality": 80, "method": 6}
_AVIF_OF_CHARTS: Mapping[str, object] = {**_AVIF, "quality": 70, "subsampling": "4:4:4"}
_WEBP_OF_CHARTS: Mapping[str, object] = {"lossless": True, "quality": 80, "method": 6}
"""A chart has few colours and letters, which lossy WebP would blur: it halves the resolution of colours."""
_COLOURS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A picture in one size and type."""

    media_type: str
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    body: bytes


def recipe() -> str:
    """Return all that decides about the bytes beside the original: what is asked for, who decodes and who encodes.

    Of Pillow itself, which only makes smaller and turns, the patch does not count: else each security fix would rename all files.
    """
    import PIL
    from PIL import features

    how = (WIDTHS, _CLOSE, *(sorted(each.items()) for each in (_AVIF, _WEBP, _AVIF_OF_CHARTS, _WEBP_OF_CHARTS)))
    codecs = (features.version(each) or "" for each in ("avif", "webp", "jpg", "libjpeg_turbo", "zlib", "littlecms2"))
    return repr((how, PIL.__version__.split(".")[:2], _avif_codecs(), *codecs))


def _avif_codecs() -> str:
    """Return what encodes AV1 in libavif, and what decodes it, with versions: `aom [enc]:3.14.1, dav1d [dec]:1.5.3`."""
    if "AVIF" in missing():
        return ""
    from PIL import _avif

    return ", ".join(sorted(each.strip() for each in _avif.codec_versions().split(",")))


def missing() -> tuple[str, ...]:
    """Return those of the two types that this Pillow cannot write."""
    from PIL import features

    return tuple(each for each in ("AVIF", "WEBP") if not features.check(each.lower()))


def encode(body: bytes) -> tuple[Encoded, ...]:
    """Return the picture in each type, the best first, and size, the smallest first; nothing when the original does as well.

    Raise `Unfit` when it is damaged, too large, or no picture.
    """
    refuse_long(body)
    with opened(body) as image:
        return tuple(_encoded(image, len(body)))


def refuse_damaged(body: bytes) -> None:
    """Raise `Unfit` when a picture cannot be decoded, as `encode` does, but without encoding, and with few pixels of a baseline JPEG."""
    refuse_long(body)
    with opened(body) as image:
        refuse_huge(*image.size)
        image.draft("L", (1, 1))
        image.load()


def _encoded(image: Image, size: int) -> Iterator[Encoded]:
    refuse_huge(*image.size)
    if max(image.size) < WIDTHS[0] or getattr(image, "is_animated", False):
        image.load()  # else nobody would be told that it is damaged
        return
    exact = image.format in ("PNG", "GIF", "BMP", "TIFF")
    plain = _plain(image)
    few = exact and plain.getcolors(_COLOURS) is not None
    sized = [_resized(plain, width) for width in _widths(plain.width)]
    avif, webp = (_kept(sized, kind, how, size) for kind, how in _ways(few=few))
    yield from avif if not webp or _bytes(avif) < _bytes(webp) else ()
    yield from webp


def _bytes(found: Iterable[Encoded]) -> int:
    return sum(len(each.body) for each in found)


def _ways(*, few: bool) -> tuple[tuple[str, Mapping[str, object]], tuple[str, Mapping[str, object]]]:
    return ("AVIF", _AVIF_OF_CHARTS if few else _AVIF), ("WEBP", _WEBP_OF_CHARTS if few else _WEBP)


def _widths(width: int) -> list[int]:
    """Return the widths in which a picture is made, the smallest first; none is wider than it is."""
    if width < WIDTHS[0]:
        return []
    found = [each for each in WIDTHS if each <= width]
    return [*found, width] if width < WIDTHS[-1] and width > found[-1] * _CLOSE else found


def _kept(sized: Sequence[Image], kind: str, how: Mapping[str, object], size: int) -> list[Encoded]:
    """Return those that have fewer bytes than what is larger; none of a type when the largest is not smaller than the original.

    A browser that takes a type takes no other: it would show a picture that is too small.
    """
    if kind in missing():
        return []
    every = [_saved(each, kind, how) for each in sized]
    found: list[Encoded] = []
    for each in reversed(every):
        if len(each.body) < (len(found[0].body) if found else size):
            found.insert(0, each)
    return found if found and found[-1] is every[-1] else []


def _saved(image: Image, kind: str, how: Mapping[str, object]) -> Encoded:
    out = BytesIO()
    image.save(out, kind, **how)
    return Encoded(media_type=f"image/{kind.lower()}", width=image.width, height=image.height, body=out.getvalue())


def _resized(image: Image, width: int) -> Image:
    from PIL.Image import Resampling

    height = max(1, round(image.height * width / image.width))
    return image if width == image.width else image.resize((width, height), Resampling.LANCZOS, reducing_gap=3.0)


def _plain(image: Image) -> Image:
    """Return the picture upright, in sRGB, as `RGB`, or `RGBA` where something can be seen through, with nothing told about it."""
    from PIL.Image import Transpose

    orientation, profile = _orientation(image), image.info.get("icc_profile")
    image.load()  # which turns a TIFF, and says so (Pillow 13)
    turn = TURNS.get(_orientation(image) if image.format == "TIFF" else orientation)
    plain = colours.to_srgb(_as_few_modes(image), profile, _gamma(image))
    if plain.mode == "RGBA" and _alpha(plain)[0] == 255:
        plain = plain.convert("RGB")
    plain = plain.transpose(Transpose[turn]) if turn else plain
    plain = plain.convert("RGB") if plain.mode not in ("RGB", "RGBA") else plain
    plain.info.clear()  # else Pillow writes the profile and comments again
    return plain


def _alpha(image: Image) -> tuple[int, int]:
    low, high = image.getchannel("A").getextrema()
    return int(low), int(high)  # type: ignore[arg-type] # of one channel they are numbers


def _orientation(image: Image) -> int:
    return int(image.getexif().get(ORIENTATION, 1))


def _gamma(image: Image) -> float | None:
    """Return the gamma that a PNG says, where it says no more of its colours (PNG 3, 11.3.2)."""
    given = image.info.get("gamma")
    return given if isinstance(given, float) and given > 0 and "srgb" not in image.info else None


def _as_few_modes(image: Image) -> Image:
    plain = colours.eight_bits(image)
    if plain.has_transparency_data:
        return plain.convert("RGBA")
    if plain.mode == "CMYK":
        return as_printed(plain)
    # A grey profile fits grey pixels only.
    return plain if plain.mode in ("L", "RGB") else plain.convert("L" if plain.mode in ("1", "F") else "RGB")
