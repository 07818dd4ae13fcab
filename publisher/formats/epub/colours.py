"""The colours of pictures, as every screen shows them: sRGB, 8 bits a channel.

E-readers and half of all reading systems take no notice of a profile: without it a photograph in Display P3 is dull and one
from a printing press neon. So the colours are changed, by LittleCMS, and the profile goes. https://www.color.org/specification/ICC.1-2022-05.pdf
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsProfile

__all__ = ["eight_bits", "is_srgb", "on_paper", "to_srgb", "vanishes"]

_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}
_NEAR = 3
"""Steps of 256 that nobody sees: the profiles that call themselves sRGB differ by so much."""
_USUAL = 0.45455
_DARK = 89
"""Value below which something has less than 3:1 against black (WCAG 2.2, 1.4.11): a relative luminance of 0.1."""
_SHARE = 0.02


def eight_bits(image: Image) -> Image:
    """Return a grey picture of 16 or 32 bits with 8; Pillow 13 makes all that is brighter than 255 white."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    return image


def is_srgb(profile: bytes, mode: str) -> bool:
    """Return whether a profile changes nothing that can be seen, or is none for pictures of this mode."""
    return _change(profile, mode) <= _NEAR


@lru_cache(maxsize=16)
def _change(profile: bytes, mode: str) -> int:
    """Return by how much a profile changes a colour at most."""
    from PIL import Image, ImageChops

    steps = range(0, 256, 51)
    cube = bytes(each for red in steps for green in steps for blue in steps for each in (red, green, blue))
    before = Image.frombytes("L", (256, 1), bytes(range(256))) if mode == "L" else Image.frombytes("RGB", (216, 1), cube)
    after = _converted(before, profile)
    return max(ImageChops.difference(before, after).tobytes()) if after else 0


def to_srgb(image: Image, profile: bytes | None, gamma: float | None = None) -> Image:
    """Return the picture (`L`, `RGB`, `CMYK`, or with alpha) in sRGB: by its profile, else by its gamma."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    plain = image.convert(image.mode[:-1]) if alpha else image
    if profile and plain.mode in _SPACES and (plain.mode == "CMYK" or not is_srgb(profile, plain.mode)):
        plain = _converted(plain, profile) or plain
    elif gamma and abs(gamma - _USUAL) > 0.02:  # as PNG 3 asks (12.1): most write 1/2.2 or nothing
        plain = plain.point(_curve(gamma) * len(plain.getbands()))
    plain = plain.convert("RGB") if plain.mode == "CMYK" else plain
    if alpha:
        plain.putalpha(alpha)
    return plain


def _curve(gamma: float) -> list[int]:
    linear = ((value / 255) ** (1 / gamma) for value in range(256))
    return [round(255 * (12.92 * each if each <= 0.0031308 else 1.055 * each ** (1 / 2.4) - 0.055)) for each in linear]


def _converted(image: Image, profile: bytes) -> Image | None:
    """Return the picture in sRGB, `None` when the profile is damaged or one for other pictures."""
    from PIL import ImageCms

    try:
        found = _opened(profile)
        if found.profile.xcolor_space != _SPACES[image.mode]:
            return None
        intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
        made = ImageCms.profileToProfile(image, found, ImageCms.createProfile("sRGB"), intent, "RGB", flags=flags)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return made.convert("L") if made and image.mode == "L" else made


def _opened(profile: bytes) -> ImageCmsProfile:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(BytesIO(profile))


def vanishes(image: Image) -> bool:
    """Return whether part of a picture with alpha (`LA`, `RGBA`) is too dark for the black page of a reader at night.

    Measured on what is more opaque than not: 2 % of it darker than 3:1 against black is a line of text, an axis, a signature.
    """
    opaque = image.getchannel("A").point([0] * 128 + [255] * 128)
    counts = image.convert("L").histogram(opaque)
    return sum(counts[: _DARK + 1]) > _SHARE * sum(counts) > 0


def on_paper(image: Image) -> Image:
    """Return a picture with alpha on white, as it looks by day."""
    from PIL import Image as Pillow

    paper = Pillow.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("L" if image.mode == "LA" else "RGB")
