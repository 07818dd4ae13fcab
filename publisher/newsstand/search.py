"""Search that runs in the page: a page with a field and a script, and an index in parts, each a script so that it works from a disk too.

The index is divided by days into periods. Each period has its own parts: some tell what is shown of its articles, some have its words, and
with each word the articles that have it. An article that comes, goes or changes rewrites the parts of its period in which it or its words
are, and the list of parts; all other parts keep their bytes and their names. Who searches loads the list of parts, of each period one to
three parts for each word, and the parts of the articles that are shown.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from base64 import b32encode, b64encode
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import accumulate, pairwise
from zlib import crc32

from publisher import markup, schema
from publisher.article import Article, Publication
from publisher.formats import Target
from publisher.linked import graph
from publisher.newsstand import addresses
from publisher.newsstand.plan import Site, moment
from publisher.outputs import Make, Output
from publisher.schema import JsonObject
from publisher.themes import frame, pages, templates
from publisher.themes.frame import Frame

__all__ = [
    "FOLDER",
    "Entry",
    "Part",
    "Period",
    "day_of",
    "entry",
    "fold",
    "index",
    "outputs",
    "parts",
    "period",
    "periods",
    "shown",
    "terms",
    "write",
]

NAME = "search"
PATH = "search.html"
_THEMES = files("publisher") / "themes"
FOLDER = "search/parts"
"""Where the parts are that have a digest in their names; the list of parts, which has none, is `search/index.js`."""
_SIZE = 12_000
"""Bytes of a part with words, as far as no single one needs more."""
_RECORDS = 6_000
"""Bytes of a part with articles."""
_DIGEST = 8
"""Characters of the digest in the name of a part."""
_DAYS = 1 << 22
"""Days of the first period, which has every date of the calendar."""
_CROWD = 1_000
"""Articles of one period."""
_SPAN = 1 << 19
"""Articles of one period times its days: so both the number of periods and their size grow as the square root of all articles."""
_LONGEST = 40
"""Characters of a word; what is longer is none that anybody types."""
_STANDFIRST = 300
"""Characters of a standfirst that are shown."""
_BODY, _NAMES, _STANDS, _HEADLINE = range(4)
"""What counts for little, and what for much: `WEIGHTS` in the script."""
_NO_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: scripts that write no space between words."""
_SPACELESS = re.compile(f"[{_NO_SPACES}]+")
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
"""Accents of Latin, Greek and Cyrillic, vowels of Hebrew and Arabic; those of Indic scripts and of kana make other words."""
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "ς": "σ"}
    | {"ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك"}
)
_DIGITS = "".join(chr(code) for code in range(32, 127) if chr(code) not in '"<\\')
"""What JSON and scripts hold as it is: 46 digits that end a number, then 46 that do not."""
_EPOCH = date(1970, 1, 1).toordinal()
_REMARK = re.compile(r"(?:^|\s)//.*")
_ARTICLE = re.compile(r"^(?:[وفبكل]?ال|لل)(?=[^\W\d_]{3})")
"""The article of Arabic, which is written with its word, and what may be before it."""


class _Apart(dict[int, str]):
    """Letters, digits and their marks as they are, all else as a space; each character is looked up once."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code) if unicodedata.category(chr(code))[0] in "LNM" else " "
        return self[code]


_APART = _Apart()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One script of the index."""

    name: str
    """With a digest of what is in it, so that no part of an older index is taken for one of a newer one."""
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the index has of one article."""

    key: str
    """The identifier of the article."""
    shown: tuple[str, ...]
    """What is shown of it; see `shown`."""
    weights: Mapping[str, int]
    """Its terms, each with the weight of the most important place where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The index of the articles of some days."""

    listed: JsonObject
    """What the list of parts says of it: how many articles it has, and how each part begins and what digest it has."""
    parts: tuple[Part, ...]


# -- words ----------------------------------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """Return a text without what people leave out when they search: case, accents, vowel marks, forms of letters."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    return plain.lower().translate(_LETTERS)


def terms(text: str) -> Iterator[str]:
    """Yield what finds a text, each at least once: its words, and in scripts without spaces each two characters, and the last one."""
    for run in dict.fromkeys(_runs(fold(text))):
        if run.isascii() or not _SPACELESS.match(run):
            if len(run) > 1 or unicodedata.category(run)[0] == "N":
                yield (run if run.isascii() else _ARTICLE.sub("", run))[:_LONGEST]
            continue
        yield from (one + other for one, other in pairwise(run))
        yield run[-1]


def _runs(text: str) -> Iterator[str]:
    """Yield the words of a text, and runs of characters of scripts without spaces."""
    if text.isascii():
        yield from re.findall(r"[a-z0-9]+", text)
        return
    for word in text.translate(_APART).split():
        if not _SPACELESS.search(word):
            yield word
            continue
        start = 0
        for found in _SPACELESS.finditer(word):
            yield from filter(None, (word[start : found.start()], found[0]))
            start = found.end()
        yield from filter(None, (word[start:],))


