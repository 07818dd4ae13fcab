"""The pages of a book as XHTML: cover, title page, contents, sections, articles (EPUB 3.3, 6.1 and 7).

They are written as text, since EbookLib's `EpubHtml` parses each page three times, adds white space between inline elements
and drops what is in the head (0.20). Everything that comes from a user goes through `escape` or is a canonical body.
Ids of ours begin with `_`, which ids in bodies never do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publisher import schema
from publisher.article import Article, Correction, Image, Link, Media, Party, Publication
from publisher.formats.epub import bodies
from publisher.formats.epub.issue import COVER, NAV, STYLE, TITLE_PAGE, Chapter, Issue, Section
from publisher.formats.epub.media import Kept, Shelf
from publisher.formats.epub.words import attributes
from publisher.text import escape
from publisher.themes import pages as theme

__all__ = ["chapter", "contents", "cover", "first_page", "section", "title_page"]

_EPUB = "http://www.idpf.org/2007/ops"
_XHTML = "http://www.w3.org/1999/xhtml"


def _document(title: str, language: str, content: Iterable[str], *, kind: str, head: str = "") -> bytes:
    """Return a page; `kind` is what the body is in the vocabulary of EPUB (EPUB SSV 1.1)."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="{_XHTML}" xmlns:epub="{_EPUB}"{attributes(language)}>\n'
        f'<head>\n<meta charset="utf-8"/>\n<title>{escape(title)}</title>\n'
        f'<link rel="stylesheet" type="text/css" href="{STYLE}"/>\n{head}</head>\n'
        f'<body epub:type="{kind}">\n{_lines(content)}\n</body>\n</html>\n'
    ).encode()


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(each for each in parts if each)


def _inside(start: str, parts: Iterable[str], end: str) -> str:
    """Return the parts between two tags, or nothing when all are empty."""
    return f"{start}\n{lines}\n{end}" if (lines := _lines(parts)) else ""


def _paragraph(kind: str, text: str | None, more: str = "") -> str:
    return f'<p class="{kind}"{more}>{escape(text)}</p>' if text else ""


def _foreign(language: str | None, around: str) -> str:
    """Return the attributes of a text in another language than what is around it."""
    return attributes(language) if language and language != around else ""


# -- before the articles --------------------------------------------------------------------------------------------------


def cover(issue: Issue, picture: Kept, alternative: str) -> bytes:
    """Return the page that shows the cover, and nothing else (Kobo asks for it alone, without links)."""
    image = f'<img role="doc-cover" alt="{escape(alternative)}" src="{picture.href}"{_size(picture)}/>'
    return _document(issue.words.cover, issue.language, [f'<div class="cover">{image}</div>'], kind="cover")


def title_page(issue: Issue) -> bytes:
    """Return the page that says what this is, of when, from whom and under what terms."""
    publication = issue.publication
    publisher = f"<p>{_name(publication.publisher)}</p>" if publication.publisher else ""
    head = (
        f"<h1>{escape(publication.name)}</h1>",
        _paragraph("alternative", publication.alternate_name, ' role="doc-subtitle"'),
        _paragraph("day", issue.day),
        _paragraph("standfirst", publication.description),
    )
    imprint = (publisher, f"<p>{_address(publication.url)}</p>", *_rights(publication, issue.words.said))
    content = ('<section class="title" epub:type="titlepage">', *head, _inside('<div class="imprint">', imprint, "</div>"), "</section>")
    return _document(issue.title, issue.language, content, kind="frontmatter")


def contents(issue: Issue) -> bytes:
    """Return the navigation document (EPUB 3.3, 7): a contents page for people, and hidden lists for reading systems.

    Two lists, since what reading systems show is the whole text of a link: with standfirsts no list of theirs could be read.
    """
    said = issue.words.attributes(issue.language)
    heading = f'<h1 id="_contents"{said}>{issue.words.contents}</h1>'
    visible = ('<section class="contents" aria-labelledby="_contents">', heading, *_overview(issue), "</section>")
    return _document(issue.words.contents, issue.language, (*visible, _toc(issue), _landmarks(issue)), kind="frontmatter")


