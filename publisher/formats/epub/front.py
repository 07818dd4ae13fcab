"""The pages before the articles, and those of sections: cover, title page, front page, contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publisher.article import Image
from publisher.formats.epub.issue import COLOPHON, CONTRIBUTORS, Chapter, Issue, Section
from publisher.formats.epub.media import Kept, Shelf
from publisher.formats.epub.xhtml import address, data_block, document, foreign, inside, paragraph, picture, rights
from publisher.text import escape

__all__ = ["contents", "cover", "front_page", "reading_time", "section", "title_page"]


def cover(issue: Issue, picture: Kept, alternative: str) -> bytes:
    """Return the page that shows the cover, and nothing else (Kobo asks for it alone, without links)."""
    image = f'<img role="doc-cover" alt="{escape(alternative)}" src="{picture.href}"/>'
    return document(issue.words.cover, issue.language, [f'<div class="cover">{image}</div>'], kind="cover")


def title_page(issue: Issue) -> bytes:
    """Return the page that says what this is, of when, from whom and under what terms."""
    publication = issue.publication
    publisher = publication.publisher
    head = (
        f"<h1>{escape(publication.name)}</h1>",
        paragraph("alternative", publication.alternate_name, ' role="doc-subtitle"'),
        paragraph("day", issue.label),
        paragraph("edition", issue.number, issue.words.attributes(issue.language)),
        paragraph("standfirst", publication.description),
    )
    house = f'<a href="{escape(publisher.url)}">{escape(publisher.name)}</a>' if publisher and publisher.url else ""
    name = house or escape(publisher.name if publisher else "")
    imprint = (f"<p>{name}</p>" if name else "", f"<p>{address(publication.url)}</p>", *rights(publication, issue.words.said))
    content = ('<section class="title" epub:type="titlepage">', *head, inside('<div class="imprint">', imprint, "</div>"), "</section>")
    return document(issue.title, issue.language, content, kind="frontmatter", head=data_block(issue.periodical))


# -- the front page -------------------------------------------------------------------------------------------------------


def front_page(issue: Issue, shelf: Shelf) -> bytes:
    """Return the page with the stories that one wants to read first."""
    number = f"<span{issue.words.attributes(issue.language)}>{escape(issue.number)}</span>" if issue.number else ""
    day = " · ".join(filter(None, (escape(issue.label), number)))
    head = (f'<h1 id="_front">{escape(issue.publication.name)}</h1>', f'<p class="day">{day}</p>' if day else "")
    stories = (_story(issue, each, shelf, "lead" if number == 0 else "") for number, each in enumerate(issue.leads))
    content = ('<section class="front" aria-labelledby="_front">', inside("<header>", head, "</header>"), *stories, "</section>")
    return document(issue.words.front_page, issue.language, content, kind="frontmatter")


def _story(issue: Issue, own: Chapter, shelf: Shelf, kind: str) -> str:
    """Return a story with its picture; picture and text stand side by side where there is room for both."""
    article = own.article
    name = article.article_section
    text = (
        f'<p class="kicker"><span{foreign(issue.language, own.language)}>{escape(name)}</span></p>' if name else "",
        f'<h2><a href="{own.href}">{escape(article.headline)}</a></h2>',
        *_about(own, issue),
    )
    shown = _shown(own.lead, shelf, own)
    start = f'<div class="{f"story {kind}".strip()}"{foreign(own.language, issue.language)}>'
    return inside(start, (shown, inside('<div class="text">', text, "</div>")), "</div>")


def _shown(image: Image | None, shelf: Shelf, own: Chapter) -> str:
    """Return the picture of a story when it is in the book."""
    if image is None or not shelf.picture(image.content_url):
        return ""
    return f'<div class="image">{picture(image, shelf, own)}</div>'


def _about(own: Chapter, issue: Issue) -> Iterator[str]:
    """Yield what a list says of an article besides its headline."""
    yield paragraph("standfirst", own.article.description)
    names = escape(", ".join(each.name for each in own.article.author))
    parts = (f'<span class="by">{names}</span>' if names else "", reading_time(own))
    yield f'<p class="byline">{shown}</p>' if (shown := " · ".join(filter(None, parts))) else ""


def reading_time(own: Chapter) -> str:
    """Return how long reading the article takes, in its language."""
    return f'<span class="reading-time"{own.words.attributes(own.language)}>{escape(own.minutes)}</span>' if own.minutes else ""


# -- contents -------------------------------------------------------------------------------------------------------------


def contents(issue: Issue) -> bytes:
    """Return the contents page for people; what reading systems show of the contents is in `navigation`."""
    said = issue.words.attributes(issue.language)
    heading = f'<h1 id="_contents"{said}>{issue.words.contents}</h1>'
    content = ('<section class="contents" aria-labelledby="_contents">', heading, *_overview(issue), "</section>")
    return document(issue.words.contents, issue.language, content, kind="frontmatter")


def _overview(issue: Issue) -> Iterator[str]:
    for each in issue.sections:
        yield f'<h2><a href="{each.href}"{_tongue(issue, each)}>{escape(each.title)}</a></h2>'
        yield _rows(issue, each.chapters)
    if issue.contributors:
        links = (f'<a href="{CONTRIBUTORS}">{issue.words.contributors}</a>', f'<a href="{COLOPHON}">{issue.words.colophon}</a>')
        yield f'<p class="back"{issue.words.attributes(issue.language)}>{" · ".join(links)}</p>'


def _tongue(issue: Issue, own: Section) -> str:
    """Return the attributes of a section's name: our word for what is in none may be in another language than the issue."""
    return "" if own.name else issue.words.attributes(issue.language)


def _rows(issue: Issue, chapters: Iterable[Chapter]) -> str:
    return inside("<ol>", (_row(each, issue) for each in chapters), "</ol>")


def _row(chapter: Chapter, issue: Issue) -> str:
    headline = f'<p class="headline"><a href="{chapter.href}">{escape(chapter.article.headline)}</a></p>'
    start = f'<li id="_{chapter.key}"{foreign(chapter.language, issue.language)}>'
    return inside(start, (headline, *_about(chapter, issue)), "</li>")


def section(issue: Issue, own: Section, shelf: Shelf) -> bytes:
    """Return the front page of a section, with the picture of its first story that has one."""
    heading = f'<h1 id="_section"{_tongue(issue, own)}>{escape(own.title)}</h1>'
    pictures = (_shown(each.lead, shelf, each) for each in own.chapters)
    content = (
        '<section class="contents section" epub:type="part" role="doc-part" aria-labelledby="_section">',
        heading,
        next(filter(None, pictures), ""),
        _rows(issue, own.chapters),
        "</section>",
    )
    return document(own.title, issue.language, content, kind="bodymatter")
