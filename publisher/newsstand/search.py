"""Search that runs in the page: a page with a field and a script, and an index in parts, each a script so that it works from a disk too.

The index has no words in an order that only a program of others knows: terms, sorted as JavaScript compares them, cut into parts of
about 16 kB; in each part, for each term, the articles that have it, the newest first, as steps between `article * 4 + weight`.
Who searches loads the list of parts, one to three parts for each word, and the parts of the articles that are shown.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise

from publisher import markup, schema
from publisher.article import Article, Publication
from publisher.formats import Target
from publisher.linked import graph
from publisher.newsstand import addresses
from publisher.newsstand.plan import Site
from publisher.outputs import Make, Output
from publisher.schema import JsonObject
from publisher.themes import frame, pages, templates
from publisher.themes.frame import Frame

__all__ = ["Part", "fold", "outputs", "parts", "terms", "write"]

NAME = "search"
PATH = "search.html"
_THEMES = files("publisher") / "themes"
_SIZE = 16_000
"""Characters of a part with words, as far as no single one needs more."""
_TOGETHER = 10
"""Articles in one part: as many as are shown at once, so that ten parts of ten are no more than one page of results needs."""
_LONGEST = 40
"""Characters of a word; what is longer is none that anybody types."""
_FEW = 50
"""Up to how many articles every word counts; of more, what is in half of them leads only to the newest."""
_SOME = 30
"""To how many."""
_MOST = 2_000
"""Articles that one word may lead to: 2,000 are 8 kB."""
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
    findable = [each for each in articles if each.url]
    told = [_part("articles", [_told(each, publication, page) for each in several]) for several in _cut(findable)]
    by_term: dict[str, list[int]] = {}
    for number, article in enumerate(findable):
        for term, weight in _weighed(article).items():
            by_term.setdefault(term, []).append(number * 4 + weight)
    most = min(_MOST, max(_FEW, len(findable) // 2))
    common = {term: _steps(found[:_SOME]) for term, found in sorted(by_term.items()) if len(found) > most}
    rare = {term: found for term, found in by_term.items() if len(found) <= most}
    words = [(next(iter(several)), _part("words", several)) for several in _packed(rare)]
    head = {
        "count": len(findable),
        "size": _TOGETHER,
        "articles": [each.name for each in told],
        "words": [[first, each.name] for first, each in words],
        "common": common,
    }
    return [*told, *(each for _, each in words), Part(name="index", body=_script("index", head))]


def _steps(places: Sequence[int]) -> list[int]:
    """Return the first place, and the steps from each to the next: small numbers for large ones."""
    return [later - earlier for earlier, later in zip([0, *places], places, strict=False)]


def _cut(articles: Sequence[Article]) -> Iterator[Sequence[Article]]:
    yield from (articles[start : start + _TOGETHER] for start in range(0, len(articles), _TOGETHER))


def _packed(by_term: Mapping[str, list[int]]) -> Iterator[dict[str, list[int]]]:
    """Yield the terms in parts, in the order in which JavaScript compares strings, each with the steps between its places."""
    part: dict[str, list[int]] = {}
    size = 0
    for term in sorted(by_term, key=lambda each: each.encode("utf-16-be", "surrogatepass")):
        places = by_term[term]
        steps = _steps(places)
        length = len(term.encode()) + len(json.dumps(steps, separators=(",", ":"))) + 4
        if part and size + length > _SIZE:
            yield part
            part, size = {}, 0
        part[term] = steps
        size += length
    if part:
        yield part


def _told(article: Article, publication: Publication, page: str) -> list[str]:
    """Return what is shown of an article: address, headline, language, direction, section, day, the same in words, authors, standfirst."""
    around = publication.in_language
    own = article.in_language if article.in_language and article.in_language != around else ""
    published = article.date_published
    day = published.date() if isinstance(published, datetime) else published
    return [
        pages.near(article.url or "", page, publication),
        article.headline,
        own,
        pages.direction(own) if own else "",
        article.article_section or "",
        day.isoformat() if day else "",
        pages.in_words(day, pages.words(around)) if day else "",
        ", ".join(each.name for each in article.author),
        _shortened(article.description or ""),
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= _STANDFIRST else f"{text[: _STANDFIRST - 1].rstrip()}…"


def _part(kind: str, value: object) -> Part:
    digest = sha256(json.dumps(value).encode()).hexdigest()[:10]
    name = f"{kind}-{digest}"
    return Part(name=name, body=_script(name, value))


def _script(name: str, value: object) -> bytes:
    """Return a script that gives a part to the page: JSON is JavaScript (ECMA-262, 2019 on), and without `<` it is no HTML either."""
    given = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
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
        yield _output(f"search/{each.name}.js", site.bare, Make(bytes, each.body))


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
