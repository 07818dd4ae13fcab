"""What the pages of a book are made of: the document around them, and the parts that several of them have (EPUB 3.3, 6.1).

Pages are written as text, since EbookLib's `EpubHtml` parses each page three times, adds white space between inline elements
and drops what is in the head (0.20). Everything that comes from a user goes through `escape` or is a canonical body.
Ids of ours begin with `_`, which ids in bodies never do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publisher import schema
from publisher.article import Article, Image, Party, Publication
from publisher.formats.epub import bodies
from publisher.formats.epub.issue import STYLE, Chapter, Issue
from publisher.formats.epub.media import Shelf
from publisher.formats.epub.words import attributes
from publisher.text import escape
from publisher.themes import pages as theme

__all__ = [
    "address",
    "authors",
    "copyright_line",
    "credit",
    "data_block",
    "document",
    "foreign",
    "inside",
    "licence",
    "lines",
    "paragraph",
    "picture",
    "rights",
]

_EPUB = "http://www.idpf.org/2007/ops"
_XHTML = "http://www.w3.org/1999/xhtml"


def document(title: str, language: str, content: Iterable[str], *, kind: str, head: str = "", styled: bool = True) -> bytes:
    """Return a page; `kind` is what the body is in the vocabulary of EPUB (EPUB SSV 1.1)."""
    sheet = f'<link rel="stylesheet" type="text/css" href="{STYLE}"/>\n' if styled else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="{_XHTML}" xmlns:epub="{_EPUB}"{attributes(language)}>\n'
        f'<head>\n<meta charset="utf-8"/>\n<title>{escape(title)}</title>\n'
        f"{sheet}{head}</head>\n"
        f'<body epub:type="{kind}">\n{lines(content)}\n</body>\n</html>\n'
    ).encode()


def data_block(node: schema.JsonObject) -> str:
    """Return JSON-LD for the head: a data block is no script, so that the page is not "scripted" (EPUB 3.3, 6.3)."""
    return f'<script type="application/ld+json">{bodies.in_json(schema.to_script(node))}</script>\n'


def lines(parts: Iterable[str]) -> str:
    """Return the parts that are not empty, each on a line."""
    return "\n".join(filter(None, parts))


def inside(start: str, parts: Iterable[str], end: str) -> str:
    """Return the parts between two tags, or nothing when all are empty."""
    return f"{start}\n{joined}\n{end}" if (joined := lines(parts)) else ""


def paragraph(kind: str, text: str | None, more: str = "") -> str:
    """Return a paragraph of the class `kind`, or nothing without text."""
    return f'<p class="{kind}"{more}>{escape(text)}</p>' if text else ""


def foreign(language: str | None, around: str) -> str:
    """Return the attributes of a text in another language than what is around it."""
    return attributes(language) if language and language != around else ""


def authors(issue: Issue, parties: Iterable[Party]) -> str:
    """Return names, each linked to its entry among the contributors."""
    return ", ".join(_author(issue, each) for each in parties)


def _author(issue: Issue, party: Party) -> str:
    href = issue.people.get((party.name, party.url))
    return f'<a href="{href}">{escape(party.name)}</a>' if href else escape(party.name)


def picture(image: Image, shelf: Shelf, own: Chapter) -> str:
    """Return a picture, or a link to it when its bytes are not at hand; nothing when it is missing.

    Where it is from is said as in bodies, so that its bytes are found again. It does not say its size: Calibre 8.5 gives a picture that
    does both lengths in pixels, so that `max-width` stretches it.
    """
    if kept := shelf.picture(image.content_url):
        return f'<img alt="{escape(image.description or "")}" src="{kept.href}" data-src="{escape(image.content_url or "")}"/>'
    if not image.content_url:
        return ""
    label = image.description or f"{own.words.picture} ({bodies.host(image.content_url)})"
    return f'<a class="picture" href="{escape(image.content_url)}">{escape(label)}</a>'


def credit(text: str | None) -> str:
    """Return who made something."""
    return f'<span class="credit">{escape(text)}</span>' if text else ""


def address(url: str) -> str:
    """Return a link that shows where it goes."""
    return f'<a href="{escape(url)}">{escape(theme.shortened(url))}</a>'


def rights(of: Article | Publication, said: theme.Words) -> Iterator[str]:
    """Yield whose it is, and under what licence."""
    yield paragraph("copyright", copyright_line(of))
    yield f'<p class="license">{licence(of.license, said)}</p>' if of.license else ""


def copyright_line(of: Article | Publication) -> str | None:
    """Return the copyright notice, or one made of year and holder."""
    holder = of.copyright_holder if isinstance(of, Article) else None
    year = of.copyright_year if isinstance(of, Article) else None
    made = f"© {' '.join(filter(None, (str(year or ''), holder.name if holder else '')))}" if holder or year else None
    return of.copyright_notice or made


def licence(url: str, said: theme.Words) -> str:
    """Return a link to a licence."""
    return f'<a rel="license" href="{escape(url)}">{escape(theme.licence(url, said))}</a>'
