"""What is to be told of a publication as a whole: of days to come, and of names that stand for nothing or are nearly another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, repeat

from publisher.article import Article, Party, Publication
from publisher.keys import closest, is_a_letter_away
from publisher.problems import Problem, Severity, problem, shown
from publisher.schema import begin
from publisher.settings import Settings

__all__ = ["ahead", "misspelt", "unmatched"]

_SHORTEST = 8
"""Letters of a name: of shorter ones too many are a letter from another."""
_LONGEST = 100


def ahead(publication: Publication, today: date, paths: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield what is to be told of articles of days to come: nothing waits for its day, and these stand before all others until then.

    `paths` are those of the sources of all articles.
    """
    for article, path in _with_paths(publication, paths):
        if article.date_published and (begin(article.date_published).date() - today).days > 1:
            message = f"{shown(article.headline)} is of days to come, and stands on top"
            hint = "correct the date, or write draft: true until the day"
            yield problem("source-ahead", Severity.INFO, message, hint=hint).at(path)


def unmatched(publication: Publication, settings: Settings, line_of: Callable[..., int]) -> Iterator[Problem]:
    """Yield what settings name and no article has: keywords that are to have feeds, and authors; `line_of` gives the line of a key.

    A section is told where an article has nearly that: there readers know the names of sections.
    """
    yield from _unused_keywords(publication, settings.site.keyword_feeds, line_of)
    house = settings.publication.publisher
    yield from _unused_authors(publication, [each for each in settings.parties.values() if each != house], line_of)


def misspelt(publication: Publication, settings: Settings, paths: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield the first article of each author whom settings do not know, and whose name is a letter away from one that they know.

    `paths` are those of the sources of all articles.
    """
    told = {each.name for each in settings.parties.values()}
    known = _by_a_letter_less(told)
    for article, path in _with_paths(publication, paths) if known else ():
        for name in [each.name for each in article.author if each.name not in told]:
            told.add(name)
            if meant := _meant(name, known):
                message = f"{shown(name)} is a letter away from {shown(meant)}, whom the settings know"
                hint = "correct one of the two; if there are both, add this one to authors in publisher.toml"
                yield problem("source-author-near", Severity.INFO, message, hint=hint).at(path)


def _with_paths(publication: Publication, paths: Iterable[str]) -> Iterator[tuple[Article, str]]:
    """Return each article with the path of its source, "" where that is not known."""
    return zip(publication.articles, chain(paths, repeat("")), strict=False)


def _meant(name: str, known: Mapping[str, Sequence[str]]) -> str:
    """Return the known name that is a letter away from this one, "" when none is."""
    near = {each: None for less in _a_letter_less(name) for each in known.get(less, ())}
    return next((each for each in near if is_a_letter_away(name.casefold(), each.casefold())), "")


def _by_a_letter_less(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the names by how they are spelled when a letter is left out: those that are a letter apart have one of these in common."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        for each in _a_letter_less(name):
            found.setdefault(each, []).append(name)
    return found


def _a_letter_less(name: str) -> list[str]:
    plain = name.casefold()
    return [plain, *(plain[:place] + plain[place + 1 :] for place in range(len(plain)))] if _SHORTEST <= len(plain) < _LONGEST else []


def _unused_keywords(publication: Publication, wanted: Sequence[str], line_of: Callable[..., int]) -> Iterator[Problem]:
    keywords = {word for article in publication.articles for word in article.keywords} if wanted else set()
    for word in wanted:
        if word not in keywords:
            message = f"no article has the keyword {shown(word)}, which is to have feeds"
            hint = closest(word, keywords) or "give it to an article, or take it out"
            yield problem("settings-keyword-unused", Severity.WARNING, message, hint=hint, line=line_of("feeds", "keywords"))


def _unused_authors(publication: Publication, known: Sequence[Party], line_of: Callable[..., int]) -> Iterator[Problem]:
    """Yield who is nearly called as somebody whom settings do not know: who has left, or has not begun yet, is no mistake.

    Whose name is only a letter away is told where it is (`misspelt`).
    """
    names = {party.name.casefold(): party.name for article in publication.articles for party in _named(article)} if known else {}
    near = _by_a_letter_less(each.name for each in known)
    strays = [names[key] for key in names.keys() - {each.name.casefold() for each in known} if not _meant(names[key], near)]
    for author in known:
        if author.name.casefold() not in names and (hint := closest(author.name, strays)):
            message = f"no article is by {shown(author.name)}"
            yield problem("settings-author-unused", Severity.WARNING, message, hint=hint, line=line_of("authors", author.name))


def _named(article: Article) -> Iterator[Party]:
    yield from (*article.author, *article.editor, *article.contributor)
    yield from (article.copyright_holder,) if article.copyright_holder else ()
