"""Feeds that are not well-formed XML or JSON, read as far as they can be: the damage of one item leaves the others whole.

What readers of feeds forgive in silence is in `feeds.parse_foreign`; what is done here is told. In this order, each only when
the one before was not enough: the text is decoded anew, freed of what is around the feed, of control characters and of names
that XML does not know, and every & that stands alone is escaped; then the items are taken apart and each is read by itself,
with markup in it that nobody closed as text; what still cannot be read is read by libxml2's own way of recovering.
A feed that declares entities is not rescued. Everything takes time in proportion to the length.
"""

from __future__ import annotations

import codecs
import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from html import unescape as character

from lxml import etree

from publisher import charset, feeds, schema
from publisher.markup import Element, unescape
from publisher.problems import Problem, Severity, Unreadable, problem, shown
from publisher.schema import Json, JsonObject
from publisher.text import allowed, escape

__all__ = ["Tree", "json_feed", "own", "tree"]


@dataclass(frozen=True, slots=True)
class Tree:
    """The root of a feed, and what had to be repaired to get it."""

    root: Element
    problems: tuple[Problem, ...] = ()


_HOPELESS = re.compile(r"depth|resource limit|huge|nothing in it|document is empty")
"""What libxml2 says of a document that is dangerous, or empty."""
_DECLARED = re.compile(rb"""<\?xml[^<>]*?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_BEGIN = re.compile(r"<\?xml\s|<!DOCTYPE|<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel)(?=[\s>])", re.IGNORECASE)
_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel))(?=[\s>])(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*>", re.IGNORECASE)
_PROLOG = re.compile(r"<\?[^<>]*\?>|<!DOCTYPE[^<>\[\]]*>", re.IGNORECASE)
_SECTION = re.compile(r"<!\[CDATA\[|<!--")
_CLOSE = {"<![CDATA[": "]]>", "<!--": "-->"}
_ENTITY = re.compile(r"&(?:#(?:\d{1,8}|[xX][0-9A-Fa-f]{1,7})|[A-Za-z][A-Za-z0-9]{0,31});")
_MOST_ITEMS, _LONGEST_START = 50_000, 10_000
"""Items that are read one by one, and characters of the start tag that is around each then."""
_KEPT = frozenset(("&amp;", "&lt;", "&gt;", "&quot;", "&apos;"))
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,8}|#x[0-9A-Fa-f]{1,7});)")
_LONE = re.compile(r"<(?![A-Za-z_/?!])")
_ITEM = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_END = re.compile(r"</([A-Za-z_][\w.:-]*)\s*>")
_TEXTS = re.compile(
    r"<((?:[A-Za-z_][\w.-]*:)?(?:title|description|encoded|summary|content|subtitle|tagline|copyright|rights|info))"
    r"(?=[\s>])(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*(?<!/)>",
    re.IGNORECASE,
)


def tree(body: bytes) -> Tree:
    """Return the root of a feed and what was repaired in it; raise `Unreadable` when there is no feed in the bytes."""
    try:
        return Tree(feeds.parse_foreign(body))
    except Unreadable as error:
        found = error.problems[0]
        if found.code != "xml-malformed" or _HOPELESS.search(found.message) or b"<!ENTITY" in body:
            raise
        try:
            rescued = _rescued(body, found)
        except (etree.LxmlError, Unreadable):
            raise error from None
        if rescued is None:
            raise
    return rescued


def own(body: bytes) -> Element | None:
    """Return the root of a feed of ours that is as it was written: one tree for its rules and its reader, neither of which changes it.

    Not for documents with what only one of them looks at: entities, and what addresses are relative to.
    """
    if b"<!DOCTYPE" in body or b"xml:base" in body:
        return None
    with suppress(Unreadable):
        root = feeds.parse(body)
        return root if feeds.is_ours(root) else None
    return None


def _rescued(body: bytes, why: Problem) -> Tree | None:
    """Return what can be had of a feed that is not well-formed, and `why` it is not, as a warning."""
    text, before = _begun(_decoded(body))
    if not _ROOT.search(text):
        return None
    text = _cleaned(text)
    told = (_told(why),)
    try:
        root = feeds.parse(feeds.declared(text.encode()))
        lost: tuple[Problem, ...] = ()
    except Unreadable:
        pieces = _pieces(text, before)
        if pieces is None:
            return None
        root, lost = pieces
    feeds.join_bases(root)
    return Tree(root, (*told, *lost))


def _told(why: Problem) -> Problem:
    message = why.message.replace("this is not well-formed XML", "the feed is not well-formed XML, and is read as far as it can be")
    return replace(why, code="feed-not-well-formed", severity=Severity.WARNING, message=message)


# -- text -----------------------------------------------------------------------------------------------------------------


def _decoded(body: bytes) -> str:
    """Return the text of a feed: in UTF-8, single bytes that are not are taken for Windows-1252."""
    found = _DECLARED.search(body[:400])
    declared = found[1] if found else None
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in body[:4]:
        return charset.text_of(body, declared)
    if (declared or b"utf-8").lower() in (b"utf-8", b"utf8"):
        text = body.decode(errors="surrogateescape")
        broken = len(re.findall("[\udc80-\udcff]", text))
        # What continues a character in UTF-8 is hardly ever there by chance.
        if broken <= 4 * len(re.findall("[\x80-\ud7ff\ue000-\U0010ffff]", text)):
            return re.sub("[\udc80-\udcff]", _windows_1252, text).removeprefix("\ufeff")
        declared = None  # it is not what it says
    return charset.text_of(body, declared).removeprefix("\ufeff")


def _windows_1252(found: re.Match[str]) -> str:
    return bytes([ord(found[0]) - 0xDC00]).decode("cp1252", errors="replace")


def _begun(text: str) -> tuple[str, int]:
    """Return the text from where the feed begins, without declarations, and how many lines were before it."""
    found = _BEGIN.search(text)
    start = found.start() if found else 0
    while prolog := _PROLOG.match(text, start + len(text[start : start + 400]) - len(text[start : start + 400].lstrip())):
        start = prolog.end()
    return text[start:], text.count("\n", 0, start)


def _cleaned(text: str) -> str:
    """Return the text with sections as escaped text, and without comments and what XML does not know."""
    return "".join(_sections(allowed(text)))


def _sections(text: str) -> Iterator[str]:
    """Yield the parts of a text: what is markup, and what CDATA sections hold, escaped; of comments only the line ends."""
    place, unclosed = 0, set[str]()
    while found := _SECTION.search(text, place):
        yield _marked(text[place : found.start()])
        kind = found[0]
        end = -1 if kind in unclosed else text.find(_CLOSE[kind], found.end())
        inner = text[found.end() : end] if end >= 0 else ""
        if end < 0:
            unclosed.add(kind)
            place = found.end()
            continue
        if kind in inner and _ITEM.search(inner):  # nobody closed it: the end is that of the last one
            before, _, inner = inner.rpartition(kind)
            yield _marked(before.replace(kind, ""))
        yield escape(inner) if kind == "<![CDATA[" else "\n" * inner.count("\n")
        place = end + 3
    yield _marked(text[place:])


def _marked(text: str) -> str:
    return _LONE.sub("&lt;", _BARE.sub("&amp;", _ENTITY.sub(_character, text.replace("]]>", "]]&gt;"))))


def _character(found: re.Match[str]) -> str:
    """Return a reference to a character as XML has it: HTML's names as the characters, and of what cannot be in XML nothing."""
    if found[0] in _KEPT:
        return found[0]
    said = character(found[0])
    return found[0] if said == found[0] else escape(allowed(said).replace("\ufffd", ""))


# -- items ----------------------------------------------------------------------------------------------------------------


def _pieces(text: str, before: int) -> tuple[Element, tuple[Problem, ...]] | None:
    """Return a feed whose items were read one by one, and what is said of those that are damaged or not whole."""
    text = feeds.declared(text.encode()).decode()
    start = _ROOT.search(text)
    items = list(_items(text))
    if not start or not items or len(items) > _MOST_ITEMS or len(start[0]) > _LONGEST_START:
        return None
    whole = items if _is_whole(text, items[-1]) else items[:-1]
    outside = text[: items[0][0]] + "".join(text[a:b] for a, b in _between(items, len(text)))
    root = _recovered(outside)
    if root is None or not whole:
        return None
    frame, close = start[0], f"</{start[1]}>"
    container = _container(root)
    damaged, line, at = 0, before, 0
    for first, last in whole:
        line, at = line + text.count("\n", at, first), first
        item, sound = _item(frame, text[first:last], close)
        damaged += not sound
        if item is not None:
            _located(item, line)
            container.append(item)
    return root, tuple(_losses(damaged, len(items) - len(whole), len(whole), line))


def _items(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each item begins and ends: at its end tag, else where the next begins."""
    starts = [(found.start(), found[1]) for found in _ITEM.finditer(text)]
    for number, (start, name) in enumerate(starts):
        limit = starts[number + 1][0] if number + 1 < len(starts) else len(text)
        end = text.find(f"</{name}", start, limit)
        close = text.find(">", end, limit) if end >= 0 else -1
        yield start, close + 1 if close >= 0 else limit


def _between(items: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """Yield what is between and behind the items."""
    for (_, end), (start, _) in zip(items, [*items[1:], (length, length)], strict=True):
        yield end, start


def _is_whole(text: str, item: tuple[int, int]) -> bool:
    """Return whether the last item has an end, its own or that of what it is in."""
    start, end = item
    return bool(re.search(r"</[\w.:-]*(?:item|entry)\s*>$|</(?:channel|rss|[\w.-]*:?rdf|[\w.-]*:?feed)\b", text[start:end], re.IGNORECASE))


def _item(frame: str, text: str, close: str) -> tuple[Element | None, bool]:
    """Return an item by itself, and whether it was sound."""
    for sound, chunk in ((True, text), (False, _as_texts(text))):
        try:
            return _first(feeds.parse(f"{frame}{chunk}{close}".encode())), sound
        except Unreadable:
            continue
    return _first(_recovered(f"{frame}{_as_texts(text)}{close}")), False


def _first(root: Element | None) -> Element | None:
    return None if root is None or not len(root) else root[0]


def _as_texts(text: str) -> str:
    """Return an item in which whatever is in a title, a summary or a text is text, and not elements."""
    ends: dict[str, list[int]] = {}
    for each in _END.finditer(text):
        ends.setdefault(each[1], []).append(each.start())
    chunks, place = [], 0
    while found := _TEXTS.search(text, place):
        known = ends.get(found[1], [])
        later = bisect_left(known, found.end())
        end = known[later] if later < len(known) else found.end()
        inner = text[found.end() : end]
        chunks += [text[place : found.end()], escape(unescape(inner)) if "<" in inner else inner]
        place = end
    return "".join((*chunks, text[place:]))


def _recovered(text: str) -> Element | None:
    """Return what libxml2 makes of a text that is not well-formed, with the limits that it has for strangers."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(feeds.declared(text.encode()), parser)
    except etree.XMLSyntaxError:
        return None
    return root if isinstance(root, etree._Element) else None


def _container(root: Element) -> Element:
    """Return what the items are in: the channel of RSS, else the root."""
    if str(root.tag).rpartition("}")[2].lower() != "rss":
        return root
    return next((each for each in root.iterchildren("*") if str(each.tag).rpartition("}")[2].lower() == "channel"), root)


def _located(item: Element, before: int) -> None:
    """Let an item that was read by itself know its lines in the feed."""
    for each in item.iter("*"):
        each.sourceline = before + feeds.line_of(each)  # type: ignore[assignment]  # the stubs have it as an ellipsis


def _losses(damaged: int, cut: int, whole: int, line: int) -> Iterable[Problem]:
    if damaged:
        said = "one item is damaged, and its text was" if damaged == 1 else f"{damaged} items are damaged, and their texts were"
        hint = "look whether all is there; escape texts with CDATA sections in what makes the feed"
        yield problem("feed-item-damaged", Severity.WARNING, f"{said} read as far as possible", hint=hint)
    if cut:
        message = f"the feed ends in the middle of an item: {whole} whole ones are kept, and the last is left out"
        yield problem("feed-truncated", Severity.WARNING, message, hint="get the whole feed", line=line)


# -- JSON -----------------------------------------------------------------------------------------------------------------

_ITEMS = re.compile(r'"items"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_CONTROL = re.compile("[\x00-\x1f]")


def json_feed(body: bytes) -> tuple[Json, tuple[Problem, ...]]:
    """Return a JSON Feed, of one that is cut off its whole items, and what is said about that; raise `Unreadable` when there are none."""
    try:
        return schema.from_text(body), ()
    except Unreadable as error:
        why = error.problems[0]
        found = _salvaged(body) if why.code == "json-malformed" else None
        if found is None:
            raise
    feed, rest = found
    items = feed["items"]
    count = len(items) if isinstance(items, list) else 0
    message = f"this is not well-formed JSON after item {count}, and what is behind is left out: {shown(rest)}"
    hint = "get the whole feed, or check what makes it"
    return feed, (problem("feed-truncated", Severity.WARNING, message, hint=hint, line=why.location.line),)


def _salvaged(body: bytes) -> tuple[JsonObject, str] | None:
    """Return the members in front of the items and those items that can be read, and what follows."""
    text = body.decode("utf-8-sig", errors="replace")
    start = _ITEMS.search(text)
    if not start:
        return None
    decoder, items, place = json.JSONDecoder(strict=False), list[Json](), start.end()
    while True:
        place += len(_BETWEEN.match(text, place)[0])  # type: ignore[index]  # it matches everywhere
        try:
            _, end = decoder.raw_decode(text, place)
            items.append(schema.from_text(_CONTROL.sub(" ", text[place:end])))
        except (ValueError, RecursionError, Unreadable):
            break
        place = end
    before = _members(text[: start.start()], decoder)
    return ({**before, "items": items}, text[place:]) if items or before else None


def _members(text: str, decoder: json.JSONDecoder) -> JsonObject:
    try:
        found = decoder.decode(text.strip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