def _weighed(article: Article) -> dict[str, int]:
    """Return the terms of an article, each with the weight of the most important place where it is."""
    names = (article.article_section, article.dateline, *article.keywords, *(each.name for each in article.author))
    captions = (text for each in article.image for text in (each.caption, each.description))
    fields: tuple[tuple[int, Iterable[str | None]], ...] = (
        (_BODY, (markup.plain_text(article.body), *captions)),
        (_NAMES, names),
        (_STANDS, (article.description, article.alternative_headline)),
        (_HEADLINE, (article.headline,)),
    )
    return {term: weight for weight, texts in fields for text in texts if text for term in terms(text)}  # the last weighs most


# -- the index ------------------------------------------------------------------------------------------------------------


def parts(publication: Publication, articles: Sequence[Article], page: str) -> list[Part]:
    """Return the scripts of the index of articles, the newest first, for the page at the URL `page`; the list of the others comes last."""
    findable = [each for each in reversed(articles) if each.url]
    made = [
        period(first, (entry(each, publication, page) for each in findable[start:end]))
        for first, start, end in periods([day_of(each) for each in findable])
    ]
    return [*(part for each in made for part in each.parts), index([each.listed for each in made])]


def day_of(article: Article) -> int:
    """Return the day on which an article was published (UTC), counted from the year 1; 1 when it is not known."""
    return int(moment(article).timestamp() // 86_400) + _EPOCH


def periods(days: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield the first day of each period that has articles, and where these begin and end in `days`: when each was published, ascending.

    Periods have 1, 2, 4, … days and begin at a multiple of that, so that an article changes only the period in which it is.
    """
    waiting = [(0, _DAYS, 0, len(days))]
    while waiting:
        first, length, start, end = waiting.pop()
        if length > 1 and end - start > min(_CROWD, _SPAN // length):
            half = length // 2
            middle = bisect_left(days, first + half, start, end)
            waiting += [(first + half, half, middle, end), (first, half, start, middle)]
        elif end > start:
            yield first, start, end


def entry(article: Article, publication: Publication, page: str) -> Entry:
    """Return what the index has of an article."""
    return Entry(key=article.identifier, shown=shown(article, publication, page), weights=_weighed(article))


def period(first: int, entries: Iterable[Entry]) -> Period:
    """Return the index of the articles of one period, which are given the oldest first."""
    keys, records = [], []
    by_term: dict[str, list[int]] = {}
    for place, each in enumerate(entries):
        keys.append(each.key)
        records.append(each.shown)
        for term, weight in each.weights.items():
            by_term.setdefault(term, []).append(place * 4 + weight)
    terms = sorted(by_term, key=lambda each: each.encode("utf-16-be", "surrogatepass"))  # as JavaScript compares them
    steps = [_steps(by_term[each]) for each in terms]
    records_in = _divided(keys, [len(_json(each).encode()) for each in records], _RECORDS)
    words_in = _divided(terms, [len(term.encode()) + len(step) + 6 for term, step in zip(terms, steps, strict=True)], _SIZE)
    name = date.fromordinal(max(first, 1)).isoformat()
    articles = [_part(f"articles-{name}", records[start:end]) for start, end in records_in]
    words = [_part(f"words-{name}", dict(zip(terms[start:end], steps[start:end], strict=True))) for start, end in words_in]
    listed: JsonObject = {
        "from": name,
        "count": len(keys),
        "articles": _listed([start for start, _ in records_in], articles),
        "words": _listed([_beginning(terms, start) for start, _ in words_in], words),
    }
    return Period(listed=listed, parts=(*articles, *words))


def _listed(firsts: Sequence[int] | Sequence[str], several: Sequence[Part]) -> JsonObject:
    """Return what the list of parts says of the parts of one kind: what is first in each, and their digests behind each other."""
    return {"firsts": list(firsts), "digests": "".join(each.name[-_DIGEST:] for each in several)}


def _beginning(terms: Sequence[str], start: int) -> str:
    """Return as little of a term as comes after the term before it."""
    if not start:
        return ""
    former, term = terms[start - 1], terms[start]
    return term[: next((place for place, (one, other) in enumerate(zip(former, term, strict=False)) if one != other), len(former)) + 1]


def index(listed: Sequence[JsonObject]) -> Part:
    """Return the list of parts, from what each period says of its own; the oldest period first."""
    return Part(name="index", body=_script("index", listed))


def _divided(keys: Sequence[str], sizes: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Return where each part begins and ends: what is larger than `most` is divided before the key in it that has the lowest checksum.

    Where parts were cut by their sizes from the first on, one key more could move all later cuts.
    """
    ranks = [(crc32(each.encode()), each) for each in keys]
    sums = [0, *accumulate(sizes)]
    found: list[tuple[int, int]] = []
    waiting = [(0, len(keys))]
    while waiting:
        start, end = waiting.pop()
        if end - start > 1 and sums[end] - sums[start] > most:
            middle = min(range(start + 1, end), key=ranks.__getitem__)
            waiting += [(middle, end), (start, middle)]
        elif end > start:
            found.append((start, end))
    return found


def _steps(places: Sequence[int]) -> str:
    """Return the first place, and the steps from each to the next, as digits to the base 46: the last of each number is a lower one."""
    digits: list[str] = []
    for earlier, later in pairwise((0, *places)):
        number = later - earlier
        last = [_DIGITS[number % 46]]
        while number := number // 46:
            last.append(_DIGITS[46 + number % 46])
        digits += reversed(last)
    return "".join(digits)


def shown(article: Article, publication: Publication, page: str) -> tuple[str, ...]:
    """Return what is shown of an article: address, headline, language, direction, section, day, the same in words, authors, standfirst."""
    around = publication.in_language
    own = article.in_language if article.in_language and article.in_language != around else ""
    published = article.date_published
    day = published.date() if isinstance(published, datetime) else published
    return (
        pages.near(article.url or "", page, publication),
        article.headline,
        own,
        pages.direction(own) if own else "",
        article.article_section or "",
        day.isoformat() if day else "",
        pages.in_words(day, pages.words(around)) if day else "",
        ", ".join(each.name for each in article.author),
        _shortened(article.description or ""),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _STANDFIRST else f"{text[: _STANDFIRST - 1].rstrip()}…"


def _part(kind: str, value: object) -> Part:
    digest = b32encode(sha256(_json(value).encode()).digest()).decode().lower()[:_DIGEST]
    return Part(name=f"{kind}-{digest}", body=_script(f"{kind}-{digest}", value))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _script(name: str, value: object) -> bytes:
    """Return a script that gives a part to the page: JSON is JavaScript (ECMA-262, 2019 on), and without `<` it is no HTML either."""
    given = _json(value).replace("<", "\\u003c")
    return f"publisherSearch({json.dumps(name)},{given});\n".encode()


# -- the page -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the page of the search says, in one language (`search.toml`)."""

    found: str
    """With `{n}`, how many articles there are."""
    nothing: str
    unscripted: str
    failed: str
    more: str


@lru_cache(maxsize=64)
def wording(language: str) -> Wording:
    """Return the words for a language that `pages.words` has, or the broader one of it."""
    known = tomllib.loads((_THEMES / "search.toml").read_text("utf-8"))
    chosen = known["en"] | known.get(language.partition("-")[0], {}) | known.get(language, {})
    return Wording(**{each.name: chosen[each.name] for each in fields(Wording)})


def outputs(site: Site) -> Iterator[Output]:
    """Yield the page and the parts of the index, where pages are written and the search is asked for."""
    if "webpage" not in site.formats or not site.options.search:
        return
    path = site.free(PATH)
    publication, url = site.publication, addresses.url(site.publication, path)
    target = Target(url=url, alternates=site.alternates, hub=site.options.hub, site=site.around)
    yield _output(path, site.bare, Make(write, site.bare, target), target)
    for each in parts(publication, site.articles, url):
        folder = FOLDER if "-" in each.name else "search"
        yield _output(f"{folder}/{each.name}.js", site.bare, Make(bytes, each.body))


def _output(path: str, publication: Publication, make: Make, target: Target | None = None) -> Output:
    return Output(path=path, format=NAME, publication=publication, make=make, target=target or Target(url=addresses.url(publication, path)))


@lru_cache(maxsize=1)
def _script_of_page() -> str:
    """Return the script that searches, in one line and without comments.

    It is inside the page, with its digest in the policy. The Nu Html Checker (26.9) takes a file beside the page for a stranger's,
    and gets the digest of several lines wrong.
    """
    lines = (_REMARK.sub("", each).strip() for each in (_THEMES / "search.js").read_text("utf-8").splitlines())
    return " ".join(each for each in lines if each)


def source() -> str:
    """Return what lets the script that searches run, and no other (CSP 3, 2.3.1): its digest."""
    return f"'sha256-{b64encode(sha256(_script_of_page().encode()).digest()).decode()}'"


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the page of the search, in UTF-8; raise `PublisherError` when a user's template is wrong."""
    page = _page(publication, target)
    archive = dict(target.site.services).get("archive", publication.url)
    given = {
        "archive": page.near(archive),
        "code": templates.kept(_script_of_page()),
        "wording": wording(page.words.language),
    }
    return frame.render(page, PATH, **given)


def _page(publication: Publication, target: Target) -> Frame:
    """Return the frame of the page, the only one of a site that lets scripts of its own run and a form lead somewhere."""
    name = pages.words(publication.in_language).search
    return Frame(
        publication=publication,
        title=f"{name} – {publication.name}",
        data=schema.to_script(_linked(publication, target.url or publication.url, name)),
        site=target.site,
        here=target.url,
        canonical=target.url,
        alternates=target.alternates,
        sheets=("page.css", "look.css", "search.css"),
        scripts=("'self'", source()),
        forms="'self'",
    )


def _linked(publication: Publication, url: str, name: str) -> JsonObject:
    """Return the page as a part of the site (https://schema.org/SearchResultsPage)."""
    site: JsonObject = {"@id": graph.site_id(publication)}
    return {"@context": schema.CONTEXT, "@type": "SearchResultsPage", "@id": url, "url": url, "name": name, "isPartOf": site}
