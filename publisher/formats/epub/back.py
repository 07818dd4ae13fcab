"""The pages after the articles: who has contributed, and how the book was made from what (EPUB SSV 1.1, "contributors", "colophon")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publisher.article import Image, Person
from publisher.formats.epub.fonts import Font
from publisher.formats.epub.issue import Chapter, Contributor, Issue
from publisher.formats.epub.media import Shelf
from publisher.formats.epub.xhtml import address, copyright_line, credit, document, foreign, inside, licence, paragraph, rights
from publisher.text import escape, url

__all__ = ["colophon", "contributors"]

_TOOL = "Publisher"
_DOT = " · "
"""Between things of one line: the same in all writing systems, as commas are not."""


def contributors(issue: Issue, shelf: Shelf) -> bytes:
    """Return the page with everybody who has contributed, and to which articles."""
    words = issue.words
    heading = f'<h1 id="_contributors"{words.attributes(issue.language)}>{words.contributors}</h1>'
    start = '<section class="contributors" epub:type="contributors" aria-labelledby="_contributors">'
    content = (start, heading, *(_contributor(each, issue, shelf) for each in issue.contributors), "</section>")
    return document(words.contributors, issue.language, content, kind="backmatter")


def _contributor(own: Contributor, issue: Issue, shelf: Shelf) -> str:
    party = own.party
    portrait = _portrait(party.image if isinstance(party, Person) else party.logo, shelf)
    places = dict.fromkeys(each for each in (party.url, *party.same_as) if each and each.startswith("http"))
    web = f'<p class="places">{_DOT.join(map(address, places))}</p>' if places else ""
    rows = (_headline(each, issue) for each in own.chapters)
    mark = f'<span id="{own.key}"></span>'  # empty, since Kobo would show a longer place in a box over the article
    text = (f"<h2>{mark}{escape(party.name)}</h2>", web, inside("<ul>", (f"<li>{each}</li>" for each in rows), "</ul>"))
    return inside('<div class="contributor">', (portrait, inside('<div class="text">', text, "</div>")), "</div>")


def _portrait(image: Image | None, shelf: Shelf) -> str:
    kept = shelf.picture(image.content_url) if image else None
    alternative = escape(image.description or "") if image else ""
    source = f'src="{kept.href}" data-src="{escape(image.content_url or "")}"' if kept and image else ""
    return f'<div class="image"><img alt="{alternative}" {source}/></div>' if source else ""


def _headline(own: Chapter, issue: Issue) -> str:
    return f'<a href="{own.href}"{foreign(own.language, issue.language)}>{escape(own.article.headline)}</a>'


def colophon(issue: Issue, fonts: Iterable[Font] = (), issn: str | None = None) -> bytes:
    """Return the page that says who has made the book, from which sources, and under which licences; `fonts` are those embedded."""
    words = issue.words
    said = words.attributes(issue.language)
    heading = f'<h1 id="_colophon"{said}>{words.colophon}</h1>'
    texts = (_text(each, issue) for each in issue.chapters)
    pictures = (_picture(image, each, issue) for each in issue.chapters for image in each.article.image)
    content = (
        '<section class="colophon" epub:type="colophon" role="doc-colophon" aria-labelledby="_colophon">',
        heading,
        *_imprint(issue, issn),
        _list(f"<h2{said}>{words.articles}</h2>", texts),
        _list(f"<h2{said}>{words.pictures}</h2>", pictures),
        _list(f"<h2{said}>{words.fonts}</h2>", dict.fromkeys(map(_font, fonts))),
        "</section>",
    )
    return document(words.colophon, issue.language, content, kind="backmatter")


def _imprint(issue: Issue, issn: str | None) -> Iterator[str]:
    publication = issue.publication
    yield paragraph("name", _DOT.join(filter(None, (publication.name, issue.label))))
    yield paragraph("house", publication.publisher.name if publication.publisher else None)
    yield f"<p>{address(publication.url)}</p>"
    yield from rights(publication, issue.words.said)
    yield paragraph("issn", f"ISSN {issn}" if issn else None)
    yield paragraph("identifier", issue.identifier, ' dir="ltr"')
    yield paragraph("made", issue.words.made.format(tool=_TOOL), issue.words.attributes(issue.language))


def _list(heading: str, rows: Iterable[str]) -> str:
    items = [each for each in rows if each]
    return inside("<section>", (heading, "<ul>", *items, "</ul>"), "</section>") if items else ""


def _text(own: Chapter, issue: Issue) -> str:
    """Return where an article comes from and whose it is; nothing when that is what holds for the whole book."""
    article = own.article
    said = issue.words.said
    label = f"<span{issue.words.attributes(own.language)}>{escape(said.origin)}</span>"
    origin = f"{label} {address(article.is_based_on)}" if article.is_based_on else ""
    terms = article.license if article.license != issue.publication.license else None
    parts = (origin, escape(copyright_line(article) or ""), licence(terms, said) if terms else "")
    names = escape(_DOT.join(each.name for each in article.author))
    return _row(own, issue, (names, *parts)) if any(parts) else ""


def _picture(image: Image, own: Chapter, issue: Issue) -> str:
    parts = (credit(image.credit_text), licence(image.license, issue.words.said) if image.license else "")
    return _row(own, issue, (escape(image.caption or image.description or ""), *parts)) if any(parts) else ""


def _row(own: Chapter, issue: Issue, parts: Iterable[str]) -> str:
    """Return the article and what there is to say, all in its language."""
    link = f'<a href="{own.href}">{escape(own.article.headline)}</a>'
    return f"<li{foreign(own.language, issue.language)}>{_DOT.join(filter(None, (link, *parts)))}</li>"


def _font(font: Font) -> str:
    """Return what a font says of itself."""
    web = url(font.licence_url) if font.licence_url else None
    terms = address(web) if web and web.startswith("http") else escape(font.licence or "")
    return f"<li>{_DOT.join(filter(None, (escape(font.family), escape(font.copyright or ''), terms)))}</li>"
