"""What pages share that needs no template: words and dates of a language, links that also work from a disk, pictures, bylines.

`frame` gives it to the templates, which escape all that is no markup; the markup made here is escaped here, by `tag` (attributes) and
`text.escape` (between tags).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache, partial
from importlib.resources import files
from itertools import groupby
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import urljoin

from publisher.article import Article, Date, Image, Party, Publication
from publisher.surroundings import Kind, Rendition
from publisher.text import escape

__all__ = [
    "Near",
    "Offer",
    "Words",
    "attributes",
    "byline",
    "called",
    "digits",
    "direction",
    "folder",
    "framed",
    "in_words",
    "kind",
    "lead",
    "length",
    "licence",
    "locale",
    "media_url",
    "near",
    "picture",
    "reading_minutes",
    "seen_from",
    "shared",
    "shortened",
    "sizes",
    "tag",
    "time",
    "words",
]

Near = Callable[[str], str]
"""Gives an address as seen from a page."""


def _nowhere(kind: Kind, name: str) -> str | None:
    """Return the page of a list where there is none."""


class Offer(Protocol):
    """Another output of the publication, such as `formats.Alternate`."""

    @property
    def url(self) -> str:
        """Where it is."""

    @property
    def media_type(self) -> str:
        """What it is."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def rel(self) -> str:
        """The link relation."""


_COLUMN = "(min-width: 41rem) 38rem, 100vw"
_SIZES = {
    "newspaper": {
        "lead": "(min-width: 62rem) 52rem, 100vw",
        "text": "(min-width: 40rem) 34em, 100vw",
        "top": "(min-width: 70rem) 38rem, (min-width: 40rem) 57vw, 100vw",
        "story": "(min-width: 70rem) 33rem, (min-width: 40rem) 48vw, 100vw",
    },
    "blog": dict.fromkeys(("lead", "text", "top", "story"), _COLUMN),
}
"""How wide pictures are in our style sheets at most, by theme and place (HTML, 4.8.4.2.2)."""
_THEME = files("publisher") / "themes" / "newspaper"
_RTL_SCRIPTS = frozenset("Adlm Arab Aran Hebr Mand Nkoo Rohg Samr Syrc Thaa".split())
_RTL_LANGUAGES = frozenset(
    "aeb ajp apc ar arc ary arz azb bal bqi ckb dv fa glk he iw ks lrc mzn nqo pnb prs ps sd skr sdh syr ug ur yi".split()
)
_CREATIVE_COMMONS = re.compile(r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d\.\d)\b")
_PLAIN = re.compile(r"(?:[A-Za-z0-9_%~-][A-Za-z0-9_%~.-]*+/)*+(?:[A-Za-z0-9_%~-][A-Za-z0-9_%~.-]*+)?")
"""Paths without empty parts, dots in front and colons: relative ones of these always resolve to what they were made from."""
_BEFORE_HOST = re.compile(r"^https?://(www\.)?")
_MARKUP = re.compile(r"<[^<>]*>")
_MARKUP_BYTES = re.compile(rb"<[^<>]*>")
_BLANKS = bytes(ord(" " if chr(each).isspace() and each < 128 else "x") for each in range(256))
"""What is white space, and what is not."""
_RARE = re.compile("[^\x00-\x84\x86-\x9f\xa1-\u167f\u2010-\u2027\u2030-\u205e]")
"""What may be other white space or an ideograph."""
_RARE_BYTES = ((0xC2, re.compile(rb"\xc2[\x85\xa0]")), (0xE2, re.compile(rb"\xe2(?!\x80[\x90-\xa7\xb0-\xbf]|\x81[\x80-\x9e])")))
"""The same in UTF-8, where no other bytes are with which that begins."""
_OTHER_BYTES = bytes(each for each in range(256) if each != 0xC2 and not 0xE1 <= each <= 0xF4)
"""With what neither white space beyond ASCII nor an ideograph begins."""
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


