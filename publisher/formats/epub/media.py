"""The pictures and recordings inside a book: looked at by their bytes, made fit for every reading system, each kept once.

Core media types (EPUB 3.3, 3.2) go in as they are, but WebP does not: MuPDF 1.25 and Apple Books' asset guide (5.3) do not take it.
What is turned by its Exif data, not in RGB, over 5.6 megapixels (Apple) or over 5 MB (Kindle) is written anew.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from publisher.markup import Element, parse_xml
from publisher.problems import Unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Picture", "Recording", "Shelf", "picture_from"]

_MOST_PIXELS = 5_600_000
_MOST_BYTES = 5_000_000
_MOST_PIXELS_READ = 100_000_000
_MOST_BYTES_OF_SOUND = 25_000_000
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")
_AS_IS = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}
_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/svg+xml": "svg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg; codecs=opus": "opus",
}
_ORIENTATION = 0x0112  # Exif 2.32, 4.6.4.A


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in a form that every reading system shows."""

    data: bytes
    media_type: str
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Sound in a form that every reading system plays."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where in the book something is, seen from its pages."""

    href: str
    width: int | None = None
    height: int | None = None


class Shelf:
    """What the pages of one book have asked for, by its digest, so that nothing is in the book twice."""

    def __init__(self, media: Callable[[str], bytes | None]) -> None:
        self._media = media
        self._asked: dict[tuple[str, str], Kept | None] = {}
        self._files: dict[str, Picture | Recording] = {}

    def files(self) -> Iterator[tuple[str, Picture | Recording]]:
        """Yield the path of each file with what is in it, in the order of the paths; the shelf is empty afterwards."""
        for path in sorted(self._files):
            yield path, self._files.pop(path)

    def picture(self, url: str | None) -> Kept | None:
        """Return where the picture is, or `None` when its bytes are not at hand or of no use."""
        return self._ask(url, "picture", picture_from)

    def recording(self, url: str | None) -> Kept | None:
        """Return where the sound is, or `None` when its bytes are not at hand, too many or of no core media type."""
        return self._ask(url, "recording", _recording_from)

    def look(self, url: str | None) -> Picture | None:
        """Return a picture without keeping it."""
        return picture_from(data) if url and (data := self._media(url)) else None

    def keep(self, made: Picture | Recording) -> Kept:
        """Put a file on the shelf, unless it is there already."""
        digest = hashlib.sha256(made.data).hexdigest()[:16]
        path = f"media/{digest}.{_EXTENSIONS[made.media_type]}"
        self._files.setdefault(path, made)
        return Kept(href=path, width=made.width, height=made.height) if isinstance(made, Picture) else Kept(href=path)

    def _ask(self, url: str | None, kind: str, make: Callable[[bytes], Picture | Recording | None]) -> Kept | None:
        if not url:
            return None
        if (url, kind) not in self._asked:
            made = make(data) if (data := self._media(url)) else None
            self._asked[url, kind] = self.keep(made) if made else None
        return self._asked[url, kind]


def _recording_from(data: bytes) -> Recording | None:
    kind = _sound(data) if len(data) <= _MOST_BYTES_OF_SOUND else None
    return Recording(data=data, media_type=kind) if kind else None


