"""Runs of inline content: text, pictures, and the elements around words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from publisher.cleaner.attributes import is_meaningful, tag_of
from publisher.cleaner.elements import BOUNDARIES, FRAMES, INLINE, LEFT_OUT, PLAYERS, RENAMED, Element, local_name, text_of
from publisher.cleaner.naming import in_words, is_seen, name_of_link
from publisher.cleaner.parts import SPACES, inside, is_ruby
from publisher.cleaner.pen import Pen
from publisher.text import allowed, escape, spaced

__all__ = ["Inline"]


class Inline(Pen):
    """Writes what stands in a line."""

    def run(
        self, run: list[Element | str], wrap: str, wrappers: tuple[Element, ...] = (), attributes: Mapping[str, str] | None = None
    ) -> bool:
        """Write a run of inline content inside `wrap`; return whether there was any."""
        if not any(not isinstance(each, str) or each.strip(SPACES) for each in run):
            self.ids.discard((attributes or {}).get("id", ""))
            return False
        outer = self.pending, self.fresh, self.started
        self.pending, self.fresh, self.started, self.said = False, True, False, False
        mark = self.open(wrap, dict(attributes or {})) if wrap else self.bare()
        self.inline_all(run, wrappers)
        while len(self.out) > mark and self.out[-1] in (" ", "<br/>"):
            self.out.pop()
        self.pending, self.fresh, self.started = outer
        if not self.said:
            self.take_back(mark)
            return False
        return self.close(wrap, mark) if wrap else len(self.out) > mark

    def bare(self) -> int:
        """Begin a run that has no element around it, on a new line when there is another right before it; return its place."""
        if self.out and _is_inline(self.out[-1]):
            self.out.append("<br/>")
            return len(self.out) - 1
        return len(self.out)

    def inline_all(self, run: list[Element | str], wrappers: tuple[Element, ...] = ()) -> None:
        """Write what stands in a line, inside the elements that go around it."""
        if wrappers:
            self.inline_element(wrappers[0], run, wrappers[1:])
            return
        for each in run:
            if isinstance(each, str):
                self.text(each)
            else:
                self.inline(each)

    def text(self, text: str) -> None:
        """Write text with its white space collapsed, or as it is inside `pre`."""
        text = allowed(text)
        if self.verbatim:
            text = text if self.started else text.lstrip("\n")
            self.started = self.started or bool(text)
            self.said = self.said or bool(text.strip())
            self.named += is_seen(text)
            self.out.append(escape(text)) if text else None
            return
        text = spaced(text)
        core = text.strip(" ")
        if text[:1] == " " and not self.fresh:
            self.pending = True
        if core:
            self.space()
            self.said = self.said or not core.isspace()
            self.named += core.isprintable() or is_seen(core)
            self.out.append(escape(core))
            self.content(pending=text[-1] == " ")

    def inline(self, element: Element) -> None:
        """Write one element as inline content."""
        tag = local_name(element)
        tag = RENAMED.get(tag, tag)
        if tag in LEFT_OUT or not tag:
            self.keep_id(element)
        elif tag == "br":
            self.line_break()
        elif tag == "wbr":
            self.atom("<wbr/>")
            self.inline_all(inside(element))  # libxml2 does not know that it is void
        elif tag == "img":
            self.image(element)
        elif tag in PLAYERS:
            self.player(element, tag)
        elif tag in FRAMES:
            self.frame(element, FRAMES[tag])
            self.inline_all(inside(element) if tag == "embed" else [])  # the same
        elif tag in BOUNDARIES:
            self.boundary(element) if element not in self.captions else self.text(" ")
        else:
            self.inline_element(element, inside(element))

    def boundary(self, element: Element) -> None:
        """Write a block where only inline content can stand: its content, set off by white space."""
        separator = "\n" if self.verbatim else " "
        self.keep_id(element)
        self.text(separator if self.started else "")
        self.inline_all(inside(element))
        self.text(separator)

    def line_break(self) -> None:
        """Write a line break between two lines that have something."""
        if self.verbatim:
            self.text("\n")
        elif self.started:
            if self.out[-1] == " ":
                self.out.pop()
            self.out.append("<br/>")
            self.pending, self.fresh = False, True

    def image(self, element: Element) -> None:
        """Write a picture, or its alternative text when it has no address."""
        source = self.source(element, "src")
        alternative = in_words(element.get("alt"))
        if not source:
            self.text(alternative)
            return
        alternative, self.lent = alternative or self.lent, ""
        self.atom(tag_of("img", {"alt": alternative, "src": source} | self.attributes(element, "img"), void=True))
        self.repairs.picture(element, source, alternative)
        if alternative:
            self.named += 1
            self.pictures.append((len(self.out) - 1, element))

    def recording(self, element: Element) -> str | None:
        """Return the address of what a player plays, or `None` when there is none."""
        return next(filter(None, (self.source(each, "src") for each in (element, *element.iter("{*}source")))), None)

    def player(self, element: Element, tag: str) -> None:
        """Write a recording; inside a link only its address."""
        source = self.recording(element)
        if source and not self.inside("a") and not self.verbatim:
            attributes = {"controls": "controls", "src": source} | self.attributes(element, tag)
            self.atom(tag_of(tag, attributes) + f"</{tag}>")
        elif source:
            self.text(source)

    def frame(self, element: Element, attribute: str) -> None:
        """Write a link in the place of a page inside the page."""
        if source := self.source(element, attribute):
            label = escape(in_words(element.get("title")) or source)
            self.named += 1
            self.atom(label if self.inside("a") else f'<a href="{escape(source)}">{label}</a>')

    def inline_element(self, element: Element, run: list[Element | str], wrappers: tuple[Element, ...] = ()) -> None:
        """Write an element around a run, which is what is inside it or a part of that, unless it means nothing here."""
        tag = RENAMED.get(local_name(element), local_name(element))
        meant = self.meant(element, tag)
        attributes = self.attributes(element, tag) if meant else {}
        hollow = False
        if (
            not meant
            or not is_meaningful(tag, attributes)
            or (hollow := tag == "a" and not self.can_be_said(element, run, attributes["href"]))
        ):
            self.ids.discard(attributes.get("id", ""))
            self.keep_id(element)
            before, self.hollow = self.hollow, self.hollow or hollow
            self.inline_all(run, wrappers)
            self.hollow = before
            return
        self.space()
        mark = self.open(tag, attributes)
        self.opened.append(tag)
        self.inline_all(run, wrappers)
        self.opened.pop()
        self.lent = "" if tag == "a" else self.lent
        if self.out[-1] == " " and len(self.out) > mark + 1 and not self.verbatim:
            self.out.pop()
            self.pending = True
        if not self.close(tag, mark):
            self.moved_id = attributes.get("id", self.moved_id)

    def can_be_said(self, link: Element, run: list[Element | str], href: str) -> bool:
        """Return whether a link has words in this run, if need be those that it lends to its picture (WCAG 2.2, 2.4.4 and 4.1.2)."""
        self.lent = ""
        pictures = {}
        for each in self.sayings(run):
            if isinstance(each, str):
                return True
            pictures[each] = self.source(each, "src")
        if not pictures:
            self.repairs.note("body-empty-link", link, href)
            return False
        if href.partition("?")[0] in [(source or "").partition("?")[0] for source in pictures.values()] or self.says_more(link):
            self.repairs.note("body-link-unwrapped", link, href)
            return False
        self.lent = name_of_link(link, next(iter(pictures)), href)
        self.repairs.note("body-link-named", link, self.lent)
        return True

    def sayings(self, run: Iterable[Element | str]) -> Iterator[Element | str]:
        """Yield what will be written of a run that can be seen: words, also alternative ones, and pictures without."""
        for each in run:
            if isinstance(each, str):
                yield from (each,) if each and is_seen(each) else ()
            elif (tag := local_name(each)) == "img":
                yield from (alternative,) if (alternative := in_words(each.get("alt"))) else (each,) if self.source(each, "src") else ()
            elif tag in FRAMES or tag in PLAYERS:
                yield from (found,) if (found := self.source(each, FRAMES[tag]) if tag in FRAMES else self.recording(each)) else ()
                yield from self.sayings(inside(each)) if tag == "embed" else ()
            elif tag not in LEFT_OUT and each not in self.captions:
                yield from self.sayings(inside(each))

    def says_more(self, link: Element) -> bool:
        """Return whether a link around blocks has words in one of them."""
        if link not in self.saying:
            self.saying[link] = link in self.mixed and is_seen(text_of(link))
        return self.saying[link]

    def meant(self, element: Element, tag: str) -> bool:
        """Return whether the element may stand here."""
        if tag == "ruby":
            return not self.inside("ruby") and is_ruby(element)
        if tag == "rt":
            return self.inside("ruby")
        return tag in INLINE and not (tag == "a" and (self.hollow or self.inside("a"))) and not (tag == "dfn" and self.inside("dfn"))


def _is_inline(chunk: str) -> bool:
    """Return whether what was written is part of a run of inline content."""
    return not chunk.startswith("<") or chunk.lstrip("</").partition(">")[0].partition(" ")[0].rstrip("/") not in BOUNDARIES
