"""What a book says about who can read it: computed from its pages and media, and never more than that.

EPUB Accessibility 1.1 (https://www.w3.org/TR/epub-a11y-11/), the Schema.org Accessibility Properties for Discoverability Vocabulary
(https://www.w3.org/2021/a11y-discov-vocab/latest/) and the guide to them of the W3C's Publishing Community Group, read 2026-11-25.

What cannot be known is not said: a picture without alternative text may be a decoration, but no body says so, so it counts as one
that nobody described. Whether a book conforms is for those to say who have evaluated it: only they are named, and only when they are.
The cover has to be described, but need not be seen (guide, "Access modes").
The summary is English, marked as such: it is for shops and catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from publisher.formats import BookOptions
from publisher.problems import Problem, Severity, problem

__all__ = ["CONFORMS", "Contents", "Page", "Statement", "certificate", "contents", "noted"]

CONFORMS = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
"""What a book says that conforms, in exactly these words (EPUB Accessibility 1.1, 3.4.2)."""
_NON_TEXT = "https://www.w3.org/TR/WCAG22/#non-text-content"
_TAG = re.compile(rb"<(?:(?P<picture>img\b[^<>]*)|(?P<link>a\b[^<>]*)|/a)>")
_SOME_TAGS = re.compile(rb"<(?:img|ruby)\b")
_ANY_TAG = re.compile(rb"<[^<>]*>")
_BEGINNING = 500
"""Bytes of a page of ours in which its `html` element begins."""
_SOURCE = re.compile(rb'\ssrc="([^"]*)"')
_ALTERNATIVE = re.compile(rb'\salt="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is on a page that somebody may not be able to see."""

    pictures: tuple[tuple[bytes, bool], ...] = ()
    """Where each is, and whether it has alternative text."""
    ruby: bool = False
    columns: bool = False
    roles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is in a book that somebody may not be able to see or hear; nothing in it moves (see `pictures`)."""

    pictures: int = 0
    """How many pictures say something, or may."""
    undescribed: int = 0
    """How many of them, and of the cover, have no alternative text."""
    sounds: bool = False
    ruby: bool = False
    columns: bool = False
    """Whether there is text that runs from top to bottom."""
    roles: bool = False
    """Whether pages say in roles of ARIA what their parts are."""

    def modes(self) -> Iterator[str]:
        """Yield by which senses what it holds is perceived."""
        yield "textual"
        if self.pictures:
            yield "visual"
        if self.sounds:
            yield "auditory"

    def sufficient(self) -> Iterator[str]:
        """Yield which senses are enough, the fewest first: recordings have no transcript that we know of."""
        modes = [*self.modes()]
        if not self.undescribed and not self.sounds:
            yield "textual"
        if len(modes) > 1 or self.undescribed:
            yield ",".join(modes)

    def features(self) -> Iterator[str]:
        """Yield what makes it easier to read, in alphabetical order."""
        said = {
            "alternativeText": not self.undescribed,
            "ARIA": self.roles,
            "displayTransformability": True,  # text that flows, in relative sizes and no colours of its own
            "readingOrder": True,
            "rubyAnnotations": self.ruby,
            "structuralNavigation": True,
            "tableOfContents": True,
            "unlocked": True,
            "verticalWriting": self.columns,
        }
        return (name for name, true in said.items() if true)

    def hazards(self) -> Iterator[str]:
        """Yield what may do harm; nobody but who has heard a recording knows what is in it."""
        if self.sounds:
            yield from ("noFlashingHazard", "noMotionSimulationHazard", "unknownSoundHazard")
        else:
            yield "none"

    def summary(self) -> str:
        """Return the same in sentences."""
        described = "All pictures have alternative text." if self.pictures else "The cover has alternative text."
        missing = f"{self._missing()}; some may be decoration."
        sentences = [
            missing if self.undescribed else described,
            "There are recordings without transcripts." if self.sounds else "",
            "Text can be enlarged, restyled and read aloud. A table of contents leads to each article, and each article to the next.",
        ]
        return " ".join(filter(None, sentences))

    def _missing(self) -> str:
        return f"{_count(self.undescribed, 'picture has', 'pictures have')} no alternative text"

    def problems(self, book: BookOptions) -> Iterator[Problem]:
        """Yield what keeps the book from promising more."""
        if self.undescribed and book.certified_by:
            message = f"the book does not say that it conforms, as {book.certified_by} certifies: {self._missing()}"
            yield problem("epub-not-certified", Severity.WARNING, message, hint="say what each picture shows", spec=_NON_TEXT)
        elif self.undescribed:
            message = f"{self._missing()}, so the book does not promise any"
            hint = "say what each picture shows: as alt in the text, as description of a lead picture"
            yield problem("epub-pictures-undescribed", Severity.INFO, message, hint=hint, spec=_NON_TEXT)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def noted(page: bytes) -> Page:
    """Return what is on a page of ours."""
    body = page.partition(b"</head>")[2] or page
    tags = _SOME_TAGS.findall(body)
    return Page(
        pictures=tuple(_pictures(body)) if b"<img" in tags else (),
        ruby=b"<ruby" in tags,
        columns=b'<html class="vertical"' in page[:_BEGINNING],
        roles=b' role="doc-' in body,
    )


def contents(pages: Mapping[str, Page], cover: str, *, sounds: bool = False) -> Contents:
    """Return what is in a book of these pages, by their names; `cover` is the one that shows the cover."""
    pictures = [(name, source, described) for name, page in pages.items() for source, described in page.pictures]
    return Contents(
        pictures=len({source for name, source, _ in pictures if name != cover}),
        undescribed=len({source for _, source, described in pictures if not described}),
        sounds=sounds,
        ruby=any(each.ruby for each in pages.values()),
        columns=any(each.columns for each in pages.values()),
        roles=any(each.roles for each in pages.values()),
    )


def _pictures(page: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield each picture of a page and whether it has alternative text; not those without that only decorate the words of a link."""
    link: list[tuple[bytes, bool]] = []
    start = 0  # of what is inside the link that is open, 0 when none is
    for found in _TAG.finditer(page):
        if not found["picture"]:
            yield from _in_link(link, page[start : found.start()] if start else b"")
            link, start = [], found.end() if found["link"] else 0
        else:
            link.append((_source(found["picture"]), _is_described(found["picture"])))
    yield from link