# -- words and dates -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """What one language calls the parts of a page, and how it writes dates (see `words.toml`)."""

    language: str
    """Of the words themselves: `en` when we have none in the language asked for."""
    autonym: str
    locale: str
    months: str
    date: str
    time: str
    moment: str
    halves: str
    digits: str
    first: str
    published: str
    updated: str
    analysis: str
    ask: str
    background: str
    opinion: str
    reportage: str
    review: str
    advertisement: str
    editor: str
    contributor: str
    corrections: str
    related: str
    translations: str
    origin: str
    keywords: str
    licence: str
    follow: str
    sections: str
    latest: str
    more: str
    skip: str
    front: str
    home: str
    trail: str
    minutes: str
    """How long reading takes, with the number as `{n}`."""
    neighbours: str
    older: str
    newer: str
    more_of: str
    """With the section's name as `{name}`."""
    all_of: str
    services: str
    archive: str
    issues: str
    subscribe: str
    search: str
    content: str
    written_by: str
    """What is by one author, by `{name}`."""
    authors: str
    issues_text: str
    """What an issue is."""
    issues_all: str
    """What all issues are called in a catalogue, and then those of each kind."""
    issues_month: str
    issues_week: str
    issues_day: str
    issues_newest: str
    issues_list: str
    catalogue: str
    catalogue_text: str
    """What to do with the address of a catalogue."""
    feeds_text: str
    """What a feed is, and what to do with its address, in two sentences."""
    copy: str
    copied: str
    all_feeds: str
    not_found: str
    not_found_text: str
    earlier: str
    later: str


@lru_cache(maxsize=256)
def words(language: str | None) -> Words:
    """Return the words for a language tag; for one that we don't know, English ones and ISO 8601 dates."""
    known = _known_words()
    found = next((each for each in _broader(language or "und") if each in known), "und")
    names = dict.fromkeys(("en", found.partition("-")[0], found))
    chosen: dict[str, Any] = {}
    for name in names:
        chosen |= known.get(name, {})
    chosen["language"] = "en" if found == "und" else found
    return Words(**{each.name: chosen[each.name] for each in fields(Words)})


@lru_cache(maxsize=1)
def _known_words() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(tomllib.loads((_THEME / "words.toml").read_text("utf-8")))


def _broader(language: str) -> Iterable[str]:
    """Yield the tag under which words may be found, the narrowest first."""
    primary, *rest = language.split("-")
    if primary == "zh" and {"TW", "HK", "MO", "Hant"} & set(rest):
        yield "zh-Hant"
    yield from ("-".join([primary, *rest[:length]]) for length in range(len(rest), 0, -1))
    yield {"no": "nb", "nn": "nb", "iw": "he", "in": "id"}.get(primary, primary)


def in_words(value: Date, said: Words, last: int = 0) -> str:
    """Return a day or moment as the language writes it; a moment in the offset it was given in.

    With `last` it is the days from this one to the last one, in the same month.
    """
    first: int | str = said.first if value.day == 1 and said.first else value.day
    day = f"{first}{'.' if '{d}.' in said.date else ''}–{last}" if last else first
    text = said.date.format(d=day, m=value.month, month=_months(said.months)[value.month - 1], year=value.year)
    if isinstance(value, datetime):
        text = said.moment.format(date=text, time=_clock(value, said), zone=_zone(value))
    return digits(text, said)


@lru_cache(maxsize=64)
def _months(names: str) -> list[str]:
    return names.split()


def digits(value: str | int, said: Words) -> str:
    """Return a number or a date with the digits of the language."""
    return str(value) if said.digits == "0123456789" else str(value).translate(str.maketrans("0123456789", said.digits))


def reading_minutes(body: str) -> int:
    """Return how many minutes reading a body takes, 0 when there is nothing to read.

    230 words or 500 characters of Chinese, Japanese or Korean a minute
    (Brysbaert 2019, "How many words do we read per minute?": 238; Trauzettel-Klosinski & Dietz 2012: 255 characters a minute
    read aloud in Chinese, about twice as many silently).
    """
    written = body.encode(errors="surrogatepass")
    if not _is_rare(written, body):
        words = _words(written)
        return max(1, round(words / 230)) if words else 0
    said = _MARKUP.sub(" ", body)
    characters = 0 if said.isascii() else len(_IDEOGRAPH.findall(said))
    words = len((_IDEOGRAPH.sub(" ", said) if characters else said).split())
    return max(1, round(words / 230 + characters / 500)) if words or characters else 0


def _is_rare(written: bytes, body: str) -> bool:
    """Return whether a body may have white space beyond ASCII, or ideographs; its bytes in UTF-8 say it in a tenth of the time."""
    leads = written.translate(None, _OTHER_BYTES)
    if leads.strip(b"\xc2\xe2"):
        return _RARE.search(body) is not None
    return any(lead in leads and pattern.search(written) for lead, pattern in _RARE_BYTES)


