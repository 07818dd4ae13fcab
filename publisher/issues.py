"""Issues: which books are made of a publication, decided purely, from what `[[issues]]` in `publisher.toml` says.

Each has a key that stays the same for ever, such as `2026-W47`. A row of issues goes on in time: by day, week or month, or the
newest articles as of a day. Of such a row only the last one is still being made; the others are out. One that is out is made
when it is not there, or when somebody asks for it, and else left alone, whatever comes later.

The day of an article is the one that it says itself, in its own offset: nothing depends on where this runs.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from heapq import nlargest
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from publisher import minting
from publisher.article import Article, Publication
from publisher.formats import Edition
from publisher.formats.epub import record
from publisher.keys import closest
from publisher.problems import Problem, PublisherError, Severity, problem, shown
from publisher.schema import begin
from publisher.text import slug

if TYPE_CHECKING:
    from publisher.formats.epub.listing import Listing

__all__ = [
    "ALL",
    "EVERYTHING",
    "FOLDER",
    "SELECTS",
    "Book",
    "Held",
    "Issues",
    "Selection",
    "ahead",
    "kind",
    "name_key",
    "outdated",
    "part",
    "path",
    "picture",
    "plan",
    "remaining",
    "stays",
]

ALL = "all"
SELECTS = (ALL, "newest", "day", "week", "month", "section", "list")
"""What `select` can be."""
FOLDER = "issues/"
"""Where books are that are out from some day on, below the exports."""
_PERIODS = {"day": r"\d{4}-\d\d-\d\d", "week": r"\d{4}-W\d\d", "month": r"\d{4}-\d\d"}
"""How the keys of periods look (ISO 8601)."""
_ROWS = ("newest", *_PERIODS)
_TAKEN = re.compile(rf"{ALL}|newest|.*-\d{{4}}-\d\d-\d\d|{'|'.join(_PERIODS.values())}", re.IGNORECASE)
"""What no section and no list is called in a key: it would be another one's."""
_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """One table of `[[issues]]`: what becomes an issue, or a row of issues."""

    select: str = ALL
    """One of `SELECTS`."""
    size: int = 0
    """How many articles are the newest."""
    section: str | None = None
    """The one section; each one when not given."""
    articles: tuple[str, ...] = ()
    """Names of articles, in the order of the list: slugs, file names, addresses or identifiers."""
    name: str | None = None
    """What people call it."""
    since: date | None = None
    """Day of the first issue: earlier articles are in none, and issues are numbered from here."""
    line: int = 0
    """Where it is written."""


EVERYTHING = (Selection(),)
"""What is made when nothing is said: one book of all articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One book that there is to make, and when."""

    articles: tuple[Article, ...]
    edition: Edition | None = None
    """`None` for the book of everything."""
    make: Literal["always", "missing", "never"] = "always"
    """`missing`: it is out, so only when it is not there; `never`: it was not asked for."""
    last: bool = False
    """Whether it is the newest one of a row."""
    line: int = 0
    """Where the selection is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An issue that lies there, as its file tells."""

    path: str
    """Below the exports."""
    listing: Listing
    cover: bytes | None = None
    """A JPEG or PNG: of one whose pictures do not lie beside it, so that they are to be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issues:
    """All books that there are, with what is wrong."""

    books: tuple[Book, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Located in the settings by their line."""


def path(publication: Publication, edition: Edition | None, *, kepub: bool = False) -> str:
    """Return where a book goes, below the exports."""
    end = ".kepub.epub" if kepub else ".epub"
    own = minting.publication_slug(publication)
    return f"{FOLDER}{own}-{edition.key}{end}" if edition else f"{own}{end}"


def stays(path: str) -> bool:
    """Return whether what lies there is an issue: no build takes one away."""
    return path.startswith(FOLDER) and path.endswith(".epub")


def picture(path: str, *, small: bool = False) -> str:
    """Return where the cover of a book at a path goes."""
    name = path.rpartition("/")[2].removesuffix(".epub").removesuffix(".kepub")
    return f"{FOLDER}{name}{'-small' if small else ''}.jpg"