def _source(picture: bytes) -> bytes:
    found = _SOURCE.search(picture)
    return found[1] if found else b""


def _is_described(picture: bytes) -> bool:
    alternative = _ALTERNATIVE.search(picture)
    return bool(alternative and alternative[1].strip())


def _in_link(pictures: list[tuple[bytes, bool]], inside: bytes) -> list[tuple[bytes, bool]]:
    """Return the pictures of a link that say something, or should: what stands beside words may be decoration (WCAG 2.2, technique H2)."""
    if not _ANY_TAG.sub(b"", inside).strip():
        return pictures
    return [each for each in pictures if each[1]]


# -- what is said in the package ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One element of the package's metadata: `meta` with a property, or `link`."""

    property: str
    value: str
    uid: str = ""
    refines: str = ""
    """The `uid` of the statement that it is about."""
    is_link: bool = False
    """Whether the value is an address."""


def certificate(book: BookOptions, found: Contents) -> Iterator[Statement]:
    """Yield that the book conforms and who says so, when somebody does and nothing is known against it (EPUB Accessibility 1.1, 3.4)."""
    if not book.certified_by or found.undescribed:
        return
    yield Statement(property="dcterms:conformsTo", value=CONFORMS, uid="conformance")
    yield Statement(property="a11y:certifiedBy", value=book.certified_by, uid="certifier", refines="conformance")
    if book.certifier_report:
        yield Statement(property="a11y:certifierReport", value=book.certifier_report, refines="certifier", is_link=True)
