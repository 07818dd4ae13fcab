"""Fonts cut to what a book shows, by fontTools; done by `programs.aside` in a process of its own, so nothing of ours is imported here.

A font with the letters of all languages takes 60 MB, and two seconds for each weight when it is cut last instead of first.
What a damaged font makes fontTools 4.68 raise is given back as its name: TTLibError, struct.error, AssertionError, KeyError and others.
"""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fontTools.ttLib import TTFont

__all__ = ["cut", "described"]

_REGULAR, _BOLD = 400, 700
_WHOLE_ONLY = 0x0100  # OS/2, fsType
_SLANTED = 0x0001 | 0x0200  # OS/2, fsSelection: italic, oblique


def described(data: bytes, names: Sequence[int]) -> tuple[int, tuple[str | None, ...]] | str:
    """Return what a font allows (OS/2, fsType) and what it says under each number (`name`), or the name of an error."""
    try:
        font = _opened(data)
        return font["OS/2"].fsType, tuple(" ".join((font["name"].getDebugName(each) or "").split()) or None for each in names)
    except Exception as error:  # a damaged file
        return type(error).__name__


def cut(data: bytes, wanted: str, always: str) -> tuple[tuple[bytes, int, bool], ...] | str:
    """Return the files that a font becomes, each with its weight and whether it slants; none when no letter of it is wanted.

    A variable font becomes the one that it is without any setting, and a bold one where it has that. The name of an error when it is
    damaged.
    """
    try:
        font = _opened(data)
        known = font.getBestCmap()
        if not any(each.isalpha() and ord(each) in known for each in wanted):
            return ()
        short = data if font["OS/2"].fsType & _WHOLE_ONLY else _subset(font, set(map(ord, wanted + always)) & known.keys())
        return tuple(_face(_instance(_opened(short), weight)) for weight in _weights(font))
    except Exception as error:  # a damaged file
        return type(error).__name__


def _opened(data: bytes) -> TTFont:
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # it tells of tables that it drops; nobody else listens
    return TTFont(BytesIO(data), recalcTimestamp=False, lazy=True)


def _saved(font: TTFont) -> bytes:
    out = BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def _subset(font: TTFont, used: set[int]) -> bytes:
    """Return a font with only these characters; what it says of itself stays."""
    from fontTools.subset import Options, Subsetter

    options = Options(layout_features="*", name_IDs="*", name_languages="*", name_legacy=True, notdef_outline=True)
    options.drop_tables = [*options.drop_tables, "DSIG", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=used)
    subsetter.subset(font)
    return _saved(font)


def _weights(font: TTFont) -> tuple[int | None, ...]:
    """Return the weights of a variable font that a book has use for; `None` is what it is without any setting."""
    axes = {each.axisTag: each for each in font["fvar"].axes} if "fvar" in font else {}
    bold = "wght" in axes and axes["wght"].defaultValue < _BOLD <= axes["wght"].maxValue
    return (None, _BOLD) if bold else (None,)


def _instance(font: TTFont, weight: int | None) -> TTFont:
    if "fvar" not in font:
        return font
    from fontTools.varLib.instancer import instantiateVariableFont

    axes = {each.axisTag: None for each in font["fvar"].axes} | ({"wght": weight} if weight else {})
    made = instantiateVariableFont(font, axes, inplace=True)  # else 4.68 copies what is read lazily, which fails with many fonts
    made["OS/2"].usWeightClass = weight or made["OS/2"].usWeightClass
    return made


def _face(font: TTFont) -> tuple[bytes, int, bool]:
    weight, selection = font["OS/2"].usWeightClass, font["OS/2"].fsSelection
    return _saved(font), max(1, min(weight, 1000)) or _REGULAR, bool(selection & _SLANTED)
