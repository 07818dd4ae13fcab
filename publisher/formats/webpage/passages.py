"""Which parts of a page are the article: its text is chosen by trafilatura, its markup is the page's own.

trafilatura (2.3, with `favor_precision`, without comments) finds which text a page is about, better than anything else measured,
but loses figures, captions, numbered lists and more. So each block of the page is looked up in that text, and kept as it is written.
What the text missed between the blocks kept is taken up again, and what many sites put among paragraphs is left.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from urllib.parse import urlsplit

from publisher import bylines, markup
from publisher.formats.webpage import boilerplate, pictures, runs
from publisher.markup import Element
from publisher.text import allowed

__all__ = ["Passages", "chosen"]

_WORD = re.compile(r"\w+")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SHINGLE = 3
"""Words in a row that make a text known again."""
_MANY = 8
"""Words that don't stand twice in a page by chance."""
_MUCH = 40
"""Words of a paragraph that may be the last one, wherever it stands."""
_A_LINE = 20
"""Characters."""
_MOST_DATELINES = 6
"""Blocks right above the text that may be one."""
_NEAR = 6
"""Blocks at the beginning, among which the lead picture may stand."""
_MEDIA = ("figure", "picture", "img", "video", "audio", "iframe", "amp-img")
_WHOLE = frozenset(("figure", "picture", "video", "audio"))
_PLAYERS = re.compile(r"youtu\.?be|vimeo|dailymotion|soundcloud|spotify|ted\.com|podcast|player|embed", re.IGNORECASE)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)", re.IGNORECASE)

Place = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Passages:
    """What of a page is its article."""

    text: Element
    """Has nothing in it but the article's text and the pictures in it."""
    lead: Element | None
    """The figure or picture above the text."""
    teasers: tuple[Element, ...]
    """Lines in the text that lead to other articles; they are not in it any more."""
    datelines: tuple[str, ...] = ()
    """Lines between the headline and the text that say who wrote, or when, and one below it of the staff; they are not in it either."""


def _words(text: str) -> list[str]:
    return [each.casefold() for each in _WORD.findall(text)]


class _Witness:
    """A text without markup that tells which blocks belong to it."""

    def __init__(self, text: str) -> None:
        lines = [_words(each) for each in text.splitlines()]
        self.lines = {tuple(each) for each in lines}
        self.known = {each for one in lines for each in _shingles(one)}

    def share(self, said: list[str]) -> float:
        """Return which part of these words is in the text, from 0 to 1."""
        if len(said) < _SHINGLE:
            return float(tuple(said) in self.lines)
        found = _shingles(said)
        return sum(each in self.known for each in found) / len(found)


def _shingles(said: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(said[start:] for start in range(_SHINGLE)), strict=False))


@dataclass(eq=False)
class _Block:
    """A block of the page that has text and no blocks in it."""

    element: Element
    text: str
    words: list[str]
    share: float
    kept: bool = False

    @cached_property
    def above(self) -> list[Element]:
        """What is around it, the closest first."""
        return list(self.element.iterancestors())

    @cached_property
    def linked(self) -> float:
        """Which part of its letters is in links, from 0 to 1."""
        if next(self.element.iterancestors("a"), None) is not None:
            return 1.0
        return sum(len(_said(each)) for each in self.element.iter("a")) / max(1, len(self.text))

    @property
    def is_heading(self) -> bool:
        return self.element.tag in _HEADINGS

    @cached_property
    def place(self) -> Place:
        """What the block and the two around it are called: paragraphs of one text have the same."""
        called = [(str(each.tag), each.get("class")) for each in self.above[:2]]
        return (str(self.element.tag), *(part for pair in called for part in pair))