def _overview(issue: Issue) -> Iterator[str]:
    for number, each in enumerate(issue.sections):
        without = "<hr/>" if number else ""
        yield f'<h2><a href="{each.href}">{escape(each.name)}</a></h2>' if each.name else without
        yield _rows(each.chapters, issue.language)


def _rows(chapters: Iterable[Chapter], language: str) -> str:
    return _inside("<ol>", (_row(each, language) for each in chapters), "</ol>")


def _row(chapter: Chapter, language: str) -> str:
    article = chapter.article
    headline = f'<p class="headline"><a href="{chapter.href}">{escape(article.headline)}</a></p>'
    names = _paragraph("byline", ", ".join(each.name for each in article.author))
    rest = (headline, _paragraph("standfirst", article.description), names)
    return _inside(f'<li id="_{chapter.key}"{_foreign(chapter.language, language)}>', rest, "</li>")


def _toc(issue: Issue) -> str:
    """Return the table of contents for reading systems: at most two levels, which is what Kindle shows."""
    entries = [entry for each in issue.sections for entry in _entries(each, issue.language)]
    entries = entries or [f'<li><a href="{TITLE_PAGE}">{escape(issue.title)}</a></li>']  # the list must not be empty
    heading = f"<h2{issue.words.attributes(issue.language)}>{issue.words.contents}</h2>"
    return _inside('<nav epub:type="toc" role="doc-toc" hidden="hidden">', (heading, "<ol>", *entries, "</ol>"), "</nav>")


def _entries(section: Section, language: str) -> Iterator[str]:
    inside = [
        f'<li><a href="{each.href}"{_foreign(each.language, language)}>{escape(each.article.headline)}</a></li>'
        for each in section.chapters
    ]
    if not section.name:
        yield from inside
    else:
        yield _inside("<li>", (f'<a href="{section.href}">{escape(section.name)}</a>', "<ol>", *inside, "</ol>"), "</li>")


def _landmarks(issue: Issue) -> str:
    """Return the landmarks, hidden because Kobo would list them (EPUB 3.3, 7.4.3); one type each, for Apple Books."""
    words = issue.words
    places = [("cover", COVER, words.cover), ("titlepage", TITLE_PAGE, words.title_page), ("toc", NAV, words.contents)]
    if issue.sections:
        places.append(("bodymatter", first_page(issue), words.said.latest))
    listed = (f'<li><a epub:type="{kind}" href="{href}">{escape(name)}</a></li>' for kind, href, name in places)
    start = f'<nav epub:type="landmarks"{words.attributes(issue.language)} hidden="hidden">'
    return _inside(start, ("<ol>", *listed, "</ol>"), "</nav>")


def first_page(issue: Issue) -> str:
    """Return the page on which the articles begin; the title page when there are none."""
    if not issue.sections:
        return TITLE_PAGE
    first = issue.sections[0]
    return first.href if first.name else first.chapters[0].href


def section(issue: Issue, own: Section) -> bytes:
    """Return the front page of a section."""
    heading = f'<h1 id="_section">{escape(own.name or "")}</h1>'
    rows = _rows(own.chapters, issue.language)
    content = ('<section class="contents" aria-labelledby="_section">', heading, rows, "</section>")
    return _document(own.name or "", issue.language, content, kind="bodymatter")


# -- an article -----------------------------------------------------------------------------------------------------------


def chapter(issue: Issue, own: Chapter, shelf: Shelf, before: Chapter | None, after: Chapter | None) -> bytes:
    """Return the page of an article; `before` and `after` are its neighbours in reading order."""
    article, words = own.article, own.words
    body = bodies.for_book(article.body, shelf, issue.pages, words)
    content = (
        '<article class="article" aria-labelledby="_headline">',
        _inside("<header>", _head(issue, own), "</header>"),
        *(_figure(each, shelf, own) for each in article.image),
        f'<div class="body">{body}</div>',
        _inside('<footer class="about">', _about(issue, own, shelf), "</footer>"),
        "</article>",
        _steps(own, before, after),
    )
    return _document(article.headline, own.language, content, kind="bodymatter", head=_linked(issue, article))


