"""The page of an article: head, lead picture, text, what is about it, and the ways on (EPUB 3.3, 6.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publisher import schema
from publisher.article import Article, Correction, Image, Link, Media, Publication
from publisher.formats.epub import bodies
from publisher.formats.epub.front import reading_time
from publisher.formats.epub.issue import CONTENTS, Chapter, Issue, Steps
from publisher.formats.epub.media import Shelf
from publisher.formats.epub.notes import with_ways_back
from publisher.formats.epub.words import attributes
from publisher.formats.epub.xhtml import (
    address,
    authors,
    copyright_line,
    credit,
    data_block,
    document,
    foreign,
    inside,
    lines,
    paragraph,
    picture,
    rights,
)
from publisher.text import escape
from publisher.themes import pages as theme

__all__ = ["chapter"]


def chapter(issue: Issue, own: Chapter, shelf: Shelf) -> bytes:
    """Return the page of an article."""
    article, words = own.article, own.words
    body = bodies.for_book(with_ways_back(article.body), shelf, issue.pages, words)
    content = (
        '<article class="article" aria-labelledby="_headline">',
        inside("<header>", _head(issue, own), "</header>"),
        *(_figure(each, shelf, own, "lead") for each in article.image[:1]),
        f'<div class="body" id="{bodies.ID}"{bodies.remembered(article.body)}>{body}</div>',
        *(_figure(each, shelf, own, "more") for each in article.image[1:]),
        inside('<footer class="about">', _about(issue, own, shelf), "</footer>"),
        "</article>",
        _steps(issue, own, issue.steps[own.key]),
    )
    return document(article.headline, own.language, content, kind="bodymatter", head=_linked(issue, own))


def _linked(issue: Issue, own: Chapter) -> str:
    """Return the part of the head that is for machines; nothing in it depends on other articles, so that those may change."""
    article = own.article
    web = article.url if article.url and article.url.startswith("http") else ""
    canonical = f'<link rel="canonical" href="{escape(web)}"/>\n' if web else ""
    return canonical + data_block(schema.to_linked(article, issue.publication, body=False, part_of=issue.part_of))


def _head(issue: Issue, own: Chapter) -> Iterator[str]:
    article = own.article
    yield _kicker(issue, own)
    yield f'<h1 id="_headline">{escape(article.headline)}</h1>'
    yield paragraph("alternative", article.alternative_headline, ' role="doc-subtitle"')
    yield paragraph("standfirst", article.description)
    yield f'<p class="byline">{authors(issue, article.author)}</p>' if article.author else ""
    yield f'<p class="dates">{dates}</p>' if (dates := " · ".join(filter(None, (*_dates(own), reading_time(own))))) else ""


def _kicker(issue: Issue, own: Chapter) -> str:
    """Return the section and, for what is no plain report, the kind."""
    name, said = own.article.article_section, theme.kind(own.article, own.words.said)
    kind = f"<span{own.words.attributes(own.language)}>{escape(said)}</span>" if said and said != name else ""
    link = f'<a href="{issue.fronts[name]}"{foreign(issue.language, own.language)}>{escape(name)}</a>' if name else ""
    return f'<p class="kicker">{" · ".join(filter(None, (link, kind)))}</p>' if link or kind else ""


def _dates(own: Chapter) -> Iterator[str]:
    article, said = own.article, own.words.attributes(own.language)
    if article.dateline:
        yield f'<span class="dateline">{escape(article.dateline)}</span>'
    if article.date_published:
        yield f"<span{said}>{theme.time(article.date_published, own.words.said)}</span>"
    if article.date_modified and article.date_modified != article.date_published:
        yield f"<span{said}>{escape(own.words.said.updated)} {theme.time(article.date_modified, own.words.said)}</span>"


def _figure(image: Image, shelf: Shelf, own: Chapter, kind: str) -> str:
    """Return a picture with its caption; a link to it when its bytes are not at hand, the caption alone when there is no picture."""
    shown = picture(image, shelf, own)
    caption = " ".join(filter(None, (escape(image.caption or ""), credit(image.credit_text))))
    if not shown:
        return f'<p class="caption">{caption}</p>' if caption else ""
    return inside(f'<figure class="{kind}">', (shown, f"<figcaption>{caption}</figcaption>" if caption else ""), "</figure>")


def _about(issue: Issue, own: Chapter, shelf: Shelf) -> Iterator[str]:
    """Yield what follows the text."""
    article, said, here = own.article, own.words.said, own.words.attributes(own.language)
    yield _listed("corrections", f"<h2{here}>{escape(said.corrections)}</h2>", (_correction(each, own) for each in article.corrections))
    recordings = (_recording(each, shelf, own) for each in article.associated_media)
    yield _listed("recordings", f"<h2{here}>{escape(own.words.recordings)}</h2>", recordings)
    yield _listed("related", f"<h2{here}>{escape(said.related)}</h2>", (_link(each, issue, own) for each in article.citation))
    elsewhere = (_link(each, issue, own) for each in article.translations)
    yield _listed("translations", f"<h2{here}>{escape(said.translations)}</h2>", elsewhere)
    yield _labelled(own, said.editor, authors(issue, article.editor))
    yield _labelled(own, said.contributor, authors(issue, article.contributor))
    yield _labelled(own, said.origin, address(web) if (web := _origin(article)) else "")
    yield from rights(article, said)
    if not copyright_line(article) and _is_of_the_house(article, issue.publication):
        yield paragraph("copyright", issue.publication.copyright_notice, foreign(issue.language, own.language))


def _is_of_the_house(article: Article, publication: Publication) -> bool:
    """Return whether what holds for the publication holds for the article: it is nobody else's that is printed here again."""
    return not article.is_based_on and article.publisher in (None, publication.publisher)


