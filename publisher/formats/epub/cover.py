"""The cover that a book gets when it brings none: masthead, day, lead picture and headlines, typeset by Typst.

The template is `themes/epub/cover.typ`; the fonts are those of `faces`, never the system's, so that the same input gives the same
bytes on every machine. What no font has letters for is left out; a name that cannot be written gives way to another.
1600 × 2560 pixels in sRGB of less than 1 MB: what Amazon (Kindle Publishing Guidelines 2019.2, 4.2), Apple and Kobo take. With a picture
it is a baseline JPEG, with words only the PNG that Typst makes: sharp, half as large, and nothing has to be decoded.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import Any, Literal

from publisher import programs
from publisher.formats.epub import faces, painting
from publisher.formats.epub.media import Picture
from publisher.formats.epub.painting import HEIGHT, PAPER, WIDTH
from publisher.formats.epub.segments import Unfit, taken
from publisher.formats.epub.typesetting import typeset
from publisher.formats.epub.words import THEME, UNKNOWN
from publisher.problems import PublisherError, Severity, problem
from publisher.themes.pages import direction

__all__ = [
    "Cover",
    "Front",
    "Line",
    "as_jpeg",
    "draw",
    "is_lead",
    "is_portrait",
    "is_usable",
    "may_be_portrait",
    "own",
    "small",
    "writable",
]

INK = "#191816"
ACCENTS = ("#8c1c1c", "#1d4e6b", "#2f5d3a", "#7a4a12", "#5b2a5e", "#1f5a5a", "#7c2748", "#3b4a78")
"""One of them belongs to each publication, by its name."""
_JPEG = b"\xff\xd8\xff"
_SMALL, _SMALL_QUALITY = (300, 480), 84
_LONGEST, _LONGEST_NAME, _LONGEST_LABEL = 200, 100, 60
"""Characters of a headline, a name and a label; what is longer ends with an ellipsis."""
_LOOKED_AT = 4000
_SPACES = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_OVERRIDES = re.compile("[\u202d\u202e]")
"""What turns text around that follows it; on a cover it could only deceive."""
_LEADING, _LEADING_CJK, _LEADING_FEW_MARKS = 0.1, 0.2, -0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One headline."""

    text: str
    kicker: str = ""
    """The section, or what else stands over it."""
    language: str = UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What a cover says; all of it has passed `writable`."""

    name: str
    language: str = UNKNOWN
    date: str = ""
    edition: str = ""
    foot: str = ""
    headlines: tuple[Line, ...] = ()
    """The most important one first."""
    picture: bytes | None = None
    """What belongs to the first headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A cover that was drawn, and what is on it."""

    picture: Picture
    """A JPEG or PNG of 1600 × 2560 pixels."""
    headlines: tuple[str, ...]
    """Those for which there was room."""
    has_picture: bool


def writable(text: str | None) -> str:
    """Return the text as it can be drawn, or `""` when the fonts have not all its letters."""
    plain = _OVERRIDES.sub("", _SPACES.sub(" ", (text or "")[:_LOOKED_AT])).strip()
    drawn = unicodedata.normalize("NFC", plain)
    return drawn if faces.is_written(_shortened(drawn, _LONGEST)) else ""


def accent(name: str) -> str:
    """Return the publication's colour."""
    return ACCENTS[hashlib.sha256(name.encode()).digest()[0] % len(ACCENTS)]


@lru_cache(maxsize=4)
def draw(front: Front) -> Cover:
    """Return the cover."""
    return _drawn(front) or _without_picture(front)


def _without_picture(front: Front) -> Cover:
    drawn = _drawn(replace(front, picture=None))
    assert drawn, "only a picture can be damaged"
    return drawn


def _drawn(front: Front) -> Cover | None:
    """Return the cover, or `None` when its picture is damaged, which is seen only when it is decoded.

    Typesetting and painting are done by a process each: with all that this one holds they would need twice the memory (docs/decisions.md).
    """
    lead = _looked(front.picture) if front.picture else None
    page, told = _typeset(_said(front, lead), "png")
    place = told.get("<picture>")
    data = programs.aside(painting.painted, page, front.picture, tuple(place), needs="PIL") if place else page
    if data is None:
        return None
    if len(data) >= painting.MOST_BYTES:  # a PNG of many odd letters
        data = as_jpeg(data)
    shown = tuple(each.text for each in front.headlines[: told["<headlines>"]])
    drawn = Picture(data=data, media_type="image/jpeg" if data.startswith(_JPEG) else "image/png", width=WIDTH, height=HEIGHT)
    return Cover(picture=drawn, headlines=shown, has_picture=bool(place))


def _typeset(said: _Said, kind: Literal["png", "svg", "pdf"]) -> tuple[bytes, dict[str, Any]]:
    """Return the page, and what the template says about itself, by its labels."""
    template, folders = str(THEME / "cover.typ"), tuple(map(str, faces.folders()))
    page, told = programs.aside(typeset, template, folders, json.dumps(said), kind, needs="typst")
    return page, {each["label"]: each["value"] for each in json.loads(told)}


