"""Pages of others: their fields from what they say, their text from what they show.

`metadata` collects what a page says, `passages` finds the text, `pictures` its pictures; here they become an article.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import logging
import re
import uuid
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from publisher import enclosed, markup, schema
from publisher.article import Article, Image, Link
from publisher.cleaner import short_enough
from publisher.formats import Context, Origin, Reading
from publisher.formats.webpage import content, metadata, passages, pictures, runs
from publisher.formats.webpage.metadata import Claim
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem, shown
from publisher.schema import Json, JsonObject
from publisher.text import line, url

__all__ = ["main_text", "read"]

_SPEC = "https://html.spec.whatwg.org/multipage/"
_SHORTEST = 250
"""How many characters of paragraphs make an element likely to hold the article."""
_NOT_TEXT = "header footer nav aside form h1 script style".split()
_GONE = "none"
"""What becomes of those; an `aside` may be a note, and stays."""
_NEVER_TEXT = ("script", "style", "template", "noscript", "svg", "select", "textarea", "button", "input", "canvas")
_LARGEST = 4_000_000
"""Characters of markup that trafilatura is asked about; the largest of 38 real pages has 1.1 million."""
_MOST_ELEMENTS = 60_000
_DEEPEST = 250
"""What is nested deeper was made by no editor, and costs time for each of its blocks."""
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?![0-9])")
_MOST_RELATED = 20
_ON_THE_WEB = re.compile("https?://")
_BEGINNING = 4000
_SAVED = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://\S+)")
"""What browsers, and the most used extension for it, write at the beginning of the pages that they save."""
_BESIDE = re.compile(r"(?:\./)?[^/?#:]+(?:_files|\.files|-files|_fichiers|_archivos|-Dateien|_bestanden|_file|_soubory|_pliki)/[^?]")
"""The folder beside a saved page, in the language of the browser."""


def read(root: Element, source: str, node: JsonObject | None, context: Context) -> Reading:
    """Return the article of a page; raise `Unreadable` when there is none.

    `source` is its markup, `node` its JSON-LD; the tree is changed.
    """
    addresses = _Addresses(root, source, node, context)
    claims = metadata.settled(root, metadata.claims(root, node), context.time_zone)
    if "headline" not in claims:
        message = "there is no article in this page: no JSON-LD, no heading, no title"
        raise Unreadable(problem("page-no-article", Severity.ERROR, message, hint="check that this is the page you mean", spec=_SPEC))
    text = _text(root, source, [*metadata.titles(root, node), str(claims["headline"].value)], _named_pictures(claims))
    unread = _read_datelines(text.datelines, claims, context)
    if "datePublished" not in claims and (day := _guessed_day(source, addresses.own)):
        claims["datePublished"] = day
    short_enough("".join(map(str, text.element.itertext())))  # much sooner known than after it was cleaned
    body, repairs = markup.mended(text.element, addresses.resolve)
    whole = content.publication(_linked(claims, addresses, source) | _minted(claims, addresses, context), context)
    (article,) = whole.articles
    article = replace(article, body=body or article.body, citation=_related(article, text.teasers, addresses.resolve))
    article = _illustrated(article, pictures.said_of(text.lead, addresses.resolve) if text.lead is not None else None)
    return Reading(
        publication=replace(whole, articles=(article,)),
        problems=(*_guesses(node, article, claims), *map(_left_out, unread), *map(_told, repairs)),
        origins=tuple(_origins(article, claims, text, is_minted=addresses.are_ours)),
        is_manuscript=addresses.are_ours,
    )


# -- the fields -------------------------------------------------------------------------------------------------------------


class _Addresses:
    """What a page's own address is, and what references in it mean."""

    def __init__(self, root: Element, source: str, node: JsonObject | None, context: Context) -> None:
        saved = _SAVED.search(source[:_BEGINNING])
        got = context.path if _ON_THE_WEB.match(context.path) else html.unescape(saved[1]) if saved else ""
        here = got or (context.address("") if context.publication else "")
        self.own = url(content.string(node or {}, "url"), here) or url(content.address(root), here) or url(got) or ""
        """The article's own address, `""` when nobody knows."""
        self.are_ours = bool(context.house and context.path and not self.own)
        """Whether the page is a source that gets its address from us, as a manuscript does."""
        told = next((each.get("href") for each in root.iter("base") if each.get("href")), None)
        self._base = (url(told, self.own or here) if told else None) or self.own or here
        self._context = context if context.publication and not _ON_THE_WEB.match(context.path) else None

    def resolve(self, reference: str) -> str | None:
        """Return what a reference means (HTML Standard, 2.4.3); one to what browsers save beside a page is that file."""
        if self._context and _BESIDE.match(reference):
            return url(self._context.address(unquote(reference)))
        return url(reference, self._base)


