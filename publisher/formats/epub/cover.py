"""The cover that a book gets when it brings none: masthead, date, headlines; set in Noto Serif Display.

Pillow's own font (Aileron, 12.0) has no letter outside ASCII, so the theme brings one with Latin, Greek and Cyrillic.
What it has no letters for is left out; a name that it cannot write gives way to the host of the publication's address.
The same input gives the same bytes, since lines are laid out by FreeType alone: Raqm asks the system for FriBiDi.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from publisher.formats.epub.media import Picture
from publisher.formats.epub.words import THEME

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

__all__ = ["Front", "draw", "is_portrait", "writable"]

WIDTH, HEIGHT = 1600, 2560
"""Pixels: what Amazon and Apple ask for (Kindle Publishing Guidelines 2019.2, 4.2)."""
MARGIN = 120
PAPER, INK = "#fbf8f1", "#191816"
ACCENTS = ("#8c1c1c", "#1d4e6b", "#2f5d3a", "#7a4a12", "#5b2a5e", "#1f5a5a", "#7c2748", "#3b4a78")
"""One of them belongs to each publication, by its name."""
_LEAD_SIZES, _SIZES = (190, 164, 140, 118, 100), (92, 80)
_OTHERS = 270
"""Pixels that each headline after the first needs."""
_QUALITY = 88
_DRAWABLE = re.compile(  # the characters of the theme's fonts
    "[ -~\xa0-\u017f\u018f\u0192\u01a0\u01a1\u01af\u01b0\u01cd-\u01dc\u01e6\u01e7\u01ea\u01eb\u01fc-\u01ff\u0218-\u021b\u0259\u02bb\u02bc"
    "\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u0490-\u0493\u0496\u0497\u049a\u049b\u04a2\u04a3\u04ae-\u04b3\u04ba\u04bb"
    "\u04d8\u04d9\u04e8\u04e9\u1e80-\u1e85\u1e9e\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a"
    "\u2044\u20ac\u20b4\u20bd\u2116\u2122]+"
)
_LETTER = re.compile(r"\w")
_LONGEST = 400
"""Characters of a line that are looked at: more fit on no cover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What a cover says; every line can be written with the theme's fonts."""

    name: str
    date: str = ""
    foot: str = ""
    headlines: tuple[str, ...] = ()
    picture: bytes | None = None


def writable(text: str | None) -> str:
    """Return the text as it can be drawn, or `""` when the fonts have not all its letters."""
    composed = unicodedata.normalize("NFC", text or "")[:_LONGEST]
    return composed if _DRAWABLE.fullmatch(composed) and _LETTER.search(composed) else ""


def is_portrait(picture: Picture) -> bool:
    """Return whether the picture has the shape of a cover."""
    return picture.media_type != "image/gif" and (picture.height or 0) >= max(600, 1.2 * (picture.width or 0))  # Kobo takes no GIF


