"""The cleaner: a tree of any markup in, the canonical body out (see `markup`).

Allowed are the elements of the HTML Standard (read 2026-11-23) that text is made of. Deviations:
headings start at `h2` and leave no level out, since the headline is the `h1` (WCAG 2.2, 1.3.1);
end notes are a `div`, since a `section` without heading is a warning of the Nu Html Checker, and notes beside the text become such;
`rp` goes, since every reading system in use knows `ruby`;
table cells lose their spans, and short rows are filled up, where the cells make no rectangle;
a table that would need far more empty cells than it has cells becomes paragraphs.

Nothing is copied: every tag, attribute and character is written anew, so what is not allowed cannot come through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import accumulate, count
from typing import cast

from lxml import etree

from publisher.cleaner import notes, simple, tables
from publisher.cleaner.elements import (
    BLOCKS,
    BOUNDARIES,
    FRAMES,
    HARMLESS,
    INLINE,
    LEFT_OUT,
    PLAYERS,
    RENAMED,
    Element,
    has_content,
    local_name,
    text_of,
)
from publisher.cleaner.losses import LeftOut, left_out
from publisher.cleaner.naming import in_words, is_seen, name_of_link
from publisher.cleaner.notes import is_note
from publisher.cleaner.repairs import Repair, Repairs, coloured
from publisher.problems import Severity, Unreadable, problem
from publisher.text import allowed, escape, language, line, spaced, url

__all__ = [
    "BOUNDARIES",
    "HARMLESS",
    "LONGEST",
    "LeftOut",
    "Repair",
    "Resolve",
    "at_once",
    "fragment",
    "is_note",
    "left_out",
    "local_name",
    "mended",
    "parsed",
    "short_enough",
]

Resolve = Callable[[str], str | None]

LONGEST = 10_000_000
"""How many characters a body may have, before it is cleaned and after."""
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_SPACES = " \t\n\r\f"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_NUMBER = re.compile(r"[0-9]{1,5}")
_INTEGER = re.compile(r"-?[0-9]{1,6}")
_TIME = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DATETIME = re.compile(rf"\d{{4}}(-(0[1-9]|1[0-2]))?|{_TIME}|(?P<day>\d{{4}}-\d\d-\d\d)(T{_TIME}(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?")
_LANGUAGE_CLASS = re.compile(r"language-[A-Za-z0-9+#._-]{1,40}")
_ROLES = {"a": ("doc-noteref", "doc-backlink"), "div": ("doc-endnotes",)}
_SAYING = frozenset("a p li td th h2 h3 h4 h5 h6".split())
"""Elements whose text a picture right inside should not repeat (axe-core 4.14, `image-redundant-alt`), and headings, which need it."""
_ALTERNATIVE = re.compile(r' alt="([^"]*)"')
_SCOPE = re.compile(r' scope="[^"]*"')
_WRITTEN_ID = re.compile(' id="([^"]*)"')
_DEEPEST = 100
_DEEPEST_BODY = 90
_SHALLOW = 30  # what is not nested deeper cannot give a body that is: no element becomes more than two, and formatting adds twelve
_MOST_PASSES = 5
_MOST_FILLED = 10_000
_MOST_WRAPPERS = 12
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DIRECTIONS = ("ltr", "rtl", "auto")
_WITH_TONGUE = etree.XPath("descendant::*[@lang or @dir or @xml:lang]")
_WRITTEN = BLOCKS | INLINE | frozenset("li dt dd caption td th figcaption".split())
"""Elements that are written themselves, with their language and direction; of any other its parts are."""


def fragment(root: Element, base: str | Resolve = "") -> str:
    """Return the canonical body made of what is inside `root`, as `clean` does; raise `Unreadable` when it is too long."""
    return mended(root, base)[0]


def mended(root: Element, base: str | Resolve = "") -> tuple[str, tuple[Repair, ...]]:
    """Return the body that `fragment` makes, and what had to be put right so that everybody can read it."""
    if (known := simple.canonical(_written(root), _resolver(base))) is not None:
        return known, ()
    return parsed(root, base)


def parsed(root: Element, base: str | Resolve = "") -> tuple[str, tuple[Repair, ...]]:
    """Return what `mended` does, also where the body is simple: element by element."""
    colours = coloured(root)
    body, repairs = _made(root, _resolver(base))
    repairs.colours(colours)
    return body, tuple(repairs)


def at_once(markup: str, base: str | Resolve = "") -> str | None:
    """Return the body that `mended` makes of what a tree would be made of, when that is simple and nothing is to be put right."""
    return simple.canonical(markup, _resolver(base))


def _resolver(base: str | Resolve) -> Resolve:
    absolute = base if callable(base) else lambda reference: url(reference, base)
    # Where the quote that should end an address is missing, it has swallowed what comes behind: text that no address may carry elsewhere.
    return lambda reference: None if "<" in reference else absolute(reference)


def _written(root: Element) -> str:
    """Return what is inside an element as markup."""
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    return text[text.index(">") + 1 : text.rindex("<")] if len(root) else ""


def _made(root: Element, resolve: Resolve) -> tuple[str, Repairs]:
    formulas = list(_spell_formulas(root))
    gathered = [(each, line(text_of(each)) or "") for each in notes.gather(root)]
    _close_terms(root)
    _hand_down(root)
    deepest = _DEEPEST
    while True:
        depth = _flatten(root, deepest)
        cleaner = _cleaned(root, resolve)
        if depth <= _SHALLOW or _depth(cleaner.out) <= _DEEPEST_BODY:
            for note, said in gathered:
                cleaner.repairs.note("body-notes-gathered", note, said)
            for formula, said in formulas:
                cleaner.repairs.note("body-formula-spelt", formula, said)
            return short_enough(notes.without_empty_references("".join(cleaner.out))), cleaner.repairs
        deepest //= 2  # items, rows and paragraphs came between what was there, so that the body would be flattened when cleaned again


def _spell_formulas(root: Element) -> Iterator[tuple[Element, str]]:
    """Put what a formula says in its place, since no feed has MathML: as TeX where that is said (MathML 3, 5.2), else its letters."""
    for each in list(root.iter("{*}math", "math")):
        notations = (note for note in each.iter("{*}annotation", "annotation") if "tex" in (note.get("encoding") or "").lower())
        tex = line(next((note.text for note in notations if note.text), each.get("alttext")))
        for note in list(each.iter("{*}annotation", "annotation", "{*}annotation-xml", "annotation-xml")):
            note.text = None
            del note[:]
        said = tex or line("".join(map(str, each.itertext()))) or ""
        each.attrib.clear()
        del each[:]  # and not `clear`, which would take the text behind along
        each.tag, each.text = "code" if tex else "span", said
        if said:
            yield each, said


def _cleaned(root: Element, resolve: Resolve) -> _Cleaner:
    known: frozenset[str] | None = None
    for passes in count():
        cleaner = _Cleaner(root, resolve, known)
        cleaner.blocks(root, "p")
        if known == frozenset() or cleaner.targets <= cleaner.ids or known == frozenset(cleaner.ids):
            break
        # Now that we know what is there, links to what is not become text, and sometimes a target goes with a link.
        known = frozenset(cleaner.ids) if passes < _MOST_PASSES else frozenset()
    return cleaner


def _depth(chunks: Iterable[str]) -> int:
    """Return how many elements are inside each other where that are most."""
    return max(accumulate(-1 if chunk.startswith("</") else _opens(chunk) for chunk in chunks), default=0)


def short_enough(body: str) -> str:
    """Return the body, or raise `Unreadable` when it has more characters than any body may have."""
    if len(body) <= LONGEST:
        return body
    message = f"the text is {len(body):,} characters long"
    raise Unreadable(problem("text-too-long", Severity.ERROR, message, hint=f"split it into articles of at most {LONGEST:,}"))


def _close_terms(root: Element) -> None:
    """Put terms beside each other, and descriptions, that libxml2 (2.14) nests when they have no end tag (HTML, 13.1.2.4)."""
    for part in list(root.iter("{*}dt", "{*}dd")):
        if (around := part.getparent()) is not None and around is not root and local_name(around) in ("dt", "dd"):
            around.addnext(part)


def _hand_down(root: Element) -> None:
    """Give language and direction of an element that is not written to what is inside it, where that says nothing else."""
    found = cast("list[Element]", _WITH_TONGUE(root))
    for element in found:  # grows: each element twice at most, since it is given each of the two once
        if not _is_written(element):
            found += [child for child in element.iterchildren("*") if local_name(child) in BOUNDARIES and _take(child, _tongue(element))]


def _is_written(element: Element) -> bool:
    return local_name(element) in _WRITTEN or notes.is_notes(element)


def _take(element: Element, tongue: Mapping[str, str]) -> bool:
    """Give an element the language and the direction that it does not have; return whether it was given any."""
    missing = {name: value for name, value in tongue.items() if not (_language(element) if name == "lang" else element.get(name))}
    for name, value in missing.items():
        element.set(name, value)
    return bool(missing)


def _tongue(element: Element) -> dict[str, str]:
    """Return the language and the direction of an element as attributes."""
    found = {"lang": _language(element), "dir": (element.get("dir") or "").lower()}
    return {name: value for name, value in found.items() if value and (name == "lang" or value in _DIRECTIONS)}


def _language(element: Element) -> str | None:
    return language(element.get(_XML_LANG) or element.get("lang") or element.get("xml:lang"))


def _flatten(root: Element, deepest: int) -> int:
    """Make text of what is nested deeper, so that no input can exhaust the stack; return how deep it was nested, itself included."""
    deep, depth, most = [], 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        most = max(depth, most)
        if event == "start" and depth == deepest:
            deep.append(element)
    for element in deep:
        text, tail = allowed(text_of(element)), allowed(element.tail or "")
        element.clear()
        element.text, element.tail = text, tail
    return most


class _Cleaner:
    """One pass over a tree: writes the canonical string, chunk by chunk.

    The white space of inline text is a small state machine: `pending` is a space that will be written
    when something follows; `fresh` says that a space here would be the first on its line or the second in a row.
    """

    def __init__(self, root: Element, resolve: Resolve, known: frozenset[str] | None) -> None:
        self.root = root
        self.resolve = resolve
        self.known = known
        self.out: list[str] = []
        self.pending = False
        self.fresh = True
        self.started = False
        self.said = False  # whether the run has more than white space
        self.verbatim = False
        self.opened: list[str] = []  # inline elements around what is being written
        self.moved_id: str | None = None
        self.ids: set[str] = set()
        self.levels: list[int] = []
        self.targets = {href[1:] for each in root.iter("{*}a") if (href := (each.get("href") or "").strip()).startswith("#") and href[1:]}
        self.mixed = _inline_around_blocks(root)
        self.captions: set[Element] = set()  # of figures: written where the figure ends
        self.spare = _MOST_FILLED
        self.named = 0  # how many texts were written that can be read aloud, alternative ones included
        self.lent = ""  # the name of the link that is being written, for its first picture
        self.saying: dict[Element, bool] = {}  # links around blocks that have been asked whether they have words
        self.hollow = False  # whether we are in a link that was left out with all that is a link in it
        self.pictures: list[tuple[int, Element]] = []  # the places of pictures with alternative text whose container is not closed yet
        self.repairs = Repairs()

    # -- blocks ---------------------------------------------------------------------------------------------------

    def blocks(self, node: Element, wrap: str, wrappers: tuple[Element, ...] = ()) -> None:
        """Write what is inside `node`: blocks as they are, runs of inline content inside the element `wrap` ("": bare)."""
        tongue = _tongue(node) if wrap == "p" and node is not self.root and not _is_written(node) else None
        self.flow(_inside(node), wrap, wrappers, tongue)

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
            self.run(_inside(element), "p", wrappers, self.attributes(element, "p"))
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
        written = self.run(_inside(element), tag, wrappers, self.attributes(element, tag))
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
        self.container("blockquote", element, "p", wrappers)

    def block_figure(self, element: Element, wrappers: tuple[Element, ...]) -> None:
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
        self.out.append("<hr/>")

    def block_pre(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        mark = self.open("pre", self.attributes(element, "pre"))
        self.verbatim = True
        self.started = self.said = False
        self.inline_all(_inside(element))
        self.verbatim = False
        self.trim_verbatim(mark)
        self.close("pre", mark) if self.said else self.take_back(mark)

    def trim_verbatim(self, mark: int) -> None:
        """Take the white space at the end of `pre` away, and the elements that had nothing else inside."""
        while (end := self.last_text(mark)) and not (left := self.out[end].rstrip(_SPACES)):
            del self.out[end]
            while end - 1 > mark and end < len(self.out) and _opens(self.out[end - 1]):
                self.take_back(end - 1, end + 1)
                end -= 1
        if end:
            self.out[end] = left

    def last_text(self, mark: int) -> int:
        """Return the place of the text that has only end tags after it, 0 when there is none."""
        end = len(self.out) - 1
        while end > mark and self.out[end].startswith("</"):
            end -= 1
        return 0 if end == mark or self.out[end].startswith("<") else end

    def block_ul(self, element: Element, wrappers: tuple[Element, ...]) -> None:
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
        parts, loose = _parts(element, ("dt", "dd"), ("dl",))
        if _is_said(loose) or not re.fullmatch("(t+d+)+", "".join(local_name(part)[1] for part in parts)):
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
            self.run(_inside(part), "", wrappers)
        self.out.append(f"</{tag}>")
        return len(self.out) > mark + 2

    # -- tables ---------------------------------------------------------------------------------------------------

    def block_table(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        parts, loose = _parts(element, ("td", "th", "caption"), ("table",))
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
            run = [part for caption in captions for part in (*_inside(caption), " ")]
            self.run(run, "caption", wrappers, self.attributes(captions[0], "caption"))

    def rows(self, group: str, rows: list[list[Element]], width: int, wrappers: tuple[Element, ...]) -> None:
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
        tag = local_name(cell)
        attributes = self.attributes(cell, tag)
        if tag == "th":
            attributes.setdefault("scope", scope)
        for name in ("colspan", "rowspan"):
            if spans and (covered := tables.span(cell, name)) > 1:
                attributes[name] = str(covered)
        mark, named = len(self.out), self.named
        self.out.append(_tag(tag, attributes))
        if tag == "td":
            self.blocks(cell, "", wrappers)
        else:
            self.run(_inside(cell), "", wrappers)
        if self.pictures:
            self.said_beside(mark)
        self.out.append(f"</{tag}>")
        if tag == "th" and self.named == named:
            self.repairs.note("body-empty-header-cell", cell)
            self.rename(mark, "th", "td")

    # -- runs of inline content -----------------------------------------------------------------------------------

    def run(
        self, run: list[Element | str], wrap: str, wrappers: tuple[Element, ...] = (), attributes: Mapping[str, str] | None = None
    ) -> bool:
        """Write a run of inline content inside `wrap`; return whether there was any."""
        if not any(not isinstance(each, str) or each.strip(_SPACES) for each in run):
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

    def space(self) -> None:
        """Write the space that is pending, before something that follows it."""
        if self.pending:
            self.out.append(" ")
            self.pending, self.fresh = False, True

    def content(self, *, pending: bool = False) -> None:
        """Note that something visible has been written on this line."""
        self.pending, self.fresh, self.started = pending, False, True

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
            self.inline_all(_inside(element))  # libxml2 does not know that it is void
        elif tag == "img":
            self.image(element)
        elif tag in PLAYERS:
            self.player(element, tag)
        elif tag in FRAMES:
            self.frame(element, FRAMES[tag])
            self.inline_all(_inside(element) if tag == "embed" else [])  # the same
        elif tag in BOUNDARIES:
            self.boundary(element) if element not in self.captions else self.text(" ")
        else:
            self.inline_element(element, _inside(element))

    def boundary(self, element: Element) -> None:
        """Write a block where only inline content can stand: its content, set off by white space."""
        separator = "\n" if self.verbatim else " "
        self.keep_id(element)
        self.text(separator if self.started else "")
        self.inline_all(_inside(element))
        self.text(separator)

    def line_break(self) -> None:
        if self.verbatim:
            self.text("\n")
        elif self.started:
            if self.out[-1] == " ":
                self.out.pop()
            self.out.append("<br/>")
            self.pending, self.fresh = False, True

    def atom(self, markup: str) -> None:
        self.space()
        self.out.append(markup)
        self.content()
        self.said = True

    def image(self, element: Element) -> None:
        source = self.source(element, "src")
        alternative = in_words(element.get("alt"))
        if not source:
            self.text(alternative)
            return
        alternative, self.lent = alternative or self.lent, ""
        self.atom(_tag("img", {"alt": alternative, "src": source} | self.attributes(element, "img"), void=True))
        self.repairs.picture(element, source, alternative)
        if alternative:
            self.named += 1
            self.pictures.append((len(self.out) - 1, element))

    def source(self, element: Element, attribute: str) -> str | None:
        """Return the address on the web that an attribute has, or `None` when it has none."""
        return _address(given, self) if (given := element.get(attribute)) else None

    def recording(self, element: Element) -> str | None:
        """Return the address of what a player plays, or `None` when there is none."""
        return next(filter(None, (self.source(each, "src") for each in (element, *element.iter("{*}source")))), None)

    def player(self, element: Element, tag: str) -> None:
        source = self.recording(element)
        if source and not self.inside("a") and not self.verbatim:
            attributes = {"controls": "controls", "src": source} | self.attributes(element, tag)
            self.atom(_tag(tag, attributes) + f"</{tag}>")
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
            or not _meaningful(tag, attributes)
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
                yield from self.sayings(_inside(each)) if tag == "embed" else ()
            elif tag not in LEFT_OUT and each not in self.captions:
                yield from self.sayings(_inside(each))

    def says_more(self, link: Element) -> bool:
        """Return whether a link around blocks has words in one of them."""
        if link not in self.saying:
            self.saying[link] = link in self.mixed and is_seen(text_of(link))
        return self.saying[link]

    def said_beside(self, mark: int) -> None:
        """Empty the alternative texts that say what all the text around them says (WCAG 2.2, technique H2), from a place on."""
        found = []
        while self.pictures and self.pictures[-1][0] > mark:
            place, element = self.pictures.pop()
            found.append((place, element, _ALTERNATIVE.findall(self.out[place])[0]))
        text = _said(self.out, mark, max((len(alternative) for _, _, alternative in found), default=-1))
        for place, element, alternative in found:
            if _squeezed(alternative) == text:
                self.out[place] = _ALTERNATIVE.sub(' alt=""', self.out[place], count=1)
                self.repairs.note("body-alternative-text-repeated", element, alternative)

    def rename(self, mark: int, old: str, new: str) -> None:
        """Make the element that was written last, from a place on, another one."""
        self.out[mark] = _SCOPE.sub("", self.out[mark]).replace(f"<{old}", f"<{new}", 1)
        self.out[-1] = f"</{new}>"

    def meant(self, element: Element, tag: str) -> bool:
        """Return whether the element may stand here."""
        if tag == "ruby":
            return not self.inside("ruby") and _is_ruby(element)
        if tag == "rt":
            return self.inside("ruby")
        return tag in INLINE and not (tag == "a" and (self.hollow or self.inside("a"))) and not (tag == "dfn" and self.inside("dfn"))

    def inside(self, tag: str) -> bool:
        """Return whether an element of that name is open in the run being written."""
        return tag in self.opened

    # -- tags and attributes --------------------------------------------------------------------------------------

    def open(self, tag: str, attributes: dict[str, str]) -> int:
        """Write a start tag; return its place for `close`."""
        if self.moved_id and "id" not in attributes and self.moved_id not in self.ids:
            attributes["id"] = self.moved_id
            self.ids.add(self.moved_id)
            self.moved_id = None
        self.out.append(_tag(tag, attributes))
        return len(self.out) - 1

    def close(self, tag: str, mark: int) -> bool:
        """Write the end tag; or take the start tag back and return False when nothing is between them."""
        if len(self.out) > mark + 1:
            if self.pictures and tag in _SAYING:
                self.said_beside(mark)
            self.out.append(f"</{tag}>")
            return True
        self.take_back(mark)
        return False

    def take_back(self, mark: int, end: int | None = None) -> None:
        """Unwrite what was written from `mark` on, with its ids."""
        for chunk in self.out[mark:end]:
            if chunk.startswith("<") and (found := _WRITTEN_ID.search(chunk)):
                self.ids.discard(found[1])
        del self.out[mark:end]
        while self.pictures and self.pictures[-1][0] >= mark:
            self.pictures.pop()

    def keep_id(self, element: Element) -> None:
        """Give the id of an element that is left out to the next one that is written, when a link wants it."""
        if (name := element.get("id") or element.get("name")) and name in self.targets and name not in self.ids and _ID.fullmatch(name):
            self.moved_id = name

    def attributes(self, element: Element, tag: str) -> dict[str, str]:
        """Return the attributes that `element` keeps as a `tag`, checked."""
        found = {
            name: value
            for name, check in _attributes_of(tag).items()
            if (given := element.get(name)) is not None and (value := check(given, self))
        }
        identifier = element.get("id") or (element.get("name") if tag == "a" else None)
        if identifier and _ID.fullmatch(identifier) and identifier not in self.ids:
            found["id"] = identifier
            self.ids.add(identifier)
        if tongue := _language(element):
            found["lang"] = tongue
        return found

    def href(self, value: str) -> str | None:
        """Return where a link goes, or `None` when it goes nowhere."""
        value = value.strip(_SPACES)
        if value.startswith("#"):
            return value if value[1:] in (self.known if self.known is not None else self.targets) and _ID.fullmatch(value[1:]) else None
        return self.resolve(value) if value else None


Check = Callable[[str, _Cleaner], str | None]


def _match(pattern: re.Pattern[str]) -> Check:
    return lambda value, _: found[0] if (found := pattern.fullmatch(value.strip())) else None


def _one_of(*values: str) -> Check:
    return lambda value, _: lowered if (lowered := value.strip().lower()) in values else None


def _address(value: str, cleaner: _Cleaner) -> str | None:
    return found if (found := cleaner.resolve(value)) and found.startswith("http") else None


def _present(value: str, _: _Cleaner) -> str | None:
    return "reversed"


def _line(value: str, _: _Cleaner) -> str | None:
    return line(value)


def _code_language(value: str, _: _Cleaner) -> str | None:
    return next((each for each in value.split() if _LANGUAGE_CLASS.fullmatch(each)), None)


def _datetime(value: str, _: _Cleaner) -> str | None:
    found = _DATETIME.fullmatch(value := value.strip())
    return value if found and not value.startswith("0000") and (not found["day"] or _is_day(found["day"])) else None


def _is_day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _href(value: str, cleaner: _Cleaner) -> str | None:
    return cleaner.href(value)


_GLOBAL: dict[str, Check] = {"dir": _one_of("ltr", "rtl", "auto")}
_ATTRIBUTES: dict[str, dict[str, Check]] = {
    "a": {"href": _href, "role": _one_of(*_ROLES["a"]), "title": _line},
    "abbr": {"title": _line},
    "blockquote": {"cite": _address},
    "code": {"class": _code_language},
    "del": {"cite": _address, "datetime": _datetime},
    "dfn": {"title": _line},
    "div": {"role": _one_of(*_ROLES["div"])},
    "img": {"height": _match(_NUMBER), "title": _line, "width": _match(_NUMBER)},
    "ins": {"cite": _address, "datetime": _datetime},
    "li": {"value": _match(_INTEGER)},
    "ol": {"reversed": _present, "start": _match(_INTEGER), "type": _match(re.compile("[1aAiI]"))},
    "q": {"cite": _address},
    "th": {"scope": _one_of("col", "row", "colgroup", "rowgroup")},
    "time": {"datetime": _datetime},
    "video": {"height": _match(_NUMBER), "poster": _address, "width": _match(_NUMBER)},
}
_ATTRIBUTES = {tag: _GLOBAL | checks for tag, checks in _ATTRIBUTES.items()}


def _attributes_of(tag: str) -> dict[str, Check]:
    return _ATTRIBUTES.get(tag, _GLOBAL)


def _meaningful(tag: str, attributes: Mapping[str, str]) -> bool:
    """Return whether an inline element says anything with just these attributes."""
    needed = {"a": ("href",), "bdo": ("dir",), "span": ("lang", "dir"), "time": ("datetime",)}
    return tag not in needed or any(name in attributes for name in needed[tag])


def _tag(tag: str, attributes: Mapping[str, str], *, void: bool = False) -> str:
    pairs = "".join(f' {name}="{escape(value)}"' for name, value in sorted(attributes.items()))
    return f"<{tag}{pairs}/>" if void else f"<{tag}{pairs}>"


def _opens(chunk: str) -> bool:
    return chunk.startswith("<") and "</" not in chunk and not chunk.endswith("/>")


def _inside(element: Element) -> list[Element | str]:
    """Return the text and the elements right inside an element, in their order."""
    parts: list[Element | str] = [element.text or ""]
    for child in element:
        parts += (child, child.tail or "")
    return parts


def _inline_around_blocks(root: Element) -> set[Element]:
    """Return the inline elements and paragraphs that have a block somewhere inside."""
    around: set[Element] = set()
    for element in root.iter():
        if local_name(element) in BOUNDARIES:
            parent = element.getparent()
            while parent is not None and parent is not root and parent not in around:
                if (name := local_name(parent)) in BOUNDARIES and name != "p":
                    break
                around.add(parent)
                parent = parent.getparent()
    return around


def _is_ruby(element: Element) -> bool:
    """Return whether each annotation has something before it to annotate (HTML, 4.5.10)."""
    base = bool((element.text or "").strip(_SPACES))
    annotations = 0
    for child in element:
        if local_name(child) == "rt":
            if not base or not text_of(child).strip(_SPACES):
                return False
            annotations, base = annotations + 1, False
        elif local_name(child) != "rp":
            base = base or bool(text_of(child).strip(_SPACES))
        base = base or bool((child.tail or "").strip(_SPACES))
    return bool(annotations)


def _wraps(element: Element, tag: str, wrappers: tuple[Element, ...]) -> bool:
    """Return whether an inline element around blocks goes inside them: not when it says nothing new, nor when there are too many."""
    if tag not in INLINE or tag in ("ruby", "rt") or len(wrappers) >= _MOST_WRAPPERS:
        return False
    return bool(element.attrib) or all(local_name(each) != tag for each in wrappers)


def _said(chunks: list[str], mark: int, longest: int) -> str:
    """Return the text from a place on without its white space; of one longer than `longest` only the beginning."""
    said = ""
    for place in range(mark, len(chunks)):
        said += "" if chunks[place].startswith("<") else _squeezed(chunks[place])
        if len(said) > longest:
            break
    return said


def _squeezed(text: str) -> str:
    return "".join(text.lower().split())


def _is_inline(chunk: str) -> bool:
    """Return whether what was written is part of a run of inline content."""
    return not chunk.startswith("<") or chunk.lstrip("</").partition(">")[0].partition(" ")[0].rstrip("/") not in BOUNDARIES


def _parts(element: Element, names: Collection[str], borders: Collection[str]) -> tuple[list[Element], list[Element | str]]:
    """Return what is called so inside `element`, and what else is there, in their order.

    Looks into what has such a part inside, but not into parts nor beyond `borders`.
    """
    parts: list[Element] = []
    loose: list[Element | str] = []
    around = _around(element, names, borders)

    def sort(node: Element) -> None:
        loose.append(node.text or "")
        for child in node:
            if local_name(child) in names:
                parts.append(child)
            elif child in around:
                loose.append(" ")
                sort(child)
            else:
                loose.append(child)
            loose.append((" " if child in around or child in parts[-1:] else "") + (child.tail or ""))

    sort(element)
    return parts, loose


def _around(element: Element, names: Collection[str], borders: Collection[str]) -> set[Element]:
    """Return the elements that have a part of `element` inside (see `_parts`)."""
    found: set[Element] = set()

    def look(node: Element) -> bool:
        inside = [local_name(child) in names or (local_name(child) not in borders and look(child)) for child in node]
        if any(inside):
            found.add(node)
        return any(inside)

    look(element)
    return found


def _is_said(loose: list[Element | str]) -> bool:
    """Return whether there is text, or an element that may have some, among what stands between the parts."""
    return any(each.strip() if isinstance(each, str) else has_content(each) for each in loose)