def _sound(data: bytes) -> str | None:
    """Return the core media type of the sound, from its first bytes (MIME Sniffing Standard, 6.2), or `None`."""
    if data[:3] == b"ID3" or (len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    if data[4:8] == b"ftyp" and b"vide" not in data:  # no handler of video (ISO/IEC 14496-12, 8.4.3)
        return "audio/mp4"
    return "audio/ogg; codecs=opus" if data[:4] == b"OggS" and data[28:36] == b"OpusHead" else None


# -- pictures -------------------------------------------------------------------------------------------------------------


def picture_from(data: bytes) -> Picture | None:
    """Return the picture that the bytes are, written anew where it must be, or `None` when they are none that we can use."""
    if data.lstrip()[:1] == b"<":
        return _vector(data)
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we have a limit of our own
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                return _raster(image, data)
    except Exception:  # a damaged file: Pillow 12 raises OSError, SyntaxError, struct.error, IndexError and others
        return None


def _raster(image: Image, data: bytes) -> Picture | None:
    if image.width * image.height > _MOST_PIXELS_READ:
        return None
    kind = _AS_IS.get(image.format or "")
    if kind and (kind == "image/gif" or _fits(image, data)):
        return Picture(data=data, media_type=kind, width=image.width, height=image.height)
    return _written_anew(image)


def _fits(image: Image, data: bytes) -> bool:
    """Return whether the bytes can stay as they are."""
    small = image.width * image.height <= _MOST_PIXELS and len(data) <= _MOST_BYTES
    return small and image.mode not in ("CMYK", "YCCK", "LAB") and image.getexif().get(_ORIENTATION, 1) == 1


def _written_anew(image: Image) -> Picture:
    from PIL import ImageOps

    image.draft("RGB", _within(image.width, image.height))  # a big JPEG is decoded at half its size or less
    upright = ImageOps.exif_transpose(image)
    transparent = upright.has_transparency_data
    plain = upright.convert("RGBA" if transparent else "L" if upright.mode in ("1", "L") else "RGB")
    plain.thumbnail(_within(plain.width, plain.height))
    out = BytesIO()
    if transparent:
        plain.save(out, "PNG")
    else:
        plain.save(out, "JPEG", quality=_QUALITY)
    media_type = "image/png" if transparent else "image/jpeg"
    return Picture(data=out.getvalue(), media_type=media_type, width=plain.width, height=plain.height)


def _within(width: int, height: int) -> tuple[int, int]:
    """Return the size, or the largest one of the same shape that is not too many pixels."""
    scale = min(1.0, (_MOST_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * scale)), max(1, int(height * scale))


# -- drawings (SVG 2, https://www.w3.org/TR/SVG2/) ------------------------------------------------------------------------

_SVG = "http://www.w3.org/2000/svg"
_DRAWN = frozenset(
    "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath marker clipPath mask "
    "pattern linearGradient radialGradient stop filter feBlend feColorMatrix feComposite feFlood feGaussianBlur feMerge feMergeNode "
    "feOffset feDropShadow switch style".split()
)
_XLINK = "{http://www.w3.org/1999/xlink}href"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_REACHES_OUT = re.compile(r"@|expression|javascript|url\(\s*[\"']?(?!#)|\\", re.IGNORECASE)


def _vector(data: bytes) -> Picture | None:
    """Return the drawing without what is not drawing, or `None` when it could run or fetch something."""
    if len(data) > _MOST_BYTES:
        return None
    try:
        root = parse_xml(data)
    except Unreadable:
        return None
    if root.tag != f"{{{_SVG}}}svg":
        return None
    _drop_foreign(root)
    if not all(_harmless(element) for element in root.iter()):
        return None
    etree.cleanup_namespaces(root)
    return Picture(data=etree.tostring(root, encoding="utf-8", xml_declaration=True), media_type="image/svg+xml")


def _drop_foreign(root: Element) -> None:
    """Remove what drawing programs note for themselves: elements and attributes of other namespaces."""
    for element in list(root.iter(etree.Element)):
        foreign = not str(element.tag).startswith(f"{{{_SVG}}}") or element.tag == f"{{{_SVG}}}metadata"
        if foreign and (parent := element.getparent()) is not None:
            parent.remove(element)
        for name in list(element.attrib):
            if str(name).startswith("{") and name != _XLINK and not str(name).startswith(_XML):
                del element.attrib[name]


def _harmless(element: Element) -> bool:
    if not isinstance(element.tag, str) or element.tag.rpartition("}")[2] not in _DRAWN:
        return False
    if element.tag.endswith("}style") and _REACHES_OUT.search(element.text or ""):
        return False
    return all(_harmless_attribute(str(name), str(value)) for name, value in element.attrib.items())


def _harmless_attribute(name: str, value: str) -> bool:
    if name in ("href", _XLINK):
        return value.startswith("#")
    return not name.lower().startswith("on") and not _REACHES_OUT.search(value) and not name.startswith(f"{_XML}base")
