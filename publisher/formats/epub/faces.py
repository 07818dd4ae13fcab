"""The fonts of covers: which there are, and what each has letters for.

Noto Serif Display lies in the theme (Latin, Greek, Cyrillic); Noto Sans for 22 scripts and Noto Sans CJK come in the packages
manimgx-fonts and manimgx-fonts-cjk. Fonts of the system are never asked, so a cover is the same on every machine.
What a font has letters for is in its table `cmap` (OpenType 1.9.1, https://learn.microsoft.com/typography/opentype/spec/cmap):
read here in 2 ms a font, since a letter that no font has is drawn as an empty box.
"""

from __future__ import annotations

import re
import struct
import sys
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import IO

from publisher.formats.epub.words import THEME

__all__ = ["CJK", "SANS", "SERIF", "Face", "best", "clusters", "faces", "folders", "is_written"]

SERIF, SANS = "Noto Serif Display", "Noto Sans"
CJK = "Noto Sans CJK"
_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
_ENDINGS = (".ttf", ".otf", ".ttc")
_ENOUGH = 0.6
"""A face that has so much of a text is taken although another has more: one foreign word does not change the look of a line."""
_MOST_MARKS = 6
"""More characters are no letter with its marks, but a tower of them over other lines."""
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
"""Characters that draw nothing (Unicode, Default_Ignorable_Code_Point): no font needs them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A family and its characters, as ranges from `starts` to `ends`, both in order."""

    family: str
    starts: Sequence[int]
    ends: Sequence[int]

    def has(self, text: str) -> bool:
        """Return whether the face has all characters of the text that draw something."""
        return all(self._has(ord(each)) for each in text if not _UNSEEN.match(each))

    def _has(self, code: int) -> bool:
        place = bisect_right(self.starts, code) - 1
        return place >= 0 and code <= self.ends[place]


@lru_cache(maxsize=1)
def faces() -> Mapping[str, Face]:
    """Return the faces by family, in the order in which a text asks them."""
    found: dict[str, Face] = {}
    for path in sorted((path for folder in folders() for path in folder.iterdir() if path.name.endswith(_ENDINGS)), key=_order):
        with path.open("rb") as font:
            for family, ranges in _families(font):
                found.setdefault(family, Face(family=family, starts=ranges[0], ends=ranges[1]))
    return MappingProxyType(found)


def folders() -> Iterator[Traversable]:
    """Yield the folders that have fonts."""
    yield THEME
    for name in _PACKAGES:
        yield files(name)


def _order(path: Traversable) -> tuple[int, str]:
    """The theme's own first, then Noto Sans, CJK, other scripts, at last pictures of feelings."""
    kinds = ("cover-", "NotoSans[", "NotoSansCJK", "NotoSans", "Noto")
    return next((at for at, kind in enumerate(kinds) if path.name.startswith(kind)), len(kinds)), path.name


def is_written(text: str) -> bool:
    """Return whether each letter, with its marks, is in one of the faces, and there is something to see."""
    seen = _UNSEEN.sub("", text)
    return any(each.isalnum() for each in seen) and all(_is_drawn(each) for each in set(clusters(seen)))


@lru_cache(maxsize=4096)
def _is_drawn(cluster: str) -> bool:
    return cluster.isspace() or (len(cluster) <= _MOST_MARKS and any(face.has(cluster) for face in faces().values()))


