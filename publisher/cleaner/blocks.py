"""Blocks: paragraphs, headings, lists, figures, tables, with runs of inline content inside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from publisher.cleaner import notes, tables
from publisher.cleaner.attributes import tag_of
from publisher.cleaner.elements import BLOCKS, BOUNDARIES, INLINE, RENAMED, Element, local_name, text_of
from publisher.cleaner.inline import Inline
from publisher.cleaner.parts import SPACES, inside, is_said, parts_of
from publisher.cleaner.pen import opens
from publisher.cleaner.preparing import is_written, tongue_of
from publisher.text import line

__all__ = ["Cleaner"]

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_MOST_WRAPPERS = 12


class Cleaner(Inline):
    """One pass over a tree."""

    def blocks(self, node: Element, wrap: str, wrappers: tuple[Element, ...] = ()) -> None:
        """Write what is inside `node`: blocks as they are, runs of inline content inside the element `wrap` ("": bare)."""
        tongue = tongue_of(node) if wrap == "p" and node is not self.root and not is_written(node) else None
        self.flow(inside(node), wrap, wrappers, tongue)

    def flow(
        self, parts: Iterable[Element | str], wrap: str, wrappers: tuple[Element, ...], tongue: Mapping[str, str] | None = None
    ) -> None:
        """Write blocks, and what is between them, as `blocks` does; `tongue` is what paragraphs made of that have as attributes."""
        run: list[Element | str] = []
        for part in parts:
            if isinstance(part, str) or ((tag := local_name(part)) not in BOUNDARIES and part not in self.mixed):
                run.append(part)
            elif part in self.captions:
                run.append(" ")
            else:
                self.run(run, wrap, wrappers, tongue)
                run = []
                self.block(part, tag, wrap, wrappers)
        self.run(run, wrap, wrappers, tongue)

    def block(self, element: Element, tag: str, wrap: str, wrappers: tuple[Element, ...]) -> None:
        """Write one element that is, or has inside, a block."""
        tag = RENAMED.get(tag, tag)
        if element in self.mixed and tag not in BOUNDARIES:
            self.blocks(element, wrap, (*wrappers, element) if _wraps(element, tag, wrappers) else wrappers)
        elif tag in _HEADINGS:
            self.heading(element, wrappers)
        elif tag == "p" and element not in self.mixed:
            self.run(inside(element), "p", wrappers, self.attributes(element, "p"))
        elif method := getattr(self, f"block_{tag}", None):
            method(element, wrappers)
        elif notes.is_notes(element):
            self.container("div", element, "p", wrappers, {"role": "doc-endnotes"})
        else:
            self.keep_id(element)
            self.blocks(element, "p" if tag == "p" else wrap, wrappers)

    def heading(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        """Write a heading, renumbered so that the first is `h2` and no level is left out."""
        before, level, named, mark = list(self.levels), int(local_name(element)[1]), self.named, len(self.out)
        while self.levels and self.levels[-1] >= level:
            self.levels.pop()
        gap = level - (self.levels[-1] if self.levels else 1)
        self.levels.append(level)
        tag = f"h{min(1 + len(self.levels), 6)}"
        written = self.run(inside(element), tag, wrappers, self.attributes(element, tag))
        if self.named == named:
            self.levels = before
            self.repairs.note("body-empty-heading", element)
            self.rename(mark, tag, "p") if written else None
        elif gap > 1:
            self.repairs.note("body-heading-level", element, f"h{level} {line(text_of(element)) or ''}")

    def container(
        self, tag: str, element: Element, wrap: str, wrappers: tuple[Element, ...] = (), extra: Mapping[str, str] | None = None
    ) -> bool:
        """Write `element` as a `tag` with blocks inside; leave it out and return False when nothing would be."""
        mark = self.open(tag, self.attributes(element, tag) | dict(extra or {}))
        self.blocks(element, wrap, wrappers)
        return self.close(tag, mark)

    def block_blockquote(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        """Write a quotation."""
        self.container("blockquote", element, "p", wrappers)

    def block_figure(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        """Write a figure with all its captions in one at its end."""
        mark = self.open("figure", self.attributes(element, "figure"))
        captions = [each for each in element.iter("{*}figcaption") if next(each.iterancestors("{*}figure"), None) is element]
        self.captions.update(captions)
        self.blocks(element, "", wrappers)
        if len(self.out) > mark + 1:
            self.caption(captions, wrappers)
            self.close("figure", mark)
        else:  # captions alone are paragraphs
            self.take_back(mark)
            self.captions.difference_update(captions)
            self.flow(captions, "p", wrappers)

    def caption(self, captions: list[Element], wrappers: tuple[Element, ...]) -> None:
        """Write all the captions of a figure as one, each on its line."""
        if captions:
            mark = self.open("figcaption", self.attributes(captions[0], "figcaption"))
            for caption in captions:
                self.blocks(caption, "", wrappers)
            self.close("figcaption", mark)

    def block_hr(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        """Write a thematic break."""
        self.out.append("<hr/>")

    def block_pre(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        """Write text whose white space counts."""
        mark = self.open("pre", self.attributes(element, "pre"))
        self.verbatim = True
        self.started = self.said = False
        self.inline_all(inside(element))
        self.verbatim = False
        self.trim_verbatim(mark)
        self.close("pre", mark) if self.said else self.take_back(mark)

    def trim_verbatim(self, mark: int) -> None:
        """Take the white space at the end of `pre` away, and the elements that had nothing else inside."""
        while (end := self.last_text(mark)) and not (left := self.out[end].rstrip(SPACES)):
            del self.out[end]
            while end - 1 > mark and end < len(self.out) and opens(self.out[end - 1]):
                self.take_back(end - 1, end + 1)
                end -= 1
        if end:
            self.out[end] = left

    def block_ul(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        """Write a list; what stands between items becomes one, or goes into the one before."""
        tag = "ol" if local_name(element) == "ol" else "ul"
        mark = self.open(tag, self.attributes(element, tag))
        loose: list[Element | str] = [element.text or ""]
        for child in element:
            name = local_name(child)
            if child not in self.captions and (name in BOUNDARIES or child in self.mixed):
                self.run(loose, "li", wrappers)
                loose = []
                if name == "li" or name not in ("ul", "ol", "menu", "dir") or not self.into_last_item(child, mark, wrappers):
                    self.container("li", child, "", wrappers) if name not in BLOCKS else self.item(child, wrappers)
            else:
                loose.append(child)
            loose.append(child.tail or "")
        self.run(loose, "li", wrappers)
        self.close(tag, mark)

    block_ol = block_ul

    def into_last_item(self, nested: Element, mark: int, wrappers: tuple[Element, ...]) -> bool:
        """Write a list that stands between items into the item before it, where people mean it to be."""
        if len(self.out) <= mark + 1 or self.out[-1] != "</li>":
            return False
        self.out.pop()
        self.block(nested, local_name(nested), "", wrappers)
        self.out.append("</li>")
        return True

    def item(self, block: Element, wrappers: tuple[Element, ...]) -> None:
        """Write a block that stands in a list without an item around it."""
        mark = self.open("li", {})
        self.block(block, local_name(block), "", wrappers)
        self.close("li", mark)

    def block_dl(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        """Write a list of terms and descriptions, or paragraphs when it is none."""
        parts, loose = parts_of(element, ("dt", "dd"), ("dl",))
        if is_said(loose) or not re.fullmatch("(t+d+)+", "".join(local_name(part)[1] for part in parts)):
            self.keep_id(element)
            self.blocks(element, "p", wrappers)  # not term and description by turns, so paragraphs
            return
        mark = self.open("dl", self.attributes(element, "dl"))
        filled = [self.term(part, wrappers) for part in parts]
        self.close("dl", mark) if any(filled) else self.take_back(mark)

    def term(self, part: Element, wrappers: tuple[Element, ...]) -> bool:
        """Write a term or a description, also an empty one; return whether anything is in it."""
        tag = local_name(part)
        mark = self.open(tag, self.attributes(part, tag))
        if tag == "dd":
            self.blocks(part, "", wrappers)
        else:
            self.run(inside(part), "", wrappers)
        self.out.append(f"</{tag}>")
        return len(self.out) > mark + 2

    # -- tables ---------------------------------------------------------------------------------------------------

    def block_table(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        """Write a table, or paragraphs when it is none."""
        parts, loose = parts_of(element, ("td", "th", "caption"), ("table",))
        captions = [each for each in parts if local_name(each) == "caption"]
        groups = tables.groups([each for each in parts if local_name(each) != "caption"])
        height, width = sum(map(len, groups.values())), tables.width(groups)
        self.flow(loose, "p", wrappers)  # in front, as browsers do
        if not height or not self.can_fill(len(parts), width * height):
            self.keep_id(element)
            self.flow(parts, "p", wrappers)
            return
        mark = self.open("table", self.attributes(element, "table"))
        self.table_caption(captions, wrappers)
        for group, rows in groups.items():
            self.rows(group, rows, width, wrappers)
        self.close("table", mark)

    def can_fill(self, cells: int, filled: int) -> bool:
        """Return whether a table of so many cells may be filled up to so many.

        Four empty cells for each that is there, and 10,000 more in all of a body.
        """
        over = max(filled - 5 * cells, 0)
        if over > self.spare:
            return False
        self.spare -= over
        return True

    def table_caption(self, captions: list[Element], wrappers: tuple[Element, ...]) -> None:
        """Write all the captions of a table as one, with a space between them."""
        if captions:
            run = [part for caption in captions for part in (*inside(caption), " ")]
            self.run(run, "caption", wrappers, self.attributes(captions[0], "caption"))

    def rows(self, group: str, rows: list[list[Element]], width: int, wrappers: tuple[Element, ...]) -> None:
        """Write the rows of a part of a table, filled up to the same width."""
        if not rows:
            return
        self.out.append(f"<{group}>")
        for cells in rows:
            self.out.append("<tr>")
            scope = tables.scope(group, cells)
            for cell in cells:
                self.cell(cell, scope, wrappers, spans=width == 0)
            self.out += ["<td></td>" * (width - len(cells)), "</tr>"]
        self.out.append(f"</{group}>")

    def cell(self, cell: Element, scope: str, wrappers: tuple[Element, ...], *, spans: bool) -> None:
        """Write a cell; a heading without words becomes a plain one."""
        tag = local_name(cell)
        attributes = self.attributes(cell, tag)
        if tag == "th":
            attributes.setdefault("scope", scope)
        for name in ("colspan", "rowspan"):
            if spans and (covered := tables.span(cell, name)) > 1:
                attributes[name] = str(covered)
        mark, named = len(self.out), self.named
        self.out.append(tag_of(tag, attributes))
        if tag == "td":
            self.blocks(cell, "", wrappers)
        else:
            self.run(inside(cell), "", wrappers)
        if self.pictures:
            self.said_beside(mark)
        self.out.append(f"</{tag}>")
        if tag == "th" and self.named == named:
            self.repairs.note("body-empty-header-cell", cell)
            self.rename(mark, "th", "td")


def _wraps(element: Element, tag: str, wrappers: tuple[Element, ...]) -> bool:
    """Return whether an inline element around blocks goes inside them: not when it says nothing new, nor when there are too many."""
    if tag not in INLINE or tag in ("ruby", "rt") or len(wrappers) >= _MOST_WRAPPERS:
        return False
    return bool(element.attrib) or all(local_name(each) != tag for each in wrappers)