def _linked(claims: dict[str, Claim], addresses: _Addresses, source: str) -> JsonObject:
    """Return all that is claimed as linked data, with an identifier that is the same every time."""
    found: JsonObject = {"@type": "NewsArticle"}
    found.update((key, each.value) for key, each in claims.items())
    found.update({"url": addresses.own} if addresses.own else {})
    unnamed = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(source.encode()).hexdigest()).urn
    found["identifier"] = line(content.string(found, "identifier")) or addresses.own or unnamed
    if "image" in found:
        found["image"] = _resolved(found["image"], addresses.resolve)
    return found


def _minted(claims: dict[str, Claim], addresses: _Addresses, context: Context) -> JsonObject:
    """Return identifier and address of a page that has no address of its own, and is one of the sources of a publication."""
    if not addresses.are_ours or not context.publication:
        return {}
    identifier, address = enclosed.minted(context.publication, context.since, context.path, str(claims["headline"].value))
    return {"url": address} if "identifier" in claims else {"identifier": identifier, "url": address}


def _resolved(image: Json, resolve: markup.Resolve) -> Json:
    """Return pictures in linked data with absolute addresses."""
    if isinstance(image, list):
        return [_resolved(each, resolve) for each in image]
    if isinstance(image, str):
        return resolve(image) or image
    if isinstance(image, dict):
        return {
            key: _resolved(each, resolve) if key in ("url", "contentUrl") and isinstance(each, str) else each for key, each in image.items()
        }
    return image


def _named_pictures(claims: dict[str, Claim]) -> frozenset[str]:
    """Return the names of the files of the pictures that a page's data name."""
    value = claims["image"].value if "image" in claims else None
    named = [
        each if isinstance(each, str) else content.string(each, "url") or content.string(each, "contentUrl")
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, str | dict)
    ]
    return frozenset(filter(None, map(pictures.address, named)))


def _read_datelines(lines: tuple[str, ...], claims: dict[str, Claim], context: Context) -> list[str]:
    """Add to the claims what lines above the text say that nothing else does; return the lines that say nothing understood."""
    unread = []
    lacks = not {"author", "datePublished"} <= claims.keys()
    for each in lines:
        found = list(metadata.of_dateline(each, claims, context.time_zone))
        for claim in found:
            claims.setdefault(claim.field, claim)
        unread += [each] if lacks and not found else []
    return unread


def _guessed_day(source: str, address: str) -> Claim | None:
    """Return the day in the page's address, else the one that htmldate takes for that of its publication.

    On pages that have no date it gives a wrong one every second time, so that it is never taken silently.
    """
    if found := _DAY_IN_ADDRESS.search(address):
        with contextlib.suppress(ValueError):
            return Claim("datePublished", date(int(found[1]), int(found[2]), int(found[3])).isoformat(), "the page's address", guessed=True)
    if len(source) > _LARGEST:
        return None
    from trafilatura.metadata import extract_metadata  # here because importing it takes long

    told = None
    with _quiet():
        told = extract_metadata(source, extensive=False)
    day = schema.parse_date(told.date) if told is not None and told.date else None
    return Claim("datePublished", day.isoformat(), "a date in the page (htmldate)", guessed=True) if day else None