def _linked(issue: Issue, article: Article) -> str:
    """Return the part of the head that is for machines: a data block, no script, so the page is not "scripted" (EPUB 3.3, 6.3)."""
    data = schema.to_script(schema.to_linked(article, issue.publication, body=False))
    web = article.url if article.url and article.url.startswith("http") else ""
    canonical = f'<link rel="canonical" href="{escape(web)}"/>\n' if web else ""
    return f'{canonical}<script type="application/ld+json">{data}</script>\n'


def _head(issue: Issue, own: Chapter) -> Iterator[str]:
    article = own.article
    yield _kicker(issue, own)
    yield f'<h1 id="_headline">{escape(article.headline)}</h1>'
    yield _paragraph("alternative", article.alternative_headline, ' role="doc-subtitle"')
    yield _paragraph("standfirst", article.description)
    yield f'<p class="byline">{_names(article.author)}</p>' if article.author else ""
    yield f'<p class="dates">{dates}</p>' if (dates := " · ".join(_dates(own))) else ""


def _kicker(issue: Issue, own: Chapter) -> str:
    """Return the section and, for what is no plain report, the kind."""
    kind = f"<span{own.words.attributes(own.language)}>{escape(said)}</span>" if (said := theme.kind(own.article, own.words.said)) else ""
    name = own.article.article_section
    link = f'<a href="{issue.fronts[name]}"{_foreign(issue.language, own.language)}>{escape(name)}</a>' if name else ""
    return f'<p class="kicker">{" · ".join(filter(None, (link, kind)))}</p>' if link or kind else ""


def _dates(own: Chapter) -> Iterator[str]:
    article, said = own.article, own.words.attributes(own.language)
    if article.dateline:
        yield f'<span class="dateline">{escape(article.dateline)}</span>'
    if article.date_published:
        yield f"<span{said}>{theme.time(article.date_published, own.words.said)}</span>"
    if article.date_modified and article.date_modified != article.date_published:
        yield f"<span{said}>{escape(own.words.said.updated)} {theme.time(article.date_modified, own.words.said)}</span>"


def _figure(image: Image, shelf: Shelf, own: Chapter) -> str:
    """Return a picture with its caption; a link to it when its bytes are not at hand, the caption alone when there is no picture."""
    shown = _picture(image, shelf, own)
    credit = f'<span class="credit">{escape(image.credit_text)}</span>' if image.credit_text else ""
    caption = " ".join(filter(None, (escape(image.caption or ""), credit)))
    if not shown:
        return f'<p class="caption">{caption}</p>' if caption else ""
    return _inside('<figure class="lead">', (shown, f"<figcaption>{caption}</figcaption>" if caption else ""), "</figure>")


def _picture(image: Image, shelf: Shelf, own: Chapter) -> str:
    if kept := shelf.picture(image.content_url):
        return f'<img alt="{escape(image.description or "")}" src="{kept.href}"{_size(kept)}/>'
    if not image.content_url:
        return ""
    label = image.description or f"{own.words.picture} ({bodies.host(image.content_url)})"
    return f'<a class="picture" href="{escape(image.content_url)}">{escape(label)}</a>'


def _size(kept: Kept) -> str:
    return f' width="{kept.width}" height="{kept.height}"' if kept.width and kept.height else ""


def _about(issue: Issue, own: Chapter, shelf: Shelf) -> Iterator[str]:
    """Yield what follows the text."""
    article, said, here = own.article, own.words.said, own.words.attributes(own.language)
    yield _listed("corrections", f"<h2{here}>{escape(said.corrections)}</h2>", (_correction(each, own) for each in article.corrections))
    recordings = (_recording(each, shelf, own) for each in article.associated_media)
    yield _listed("recordings", f"<h2{here}>{escape(own.words.recordings)}</h2>", recordings)
    yield _listed("related", f"<h2{here}>{escape(said.related)}</h2>", (_link(each, issue, own) for each in article.citation))
    elsewhere = (_link(each, issue, own) for each in article.translations)
    yield _listed("translations", f"<h2{here}>{escape(said.translations)}</h2>", elsewhere)
    yield _labelled(own, said.editor, _names(article.editor))
    yield _labelled(own, said.contributor, _names(article.contributor))
    yield _labelled(own, said.origin, _address(article.is_based_on) if article.is_based_on else "")
    yield from _rights(article, said)