def remaining(out: Collection[str]) -> Callable[[str], bool]:
    """Return what tells whether a file stays whatever a build makes: an issue, and the covers of those in `out`."""
    pictures = frozenset(picture(each, small=small) for each in out if stays(each) for small in (False, True))
    return lambda path: stays(path) or path in pictures


def part(publication: Publication, book: Book) -> Publication:
    """Return what is in a book.

    When a feed was changed at last says nothing of an issue, and would change the issue with each new article.
    """
    return replace(publication, articles=book.articles, date_modified=None) if book.edition else publication


def kind(publication: Publication, path: str) -> str:
    """Return which kind of issue is at a path: `all`, `day`, `week`, `month`, `newest`, or `list` for sections and lists."""
    own, name = minting.publication_slug(publication), path.rpartition("/")[2].removesuffix(".epub").removesuffix(".kepub")
    key = name.removeprefix(own).removeprefix("-")
    if not key:
        return ALL
    period = next((each for each, form in _PERIODS.items() if re.fullmatch(form, key) and _is_period(key)), None)
    return period or ("newest" if re.fullmatch(rf".*-{_PERIODS['day']}", key) else "list")


def plan(publication: Publication, selections: Sequence[Selection] = (), wanted: Sequence[str] = (), out: Collection[str] = ()) -> Issues:
    """Return the books that the selections give, and those of the keys in `wanted`.

    `out` has the paths of issues that are there. With `wanted` only those are made, and whether they are out or not; `all` means
    that everything is made. Raise `PublisherError` when nothing is in one that is wanted.
    """
    rows = [_row(publication, each, frozenset(out)) for each in selections or EVERYTHING]
    books = [book for found, _ in rows for book in found]
    problems = [*(each for _, told in rows for each in told), *_undated(publication, selections), *_twice(books)]
    problems += [_empty(each) for each, (found, told) in zip(selections, rows, strict=False) if not found and not told]
    books = _asked_for(publication, selections, books, wanted) if wanted else books
    return Issues(books=tuple(books), problems=tuple(problems))


def _row(publication: Publication, selection: Selection, out: frozenset[str]) -> tuple[list[Book], list[Problem]]:
    """Return the books of one selection, in the order of their keys, and what is wrong with it."""
    if selection.select == ALL:
        return [Book(articles=publication.articles, line=selection.line)], []
    if selection.select == "list":
        return _list(publication, selection)
    if selection.select == "section":
        return _by_section(publication, selection)
    found = _newest(publication, selection) if selection.select == "newest" else _by_period(publication, selection)
    return list(_aged(publication, selection, found, out)), []


# -- rows that go on in time ----------------------------------------------------------------------------------------------


def _day(article: Article) -> date | None:
    published = article.date_published
    return published.date() if isinstance(published, datetime) else published


def _dated(publication: Publication, since: date | None) -> Iterator[tuple[date, Article]]:
    for article in publication.articles:
        if (day := _day(article)) and day >= (since or date.min):
            yield day, article


def _newest(publication: Publication, selection: Selection, until: date = date.max) -> list[Book]:
    """Return the book of the newest articles, as of the day of the very newest and none after `until`; none when there are none."""
    dated = ((begin(each.date_published or day), each) for day, each in _dated(publication, selection.since) if day <= until)
    newest = [each for _, each in nlargest(selection.size, dated, key=lambda pair: pair[0])]
    day = _day(newest[0]) if newest else None
    if not day:
        return []
    edition = Edition(key=f"{_newest_key(selection)}-{day}", name=selection.name, first_day=day, last_day=day)
    return [Book(articles=tuple(newest), edition=edition, line=selection.line)]


def _newest_key(selection: Selection) -> str:
    return name_key(selection.name, "newest") if selection.name else "newest"


def _by_period(publication: Publication, selection: Selection) -> list[Book]:
    found: dict[str, list[Article]] = {}
    for day, article in _dated(publication, selection.since):
        found.setdefault(_period_key(selection.select, day), []).append(article)
    return [_period(selection, key, articles) for key, articles in sorted(found.items())]


def _period(selection: Selection, key: str, articles: Iterable[Article]) -> Book:
    first, last = _days(key)
    number = _number(selection.select, selection.since, first) if selection.since else None
    edition = Edition(key=key, name=selection.name, issue_number=number, first_day=first, last_day=last)
    return Book(articles=tuple(articles), edition=edition, line=selection.line)


