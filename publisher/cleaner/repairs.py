"""What `fragment` puts right so that everybody can read a body (WCAG 2.2), and what only its author can."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from publisher.cleaner.elements import Element
from publisher.problems import Problem, Severity, problem, shown
from publisher.text import line

__all__ = ["FILE_NAME", "Repair", "Repairs", "coloured"]

_GUIDELINES = "https://www.w3.org/TR/WCAG22/"
_DESCRIBE = "say what the picture shows, as alt"
_KINDS = {
    "body-link-named": (
        "a picture without alternative text was all there was in a link; it got the name {}",
        "say in the alternative text where the link goes",
        "#link-purpose-in-context",
    ),
    "body-link-unwrapped": (
        "the link around a picture without alternative text was left out, since it says nothing: {}",
        "say in the alternative text where the link goes",
        "#link-purpose-in-context",
    ),
    "body-empty-link": ("a link without text was left out: {}", "write what it leads to", "#link-purpose-in-context"),
    "body-heading-level": (
        "a heading moved up, so that no level is left out: {}",
        "begin with the second level, and go down one at a time",
        "#info-and-relationships",
    ),
    "body-empty-heading": ("a heading without words is none any more{}", "write what the part is about", "#headings-and-labels"),
    "body-empty-header-cell": (
        "a heading of a table without words became a plain cell{}",
        "say what is in the column",
        "#info-and-relationships",
    ),
    "body-notes-gathered": (
        "a note beside the text moved into a list at the end: {}",
        "write notes as Markdown does, or as a list at the end",
        "#info-and-relationships",
    ),
    "body-formula-spelt": (
        "a formula became text: {}",
        "compare it with its source; a picture with alternative text shows it as it was",
        "#info-and-relationships",
    ),
    "body-alternative-text-blank": ("an alternative text of nothing but space was emptied: {}", _DESCRIBE, "#non-text-content"),
    "body-alternative-text-repeated": (
        "an alternative text that says what stands right beside it was emptied: {}",
        "say what the picture shows and the text does not",
        "#non-text-content",
    ),
    "body-colours-left-out": (
        "colours were left out, so that nothing vanishes by night or lacks contrast{}",
        "say it in words, or with strong or mark",
        "#contrast-minimum",
    ),
    "alternative-text-missing": (
        "a picture has no alternative text: {}",
        f'{_DESCRIBE}, or alt="" when it says nothing',
        "#non-text-content",
    ),
    "alternative-text-file-name": ("an alternative text is the name of a file: {}", _DESCRIBE, "#non-text-content"),
}
"""For each kind what to say of the first one, what to do, and the place in the guidelines."""
_COLOURED = etree.XPath("descendant::*[@style or @color or @bgcolor]")
_COLOUR = re.compile(r"(?:^|[;\s])(?:background(?:-color)?|color)\s*:", re.IGNORECASE)
FILE_NAME = re.compile(r"[^\s/]+\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)", re.IGNORECASE)
"""What is a poor alternative text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One kind of thing that was put right in a body, or that its author has to."""

    kind: str
    """The code of its problem."""
    count: int
    first: str = ""
    """What the first one says or leads to."""
    element: Element | None = field(default=None, compare=False, repr=False)
    """Where the first one is, in the tree that the body was made of."""

    def problem(self, line: int = 0, pointer: str = "") -> Problem:
        """Return it as a problem; `line` or `pointer` is where the first one is."""
        said, hint, place = _KINDS[self.kind]
        more = f", and {self.count - 1} more" if self.count > 1 else ""
        message = said.format(shown(self.first) if self.first else "") + more
        return problem(self.kind, Severity.INFO, message, hint=hint, spec=f"{_GUIDELINES}{place}", line=line, pointer=pointer)


class Repairs:
    """Counts what is put right while a body is made."""

    def __init__(self) -> None:
        self._count: dict[str, int] = {}
        self._first: dict[str, tuple[str, Element]] = {}

    def note(self, kind: str, element: Element, said: str = "") -> None:
        """Count one more, and remember the first of its kind."""
        self._count[kind] = self._count.get(kind, 0) + 1
        self._first.setdefault(kind, (said, element))

    def picture(self, element: Element, source: str, said: str) -> None:
        """Note what is wrong with the alternative text of a picture; `said` is what is left of it."""
        given = element.get("alt")
        if given is None and not said and not _is_decoration(element):
            self.note("alternative-text-missing", element, source)
        elif given and not line(given):
            self.note("body-alternative-text-blank", element, source)
        elif given and FILE_NAME.fullmatch(given):
            self.note("alternative-text-file-name", element, given)

    def colours(self, elements: Iterable[Element]) -> None:
        """Note elements that had colours of their own."""
        for each in elements:
            self.note("body-colours-left-out", each)

    def __iter__(self) -> Iterator[Repair]:
        """Yield one for each kind, in the order of the kinds."""
        for kind in _KINDS:
            if kind in self._count:
                said, element = self._first[kind]
                yield Repair(kind=kind, count=self._count[kind], first=said, element=element)


def _is_decoration(element: Element) -> bool:
    return element.get("role") in ("presentation", "none") or element.get("aria-hidden") == "true"


def coloured(root: Element) -> list[Element]:
    """Return the elements inside `root` that have colours of their own, none of which a body keeps."""
    found = cast("list[Element]", _COLOURED(root))
    return [each for each in found if each.get("color") or each.get("bgcolor") or _COLOUR.search(each.get("style") or "")]
