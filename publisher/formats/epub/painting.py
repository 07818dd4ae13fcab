"""Covers as the JPEG that shops take; done by `programs.aside` in a process of its own, so nothing of ours is imported here.

1600 × 2560 pixels are 16 MB for Pillow, and 24 MB more for libjpeg, which looks at all of them for its Huffman tables.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["HEIGHT", "MOST_BYTES", "PAPER", "WIDTH", "own", "painted"]

WIDTH, HEIGHT = 1600, 2560
PAPER = "#fbf8f1"
_QUALITIES = (90, 84, 76, 66, 54, 40)
MOST_BYTES = 1_000_000


def painted(page: bytes, picture: bytes, place: tuple[int, int, int, int]) -> bytes | None:
    """Return a page, which is a PNG, as JPEG, with a picture in its place (left, top, width, height, in pixels).

    `None` when the picture is damaged.
    """
    x, y, width, height = place
    try:
        shown = _filling(_opened(picture), width, height)
    except Exception:  # as in `decoding`: Pillow raises many kinds
        return None
    drawn = _opaque(page)
    drawn.paste(shown, (x, y))
    del shown
    return _jpeg(drawn)


def own(data: bytes) -> tuple[bytes, int, int] | None:
    """Return somebody's own cover in the form that shops take, and its pixels: smaller when it must be, never larger.

    `None` when it is damaged.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as image:
            image.load()
            if _is_fit_for_shops(image, len(data)):
                return data, *image.size
            plain = _plain(image)
    except Exception:  # as in `decoding`: Pillow raises many kinds
        return None
    plain.thumbnail((WIDTH, HEIGHT))
    return _jpeg(plain), *plain.size


def _is_fit_for_shops(image: Image, size: int) -> bool:
    is_small = image.width <= WIDTH and image.height <= HEIGHT and size <= MOST_BYTES
    return is_small and image.format == "JPEG" and image.mode in ("RGB", "L") and not {"progressive", "icc_profile"} & image.info.keys()


def _opened(picture: bytes) -> Image:
    from PIL import Image

    with Image.open(BytesIO(picture)) as image:
        return _plain(image)


def _opaque(page: bytes) -> Image:
    """Return the page in colours alone."""
    from PIL.PngImagePlugin import PngImageFile  # without the plug-ins that `Image.open` loads

    with PngImageFile(BytesIO(page)) as drawn:
        return drawn.convert("RGB")


def _filling(image: Image, width: int, height: int) -> Image:
    """Return the picture at this size; what does not fit goes at both sides, or rather at the bottom than at the top."""
    from PIL import Image as Pillow
    from PIL import ImageOps

    return ImageOps.fit(image, (width, height), Pillow.Resampling.LANCZOS, centering=(0.5, 0.33))


def _plain(image: Image) -> Image:
    """Return the picture in sRGB, on paper where one can see through it."""
    from PIL import Image as Pillow

    if image.has_transparency_data and not _is_opaque(image):
        paper = Pillow.new("RGBA", image.size, PAPER)
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    return _in_srgb(image).convert("RGB")


def _is_opaque(image: Image) -> bool:
    """Return whether there is nothing to see through: a page of Typst's has an alpha channel all the same. Takes 5 ms and spares 40."""
    return image.mode in ("RGBA", "LA") and image.getchannel("A").getextrema() == (255, 255)


def _in_srgb(image: Image) -> Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "L", "CMYK"):
        return image
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):  # a damaged profile, or one for other colours
        return image


def _jpeg(image: Image) -> bytes:
    """Return the picture as a baseline JPEG of less than 1 MB."""
    for quality in _QUALITIES:
        out = BytesIO()
        image.save(out, "JPEG", quality=quality, subsampling=0 if quality > 80 else 2, optimize=True)
        if out.tell() < MOST_BYTES:
            break
    return out.getvalue()
