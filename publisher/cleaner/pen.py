"""The pen: writes the canonical string chunk by chunk, and takes back what turns out to be nothing."""

from __future__ import annotations

import re

from publisher.cleaner.attributes import Resolve, address, attributes_of, tag_of
from publisher.cleaner.elements import Element
from publisher.cleaner.parts import SPACES, inline_around_blocks
from publisher.cleaner.preparing import language_of
from publisher.cleaner.repairs import Repairs

__all__ = ["Pen", "opens"]

_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_SAYING = frozenset("a p li td th h2 h3 h4 h5 h6".split())
_ALTERNATIVE = re.compile(r' alt="([^"]*)"')
_SCOPE = re.compile(r' scope="[^"]*"')
_WRITTEN_ID = re.compile(' id="([^"]*)"')
_MOST_FILLED = 10_000
"""Elements whose text a picture right inside should not repeat (axe-core 4.14, `image-redundant-alt`), and headings, which need it."""


class Pen:
    """What has been written of a tree, and what is known of it.

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
        self.mixed = inline_around_blocks(root)
        self.captions: set[Element] = set()  # of figures: written where the figure ends
        self.spare = _MOST_FILLED
        self.named = 0  # how many texts were written that can be read aloud, alternative ones included
        self.lent = ""  # the name of the link that is being written, for its first picture
        self.saying: dict[Element, bool] = {}  # links around blocks that have been asked whether they have words
        self.hollow = False  # whether we are in a link that was left out with all that is a link in it
        self.pictures: list[tuple[int, Element]] = []  # the places of pictures with alternative text whose container is not closed yet
        self.repairs = Repairs()

    def open(self, tag: str, attributes: dict[str, str]) -> int:
        """Write a start tag; return its place for `close`."""
        if self.moved_id and "id" not in attributes and self.moved_id not in self.ids:
            attributes["id"] = self.moved_id
            self.ids.add(self.moved_id)
            self.moved_id = None
        self.out.append(tag_of(tag, attributes))
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
            for name, check in attributes_of(tag).items()
            if (given := element.get(name)) is not None and (value := check(given, self))
        }
        identifier = element.get("id") or (element.get("name") if tag == "a" else None)
        if identifier and _ID.fullmatch(identifier) and identifier not in self.ids:
            found["id"] = identifier
            self.ids.add(identifier)
        if tongue := language_of(element):
            found["lang"] = tongue
        return found

    def href(self, value: str) -> str | None:
        """Return where a link goes, or `None` when it goes nowhere."""
        value = value.strip(SPACES)
        if value.startswith("#"):
            return value if value[1:] in (self.known if self.known is not None else self.targets) and _ID.fullmatch(value[1:]) else None
        return self.resolve(value) if value else None

    def space(self) -> None:
        """Write the space that is pending, before something that follows it."""
        if self.pending:
            self.out.append(" ")
            self.pending, self.fresh = False, True

    def content(self, *, pending: bool = False) -> None:
        """Note that something visible has been written on this line."""
        self.pending, self.fresh, self.started = pending, False, True

    def atom(self, markup: str) -> None:
        """Write what stands in a line as one character would."""
        self.space()
        self.out.append(markup)
        self.content()
        self.said = True

    def source(self, element: Element, attribute: str) -> str | None:
        """Return the address on the web that an attribute has, or `None` when it has none."""
        return address(given, self) if (given := element.get(attribute)) else None

    def rename(self, mark: int, old: str, new: str) -> None:
        """Make the element that was written last, from a place on, another one."""
        self.out[mark] = _SCOPE.sub("", self.out[mark]).replace(f"<{old}", f"<{new}", 1)
        self.out[-1] = f"</{new}>"

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

    def inside(self, tag: str) -> bool:
        """Return whether an element of that name is open in the run being written."""
        return tag in self.opened

    def last_text(self, mark: int) -> int:
        """Return the place of the text that has only end tags after it, 0 when there is none."""
        end = len(self.out) - 1
        while end > mark and self.out[end].startswith("</"):
            end -= 1
        return 0 if end == mark or self.out[end].startswith("<") else end


def opens(chunk: str) -> bool:
    """Return whether a chunk is a start tag whose end tag is written later."""
    return chunk.startswith("<") and "</" not in chunk and not chunk.endswith("/>")


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
