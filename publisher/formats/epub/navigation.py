"""The navigation document (EPUB 3.3, 7): what reading systems show of the contents. It is no page of the book.

People have a contents page of their own. What reading systems show is the whole text of a link: with standfirsts no list of theirs
could be read; and two lists on one page, one of them hidden, are refused where they are long (KindleGen, E3013).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publisher.formats.epub.issue import COLOPHON, CONTENTS, CONTRIBUTORS, COVER, FRONT_PAGE, TITLE_PAGE, Chapter, Issue
from publisher.formats.epub.xhtml import document, foreign, inside
from publisher.text import escape

__all__ = ["first_page", "listed", "navigation"]


def navigation(issue: Issue) -> bytes:
    """Return the navigation document."""
    return document(issue.words.contents, issue.language, (_toc(issue), _landmarks(issue)), kind="frontmatter", styled=False)


def listed(issue: Issue) -> Iterator[tuple[str, str, str, tuple[Chapter, ...]]]:
    """Yield the entries of the table of contents in reading order: key, title, address, and the articles below it."""
    words = issue.words
    if not issue.chapters:
        yield "title", issue.title, TITLE_PAGE, ()  # the list must not be empty
        return
    yield "front", words.front_page, FRONT_PAGE, ()
    for each in issue.sections:
        yield each.key, each.title, each.href, each.chapters
    if issue.contributors:
        yield "contributors", words.contributors, CONTRIBUTORS, ()
    yield "colophon", words.colophon, COLOPHON, ()


def _toc(issue: Issue) -> str:
    """Return the table of contents for reading systems: two levels, which is what Kindle shows."""
    ours = issue.words.attributes(issue.language)
    names = {each.key for each in issue.sections if each.name} | {"title"}
    entries = (_entry(issue, href, title, below, "" if key in names else ours) for key, title, href, below in listed(issue))
    heading = f"<h1{ours}>{issue.words.contents}</h1>"
    return inside('<nav epub:type="toc" role="doc-toc">', (heading, "<ol>", *entries, "</ol>"), "</nav>")


def _entry(issue: Issue, href: str, title: str, chapters: Iterable[Chapter], tongue: str) -> str:
    rows = (
        f'<li><a href="{each.href}"{foreign(each.language, issue.language)}>{escape(each.article.headline)}</a></li>' for each in chapters
    )
    link = f'<a href="{href}"{tongue}>{escape(title)}</a>'
    below = inside("<ol>", rows, "</ol>")
    return f"<li>{link}\n{below}\n</li>" if below else f"<li>{link}</li>"


def _landmarks(issue: Issue) -> str:
    """Return the landmarks, hidden because Kobo would list them (EPUB 3.3, 7.4.3); one type each, for Apple Books."""
    words = issue.words
    places = [("cover", COVER, words.cover), ("titlepage", TITLE_PAGE, words.title_page), ("toc", CONTENTS, words.contents)]
    if issue.sections:
        places.append(("bodymatter", first_page(issue), words.articles))
    if issue.contributors:
        places.append(("contributors", CONTRIBUTORS, words.contributors))
    places.append(("colophon", COLOPHON, words.colophon))
    rows = (f'<li><a epub:type="{kind}" href="{href}">{escape(name)}</a></li>' for kind, href, name in places)
    start = f'<nav epub:type="landmarks"{words.attributes(issue.language)} hidden="hidden">'
    return inside(start, ("<ol>", *rows, "</ol>"), "</nav>")


def first_page(issue: Issue) -> str:
    """Return the page on which the articles begin; the title page when there are none."""
    return issue.sections[0].href if issue.sections else TITLE_PAGE
