"""Pages of one form: what is right in one is right in all that differ from it only in plain words, addresses and dates.

All articles of a site are shown by one template. So a page is cut into its JSON-LD, the text of its article, and what is around both;
that is cut at `<`, `>` and `"`, never walked through. Its form is all of it but values at places where no rule finds fault with a plain
one: the text of some elements, the addresses of links, what some metadata say. Each form is judged once, in a page that is parsed, read and
checked in full. Of the next ones the very bytes are looked at, too, in three parts:

- around: they have the form, and their values are plain;
- JSON-LD: it is of a form in which nothing is wrong (`linked.forms`), and says the same as the page where rules compare both (`_agrees`);
- the text: it is of the small grammar that the cleaner knows to its last character (`cleaner.simple`), so that a tree would say the same.

All else is read in full. Only builds use it, which ask for warnings and errors. Whoever writes a rule for pages has to think of `_PLAIN`
and `_agrees`: tests put odd values into each place.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from publisher import alike, cleaner
from publisher.article import Article, Publication
from publisher.formats.webpage import content
from publisher.formats.webpage.page import Page
from publisher.formats.webpage.shown import address_in, names_in
from publisher.linked import forms, graph
from publisher.linked.forms import Each, Get, are_addresses, are_dates, getter
from publisher.schema import JsonObject
from publisher.text import allowed

__all__ = ["is_known", "keep", "know", "known"]

_MOST, _LONGEST = 256, 200_000
"""Forms that are known, and characters of what is around in them."""
_SCRIPT, _SCRIPT_END = f'<script type="{content.DATA}">', "</script>"
_TEXT, _TEXT_END = f'<div class="{content.BODY}">', "</div>"
_PLACE = "\x1f"
"""Stands where JSON-LD and text were; no value that is plain has it."""

# -- what is plain ---------------------------------------------------------------------------------------------------------

_Plain = Callable[[Sequence[str]], bool]
_REFERENCE = re.compile(r"&(?:amp|lt|gt|quot|#34|#39);")
_LINK = re.compile(r"(?!#)(?:[!#-%'-;=?-~]|&amp;)++")
_SOURCES = re.compile(r"(?=\S)[ !#-%'-;=?-~]++(?<! )")
_POLICY = re.compile(r"(?:[\w /+=.:;*-]|&#39;)++", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,9}")


def _are_texts(values: Sequence[str]) -> bool:
    joined = " ".join(values)
    return (
        all(map(str.strip, values))
        and (joined.isprintable() or (allowed(joined) == joined and not any(each in joined for each in "\r\n\t\f")))
        and ("&" not in joined or "&" not in _REFERENCE.sub("", joined))
    )


def _are_places(values: Sequence[str]) -> bool:
    """Return whether values are addresses on the web of whole pages."""
    return are_addresses(values) and not any("#" in each for each in values)


_are_links, _are_sources, _are_digits = Each(_LINK), Each(_SOURCES), Each(_DIGITS)


def _are_policies(values: Sequence[str]) -> bool:
    return all(map(_POLICY.fullmatch, values))


_META: dict[str, _Plain] = {
    **dict.fromkeys(("author", "description", "twitter:image:alt"), _are_texts),
    **dict.fromkeys(("og:title", "og:description", "og:image:alt", "article:section", "article:tag"), _are_texts),
    **dict.fromkeys(("og:url", "og:image"), _are_places),
    **dict.fromkeys(("og:image:width", "og:image:height"), _are_digits),
    **dict.fromkeys(("article:published_time", "article:modified_time"), are_dates),
    "article:author": _are_links,
    "Content-Security-Policy": _are_policies,
}
_PLAIN: dict[tuple[str, str], _Plain] = {
    **dict.fromkeys((("a", "href"), ("link", "href"), ("img", "src")), _are_links),
    **dict.fromkeys((("link", "title"), ("img", "alt")), _are_texts),
    **dict.fromkeys((("img", "width"), ("img", "height")), _are_digits),
    ("source", "srcset"): _are_sources,
    ("time", "datetime"): are_dates,
}
"""By element and attribute."""
_SHOWING = frozenset("a b cite em figcaption h1 h2 li p small span strong time title".split())
"""Elements whose text may be any."""
_NAMING = frozenset(("a", "p", "span"))
"""Those in which rules look for authors first."""
_ONCE = ("og:title", "og:type", "og:url", "og:description", "og:site_name", "article:published_time", "article:modified_time")


# -- forms -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cut:
    """A page in parts."""

    script: str
    text: str
    pieces: list[str]
    """What is around both, between marks."""
    marks: bytes


@dataclass(frozen=True, slots=True)
class _Form:
    """What is the same in pages, and where values are."""

    same: tuple[str, ...]
    same_in: Get
    plain: tuple[tuple[_Plain, Get], ...]
    canonical: Get
    headline: Get
    named: Get
    times: Get
    published: Get
    modified: Get

    def is_of(self, pieces: Sequence[str]) -> bool:
        return self.same_in(pieces) == self.same and all(plain(get(pieces)) for plain, get in self.plain)


_FORMS: dict[bytes, _Form] = {}


def known(body: bytes) -> tuple[list[JsonObject], str] | None:
    """Return the nodes of a page's JSON-LD and the markup of its text, when another page of its form had nothing wrong with it."""
    cut = _cut(body)
    form = _FORMS.get(cut.marks) if cut else None
    if not cut or not form or not form.is_of(cut.pieces):
        return None
    nodes = _nodes(cut.script)
    return (nodes, cut.text) if nodes and _agrees(form, cut.pieces, nodes) else None


