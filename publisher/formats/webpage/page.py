"""A page as its rules see it: each thing that several rules look for is looked for once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import cast

from lxml import etree

from publisher import linked, schema
from publisher.formats.webpage import content
from publisher.markup import Element
from publisher.places import HtmlPlaces, line_of
from publisher.problems import Finding, Location, Problem, Unreadable
from publisher.schema import Json, JsonObject
from publisher.text import allowed, line

__all__ = ["Block", "Page", "parsed"]

_AT_ONCE = re.compile(r"\s*0+\s*[;,]\s*url\s*=\s*\S", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^<>]*>", re.IGNORECASE)
_SHOWN = etree.XPath("//text()[not(parent::script or parent::style or parent::template)]", smart_strings=False)
_TEXTS = etree.XPath("//text()", smart_strings=False)
_HIDDEN = etree.XPath("//script/text() | //style/text() | //template/text()", smart_strings=False)
_IDS = etree.XPath("//@id", smart_strings=False)
_NAMES = etree.XPath("//a/@name", smart_strings=False)
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of JSON-LD."""

    script: Element
    text: str
    data: Json
    """What it says, `None` when it is no JSON."""
    swallows: bool
    """The script goes on after its end tag."""
    document: linked.Document | None
    """The text as rules see it; `None` when the script does not end where it should, or its text is somewhere else."""

    @property
    def line(self) -> int:
        """The line on which the block begins."""
        return line_of(self.script)


