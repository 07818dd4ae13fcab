"""The cleaner: a tree of any markup in, the canonical body out (see `markup`).

Allowed are the elements of the HTML Standard (read 2026-11-23) that text is made of. Deviations:
headings start at `h2` and leave no level out, since the headline is the `h1` (WCAG 2.2, 1.3.1);
end notes are a `div`, since a `section` without heading is a warning of the Nu Html Checker;
`rp` goes, since every reading system in use knows `ruby`;
table cells lose their spans, and short rows are filled up, where the cells make no rectangle;
a table that would need far more empty cells than it has cells becomes paragraphs.

Nothing is copied: every tag, attribute and character is written anew, so what is not allowed cannot come through.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, count, groupby
from typing import cast

from lxml import etree

from publisher.problems import Severity, Unreadable, problem
from publisher.text import allowed, escape, language, line, spaced, url

__all__ = ["BOUNDARIES", "HARMLESS", "LONGEST", "LeftOut", "Resolve", "fragment", "left_out", "local_name", "short_enough"]

Element = etree._Element
Resolve = Callable[[str], str | None]

_LEFT_OUT = frozenset(
    "script style template noscript head title meta link base svg math canvas input select textarea button datalist "
    "option optgroup progress meter map area param rp frameset frame noembed noframes dialog".split()
)
_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol menu dir dl blockquote pre listing xmp table figure hr".split())
BOUNDARIES = _BLOCKS | frozenset(
    "div section article main header footer aside nav center address details summary fieldset legend form hgroup search body html "
    "li dt dd caption thead tbody tfoot tr td th figcaption colgroup".split()
)
_INLINE = frozenset("em strong i b u s small mark q cite abbr dfn code kbd samp var sub sup span bdi bdo del ins time ruby rt a".split())
_RENAMED = {"tt": "code", "strike": "s", "acronym": "abbr", "menu": "ul", "dir": "ul", "listing": "pre", "xmp": "pre"}
_PLAYERS = frozenset({"audio", "video"})
_FRAMES = {"iframe": "src", "embed": "src", "object": "data"}
_SILENT = frozenset("script style head meta link base input area param rp frame".split())
"""What is left out and was never to be read."""
_OTHERS = frozenset(
    "br wbr img picture source track col big font nobr data output slot label rb rtc applet basefont bgsound blink keygen marquee "
    "menuitem multicol nextid plaintext spacer summary isindex image".split()
)
HARMLESS = (BOUNDARIES | _INLINE | _RENAMED.keys() | _PLAYERS | _FRAMES.keys() | _OTHERS | _SILENT) - (_LEFT_OUT - _SILENT)
"""The elements of HTML, old and new, that lose none of the text in them."""
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
_WRITTEN_ID = re.compile(' id="([^"]*)"')
_DEEPEST = 100
_DEEPEST_BODY = 90
_SHALLOW = 30  # what is not nested deeper cannot give a body that is: no element becomes more than two, and formatting adds twelve
_MOST_PASSES = 5
_MOST_FILLED = 10_000
_MOST_SPANNED = 1000
_MOST_WRAPPERS = 12
_CONTENT = frozenset({"img", "hr"}) | _PLAYERS | _FRAMES.keys()
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DIRECTIONS = ("ltr", "rtl", "auto")
_WITH_TONGUE = etree.XPath("descendant::*[@lang or @dir or @xml:lang]")
_WRITTEN = _BLOCKS | _INLINE | frozenset("li dt dd caption td th figcaption".split())
"""Elements that are written themselves, with their language and direction; of any other its parts are."""
_XHTML = "{http://www.w3.org/1999/xhtml"
_MOST_NAMED = 5
_LONGEST_NAME = 40


def fragment(root: Element, base: str | Resolve = "") -> str:
    """Return the canonical body made of what is inside `root`, as `clean` does; raise `Unreadable` when it is too long."""
    resolve = base if callable(base) else lambda reference: url(reference, base)
    _close_terms(root)
    _hand_down(root)
    deepest = _DEEPEST
    while True:
        depth = _flatten(root, deepest)
        chunks = _cleaned(root, resolve)
        if depth <= _SHALLOW or _depth(chunks) <= _DEEPEST_BODY:
            return short_enough("".join(chunks))
        deepest //= 2  # items, rows and paragraphs came between what was there, so that the body would be flattened when cleaned again


def _cleaned(root: Element, resolve: Resolve) -> list[str]:
    known: frozenset[str] | None = None
    for passes in count():
        cleaner = _Cleaner(root, resolve, known)
        cleaner.blocks(root, "p")
        if known == frozenset() or cleaner.targets <= cleaner.ids or known == frozenset(cleaner.ids):
            break
        # Now that we know what is there, links to what is not become text, and sometimes a target goes with a link.
        known = frozenset(cleaner.ids) if passes < _MOST_PASSES else frozenset()
    return cleaner.out


def _depth(chunks: Iterable[str]) -> int:
    """Return how many elements are inside each other where that are most."""
    return max(accumulate(-1 if chunk.startswith("</") else _opens(chunk) for chunk in chunks), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What a text loses when it becomes a body: false when nothing; as a string, the words for a message.

    `content` counts, by their names, the elements whose text or picture is lost; `tags` the tags that HTML does not know,
    such as `string` from `Vec<String>`: the text after one stays, but the tag itself is gone.
    """

    content: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.content or self.tags)

    def __str__(self) -> str:
        words = [f"what is inside {_named(self.content)}"] if self.content else []
        words += [f"the unknown tag{'s' if len(self.tags) > 1 else ''} {_named(self.tags)}"] if self.tags else []
        return " and ".join(words)