def _cut(body: bytes) -> _Cut | None:
    """Return the parts of a page that has JSON-LD and a text where ours have them."""
    try:
        page = body.decode()
    except UnicodeDecodeError:
        return None
    head, _, rest = page.partition(_SCRIPT)
    script, _, rest = rest.partition(_SCRIPT_END)
    before, _, rest = rest.partition(_TEXT)
    text, found, after = rest.partition(_TEXT_END)
    if not found or len(page) - len(text) - len(script) > _LONGEST:
        return None
    marks, pieces = alike.cut(_PLACE.join((head, before, after)).encode())
    return _Cut(script, text, pieces, marks)


def _nodes(script: str) -> list[JsonObject] | None:
    """Return the nodes of JSON-LD in which nothing is wrong."""
    found = forms.known(script)
    return [*content.nodes(found[0])] if found else None


def _agrees(form: _Form, pieces: Sequence[str], nodes: Sequence[JsonObject]) -> bool:
    """Return whether JSON-LD has one article, which says of itself what the page says, so that rules which compare them find nothing."""
    node, *others = [each for each in nodes if content.is_article(each)] or [{}]
    if others or not isinstance(node.get("identifier"), str) or "articleBody" in node or "isBasedOn" in node:
        return False
    canonical, dates = form.canonical(pieces), {node[each] for each in ("datePublished", "dateModified") if isinstance(node.get(each), str)}
    return (
        all((address_in(node.get(each)),) == canonical for each in ("url", "mainEntityOfPage"))
        and (node.get("headline"),) == _said(form.headline(pieces))
        and {*names_in(node)} <= {*_said(form.named(pieces))}
        and {*form.times(pieces)} <= dates
        and all(each == node.get("datePublished") for each in form.published(pieces))
        and all(each == node.get("dateModified") for each in form.modified(pieces))
    )