@lru_cache(maxsize=4)
def draw(front: Front) -> Picture:
    """Return the cover as a JPEG of 1600 × 2560 pixels."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    _Sheet(image, ImageDraw.Draw(image), front).draw()
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return Picture(data=out.getvalue(), media_type="image/jpeg", width=WIDTH, height=HEIGHT)


@lru_cache(maxsize=64)
def _font(weight: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    face = BytesIO((THEME / f"cover-{weight}.ttf").read_bytes())
    return ImageFont.truetype(face, size, layout_engine=ImageFont.Layout.BASIC)


class _Sheet:
    """Paper that is filled from the top; `y` is where the next thing goes."""

    def __init__(self, image: Image, pen: ImageDraw, front: Front) -> None:
        self.image = image
        self.pen = pen
        self.front = front
        self.y = MARGIN
        self.bottom = HEIGHT - MARGIN
        digest = hashlib.sha256(front.name.encode()).digest()
        self.accent = ACCENTS[digest[0] % len(ACCENTS)]

    def draw(self) -> None:
        self.pen.rectangle((0, 0, WIDTH, 36), fill=self.accent)
        self.foot()
        if not self.front.headlines and not self.front.picture:
            self.y = HEIGHT * 3 // 10
        self.masthead()
        if self.front.picture:
            self.picture(self.front.picture)
        for number, headline in enumerate(self.front.headlines):
            if not self.headline(headline, first=number == 0):
                break
        if not self.front.headlines and not self.front.picture:
            self.ornament()

    def foot(self) -> None:
        """Write at the very bottom where the publication is at home."""
        if self.front.foot:
            font = _fitting(self.front.foot, "regular", 46, WIDTH - 2 * MARGIN)
            self.pen.text((WIDTH // 2, self.bottom), self.front.foot, fill=INK, font=font, anchor="ms")
            self.bottom -= 84
        self.rule(self.bottom, 3)
        self.bottom -= 60

    def masthead(self) -> None:
        lines, font = _name(self.front.name)
        self.rule(self.y, 3)
        self.y += 52
        for each in lines:
            ascent = round(font.size * 0.8)
            self.pen.text((WIDTH // 2, self.y + ascent), each, fill=INK, font=font, anchor="ms")
            self.y += round(font.size * 1.06)
        self.y += 44
        self.rule(self.y, 12)
        self.rule(self.y + 20, 3)
        self.y += 24
        if self.front.date:
            font = _fitting(self.front.date, "regular", 58, WIDTH - 2 * MARGIN)
            self.pen.text((WIDTH // 2, self.y + 78), self.front.date, fill=INK, font=font, anchor="ms")
            self.rule(self.y + 116, 3)
            self.y += 120
        self.y += 84

    def picture(self, data: bytes) -> None:
        from PIL import Image, ImageOps

        with Image.open(BytesIO(data)) as opened:
            room = (WIDTH - 2 * MARGIN, (self.bottom - self.y) * (9 if self.front.headlines else 20) // 20)
            wide = opened.width >= max(1.2 * opened.height, room[0] // 2)
            fitted = (_cropped if wide else ImageOps.contain)(opened.convert("RGBA"), room)
        self.image.paste(fitted, ((WIDTH - fitted.width) // 2, self.y), fitted)
        self.y += fitted.height + 84

    def headline(self, text: str, *, first: bool) -> bool:
        """Write a headline, shorter or smaller when there is little room; return whether it went in."""
        top = self.y if first else self.y + 34
        room = self.bottom - top - (_OTHERS * (len(self.front.headlines) - 1) if first else 0)
        for size in _LEAD_SIZES if first else _SIZES:
            font = _font("bold", size)
            pitch = round(size * 1.16)
            lines = _wrapped(text, font, WIDTH - 2 * MARGIN)
            most = min(room // pitch, 4 if first else 3)
            if len(lines) <= most:
                break
        if most < 1:
            return False
        if not first:
            self.rule(self.y, 3)
        self.lines(_cut(lines, most, font), font, top, pitch)
        self.y += 64 if first else 40
        return True

    def lines(self, lines: list[str], font: FreeTypeFont, top: int, pitch: int) -> None:
        for number, each in enumerate(lines):
            self.pen.text((MARGIN, top + number * pitch + round(font.size * 0.86)), each, fill=INK, font=font, anchor="ls")
        self.y = top + len(lines) * pitch

    def ornament(self) -> None:
        """Draw three diamonds where there is nothing to say."""
        for number in (-1, 0, 1):
            x, y, r = WIDTH // 2 + number * 130, self.y + 120, 26 if number else 40
            self.pen.polygon([(x - r, y), (x, y - r), (x + r, y), (x, y + r)], fill=self.accent)

    def rule(self, y: int, weight: int) -> None:
        self.pen.rectangle((MARGIN, y, WIDTH - MARGIN, y + weight - 1), fill=INK)


def _cropped(image: Image, room: tuple[int, int]) -> Image:
    """Return the picture as wide as the room, without what would be too high of it."""
    from PIL import ImageOps

    return ImageOps.fit(image, (room[0], min(room[1], room[0] * image.height // image.width)))


def _name(name: str) -> tuple[list[str], FreeTypeFont]:
    """Return the name on one line as large as it fits, or on two or three when that lets it be much larger."""
    width = WIDTH - 2 * MARGIN
    one = _fitting(name, "bold", 320, width)
    for size in range(230, round(one.size * 1.2), -10):
        font = _font("bold", size)
        if max(font.getlength(each) for each in name.split()) <= width and len(lines := _wrapped(name, font, width)) <= 3:
            return lines, font
    if one.getlength(name) <= width:
        return [name], one
    return _cut(_wrapped(name, _font("bold", 90), width), 3, _font("bold", 90)), _font("bold", 90)


def _fitting(text: str, weight: str, size: int, width: int) -> FreeTypeFont:
    """Return the font at `size`, or smaller when the text would be wider than `width` pixels, down to 40."""
    length = _font(weight, size).getlength(text) * 1.01  # FreeType rounds each letter
    return _font(weight, size if length <= width else max(int(size * width / length), 40))


def _wrapped(text: str, font: FreeTypeFont, width: int) -> list[str]:
    """Return the text in lines of at most `width` pixels, broken between words, and inside those that are wider."""
    lines = [""]
    for word in _words(text, font, width):
        longer = f"{lines[-1]} {word}".lstrip(" ")
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [each for each in lines if each]


def _words(text: str, font: FreeTypeFont, width: int) -> Iterator[str]:
    for word in text.split():
        rest = word
        while font.getlength(rest) > width:
            fits = max(bisect_right(range(len(rest)), float(width), lo=1, key=lambda end: font.getlength(rest[:end])) - 1, 1)
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _cut(lines: list[str], most: int, font: FreeTypeFont) -> list[str]:
    """Return at most so many lines, with an ellipsis where there would be more."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and font.getlength(f"{last}…") > WIDTH - 2 * MARGIN:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;:.–—')}…"]
