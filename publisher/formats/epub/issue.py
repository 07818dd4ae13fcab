"""What will be in a book and where: decided here once, written by others.

Pages are named by the digest of their article's identifier, so a bookmark survives a new headline and a new order.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from uuid import NAMESPACE_URL, UUID, uuid5

from publisher import schema
from publisher.article import Article, Date, Image, Party, Publication
from publisher.formats import Edition
from publisher.formats.epub import record
from publisher.formats.epub.words import UNKNOWN, Day, Words, words
from publisher.themes import pages

__all__ = [
    "COLOPHON",
    "CONTENTS",
    "CONTRIBUTORS",
    "COVER",
    "FRONT_PAGE",
    "NAV",
    "NCX",
    "STYLE",
    "TITLE_PAGE",
    "Chapter",
    "Contributor",
    "Issue",
    "Section",
    "Steps",
    "named",
    "plan",
    "subjects",
]

COVER, TITLE_PAGE, FRONT_PAGE, CONTENTS = "cover.xhtml", "title.xhtml", "front.xhtml", "contents.xhtml"
CONTRIBUTORS, COLOPHON = "contributors.xhtml", "colophon.xhtml"
NAV, NCX, STYLE = "nav.xhtml", "toc.ncx", "style.css"
_LEADS = 8
"""Stories on the front page, at most."""
_UUID = "urn:uuid:"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One article and its page."""

    article: Article
    key: str
    """Its XML name, and the name of its page."""
    language: str
    words: Words
    minutes: str
    """How long reading takes, in words; `""` without text."""

    @property
    def href(self) -> str:
        """The page's name."""
        return f"{self.key}.xhtml"

    @property
    def lead(self) -> Image | None:
        """The picture that stands for the article, when it is not missing."""
        return next((each for each in self.article.image if each.content_url), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section and what is in it; what is in none has a section without name."""

    name: str | None
    title: str
    """Its name, or our word for articles."""
    key: str
    chapters: tuple[Chapter, ...]

    @property
    def href(self) -> str:
        """The page's name."""
        return f"{self.key}.xhtml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Where an article stands: its neighbours in reading order, and its section."""

    section: Section
    before: Chapter | None
    after: Chapter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Somebody who has written, edited or otherwise contributed, and to what."""

    party: Party
    key: str
    """The id of the entry on the page of contributors."""
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One book."""

    publication: Publication
    language: str
    words: Words
    chapters: tuple[Chapter, ...] = ()
    """In the order of the publication's articles."""
    sections: tuple[Section, ...] = ()
    """In reading order, like the chapters in them."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """The pages of articles by their URL."""
    headlines: Mapping[str, str] = field(default_factory=dict)
    """The headlines of articles by their URL."""
    fronts: Mapping[str, str] = field(default_factory=dict)
    """The pages of sections by their name."""
    steps: Mapping[str, Steps] = field(default_factory=dict)
    """Where each chapter stands, by its key."""
    leads: tuple[Chapter, ...] = ()
    """The stories of the front page, the most important one first."""
    contributors: tuple[Contributor, ...] = ()
    """By name."""
    people: Mapping[tuple[str, str | None], str] = field(default_factory=dict)
    """Where the entry of each contributor is, by name and URL."""
    edition: Edition | None = None
    """Which part of the publication this is; `None` for all of it."""
    part_of: schema.JsonObject = field(default_factory=dict)
    """What articles say they are part of: the publication as linked data, spelled once."""

    date: Date | None = None
    """When the newest thing in it was changed."""

    @property
    def identifier(self) -> str:
        """A URI that stays the same: the publication's identifier, or a UUID made from it (RFC 9562, 5.5), and from the edition's key."""
        given = self.publication.identifier
        own = given if _is_uri(given) else _uuid(f"{self.publication.url} {given}")
        return _uuid(f"{own} {self.edition.key}") if self.edition else own

    @property
    def modified(self) -> datetime:
        """The same as a moment in UTC; a fixed one when no date is known, and never now."""
        known = self.date
        return max(_moment(known), _LONG_AGO) if known else _LONG_AGO

    @property
    def published(self) -> Day | None:
        """The day it came out: of an edition that of its newest article, for a day that is not over may bring more."""
        if not self.edition:
            return _day(self.date)
        newest = max((each.date_published for each in self.publication.articles if each.date_published), key=_moment, default=None)
        return _day(newest) or self.edition.last_day

    @property
    def title(self) -> str:
        """The name with what the edition is called and its days, by which two issues are told apart on a shelf."""
        return ", ".join(filter(None, (self.publication.name, self.label)))

    @property
    def label(self) -> str:
        """What the edition is called, its days, or both; `""` when neither is known."""
        own = self.edition.name if self.edition else None
        days = self.day if not own or (self.edition and self.edition.first_day) else ""
        return ", ".join(filter(None, (own, days)))

    @property
    def number(self) -> str:
        """The number of the issue for people, `""` when it has none."""
        number = self.edition.issue_number if self.edition else None
        return self.words.number.format(n=pages.digits(number, self.words.said)) if number else ""

    @property
    def sorted_title(self) -> str:
        """What sorts the issues of a publication by their days."""
        own = self.edition.key if self.edition else (_day(self.date) or "")
        return f"{self.publication.name} {own}".rstrip()

    @property
    def position(self) -> str | None:
        """Where it stands in the row of issues: its number, else the year and which month, week or day of it.

        EPUB 3.3, D.3.2: whole numbers joined by dots. The second has zeros in front since some programs read a decimal number.
        """
        edition = self.edition
        if not edition or not edition.first_day or not edition.last_day:
            return None
        return str(edition.issue_number) if edition.issue_number else _place(edition.first_day, edition.last_day)

    @property
    def day(self) -> str:
        """The days of the issue for people, `""` when none is known."""
        if self.edition and self.edition.first_day and self.edition.last_day:
            return self.words.days(self.edition.first_day, self.edition.last_day)
        known = _day(self.date)
        return self.words.date(known) if known else ""

    @property
    def periodical(self) -> schema.JsonObject:
        """What it is an issue of, as JSON-LD."""
        return {"@context": schema.CONTEXT, **self.part_of}


def _uuid(name: str) -> str:
    return f"{_UUID}{uuid5(NAMESPACE_URL, name)}"


def _day(value: Date | None) -> Day | None:
    return value.date() if isinstance(value, datetime) else value


def _place(first: Day, last: Day) -> str:
    if first == last:
        return f"{first.year}.{first.timetuple().tm_yday:03}"
    year, week, _ = first.isocalendar()
    return f"{year}.{week:02}" if (last - first).days < 7 else f"{first.year}.{first.month:02}"


def _is_uri(text: str) -> bool:
    if not text.lower().startswith(_UUID):
        return record.is_uri(text)
    try:
        return str(UUID(text[len(_UUID) :])) == text[len(_UUID) :].lower()
    except ValueError:
        return False


def _moment(value: Date) -> datetime:
    try:
        return schema.begin(value).astimezone(UTC)
    except OverflowError:  # the first and the last day of the calendar
        return datetime.combine(value, time(), UTC)


def plan(publication: Publication, edition: Edition | None = None) -> Issue:
    """Return what will be in the publication's book."""
    bare = named(publication, edition)
    language = bare.language
    chapters = tuple(_chapters(publication, language))
    sections = tuple(_sections(publication, chapters, bare.words))
    contributors = tuple(_contributors(chapters))
    known = {each.article.url: each for each in reversed(chapters) if each.article.url}  # the first one, when two have the same
    return replace(
        bare,
        chapters=chapters,
        sections=sections,
        steps=dict(_steps(sections)),
        leads=_leads(chapters, sections, language),
        contributors=contributors,
        people={(each.party.name, each.party.url): f"{CONTRIBUTORS}#{each.key}" for each in contributors},
        pages={url: each.href for url, each in known.items()},
        headlines={url: each.article.headline for url, each in known.items()},
        fronts={each.name: each.href for each in sections if each.name},
        part_of=schema.spell(publication, linked=True),
    )


def named(publication: Publication, edition: Edition | None = None) -> Issue:
    """Return the issue with its names, numbers and dates, and nothing in it yet: all that a catalogue asks for."""
    language = publication.in_language or _most_common(publication) or UNKNOWN
    date = max(_dates(publication), key=_moment, default=None)
    return Issue(publication=publication, language=language, words=words(language), edition=edition, date=date)


def _dates(publication: Publication) -> Iterator[Date]:
    if publication.date_modified:
        yield publication.date_modified
    else:
        for article in publication.articles:
            yield from (each for each in (article.date_published, article.date_modified) if each)


def _most_common(publication: Publication) -> str | None:
    known = Counter(each.in_language for each in publication.articles if each.in_language)
    return known.most_common(1)[0][0] if known else None


def _chapters(publication: Publication, language: str) -> Iterator[Chapter]:
    taken: Counter[str] = Counter()
    for article in publication.articles:
        key = f"article-{_digest(article.identifier)}"
        taken[key] += 1
        own = article.in_language or language
        said = words(own)
        minutes = pages.reading_minutes(article.body)
        yield Chapter(
            article=article,
            key=key if taken[key] == 1 else f"{key}-{taken[key]}",  # two articles may have the same identifier
            language=own,
            words=said,
            minutes=said.minutes.format(n=pages.digits(minutes, said.said)) if minutes else "",
        )


def _sections(publication: Publication, chapters: tuple[Chapter, ...], words: Words) -> Iterator[Section]:
    """Yield the sections that have articles: in the publication's order, then the others, at last what is in none."""
    found: dict[str | None, list[Chapter]] = {name: [] for name in (*subjects(publication), None)}
    for each in chapters:
        found[each.article.article_section].append(each)
    for name, inside in found.items():
        if inside:
            yield Section(name=name, title=name or words.articles, key=f"section-{_digest(name or '')}", chapters=tuple(inside))


def subjects(publication: Publication) -> tuple[str, ...]:
    """Return the names of the sections that have articles: in the publication's order, then the others as they come."""
    used = dict.fromkeys(each.article_section for each in publication.articles if each.article_section is not None)
    known = [each for each in dict.fromkeys(publication.sections) if each in used]
    return tuple(dict.fromkeys([*known, *used]))


def _steps(sections: tuple[Section, ...]) -> Iterator[tuple[str, Steps]]:
    order = [(section, each) for section in sections for each in section.chapters]
    for number, (section, each) in enumerate(order):
        before = order[number - 1][1] if number else None
        after = order[number + 1][1] if number + 1 < len(order) else None
        yield each.key, Steps(section=section, before=before, after=after)


def _leads(chapters: tuple[Chapter, ...], sections: tuple[Section, ...], language: str) -> tuple[Chapter, ...]:
    """Return the stories for the front page: the first one with a picture, then the first of each section, then others.

    Those in the issue's language go before others, so that no translation stands beside its original.
    """
    own = language.partition("-")[0]

    def is_foreign(chapter: Chapter) -> bool:
        return chapter.language.partition("-")[0] != own

    top = sorted(chapters, key=lambda each: (is_foreign(each), each.lead is None))[:1]  # stable: the newest first
    firsts = (min(section.chapters, key=is_foreign) for section in sections)
    return tuple({each.key: each for each in (*top, *firsts, *sorted(chapters, key=is_foreign))}.values())[:_LEADS]


def _contributors(chapters: tuple[Chapter, ...]) -> Iterator[Contributor]:
    """Yield everybody who has contributed, by name; two with the same name and address are one."""
    found: dict[tuple[str, str | None], dict[str, Chapter]] = {}
    parties: dict[tuple[str, str | None], Party] = {}
    for each in chapters:
        for party in (*each.article.author, *each.article.editor, *each.article.contributor):
            who = party.name, party.url
            parties.setdefault(who, party)
            found.setdefault(who, {})[each.key] = each
    for who in sorted(found, key=lambda who: (who[0].casefold(), who[0], who[1] or "")):
        key = f"_by-{_digest(' '.join(filter(None, who)))}"
        yield Contributor(party=parties[who], key=key, chapters=tuple(found[who].values()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