def _origin(article: Article) -> str | None:
    """Return where the article first appeared: elsewhere, or on its own page on the web."""
    own = article.url if article.url and article.url.startswith("http") else None
    return article.is_based_on or own


def _listed(kind: str, heading: str, items: Iterable[str]) -> str:
    rows = [f"<li>{each}</li>" for each in items]
    more = ' epub:type="errata" role="doc-errata"' if kind == "corrections" else ""
    return lines([f'<section class="{kind}"{more}>', heading, "<ul>", *rows, "</ul>", "</section>"]) if rows else ""


def _correction(correction: Correction, own: Chapter) -> str:
    day = f"{theme.time(correction.date_published, own.words.said)}: " if correction.date_published else ""
    return f"{day}{escape(correction.text)}"


def _recording(media: Media, shelf: Shelf, own: Chapter) -> str:
    """Return what is recorded, with a player where the sound is in the book; a link elsewhere, and where there is no player."""
    words = own.words
    kind = {"AudioObject": words.audio, "VideoObject": words.video}.get(media.type, words.recordings)
    elsewhere = f"{kind} ({bodies.host(media.content_url)})"
    kept = shelf.recording(media.content_url) if media.type == "AudioObject" else None
    name = escape(media.name or (kind if kept else elsewhere))
    shown = f"<b>{name}</b>" if kept else _to(media, name)
    length = f"({theme.length(media.duration)})" if media.duration else ""
    told = " ".join(filter(None, (shown, length, escape(media.description or ""), credit(media.credit_text))))
    if not kept:
        return told
    source = f'src="{kept.href}" data-src="{escape(media.content_url)}"'
    return f'{told} <audio controls="controls" aria-label="{name}" {source}>{_to(media, escape(elsewhere))}</audio>'


def _to(media: Media, name: str) -> str:
    return f'<a href="{escape(media.content_url)}">{name}</a>'


def _link(link: Link, issue: Issue, own: Chapter) -> str:
    """Return a link: into the book when the article is in it, without a fragment, which Kobo would make a pop-up of."""
    language = foreign(link.in_language, own.language)
    href = issue.pages.get(link.url or "", link.url)
    name = escape(
        link.name or issue.headlines.get(link.url or "") or theme.shortened(link.url or "") or theme.words(link.in_language).autonym
    )
    return f'<a href="{escape(href)}"{language}>{name}</a>' if href else f"<span{language}>{name}</span>"


def _labelled(own: Chapter, label: str, value: str) -> str:
    return f"<p><span{own.words.attributes(own.language)}>{escape(label)}</span> {value}</p>" if value else ""


def _steps(issue: Issue, own: Chapter, steps: Steps) -> str:
    """Return the ways on: previous and next article, and this one's places in its section and in the contents."""
    words, section = own.words, steps.section
    tongue = foreign(issue.language, own.language) if section.name else issue.words.attributes(own.language)
    ours = words.attributes(own.language)
    up = (
        f'<a href="{section.href}#_{own.key}"{tongue}>{escape(section.title)}</a>',
        f'<a href="{CONTENTS}#_{own.key}"{ours}>{words.contents}</a>',
    )
    rows = [
        _step("prev", words.previous, steps.before) if steps.before else "",
        _step("next", words.next, steps.after) if steps.after else "",
        f'<p class="up">{" · ".join(up)}</p>',
    ]
    return inside(f'<nav class="steps" aria-label="{words.contents}"{ours}>', rows, "</nav>")


def _step(kind: str, word: str, to: Chapter) -> str:
    headline = f"<span{attributes(to.language)}>{escape(to.article.headline)}</span>"
    return f'<p><a rel="{kind}" href="{to.href}"><b>{word}</b> {headline}</a></p>'