@dataclass(frozen=True)
class Page:
    """A page of HTML: its bytes, the same as text, and the tree of its elements."""

    bytes: bytes
    text: str
    root: Element

    # -- the head

    @cached_property
    def address(self) -> str:
        """The page's own address, `""` when it doesn't say."""
        return content.address(self.root)

    @cached_property
    def metas(self) -> dict[str, list[tuple[str, Element]]]:
        """What the meta elements say that say something, by property or name in lower case, and the elements."""
        found: dict[str, list[tuple[str, Element]]] = {}
        for each in self.root.iter("meta"):
            if said := line(each.get("content")):
                one, other = (each.get("property") or "").lower(), (each.get("name") or "").lower()
                for name in (one, other) if one and other and one != other else (one or other,):
                    found.setdefault(name, []).append((said, each))
        return found

    def meta(self, name: str) -> str:
        """Return what the first meta element of a name says, `""` when there is none."""
        return next((said for said, _ in self.metas.get(name, ())), "")

    @cached_property
    def links(self) -> list[Element]:
        """The link elements."""
        return [*self.root.iter("link")]

    def related(self, kind: str) -> list[Element]:
        """Return the link elements of a relation."""
        return [each for each in self.links if kind in (each.get("rel") or "").lower().split()]

    @cached_property
    def canonicals(self) -> list[Element]:
        """The links to the page's one address."""
        return self.related("canonical")

    @cached_property
    def canonical(self) -> str:
        """The page's one address, `""` when it doesn't say."""
        return next((href for each in self.canonicals if (href := (each.get("href") or "").strip())), "")

    @cached_property
    def feeds(self) -> list[Element]:
        """The links to feeds."""
        return [each for each in self.related("alternate") if _is_feed(each)]

    @cached_property
    def versions(self) -> list[Element]:
        """The links to the page in several languages."""
        return [each for each in self.related("alternate") if each.get("hreflang") is not None and not _is_feed(each)]

    @property
    def is_hidden(self) -> bool:
        """Whether it asks search engines to leave it out, as a page does that says that there is none."""
        return bool(re.search(r"\b(?:noindex|none)\b", self.meta("robots").lower()))

    @cached_property
    def is_redirect(self) -> bool:
        """Whether it only leads to another page, at once (HTML, 4.2.5.3); not when only browsers without scripts are led."""
        found = (each for each in self.root.iter("meta") if (each.get("http-equiv") or "").lower() == "refresh")
        return any(_AT_ONCE.match(each.get("content") or "") and not any(each.iterancestors("noscript")) for each in found)

    @property
    def is_ours(self) -> bool:
        """Whether it says that we have made it."""
        return self.meta("generator") == "Publisher"

    @property
    def says_that_there_is_none(self) -> bool:
        """Whether it is our page for where there is none: not to be found, about the site, and without address."""
        return self.is_ours and self.is_hidden and self.meta("og:type") == "website" and not self.address

    # -- the body

    @cached_property
    def headings(self) -> list[Element]:
        """The headings of the first level."""
        return [*self.root.iter("h1")]

    @cached_property
    def anchors(self) -> list[Element]:
        """The links to places in the page."""
        return [each for each in self.root.iter("a") if (each.get("href") or "").lstrip(" \t\r\n").startswith("#")]

    @property
    def runs(self) -> bool:
        """Whether scripts of the page run."""
        return any(each.get("src") or "json" not in (each.get("type") or "") for each in self.root.iter("script"))

    @cached_property
    def ids(self) -> list[str]:
        """The ids of all elements."""
        return cast("list[str]", _IDS(self.root))

    @cached_property
    def targets(self) -> frozenset[str]:
        """What links to places in the page may name."""
        return frozenset(self.ids).union(cast("list[str]", _NAMES(self.root)))

    @cached_property
    def times(self) -> list[Element]:
        """The time elements."""
        return [*self.root.iter("time")]

    @cached_property
    def shown(self) -> str:
        """All text that people see."""
        return " ".join(cast("list[str]", _SHOWN(self.root)))

    @cached_property
    def _texts(self) -> tuple[str, str]:
        """All texts, and those that people do not see, with U+0000 between them; to find `shown` takes five times as long as both."""
        return "\0".join(cast("list[str]", _TEXTS(self.root))), "\0".join(cast("list[str]", _HIDDEN(self.root)))

    def shows(self, text: str) -> bool:
        """Return whether people see a text: once more often than it is in what they do not see, or in several pieces."""
        if any(text in (each.text or "") for each in self.root.iter("a", "span", "p")):  # as nearly all are, and soon found out
            return True
        every, hidden = self._texts
        return ("\0" not in text and every.count(text) > hidden.count(text)) or text in self.shown

    # -- linked data

    @cached_property
    def scripts(self) -> list[Element]:
        """The scripts that hold JSON-LD."""
        return content.scripts(self.root)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of JSON-LD."""
        return tuple(_block(each, partial(self._start, each)) for each in self.scripts)

    @property
    def exact(self) -> dict[Element, Json]:
        """What those scripts say that every reader reads alike."""
        return {
            each.script: each.data for each in self.blocks if each.document and each.document.is_exact and allowed(each.text) == each.text
        }

    @cached_property
    def article(self) -> JsonObject | None:
        """The article's node, `None` when there is none."""
        return content.article_node([each for each, _ in self.articles], self.address)

    @cached_property
    def is_list(self) -> bool:
        """Whether the page says that it lists articles, or searches them, and is none itself."""
        return self.article is None and any(content.is_list(each) for block in self.blocks for each in content.nodes(block.data))

    @cached_property
    def is_search(self) -> bool:
        """Whether the page says that it shows what a search finds."""
        return any(content.is_search(each) for block in self.blocks for each in content.nodes(block.data))

    @cached_property
    def node(self) -> JsonObject:
        """The article's node, `{}` when there is none."""
        return self.article or {}

    @cached_property
    def articles(self) -> list[tuple[JsonObject, Element]]:
        """The nodes of articles, each with the script that it is in."""
        return [(each, block.script) for block in self.blocks for each in content.nodes(block.data) if content.is_article(each)]

    @cached_property
    def script(self) -> Element:
        """The script with the article's node; the page itself when there is none."""
        return next((script for each, script in self.articles if each is self.article), self.root)

    @cached_property
    def linked(self) -> list[Problem]:
        """What is wrong with the JSON-LD in itself."""
        documents = [each.document for each in self.blocks if each.document]
        found = linked.check_documents(documents)
        for each in documents:
            each.start = (1, 1)  # else page and document would keep each other until the garbage collector comes
        return found

    def said(self, *codes: str, accept: Callable[[Problem], bool] = lambda _: True) -> Iterator[Finding]:
        """Yield again what the rules for JSON-LD found that have a name of their own in pages."""
        for each in self.linked:
            if each.code in codes and accept(each):
                yield Finding(message=each.message, where=each.location, hint=each.hint)

    # -- places

    @cached_property
    def _places(self) -> HtmlPlaces:
        return HtmlPlaces(self.root, self.text)

    def locate(self, where: object) -> Location:
        """Return where an element is."""
        return where if isinstance(where, Location) else self._places(where)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> dict[Element, tuple[int, int]]:
        """Line and column of what is in each script beside a block; of its line, when its start tag is not found there."""
        scripts: dict[int, list[Element]] = {max(each.line, 1): [] for each in self.blocks}
        for each in self.root.iter("script"):
            if (line_ := max(line_of(each), 1)) in scripts:
                scripts[line_].append(each)
        return {each: place for line_, found in scripts.items() for each, place in zip(found, self._ends(line_, len(found)), strict=True)}

    def _ends(self, line_: int, count: int) -> list[tuple[int, int]]:
        """Return where the start tags of the scripts on a line end."""
        tags = [*_SCRIPT.finditer(self._lines[line_ - 1])] if line_ <= len(self._lines) else []
        return [(line_, each.end() + 1) for each in tags] if len(tags) == count else [(line_, 1)] * count

    def _start(self, script: Element) -> tuple[int, int]:
        return self._starts[script]


def parsed(body: bytes) -> Page:
    """Return the page that bytes are; raise `Unreadable` when there is nothing in them."""
    root, text = content.parsed(body)
    return Page(body, text, root)


def _is_feed(element: Element) -> bool:
    return (element.get("type") or "").partition(";")[0].strip().lower() in _FEEDS


def _block(script: Element, start: Callable[[], tuple[int, int]]) -> Block:
    text = script.text or ""
    if "<!--" in text and _swallows(text.lower()):
        return Block(script, text, None, swallows=True, document=None)
    document = linked.Document(text, start) if script.get("src") is None else None
    data = document.data if document and document.is_exact else _data(text)
    return Block(script, text, data, swallows=False, document=document)


def _data(text: str) -> Json:
    try:
        return schema.from_text(text)
    except Unreadable:
        return None


def _swallows(text: str) -> bool:
    """Return whether there is a script in a comment: looked for from comment to comment, so that nothing is read twice."""
    start, script = text.find("<!--"), 0
    while start >= 0 <= script:
        script = script if script >= start + 4 else text.find("<script", start + 4)
        end = text.find("-->", start + 4)
        if script >= 0 and (script < end or end < 0):
            return True
        start = text.find("<!--", end)
    return False
