"""What the judges get to see: all of `exports/`, and seventy publications, the same ones every time, that reach nearly every branch of the writers.

The strategies draw each field for itself; what only shows when fields meet is added here: articles that link to one another, an issue
without articles, a cover that is given, media of every kind behind the addresses, editions of every kind.

What needs files of its own has tests that ask the same judges: fonts (`test_engines`), repairs of bodies (`test_accessible_books`).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from PIL import Image as Raster

from publisher import formats, markup, programs
from publisher.article import Article, Image, Publication
from publisher.formats import BookOptions, Edition, Target, Writer
from publisher.newsstand import front
from tests import strategies
from tests.targets import PICTURE, SOUND, targets
from tests.test_sounds import OPUS

__all__ = [
    "COUNT",
    "COVER",
    "EPUB",
    "EXPORTS",
    "PAGES",
    "exported",
    "front_pages",
    "publications",
    "squeezed",
    "target",
    "unillustrated",
    "written",
]

EXPORTS = Path(__file__).parents[2] / "exports"
EPUB = EXPORTS / "the-lantern.epub"
PAGES = sorted(EXPORTS.glob("**/*.html"))
COUNT = 200 if strategies.THOROUGH else 70
COVER = Image(content_url="https://lantern.example/media/a.jpg", description="A lit lantern")
LONG = "The ferry that sailed without its captain, its cook and its cargo, and came home all the same, a week late"
WEEK = Edition(key="2026-W47", issue_number=1, first_day=date(2026, 11, 16), last_day=date(2026, 11, 22))
DAY = Edition(key="2026-11-20", first_day=date(2026, 11, 20), last_day=date(2026, 11, 20))
MONTH = Edition(key="2026-11", first_day=date(2026, 11, 1), last_day=date(2026, 11, 30))
EDITIONS = (None, None, WEEK, DAY, MONTH, Edition(key="lights", name="Lights & <Bells>"), Edition(key="harbour", name="灯台"))
"""Which part of a publication a book is; only books are told."""
CERTIFIED = BookOptions(issn="2049-3630", certified_by="The Lantern Press", certifier_report="https://lantern.example/a11y/?a=1&b=2")
BOOKS = (BookOptions(), CERTIFIED, BookOptions(vertical=True), BookOptions(issn="2049-3630", certified_by="Ada & Son"))
KEPUB = 10
LIST = "<ol reversed start='9'><li value='5' lang='de'>Fünf</li><li>and</li></ol>"
LICENSES = ("https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/publicdomain/zero/1.0/")
SHOWN = "<figure><img src='https://lantern.example/media/a.jpg' alt='A lantern'></figure>"
SOUND_SHOWN = "<p><audio src='https://e.org/a.mp3'></audio></p>"
SHOWING = 3
"""Every so many publications show a picture and a recording of another kind, so that none is left out."""
PORTRAIT = 20
"""Every so many publications have a cover of their own."""


@cache
def exported() -> Publication:
    """Return what the exports hold, read from the EPUB, since a feed has only the newest articles."""
    return formats.get("epub").read(EPUB.read_bytes()).publication


def squeezed(words: str) -> str:
    """Return text without what different programs put between characters: white space and marks that cannot be seen."""
    return re.sub(r"[\s\u00ad\u200b\u2028-\u202e\u2066-\u2069-]+", "", words)


class Fixed(HypothesisProvider):
    """Draws the same in every process: hypothesis 6.170 takes constants from the modules that happen to be loaded."""

    def _maybe_draw_constant(self, *_: object, **__: object) -> None:
        return None


AVAILABLE_PROVIDERS["fixed"] = Fixed


@cache
def publications() -> tuple[Publication, ...]:
    """Return them; drawing costs 5 s."""
    found: list[Publication] = []

    @settings(max_examples=COUNT, backend="fixed", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategies.publications(least=1, most=3))
    def collect(each: Publication) -> None:
        found.append(each)

    collect()
    assert len(found) >= COUNT
    assert len(PICTURES) <= COUNT // SHOWING, "each is shown"
    return tuple(_varied(number, each) for number, each in enumerate(found[:COUNT]))


def _shows(number: int) -> bool:
    """Return whether the publication of this number shows a picture and a recording whose turn it is."""
    return number % SHOWING == 0


def _varied(number: int, publication: Publication) -> Publication:
    if _shows(number):
        return replace(publication, articles=tuple(map(_illustrated, publication.articles)))
    if number % 50 == 49:
        return replace(publication, articles=())
    if number % PORTRAIT == 7:
        return replace(publication, image=COVER)
    if number % PORTRAIT == 8:
        return replace(publication, name=LONG, image=COVER, articles=tuple(_crowd(publication.articles[0])))
    if number % PORTRAIT == 9:
        return replace(
            publication, license=LICENSES[0], articles=tuple(replace(each, license=LICENSES[1]) for each in publication.articles)
        )
    return replace(publication, articles=tuple(_linked(publication.articles))) if number % 4 == 1 else publication


def _illustrated(article: Article) -> Article:
    return replace(article, image=(COVER, *article.image), body=markup.clean(article.body + SHOWN + SOUND_SHOWN))


def unillustrated(body: str) -> str:
    """Return a body as it was drawn, without the picture and the recording that are shown below."""
    return body.removesuffix(markup.clean(SHOWN + SOUND_SHOWN))


def _crowd(article: Article) -> Iterator[Article]:
    """Yield more long headlines than a cover has room for, and more articles than a front page tells of; some have no date."""
    for number in range(12):
        day = article.date_published if number % 2 else None
        named = replace(article, identifier=f"tag:lantern.example,2026:{number}", headline=f"{number}. {LONG}", in_language="en")
        yield replace(named, url=None, article_section=None, date_published=day)


def _linked(articles: Sequence[Article]) -> Iterator[Article]:
    links = "".join(f"<p>See <a href='{escape(each.url)}'>that</a>.</p>" for each in articles if each.url)
    return (replace(each, body=markup.clean(each.body + links + LIST)) for each in articles)


# -- media ----------------------------------------------------------------------------------------------------------------


def _picture(form: str, mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    Raster.new(mode, size).save(out, form)
    return out.getvalue()


def _drawing(inside: str, attributes: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"{attributes}><title>Lamp</title>{inside}</svg>'.encode()


GIF = _picture("GIF", "L")
ENORMOUS = GIF[:6] + struct.pack("<HH", 11_000, 15_000) + GIF[10:]
SQUARE = _picture("JPEG", size=(900, 1000))
NOTED = ' xmlns:note="https://draw.example/" note:zoom="2"'
PICTURES = (
    PICTURE,
    _picture("PNG", "RGBA"),
    _picture("WEBP"),
    _picture("WEBP", "RGBA"),
    GIF,
    _picture("JPEG", "CMYK"),
    _picture("JPEG", size=(700, 1000)),
    _picture("JPEG", size=(1200, 600)),
    _picture("PNG", "1"),
    PICTURE[:40],
    ENORMOUS,
    _drawing("<rect width='9' height='9'/>"),
    _drawing(
        "<note:grid/><metadata/><g note:id='1' fill='url(#f)'><use href='#p'/></g><defs><linearGradient id='f'/><path id='p' d='M0 0h9v9'/></defs>",
        NOTED,
    ),
    _drawing("<script>alert(1)</script>"),
    _drawing("<style>@import 'https://e.org/a.css'</style>"),
    _drawing("<rect onclick='alert(1)' width='9' height='9'/>"),
    _drawing("<rect>"),
    b"<html/>",
    b"<svg/>" + b" " * 6 * 2**20,
)
SOUNDS = (
    SOUND,
    b"ID3" + SOUND,
    b"\0\0\0\x18ftypM4A hdlr" + bytes(8) + b"sounmp4a" + bytes(400),
    b"\0\0\0\x18ftypmp42hdlr" + bytes(8) + b"videmp4a" + bytes(400),
    OPUS,
    b"RIFF",
)


def media(number: int) -> Callable[[str], bytes | None]:
    """Return what gives the media of the publication of this number: of each kind, what is its turn."""
    shows = _shows(number)
    turn = number // SHOWING if shows else number
    cover = {} if shows else {7: PICTURES[6], 8: SQUARE}
    picture = cover.get(number % PORTRAIT, PICTURES[turn % len(PICTURES)])
    sound = SOUNDS[turn % len(SOUNDS)]

    def at_hand(url: str) -> bytes | None:
        return picture if url.endswith((".png", ".jpg")) else sound if url.endswith(".mp3") else None

    return at_hand


def target(number: int, module: Writer) -> Target:
    """Return what the writer is told about the publication of this number: for every other one, nothing."""
    nothing, everything, *_ = targets(module)
    found = replace(everything, media=media(number)) if number % 2 or _shows(number) or number % PORTRAIT == 8 else nothing
    return replace(found, edition=EDITIONS[number % len(EDITIONS)], book=BOOKS[number % len(BOOKS)], kepub=number % KEPUB == 1)


# -- files ----------------------------------------------------------------------------------------------------------------


def written(folder: Path, name: str, numbers: Sequence[int] = range(COUNT)) -> dict[Path, Publication]:
    """Return the files of one format with what was written into each."""
    ending = Path(formats.writer(name).PATH).suffix
    found: dict[Path, Publication] = {}
    for number in numbers:
        for part, body in _made(name, number):
            path = folder / f"{name}-{number:03}-{len(found):03}{ending}"
            path.write_bytes(body)
            found[path] = part
    return found


@cache
def _made(name: str, number: int) -> tuple[tuple[Publication, bytes], ...]:
    """Return the bytes of one format: seventy books take twelve seconds."""
    module = formats.writer(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programs, "_done", lambda *_: None)  # covers are drawn here: two processes for each take twice as long
        return tuple((part, module.write(part, target(number, module))) for part in _parts(publications()[number], module))


def _parts(publication: Publication, module: Writer) -> Iterator[Publication]:
    if module.EACH == "publication":
        yield publication
    else:
        yield from (replace(publication, articles=(each,)) for each in publication.articles)


def front_pages(folder: Path, numbers: Sequence[int] = range(COUNT)) -> dict[Path, Publication]:
    """Return the front pages with what was written into each."""
    found = {folder / f"front-{number:03}.html": publications()[number] for number in numbers}
    for number, (path, each) in zip(numbers, found.items(), strict=True):
        path.write_bytes(front.write(each, target(number, formats.writer("webpage"))))
    return found