def _said(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([html.unescape(each) if "&" in each else each for each in texts])


# -- a page and its article ------------------------------------------------------------------------------------------------

_OF_THE_SITE = frozenset(("@id", "item"))
"""Members of JSON-LD that say what things are called here, and nothing about the article."""


def is_known(body: bytes, publication: Publication) -> bool:
    """Return whether a page is of a known form and has just the values of its article, so that nothing need be read of it."""
    (article,) = publication.articles
    cut = _cut(body)
    form = _FORMS.get(cut.marks) if cut else None
    return bool(
        cut
        and form
        and form.is_of(cut.pieces)
        and alike.is_right(_around(publication), (cut.script.encode(),), article)
        and forms.is_sound(cut.script)
        and _shows(form, cut.pieces, article)
        and cleaner.at_once(cut.text, article.url or "") == article.body
    )


def know(body: bytes, publication: Publication) -> None:
    """Know by its JSON-LD which values of its article a page has, which was read and compared with it."""
    (article,) = publication.articles
    if cut := _cut(body):
        alike.keep(_around(publication), (cut.script.encode(),), article, _OF_THE_SITE)


def _around(publication: Publication) -> Hashable:
    return "webpage", graph.key_of(publication)


def _shows(form: _Form, pieces: Sequence[str], article: Article) -> bool:
    """Return whether a page says what its article says, as `_agrees` does for JSON-LD, which is known to say the same."""
    published, modified = (each and each.isoformat() for each in (article.date_published, article.date_modified))
    return (
        not article.is_based_on
        and form.canonical(pieces) == (article.url,)
        and _said(form.headline(pieces)) == (article.headline,)
        and {each.name for each in article.author} <= {*_said(form.named(pieces))}
        and {*form.times(pieces)} <= {published, modified}
        and all(each == published for each in form.published(pieces))
        and all(each == modified for each in form.modified(pieces))
    )


# -- a form is kept --------------------------------------------------------------------------------------------------------

_ATTRIBUTE = re.compile(r"(?:\S.*)?\s([a-z-]+)=", re.DOTALL)
_HEADING = re.compile(r"<h([1-6])[ >]")


def keep(body: bytes, page: Page, article: Article) -> None:
    """Keep the form of a page in which nothing is wrong, and which gave an article."""
    cut = _cut(body)
    if not cut or not _is_plain(page, cut) or cleaner.at_once(cut.text, article.url or "") != article.body:
        return
    nodes, form = _nodes(cut.script), _form(cut, [*_slots(cut)])
    if nodes and form.is_of(cut.pieces) and _agrees(form, cut.pieces, nodes):
        if len(_FORMS) >= _MOST:
            _FORMS.clear()
        _FORMS[cut.marks] = form


def _is_plain(page: Page, cut: _Cut) -> bool:
    """Return whether there is one of each thing that could be there twice, and no heading below the text that depends on those in it."""
    below = _HEADING.search(page.text.partition(_TEXT)[2].partition(_TEXT_END)[2])
    return (
        [each.text for each in page.root.iter("script")] == [cut.script]
        and [each.get("class") for each in page.root.iter("div")].count(content.BODY) == page.text.count(_TEXT) == 1
        and len(page.canonicals) == 1
        and not page.versions
        and all(len(page.metas.get(each, ())) < 2 for each in _ONCE)
        and (below is None or below[1] in "12")
    )


class _Slot(NamedTuple):
    """A piece that is a value of an attribute, or what begins in an element."""

    place: int
    element: str
    attribute: str
    """`""` for a text."""
    given: Mapping[str, str]
    """All attributes of the element."""

    @property
    def plain(self) -> _Plain | None:
        """What is plain there."""
        if not self.attribute:
            return _are_texts if self.element in _SHOWING else None
        if self.element == "meta" and self.attribute == "content":
            return _META.get(self.name)
        return _are_places if self.is_of("link", rel="canonical") else _PLAIN.get((self.element, self.attribute))

    @property
    def name(self) -> str:
        """What a meta element is of."""
        return self.given.get("property") or self.given.get("name") or self.given.get("http-equiv") or ""

    def is_of(self, element: str, **given: str) -> bool:
        """Return whether it is of an element with some attributes."""
        return self.element == element and given.items() <= self.given.items()


def _slots(cut: _Cut) -> Iterator[_Slot]:
    """Yield those pieces that are values in double quotes or begin an element, as far as they are surely that."""
    element, given, places, inside, quoted = "", dict[str, str](), list[tuple[int, str]](), False, False
    for place, mark in enumerate(cut.marks.decode(), 1):
        piece = cut.pieces[place]
        if quoted:
            quoted = False
            if mark != '"':
                return
        elif inside and mark == '"':
            quoted, name = True, _ATTRIBUTE.fullmatch(cut.pieces[place - 1])
            if not name or name[1] in given:
                return
            given[name[1]] = piece
            places.append((place, name[1]))
        elif inside and mark == ">":
            inside = False
            yield from (_Slot(each, element, name, given) for each, name in places)
            yield _Slot(place, element, "", given)
        elif mark == "<":
            if inside:
                return
            element, given, places, inside = (piece.split() or [""])[0], {}, [], True
        if inside and not quoted and "'" in piece:
            return


def _form(cut: _Cut, slots: Sequence[_Slot]) -> _Form:
    by_kind: dict[_Plain, list[int]] = {}
    for each in slots:
        if each.plain and each.plain((cut.pieces[each.place],)):
            by_kind.setdefault(each.plain, []).append(each.place)
    values = {place for several in by_kind.values() for place in several}
    same = getter([each for each in range(len(cut.pieces)) if each not in values])

    def where(element: str, attribute: str = "", **given: str) -> Get:
        return getter([each.place for each in slots if each.attribute == attribute and each.is_of(element, **given)])

    return _Form(
        same=same(cut.pieces),
        same_in=same,
        plain=tuple((plain, getter(several)) for plain, several in by_kind.items()),
        canonical=where("link", "href", rel="canonical"),
        headline=where("h1"),
        named=getter([each.place for each in slots if each.element in _NAMING and not each.attribute]),
        times=where("time", "datetime"),
        published=where("meta", "content", property="article:published_time"),
        modified=where("meta", "content", property="article:modified_time"),
    )