def _named(counts: Mapping[str, int]) -> str:
    first = [f"<{name}>" + (f" ({count} times)" if count > 1 else "") for name, count in counts.items()][:_MOST_NAMED]
    return ", ".join(first + ([f"{len(counts) - _MOST_NAMED} more"] if len(counts) > _MOST_NAMED else []))


def left_out(root: Element, closed: Collection[str] | None = None) -> LeftOut:
    """Return what `fragment` leaves out of what is inside `root`.

    Names with a hyphen are custom elements (HTML, 4.13), which are always closed; one that is not among the names `closed`
    is a place-holder that somebody wrote, such as `<your-name>`. Without `closed` they are all custom elements.
    """
    content: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        name = local_name(element)
        if name in _LEFT_OUT:
            walk.skip_subtree()
            content[name] += _is_loss(element, name)
        elif name not in HARMLESS and _is_unknown(element, name, closed):
            tags[allowed(name)[:_LONGEST_NAME]] += 1
    return LeftOut(content=dict(+content), tags=dict(tags))


def _is_loss(element: Element, name: str) -> bool:
    if name == "svg":
        return element.get("aria-hidden") != "true"  # a drawing says something without a word
    return name not in _SILENT and bool(_text_of(element).strip())


def _is_unknown(element: Element, name: str, closed: Collection[str] | None) -> bool:
    """Return whether no kind of markup has such a tag: it is neither custom nor from another vocabulary."""
    if str(element.tag).rpartition("}")[0] not in ("", _XHTML) or ":" in name[:-1]:
        return False
    return bool(name) and ("-" not in name or (closed is not None and name not in closed))


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
    return local_name(element) in _WRITTEN or _is_notes(element)