def clusters(text: str) -> Iterator[str]:
    """Yield each letter with the marks on it (nearly the grapheme clusters of UAX #29)."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or unicodedata.category(text[at])[0] != "M":
            yield text[start:at]
            start = at


def best(text: str, language: str) -> tuple[str, ...]:
    """Return the families for a text, the one that has most of it first; all others follow, for what that one has not."""
    letters = [each for each in text if each.isalpha()]
    cjk = _cjk(text, language)
    known = {name: face for name, face in faces().items() if not name.startswith(CJK) or name == cjk}

    def share(name: str) -> int:
        return sum(map(known[name].has, letters))

    if language.startswith(("ja", "ko", "zh")) and share(cjk) > share(SANS):
        first = cjk
    else:
        first = next((name for name in known if share(name) >= _ENOUGH * len(letters)), "") or max(known, key=share)
    return first, *(name for name in known if name != first)


def _cjk(text: str, language: str) -> str:
    """Return the family whose forms of Han characters the language has; unknown languages show themselves by their letters."""
    tag = language.casefold()
    if tag.startswith("ja") or (not tag.startswith(("zh", "ko")) and re.search("[\u3040-\u30ff]", text)):
        return f"{CJK} JP"
    if tag.startswith("ko") or (not tag.startswith("zh") and re.search("[\uac00-\ud7a3\u1100-\u11ff]", text)):
        return f"{CJK} KR"
    if re.search("-(?:hk|mo)", tag):
        return f"{CJK} HK"
    return f"{CJK} TC" if re.search("-(?:hant|tw)", tag) else f"{CJK} SC"


# -- OpenType --------------------------------------------------------------------------------------------------------------

_WINDOWS_FULL, _UNICODE_FULL, _WINDOWS = (3, 10), (0, 4), (3, 1)
_FAMILY, _TYPOGRAPHIC_FAMILY = 1, 16
Ranges = tuple[Sequence[int], Sequence[int]]
"""First and last characters. As tuples of numbers those of all fonts would be 8 MB."""


def _families(font: IO[bytes]) -> Iterator[tuple[str, Ranges]]:
    """Yield the family and the ranges of each font in a file, which may be a collection."""
    font.seek(0)
    if font.read(4) != b"ttcf":
        starts = [0]
    else:
        (count,) = struct.unpack(">4xL", font.read(8))
        starts = list(struct.unpack(f">{count}L", font.read(4 * count)))
    for start in starts:
        tables = _tables(font, start)
        yield _family(_read(font, *tables["name"])), _ranges(_read(font, *tables["cmap"]))


def _read(font: IO[bytes], offset: int, length: int) -> bytes:
    font.seek(offset)
    return font.read(length)


def _tables(font: IO[bytes], start: int) -> dict[str, tuple[int, int]]:
    (count,) = struct.unpack(">4xH6x", _read(font, start, 12))
    records = struct.iter_unpack(">4s4xLL", font.read(16 * count))
    return {tag.decode("ascii"): (offset, length) for tag, offset, length in records}


def _family(table: bytes) -> str:
    """Return the family's English name from a table `name`."""
    count, strings = struct.unpack_from(">2xHH", table)
    names = {}
    for platform, _, language, kind, length, offset in struct.iter_unpack(">6H", table[6 : 6 + 12 * count]):
        if platform == 3 and language == 0x409 and kind in (_FAMILY, _TYPOGRAPHIC_FAMILY):
            names[kind] = table[strings + offset : strings + offset + length].decode("utf-16-be")
    return str(names[max(names)])


def _ranges(table: bytes) -> Ranges:
    """Return the characters of a table `cmap`."""
    (count,) = struct.unpack_from(">2xH", table)
    places = {(platform, coding): offset for platform, coding, offset in struct.iter_unpack(">HHL", table[4 : 4 + 8 * count])}
    at = next(places[each] for each in (_WINDOWS_FULL, _UNICODE_FULL, _WINDOWS) if each in places)
    return _segmented(table, at) if struct.unpack_from(">H", table, at) == (4,) else _grouped(table, at)


def _grouped(table: bytes, at: int) -> Ranges:
    """Format 12: groups of a first and a last character, and of a glyph."""
    (count,) = struct.unpack_from(">12xL", table, at)
    groups = _numbers("I", table[at + 16 : at + 16 + 12 * count])
    return groups[::3], groups[1::3]


def _segmented(table: bytes, at: int) -> Ranges:
    """Format 4: segments of the Basic Multilingual Plane; the last one, of U+FFFF, is no character."""
    (double,) = struct.unpack_from(">6xH", table, at)
    ends, starts = (_numbers("H", table[first : first + double - 2]) for first in (at + 14, at + 16 + double))
    return starts, ends


def _numbers(kind: str, table: bytes) -> array[int]:
    """Return big-endian numbers of 16 (`H`) or 32 bits (`I`)."""
    found = array(kind, table)
    if sys.byteorder == "little":
        found.byteswap()
    return found