# -- what the template is told ---------------------------------------------------------------------------------------------

_Said = dict[str, object]


def _said(front: Front, picture: _Looked | None) -> _Said:
    headlines = [_headline(each, front) for each in front.headlines]
    return {
        "paper": PAPER,
        "ink": INK,
        "accent": accent(front.name),
        "rtl": _is_rtl(front.name) if front.language == UNKNOWN else direction(front.language) == "rtl",
        "name": _line(front.name, front.language, most=_LONGEST_NAME),
        "date": _label(front.date, front.language),
        "edition": _label(front.edition, front.language),
        "foot": _label(front.foot, "en"),
        "day": _line(front.date, front.language, most=_LONGEST_LABEL) if front.date and not headlines else None,
        "lead": headlines[0] if headlines else None,
        "others": headlines[1:],
        "picture": _place(picture) if picture else None,
    }


def _headline(line: Line, front: Front) -> _Said:
    language = line.language if line.language != UNKNOWN else front.language
    return {**_line(line.text, language, most=_LONGEST), "kicker": _label(line.kicker, language)}


def _label(text: str, language: str) -> _Said | None:
    return _line(text, language, most=_LONGEST_LABEL, is_label=True) if text else None


def _line(text: str, language: str, *, most: int, is_label: bool = False) -> _Said:
    """Return a line with all that depends on its script."""
    shown = _shortened(text, most)
    first, *others = faces.best(shown, language)
    if is_label or first != faces.SERIF:  # what a face of another script has not, the sans has
        first = faces.SANS if first == faces.SERIF else first
        others = [faces.SANS, *(each for each in others if each != faces.SANS)]
    joined = _joined(shown)
    return {
        "text": joined,
        "spaced": not _UNSPACED.search(joined),
        "words": [each for each in _BETWEEN.split(joined) if each],
        "fonts": [first, *others],
        "weight": 600 if is_label else 700 if first == faces.SERIF else 800,
        "leading": _leading(first, shown),
        "marked": bool(_MOVED_MARK.search(shown)),
        "hyphens": first in (faces.SERIF, faces.SANS),
        "lang": _tag(language, joined),
        "rtl": _is_rtl(shown),
    }