def _said(element: Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def chosen(root: Element, text: str, titles: Collection[str], leads: Collection[str] = ()) -> Passages | None:
    """Return the part of the page that is the article, or `None` when no block of it is in `text`.

    The tree is changed. `titles` are all that the page is called by, `leads` the names of the files that its data call its picture.
    """
    witness = _Witness(text)
    blocks = list(_blocks(root, witness))
    for each in blocks:
        each.kept = each.share > 0.5
    if not any(each.kept for each in blocks):
        return None
    choice = _Choice(blocks, [_words(each) for each in titles if each])
    choice.settle()
    if not choice.kept:
        return None
    datelines = choice.datelines()
    return replace(_Pruner(root, choice).passages(leads), datelines=(*datelines, *choice.signature))


def _blocks(root: Element, witness: _Witness) -> Iterator[_Block]:
    for each in list(runs.leaves(root)):
        if not _is_in_figure(each):
            _leave_unseen(each)
            text = _said(each)
            said = _words(text)
            yield _Block(element=each, text=text, words=said, share=witness.share(said))


def _leave_unseen(block: Element) -> None:
    """Take out of a block what is only seen when somebody points at it."""
    unseen = [each for each in block.iterdescendants("span", "small", "a", "i") if boilerplate.is_unseen(each)]
    left = len(_said(block)) if unseen else 0
    for each in unseen:
        left -= len(_said(each))
        if left > _A_LINE:
            markup.take_out(each)


def _is_in_figure(element: Element) -> bool:
    """Return whether a block is a caption; a figure may also hold a table, a quote or code, which are text."""
    return element.tag in ("figcaption", "figure") or any(each.tag == "figcaption" for each in element.iterancestors())


class _Choice:
    """Decides about the blocks that the text alone decides wrongly."""

    def __init__(self, blocks: list[_Block], titles: list[list[str]]) -> None:
        self.blocks = blocks
        self.titles = titles
        self.teasers: list[Element] = []
        self.headline: Element | None = None
        self.signature: tuple[str, ...] = ()
        self.weights = _weights(self.kept)
        self.total = sum(len(each.words) for each in self.kept)
        self.container = _container(self.kept, self.weights, self.total)
        self._over_container = set(_and_above(self.container))
        self._inside = set(self.container.iterdescendants()) if self.container is not None else set()
        self._beside: dict[Element | None, bool] = {self.container: False}

    def settle(self) -> None:
        """Set which blocks are kept."""
        self._leave_beside()
        self._leave_before_headline()
        self._leave_summary()
        self._leave_after_container()
        self._take_continuations()
        self._take_between()
        self._leave_twice()
        self._leave_ends()

    @property
    def kept(self) -> list[_Block]:
        return [each for each in self.blocks if each.kept]

    def is_beside(self, element: Element) -> bool:
        """Return whether an element is called like something beside the text; what holds much of the text is not, whatever its name."""
        return boilerplate.is_beside(element) and 3 * self.weights[element] < self.total

    def is_inside(self, element: Element) -> bool:
        """Return whether an element is in the container."""
        return element in self._inside

    def datelines(self) -> tuple[str, ...]:
        """Return the lines below the headline, or above the text in its element, that say who wrote, or when."""
        first = next(at for at, each in enumerate(self.blocks) if each.kept)
        start = next((at for at, each in enumerate(self.blocks[:first]) if each.element is self.headline), None)
        near = self.blocks[max(first - _MOST_DATELINES, 0 if start is None else start + 1) : first]
        around = set(self.blocks[first].above)
        return tuple(
            each.text
            for each in near
            if (start is not None or self.is_inside(each.element))
            and boilerplate.is_dateline(each.text)
            and not any(boilerplate.is_beside(up) for up in (each.element, *each.above) if up not in around)
        )

    # -- what the text has too much -------------------------------------------------------------------------------------

    def _leave_beside(self) -> None:
        for each in self.kept:
            if self._is_title(each):
                each.kept = False
            elif self._is_teaser(each):
                each.kept = False
                self.teasers.append(each.element)
            elif self._is_beside(each):
                each.kept = False

    def _is_title(self, block: _Block) -> bool:
        said = block.words
        return len(said) > 1 and any(
            said == each or (block.is_heading and len(said) > 3 and each[: len(said)] == said) for each in self.titles
        )

    def _is_teaser(self, block: _Block) -> bool:
        return boilerplate.is_teaser(block.text) and (block.linked > 0.4 or len(block.words) < 6)

    def _is_beside(self, block: _Block) -> bool:
        if boilerplate.is_prompt(block.text, block.linked) or _is_of_tags(block) or self._is_of_another(block):
            return True
        return self._is_in_beside(block.element) if self.is_inside(block.element) else self.is_beside(block.element)

    def _is_of_another(self, block: _Block) -> bool:
        """Return whether a block is in an `article` beside the one that the text is in."""
        if self.is_inside(block.element):
            return False
        return any(each.tag == "article" and each not in self._over_container for each in block.above)

    def _is_in_beside(self, element: Element) -> bool:
        """Return whether an element, or one around it inside of the container, is beside the text; each is looked at once."""
        way: list[Element] = []
        at: Element | None = element
        while at is not None and at not in self._beside:
            way.append(at)
            at = at.getparent()
        is_in = self._beside.get(at, False)
        for each in reversed(way):
            is_in = self._beside[each] = is_in or self.is_beside(each)
        return is_in

    def _leave_before_headline(self) -> None:
        """What is before the headline is no text, unless much of the text is."""
        said = [0, *accumulate(len(each.words) * each.kept for each in self.blocks)]
        for at in reversed([at for at, each in enumerate(self.blocks) if each.is_heading and self._is_title(each)]):
            if said[-1] - said[at] > 4 * said[at]:
                self.headline = self.blocks[at].element
                for each in self.blocks[:at]:
                    each.kept = False
                return

    def _leave_summary(self) -> None:
        """A list before the text that says nothing but what the text says in nearly the same words was made of it."""
        inside = [each for each in self.kept if self.is_inside(each.element)]
        text = _Witness("\n".join(each.text for each in inside))
        for each in self.kept:
            if not inside or each is inside[0]:
                return
            if each.element.tag == "li":
                each.kept = text.share(each.words) <= 0.6

    def _leave_after_container(self) -> None:
        """What is alone after the text has to be much, or to be called as the text is."""
        inside = [self.is_inside(each.element) for each in self.blocks]
        common = {each.place for each, is_inside in zip(self.blocks, inside, strict=True) if each.kept and is_inside}
        last = max((at for at, is_inside in enumerate(inside) if is_inside), default=len(inside))
        for each in self.blocks[last + 1 :]:
            each.kept = each.kept and (each.place in common or len(each.words) >= _MUCH)

    def _leave_twice(self) -> None:
        """Of blocks that say the same, keep the one that is called as most others are: not those of a summary of the text."""
        common = Counter(each.place for each in self.kept)
        said: dict[tuple[str, ...], _Block] = {}
        for each in self.kept:
            words = tuple(each.words)
            other = said.setdefault(words, each) if len(words) >= _MANY else each
            if other is not each:
                better, worse = (each, other) if common[other.place] < common[each.place] else (other, each)
                said[words], worse.kept = better, False

    def _leave_ends(self) -> None:
        """Subtitles and datelines above the text, headings and "By Staff Writer." below it: nothing follows from them."""
        kept = self.kept
        while len(kept) > 1 and (_is_above(*kept[:2]) or boilerplate.is_dateline(kept[0].text)):
            kept.pop(0).kept = False
        while len(kept) > 1 and (kept[-1].is_heading or boilerplate.is_teaser(kept[-1].text)):
            kept.pop().kept = False
        text = [each for each in kept if not _is_in_notes(each)]
        if len(text) > 1 and bylines.is_by_staff(text[-1].text) and not _is_quoted_or_listed(text[-1]):
            self.signature, text[-1].kept = (text[-1].text,), False

    # -- what the text misses -------------------------------------------------------------------------------------------

    def _take_continuations(self) -> None:
        """Take paragraphs elsewhere in the same article that are called as those kept are: a text in several parts."""
        places = Counter(each.place for each in self.kept if len(each.words) >= _MANY)
        top = next((each for each in _and_above(self.container) if each.tag in ("article", "main", "body")), None)
        last = max((at for at, each in enumerate(self.blocks) if each.kept), default=0)
        end = next((at for at in range(last, len(self.blocks)) if _is_of_tags(self.blocks[at])), len(self.blocks))
        for each in self.blocks[:end]:
            if not each.kept and places[each.place] > 1 and len(each.words) >= _MANY and each.linked < 0.5:
                way = _up_to(each.above, top)
                each.kept = bool(way) and not any(map(self.is_beside, way)) and not self._is_title(each) and not self._is_beside(each)

    def _take_between(self) -> None:
        """Take what stands between kept blocks and looks as they do."""
        at = [index for index, each in enumerate(self.blocks) if each.kept]
        places = {each.place for each in self.kept}
        for each in self.blocks[at[0] : at[-1]] if at else ():
            if each.kept or each.element in self.teasers or not self.is_inside(each.element):
                continue
            if self._is_teaser(each):
                self.teasers.append(each.element)
            elif self._belongs(each, places) and not self._is_title(each) and not self._is_beside(each):
                each.kept = True

    def _belongs(self, block: _Block, places: set[Place]) -> bool:
        if any(each.tag in ("blockquote", "table") and self.weights[each] < self.total for each in (block.element, *block.above)):
            return block.linked < 0.8
        return block.place in places and (block.is_heading or block.linked < 0.8 or len(block.words) < 4)


def _weights(kept: list[_Block]) -> Counter[Element]:
    """Return how many words of these blocks are in each element."""
    return _sums({each.element: len(each.words) for each in kept})


def _sums(parts: dict[Element, int]) -> Counter[Element]:
    """Return for each element around some of these what those in it have together, counted in one walk."""
    found: Counter[Element] = Counter()
    some = next(iter(parts), None)
    for each in reversed(list(some.getroottree().iter())) if some is not None else ():
        total = found[each] + parts.get(each, 0)
        if total and (above := each.getparent()) is not None:
            found[above] += total
    return found


def _container(kept: list[_Block], weights: Counter[Element], total: int) -> Element | None:
    """Return the smallest element that has nearly all words of these blocks."""
    longest = max(kept, key=lambda each: len(each.words))
    return next((each for each in longest.above if weights[each] >= 0.8 * total), None)


def _is_above(heading: _Block, after: _Block) -> bool:
    """Return whether a heading is not one of the text, but stands apart from it."""
    return heading.is_heading and heading.element.getparent() is not after.element.getparent()


def _and_above(element: Element | None) -> Iterator[Element]:
    if element is not None:
        yield element
        yield from element.iterancestors()


def _up_to(above: list[Element], top: Element | None) -> list[Element]:
    """Return the first of these, below `top`; none when it is not among them."""
    return above[: next((at for at, each in enumerate(above) if each is top), 0)]


def _is_in_notes(block: _Block) -> bool:
    """Return whether a block is one of the notes, or of what holds them, which stand behind the last line of a text."""
    return any(markup.is_note(each) or markup.is_notes(each) for each in (block.element, *block.above))


def _is_quoted_or_listed(block: _Block) -> bool:
    """Return whether a block is a part of what belongs together, and no line of its own."""
    return any(each.tag in ("li", "blockquote", "dd") for each in (block.element, *block.above))


def _is_of_tags(block: _Block) -> bool:
    """Return whether most of the links in a block are to what has the same keyword (https://microformats.org/wiki/rel-tag)."""
    links = list(block.element.iter("a"))
    tags = sum("tag" in (each.get("rel") or "").lower().split() for each in links)
    return tags > 0 and 2 * tags >= len(links) and block.linked > 0.5


# -- the tree ---------------------------------------------------------------------------------------------------------------


class _Pruner:
    """Takes out of the tree all that is not kept, and leaves the pictures among what is."""

    def __init__(self, root: Element, choice: _Choice) -> None:
        self.root = root
        self.choice = choice
        self.order = {each: at for at, each in enumerate(root.iter())}
        self.texts = {each.element for each in choice.kept}
        self.left = sorted(self.order[each.element] for each in choice.blocks if not each.kept and len(each.words) > 4)
        self.first, self.last = (self.order[choice.kept[at].element] for at in (0, -1))

    def passages(self, leads: Collection[str]) -> Passages:
        """Return what is left."""
        media = [each for each in self.root.iter(*_MEDIA) if self._is_outermost(each) and self._is_shown(each)]
        lead = next((each for each in media if self._is_lead(each)), None)
        if lead is None:
            lead = next((each for each in media if self._is_called(each, leads)), None)
        whole = self.texts | {each for each in media if each is not lead and self._is_among(each)}
        needed = _sums(dict.fromkeys(whole, 1))
        some = next(iter(self.texts))
        top = next((each for each in some.iterancestors() if needed[each] == len(whole)), self.root)
        if lead is not None and (above := lead.getparent()) is not None:
            above.remove(lead)
        _prune(top, whole, needed)
        for each in (*top.iter("figure"), *((lead,) if lead is not None else ())):
            pictures.plain(each)
        for each in top.iter("iframe"):
            each.set("title", allowed(each.get("title") or _host(each.get("src") or "")))
        return Passages(text=top, lead=lead, teasers=tuple(self.choice.teasers))

    def _is_outermost(self, element: Element) -> bool:
        return not any(each.tag in _WHOLE or each in self.texts for each in element.iterancestors()) and not any(
            each in self.texts for each in element.iterdescendants()
        )

    def _is_shown(self, element: Element) -> bool:
        if element.tag == "iframe":
            return bool(_PLAYERS.search(element.get("src") or ""))
        pictured = next(element.iter("img"), None)
        if pictured is None:
            return element.tag not in ("figure", "picture")
        return pictures.is_shown(pictured) and not self._leads_away(element)

    def _leads_away(self, element: Element) -> bool:
        """Return whether a picture is the link to another page, and not to itself in a larger size."""
        link = next((each for each in (*element.iterancestors("a"), *element.iter("a"))), None)
        if link is None or _PICTURE_FILE.search(link.get("href") or "") or element.find("figcaption") is not None:
            return False
        return link.find(".//img") is not None and bool(_said(link)) and element.tag != "figure"

    def _is_among(self, element: Element) -> bool:
        """Return whether a picture stands between the blocks kept, or right after the last one."""
        if not self._is_of_article(element) or self.order[element] < self.first:
            return False
        if self.order[element] < self.last:
            return True
        return self.choice.is_inside(element) and bisect(self.left, self.last) == bisect(self.left, self.order[element])

    def _is_lead(self, element: Element) -> bool:
        """Return whether a picture stands above the first block, below the headline or right before it."""
        if self.order[element] > self.first or element.tag == "iframe" or not self._is_of_article(element):
            return False
        if self.choice.headline is not None:
            return self.order[element] > self.order[self.choice.headline] or element.tag == "figure"
        return self.choice.is_inside(element)

    def _is_called(self, element: Element, leads: Collection[str]) -> bool:
        """Return whether a picture near the beginning is the one that the page's data name."""
        near = self.order[self.choice.kept[:_NEAR][-1].element]
        pictured = next(element.iter("img"), None)
        return pictured is not None and self.order[element] <= near and pictures.address(pictured.get("src") or "") in leads

    def _is_of_article(self, element: Element) -> bool:
        around = (each for each in element.iterancestors() if self.choice.weights[each] * 3 < self.choice.total)
        return not any(boilerplate.is_beside(each) for each in (element, *around) if each.tag not in ("a", "img"))


def _host(address: str) -> str:
    """Return what a page inside the page is called that has no title: `youtube.com`."""
    try:
        return urlsplit(address).netloc.removeprefix("www.")
    except ValueError:
        return ""


def _prune(top: Element, whole: set[Element], needed: Counter[Element]) -> None:
    left = [top]
    while left:
        element = left.pop()
        element.text = None
        for each in list(element):
            each.tail = None
            if each in needed and each not in whole:
                left.append(each)
            elif each not in whole:
                element.remove(each)