def _is_notes(element: Element) -> bool:
    return element.get("role") == "doc-endnotes" or "footnotes" in (element.get("class") or "").split()


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
        text, tail = allowed(_text_of(element)), allowed(element.tail or "")
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
        tag = _RENAMED.get(tag, tag)
        if element in self.mixed and tag not in BOUNDARIES:
            self.blocks(element, wrap, (*wrappers, element) if _wraps(element, tag, wrappers) else wrappers)
        elif tag in _HEADINGS:
            self.heading(element, wrappers)
        elif tag == "p" and element not in self.mixed:
            self.run(_inside(element), "p", wrappers, self.attributes(element, "p"))
        elif method := getattr(self, f"block_{tag}", None):
            method(element, wrappers)
        elif _is_notes(element):
            self.container("div", element, "p", wrappers, {"role": "doc-endnotes"})
        else:
            self.keep_id(element)
            self.blocks(element, "p" if tag == "p" else wrap, wrappers)

    def heading(self, element: Element, wrappers: tuple[Element, ...]) -> None:
        """Write a heading, renumbered so that the first is `h2` and no level is left out."""
        before, level = list(self.levels), int(local_name(element)[1])
        while self.levels and self.levels[-1] >= level:
            self.levels.pop()
        self.levels.append(level)
        tag = f"h{min(1 + len(self.levels), 6)}"
        if not self.run(_inside(element), tag, wrappers, self.attributes(element, tag)):
            self.levels = before

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
                    self.container("li", child, "", wrappers) if name not in _BLOCKS else self.item(child, wrappers)
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
        groups = _groups([each for each in parts if local_name(each) != "caption"])
        height, width = sum(map(len, groups.values())), _width(groups)
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
            for cell in cells:
                self.cell(cell, group, wrappers, spans=width == 0)
            self.out += ["<td></td>" * (width - len(cells)), "</tr>"]
        self.out.append(f"</{group}>")

    def cell(self, cell: Element, group: str, wrappers: tuple[Element, ...], *, spans: bool) -> None:
        tag = local_name(cell)
        attributes = self.attributes(cell, tag)
        if tag == "th":
            attributes.setdefault("scope", "col" if group == "thead" else "row")
        for span in ("colspan", "rowspan"):
            if spans and _span(cell, span) > 1:
                attributes[span] = str(_span(cell, span))
        self.out.append(_tag(tag, attributes))
        if tag == "td":
            self.blocks(cell, "", wrappers)
        else:
            self.run(_inside(cell), "", wrappers)
        self.out.append(f"</{tag}>")

    # -- runs of inline content -----------------------------------------------------------------------------------

    def run(
        self, run: list[Element | str], wrap: str, wrappers: tuple[Element, ...] = (), attributes: Mapping[str, str] | None = None
    ) -> bool:
        """Write a run of inline content inside `wrap`; return whether there was any."""
        if not any(not isinstance(each, str) or each.strip(_SPACES) for each in run):
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
            self.inline_element(wrappers[0], lambda: self.inline_all(run, wrappers[1:]))
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
            self.out.append(escape(text)) if text else None
            return
        text = spaced(text)
        core = text.strip(" ")
        if text[:1] == " " and not self.fresh:
            self.pending = True
        if core:
            self.space()
            self.said = self.said or not core.isspace()
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
        tag = _RENAMED.get(tag, tag)
        if tag in _LEFT_OUT or not tag:
            self.keep_id(element)
        elif tag == "br":
            self.line_break()
        elif tag == "wbr":
            self.atom("<wbr/>")
            self.inline_all(_inside(element))  # libxml2 does not know that it is void
        elif tag == "img":
            self.image(element)
        elif tag in _PLAYERS:
            self.player(element, tag)
        elif tag in _FRAMES:
            self.frame(element, _FRAMES[tag])
            self.inline_all(_inside(element) if tag == "embed" else [])  # the same
        elif tag in BOUNDARIES:
            self.boundary(element) if element not in self.captions else self.text(" ")
        else:
            self.inline_element(element, lambda: self.inline_all(_inside(element)))

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
        source = self.resolve(element.get("src") or "")
        alternative = line(element.get("alt"))
        if source and source.startswith("http"):
            self.atom(_tag("img", {"alt": alternative or "", "src": source} | self.attributes(element, "img"), void=True))
        else:
            self.text(alternative or "")

    def player(self, element: Element, tag: str) -> None:
        sources = [element.get("src"), *(each.get("src") for each in element.iter("{*}source"))]
        source = next((found for each in sources if each and (found := self.resolve(each)) and found.startswith("http")), None)
        if source and not self.inside("a") and not self.verbatim:
            attributes = {"controls": "controls", "src": source} | self.attributes(element, tag)
            self.atom(_tag(tag, attributes) + f"</{tag}>")
        elif source:
            self.text(source)

    def frame(self, element: Element, attribute: str) -> None:
        """Write a link in the place of a page inside the page."""
        source = self.resolve(element.get(attribute) or "")
        if source and source.startswith("http"):
            label = escape(line(element.get("title")) or source)
            self.atom(label if self.inside("a") else f'<a href="{escape(source)}">{label}</a>')

    def inline_element(self, element: Element, inside: Callable[[], None]) -> None:
        """Write an element around what `inside` writes, unless it means nothing here."""
        tag = _RENAMED.get(local_name(element), local_name(element))
        meant = self.meant(element, tag)
        attributes = self.attributes(element, tag) if meant else {}
        if not meant or not _meaningful(tag, attributes):
            self.ids.discard(attributes.get("id", ""))
            self.keep_id(element)
            inside()
            return
        self.space()
        mark = self.open(tag, attributes)
        self.opened.append(tag)
        inside()
        self.opened.pop()
        if self.out[-1] == " " and len(self.out) > mark + 1:
            self.out.pop()
            self.pending = True
        if not self.close(tag, mark):
            self.moved_id = attributes.get("id", self.moved_id)

    def meant(self, element: Element, tag: str) -> bool:
        """Return whether the element may stand here."""
        if tag == "ruby":
            return not self.inside("ruby") and _is_ruby(element)
        if tag == "rt":
            return self.inside("ruby")
        return tag in _INLINE and not (tag == "a" and self.inside("a")) and not (tag == "dfn" and self.inside("dfn"))

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