_MOVED_MARK = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08ca-\u08ff]")
"""Marks of which a font knows only together with a letter how high they stand."""
_LANGUAGE = re.compile("[a-z]{2,3}(?![a-z])")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Thai, Lao, Burmese and Khmer: words without spaces, which Typst finds by a dictionary."""
_ANYWHERE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_BETWEEN = re.compile(rf"[^\S\u00a0\u202f]+|(?<!\u2060)[{_ANYWHERE}](?!\u2060)")
"""Where lines may end: at spaces, and beside the letters of scripts that are written without them."""
_HANGUL = re.compile("(?<=[\uac00-\ud7a3])(?=[\uac00-\ud7a3])")
_LONGEST_WORD = 8


def _joined(text: str) -> str:
    """Return Korean with words that stay whole, unless they are very long; other text as it is."""
    fits = max(map(len, text.split())) <= _LONGEST_WORD
    return _HANGUL.sub("\u2060", text) if fits else text


def _tag(language: str, text: str) -> str:
    """Return the language for Typst, which looks for words in Thai only where the language is not Chinese or Japanese."""
    known = _LANGUAGE.match(language)
    return known[0] if known and not (_UNSPACED.search(text) and known[0] in ("ja", "zh")) else UNKNOWN


def _leading(family: str, text: str) -> float:
    """Return the air between lines, in ems; a few moved marks do not need the room that the template leaves for them in each line."""
    marks = len(_MOVED_MARK.findall(text))
    if marks:
        return _LEADING if marks > len(text) / 5 else _LEADING_FEW_MARKS
    return _LEADING_CJK if family.startswith(faces.CJK) else _LEADING


def _is_rtl(text: str) -> bool:
    """Return the direction of the first letter that has one (UAX #9, P2)."""
    strong = (kind for each in text if (kind := unicodedata.bidirectional(each)) in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def _shortened(text: str, most: int) -> str:
    """Return the text, or what fits of it before an ellipsis, up to the end of a word or of a letter with its marks."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    whole = start.rpartition(" ")[0]
    if len(whole) < most // 2:
        whole = "".join(list(faces.clusters(text[:most]))[:-1])
    return f"{whole.rstrip(' ,;:.–—')}…"


# -- pictures --------------------------------------------------------------------------------------------------------------


_MOST_ENLARGED = 1.7
_LEAST_LEAD = 320, 240
_MOST_PIXELS = 50_000_000
_LEAST_COVER = 625, 1000
_PORTRAIT, _ROUNDED = 1.2, 0.01
"""So many times as high as wide is a cover, and what may come of full pixels when it is made smaller."""
_FIELD = 1300, 900
_WIDE, _WIDE_HEIGHTS = 1.1, (480, 1150)
_HIGH_WIDTH, _HIGH_HEIGHTS = 760, (900, 1240)


def is_lead(picture: Picture | None) -> bool:
    """Return whether the picture can stand on a cover: a small one would be blurred."""
    if not picture or picture.media_type == "image/svg+xml" or not picture.width or not picture.height:
        return False
    return picture.width >= _LEAST_LEAD[0] and picture.height >= _LEAST_LEAD[1] and picture.width * picture.height <= _MOST_PIXELS


def is_usable(picture: Picture) -> bool:
    """Return whether the picture can be a cover because somebody wants it: higher than wide, and as large as Amazon asks at least."""
    width, height = picture.width or 0, picture.height or 0
    return picture.media_type != "image/svg+xml" and width >= _LEAST_COVER[0] and height >= max(_LEAST_COVER[1], width + 1)


def is_portrait(picture: Picture) -> bool:
    """Return whether the picture has the shape of a cover."""
    return picture.media_type != "image/gif" and (picture.height or 0) >= max(600, _PORTRAIT * (picture.width or 0))  # Kobo takes no GIF


def may_be_portrait(shape: float | None) -> bool:
    """Return whether a picture so many times as high as wide may have the shape of a cover; a logo has not, and is not decoded for that."""
    return shape is None or shape > _PORTRAIT - _ROUNDED


def own(picture: Picture) -> Picture | None:
    """Return somebody's own cover in the form that shops take: smaller when it must be, never larger; `None` when it is damaged."""
    found = programs.aside(painting.own, picture.data, needs="PIL")
    if not found or found[0] == picture.data:
        return picture if found else None
    data, width, height = found
    return Picture(data=data, media_type="image/jpeg", width=width, height=height)


def as_jpeg(data: bytes) -> bytes:
    """Return a cover, a JPEG or PNG, as JPEG; raise `PublisherError` when it is damaged."""
    return data if data.startswith(_JPEG) else _as_jpeg(data)


@lru_cache(maxsize=2)
def _as_jpeg(data: bytes) -> bytes:
    if found := programs.aside(painting.own, data, needs="PIL"):
        return found[0]
    raise _damaged()


def small(data: bytes) -> bytes:
    """Return a cover, a JPEG or PNG, as JPEG for a shelf of many: at most 300 × 480 pixels; raise `PublisherError` when it is damaged."""
    from PIL import Image

    try:
        with Image.open(BytesIO(as_jpeg(data))) as image:  # which is made of each cover anyway
            image.draft(None, (2 * _SMALL[0], 2 * _SMALL[1]))  # no more is decoded than that: a quarter of the memory
            shown = image.convert("RGB") if image.mode != "L" else image.copy()
    except Exception:  # as in `media`: Pillow raises many kinds
        raise _damaged() from None
    shown.thumbnail(_SMALL, Image.Resampling.LANCZOS)
    out = BytesIO()
    shown.save(out, "JPEG", quality=_SMALL_QUALITY, optimize=True)
    return out.getvalue()


def _damaged() -> PublisherError:
    message, hint = "the cover inside this issue cannot be read", "make the issue anew with --issue, or take its file away"
    return PublisherError(problem("epub-cover-unusable", Severity.ERROR, message, hint=hint))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What a picture is, as far as that is known without decoding it."""

    size: tuple[int, int]
    """Pixels."""
    is_photograph: bool
    """Whether there is nothing to see through: drawings must not lose their edges."""


def _looked(data: bytes) -> _Looked | None:
    """Return what a JPEG or PNG is, or `None` when it is damaged."""
    try:
        known = taken(data)
    except Unfit:
        return None
    return _Looked(size=(known.width, known.height), is_photograph=not known.has_alpha) if known else None


def _place(picture: _Looked) -> _Said:
    """Return how the template has to place the picture: `wide` and `high` ones reach the edge of the page, `small` ones do not."""
    width, height = picture.size
    if picture.is_photograph and width >= _WIDE * height and width * _MOST_ENLARGED >= WIDTH:
        return {"kind": "wide", "width": WIDTH, "height": _between(round(WIDTH * height / width), _WIDE_HEIGHTS)}
    if picture.is_photograph and width < _WIDE * height and width * _MOST_ENLARGED >= _HIGH_WIDTH:
        return {"kind": "high", "width": _HIGH_WIDTH, "height": _between(round(_HIGH_WIDTH * height / width), _HIGH_HEIGHTS)}
    scale = min(_MOST_ENLARGED, _FIELD[0] / width, _FIELD[1] / height)
    return {"kind": "small", "width": max(1, round(width * scale)), "height": max(1, round(height * scale))}


def _between(value: int, limits: tuple[int, int]) -> int:
    return min(max(value, limits[0]), limits[1])