def _words(written: bytes) -> int:
    """Return how many words there are between tags, where all white space is ASCII: faster than making a list of them."""
    return (b" " + _MARKUP_BYTES.sub(b" ", written).translate(_BLANKS)).count(b" x")


def _clock(value: datetime, said: Words) -> str:
    return said.time.format(H=value.hour, h=(value.hour + 11) % 12 + 1, half=said.halves.split()[value.hour >= 12], M=value.minute)


def _zone(value: datetime) -> str:
    minutes = (value.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" + ("" if not minutes else f"{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else ""))


def time(value: Date, said: Words, kind: str = "", *, day: bool = False, **given: str | None) -> str:
    """Return the time element for a day or moment (HTML, 4.5.14), with the class `kind`; `day`: show no more than that."""
    return _time(value.isoformat(), value, said, kind, day, tuple(given.items()))


@lru_cache(maxsize=4096)  # each article is in some ten lists; what is equal may have another offset
def _time(spelled: str, value: Date, said: Words, kind: str, day: bool, given: tuple[tuple[str, str | None], ...]) -> str:
    shown = value.date() if day and isinstance(value, datetime) else value
    named = f' class="{escape(kind)}"' if kind else ""
    more = tag("", **dict(given))[1:-1] if given else ""
    return f'<time{named} datetime="{spelled}"{more}>{in_words(shown, said)}</time>'


def locale(language: str | None) -> str | None:
    """Return the locale that Open Graph wants, such as `en_GB`, or `None` when we know none."""
    primary, *rest = (language or "").split("-")
    region = next((each for each in rest if len(each) == 2 and each.isupper()), "")
    said = words(language)
    return f"{primary}_{region}" if region else said.locale if said.language.partition("-")[0] == primary else None


def direction(language: str | None) -> str:
    """Return `rtl` or `ltr`, or `auto` when no language is given."""
    if not language:
        return "auto"
    primary, *rest = language.split("-")
    script = next((each for each in rest if len(each) == 4 and each.isalpha()), "")
    return "rtl" if script in _RTL_SCRIPTS or (not script and primary in _RTL_LANGUAGES) else "ltr"


def attributes(language: str | None, around: str | None = None) -> str:
    """Return the attributes `lang` and `dir`, `""` when the language is that of what is around."""
    if language == around or not language:
        return ""
    return f' lang="{escape(language)}" dir="{direction(language)}"'


def called(language: str | None) -> str | None:
    """Return the language's own name for itself, else its tag."""
    found = words(language)
    return found.autonym if (language or "").partition("-")[0] == found.language.partition("-")[0] else language


# -- tags and links --------------------------------------------------------------------------------------------------------


def tag(name: str, /, **given: str | int | None) -> str:
    """Return a start tag; attributes that are `None` are left out, `class_` is `class`, `http_equiv` is `http-equiv`."""
    pairs = (f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in given.items() if value is not None)
    return f"<{name}{''.join(pairs)}>"


def near(url: str, page: str | None, publication: Publication) -> str:
    """Return `url` as seen from the page at `page` when both are the publication's own, else as it is.

    Relative only when resolving it gives back the same (RFC 3986, 5.2), so the page works on the web as from a disk.
    """
    return seen_from(page, publication)(url)


def seen_from(page: str | None, publication: Publication) -> Near:
    """Return what gives an address as `near` does from one page."""
    root = _root(publication.url)
    if not page or not page.startswith(root) or not root.startswith("http"):
        return str
    # Resolving costs ten times as much as finding out that it isn't needed; the same few links come again from each page of a folder.
    if _PLAIN.fullmatch(page, len(root)):
        return partial(_from_folder, f"{page.rpartition('/')[0]}/", root)
    return partial(_from_page, page, root)


@lru_cache(maxsize=4096)
def _from_folder(folder: str, root: str, url: str) -> str:
    if not url.startswith(root) or not _PLAIN.fullmatch(url, len(root)):
        return _from_page(folder, root, url)
    up = ""
    while not url.startswith(folder):  # as `_from` has it, which looks for queries, and at each step
        folder, up = folder[: folder.rindex("/", 0, -1) + 1], f"../{up}"
    return f"{up}{url[len(folder) :]}" or "./"


def _from_page(page: str, root: str, url: str) -> str:
    if not url.startswith(root):
        return url
    relative = _from(page, url)
    return relative if urljoin(page, relative) == url else url


def folder(page: str | None, publication: Publication) -> str | None:
    """Return what decides how links are seen from a page: its folder, or the page itself where `near` looks at all of it."""
    root = _root(publication.url)
    return page.rpartition("/")[0] + "/" if page and page.startswith(root) and _PLAIN.fullmatch(page, len(root)) else page