def local_name(element: Element | None) -> str:
    """Return the local name in lower case, `""` for comments and the like."""
    tag = element.tag if element is not None else ""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


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
            if not base or not _text_of(child).strip(_SPACES):
                return False
            annotations, base = annotations + 1, False
        elif local_name(child) != "rp":
            base = base or bool(_text_of(child).strip(_SPACES))
        base = base or bool((child.tail or "").strip(_SPACES))
    return bool(annotations)


def _text_of(element: Element) -> str:
    return "".join(map(str, element.itertext()))


def _wraps(element: Element, tag: str, wrappers: tuple[Element, ...]) -> bool:
    """Return whether an inline element around blocks goes inside them: not when it says nothing new, nor when there are too many."""
    if tag not in _INLINE or tag in ("ruby", "rt") or len(wrappers) >= _MOST_WRAPPERS:
        return False
    return bool(element.attrib) or all(local_name(each) != tag for each in wrappers)


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
    return any(each.strip() if isinstance(each, str) else _has_content(each) for each in loose)


def _has_content(element: Element) -> bool:
    if local_name(element) in _LEFT_OUT:
        return False
    return bool(_text_of(element).strip()) or any(local_name(each) in _CONTENT for each in element.iter())


def _groups(cells: list[Element]) -> dict[str, list[list[Element]]]:
    """Return the rows of cells that are the head, the body and the foot of a table."""
    groups: dict[str, list[list[Element]]] = {"thead": [], "tbody": [], "tfoot": []}
    for row, found in groupby(cells, _row):
        together = list(found)
        around = local_name((together[0] if row is None else row).getparent())
        groups[around if around in groups else "tbody"].append(together)
    _promote_head(groups)
    return groups


def _row(cell: Element) -> Element | None:
    """Return the row that a cell is in, `None` when it stands in its table without one."""
    names = ((each, local_name(each)) for each in cell.iterancestors())
    return next((each if name == "tr" else None for each, name in names if name in ("tr", "table")), None)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 1000) if _NUMBER.fullmatch(value) else 1


def _promote_head(groups: dict[str, list[list[Element]]]) -> None:
    """Make a first row that has only headings, and more rows below, the table's head."""
    body = groups["tbody"]
    if not groups["thead"] and len(body) > 1 and all(local_name(cell) == "th" and _span(cell, "rowspan") == 1 for cell in body[0]):
        groups["thead"].append(body.pop(0))


def _width(groups: Mapping[str, list[list[Element]]]) -> int:
    """Return the number of columns that rows have to be filled up to, 0 when the cells fit as they are.

    The HTML Standard's table model (4.9.12): spans stay only where rows are full, nothing overlaps
    and a cell begins in each column; otherwise every cell is one by one.
    """
    if all(_fits(rows) for rows in groups.values()):
        widths = {sum(_span(cell, "colspan") for cell in rows[0]) for rows in groups.values() if rows}
        begun = {column for rows in groups.values() for column in _beginnings(rows)}
        if len(widths) == 1 and begun == set(range(widths.pop())):
            return 0
    return max((len(cells) for rows in groups.values() for cells in rows), default=0)


def _fits(rows: list[list[Element]]) -> bool:
    return not rows or _grid(rows) is not None


def _beginnings(rows: list[list[Element]]) -> set[int]:
    return _grid(rows) or set()


def _grid(rows: list[list[Element]]) -> set[int] | None:
    """Return the columns in which a cell begins, or `None` when the cells make no full rectangle."""
    if not rows:
        return set()
    width = sum(_span(cell, "colspan") for cell in rows[0])
    if width * len(rows) > 5 * sum(map(len, rows)) + _MOST_SPANNED:
        return None
    below = [0] * width  # for each column, how many rows a cell from above still covers
    begun: set[int] = set()
    for number, cells in enumerate(rows):
        column = 0
        covered, below = below, [max(each - 1, 0) for each in below]
        for cell in cells:
            while column < width and covered[column]:
                column += 1
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            if column + across > width or any(covered[column : column + across]) or number + down > len(rows):
                return None
            below[column : column + across] = [down - 1] * across
            begun.add(column)
            column += across
        if any(not each for each in covered[column:]):
            return None
    return begun