def _period_key(kind: str, day: date) -> str:
    if kind == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.isoformat() if kind == "day" else day.isoformat()[:7]


def _days(key: str) -> tuple[date, date]:
    """Return the first and the last day of a period; raise `ValueError` when there is no such period."""
    if "W" in key:
        monday = date.fromisocalendar(int(key[:4]), int(key[6:]), 1)
        return monday, monday + timedelta(6)
    if len(key) > len("2026-11"):
        return date.fromisoformat(key), date.fromisoformat(key)
    first = date.fromisoformat(f"{key}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _number(kind: str, since: date, day: date) -> int:
    """Return which period of the row this is, counted in the calendar from 1, whether those between have an issue or not."""
    if kind == "month":
        return (day.year - since.year) * 12 + day.month - since.month + 1
    if kind == "week":
        return (day - since + timedelta(since.weekday())).days // 7 + 1
    return (day - since).days + 1


def _aged(publication: Publication, selection: Selection, books: list[Book], out: frozenset[str]) -> Iterator[Book]:
    """Yield the books of a row; all but the last are out, and that one too when a later one already lies there.

    One that lies there and has lost all its articles is a book too, so that it can be told.
    """
    made = {each.edition.key: each for each in books if each.edition}
    there = set(_keys_of(publication, selection, out))
    for key in sorted(there - {*made}) if selection.select in _PERIODS else ():
        if _days(key)[1] >= (selection.since or date.min):
            yield replace(_period(selection, key, ()), make="missing")
    newest, last = max(made, default=""), max({*made, *there}, default="")
    for key, each in made.items():
        yield replace(each, make="always" if key == last else "missing", last=key == newest)


def _keys_of(publication: Publication, selection: Selection, out: Iterable[str]) -> Iterator[str]:
    """Yield the keys of a row that lie there."""
    own = f"{re.escape(_newest_key(selection))}-" if selection.select == "newest" else ""
    kind = _PERIODS[selection.select if selection.select in _PERIODS else "day"]
    name = re.compile(rf"{FOLDER}{re.escape(minting.publication_slug(publication))}-({own}{kind})(?:\.kepub)?\.epub")
    for found in filter(None, map(name.fullmatch, out)):
        if own or _is_period(found[1]):
            yield found[1]


def _is_period(key: str) -> bool:
    try:
        return bool(_days(key))
    except (ValueError, OverflowError):  # 2026-13, 2026-W60, 9999-W52
        return False


def _undated(publication: Publication, selections: Sequence[Selection]) -> Iterator[Problem]:
    """Yield what is to be said of articles that are in no row, since nobody knows when they were published."""
    row = next((each for each in selections if each.select in _ROWS), None)
    undated = [each.headline for each in publication.articles if not _day(each)]
    if row and undated:
        articles = "1 article has" if len(undated) == 1 else f"{len(undated)} articles have"
        message = f"{articles} no date and can be in no issue by {row.select}: {_listed(undated)}"
        yield problem("issue-without-date", Severity.INFO, message, hint="give each article a date", line=row.line)


def _empty(selection: Selection) -> Problem:
    since = f" since {selection.since}" if selection.since else ""
    message = f"there is no issue by {selection.select}: no article has a date{since}"
    if selection.select == "section":
        message = "there is no issue by section: no article is in one"
    return problem("issue-none", Severity.INFO, message, hint="give articles what it goes by, or take it out", line=selection.line)


def ahead(books: Iterable[Book], today: date) -> Iterator[Problem]:
    """Yield a warning for each row whose last issue is of days to come: all before it are out, as if these days were over."""
    for each in books:
        first = each.edition.first_day if each.last and each.edition else None
        if each.edition and first and (first - today).days > 1:
            articles = _listed(one.headline for one in each.articles)
            message = f"the issue {each.edition.key} is of days to come, so that all before it are out: {articles}"
            hint = "correct the date; then delete what was made of it"
            yield problem("issue-ahead", Severity.WARNING, message, hint=hint, line=each.line)


# -- sections and lists ---------------------------------------------------------------------------------------------------


def name_key(name: str, kind: str) -> str:
    """Return the key of what is called `name`; `kind` keeps it apart from the keys of periods."""
    own = slug(name) or sha256(name.encode()).hexdigest()[:8]
    return f"{kind}-{own}" if _TAKEN.fullmatch(own) or own != slug(name) else own


def _by_section(publication: Publication, selection: Selection) -> tuple[list[Book], list[Problem]]:
    found: dict[str, list[Article]] = {name: [] for name in publication.sections}
    for each in publication.articles:
        if each.article_section:
            found.setdefault(each.article_section, []).append(each)
    if selection.section and selection.section not in found:
        hint = closest(selection.section, found) or f"use one of {_listed(found)}"
        message = f"no article is in a section {shown(selection.section)}"
        return [], [problem("issue-section-unknown", Severity.ERROR, message, hint=hint, line=selection.line)]
    names = [selection.section] if selection.section else list(found)
    keys = _section_keys(found)
    return [_of_section(name, keys[name], found[name], selection) for name in names if found[name]], []


def _section_keys(names: Iterable[str]) -> dict[str, str]:
    """Return the key of each section; of two that would be called alike, `C` and `C++`, the later one has more in it."""
    found: dict[str, str] = {}
    for name in names:
        key = name_key(name, "section")
        found[name] = f"{key}-{sha256(name.encode()).hexdigest()[:8]}" if key in found.values() else key
    return found


def _of_section(name: str, key: str, articles: Iterable[Article], selection: Selection) -> Book:
    edition = Edition(key=key, name=selection.name or name)
    return Book(articles=tuple(articles), edition=edition, line=selection.line)


def _list(publication: Publication, selection: Selection) -> tuple[list[Book], list[Problem]]:
    names = _names(publication)
    found: dict[str, Article] = {}
    problems = []
    for wanted in selection.articles:
        known = names.get(wanted) or names.get(wanted.casefold()) or names.get(minting.stem(wanted).casefold()) or []
        if len(known) == 1:
            found[known[0].identifier] = known[0]
        else:
            problems.append(_not_one(wanted, known, names, selection))
    name = selection.name or "list"
    edition = Edition(key=name_key(name, "list"), name=name)
    return [Book(articles=tuple(found.values()), edition=edition, line=selection.line)] if found else [], problems


def _names(publication: Publication) -> dict[str, list[Article]]:
    """Return the articles by all that a list may call them."""
    found: dict[str, dict[str, Article]] = {}
    for each in publication.articles:
        for name in filter(None, _names_of(each)):
            found.setdefault(name, {})[each.identifier] = each
    return {name: list(several.values()) for name, several in found.items()}


def _names_of(article: Article) -> Iterator[str]:
    address = (article.url or "").partition("?")[0].partition("#")[0].rstrip("/")
    yield from (article.identifier, article.url or "")
    yield unquote(address.rpartition("/")[2]).removesuffix(".html").casefold()
    yield unquote(article.identifier.rpartition(":")[2]).casefold()  # the name of its source: `minting.identifier`


def _not_one(wanted: str, known: Sequence[Article], names: Iterable[str], selection: Selection) -> Problem:
    if known:
        message = f"{shown(wanted)} is the name of {len(known)} articles: {_listed(each.headline for each in known)}"
        hint = f"write {shown(known[0].identifier)} or the identifier of the other one"
        return problem("issue-article-unclear", Severity.ERROR, message, hint=hint, line=selection.line)
    hint = closest(wanted, names) or "write its file name, its address or its identifier"
    return problem("issue-article-unknown", Severity.ERROR, f"there is no article {shown(wanted)}", hint=hint, line=selection.line)


def _twice(books: Iterable[Book]) -> Iterator[Problem]:
    """Yield an error for each book that would be where another one is."""
    seen: dict[str, Edition | None] = {}
    for each in books:
        key = each.edition.key if each.edition else ""
        if key in seen:
            names = " and ".join(shown(one.name or one.key) if one else "everything" for one in (seen[key], each.edition))
            message = f"two issues would be called {shown(key or ALL)}: {names}"
            yield problem("issue-twice", Severity.ERROR, message, hint="take one of them out, or give it another name", line=each.line)
        seen[key] = each.edition


# -- issues that somebody asks for ----------------------------------------------------------------------------------------


def _asked_for(publication: Publication, selections: Sequence[Selection], books: list[Book], wanted: Sequence[str]) -> list[Book]:
    found = [book for key in wanted if key != ALL for book in _one(publication, selections, books, key)]
    keys = {each.edition.key for each in found if each.edition}
    kept = [each for each in books if not each.edition or each.edition.key not in keys]
    if ALL in wanted:  # one that lies there and has lost all its articles would be an empty book
        kept = [each if each.edition and not each.articles else replace(each, make="always") for each in kept]
    else:
        kept = [replace(each, make="never") for each in kept]
    made = {each.edition.key: replace(each, make="always") for each in found if each.edition}
    return [*kept, *made.values()]


def _one(publication: Publication, selections: Sequence[Selection], books: Sequence[Book], key: str) -> list[Book]:
    """Return the book that somebody means by `key`; raise `PublisherError` when nothing is in it."""
    found = [each for each in books if each.edition and each.articles and key in _called(each.edition)]
    if found := found or _of_key(publication, selections, key):
        return found[:1]
    raise PublisherError(_nothing_in(publication, books, key))


def _of_key(publication: Publication, selections: Sequence[Selection], key: str) -> list[Book]:
    """Return the book of a period, of a section, or of what was newest on a day, though no selection gives it now."""
    if kind := next((name for name, form in _PERIODS.items() if re.fullmatch(form, key)), None):
        return [each for each in _by_period(publication, Selection(select=kind)) if each.edition and each.edition.key == key]
    books, _ = _by_section(publication, Selection(select="section"))
    for each in selections:
        if each.select == "newest" and (day := _day_of(key, f"{_newest_key(each)}-")):
            books += _newest(publication, each, day)
    return [each for each in books if each.edition and key in _called(each.edition)]


def _called(edition: Edition) -> tuple[str, ...]:
    """Return what people may write for an edition; the name of a row is that of each in it."""
    return (edition.key, edition.name) if edition.name and not edition.first_day else (edition.key,)


def _day_of(key: str, start: str) -> date | None:
    try:
        return date.fromisoformat(key[len(start) :]) if key.startswith(start) and re.fullmatch(_PERIODS["day"], key[len(start) :]) else None
    except ValueError:
        return None


def _nothing_in(publication: Publication, books: Sequence[Book], key: str) -> Problem:
    kind = next((name for name, form in _PERIODS.items() if re.fullmatch(form, key)), None)
    known = [each.edition.key for each in books if each.edition and each.articles]
    if kind:
        known = [each.edition.key for each in _by_period(publication, Selection(select=kind)) if each.edition]
    hint = "" if kind else closest(key, known)
    hint = hint or (f"choose one of {_listed(sorted(known, reverse=True))}" if known else "write a day, a week or a month: 2026-W47")
    return problem("issue-unknown", Severity.ERROR, f"no article is in an issue {shown(key)}", hint=hint)


def _listed(names: Iterable[str]) -> str:
    several = list(names)
    more = f" and {len(several) - _NAMED} more" if len(several) > _NAMED else ""
    return ", ".join(shown(each) for each in several[:_NAMED]) + more


# -- issues that are out --------------------------------------------------------------------------------------------------


def outdated(book: Book, written: bytes) -> Problem | None:
    """Return what is to be said of an issue that is out, whose record is `written`, when its articles are others by now."""
    held = record.load(written)
    if not held or not book.edition or record.is_of(held.version, book.articles):
        return None
    now = {each.identifier: each.headline for each in book.articles}
    new, gone = (
        [one for each, one in first.items() if each not in second] for first, second in ((now, held.headlines), (held.headlines, now))
    )
    lists = (f"{word} {_listed(several)}" for word, several in (("without", new), ("still with", gone)) if several)
    message = f"this issue is out and stays as it is, {' and '.join(lists) or 'with a former version of its articles'}"
    hint = f"make it anew with --issue {book.edition.key}" if now else "delete the file to withdraw it"
    return problem("issue-outdated", Severity.INFO if now else Severity.WARNING, message, hint=hint)