def _listed(kind: str, heading: str, items: Iterable[str]) -> str:
    rows = [f"<li>{each}</li>" for each in items]
    return _lines([f'<section class="{kind}">', heading, "<ul>", *rows, "</ul>", "</section>"]) if rows else ""


def _correction(correction: Correction, own: Chapter) -> str:
    day = f"{theme.time(correction.date_published, own.words.said)}: " if correction.date_published else ""
    return f"{day}{escape(correction.text)}"


def _recording(media: Media, shelf: Shelf, own: Chapter) -> str:
    """Return a player where the sound is in the book, else a link."""
    words = own.words
    kind = {"AudioObject": words.audio, "VideoObject": words.video}.get(media.type, words.recordings)
    name, address = escape(media.name or f"{kind} ({bodies.host(media.content_url)})"), escape(media.content_url)
    link = f'<a href="{address}">{name}</a>'
    kept = shelf.recording(media.content_url) if media.type == "AudioObject" else None
    player = f'<audio controls="controls" aria-label="{name}" src="{kept.href}"></audio> ' if kept else ""
    credit = f'<span class="credit">{escape(media.credit_text)}</span>' if media.credit_text else ""
    length = f"({theme.length(media.duration)})" if media.duration else ""
    return player + " ".join(filter(None, (link, length, escape(media.description or ""), credit)))


def _link(link: Link, issue: Issue, own: Chapter) -> str:
    """Return a link: into the book when the article is in it, without a fragment, which Kobo would make a pop-up of."""
    language = _foreign(link.in_language, own.language)
    href = issue.pages.get(link.url or "", link.url)
    name = escape(
        link.name or issue.headlines.get(link.url or "") or theme.shortened(link.url or "") or theme.words(link.in_language).autonym
    )
    return f'<a href="{escape(href)}"{language}>{name}</a>' if href else f"<span{language}>{name}</span>"


def _labelled(own: Chapter, label: str, value: str) -> str:
    return f"<p><span{own.words.attributes(own.language)}>{escape(label)}</span> {value}</p>" if value else ""


def _names(parties: Iterable[Party]) -> str:
    return ", ".join(_name(each) for each in parties)


def _name(party: Party) -> str:
    return f'<a href="{escape(party.url)}">{escape(party.name)}</a>' if party.url else escape(party.name)


def _address(url: str) -> str:
    return f'<a href="{escape(url)}">{escape(theme.shortened(url))}</a>'


def _rights(of: Article | Publication, said: theme.Words) -> Iterator[str]:
    holder = of.copyright_holder if isinstance(of, Article) else None
    year = of.copyright_year if isinstance(of, Article) else None
    made = f"© {' '.join(filter(None, (str(year or ''), holder.name if holder else '')))}" if holder or year else None
    yield _paragraph("copyright", of.copyright_notice or made)
    yield f'<p class="license"><a href="{escape(of.license)}">{escape(theme.licence(of.license, said))}</a></p>' if of.license else ""


def _steps(own: Chapter, before: Chapter | None, after: Chapter | None) -> str:
    """Return the way on: previous and next article, and this one's place in the contents."""
    words = own.words
    rows = [
        _step("prev", words.previous, before, own) if before else "",
        _step("next", words.next, after, own) if after else "",
        f'<p><a href="{NAV}#_{own.key}"{words.attributes(own.language)}>{words.contents}</a></p>',
    ]
    return _inside(f'<nav class="steps" aria-label="{words.contents}"{words.attributes(own.language)}>', rows, "</nav>")


def _step(kind: str, word: str, to: Chapter, own: Chapter) -> str:
    headline = f"<span{attributes(to.language)}>{escape(to.article.headline)}</span>"
    return f'<p><a rel="{kind}" href="{to.href}"><b>{word}</b> {headline}</a></p>'