def _illustrated(article: Article, lead: Image | None) -> Article:
    """Return the article with the picture above its text as the first one, each picture once, and none that is in the text.

    Sites give one picture in several sizes and cuts, all with the name of its file.
    """
    named: dict[str, Image] = {}
    inside = set(map(pictures.address, markup.media(article.body)))
    for at, each in enumerate((*filter(None, (lead,)), *article.image)):
        name = pictures.address(each.content_url or "")
        if name in named:
            named[name] = _both(named[name], each)
        elif not at or name not in inside:
            named[name] = each
    only = lead is not None and len(article.image) == 1  # what is shared is the picture above the text, in another cut
    return replace(article, image=tuple(named.values())[: 1 if only else None])


def _both(first: Image, second: Image) -> Image:
    """Return a picture with what is said of it in two places."""
    values = {each.name: getattr(first, each.name) or getattr(second, each.name) for each in fields(Image)}
    return Image(**values | ({"width": None, "height": None} if first.content_url != second.content_url else {}))


def _related(article: Article, teasers: tuple[Element, ...], resolve: markup.Resolve) -> tuple[Link, ...]:
    """Return the article's related reading: what its data name, and the links of lines such as "Read more: …" in its text."""
    found = {each.url: each for each in article.citation}
    for link in (link for each in teasers for link in each.iter("a")):
        address, name = resolve(link.get("href") or ""), content.said(link)
        if address and name and address.startswith("http") and len(found) < _MOST_RELATED:
            found.setdefault(address, Link(url=address, name=name))
    return tuple(found.values())


# -- the text ---------------------------------------------------------------------------------------------------------------


class _Text(NamedTuple):
    element: Element
    lead: Element | None = None
    teasers: tuple[Element, ...] = ()
    datelines: tuple[str, ...] = ()
    by: str = "the page's longest article, main or body"


def _text(root: Element, source: str, titles: list[str], leads: frozenset[str]) -> _Text:
    """Return the element that holds the article's text and nothing else."""
    said = main_text(source) if _depth(root) <= _DEEPEST else ""
    runs.sanitize(root)
    pictures.resolved(root)
    if said:
        for each in list(root.iter(*_NEVER_TEXT)):
            markup.take_out(each)
        pictures.figured(root)
        runs.wrap(root)
        notes = [each for each in root.iter(etree.Element) if each.get("id") and markup.is_note(each)]
        found = passages.chosen(root, said, titles, leads)
        if found is not None:
            _bring_notes(found.text, notes)
            return _Text(found.text, found.lead, found.teasers, found.datelines, "the page's own markup, chosen by trafilatura")
    return _Text(_guessed_body(root))


def _bring_notes(text: Element, notes: list[Element]) -> None:
    """Put the notes behind the text that it refers to: what stands beside a text is no text for who looks for one."""
    there = {each.get("id") for each in text.iter(etree.Element)}
    asked = {(each.get("href") or "")[1:] for each in text.iter("a") if (each.get("href") or "").startswith("#")}
    for each in notes:
        if each.get("id") in asked - there:
            each.tail = None
            text.append(each)


def _depth(root: Element) -> int:
    return max(accumulate(1 if event == "start" else -1 for event, _ in etree.iterwalk(root, events=("start", "end"))))


def main_text(source: str) -> str:
    """Return the text that a page is about, as trafilatura finds it, `""` when it finds none or the page is too large for it."""
    if len(source) > _LARGEST or source.count("<") > 2 * _MOST_ELEMENTS:
        return ""
    import trafilatura  # here because importing it takes long

    with _quiet():
        return trafilatura.extract(source, include_comments=False, favor_precision=True) or ""
    return ""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Let trafilatura neither print what it thinks of a page nor fail on one made to do harm."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL + 1)
    # It raises what lxml, its own code and the libraries below raise for strange pages, each of another kind.
    with contextlib.suppress(Exception):
        yield


