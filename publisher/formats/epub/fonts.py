"""Fonts that the publisher wants in its books: with only the characters that are used, their names and their licence.

TrueType and OpenType as they are (OpenType 1.9.1, https://learn.microsoft.com/en-us/typography/opentype/spec/), never obfuscated
(EPUB 3.3, 4.4: it protects nothing, and hinders whoever repairs a book). WOFF would be a core media type, but unpacks to any size,
and reading systems of e-readers do not take it. A variable font becomes the one that it is without any setting,
since Kobo and Adobe know none; one with bold in it gives that, too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from typing import TypeVar

from publisher import programs
from publisher.formats import Target
from publisher.formats.epub import cutting
from publisher.problems import Problem, Severity, problem

__all__ = ["Face", "Font", "collect", "faces", "in_both_cases", "licence", "shown", "style"]

_SPEC = "https://www.w3.org/TR/epub-33/#sec-core-media-types"
_PERMISSIONS = "https://learn.microsoft.com/en-us/typography/opentype/spec/os2#fstype"
_MOST_BYTES = 20_000_000
_KINDS = {b"\0\1\0\0": ("font/ttf", "ttf"), b"true": ("font/ttf", "ttf"), b"OTTO": ("font/otf", "otf")}
_RESTRICTED, _PREVIEW_OR_EDITABLE, _BITMAPS_ONLY = 0x0002, 0x000C, 0x0200  # OS/2, fsType
_NAMES = (0, 13, 14, 16, 1)
"""Name IDs: copyright, licence, its address, typographic family, family."""
_ALWAYS = " " + "".join(map(chr, range(0x21, 0x7F))) + "\u00a0\u00ad\u2010•◦▪“”‘’„‚«»‹›「」『』"
"""What style sheets and reading systems write: marks of lists and quotations, hyphens."""
_TAG = re.compile(r"<[^<>]*>")
_NOT_A_NAME = re.compile(r"[^\w .-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """One font file as the publisher gave it, and what it says of itself."""

    url: str
    data: bytes
    family: str
    copyright: str | None = None
    licence: str | None = None
    licence_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One file of the book."""

    font: Font
    data: bytes
    media_type: str
    path: str
    weight: int
    slanted: bool


Tell = Callable[[Problem], None]
Found = TypeVar("Found")


class _Unfit(Exception):
    """A font cannot be in a book; says why."""


def collect(target: Target) -> tuple[Font, ...]:
    """Return the fonts that can be in the book, in the publisher's order; why another one cannot is told."""
    return tuple(_collected(target))


def _collected(target: Target) -> Iterator[Font]:
    for url in dict.fromkeys(target.book.fonts):
        with _telling(url, target.tell):
            yield _described(url, _bytes(target.media(url)), target.tell)


@contextmanager
def _telling(url: str, tell: Tell) -> Iterator[None]:
    """Tell that a font is left out when it cannot be used, and go on."""
    try:
        yield
    except _Unfit as error:
        code, what, hint, spec = error.args
        tell(problem(code, Severity.WARNING, f"the font {url} {what}: left out", hint=hint, spec=spec))


def _undamaged(found: Found | str) -> Found:
    if isinstance(found, str):
        raise _Unfit("epub-font-unusable", f"is damaged ({found})", "get the file anew", _SPEC)
    return found


def _bytes(data: bytes | None) -> bytes:
    if data is None:
        raise _Unfit("epub-font-missing", "is not at hand", "put the file among the sources", _SPEC)
    if len(data) > _MOST_BYTES:
        raise _Unfit("epub-font-unusable", "has more than 20 MB", "take one for fewer languages", _SPEC)
    if data[:4] not in _KINDS:
        raise _Unfit("epub-font-unusable", "is no TrueType or OpenType font", "take a file that ends in .ttf or .otf", _SPEC)
    return data


def _described(url: str, data: bytes, tell: Tell) -> Font:
    permissions, names = _undamaged(programs.aside(cutting.described, data, _NAMES, needs="fontTools"))
    if permissions & _BITMAPS_ONLY or (permissions & _RESTRICTED and not permissions & _PREVIEW_OR_EDITABLE):
        hint = "ask its maker for a licence to embed it, or take another font"
        raise _Unfit("epub-font-restricted", "says that it must not be embedded", hint, _PERMISSIONS)
    rights, licence, address, typographic, family = names
    if not (rights or licence or address):
        message = f"the font {url} does not say who made it and what its licence is"
        tell(problem("epub-font-no-licence", Severity.WARNING, message, hint="make sure that you may embed it"))
    name = _NOT_A_NAME.sub("", typographic or family or "").strip() or "Embedded"
    return Font(url=url, data=data, family=name, copyright=rights, licence=licence, licence_url=address)


# -- what of them is needed -----------------------------------------------------------------------------------------------


def shown(page: bytes) -> set[str]:
    """Return the characters that a page shows."""
    return set(unescape(_TAG.sub("", page.decode().partition("<body")[2].partition(">")[2])))


def in_both_cases(characters: Iterable[str]) -> frozenset[str]:
    """Return the characters, also as capitals and small letters."""
    return frozenset(each for one in characters for each in (one, *one.upper(), *one.lower()))


def faces(fonts: Iterable[Font], wanted: frozenset[str], tell: Tell) -> Iterator[Face]:
    """Yield the files for the book; that a font has no letter that is wanted is told."""
    for font in fonts:
        with _telling(font.url, tell):
            yield from list(_faces(font, wanted))


def _faces(font: Font, wanted: frozenset[str]) -> Iterator[Face]:
    """Yield the files that a font becomes: cutting it takes more memory than the book, so another process does it."""
    made = _undamaged(programs.aside(cutting.cut, font.data, "".join(sorted(wanted)), _ALWAYS, needs="fontTools"))
    if not made:
        raise _Unfit("epub-font-unused", "has no letter of this book", "take it out of the settings, or one for its languages", _SPEC)
    media_type, ending = _KINDS[font.data[:4]]
    for data, weight, slanted in made:
        path = f"fonts/{hashlib.sha256(data).hexdigest()[:16]}.{ending}"
        yield Face(font=font, data=data, media_type=media_type, path=path, weight=weight, slanted=slanted)


# -- what the book says of them -------------------------------------------------------------------------------------------


def style(made: Iterable[Face]) -> str:
    """Return the rules that make the book's text appear in its fonts; nothing when there are none.

    The first family is asked first for each character, so that one for another script can follow.
    """
    each = tuple(made)
    if not each:
        return ""
    families = ", ".join(f'"{name}"' for name in dict.fromkeys(face.font.family for face in each))
    rules = "".join(map(_rule, each))
    return f"\n/* Fonts of the publisher, which readers can turn off. */\n{rules}body {{ font-family: {families}, serif; }}\n"


def _rule(face: Face) -> str:
    look = f"font-style: {'italic' if face.slanted else 'normal'}; font-weight: {face.weight}"
    return f'@font-face {{ font-family: "{face.font.family}"; {look}; src: url({face.path}); }}\n'


def licence(fonts: Iterable[Font]) -> str:
    """Return what the fonts say of who made them and under what terms, as a text to be kept beside them."""
    kept = {replace(each, url="", data=b"") for each in fonts}
    blocks = ("\n".join(filter(None, (each.family, each.copyright, each.licence, each.licence_url))) for each in kept)
    return "\n\n".join(sorted(blocks)) + "\n"