@lru_cache(maxsize=64)
def _root(url: str) -> str:
    return urljoin(url, ".")


def _from(page: str, url: str) -> str:
    end = min(len(url.partition(mark)[0]) for mark in "?#")
    here, there = re.split("[?#]", page, maxsplit=1)[0].split("/")[:-1], url[:end].split("/")
    same = 0
    while same < min(len(here), len(there) - 1) and here[same] == there[same]:
        same += 1
    path = "../" * (len(here) - same) + "/".join(there[same:])
    return (path or "./") + url[end:]


def media_url(url: str | None) -> str | None:
    """Return the address of a file that a page can load, or `None`."""
    return url if url and url.startswith("http") else None


def lead(article: Article) -> Image | None:
    """Return the article's first picture that is not missing."""
    return next((each for each in article.image if media_url(each.content_url)), None)


def shared(images: Iterable[Image], publication: Publication) -> tuple[Image, ...]:
    """Return the pictures that go with a link to the page: its own, else the publication's."""
    own = tuple(each for each in images if media_url(each.content_url))
    return own or tuple(each for each in (publication.image,) if each and media_url(each.content_url))


def picture(image: Image, href: str, **given: str | int | None) -> str:
    """Return the img element, with its size when that is known so that nothing moves when it loads."""
    size = {"width": image.width, "height": image.height} if image.width and image.height else {}
    return tag("img", src=href, alt=image.description or "", **size, **given)


def sizes(theme: str, place: str) -> str:
    """Return how wide a picture is shown, which a browser has to know before it knows the style."""
    return _SIZES.get(theme, _SIZES["newspaper"])[place]


def framed(img: str, renditions: Iterable[Rendition], near: Near, wide: str) -> str:
    """Return the img element of a picture inside a picture element with its renditions (HTML, 4.8.1); alone where there are none.

    `wide` is what `sizes` gives. A browser takes the first source whose type it knows.
    """
    sources = [
        tag("source", type=media_type, srcset=", ".join(f"{near(each.url)} {each.width}w" for each in several), sizes=wide)
        for media_type, several in groupby(renditions, key=lambda each: each.media_type)
    ]
    return f"<picture>{''.join(sources)}{img}</picture>" if sources else img


def shortened(url: str) -> str:
    """Return an address as people write it: without scheme, `www.` and the last slash."""
    return _BEFORE_HOST.sub("", url).rstrip("/")


def length(seconds: int | None) -> str:
    """Return how long a recording is, such as `1:02:03`; `""` when that is not known."""
    minutes, rest = divmod(seconds or 0, 60)
    hours, minutes = divmod(minutes, 60)
    return "" if not seconds else f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def byline(parties: Iterable[Party], kind: str, near: Near, own: Callable[[Kind, str], str | None] = _nowhere) -> str:
    """Return names, linked to their pages on the site, else to their profiles."""
    return ", ".join(_party(each, kind, near, own) for each in parties)


def _party(party: Party, kind: str, near: Near, own: Callable[[Kind, str], str | None]) -> str:
    profile = media_url(party.url)
    href = own("author", party.name) or (near(profile) if profile else None)
    if href is None:
        return f'<span class="{kind} h-card" dir="auto">{escape(party.name)}</span>'
    return f'<a class="{kind} h-card" dir="auto" href="{escape(href)}">{escape(party.name)}</a>'


def licence(url: str, said: Words) -> str:
    """Return what a licence is called: `CC BY 4.0`, or the language's word for licence."""
    found = _CREATIVE_COMMONS.match(url)
    if not found:
        return said.licence
    kind = {"zero": "CC0", "mark": "Public Domain Mark"}.get(found[2], found[2].upper())
    return f"{kind if found[1] == 'publicdomain' else f'CC {kind}'} {found[3]}"


def kind(article: Article, said: Words) -> str:
    """Return what a reader has to be told about the article: that it is opinion, paid for, …; `""` for a plain report."""
    return {
        "AdvertiserContentArticle": said.advertisement,
        "AnalysisNewsArticle": said.analysis,
        "AskPublicNewsArticle": said.ask,
        "BackgroundNewsArticle": said.background,
        "OpinionNewsArticle": said.opinion,
        "ReportageNewsArticle": said.reportage,
        "ReviewNewsArticle": said.review,
    }.get(article.type, "")
