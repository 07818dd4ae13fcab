"""Which cover a book gets, and what it shows in words: one that was given, or one drawn from the issue."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from publisher.article import Image, Publication
from publisher.formats import Target
from publisher.formats.epub import cover
from publisher.formats.epub.bodies import host
from publisher.formats.epub.issue import Chapter, Issue, plan
from publisher.formats.epub.media import Picture, Shelf
from publisher.problems import Problem, Severity, problem
from publisher.schema import begin

__all__ = ["chosen", "picture"]

_HEADLINES = 4


def chosen(issue: Issue, shelf: Shelf, target: Target) -> tuple[Picture, str]:
    """Return the cover and its alternative text."""
    return _given(issue, shelf, target) or _drawn(issue, shelf)


def picture(publication: Publication, target: Target) -> bytes:
    """Return the cover of a book, the same that is inside, a JPEG or PNG.

    Drawing it takes most of the time, and is done once when the book is made in this process, too: `cover.draw` remembers it.
    """
    return chosen(plan(publication, target.edition), Shelf(target.media), target)[0].data


def _given(issue: Issue, shelf: Shelf, target: Target) -> tuple[Picture, str] | None:
    """Return the picture that the settings name, else that of the publication when it has the shape of a cover."""
    if url := target.book.cover:
        look = shelf.look(url)
        if look and cover.is_usable(look) and (own := cover.own(look)):
            return own, target.book.cover_description or issue.title
        target.tell(_unusable(url, look, is_there=target.media(url) is not None))
    image = issue.publication.image
    look = shelf.look(image.content_url) if image and cover.may_be_portrait(shelf.shape(image.content_url)) else None
    own = cover.own(look) if look and cover.is_portrait(look) else None
    return (own, image.description or issue.title) if image and own else None


def _unusable(url: str, look: Picture | None, *, is_there: bool) -> Problem:
    is_small = look and look.media_type != "image/svg+xml" and not cover.is_usable(look)
    found = (
        f"it has {look.width} × {look.height} pixels"
        if look and is_small
        else "it is no JPEG or PNG that can be read"
        if is_there
        else "there is no such file"
    )
    return problem(
        "epub-cover-unusable",
        Severity.WARNING,
        f"the cover {url!r} was not taken but one drawn: {found}",
        hint="take a JPEG or PNG that is higher than wide, at least 625 × 1000 pixels, better 1600 × 2560",
    )


def _drawn(issue: Issue, shelf: Shelf) -> tuple[Picture, str]:
    stories = _stories(issue)
    first, image = _story(issue, shelf, stories)
    look = shelf.look(image.content_url) if image else None
    publication = issue.publication
    name = cover.writable(publication.name) or cover.writable(publication.alternate_name)
    front = cover.Front(
        name=name or host(publication.url),
        language=issue.language,
        date=_day(issue),
        edition=cover.writable(_edition(issue)),
        foot=host(publication.url) if name else "",
        headlines=tuple(_lines([*first, *(each for each in stories if each not in first)])),
        picture=look.data if look else None,
    )
    drawn = cover.draw(front)
    shown = issue.title, *drawn.headlines, image.description if image and drawn.has_picture else None
    return drawn.picture, f"{issue.words.cover}: {'. '.join(filter(None, shown))}"


def _stories(issue: Issue) -> list[Chapter]:
    """Return the stories whose headlines can be written, in the issue's language if there are any: others may be translations."""
    written = [each for each in issue.leads if cover.writable(each.article.headline)]
    own = [each for each in written if each.language.partition("-")[0] == issue.language.partition("-")[0]]
    return (own or written)[:_HEADLINES]


def _story(issue: Issue, shelf: Shelf, stories: list[Chapter]) -> tuple[list[Chapter], Image | None]:
    """Return the story for the cover with its picture: the first one that has a large one; else the publication's picture."""
    for each in stories:
        if each.lead and cover.is_lead(shelf.look(each.lead.content_url)):
            return [each], each.lead
    image = issue.publication.image
    return [], image if image and cover.is_lead(shelf.look(image.content_url)) else None


def _lines(stories: list[Chapter]) -> Iterator[cover.Line]:
    for each in islice(stories, _HEADLINES):
        section = cover.writable(each.article.article_section)
        yield cover.Line(text=cover.writable(each.article.headline), kicker=section, language=each.language)


def _day(issue: Issue) -> str:
    """Return the days of the issue, as in its title: an edition that has a name and no days of its own shows none."""
    if issue.edition and issue.edition.name and not issue.edition.first_day:
        return ""
    return cover.writable(issue.day) or (begin(issue.date).date().isoformat() if issue.date else "")


def _edition(issue: Issue) -> str:
    """Return the name of the edition and its number."""
    return " · ".join(filter(None, (issue.edition.name if issue.edition else None, issue.number)))