def _guessed_body(root: Element) -> Element:
    """Return the longest `article`, else `main`, else `body`, without what is around a text."""
    lengths = content.lengths(root)
    candidates = (max(root.iter(name), key=lengths.__getitem__, default=root) for name in ("article", "main", "body"))
    chosen = next((each for each in candidates if each is not root and lengths[each] >= _SHORTEST), root)
    for each in [each for each in chosen.iter(*_NOT_TEXT) if not markup.is_note(each)]:
        each.tag = _GONE
    etree.strip_elements(chosen, _GONE, with_tail=False)
    return chosen


# -- what is told -----------------------------------------------------------------------------------------------------------


def _told(repair: markup.Repair) -> Problem:
    """Return as a problem what was put right in the text, with its line in the page."""
    line = repair.element.sourceline if repair.element is not None else None
    return repair.problem(line if isinstance(line, int) else 0)


def _left_out(line: str) -> Problem:
    message = f"a line above or below the text was left out, since it is neither an author nor a date that is understood: {shown(line)}"
    return problem("article-dateline-unread", Severity.INFO, message, hint="put what it says into the article's fields, or into its text")


def _guesses(node: JsonObject | None, article: Article, claims: dict[str, Claim]) -> Iterator[Problem]:
    hint = "compare it with the page"
    yield problem("page-body-guessed", Severity.INFO, "which part of the page is the article was guessed", hint=hint)
    if node is None:
        yield problem("page-fields-guessed", Severity.INFO, "the page has no JSON-LD; its metadata was read instead", hint=hint)
    if not article.body:
        yield problem("page-body-missing", Severity.WARNING, "no text was found in the page", hint=hint)
    if count := _comments(node or {}):
        yield problem(
            "page-comments", Severity.INFO, f"{count} comments of readers were left out: an article has none", hint="keep the page"
        )
    day = claims.get("datePublished")
    if day is not None and day.guessed and article.date_published:
        message = f"the page does not say when it was published; {article.date_published.isoformat()} is from {day.source}"
        yield problem("page-date-guessed", Severity.WARNING, message, hint=hint)
    undescribed = [each.content_url for each in article.image if each.content_url and not each.description]
    if undescribed:
        more = f", and {len(undescribed) - 1} more" if len(undescribed) > 1 else ""
        message = f"a lead picture has no alternative text: {shown(undescribed[0])}{more}"
        yield problem("alternative-text-missing", Severity.INFO, message, hint="say what it shows")


def _comments(node: JsonObject) -> int:
    """Return how many comments of readers a page's data count or give."""
    given, counted = node.get("comment"), str(node.get("commentCount") or "")
    return max(
        len(given) if isinstance(given, list) else 0, int(counted) if counted.isascii() and counted.isdigit() and len(counted) < 10 else 0
    )


def _origins(article: Article, claims: dict[str, Claim], text: _Text, *, is_minted: bool) -> Iterator[Origin]:
    """Yield where each field of the article was taken from."""
    computed = {
        "identifier": "the file's name" if is_minted else "the page's address" if article.identifier == article.url else "the page's bytes",
        "url": "the file's name" if is_minted else "canonical link, og:url, or where the page was got",
        "image": "the picture above the text",
        "citation": "lines in the text that lead to other articles",
    }
    for key in schema.spell(article):
        claim = claims.get("articleBody" if key == "body" else key)
        if key == "body" and article.body:
            yield Origin(identifier=article.identifier, field=key, source=text.by, guessed=True)
        elif key == "image" and text.lead is not None and claim is not None:
            yield Origin(identifier=article.identifier, field=key, source=f"{computed[key]}, and {claim.source}")
        elif claim is not None:
            yield Origin(identifier=article.identifier, field=key, source=claim.source, guessed=claim.guessed)
        elif key in computed:
            yield Origin(identifier=article.identifier, field=key, source=computed[key])
